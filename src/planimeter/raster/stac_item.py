"""One STAC item whose assets lie on this machine: which file holds which band."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from planimeter.errors import SceneError, shown_name
from planimeter.raster.band_colours import by_wavelength, colour_of
from planimeter.raster.reflectance import SENTINEL2_SCALE

_LARGEST = 16 << 20  # bytes of an item
_ROLES_LEFT_OUT = {"thumbnail", "overview", "metadata", "visual"}
#: Keys of pictures for people, which some catalogues give the role "data": their bytes are no reflectance.
_KEYS_LEFT_OUT = {"visual", "tci", "true_color", "preview", "rendered_preview", "thumbnail", "overview"}


@dataclass(frozen=True)
class ItemBand:
    """One band of an asset; reflectance = value × scale + offset, None where the item does not say."""

    colour: str
    name: str
    scale: float | None
    offset: float | None


@dataclass(frozen=True)
class Asset:
    """A file of an item that lies on this machine.

    Attributes:
        key: as the item calls it.
        path: the file.
        bands: its bands in order; None for one without a colour.
    """

    key: str
    path: Path
    bands: tuple[ItemBand | None, ...]


@dataclass(frozen=True)
class Item:
    """What an item holds.

    Attributes:
        assets: its files of bands and masks.
        notes: what was made of what it says of reflectance, for answers.
        baseline: Sentinel-2's processing baseline as names of its products have it, "N0510"; "" where it says none.
    """

    assets: tuple[Asset, ...]
    notes: tuple[str, ...] = ()
    baseline: str = ""


def is_item(file: Path) -> bool:
    """Whether a JSON file is one STAC item."""
    try:
        if file.stat().st_size > _LARGEST:
            return False
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return (
        isinstance(content, dict)
        and content.get("type") == "Feature"
        and isinstance(content.get("assets"), dict)
    )


def read_item(file: Path) -> Item:
    """The assets of an item that hold bands or masks, and what its properties say of their offset.

    Raises:
        SceneError: none of them lies on this machine.
    """
    content = json.loads(file.read_text(encoding="utf-8"))
    properties = content.get("properties")
    properties = properties if isinstance(properties, dict) else {}
    found, elsewhere = [], []
    notes: dict[str, None] = {}
    for key, said in content["assets"].items():
        if not isinstance(said, dict) or not isinstance(said.get("href"), str):
            continue
        roles = said.get("roles")
        left_out = isinstance(roles, list) and _ROLES_LEFT_OUT & {str(role) for role in roles}
        if left_out or re.sub(r"[-_]\d+m$", "", key.lower()) in _KEYS_LEFT_OUT:
            continue
        bands, note = _corrected(_bands(said), properties)
        path = _local(said["href"], file)
        if path is None:
            elsewhere.append(key)
        elif any(bands) or "scl" in key.lower() or "qa_pixel" in key.lower() or "fmask" in key.lower():
            found.append(Asset(str(key), path, bands))
            notes |= dict.fromkeys(note)
    if not any(any(asset.bands) for asset in found):
        where = (
            f"its assets ({shown_name(elsewhere[0])} and the like) are not on this machine; download them, for example "
            "with `stac-asset download`"
            if elsewhere
            else "no asset of it says which bands it holds (eo:bands); give the files themselves"
        )
        raise SceneError(f"{shown_name(file.name)} cannot be opened as a scene: {where}.")
    baseline = re.fullmatch(r"(\d\d)\.(\d\d)", str(properties.get("s2:processing_baseline", "")))
    return Item(tuple(found), tuple(notes), f"N{baseline.group(1)}{baseline.group(2)}" if baseline else "")


def _corrected(
    bands: tuple[ItemBand | None, ...], properties: dict[str, Any]
) -> tuple[tuple[ItemBand | None, ...], tuple[str, ...]]:
    """Bands with the offset that an item's properties tell, and what was made of it.

    Earth Search's values have had Sentinel-2's offset taken off where the item says ``earthsearch:boa_offset_applied``;
    its ``raster:bands`` name it all the same, or the processing baseline would.
    """
    if True not in [value for key, value in properties.items() if str(key).endswith("boa_offset_applied")]:
        return bands, ()
    named = any(band is not None and band.offset for band in bands)
    silent = any(band is not None and band.scale is None for band in bands)
    if not named and not silent:
        return bands, ()
    changed = tuple(
        None if band is None else replace(band, scale=band.scale or SENTINEL2_SCALE, offset=0.0)
        for band in bands
    )
    return changed, (
        "The item says that the offset of its values has been applied already (boa_offset_applied), so none was "
        f"added{'; its raster:bands name one all the same' if named else ''}. If that is wrong, give --bands "
        "scale=0.0001,offset=-0.1.",
    )


def _local(href: str, beside: Path) -> Path | None:
    try:
        parts = urlsplit(href)
        if parts.scheme not in ("", "file") and len(parts.scheme) > 1:
            return None
        path = Path(unquote(parts.path)) if parts.scheme == "file" else beside.absolute().parent / href
        return path if not path.as_posix().startswith("/vsi") and path.is_file() else None
    except (OSError, ValueError):
        return None


def _bands(said: dict[str, Any]) -> tuple[ItemBand | None, ...]:
    """By ``eo:bands`` and ``raster:bands``, or by ``bands`` of STAC 1.1."""
    eo, raster = said.get("eo:bands"), said.get("raster:bands")
    if not isinstance(eo, list):
        eo = said.get("bands")
        raster = eo if not isinstance(raster, list) else raster
    if not isinstance(eo, list):
        return ()
    found: list[ItemBand | None] = []
    for place, band in enumerate(eo[:1000]):
        if not isinstance(band, dict):
            found.append(None)
            continue
        name = str(band.get("name", ""))[:60]
        common = band.get("common_name", band.get("eo:common_name"))
        colour = (colour_of(common) if isinstance(common, str) else None) or colour_of(name)
        if colour is None:
            centre = band.get("center_wavelength", band.get("eo:center_wavelength"))
            near = by_wavelength([float(centre)]) if isinstance(centre, int | float) else {}
            colour = next(iter(near), None)
        # All three are called "rededge" in older items.
        if colour == "rededge1" and name.upper() in ("B06", "B07"):
            colour = f"rededge{int(name[-1]) - 4}"
        more: dict[str, Any] = raster[place] if isinstance(raster, list) and place < len(raster) else {}
        more = more if isinstance(more, dict) else {}
        scale, offset = (
            more.get(k, more.get(f"raster:{k}", said.get(f"raster:{k}"))) for k in ("scale", "offset")
        )
        found.append(
            None
            if colour is None
            else ItemBand(
                colour,
                name or colour,
                float(scale) if isinstance(scale, int | float) and scale > 0 else None,
                float(offset) if isinstance(offset, int | float) else None,
            )
        )
    return tuple(found)
