"""Grammar of edges: how long the outline of a cover is, and the border that two covers share."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
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


@rule("shares", "(share|shares|has in common|have in common|has|have|shared)")
def _shares() -> str:
    return "shares"


@rule(
    "border",
    "{borderword} between {base:first} and {base:second}",
    "{borderword} [that|which] {base:first} {shares} with {base:second}",
    "{base:first} ['s] {borderword} (with|to|shared with|in common with) {base:second}",
    "{borderword} of {base:first} (with|to|and) {base:second}",
    "{base:first} ['s] {edgeword} {touches} {base:second}",
    "{edgeword} of {base:first} {touches} {base:second}",
    "{base:first} {base:second} {borderword}",
    "{borderword} [that|which] {base:first} and {base:second} {shares} [with each other]",
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


@rule("q", "length of {base:first} {base:second} {borderword}")
def _border_of_pair(first: Subject, second: Subject, borderword: str) -> Quantity:
    return Border(first, second)


@rule(
    "question",
    "how long is [<total>] {border} [in total]",
    "(how long|what length of) {borderword} <does> {base:first} and {base:second} share [with each other]",
    "(how long|what length of) {borderword} <does> {base:first} share with {base:second}",
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
    "how many {lengthunit} of {borderword} <does> {base:first} and {base:second} share [with each other]",
    "how many {lengthunit} of {borderword} <does> {base:first} share with {base:second}",
    "(over|along|for) how many {lengthunit} <does> {base:first} (border|touch|adjoin|meet) {base:second}",
)
def _shared_units(lengthunit: Unit, first: Subject, second: Subject, borderword: str = "") -> Quantity:
    return Border(first, second, lengthunit)


@rule("question", "<is> {edge} {bounds} [long]", "<is> {border:q} {bounds} [long]")
def _is_it_so_long(bounds: Bounds, edge: Subject | None = None, q: Quantity | None = None) -> Meaning | None:
    if bounds.dimension != "length":
        return None
    of = q if q is not None else Perimeter(edge) if edge is not None else None
    return None if of is None else Threshold(of, bounds)
