"""From a file's georeference to a scale: how large its pixels are on the ground."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine
from rasterio.crs import CRS

from planimeter.raster.pixel_areas import Density, fit
from planimeter.raster.scale import Scale

if TYPE_CHECKING:
    import pyproj

#: Beyond this relative error of a length a scene carries a warning.
DISTORTION_LIMIT = 0.01
#: A grid is true to scale where no pixel's area is farther than this from that on the map (a UTM zone stays within
#: it); any other is measured with the areal scale of its projection from place to place.
AREA_LIMIT = 0.002

_LATTICE = np.mgrid[0:1:11j, 0:1:11j]  # where a grid is looked at, from its first to its last pixel

# Cylindrical projections in normal aspect: every row lies on one parallel, so the ground area of a pixel is a
# function of its row alone and can be given exactly.
_CYLINDRICAL = (
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
#: Sides whose product differs from the area of a pixel by less than this part stand upright on each other.
_SQUARE = 1e-4
_NOT_CYLINDRICAL = ("transverse", "oblique", "hotine", "cassini")
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


def georeference(crs: CRS | None, transform: Affine | None, width: int, height: int) -> Georeference:
    """Work out the scale of a grid of ``width`` × ``height`` pixels.

    Args:
        crs: coordinate reference system, or None.
        transform: pixel (x, y) to CRS coordinates, or None for a plain picture.
        width: pixels in a row.
        height: rows.

    >>> from rasterio.transform import from_origin
    >>> georeference(CRS.from_epsg(32633), from_origin(5e5, 5e6, 0.5, 0.5), 100, 100).scale.gsd
    0.5
    """
    if transform is None or transform.is_identity:
        return Georeference()
    if not all(map(math.isfinite, transform[:6])) or abs(transform.determinant) < 1e-18:
        return Georeference(problem="The file's transform is degenerate; set it with gdal_edit -a_ullr.")
    if crs is None:
        return Georeference(
            problem="The file has a transform but no coordinate reference system; give --gsd in metres per "
            "pixel, or assign one with gdal_edit -a_srs."
        )
    a, b, _, d, e, _ = transform[:6]
    # Skew that moves no pixel by more than a hundredth of a pixel is rounding in the file.
    rotated = max(abs(b) * height / abs(a or 1e-300), abs(d) * width / abs(e or 1e-300)) > 0.01
    if crs.is_projected and _is_utm_core(crs, transform, width, height):
        return _planar(1.0, transform, rotated)
    system = _horizontal(crs)
    if system is None:
        return Georeference(problem="The file's coordinate reference system is unknown; give --gsd.")
    if system.is_geographic or (system.is_projected and _is_cylindrical(system)):
        if rotated:
            return _turned(system, transform, (height, width))
        return _cylindrical(system, transform, width, height)
    return _projected_or_local(system, transform, width, height, rotated)


def _horizontal(crs: CRS) -> pyproj.CRS | None:
    import pyproj

    try:
        return horizontal(pyproj.CRS.from_wkt(crs.to_wkt(version="WKT2_2019")))
    except (pyproj.exceptions.CRSError, ValueError):
        return None


def horizontal(system: pyproj.CRS) -> pyproj.CRS:
    """The horizontal part of a CRS, free of vertical axes and datum shifts."""
    while True:
        if system.is_compound:
            system = system.sub_crs_list[0]
        elif system.is_bound and system.source_crs is not None:
            system = system.source_crs
        else:
            return system


def _is_utm_core(crs: CRS, transform: Affine, width: int, height: int) -> bool:
    # Areas are true to AREA_LIMIT between these eastings, which saves the import of pyproj.
    code = crs.to_epsg()
    if code is None or not (32601 <= code <= 32660 or 32701 <= code <= 32760):
        return False
    corners = [transform * (x, y) for x in (0, width) for y in (0, height)]
    return all(165_000 <= x <= 835_000 for x, _ in corners)


def _is_cylindrical(system: pyproj.CRS) -> bool:
    operation = system.coordinate_operation
    name = operation.method_name.lower() if operation else ""
    if any(word in name for word in _NOT_CYLINDRICAL):
        return False
    return name.startswith(_CYLINDRICAL)


def _planar(unit: float, transform: Affine, rotated: bool, warnings: tuple[str, ...] = ()) -> Georeference:
    a, b, _, d, e, _ = transform[:6]
    dx, dy = math.hypot(a, d) * unit, math.hypot(b, e) * unit
    area = abs(transform.determinant) * unit * unit
    sheared = rotated and abs(area - dx * dy) > _SQUARE * area
    return Georeference(Scale(math.sqrt(area), dx, dy, area, "transform", sheared), warnings=warnings)


def _projected_or_local(
    system: pyproj.CRS, transform: Affine, width: int, height: int, rotated: bool
) -> Georeference:
    units = {axis.unit_conversion_factor for axis in system.axis_info[:2]}
    unit = units.pop() if len(units) == 1 else 0.0
    if not (math.isfinite(unit) and unit > 0):
        return Georeference(problem="The linear unit of the file's grid is unknown; give --gsd.")
    if not system.is_projected:
        return _planar(unit, transform, rotated)
    flat = _planar(unit, transform, rotated, _body_warnings(system))
    if flat.scale is None:
        return flat
    return _on_the_ground(system, flat, flat.scale, transform, (height, width))


def _on_the_ground(
    system: pyproj.CRS, flat: Georeference, scale: Scale, transform: Affine, shape: tuple[int, int]
) -> Georeference:
    """The scale of a projected grid: the map's own where areas are true to it, else that of the ground.

    Args:
        system: the projection.
        flat: what the map says.
        scale: its scale.
        transform: pixel (x, y) to map coordinates.
        shape: (height, width).
    """
    import pyproj

    height, width = shape
    pixel = scale.gsd**2
    try:
        density = _density(system, transform, pixel)
    except pyproj.exceptions.ProjError:  # nobody has written its inverse
        sentence = "The distortion of the scene's projection is unknown; lengths and areas may be off."
        return replace(flat, warnings=(*flat.warnings, sentence))
    y, x = (0.5 + grid.ravel() * (np.array(side) - 1) for grid, side in zip(_LATTICE, shape, strict=True))
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
    area = series.at(width / 2, height / 2)
    (dx,), (dy,) = _pixel_sides(system, transform, np.array([width / 2]), np.array([height / 2]))
    varies = float(np.abs(areas / area - 1).max()) > 1e-9
    found = Scale(math.sqrt(area), float(dx), float(dy), series if varies else area, "geodesic")
    return Georeference(found, warnings=(*flat.warnings, *_varying((widths, dx), (heights, dy))))


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


def _varying(*sides: tuple[np.ndarray, float]) -> tuple[str, ...]:
    """A sentence where the width or the height of pixels, given with that at the centre, is not the same everywhere."""
    for name, (metres, centre) in zip(("width", "height"), sides, strict=True):
        change = float(np.abs(metres / centre - 1).max())
        if change > DISTORTION_LIMIT:
            return (
                f"The {name} of a pixel on the ground changes by up to {change:.0%} from the scene's centre; areas "
                "are exact, distances are those at the centre: crop the scene or warp it to a metric grid.",
            )
    return ()


def _to_degrees(system: pyproj.CRS) -> pyproj.Transformer:
    import pyproj

    return pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)


def _body_warnings(system: pyproj.CRS) -> tuple[str, ...]:
    ellipsoid = system.ellipsoid
    if ellipsoid is None or abs(ellipsoid.semi_major_metre / _EARTH_RADIUS - 1) < 0.01:
        return ()
    return (
        f"This scene does not lie on Earth: lengths and areas are those of the ellipsoid {ellipsoid.name!r} "
        f"with a radius of {ellipsoid.semi_major_metre / 1000:,.1f} km.",
    )


def _cylindrical(system: pyproj.CRS, transform: Affine, width: int, height: int) -> Georeference:
    ellipsoid = system.ellipsoid
    if ellipsoid is None:
        return Georeference(problem="The file's coordinate reference system has no ellipsoid; give --gsd.")
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
    semi_major = float(ellipsoid.semi_major_metre)
    squared = 1.0 - (float(ellipsoid.semi_minor_metre) / semi_major) ** 2
    areas = np.abs(np.diff(zone_area(latitude, semi_major, squared))) * step
    heights, widths = _cell_sides(latitude, step, semi_major, squared)
    row = height // 2
    if areas[row] <= 0:
        return Georeference(problem="The scene's latitudes lie beyond the poles; set its transform right.")
    dx, dy, area = float(widths[row]), float(heights[row]), float(areas[row])
    there = areas > 0
    warnings = (*_body_warnings(system), *_varying((widths[there], dx), (heights[there], dy)))
    # One figure is exact enough (and cheaper) where rows do not differ.
    varies = float(np.ptp(areas)) > 1e-9 * area
    return Georeference(
        Scale(math.sqrt(area), dx, dy, areas if varies else area, "geodesic"), warnings=warnings
    )


def _turned(system: pyproj.CRS, transform: Affine, shape: tuple[int, int]) -> Georeference:
    """The scale of a grid that is rotated or sheared in degrees or in a cylindrical projection.

    No row lies on one parallel, so the ground under a pixel is a function of its place.
    """
    ellipsoid = system.ellipsoid
    if ellipsoid is None:
        return Georeference(problem="The file's coordinate reference system has no ellipsoid; give --gsd.")
    height, width = shape
    semi_major = float(ellipsoid.semi_major_metre)
    squared = 1.0 - (float(ellipsoid.semi_minor_metre) / semi_major) ** 2
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
        w = 1 - squared * np.sin(latitude) ** 2
        parallel, meridian = semi_major / np.sqrt(w) * np.cos(latitude), semi_major * (1 - squared) / w**1.5
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
    y, x = (0.5 + grid.ravel() * (np.array(side) - 1) for grid, side in zip(_LATTICE, shape, strict=True))
    widths, heights = np.hypot(*np.moveaxis(axes(x, y), 1, 0))
    middle = axes(np.array([width / 2]), np.array([height / 2]))[..., 0]
    dx, dy = (float(math.hypot(*axis)) for axis in middle)
    area = areas.at(width / 2, height / 2)
    warnings = (*_body_warnings(system), *_varying((widths, dx), (heights, dy)))
    sheared = abs(area - dx * dy) > _SQUARE * area
    return Georeference(Scale(math.sqrt(area), dx, dy, areas, "geodesic", sheared), warnings=warnings)


def _false_easting(system: pyproj.CRS) -> float:
    operation = system.coordinate_operation
    for parameter in operation.params if operation else ():
        if parameter.name.lower().startswith(("false easting", "easting at")):
            unit = parameter.unit_conversion_factor / system.axis_info[0].unit_conversion_factor
            return float(parameter.value) * unit
    return 0.0


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
    w = 1 - squared * np.sin(middle) ** 2
    meridian = semi_major * (1 - squared) / w**1.5
    parallel = semi_major / np.sqrt(w) * np.cos(middle)
    return np.abs(np.diff(latitude)) * meridian, step * parallel
