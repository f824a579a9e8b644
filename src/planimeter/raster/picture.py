"""One of several pictures that a scene is put together from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from planimeter.raster.laid import Laid
    from planimeter.raster.scene import Scene


@dataclass(frozen=True, eq=False)
class OwnedPicture:
    """One of the pictures that a scene is put together from.

    Attributes:
        scene: the picture.
        corner: (x, y) pixel of the whole at which it begins.
        own: (h, w) bool, pixels that the whole shows of the picture, on the whole's grid.
        laid: how the picture lies on that grid, where it has another of its own; None where it has that one.
    """

    scene: Scene
    corner: tuple[int, int]
    own: np.ndarray
    laid: Laid | None = None
