"""Bands of one product on one grid: what grid each file has, and a VRT that brings all to the finest among them.

Coarser bands are brought to it by bilinear interpolation between pixel centres, which nodata takes no part in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from xml.sax.saxutils import escape

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from planimeter.errors import SceneError, shown_name
from planimeter.raster.files import DRIVERS, GDAL_OPTIONS
from planimeter.raster.product_files import BandFile, zero_is_nothing

_KINDS = {
    "uint8": "Byte", "int8": "Int8", "uint16": "UInt16", "int16": "Int16", "uint32": "UInt32", "int32": "Int32",
    "float32": "Float32", "float64": "Float64",
}  # fmt: skip


@dataclass(frozen=True)
class BandGrid:
    """Where one band's file lies, and what its pixels are."""

    crs: object
    wkt: str
    transform: rasterio.Affine
    width: int
    height: int
    dtype: str
    nodata: float | None


def grid_of(part: BandFile, name: str) -> BandGrid:
    """The grid of one band of a product.

    Raises:
        SceneError: it cannot be read, has no place, or is no picture.
    """
    shown = f"{shown_name(part.shown)} in {shown_name(name)}"
    try:
        with (
            rasterio.Env(**GDAL_OPTIONS),
            DatasetReader(
                part.dataset, driver=[each for each in DRIVERS if each != "VRT"], sharing=False
            ) as file,
        ):
            needed = 2 if part.label == "MSK_CLASSI" else part.band
            if needed > file.count:
                raise SceneError(f"{shown} has no band {needed}; export the product again.")
            kind = file.dtypes[part.band - 1]
            if np.dtype(kind).kind not in "iuf":
                raise SceneError(f"{shown} holds complex numbers, which are no picture; leave it out.")
            if file.transform.is_identity or file.transform.is_degenerate:
                raise SceneError(
                    f"{shown} does not say where it lies, so its bands cannot be put together; set it with gdal_edit "
                    "-a_ullr and -a_srs."
                )
            nodata = file.nodatavals[part.band - 1]
            return BandGrid(
                file.crs, "" if file.crs is None else file.crs.to_wkt(), file.transform, file.width, file.height, kind,
                nodata,
            )  # fmt: skip
    except (RasterioError, ValueError, UnicodeError) as problem:
        raise SceneError(f"{shown} is damaged or no image; download or copy the product again.") from problem


def refuse_other_place(part: BandFile, grid: BandGrid, best: BandGrid, name: str) -> None:
    """Refuse a band of another place: its corners must be those of the others to a pixel of its own.

    Raises:
        SceneError: it lies elsewhere.
    """
    corners = [(grid.transform * c, best.transform * d) for c, d in (
        ((0, 0), (0, 0)), ((grid.width, grid.height), (best.width, best.height)),
    )]  # fmt: skip
    apart = max(math.dist(a, b) for a, b in corners)
    same = grid.crs == best.crs and apart <= 1.01 * math.hypot(grid.transform.a, grid.transform.e)
    if not same:
        raise SceneError(
            f"{shown_name(part.shown)} in {shown_name(name)} lies on another grid than the other bands: it belongs to "
            "another scene; give the folder of one scene."
        )


def vrt_of(best: BandGrid, bands: list[tuple[BandFile, BandGrid]]) -> str:
    """A VRT on a grid, of single bands of files."""
    numbers = ",".join(f"{v:.17g}" for v in best.transform.to_gdal())
    text = [
        f'<VRTDataset rasterXSize="{best.width}" rasterYSize="{best.height}">',
        f"<SRS>{escape(best.wkt)}</SRS>" if best.wkt else "",
        f"<GeoTransform>{numbers}</GeoTransform>",
    ]
    for number, (part, grid) in enumerate(bands, start=1):
        # Where the finer grid lies on the coarser one, in its pixels.
        inverse = ~grid.transform
        left, top = inverse * (best.transform * (0, 0))
        right, bottom = inverse * (best.transform * (best.width, best.height))
        source = _clipped((left, top, right, bottom), grid, best)
        nodata = grid.nodata if grid.nodata is not None else 0 if zero_is_nothing(part) else None
        name, band = (part.dataset, part.band) if nodata is None else (_with_nodata(part, grid, nodata), 1)
        text += [
            f'<VRTRasterBand dataType="{_KINDS.get(grid.dtype, "Float64")}" band="{number}">',
            f"<Description>{escape(part.label)}</Description>",
            "" if nodata is None else f"<NoDataValue>{nodata:.17g}</NoDataValue>",
            '<ComplexSource resampling="bilinear">',
            f'<SourceFilename relativeToVRT="0">{escape(name)}</SourceFilename>',
            f"<SourceBand>{band}</SourceBand>{source}",
            "" if nodata is None else f"<NODATA>{nodata:.17g}</NODATA>",
            "</ComplexSource></VRTRasterBand>",
        ]
    return "".join([*text, "</VRTDataset>"])


def _with_nodata(part: BandFile, grid: BandGrid, nodata: float) -> str:
    """A VRT of one band of a file that declares its nodata, which interpolation then leaves out."""
    return (
        f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}"><VRTRasterBand band="1" '
        f'dataType="{_KINDS.get(grid.dtype, "Float64")}"><NoDataValue>{nodata:.17g}</NoDataValue><SimpleSource>'
        f'<SourceFilename relativeToVRT="0">{escape(part.dataset)}</SourceFilename>'
        f"<SourceBand>{part.band}</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
    )


def _clipped(window: tuple[float, float, float, float], grid: BandGrid, best: BandGrid) -> str:
    """Source and target rectangles of a VRT: what of a window, in a file's pixels, lies in the file."""
    left, top, right, bottom = window
    x0, x1, y0, y1 = max(left, 0.0), min(right, grid.width), max(top, 0.0), min(bottom, grid.height)
    across, down = best.width / (right - left), best.height / (bottom - top)
    return (
        f'<SrcRect xOff="{x0:.12g}" yOff="{y0:.12g}" xSize="{x1 - x0:.12g}" ySize="{y1 - y0:.12g}"/>'
        f'<DstRect xOff="{(x0 - left) * across:.12g}" yOff="{(y0 - top) * down:.12g}" '
        f'xSize="{(x1 - x0) * across:.12g}" ySize="{(y1 - y0) * down:.12g}"/>'
    )
