"""How a product's stored values become reflectance, by its own metadata: Sentinel-2's XML, Landsat's MTL text."""

from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from planimeter.errors import SceneError, shown_name

_LARGEST = 32 << 20  # bytes of a metadata file
_SENTINEL2 = re.compile(r"MTD_MSIL(1C|2A)\.XML|S2[ABC]_\w*MTD_SAFL1C\w*\.XML")
_LEAST_QUANTITY = 1000  # products have 10,000
_LARGEST_STEP = 0.001  # reflectance of one step of 65,536
_BAND_IDS = ("B01", "B02", "B03", "B04", "B05", "B06", "B07", "B08", "B8A", "B09", "B10", "B11", "B12")
_OFTEN_LEFT_OUT = ("B10",)  # which products at the ground do not have


def calibration_of(
    texts: Sequence[str], datasets: Sequence[str], name: str
) -> dict[str, tuple[float, float]]:
    """Band → scale and offset of its reflectance; the key "" stands for all others. Empty where nothing says.

    Args:
        texts: paths of the product's files, as the product has them.
        datasets: how GDAL opens its bands, which tells where they lie.
        name: how errors show the product.

    Raises:
        SceneError: the metadata is damaged.
    """
    found = [text for text in texts if _SENTINEL2.fullmatch(PurePosixPath(text).name.upper())]
    if len(found) > 1:
        names = " and ".join(shown_name(PurePosixPath(text).name) for text in found[:2])
        raise SceneError(
            f"{shown_name(name)} holds the metadata of several products ({names}): give the folder of one of them."
        )
    if found:
        return _sentinel2(content_of(found[0], datasets, name), shown_name(PurePosixPath(found[0]).name))
    for text in texts:
        if PurePosixPath(text).name.upper().endswith("_MTL.TXT"):
            shown = shown_name(PurePosixPath(text).name)
            return _landsat(content_of(text, datasets, name).decode("utf-8", "replace"), shown)
    return {}


def content_of(text: str, datasets: Sequence[str], name: str) -> bytes:
    """What a metadata file holds, from the folder or the zip that the bands come from.

    Args:
        text: its path, as the product has it.
        datasets: how GDAL opens the bands.
        name: how errors show the product.

    Raises:
        SceneError: it cannot be read.
    """
    first = datasets[0]
    shown = f"{shown_name(PurePosixPath(text).name)} in {shown_name(name)}"
    try:
        if first.startswith("/vsizip/{"):
            archive = first.removeprefix("/vsizip/{").rpartition("}/")[0]
            with zipfile.ZipFile(archive) as content:
                if content.getinfo(text).file_size > _LARGEST:
                    raise SceneError(f"{shown} is too large to be metadata; download the product again.")
                return content.read(text)
        root = next(parent for parent in Path(first).parents if (parent / text).is_file())
        if (root / text).stat().st_size > _LARGEST:
            raise SceneError(f"{shown} is too large to be metadata; download the product again.")
        return (root / text).read_bytes()
    except (OSError, StopIteration, KeyError, zipfile.BadZipFile) as problem:
        raise SceneError(f"{shown} cannot be read; copy or download the product again.") from problem


def _sentinel2(content: bytes, shown: str) -> dict[str, tuple[float, float]]:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise SceneError(f"{shown} declares XML entities, which no product does; download it again.")
    try:
        root = ElementTree.fromstring(content)
    except ElementTree.ParseError as problem:
        raise SceneError(f"{shown} is damaged; copy or download the product again.") from problem
    quantity, offsets = 10_000.0, {}
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in ("QUANTIFICATION_VALUE", "BOA_QUANTIFICATION_VALUE"):
            quantity = _number(element.text, shown)
        elif tag in ("RADIO_ADD_OFFSET", "BOA_ADD_OFFSET"):
            band = element.get("band_id", "")
            if band.isdigit() and int(band) < len(_BAND_IDS):
                offsets[_BAND_IDS[int(band)]] = _number(element.text, shown)
    if quantity < _LEAST_QUANTITY:
        raise SceneError(
            f"{shown} is damaged: its quantification is {quantity:g}; download the product again."
        )
    for band, offset in offsets.items():
        if abs(offset) > quantity:
            raise SceneError(
                f"{shown} is damaged: it says that {band} is off by a reflectance of {offset / quantity:g}; download "
                "the product again."
            )
    without = [band for band in _BAND_IDS if band not in offsets and band not in _OFTEN_LEFT_OUT]
    if offsets and without:
        raise SceneError(
            f"{shown} is damaged: it has an offset of some bands and none of {', '.join(without[:3])}; download the "
            "product again."
        )
    found = {band: (1 / quantity, offset / quantity) for band, offset in offsets.items()}
    return {"": (1 / quantity, 0.0), **found}


def _landsat(text: str, shown: str) -> dict[str, tuple[float, float]]:
    """Surface reflectance as the file says it, or top of atmosphere divided by the sine of the sun's elevation."""
    pairs = dict(re.findall(r"^\s*(\w+) = \"?([^\"\n]+)\"?\s*$", text, re.MULTILINE))
    surface = re.search(r"GROUP = LEVEL2_SURFACE_REFLECTANCE_PARAMETERS(.*?)END_GROUP", text, re.DOTALL)
    if surface:
        pairs |= dict(re.findall(r"^\s*(\w+) = ([^\n]+)$", surface.group(1), re.MULTILINE))
    found = {}
    for key, value in pairs.items():
        match = re.fullmatch(r"REFLECTANCE_MULT_BAND_(\d+)", key)
        if match is None:
            continue
        band = match.group(1)
        try:
            scale, offset = float(value), float(pairs.get(f"REFLECTANCE_ADD_BAND_{band}", "nan"))
            sun = 1.0 if surface else math.sin(math.radians(float(pairs["SUN_ELEVATION"])))
        except (KeyError, ValueError):
            continue
        if not (0 < scale < _LARGEST_STEP and abs(offset) <= 1):
            raise SceneError(
                f"{shown} is damaged: it says that band {band} is value × {scale:g} + {offset:g}, which is no "
                "reflectance; download the product again."
            )
        if math.isfinite(sun) and sun > 0.01:
            found[f"SR_B{band}" if surface else f"B{band}"] = scale / sun, offset / sun
    return found


def _number(text: str | None, shown: str) -> float:
    try:
        number = float(text or "")
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise SceneError(f"{shown} is damaged: {str(text)[:20]!r} is no number; download the product again.")
    return number
