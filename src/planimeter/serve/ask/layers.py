"""Layers of polygons that belong to a scene: uploaded for it, or among its own maps; areas of interest and zones."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from planimeter.errors import LabelError
from planimeter.raster import Scene
from planimeter.raster.vector import read_features
from planimeter.raster.vector_source import VectorSource
from planimeter.raster.vectorfile import open_vector
from planimeter.serve.ask.scenes import Listed
from planimeter.serve.ask.store import AnswerStore
from planimeter.serve.ask.strange_vectors import keep_polygons
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.images import file_hash

OF_MAPS = "map-"  # how ids of layers among a scene's own maps begin
_ABOUT = "layer.json"
_NO_LAYER = "This scene has no such layer, or it has expired; upload it again, or draw the area."
_SAMPLES = 3  # values of an attribute that are told
_LIKELY = ("name", "label", "title", "bezeichnung", "district", "zone", "id", "code", "nr")
_LONGEST = 40  # letters of a value that is told


@dataclass(frozen=True)
class LayerFile:
    """A layer of polygons.

    Attributes:
        id: how requests name it.
        name: how people name it.
        path: its file.
        origin: "upload", or "map" for one of the scene's own maps.
    """

    id: str
    name: str
    path: Path
    origin: str


@dataclass(frozen=True)
class Attribute:
    """An attribute of a layer: its name, some of its values, and how many different ones there are."""

    name: str
    samples: tuple[str, ...]
    different: int


@dataclass(frozen=True)
class LayerAbout:
    """What is in a layer.

    Attributes:
        features: how many.
        fields: their attributes; none told where there are more features than zones may be.
        likely: the attribute that probably names them; None where none does.
    """

    features: int
    fields: tuple[Attribute, ...] = ()
    likely: str | None = None


class Layers:
    """The layers of a server's scenes.

    Args:
        store: where uploads lie.
        most: polygons of one layer.
    """

    def __init__(self, store: AnswerStore, most: int) -> None:
        self._store, self.most = store, most

    def add(self, listed: Listed, scene: Scene, stream: BinaryIO, name: str) -> LayerFile:
        """Keep a stranger's polygons for a scene.

        Args:
            listed: the scene.
            scene: the same, opened: what does not lie on it is refused.
            stream: the file.
            name: as its owner calls it, safe to show.

        Raises:
            Refused: it is of no kind that is taken, or too large.
            LabelError: it cannot be read, or lies elsewhere.
        """
        digest = hashlib.sha256(f"{listed.id}\0{name}\0{file_hash(stream)}".encode()).hexdigest()
        layer = f"l-{digest[:24]}"
        if self._store.find("layers", layer) is None:
            with self._store.adding("layers", layer) as place:
                kept = keep_polygons(stream, name, place, self.most)
                if not len(read_features(str(kept), scene).pixels):
                    raise LabelError(f"Nothing of {name!r} lies in this scene; send polygons of its place.")
                about = {"scene": listed.id, "name": name, "file": kept.name, "added": time.time()}
                (place / _ABOUT).write_text(json.dumps(about), encoding="utf-8")
        return self.find(listed, layer)

    def of(self, listed: Listed) -> list[LayerFile]:
        """The layers of a scene: its own maps of polygons, then uploads, those used last first."""
        found = [_own(topic, path) for topic, path in listed.maps.vectors]
        for layer in self._store.names("layers"):
            about = _about(self._store.folder / "layers" / layer)
            if about is not None and about["scene"] == listed.id:
                found.append(_uploaded(layer, about, self._store.folder / "layers" / layer))
        return found

    def find(self, listed: Listed, layer: str) -> LayerFile:
        """A layer of a scene by its id.

        Raises:
            Refused: the scene has none of that id.
        """
        for topic, path in listed.maps.vectors:
            if layer == OF_MAPS + topic:
                return _own(topic, path)
        place = self._store.find("layers", layer)
        about = _about(place) if place is not None else None
        if place is None or about is None or about["scene"] != listed.id:
            raise HTTPError(404, _NO_LAYER)
        return _uploaded(layer, about, place)

    def zones(self, listed: Listed, layer: str) -> LayerFile:
        """A layer that may stand for zones.

        Raises:
            Refused: there is none, or it has too many polygons.
            LabelError: it cannot be read.
        """
        found = self.find(listed, layer)
        count = about_layer(found.path, self.most).features
        if count > self.most:
            raise HTTPError(
                413,
                f"{found.name} has {count:,} polygons and this server takes {self.most:,} zones; merge some, or ask "
                "inside one area.",
            )
        return found


def about_layer(path: Path, most: int) -> LayerAbout:
    """What is in a layer; known until its file changes.

    Args:
        path: of the layer.
        most: features up to which attributes are looked at.

    Raises:
        LabelError: it cannot be read, or holds no polygons.
    """
    state = path.stat()
    return _looked_at(path, most, state.st_size, state.st_mtime_ns)


@lru_cache(maxsize=256)
def _looked_at(path: Path, most: int, size: int, changed: int) -> LayerAbout:
    import pyogrio

    layer = open_vector(VectorSource(str(path)))
    if layer.dimension not in (2, None):
        raise LabelError(f"{layer.name} holds no polygons; give a layer of polygons.")
    drawn = next(str(name) for name, kind in pyogrio.list_layers(path) if kind is not None)
    count = int(pyogrio.read_info(path, layer=drawn, force_feature_count=True)["features"])
    if count > most:
        return LayerAbout(count)
    meta, _, _, data = pyogrio.raw.read(path, layer=drawn, read_geometry=False, datetime_as_string=True)
    fields = []
    for name, values in zip(meta["fields"], data, strict=True):
        told = [str(value) for value in values.tolist() if value is not None and value == value]
        kinds = dict.fromkeys(told)
        samples = tuple(value[:_LONGEST] for value in list(kinds)[:_SAMPLES])
        fields.append(Attribute(str(name), samples, len(kinds)))
    return LayerAbout(count, tuple(fields), _likely(fields, count))


def _likely(fields: list[Attribute], count: int) -> str | None:
    """The attribute that probably names the features: different for (almost) each, and called like a name.

    >>> _likely([Attribute("fid_2", ("1",), 3), Attribute("NAME", ("Harbour",), 3)], 3)
    'NAME'
    """
    telling = [each for each in fields if each.different > 1 or count == 1]

    def rank(field: Attribute) -> tuple[bool, int, bool]:
        name = field.name.lower()
        place = next((k for k, word in enumerate(_LIKELY) if word in name), len(_LIKELY))
        return field.different < count, place, not any(c.isalpha() for c in "".join(field.samples))

    return min(telling, key=rank).name if telling else None


def _own(topic: str, path: Path) -> LayerFile:
    return LayerFile(OF_MAPS + topic, path.name, path, "map")


def _uploaded(layer: str, about: dict[str, Any], place: Path) -> LayerFile:
    return LayerFile(layer, str(about["name"]), place / str(about["file"]), "upload")


def _about(place: Path) -> dict[str, Any] | None:
    """What is written about an upload; None where it is gone."""
    try:
        about = json.loads((place / _ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about if isinstance(about, dict) else None
