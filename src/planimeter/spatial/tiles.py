"""Scenes cut into tiles, and what tiles give put together again: the same runs, as if there had been no tiles.

A tile gives its runs and which of them belong together inside the tile. Runs that end at a tile's border and
go on in the next tile become one; regions that meet at a border, even at a corner, become one region. The
result does not depend on how the scene was cut: it equals, element for element, what one tile gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from planimeter.progress import with_progress
from planimeter.raster.pixel_areas import PixelArea
from planimeter.spatial.regions import Regions, components
from planimeter.spatial.runs import Box, Runs, expand, hook, runs_of

_INT32 = np.iinfo(np.int32).max


class TileMap(Protocol):
    """Does the same work for every tile, here or elsewhere, and gives the results in the order of the tiles."""

    @property
    def workers(self) -> int:
        """How many tiles are worked on at once in this machine's memory."""
        ...

    def __call__(
        self, function: Callable[[Any, Any], Any], common: Any, items: Sequence[Any]
    ) -> Iterable[Any]:
        """Return ``function(common, item)`` for every item."""
        ...


@dataclass(frozen=True)
class OneByOne:
    """The plain way to go through tiles: one after the other, in this process.

    >>> list(OneByOne()(lambda common, item: common * item, 2, [1, 3]))
    [2, 6]
    """

    @property
    def workers(self) -> int:
        """One."""
        return 1

    def __call__(
        self, function: Callable[[Any, Any], Any], common: Any, items: Sequence[Any]
    ) -> Iterator[Any]:
        """Return ``function(common, item)`` for every item, computed as they are asked for."""
        found = (function(common, item) for item in items)
        return with_progress(found, len(items), "measuring", "tile") if len(items) > 1 else found


@dataclass(frozen=True)
class Tiling:
    """How a grid is cut into tiles, and what each may use.

    Attributes:
        shape: (height, width) of the grid.
        height: rows of a tile; those of the last row of tiles are what is left.
        width: columns of a tile.
        room: bytes that the work on one tile may use.
        each: does the work.
    """

    shape: tuple[int, int]
    height: int
    width: int
    room: int = 1 << 62
    each: TileMap = field(default_factory=OneByOne)

    @property
    def is_whole(self) -> bool:
        """True where one tile is all."""
        return self.height >= self.shape[0] and self.width >= self.shape[1]

    def rows(self) -> list[list[Box]]:
        """The tiles, row by row.

        >>> Tiling((3, 5), 2, 4).rows()
        [[(0, 0, 4, 2), (4, 0, 5, 2)], [(0, 2, 4, 3), (4, 2, 5, 3)]]
        """
        height, width = self.shape
        return [
            [
                (x, y, min(x + self.width, width), min(y + self.height, height))
                for x in range(0, width, self.width)
            ]
            for y in range(0, height, self.height)
        ]

    def boxes(self) -> list[Box]:
        """The tiles in the order of `rows`."""
        return [box for row in self.rows() for box in row]

    def widened(self, box: Box, across: int, down: int) -> Box:
        """A tile with a halo, as far as the grid goes.

        >>> Tiling((10, 10), 4, 4).widened((4, 4, 8, 8), 3, 1)
        (1, 3, 10, 9)
        """
        x0, y0, x1, y1 = box
        height, width = self.shape
        return max(x0 - across, 0), max(y0 - down, 0), min(x1 + across, width), min(y1 + down, height)


@dataclass(frozen=True)
class Piece:
    """What one tile gives: its runs on its own grid, and the component of each inside the tile.

    Attributes:
        runs: on the tile's grid.
        owner: (R,) int32 component of each run, from 0.
        count: how many components there are.
    """

    runs: Runs
    owner: np.ndarray
    count: int


def piece_of(mask: np.ndarray) -> Piece:
    """Return a tile's (h, w) bool mask as a piece."""
    runs = runs_of(mask)
    owner, count = components(runs, mask)
    return Piece(slim(runs), owner, count)


def slim(runs: Runs) -> Runs:
    """Return the same runs in half the memory, where the grid is small enough."""
    if runs.shape[0] * runs.stride > _INT32:
        return runs
    return Runs(runs.shape, runs.start.astype(np.int32), runs.stop.astype(np.int32))


def join_regions(pieces: Sequence[Piece], tiling: Tiling, pixel_area: PixelArea | None) -> Regions:
    """Return the regions of a whole grid from the pieces of its tiles, equal to those labelled at once.

    Args:
        pieces: one per tile, in the order of ``tiling.boxes()``.
        tiling: how the grid was cut.
        pixel_area: ground area of a pixel in m² (`Scale.pixel_area`).

    >>> mask = np.array([[1, 0, 0], [0, 1, 1]], bool)
    >>> tiles = Tiling((2, 3), 1, 2)
    >>> pieces = [piece_of(mask[y0:y1, x0:x1]) for x0, y0, x1, y1 in tiles.boxes()]
    >>> join_regions(pieces, tiles, None).area_pixels.tolist()
    [3]
    """
    offset = np.append(0, np.cumsum([piece.count for piece in pieces])).astype(np.int32)
    labelled = [(piece.runs, piece.owner + first) for piece, first in zip(pieces, offset, strict=False)]
    runs, owner, pairs = _sew(labelled, tiling)
    parent = hook(np.arange(offset[-1], dtype=np.int32), *pairs)
    if len(parent):
        owner = _numbered(parent[owner])
    return Regions(runs, owner, int(owner.max()) + 1 if len(owner) else 0, pixel_area)


def join_runs(parts: Sequence[Runs], tiling: Tiling) -> Runs:
    """Return the runs of a whole grid from those of its tiles, which lie on the tiles' own grids.

    >>> join_runs([runs_of(np.array([[True, True]])), runs_of(np.array([[True]]))], Tiling((1, 3), 1, 2)).stop.tolist()
    [3]
    """
    return _sew([(part, np.zeros(len(part), dtype=np.int32)) for part in parts], tiling)[0]


def _sew(
    parts: list[tuple[Runs, np.ndarray]], tiling: Tiling
) -> tuple[Runs, np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Return the runs of the whole grid, the component of each, and the pairs of components that meet."""
    total = sum(len(runs) for runs, _ in parts)
    stride = tiling.shape[1] + 1
    start, stop = np.empty(total, dtype=np.int64), np.empty(total, dtype=np.int64)
    owner = np.empty(total, dtype=np.int32)
    pairs: list[tuple[np.ndarray, np.ndarray]] = []
    used, number = 0, 0
    for row in tiling.rows():
        first, last, own = _side_by_side(parts[number : number + len(row)], row, stride)
        pairs.append(_across_columns(first, last, own, stride, tiling.width))
        # Only at a border can one run begin where another ends: there they are one run.
        opens = np.append(True, first[1:] > last[:-1])[: len(first)]
        closes = np.append(opens[1:], True)[: len(first)]
        begin, used = used, used + int(opens.sum())
        start[begin:used], stop[begin:used] = first[opens], last[closes]
        owner[begin:used] = own[opens]
        if begin:
            pairs.append(_across_rows(start[:used], stop[:used], owner, begin, row[0][1], stride))
        number += len(row)
    one, other = (np.concatenate(side) for side in zip(*pairs, strict=True))
    return Runs(tiling.shape, start[:used], stop[:used]), owner[:used], (one, other)


def _side_by_side(
    parts: Sequence[tuple[Runs, np.ndarray]], boxes: Sequence[Box], stride: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return start, stop and component of the runs of a row of tiles, on the whole grid, in raster order."""
    starts, stops, owners = [], [], []
    for (runs, owner), (x0, y0, _, _) in zip(parts, boxes, strict=True):
        y = runs.start.astype(np.int64) // runs.stride
        shift = (y + y0) * stride + x0 - y * runs.stride
        starts.append(runs.start + shift)
        stops.append(runs.stop + shift)
        owners.append(owner)
    if len(boxes) == 1:
        return starts[0], stops[0], owners[0]
    start, stop, owner = np.concatenate(starts), np.concatenate(stops), np.concatenate(owners)
    order = np.argsort(start, kind="stable")
    return start[order], stop[order], owner[order]


def _across_columns(
    start: np.ndarray, stop: np.ndarray, owner: np.ndarray, stride: int, width: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of components that meet where one tile ends and the next one, to its right, begins."""
    column = stop % stride
    ends = np.flatnonzero((column % width == 0) & (column < stride - 1))
    column = start % stride
    begins = np.flatnonzero((column % width == 0) & (column > 0))
    one, other = [], []
    for shift in (-stride, 0, stride):  # up to the right, beside, down to the right
        place = np.searchsorted(start[begins], stop[ends] + shift)
        place = np.minimum(place, max(len(begins) - 1, 0))
        meets = start[begins][place] == stop[ends] + shift if len(begins) else np.zeros(len(ends), bool)
        one.append(owner[ends[meets]])
        other.append(owner[begins[place[meets]]])
    return np.concatenate(one), np.concatenate(other)


def _across_rows(
    start: np.ndarray, stop: np.ndarray, owner: np.ndarray, begin: int, y: int, stride: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the pairs of components that meet between row ``y``, the first of a row of tiles, and row y - 1."""
    above = int(np.searchsorted(start[:begin], (y - 1) * stride))
    end = begin + int(np.searchsorted(start[begin:], (y + 1) * stride))
    low = np.searchsorted(stop[above:begin] + stride, start[begin:end], side="left")
    high = np.searchsorted(start[above:begin] + stride, stop[begin:end], side="right")
    below, over = expand(low, high)
    return owner[begin:end][below], owner[above:begin][over]


def _numbered(root: np.ndarray) -> np.ndarray:
    """Return the components numbered anew by their first run in raster order."""
    first = np.full(int(root.max()) + 1, -1, dtype=np.int64)
    for begin in reversed(range(0, len(root), 1 << 20)):
        part = root[begin : begin + (1 << 20)]
        # The last write to a repeated index stays, so the earliest run has the last word.
        first[part[::-1]] = np.arange(begin + len(part) - 1, begin - 1, -1)
    roots = np.flatnonzero(first >= 0)
    number = np.empty(len(first), dtype=np.int32)
    number[roots[np.argsort(first[roots])]] = np.arange(len(roots), dtype=np.int32)
    return number[root]
