"""Two coders, one question: do programs that were written independently find the same?"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from planimeter.coder import Coder, Program, Request
from planimeter.coder.repair import run_with_repair
from planimeter.errors import NotUnderstood, PlanimeterError
from planimeter.place import Place
from planimeter.table import Table
from planimeter.vocabulary.units import Unit, unit_called

Value = float | int | str | Table | Place

#: Numbers that differ by less, relatively, are the same: two right programs may sum in another order.
SAME = 1e-6


@dataclass(frozen=True)
class Verification:
    """What a second coder found.

    Attributes:
        agrees: True or False; None when the second coder came to no answer.
        coder: who wrote the second program.
        answer: what it found, as JSON has it; None when it came to none.
        unit: of a number.
        program: the second program; empty when none was written.
        error: why there is no second answer.
    """

    agrees: bool | None
    coder: str
    answer: Any
    unit: str | None
    program: str
    error: str | None = None

    @property
    def warning(self) -> str | None:
        """The sentence that belongs to the answer; None when both agree."""
        if self.agrees:
            return None
        if self.agrees is None:
            return f"A second program could not confirm this answer ({self.coder}: {self.error})."
        if isinstance(self.answer, list | dict):
            what = "a place" if isinstance(self.answer, dict) else "a table"
            return f"A second program, by {self.coder}, found {what} that differs: read both before using either."
        found = f"{self.answer:g}" if isinstance(self.answer, float) else f"{self.answer}"
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"A second program, by {self.coder}, found {found}{unit} instead: read both programs before "
            "using either number."
        )


class Verifier:
    """A coder that stands in for another where that one does not understand the question.

    Args:
        first: asked first.
        then: asked where ``first`` raises ``NotUnderstood``.
    """

    def __init__(self, first: Coder, then: Coder) -> None:
        self.name = f"{first.name}, else {then.name}"
        self._first = first
        self._then = then

    def write(self, request: Request) -> Program:
        """The program of the first that understands.

        Raises:
            PlanimeterError: as the coders raise.
        """
        try:
            return self._first.write(request)
        except NotUnderstood:
            return self._then.write(request)


def same_answer(first: Value, second: Value, first_unit: str | None, second_unit: str | None) -> bool:
    """Whether two answers say the same: equal words, numbers equal in one unit, or tables whose cells are.

    Tables are compared column by column in their order, whatever their names, with the cells of each in one unit.
    Places are the same where they lie within a pixel of each other.

    Example:
        >>> same_answer(12.5, 12.50000001, "ha", "ha"), same_answer("yes", "no", None, None)
        (True, False)
        >>> same_answer(1.5, 15000.0, "ha", "m²"), same_answer(7, 7.0, "buildings", "count")
        (True, True)
        >>> same_answer(2.0, 200.0, "buildings/ha", "per km²"), same_answer(2.0, 2.0, "buildings/ha", "per km²")
        (True, False)
    """
    if isinstance(first, Table) or isinstance(second, Table):
        return isinstance(first, Table) and isinstance(second, Table) and _same_table(first, second)
    if isinstance(first, Place) or isinstance(second, Place):
        both = isinstance(first, Place) and isinstance(second, Place)
        return both and math.hypot(first.x - second.x, first.y - second.y) <= 1  # type: ignore[union-attr]
    if isinstance(first, str) or isinstance(second, str):
        return isinstance(first, str) and isinstance(second, str) and first.lower() == second.lower()
    a, b = unit_called(first_unit or ""), unit_called(second_unit or "")
    if a and b and a.dimension == b.dimension:
        # In the first answer's unit, so that what counts as no difference does not hang on a base unit.
        return math.isclose(first, second * b.factor / a.factor, rel_tol=SAME, abs_tol=1e-9)
    if a is not None or b is not None:
        return False
    per, other = _per(first_unit), _per(second_unit)
    factor = per.factor / other.factor if per and other else 1.0
    return math.isclose(first, second * factor, rel_tol=SAME, abs_tol=1e-9)


def _same_table(first: Table, second: Table) -> bool:
    if len(first) != len(second) or len(first.columns) != len(second.columns):
        return False
    pairs = list(zip(first.columns, second.columns, strict=True))
    return all(
        (one is None and other is None)
        or (one is not None and other is not None and same_answer(one, other, a.unit, b.unit))
        for row, line in zip(first.rows, second.rows, strict=True)
        for one, other, (a, b) in zip(row, line, pairs, strict=True)
    )


def _per(unit: str | None) -> Unit | None:
    """The unit that a density refers to ("ha" of "buildings/ha" and of "per ha")."""
    return unit_called(re.split(r"/|\bper\b", unit)[-1]) if unit and re.search(r"/|\bper\b", unit) else None


def verify_answer(
    second: Coder, request: Request, answer: Any, run: Callable[[Program], Any]
) -> Verification:
    """Let a second coder write, run its program and compare.

    Args:
        second: who writes.
        request: the same request that the first coder had.
        answer: the first answer, with ``answer`` and ``unit``.
        run: runs a program and returns an answer with the same attributes.
    """
    try:
        other = run_with_repair(second, request, run)
    except PlanimeterError as error:
        return Verification(None, second.name, None, None, "", str(error).rstrip("."))
    agrees = same_answer(answer.answer, other.answer, answer.unit, other.unit)
    found = other.to_dict()["answer"] if hasattr(other, "to_dict") else other.answer
    return Verification(agrees, other.coder, found, other.unit, other.program)
