"""The pixels that points, lines and polygons stand by.

A polygon stands by the pixels whose centres it covers, by the even-odd rule where it crosses itself; a centre on an
edge belongs to what lies right of it and below, so that polygons that share an edge share no pixel. One that covers no
centre stands by the pixel that most of it lies in. A line stands by the pixels that it runs through, a point by the one
that it lies in. Every feature is looked at alone: the pixels of two may overlap.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from planimeter.raster.geometries import Geometries
from planimeter.spatial.fractions import polygon_fractions
from planimeter.spatial.runs import Runs, expand

#: Parts of a polygon that differ by less of themselves are equally large, whatever rounding makes of them.
_EQUAL = 1e-6
# Vertices that are worked on at a time, and crossings with rows: what a processor's cache holds.
_MANY = 1 << 15


@dataclass(frozen=True)
class Covered:
    """The pixels of N geometries.

    Attributes:
        runs: in raster order by their starts; those of one geometry do not touch within a row.
        owner: (R,) int32 the geometry of each run.
        share: (R,) float64 for lines, the length that runs through each pixel, see `line_pixels`; None for others.
        centres: (N,) bool for polygons, False where no centre was covered; None for others.
    """

    runs: Runs
    owner: np.ndarray
    share: np.ndarray | None = None
    centres: np.ndarray | None = None


def polygon_pixels(polygons: np.ndarray | Geometries, shape: tuple[int, int]) -> Covered:
    """Return the pixels of polygons.

    Args:
        polygons: N Polygons and MultiPolygons in pixel coordinates, inside the grid and not empty.
        shape: (height, width) of the grid.

    >>> import shapely
    >>> found = polygon_pixels(np.array([shapely.box(0, 0, 2, 1), shapely.box(1.6, 0.6, 1.9, 0.9)]), (1, 3))
    >>> found.runs.start.tolist(), found.runs.stop.tolist(), found.owner.tolist(), found.centres.tolist()
    ([0, 1], [2, 2], [0, 1], [True, False])
    """
    import shapely

    polygons = Geometries.of(polygons)
    several = 0 if polygons.others is None else shapely.get_num_coordinates(polygons.others)
    vertices = np.cumsum(polygons.lengths + several)
    parts = []
    centres = np.zeros(len(polygons), dtype=bool)
    for begin, end in _groups(vertices):
        start, stop, owner = _scan(polygons.take(np.arange(begin, end)), shape)
        centres[begin + owner] = True
        parts.append((start, stop, owner + np.int32(begin)))
    small = np.flatnonzero(~centres)
    if len(small):
        at = _main_pixel(polygons.take(small), shape)
        parts.append((at, at + 1, small.astype(np.int32)))
    return Covered(*_in_order(parts, shape), centres=centres)


def point_pixels(points: np.ndarray, shape: tuple[int, int]) -> Covered:
    """Return the pixels of points; a MultiPoint stands by the pixels of all its points.

    Args:
        points: (N,) shapely Points and MultiPoints in pixel coordinates, inside the grid and not empty.
        shape: (height, width) of the grid.

    >>> import shapely
    >>> point_pixels(np.array([shapely.Point(1.5, 0.5)]), (1, 3)).runs.start.tolist()
    [1]
    """
    import shapely

    places, owner = shapely.get_coordinates(points, return_index=True)
    at = _pixel_of(places[:, 0], places[:, 1], shape)
    _, first = np.unique(owner * (shape[0] * (shape[1] + 1)) + at, return_index=True)
    start, stop, owner = _joined(at[first], at[first] + 1, owner[first].astype(np.int32))
    return Covered(*_in_order([(start, stop, owner)], shape))


def line_pixels(
    start: np.ndarray, stop: np.ndarray, length: np.ndarray, owner: np.ndarray, shape: tuple[int, int]
) -> Covered:
    """Return the pixels that segments of lines run through, one run a pixel, and the length in each.

    Args:
        start: (S, 2) x, y in pixels.
        stop: (S, 2) likewise.
        length: (S,) of each segment, in any unit; it is spread evenly along the segment.
        owner: (S,) int the line of each segment, ascending.
        shape: (height, width) of the grid.

    >>> one = np.array([[0.5, 0.5]]), np.array([[2.0, 0.5]])
    >>> found = line_pixels(*one, np.array([3.0]), np.array([0]), (1, 3))
    >>> found.runs.start.tolist(), found.share.tolist()
    ([0, 1], [1.0, 2.0])
    """
    cost = np.cumsum(np.abs(stop - start).sum(axis=1) + 4)
    parts = [_traverse(start[a:b], stop[a:b], length[a:b], owner[a:b], shape) for a, b in _groups(cost)] or [
        (np.zeros(0, np.int64), np.zeros(0, np.int32), np.zeros(0))
    ]
    at, own, share = (np.concatenate(side) for side in zip(*parts, strict=True))
    order = np.lexsort((own, at))
    at, own, share = at[order], own[order], share[order]
    # A line that comes back to a pixel, or whose segments were looked at apart, has it once.
    new = np.flatnonzero(np.append(True, (np.diff(at) != 0) | (np.diff(own) != 0))[: len(at)])
    share = np.add.reduceat(share, new) if len(new) else share
    return Covered(Runs(shape, at[new], at[new] + 1), own[new], share)


def _groups(running: np.ndarray) -> list[tuple[int, int]]:
    """Cut a list, given the running sum of what its members cost, into pieces of about equal cost."""
    if len(running) == 0:
        return []
    number = (running // _MANY).astype(np.int64)
    edges = [0, *(np.flatnonzero(np.diff(number)) + 1).tolist(), len(running)]
    return list(pairwise(edges))


def _scan(polygons: Geometries, shape: tuple[int, int]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return start, stop and owner of the runs of some polygons, by owner, then in raster order."""
    height, width = shape
    stride = width + 1
    vertices, ring_starts, owner = polygons.ragged()
    ring_ends = np.zeros(len(vertices), dtype=bool)
    ring_ends[ring_starts[1:] - 1] = True
    edge = np.flatnonzero(~ring_ends)
    x, y = vertices.T
    # Edges are walked downwards, whoever they belong to: two polygons that share one are cut at the same x.
    down = y[edge] <= y[edge + 1]
    top, bottom = np.where(down, edge, edge + 1), np.where(down, edge + 1, edge)
    first = np.clip(np.ceil(y[top] - 0.5), 0, height).astype(np.int64)
    last = np.clip(np.ceil(y[bottom] - 0.5), 0, height).astype(np.int64)
    crossing = last > first
    top, bottom, first, last = top[crossing], bottom[crossing], first[crossing], last[crossing]
    of, row = expand(first, last)
    slope = (x[bottom] - x[top]) / (y[bottom] - y[top])
    at = x[top][of] + (row + 0.5 - y[top][of]) * slope[of]
    column = np.clip(np.ceil(at - 0.5), 0, width).astype(np.int64)
    # All crossings of a row of a polygon in order of their columns: inside lies between every other pair.
    key = (owner[top][of] * height + row) * stride + column
    key.sort()
    start, stop = key[0::2], key[1::2]
    kept = stop > start
    start, stop = start[kept], stop[kept]
    whole = height * stride
    own = start // whole
    begin, end, own = _joined(start, stop, own)
    return begin - own * whole, end - own * whole, own.astype(np.int32)


def _main_pixel(polygons: Geometries, shape: tuple[int, int]) -> np.ndarray:
    """Return the flat position of the pixel that most of each polygon lies in; of equal ones the first.

    It is a matter of the polygon alone. A point inside it would be one of where its vertices lie: one vertex more on a
    straight edge of a sliver moves it by as much as the sliver is long.
    """
    import shapely

    x0, y0, x1, y1 = polygons.bounds.T
    at = _pixel_of(x0, y0, shape)
    several = np.flatnonzero((np.ceil(x1) - np.floor(x0) > 1) | (np.ceil(y1) - np.floor(y0) > 1))
    if not len(several):
        return at
    drawn = polygons.take(several).geometry
    parts = polygon_fractions(drawn, shape)
    most = np.zeros(len(several))
    np.maximum.at(most, parts.cell_owner, parts.fraction)
    chosen = np.flatnonzero(parts.fraction >= (1 - _EQUAL) * most[parts.cell_owner])
    owner, first = np.unique(parts.cell_owner[chosen], return_index=True)
    at[several[owner]] = parts.cells[chosen[first]]
    slight = np.flatnonzero(most == 0)  # next to nothing of every pixel
    inside = shapely.point_on_surface(drawn[slight])
    at[several[slight]] = _pixel_of(shapely.get_x(inside), shapely.get_y(inside), shape)
    return at


def _joined(
    start: np.ndarray, stop: np.ndarray, owner: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Join runs of one geometry that touch, given by geometry, then in raster order."""
    if len(start) == 0:
        return start, stop, owner
    opens = np.append(True, (start[1:] != stop[:-1]) | (owner[1:] != owner[:-1]))
    closes = np.append(opens[1:], True)
    return start[opens], stop[closes], owner[opens]


def _in_order(
    parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]], shape: tuple[int, int]
) -> tuple[Runs, np.ndarray]:
    """Put runs into raster order by their starts."""
    if not parts:
        none = np.zeros(0, dtype=np.int64)
        return Runs(shape, none, none), none.astype(np.int32)
    start, stop, owner = (np.concatenate(side) for side in zip(*parts, strict=True))
    order = np.argsort(start, kind="stable")
    return Runs(shape, start[order], stop[order]), owner[order]


def _pixel_of(x: np.ndarray, y: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """Return flat positions of the pixels that points lie in; the far border belongs to the last pixel."""
    column = np.clip(np.floor(x), 0, shape[1] - 1).astype(np.int64)
    row = np.clip(np.floor(y), 0, shape[0] - 1).astype(np.int64)
    return row * (shape[1] + 1) + column


def _traverse(
    start: np.ndarray, stop: np.ndarray, length: np.ndarray, owner: np.ndarray, shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return position, owner and length of each piece of segments between the grid's lines."""
    segment, place = [np.repeat(np.arange(len(start)), 2)], [np.tile([0.0, 1.0], len(start))]
    for axis in (0, 1):
        low = np.minimum(start[:, axis], stop[:, axis])
        high = np.maximum(start[:, axis], stop[:, axis])
        of, line = expand(np.floor(low).astype(np.int64) + 1, np.ceil(high).astype(np.int64))
        segment.append(of)
        place.append((line - start[of, axis]) / (stop[of, axis] - start[of, axis]))
    of, t = np.concatenate(segment), np.concatenate(place)
    order = np.lexsort((t, of))
    of, t = of[order], t[order]
    piece = np.flatnonzero((of[1:] == of[:-1]) & (t[1:] > t[:-1]))
    of, part, middle = of[piece], t[piece + 1] - t[piece], (t[piece + 1] + t[piece]) / 2
    where = start[of] + middle[:, None] * (stop[of] - start[of])
    return _pixel_of(where[:, 0], where[:, 1], shape), owner[of].astype(np.int32), part * length[of]
