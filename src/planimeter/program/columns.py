"""Shapes on their way to a program: ids, and one column per key."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from planimeter.program.measure import Ground
from planimeter.program.registry import ShapeRegistry

_GEOMETRY = frozenset({"bbox", "centroid", "polygon", "holes"})


@dataclass(frozen=True, eq=False)
class Sent:
    """Shapes that a call returns; their columns are made when they are asked for.

    Attributes:
        ids: (N,) int64, known to the registry.
        registry: what the ids stand for.
        ground: the scale.
        keys: what the program names; geometry is told only where it is named.
        words: (N,) object, "class_type" of each; None for what the shapes have.
    """

    ids: np.ndarray
    registry: ShapeRegistry
    ground: Ground
    keys: frozenset[str]
    words: np.ndarray | None = None

    def columns(self, key: str, at: np.ndarray) -> list[np.ndarray]:
        """The values of "id", "class_type", "area_pixels", "area_hectares" or "source_id" of some of the shapes.

        Args:
            key: one of these.
            at: (M,) which of them.

        Returns:
            One array for each stretch of shapes of one kind, in order.

        Raises:
            KeyError: one of the shapes has no such key.
        """
        ids = self.ids[at]
        if key == "id":
            return [ids]
        if key == "class_type" and self.words is not None:
            return [self.words[at]]
        found = []
        for block, part in self.registry.blocks_of(ids):
            index = ids[part] - block.first
            if key == "class_type":
                found.append(block.words[index])
            elif key == "area_pixels":
                found.append(block.regions.area_pixels[index])
            elif key == "area_hectares" and self.ground.scale is not None:
                found.append(self.ground.area_m2(block.regions)[index] / 10_000)
            elif key == "source_id" and block.sources is not None:
                found.append(block.sources[index])
            else:
                raise KeyError(key)
        return found

    def listed(self) -> dict[str, list[Any]]:
        """One list per shape key, in the order of the ids: what crosses into the sandbox."""
        columns: dict[str, list[Any]] = {"id": self.ids.tolist(), "class_type": [], "area_pixels": []}
        metric = self.ground.scale is not None
        if metric:
            columns["area_hectares"] = []
        for block, at in self.registry.blocks_of(self.ids):
            index = self.ids[at] - block.first
            columns["class_type"] += block.words[index].tolist()
            columns["area_pixels"] += _known_numbers(block.regions.area_pixels[index])
            if metric:
                columns["area_hectares"] += _known_numbers(self.ground.area_m2(block.regions)[index] / 10_000)
            if block.sources is not None:
                columns.setdefault("source_id", []).extend(block.sources[index].tolist())
            for key in self.keys & _GEOMETRY:
                columns.setdefault(key, []).extend(block.column(key, index))
        if self.words is not None:
            columns["class_type"] = self.words.tolist()
        return columns


def _known_numbers(values: np.ndarray) -> list[Any]:
    """Numbers for a program; None for what has none, which no program can count with by mistake."""
    listed = values.tolist()
    if values.dtype.kind == "f" and np.isnan(values).any():
        return [None if math.isnan(value) else value for value in listed]
    return listed
