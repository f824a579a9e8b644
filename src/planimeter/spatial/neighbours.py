"""How far each shape is from the nearest other of its own kind."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planimeter.spatial.shapes import Shapes

_MANY = 1 << 18  # runs that are compared at a time


def neighbour_distances(parts: Sequence[Shapes], dx: float, dy: float) -> np.ndarray:
    """The distance from each shape to the nearest other one, between pixel centres.

    Row after row outwards from every run of pixels, the nearest run of another shape is found by bisection, until no
    row that is left can be nearer.

    Args:
        parts: N shapes on one grid, in one or several collections; those of a layer may lie on one another, and are
            then 0 apart.
        dx: metres from one pixel to the next in a row.
        dy: metres from one row to the next.

    Returns:
        (N,) float64 metres; infinite where there is no other.

    >>> from planimeter.spatial import label_regions
    >>> neighbour_distances([label_regions(np.array([[1, 0, 0, 1, 0, 1]], bool))], 2.0, 2.0).tolist()
    [6.0, 4.0, 4.0]
    """
    counts = [len(part) for part in parts]
    best = np.full(sum(counts), np.inf)
    if len(best) < 2:
        return best
    first_of = np.cumsum([0, *counts[:-1]])
    start = np.concatenate([part.runs.start for part in parts])
    stop = np.concatenate([part.runs.stop for part in parts])
    owner = np.concatenate([part.owner + first for part, first in zip(parts, first_of, strict=True)])
    order = np.argsort(start, kind="stable")
    start, stop, owner = start[order], stop[order], owner[order]
    stride, rows = parts[0].runs.stride, parts[0].shape[0]
    reach = _reach(stop, owner)
    beyond = _next_other(owner)
    active = np.arange(len(start))
    for step in range(rows):
        active = active[best[owner[active]] > step * dy]
        if not len(active):
            break
        for shift in (step, -step) if step else (0,):
            row = start[active] // stride + shift
            inside = active[(row >= 0) & (row < rows)]
            for first in range(0, len(inside), _MANY):
                runs = inside[first : first + _MANY]
                gap = _gaps(runs, shift * stride, start, stop, owner, reach, beyond, stride)
                np.minimum.at(best, owner[runs], np.hypot(gap * dx, step * dy))
    return best


def _gaps(
    runs: np.ndarray,
    shift: int,
    start: np.ndarray,
    stop: np.ndarray,
    owner: np.ndarray,
    reach: tuple[np.ndarray, np.ndarray, np.ndarray],
    beyond: np.ndarray,
    stride: int,
) -> np.ndarray:
    """(R,) float64: columns from runs, moved by whole rows, to the nearest pixel of another shape in their row."""
    left, right, own = start[runs] + shift, stop[runs] + shift, owner[runs]
    row = left // stride
    gap = np.full(len(runs), np.inf)
    # To the left, and what lies over the run: of all that begins before it ends, what reaches farthest.
    last = np.searchsorted(start, right, side="left") - 1
    there = last >= 0
    farthest, whose, second = (part[last] for part in reach)
    ends = np.where(whose == own, second, farthest)
    near = there & (ends > row * stride)
    gap[near] = np.maximum(left[near] - ends[near] + 1, 0)
    # To the right: the first that begins behind it.
    following = last + 1
    following = np.where(following < len(start), following, len(start) - 1)
    same = owner[following] == own
    following = np.where(same, beyond[following], following)
    known = (last + 1 < len(start)) & (following < len(start))
    begins = start[np.minimum(following, len(start) - 1)]
    known &= begins // stride == row
    gap[known] = np.minimum(gap[known], begins[known] - right[known] + 1)
    return gap


def _reach(stop: np.ndarray, owner: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of all runs up to each: the farthest end, whose it is, and the farthest end of any other shape (-1 for none)."""
    if (np.diff(stop) >= 0).all():  # no run lies on another
        before = _previous_other(owner)
        return stop, owner, np.where(before >= 0, stop[np.maximum(before, 0)], -1)
    farthest, whose, second = (np.empty(len(stop), dtype=np.int64) for _ in range(3))
    first_end, first_owner, second_end = -1, -1, -1
    for k, (end, mine) in enumerate(zip(stop.tolist(), owner.tolist(), strict=True)):
        if mine == first_owner:
            first_end = max(first_end, end)
        elif end > first_end:
            first_end, first_owner, second_end = end, mine, first_end
        else:
            second_end = max(second_end, end)
        farthest[k], whose[k], second[k] = first_end, first_owner, second_end
    return farthest, whose, second


def _previous_other(owner: np.ndarray) -> np.ndarray:
    """(R,) the last run before each that is of another shape; -1 for none."""
    begins = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    return np.repeat(begins, np.diff(np.append(begins, len(owner)))) - 1


def _next_other(owner: np.ndarray) -> np.ndarray:
    """(R,) the first run behind each that is of another shape; R for none."""
    begins = np.flatnonzero(np.append(True, owner[1:] != owner[:-1]))
    ends = np.append(begins[1:], len(owner))
    return np.repeat(ends, np.diff(np.append(begins, len(owner))))
