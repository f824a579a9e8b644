"""STAC items, item collections, collections and catalogues that lie on this machine, and the images they name."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from planimeter.errors import InputError, SceneError, shown_name
from planimeter.raster.stac_item import is_item, read_item

_LARGEST = 256 << 20  # bytes of one JSON file
_DEEPEST = 8  # catalogues inside catalogues
_USUAL_ASSETS = ("visual", "image", "data")
_NO_IMAGES = {"thumbnail", "overview", "metadata", "labels"}


def is_stac(path: Path) -> bool:
    """Whether a JSON file is a STAC item, item collection, collection or catalogue.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "legend.json"
    >>> _ = file.write_text('{"water": [5]}')
    >>> is_stac(file)
    False
    """
    content = _read(path)
    if content.get("type") == "FeatureCollection":
        return any("assets" in feature for feature in _objects(content.get("features")))
    return "stac_version" in content


def stac_assets(path: Path, asset: str | None) -> Iterator[tuple[str, Path | InputError]]:
    """The image of every item below a STAC file, in alphabetical order of the items' ids.

    Args:
        path: an item, item collection, collection or catalogue.
        asset: key of the asset to take; None for the one image there is, the one named visual, image or data, or all
            bands of a single item.

    Yields:
        (how to name it, its file or why there is none).

    Raises:
        SceneError: the file or one it links to cannot be read.
    """
    items = sorted(_items(path, 0), key=lambda item: (item.name, str(item.file)))
    if not items:
        raise SceneError(f"The STAC file {shown_name(path.name)} leads to no items; give one that does.")
    for item in items:
        shown = f"{item.file}#{item.name}"
        try:
            chosen = _choose(item, asset)
            yield f"{shown}:{chosen.key}", _local(chosen.href, item.file)
        except InputError as problem:
            # Where no one asset is the image, an item whose assets are bands is the scene itself.
            whole = asset is None and is_item(item.file) and _has_bands(item.file)
            yield shown, item.file if whole else problem


@dataclass(frozen=True)
class _Asset:
    """One file of an item; made only of what has the types that STAC says."""

    key: str
    href: str
    kind: str
    roles: frozenset[str]

    @property
    def is_picture(self) -> bool:
        looks = self.kind.startswith("image/") or (
            not self.kind and PurePosixPath(self.href).suffix.lower() != ".json"
        )
        return looks and not self.roles & _NO_IMAGES


@dataclass(frozen=True)
class _Item:
    """One item, and the file that it stands in."""

    file: Path
    name: str
    assets: dict[str, _Asset]


def _item_of(content: dict[str, Any], file: Path) -> _Item:
    given = content.get("assets")
    assets = {}
    for key, value in given.items() if isinstance(given, dict) else ():
        href = value.get("href") if isinstance(value, dict) else None
        if isinstance(href, str) and href:
            roles = value.get("roles")
            said = (
                frozenset(role for role in roles if isinstance(role, str))
                if isinstance(roles, list)
                else frozenset()
            )
            kind = value.get("type")
            assets[key] = _Asset(key, href, kind if isinstance(kind, str) else "", said)
    name = content.get("id")
    return _Item(file, name if isinstance(name, str) else "" if name is None else str(name)[:100], assets)


def _items(path: Path, depth: int) -> Iterator[_Item]:
    content = _read(path)
    kind = content.get("type")
    if kind == "Feature":
        yield _item_of(content, path)
    elif kind == "FeatureCollection":
        yield from (_item_of(item, path) for item in _objects(content.get("features")))
    elif depth >= _DEEPEST:
        raise SceneError(
            f"The STAC file {shown_name(path.name)} is nested too deeply; give one further down."
        )
    else:
        for link in _objects(content.get("links")):
            if link.get("rel") in ("item", "child"):
                href = link.get("href")
                if not isinstance(href, str) or not href:
                    raise SceneError(
                        f"The STAC file {shown_name(path.name)} has a link that leads nowhere; correct its href."
                    )
                yield from _items(_local(href, path), depth + 1)


def _has_bands(file: Path) -> bool:
    try:
        return bool(read_item(file).assets)
    except InputError:
        return False


def _choose(item: _Item, wanted: str | None) -> _Asset:
    name, assets = shown_name(item.name), item.assets
    listed = ", ".join(map(shown_name, assets)) or "nothing"
    if wanted is not None:
        if wanted not in assets:
            raise SceneError(f"The STAC item {name} has no asset {wanted[:40]!r}; --asset can be {listed}.")
        return assets[wanted]
    images = [asset for asset in assets.values() if asset.is_picture]
    if not images:
        raise SceneError(f"The STAC item {name} has no image; choose an asset with --asset: {listed}.")
    if len(images) == 1:
        return images[0]
    usual = [assets[key] for key in _USUAL_ASSETS if key in assets and assets[key] in images]
    if not usual:
        keys = ", ".join(shown_name(asset.key) for asset in images)
        raise SceneError(f"The STAC item {name} has several images; choose one with --asset: {keys}.")
    return usual[0]


def _local(href: str, beside: Path) -> Path:
    """The file an href names, relative to the STAC file that has it."""
    try:
        parts = urlsplit(href)
        path = Path(unquote(parts.path)) if parts.scheme == "file" else beside.parent / href
        if b"\0" in os.fsencode(path):
            raise ValueError("no file can be called so")
    except ValueError:
        raise SceneError(
            f"{shown_name(href)} names no file; correct that href in {shown_name(beside.name)}."
        ) from None
    if parts.scheme and parts.scheme != "file" and len(parts.scheme) > 1:
        raise SceneError(
            f"{shown_name(href)} is not on this machine; download it, for example with `stac-asset download`, and "
            "give the local STAC file."
        )
    return path


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise SceneError(
                f"The STAC file {shown_name(path.name)} is larger than 256 MB; split it into items."
            )
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as problem:
        raise SceneError(f"{shown_name(str(path))} cannot be read as JSON; check the file.") from problem
    if not isinstance(content, dict):
        raise SceneError(
            f"{shown_name(path.name)} is JSON, but no STAC; give an item, a collection or images."
        )
    return content


def _objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a JSON list; nothing where it is no list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
