"""Grammar of what verbs ask: what a cover comes to, what the image shows, by how much one exceeds the other."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.areas import measured
from planimeter.coder.grammar.rules.subjects import Conditions, predicate
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Composition,
    Count,
    Density,
    Difference,
    ImageArea,
    Inside,
    Listing,
    Meaning,
    PerItem,
    Portion,
    Quantity,
    Ratio,
    Share,
    SizeOf,
    Subject,
    Which,
)
from planimeter.vocabulary.numbers import RANKS
from planimeter.vocabulary.topics import COMPOSED
from planimeter.vocabulary.units import PIXEL, Measure, Unit

# --- what it comes to


@rule(
    "comesto", "(come|comes|add up|sum up|amount|amounts|run|sum) to", "total", "equal", "measure", "make up"
)
def _comes_to() -> str:
    return "comes to"


@rule("question", "what <does> {q} {comesto}", "<much> <does> {q} {comesto}")
def _quantity_comes_to(q: Quantity, comesto: str) -> Quantity:
    return q


@rule(
    "question",
    "(what|<much>) <does> [<together>] {np} [<together>] ({comesto}|<cover>) [<together>]",
    "(what|<much>) <does> {np} [<together>] ({comesto}|<cover>) [<together>] in (area|size|extent)",
)
def _cover_comes_to(np: Subject, comesto: str = "") -> Quantity | None:
    """Of a cover or of what is picked; "what do the houses come to" may ask for their number."""
    return None if np.counted and np.pick is None else measured(np)


@rule("bare_area", "(what|<much>) <does> {np} [<together>] ({comesto}|<cover>) [<together>]")
@rule("bare_area", "{np} how (many|much|large|big) [is it|are they|is that] [<together>]")
def _area_comes_to(np: Subject, comesto: str = "") -> Quantity:
    """The unit says that an area is asked."""
    return measured(np)


@rule(
    "question",
    "how many {areaunit} <does> {np} [<together>] {comesto} [<together>]",
    "how many {areaunit} of {np} <exist>",
    "how many {areaunit} (is|are|lie|lies) [<coveredpassive>] {np}",
    "how many {areaunit} {np} <cover>",
    "how many {areaunit} of {np} image <have>",
)
def _units_come_to(areaunit: Unit, np: Subject, comesto: str = "") -> Quantity:
    of = measured(np)
    return replace(of, unit=areaunit)


@rule("question", "how many {areaunit} <does> {np} <have>")
def _units_it_has(areaunit: Unit, np: Subject) -> Quantity | None:
    """Of a cover; the hectares that houses have may be their gardens."""
    return None if np.counted or np.kind == "thing" else replace(measured(np), unit=areaunit)


@rule("question", "(what|<much>) area {np} [<together>] <cover>", "what area is {np}")
def _area_it_covers(np: Subject) -> Quantity:
    return measured(np)


# --- what the image shows, in reported order


@rule("question", "how many {np} image <have>", "how many {np} <does> image (have|show)")
def _image_has(np: Subject) -> Quantity:
    return Count(np)


@rule("question", "how much {np} image <have>")
def _much_image_has(np: Subject) -> Quantity | None:
    return None if np.counted else measured(np)


@rule("question", "(what|which) <count> {np:base} {predicate:conditions}", "count {np:base} <exist>")
def _which_number(base: Subject, conditions: Conditions = ()) -> Quantity:
    return Count(predicate(base, conditions))


@rule(
    "question",
    "what {base} (area|surface|extent|acreage) {predicate:conditions}",
    "(what|which) <areaname> of {np:base} {predicate:conditions}",
)
def _which_area(base: Subject, conditions: Conditions) -> Quantity | None:
    return None if base.pick is not None else Area(base, conditions)


@rule("question", "(what|which) <areaname> of {np} (is there|<exist>)")
def _which_area_there(np: Subject) -> Quantity:
    return measured(np)


@rule(
    "question",
    "how many {np} <does> {framename} (contain|have|hold|include|show|comprise)",
    "{framename} how many {np} [<exist>]",
)
def _how_many_in_part(np: Subject, framename: Subject) -> Quantity:
    return Count(predicate(np, (Inside(framename),)))


@rule("q", "{np} [<total>] (number|count|tally)", "[<total>] (number|count|tally) {np}")
def _number_behind(np: Subject) -> Quantity | None:
    """Of several; "the house number" is a name."""
    return Count(np) if np.counted else None


@rule(
    "question",
    "how (large|big) area <does> image (<cover>|<have>)",
    "what area is (shown|covered|depicted|pictured|seen|visible) [in image]",
    "what area <does> image <have>",
    "[<total>] (area|extent|ground) (shown|depicted|pictured|covered|seen) [in image]",
    "how (large|big) area (are we looking at|is shown|is depicted|is covered) [in image]",
)
def _area_shown() -> Quantity:
    return ImageArea()


# --- averages of one


@rule(
    "question",
    "how many {areaunit} <does> {np} (<cover>|<have>|{comesto}) on average",
    "how many {areaunit} <have> {np} on average",
    "how many {areaunit} (is|are) {np} [large|big|in size] on average",
    "how many {areaunit} <does> <mean> {np} (<cover>|<have>|{comesto})",
    "how many {areaunit} <have> <mean> {np}",
    "<mean> {np} <cover> how many {areaunit}",
    "what <does> {np} {comesto} on average",
    "(what|<much>) <does> <mean> {np} ({comesto}|<cover>)",
    "<mean> {areaunit} per {np}",
)
def _mean_of_one(np: Subject, areaunit: Unit | None = None, comesto: str = "") -> Quantity | None:
    single = np.kind == "thing" or np.regions
    return SizeOf(np, "mean", areaunit) if single and np.pick is None else None


@rule("question", "how (large|big) <does> {np} (get|become|grow)")
def _gets(np: Subject) -> Quantity | None:
    return SizeOf(np, "max") if np.pick is not None and np.pick.count == 1 else None


# --- shares


@rule(
    "whole",
    "everything [in image|in view|visible|shown]",
    "all [that] [is] (visible|shown|in view|in image)",
    "what [is] (visible|shown|in view|in image)",
    "this",
)
def _everything() -> str:
    return "image"


@rule("isnot", "has no", "is free of", "is (anything|everything) but", "is without", "is [covered by] non")
def _free_of() -> str:
    return "not"


@rule(
    "shareq",
    "{sharename} of {whole} {lead} (not|non) {np}",
    "{sharename} of {whole} {isnot} {np} [on it|in it]",
    "<much> of {whole} {isnot} {np} [on it|in it]",
)
def _share_without(
    np: Subject, sharename: Any = None, whole: Any = None, lead: Any = None, isnot: Any = None
) -> Quantity:
    return Share(np, complement=True)


@rule(
    "shareq",
    "{sharename} of {whole} (falls|fall|goes|go|belongs|belong) to {np}",
    "{sharename} of {whole} <does> {np} (have|has|hold|holds|take|get)",
    "{sharename} <does> {np} (have|hold|take|get|<cover>) (of|in) {whole}",
)
def _share_held(np: Subject, sharename: Any, whole: Any) -> Quantity:
    return Share(np)


@rule("question", "how (large|big|high|great|small) [is] {shareq}", "which {shareq}")
def _how_large_share(shareq: Quantity) -> Quantity:
    return shareq


@rule(
    "shareq",
    "{sharename} of [all|<total>] {bare:base} <does> {np:np} <cover>",
    "{sharename} <does> {np} (have|hold|<cover>) (of|in) [all|<total>] {bare:base}",
)
def _share_held_of(base: Subject, np: Subject, sharename: Any) -> Quantity | None:
    if base.counted or base.pick is not None or np.pick is not None or np.where:
        return None
    if not set(np.topics) <= {kind for topic in base.topics for kind in COMPOSED.get(topic, ())}:
        return None  # only what the whole is made of has a share in it
    return Portion(Area(np), Area(base))


@rule(
    "shareq",
    "{base} {modifiers:conditions} (as|in) {sharename} of (all|<total>) {bare:whole}",
    "<count> {base} {modifiers:conditions} (as|in) {sharename} of [all|<total>] {bare:whole}",
)
def _share_of_all(base: Subject, conditions: Conditions, sharename: Any, whole: Subject) -> Quantity | None:
    if base.pick is not None or whole.pick is not None or base.topics != whole.topics:
        return None
    return Share(base, conditions, of_image=False, by_count=base.counted)


# --- by how much


@rule("byhowmuch", "by how much", "by what", "by how many")
def _by_how_much() -> str:
    return "by"


@rule("exceeds", "(exceed|exceeds|outnumber|outnumbers|surpass|surpasses|outweigh|outstrip)")
def _exceeds() -> str:
    return "exceeds"


@rule(
    "question",
    "{byhowmuch} <does> {q:first} {exceeds} {q:second}",
    "{byhowmuch} is {q:first} (<larger>|above) [than] {q:second}",
    "how much (<larger>|higher) is {q:first} than {q:second}",
)
def _more_of_a_quantity(
    first: Quantity, second: Quantity, byhowmuch: str = "", exceeds: str = ""
) -> Quantity | None:
    return Difference(first, second) if type(first) is type(second) else None


@rule(
    "question",
    "how much (<larger>|higher) is number of {np:first} than that of {np:second}",
    "{byhowmuch} is number of {np:first} (<larger>|higher) than that of {np:second}",
)
def _more_in_number(first: Subject, second: Subject, byhowmuch: str = "") -> Quantity:
    return Difference(Count(first), Count(second))


@rule(
    "question",
    "by how many {areaunit} (is|are) {np:first} <larger> than {np:second}",
    "by how many {areaunit} <does> {np:first} {exceeds} {np:second}",
    "how many {areaunit} more {np:first} than {np:second} [<exist>]",
    "how many {areaunit} more {np:first} <exist> than {np:second} [<exist>]",
    "how many more {areaunit} (is|are) [<coveredpassive>] {np:first} than [<coveredpassive>] {np:second}",
    "how many {areaunit} (larger|bigger|more extensive) is {np:first} than {np:second}",
)
def _units_more(areaunit: Unit, first: Subject, second: Subject, exceeds: str = "") -> Quantity | None:
    if areaunit == PIXEL:
        return None
    return Difference(replace(measured(first), unit=areaunit), replace(measured(second), unit=areaunit))


@rule(
    "question",
    "{byhowmuch} <does> {np:first} outnumber {np:second}",
    "how many <does> {np:first} (outnumber|exceed) {np:second} by",
    "how many {np:first} more than {np:second} [<exist>]",
    "how many {np:first} <exist> more than {np:second}",
)
def _things_more(first: Subject, second: Subject, byhowmuch: str = "") -> Quantity | None:
    return Difference(Count(first), Count(second)) if first.counted and second.counted else None


@rule(
    "question",
    "how <does> {np:first} [area] (compare|relate) to {np:second} [area] as ratio",
    "divide {np:first} area by {np:second} area",
    "divide area of {np:first} by (area|that) of {np:second}",
    "what <does> (you|we|one) get when (you|we|one) divide {np:first} [area] by {np:second} [area]",
    "how many times (larger|bigger) than {np:second} is {np:first}",
)
def _divided(first: Subject, second: Subject) -> Quantity | None:
    return Ratio(Area(first), Area(second)) if first.pick is None and second.pick is None else None


# --- for each thing


@rule(
    "question",
    "how many {areaunit} of {np} (come|go|fall) (to|on) {peritem:by}",
    "how many {areaunit} of {np} (come|go|fall) (to|on) {number} {bare:by}",
    "how many {areaunit} of {np} <does> (each|every) {bare:by} have",
    "(for|per) (each|every) {bare:by} how much {np} [<exist>]",
)
def _to_each(np: Subject, by: Subject, areaunit: Unit | None = None, number: Any = None) -> Quantity | None:
    if np.pick is not None or np.counted or set(np.topics) & set(by.topics) or areaunit == PIXEL:
        return None
    if number is not None and number.value != 1:
        return None
    if by.pick is not None or by.plural or by.where or not (by.kind == "thing" or by.regions):
        return None
    return PerItem(Area(np, unit=areaunit), by)


# --- lists and compositions


@rule(
    "question",
    "(what|which) are {several} and how (large|big) (are they|is each [of them])",
    "{several} and how (large|big) (they are|are they|is each [of them])",
    "(what|which) are {several} (with|and) [<possessive>] <ownmeasures>",
    "{np} with (<possessive>|each) <ownmeasures>",
)
def _each_with_size(several: Subject | None = None, np: Subject | None = None) -> Meaning | None:
    if several is None:
        if np is None or not np.counted or (np.pick is not None and np.pick.count < 2):
            return None
        several = np
    return Listing(several)


@rule(
    "question",
    "how (is|<does>) image (break down|divide|divided|split|split up|made up|composed) [up] (by|into|among|between) "
    "(<coverclass>|<coverclasses>)",
    "how much of (each|every) <coverclass> [<exist>]",
    "(what|which) <coverclasses> <exist> and how much of each [<exist>]",
)
def _breaks_down() -> Meaning:
    return Composition()


# --- which of two, with the verb before or behind


@rule("oftwo", "of these", "of them", "of those", "of {number}", "of these {number}", "of those {number}")
def _of_two(number: Measure | None = None) -> str:
    return "of them"


@rule(
    "question",
    "is it {options} (that|which) {choice}",
    "(which|what) {oftwo} {choice} {options}",
    "(of|between) {options} (which|what) {oftwo} {choice}",
    "{options} (which|what) {oftwo} {choice}",
)
def _which_of_two(
    options: tuple[Subject, ...] = (), choice: tuple[bool] = (True,), oftwo: str = ""
) -> Meaning | None:
    if not options or any(option.pick is not None or len(option.topics) > 1 for option in options):
        return None
    return Which(options, choice[0], "area")


# --- so many on a square kilometre


@rule("question", "how many {np} (come|fall|go|stand|lie) (to|on|in) {areaunit:per}")
@rule("question", "how many {np} <does> [one] {areaunit:per} (hold|have|contain|carry) [on average]")
@rule("q", "{np} <density> in {np:again} {per}", "<density> of {np} in {np:again} {per}")
def _so_dense(np: Subject, per: Unit, again: Subject | None = None) -> Quantity | None:
    if again is not None and again.topics != np.topics:
        return None  # "building density in the forest per hectare"
    np = again or np
    return Density(np, per) if np.counted and np.pick is None and per != PIXEL else None


# --- which comes second


for _word, _rank in RANKS.items():
    rule(
        "question",
        f"(what|which) <coverclass> (comes|ranks|is|stands) [in] {_word} [place] [by area|in area|by size]",
        f"(what|which) <coverclass> is in {_word} place",
    )(lambda _rank=_rank: Which((), True, "area", _rank))
