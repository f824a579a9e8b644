"""What lies within a distance of shapes, and how far shapes are from others; both kept for the next call."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from planimeter.program.measure import Ground
from planimeter.program.registry import BlockPart
from planimeter.raster.scale import Scale
from planimeter.spatial import Features, clip
from planimeter.spatial.runs import Runs, unite
from planimeter.spatial.tiled import near_runs, shape_distances
from planimeter.spatial.tiles import Tiling

_CACHED = 4  # answers kept of "within D of these shapes", and of distances to them
_HAIR = 1e-6  # metres: far below the step between two distances of pixels

Area = np.ndarray | Runs


class Nearness:
    """Measures distances of one program's shapes.

    Args:
        ground: the scale.
        tiling: how the scene is cut.
    """

    def __init__(self, ground: Ground, tiling: Tiling) -> None:
        self._ground, self._tiling = ground, tiling
        self._near: dict[tuple[Any, ...], Runs] = {}
        self._distances_of: dict[tuple[Any, ...], np.ndarray] = {}
        self._measured_once: set[tuple[Any, ...]] = set()

    def union(self, parts: list[BlockPart]) -> Area:
        """The pixels of shapes: a (H, W) mask, or runs."""
        if not self._tiling.is_whole or all(isinstance(part.block.regions, Features) for part in parts):
            return unite([part.regions().runs for part in parts], self._tiling.shape)
        if len(parts) == 1:
            return parts[0].mask()
        union = np.zeros(self._tiling.shape, dtype=bool)
        for part in parts:
            union |= part.mask()
        return union

    def area_within(self, reference: list[BlockPart], metres: float) -> Runs:
        """Pixels within a distance of shapes, as runs: repeated cuts of single shapes then cost little."""
        scale = self._ground.scale
        assert scale is not None
        key = (*(part.key for part in reference), metres, *scale.sides)
        if key not in self._near:
            while len(self._near) >= _CACHED:
                del self._near[next(iter(self._near))]
            area = self.union(reference)
            self._near[key] = near_runs(area, metres, *scale.sides, self._tiling)
        return self._near[key]

    def around(self, area: Area, metres: float) -> Runs:
        """Pixels within a distance of an area."""
        scale = self._ground.scale
        assert scale is not None
        return near_runs(area, metres, *scale.sides, self._tiling)

    def distances(self, part: BlockPart, reference: list[BlockPart], scale: Scale) -> np.ndarray:
        """(N,) metres; asked about one block again and again, the whole block is measured once."""
        key = (part.block.first, *(other.key for other in reference), *scale.sides)
        if key in self._distances_of:
            return self._distances_of[key][part.indices]
        area = self.union(reference)
        if not part.is_whole and key not in self._measured_once:
            self._measured_once.add(key)
            return shape_distances(part.regions(), area, *scale.sides, self._tiling)
        if len(self._distances_of) >= _CACHED:
            del self._distances_of[next(iter(self._distances_of))]
        self._distances_of[key] = shape_distances(part.block.regions, area, *scale.sides, self._tiling)
        return self._distances_of[key][part.indices]

    def nearest_point(
        self, part: BlockPart, reference: list[BlockPart], metres: float
    ) -> tuple[float, float] | None:
        """The point of a shape that its distance was measured from, in cells of the grid; None where it was not.

        Args:
            part: one shape.
            reference: what distances were measured to.
            metres: the distance that the program has of it.
        """
        scale = self._ground.scale
        if scale is None or not reference:
            return None
        measured = float(self.distances(part, reference, scale)[0])
        if not math.isclose(measured, metres, rel_tol=1e-9, abs_tol=1e-9):
            return None  # a distance to something else
        kept, _ = clip(part.regions(), self.area_within(reference, measured + _HAIR))
        if not len(kept):
            return None
        row, start, _ = kept.united().rows()
        return float(start[0]) + 0.5, float(row[0]) + 0.5
