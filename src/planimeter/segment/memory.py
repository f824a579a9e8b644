"""What segmenters have seen of the scenes that are open: one memory in front of all kinds.

Segmenters remember nothing. Whoever looks through ``look`` here, as ``StackSegmenter`` does for all its sources, looks
only once for each topic of a scene, whatever number of programs, questions and threads ask.

Masks are remembered with the ``Scene`` they were seen on, and go with it: a file that is opened again is looked at
again, for it may be another one by then. A part of a scene is looked at afresh each time, because scenes are cut when
they are larger than memory.
"""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from planimeter.errors import NotMeasurable
from planimeter.raster import Scene
from planimeter.segment.base import Abilities, Seen, Segmenter, about, distinct, look_at, shape_of
from planimeter.spatial.runs import Box

#: Bytes that this process remembers: some twenty topics of a scene of 10,000 x 10,000 pixels.
LIMIT = 256 << 20
_VALID = ""  # stands among topics for the pixels that a segmenter has an opinion on
_PER_ENTRY = 400  # bytes of an entry besides its pixels, about

Made = TypeVar("Made")


@dataclass(frozen=True)
class _Mask:
    """One topic, a bit per pixel; without bits every pixel is True."""

    bits: np.ndarray | None
    cautions: tuple[str, ...] = ()
    features: Any = None
    unsure: np.ndarray | None = None

    def pixels(self, shape: tuple[int, int]) -> np.ndarray | None:
        """(h, w) bool, a new array; None where every pixel is True."""
        if self.bits is None:
            return None
        return np.unpackbits(self.bits, count=shape[0] * shape[1]).reshape(shape).view(bool)

    @property
    def bytes(self) -> int:
        pixels = 0 if self.bits is None else self.bits.nbytes
        pixels += 0 if self.unsure is None else self.unsure.nbytes
        return pixels + sum(map(len, self.cautions)) + int(getattr(self.features, "nbytes", 0))


@dataclass
class _Turn:
    """Held by whoever looks, so that others wait and then see the same."""

    lock: Any = field(default_factory=threading.RLock)
    holders: int = 0


class Memory:
    """What was seen last, as much as fits; safe to use from several threads.

    Args:
        limit: bytes it may hold; 0 remembers nothing.

    Attributes:
        used: bytes it holds.

    Example:
        >>> from planimeter.raster import open_scene
        >>> from planimeter.segment.labels import LabelSegmenter
        >>> from planimeter.worlds import make_world
        >>> import tempfile
        >>> paths = make_world(seed=1, size=128).write(tempfile.mkdtemp())
        >>> memory, scene = Memory(1 << 20), open_scene(paths["image"])
        >>> seen = memory.look(LabelSegmenter(paths["labels"], paths["legend"]), scene, ["water"])
        >>> seen.masks["water"].shape, memory.used > 0
        ((128, 128), True)
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self._kept: OrderedDict[tuple[int, str, str | None], tuple[Any, int]] = OrderedDict()
        self._scenes: dict[int, weakref.ref[Any]] = {}
        self._turns: dict[tuple[int, str], _Turn] = {}
        self._gone: deque[weakref.ref[Any]] = deque()
        self._lock = threading.Lock()

    def look(self, segmenter: Segmenter, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What a segmenter sees; it looks only for what is not remembered. The arrays are the caller's own.

        Raises:
            ModelError: a part is asked of one that can only look at whole scenes.
            NotMeasurable: a topic it does not offer.
        """
        can = Abilities.of(segmenter)
        if box is not None or not can.remembered:
            return look_at(segmenter, scene, topics, box)
        name = segmenter.fingerprint()
        with self._turn(scene, name):
            found: dict[str, _Mask] = {}
            for topic in (*topics, _VALID):
                remembered = self._get(scene, name, topic)
                if remembered is not None:
                    found[topic] = remembered
            missing = [topic for topic in dict.fromkeys(topics) if topic not in found]
            if not missing and _VALID in found:
                return _together(found, topics, scene, None)
            others = [topic for topic in segmenter.topics if topic not in missing] if can.together else []
            try:
                seen = look_at(segmenter, scene, [*missing, *others] if missing else ())
            except NotMeasurable:  # perhaps one that nobody asked for, which this scene does not allow
                if not others:
                    raise
                seen = look_at(segmenter, scene, missing)
            # What was asked for is remembered last, to be forgotten last.
            for topic in sorted(seen.masks, key=missing.__contains__):
                mask = np.packbits(seen.masks[topic])
                unsure = np.packbits(seen.unsure[topic]) if topic in seen.unsure else None
                found[topic] = _Mask(mask, about(seen.cautions, topic), seen.features.get(topic), unsure)
                self._put(scene, name, topic, found[topic], found[topic].bytes)
            found[_VALID] = _Mask(None if seen.valid is None else np.packbits(seen.valid))
            self._put(scene, name, _VALID, found[_VALID], found[_VALID].bytes)
            return _together(found, topics, scene, seen)

    def recall(self, scene: Scene, name: str, make: Callable[[], Made], size: Callable[[Made], int]) -> Made:
        """Something else that belongs to a scene and is dear to make; made anew when it is no longer remembered.

        Args:
            scene: what it belongs to.
            name: tells it from all else of that scene.
            make: makes it.
            size: how many bytes it takes.
        """
        with self._turn(scene, name):
            found: Made | None = self._get(scene, name, None)
            if found is None:
                found = make()
                self._put(scene, name, None, found, size(found))
        return found

    def forget(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._scenes.clear()
            self.used = 0

    def _get(self, scene: Scene, name: str, topic: str | None) -> Any:
        with self._lock:
            self._sweep()
            key = (id(scene), name, topic)
            kept = self._kept.get(key)
            if kept is None:
                return None
            self._kept.move_to_end(key)
            return kept[0]

    def _put(self, scene: Scene, name: str, topic: str | None, value: Any, size: int) -> None:
        size += _PER_ENTRY
        with self._lock:
            self._sweep()
            key = (id(scene), name, topic)
            self._drop(key)
            if size > self.limit:
                return
            if id(scene) not in self._scenes:
                self._scenes[id(scene)] = weakref.ref(scene, self._leave)
            self._kept[key] = value, size
            self.used += size
            while self.used > self.limit:
                self._drop(next(iter(self._kept)))

    def _drop(self, key: tuple[int, str, str | None]) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self.used -= kept[1]

    def _leave(self, reference: weakref.ref[Any]) -> None:
        """Called when a scene is gone: by any thread, at any time, so also by one that is at work here."""
        self._gone.append(reference)
        if self._lock.acquire(blocking=False):
            try:
                self._sweep()
            finally:
                self._lock.release()

    def _sweep(self) -> None:
        """Forget what belongs to scenes that are gone; their numbers may be given to others."""
        while self._gone:
            reference = self._gone.popleft()
            for number in [each for each, known in self._scenes.items() if known is reference]:
                del self._scenes[number]
                for key in [key for key in self._kept if key[0] == number]:
                    self._drop(key)

    @contextmanager
    def _turn(self, scene: Scene, name: str) -> Iterator[None]:
        """Let one thread after the other look at a scene in the same way."""
        key = (id(scene), name)
        with self._lock:
            turn = self._turns.setdefault(key, _Turn())
            turn.holders += 1
        try:
            with turn.lock:
                yield
        finally:
            with self._lock:
                turn.holders -= 1
                if not turn.holders:
                    del self._turns[key]


def _together(found: dict[str, _Mask], topics: Sequence[str], scene: Scene, fresh: Seen | None) -> Seen:
    """What was asked for, from what is remembered and what was just seen."""
    shape = shape_of(scene, None)
    masks: dict[str, np.ndarray] = {}
    for topic in topics:
        mask = fresh.masks[topic] if fresh and topic in fresh.masks else found[topic].pixels(shape)
        assert mask is not None  # only what is valid is kept without bits
        masks[topic] = mask
    return Seen(
        masks,
        fresh.valid if fresh else found[_VALID].pixels(shape),
        distinct(sentence for topic in topics for sentence in found[topic].cautions),
        {topic: found[topic].features for topic in topics if found[topic].features is not None},
        {topic: _Mask(bits).pixels(shape) for topic in topics if (bits := found[topic].unsure) is not None},  # type: ignore[misc]  # with bits there are pixels
    )


MEMORY = Memory(LIMIT)


def look(segmenter: Segmenter, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
    """What a segmenter sees, by way of the memory of this process; see ``Memory.look``."""
    return MEMORY.look(segmenter, scene, topics, box)
