"""Horizontal runs of pixels: the form in which masks are measured, cut and joined.

A run is a maximal row of neighbouring True pixels. Runs number far fewer than pixels, so whatever can be
said of them (area, bounding box, overlap, perimeter, outline) costs a fraction of a pass over the image.

Runs are half-open intervals ``[start, stop)`` of *flat positions* with stride ``width + 1``: the pixel (x,
y) has the position ``y * (width + 1) + x``. The spare position behind each row is never set, so runs of
consecutive rows never touch and plain one-dimensional interval arithmetic is right for the whole image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: (x0, y0, x1, y1) in pixels, half-open.
Box = tuple[int, int, int, int]

# Rows are read in blocks of about this many pixels, which keeps the working memory small and in cache.
_BLOCK_PIXELS = 1 << 21

# More runs than this are worked on in parts of as many.
_MANY = 1 << 20


@dataclass(frozen=True)
class Runs:
    """Disjoint runs in raster order.

    Attributes:
        shape: (height, width) of the grid, pixels.
        start: (R,) int64 flat position of each run's first pixel, ascending.
        stop: (R,) int64 flat position behind each run's last pixel.
    """

    shape: tuple[int, int]
    start: np.ndarray
    stop: np.ndarray

    def __len__(self) -> int:
        return len(self.start)

    @property
    def stride(self) -> int:
        """Flat positions per row."""
        return self.shape[1] + 1

    def rows(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return (y, x0, x1) of every run: three (R,) int64 arrays, pixels, x1 exclusive.

        >>> [part.tolist() for part in runs_of(np.array([[0, 1, 1], [1, 0, 1]], bool)).rows()]
        [[0, 1, 1], [1, 0, 2], [3, 1, 3]]
        """
        y = self.start // self.stride
        base = y * self.stride
        return y, self.start - base, self.stop - base

    def take(self, chosen: np.ndarray | slice) -> Runs:
        """Return the runs that a slice, a boolean or an ascending index array chooses."""
        return Runs(self.shape, self.start[chosen], self.stop[chosen])


def runs_of(mask: np.ndarray) -> Runs:
    """Return the runs of an (H, W) bool mask."""
    height, width = mask.shape
    stride = width + 1
    if mask.size and mask.all():
        start = np.arange(height, dtype=np.int64) * stride
        return Runs((height, width), start, start + width)
    rows = max(1, min(height, _BLOCK_PIXELS // stride))
    # One position is put before the block, so that a run at the very start has an edge too.
    padded = np.zeros(rows * stride + 1, dtype=bool)
    grid = padded[1:].reshape(rows, stride)
    edges = []
    for top in range(0, height, rows):
        count = min(rows, height - top)
        grid[:count, :width] = mask[top : top + count]
        used = padded[: count * stride + 1]
        edges.append(np.flatnonzero(used[1:] != used[:-1]) + top * stride)
    flat = np.concatenate(edges) if edges else np.zeros(0, dtype=np.int64)
    return Runs((height, width), flat[::2].copy(), flat[1::2].copy())


def paint(runs: Runs, values: np.ndarray | None = None) -> np.ndarray:
    """Return the (H, W) bool mask of the runs, or with (R,) int32 ``values`` an (H, W) int32 array of them.

    >>> paint(runs_of(np.array([[True, False]])), np.array([7])).tolist()
    [[7, 0]]
    """
    height, width = runs.shape
    dtype = np.dtype(np.int8 if values is None else np.int32)
    step: np.ndarray | int = 1 if values is None else values.astype(np.int32)
    # Steps up at the starts and down at the stops; their running sum is the picture.
    steps = np.zeros(height * runs.stride, dtype=dtype)
    steps[runs.start] += step
    steps[runs.stop] -= step
    np.cumsum(steps, dtype=dtype, out=steps)
    picture = steps.reshape(height, runs.stride)[:, :width]
    return np.ascontiguousarray(picture.view(bool) if values is None else picture)


def crop(runs: Runs, box: Box) -> tuple[Runs, np.ndarray]:
    """Return the runs inside a box, on the box's own grid, and for each the index of the run it is part of.

    Args:
        runs: any.
        box: (x0, y0, x1, y1) pixels, half-open.

    >>> part, of_run = crop(runs_of(np.array([[1, 1, 0], [0, 1, 1]], bool)), (1, 0, 3, 2))
    >>> paint(part).tolist(), of_run.tolist()
    ([[True, False], [True, True]], [0, 1])
    """
    x0, y0, x1, y1 = box
    first, last = np.searchsorted(runs.start, (y0 * runs.stride, y1 * runs.stride))
    start, stop = runs.start[first:last], runs.stop[first:last]
    y = start // runs.stride
    left, right = start - y * runs.stride, stop - y * runs.stride
    inside = np.flatnonzero((left < x1) & (right > x0))
    y, left, right = y[inside], np.maximum(left[inside], x0), np.minimum(right[inside], x1)
    base = (y - y0) * (x1 - x0 + 1) - x0
    return Runs((y1 - y0, x1 - x0), base + left, base + right), inside + first


def intersect(first: Runs, second: Runs) -> tuple[Runs, np.ndarray]:
    """Return the pixels in both, and for each resulting run the index of its run of ``first``."""
    if len(first) <= _MANY:
        return _intersect(first, second)
    # Part by part, so that what is needed on the way stays small beside the runs themselves.
    parts = []
    for begin in range(0, len(first), _MANY):
        part, of_first = _intersect(first.take(slice(begin, begin + _MANY)), second)
        parts.append((part.start, part.stop, of_first + begin))
    start, stop, of = (np.concatenate(pieces) for pieces in zip(*parts, strict=True))
    return Runs(first.shape, start, stop), of


def _intersect(first: Runs, second: Runs) -> tuple[Runs, np.ndarray]:
    low = np.searchsorted(second.stop, first.start, side="right")
    high = np.searchsorted(second.start, first.stop, side="left")
    of_first, of_second = expand(low, high)
    start = np.maximum(first.start[of_first], second.start[of_second])
    stop = np.minimum(first.stop[of_first], second.stop[of_second])
    return Runs(first.shape, start, stop), of_first


def subtract(first: Runs, second: Runs) -> tuple[Runs, np.ndarray]:
    """Return the pixels of ``first`` outside ``second``, and each run's index of its run of ``first``."""
    end = np.array([first.shape[0] * first.stride])
    outside = Runs(first.shape, np.append(0, second.stop), np.append(second.start, end))
    return intersect(first, outside)


def unite(parts: list[Runs], shape: tuple[int, int]) -> Runs:
    """Return the pixels in any of ``parts``, runs that touch or overlap made one."""
    start = np.concatenate([part.start for part in parts] or [np.zeros(0, dtype=np.int64)])
    stop = np.concatenate([part.stop for part in parts] or [np.zeros(0, dtype=np.int64)])
    if len(start) == 0:
        return Runs(shape, start, stop)
    order = np.argsort(start, kind="stable")
    start, stop = start[order], np.maximum.accumulate(stop[order])
    opens = np.append(True, start[1:] > stop[:-1])
    closes = np.append(opens[1:], True)
    return Runs(shape, start[opens], stop[closes])


def neighbours(runs: Runs, diagonal: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return (low, high): the runs of the row above that touch run i are ``low[i]:high[i]``.

    ``diagonal`` says whether touching at a corner counts (8-connected) or an edge must be shared
    (4-connected).
    """
    below_start, below_stop = runs.start - runs.stride, runs.stop - runs.stride
    low = np.searchsorted(runs.stop, below_start, side="left" if diagonal else "right")
    high = np.searchsorted(runs.start, below_stop, side="right" if diagonal else "left")
    return low, high


def connect(runs: Runs, diagonal: bool = True) -> np.ndarray:
    """Return the component of every run, (R,) int32 from 0, numbered by first pixel in raster order.

    Every run hangs itself on the first run it touches above; what that leaves apart is joined by hooking the
    later root on the earlier one until nothing changes (Shiloach and Vishkin 1982, with whole arrays for
    processors).
    """
    count = len(runs)
    low, high = neighbours(runs, diagonal)
    own = np.arange(count, dtype=np.int32)
    parent = _shorten(np.where(high > low, low, own).astype(np.int32))
    parent = hook(parent, *expand(low + 1, high))
    number = np.cumsum(parent == own, dtype=np.int32) - 1
    return number[parent].astype(np.int32, copy=False)


def coverage(runs: Runs, shape: tuple[int, int]) -> np.ndarray:
    """Return the share of each pixel of a smaller (h, w) picture that the runs cover, float32 from 0 to 1.

    Every pixel counts for the one picture pixel that its upper left corner falls into.

    >>> coverage(runs_of(np.array([[1, 1, 1, 0]], bool)), (1, 2)).tolist()
    [[1.0, 0.5]]
    """
    (height, width), (rows, columns) = runs.shape, shape
    # The first pixel of each picture pixel, and behind the last one the end.
    edge_x = -(-np.arange(columns + 1) * width // columns)
    edge_y = -(-np.arange(rows + 1) * height // rows)
    counted = np.zeros(rows * columns)
    for begin in range(0, len(runs), _MANY):
        y, x0, x1 = runs.take(slice(begin, begin + _MANY)).rows()
        row = np.searchsorted(edge_y, y, side="right") - 1
        first = np.searchsorted(edge_x, x0, side="right") - 1
        last = np.searchsorted(edge_x, x1, side="left")
        for part in range(0, len(y), _MANY // 16):
            chosen = slice(part, part + _MANY // 16)
            run, column = expand(first[chosen], last[chosen])
            run = run + part
            pixels = np.minimum(x1[run], edge_x[column + 1]) - np.maximum(x0[run], edge_x[column])
            counted += np.bincount(row[run] * columns + column, weights=pixels, minlength=rows * columns)
    whole = np.diff(edge_y)[:, None] * np.diff(edge_x)
    return (counted.reshape(shape) / whole).astype(np.float32)


def hook(parent: np.ndarray, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return a forest in which the things of each pair (``one[i]``, ``other[i]``) have the same root.

    Args:
        parent: (N,) int32 a forest of depth one; the root of each tree is its least element.
        one: (P,) indices.
        other: (P,) indices.

    >>> hook(np.arange(4, dtype=np.int32), np.array([3, 2]), np.array([2, 0])).tolist()
    [0, 1, 0, 0]
    """
    while len(one):
        first, second = parent[one], parent[other]
        apart = first != second
        if not apart.any():
            break
        one, other, first, second = one[apart], other[apart], first[apart], second[apart]
        np.minimum.at(parent, np.maximum(first, second), np.minimum(first, second))
        parent = _shorten(parent)
    return parent


def _shorten(parent: np.ndarray) -> np.ndarray:
    """Let every element of a forest point straight at its root."""
    while True:
        grandparent = parent[parent]
        if np.array_equal(grandparent, parent):
            return parent
        parent = grandparent


def expand(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return all pairs (i, j) with ``low[i] <= j < high[i]``, ordered by i, then j.

    >>> [part.tolist() for part in expand(np.array([5, 0]), np.array([7, 1]))]
    [[0, 0, 1], [5, 6, 0]]
    """
    count = np.maximum(high - low, 0)
    first = np.repeat(np.arange(len(count)), count)
    skipped = np.cumsum(count) - count
    second = np.arange(len(first)) + np.repeat(low - skipped, count)
    return first, second


def shared_lengths(runs: Runs) -> np.ndarray:
    """Return how many edges each run shares with the runs above it, (R,) int64."""
    shared = np.zeros(len(runs), dtype=np.int64)
    # A run and its row above: the upper neighbours of `_MANY` runs lie at most one row of runs further up.
    for begin in range(0, len(runs), _MANY):
        above_from = int(np.searchsorted(runs.stop, runs.start[begin] - runs.stride))
        part = runs.take(slice(above_from, begin + _MANY))
        below, above = expand(*neighbours(part, diagonal=False))
        left = np.maximum(part.start[below], part.start[above] + runs.stride)
        right = np.minimum(part.stop[below], part.stop[above] + runs.stride)
        own = below >= begin - above_from
        np.add.at(shared, below[own] + above_from, right[own] - left[own])
    return shared
