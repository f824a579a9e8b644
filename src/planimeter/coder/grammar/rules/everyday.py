"""Grammar of everyday wordings: keywords, procedures, and the order that other languages put words in."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.areas import measured
from planimeter.coder.grammar.rules.subjects import Conditions, predicate
from planimeter.meaning.records import (
    Area,
    Away,
    Bounds,
    Comparison,
    Condition,
    Count,
    Density,
    Difference,
    Distance,
    Meaning,
    Quantity,
    Ratio,
    Share,
    SizeOf,
    Subject,
    Threshold,
    Which,
)
from planimeter.meaning.restrict import add_conditions
from planimeter.vocabulary.units import Measure, Unit

# --- an area that only its unit asks for


@rule("bare_area", "{np}", "<ask> {np}", "<find> {np}", "<total> {np}", "{np} <total>", "<ask> <find> {np}")
def _bare_area(np: Subject) -> Quantity:
    return measured(np)


@rule("q", "{np} <total> <areaname>", "[<total>] <areaname> {np:np}")
def _area_behind(np: Subject) -> Quantity:
    return measured(np)


# --- shares of what people call the image


@rule(
    "whole",
    "this area",
    "this region",
    "this site",
    "site",
    "region",
    "this place",
    "whole area",
    "entire area",
)
def _site() -> str:
    return "image"


@rule(
    "question",
    "of {whole} what {sharename} (is|are) [<coveredpassive>] {np}",
    "of {whole} what {sharename} <does> {np} <cover>",
    "of {whole} how much (is|are) [<coveredpassive>] {np}",
    "how much {sharename} of {whole} <covered> {np}",
    "(what|how many|which) {sharename} of {whole} (is|are) cover by {np}",
    "what {sharename} of {whole} [<covered>] {np} [{sharename:again}]",
    "what {sharename} of {whole} (is|are) {np} covered",
    "<much> of {whole} (is|are) {np} covered",
)
def _share_of_site(np: Subject, whole: Any = None, sharename: Any = None, again: Any = None) -> Quantity:
    return Share(np)


@rule("question", "<is> {parts} {whole} {np} covered", "<does> {np} <cover> {parts} {whole}")
def _share_of_site_threshold(np: Subject, parts: Bounds, whole: Any) -> Meaning:
    return Threshold(Share(np), parts)


@rule(
    "question",
    "by how many percentage points <does> {np:first} (exceed|exceeds|outweigh) {np:second}",
    "how many percentage points more {np:first} than {np:second} [<exist>]",
    "by how many percentage points is {np:first} (larger|more|higher|bigger) than {np:second}",
)
def _points(first: Subject, second: Subject) -> Quantity:
    return Difference(Share(first), Share(second))


# --- near, with the distance said apart


@rule(
    "away",
    "(near|nearby|close to|next to|around|by|beside|alongside|adjacent to|bordering) {reference} <within> {length}",
    "(near|close to|next to|adjacent to) {reference} (less than|under|closer than|up to|at most) {length} [away]",
    "with {reference} (closer than|nearer than|less than|within) {length} [away]",
    "having {reference} (closer than|nearer than|less than|within) {length} [away]",
)
def _near_said_apart(reference: Subject, length: Measure) -> Condition:
    return Away(Bounds(high=length, high_closed=True), reference)


@rule(
    "away",
    "not (near|nearby|close to|next to|adjacent to) {reference} <further> {length} [away]",
    "(away from|far from) {reference} <further> {length} [away]",
)
def _far_said_apart(reference: Subject, length: Measure) -> Condition:
    return Away(Bounds(low=length), reference)


@rule("away", "(with|have|has|having) {reference} {bounds} [away|away from (it|them)|from (it|them)]")
def _has_so_near(reference: Subject, bounds: Bounds) -> Condition | None:
    """ "Lakes that have a building closer than 30 m": within so far; "farther than" would deny all nearer ones."""
    near = bounds.dimension == "length" and bounds.low is None
    return Away(bounds, reference) if near else None


@rule(
    "conditionpair",
    "{lead} (with|have|has|having) both {bare:first} and {bare:second} <within> {length} [of (it|them)]",
)
def _has_both_near(lead: Any, first: Subject, second: Subject, length: Measure) -> Conditions:
    near = Bounds(high=length, high_closed=True)
    return (Away(near, first), Away(near, second))


@rule(
    "conditionpair",
    "{lead} (with|have|has|having) neither {bare:first} nor {bare:second} <within> {length} [of (it|them)]",
)
def _has_neither_near(lead: Any, first: Subject, second: Subject, length: Measure) -> Conditions:
    far = Bounds(low=length)
    return (Away(far, first), Away(far, second))


@rule("away", "<below> {length} {reference}")
def _keyword_near(length: Measure, reference: Subject) -> Condition:
    return Away(Bounds(high=length), reference)


@rule("away", "<above> {length} {reference}")
def _keyword_far(length: Measure, reference: Subject) -> Condition:
    return Away(Bounds(low=length), reference)


# --- procedures


@rule(
    "bufferstep",
    "buffer {reference} (by|with|at|to) {length}",
    "buffer {reference} {length}",
    "<make> {length} <bufferzone> (around|of|about|along|for|from|to) {reference}",
    "<make> <bufferzone> of {length} (around|of|about|along|for|from|to) {reference}",
)
def _buffer_step(reference: Subject, length: Measure) -> Conditions:
    return (Away(Bounds(high=length, high_closed=True), reference),)


@rule(
    "inbuffer",
    "(inside|within|in|of|falling in|lying in|overlapping|covered by) [this|that] (<bufferzone>|it|them)",
)
def _in_buffer() -> str:
    return "buffer"


@rule(
    "top",
    "{bufferstep} [<then>] [<ask>] {q} [{lead}] {inbuffer}",
    "{bufferstep} [<then>] [<ask>] {question:q} [{lead}] {inbuffer}",
    "{bufferstep} [<then>] [<ask>] <much> {base} [<exist>] [{lead}] {inbuffer}",
    "{bufferstep} [<then>] [<ask>] how many {base} (is|are|lie|fall) {inbuffer}",
)
def _procedure(
    bufferstep: Conditions,
    inbuffer: str,
    q: Meaning | None = None,
    base: Subject | None = None,
    lead: Any = None,
) -> Meaning:
    if base is not None:
        q = Count(base) if base.counted else Area(base)
    return add_conditions(q, bufferstep, (), False)  # type: ignore[no-any-return]


@rule(
    "prelude",
    "<only> {np}",
    "considering only {np}",
    "taking only {np}",
    "(map|detect|segment|extract|mark) {np}",
)
def _only_prelude(np: Subject) -> Subject:
    return np


@rule(
    "question",
    "how many [of them|of these|of those] there (is|are) {elided:base}",
    "number {elided:base}",
    "[their|its] number {elided:base}",
    "how many {elided:base}",
    "count (them|these|those) {elided:base}",
)
def _how_many_there_are(base: Subject) -> Quantity:
    return Count(base)


# --- counts


@rule("question", "count <count> {np}", "how many {np} there (is|are)", "how many {np} it <have>")
def _count_the_number(np: Subject) -> Quantity:
    return Count(np)


@rule(
    "question",
    "are there {moresign} {base} {modifiers:one} than {modifiers:two}",
    "<is> {moresign} {base} {modifiers:one} than {modifiers:two}",
    "[<ask>] <whether> {moresign} {base} <is> {conditions:one} than {conditions:two}",
)
def _more_here_than_there(base: Subject, one: Conditions, two: Conditions, moresign: str) -> Meaning:
    first, second = predicate(base, one), predicate(base, two)
    if base.counted:
        return Comparison(Count(first), Count(second), moresign)
    return Comparison(Area(first), Area(second), moresign)


@rule("q", "<mean> <count> {np} {per} of {base:over}", "<mean> <density> of {np} {per} of {base:over}")
def _mean_density(np: Subject, per: Unit, over: Subject) -> Quantity | None:
    return None if np.pick is not None else Density(np, per, over)


# --- sizes


@rule("q", "{np} 's <mean> <sizename>", "{np} 's <mean> <areaname>", "<sizename> <mean> of {np}")
def _their_mean(np: Subject) -> Quantity | None:
    return None if np.pick is not None else SizeOf(np, "mean")


@rule(
    "question",
    "how many times (larger|bigger) is {np:first} than <mean> {np:second}",
    "how many times as (large|big) is {np:first} as <mean> {np:second}",
    "how many times <mean> {np:second} is {np:first}",
)
def _times_the_mean(first: Subject, second: Subject) -> Quantity | None:
    if first.pick is None or first.pick.count != 1 or second.pick is not None:
        return None
    return Ratio(SizeOf(first, "max"), SizeOf(second, "mean"))


@rule("question", "<is> {q} {measure}", "<is> {q} exactly {measure}", "<is> {q} equal to {measure}")
def _exactly(q: Quantity, measure: Measure) -> Meaning | None:
    wanted = {
        "Area": ("area", "pixel"),
        "SizeOf": ("area", "pixel"),
        "Count": ("count",),
        "Share": ("percent",),
    }
    if measure.unit.dimension not in wanted.get(type(q).__name__, ()):
        return None
    return Threshold(q, Bounds(low=measure, low_closed=True), equal=True)


@rule(
    "bounds",
    "in range {measure:low} to {measure:high}",
    "in range from {measure:low} to {measure:high}",
    "in range between {measure:low} and {measure:high}",
    "from {measure:low} up to {measure:high}",
)
def _in_range(low: Measure, high: Measure) -> Bounds | None:
    from planimeter.coder.grammar.rules.numbers import both

    return both(low, high, True, True)


@rule("size", "whose (size|area|extent|footprint|surface) (lies|is|falls|ranges|measures) {bounds}")
def _size_lies(bounds: Bounds) -> Condition | None:
    from planimeter.meaning.records import Size

    return Size(bounds) if bounds.dimension in ("area", "pixel") else None


# --- the image's own area


@rule(
    "question",
    "how many {areaunit} <does> image (<have>|measure|span)",
    "how large is (site|region|this area|this site)",
)
def _image_shows(areaunit: Unit | None = None) -> Quantity:
    from planimeter.meaning.records import ImageArea

    return ImageArea(areaunit)


# --- distances


def _reversed_distances() -> None:
    words = {"min": "<shortest>", "mean": "<mean>", "max": "<longest>"}
    for name, word in words.items():
        rule(
            "q",
            f"distance {word} (from|between|of) {{endpoint:first}} (to|and|from) {{target:second}}",
            f"{word} distance to {{target:second}} (for|from|of) {{endpoint:first}}",
        )(lambda first, second, _name=name: Distance(first, second, _name))


_reversed_distances()


@rule("q", "distance to {target:second} (for|from|of) {np:first}")
def _distance_for(first: Subject, second: Subject) -> Quantity | None:
    return None if first.pick is None or first.pick.count != 1 else Distance(first, second, "min")


# --- comparisons


@rule("question", "compare {options} (which|what) [one|of them|of two|of these] {choice}")
def _compare_which(options: tuple[Subject, ...], choice: tuple[bool]) -> Meaning | None:
    if any(option.pick is not None or len(option.topics) > 1 for option in options):
        return None
    return Which(options, choice[0], "area")


@rule(
    "q",
    "{np:first} / {np:second} [area] ratio",
    "ratio {np:first} / {np:second}",
    "ratio of {np:first} / {np:second}",
)
def _slash_ratio(first: Subject, second: Subject) -> Quantity | None:
    if first.counted != second.counted:
        return None
    return Ratio(Count(first), Count(second)) if first.counted else Ratio(Area(first), Area(second))
