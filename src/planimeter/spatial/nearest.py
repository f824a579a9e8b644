"""Exact distances from regions to a topic.

A float32 distance transform finds which pixels of a region may be the nearest; what it cannot settle is
decided by looking at the few topic pixels whose offset fits the distance that it found.
"""

from __future__ import annotations

import itertools

import numpy as np

from planimeter.spatial.checks import check_mask, check_spacing
from planimeter.spatial.distance import approximate_squares
from planimeter.spatial.runs import expand
from planimeter.spatial.shapes import Shapes

# Float32 may take a neighbour of the nearest pixel; its squares are off by less than this fraction (tests
# measure it).
_ERROR = 2e-4

# Squared distances in pixels that float32 gets right on a square grid: whole numbers, and two rivals so
# close that rounding confuses them are at least 500 pixels apart, thus 250 from the pixel.
_SETTLED = 1 << 15

# How many (pixel, row) pairs are looked at together: bounds the working memory.
_PAIRS = 1 << 21


def region_distances(regions: Shapes, mask: np.ndarray, dx: float, dy: float) -> np.ndarray:
    """Return each region's distance to the topic, the least over its pixels: (N,) float64 metres.

    0 where a region overlaps the topic, infinite when the topic is absent. Exact, then rounded to a
    nanometre, so that 3 * 0.1 m is not more than 0.3 m.

    Args:
        regions: N regions.
        mask: (H, W) bool, True = topic.
        dx: metres between pixel centres along a row.
        dy: metres between pixel centres along a column.

    Raises:
        UsageError: the mask is not a mask of the regions' size, or a spacing is not positive.

    >>> from planimeter.spatial import label_regions
    >>> target = label_regions(np.array([[0, 0, 0, 1]], bool))
    >>> region_distances(target, np.array([[1, 0, 0, 0]], bool), 0.1, 0.1).tolist()
    [0.3]
    """
    check_mask(mask, regions.shape)
    check_spacing(dx, dy)
    if len(regions) == 0 or not mask.any():
        return np.full(len(regions), np.inf)
    square = dx == dy
    step_x, step_y, unit = (1.0, 1.0, dx) if square else (dx, dy, 1.0)
    squares = approximate_squares(mask, step_x, step_y)
    least, start, stop, owner = _least(regions, squares)
    settled = (least == 0) | (square & (least < _SETTLED))
    exact = np.where(settled, least, np.inf)
    x, y, about, region = _candidates(squares, least, start, stop, owner, ~settled)
    for part in chunks(np.sqrt(about) / step_y + 1):
        of, found = _fitting(mask, x[part], y[part], about[part], step_x, step_y)
        np.minimum.at(exact, region[part][of], found)
    return np.round(np.sqrt(exact) * unit, 9)


def _least(regions: Shapes, squares: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the least square of each region, and the runs (start, stop, owner) that may have it."""
    y = regions.runs.start // regions.runs.stride
    # Positions in the rows of squares, which are longer or shorter than those that runs count in.
    shift = y * (squares.shape[1] - regions.runs.stride)
    start, stop = regions.runs.start + shift, regions.runs.stop + shift
    # A run that ends where the picture does has no place behind it: it is cut one short, and its last pixel added.
    end = squares.size
    last = np.flatnonzero(stop == end)
    bounds = np.stack([start, np.minimum(stop, end - 1)], axis=1).ravel()
    of_run = np.minimum.reduceat(squares.ravel(), bounds)[::2].astype(np.float64)
    of_run[last] = np.minimum(of_run[last], squares.ravel()[-1])
    least = np.full(len(regions), np.inf)
    np.minimum.at(least, regions.owner, of_run)
    near = of_run <= least[regions.owner] * (1 + 2 * _ERROR)
    return least, start[near], stop[near], regions.owner[near]


def _candidates(
    squares: np.ndarray,
    least: np.ndarray,
    start: np.ndarray,
    stop: np.ndarray,
    owner: np.ndarray,
    wanted: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the pixels that may be their region's nearest: x, y, approximate square, region."""
    chosen = wanted[owner]
    run, pixel = expand(start[chosen], stop[chosen])
    region = owner[chosen][run]
    about = squares.ravel()[pixel].astype(np.float64)
    near = about <= least[region] * (1 + 2 * _ERROR)
    pixel, about, region = pixel[near], about[near], region[near]
    return pixel % squares.shape[1], pixel // squares.shape[1], about, region


def chunks(cost: np.ndarray) -> list[slice]:
    """Cut a list into pieces that cost about `_PAIRS` each."""
    number = (np.cumsum(cost) // _PAIRS).astype(np.int64)
    edges = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(cost)]
    return [slice(one, other) for one, other in itertools.pairwise(edges) if other > one]


def _fitting(
    mask: np.ndarray, x: np.ndarray, y: np.ndarray, about: np.ndarray, dx: float, dy: float
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each topic pixel about as far away as expected: index into ``x``, and its exact square."""
    height, width = mask.shape
    low, high = about * (1 - _ERROR), about * (1 + _ERROR)
    of, rows = expand(np.zeros(len(x), dtype=np.int64), np.floor(np.sqrt(high) / dy).astype(np.int64) + 1)
    across = (rows * dy) ** 2
    first = np.ceil(np.sqrt(np.maximum(low[of] - across, 0)) / dx).astype(np.int64)
    last = np.floor(np.sqrt(np.maximum(high[of] - across, 0)) / dx).astype(np.int64)
    pair, columns = expand(first, last + 1)
    of, rows = of[pair], rows[pair]
    value = (columns * dx) ** 2 + (rows * dy) ** 2
    hit = np.zeros(len(of), dtype=bool)
    for side in (-1, 1):
        for way in (-1, 1):
            at_x, at_y = x[of] + side * columns, y[of] + way * rows
            inside = (at_x >= 0) & (at_x < width) & (at_y >= 0) & (at_y < height)
            hit[inside] |= mask[at_y[inside], at_x[inside]]
    return of[hit], value[hit]
