"""Grammar of yes/no questions that hold two quantities against each other."""

from __future__ import annotations

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.areas import measured
from planimeter.meaning.records import (
    Area,
    Bounds,
    Comparison,
    Count,
    Meaning,
    Quantity,
    Ratio,
    Subject,
    Threshold,
)


@rule("sign", "<larger> than", "<over>", "ahead of")
def _greater() -> str:
    return ">"


@rule("sign", "<smaller> than", "<under>")
def _lesser() -> str:
    return "<"


@rule(
    "sign",
    "at least as (large|big|much|extensive|high|great) as",
    "<atleast>",
    "no smaller than",
    "not smaller than",
)
def _greater_or_equal() -> str:
    return ">="


@rule("sign", "at most as (large|big|much|extensive) as", "<atmost>", "no larger than", "not larger than")
def _lesser_or_equal() -> str:
    return "<="


@rule(
    "moresign",
    "more [<land>]",
    "[larger|bigger|greater] (area|extent|share|land area|surface|surface area|part|portion) of image",
    "(larger|bigger|greater|wider) (area|extent|surface|share|portion|part|land area|total area)",
    "more of image",
    "higher percentage of image",
    "larger percentage of image",
    "higher share of image",
    "larger share of image",
    "more extensive area",
    "greater share of image",
)
def _more() -> str:
    return ">"


@rule(
    "moresign",
    "less [<land>]",
    "(smaller|lesser) (area|extent|surface|share|portion|part)",
    "less of image",
    "fewer",
    "lower percentage of image",
    "smaller percentage of image",
    "smaller share of image",
)
def _less() -> str:
    return "<"


@rule(
    "question",
    "is there {moresign} {np:first} [<exist>] than {np:second} [<exist>]",
    "[<ask>] <whether> there is {moresign} {np:first} than {np:second}",
    "<does> {np:first} [<together>] <cover> {moresign} than {np:second} [<does>] [<together>]",
    "[<ask>] <whether> {np:first} <cover> {moresign} than {np:second}",
    "<is> {moresign} [<land>] [of image] (<covered>|<coveredpassive>) {np:first} than [<coveredpassive>] {np:second}",
    "is there {moresign} {np:first} than there is {np:second}",
    "is {moresign} of image {np:first} than {np:second}",
    "<does> {np:first} <have> {moresign} than {np:second}",
    "<does> {np:first} take up {moresign} than {np:second}",
    "is there {moresign} land <coveredpassive> {np:first} than <coveredpassive> {np:second}",
    "is {moresign} <land> <coveredpassive> {np:first} than by {np:second}",
    "is {moresign} of image <coveredpassive> {np:first} than by {np:second}",
)
def _more_than(first: Subject, second: Subject, moresign: str) -> Meaning:
    return Comparison(measured(first), measured(second), moresign)


@rule(
    "question",
    "<does> image <have> {moresign} {np:first} than {np:second}",
    "{moresign} {np:first} than {np:second}",
)
def _has_more(first: Subject, second: Subject, moresign: str) -> Meaning | None:
    """ "More houses than lakes" is said of their numbers, "more forest than water" of the ground."""
    return _more_things(first, second, moresign)


@rule(
    "question",
    "are there {moresign} {np:first} [<exist>] than {np:second} [<exist>]",
    "[<ask>] <whether> there are {moresign} {np:first} than {np:second}",
    "do {np:first} outnumber {np:second}",
    "are there {moresign} {np:first} than there are {np:second}",
    "are {np:first} {moresign} numerous than {np:second}",
    "(is|are) {np:first} (ahead of|in excess of) {np:second} in (number|numbers)",
)
def _more_things(first: Subject, second: Subject, moresign: str = ">") -> Meaning | None:
    if first.counted and second.counted:
        return Comparison(Count(first), Count(second), moresign)
    return None if first.counted != second.counted else Comparison(Area(first), Area(second), moresign)


@rule(
    "question",
    "<is> {np:first} {sign} {np:second}",
    "[<ask>] <whether> {np:first} <is> {sign} {np:second}",
    "<does> {np:first} (exceed|exceeds|outweigh|dominate over|surpass) {np:second} [in (area|size|extent)]",
    "<is> {np:first} {sign} {np:second} in (area|size|extent|total area)",
    "<is> {np:first} {sign} that of {np:second}",
    "<is> [<total>] <areaname> of {np:first} {sign} (that of|<areaname> of|<total> <areaname> of) {np:second}",
    "<is> <sizename> of {np:first} {sign} (that of|<sizename> of) {np:second}",
    "<is> {np:first} [<areaname>] {sign} {np:second} [<areaname>]",
    "<does> <areaname> of {np:first} (exceed|exceeds|surpass) (that of|<areaname> of) {np:second}",
    "<is> {np:first} area {sign} {np:second} area",
    "<is> {np:first} in total {sign} {np:second}",
    "<is> [<total>] {np:first} area {sign} [<total>] {np:second} area",
    "<is> {np:first} 's [<total>] (<areaname>|<sizename>) {sign} {np:second} ['s] [<areaname>|<sizename>]",
    "<is> {np:first} 's [<total>] (<areaname>|<sizename>) {sign} that of {np:second}",
)
def _larger_than(first: Subject, second: Subject, sign: str = ">") -> Meaning | None:
    if first.counted and second.counted and first.pick is None and second.pick is None:
        return None  # "are lakes larger than ponds": in total, or each
    return Comparison(measured(first), measured(second), sign)


@rule("question", "<is> {np:first} (outweighed|exceeded|surpassed|outstripped) by {np:second}")
def _less_than(first: Subject, second: Subject) -> Meaning | None:
    return _larger_than(first, second, "<")


@rule(
    "question",
    "<is> number of {np:first} {sign} (that of|number of) {np:second}",
    "<does> number of {np:first} exceed (that of|number of) {np:second}",
)
def _number_than(first: Subject, second: Subject, sign: str = ">") -> Meaning:
    return Comparison(Count(first), Count(second), sign)


@rule(
    "question",
    "<is> {q:first} {sign} {q:second}",
    "<does> {q:first} (exceed|exceeds) {q:second}",
    "[<ask>] <whether> {q:first} <is> {sign} {q:second}",
)
def _quantity_than(first: Quantity, second: Quantity, sign: str = ">") -> Meaning | None:
    return Comparison(first, second, sign) if type(first) is type(second) else None


@rule("multiple_of", "more than twice as much", "more than double")
def _over_twice() -> tuple[str, float]:
    return ">", 2.0


@rule("multiple_of", "[at least] twice as much", "at least double")
def _twice() -> tuple[str, float]:
    return ">=", 2.0


@rule("multiple_of", "{bounds} times as much")
@rule("timesmany", "{bounds} times as many")
def _times(bounds: Bounds) -> tuple[str, float] | None:
    if bounds.dimension != "count" or (bounds.low is None) == (bounds.high is None):
        return None
    if bounds.low is not None:
        return (">=" if bounds.low_closed else ">"), bounds.low.value
    assert bounds.high is not None
    return ("<=" if bounds.high_closed else "<"), bounds.high.value


@rule("multiple_of", "at least as much")
def _as_much() -> tuple[str, float]:
    return ">=", 1.0


@rule(
    "question",
    "is there {multiple_of} {np:first} as {np:second}",
    "<does> image <have> {multiple_of} {np:first} as {np:second}",
    "[<ask>] <whether> there is {multiple_of} {np:first} as {np:second}",
    "<does> {np:first} <cover> {multiple_of} [<land>] [of image] as {np:second}",
)
def _multiple_than(first: Subject, second: Subject, multiple_of: tuple[str, float]) -> Meaning:
    return Comparison(measured(first), measured(second), *multiple_of)


@rule("question", "<is> ratio of {np:first} to {np:second} {cbounds:bounds}")
def _ratio_than(first: Subject, second: Subject, bounds: Bounds) -> Meaning:
    return Threshold(Ratio(Area(first), Area(second)), bounds)
