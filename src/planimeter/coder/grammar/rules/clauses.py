"""Clauses that restrict what is counted, wherever they stand ("ignore patches smaller than 0.1 ha")."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.negation import negation
from planimeter.coder.grammar.rulebook import rule
from planimeter.meaning.records import (
    Bounds,
    Condition,
    Size,
    Subject,
)


@rule("clausenoun", "{base}", "{shapes_any}")
def _clause_noun(base: Subject | None = None, shapes_any: Any = None) -> tuple[str, ...]:
    return () if base is None else base.topics


@rule(
    "shapes_any",
    "[<any>] [<apart>] <shapes>",
    "[<any>] [<apart>] <shape>",
    "<things>",
    "[<any>] of <things>",
    "any <shapes>",
    "any <shape>",
)
def _shapes_any() -> str:
    return "any"


@rule(
    "clause",
    "<exclude> {clausenoun} {conditions} [each]",
    "<exclude> {conditions}",
    "<exclude> [<any>] {clausenoun} {conditions}",
    "<exclude> all {clausenoun} {conditions}",
)
def _excluding(conditions: tuple[Condition, ...], clausenoun: tuple[str, ...] = ()) -> Any:
    if len(conditions) != 1:
        return None
    inverse = negation(conditions[0])
    return None if inverse is None else ((inverse,), clausenoun)


@rule(
    "clause",
    "<only> {clausenoun} {conditions} [each]",
    "<only> {conditions}",
    "<only> [<any>] {clausenoun} {conditions}",
    "<only> (if|when) {conditions}",
    "<only> {size} <shapes>",
    "(minimum size|minimum area|min area|min size|minimum mapping unit) [of|is] {area:minimum}",
)
def _only(
    conditions: tuple[Condition, ...] = (),
    clausenoun: tuple[str, ...] = (),
    size: Size | None = None,
    minimum: Any = None,
) -> Any:
    if minimum is not None:
        return ((Size(Bounds(low=minimum, low_closed=True)),), ())
    return (conditions or (size,), clausenoun)
