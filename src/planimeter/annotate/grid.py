"""Cells laid over an image: which of them show anything, and how much ground they cover."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from planimeter.annotate.kinds import GRIDS
from planimeter.errors import UsageError
from planimeter.raster import Scene

Runs = list[tuple[int, int]]
_FINEST_LOOK = 2560  # pixels a side at which validity is looked at; 8 per cell of the finest grid
_LEAST_SHARE = 0.5  # of a cell that must be valid


@dataclass(frozen=True)
class Cells:
    """A grid of n times n cells of equal size over an image, row by row from the upper left corner.

    Attributes:
        n: cells a side.
        valid: (n·n,) bool; cells at least half of whose pixels count.
        row_hectares: (n,) ground area of one cell in each row; None without a scale.
    """

    n: int
    valid: np.ndarray
    row_hectares: np.ndarray | None

    def percentage(self, selected: np.ndarray) -> float:
        """Selected cells among valid ones, in per cent; a cell counts whole or not at all (paper, figure 1).

        Args:
            selected: (n·n,) bool.
        """
        total = int(self.valid.sum())
        return 100 * int((selected & self.valid).sum()) / total if total else 0.0

    def hectares(self, selected: np.ndarray) -> float:
        """Ground area of the selected valid cells.

        Args:
            selected: (n·n,) bool.
        """
        assert self.row_hectares is not None
        per_row = (selected & self.valid).reshape(self.n, self.n).sum(axis=1)
        return float(per_row @ self.row_hectares)


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
    return Cells(n, _valid(scene, n), _row_hectares(scene, n))


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
    return (rows >= _LEAST_SHARE).ravel()


def _shares(length: int, n: int) -> np.ndarray:
    """(n, length) how much of each cell along one side belongs to each pixel; rows sum to 1."""
    edges = np.linspace(0, length, n + 1)
    pixels = np.arange(length)
    overlap = np.minimum(edges[1:, None], pixels + 1) - np.maximum(edges[:-1, None], pixels)
    return np.clip(overlap, 0, None) * (n / length)


def _row_hectares(scene: Scene, n: int) -> np.ndarray | None:
    if scene.scale is None:
        return None
    area = np.broadcast_to(np.asarray(scene.scale.pixel_area, dtype=np.float64), (scene.height,))
    pixels = scene.width * scene.height / (n * n)
    return _shares(scene.height, n) @ area * (pixels / 10_000)
