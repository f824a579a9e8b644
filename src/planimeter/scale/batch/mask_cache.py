"""Masks of a scene that are needed again: for several programs of one task, and on disk for joined scenes."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from planimeter.atomic import writing
from planimeter.errors import UsageError, shown_name
from planimeter.raster import Scene
from planimeter.segment import Segmenter
from planimeter.segment.base import features_in
from planimeter.spatial import Features

_VALID = "valid pixels"  # no topic is called so


class Keeping:
    """A segmenter that segments each topic of one scene only once, whatever number of programs ask.

    Args:
        source: where masks come from.
    """

    def __init__(self, source: Segmenter) -> None:
        self.source = source
        self.name = source.name
        self.topics = source.topics
        self.seen: dict[str, np.ndarray] = {}
        self._valid: np.ndarray | None = None
        self._judged = False

    def masks(self, scene: Scene, topics: Sequence[str]) -> dict[str, np.ndarray]:
        """One (H, W) bool mask per topic; see ``Segmenter.masks``."""
        missing = [topic for topic in topics if topic not in self.seen]
        if missing:
            self.seen.update(self.source.masks(scene, missing))
        return {topic: self.seen[topic] for topic in topics}

    def features(self, scene: Scene, topics: Sequence[str]) -> dict[str, Features]:
        """Those of the source."""
        return features_in(self.source, scene, topics)

    def valid(self, scene: Scene) -> np.ndarray | None:
        """Pixels that the scene shows and the source has an opinion on; None where these are all."""
        if not self._judged:
            own, judged = scene.valid(), self.source.valid(scene)
            valid = own if judged is None else own & judged
            self._valid = None if valid.all() else valid
            self._judged = True
        return self._valid

    def cautions(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Those of the source."""
        return self.source.cautions(topics)

    def fingerprint(self) -> str:
        """That of the source."""
        return self.source.fingerprint()


def keep_masks(path: Path, masks: Mapping[str, np.ndarray], valid: np.ndarray | None) -> None:
    """Write masks of one scene, a bit per pixel, compressed; complete or not at all.

    Args:
        path: file to write, ``.npz``.
        masks: topic → (H, W) bool; at least one.
        valid: (H, W) bool pixels that count; None for all.

    Raises:
        UsageError: the file cannot be written.
    """
    height, width = next(iter(masks.values())).shape
    packed = {topic: np.packbits(mask) for topic, mask in masks.items()}
    if valid is not None:
        packed[_VALID] = np.packbits(valid)
    with writing(path, f"{os.getpid()}-{os.urandom(4).hex()}") as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, shape=np.array([height, width]), **packed)  # type: ignore[arg-type]


class KeptMasks:
    """Masks that ``keep_masks`` wrote, read one by one.

    Raises:
        UsageError: the file cannot be read; the methods raise it as well.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.npz"
    >>> keep_masks(file, {"water": np.eye(3, dtype=bool)}, None)
    >>> KeptMasks(file).mask("water").sum(), KeptMasks(file).valid().all(), KeptMasks(file).mask("road")
    (np.int64(3), np.True_, None)
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._opened() as file:
            self.shape: tuple[int, int] = tuple(file["shape"].tolist())
            self.topics = tuple(name for name in file.files if name not in ("shape", _VALID))

    def mask(self, topic: str) -> np.ndarray | None:
        """(H, W) bool of a topic; None where it was not kept."""
        return self._read(topic) if topic in self.topics else None

    def valid(self) -> np.ndarray:
        """(H, W) bool: pixels that count."""
        found = self._read(_VALID)
        return np.ones(self.shape, bool) if found is None else found

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        try:
            with np.load(self._path) as file:
                yield file
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as problem:
            raise UsageError(
                f"The masks in {shown_name(str(self._path))} cannot be read ({problem}): remove that file, and repeat "
                "the command."
            ) from None

    def _read(self, name: str) -> np.ndarray | None:
        with self._opened() as file:
            if name not in file.files:
                return None
            height, width = self.shape
            return np.unpackbits(file[name], count=height * width).reshape(height, width).view(bool)
