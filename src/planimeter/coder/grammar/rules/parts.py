"""Grammar of all but the largest, parts of one quantity in another, statistics held against each other, and sums."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.areas import measured
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Besides,
    Comparison,
    Count,
    Difference,
    Inside,
    Meaning,
    Pick,
    Portion,
    Quantity,
    Ratio,
    Share,
    SizeOf,
    Subject,
    Sum,
    Which,
)
from planimeter.vocabulary.topics import COMPOSED
from planimeter.vocabulary.units import Measure

# --- all but the largest ------------------------------------------------------------------------------------------


def _besides(largest: bool, number: Measure | None) -> Besides | None:
    if number is None:
        return Besides(largest)
    whole = number.value >= 1 and number.value.is_integer()
    return Besides(largest, int(number.value)) if whole else None


@rule("oneof", "of (them|those|these)", "<shape>", "<shapes>", "ones", "one", "{number}")
def _one_of(number: Measure | None = None) -> str | None:
    """What stands for the noun behind "the largest"; "one" has become a number."""
    return "one" if number is None or number.value == 1 else None


@rule("ownextreme", "[{number}] [single] <largest> [{oneof}]")
def _own_largest(number: Measure | None = None, oneof: Any = None) -> Besides | None:
    return _besides(True, number)


@rule("ownextreme", "[{number}] [single] <smallest> [{oneof}]")
def _own_smallest(number: Measure | None = None, oneof: Any = None) -> Besides | None:
    return _besides(False, number)


@rule("picked", "<largest> of [all] {bare}")
def _largest_of(bare: Subject) -> Subject | None:
    return replace(bare, pick=Pick(True)) if bare.pick is None and bare.plural else None


@rule("picked", "<smallest> of [all] {bare}")
def _smallest_of(bare: Subject) -> Subject | None:
    return replace(bare, pick=Pick(False)) if bare.pick is None and bare.plural else None


def _rest(base: Subject, conditions: Conditions, left_out: Besides | None) -> Subject | None:
    apart = base.counted or base.regions or base.kind in ("thing", "mass", "stuff")
    if left_out is None or base.pick is not None or not apart:
        return None
    return replace(base, where=(*base.where, *conditions, left_out))


@rule(
    "np",
    "{bare:base} <besides> {ownextreme}",
    "{bare:base} {modifiers:conditions} <besides> {ownextreme}",
    "all [of] {bare:base} (but|<besides>) {ownextreme}",
    "every {bare:base} (but|<besides>) {ownextreme}",
)
def _other_than_largest(base: Subject, ownextreme: Besides, conditions: Conditions = ()) -> Subject | None:
    return _rest(base, conditions, ownextreme)


@rule(
    "np",
    "{bare:base} <besides> {picked}",
    "{bare:base} {modifiers:conditions} <besides> {picked}",
    "all [of] {bare:base} (but|<besides>) {picked}",
    "(all|everything|anything) (but|<besides>) {picked}",
)
def _other_than_picked(
    picked: Subject, base: Subject | None = None, conditions: Conditions = ()
) -> Subject | None:
    """ "Forest besides the largest forest patch", "all but the two largest lakes": of one kind."""
    pick = picked.pick
    if pick is None or pick.first != 1 or pick.only or picked.then or picked.where:
        return None
    if base is not None and base.topics != picked.topics:
        return None
    of = replace(picked, pick=None, plural=True) if base is None else base
    return _rest(of, conditions, Besides(pick.largest, pick.count))


@rule("clause", "<exclude> {ownextreme}", "<exclude> {picked}")
def _leaving_out(ownextreme: Besides | None = None, picked: Subject | None = None) -> Any:
    if ownextreme is not None:
        return ((ownextreme,), ())
    pick = None if picked is None else picked.pick
    if picked is None or pick is None or pick.first != 1 or pick.only or picked.where or picked.then:
        return None
    return ((Besides(pick.largest, pick.count),), picked.topics)


# --- a part of a whole --------------------------------------------------------------------------------------------


def _part_of(part: Subject, whole: Subject, area: bool = False) -> Quantity | None:
    """The percentage that one area makes up of another: of the same topic, or of one that is composed of it."""
    if whole.pick is not None or whole.where or part.then:
        return None
    if part.topics == whole.topics:
        if part.pick is not None:
            return Portion(SizeOf(part, "max") if part.pick.count == 1 else Area(part), Area(whole))
        if part.counted and whole.counted and not area and part.where:
            return Share(replace(whole, where=()), part.where, of_image=False, by_count=True)
        sizes = bool(part.where) and all(of_size(value) for value in part.where)
        return Share(replace(whole, where=()), part.where, of_image=False) if sizes else None
    composed = {kind for topic in whole.topics for kind in COMPOSED.get(topic, ())} | set(whole.topics)
    if set(part.topics) <= composed and part.pick is None:
        return Portion(Area(part), Area(whole))
    return None


@rule(
    "shareq",
    "{sharename} of [all|<total>] {bare:whole} [<areaname>] <covered> {np:part}",
    "{sharename} of [all|<total>] {bare:whole} [<areaname>] (that is|which is|that are|which are) {np:part}",
    "{np:part} (as|in) {sharename} of [all|<total>] {bare:whole} [<areaname>]",
    "{sharename} of {np:part} (in|to|among|within) (all|<total>) {bare:whole}",
)
def _portion(sharename: Any, whole: Subject, part: Subject, lead: Any = None) -> Quantity | None:
    return _part_of(part, whole)


@rule(
    "shareq",
    "{sharename} of [all|<total>] <areaname> of {bare:whole} <covered> {np:part}",
    "{sharename} of [all|<total>] {bare:whole} <areaname> {lead} (on|in|within|part of|belongs to|from) {np:part}",
    "{sharename} of [all|<total>] <areaname> of {bare:whole} {lead} (on|in|within|part of|belongs to|from) {np:part}",
    "{np:part} [<areaname>] (as|in) {sharename} of [all|<total>] {bare:whole} <areaname>",
    "<areaname> of {np:part} (as|in) {sharename} of [all|<total>] [<areaname> of] {bare:whole}",
    "{sharename} of {np:part} (in|of|among) [all|<total>] {bare:whole} <areaname>",
    "{sharename} of [all|<total>] {bare:whole} <areaname> <covered> {np:part}",
)
def _portion_of_area(sharename: Any, whole: Subject, part: Subject, lead: Any = None) -> Quantity | None:
    return _part_of(part, whole, area=True)


@rule(
    "shareq",
    "{sharename} of [all|<total>] {bare:whole} [<areaname>] <covered> [<possessive>] {ownextreme}",
    "{sharename} of [all|<total>] {bare:whole} [<areaname>] {lead} (in|within|part of) [<possessive>] {ownextreme}",
)
@rule(
    "question",
    "<much> of [all|<total>] {bare:whole} [<areaname>] {lead} (in|within|part of) [<possessive>] {ownextreme}",
)
def _portion_of_own(
    whole: Subject, ownextreme: Besides, sharename: Any = None, lead: Any = None
) -> Quantity | None:
    part = replace(whole, pick=Pick(ownextreme.largest, 1, ownextreme.count), regions=True)
    return _part_of(part, whole)


@rule("question", "<much> of [all|<total>] {bare:whole} [<areaname>] (is|are) {bare:part}")
def _much_of_is(whole: Subject, part: Subject) -> Quantity | None:
    """ "How much of the vegetation is forest": an area, or with "in percent" a share of the whole."""
    same = part.topics == whole.topics or part.pick is not None
    return None if same or _part_of(part, whole) is None else Area(whole, (Inside(part),))


# --- statistics of one kind of thing, held against each other -----------------------------------------------------

for _name, _class in {
    "mean": "<mean>", "median": "<median>", "max": "(<largest>|max)", "min": "(<smallest>|min)",
}.items():  # fmt: skip
    rule("stat", _class)(lambda _name=_name: _name)


def _single(np: Subject) -> bool:
    return np.pick is None and not np.then and (np.kind == "thing" or np.regions)


@rule(
    "statof",
    "{stat} {bare:np} [<sizename>]",
    "{stat} <sizename> of {bare:np}",
    "<sizename> of {stat} {bare:np}",
)
def _stat_of(stat: str, np: Subject) -> Quantity | None:
    return SizeOf(np, stat) if _single(np) else None


@rule("againstat", "{stat} [{oneof}|<sizename>]", "{statof:stat}")
def _stat_again(stat: Any, oneof: Any = None) -> Any:
    return stat


@rule(
    "statpair",
    "{stat:one} and {statof:two}",
    "{stat:one} to {statof:two}",
    "{stat:one} and {stat:two} <sizename> of {bare:np}",
)
def _stat_pair(one: str, two: Any, np: Subject | None = None) -> tuple[Quantity, Quantity] | None:
    if np is not None:
        return (SizeOf(np, one), SizeOf(np, two)) if _single(np) and one != two else None
    return None if two.statistic == one else (SizeOf(two.of, one), two)


@rule("statpair", "{statof:one} (and|minus|to) {againstat:two}")
def _stat_pair_behind(one: SizeOf, two: Any) -> tuple[Quantity, Quantity] | None:
    other = SizeOf(one.of, two) if isinstance(two, str) else two
    return None if other == one or other.of.topics != one.of.topics else (one, other)


@rule("q", "<difference> [in <sizename>] between {statpair}", "<difference> of {statpair}")
def _stat_difference(statpair: tuple[Quantity, Quantity]) -> Quantity:
    return Difference(*statpair, absolute=True)


@rule(
    "top",
    "[<ask>] {statof:one} minus {againstat:two}",
    "[<ask>] {stat:one} minus {statof:two}",
    "[<ask>] {stat:one} minus {stat:two} <sizename> of {bare:np}",
    "[<ask>] {stat:one} minus {stat:two} {bare:np} <sizename>",
)
def _stat_minus(one: Any, two: Any, np: Subject | None = None) -> Quantity | None:
    if np is not None:
        one, two = SizeOf(np, one), SizeOf(np, two)
    elif isinstance(one, str):
        one = SizeOf(two.of, one)
    elif isinstance(two, str):
        two = SizeOf(one.of, two)
    same = one.of.topics == two.of.topics and one != two and _single(one.of)
    return Difference(one, two) if same else None


@rule(
    "q",
    "(range|spread) of {bare:np} <sizename>",
    "(range|spread) of <sizename> of {bare:np}",
    "{bare:np} <sizename> range",
    "(range|spread) (in|of) {bare:np} <sizename> max minus min",
)
def _range(np: Subject) -> Quantity | None:
    return Difference(SizeOf(np, "max"), SizeOf(np, "min")) if _single(np) else None


@rule("q", "ratio (of|between) {statpair}", "{statpair} ratio", "ratio {statpair}")
def _stat_ratio(statpair: tuple[Quantity, Quantity]) -> Quantity:
    return Ratio(*statpair)


@rule("q", "{stat:one} to {stat:two} ratio of {bare:np} [<sizename>]")
def _stat_ratio_of(one: str, two: str, np: Subject) -> Quantity | None:
    return Ratio(SizeOf(np, one), SizeOf(np, two)) if _single(np) and one != two else None


@rule(
    "question",
    "how much (larger|bigger) is {statof:one} than {againstat:two}",
    "by how much <is> {statof:one} (larger|bigger) than {againstat:two}",
    "by how much <does> {statof:one} exceed {againstat:two}",
)
def _how_much_larger(one: SizeOf, two: Any) -> Quantity | None:
    pair = _stat_pair_behind(one, two)
    return None if pair is None else Difference(*pair)


@rule(
    "question",
    "how many times (larger|bigger|greater) is {statof:one} than {againstat:two}",
    "how many times as (large|big) is {statof:one} as {againstat:two}",
    "how many times size of {againstat:two} is {statof:one}",
    "{statof:one} is how many times size of {againstat:two}",
    "by what factor (is|does) {statof:one} (larger than|bigger than|exceed) {againstat:two}",
)
def _times_larger(one: SizeOf, two: Any) -> Quantity | None:
    pair = _stat_pair_behind(one, two)
    return None if pair is None else Ratio(*pair)


@rule(
    "question",
    "<is> {statof:one} {sign} {statof:two}",
    "<does> {statof:one} <cover> {moresign:sign} than {statof:two}",
)
def _stat_than(one: SizeOf, two: SizeOf, sign: str) -> Meaning | None:
    return None if one == two else Comparison(one, two, sign)


@rule(
    "question",
    "<is> {np:one} {sign} than {np:two} on average",
    "<is> {np:one} on average {sign} {np:two}",
    "<is> {np:one} {sign} {np:two} on average",
    "on average <is> {np:one} {sign} {np:two}",
    "<does> {np:one} on average <cover> {moresign:sign} than {np:two} [<does>]",
    "<does> {np:one} <cover> {moresign:sign} than {np:two} [<does>] on average",
)
def _average_than(one: Subject, two: Subject, sign: str) -> Meaning | None:
    single = _single(one) and _single(two) and one.topics != two.topics
    return Comparison(SizeOf(one, "mean"), SizeOf(two, "mean"), sign) if single else None


# --- sums ---------------------------------------------------------------------------------------------------------


def _added(first: Quantity, second: Quantity) -> Quantity | None:
    """Areas of whole covers join, so that ground they share counts once; other quantities are added."""
    if type(first) is not type(second):
        return None
    return Sum(first, second)


@rule(
    "q",
    "sum of {q:first} and {q:second}",
    "<total> of {q:first} and {q:second}",
    "sum of {q:first} plus {q:second}",
)
def _sum(first: Quantity, second: Quantity) -> Quantity | None:
    return _added(first, second)


@rule("top", "[<ask>] {q:first} plus {q:second}", "[<ask>] {q:first} plus {q:second} together")
def _plus(first: Quantity, second: Quantity) -> Quantity | None:
    return _added(first, second)


@rule(
    "q",
    "sum of [<areaname> of] {union}",
    "{union} (<areaname>|in total) <together>",
    "<areaname> sum of {union}",
)
def _sum_of_covers(union: Subject) -> Quantity | None:
    return None if union.counted else measured(union)


@rule(
    "q",
    "ratio (of|between) {union:first} [<areaname>] (to|and|over) {np:second} [<areaname>]",
    "ratio (of|between) {np:first} [<areaname>] to {union:second} [<areaname>]",
    "ratio (of|between) [<total>] <areaname> of {union:first} to (<areaname> of|that of) {np:second}",
)
def _ratio_of_sums(first: Subject, second: Subject) -> Quantity | None:
    if set(first.topics) & set(second.topics) or (first.counted and second.counted):
        return None
    return Ratio(Area(first), Area(second))


@rule("q", "<count> {np:first} {peritem:by}")
@rule("question", "how many {np:first} [<exist>] {peritem:by}")
def _number_each(first: Subject, by: Subject) -> Quantity | None:
    """ "How many buildings are there per lake?" """
    if not first.counted or first.pick is not None or set(first.topics) & set(by.topics):
        return None
    return Ratio(Count(first), Count(by))


# --- who has more pieces ------------------------------------------------------------------------------------------


@rule("piecesof", "[separate] (patches|pieces|regions|parts|polygons|fragments|bodies|components|shapes)")
def _pieces_of() -> str:
    return "pieces"


@rule(
    "question",
    "(which|what) [<coverclass>|one|of them|of these] (has|have|is in|consists of) (more|most|greatest number of|"
    "largest number of|higher number of|larger number of|greater number of|highest number of) {piecesof} {options}",
    "(which|what) of {options} (has|have|is in|consists of) (more|most) {piecesof}",
    "(which|what) (is|are) [most|more] numerous {options}",
    "<is> {options} more numerous",
)
def _more_pieces(options: tuple[Subject, ...], piecesof: str = "") -> Meaning | None:
    if any(option.pick is not None or option.where or len(option.topics) > 1 for option in options):
        return None
    if not piecesof and not all(option.counted for option in options):
        return None
    return Which(tuple(replace(o, plural=True, regions=True) for o in options), True, "count")


@rule(
    "question",
    "(what|which) <coverclass> (do we have|is there|do you see|do we see|do you have) <most> of",
    "what <cover> <most>",
)
@rule("top", "[<ask>] <dominant> <coverclass>")
def _dominant_cover() -> Meaning:
    return Which((), True, "area")


@rule(
    "question",
    "(what|which) <coverclass> (do we have|is there|do you see|do we see|do you have) <least> of",
    "what <cover> <least> [of image]",
)
@rule("top", "[<ask>] <rarest> <coverclass>")
def _rarest_cover() -> Meaning:
    return Which((), False, "area")
