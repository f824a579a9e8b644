"""Grammar of edges: how long the outline of a cover is, and the border that two covers share."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import Border, Bounds, Meaning, Perimeter, Quantity, Subject, Threshold
from planimeter.vocabulary.units import Unit


@rule(
    "edgeword",
    "(edge|edges|border|borders|boundary|boundaries|margin|margins|outline|outlines|perimeter|perimeters)",
    "(shore|shores|shoreline|shorelines|waterline|waterlines)",
)
def _edge_word() -> str:
    return "edge"


# --- of one cover


@rule("edge", "{np} ['s] {edgeword}", "{edgeword} of [all] {np}", "{edgeword} around {np}")
def _edge(np: Subject, edgeword: str) -> Subject:
    return np


@rule(
    "q",
    "[<total>] length of {edge}",
    "[<total>] length of [<total>] {edge}",
    "{edge} [<total>] length",
    "<total> {edge}",
    "{edge} in total",
)
def _edge_length(edge: Subject) -> Quantity:
    return Perimeter(edge)


@rule(
    "question",
    "how long (is|are) [<total>] {edge} [<together>|in total]",
    "what length (has|have|does|do) {edge} [have]",
    "how much {edge} [<exist>|is there|are there]",
)
def _how_long_edge(edge: Subject) -> Quantity:
    return Perimeter(edge)


@rule(
    "question",
    "how many {lengthunit} of {edge} [<exist>]",
    "how many {lengthunit} (is|are) {edge} [long|in length]",
    "how many {lengthunit} of {edgeword} (has|have|does|do) {np:edge} [have]",
    "how many {lengthunit} long (is|are) {edge}",
    "{lengthunit} of {edge}",
)
def _edge_in_units(edge: Subject, lengthunit: Unit, edgeword: str = "") -> Quantity:
    return Perimeter(edge, unit=lengthunit)


# --- that two covers share


@rule(
    "borderword", "[shared|common|mutual] {edgeword}", "[shared|common] (interface|contact line|borderline)"
)
def _border_word(edgeword: str = "") -> str:
    return "border"


@rule("side", "{base}", "{base} {modifiers:conditions}")
def _side(base: Subject, conditions: Conditions = ()) -> Subject | None:
    """One side of a border: a cover, or its regions of a size."""
    if not all(of_size(value) for value in conditions):
        return None
    return replace(base, where=(*base.where, *conditions))


@rule("shares", "(share|shares|has in common|have in common|has|have|shared)")
def _shares() -> str:
    return "shares"


@rule(
    "border",
    "{borderword} between {side:first} and {side:second}",
    "{borderword} [that|which] {side:first} {shares} with {side:second}",
    "{side:first} ['s] {borderword} (with|to|shared with|in common with) {side:second}",
    "{borderword} of {side:first} (with|to|and) {side:second}",
    "{side:first} ['s] {edgeword} {touches} {side:second}",
    "{edgeword} of {side:first} {touches} {side:second}",
    "{side:first} {side:second} {borderword}",
    "{borderword} [that|which] {side:first} and {side:second} {shares} [with each other]",
)
def _border(
    first: Subject,
    second: Subject,
    borderword: str = "",
    edgeword: str = "",
    shares: str = "",
    touches: Any = "",
) -> Quantity:
    return Border(first, second)


@rule(
    "touches",
    "[that|which] [is|are] <touching>",
    "(that|which) (touches|borders|adjoins|meets)",
    "shared with",
)
def _touches() -> str:
    return "touching"


@rule("q", "[<total>] length of [<total>] {border}", "{border} length", "<total> {border}")
def _border_length(border: Quantity) -> Quantity:
    return border


@rule("q", "length of {side:first} {side:second} {borderword}")
def _border_of_pair(first: Subject, second: Subject, borderword: str) -> Quantity:
    return Border(first, second)


@rule(
    "question",
    "how long is [<total>] {border} [in total]",
    "(how long|what length of) {borderword} <does> {side:first} and {side:second} share [with each other]",
    "(how long|what length of) {borderword} <does> {side:first} share with {side:second}",
    "how much {border} [<exist>]",
)
def _how_long_border(
    border: Quantity | None = None,
    first: Subject | None = None,
    second: Subject | None = None,
    borderword: str = "",
) -> Quantity | None:
    if border is not None:
        return border
    return None if first is None or second is None else Border(first, second)


@rule(
    "question",
    "how many {lengthunit} of {border} [<exist>]",
    "how many {lengthunit} (is|are) {border} [long|in length]",
    "how many {lengthunit} long is {border}",
)
def _border_in_units(border: Border, lengthunit: Unit) -> Quantity:
    return Border(border.of, border.to, lengthunit)


@rule(
    "question",
    "how many {lengthunit} of {borderword} <does> {side:first} and {side:second} share [with each other]",
    "how many {lengthunit} of {borderword} <does> {side:first} share with {side:second}",
    "(over|along|for) how many {lengthunit} <does> {side:first} (border|touch|adjoin|meet) {side:second}",
)
def _shared_units(lengthunit: Unit, first: Subject, second: Subject, borderword: str = "") -> Quantity:
    return Border(first, second, lengthunit)


@rule("question", "<is> {edge} {bounds} [long]", "<is> {border:q} {bounds} [long]")
def _is_it_so_long(bounds: Bounds, edge: Subject | None = None, q: Quantity | None = None) -> Meaning | None:
    if bounds.dimension != "length":
        return None
    of = q if q is not None else Perimeter(edge) if edge is not None else None
    return None if of is None else Threshold(of, bounds)
