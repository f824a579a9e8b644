"""Shapes: things on one grid, each with its pixels and its measures.

Two kinds of things are measured: the connected regions of a mask (`planimeter.spatial.regions`) and the features of a
vector layer (`planimeter.spatial.features`). Programs, evidence and export treat both alike, through this class.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Self

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster.pixel_areas import PixelArea, area_of_runs, differs
from planimeter.spatial.runs import Runs, intersect, paint, subtract

Ring = list[list[float]]
Polygon = tuple[Ring, list[Ring]]

# Runs that are measured at a time.
_MANY = 1 << 20


class Shapes:
    """N things on one grid. The pixels are kept as runs, in raster order by their starts.

    Attributes:
        shape: (height, width) of the grid.
        runs: the pixels of all things; those of different things may overlap where a subclass says so.
        owner: (R,) int32 the thing (from 0) that each run belongs to.
        pixel_area: ground area of a pixel in m², as `Scale.pixel_area`; None where no scale is known.
        area_pixels: (N,) areas in pixels; not-a-number for what has no area, such as a line.
        area_m2: (N,) float64 ground areas, or None where no scale is known; not-a-number as above.
        length_m: (N,) float64 lengths of lines in metres; None for what is no line.
        bbox: (N, 4) int32 x0, y0, x1, y1 in pixels, half-open.
        centroid: (N, 2) float64 x, y in pixels; the centre of the upper left pixel is (0.5, 0.5).
    """

    area_pixels: np.ndarray
    area_m2: np.ndarray | None
    length_m: np.ndarray | None = None
    bbox: np.ndarray
    centroid: np.ndarray

    def __init__(
        self, runs: Runs, owner: np.ndarray, count: int, pixel_area: PixelArea | None = None
    ) -> None:
        self.shape = runs.shape
        self.runs = runs
        self.owner = owner
        self.pixel_area = pixel_area
        self._count = count
        self._pixels, self._ground = self._measure()

    def _measure(self) -> tuple[np.ndarray, np.ndarray]:
        """Set boxes and centroids; return pixels and, where pixels differ, their ground, of each thing.

        Only a part of the runs is worked on at a time, so that what is needed on the way stays small.
        """
        count = self._count
        # Sums of whole numbers below 2**53 are exact in float64.
        area, x_sum, y_sum = np.zeros(count), np.zeros(count), np.zeros(count)
        ground = np.zeros(count)
        box = np.zeros((count, 4), dtype=np.int32)
        box[:, :2] = self.shape[1], self.shape[0]
        for begin in range(0, len(self.runs), _MANY):
            part = slice(begin, begin + _MANY)
            owner = self.owner[part]
            y, x0, x1 = self.runs.take(part).rows()
            length = x1 - x0
            for total, weights in (
                (area, length),
                (x_sum, (x0 + x1) * length),
                (y_sum, (2 * y + 1) * length),
            ):
                total += np.bincount(owner, weights=weights, minlength=count)
            if self.pixel_area is not None and differs(self.pixel_area):
                weights = area_of_runs(self.pixel_area, y, x0, x1)
                ground += np.bincount(owner, weights=weights, minlength=count)
            np.minimum.at(box[:, 0], owner, x0.astype(np.int32))
            np.maximum.at(box[:, 2], owner, x1.astype(np.int32))
            # Runs come in raster order and the last write to a repeated index stays.
            top = np.full(count, self.shape[0], dtype=np.int32)
            top[owner[::-1]] = y[::-1]
            np.minimum(box[:, 1], top, out=box[:, 1])
            box[owner, 3] = y + 1
        self.centroid = np.stack([x_sum / (2 * area), y_sum / (2 * area)], axis=1)
        self.bbox = box
        return area.astype(np.int64), ground

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        height, width = self.shape
        return f"{type(self).__name__}({len(self)} of {int(self._pixels.sum())} pixels on {width} x {height})"

    @property
    def pixels(self) -> np.ndarray:
        """(N,) int64: how many pixels each thing stands by."""
        return self._pixels

    def united(self, indices: Sequence[int] | np.ndarray | None = None) -> Runs:
        """Return the pixels of the things, or of those that ``indices`` names, as disjoint runs."""
        if indices is None:
            return self.runs
        chosen = np.zeros(self._count, dtype=bool)
        chosen[self._check_indices(indices)] = True
        return self.runs.take(chosen[self.owner])

    def mask(self, indices: Sequence[int] | np.ndarray | None = None) -> np.ndarray:
        """Return the (H, W) bool mask of the things, or of those that ``indices`` names."""
        return paint(self.united(indices))

    def subset(self, indices: Sequence[int] | np.ndarray) -> Self:
        """Return the things that ``indices`` names, in that order.

        Raises:
            UsageError: an index is out of range or named twice.
        """
        wanted = self._check_indices(indices)
        number = np.full(self._count, -1, dtype=np.int32)
        number[wanted] = np.arange(len(wanted), dtype=np.int32)
        if (number >= 0).sum() != len(wanted):
            raise UsageError("a region is named twice: pass each index once")
        owner = number[self.owner]
        chosen = np.flatnonzero(owner >= 0)
        return self._chosen(chosen, owner[chosen], wanted)

    def cut(self, other: Runs, inside: bool) -> tuple[Self, np.ndarray]:
        """Return what of each thing lies inside (or outside) ``other``, and which thing each came from."""
        runs, of_run = intersect(self.runs, other) if inside else subtract(self.runs, other)
        owner = self.owner[of_run]
        source = np.flatnonzero(np.bincount(owner, minlength=self._count))
        number = np.zeros(self._count, dtype=np.int32)
        number[source] = np.arange(len(source), dtype=np.int32)
        return self._parts(runs, of_run, number[owner], source), source

    def polygon(self, k: int) -> Polygon:
        """Return thing k's outline: (exterior, holes), see `polygons`."""
        return self.polygons([k])[0]

    def polygons(self, indices: Sequence[int] | np.ndarray | None = None) -> list[Polygon]:
        """Return outlines in pixel coordinates: one (exterior, holes) each, in the order asked for.

        A ring is a list of ``[x, y]``, not closed; exteriors run clockwise on the screen, holes the other way.
        """
        raise NotImplementedError

    def apart(self) -> tuple[Runs, np.ndarray, np.ndarray]:
        """Return the runs with nothing of one thing touching another: what outlines are traced along.

        Returns:
            the runs, (R,) int32 the thing of each, and (N,) int64 by how many rows each thing was moved down.
        """
        return self.runs, self.owner, np.zeros(self._count, dtype=np.int64)

    def outline_lengths(self) -> np.ndarray | None:
        """(N,) float64 metres: lengths of outlines that are known without pixels, not-a-number where they are not."""
        return None

    def _chosen(self, runs: np.ndarray, owner: np.ndarray, wanted: np.ndarray) -> Self:
        """The things ``wanted``, whole: indices of their runs, and the new number of each."""
        raise NotImplementedError

    def _parts(self, runs: Runs, of_run: np.ndarray, owner: np.ndarray, source: np.ndarray) -> Self:
        """Parts of things: their runs, the old run of each, its new number, and the old thing of each new one."""
        raise NotImplementedError

    @cached_property
    def _by_region(self) -> tuple[np.ndarray, np.ndarray]:
        """Run indices grouped by thing, and where each group starts."""
        order = np.argsort(self.owner, kind="stable")
        counts = np.bincount(self.owner, minlength=self._count)
        return order, np.append(0, np.cumsum(counts))

    def _runs_of_each(self, wanted: np.ndarray) -> tuple[Runs, np.ndarray]:
        """Return the runs of the wanted things in raster order, and the thing of each."""
        if len(wanted) * 4 < self._count:
            order, offset = self._by_region
            chosen = np.sort(
                np.concatenate([order[offset[k] : offset[k + 1]] for k in wanted] or [order[:0]])
            )
        else:
            flags = np.zeros(self._count, dtype=bool)
            flags[wanted] = True
            chosen = np.flatnonzero(flags[self.owner])
        return self.runs.take(chosen), self.owner[chosen]

    def _check_indices(self, indices: Sequence[int] | np.ndarray) -> np.ndarray:
        wanted = np.asarray(indices)
        if wanted.size == 0:
            return np.zeros(0, dtype=np.int64)
        if wanted.ndim != 1 or not np.issubdtype(wanted.dtype, np.integer):
            raise UsageError("region indices are whole numbers in a list: pass for example [0, 2]")
        if wanted.min() < 0 or wanted.max() >= self._count:
            raise UsageError(
                f"there are {self._count} regions, indices run from 0 to {self._count - 1}: pass one of those"
            )
        return wanted.astype(np.int64)
