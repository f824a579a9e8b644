"""Grammar of counts."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.areas import measured
from planimeter.coder.grammar.rules.subjects import Conditions, predicate
from planimeter.meaning.records import (
    Count,
    Quantity,
    Subject,
)


@rule("q", "<count> {np}", "<count> {np} in image", "{np} count", "<count> all {np}")
def _count(np: Subject) -> Quantity:
    return Count(np)


@rule(
    "q",
    "<count> [of] {np:base} {predicate:conditions}",
    "<count> {elided:base} {conditions}",
    "<count> of {base}",
    "<count> {np:base} <exist> {conditions}",
)
def _count_predicate(base: Subject, conditions: Conditions = ()) -> Quantity:
    return Count(predicate(base, conditions))


@rule("q", "[<total>] amount of {np}", "[<total>] amount of {np:np} in image", "[<total>] quantity of {np}")
def _amount(np: Subject) -> Quantity:
    """The amount of buildings is a number, that of forest an area."""
    return Count(np) if np.counted else measured(np)


@rule(
    "question",
    "how many {np} <exist>",
    "how many {np} [<does> image <have>]",
    "how many {np} are in image",
    "how many {np} <can> (i|you|we|one) (count|see|find|identify|spot|make out)",
    "how many {np} are [<apart>]",
    "count {np}",
    "count [up] all {np}",
    "exactly how many {np} [<exist>]",
)
def _how_many(np: Subject) -> Quantity:
    return Count(np)


@rule(
    "question",
    "how many [of] {np:base} {predicate:conditions}",
    "how many [of] {np:base} <exist> {conditions}",
    "how many {elided:base} {conditions}",
    "how many of {base} <exist>",
    "how many {elided:base} <exist>",
    "count {elided:base} {conditions}",
    "how many {np:base} <does> image <have> {conditions}",
)
def _how_many_are(base: Subject, conditions: Conditions = ()) -> Quantity:
    return Count(predicate(base, conditions))
