"""The files of a satellite's product, by their names: which is which band, and which is a mask of clouds.

A product is a Sentinel-2 SAFE folder or its zip, a Landsat Collection 2 or HLS folder, any folder of single-band files
that are called by colours or band numbers, or a STAC item with local assets.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from planimeter.errors import SceneError, shown_name
from planimeter.raster.band_colours import colour_of, numbered
from planimeter.raster.stac_item import Item, is_item, read_item

_PICTURES = (".tif", ".tiff", ".jp2", ".img")
_LISTED = (*_PICTURES, ".xml", ".txt", ".gml")
_DEEPEST, _MOST_FILES = 6, 5000
_MASKS = ("SCL", "QA_PIXEL", "FMASK")
_MASK = re.compile(rf"(?:^|[^A-Z0-9])({'|'.join(_MASKS)})(?![A-Z])", re.IGNORECASE)
_SENTINEL2 = re.compile(r"^(?:L2A_)?(T\d\d[A-Z]{3}_\d{8}T\d{6})_(B\d\d|B8A|SCL)(?:_(\d\d)m)?$", re.IGNORECASE)
_LANDSAT = re.compile(
    r"^(L[COTEM]0\d_L\d[A-Z]{2}_\d{6}_\d{8}_\d{8}_\d\d_[A-Z0-9]{2})_((?:SR_)?B\d{1,2}|QA_PIXEL)$",
    re.IGNORECASE,
)
_HLS = re.compile(r"^(HLS\.[LS]30\.T\w{5}\.\d{7}T\d{6}\.v\d\.\d)\.(B\d\d|B8A|FMASK)$", re.IGNORECASE)
_LEFT_OUT = ("B8", "QL_B8")  # Landsat's panchromatic band, which has no colour


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
class ProductFiles:
    """What of a product is read.

    Attributes:
        name: how errors show it.
        parts: its bands and masks.
        texts: paths in it of its pictures and metadata; none for a STAC item.
        notes: what was made of what it says of reflectance, for answers.
        baseline: Sentinel-2's processing baseline where a STAC item says it, as "N0510".
    """

    name: str
    parts: list[BandFile]
    texts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    baseline: str = ""


def found_at(path: str | os.PathLike[str]) -> ProductFiles | None:
    """The files of the product that a folder, a zip, a STAC item or the metadata file of one is.

    Returns:
        None where it is none of these.

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
        item = read_item(file)
        return ProductFiles(name, _of_item(item), notes=item.notes, baseline=item.baseline)
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
    return ProductFiles(name, _parts(listed, name), tuple(text for text, _ in listed))


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
        if label in _MASKS:
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


def _of_item(item: Item) -> list[BandFile]:
    parts = []
    for asset in item.assets:
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


def is_classi(path: str) -> bool:
    """Whether a file is Sentinel-2's own mask of clouds and snow of baseline 04.00 and later, by its name.

    Example:
        >>> is_classi("GRANULE/L1C_T33TWM/QI_DATA/MSK_CLASSI_B00.jp2")
        True
    """
    return PurePosixPath(path).stem.upper() == "MSK_CLASSI_B00"


def zero_is_nothing(part: BandFile) -> bool:
    """Whether a band's zeros are pixels without data, as in products whose files do not say so."""
    stem = PurePosixPath(part.shown).stem
    return bool(part.colour) and bool(_SENTINEL2.match(stem) or _LANDSAT.match(stem))
