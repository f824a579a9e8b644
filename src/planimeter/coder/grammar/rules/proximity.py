"""Grammar of nearness in other words: a distance as a noun, a zone, what keeps away, whose nearest road lies so far.

All of them are ``Away``: bounds on the distance to a reference. Words of nearness ("near", "around") take a limit from
above only, words of farness ("clear of", "far from") one from below only, so that none of them turns another round.
"""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.meaning.records import Away, Bounds, Condition, Size, Subject
from planimeter.vocabulary.units import Measure

# --- limits


def _length(bounds: Bounds | None) -> Bounds | None:
    return bounds if bounds is not None and bounds.dimension == "length" else None


@rule("reachlimit", "{bounds} [away]", "distance of {bounds}")
def _limit(bounds: Bounds) -> Bounds | None:
    return _length(bounds)


@rule(
    "reachlimit",
    "<within> {length}",
    "up to {length} [away]",
    "{length} (maximum|max|at most|at maximum)",
    "{length} away or (less|nearer|closer)",
    "maximum distance of {length}",
    "maximum {length}",
)
def _closed(length: Measure) -> Bounds:
    return Bounds(high=length, high_closed=True)


@rule("reachlimit", "{length} away or (more|farther|further)", "minimum distance of {length}")
def _open(length: Measure) -> Bounds:
    return Bounds(low=length, low_closed=True)


@rule("nearlimit", "{reachlimit:bounds}")
def _near_limit(bounds: Bounds) -> Bounds | None:
    return bounds if bounds.low is None else None


@rule("farlimit", "{reachlimit:bounds}")
def _far_limit(bounds: Bounds) -> Bounds | None:
    return bounds if bounds.high is None else None


# --- near and far


@rule(
    "nearword",
    "(near|near to|nearby|close to|around|by|beside|next to|along|alongside|adjacent to)",
    "in (immediate|direct|close|near) (vicinity|proximity|neighbourhood|neighborhood|surroundings|reach) (of|to)",
    "in (vicinity|proximity|neighbourhood|neighborhood|surroundings|reach|close proximity) (of|to)",
)
def _near_word() -> str:
    return "near"


@rule(
    "farword",
    "(far from|far away from|away from|clear of|remote from|distant from|at distance from|at safe distance from)",
)
def _far_word() -> str:
    return "far"


@rule("away", "{nearword} {reference} {nearlimit:bounds}", "{nearword} {reference} {length}")
def _near_so_far(
    nearword: str, reference: Subject, bounds: Bounds | None = None, length: Measure | None = None
) -> Condition:
    return Away(bounds or Bounds(high=length, high_closed=True), reference)


@rule("away", "{farword} {reference} [by] {farlimit:bounds}")
def _far_by(farword: str, reference: Subject, bounds: Bounds) -> Condition:
    return Away(bounds, reference)


@rule("away", "(separated|removed|apart|set back|distant) from {reference} by {reachlimit:bounds}")
def _separated(reference: Subject, bounds: Bounds) -> Condition:
    return Away(bounds, reference)


# --- a distance as a noun


@rule("hasdistance", "(with|have|has|having|keep|keeps|keeping|maintain|maintains|at|in|show|shows)")
def _has_distance() -> str:
    return "has"


@rule(
    "away",
    "{hasdistance} {reachlimit:bounds} [distance] (from|to|of) {reference}",
    "{hasdistance} {bounds} [distance] (from|to) {reference}",
    "{hasdistance} [<shortest>] distance (from|to) {reference} [of|that is|which is|is|being] {reachlimit:bounds}",
    "[of] distance (from|to) {reference} [is|of|being] {reachlimit:bounds}",
    "whose [<shortest>] distance (from|to) {reference} (is|does|being) {reachlimit:bounds}",
)
def _distance_noun(reference: Subject, bounds: Bounds, hasdistance: str = "") -> Condition | None:
    held = _length(bounds)
    return None if held is None else Away(held, reference)


@rule(
    "away",
    "{hasdistance} (maximum|max|greatest|largest) distance (from|to) {reference} of {length}",
    "{hasdistance} (maximum|max|greatest|largest) distance of {length} (from|to) {reference}",
    "not exceed distance of {length} (from|to) {reference}",
    "do not exceed distance of {length} (from|to) {reference}",
)
def _at_most(reference: Subject, length: Measure, hasdistance: str = "") -> Condition:
    return Away(Bounds(high=length, high_closed=True), reference)


@rule(
    "away",
    "{hasdistance} (minimum|min|least|smallest) distance (from|to) {reference} of {length}",
    "{hasdistance} (minimum|min|least|smallest) distance of {length} (from|to) {reference}",
)
def _at_least(reference: Subject, length: Measure, hasdistance: str) -> Condition:
    return Away(Bounds(low=length, low_closed=True), reference)


@rule("away", "(exceed|exceeds|exceeding) distance of {length} (from|to) {reference}")
def _beyond(reference: Subject, length: Measure) -> Condition:
    return Away(Bounds(low=length), reference)


@rule("away", "(stay|stays|remain|remains|keep|keeps) {farword} {reference} by {farlimit:bounds}")
def _stays_clear(reference: Subject, bounds: Bounds, farword: str) -> Condition:
    return Away(bounds, reference)


# --- said of what lies near


@rule("forwhich", "(such that|so that|for which|where|with|whose)")
def _for_which() -> str:
    return "for which"


@rule(
    "away",
    "{forwhich} {reference} [is|are|lies|lie|stands|being] {reachlimit:bounds} [(from|of) (it|them)]",
    "{forwhich} {nearest} {reference} [is|are|lies|lie|stands|being] {reachlimit:bounds} [(from|of) (it|them)]",
)
def _whose_nearest(forwhich: str, reference: Subject, bounds: Bounds, nearest: str = "") -> Condition | None:
    """ "With a road more than 50 m away" may have another that is nearer; "the nearest road" has not."""
    return Away(bounds, reference) if bounds.low is None or nearest else None


@rule("nearest", "<nearest>")
def _nearest() -> str:
    return "nearest"


# --- zones


@rule(
    "inzone",
    "(in|into|inside|within|inside of|reached by|touched by|hit by|intersecting|intersect|overlapping|overlap) "
    "[with] {length} [wide] {zone}",
    "(in|into|inside|within|intersecting|intersect|overlapping|overlap) [with] {zone} of {length}",
    "in {length} (proximity|vicinity|reach|range|neighbourhood|neighborhood)",
)
def _zone_of(length: Measure, zone: Any = None) -> Bounds:
    return Bounds(high=length, high_closed=True)


@rule("zone", "(zone|strip|band|belt|buffer|corridor|fringe|ring|perimeter|radius|surroundings) [zone|strip]")
def _zone() -> str:
    return "zone"


@rule(
    "away",
    "{inzone:bounds} (next to|along|around|beside|near|bordering|surrounding|at|by|of|from|to|about) {reference}",
)
def _in_zone(reference: Subject, bounds: Bounds) -> Condition:
    return Away(bounds, reference)


# --- sizes


@rule(
    "size",
    "(reach|reaches|reaching|attain|attains) [or exceed|or exceeds] {area}",
    "(with|have|has|having|of) (minimum|min) (size|area|footprint|surface|extent) of {area}",
)
def _reaches(area: Measure) -> Condition:
    return Size(Bounds(low=area, low_closed=True))


@rule("size", "(with|have|has|having|of) (maximum|max) (size|area|footprint|surface|extent) of {area}")
def _up_to(area: Measure) -> Condition:
    return Size(Bounds(high=area, high_closed=True))


@rule("size", "(go|goes|going|come|comes) [in] (over|above|beyond|at over|at more than) {area}")
def _goes_over(area: Measure) -> Condition:
    return Size(Bounds(low=area))
