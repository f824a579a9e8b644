"""How many shapes of one kind lie in each shape of another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planimeter.spatial.runs import expand, hook
from planimeter.spatial.shapes import Shapes

_MANY = 1 << 18  # runs that are compared at a time

_Owned = tuple[np.ndarray, np.ndarray, np.ndarray]
"""(start, stop, owner) of runs: (R,) int64 flat positions, and the shape that each belongs to."""


def contained_counts(parts: Sequence[Shapes], others: Sequence[Shapes], around: bool = False) -> np.ndarray:
    """How many other shapes share pixels with each shape, or with what its outer outline encloses.

    Args:
        parts: N shapes on one grid, in one or several collections.
        others: shapes on the same grid.
        around: whether the holes of a shape belong to it. What a way over the edges of pixels leads out of is no hole,
            nor is what reaches the border of the grid.

    Returns:
        (N,) int64.

    >>> from planimeter.spatial import label_regions
    >>> ring = label_regions(np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]], bool))
    >>> middle = label_regions(np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], bool))
    >>> contained_counts([ring], [middle]).tolist(), contained_counts([ring], [middle], around=True).tolist()
    ([0], [1])
    """
    count, count_of_others = (sum(len(one) for one in shapes) for shapes in (parts, others))
    if not count or not count_of_others:
        return np.zeros(count, dtype=np.int64)
    start, stop, owner = _runs(parts)
    if around:
        holes = _holes(start, stop, owner, *parts[0].shape)
        start, stop, owner = (np.concatenate(pair) for pair in zip((start, stop, owner), holes, strict=True))
    first, last, other = _runs(others)
    order = np.argsort(first, kind="stable")
    first, last, other = first[order], last[order], other[order]
    reach = np.maximum.accumulate(last)  # features may lie on one another
    found = [np.zeros(0, dtype=np.int64)]
    for begin in range(0, len(start), _MANY):
        chosen = slice(begin, begin + _MANY)
        low = np.searchsorted(reach, start[chosen], side="right")
        high = np.searchsorted(first, stop[chosen], side="left")
        one, two = expand(low, high)
        shared = last[two] > start[chosen][one]
        pairs = owner[chosen][one[shared]] * count_of_others + other[two[shared]]
        found.append(np.unique(pairs))
    return np.bincount(np.unique(np.concatenate(found)) // count_of_others, minlength=count)


def _runs(parts: Sequence[Shapes]) -> _Owned:
    """The runs of all shapes, numbered through."""
    first_of = np.cumsum([0, *(len(part) for part in parts[:-1])])
    return (
        np.concatenate([part.runs.start for part in parts]),
        np.concatenate([part.runs.stop for part in parts]),
        np.concatenate([part.owner + first for part, first in zip(parts, first_of, strict=True)]),
    )


def _holes(start: np.ndarray, stop: np.ndarray, owner: np.ndarray, rows: int, columns: int) -> _Owned:
    """The runs of the holes of shapes, each the shape's that it is a hole of.

    A gap between two runs of a shape in one row leads out where the row above or below does not reach as far; what is
    joined to such a gap over an edge is no hole either.
    """
    stride = columns + 1
    order = np.lexsort((start, owner))
    start, stop, owner = start[order], stop[order], owner[order].astype(np.int64)
    line = owner * rows + start // stride  # one number for each row of each shape
    before = np.flatnonzero((line[:-1] == line[1:]) & (stop[:-1] < start[1:]))
    gap_start, gap_stop, gap_line = stop[before], start[before + 1], line[before]
    lines, first = np.unique(line, return_index=True)
    last = np.append(first[1:], len(line)) - 1
    out = np.zeros(len(before), dtype=bool)
    for step in (-1, 1):
        row = gap_line % rows + step
        place = np.minimum(np.searchsorted(lines, gap_line + step), len(lines) - 1)
        there = (row >= 0) & (row < rows) & (lines[place] == gap_line + step)
        begins, ends = start[first[place]] - step * stride, stop[last[place]] - step * stride
        out |= ~there | (gap_start < begins) | (gap_stop > ends)
    # Positions that are apart for every shape, so that gaps of different shapes never join.
    offset = gap_line // rows * (rows * stride)
    begin, end = gap_start + offset, gap_stop + offset
    low = np.searchsorted(end, begin - stride, side="right")
    high = np.searchsorted(begin, end - stride, side="left")
    root = hook(np.arange(len(before), dtype=np.int32), *expand(low, high))
    leads_out = np.zeros(len(before), dtype=bool)
    leads_out[root[out]] = True
    hole = ~leads_out[root]
    return gap_start[hole], gap_stop[hole], owner[before][hole]
