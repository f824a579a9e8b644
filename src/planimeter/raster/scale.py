"""How large a pixel is on the ground, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Scale:
    """Ground geometry of a scene's pixels.

    Attributes:
        gsd: metres per pixel, the square root of the ground area of the pixel at the scene's centre.
        dx: metres between the centres of horizontal neighbours.
        dy: metres between the centres of vertical neighbours.
        pixel_area: ground area of one pixel in m², or an (H,) float64 array with one value per row where it
            changes with latitude.
        source: where the figure came from: "transform", "geodesic", "user", "question" or "program".
    """

    gsd: float
    dx: float
    dy: float
    pixel_area: float | np.ndarray
    source: str
