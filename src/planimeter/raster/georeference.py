"""From a file's georeference to a scale: how large its pixels are on the ground."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from affine import Affine
from rasterio.crs import CRS

from planimeter.raster.cylindrical import cylindrical, is_cylindrical, turned_cylindrical
from planimeter.raster.ground_scale import Georeference, planar
from planimeter.raster.projected import projected

if TYPE_CHECKING:
    import pyproj


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
        return planar(1.0, transform, rotated)
    system = _horizontal(crs)
    if system is None:
        return Georeference(problem="The file's coordinate reference system is unknown; give --gsd.")
    if system.is_geographic or (system.is_projected and is_cylindrical(system)):
        if rotated:
            return turned_cylindrical(system, transform, (height, width))
        return cylindrical(system, transform, width, height)
    return projected(system, transform, width, height, rotated)


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
    # Areas are true to `projected.AREA_LIMIT` between these eastings: no need to import pyproj, which is slow.
    code = crs.to_epsg()
    if code is None or not (32601 <= code <= 32660 or 32701 <= code <= 32760):
        return False
    corners = [transform * (x, y) for x in (0, width) for y in (0, height)]
    return all(165_000 <= x <= 835_000 for x, _ in corners)
