"""One prediction for a picture of any size: overlapping windows, blended so that no seam shows.

The windows depend on the picture's size alone. They start at multiples of the network's stride, so that every window
sees a pixel at the same place of its sampling grid, and neighbours overlap. In an overlap the earlier window fades out
and the later one fades in; next to its border, where a network sees too little, a window has no say.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Lock

import numpy as np

LARGEST = 1024  # pixels a side of a window
OVERLAP = 128  # pixels that neighbours share, at least
MARGIN = 32  # pixels next to a window's border in which it has no say
HALO = MARGIN // 2  # pixels that a block shows beyond its core


@dataclass(frozen=True)
class Windows:
    """Where windows start along one axis.

    Attributes:
        starts: first pixel of each.
        size: pixels of each.
        length: pixels of the picture; the last window may reach beyond.
    """

    starts: tuple[int, ...]
    size: int
    length: int

    @property
    def padded(self) -> int:
        """Pixels the windows cover."""
        return self.starts[-1] + self.size

    def shared(self, index: int) -> int:
        """Pixels that a window shares with the one before it."""
        return self.starts[index - 1] + self.size - self.starts[index]

    def final_end(self, index: int) -> int:
        """Where a window's pixels are no longer final, because the next one has a say."""
        return self.starts[index + 1] + MARGIN if index + 1 < len(self.starts) else self.padded

    def core(self, index: int) -> tuple[int, int]:
        """(first, last) pixel, half-open, that is taken from a window; cores cover the picture once."""
        first = self.starts[index] + HALO if index else 0
        last = self.starts[index + 1] + HALO if index + 1 < len(self.starts) else self.length
        return first, last


def lay_windows(length: int, stride: int = 32, largest: int = LARGEST) -> Windows:
    """Equal windows over ``length`` pixels, as few as their largest size allows.

    Args:
        length: pixels of the picture along this axis.
        stride: windows start at, and measure, multiples of it.
        largest: pixels a window may have.

    Example:
        >>> lay_windows(1000)
        Windows(starts=(0,), size=1024, length=1000)
        >>> lay_windows(3000)
        Windows(starts=(0, 704, 1440, 2144), size=864, length=3000)
    """
    padded = _up(length, stride)
    if padded <= largest:
        return Windows((0,), padded, length)
    count = math.ceil((padded - OVERLAP) / (largest - OVERLAP))
    size = _up(math.ceil((padded + (count - 1) * OVERLAP) / count), stride)
    step = (padded - size) / (count - 1)
    return Windows(tuple(round(i * step / stride) * stride for i in range(count)), size, length)


@dataclass(frozen=True)
class LogitBlock:
    """A part of the blended prediction.

    Attributes:
        logits: (channels, h, w) float32, the core and up to ``HALO`` pixels around it.
        y: row of the picture where ``logits`` starts.
        x: column likewise.
        rows: (first, last) rows of the core, half-open.
        columns: likewise.
    """

    logits: np.ndarray
    y: int
    x: int
    rows: tuple[int, int]
    columns: tuple[int, int]


#: Windows (first, last) along both axes, half-open: rows of windows, then columns.
Chosen = tuple[tuple[int, int], tuple[int, int]]


class Borders:
    """What windows leave to their neighbours: with it a part of a picture begins where another one ended.

    Safe to use from several threads.

    Args:
        limit: bytes of strips that are kept, those used last.

    Example:
        >>> borders = Borders(8)
        >>> for place in (0, 1, 2):
        ...     borders.put(("right", 0, place), np.zeros(1, np.float32))
        >>> borders.get(("right", 0, 0)), borders.get(("right", 0, 2))
        (None, array([0.], dtype=float32))
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: OrderedDict[tuple[str, int, int], np.ndarray] = OrderedDict()
        self._used = 0
        self._lock = Lock()

    def get(self, key: tuple[str, int, int]) -> np.ndarray | None:
        """A strip, (channels, h, w) float32, not to be changed: ("right" or "below", row, column of its window)."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: tuple[str, int, int], strip: np.ndarray | None) -> None:
        """Keep a strip that nobody changes any more."""
        if strip is None or strip.nbytes > self.limit:
            return
        with self._lock:
            old = self._kept.pop(key, None)
            self._used += strip.nbytes - (0 if old is None else old.nbytes)
            self._kept[key] = strip
            while self._used > self.limit:
                self._used -= self._kept.popitem(last=False)[1].nbytes


def predict_blocks(
    rows: Windows,
    columns: Windows,
    read: Callable[[int, int, int, int], np.ndarray],
    infer: Callable[[np.ndarray], np.ndarray],
    batch: int = 1,
    chosen: Chosen | None = None,
    borders: Borders | None = None,
) -> Iterator[LogitBlock]:
    """Predict window by window, and give out each block as soon as it is final.

    What is held in memory is a batch of windows and the overlap with the row of windows below.

    Args:
        rows: windows along the rows.
        columns: windows along the columns.
        read: (y, x, h, w) to the picture there, (h, w, 3) uint8, continued beyond its border.
        infer: (n, h, w, 3) uint8 to (n, channels, h, w) float32.
        batch: how many windows ``infer`` gets at once.
        chosen: the windows whose blocks are wanted, None for all. The blocks are the same; the windows before
            them, which have a say in them, are predicted too.
        borders: what other parts of the same picture left; windows of which it holds enough are not predicted again.
    """
    (top, bottom), (first, last) = chosen or ((0, len(rows.starts)), (0, len(columns.starts)))
    kept = borders or Borders(0)
    above: dict[int, np.ndarray] = {}
    for r in range(max(top - 1, 0), bottom):
        if r < top:
            strips = {
                c: strip for c in range(first, last) if (strip := kept.get(("below", r, c))) is not None
            }
            if len(strips) == last - first:
                above = strips
                continue
        y = rows.starts[r]
        below: dict[int, np.ndarray] = {}
        left = kept.get(("right", r, first - 1)) if first else None
        across = range(first if left is not None else max(first - 1, 0), last)
        windows = _row_of_windows(y, rows.size, columns, across, read, infer, batch)
        for c, logits in zip(across, windows, strict=True):
            x, end = columns.starts[c], columns.final_end(c)
            if left is not None:
                _fade(left, logits[:, :, : left.shape[2]], axis=2)
            # Windows are at least twice as large as their overlap, so the right overlap is still the window's own.
            left = logits[:, :, columns.starts[c + 1] - x :].copy() if c + 1 < len(columns.starts) else None
            kept.put(("right", r, c), left)
            if c < first:
                continue
            final = logits[:, :, : end - x]
            if c in above:
                _fade(above[c], final[:, : rows.shared(r)], axis=1)
            if r + 1 < len(rows.starts):
                below[c] = final[:, rows.size - rows.shared(r + 1) :].copy()
                kept.put(("below", r, c), below[c])
            if r >= top:
                yield LogitBlock(final[:, : rows.final_end(r) - y], y, x, rows.core(r), columns.core(c))
        above = below


def _row_of_windows(
    y: int,
    height: int,
    columns: Windows,
    across: range,
    read: Callable[[int, int, int, int], np.ndarray],
    infer: Callable[[np.ndarray], np.ndarray],
    batch: int,
) -> Iterator[np.ndarray]:
    for first in range(0, len(across), batch):
        group = [read(y, columns.starts[c], height, columns.size) for c in across[first : first + batch]]
        yield from infer(np.stack(group))


def _fade(earlier: np.ndarray, later: np.ndarray, axis: int) -> None:
    """Blend two windows' views of their overlap along one axis, into the later one's."""
    shared = earlier.shape[axis]
    weight = np.clip((np.arange(shared, dtype=np.float32) + 0.5 - MARGIN) / (shared - 2 * MARGIN), 0, 1)
    weight = weight.reshape([-1 if each == axis else 1 for each in range(3)])
    later -= earlier
    later *= weight
    later += earlier


def _up(length: int, stride: int) -> int:
    return max(1, math.ceil(length / stride)) * stride
