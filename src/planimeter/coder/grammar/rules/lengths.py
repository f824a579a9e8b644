"""Grammar of the lengths of lines: roads, rivers, fences."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.records import Length, Quantity, Subject
from planimeter.vocabulary.units import Unit


def _of(np: Subject, unit: Unit | None = None) -> Quantity | None:
    return None if np.pick is not None else Length(np, unit=unit)


@rule(
    "q",
    "[<total>] length of {np}",
    "[<total>] length of all {np}",
    "[<total>] {np} length",
    "{np} 's [<total>] length",
)
def _length(np: Subject) -> Quantity | None:
    return _of(np)


@rule("question", "how long (is|are) {np} [<together>]", "how long (is|are) all {np} [<together>]")
def _how_long(np: Subject) -> Quantity | None:
    return _of(np)


@rule(
    "question",
    "how many {lengthunit} of {np} [<exist>]",
    "how many {lengthunit} of {np} <does> image <have>",
    "how many {lengthunit} are [there of] {np}",
    "how many {lengthunit} long (is|are) {np}",
    "number of {lengthunit} of {np}",
    "{lengthunit} of {np}",
)
def _how_many_units(lengthunit: Unit, np: Subject) -> Quantity | None:
    return _of(np, lengthunit)


@rule("question", "how many {lengthunit} of {np:base} {predicate:conditions}")
def _units_where(lengthunit: Unit, base: Subject, conditions: Conditions) -> Quantity | None:
    return None if base.pick is not None else Length(base, conditions, lengthunit)


@rule(
    "question",
    "what length of {np:base} {predicate:conditions}",
    "<much> length of {np:base} {predicate:conditions}",
)
def _length_where(base: Subject, conditions: Conditions) -> Quantity | None:
    return None if base.pick is not None else Length(base, conditions)
