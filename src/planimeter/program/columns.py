"""Shapes as they cross the border: one list per key."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from planimeter.program.measure import Ground
from planimeter.program.registry import ShapeRegistry

_GEOMETRY = frozenset({"bbox", "centroid", "polygon", "holes"})


def columns_of(
    ids: list[int],
    registry: ShapeRegistry,
    ground: Ground,
    keys: frozenset[str],
    words: list[str] | None = None,
) -> dict[str, list[Any]]:
    """One list per shape key, in the order of ``ids``.

    Args:
        ids: known to the registry.
        registry: what the ids stand for.
        ground: the scale.
        keys: what the program names; geometry is told only where it is named.
        words: "class_type" of each; None for what the shapes have.
    """
    columns: dict[str, list[Any]] = {"id": ids, "class_type": [], "area_pixels": []}
    metric = ground.scale is not None
    if metric:
        columns["area_hectares"] = []
    position = 0
    while position < len(ids):  # runs of one block, as whole columns
        block = registry.block_of(ids[position])
        end = position
        last = block.first + len(block)
        while end < len(ids) and block.first <= ids[end] < last:
            end += 1
        index = np.asarray(ids[position:end], dtype=np.int64) - block.first
        columns["class_type"] += [block.class_types[k] for k in index.tolist()]
        columns["area_pixels"] += _known_numbers(block.regions.area_pixels[index])
        if metric:
            columns["area_hectares"] += _known_numbers(ground.area_m2(block.regions)[index] / 10_000)
        if block.sources is not None:
            columns.setdefault("source_id", []).extend(block.sources[index].tolist())
        for key in keys & _GEOMETRY:
            columns.setdefault(key, []).extend(block.column(key, index))
        position = end
    if words is not None:
        columns["class_type"] = words
    return columns


def _known_numbers(values: np.ndarray) -> list[Any]:
    """Numbers for a program; None for what has none, which no program can count with by mistake."""
    listed = values.tolist()
    if values.dtype.kind == "f" and np.isnan(values).any():
        return [None if math.isnan(value) else value for value in listed]
    return listed
