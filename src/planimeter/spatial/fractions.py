"""How much of every pixel a polygon covers: the exact area of each pixel's part inside.

Every edge is cut at the lines between rows and between columns. What lies right of a piece, in its row, is covered by
as much as the piece is high; so one running sum along the rows gives the cover of all pixels. The result is that of
exactextract [https://github.com/isciences/exactextract]; the way is that of rasterizers of fonts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from planimeter.spatial.runs import Runs, expand

#: Pieces of edges that are worked on at a time, about.
_MANY = 1 << 20
#: Cover that differs from none or all by less is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Fractions:
    """How much N polygons cover of each pixel.

    Attributes:
        runs: pixels that are covered wholly, in raster order by their starts.
        owner: (R,) int32 the polygon of each run.
        cells: (C,) int64 flat positions (as those of ``Runs``) of pixels on borders, ascending.
        cell_owner: (C,) int32 the polygon of each.
        fraction: (C,) float64 the share of each that is covered.
    """

    runs: Runs
    owner: np.ndarray
    cells: np.ndarray
    cell_owner: np.ndarray
    fraction: np.ndarray


def polygon_fractions(polygons: np.ndarray, shape: tuple[int, int]) -> Fractions:
    """Return how much of each pixel polygons cover.

    Args:
        polygons: (N,) valid shapely Polygons and MultiPolygons in pixel coordinates, inside the grid and not empty.
        shape: (height, width) of the grid.

    >>> import shapely
    >>> found = polygon_fractions(np.array([shapely.box(0.25, 0, 2, 0.5)]), (1, 3))
    >>> found.cells.tolist(), found.fraction.tolist()
    ([0, 1], [0.375, 0.5])
    """
    import shapely

    cost = np.cumsum(shapely.length(polygons) + shapely.get_num_coordinates(polygons))
    edges = [0, *(np.flatnonzero(np.diff((cost // _MANY).astype(np.int64))) + 1).tolist(), len(polygons)]
    parts = [_covered(polygons[a:b], shape, a) for a, b in pairwise(edges) if b > a]
    if not parts:
        nothing = np.zeros(0, np.int64)
        return Fractions(
            Runs(shape, nothing, nothing), nothing.astype(np.int32), nothing, nothing.astype(np.int32), np.zeros(0)
        )  # fmt: skip
    start, stop, owner, cells, cell_owner, fraction = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    by_start, by_cell = np.argsort(start, kind="stable"), np.argsort(cells, kind="stable")
    runs = Runs(shape, start[by_start], stop[by_start])
    return Fractions(runs, owner[by_start], cells[by_cell], cell_owner[by_cell], fraction[by_cell])


def _covered(polygons: np.ndarray, shape: tuple[int, int], first: int) -> tuple[np.ndarray, ...]:
    """Start, stop and owner of whole runs, and position, owner and fraction of border pixels."""
    height, width = shape
    stride = width + 1
    row, column, rise, area, owner = _pieces(polygons, height)
    key = (owner * height + row) * stride + column
    order = np.argsort(key, kind="stable")
    key = key[order]
    new = np.flatnonzero(np.append(True, np.diff(key) != 0)[: len(key)])
    key, rise, area = key[new], np.add.reduceat(rise[order], new), np.add.reduceat(area[order], new)
    behind = np.cumsum(rise)
    line = key // stride
    opens = np.flatnonzero(np.append(True, np.diff(line) != 0)[: len(line)])
    base = np.repeat(behind[opens] - rise[opens], np.diff(np.append(opens, len(key))))
    behind -= base  # nothing is carried from one row to the next, not even rounding
    fraction = area + (behind - rise)
    whole = height * stride
    # Between two cells of a row the cover does not change: all, or as much as an edge along the row leaves.
    between = (line[1:] == line[:-1]) & (np.diff(key) > 1) & (behind[:-1] > _ROUNDING)
    all_of_it = behind[:-1] > 1 - _ROUNDING
    inner = np.flatnonzero(between & all_of_it)
    start, stop = key[inner] + 1, key[inner + 1]
    along = np.flatnonzero(between & ~all_of_it)
    of, position = expand(key[along] + 1, key[along + 1])
    cells, fraction = np.append(key, position), np.append(fraction, behind[along[of]])
    kept = (fraction > _ROUNDING) & (cells % stride < width)
    cells = cells[kept]
    return (
        start % whole,
        (stop - 1) % whole + 1,
        (start // whole + first).astype(np.int32),
        cells % whole,
        (cells // whole + first).astype(np.int32),
        np.where(fraction[kept] > 1 - _ROUNDING, 1.0, fraction[kept]),
    )


def _pieces(polygons: np.ndarray, height: int) -> tuple[np.ndarray, ...]:
    """Row, column, height (downwards positive), area right of it inside its pixel, and owner of all pieces of edges."""
    import shapely

    parts, of = shapely.get_parts(polygons, return_index=True)
    rings, part = shapely.get_rings(shapely.orient_polygons(parts, exterior_cw=True), return_index=True)
    points, ring = shapely.get_coordinates(rings, return_index=True)
    edge = np.flatnonzero((ring[1:] == ring[:-1]) & (points[1:, 1] != points[:-1, 1]))
    owner = of[part[ring[edge]]]
    down = points[edge, 1] < points[edge + 1, 1]
    top, bottom = np.where(down, edge, edge + 1), np.where(down, edge + 1, edge)
    (x0, y0), (x1, y1) = points[top].T, points[bottom].T
    sign = np.where(down, 1.0, -1.0)
    # At the lines between rows.
    first = np.floor(y0).astype(np.int64)
    last = np.minimum(np.ceil(y1).astype(np.int64), height)
    e, row = expand(first, last)
    above, below = np.maximum(y0[e], row), np.minimum(y1[e], row + 1)
    slope = (x1 - x0) / (y1 - y0)
    xa = np.where(above == y0[e], x0[e], x0[e] + (above - y0[e]) * slope[e])
    xb = np.where(below == y1[e], x1[e], x0[e] + (below - y0[e]) * slope[e])
    rise, left, right = (below - above) * sign[e], np.minimum(xa, xb), np.maximum(xa, xb)
    # At the lines between columns.
    begin = np.floor(left).astype(np.int64)
    p, column = expand(begin, np.maximum(np.ceil(right).astype(np.int64), begin + 1))
    near, far = np.maximum(left[p], column), np.minimum(right[p], column + 1)
    span = right - left
    share = np.where(span[p] > 0, (far - near) / np.where(span > 0, span, 1.0)[p], 1.0)
    piece = rise[p] * share
    return row[p], column, piece, piece * (column + 1 - (near + far) / 2), owner[e[p]]
