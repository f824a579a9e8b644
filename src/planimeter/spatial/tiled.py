"""Distances over a grid that is worked on tile by tile, exactly as over the whole.

Within a distance: whether a pixel lies within D of something depends on nothing farther than D, so a tile
with a halo of D decides about its own pixels.

Nearest distances: a tile with a halo finds every distance that is not longer than the halo. What is farther
is looked for on a coarse grid (see `planimeter.spatial.cell_distance`), which says where the nearest may be, and the
few places that are left are compared run by run.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from planimeter.errors import LimitReached
from planimeter.spatial.cell_distance import far_distances
from planimeter.spatial.checks import check_distance, check_spacing
from planimeter.spatial.distance import reach, within_distance
from planimeter.spatial.nearest import region_distances
from planimeter.spatial.regions import Regions
from planimeter.spatial.runs import Box, Runs, crop, paint, runs_of
from planimeter.spatial.shapes import Shapes
from planimeter.spatial.tiles import Tiling, join_runs, slim

_WITHIN_BYTES = 6  # per pixel of a tile with its halo, while `within_distance` works
_NEAREST_BYTES = 24  # likewise for `region_distances`
_WIDENED_PIXELS = 16  # pixels of a mask that cost as much as a run and a row within its reach
_WIDENED_AT_ONCE = 1 << 20  # runs and rows within their reach that are worked on together
_SMALLEST = 64  # pixels a side: a tile that is all halo gets nowhere
HALO = 256  # pixels: distances up to this are found by tiles, longer ones on the coarse grid


def near_runs(area: np.ndarray | Runs, distance_m: float, dx: float, dy: float, tiling: Tiling) -> Runs:
    """Return the pixels at most ``distance_m`` from an area, as `within_distance` decides it.

    Args:
        area: (H, W) bool mask, or runs.
        distance_m: metres; equality counts.
        dx: metres between pixel centres along a row.
        dy: metres between pixel centres along a column.
        tiling: how the grid is cut.

    Raises:
        LimitReached: a tile with a halo of that many metres does not fit into the memory it may use.
        UsageError: the distance is negative, or a spacing is not positive.

    >>> pond = runs_of(np.array([[True, False, False, False]]))
    >>> paint(near_runs(pond, 2.0, 1.0, 1.0, Tiling((1, 4), 1, 2))).tolist()
    [[True, True, True, False]]
    """
    check_distance(distance_m)
    check_spacing(dx, dy)
    height, width = tiling.shape
    across, down = reach(distance_m, 0, dx, dy, width), reach(distance_m, 0, dy, dx, height)
    if tiling.is_whole and not isinstance(area, Runs):
        return runs_of(within_distance(area, distance_m, dx, dy))
    runs = _runs(area)
    if len(runs) * (2 * down + 1) * _WIDENED_PIXELS < height * width:
        return _widened(runs, distance_m, dx, dy, down)
    if tiling.is_whole:
        return runs_of(within_distance(paint(runs), distance_m, dx, dy))
    cut = _with_halo(tiling, across, down, _WITHIN_BYTES)
    boxes = cut.boxes()
    seen = [(box, wide := cut.widened(box, across, down), slim(crop(runs, wide)[0])) for box in boxes]
    occupied = [index for index, (_, _, part) in enumerate(seen) if len(part)]
    found = cut.each(_near_tile, (distance_m, dx, dy), [seen[index] for index in occupied])
    parts = [Runs(_shape(box), *(np.zeros((2, 0), dtype=np.int32))) for box in boxes]
    for index, part in zip(occupied, found, strict=True):
        parts[index] = part
    return join_runs(parts, cut)


def _widened(area: Runs, distance_m: float, dx: float, dy: float, down: int) -> Runs:
    """The same from runs alone: each is laid on every row within reach, as much longer as that row allows.

    A row below gets nothing from a run that it does not get from the run between, one row nearer, where that one is
    shorter by no more than it may grow more. So the upper half of a lake is laid upwards only, the lower one downwards.
    """
    height, width = area.shape
    y, x0, x1 = area.rows()
    short = {side: _shorter_by(area, side) for side in (-1, 1)}
    kind = np.int32 if height * area.stride <= np.iinfo(np.int32).max else np.int64
    rows = range(-down, down + 1)
    longer = {k: reach(distance_m, abs(k), dx, dy, width) for k in rows}
    found = []
    # Some rows of the result at a time: what lies within reach of them is a part of the runs.
    per_row = max(len(area) * (2 * down + 1) // height, 1)
    band = max(_WIDENED_AT_ONCE // per_row, 1)
    for top in range(0, height, band):
        starts, stops = [], []
        end = min(top + band, height)
        for k in rows:
            first, last = np.searchsorted(y, (top - k, end - k))
            side = 1 if k > 0 else -1
            own = short[side][first:last] > longer[k - side] - longer[k] if k else np.ones(last - first, bool)
            chosen = first + np.flatnonzero(own)
            base = (y[chosen] + k) * area.stride
            starts.append((base + np.maximum(x0[chosen] - longer[k], 0)).astype(kind))
            stops.append((base + np.minimum(x1[chosen] + longer[k], width)).astype(kind))
        start, stop = np.sort(np.concatenate(starts)), np.sort(np.concatenate(stops))
        # What begins with the i-th start is apart from all before it where i runs have ended by then.
        opens = np.append(True, start[1:] > stop[:-1])[: len(start)]
        found.append((start[opens], stop[np.append(opens[1:], True)[: len(start)]]))
    start, stop = (np.concatenate(side).astype(np.int64) for side in zip(*found, strict=True))
    return Runs(area.shape, start, stop)


def _shorter_by(runs: Runs, side: int) -> np.ndarray:
    """(R,) int64: by how many pixels a run ends earlier, at most, that lies on the next row at the middle of each.

    Args:
        runs: any.
        side: 1 for the row below, -1 for the row above; where no run lies there, the number is larger than any.
    """
    step = side * runs.stride
    middle = (runs.start + runs.stop - 1) // 2 + step
    at = np.maximum(np.searchsorted(runs.start, middle, side="right") - 1, 0)
    start, stop = runs.start[at] - step, runs.stop[at] - step
    there = (start <= middle - step) & (stop > middle - step)
    return np.where(there, np.maximum(start - runs.start, runs.stop - stop).clip(0), runs.stride)


def _near_tile(question: tuple[float, float, float], tile: tuple[Box, Box, Runs]) -> Runs:
    box, wide, area = tile
    near = within_distance(paint(area), *question)
    return slim(runs_of(_core(near, box, wide)))


def shape_distances(
    regions: Shapes, area: np.ndarray | Runs, dx: float, dy: float, tiling: Tiling, halo: int = HALO
) -> np.ndarray:
    """Return each region's distance to an area, the least over its pixels, as `region_distances` finds it.

    Args:
        regions: N regions.
        area: (H, W) bool mask, or runs.
        dx: metres between pixel centres along a row.
        dy: metres between pixel centres along a column.
        tiling: how the grid is cut.
        halo: pixels around a tile in which distances are found by the tile; it changes no result.

    Returns:
        (N,) float64 metres; infinite where the area is empty.

    Raises:
        UsageError: a spacing is not positive.

    >>> from planimeter.spatial import label_regions
    >>> house = label_regions(np.array([[0, 0, 0, 1]], bool))
    >>> shape_distances(house, runs_of(np.array([[1, 0, 0, 0]], bool)), 0.1, 0.1, Tiling((1, 4), 1, 2)).tolist()
    [0.3]
    """
    check_spacing(dx, dy)
    if tiling.is_whole:
        return region_distances(regions, _mask(area), dx, dy)
    reference = _runs(area)
    found = np.full(len(regions), np.inf)
    if len(regions) == 0 or len(reference) == 0:
        return found
    cut = _with_halo(tiling, halo, halo, _NEAREST_BYTES, needed=False)
    halo = min(halo, cut.height, cut.width)
    tiles, names = [], []
    for box in cut.boxes():
        own, of_run = crop(regions.runs, box)
        wide = cut.widened(box, halo, halo)
        other = crop(reference, wide)[0] if len(own) else own
        if len(own) and len(other):
            here, owner = np.unique(regions.owner[of_run], return_inverse=True)
            tiles.append(_Target(box, wide, slim(own), owner.astype(np.int32), len(here), slim(other)))
            names.append(here)
    for here, least in zip(names, cut.each(_nearest_tile, (dx, dy), tiles), strict=True):
        found[here] = np.minimum(found[here], least)
    # What lies outside every halo is farther than this; up to there nothing was missed.
    certain = (halo + 1) * min(dx, dy)
    left = np.flatnonzero(found > certain)
    if len(left):
        found[left] = far_distances(regions, left, reference, dx, dy)
    return found


@dataclass(frozen=True)
class _Target:
    """One tile's share of a search for nearest distances: parts of ``count`` regions, and what is around."""

    box: Box
    wide: Box
    runs: Runs
    owner: np.ndarray
    count: int
    reference: Runs


def _nearest_tile(spacing: tuple[float, float], tile: _Target) -> np.ndarray:
    (x0, y0, _, _), shape = tile.wide, _shape(tile.wide)
    y = tile.runs.start.astype(np.int64) // tile.runs.stride
    shift = (y + tile.box[1] - y0) * (shape[1] + 1) + tile.box[0] - x0 - y * tile.runs.stride
    runs = Runs(shape, tile.runs.start + shift, tile.runs.stop + shift)
    return region_distances(Regions(runs, tile.owner, tile.count), paint(tile.reference), *spacing)


def _with_halo(tiling: Tiling, across: int, down: int, per_pixel: int, needed: bool = True) -> Tiling:
    """Return a tiling whose tiles fit into their room with a halo, small ones where it is not ``needed`` whole."""
    canvas = math.isqrt(tiling.room // per_pixel)
    height, width = canvas - 2 * down, canvas - 2 * across
    if min(height, width) < _SMALLEST:
        if not needed:
            return replace(tiling, height=_SMALLEST, width=_SMALLEST)
        room = (2 * max(across, down) + _SMALLEST) ** 2 * per_pixel * tiling.each.workers / 2**30
        raise LimitReached(
            f"A distance of {max(across, down):,} pixels needs tiles of {room:.1f} GiB together: raise --max-memory."
        )
    # Square tiles have the least halo; one that is smaller than its halo does the same work again and again.
    side = max(math.isqrt(tiling.height * tiling.width), 2 * max(across, down), 1)
    return replace(tiling, height=min(height, side), width=min(width, side))


def _core(mask: np.ndarray, box: Box, wide: Box) -> np.ndarray:
    """Return the part of a widened tile's mask that is the tile's own."""
    x0, y0, x1, y1 = box
    return mask[y0 - wide[1] : y1 - wide[1], x0 - wide[0] : x1 - wide[0]]


def _shape(box: Box) -> tuple[int, int]:
    return box[3] - box[1], box[2] - box[0]


def _mask(area: np.ndarray | Runs) -> np.ndarray:
    return paint(area) if isinstance(area, Runs) else area


def _runs(area: np.ndarray | Runs) -> Runs:
    return area if isinstance(area, Runs) else runs_of(area)
