"""Masks of a scene on disk, for scenes that are joined to others or cover some of their ground.

This is no memory in front of a segmenter (``planimeter.segment.memory`` is): it carries masks from the task that looked
at a scene to another task, mostly in another process or on another machine, that measures several scenes as one.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np

from planimeter.atomic import writing
from planimeter.errors import UsageError, shown_name
from planimeter.segment.base import Seen, about
from planimeter.segment.dates import EARLIER

_VALID, _SAID, _UNSURE = "valid pixels", "what was said", "not sure: "  # no topics are called so


def keep_masks(path: Path, seen: Seen) -> None:
    """Write what was seen of one scene, a bit per pixel, compressed; complete or not at all.

    Args:
        path: file to write, ``.npz``.
        seen: at least one mask; ``valid`` are the pixels that count.

    Raises:
        UsageError: the file cannot be written.
    """
    height, width = next(iter(seen.masks.values())).shape
    packed = {topic: np.packbits(mask) for topic, mask in seen.masks.items()}
    packed |= {_UNSURE + topic: np.packbits(doubt) for topic, doubt in seen.unsure.items()}
    if seen.valid is not None:
        packed[_VALID] = np.packbits(seen.valid)
    packed[_SAID] = np.array(json.dumps({topic: about(seen.cautions, topic) for topic in seen.masks}))
    with writing(path, f"{os.getpid()}-{os.urandom(4).hex()}") as temporary, temporary.open("wb") as file:
        np.savez_compressed(file, shape=np.array([height, width]), **packed)  # type: ignore[arg-type]


class KeptMasks:
    """Masks that ``keep_masks`` wrote, read one by one.

    Raises:
        UsageError: the file cannot be read; the methods raise it as well.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.npz"
    >>> keep_masks(file, Seen({"water": np.eye(3, dtype=bool)}, None, ("Water is a guess.",)))
    >>> kept = KeptMasks(file)
    >>> kept.mask("water").sum(), kept.cautions("water"), kept.valid().all(), kept.mask("road")
    (np.int64(3), ('Water is a guess.',), np.True_, None)
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._opened() as file:
            self.shape: tuple[int, int] = tuple(file["shape"].tolist())
            self.topics = tuple(
                name
                for name in file.files
                if name not in ("shape", _VALID, _SAID) and not name.startswith(_UNSURE)
            )

    def mask(self, topic: str) -> np.ndarray | None:
        """(H, W) bool of a topic; None where it was not kept."""
        return self._read(topic) if topic in self.topics else None

    def unsure(self, topic: str) -> np.ndarray | None:
        """(H, W) bool, where the segmenter is not sure of a topic; None where it does not say so."""
        return self._read(_UNSURE + topic)

    def cautions(self, topic: str) -> tuple[str, ...]:
        """What a reader of an answer from the topic's mask should know."""
        with self._opened() as file:
            return tuple(json.loads(str(file[_SAID])).get(topic, ()))

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


class KeptBefore(KeptMasks):
    """The masks that were kept of a scene's earlier date, under the plain names of their topics.

    Args:
        kept: those of both dates.
    """

    def __init__(self, kept: KeptMasks) -> None:
        self._path = kept._path
        self.shape = kept.shape
        self.topics = tuple(t.removeprefix(EARLIER) for t in kept.topics if t.startswith(EARLIER))

    def mask(self, topic: str) -> np.ndarray | None:
        """See ``KeptMasks.mask``."""
        return self._read(EARLIER + topic) if topic in self.topics else None

    def unsure(self, topic: str) -> np.ndarray | None:
        """See ``KeptMasks.unsure``."""
        return self._read(_UNSURE + EARLIER + topic)

    def cautions(self, topic: str) -> tuple[str, ...]:
        """See ``KeptMasks.cautions``."""
        return super().cautions(EARLIER + topic)
