"""Which boxes may meet an area, and which surely lie in it, by square cells of the grid."""

from __future__ import annotations

import numpy as np

from planimeter.spatial.runs import Runs

_CELL = 16  # pixels a side
_RUNS = 1 << 20  # that are looked at together
_BOXES = 1 << 14  # likewise: what a processor's cache holds


def boxes_and(area: Runs, bounds: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compare the pixels of boxes with an area.

    Args:
        area: on a grid.
        bounds: (N, 4) x0, y0, x1, y1 in pixels of that grid, none of them outside it.

    Returns:
        (M,) int64, ascending, the boxes that may have a pixel in common with the area: all others have none; and (M,)
        bool, those of which all pixels surely lie in it.

    >>> lake = Runs((64, 64), np.arange(64) * 65, np.arange(64) * 65 + 40)
    >>> some, inside = boxes_and(lake, np.array([[1.0, 1, 9, 9], [30, 0, 45, 9], [50, 0, 60, 9]]))
    >>> some.tolist(), inside.tolist()
    ([0, 1], [True, False])
    """
    pixels, whole = _pixels_of_cells(area)
    touched = pixels > 0
    # Most boxes are smaller than a cell: whether any of the four cells that one may reach into is touched.
    around = touched.copy()
    around[:, :-1] |= touched[:, 1:]
    around[:-1] |= around[1:]
    flat, columns = around.ravel(), touched.shape[1]
    found = [np.zeros(0, dtype=np.int64)]
    for begin in range(0, len(bounds), _BOXES):
        left, top, right, bottom = _cells(bounds[begin : begin + _BOXES], touched.shape)
        may = flat[top * columns + left]
        may |= (right - left > 1) | (bottom - top > 1)
        found.append(np.flatnonzero(may) + begin)
    some = np.concatenate(found)
    box = _cells(bounds[some], touched.shape)
    may, inside = _number(touched, box) > 0, _number(pixels < whole, box) == 0
    return some[may], inside[may]


def _cells(bounds: np.ndarray, cells: tuple[int, int]) -> tuple[np.ndarray, ...]:
    """The first and last column and row of cells of boxes: left, top, right, bottom, (N,) int32 each."""
    # A pixel that has its centre in a box begins at or after the floor of its edge. Edges are not negative.
    low = (bounds.T * (1 / _CELL)).astype(np.int32)
    most = np.array([cells[1], cells[0]] * 2, dtype=np.int32)[:, None] - 1
    left, top, right, bottom = np.minimum(low, most, out=low)
    return left, top, right, bottom


def _pixels_of_cells(area: Runs) -> tuple[np.ndarray, np.ndarray]:
    """How many pixels of each cell lie in an area, and how many it has, (rows, columns) int32."""
    height, width = area.shape
    rows, columns = height // _CELL + 1, width // _CELL + 1
    steps = np.zeros(rows * (columns + 1))
    for begin in range(0, len(area), _RUNS):
        y, x0, x1 = area.take(slice(begin, begin + _RUNS)).rows()
        base = y // _CELL * (columns + 1)
        first, last = x0 // _CELL, (x1 - 1) // _CELL
        # From its first cell to its last a run counts as a whole one, less what it leaves free at either end.
        before, behind = x0 - first * _CELL, (last + 1) * _CELL - x1
        for cell, weights in (
            (base + first, _CELL - before),
            (base + first + 1, before),
            (base + last, -behind),
            (base + last + 1, behind - _CELL),
        ):
            steps += np.bincount(cell, weights=weights, minlength=len(steps))
    pixels = np.cumsum(steps.reshape(rows, columns + 1)[:, :columns], axis=1).astype(np.int32)
    down, across = (np.diff(np.append(np.arange(0, size, _CELL), size)) for size in (height, width))
    whole = np.zeros((rows, columns), dtype=np.int32)
    whole[: len(down), : len(across)] = down[:, None] * across
    return pixels, whole


def _number(flags: np.ndarray, box: tuple[np.ndarray, ...]) -> np.ndarray:
    """How many of the cells of each box a (rows, columns) bool mask holds."""
    left, top, right, bottom = box
    rows, columns = flags.shape
    full = np.zeros((rows + 1, columns + 1), dtype=np.int32)
    np.cumsum(np.cumsum(flags, axis=0, dtype=np.int32), axis=1, out=full[1:, 1:])
    return np.asarray(
        full[bottom + 1, right + 1] - full[top, right + 1] - full[bottom + 1, left] + full[top, left]
    )
