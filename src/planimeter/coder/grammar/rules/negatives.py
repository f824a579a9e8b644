"""Grammar of yes/no questions that deny: "is no lake larger than 2 ha", "are none of the houses within 50 m"."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions, predicate
from planimeter.meaning.records import Meaning, Presence, Subject
from planimeter.vocabulary.units import Measure


@rule(
    "none",
    "no",
    "none of",
    "not any",
    "not any of",
    "not single",
    "no single",
    "not {number}",
    "not {number} of",
)
def _none(number: Measure | None = None) -> str | None:
    """ "Not one"; articles are gone."""
    return "none" if number is None or number.value == 1 else None


@rule(
    "question",
    "<is> {none} {np:base} {conditions}",
    "<does> {none} {np:base} {conditions}",
    "[<ask>] <whether> {none} {np:base} {conditions}",
)
def _none_placed(base: Subject, conditions: Conditions, none: str) -> Meaning | None:
    return None if base.pick is not None or base.then else Presence(predicate(base, conditions), absent=True)


@rule(
    "question",
    "<is> there {none} {np} [<present>]",
    "[<ask>] <whether> there <is> {none} {np} [<present>]",
    "<does> image <have> {none} {np}",
)
def _none_there(np: Subject, none: str) -> Meaning | None:
    return None if np.pick is not None else Presence(np, absent=True)
