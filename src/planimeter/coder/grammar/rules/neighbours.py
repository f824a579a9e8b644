"""Grammar of regions among their own kind and of their form: neighbours, cores, what surrounds them, orientation."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Away,
    Bounds,
    Composition,
    Condition,
    Core,
    Inside,
    Meaning,
    Neighbours,
    Orientation,
    Quantity,
    Size,
    Subject,
    Touching,
)
from planimeter.vocabulary.topics import EVERYWHERE
from planimeter.vocabulary.units import Measure

# --- cores: so far inside of the own edge


@rule("ownedge", "[<possessive>] (edge|edges|border|borders|boundary|boundaries|margin|margins)")
def _own_edge() -> str:
    return "edge"


@rule(
    "condition",
    "{lead} [<at>] {bounds} [away] <from> {ownedge}",
    "{lead} [<at>] {bounds} (inside|within|inside of) {ownedge}",
)
def _core(lead: Any, bounds: Bounds, ownedge: str) -> Condition | None:
    return Core(bounds) if bounds.dimension == "length" else None


@rule("condition", "{lead} <within> {length} <from> {ownedge}", "{lead} <within> {length} {ownedge}")
def _near_edge(lead: Any, length: Measure, ownedge: str) -> Condition:
    return Core(Bounds(high=length, high_closed=True))


@rule(
    "q",
    "core area of {bare:np} (at|with|for|using) {length} [edge|depth|buffer]",
    "{bare:np} core area (at|with|for|using) {length} [edge|depth|buffer]",
    "core area of {bare:np} (at|with|for|using) edge (depth|effect) of {length}",
)
def _core_area(np: Subject, length: Measure) -> Quantity | None:
    return None if np.pick is not None else Area(np, (Core(Bounds(low=length)),))


# --- a size behind a part of the image, which has none itself


@rule("conditionpair", "{lead} {inside:value} {lead:again} {size}")
def _placed_and_sized(lead: Any, value: Condition, again: Any, size: Size) -> Conditions | None:
    """ "Houses in the lower half larger than 100 m²"."""
    framed = isinstance(value, Inside) and EVERYWHERE in value.reference.topics
    return (value, size) if framed else None


# --- wholly within


@rule("wholly", "(entirely|completely|wholly|fully|totally)")
def _wholly() -> str:
    return "wholly"


@rule("condition", "{lead} {wholly} {away:value}", "{lead} {wholly} {inside:value}")
def _entirely(lead: Any, wholly: str, value: Condition) -> Condition | None:
    if isinstance(value, Away):
        if value.bounds.low is not None or value.bounds.high is None:
            return None
        return replace(value, entirely=True)
    return replace(value, entirely=True) if isinstance(value, Inside) and not value.outside else None


# --- neighbours of the own kind


@rule("neighbourstatistic", "<mean>")
def _mean() -> str:
    return "mean"


@rule("neighbourstatistic", "<median>")
def _median() -> str:
    return "median"


@rule("neighbourstatistic", "(shortest|minimum|smallest)")
def _shortest() -> str:
    return "min"


@rule("neighbourstatistic", "(longest|maximum|largest)")
def _longest() -> str:
    return "max"


@rule("neighbour", "[nearest|closest] (neighbour|neighbor|neighbours|neighbors)")
def _neighbour() -> str:
    return "neighbour"


def _kind(np: Subject) -> bool:
    return np.pick is None and (np.kind == "thing" or np.regions)


@rule(
    "q",
    "{neighbourstatistic} {neighbour} distance (between|of|among|for) [<every>] {np}",
    "{neighbourstatistic} distance (between|among) (neighbouring|neighboring|adjacent) {np}",
    "{neighbourstatistic} distance (from|of) [<eachone>] {np} to [<possessive>] {neighbour}",
    "{neighbourstatistic} distance between {np} and [<possessive>] {neighbour}",
)
def _neighbours(np: Subject, neighbourstatistic: str, neighbour: str = "") -> Quantity | None:
    return Neighbours(np, neighbourstatistic) if _kind(np) else None


@rule(
    "q",
    "{neighbourstatistic} distance (from|of) [<eachone>] {np:first} to (nearest|next|closest) other {bare:second}",
    "{neighbourstatistic} distance (from|of) [<eachone>] {np:first} to other (nearest|next|closest) {bare:second}",
)
def _neighbours_named(first: Subject, second: Subject, neighbourstatistic: str) -> Quantity | None:
    return Neighbours(first, neighbourstatistic) if _kind(first) and first.topics == second.topics else None


@rule(
    "q",
    "{neighbourstatistic} distance (from|between) {number} {np} (to|and) (next|nearest|closest|next nearest) "
    "[{number:one}]",
)
def _from_one_to_the_next(
    np: Subject, neighbourstatistic: str, number: Measure, one: Measure | None = None
) -> Quantity | None:
    if number.value != 1 or (one is not None and one.value != 1):
        return None
    return None if np.pick is not None else Neighbours(replace(np, regions=True), neighbourstatistic)


@rule("question", "how far apart are {picked}", "how far [away] are {picked} from each other")
@rule("q", "distance between {picked}")
def _two_apart(picked: Subject) -> Quantity | None:
    two = picked.pick is not None and picked.pick.count == 2
    return Neighbours(picked, "min") if two else None


# --- orientation


@rule(
    "q",
    "(orientation|azimuth|bearing) of {np}",
    "(orientation|direction|azimuth|bearing) of (longer|long|longest|main|major|principal) axis of {np}",
)
def _orientation(np: Subject) -> Quantity | None:
    one = np.pick is not None and np.pick.count == 1
    return Orientation(np) if one or (not np.plural and np.definite and _kind(np)) else None


@rule(
    "question",
    "[in] (which|what) (direction|way) <does> {np} (lie|run|point|stretch)",
    "how is {np} oriented",
)
def _which_way(np: Subject) -> Quantity | None:
    return _orientation(np)


# --- what is around, and the land cover of a part


@rule(
    "question",
    "what (surrounds|encloses) {reference} <within> {length}",
    "what (is|lies) around {reference} <within> {length}",
    "what (is|lies) <within> {length} around {reference}",
)
def _surrounds(reference: Subject, length: Measure) -> Meaning:
    near = Away(Bounds(high=length, high_closed=True), reference)
    return Composition(part=(near, Inside(reference, outside=True)))


@rule("question", "what (surrounds|encloses) {reference}", "what (is|lies) around {reference}")
def _surrounds_openly(reference: Subject) -> Meaning:
    return Composition(part=(Touching(reference),))  # refused with the question how far around


@rule(
    "question",
    "<coverclass> <breakdown> {conditions}",
    "<breakdown> of (<coverclass>|<coverclasses>) {conditions}",
    "(<coverclass>|<coverclasses>) {conditions}",
    "(what|which) (<coverclass>|<coverclasses>) [<exist>] {conditions}",
)
def _cover_of_a_part(conditions: Conditions) -> Meaning | None:
    if any(of_size(value) or not isinstance(value, Away | Inside) for value in conditions):
        return None
    return Composition(part=conditions)
