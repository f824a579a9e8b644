"""What a georeference says of the size of pixels: a scale, or why there is none, and how far it varies."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine

from planimeter.raster.scale import Scale

if TYPE_CHECKING:
    import pyproj

#: Beyond this relative error of a length a scene carries a warning.
DISTORTION_LIMIT = 0.01
#: Sides whose product differs from the area of a pixel by less than this part stand upright on each other.
SQUARE = 1e-4
_LATTICE = np.mgrid[0:1:11j, 0:1:11j]
_EARTH_RADIUS = 6_378_137.0


@dataclass(frozen=True)
class Georeference:
    """What a georeference says about the size of pixels.

    Attributes:
        scale: the scale, or None where there is none.
        problem: one sentence with the remedy where a georeference exists but gives no scale.
        warnings: sentences about the accuracy of the scale.
    """

    scale: Scale | None = None
    problem: str | None = None
    warnings: tuple[str, ...] = ()


def planar(unit: float, transform: Affine, rotated: bool, warnings: tuple[str, ...] = ()) -> Georeference:
    """The scale of a map that is true to scale.

    Args:
        unit: metres of one unit of the map.
        transform: pixel (x, y) to map coordinates.
        rotated: whether rows do not run along the map.
        warnings: sentences about the accuracy of the scale.
    """
    a, b, _, d, e, _ = transform[:6]
    dx, dy = math.hypot(a, d) * unit, math.hypot(b, e) * unit
    area = abs(transform.determinant) * unit * unit
    sheared = rotated and abs(area - dx * dy) > SQUARE * area
    return Georeference(Scale(math.sqrt(area), dx, dy, area, "transform", sheared), warnings=warnings)


def lattice(shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Places at which a grid is looked at, from the middle of its first pixel to that of its last: x and y in pixels.

    >>> [float(side.max()) for side in lattice((4, 11))]
    [10.5, 3.5]
    """
    y, x = (0.5 + part.ravel() * (side - 1) for part, side in zip(_LATTICE, shape, strict=True))
    return x, y


def varying(*sides: tuple[np.ndarray, float]) -> tuple[str, ...]:
    """A sentence where the width or the height of pixels, given with that at the centre, is not the same everywhere."""
    for name, (metres, centre) in zip(("width", "height"), sides, strict=True):
        change = float(np.abs(metres / centre - 1).max())
        if change > DISTORTION_LIMIT:
            return (
                f"The {name} of a pixel on the ground changes by up to {change:.0%} from the scene's centre; areas "
                "are exact, distances are those at the centre: crop the scene or warp it to a metric grid.",
            )
    return ()


def body_warnings(system: pyproj.CRS) -> tuple[str, ...]:
    """A sentence where a scene lies on another body than Earth."""
    ellipsoid = system.ellipsoid
    if ellipsoid is None or abs(ellipsoid.semi_major_metre / _EARTH_RADIUS - 1) < 0.01:
        return ()
    return (
        f"This scene does not lie on Earth: lengths and areas are those of the ellipsoid {ellipsoid.name!r} "
        f"with a radius of {ellipsoid.semi_major_metre / 1000:,.1f} km.",
    )
