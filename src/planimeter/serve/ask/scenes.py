"""The scenes people may ask about: in allowed folders, and uploaded; opened ones stay open for the next question."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planimeter.errors import SceneError
from planimeter.raster import Scene
from planimeter.raster.files import read_with
from planimeter.segment import Segmenter
from planimeter.serve.ask.bounds import AskLimits
from planimeter.serve.ask.folders import Folders
from planimeter.serve.ask.sidecar import Maps
from planimeter.serve.ask.store import AnswerStore
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.images import check_beginning, check_unpacked, checked_scene

_KEPT_OPEN = 8
ABOUT = "scene.json"
_NO_SCENE = "There is no such scene, or it has expired; GET /v1/scenes lists what there is."


@dataclass(frozen=True)
class Listed:
    """A scene that may be opened.

    Attributes:
        id: how requests name it.
        name: how people name it; the last part of it was chosen by whoever made the file.
        origin: "folder" or "upload".
        file: the image.
        maps: what is known of it.
        gsd: metres per pixel as given with the upload; None otherwise.
        bands: which band is which, as given with the upload or to the server.
        clouds: "auto", "none" or a file: what hides pixels.
        added: of an upload: seconds since 1970.
    """

    id: str
    name: str
    origin: str
    file: Path
    maps: Maps
    gsd: float | None = None
    added: float | None = None
    bands: str | None = None
    clouds: str | None = None

    def files(self) -> tuple[tuple[Path, int, int], ...]:
        """All files that the scene and its maps are read from, with size and time of change: the same while they hold
        the same.

        Raises:
            SceneError: one of them cannot be read.
        """
        try:
            hiding = [] if self.clouds in (None, "auto", "none") else read_with(Path(str(self.clouds)))
            found = [(file, file.stat()) for file in (*read_with(self.file), *self.maps.files(), *hiding)]
        except OSError as error:
            raise SceneError(
                f"The scene's files cannot be read ({error.strerror}); list the scenes again."
            ) from None
        return tuple((file, said.st_size, said.st_mtime_ns) for file, said in found)

    def stamp(self) -> str:
        """A text of ``files`` that an answer keeps.

        Raises:
            SceneError: one of them cannot be read.
        """
        told = [(file.name, size, time) for file, size, time in self.files()]
        return hashlib.sha256(repr(told).encode("utf-8", "surrogateescape")).hexdigest()[:32]


@dataclass(frozen=True)
class OpenedScene:
    """A scene that was opened and found fit, with its maps.

    Attributes:
        listed: what it is.
        scene: the image.
        maps: a segmenter per map.
        stamp: ``Listed.stamp`` from before it was opened.
    """

    listed: Listed
    scene: Scene
    maps: Sequence[Segmenter]
    stamp: str


class Scenes:
    """All scenes of a server.

    Args:
        store: where uploads lie.
        folders: folders that may be looked into.
        bounds: what is accepted.
        gsd: metres per pixel of pictures that do not say.
        bands: which band is which, in files that do not say.
        clouds: "auto" or "none", of scenes that bring no mask of their own.
    """

    def __init__(
        self,
        store: AnswerStore,
        folders: Folders,
        bounds: AskLimits,
        gsd: float | None = None,
        bands: str | None = None,
        clouds: str | None = None,
    ) -> None:
        self._store, self._folders, self._bounds, self._gsd = store, folders, bounds, gsd
        self._bands, self._clouds = bands, clouds
        self._open: OrderedDict[tuple[object, ...], OpenedScene] = OrderedDict()
        self._lock = threading.Lock()

    def listed(self) -> list[tuple[str, str, str, float | None]]:
        """(id, name, origin, when it was added) of all scenes: uploads used last first, then folders by name."""
        uploads: list[tuple[str, str, str, float | None]] = []
        for name in self._store.names("scenes"):
            about = _about(self._store.folder / "scenes" / name)
            if about is not None:
                uploads.append((name, str(about["name"]), "upload", about.get("added")))
        return uploads + [(id, name, "folder", None) for id, (name, _) in self._folders.listed().items()]

    def rename(self, scene: str, name: str) -> None:
        """Give an upload another name.

        Args:
            scene: its id.
            name: what people call it from now on.

        Raises:
            Refused: there is none, or it lies in a folder.
        """
        place = self._upload(scene)
        about = _about(place)
        if about is None:
            raise HTTPError(404, _NO_SCENE)
        unfinished = place / f".{ABOUT}-{secrets.token_hex(4)}"
        unfinished.write_text(json.dumps({**about, "name": name}), encoding="utf-8")
        os.replace(unfinished, place / ABOUT)

    def remove(self, scene: str) -> None:
        """Take an upload away.

        Raises:
            Refused: there is none, or it lies in a folder.
        """
        self._upload(scene)
        self._store.remove("scenes", scene)

    def _upload(self, scene: str) -> Path:
        if self._folders.find(scene) is not None:
            raise HTTPError(
                403, "This scene lies in a folder of the server; only uploads can be renamed or deleted."
            )
        place = self._store.find("scenes", scene)
        if place is None:
            raise HTTPError(404, _NO_SCENE)
        return place

    def find(self, scene: str) -> Listed:
        """A scene by its id, not yet opened.

        Raises:
            Refused: there is none, or no longer.
        """
        found = self._folders.find(scene)
        if found is not None:
            name, file, maps = found
            return Listed(
                scene, name, "folder", file, maps, self._gsd, bands=self._bands, clouds=self._clouds
            )
        place = self._store.find("scenes", scene)
        about = _about(place) if place is not None else None
        if place is None or about is None:
            raise HTTPError(404, _NO_SCENE)
        labels, legend = about["labels"], about["legend"]
        maps = Maps(
            place / labels if labels else None,
            None if legend is None else place / legend if legend == "legend.json" else legend,
            tuple((topic, place / file) for topic, file in about["vectors"]),
        )
        gsd = self._gsd if about["gsd"] is None else about["gsd"]
        clouds = about.get("clouds") or self._clouds
        return Listed(
            scene,
            about["name"],
            "upload",
            place / about["image"],
            maps,
            gsd,
            about.get("added"),
            about.get("bands") or self._bands,
            clouds if clouds in (None, "auto", "none") else str(place / clouds),
        )

    def open(self, scene: str) -> OpenedScene:
        """A scene by its id, opened and checked; the same object while its files stay the same.

        Raises:
            Refused: there is none, or it is larger than the server takes.
            InputError: it or its maps cannot be read.
        """
        listed = self.find(scene)
        stamp = listed.stamp()
        key = (scene, listed.name, stamp)
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
                return self._open[key]
        opened = self._checked(listed, stamp)
        with self._lock:
            kept = self._open.setdefault(key, opened)  # another request may have been faster
            while len(self._open) > _KEPT_OPEN:
                self._open.popitem(last=False)
        return kept

    def _checked(self, listed: Listed, stamp: str) -> OpenedScene:
        pixels = self._bounds.pixels
        if not _is_text(listed.file):
            raise SceneError(
                "The scene's path holds bytes that are no UTF-8, so it cannot be opened; rename it."
            )
        for raster in (listed.file, listed.maps.labels):
            if raster is not None:
                with raster.open("rb") as stream:
                    check_beginning(stream)
        scene = checked_scene(listed.file, listed.gsd, pixels, listed.bands, listed.clouds)
        if listed.maps.labels is not None:
            check_unpacked(listed.maps.labels, pixels)
        warnings = (*scene.warnings, *listed.maps.warnings())
        return OpenedScene(
            listed, replace(scene, name=listed.name, warnings=warnings), listed.maps.segmenters(), stamp
        )


def _is_text(file: Path) -> bool:
    """Whether GDAL can be told of a path, which it takes as UTF-8."""
    try:
        str(file).encode()
    except UnicodeEncodeError:
        return False
    return True


def _about(place: Path) -> dict[str, Any] | None:
    """What is written about an upload; None where it is gone."""
    try:
        about = json.loads((place / ABOUT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about if isinstance(about, dict) else None
