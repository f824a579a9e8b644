"""Areas and lengths on the ellipsoid of what is drawn on a scene's grid.

The ground area of a pixel is a smooth function of its place. It is computed on a lattice of at most 50 km, exactly as
the projection's distortion says, and interpolated; a polygon's ground area is its area in pixels times that function at
its centroid, corrected for how the function bends over the polygon's extent. A polygon over which it bends more than
that can be trusted is cut in two, and again. The result agrees with geodesic areas (``pyproj.Geod``) to a few parts in
a hundred thousand, at any size, round a pole as well, and costs one step per polygon instead of one per vertex.
"""

from __future__ import annotations

import math
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from planimeter.errors import SceneError
from planimeter.raster.geometries import Geometries
from planimeter.raster.georeference import horizontal
from planimeter.spatial.runs import expand

if TYPE_CHECKING:
    import pyproj
    from affine import Affine
    from rasterio.crs import CRS

_SIDE = 1_000.0  # metres of the square by which the ground under a place is measured
_STEP = 50_000.0  # metres between the lattice's points
_MOST_STEPS = 256  # a side
# A polygon is cut where the mean ground area at the corners of its box differs by more than this from the middle's.
_BEND = 3e-4
_ALIKE = 1e-6  # of a pixel's ground area: less does not show in any answer
_MOST_CUTS = 24  # a polygon is halved at most so often: sixteen million parts
_LONGEST = 10_000.0  # metres of a line's segment that is measured in one


class Ellipsoid:
    """How large things on a scene's grid are on the ground.

    Args:
        transform: pixel (x, y) to coordinates of the CRS.
        crs: projected, geographic, or a local one in metres or feet.
        shape: (height, width) of the grid.

    Raises:
        SceneError: the CRS does not say where on the ground its coordinates lie, nor their unit.

    >>> import shapely
    >>> from affine import Affine
    >>> from rasterio.crs import CRS
    >>> ground = Ellipsoid(Affine(10, 0, 5e5, 0, -10, 5e6), CRS.from_epsg(32633), (100, 100))
    >>> round(float(ground.areas(np.array([shapely.box(0, 0, 1, 1)]))[0]), 2)  # UTM draws its middle 0.04 % too small
    100.08
    """

    def __init__(self, transform: Affine, crs: CRS, shape: tuple[int, int]) -> None:
        import pyproj

        self.transform = transform
        self.shape = shape
        system = horizontal(pyproj.CRS.from_wkt(crs.to_wkt(version="WKT2_2019")))
        self._system = system
        ellipsoid = system.ellipsoid
        self._radius = 0.0 if ellipsoid is None else float(ellipsoid.semi_major_metre)
        self._polar = 0.0 if ellipsoid is None else float(ellipsoid.semi_minor_metre)
        self._flat: float | None = None
        if not (system.is_projected or system.is_geographic):
            units = {axis.unit_conversion_factor for axis in system.axis_info[:2]}
            self._flat = units.pop() if len(units) == 1 else math.nan
            if not (math.isfinite(self._flat) and self._flat > 0):
                raise SceneError(
                    "The unit of the scene's grid is unknown, so features cannot be measured on it: assign a "
                    "coordinate reference system with gdal_edit -a_srs."
                )

    def pixel_areas(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """Return the ground area of a pixel at places, (N,) float64 m².

        Args:
            x: (N,) in pixels.
            y: (N,) in pixels.
        """
        height, width = self.shape
        lattice = self._lattice
        rows, columns = lattice.shape
        across = np.clip(x / width, 0, 1) * (columns - 1)
        down = np.clip(y / height, 0, 1) * (rows - 1)
        left = np.minimum(across.astype(np.int64), columns - 2)
        above = np.minimum(down.astype(np.int64), rows - 2)
        u, v = across - left, down - above
        upper = lattice[above, left] * (1 - u) + lattice[above, left + 1] * u
        lower = lattice[above + 1, left] * (1 - u) + lattice[above + 1, left + 1] * u
        return upper * (1 - v) + lower * v

    def areas(self, polygons: np.ndarray | Geometries) -> np.ndarray:
        """Return the ground areas of polygons, (N,) float64 m².

        Args:
            polygons: N valid Polygons and MultiPolygons in pixels; edges are straight on the grid.
        """
        import shapely

        ground = np.zeros(len(polygons))
        own, parts = np.arange(len(polygons)), Geometries.of(polygons)
        for step in range(_MOST_CUTS + 1):
            if len(parts) == 0:
                break
            x0, y0, x1, y1 = parts.bounds.T
            rim = [self.pixel_areas(x, y) for x in (x0, x1) for y in (y0, y1)]
            at = self.pixel_areas((x0 + x1) / 2, (y0 + y1) / 2)
            bend = sum(rim) / 4 - at
            # Where all corners of the box are alike it does not matter where in it the polygon lies.
            uneven = np.flatnonzero(np.maximum.reduce(rim) - np.minimum.reduce(rim) > _ALIKE * at)
            if len(uneven):
                middle = shapely.centroid(parts.take(uneven).geometry)
                at[uneven] = self.pixel_areas(shapely.get_x(middle), shapely.get_y(middle))
            flat = np.abs(bend) <= _BEND * at
            if step == _MOST_CUTS:
                flat[:] = True
            mean = at + bend / 3  # of a function with that bend over a rectangle
            np.add.at(ground, own[flat], (parts.areas() * mean)[flat])
            halves, own = _halved(parts.take(~flat).geometry, own[~flat])
            parts = Geometries.of(halves)
        return ground

    def lengths(self, start: np.ndarray, stop: np.ndarray) -> np.ndarray:
        """Return the ground lengths of segments that are straight on the grid, (S,) float64 metres.

        Args:
            start: (S, 2) x, y in pixels.
            stop: (S, 2) likewise.
        """
        height, width = self.shape
        if self._flat is not None:
            ends = [np.stack(self._placed(side), axis=1) for side in (start, stop)]
            return np.hypot(*(ends[1] - ends[0]).T) * self._flat
        sides = self.pixel_areas(np.array([width / 2]), np.array([height / 2]))
        longest = max(_LONGEST / math.sqrt(float(sides[0])), 1e-9)
        pieces = np.maximum(np.ceil(np.hypot(*(stop - start).T) / longest), 1).astype(np.int64)
        of, piece = expand(np.zeros(len(pieces), dtype=np.int64), pieces)
        way, count = (stop - start)[of], pieces[of]
        first = start[of] + way * (piece / count)[:, None]
        last = start[of] + way * ((piece + 1) / count)[:, None]
        to_degrees = self._to_degrees
        geod = self._system.get_geod()
        assert geod is not None  # a projected or geographic CRS has an ellipsoid
        metres = geod.inv(*to_degrees(first), *to_degrees(last))[2]
        return np.bincount(of, weights=metres, minlength=len(start))

    def _placed(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """CRS coordinates of (N, 2) pixel coordinates."""
        a, b, c, d, e, f = tuple(self.transform)[:6]
        x, y = points.T
        return a * x + b * y + c, d * x + e * y + f

    def _to_degrees(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Longitudes and latitudes, on the scene's own datum, of (N, 2) pixel coordinates."""
        return self._degrees.transform(*self._placed(points))

    @cached_property
    def _degrees(self) -> pyproj.Transformer:
        import pyproj

        system = self._system
        base = system.geodetic_crs if system.is_projected else system
        assert base is not None  # what a projection projects
        # Degrees of the same datum; a geographic CRS in other units (grads) becomes degrees.
        wanted = pyproj.CRS.from_json_dict({**base.to_json_dict(), "coordinate_system": _DEGREES})
        return pyproj.Transformer.from_crs(system, wanted, always_xy=True)

    @cached_property
    def _lattice(self) -> np.ndarray:
        """(rows, columns) ground area of a pixel, m², evenly over the grid from border to border."""
        height, width = self.shape
        plane = abs(self.transform.determinant)
        if self._flat is not None:
            return np.full((2, 2), plane * self._flat**2)
        middle = float(self._factors(np.array([[width / 2, height / 2]]))[0]) * plane
        side = math.sqrt(middle) if math.isfinite(middle) and middle > 0 else 1000.0
        columns, rows = (
            int(min(max(math.ceil(n * side / _STEP), 1), _MOST_STEPS)) + 1 for n in (width, height)
        )
        x, y = np.meshgrid(np.linspace(0, width, columns), np.linspace(0, height, rows))
        factors = self._factors(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(rows, columns)
        return factors * plane

    def _factors(self, points: np.ndarray) -> np.ndarray:
        """Ground m² per unit of area in the CRS, (N,) float64, at (N, 2) pixel coordinates."""
        squared = 1.0 - (self._polar / self._radius) ** 2
        if self._system.is_geographic:
            radians = self._system.axis_info[0].unit_conversion_factor
            phi = np.clip(self._placed(points)[1] * radians, -math.pi / 2, math.pi / 2)
            w = 1 - squared * np.sin(phi) ** 2
            return self._radius**2 * (1 - squared) / w**2 * np.cos(phi) * radians**2
        # What a square kilometre of the grid is on the ground, as the cross product of its sides in space: this holds
        # at the poles and across ±180° too, and for projections whose own factors are those of a sphere.
        side = _SIDE / self._system.axis_info[0].unit_conversion_factor
        x, y = self._placed(points)
        ends = [
            self._in_space(*self._degrees.transform(x + a * side, y + b * side), squared)
            for a, b in ((0.5, 0), (-0.5, 0), (0, 0.5), (0, -0.5))
        ]
        with np.errstate(invalid="ignore"):
            area = np.linalg.norm(np.cross(ends[0] - ends[1], ends[2] - ends[3]), axis=1)
        return area / side**2

    def _in_space(self, longitude: np.ndarray, latitude: np.ndarray, squared: float) -> np.ndarray:
        """(N, 3) geocentric metres of places on the ellipsoid."""
        with np.errstate(invalid="ignore"):
            lam, phi = np.radians(longitude), np.radians(latitude)
            normal = self._radius / np.sqrt(1 - squared * np.sin(phi) ** 2)
            return np.stack(
                [
                    normal * np.cos(phi) * np.cos(lam),
                    normal * np.cos(phi) * np.sin(lam),
                    normal * (1 - squared) * np.sin(phi),
                ],
                axis=1,
            )


_DEGREES = {
    "subtype": "ellipsoidal",
    "axis": [
        {"name": "Geodetic longitude", "abbreviation": "Lon", "direction": "east", "unit": "degree"},
        {"name": "Geodetic latitude", "abbreviation": "Lat", "direction": "north", "unit": "degree"},
    ],
}


def _halved(polygons: np.ndarray, own: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cut polygons in two across the longer side of their boxes; return the parts and what each belongs to."""
    import shapely

    if len(polygons) == 0:
        return polygons, own
    x0, y0, x1, y1 = shapely.bounds(polygons).T
    wide = x1 - x0 >= y1 - y0
    x, y = np.where(wide, (x0 + x1) / 2, x1), np.where(wide, y1, (y0 + y1) / 2)
    one = shapely.intersection(polygons, shapely.box(x0, y0, x, y))
    left, top = np.where(wide, x, x0), np.where(wide, y0, y)
    other = shapely.intersection(polygons, shapely.box(left, top, x1, y1))
    parts, owner = np.concatenate([one, other]), np.concatenate([own, own])
    kept = shapely.area(parts) > 0
    return parts[kept], owner[kept]
