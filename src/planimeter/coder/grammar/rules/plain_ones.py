"""Grammar of what is said in one breath: neither a size nor a place, the average of the largest, twice as many."""

from __future__ import annotations

from functools import partial
from typing import Any

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.negation import negation
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.coder.grammar.rules.ground import IMAGE
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Bounds,
    Comparison,
    Condition,
    Count,
    Difference,
    Inside,
    Meaning,
    Pick,
    Quantity,
    Share,
    Size,
    Sized,
    SizeOf,
    Subject,
    Threshold,
    Where,
)
from planimeter.vocabulary.numbers import RANKS
from planimeter.vocabulary.units import Measure

# --- neither a size nor a place -----------------------------------------------------------------------------------


@primitive("ends")
def _ends(parser: Parser, position: int) -> Values:
    """Nothing, where no "and" or "or" follows: "neither … nor … and …" may deny the last condition or ask for it."""
    return [] if parser.text(position) in ("and", "or", "nor") else [((), position)]


@rule("denied", "{size:value}", "{place:value}")
def _denied(value: Condition) -> Condition | None:
    return negation(value)


@rule(
    "conditionpair",
    "{lead} neither {size:value} nor {lead:again} [they] {denied:second} {ends}",
    "{lead} neither {place:value} nor {lead:again} [they] {size:other} {ends}",
    "{lead} not {size:value} nor {lead:again} [they] {denied:second} {ends}",
    "{lead} not {place:value} nor {lead:again} [they] {size:other} {ends}",
)
def _neither(
    lead: Any,
    again: Any,
    ends: Any,
    value: Condition,
    second: Condition | None = None,
    other: Size | None = None,
) -> Conditions | None:
    denied = negation(value), second or (None if other is None else negation(other))
    return None if None in denied else denied  # type: ignore[return-value]


@rule(
    "conditionpair",
    "{lead} neither {denied:first} nor {lead:again} {denied:second} nor {lead:more} {denied:third} {ends}",
)
def _none_of_three(
    lead: Any, again: Any, more: Any, ends: Any, first: Condition, second: Condition, third: Condition
) -> Conditions:
    return (first, second, third)


# --- all ground but that of a cover -------------------------------------------------------------------------------


@rule(
    "allbut",
    "(everything|all|anything|all land|all ground|land|ground|image|all of image) (except|except for|but|other than|"
    "apart from|excluding|besides|aside from|with exception of) {bare:other}",
    "(everything|all|all land) (except|except for|but|other than|apart from|excluding|besides) {union:other}",
    "(everything|all|anything|all land|land|ground) (that|which) is not {bare:other}",
)
def _all_but(other: Subject) -> Subject | None:
    if other.pick is not None or other.where or other.then or other.frame is not None:
        return None
    return replace(IMAGE, where=(Inside(replace(other, joined="or" if other.joined else ""), outside=True),))


@rule("q", "[<total>] <areaname> of {allbut}", "[<total>] <areaname> <coveredpassive> {allbut}")
def _area_of_all_but(allbut: Subject) -> Quantity:
    return Area(allbut)


@rule(
    "question",
    "how (large|big) is {allbut}",
    "how (large|big) is [<total>] <areaname> of {allbut}",
    "<much> <land> is {allbut}",
    "<much> <land> <does> {allbut} <cover>",
)
def _how_large_is_all_but(allbut: Subject) -> Quantity:
    return Area(allbut)


# --- the one that is picked among those of a place ----------------------------------------------------------------


@rule(
    "question",
    "(which|what) is {picked} {modifiers:conditions}",
    "which one is {picked} {modifiers:conditions}",
)
def _which_is(picked: Subject, conditions: Conditions) -> Meaning | None:
    one = picked.pick is not None and picked.pick.count == 1 and (picked.kind == "thing" or picked.regions)
    return Where(replace(picked, where=(*picked.where, *conditions))) if one else None


# --- parts of the image -------------------------------------------------------------------------------------------


@rule(
    "question",
    "<is> {parts} {framename} <covered> {np}",
    "<is> {parts} {framename} [<coveredpassive>] {np}",
    "<does> {np} <cover> {parts} {framename}",
    "<does> {parts} {framename} (consist of|belong to) {np}",
    "[<ask>] <whether> {parts} {framename} <covered> {np}",
    "[<ask>] <whether> {np} <cover> {parts} {framename}",
)
def _part_of_part(parts: Bounds, framename: Subject, np: Subject) -> Meaning | None:
    return _part_of(parts, framename, np, False)


@rule(
    "question",
    "<is> {parts} {framename} (not|not <coveredpassive>) {np}",
    "[<ask>] <whether> {parts} {framename} {isnot} {np}",
)
def _part_without(parts: Bounds, framename: Subject, np: Subject, isnot: Any = None) -> Meaning | None:
    return _part_of(parts, framename, np, True)


def _part_of(parts: Bounds, frame: Subject, np: Subject, outside: bool) -> Meaning | None:
    return Threshold(Share(frame, (Inside(np, outside),), of_image=False), parts) if _cover(np) else None


def _cover(np: Subject) -> bool:
    """Whether a phrase names a cover as such; with conditions, more than one share may be meant."""
    return not (np.where or np.pick is not None or np.then)


@rule(
    "shareq",
    "{sharename} of {framename} {isnot} {np}",
    "{sharename} of {framename} {lead} (not|non) {np}",
)
def _share_without(
    framename: Subject, np: Subject, sharename: Any = None, isnot: Any = None, lead: Any = None
) -> Quantity | None:
    return Share(framename, (Inside(np, outside=True),), of_image=False) if _cover(np) else None


@rule("question", "<much> of {framename} {isnot} {np}")
def _much_without(framename: Subject, np: Subject, isnot: Any) -> Quantity | None:
    return _share_without(framename, np)


# --- a statistic of the largest -----------------------------------------------------------------------------------


def _of_picked(np: Subject, statistic: str) -> Quantity | None:
    several = np.pick is not None and np.pick.count > 1 and not np.then
    return SizeOf(np, statistic) if several else None


for _name, _word in {"mean": "<mean>", "median": "<median>"}.items():

    def _statistic(np: Subject, _name: str = _name) -> Quantity | None:
        return _of_picked(np, _name)

    rule(
        "q",
        f"{_word} <sizename> (of|for|among) [all] {{np}}",
        f"{_word} {{np}} <sizename>",
        f"<sizename> of {{np}} on {_word}",
        f"{_word} of {{np}} 's <sizename>",
    )(_statistic)
rule(
    "question",
    "how (large|big) are {np} on average",
    "on average how (large|big) are {np}",
    "how (large|big) on average are {np}",
)(lambda np: _of_picked(np, "mean"))


# --- larger than the average of all, and more --------------------------------------------------------------------


@rule(
    "np",
    "{bare:base} {lead} {sizesign} <mean> [(in|of) size|in area|<sizename>] (and|but) {conditions}",
    "{bare:base} {conditions} (and|but) {lead} {sizesign} <mean> [(in|of) size|in area|<sizename>]",
    "{bare:base} {lead} both {sizesign} <mean> [(in|of) size|in area|<sizename>] and {conditions}",
)
def _than_average_and(base: Subject, lead: Any, sizesign: str, conditions: Conditions) -> Subject | None:
    """The average is that of all of them, whatever other conditions hold."""
    things = base.pick is None and (base.counted or base.regions or base.kind == "thing")
    if not things or any(isinstance(value, Size) for value in conditions):
        return None
    return replace(base, where=(*base.where, Sized(sizesign, SizeOf(base, "mean")), *conditions))


# --- times as many ------------------------------------------------------------------------------------------------


@rule("doubled", "twice as many", "2 times as many", "double as many")
def _twice() -> float:
    return 2.0


@rule("timesmany", "(more than|over) {doubled}")
def _over_twice(doubled: float) -> tuple[str, float]:
    return ">", doubled


@rule("timesmany", "(at least|no less than|not less than|no fewer than) {doubled}")
def _at_least_twice(doubled: float) -> tuple[str, float]:
    return ">=", doubled


@rule("timesmany", "(less than|fewer than|under) {doubled}")
def _under_twice(doubled: float) -> tuple[str, float]:
    return "<", doubled


@rule("timesmany", "(at most|no more than|not more than) {doubled}")
def _at_most_twice(doubled: float) -> tuple[str, float]:
    return "<=", doubled


@rule("timesnumber", "(more than|over) (twice|2 times|double) [that of|number of]")
def _over_twice_the_number() -> tuple[str, float]:
    return ">", 2.0


@rule("timesnumber", "(at least|no less than) (twice|2 times|double) [that of|number of]")
def _at_least_twice_the_number() -> tuple[str, float]:
    return ">=", 2.0


@rule("timesnumber", "(less than|under) (twice|2 times|double) [that of|number of]")
def _under_twice_the_number() -> tuple[str, float]:
    return "<", 2.0


@rule(
    "question",
    "are there {timesmany} {np:first} [<exist>] as [there are] {np:second} [<exist>]",
    "<does> image <have> {timesmany} {np:first} as {np:second}",
    "[<ask>] <whether> there are {timesmany} {np:first} as [there are] {np:second}",
    "[<ask>] <whether> number of {np:first} <is> {timesnumber:timesmany} {np:second}",
    "<is> number of {np:first} {timesnumber:timesmany} {np:second}",
)
def _times_as_many(first: Subject, second: Subject, timesmany: tuple[str, float]) -> Meaning | None:
    """ "Twice as many", without "more than" or "at least", may mean exactly so many, and is not read."""
    if not (first.counted and second.counted) or first.pick is not None or second.pick is not None:
        return None
    return Comparison(Count(first), Count(second), *timesmany)


# --- than the second largest --------------------------------------------------------------------------------------


def _next(rank: int, number: Measure | None = None) -> Pick | None:
    """ "The second largest", also with "one" behind it."""
    return Pick(True, rank) if number is None or number.value == 1 else None


for _word, _rank in {**RANKS, "next": 2}.items():
    if _rank > 1:
        rule("ranked", f"{_word} <largest> [{{number}}]")(partial(_next, _rank))


@rule(
    "question",
    "how much (larger|bigger) is {np:first} than {ranked}",
    "by how much is {np:first} (larger|bigger) than {ranked}",
    "by how much <does> {np:first} (exceed|exceeds) {ranked}",
)
def _larger_than_next(first: Subject, ranked: Pick) -> Quantity | None:
    """ "Than the second largest": of the same things, under the same conditions."""
    if first.pick is None or first.pick.only or first.pick.count > 1 or first.then:
        return None
    if not first.pick.largest or first.pick.first != 1 or (first.kind != "thing" and not first.regions):
        return None
    return Difference(SizeOf(first, "max"), SizeOf(replace(first, pick=ranked), "max"))
