"""What a statement is about, when it is said before or left out."""

from __future__ import annotations

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.rulebook import primitive
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Condition,
    Subject,
)

Conditions = tuple[Condition, ...]


def predicate(base: Subject, conditions: Conditions) -> Subject:
    """The regions of a phrase for which a statement about them holds ("the largest lake is …")."""
    if base.pick is not None:
        return replace(base, then=(*base.then, *conditions))
    return replace(base, where=(*base.where, *conditions))


@primitive("elided")
def _elided(parser: Parser, position: int) -> Values:
    """Nothing at all, standing for what was found before ("Find lakes over 1 ha, then give the area within …")."""
    return [] if parser.antecedent is None else [(parser.antecedent, position)]
