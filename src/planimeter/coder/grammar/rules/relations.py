"""Grammar of sizes and amounts that are told by others: relative sizes, parts of parts, per item, either … or."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.negation import negation
from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Bounds,
    Comparison,
    Condition,
    Count,
    Density,
    Distance,
    Either,
    ImageArea,
    Leads,
    Meaning,
    PerItem,
    Pick,
    Portion,
    Quantity,
    Ratio,
    Share,
    Sized,
    SizeOf,
    Subject,
    Touching,
    Which,
)
from planimeter.vocabulary.numbers import RANKS
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import PIXEL, Measure, Unit

# --- or, nor ------------------------------------------------------------------------------------------------------


@rule("place", "{away:value}", "{inside:value}", "{touching:value}")
def _place(value: Condition) -> Condition:
    return value


@rule(
    "condition",
    "{lead} {size:first} or {lead:again} {size:second}",
    "{lead} {place:first} or {lead:again} {place:second}",
)
def _either(lead: Any, again: Any, first: Condition, second: Condition) -> Condition:
    return Either(((first,), (second,)))


@rule("conditionpair", "{lead} neither {place:first} nor {place:second}")
def _neither(lead: Any, first: Condition, second: Condition) -> Conditions | None:
    denied = negation(first), negation(second)
    return None if None in denied else denied  # type: ignore[return-value]


# --- sizes told by others -----------------------------------------------------------------------------------------


def _things(base: Subject) -> bool:
    return base.pick is None and (base.counted or base.regions or base.kind == "thing")


@rule("sizesign", "<larger> than", "<over>")
def _larger() -> str:
    return ">"


@rule("sizesign", "<smaller> than", "<under>")
def _smaller() -> str:
    return "<"


@rule("sizesign", "<atleast>", "at least as (large|big) as")
def _at_least() -> str:
    return ">="


@rule("sizesign", "<atmost>", "at most as (large|big) as")
def _at_most() -> str:
    return "<="


@rule("np", "{base} {lead} {sizesign} <mean> [(in|of) size|in area|<sizename>]")
def _than_average(base: Subject, lead: Any, sizesign: str) -> Subject | None:
    if not _things(base):
        return None
    return replace(base, where=(*base.where, Sized(sizesign, SizeOf(base, "mean"))))


@rule(
    "np",
    "{base} {lead} {sizesign} <mean> {bare:other}",
    "{base} {lead} {sizesign} <mean> {bare:other} <sizename>",
    "{base} {lead} {sizesign} <mean> <sizename> of {bare:other}",
)
def _than_average_of(base: Subject, lead: Any, sizesign: str, other: Subject) -> Subject | None:
    if not _things(base) or not (other.kind == "thing" or other.regions):
        return None
    whole = base if base.topics == other.topics else other
    return replace(base, where=(*base.where, Sized(sizesign, SizeOf(whole, "mean"))))


@rule("np", "{base} {lead} {sizesign} {picked:other}")
def _than_extreme(base: Subject, lead: Any, sizesign: str, other: Subject) -> Subject | None:
    if not _things(base) or other.pick is None or other.pick.count != 1 or other.topics == base.topics:
        return None
    return replace(base, where=(*base.where, Sized(sizesign, SizeOf(other, "max"))))


@rule(
    "np",
    "{base} {lead} <sizelead> {pbounds} of {whole}",
    "{base} {lead} {pbounds} of {whole}",
    "{base} {lead} <cover> {pbounds} of {whole}",
    "{base} (covering|occupying|spanning|making up|filling) {pbounds} of {whole}",
)
def _than_share(base: Subject, pbounds: Bounds, whole: Any, lead: Any = None) -> Subject | None:
    """Regions, each by itself; of a cover as a whole the question would hold its share against the number."""
    if not base.counted or base.pick is not None:
        return None
    sized = []
    if pbounds.low is not None:
        sized.append(Sized(">=" if pbounds.low_closed else ">", ImageArea(), pbounds.low.value / 100))
    if pbounds.high is not None:
        sized.append(Sized("<=" if pbounds.high_closed else "<", ImageArea(), pbounds.high.value / 100))
    return replace(base, where=(*base.where, *sized))


# --- parts of parts -----------------------------------------------------------------------------------------------


def _portion(whole: Subject, part: Subject) -> Quantity | None:
    if part.pick is None or whole.pick is not None or not set(part.topics) <= set(whole.topics):
        return None
    of = SizeOf(part, "max") if part.pick.count == 1 else Area(part)
    return Portion(of, Area(whole))


@rule(
    "shareq",
    "{sharename} of [<total>] {bare:whole} [<areaname>] {lead} [in|inside|part of|within] {picked:part}",
    "{sharename} of [<total>] {bare:whole} [<areaname>] <does> {picked:part} <cover>",
    "{sharename} of [<total>] {bare:whole} [<areaname>] {picked:part} <cover>",
    "{sharename} of {picked:part} (in|of) [<total>] {bare:whole} [<areaname>]",
)
def _share_in_largest(sharename: Any, whole: Subject, part: Subject, lead: Any = None) -> Quantity | None:
    return _portion(whole, part)


@rule(
    "shareq",
    "{sharename} of [<total>] {bare:whole} [<areaname>] {lead} (in|inside|part of|within) [<possessive>] [<solid>] "
    "<largest> [<apart>] [<solid>] <shape>",
)
def _share_in_own_largest(sharename: Any, whole: Subject, lead: Any) -> Quantity | None:
    return _portion(whole, replace(whole, pick=Pick(True), regions=True, plural=False))


@rule(
    "question",
    "<much> of [<total>] {bare:whole} [<areaname>] {lead} (in|inside|part of|within) {picked:part}",
)
def _much_in_largest(whole: Subject, part: Subject, lead: Any) -> Quantity | None:
    return _portion(whole, part)


# --- have ---------------------------------------------------------------------------------------------------------


def _bears(base: Subject, other: Subject) -> Condition | None:
    """ "Buildings with solar panels": labels exclude each other, so that a panel on a roof is one that touches it."""
    if not all(topic_of(topic).upon in base.topics for topic in other.topics):
        return None
    return Touching(other)


@rule("np", "{base} (with|that have|which have|having|bearing) {bare:other} [on them|on top]")
def _with(base: Subject, other: Subject) -> Subject | None:
    held = _bears(base, other)
    return None if held is None or base.pick is not None else replace(base, where=(*base.where, held))


@rule(
    "question",
    "how many {bare:base} (have|bear|carry) {bare:other} [on them]",
    "how many of {bare:base} (have|bear|carry) {bare:other}",
)
def _how_many_have(base: Subject, other: Subject) -> Quantity | None:
    held = _bears(base, other)
    return None if held is None else Count(replace(base, where=(*base.where, held)))


@rule("shareq", "{sharename} of [all] {bare:base} (have|has|with|bear|carry) {bare:other} [on them]")
def _share_have(sharename: Any, base: Subject, other: Subject) -> Quantity | None:
    held = _bears(base, other)
    return None if held is None or not base.counted else Share(base, (held,), of_image=False, by_count=True)


# --- per item, per area -------------------------------------------------------------------------------------------


def _one(by: Subject) -> bool:
    """Whether a phrase names one thing of its kind ("per building", "for each lake")."""
    return by.pick is None and not by.plural and (by.kind == "thing" or by.regions) and not by.where


@rule("peritem", "(per|for each|for every|by) {bare:by}")
def _per(by: Subject) -> Subject | None:
    return by if _one(by) else None


def _each(np: Subject, by: Subject, unit: Unit | None = None) -> Quantity | None:
    if np.pick is not None or set(np.topics) & set(by.topics) or np.counted:
        return None
    return PerItem(Area(np, unit=unit), by)


@rule(
    "question",
    "<much> {np} [<exist>] {peritem:by}",
    "<much> {np} {peritem:by} <exist>",
    "<much> <areaname> of {np} [<exist>] {peritem:by}",
)
def _much_each(np: Subject, by: Subject) -> Quantity | None:
    return _each(np, by)


@rule(
    "question",
    "how many {areaunit} of {np} [<exist>] {peritem:by}",
    "how many {areaunit} of {np} {peritem:by} <exist>",
)
def _units_each(areaunit: Unit, np: Subject, by: Subject) -> Quantity | None:
    return None if areaunit == PIXEL else _each(np, by, areaunit)


@rule("q", "[<total>|<mean>] <areaname> of {np} {peritem:by}", "[<mean>] {np} [area] {peritem:by}")
def _area_each(np: Subject, by: Subject) -> Quantity | None:
    return _each(np, by)


@rule(
    "question",
    "(for|to) (every|each) {areaunit} of {np:second} how many {areaunit:other} of {np:first} [<exist>]",
    "how many {areaunit} of {np:first} [<exist>] (for|per) (every|each) {areaunit:other} of {np:second}",
    "how many {areaunit} of {np:first} [<exist>] per {areaunit:other} of {np:second}",
)
def _area_per_area(areaunit: Unit, other: Unit, first: Subject, second: Subject) -> Quantity | None:
    return Ratio(Area(first), Area(second)) if areaunit == other else None


@rule("q", "<mean> <count> {np} {per} of {base:over}", "<mean> {np} <density> {per} of {base:over}")
def _mean_density(np: Subject, per: Unit, over: Subject) -> Quantity | None:
    return None if np.pick is not None or not np.counted else Density(np, per, over)


@rule("perhundred", "(per|for every|for each|in) {number} {areaunit}", "(per|for every|for each|in) {area}")
def _per_hundred(
    number: Measure | None = None, areaunit: Unit | None = None, area: Measure | None = None
) -> Unit | None:
    if area is not None:
        number, areaunit = area, area.unit
    if number is None or areaunit is None or areaunit == PIXEL or number.value <= 0:
        return None
    symbol, word = f"{number.value:g} {areaunit.symbol}", f"{number.value:g} {areaunit.word}"
    return Unit(symbol, "area", number.value * areaunit.factor, word)


@rule(
    "q",
    "<count> {np} {perhundred:per}",
    "{np} <density> {perhundred:per}",
    "<density> of {np} {perhundred:per}",
)
def _density_per_hundred(np: Subject, per: Unit) -> Quantity | None:
    return Density(np, per) if np.counted and np.pick is None else None


@rule("question", "how many {np} [<exist>] {perhundred:per}", "how many {np} {perhundred:per} <exist>")
def _how_dense(np: Subject, per: Unit) -> Quantity | None:
    return _density_per_hundred(np, per)


@rule(
    "q", "(patch|region) density of {bare:np} {perhundred:per}", "(patch|region) density of {bare:np} {per}"
)
def _patch_density(np: Subject, per: Unit) -> Quantity | None:
    return None if np.pick is not None else Density(replace(np, regions=True, plural=True), per)


# --- ratios and comparisons ---------------------------------------------------------------------------------------


@rule("q", "{np:first} / {np:second} [area] ratio", "{np:first} : {np:second} ratio")
def _slash_ratio(first: Subject, second: Subject) -> Quantity | None:
    if first.counted != second.counted:
        return None
    return Ratio(Count(first), Count(second)) if first.counted else Ratio(Area(first), Area(second))


@rule(
    "question",
    "how many times (larger|bigger|greater) is {picked:first} than <mean> {bare:second}",
    "how many times as (large|big) as <mean> {bare:second} is {picked:first}",
    "how many times as (large|big) is {picked:first} as <mean> {bare:second}",
)
def _times_average(first: Subject, second: Subject) -> Quantity | None:
    if first.pick is None or first.pick.count != 1 or not (second.kind == "thing" or second.regions):
        return None
    return Ratio(SizeOf(first, "max"), SizeOf(second, "mean"))


@rule("countsign", "more")
def _more() -> str:
    return ">"


@rule("countsign", "fewer", "less")
def _fewer() -> str:
    return "<"


@rule("question", "are there {countsign:sign} {bare:base} {modifiers:conditions} than {modifiers:others}")
def _more_here_than_there(
    sign: str, base: Subject, conditions: Conditions, others: Conditions
) -> Meaning | None:
    if not base.counted:
        return None
    first, second = (replace(base, where=(*base.where, *where)) for where in (conditions, others))
    return Comparison(Count(first), Count(second), sign)


@rule("question", "is there {countsign:sign} {bare:base} {modifiers:conditions} than {modifiers:others}")
def _more_ground_than_there(
    sign: str, base: Subject, conditions: Conditions, others: Conditions
) -> Meaning | None:
    if base.counted:
        return None
    first, second = (replace(base, where=(*base.where, *where)) for where in (conditions, others))
    return Comparison(Area(first), Area(second), sign)


@rule("question", "are there [at least] as many {np:first} as {np:second} [<exist>]")
def _as_many(first: Subject, second: Subject) -> Meaning | None:
    return Comparison(Count(first), Count(second), ">=") if first.counted and second.counted else None


# --- ranks of land covers -----------------------------------------------------------------------------------------


@rule("question", "<is> {bare:of} <dominant> <coverclass>", "<is> <dominant> <coverclass> {bare:of}")
def _leads(of: Subject) -> Meaning | None:
    return None if of.pick is not None or len(of.topics) > 1 or of.where else Leads(of)


@rule("question", "<is> {bare:of} <rarest> <coverclass>", "<is> <rarest> <coverclass> {bare:of}")
def _trails(of: Subject) -> Meaning | None:
    return None if of.pick is not None or len(of.topics) > 1 or of.where else Leads(of, most=False)


for _word, _rank in RANKS.items():
    if _rank > 1:
        rule(
            "question",
            f"(which|what) [is] {_word} <dominant> <coverclass>",
            f"(which|what) <coverclass> <is> {_word} <dominant>",
            f"(which|what) <coverclass> <cover> {_word} <most> [of {{whole}}]",
        )(lambda whole=None, _rank=_rank: Which((), True, "area", _rank))


@rule("question", "(which|what) <coverclass> <cover> <most> of {whole}")
def _most_of(whole: Any) -> Meaning:
    return Which((), True, "area")


@rule("question", "(which|what) <coverclass> <cover> <least> of {whole}")
def _least_of(whole: Any) -> Meaning:
    return Which((), False, "area")


# --- pieces, and other orders of words ----------------------------------------------------------------------------


@rule("pieces", "(pieces|parts|patches|regions|fragments|blocks)")
def _pieces() -> str:
    return "pieces"


@rule(
    "question",
    "(in|into) how many [<apart>] {pieces} is {bare:of} (broken|split|divided|fragmented|cut) [up]",
    "how many [<apart>] {pieces} is {bare:of} (broken|split|divided|fragmented|cut) [up] (in|into)",
    "how many [<apart>] {pieces} <does> {bare:of} (consist of|have|form|fall into)",
    "of how many [<apart>] {pieces} <does> {bare:of} consist",
    "number of [<apart>] {pieces} (that|which) {bare:of} is (broken|split|divided|fragmented) [up] into",
)
def _how_many_pieces(pieces: Any, of: Subject) -> Quantity | None:
    if of.pick is not None or of.counted or of.kind == "thing":
        return None
    return Count(replace(of, regions=True, plural=True))


@rule(
    "q",
    "distance (to|from) <nearest> {np:second} (for|of|from|to) {picked:first}",
    "distance of {picked:first} (to|from) <nearest> {np:second}",
)
def _distance_of_picked(first: Subject, second: Subject) -> Quantity | None:
    if first.pick is None or first.pick.count != 1 or second.pick is not None:
        return None
    return Distance(first, second, "min")


for _statistic, _class in (("mean", "<mean>"), ("median", "<median>")):
    rule("q", f"{{np}} 's {_class} <sizename>")(
        lambda np, _statistic=_statistic: None if np.pick is not None else SizeOf(np, _statistic)
    )
