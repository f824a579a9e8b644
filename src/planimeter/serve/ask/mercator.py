"""Tiles of the web's map, 256 pixels a side in EPSG:3857, for programs that lay a scene over other maps."""

from __future__ import annotations

import math
from collections.abc import Callable

import cv2
import numpy as np
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.transform import from_bounds
from rasterio.warp import reproject, transform_bounds

from planimeter.serve.http_errors import HTTPError

SIDE = 256
FINEST = 24
_RADIUS = 6_378_137.0
_HALF = math.pi * _RADIUS  # metres from the middle of the map to its edge
_HIGHEST = 85.05112877980659  # degrees of latitude at the map's edge
_WEB = CRS.from_epsg(3857)
_DEGREES = CRS.from_epsg(4326)
_MARGIN = 2  # pixels around what is needed
Box = tuple[int, int, int, int]
Bounds = tuple[float, float, float, float]


class MapLayer:
    """A raster that lies somewhere on earth, as a layer of a map.

    Args:
        width: pixels.
        height: pixels.
        crs: of its transform.
        transform: pixel (x, y) to CRS coordinates.

    Raises:
        Refused: nobody knows where it lies.
    """

    def __init__(self, width: int, height: int, crs: CRS | None, transform: Affine | None) -> None:
        if crs is None or transform is None:
            raise HTTPError(
                422, "This scene has no place on earth, so it cannot be laid over a map; use its own tiles."
            )
        self.width, self.height, self.crs, self.transform = width, height, crs, transform

    def bounds(self) -> Bounds:
        """(west, south, east, north) in degrees on WGS 84; all around the earth where the 180th meridian crosses it."""
        west, south, east, north = self._extent()
        return (west, south, east, north) if east <= 180 else (-180.0, south, 180.0, north)

    def centre(self) -> tuple[float, float]:
        """Longitude and latitude of its middle."""
        west, south, east, north = self._extent()
        return ((west + east) / 2 + 180) % 360 - 180, (south + north) / 2

    def zooms(self) -> tuple[int, int]:
        """The zoom at which it is about one tile, and the one at which its pixels are shown one by one."""
        west, south, east, north = self._extent()
        width, height = math.radians(east - west) * _RADIUS, _northing(north) - _northing(south)
        pixel = math.sqrt(max(width * height, 1e-12) / (self.width * self.height))
        finest = math.ceil(math.log2(2 * _HALF / SIDE / pixel) - 0.01)
        coarsest = math.floor(math.log2(2 * _HALF / max(width, height)))
        finest = min(max(finest, 0), FINEST)
        return min(max(coarsest, 0), finest), finest

    def tile(self, read: Callable[[Box, tuple[int, int]], np.ndarray], z: int, x: int, y: int) -> bytes:
        """A tile as PNG; transparent where the raster is not.

        Args:
            read: from pixels of the raster, (x0, y0, x1, y1) half-open, and (h, w) to (h, w, 4) uint8: red, green, blue
                and how opaque.
            z: zoom, 0 to 24.
            x: column from the west.
            y: row from the north.

        Raises:
            Refused: there is no such tile.
        """
        if not (0 <= z <= FINEST and 0 <= x < 2**z and 0 <= y < 2**z):
            raise HTTPError(
                404, f"There is no such tile; zooms go from 0 to {FINEST}, columns and rows from 0."
            )
        size = 2 * _HALF / 2**z
        west, north = x * size - _HALF, _HALF - y * size
        tile = np.zeros((4, SIDE, SIDE), np.uint8)
        for transform in self._turned():
            source = self._under((west, north - size, west + size, north), transform)
            if source is None:
                continue
            (x0, y0, x1, y1), share = source
            across = max(1.0, SIDE * share)
            shape = _reduced(y1 - y0, across), _reduced(x1 - x0, across)
            part = np.moveaxis(read((x0, y0, x1, y1), shape), -1, 0)
            step = Affine.scale((x1 - x0) / shape[1], (y1 - y0) / shape[0])
            found = np.zeros_like(tile)
            reproject(
                np.ascontiguousarray(part),
                found,
                src_transform=transform * Affine.translation(x0, y0) * step,
                src_crs=self.crs,
                dst_transform=from_bounds(west, north - size, west + size, north, SIDE, SIDE),
                dst_crs=_WEB,
                resampling=Resampling.nearest,
            )
            tile = np.where(found[3] > 0, found, tile)
        return cv2.imencode(".png", tile[[2, 1, 0, 3]].transpose(1, 2, 0), [cv2.IMWRITE_PNG_COMPRESSION, 3])[
            1
        ].tobytes()

    def _extent(self) -> Bounds:
        """(west, south, east, north) in degrees: west in -180 to 180, the east beyond 180 where it has to be."""
        west, south, east, north = self._bounds_in(_DEGREES, self.transform)
        east += 360 * (east < west)
        turns = 360 * math.floor((west + 180) / 360)
        return west - turns, south, min(east - turns, west - turns + 360), north

    def _turned(self) -> list[Affine]:
        """The transform, and where its CRS is in degrees the same whole turns of the earth away."""
        if not self.crs.is_geographic:
            return [self.transform]
        turn = 2 * math.pi / self.crs.units_factor[1]
        return [Affine.translation(turns * turn, 0) * self.transform for turns in (0, -1, 1)]

    def _bounds_in(self, crs: CRS, transform: Affine) -> Bounds:
        corners = [
            transform * at for at in ((0, 0), (self.width, 0), (0, self.height), (self.width, self.height))
        ]
        xs, ys = [at[0] for at in corners], [at[1] for at in corners]
        try:
            found = transform_bounds(self.crs, crs, min(xs), min(ys), max(xs), max(ys))
        except RasterioError:
            found = (math.inf,) * 4
        if not all(map(math.isfinite, found)):
            raise HTTPError(422, "This scene lies where the web's map has no place; use its own tiles.")
        return found

    def _under(self, tile: Bounds, transform: Affine) -> tuple[Box, float] | None:
        """The pixels under a tile, and which share of its side they fill; None where there are none."""
        own = self._bounds_in(_WEB, transform)
        if self._extent()[2] > 180:
            # Its bounds on the map are those of the points around it, not of all of it.
            own = -_HALF, own[1], _HALF, own[3]
        west, south = max(tile[0], own[0]), max(tile[1], own[1])
        east, north = min(tile[2], own[2]), min(tile[3], own[3])
        if west >= east or south >= north:
            return None
        left, bottom, right, top = transform_bounds(_WEB, self.crs, west, south, east, north)
        if not all(map(math.isfinite, (left, bottom, right, top))):
            return None
        back = ~transform
        pixels = [back * at for at in ((left, bottom), (left, top), (right, bottom), (right, top))]
        x0 = max(0, math.floor(min(at[0] for at in pixels)) - _MARGIN)
        y0 = max(0, math.floor(min(at[1] for at in pixels)) - _MARGIN)
        x1 = min(self.width, math.ceil(max(at[0] for at in pixels)) + _MARGIN)
        y1 = min(self.height, math.ceil(max(at[1] for at in pixels)) + _MARGIN)
        if x0 >= x1 or y0 >= y1:
            return None
        return (x0, y0, x1, y1), max(east - west, north - south) / (tile[2] - tile[0])


def _reduced(pixels: int, across: float) -> int:
    """How many of a raster's pixels are read for so many of a tile: not many more than can be seen."""
    return max(1, min(pixels, math.ceil(across)))


def _northing(latitude: float) -> float:
    """Metres from the equator on the web's map."""
    inside = math.radians(min(max(latitude, -_HIGHEST), _HIGHEST))
    return _RADIUS * math.asinh(math.tan(inside))
