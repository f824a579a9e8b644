"""Calls of programs that compare two dates: which shapes match, and what became what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.spatial.change import matches, overlapping, transitions
from planimeter.spatial.runs import Runs, unite
from planimeter.table import percent

if TYPE_CHECKING:
    from planimeter.program.measure import Ground
    from planimeter.program.registry import BlockPart

_WORTH_SAYING = 0.005  # of the ground


def matched_ids(targets: list[BlockPart], others: list[BlockPart], least: float) -> dict[int, list[int]]:
    """The ids that each shape matches, in order; shapes that match nothing are left out.

    Args:
        targets: shapes of one date.
        others: shapes of the other.
        least: see ``planimeter.spatial.change.matches``.
    """
    found: dict[int, list[int]] = {}
    for part in targets:
        for other in others:
            for k, m in zip(*matches(part.regions(), other.regions(), least), strict=True):
                own = int(part.indices[k]) + part.block.first
                found.setdefault(own, []).append(int(other.indices[m]) + other.block.first)
    return found


def transition_rows(
    before: list[BlockPart], after: list[BlockPart], covered: Runs, ground: Ground
) -> list[dict[str, Any]]:
    """What became what, as a program reads it.

    Args:
        before: shapes of the earlier date, their classes what the program calls them.
        after: shapes of the later date.
        covered: the pixels that count.
        ground: how large they are; told where classes of a date lie on one another.
    """
    earlier, later = (_classes(parts, covered.shape) for parts in (before, after))
    twice = (overlapping(earlier) + overlapping(later)) / max(1, ground.valid_pixels)
    if twice > _WORTH_SAYING:
        ground.warn(
            f"On {percent(twice, 1)} of the ground the classes of a date lie on one another; it is counted for each of "
            "them, so that the parts add up to more than the whole."
        )
    rows: list[dict[str, Any]] = []
    for each in transitions(earlier, later, covered, ground.pixel_area):
        row: dict[str, Any] = {"from": each.before, "to": each.after, "area_pixels": each.pixels}
        if each.square_metres is not None:
            row["area_hectares"] = each.square_metres / 10_000
        rows.append(row)
    return rows


def _classes(parts: list[BlockPart], shape: tuple[int, int]) -> dict[str, Runs]:
    """The pixels of shapes by what the program calls them."""
    found: dict[str, list[Runs]] = {}
    for part in parts:
        regions = part.regions()
        kinds = part.block.words[part.indices]
        for kind in dict.fromkeys(kinds.tolist()):
            found.setdefault(kind, []).append(regions.united(np.flatnonzero(kinds == kind)))
    return {kind: unite(runs, shape) for kind, runs in found.items()}
