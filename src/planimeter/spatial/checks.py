"""Arguments that would otherwise fail late or measure the wrong thing are refused here, with the remedy."""

from __future__ import annotations

import math

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster.pixel_areas import PixelArea, PixelAreas


def check_mask(mask: np.ndarray, shape: tuple[int, int] | None = None) -> np.ndarray:
    """Return ``mask`` if it is an (H, W) bool array, of ``shape`` where one is given.

    Raises:
        UsageError: it is something else.

    >>> check_mask(np.zeros((2, 3), bool)).shape
    (2, 3)
    """
    if not isinstance(mask, np.ndarray) or mask.ndim != 2:
        found = f"an array of shape {mask.shape}" if isinstance(mask, np.ndarray) else type(mask).__name__
        raise UsageError(f"a mask has two dimensions (height, width), not {found}: pass one topic's mask")
    if mask.dtype != np.bool_:
        raise UsageError(f"a mask is boolean, not {mask.dtype}: pass array == value, or array.astype(bool)")
    if shape is not None and mask.shape != shape:
        raise UsageError(
            f"the masks have different sizes, {mask.shape} and {shape}: bring them onto the same scene's grid"
        )
    return mask


def check_spacing(dx: float, dy: float) -> None:
    """Refuse pixel spacings that are not positive, finite numbers of metres.

    Raises:
        UsageError: a spacing is zero, negative, infinite or not a number.
    """
    for name, value in (("dx", dx), ("dy", dy)):
        if not (math.isfinite(value) and value > 0):
            raise UsageError(
                f"{name} must be a positive number of metres, not {value}: pass the scene's scale"
            )


def check_distance(distance_m: float) -> None:
    """Refuse a distance that is negative or not a number (infinity is allowed).

    Raises:
        UsageError: the distance is negative or not a number.
    """
    if math.isnan(distance_m) or distance_m < 0:
        raise UsageError(f"a distance must be zero or more metres, not {distance_m}: pass a positive number")


def check_pixel_area(pixel_area: PixelArea | None, height: int) -> None:
    """Refuse numbers for a ground area that are neither one positive number nor one per row.

    Raises:
        UsageError: wrong shape, or an area that is not a positive finite number.
    """
    if pixel_area is None or isinstance(pixel_area, PixelAreas):
        return
    areas = np.asarray(pixel_area, dtype=np.float64)
    if areas.ndim > 1 or (areas.ndim == 1 and areas.shape != (height,)):
        raise UsageError(
            f"pixel_area has shape {areas.shape}: pass one number of m², or one per row ({height} of them)"
        )
    if not (np.isfinite(areas).all() and (areas > 0).all()):
        raise UsageError("pixel_area must be a positive number of m²: pass the scale's pixel_area")
