"""Numbers with units, and bounds on them ("at least 0.1 ha", "between 50 and 100 m")."""

from __future__ import annotations

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.meaning.records import (
    Bounds,
)
from planimeter.vocabulary.units import PERCENT, Measure, Unit

COUNT = Unit("", "count", 1.0, "")
"""The unit of plain numbers, so that bounds on counts are bounds like all others."""


def _unit_rule(name: str, *dimensions: str) -> None:
    @primitive(name)
    def unit(parser: Parser, position: int) -> Values:
        if parser.text(position) or position >= len(parser.tokens):
            return []
        unit = parser.tokens[position].unit
        return [(unit, position + 1)] if unit is not None and unit.dimension in dimensions else []


def _measure_rule(name: str, *dimensions: str) -> None:
    @primitive(name)
    def measure(parser: Parser, position: int) -> Values:
        tokens = parser.tokens
        parser.text(position)
        if position >= len(tokens) or tokens[position].number is None:
            return []
        value = float(tokens[position].number or 0.0)
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        if after is not None and after.unit is not None and not after.before:
            parser.text(position + 1)
            if after.unit.dimension in dimensions:
                return [(Measure(value, after.unit), position + 2)]
            return []
        if "percent" in dimensions and tokens[position].fraction:
            return [(Measure(value * 100, PERCENT), position + 1)]
        if "count" in dimensions and not tokens[position].fraction:
            return [(Measure(value, COUNT), position + 1)]
        return []


for _name, _dimensions in {
    "areaunit": ("area", "pixel"),
    "lengthunit": ("length",),
    "powerunit": ("power",),
    "percentunit": ("percent",),
}.items():
    _unit_rule(_name, *_dimensions)
for _name, _dimensions in {
    "number": ("count",),
    "area": ("area", "pixel"),
    "length": ("length",),
    "percent": ("percent",),
    "flux": ("flux",),
    "measure": ("area", "pixel", "length", "percent", "count", "power"),
}.items():
    _measure_rule(_name, *_dimensions)


@rule("bounds", "<over> {measure}")
def _over(measure: Measure) -> Bounds:
    return Bounds(low=measure)


@rule("bounds", "<atleast> {measure}", "{measure} <ormore>")
def _at_least(measure: Measure) -> Bounds:
    return Bounds(low=measure, low_closed=True)


@rule("bounds", "<under> {measure}")
def _under(measure: Measure) -> Bounds:
    return Bounds(high=measure)


@rule("bounds", "<atmost> {measure}", "{measure} <orless>")
def _at_most(measure: Measure) -> Bounds:
    return Bounds(high=measure, high_closed=True)


def _like(plain: Measure, other: Measure) -> Measure | None:
    """Give a plain number the other end's unit ("between 0.1 and 10 ha")."""
    if plain.unit == COUNT:
        return Measure(plain.value, other.unit)
    return plain if plain.unit.dimension == other.unit.dimension else None


def both(low: Measure, high: Measure, low_closed: bool, high_closed: bool) -> Bounds | None:
    first = _like(low, high)
    if first is None:
        return None
    return Bounds(first, high, low_closed, high_closed)


@rule(
    "bounds",
    "between {measure:low} (and|to) {measure:high}",
    "from {measure:low} (to|up to) {measure:high}",
    "of between {measure:low} and {measure:high}",
    "in range of {measure:low} to {measure:high}",
    "in range from {measure:low} to {measure:high}",
    "ranging from {measure:low} to {measure:high}",
    "{measure:low} to {measure:high}",
)
def _between(low: Measure, high: Measure) -> Bounds | None:
    return both(low, high, True, True)


@rule("bounds", "<over> {measure:low} (and|but) <under> {measure:high}")
def _openboth(low: Measure, high: Measure) -> Bounds | None:
    return both(low, high, False, False)


@rule("bounds", "<atleast> {measure:low} (and|but) <atmost> {measure:high}")
def _closedboth(low: Measure, high: Measure) -> Bounds | None:
    return both(low, high, True, True)


@rule("bounds", "<over> {measure:low} (and|but) <atmost> {measure:high}")
def _open_closed(low: Measure, high: Measure) -> Bounds | None:
    return both(low, high, False, True)


@rule("bounds", "<atleast> {measure:low} (and|but) <under> {measure:high}")
def _closed_open(low: Measure, high: Measure) -> Bounds | None:
    return both(low, high, True, False)
