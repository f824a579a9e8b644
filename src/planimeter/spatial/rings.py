"""Outlines of regions along pixel edges, for any number of regions at once.

Every run has a left edge, walked upwards, and a right edge, walked downwards, so that the region lies on the
right hand of the walker (x to the right, y down: clockwise on the screen). On each grid line between two
rows the ends of these edges, sorted by x, are joined in pairs by the horizontal edges of the outline. Where
two pixels touch only at a corner, four edges meet; the order in which equal x are sorted says whether the
walk crosses the corner (the pixels belong together, 8-connected) or turns around its own pixel
(4-connected). What remains is to follow the edges round.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planimeter.spatial.runs import Runs, connect, expand


@dataclass(frozen=True)
class Rings:
    """Closed outlines; ring i has the vertices ``offset[i]:offset[i + 1]``, the first not repeated.

    Attributes:
        vertices: (V, 2) int64 x, y at pixel corners: (0, 0) is the upper left corner of the image.
        offset: (M + 1,) int64.
        area: (M,) int64 enclosed pixels, positive for outer rings, negative for holes.
        run: (M,) int64 index of a run the ring goes along, which says what the ring belongs to.
    """

    vertices: np.ndarray
    offset: np.ndarray
    area: np.ndarray
    run: np.ndarray


def trace(runs: Runs, diagonal: bool = True) -> Rings:
    """Return the outlines of all runs, those of different regions apart as long as the regions do not touch.

    >>> from planimeter.spatial.runs import runs_of
    >>> trace(runs_of(np.array([[True, True]]))).vertices.tolist()
    [[0, 0], [2, 0], [2, 1], [0, 1]]
    """
    count = len(runs)
    if count == 0:
        none = np.zeros(0, dtype=np.int64)
        return Rings(np.zeros((0, 2), dtype=np.int64), np.zeros(1, dtype=np.int64), none, none)
    y, x0, x1 = runs.rows()
    following = _next_edges(y, x0, x1, runs.stride, diagonal)
    order, starts = _follow(following)
    # Edge e < count is the left edge of run e (ends at its top), the others are right edges (end at the
    # bottom).
    along = order % count
    leaves_x = np.where(order < count, x0[along], x1[along])
    leaves_y = np.where(order < count, y[along], y[along] + 1)
    arrives_x = np.roll(leaves_x, -1)
    ends = np.append(starts[1:], len(order)) - 1
    arrives_x[ends] = leaves_x[starts]
    corner = leaves_x != arrives_x
    # Each horizontal edge gives its two ends; straight passages from one row to the next give nothing.
    vertices = np.empty((2 * int(corner.sum()), 2), dtype=np.int64)
    vertices[0::2, 0], vertices[1::2, 0] = leaves_x[corner], arrives_x[corner]
    vertices[0::2, 1] = vertices[1::2, 1] = leaves_y[corner]
    # Shoelace over the horizontal edges alone: the vertical ones enclose nothing against the y axis.
    area = np.add.reduceat((leaves_x - arrives_x) * leaves_y, starts)
    offset = np.append(0, np.cumsum(np.add.reduceat(2 * corner.astype(np.int64), starts)))
    return Rings(vertices, offset, area, along[starts])


def _next_edges(y: np.ndarray, x0: np.ndarray, x1: np.ndarray, stride: int, diagonal: bool) -> np.ndarray:
    """Return for each vertical edge (left edges, then right edges) the one that follows it."""
    count = len(y)
    own = np.arange(count)
    # Four ends per run: the left edge starts at the bottom line and ends at the top line, the right one the
    # other way.
    line = np.concatenate([y + 1, y, y, y + 1])
    x = np.concatenate([x0, x0, x1, x1])
    edge = np.concatenate([own, own, own + count, own + count])
    arriving = np.repeat([False, True, False, True], count)
    right = np.repeat([False, False, True, True], count)
    # At a corner touch one end belongs to a left edge and one to a right edge; this order decides which
    # pairs meet.
    key = (line * stride + x) * 2 + (right if diagonal else ~right)
    order = np.argsort(key, kind="stable")
    one, other = order[0::2], order[1::2]
    coming = np.where(arriving[one], one, other)
    going = np.where(arriving[one], other, one)
    following = np.empty(2 * count, dtype=np.int64)
    following[edge[coming]] = edge[going]
    return following


def _follow(following: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the edges in walking order and where in that order each ring starts."""
    onward = following.tolist()
    order: list[int] = []
    starts: list[int] = []
    append = order.append
    for first in range(len(onward)):
        if onward[first] < 0:
            continue
        starts.append(len(order))
        edge, after = first, onward[first]
        while after >= 0:
            append(edge)
            onward[edge] = -1  # walked: here the walk ends when it comes round
            edge, after = after, onward[after]
    return np.array(order, dtype=np.int64), np.array(starts, dtype=np.int64)


def split(rings: Rings) -> Rings:
    """Return the same outlines with every ring that touches itself cut into rings that do not."""
    count = len(rings.area)
    ring = np.repeat(np.arange(count), np.diff(rings.offset))
    order = np.lexsort((rings.vertices[:, 1], rings.vertices[:, 0], ring))
    same = (np.diff(rings.vertices[order], axis=0) == 0).all(axis=1) & (np.diff(ring[order]) == 0)
    touching = np.unique(ring[order[1:][same]])
    if len(touching) == 0:
        return rings
    pieces: list[np.ndarray] = []
    runs: list[int] = []
    is_touching = np.zeros(count, dtype=bool)
    is_touching[touching] = True
    for index in range(count):
        outline = rings.vertices[rings.offset[index] : rings.offset[index + 1]]
        loops = _loops(outline) if is_touching[index] else [outline]
        pieces += loops
        runs += [int(rings.run[index])] * len(loops)
    offset = np.append(0, np.cumsum([len(piece) for piece in pieces]))
    vertices = np.concatenate(pieces)
    following = np.arange(len(vertices)) + 1
    following[offset[1:] - 1] = offset[:-1]
    x, y = vertices.T
    # Shoelace over the horizontal edges: see `trace`.
    area = np.add.reduceat((x - x[following]) * y, offset[:-1])
    return Rings(vertices, offset, area, np.array(runs, dtype=np.int64))


def _loops(outline: np.ndarray) -> list[np.ndarray]:
    """Cut one closed walk at the vertices that it visits more than once."""
    loops = []
    walk: list[tuple[int, int]] = []
    at: dict[tuple[int, int], int] = {}
    for x, y in outline.tolist():
        vertex = (x, y)
        if vertex in at:
            since = at[vertex]
            loops.append(np.array(walk[since:], dtype=np.int64))
            for passed in walk[since:]:
                del at[passed]
            del walk[since:]
        at[vertex] = len(walk)
        walk.append(vertex)
    loops.append(np.array(walk, dtype=np.int64))
    return loops


@dataclass(frozen=True)
class Outlines:
    """Polygons that are valid for OGC: rings are simple, interiors connected.

    Attributes:
        rings: grouped by region, then polygon; the exterior of a polygon comes before its holes.
        polygon: (M,) int64 the polygon each ring belongs to.
        region: (P,) int64 the region each polygon belongs to.
    """

    rings: Rings
    polygon: np.ndarray
    region: np.ndarray


def outlines(runs: Runs, owner: np.ndarray) -> Outlines:
    """Return every region's outline as one polygon per 4-connected part.

    A part has one exterior; what it encloses or nearly encloses are holes, which may touch it at corners.
    """
    part = connect(runs, diagonal=False)
    rings = split(trace(runs, diagonal=False))
    count = int(part.max()) + 1 if len(part) else 0
    region_of_part = np.zeros(count, dtype=np.int64)
    region_of_part[part] = owner
    by_region = np.argsort(region_of_part, kind="stable")
    polygon_of_part = np.empty(count, dtype=np.int64)
    polygon_of_part[by_region] = np.arange(count)
    polygon = polygon_of_part[part[rings.run]]
    order = np.lexsort((rings.area < 0, polygon))
    lengths = np.diff(rings.offset)[order]
    _, vertex = expand(rings.offset[:-1][order], rings.offset[1:][order])
    offset = np.append(0, np.cumsum(lengths))
    ordered = Rings(rings.vertices[vertex], offset, rings.area[order], rings.run[order])
    return Outlines(ordered, polygon[order], region_of_part[by_region])
