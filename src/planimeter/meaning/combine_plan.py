"""A plan by which the numbers of many scenes become one: which are measured on each, and how they are folded."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from planimeter.errors import NotMeasurable
from planimeter.meaning.records import Meaning
from planimeter.table import Table

#: In place of a number to measure: the unit's valid ground area (pixels where not every scene has a scale).
VALID = -1

_SAID = {
    "sum": "Answers were added",
    "mean": "Answers were averaged, each scene alike",
    "weighted-mean": "Answers were averaged, weighed by valid {weighed}",
    "max": "The largest answer was taken",
    "min": "The smallest answer was taken",
    "any": "Yes where any answer is yes",
    "all": "Yes where all answers are yes",
}
#: Ways to combine that a user may ask for, whatever the program is.
WAYS = tuple(_SAID)

Value = float | int | str | Table


@dataclass(frozen=True)
class Measured:
    """What one unit gave.

    Attributes:
        values: one per meaning of the plan; None where there is nothing to measure ("no houses to average").
        valid: valid ground area in hectares, or valid pixels.
    """

    values: tuple[Value | None, ...]
    valid: float


@dataclass(frozen=True)
class FoldedPart:
    """One number of every unit, and how they become one.

    Attributes:
        of: which of the plan's meanings.
        fold: "sum", "mean", "max", "min", "any" or "all"; "rows" for the records of tables, place by place.
        weight: meaning that weighs a unit, or ``VALID``; None: all alike. A unit without weight is left out.
        empty: the result where no unit has anything; None where that cannot be said.
    """

    of: int
    fold: str
    weight: int | None = None
    empty: float | None = None


Finish = Callable[[dict[FoldedPart, Value]], Value]


@dataclass
class Plan:
    """How the units of a batch are combined.

    Attributes:
        meanings: what is measured on each unit; the question itself is the first (None for a program whose
            meaning is not known).
        parts: numbers that are folded over the units.
        finish: the answer from the folded numbers.
        how: one sentence for people.
        refusal: why units cannot be combined; None where they can.
        covers: meaning → land cover, of meanings that a unit may lack because its map does not know the topic.
    """

    meanings: list[Meaning | None]
    parts: list[FoldedPart] = field(default_factory=list)
    finish: Finish = lambda folded: next(iter(folded.values()))
    how: str = ""
    refusal: str | None = None
    covers: dict[int, str] = field(default_factory=dict)

    def agrees(self, other: Plan) -> bool:
        """Whether the numbers of a unit measured for one plan mean the same to the other.

        >>> plan_for_way("sum", True).agrees(plan_for_way("sum", False)), plan_without("").agrees(plan_without("-"))
        (True, False)
        """
        return (self.meanings, self.parts, self.refusal) == (other.meanings, other.parts, other.refusal)

    def combine(self, units: Sequence[Measured]) -> Value:
        """The combined answer.

        Raises:
            NotMeasurable: units of this kind cannot be combined, or no unit has anything to measure.

        >>> plan_for_way("sum", metric=True).combine([Measured((3,), 1.0), Measured((4,), 1.0)])
        7
        """
        if self.refusal is not None:
            raise NotMeasurable(self.refusal)
        known = [
            part
            for part in self.parts
            if part.of not in self.covers or any(unit.values[part.of] is not None for unit in units)
        ]
        return self.finish({part: _folded(part, units) for part in known})

    def left_out(self, units: Sequence[Measured]) -> int:
        """How many units have something to measure, but not what is asked: no water to measure their houses to.

        >>> plan_for_way("max", metric=True).left_out([Measured((3,), 1.0), Measured((None,), 1.0)])
        1
        """
        parts = [part for part in self.parts if part.fold in ("mean", "max", "min")]
        return sum(
            any(unit.values[part.of] is None and _weight(part, unit) > 0 for part in parts) for unit in units
        )


def plan_for_way(way: str, metric: bool) -> Plan:
    """The plan of a user who says how answers combine."""
    fold, weight = ("mean", VALID) if way == "weighted-mean" else (way, None)
    said = _SAID[way].format(weighed="ground area" if metric else "pixels")
    return Plan([None], [FoldedPart(0, fold, weight)], how=f"{said}, as --combine {way} says.")


def plan_without(reason: str) -> Plan:
    """The plan of what cannot be combined."""
    return Plan([None], refusal=reason)


def as_word(value: bool) -> str:
    """A judgement as answers have it."""
    return "yes" if value else "no"


def as_number(value: Value) -> float | int:
    """The number of one unit, or of all of them.

    Raises:
        NotMeasurable: it is a word, or a table.
    """
    if isinstance(value, list | dict | Table):
        raise NotMeasurable(
            "The answers are tables, which are not combined in this way; ask for one number, or see the scenes' own."
        )
    if isinstance(value, str):
        raise NotMeasurable(
            f"The answer {value!r} is no number and cannot be combined in this way; choose another."
        )
    return value


def _folded(part: FoldedPart, units: Sequence[Measured]) -> Value:
    """One number from those of all units."""
    pairs = [(unit.values[part.of], _weight(part, unit)) for unit in units]
    there = [(value, weight) for value, weight in pairs if value is not None and weight > 0]
    if not there and part.empty is not None:
        return part.empty
    if not there:
        raise NotMeasurable("No scene has anything to measure here; ask about something that is there.")
    if part.fold == "rows":
        rows: Any = [value for value, _ in there]
        found: Value = rows
        return found
    if part.fold in ("any", "all"):
        words = [value for value, _ in there]
        if not all(word in ("yes", "no") for word in words):
            raise NotMeasurable(
                "Only yes and no can be combined by any and all; choose sum, mean, max or min."
            )
        return as_word("yes" in words if part.fold == "any" else "no" not in words)
    numbers = [as_number(value) for value, _ in there]
    if part.fold in ("max", "min"):
        return max(numbers) if part.fold == "max" else min(numbers)
    if part.fold == "sum":
        return sum(numbers) if all(isinstance(number, int) for number in numbers) else math.fsum(numbers)
    weights = [weight for _, weight in there]
    products = (number * weight for number, weight in zip(numbers, weights, strict=True))
    return math.fsum(products) / math.fsum(weights)


def _weight(part: FoldedPart, unit: Measured) -> float:
    if part.weight is None:
        return 1.0
    return unit.valid if part.weight == VALID else float(as_number(unit.values[part.weight] or 0))
