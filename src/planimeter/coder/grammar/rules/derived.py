"""Grammar of densities, ratios and differences."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Comparison,
    Count,
    Density,
    Difference,
    Meaning,
    Quantity,
    Ratio,
    Subject,
)
from planimeter.vocabulary.units import HECTARE, PIXEL, Unit


@rule(
    "per",
    "per {areaunit}",
    "(for|in|on) (each|every) {areaunit}",
    "per each {areaunit}",
    "per square {areaunit}",
)
def _per(areaunit: Unit) -> Unit | None:
    return None if areaunit == PIXEL else areaunit


@rule(
    "q",
    "<density> of {np} [{per}]",
    "{np} <density> [{per}]",
    "<count> {np} {per}",
    "{np} {per}",
    "<mean> <density> of {np} [{per}]",
    "<mean> <count> {np} {per}",
    "<density> of {np} {per} of image",
    "<count> {np} {per} of image",
    "{np} <density> {per} of image",
)
def _density(np: Subject, per: Unit = HECTARE) -> Quantity | None:
    return None if np.pick is not None else Density(np, per)


@rule(
    "q",
    "<count> {np} {per} of {base:over}",
    "{np} {per} of {base:over}",
    "<density> of {np} {per} of {base:over}",
)
def _density_over(np: Subject, per: Unit, over: Subject) -> Quantity | None:
    return None if np.pick is not None else Density(np, per, over)


@rule(
    "question",
    "how many {np} <exist> {per}",
    "how many {np} {per} <exist>",
    "how many {np} {per}",
    "how densely {np} {per}",
    "how many {np} {per} of image [<exist>]",
    "how many {np} <exist> {per} of image",
    "how many {np} {per} <does> image <have>",
)
def _how_dense(np: Subject, per: Unit) -> Quantity | None:
    return _density(np, per)


@rule(
    "question", "how many {np} <exist> {per} of {base:over}", "how many {np} {per} of {base:over} [<exist>]"
)
def _how_dense_over(np: Subject, per: Unit, over: Subject) -> Quantity | None:
    return _density_over(np, per, over)


def _plain(np: Subject, other: Subject) -> tuple[Quantity, Quantity] | None:
    """What two noun phrases are compared by: things with things by number, covers by area."""
    if np.counted != other.counted:
        return None
    if np.counted:
        return Count(np), Count(other)
    return Area(np), Area(other)


@rule(
    "q",
    "ratio (of|between) {q:first} (to|and|over) {q:second}",
    "ratio (of|between) {q:first} versus {q:second}",
)
def _ratio(first: Quantity, second: Quantity) -> Quantity:
    return Ratio(first, second)


@rule(
    "q",
    "ratio (of|between) {np:first} (to|and|over) {np:second}",
    "{np:first} to {np:second} ratio",
    "ratio {np:first} to {np:second}",
    "{np:first} to {np:second} area ratio",
)
def _ratio_plain(first: Subject, second: Subject) -> Quantity | None:
    pair = _plain(first, second)
    return None if pair is None else Ratio(*pair)


@rule(
    "q",
    "(area ratio|ratio of areas|ratio in area|ratio of area) (of|between) {np:first} (to|and) {np:second}",
    "ratio of {np:first} area to {np:second} [area]",
    "ratio of areas of {np:first} (to|and) {np:second}",
)
def _area_ratio(first: Subject, second: Subject) -> Quantity:
    return Ratio(Area(first), Area(second))


@rule(
    "question",
    "how many times (larger|bigger|more extensive|greater) is {np:first} than {np:second}",
    "how many times as (large|big|much|extensive) is {np:first} as {np:second}",
    "how many times (larger|bigger|greater) is [<total>] area of {np:first} than [that of|area of] {np:second}",
    "how many times more {np:first} is there than {np:second}",
    "how many times as much {np:first} as {np:second} is there",
    "how many times as much {np:first} is there as {np:second}",
    "by what factor (is|does) {np:first} (larger than|bigger than|exceed) {np:second}",
    "how many times (larger|bigger) are {np:first} than {np:second}",
)
def _times(first: Subject, second: Subject) -> Quantity | None:
    if first.pick is not None or second.pick is not None:
        if (first.pick and first.pick.count > 1) or (second.pick and second.pick.count > 1):
            return None
        return Ratio(Area(first), Area(second))
    return Ratio(Area(first), Area(second))


@rule("question", "how many times more {np:first} are there than {np:second}")
def _times_count(first: Subject, second: Subject) -> Quantity | None:
    return Ratio(Count(first), Count(second)) if first.counted and second.counted else None


@rule("q", "<difference> between {q:first} and {q:second}")
def _difference_q(first: Quantity, second: Quantity) -> Quantity:
    return Difference(first, second, absolute=True)


@rule(
    "q",
    "<difference> between {np:first} and {np:second}",
    "difference between areas of {np:first} and {np:second}",
    "difference between <areaname> of {np:first} and {np:second}",
    "difference between {np:first} and {np:second} area",
)
def _difference(first: Subject, second: Subject) -> Quantity | None:
    return Difference(Area(first), Area(second), absolute=True)


@rule(
    "q",
    "<countdifference> between {np:first} and {np:second}",
    "difference between (number|numbers) of {np:first} and {np:second}",
    "<countdifference> of {np:first} and {np:second}",
)
def _count_difference(first: Subject, second: Subject) -> Quantity:
    return Difference(Count(first), Count(second), absolute=True)


@rule(
    "question",
    "how much more {np:first} [<exist>] than {np:second} [<exist>]",
    "how much (larger|bigger) is {np:first} than {np:second}",
    "how much more <land> <does> {np:first} <cover> than {np:second} [<does>]",
    "by how much <does> {np:first} (exceed|exceeds) {np:second}",
    "how much (larger|bigger) is [<total>] <areaname> of {np:first} than (that of|<areaname> of) {np:second}",
    "how much more <land> is {np:first} than {np:second}",
    "by how much is {np:first} larger than {np:second}",
)
def _how_much_more(first: Subject, second: Subject) -> Quantity:
    return Difference(Area(first), Area(second))


@rule(
    "question",
    "how many more {areaunit} of {np:first} <exist> than [of] {np:second}",
    "how many more {areaunit} <does> {np:first} <cover> than {np:second}",
    "how many more {areaunit} of {np:first} than [of] {np:second} <exist>",
)
def _units_more(first: Subject, second: Subject, areaunit: Unit) -> Quantity:
    return Difference(Area(first, unit=areaunit), Area(second, unit=areaunit))


@rule(
    "question",
    "how many more {np:first} <exist> than {np:second} [<exist>]",
    "how many more {np:first} than {np:second} [<exist>]",
)
def _how_many_more(first: Subject, second: Subject) -> Quantity | None:
    return Difference(Count(first), Count(second)) if first.counted and second.counted else None


def _by_place(base: Subject, first: Conditions, second: Conditions) -> tuple[Quantity, Quantity] | None:
    """The numbers of one kind of thing under two conditions."""
    if not base.counted or base.pick is not None:
        return None
    one, other = (replace(base, where=(*base.where, *where)) for where in (first, second))
    return Count(one), Count(other)


@rule(
    "question",
    "how many more {bare:base} [<exist>] {conditions:first} than [<exist>] {conditions:second}",
    "how many more {bare:base} {conditions:first} <exist> than {conditions:second}",
)
def _how_many_more_there(base: Subject, first: Conditions, second: Conditions) -> Quantity | None:
    pair = _by_place(base, first, second)
    return None if pair is None else Difference(*pair)


@rule(
    "question", "how many fewer {bare:base} [<exist>] {conditions:first} than [<exist>] {conditions:second}"
)
def _how_many_fewer_there(base: Subject, first: Conditions, second: Conditions) -> Quantity | None:
    pair = _by_place(base, first, second)
    return None if pair is None else Difference(pair[1], pair[0])


@rule(
    "question",
    "are there {moresign} {bare:base} {conditions:first} than {conditions:second}",
    "[<ask>] <whether> there are {moresign} {bare:base} {conditions:first} than {conditions:second}",
    "are {moresign} {bare:base} {conditions:first} than {conditions:second}",
)
def _more_there(base: Subject, first: Conditions, second: Conditions, moresign: str) -> Meaning | None:
    pair = _by_place(base, first, second)
    return None if pair is None else Comparison(*pair, moresign)


@rule(
    "question",
    "how much less {np:first} [<exist>] than {np:second} [<exist>]",
    "how much smaller is {np:first} than {np:second}",
)
def _how_much_less(first: Subject, second: Subject) -> Quantity:
    return Difference(Area(second), Area(first))


@rule(
    "question",
    "how many fewer {np:first} <exist> than {np:second} [<exist>]",
    "how many fewer {np:first} than {np:second} [<exist>]",
)
def _how_many_fewer(first: Subject, second: Subject) -> Quantity | None:
    return Difference(Count(second), Count(first)) if first.counted and second.counted else None
