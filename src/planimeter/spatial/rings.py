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

from planimeter.spatial.runs import Runs


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
    seen = bytearray(len(onward))
    order: list[int] = []
    starts: list[int] = []
    append = order.append
    for first in range(len(onward)):
        if seen[first]:
            continue
        starts.append(len(order))
        edge = first
        while not seen[edge]:
            seen[edge] = 1
            append(edge)
            edge = onward[edge]
    return np.array(order, dtype=np.int64), np.array(starts, dtype=np.int64)
