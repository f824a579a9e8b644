"""Grammar of areas, in total and of single regions."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.rulebook import rule
from planimeter.coder.grammar.rules.subjects import Conditions, predicate
from planimeter.meaning.records import (
    Area,
    ImageArea,
    Quantity,
    SizeOf,
    Subject,
)
from planimeter.vocabulary.units import Unit


@rule(
    "q",
    "<areaname> of {np}",
    "[<total>] {np} (area|size|acreage|extent|surface|surface area)",
    "[<total>] <areaname> of {np}",
    "[<total>] <areaname> (<coveredpassive>|in|<together>) {np}",
    "{np} 's [<total>] <areaname>",
    "[<total>] <areaname> of {np} [<together>]",
    "[<total>] <areaname> that {np} <cover>",
    "[<total>] <areaname> {np} <cover>",
    "[<total>] <areaname> of all {np}",
)
def _area(np: Subject) -> Quantity | None:
    return measured(np)


def measured(np: Subject) -> Quantity:
    """The area of a phrase: of the one region it picks, or of all."""
    if np.pick is not None and np.pick.count == 1:
        return SizeOf(np, "max")
    return Area(np)


@rule(
    "question",
    "<much> of {np:base} {predicate:conditions}",
    "<much> of <areaname> of {np:base} {predicate:conditions}",
    "what <areaname> of {np:base} {predicate:conditions}",
    "<much> of {base} (area|surface) {predicate:conditions}",
    "<much> [area] of <possessive> [<total>] [<areaname>] {pronoun:base} {conditions}",
)
def _how_much_of(base: Subject, conditions: Conditions) -> Quantity:
    return Area(base, conditions)


@rule("question", "<much> {np:base} {predicate:conditions}")
def _how_much_where(base: Subject, conditions: Conditions) -> Quantity | None:
    return None if base.counted and base.pick is None else Area(base, conditions)


@rule(
    "question",
    "<much> <land> <does> {np} [<together>] <cover> [<together>]",
    "<much> <land> is <coveredpassive> {np}",
    "<much> <land> is {np}",
    "<much> [<land>] of {np} [<exist>]",
    "how large is [<total>] [<areaname> of] {np}",
    "how large are {np} <together>",
    "how big is [<total>] [<areaname> of] {np}",
    "how extensive is {np}",
    "how large is area <coveredpassive> {np}",
    "how big is area <coveredpassive> {np}",
    "<much> <land> {np} <cover>",
    "what area <does> {np} [<together>] <cover> [<together>]",
    "what area is <coveredpassive> {np}",
    "<much> <land> is (used|taken|occupied) (by|for|up by) {np}",
    "<much> <land> is [there] (of|with) {np}",
)
def _how_much(np: Subject) -> Quantity:
    return measured(np)


@rule(
    "question",
    "how (large|big|extensive) are {np}",
    "<much> {np} [<exist>]",
    "<much> {np} [<does> image <have>]",
    "<much> {np} is [there|visible|present]",
)
def _how_large_are(np: Subject) -> Quantity | None:
    """Not of things that can be counted: "how much houses are there" may well ask for their number."""
    return None if np.counted and np.pick is None else measured(np)


@rule(
    "question",
    "<much> [area] of <possessive> [<total>] [<areaname>] {elided:base} {conditions}",
    "<much> {elided:base} {conditions}",
    "<much> area {elided:base} {conditions}",
)
def _how_much_of_them(base: Subject, conditions: Conditions) -> Quantity:
    return Area(base, conditions)


@rule(
    "q", "[<total>] {base} (area|extent|surface|surface area|acreage|footprint|land) {modifiers:conditions}"
)
def _area_where(base: Subject, conditions: Conditions) -> Quantity | None:
    return None if base.pick is not None else Area(predicate(base, conditions))


@rule(
    "q",
    "<possessive> [<total>] <areaname> {elided:base} {conditions}",
    "[<total>] <areaname> {elided:base} {conditions}",
    "[<total>] <areaname> of {pronoun:base} {conditions}",
    "[<total>] <areaname> of (part|parts|portion|portions) [of {pronoun}] {elided:base} {conditions}",
    "(part|portion) of <possessive> <areaname> {elided:base} {conditions}",
)
def _area_of_part(base: Subject, conditions: Conditions, pronoun: Any = None) -> Quantity:
    return Area(base, conditions)


@rule(
    "q",
    "<possessive> [<total>] <areaname> {elided:base}",
    "<total> <areaname> {elided:base}",
    "[<total>] <areaname> of {pronoun:base}",
)
def _area_of_them(base: Subject) -> Quantity:
    return Area(base)


@rule(
    "question",
    "how many {areaunit} of {np} [<exist>]",
    "how many {areaunit} <does> {np} [<together>] <cover> [<together>]",
    "how many {areaunit} are <coveredpassive> {np}",
    "how many {areaunit} are [there of] {np}",
    "how many {areaunit} of {np} <does> image <have>",
    "how many {areaunit} {np} [<together>] <cover>",
    "how many {areaunit} of <land> (is|are) [<coveredpassive>] {np}",
    "how many {areaunit} of image (is|are) [<coveredpassive>] {np}",
    "how many {areaunit} of <land> <does> {np} [<together>] <cover> [<together>]",
    "how many {areaunit} is {np} [large|in size|in area]",
    "how many {areaunit} (is|are) {np}",
    "number of {areaunit} of {np}",
    "{areaunit} of {np}",
    "{areaunit} <coveredpassive> {np}",
    "number of {areaunit} <coveredpassive> {np}",
)
def _how_many_units(areaunit: Unit, np: Subject) -> Quantity | None:
    if np.pick is not None and np.pick.count == 1:
        return SizeOf(np, "max", areaunit)
    return Area(np, unit=areaunit)


@rule(
    "question",
    "how many {areaunit} of {np:base} {predicate:conditions}",
    "how many {areaunit} of {base} area {predicate:conditions}",
    "how many {areaunit} of <possessive> <areaname> {elided:base} {conditions}",
    "how many {areaunit} {elided:base} {conditions}",
)
def _units_of(areaunit: Unit, base: Subject, conditions: Conditions) -> Quantity:
    return Area(base, conditions, areaunit)


@rule(
    "q",
    "(area|total area|size|surface area|ground area|extent|land area|total surface area|area total) [of] image",
    "[total] land area",
    "total land area [of] image",
    "image (area|size|extent)",
    "area <coveredpassive> image",
    "area of ground <coveredpassive> image",
)
def _image_area() -> Quantity:
    return ImageArea()


@rule(
    "question",
    "how large is image",
    "how big is image",
    "how much (ground|land|area|terrain) <does> image <cover>",
    "what area <does> image <cover>",
    "how large is area <coveredpassive> image",
    "how much (ground|area|land) is in image",
    "how much (ground|land|land area) <exist>",
    "how large is ground area <coveredpassive> image",
    "how large is area <have> image",
)
def _how_large_image() -> Quantity:
    return ImageArea()


@rule(
    "question",
    "how many {areaunit} <does> image <cover>",
    "how many {areaunit} is image",
    "how many {areaunit} are in image",
    "how many {areaunit} of (ground|land) <does> image <cover>",
)
def _image_units(areaunit: Unit) -> Quantity:
    return ImageArea(areaunit)


@rule(
    "q",
    "<sizename> of {np}",
    "{np} 's <sizename>",
    "{np} <sizename>",
    "<sizename> (covered by|of one|occupied by) {np}",
)
def _extreme_size(np: Subject) -> Quantity | None:
    if np.pick is None or np.then:
        return None
    return SizeOf(np, "max") if np.pick.count == 1 else Area(np)


@rule(
    "question",
    "how (large|big|extensive) is {np}",
    "how much <land> <does> {np} <cover>",
    "how large is <areaname> of {np}",
    "what is <sizename> of {np}",
    "{np} how large is it",
    "how (large|big) is {np} in area",
)
def _how_large(np: Subject) -> Quantity | None:
    return _extreme_size(np)


_STATISTICS = {"mean": "<mean>", "median": "<median>", "max": "<largest>", "min": "<smallest>"}
for _name, _word in _STATISTICS.items():

    def _statistic(np: Subject, _name: str = _name) -> Quantity | None:
        return None if np.pick is not None else SizeOf(np, _name)

    rule(
        "q",
        f"{_word} <sizename> of {{np}}",
        f"{_word} <sizename> (per|for|among) {{np}}",
        f"{_word} {{np}} <sizename>",
        f"{_word} <sizename> of all {{np}}",
        f"{_word} <sizename> of single {{np}}",
    )(_statistic)
    if _name in ("mean", "median"):
        rule(
            "question",
            f"how (large|big) is {_word} {{np}}",
            f"how (large|big) is {_word} <sizename> of {{np}}",
            f"how much <land> <does> {_word} {{np}} <cover>",
            f"how many {{areaunit}} (is|<does>) {_word} {{np}} [<cover>]",
        )(lambda np, areaunit=None, _name=_name: None if np.pick else SizeOf(np, _name, areaunit))
        rule(
            "q", f"size of {_word} {{np}}", f"<sizename> of {_word} {{np}}", f"{_word} {{np}} 's <sizename>"
        )(_statistic)
        rule("q", f"{_word} <sizename> {{elided:np}}", f"<possessive> {_word} <sizename> {{elided:np}}")(
            _statistic
        )


@rule(
    "question",
    "how (large|big) (is|are) {np} on average",
    "on average how (large|big) (is|are) {np}",
    "how (large|big) on average (is|are) {np}",
    "how much <land> <does> {np} <cover> on average",
    "on average how much <land> <does> {np} <cover>",
    "on average what is <sizename> of {np}",
    "what <sizename> <does> {np} have on average",
    "how (large|big) (is|are) {np} in mean",
    "on average how much <land> <does> each {np} <cover>",
    "what <sizename> (is|are) {np} on average",
    "how much <land> <does> each {np} <cover> on average",
    "on average how (large|big) is each {np}",
    "how (large|big) is each {np} on average",
)
def _on_average(np: Subject) -> Quantity | None:
    return None if np.pick is not None else SizeOf(np, "mean")


@rule("q", "<sizename> of {np} on average", "<sizename> per {np} on average")
def _average_size(np: Subject) -> Quantity | None:
    return None if np.pick is not None else SizeOf(np, "mean")
