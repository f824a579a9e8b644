"""STAC items, item collections, collections and catalogues that lie on this machine, and the images they name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from planimeter.errors import InputError, SceneError
from planimeter.raster.files import shown_name

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
        features = content.get("features")
        return isinstance(features, list) and any(
            "assets" in feature for feature in features if _is_object(feature)
        )
    return "stac_version" in content


def stac_assets(path: Path, asset: str | None) -> Iterator[tuple[str, Path | InputError]]:
    """The image of every item below a STAC file, in alphabetical order of the items' ids.

    Args:
        path: an item, item collection, collection or catalogue.
        asset: key of the asset to take; None for the one image there is, or the one named visual, image or data.

    Yields:
        (how to name it, its file or why there is none).

    Raises:
        SceneError: the file or one it links to cannot be read.
    """
    items = sorted(_items(path, 0), key=lambda pair: (str(pair[1].get("id", "")), str(pair[0])))
    if not items:
        raise SceneError(f"The STAC file {shown_name(path.name)} leads to no items; give one that does.")
    for file, item in items:
        shown = f"{file}#{item.get('id', '')}"
        try:
            key, href = _choose(item, asset)
            yield f"{shown}:{key}", _local(href, file)
        except InputError as problem:
            yield shown, problem


def _items(path: Path, depth: int) -> Iterator[tuple[Path, dict[str, Any]]]:
    content = _read(path)
    kind = content.get("type")
    if kind == "Feature":
        yield path, content
    elif kind == "FeatureCollection":
        yield from ((path, item) for item in content.get("features", ()) if _is_object(item))
    elif depth >= _DEEPEST:
        raise SceneError(
            f"The STAC file {shown_name(path.name)} is nested too deeply; give one further down."
        )
    else:
        links = [link for link in content.get("links", ()) if _is_object(link)]
        for link in links:
            if link.get("rel") in ("item", "child"):
                yield from _items(_local(str(link.get("href", "")), path), depth + 1)


def _choose(item: dict[str, Any], wanted: str | None) -> tuple[str, str]:
    assets = {
        key: value
        for key, value in (item.get("assets") or {}).items()
        if _is_object(value) and value.get("href")
    }
    name = shown_name(item.get("id", ""))
    if wanted is not None:
        if wanted not in assets:
            raise SceneError(
                f"The STAC item {name} has no asset {wanted[:40]!r}; --asset can be {', '.join(assets) or 'nothing'}."
            )
        return wanted, str(assets[wanted]["href"])
    images = {key: value for key, value in assets.items() if _is_picture(value)}
    if len(images) > 1:
        usual = [key for key in _USUAL_ASSETS if key in images]
        if not usual:
            raise SceneError(
                f"The STAC item {name} has several images; choose one with --asset: {', '.join(images)}."
            )
        images = {usual[0]: images[usual[0]]}
    if not images:
        raise SceneError(
            f"The STAC item {name} has no image; choose an asset with --asset: {', '.join(assets)}."
        )
    ((key, value),) = images.items()
    return key, str(value["href"])


def _is_picture(asset: dict[str, Any]) -> bool:
    roles = set(asset.get("roles") or ())
    kind = str(asset.get("type", ""))
    looks = kind.startswith("image/") or (not kind and Path(str(asset["href"])).suffix.lower() != ".json")
    return looks and not roles & _NO_IMAGES


def _local(href: str, beside: Path) -> Path:
    """The file an href names, relative to the STAC file that has it."""
    parts = urlsplit(href)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    if parts.scheme and len(parts.scheme) > 1:
        raise SceneError(
            f"{shown_name(href)} is not on this machine; download it, for example with `stac-asset download`, and "
            "give the local STAC file."
        )
    return beside.parent / href


def _read(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > _LARGEST:
            raise SceneError(
                f"The STAC file {shown_name(path.name)} is larger than 256 MB; split it into items."
            )
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as problem:
        raise SceneError(f"{shown_name(str(path))} cannot be read as JSON; check the file.") from problem
    if not _is_object(content):
        raise SceneError(
            f"{shown_name(path.name)} is JSON, but no STAC; give an item, a collection or images."
        )
    return dict(content)


def _is_object(value: Any) -> bool:
    return isinstance(value, dict)
