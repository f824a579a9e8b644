"""The top of the grammar: whole questions, and first clauses that say what "they" are."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Count,
    Difference,
    Meaning,
    Quantity,
    Share,
    SizeOf,
    Subject,
)
from planimeter.vocabulary.units import Unit


@rule("top", "{question}", "<ask> {question}", "<ask> <ask> {question}")
def _question(question: Meaning) -> Meaning:
    return question


@rule("top", "<ask> {q}", "<ask> <ask> {q}", "{q}", "<ask> [of] {q}", "what {q}")
def _quantity(q: Quantity) -> Quantity:
    return q


@rule(
    "top",
    "{q} in {percentunit} of {whole}",
    "<ask> {q} (in|as) [{percentunit}|<sharename>] of {whole}",
    "{question:q} (in|as) [{percentunit}|<sharename>] of {whole}",
    "<ask> {shareq:q}",
)
def _as_share(q: Meaning, percentunit: Unit | None = None, whole: Any = None) -> Meaning | None:
    if isinstance(q, Area):
        return Share(replace(q.of, where=(*q.of.where, *q.part)))
    if isinstance(q, SizeOf) and q.of.pick is not None and q.of.pick.count == 1:
        return Share(q.of)
    return q if isinstance(q, Share) and q.of_image else None


@rule("top", "<ask> {q:first} minus {q:second}", "{q:first} minus {q:second}")
def _minus(first: Quantity, second: Quantity) -> Meaning | None:
    return Difference(first, second) if type(first) is type(second) else None


@rule("top", "{np}")
def _telegram(np: Subject) -> Meaning | None:
    """Telegram style: "Buildings within 100 m of water?" counts things, "water > 1 ha" measures a cover."""
    if np.pick is not None or not np.where:
        return None
    if any(topic.startswith("?") for topic in np.topics):
        return None
    return Count(np) if np.counted else Area(np)


@rule("prelude", "{np}", "<find> {np}", "<ask> {np}", "(i|we) am interested in {np}")
def _prelude(np: Subject) -> Subject:
    return np
