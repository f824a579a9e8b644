"""One of several pictures that a scene is put together from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene


@dataclass(frozen=True, eq=False)
class OwnedPicture:
    """One of the pictures that a scene is put together from, on one grid with it.

    Attributes:
        scene: the picture.
        corner: (x, y) pixel of the whole at which it begins.
        own: (h, w) bool, the picture's pixels that the whole shows.
    """

    scene: Scene
    corner: tuple[int, int]
    own: np.ndarray
