"""Exact distances between things that are far apart, without a picture of what lies between them.

The grid is divided into cells. A distance transform of the few cells bounds every distance from both sides:
two pixels in cells whose centres are d apart are d ± e apart, where e is what a pixel can lie off its
cell's centre, twice. Of a region only the cells that may hold its nearest pixel are looked at, and of the
reference only the cells that may hold the pixel nearest to those. What is left is compared run by run.
"""

from __future__ import annotations

import math

import numpy as np

from planimeter.spatial.distance import approximate_squares
from planimeter.spatial.nearest import chunks
from planimeter.spatial.runs import Runs, expand, runs_of
from planimeter.spatial.shapes import Shapes

_CELL = 32  # pixels a side
_MOST_CELLS = 1 << 24  # larger grids get larger cells
_SLACK = 1 + 1e-4  # the distance transform of the cells works in float32


def far_distances(
    regions: Shapes, wanted: np.ndarray, reference: Runs, dx: float, dy: float, cell: int | None = None
) -> np.ndarray:
    """Return the distances of some regions to a reference, as `region_distances` finds them.

    Right for near regions too, but made for those whose distance is many cells.

    Args:
        regions: on the reference's grid.
        wanted: (M,) ascending indices of regions.
        reference: at least one run.
        dx: metres between pixel centres along a row.
        dy: metres between pixel centres along a column.
        cell: pixels a side of a cell; None for what suits the grid.

    Returns:
        (M,) float64 metres, rounded to a nanometre.

    >>> from planimeter.spatial import label_regions
    >>> house = label_regions(np.array([[0, 0, 0, 1]], bool))
    >>> far_distances(house, np.array([0]), runs_of(np.array([[1, 0, 0, 0]], bool)), 0.1, 0.1).tolist()
    [0.3]
    """
    height, width = regions.shape
    side = cell or _CELL
    while cell is None and (height // side) * (width // side) > _MOST_CELLS:
        side *= 2
    grid = _Grid(reference, side, dx, dy)
    number = np.full(len(regions), -1, dtype=np.int64)
    number[wanted] = np.arange(len(wanted))
    chosen = np.flatnonzero(number[regions.owner] >= 0)
    runs, owner = regions.runs.take(chosen), number[regions.owner[chosen]]
    least = np.full(len(wanted), np.inf)
    # Regions are taken in groups of about equal work, their runs together.
    order = np.argsort(owner, kind="stable")
    size = np.bincount(owner, weights=runs.stop - runs.start, minlength=len(wanted)) / side
    edges = np.searchsorted(owner[order], np.arange(len(wanted) + 1))
    for group in chunks(size + np.diff(edges) + 64):
        part = np.sort(order[edges[group.start] : edges[group.stop]])
        grid.search(runs.take(part), owner[part], least)
    return np.round(np.sqrt(least) * grid.unit, 9)


class _Grid:
    """A reference on a coarse grid.

    Args:
        reference: its runs.
        side: pixels a side of a cell.
        dx: metres between pixel centres along a row.
        dy: metres between pixel centres along a column.
    """

    def __init__(self, reference: Runs, side: int, dx: float, dy: float) -> None:
        self.reference = reference
        self.side = side
        # On a square grid squares are whole numbers of pixels, as in `region_distances`.
        self.step_x, self.step_y, self.unit = (1.0, 1.0, dx) if dx == dy else (dx, dy, 1.0)
        height, width = reference.shape
        self.columns = -(-width // side)
        occupied = _occupied(reference, side, -(-height // side), self.columns)
        self.cells = runs_of(occupied)
        squares = approximate_squares(occupied, side * self.step_x, side * self.step_y)[:, : self.columns]
        self.distance = np.sqrt(squares).astype(np.float64)
        #: How much farther or nearer two pixels can be than the centres of their cells.
        self.off = (side - 1) * math.hypot(self.step_x, self.step_y)

    def search(self, runs: Runs, owner: np.ndarray, least: np.ndarray) -> None:
        """Lower ``least``, the squared distance of each region, to what the runs of some of them say."""
        y, x0, x1, region = _cut_at_cells(runs, owner, self.side)
        place = (y // self.side) * self.columns + x0 // self.side
        away = self.distance.ravel()[place]
        nearest = np.full(len(least), np.inf)
        np.minimum.at(nearest, region, away)
        radius = (nearest + 2 * self.off) * _SLACK
        kept = np.flatnonzero(away <= radius[region])
        # Runs of one region in one cell together: a spot.
        kept = kept[np.lexsort((place[kept], region[kept]))]
        y, x0, x1, region, place = y[kept], x0[kept], x1[kept], region[kept], place[kept]
        new = np.append(True, (np.diff(region) != 0) | (np.diff(place) != 0))
        first = np.flatnonzero(new)
        last = np.append(first[1:], len(new))
        reach = radius[region[first]]
        rows = 2 * reach / (self.side * self.step_y) + 1
        for group in chunks(rows):
            self._search_spots(
                (y, x0, x1),
                region[first[group]],
                place[first[group]],
                reach[group],
                first[group],
                last[group],
                least,
            )

    def _search_spots(
        self,
        runs: tuple[np.ndarray, np.ndarray, np.ndarray],
        region: np.ndarray,
        place: np.ndarray,
        reach: np.ndarray,
        first: np.ndarray,
        last: np.ndarray,
        least: np.ndarray,
    ) -> None:
        """Compare spots, each the runs ``first:last`` of a region in a cell, with all cells within reach."""
        spot, cell = self._cells_around(place, reach)
        near, which = np.unique(cell, return_inverse=True)
        there, start, stop = self._reference_in(near)
        low, high = np.searchsorted(there, near, "left"), np.searchsorted(there, near, "right")
        theirs = high[which] - low[which]
        ours = last[spot] - first[spot]
        for group in chunks(ours * theirs):
            pair, own = expand(first[spot[group]], last[spot[group]])
            one, other = expand(low[which[group]][pair], high[which[group]][pair])
            own, of = own[one], region[spot[group][pair[one]]]
            y, x0, x1 = (values[own] for values in runs)
            other_y = start[other] // self.reference.stride
            base = other_y * self.reference.stride
            across = np.maximum(start[other] - base - x1 + 1, x0 - (stop[other] - base) + 1)
            across = np.maximum(across, 0)
            square = (across * self.step_x) ** 2 + ((y - other_y) * self.step_y) ** 2
            np.minimum.at(least, of, square)

    def _cells_around(self, place: np.ndarray, reach: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return (spot, cell): the occupied cells whose centres lie within each spot's reach."""
        row, column = place // self.columns, place % self.columns
        down = np.floor(reach / (self.side * self.step_y)).astype(np.int64)
        height = self.distance.shape[0]
        spot, other = expand(np.maximum(row - down, 0), np.minimum(row + down + 1, height))
        left = reach[spot] ** 2 - ((other - row[spot]) * self.side * self.step_y) ** 2
        across = np.floor(np.sqrt(np.maximum(left, 0)) / (self.side * self.step_x)).astype(np.int64)
        begin = np.maximum(column[spot] - across, 0)
        end = np.minimum(column[spot] + across + 1, self.columns)
        base = other * self.cells.stride
        low = np.searchsorted(self.cells.stop, base + begin, side="right")
        high = np.searchsorted(self.cells.start, base + end, side="left")
        row_of, run = expand(low, high)
        begin = np.maximum(self.cells.start[run] - base[row_of], begin[row_of])
        end = np.minimum(self.cells.stop[run] - base[row_of], end[row_of])
        of, at = expand(begin, end)
        return spot[row_of[of]], other[row_of[of]] * self.columns + at

    def _reference_in(self, cells: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the parts of the reference's runs in ascending cells: cell, start, stop."""
        height, width = self.reference.shape
        y0, x0 = cells // self.columns * self.side, cells % self.columns * self.side
        of, y = expand(y0, np.minimum(y0 + self.side, height))
        base = y * self.reference.stride
        begin, end = base + x0[of], base + np.minimum(x0[of] + self.side, width)
        low = np.searchsorted(self.reference.stop, begin, side="right")
        high = np.searchsorted(self.reference.start, end, side="left")
        row, run = expand(low, high)
        start = np.maximum(self.reference.start[run], begin[row])
        stop = np.minimum(self.reference.stop[run], end[row])
        return cells[of[row]], start, stop


def _occupied(runs: Runs, side: int, rows: int, columns: int) -> np.ndarray:
    """Return which cells hold a pixel of the runs, (rows, columns) bool."""
    steps = np.zeros((rows, columns + 1), dtype=np.int32)
    for begin in range(0, len(runs), 1 << 20):
        y, x0, x1 = runs.take(slice(begin, begin + (1 << 20))).rows()
        np.add.at(steps, (y // side, x0 // side), 1)
        np.add.at(steps, (y // side, (x1 - 1) // side + 1), -1)
    return np.ascontiguousarray(np.cumsum(steps, axis=1)[:, :columns] > 0)


def _cut_at_cells(
    runs: Runs, owner: np.ndarray, side: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return y, x0, x1 and owner of the parts of the runs in each column of cells."""
    y, x0, x1 = runs.rows()
    run, column = expand(x0 // side, (x1 - 1) // side + 1)
    left, right = np.maximum(x0[run], column * side), np.minimum(x1[run], (column + 1) * side)
    return y[run], left, right, owner[run]
