"""The scale of grids in the plane of a projection: the map's own where areas are true to it, or else the ground's."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine

from planimeter.raster.ground_scale import (
    DISTORTION_LIMIT,
    Georeference,
    body_warnings,
    lattice,
    planar,
    varying,
)
from planimeter.raster.pixel_areas import Density, fit
from planimeter.raster.scale import Scale

if TYPE_CHECKING:
    import pyproj

#: A grid is true to scale where no pixel's area is farther than this from that on the map (a UTM zone stays within
#: it); any other is measured with the areal scale of its projection from place to place.
AREA_LIMIT = 0.002


def projected(system: pyproj.CRS, transform: Affine, width: int, height: int, rotated: bool) -> Georeference:
    """The scale of a projected grid, or of a local one that lies nowhere on Earth.

    Args:
        system: of the grid, horizontal.
        transform: pixel (x, y) to map coordinates.
        width: pixels in a row.
        height: rows.
        rotated: whether rows do not run along the map.
    """
    units = {axis.unit_conversion_factor for axis in system.axis_info[:2]}
    unit = units.pop() if len(units) == 1 else 0.0
    if not (math.isfinite(unit) and unit > 0):
        return Georeference(problem="The linear unit of the file's grid is unknown; give --gsd.")
    if not system.is_projected:
        return planar(unit, transform, rotated)
    flat = planar(unit, transform, rotated, body_warnings(system))
    return _on_the_ground(system, flat, transform, (height, width))


def _on_the_ground(
    system: pyproj.CRS, flat: Georeference, transform: Affine, shape: tuple[int, int]
) -> Georeference:
    """The scale of a projected grid: the map's own where areas are true to it, else that of the ground.

    Args:
        system: the projection.
        flat: the map's own scale.
        transform: pixel (x, y) to map coordinates.
        shape: (height, width).
    """
    import pyproj

    scale = flat.scale
    assert scale is not None  # a plane has one
    pixel = scale.gsd**2
    try:
        density = _density(system, transform, pixel)
    except pyproj.exceptions.ProjError:  # nobody has written its inverse
        sentence = "The distortion of the scene's projection is unknown; lengths and areas may be off."
        return replace(flat, warnings=(*flat.warnings, sentence))
    x, y = lattice(shape)
    areas = density(x, y)
    known = np.isfinite(areas)
    if not known[len(x) // 2]:
        sentence = "The scene's centre lies outside the area of its projection; check its transform."
        return replace(flat, warnings=(*flat.warnings, sentence))
    widths, heights = _pixel_sides(system, transform, x[known], y[known])
    if np.abs(areas[known] / pixel - 1).max() <= AREA_LIMIT:
        stretch = max((scale.dx / widths, scale.dy / heights), key=lambda s: float(np.abs(s - 1).max()))
        worst = stretch[np.abs(stretch - 1).argmax()]
        if abs(worst - 1) <= DISTORTION_LIMIT:
            return flat
        sentence = (
            f"The projection of this scene ({system.name}) is not true to scale here: areas are right, lengths up to "
            f"{abs(worst - 1):.1%} too {'long' if worst > 1 else 'short'}; warp it to its UTM zone with gdalwarp for "
            "exact figures."
        )
        return replace(flat, warnings=(*flat.warnings, sentence))
    series = fit(density, shape) if known.all() else None
    if series is None:
        return Georeference(
            problem=f"The scene reaches beyond the area in which its projection ({system.name}) has a scale, so areas "
            "are not known and percentages are of pixels, which differ in size; crop it, or warp it to an equal-area "
            "grid with gdalwarp -t_srs, or give --gsd."
        )
    height, width = shape
    area = series.at(width / 2, height / 2)
    (dx,), (dy,) = _pixel_sides(system, transform, np.array([width / 2]), np.array([height / 2]))
    varies = float(np.abs(areas / area - 1).max()) > 1e-9
    found = Scale(math.sqrt(area), float(dx), float(dy), series if varies else area, "geodesic")
    return Georeference(found, warnings=(*flat.warnings, *varying((widths, dx), (heights, dy))))


def _density(system: pyproj.CRS, transform: Affine, pixel: float) -> Density:
    """The ground under a pixel that has ``pixel`` m² on the map, by the areal scale; inf beyond the area of that."""
    import pyproj

    projection = pyproj.Proj(system)
    if not projection.has_inverse:
        raise pyproj.exceptions.ProjError("no inverse")

    def ground(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        factors = projection.get_factors(*_unprojected(projection, transform, x, y))
        areal = np.asarray(factors.areal_scale, dtype=np.float64)
        return np.where(np.isfinite(areal) & (areal > 0), pixel / areal, np.inf)

    return ground


def _unprojected(
    projection: pyproj.Proj, transform: Affine, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude in degrees of places in pixels."""
    east, north = transform * (x, y)
    longitude, latitude = projection(east, north, inverse=True)
    return np.asarray(longitude), np.asarray(latitude)


def _pixel_sides(
    system: pyproj.CRS, transform: Affine, x: np.ndarray, y: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Metres on the ground across pixels around places, along the rows and along the columns of the grid."""
    import pyproj

    projection, ellipsoid = pyproj.Proj(system), system.get_geod()
    assert ellipsoid is not None

    def across(dx: float, dy: float) -> np.ndarray:
        ends = [_unprojected(projection, transform, x + s * dx, y + s * dy) for s in (-0.5, 0.5)]
        return np.asarray(ellipsoid.inv(*ends[0], *ends[1])[2])

    return across(1, 0), across(0, 1)
