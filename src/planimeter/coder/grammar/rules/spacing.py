"""Grammar of neighbours as a condition: with no other of the kind within a distance, with one, how far from any."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.own_kind import OPEN
from planimeter.coder.grammar.rulebook import rule
from planimeter.meaning.records import Away, Bounds, Condition, Spaced, Subject
from planimeter.vocabulary.units import Measure

Other = tuple[Subject | None]
"""What was named as the other: a noun, ``OPEN`` where it was left out, None for a neighbour."""


# --- the other one


@rule(
    "other",
    "(other|another|any other|some other|any another) {bare}",
    "neighbouring {bare}",
    "neighboring {bare}",
)
def _other_named(bare: Subject) -> Other | None:
    return (bare,) if bare.pick is None else None


@rule(
    "other",
    "[any] (other|others|another)",
    "[any] (other|another) (<shape>|<shapes>|ones)",
    "another {number}",
)
def _other_left_out(number: Measure | None = None) -> Other | None:
    """ "Any other", "another one"."""
    return (OPEN,) if number is None or number.value == 1 else None


@rule("other", "[any|any other|any direct|any immediate|other|direct|immediate] {neighbourword}")
def _other_neighbour(neighbourword: str) -> Other:
    return (None,)


@rule("neighbourword", "(neighbour|neighbours|neighbor|neighbors)")
def _neighbour_word() -> str:
    return "neighbour"


@rule("nearestother", "(nearest|closest|next|next nearest) {other}")
def _nearest_other(other: Other) -> Other:
    return other


@rule("nearestother", "(nearest|closest|next) (<shape>|{number})")
def _nearest_one(number: Measure | None = None) -> Other | None:
    return (OPEN,) if number is None or number.value == 1 else None


@rule("allothers", "(all|every) {other}", "each other {bare}")
def _all_others(other: Other | None = None, bare: Subject | None = None) -> Other | None:
    """ "From each other" alone is said of two, which may be any."""
    return other or ((bare,) if bare is not None and bare.pick is None else None)


# --- how near


@rule(
    "aroundthem",
    "of (them|it|themselves|itself)",
    "around [them|it]",
    "from (them|it)",
    "<radius>",
    "away from (them|it)",
)
def _around_them() -> str:
    return "around"


@rule("nearness", "<within> {length} [{aroundthem}]")
def _within(length: Measure, aroundthem: str = "") -> Bounds:
    return Bounds(high=length, high_closed=True)


@rule("nearness", "[at] {bounds} [away|off|distant] [{aroundthem}]")
def _nearer_than(bounds: Bounds, aroundthem: str = "") -> Bounds | None:
    return bounds if bounds.dimension == "length" and bounds.low is None else None


# --- conditions


@rule(
    "spaced",
    "(with|have|has|having) [at least {number}] {other} {nearness}",
    "where there (is|are) {other} {nearness}",
)
def _has_another(other: Other, nearness: Bounds, number: Measure | None = None) -> Condition | None:
    return Spaced(nearness, other[0]) if number is None or number.value == 1 else None


@rule(
    "spaced",
    "<withno> {other} {nearness}",
    "(where|for which) there (is|are) no {other} {nearness}",
    "(where|for which) no {other} {lead} {nearness}",
    "<lonely> no {other} {nearness}",
    "<lonely> <withno> {other} {nearness}",
)
def _has_no_other(other: Other, nearness: Bounds, lead: Any = None) -> Condition | None:
    return _beyond(other, nearness)


def _beyond(other: Other, nearness: Bounds) -> Condition | None:
    bounds = nearness.complement()
    return None if bounds is None else Spaced(bounds, other[0])


@rule(
    "spaced",
    "<within> {length} [<radius>] (of|from|to) [at least {number}] [<possessive>] ({other}|{nearestother:other})",
)
def _within_of_another(length: Measure, other: Other, number: Measure | None = None) -> Condition | None:
    if number is not None and number.value != 1:
        return None
    return Spaced(Bounds(high=length, high_closed=True), other[0])


@rule(
    "spaced",
    "[<lonely>] [<at>] {bounds} [<radius>] [away|apart|distant] (from|to) [<possessive>] "
    "({other}|{nearestother:other})",
    "(closer|nearer) to {other} than {length}",
    "(farther|further) [away] from {other} than {length:low}",
)
def _so_far_from_another(
    other: Other, bounds: Bounds | None = None, length: Measure | None = None, low: Measure | None = None
) -> Condition | None:
    bounds = bounds or (Bounds(low=low) if low is not None else Bounds(high=length))
    return Spaced(bounds, other[0]) if bounds.dimension == "length" else None


@rule(
    "spaced",
    "[<lonely>] [<at>] {bounds} [<radius>] [away|apart|distant] (from|to) {allothers:other}",
    "<lonely> from ({other}|{allothers:other}) by {bounds}",
    "<lonely> by {bounds} [from ({other}|{allothers:other})]",
)
def _far_from_all(bounds: Bounds, other: Other = (None,)) -> Condition | None:
    """From all others: so far from the nearest; "within 50 m of all others" is none of it."""
    far = bounds.dimension == "length" and bounds.high is None
    return Spaced(bounds, other[0]) if far else None


@rule(
    "spaced",
    "whose {nearestother:other} is [<at>] {bounds} [away|off|distant]",
    "with <possessive> {nearestother:other} [<at>] {bounds} [away|off|distant]",
    "with {nearestother:other} [<at>] {bounds} [away|off|distant]",
    "<distanceto> [<possessive>] ({other}|{nearestother:other}) [is|of] {bounds}",
    "(with|whose) {nearestother:other} distance [is|of] {bounds}",
)
def _whose_nearest(other: Other, bounds: Bounds) -> Condition | None:
    return Spaced(bounds, other[0]) if bounds.dimension == "length" else None


@rule("spaced", "whose {nearestother:other} is {nearness}", "with {nearestother:other} {nearness}")
def _whose_nearest_within(other: Other, nearness: Bounds) -> Condition:
    return Spaced(nearness, other[0])


@rule("spaced", "whose {nearestother:other} is not {nearness}")
def _whose_nearest_beyond(other: Other, nearness: Bounds) -> Condition | None:
    return _beyond(other, nearness)


@rule("condition", "{lead} {spaced}")
def _spaced(lead: Any, spaced: Condition) -> Condition:
    return spaced


@rule("condition", "{lead} not {spaced}")
def _not_spaced(lead: Any, spaced: Spaced) -> Condition | None:
    bounds = spaced.bounds.complement()
    return None if bounds is None else Spaced(bounds, spaced.of)


@rule("bare", "<lonely> {simple}")
def _lonely(simple: Subject) -> Subject:
    """ "Isolated houses"; a distance has to say how far from any other (see ``own_kind.lonely``)."""
    return simple


# --- with a neighbour, and with something else


@rule(
    "conditionpair",
    "{lead} (with|have|has|having) {other} {nearness} (and|but) no {reference} {near}",
    "{lead} (with|have|has|having) no {reference} {near} but {other} {nearness}",
)
def _has_another_and_no(
    lead: Any, other: Other, nearness: Bounds, reference: Subject, near: Measure
) -> tuple[Condition, ...]:
    """ "Houses with a neighbour within 10 m but no road within 50 m"."""
    return (Spaced(nearness, other[0]), Away(Bounds(low=near), reference))


@rule("conditionpair", "{lead} (with|have|has|having) {other} {nearness} and {reference} {near}")
def _has_another_and(
    lead: Any, other: Other, nearness: Bounds, reference: Subject, near: Measure
) -> tuple[Condition, ...]:
    return (Spaced(nearness, other[0]), Away(Bounds(high=near, high_closed=True), reference))


@rule("conditionpair", "{lead} <withno> {other} {nearness} (and|or) no {reference} {near}")
def _has_no_other_and_no(
    lead: Any, other: Other, nearness: Bounds, reference: Subject, near: Measure
) -> tuple[Condition, ...] | None:
    alone = _beyond(other, nearness)
    return None if alone is None else (alone, Away(Bounds(low=near), reference))


@rule("conditionpair", "{lead} <withno> {other} {nearness} but {reference} {near}")
def _has_no_other_but(
    lead: Any, other: Other, nearness: Bounds, reference: Subject, near: Measure
) -> tuple[Condition, ...] | None:
    alone = _beyond(other, nearness)
    return None if alone is None else (alone, Away(Bounds(high=near, high_closed=True), reference))


@rule(
    "conditionpair",
    "{lead} (with|have|has|having) neither {other} nor {reference} {near}",
    "{lead} (with|have|has|having) neither {reference} nor {other} {near}",
)
def _has_neither(lead: Any, other: Other, reference: Subject, near: Measure) -> tuple[Condition, ...]:
    return (Spaced(Bounds(low=near), other[0]), Away(Bounds(low=near), reference))
