"""What was measured for every zone, however it was measured."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from planimeter.answer.zone_unsure import UnsureGround
from planimeter.program import Run
from planimeter.table import Cell, Column, percent, shown

ALL = "all zones"
_WORTH_SAYING = 1e-6  # of the ground


def name_of_all(zones: Collection[str]) -> str:
    """What the row of all zones is called: like none of them.

    >>> name_of_all(["Hill"]), name_of_all(["Hill", "all zones"])
    ('all zones', 'all zones together')
    """
    name = ALL
    while name in zones:
        name += " together"
    return name


@dataclass
class ByZone:
    """What was measured for N zones.

    Attributes:
        columns: those behind the name of the zone, with their units.
        rows: of each zone its rows: one for a number, several for a table or a list, none for an empty list.
        together: the rows of all zones; none where they would say nothing that a zone's own do not.
        pixels: (N,) float64 pixels of each zone that count.
        hectares: (N,) float64 their ground; None without a scale.
        whole: pixels and hectares of all zones together, each pixel once.
        warnings: sentences.
        run: the program's over all zones, or as much of one as there is.
        kind: "table", or "list" where each row is a shape.
        unsure: how much of their ground the model is not sure of; None where none says so.
    """

    columns: list[Column]
    rows: list[list[list[Cell]]]
    together: list[list[Cell]]
    pixels: np.ndarray
    hectares: np.ndarray | None
    whole: tuple[float, float | None]
    warnings: list[str]
    run: Run
    kind: str = "table"
    unsure: UnsureGround | None = None

    def said(self) -> list[str]:
        """What stands in each zone on the picture: a single value with its unit, or how many shapes are listed."""
        if self.kind == "list":
            return [f"{len(rows):,} listed" for rows in self.rows]
        if any(len(rows) > 1 for rows in self.rows):
            return [_first(rows) for rows in self.rows]
        unit = self.columns[0].unit
        tail = "" if unit in (None, "count") else f" {unit}"
        values = [rows[0][0] if rows else None for rows in self.rows]
        return [shown(value) + (tail if value is not None else "") for value in values]


def _first(rows: list[list[Cell]]) -> str:
    """The first words of a table, which stand for what it says first: its largest land cover."""
    return next((cell for cell in rows[0] if isinstance(cell, str)), "") if rows else ""


def coverage(together: float, everywhere: float, each: np.ndarray) -> list[str]:
    """What lies in no zone, and in several.

    Args:
        together: pixels in any zone.
        everywhere: pixels of the scene.
        each: (N,) pixels of every zone.
    """
    said = []
    if everywhere and everywhere - together > _WORTH_SAYING * everywhere:
        said.append(f"{percent(1 - together / everywhere, 2)} of the scene's pixels lie in no zone.")
    twice = float(each.sum()) - together
    if twice > _WORTH_SAYING * max(together, 1.0):
        said.append(
            f"Zones overlap: {percent(twice / together, 2)} of their pixels are counted in more than one of them; in "
            f"the row of {ALL} each counts once."
        )
    return said
