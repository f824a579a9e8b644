"""Exact Euclidean distances between pixel centres, in metres, with different spacings along rows and columns.

Which pixels are within a distance is decided by whole numbers: for every pixel the number of columns to the
nearest topic pixel of its row, which says over how many rows it reaches; both passes are a running minimum
over rows of the image. Nothing is approximated and nothing depends on float32.

Two lengths count as equal when their squares differ by less than 1e-10 of the square: 3 pixels of 0.1 m are
within 0.3 m although 3 * 0.1 > 0.3 in floating point, and no two different distances below 100,000 pixels of
a square grid are that close.
"""

from __future__ import annotations

import itertools
import math

import cv2
import numpy as np

from planimeter.spatial.checks import check_distance, check_mask, check_spacing

# Relative difference of squared lengths below which they are equal.
_EQUAL = 1e-10

# Rows transposed at once: enough to keep the array calls long, few enough to keep the copies small.
_BAND_ROWS = 2048


def within_distance(mask: np.ndarray, distance_m: float, dx: float, dy: float) -> np.ndarray:
    """Return which pixels lie at most ``distance_m`` from the topic, centre to nearest topic pixel's centre.

    Args:
        mask: (H, W) bool, True = topic.
        distance_m: metres; equality counts; infinity means anywhere.
        dx: metres between pixel centres along a row.
        dy: metres between pixel centres along a column.

    Returns:
        (H, W) bool; all False when the topic is absent. Besides it, 2 bytes per pixel are needed while it
        works, 3 where the distance is more than 250 pixels.

    Raises:
        UsageError: the mask is not a mask, the distance is negative, or a spacing is not positive.

    >>> within_distance(np.array([[True, False, False, False, False]]), 0.3, 0.1, 0.1).tolist()
    [[True, True, True, True, False]]
    """
    check_mask(mask)
    check_distance(distance_m)
    check_spacing(dx, dy)
    height, width = mask.shape
    box = _bounding_box(mask)
    result = np.zeros(mask.shape, dtype=bool)
    if box is None:
        return result
    reach_x, reach_y = (reach(distance_m, 0, dx, dy, width), reach(distance_m, 0, dy, dx, height))
    x0, y0, x1, y1 = box
    left, right = max(x0 - reach_x, 0), min(x1 + reach_x, width)
    top, bottom = max(y0 - reach_y, 0), min(y1 + reach_y, height)
    result[top:bottom, left:right] = _within(mask[top:bottom, left:right], distance_m, dx, dy)
    return result


def _within(mask: np.ndarray, distance_m: float, dx: float, dy: float) -> np.ndarray:
    """`within_distance` on a window that all reachable pixels lie in."""
    height, width = mask.shape
    reach_x = reach(distance_m, 0, dx, dy, width)
    reach_y = reach(distance_m, 0, dy, dx, height)
    # One more than the longest reach means "out of reach", and the running minimum looks one further still.
    largest = max(reach_x, reach_y) + 2
    dtype = np.dtype(np.uint8 if largest < 1 << 8 else np.uint16 if largest < 1 << 16 else np.uint32)
    # A pixel with a topic pixel k columns aside reaches so many rows up and down; what it lacks of the most
    # grows by one with every row, as the columns do, so both passes are the same running minimum.
    lack = np.full(reach_x + 2, reach_y + 1, dtype=dtype)
    lack[:-1] = [reach_y - reach(distance_m, k, dy, dx, height) for k in range(reach_x + 1)]
    steps = np.empty(mask.shape, dtype=dtype)
    for top in range(0, height, _BAND_ROWS):
        band = slice(top, top + _BAND_ROWS)
        # Columns to the nearest topic pixel of the same row, with the band on its side to step by whole rows.
        aside = np.multiply(_transpose(~mask[band]), reach_x + 1, dtype=dtype)
        _spread(aside)
        steps[band] = _transpose(_look_up(lack, aside))
    _spread(steps)
    return steps <= reach_y


def reach(distance_m: float, across: int, step: float, step_across: float, most: int) -> int:
    """Return the largest k <= most with (k * step)² + (across * step_across)² <= distance²."""
    limit = distance_m * distance_m * (1 + _EQUAL)
    left = limit - (across * step_across) ** 2
    if left < 0:
        return -1
    if left >= (most * step) ** 2:
        return most
    k = int(math.sqrt(left) / step)
    while ((k + 1) * step) ** 2 <= left:
        k += 1
    while (k * step) ** 2 > left:
        k -= 1
    return k


def _spread(steps: np.ndarray) -> None:
    """Lower every element to at most one more than its neighbours along axis 0, in place."""
    one_more = np.empty_like(steps[0])
    for previous, row in itertools.pairwise(steps):
        np.add(previous, 1, out=one_more)
        np.minimum(row, one_more, out=row)
    for previous, row in itertools.pairwise(steps[::-1]):
        np.add(previous, 1, out=one_more)
        np.minimum(row, one_more, out=row)


def _transpose(picture: np.ndarray) -> np.ndarray:
    """Return the transposed array in its own memory."""
    if picture.dtype == np.uint32:
        return np.ascontiguousarray(picture.T)
    whole = np.ascontiguousarray(picture)
    return cv2.transpose(whole.view(np.uint8) if whole.dtype == np.bool_ else whole)


def _look_up(table: np.ndarray, index: np.ndarray) -> np.ndarray:
    if index.dtype == np.uint8:
        padded = np.zeros(256, dtype=np.uint8)
        padded[: len(table)] = table
        return cv2.LUT(index, padded)
    return np.take(table, index)


def _bounding_box(mask: np.ndarray) -> tuple[int, int, int, int] | None:
    """Return x0, y0, x1, y1 (half-open) of the True pixels."""
    rows = np.flatnonzero(mask.any(axis=1))
    if len(rows) == 0:
        return None
    columns = np.flatnonzero(mask[rows[0] : rows[-1] + 1].any(axis=0))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def distance_map(mask: np.ndarray, dx: float, dy: float) -> np.ndarray:
    """Return every pixel's distance to the topic, centre to nearest topic centre, (H, W) float32 metres.

    Right to about six digits, for pictures and histograms: to decide who is within a distance, use
    `within_distance`. Infinite everywhere when the topic is absent.

    Raises:
        UsageError: the mask is not a mask, or a spacing is not positive.

    >>> distance_map(np.array([[True, False, False]]), 0.5, 0.5).tolist()
    [[0.0, 0.5, 1.0]]
    """
    check_mask(mask)
    check_spacing(dx, dy)
    squares = approximate_squares(mask, dx, dy)
    return np.sqrt(squares, out=squares)[:, : mask.shape[1]]


def approximate_squares(mask: np.ndarray, dx: float, dy: float) -> np.ndarray:
    """Return squared distances to the topic as float32 arithmetic finds them, in squared units of dx, dy.

    The array has H rows of at least W values; what lies beyond W is spare. Where the rows of a scene lie a
    power of two apart in memory, going down a column evicts what it has just read; spare columns make it
    up to three times as fast.
    """
    height, width = mask.shape
    spare = 0 if width % 128 else 16
    if not mask.any():
        return np.full((height, width + spare), np.inf, dtype=np.float32)
    import edt  # here, for questions without a distance to be answered sooner

    other = np.ones((height, width + spare), dtype=bool)
    np.logical_not(mask, out=other[:, :width])
    return edt.edtsq(other, anisotropy=(dy, dx), black_border=False, parallel=2)
