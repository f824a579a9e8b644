"""Finished masks by the content of the image, in a bounded amount of memory."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

_PER_ENTRY = 400  # bytes of Python around an entry, about


@dataclass(frozen=True)
class Finished:
    """One topic of one image.

    Attributes:
        counts: its mask, as the ``counts`` of a COCO RLE; for an image's valid pixels, None means all.
        cautions: what a reader of the mask should know.
        size: (H, W) of the image.
    """

    counts: str | None
    cautions: tuple[str, ...]
    size: tuple[int, int]

    @property
    def bytes(self) -> int:
        """Memory it takes, about."""
        return _PER_ENTRY + len(self.counts or "") + sum(map(len, self.cautions))


class MaskCache:
    """The masks used last, as many as fit; safe to use from several threads.

    Args:
        limit: bytes it may hold; 0 keeps nothing.

    Example:
        >>> cache = MaskCache(1000)
        >>> cache.put(("image", "water"), Finished("04", (), (2, 2)))
        >>> cache.get(("image", "water")).counts, cache.get(("image", "roof"))
        ('04', None)
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.used = 0
        self._kept: OrderedDict[tuple[str, str], Finished] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: tuple[str, str]) -> Finished | None:
        """What was kept for (image, topic), or None."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: tuple[str, str], finished: Finished) -> None:
        """Store a finished topic under ``key``; the least recently used go where there is no room."""
        with self._lock:
            old = self._kept.pop(key, None)
            if old is not None:
                self.used -= old.bytes
            if finished.bytes > self.limit:
                return
            self._kept[key] = finished
            self.used += finished.bytes
            while self.used > self.limit:
                self.used -= self._kept.popitem(last=False)[1].bytes
