"""Images as satellites' archives hand them out: a folder, a zip or a list of files, one band each, read as one scene.

A product is a Sentinel-2 SAFE folder or its zip, a Landsat Collection 2 or HLS folder, any folder of single-band files
that are called by colours or band numbers, or a STAC item with local assets. All its bands are brought to the finest
grid among them: coarser ones by bilinear interpolation between pixel centres, which nodata takes no part in.
"""

from __future__ import annotations

import math
import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from xml.sax.saxutils import escape

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader

from planimeter.errors import SceneError, shown_name
from planimeter.raster.cloud_outlines import CloudOutlines, is_outlines, outlines_of
from planimeter.raster.files import DRIVERS, GDAL_OPTIONS, Mosaic
from planimeter.raster.metadata import calibration_of, content_of
from planimeter.raster.spectrum import (
    SENTINEL2,
    Channel,
    Spectrum,
    as_usual,
    colour_of,
    numbered,
    sensor_named,
)
from planimeter.raster.stac_item import assets_of, is_item

_PICTURES = (".tif", ".tiff", ".jp2", ".img")
_LISTED = (*_PICTURES, ".xml", ".txt", ".gml")
_DEEPEST, _MOST_FILES = 6, 5000
#: Names of masks of clouds that products bring, and what their values are.
MASKS = {"SCL": "scl", "QA_PIXEL": "qa_pixel", "FMASK": "fmask", "MSK_CLASSI": "classi"}
_MASK = re.compile(r"(?:^|[^A-Z0-9])(SCL|QA_PIXEL|FMASK)(?![A-Z])", re.IGNORECASE)
_SENTINEL2 = re.compile(r"^(?:L2A_)?(T\d\d[A-Z]{3}_\d{8}T\d{6})_(B\d\d|B8A|SCL)(?:_(\d\d)m)?$", re.IGNORECASE)
_LANDSAT = re.compile(
    r"^(L[COTEM]0\d_L\d[A-Z]{2}_\d{6}_\d{8}_\d{8}_\d\d_[A-Z0-9]{2})_((?:SR_)?B\d{1,2}|QA_PIXEL)$",
    re.IGNORECASE,
)
_HLS = re.compile(r"^(HLS\.[LS]30\.T\w{5}\.\d{7}T\d{6}\.v\d\.\d)\.(B\d\d|B8A|FMASK)$", re.IGNORECASE)
_LEFT_OUT = ("B8", "QL_B8")  # Landsat's panchromatic band, which has no colour


_KINDS = {
    "uint8": "Byte", "int8": "Int8", "uint16": "UInt16", "int16": "Int16", "uint32": "UInt32", "int32": "Int32",
    "float32": "Float32", "float64": "Float64",
}  # fmt: skip


@dataclass(frozen=True)
class BandFile:
    """One band of a product.

    Attributes:
        dataset: how GDAL is to open it.
        shown: how errors show it.
        colour: of the band; empty for a mask of clouds.
        label: what the product calls it.
        band: 1-based, in its file.
        scale: reflectance of one step, None where the product's usual one holds.
        offset: reflectance of zero, likewise.
    """

    dataset: str
    shown: str
    colour: str
    label: str
    band: int = 1
    scale: float | None = None
    offset: float | None = None


@dataclass(frozen=True)
class Product:
    """A scene of several files.

    Attributes:
        mosaic: its bands as one raster, on the finest grid.
        spectrum: what they are.
        mask: its own mask of clouds, and what it is (see ``Clouds.kind``); or None.
        notes: sentences for answers.
    """

    mosaic: Mosaic
    spectrum: Spectrum
    mask: tuple[Mosaic | CloudOutlines, str] | None
    notes: tuple[str, ...]


def product_at(path: str | os.PathLike[str]) -> Product | None:
    """The product that a folder, a zip, a STAC item or the metadata file of one is; None where it is none of these.

    Raises:
        SceneError: it is one, but damaged, mixed or without bands.
    """
    file = Path(path)
    try:
        folder = file.is_dir()
        if not folder and not file.is_file():
            return None
    except (OSError, ValueError):
        return None
    name = file.name or file.absolute().name
    if not folder and file.suffix.lower() == ".json":
        if not is_item(file):
            return None
        return _joined(_of_item(file), name)
    if not folder and (name.upper().startswith("MTD_MSI") or name.upper().endswith("_MTL.TXT")):
        folder, file = True, file.absolute().parent
        name = file.name
    if folder:
        listed = _files_in(file)
    elif file.suffix.lower() == ".zip":
        listed = _files_of_zip(file)
        if not listed:
            return None  # an archive of something else: the error of a file says so
    else:
        return None
    return _joined(_parts(listed, name), name, tuple(text for text, _ in listed))


def is_product(path: str | os.PathLike[str]) -> bool:
    """Whether the names in a folder or a zip are those of one scene: a satellite's product, or one band to a file.

    Example:
        >>> from tempfile import mkdtemp
        >>> folder = Path(mkdtemp())
        >>> for name in ("a_red.tif", "a_nir.tif"):
        ...     _ = (folder / name).write_bytes(b"")
        >>> is_product(folder)
        True
        >>> _ = (folder / "b.tif").write_bytes(b"")
        >>> is_product(folder)
        False
    """
    file = Path(path)
    try:
        if not file.is_dir() and file.suffix.lower() != ".zip":
            return False
        listed = _files_in(file) if file.is_dir() else _files_of_zip(file)
        parts = _parts(listed, file.name, quiet=True)
    except (SceneError, OSError, ValueError):
        return False
    stems = [
        PurePosixPath(text).stem for text, _ in listed if PurePosixPath(text).suffix.lower() in _PICTURES
    ]
    named = any(pattern.match(stem) for stem in stems for pattern in (_SENTINEL2, _LANDSAT, _HLS))
    return len(parts) > 1 and (named or len(parts) == len(stems))


def _files_in(folder: Path) -> list[tuple[str, str]]:
    """(path as shown, name for GDAL) of a folder's pictures and metadata."""
    found: list[tuple[str, str]] = []
    top = folder.absolute()
    for place, folders, names in os.walk(top):
        if len(Path(place).relative_to(top).parts) >= _DEEPEST:
            folders.clear()
        folders.sort()
        for name in sorted(names):
            if Path(name).suffix.lower() in _LISTED:
                found.append((str(Path(place, name).relative_to(top)), str(Path(place, name))))
        if len(found) > _MOST_FILES:
            raise SceneError(
                f"{shown_name(folder.name)} holds too many files for one scene; give the folder of one."
            )
    return found


def _files_of_zip(file: Path) -> list[tuple[str, str]]:
    try:
        with zipfile.ZipFile(file) as content:
            names = [info.filename for info in content.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError) as problem:
        raise SceneError(
            f"{shown_name(file.name)} is a damaged archive; copy or download it again."
        ) from problem
    plain = [
        n for n in names if ".." not in PurePosixPath(n).parts and not n.startswith("/") and n.isprintable()
    ]
    kept = [n for n in plain if PurePosixPath(n).suffix.lower() in _LISTED]
    parts = _parts([(n, n) for n in kept], file.name, quiet=True)
    return [(n, f"/vsizip/{{{file.absolute()}}}/{n}") for n in kept] if len(parts) > 1 else []


def _parts(listed: Sequence[tuple[str, str]], name: str, quiet: bool = False) -> list[BandFile]:
    """The bands and the mask among a product's files.

    Raises:
        SceneError: there is none, or they are those of several scenes.
    """
    pictures = [(text, opened) for text, opened in listed if PurePosixPath(text).suffix.lower() in _PICTURES]
    for pattern in (_SENTINEL2, _LANDSAT, _HLS):
        found: dict[str, list[tuple[str, str, str]]] = {}
        for text, opened in pictures:
            match = pattern.match(PurePosixPath(text).stem)
            if match:
                found.setdefault(match.group(1), []).append((match.group(2).upper(), text, opened))
        if found:
            if len(found) > 1:
                raise _mixed(name, list(found))
            key, files = next(iter(found.items()))
            if pattern is not _SENTINEL2:
                return _by_numbers(key, files, name)
            # The scene classification of L2A comes first: it knows shadows too.
            return _by_numbers(f"S2_{key}", files, name) + [
                BandFile(opened, PurePosixPath(text).name, "", "MSK_CLASSI")
                for text, opened in pictures
                if is_classi(text)
            ]
    parts = _by_words(pictures, name)
    if not parts and not quiet:
        raise SceneError(
            f"{shown_name(name)} is a folder; give the path of one file in it, or of a folder with one band to a file, "
            "called by band or colour as in scene_B04.tif or scene_red.tif."
        )
    return parts


def _mixed(name: str, keys: list[str]) -> SceneError:
    return SceneError(
        f"{shown_name(name)} holds {len(keys)} scenes ({shown_name(keys[0])}, {shown_name(keys[1])}, …): give the "
        "folder of one of them."
    )


def _by_numbers(key: str, files: list[tuple[str, str, str]], name: str) -> list[BandFile]:
    """Parts of a product whose bands are numbered; of several resolutions of a band the finest.

    Raises:
        SceneError: a band is there twice, or products of two levels lie side by side.
    """
    finest: dict[str, tuple[str, str]] = {}
    taken: dict[tuple[str, int], str] = {}
    for label, text, opened in sorted(files, key=lambda each: _metres(each[1])):
        # L1C does not write the resolution into its files' names, and L2A does.
        other = taken.get((label, _metres(text))) or taken.get((label, 0))
        if other is not None:
            raise SceneError(
                f"{shown_name(name)} holds the band {label} twice ({shown_name(other)} and {shown_name(text)}): give "
                "the folder of one product."
            )
        taken[label, _metres(text)] = text
        finest.setdefault(label, (text, opened))
    parts = []
    for label, (text, opened) in finest.items():
        if label in MASKS:
            parts.append(BandFile(opened, PurePosixPath(text).name, "", label))
            continue
        known = numbered([label], key)
        if known is not None and label not in _LEFT_OUT:
            parts.append(BandFile(opened, PurePosixPath(text).name, next(iter(known[1])), label))
    return parts


def _metres(text: str) -> int:
    match = re.search(r"_(\d\d)m\.", text)
    return int(match.group(1)) if match else 0


def _by_words(pictures: Sequence[tuple[str, str]], name: str) -> list[BandFile]:
    """Parts of a folder whose files are called by colours or band numbers, all else in their names being alike."""
    found: dict[str, list[BandFile]] = {}
    for text, opened in pictures:
        path = PurePosixPath(text)
        ending = re.search(r"[A-Za-z0-9]+$", path.stem)
        if ending is None:
            continue
        start, end = path.stem[: ending.start()], ending.group()
        mask = _MASK.search(path.stem)
        colour = colour_of(end)
        number = re.fullmatch(r"(?:SR_)?B(?:AND)?_?0?(\d{1,2}|8A)", end, re.IGNORECASE)
        if mask:
            key, part = path.stem[: mask.start()], BandFile(opened, path.name, "", mask.group(1).upper())
        elif colour:
            key, part = start, BandFile(opened, path.name, colour, end)
        elif number:
            key, part = start, BandFile(opened, path.name, "?", end.upper())
        else:
            continue
        found.setdefault(f"{path.parent}/{key.rstrip('_.- ')}", []).append(part)
    found = {key: parts for key, parts in found.items() if any(part.colour for part in parts)}
    if len(found) > 1:
        raise _mixed(name, [key.removeprefix("./") or "no name" for key in found])
    if not found:
        return []
    key, parts = next(iter(found.items()))
    known = numbered([part.label if part.colour == "?" else "" for part in parts], f"{name} {key}")
    places = {} if known is None else {place: colour for colour, place in known[1].items()}
    parts = [
        replace(part, colour=places.get(k, "?")) if part.colour == "?" else part
        for k, part in enumerate(parts)
    ]
    unknown = [part.label for part in parts if part.colour == "?"]
    if unknown and len(unknown) == len([part for part in parts if part.colour]):
        raise SceneError(
            f"{shown_name(name)} has bands called {unknown[0]} and the like, and nothing says of which satellite: call "
            "the files by colours, as in scene_red.tif, or make one file of them with gdalbuildvrt -separate and give "
            "--bands."
        )
    return [part for part in parts if part.colour != "?"]


def _of_item(file: Path) -> list[BandFile]:
    parts = []
    for asset in assets_of(file):
        mask = _MASK.search(asset.key) or _MASK.search(asset.path.stem)
        if mask and not any(asset.bands):
            parts.append(BandFile(str(asset.path), asset.path.name, "", mask.group(1).upper()))
        for place, band in enumerate(asset.bands, start=1):
            if band is not None:
                parts.append(
                    BandFile(
                        str(asset.path),
                        asset.path.name,
                        band.colour,
                        band.name,
                        place,
                        band.scale,
                        band.offset,
                    )
                )
    return parts


@dataclass(frozen=True)
class _Grid:
    crs: object
    wkt: str
    transform: rasterio.Affine
    width: int
    height: int
    dtype: str
    nodata: float | None


def _joined(parts: list[BandFile], name: str, texts: tuple[str, ...] = ()) -> Product:
    """Bands of one scene as one raster.

    Raises:
        SceneError: one of them cannot be read, they lie on grids that do not fit, or there is none.
    """
    finest: dict[str, BandFile] = {}
    grids: dict[BandFile, _Grid] = {}
    for part in parts:
        grids[part] = _grid(part, name)
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
        _same_place(part, grids[part], best, name)
    said = " ".join((name, *(part.shown for part in bands)))
    calibration = calibration_of(texts, [part.dataset for part in parts], name)
    spectrum = _spectrum(bands, grids, said, calibration)
    xml = _vrt(best, [(part, grids[part]) for part in bands])
    mask = next((part for part in parts if not part.colour), None)
    coarser = sorted({round(abs(grids[part].transform.a)) for part in bands} - {round(abs(best.transform.a))})
    units = "" if not coarser or abs(best.transform.a) < 0.5 else (
        f"Bands of {' and '.join(map(str, coarser))} m were brought to {abs(best.transform.a):g} m by bilinear "
        "interpolation."
    )  # fmt: skip
    unmasked = (
        f"{shown_name(name)} lacks its scene classification (SCL), so clouds, if there are any, count as ground."
        if mask is None and (spectrum.sensor, spectrum.level) == (SENTINEL2, "L2A")
        else ""
    )
    return Product(
        Mosaic(name, xml),
        replace(spectrum, notes=(*spectrum.notes, *filter(None, (units, unmasked)))),
        _outlined(texts, [part.dataset for part in parts], name)
        if mask is None
        else (_mask_of(mask, grids[mask]), _mask_kind(mask)),
        (),
    )


def is_classi(path: str) -> bool:
    """Whether a file is Sentinel-2's own mask of clouds and snow of baseline 04.00 and later, by its name.

    Example:
        >>> is_classi("GRANULE/L1C_T33TWM/QI_DATA/MSK_CLASSI_B00.jp2")
        True
    """
    return PurePosixPath(path).stem.upper() == "MSK_CLASSI_B00"


def classi_at(file: Path) -> Mosaic:
    """Sentinel-2's own mask of clouds, as one band in which opaque clouds and cirrus are 1.

    Raises:
        SceneError: it is damaged.
    """
    part = BandFile(str(file), file.name, "", "MSK_CLASSI")
    return _mask_of(part, _grid(part, file.name))


def _mask_of(mask: BandFile, grid: _Grid) -> Mosaic:
    """A product's mask as a raster of one band; of MSK_CLASSI opaque clouds, and cirrus laid over them."""
    xml = _vrt(grid, [(mask, grid)])
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
    kind = MASKS[mask.label]
    return "fmask_bits" if kind == "fmask" and "HLS" in mask.shown.upper() else kind


def _grid(part: BandFile, name: str) -> _Grid:
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
            return _Grid(
                file.crs, "" if file.crs is None else file.crs.to_wkt(), file.transform, file.width, file.height, kind,
                nodata,
            )  # fmt: skip
    except (RasterioError, ValueError, UnicodeError) as problem:
        raise SceneError(f"{shown} is damaged or no image; download or copy the product again.") from problem


def _same_place(part: BandFile, grid: _Grid, best: _Grid, name: str) -> None:
    """Refuse a band of another place: its corners must be those of the others to a pixel of its own."""
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


def _spectrum(
    bands: list[BandFile],
    grids: dict[BandFile, _Grid],
    said: str,
    calibration: dict[str, tuple[float, float]],
) -> Spectrum:
    """Channels of the joined bands, with reflectance by the product's metadata, STAC, or the sensor's usual numbers."""
    from planimeter.raster.spectrum import _LEVEL  # one home for how levels are written

    labels = {part.label.upper().removeprefix("SR_") for part in bands}
    sensor = sensor_named(said) or (
        "Sentinel-2" if any(re.fullmatch(r"B(0\d|8A|1[0-2])", x) for x in labels) else ""
    )
    level = _LEVEL.search(said.replace("MSIL", "MSI L"))
    channels, own = {}, True
    for place, part in enumerate(bands, start=1):
        told = calibration.get(part.label.upper()) or calibration.get("")
        if told is None and part.scale is not None:
            told = part.scale, part.offset or 0.0
        own &= told is not None
        channels[part.colour] = Channel(place, *(told or (1.0, 0.0)))
    spectrum = Spectrum(
        channels, sensor, level.group(1).upper() if level else "", own, "by the product's file names"
    )
    whole = all(np.dtype(grids[part].dtype).kind in "iu" for part in bands)
    surface = any(part.label.upper().startswith("SR_") for part in bands)
    return spectrum if own or not whole else as_usual(spectrum, said, surface)


def _vrt(best: _Grid, bands: list[tuple[BandFile, _Grid]]) -> str:
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
        nodata = grid.nodata if grid.nodata is not None else 0 if _zero_is_nothing(part) else None
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


def _with_nodata(part: BandFile, grid: _Grid, nodata: float) -> str:
    """A VRT of one band of a file that declares its nodata, which interpolation then leaves out."""
    return (
        f'<VRTDataset rasterXSize="{grid.width}" rasterYSize="{grid.height}"><VRTRasterBand band="1" '
        f'dataType="{_KINDS.get(grid.dtype, "Float64")}"><NoDataValue>{nodata:.17g}</NoDataValue><SimpleSource>'
        f'<SourceFilename relativeToVRT="0">{escape(part.dataset)}</SourceFilename>'
        f"<SourceBand>{part.band}</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
    )


def _clipped(window: tuple[float, float, float, float], grid: _Grid, best: _Grid) -> str:
    """Source and target rectangles of a VRT: what of a window, in a file's pixels, lies in the file."""
    left, top, right, bottom = window
    x0, x1, y0, y1 = max(left, 0.0), min(right, grid.width), max(top, 0.0), min(bottom, grid.height)
    across, down = best.width / (right - left), best.height / (bottom - top)
    return (
        f'<SrcRect xOff="{x0:.12g}" yOff="{y0:.12g}" xSize="{x1 - x0:.12g}" ySize="{y1 - y0:.12g}"/>'
        f'<DstRect xOff="{(x0 - left) * across:.12g}" yOff="{(y0 - top) * down:.12g}" '
        f'xSize="{(x1 - x0) * across:.12g}" ySize="{(y1 - y0) * down:.12g}"/>'
    )


def _zero_is_nothing(part: BandFile) -> bool:
    """Whether a band's zeros are pixels without data, as in products whose files do not say so."""
    stem = PurePosixPath(part.shown).stem
    return bool(part.colour) and bool(_SENTINEL2.match(stem) or _LANDSAT.match(stem))
