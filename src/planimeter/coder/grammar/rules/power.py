"""Grammar of electrical power from solar panels."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Power,
    Quantity,
    Subject,
)
from planimeter.vocabulary.units import Measure, Unit


@rule(
    "yield",
    "<assuming> [<efficiency>] [of|is] {flux} [<efficiency>]",
    "{flux} [<efficiency>]",
    "<assuming> {flux} <efficiency> [<assuming>]",
    "<assuming> [<efficiency>] [of|is] {flux} of <efficiency>",
    "<assuming> {noun:panels} [<can>] <generate> {flux}",
    "<assuming> each {areaunit:metre} [<can>] <generate> {measure:watts}",
    "<assuming> {noun:panels} <efficiency> of {flux}",
)
def _yield(
    flux: Measure | None = None,
    panels: Subject | None = None,
    metre: Unit | None = None,
    watts: Measure | None = None,
) -> float | None:
    if panels is not None and panels.topics != ("solar",):
        return None
    if flux is not None:
        return flux.base
    if (
        watts is not None
        and metre is not None
        and watts.unit.dimension == "power"
        and metre.dimension == "area"
    ):
        return watts.base * 1e6 / (metre.factor * 1e4)
    return None


@rule(
    "yield",
    "<assuming> {percent} [<conversion>] (and|with|at|under) [<sun> of] {flux} [of] [solar] [<sun>]",
    "<assuming> [solar] [<sun>] of {flux} and {percent} [<conversion>]",
    "<assuming> {flux} [solar] <sun> (and|with|at) {percent} <conversion>",
)
def _yield_product(flux: Measure, percent: Measure) -> float | None:
    return flux.base * percent.base / 100


@rule("panels", "{np}")
def _panels(np: Subject) -> Subject | None:
    return np if np.topics == ("solar",) else None


_SOLAR = Subject(("solar",), kind="thing", plural=True, said="solar panels")


@rule(
    "powername",
    "[<total>] <power>",
    "[<total>] <power> in {powerunit}",
    "[<total>] {powerunit} [<power>|output|of power]",
    "solar potential {powerunit} output",
    "[<total>] solar [potential] {powerunit} [<power>]",
    "potential {powerunit} [<power>]",
    "potential solar {powerunit} [<power>]",
    "[<total>] potential [solar] <power>",
)
def _power_name(powerunit: Unit | None = None) -> tuple[Unit | None]:
    return (powerunit,)


@rule(
    "q",
    "{powername} of {panels}",
    "{powername} (from|by|for) {panels}",
    "{panels} {powername}",
    "{powername} [that] {panels} [<can>] <generate>",
    "{powername} <generate> by {panels}",
)
def _power_of(panels: Subject, powername: tuple[Unit | None]) -> Quantity | None:
    return None if panels.pick is not None and panels.then else Power(panels, unit=powername[0])


@rule(
    "q",
    "solar potential [of image]",
    "solar potential {powerunit} output",
    "solar power potential",
    "solar capacity",
    "solar power output",
    "solar potential output",
    "solar power capacity",
    "solar potential power output",
    "solar output",
    "solar power",
    "total solar (potential|capacity|power|output)",
    "pv (capacity|potential|output|power)",
    "potential solar power [output]",
    "potential solar output",
    "photovoltaic (capacity|potential|output|power)",
    "solar (potential|capacity|output) in {powerunit}",
    "solar {powerunit} (potential|output|capacity)",
    "solar potential in {powerunit}",
    "{powerunit} output of solar potential",
    "total solar power (output|potential|capacity)",
    "solar energy potential",
    "potential {powerunit} output",
    "solar generation capacity",
)
def _solar_power(powerunit: Unit | None = None) -> Quantity:
    return Power(_SOLAR, unit=powerunit)


@rule("q", "<possessive> {powername} {elided:base}", "{powername} {elided:base}")
def _power_of_them(base: Subject, powername: tuple[Unit | None]) -> Quantity | None:
    return Power(base, unit=powername[0]) if base.topics == ("solar",) else None


@rule(
    "powerq",
    "how much (power|electricity|output) (<can>|would|will|do|does|could) {panels} <generate>",
    "how many {powerunit} (<can>|would|will|do|does|could) {panels} <generate>",
    "how many {powerunit} [of power] (<can>|would|will|do|does|could) be <generate> (by|from) {panels}",
    "how much (power|electricity) (<can>|would|will|could) be <generate> (by|from) {panels}",
    "what [<total>] (power|output|power output) (<can>|would|will|do|does|could) {panels} <generate>",
    "how many {powerunit} (of|of power from|of power could) {panels} [<generate>]",
    "how powerful are {panels}",
    "how much power (is|are) {panels} (able to|expected to|capable of) <generate>",
    "how many {powerunit} (is|are) {panels} [good for|worth]",
    "how much power (in {powerunit}) (<can>|would|will|do|does|could) {panels} <generate>",
)
def _how_much_power(panels: Subject, powerunit: Unit | None = None) -> Quantity:
    return Power(panels, unit=powerunit)


@rule("question", "{powerq}")
def _power_question(powerq: Quantity) -> Quantity:
    return powerq


@rule("powerask", "<ask> {q}", "{q}", "{powerq}", "what (would|could|will) be {q}", "what {q}")
def _power_ask(q: Quantity | None = None, powerq: Quantity | None = None) -> Quantity | None:
    value = q or powerq
    return value if isinstance(value, Power) else None


@rule(
    "question",
    "{powerask} {yield:watts}",
    "{yield:watts} {powerask}",
    "{powerask} <assuming> {yield:watts}",
    "{powerask} {yield:watts} [of] [panel] [area|peak]",
)
def _power_at(powerask: Power, watts: float) -> Quantity | None:
    return replace(powerask, watts=watts) if powerask.watts is None else None
