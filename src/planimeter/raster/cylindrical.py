"""The scale of grids in degrees and in cylindrical projections, whose ground follows from the latitude alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine

from planimeter.raster.ground_scale import SQUARE, Georeference, body_warnings, lattice, varying
from planimeter.raster.pixel_areas import fit
from planimeter.raster.scale import Scale

if TYPE_CHECKING:
    import pyproj

# Cylindrical projections in normal aspect: every row lies on one parallel, so the ground area of a pixel is a
# function of its row alone and can be given exactly.
_METHODS = (
    "mercator",
    "popular visualisation pseudo mercator",
    "web mercator",
    "equidistant cylindrical",
    "equirectangular",
    "plate carree",
    "lambert cylindrical equal area",
    "cylindrical equal area",
    "miller cylindrical",
)
_NOT_CYLINDRICAL = ("transverse", "oblique", "hotine", "cassini")
_NO_ELLIPSOID = "The file's coordinate reference system has no ellipsoid; give --gsd."


def is_cylindrical(system: pyproj.CRS) -> bool:
    """Whether a projection is a cylindrical one in normal aspect: every row of a grid lies on one parallel."""
    operation = system.coordinate_operation
    name = operation.method_name.lower() if operation else ""
    if any(word in name for word in _NOT_CYLINDRICAL):
        return False
    return name.startswith(_METHODS)


def cylindrical(system: pyproj.CRS, transform: Affine, width: int, height: int) -> Georeference:
    """The scale of a grid whose rows lie on parallels: in degrees, or in a cylindrical projection.

    Args:
        system: of the grid, horizontal.
        transform: pixel (x, y) to degrees or map coordinates, not rotated.
        width: pixels in a row.
        height: rows.
    """
    ellipsoid = _ellipsoid(system)
    if ellipsoid is None:
        return Georeference(problem=_NO_ELLIPSOID)
    edges = transform.f + transform.e * np.arange(height + 1)
    if system.is_geographic:
        radians = system.axis_info[0].unit_conversion_factor
        step, latitude = abs(transform.a) * radians, edges * radians
        if np.abs(latitude).max() > math.pi:
            return Georeference(problem="The file's latitudes lie beyond the poles; set its transform right.")
    else:
        to_degrees = _to_degrees(system)
        middle = np.full(height + 1, transform.c + transform.a * width / 2)
        latitude = np.radians(to_degrees.transform(middle, edges)[1])
        # The meridians are evenly spaced: one unit of easting is the same angle everywhere.
        east = _false_easting(system) + np.array([0.0, 1000.0])
        west, east = to_degrees.transform(east, np.zeros(2))[0]
        step = math.radians(abs((east - west + 180) % 360 - 180)) / 1000 * abs(transform.a)
    if not np.isfinite(latitude).all() or not math.isfinite(step):
        return Georeference(problem="The scene lies outside the area of its projection; check its transform.")
    latitude = np.clip(latitude, -math.pi / 2, math.pi / 2)
    semi_major, squared = ellipsoid
    areas = np.abs(np.diff(zone_area(latitude, semi_major, squared))) * step
    heights, widths = _cell_sides(latitude, step, semi_major, squared)
    row = height // 2
    if areas[row] <= 0:
        return Georeference(problem="The scene's latitudes lie beyond the poles; set its transform right.")
    dx, dy, area = float(widths[row]), float(heights[row]), float(areas[row])
    there = areas > 0
    warnings = (*body_warnings(system), *varying((widths[there], dx), (heights[there], dy)))
    # One figure is exact enough (and cheaper) where rows do not differ.
    varies = float(np.ptp(areas)) > 1e-9 * area
    return Georeference(
        Scale(math.sqrt(area), dx, dy, areas if varies else area, "geodesic"), warnings=warnings
    )


def turned_cylindrical(system: pyproj.CRS, transform: Affine, shape: tuple[int, int]) -> Georeference:
    """The scale of a grid that is rotated or sheared in degrees or in a cylindrical projection.

    No row lies on one parallel, so the ground under a pixel is a function of its place.
    """
    ellipsoid = _ellipsoid(system)
    if ellipsoid is None:
        return Georeference(problem=_NO_ELLIPSOID)
    height, width = shape
    semi_major, squared = ellipsoid
    unit = system.axis_info[0].unit_conversion_factor if system.is_geographic else 0.0
    to_degrees = None if unit else _to_degrees(system)

    def radians(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        east, north = transform * (x, y)
        if to_degrees is None:
            return east * unit, north * unit
        longitude, latitude = to_degrees.transform(east, north)
        return np.radians(longitude), np.radians(latitude)

    def axes(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """(2, 2, N) metres to the east and to the north along a column and along a row."""
        latitude = radians(x, y)[1]
        parallel, meridian = _radii(latitude, semi_major, squared)
        found = []
        for dx, dy in ((0.5, 0.0), (0.0, 0.5)):
            (l0, b0), (l1, b1) = radians(x - dx, y - dy), radians(x + dx, y + dy)
            turned = (l1 - l0 + math.pi) % (2 * math.pi) - math.pi
            found.append((turned * parallel, (b1 - b0) * meridian))
        return np.array(found)

    def density(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        (across_east, across_north), (down_east, down_north) = axes(x, y)
        return np.abs(across_east * down_north - across_north * down_east)

    corners = radians(np.array([0.0, width, 0.0, width]), np.array([0.0, 0.0, height, height]))[1]
    areas = (
        fit(density, shape) if np.isfinite(corners).all() and np.abs(corners).max() < math.pi / 2 else None
    )
    if areas is None:
        return Georeference(
            problem="The scene lies outside the area of its projection, or across a pole; check its transform."
        )
    x, y = lattice(shape)
    widths, heights = np.hypot(*np.moveaxis(axes(x, y), 1, 0))
    middle = axes(np.array([width / 2]), np.array([height / 2]))[..., 0]
    dx, dy = (float(math.hypot(*axis)) for axis in middle)
    area = areas.at(width / 2, height / 2)
    warnings = (*body_warnings(system), *varying((widths, dx), (heights, dy)))
    sheared = abs(area - dx * dy) > SQUARE * area
    return Georeference(Scale(math.sqrt(area), dx, dy, areas, "geodesic", sheared), warnings=warnings)


def _to_degrees(system: pyproj.CRS) -> pyproj.Transformer:
    import pyproj

    return pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)


def _false_easting(system: pyproj.CRS) -> float:
    operation = system.coordinate_operation
    for parameter in operation.params if operation else ():
        if parameter.name.lower().startswith(("false easting", "easting at")):
            unit = parameter.unit_conversion_factor / system.axis_info[0].unit_conversion_factor
            return float(parameter.value) * unit
    return 0.0


def _radii(latitude: np.ndarray, semi_major: float, squared: float) -> tuple[np.ndarray, np.ndarray]:
    """Metres of one radian of longitude, along the parallel, and of one radian of latitude."""
    w = 1 - squared * np.sin(latitude) ** 2
    return semi_major / np.sqrt(w) * np.cos(latitude), semi_major * (1 - squared) / w**1.5


def _ellipsoid(system: pyproj.CRS) -> tuple[float, float] | None:
    """Semi-major axis in metres and squared eccentricity of a system's ellipsoid; None where it has none."""
    ellipsoid = system.ellipsoid
    if ellipsoid is None:
        return None
    semi_major = float(ellipsoid.semi_major_metre)
    return semi_major, 1.0 - (float(ellipsoid.semi_minor_metre) / semi_major) ** 2


def zone_area(latitude: np.ndarray, semi_major: float, squared: float) -> np.ndarray:
    """Area between the equator and parallels, per radian of longitude.

    Args:
        latitude: (N,) geodetic latitudes, radians.
        semi_major: semi-major axis of the ellipsoid, metres.
        squared: squared eccentricity of the ellipsoid.

    Returns:
        (N,) m² per radian, negative in the south. Snyder, Map Projections (1987), equation 3-12 times a²/2.

    >>> round(float(np.diff(zone_area(np.radians([-90, 90]), 6378137.0, 0.00669437999014))[0] * 2 * np.pi / 1e12), 3)
    510.066
    """
    sine = np.sin(latitude)
    if abs(squared) < 1e-12:
        return np.asarray(semi_major**2 * sine)
    eccentricity = np.sqrt(complex(squared))
    q = sine / (1 - squared * sine**2) + (np.arctanh(eccentricity * sine) / eccentricity).real
    return np.asarray(semi_major**2 * (1 - squared) / 2 * q)


def _cell_sides(
    latitude: np.ndarray, step: float, semi_major: float, squared: float
) -> tuple[np.ndarray, np.ndarray]:
    """North-south and east-west size in metres of the cells between parallels, at the middle of each."""
    middle = (latitude[1:] + latitude[:-1]) / 2
    parallel, meridian = _radii(middle, semi_major, squared)
    return np.abs(np.diff(latitude)) * meridian, step * parallel
