"""Cells laid over an image: which of them show anything, and how much ground they cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planimeter.annotate.kinds import GRIDS
from planimeter.errors import UsageError
from planimeter.raster import Scene
from planimeter.raster.pixel_areas import PixelAreas

Runs = list[tuple[int, int]]
_FINEST_LOOK = 2560  # pixels a side at which validity is looked at; 8 per cell of the finest grid
_LEAST_SHARE = 0.5  # of a cell that must be valid
_ROUNDING = 1e-9  # of a share that is summed from pixels: half a cell is half, whatever its last bit says


@dataclass(frozen=True)
class Cells:
    """A grid of n times n cells of equal size over an image, row by row from the upper left corner.

    Attributes:
        n: cells a side.
        valid: (n·n,) bool; cells at least half of whose pixels count.
        row_hectares: (n,) ground area of one cell in each row, on average; None without a scale.
        alike: whether all cells cover the same ground.
        each_hectares: (n·n,) ground area of every cell, where they differ along a row as well.
    """

    n: int
    valid: np.ndarray
    row_hectares: np.ndarray | None
    alike: bool = True
    each_hectares: np.ndarray | None = None

    def percentage(self, selected: np.ndarray) -> float:
        """Selected cells among valid ones, in per cent; a cell counts whole or not at all (paper, figure 1).

        Cells that cover different ground count by it.

        Args:
            selected: (n·n,) bool.
        """
        if not self.valid.any():
            return 0.0
        if not self.alike:
            return 100 * self.hectares(selected) / self.hectares(self.valid)
        return 100 * int((selected & self.valid).sum()) / int(self.valid.sum())

    def hectares(self, selected: np.ndarray) -> float:
        """Ground area of the selected valid cells.

        Args:
            selected: (n·n,) bool.
        """
        assert self.row_hectares is not None
        there = selected & self.valid
        if self.each_hectares is not None:
            return float(self.each_hectares[there].sum())
        return float(there.reshape(self.n, self.n).sum(axis=1) @ self.row_hectares)


def cells_of(scene: Scene, n: int) -> Cells:
    """Lay a grid over a scene.

    Args:
        scene: the image, opened.
        n: cells a side, one of ``GRIDS``.

    Raises:
        UsageError: no such grid.
        SceneError: the image cannot be read.
    """
    if n not in GRIDS:
        raise UsageError(f"A grid has {', '.join(map(str, GRIDS))} cells a side; choose one of these.")
    valid, scale = _valid(scene, n), scene.scale
    if scale is None:
        return Cells(n, valid, None)
    pixels = scene.width * scene.height / (n * n)
    area = scale.pixel_area
    if isinstance(area, PixelAreas):
        x, y = ((np.arange(n) + 0.5) * side / n for side in (scene.width, scene.height))
        each = area.lattice(x, y) * (pixels / 10_000)
        return Cells(n, valid, each.mean(axis=1), alike=False, each_hectares=each.ravel())
    rows = _shares(scene.height, n) @ np.broadcast_to(np.asarray(area, dtype=np.float64), (scene.height,))
    return Cells(n, valid, rows * (pixels / 10_000), scale.by_pixels)


def runs_of(cells: np.ndarray) -> Runs:
    """Selected cells as (first, how many) runs.

    Example:
        >>> runs_of(np.array([True, True, False, True]))
        [(0, 2), (3, 1)]
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[False], cells, [False]]).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    return [(int(start), int(end - start)) for start, end in zip(starts, ends, strict=True)]


def from_runs(runs: object, n: int) -> np.ndarray:
    """The cells that runs select, (n·n,) bool.

    Args:
        runs: as a client sent them.
        n: cells a side.

    Raises:
        UsageError: they are no runs inside the grid.

    Example:
        >>> int(from_runs([[0, 2], [99, 1]], 10).sum())
        3
    """
    cells = np.zeros(n * n, dtype=bool)
    if not isinstance(runs, list):
        raise UsageError("The selected cells are no list of runs; send [[first, how many], …].")
    for run in runs:
        good = isinstance(run, list) and len(run) == 2 and all(type(number) is int for number in run)
        if not good or run[0] < 0 or run[1] < 1 or run[0] + run[1] > n * n:
            raise UsageError(
                f"A run of cells leaves the {n} x {n} grid; send [[first, how many], …] inside it."
            )
        cells[run[0] : run[0] + run[1]] = True
    return cells


def _valid(scene: Scene, n: int) -> np.ndarray:
    if not scene.plan.masked:
        return np.ones(n * n, dtype=bool)
    seen = scene.valid(out_shape=(min(scene.height, _FINEST_LOOK), min(scene.width, _FINEST_LOOK)))
    rows = _shares(seen.shape[0], n) @ seen.astype(np.float64) @ _shares(seen.shape[1], n).T
    return (rows >= _LEAST_SHARE - _ROUNDING).ravel()


def _shares(length: int, n: int) -> np.ndarray:
    """(n, length) how much of each cell along one side belongs to each pixel; rows sum to 1."""
    edges = np.linspace(0, length, n + 1)
    pixels = np.arange(length)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.clip(overlap, 0, None) * (n / length)
