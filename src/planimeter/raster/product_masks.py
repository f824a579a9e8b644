"""The masks of clouds that products bring: as bands, as Sentinel-2's MSK_CLASSI, or as polygons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import escape

from planimeter.raster.cloud_outlines import CloudOutlines, is_outlines, outlines_of
from planimeter.raster.files import Mosaic
from planimeter.raster.metadata import content_of
from planimeter.raster.product_files import BandFile
from planimeter.raster.product_grids import BandGrid, grid_of, vrt_of

#: Names of masks, and what their values are.
_KINDS = {"SCL": "scl", "QA_PIXEL": "qa_pixel", "FMASK": "fmask", "MSK_CLASSI": "classi"}


def classi_at(file: Path) -> Mosaic:
    """Sentinel-2's own mask of clouds, as one band in which opaque clouds and cirrus are 1.

    Raises:
        SceneError: it is damaged.
    """
    part = BandFile(str(file), file.name, "", "MSK_CLASSI")
    return _raster_of(part, grid_of(part, file.name))


def _raster_of(mask: BandFile, grid: BandGrid) -> Mosaic:
    """A product's mask as a raster of one band; of MSK_CLASSI opaque clouds, and cirrus laid over them."""
    xml = vrt_of(grid, [(mask, grid)])
    if mask.label == "MSK_CLASSI":
        cirrus = (
            f'<ComplexSource><SourceFilename relativeToVRT="0">{escape(mask.dataset)}</SourceFilename>'
            "<SourceBand>2</SourceBand><NODATA>0</NODATA></ComplexSource>"
        )
        xml = xml.replace("</VRTRasterBand>", f"{cirrus}</VRTRasterBand>")
    return Mosaic(mask.shown, xml)


def _outlined(texts: Sequence[str], datasets: Sequence[str], name: str) -> tuple[CloudOutlines, str] | None:
    """The mask of clouds that products of Sentinel-2 had as polygons."""
    files = [text for text in texts if is_outlines(PurePosixPath(text).name)]
    if len(files) != 1:
        return None
    return outlines_of(content_of(files[0], datasets, name), PurePosixPath(files[0]).name), "outlines"


def _mask_kind(mask: BandFile) -> str:
    """What a mask's values are; HLS packs its Fmask into bits."""
    kind = _KINDS[mask.label]
    return "fmask_bits" if kind == "fmask" and "HLS" in mask.shown.upper() else kind


def mask_among(
    grids: Mapping[BandFile, BandGrid], texts: Sequence[str], name: str
) -> tuple[Mosaic | CloudOutlines, str] | None:
    """A product's own mask of clouds, and what its values are (see ``Clouds.kind``); None where it has none.

    Args:
        grids: its bands and masks, and the grid of each.
        texts: paths in it.
        name: how errors show it.

    Raises:
        SceneError: it is damaged.
    """
    mask = next((part for part in grids if not part.colour), None)
    if mask is None:
        return _outlined(texts, [part.dataset for part in grids], name)
    return _raster_of(mask, grids[mask]), _mask_kind(mask)
