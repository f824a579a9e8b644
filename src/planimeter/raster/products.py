"""Images as satellites' archives hand them out: files of one band each, read as one scene."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace

import numpy as np

from planimeter.errors import SceneError, shown_name
from planimeter.raster.band_colours import level_named, sensor_named
from planimeter.raster.cloud_outlines import CloudOutlines
from planimeter.raster.files import Mosaic
from planimeter.raster.metadata import calibration_of
from planimeter.raster.product_files import BandFile, ProductFiles, found_at
from planimeter.raster.product_grids import BandGrid, grid_of, refuse_other_place, vrt_of
from planimeter.raster.product_masks import mask_among
from planimeter.raster.reflectance import as_far_as_told, as_usual
from planimeter.raster.spectrum import LANDSAT, SENTINEL2, Channel, Spectrum

#: What products of a level say of clouds, where it lies beside their bands.
_MASK_OF = {
    (SENTINEL2, "L2A"): "scene classification (SCL)",
    **dict.fromkeys([(LANDSAT, "L2SP"), (LANDSAT, "L1TP"), (LANDSAT, "L2A")], "mask of clouds (QA_PIXEL)"),
}


@dataclass(frozen=True)
class Product:
    """A scene of several files.

    Attributes:
        mosaic: its bands as one raster, on the finest grid.
        spectrum: what they are.
        mask: its own mask of clouds, and what it is (see ``Clouds.kind``); or None.
    """

    mosaic: Mosaic
    spectrum: Spectrum
    mask: tuple[Mosaic | CloudOutlines, str] | None


def product_at(path: str | os.PathLike[str]) -> Product | None:
    """The product that a folder, a zip, a STAC item or the metadata file of one is; None where it is none of these.

    Raises:
        SceneError: it is one, but damaged, mixed or without bands.
    """
    files = found_at(path)
    return None if files is None else _joined(files)


def _joined(files: ProductFiles) -> Product:
    """Bands of one scene as one raster.

    Raises:
        SceneError: one of them cannot be read, they lie on grids that do not fit, or there is none.
    """
    parts, name, texts = files.parts, files.name, files.texts
    finest: dict[str, BandFile] = {}
    grids: dict[BandFile, BandGrid] = {}
    for part in parts:
        grids[part] = grid_of(part, name)
    for part in sorted((p for p in parts if p.colour), key=lambda p: abs(grids[p].transform.a)):
        finest.setdefault(part.colour, part)
    if not finest:
        raise SceneError(
            f"{shown_name(name)} has no band that can be told by its name; give its bands as scene_red.tif, "
            "scene_nir.tif and the like, or one file with --bands."
        )
    bands = list(finest.values())
    best = min((grids[part] for part in bands), key=lambda grid: abs(grid.transform.a))
    for part in bands:
        refuse_other_place(part, grids[part], best, name)
    said = " ".join((name, *(part.shown for part in bands), f"_{files.baseline}_"))
    calibration = calibration_of(texts, [part.dataset for part in parts], name)
    spectrum = _spectrum(bands, grids, said, calibration)
    xml = vrt_of(best, [(part, grids[part]) for part in bands])
    mask = mask_among(grids, texts, name)
    coarser = sorted({round(abs(grids[part].transform.a)) for part in bands} - {round(abs(best.transform.a))})
    units = "" if not coarser or abs(best.transform.a) < 0.5 else (
        f"Bands of {' and '.join(map(str, coarser))} m were brought to {abs(best.transform.a):g} m by bilinear "
        "interpolation."
    )  # fmt: skip
    no_classes = all(part.colour for part in parts)
    lacks = _MASK_OF.get((spectrum.sensor, spectrum.level)) if no_classes else None
    if lacks is not None and "HLS" in said.upper():
        lacks = "Fmask"
    unmasked = (
        "" if lacks is None else
        f"{shown_name(name)} lacks its {lacks}, so clouds, if there are any, count as ground."
    )  # fmt: skip
    return Product(
        Mosaic(name, xml),
        replace(spectrum, notes=(*spectrum.notes, *files.notes, *filter(None, (units, unmasked)))),
        mask,
    )


def _spectrum(
    bands: list[BandFile],
    grids: dict[BandFile, BandGrid],
    said: str,
    calibration: dict[str, tuple[float, float]],
) -> Spectrum:
    """Channels of the joined bands, with reflectance by the product's metadata, STAC, or the sensor's usual numbers."""
    labels = {part.label.upper().removeprefix("SR_") for part in bands}
    sensor = sensor_named(said) or (
        "Sentinel-2" if any(re.fullmatch(r"B(0\d|8A|1[0-2])", x) for x in labels) else ""
    )
    channels, own = {}, set()
    for place, part in enumerate(bands, start=1):
        told = calibration.get(part.label.upper()) or calibration.get("")
        if told is None and part.scale is not None:
            told = part.scale, part.offset or 0.0
        own |= {part.colour} if told is not None else set()
        channels[part.colour] = Channel(place, *(told or (1.0, 0.0)))
    spectrum = Spectrum(
        channels, sensor, level_named(said), own >= set(channels), "by the product's file names"
    )
    whole = all(np.dtype(grids[part].dtype).kind in "iu" for part in bands)
    surface = any(part.label.upper().startswith("SR_") for part in bands)
    if whole and not spectrum.calibrated:
        spectrum = as_usual(spectrum, said, surface)
    return spectrum if spectrum.calibrated else as_far_as_told(spectrum, own)
