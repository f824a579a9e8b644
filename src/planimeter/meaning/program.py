"""A program and what its answer means."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from planimeter.meaning.records import Meaning
from planimeter.table import Column


@dataclass(frozen=True)
class Program:
    """A program and what its answer means.

    Attributes:
        text: Python source for the program API; leaves its result in ``answer``.
        coder: name of the coder that wrote it.
        type: "number", "yes/no", "category", "table", "list" or "place"; "any" where nobody says.
        unit: unit of a number ("%", "ha", "m", "MW", "buildings"); None for the other types and for plain
            ratios.
        reading: one sentence that says what was understood.
        writing: how it came to be written, where there is something to say: why this coder was chosen
            ("route"), and for a language model its prompt, attempts, tokens, cost and seconds.
        columns: of a table or list: names, units and kinds, where they are known before it runs.
        meaning: what it measures, where that is known; from it follows how answers of several scenes combine.
    """

    text: str
    coder: str
    type: str
    unit: str | None
    reading: str
    writing: dict[str, Any] = field(default_factory=dict, compare=False)
    columns: tuple[Column, ...] = ()
    meaning: Meaning | None = field(default=None, compare=False, repr=False)
