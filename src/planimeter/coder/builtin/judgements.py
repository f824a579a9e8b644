"""Grammar of yes/no questions and choices, and the top of the grammar."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from planimeter.coder.builtin.meaning import (
    All,
    Area,
    Bounds,
    Comparison,
    Count,
    Fragmentation,
    Meaning,
    Presence,
    Quantity,
    Ratio,
    Regions,
    Share,
    Size,
    SizeOf,
    Threshold,
    Which,
)
from planimeter.coder.builtin.phrases import rule
from planimeter.coder.builtin.quantities import Conditions, measured, predicate
from planimeter.coder.builtin.units import PERCENT, Measure, Unit

# --- presence -----------------------------------------------------------------------------------------------------


@rule("question", "<is> there [<any>] {np} [<present>]", "<does> image <have> [<any>] {np}", "<can> (i|you|we|one) (see|find|spot|identify|make out) [<any>] {np}",
      "<can> [<any>] {np} be (seen|found|identified|spotted)", "<any> {np} [<present>]", "<does> (you|we) (see|have) [<any>] {np}",
      "<is> [<any>] {np} <present>", "is there <any> {np}", "<does> [<any>] {np} (exist|occur|appear)",
      "[<ask>] <whether> there <is> [<any>] {np} [<present>]", "[<ask>] <whether> [<any>] {np} <is> <present>",
      "[<ask>] <whether> image <have> [<any>] {np}", "[<ask>] <whether> <any> {np} (exist|exists)", "check [for|<whether> there <is>] [<any>] {np}",
      "presence of [<any>] {np}", "<is> there [<any>] {np} to be (seen|found)", "there <is> [<any>] {np} right")  # fmt: skip
def _presence(np: Regions) -> Meaning | None:
    return None if np.pick is not None else Presence(np)


@rule("question", "<is> there (no|not any) {np} [<present>]", "[<ask>] <whether> there <is> (no|not any) {np}", "<is> image (free of|without|devoid of) [<any>] {np}",
      "<does> image (lack|have no|contain no|show no) {np}", "<is> {np} (absent|missing) [from image]")  # fmt: skip
def _absence(np: Regions) -> Meaning | None:
    return None if np.pick is not None else Presence(np, absent=True)


@rule("question", "<is> <any> [of] {base} {lead} {conditions}", "<does> <any> [of] {base} {lead} {conditions}", "[<ask>] <whether> <any> [of] {base} {lead} {conditions}",
      "<is> there {base} {lead} {conditions}", "<is> at least part of {base} {conditions}", "<does> at least part of {base} {lead} {conditions}")  # fmt: skip
def _some_placed(base: Regions, conditions: Conditions, lead: Any = None) -> Meaning | None:
    return Presence(predicate(base, conditions))


@rule("question", "<is> {base} {lead} {conditions}", "<does> {base} {lead} {conditions}", "[<ask>] <whether> {base} {lead} {conditions}")
def _placed(base: Regions, conditions: Conditions, lead: Any = None) -> Meaning | None:
    if base.pick is None:
        # "Are the houses within 50 m of water?" asks about all of them, or any: both are fair readings.
        if base.counted and base.definite:
            return None
        # "Is the forest larger than 2 ha?" asks about its total area, not whether one region is.
        if any(isinstance(value, Size) for value in conditions):
            return None
    return Presence(predicate(base, conditions))


@rule("question", "<is> any of {elided:base} {conditions}", "<is> any {elided:base} {conditions}", "<does> any of {pronoun:base} {lead} {conditions}",
      "<is> any of {pronoun:base} {conditions}")  # fmt: skip
def _placed_antecedent(base: Regions, conditions: Conditions, lead: Any = None) -> Meaning | None:
    return Presence(predicate(base, conditions))


@rule("question", "<is> <all> {base} {lead} {conditions}", "<does> <all> {base} {lead} {conditions}", "<is> {base} all {conditions}",
      "[<ask>] <whether> <all> {base} {lead} {conditions}", "<does> {base} all {lead} {conditions}")  # fmt: skip
def _all(base: Regions, conditions: Conditions, lead: Any = None) -> Meaning | None:
    if base.pick is not None or not (base.counted or base.kind == "thing" or base.regions):
        return None
    return All(base, conditions)


@rule("question", "<is> there <multiple> {np}", "<does> image <have> <multiple> {np}", "[<ask>] <whether> there <is> <multiple> {np}",
      "<can> (i|you|we|one) (see|find) <multiple> {np}", "<does> <multiple> {np} exist", "<is> <multiple> {np} <present>",
      "<is> there <multiple> of {np}", "<is> <multiple> {np} there")  # fmt: skip
def _multiple(np: Regions) -> Meaning | None:
    return None if np.pick is not None else Presence(np, least=2)


@rule("question", "<is> there only {number} {np}", "<is> there {number} {np} only", "<does> image <have> only {number} {np}")
def _only_so_many(np: Regions, number: Measure) -> Meaning | None:
    return Threshold(Count(np), Bounds(low=number, low_closed=True), equal=True) if np.pick is None else None


# --- thresholds ---------------------------------------------------------------------------------------------------


def _threshold(of: Quantity, bounds: Bounds) -> Meaning | None:
    return Threshold(of, bounds) if _fits(of, bounds) else None


def _fits(of: Quantity, bounds: Bounds) -> bool:
    wanted = {
        "Count": ("count",), "Area": ("area", "pixel"), "SizeOf": ("area", "pixel"), "Share": ("percent",),
        "Distance": ("length",), "Perimeter": ("length",), "Power": ("power",), "ImageArea": ("area",),
        "Ratio": ("count", "percent"), "Density": ("count",),
    }  # fmt: skip
    if type(of).__name__ == "Difference":
        return _fits(of.first, bounds)  # type: ignore[union-attr]
    return bounds.dimension in wanted[type(of).__name__]


def _split(bounds: Bounds) -> Bounds:
    return bounds


@rule("question", "<is> there {cbounds:bounds} {np}", "<does> image <have> {cbounds:bounds} {np}", "[<ask>] <whether> there <is> {cbounds:bounds} {np}",
      "<can> (i|you|we|one) (see|find) {cbounds:bounds} {np}", "<does> {cbounds:bounds} {np} exist",
      "<does> {np} number {cbounds:bounds}")  # fmt: skip
def _count_threshold(np: Regions, bounds: Bounds) -> Meaning | None:
    return Threshold(Count(np), bounds)


@rule("question", "(is|are|do|does) {cbounds:bounds} {base} {lead} {conditions}", "(is|are|do|does) {cbounds:bounds} of {base} {lead} {conditions}")
def _count_threshold_placed(base: Regions, bounds: Bounds, lead: Any, conditions: Conditions) -> Meaning | None:
    return Threshold(Count(predicate(base, conditions)), bounds)


@rule("cbounds", "{bounds}")
def _count_bounds(bounds: Bounds) -> Bounds | None:
    return bounds if bounds.dimension == "count" else None


@rule("abounds", "{bounds}")
def _area_bounds(bounds: Bounds) -> Bounds | None:
    return bounds if bounds.dimension in ("area", "pixel") else None


@rule("pbounds", "{bounds}")
def _percent_bounds(bounds: Bounds) -> Bounds | None:
    return bounds if bounds.dimension == "percent" else None


@rule("question", "<is> there exactly {number} {np}", "<is> there {number} {np}", "<does> image <have> [exactly] {number} {np}", "[<ask>] <whether> there <is> [exactly] {number} {np}")
def _equal(np: Regions, number: Measure) -> Meaning | None:
    return Threshold(Count(np), Bounds(low=number, low_closed=True), equal=True)


@rule("question", "<is> there {abounds:bounds} of {np}", "<does> image <have> {abounds:bounds} of {np}", "<does> {np} [<together>] <cover> {abounds:bounds} [of <land>]",
      "[<ask>] <whether> there <is> {abounds:bounds} of {np}", "<is> {abounds:bounds} of <land> [<coveredpassive>] {np}", "<is> {abounds:bounds} <coveredpassive> {np}",
      "[<ask>] <whether> {np} [<together>] <cover> {abounds:bounds}", "<is> there {abounds:bounds} <coveredpassive> {np}", "<is> {abounds:bounds} <covered> {np}",
      "<does> {np} [<together>] <cover> area of {abounds:bounds}", "<does> {np} <cover> [total] {bounds}")  # fmt: skip
def _area_threshold(np: Regions, bounds: Bounds) -> Meaning | None:
    if bounds.dimension not in ("area", "pixel"):
        return None
    if np.pick is not None:
        return Threshold(SizeOf(np, "max"), bounds) if np.pick.count == 1 else None
    return Threshold(Area(np), bounds)


@rule("question", "<is> {abounds:bounds} of {base} {lead} {conditions}", "<does> {abounds:bounds} of {base} {lead} {conditions}")
def _area_threshold_placed(base: Regions, bounds: Bounds, lead: Any, conditions: Conditions) -> Meaning | None:
    return Threshold(Area(base, conditions), bounds)


@rule("most", "most of", "majority of", "most")
def _most() -> Bounds:
    return Bounds(low=Measure(50, PERCENT))


@rule("parts", "{pbounds} [of]", "{most}")
def _parts(pbounds: Bounds | None = None, most: Bounds | None = None) -> Bounds | None:
    return pbounds or most


@rule("question", "<is> {parts} {whole} <covered> {np}", "<is> {parts} {whole} [<coveredpassive>] {np}", "<does> {np} [<together>] <cover> {parts} {whole}",
      "[<ask>] <whether> {parts} {whole} <covered> {np}", "[<ask>] <whether> {np} [<together>] <cover> {parts} {whole}", "<is> {np} {pbounds:parts} of {whole}",
      "<does> image <have> {pbounds:parts} {np}", "<is> there {pbounds:parts} {np}", "<does> {parts} {whole} (consist of|belong to) {np}",
      "<is> image {pbounds:parts} {np}")  # fmt: skip
def _share_threshold(np: Regions, parts: Bounds, whole: Any = None) -> Meaning:
    return Threshold(Share(np), parts)


@rule("question", "<is> {parts} {base} {lead} {conditions}", "<does> {parts} {base} {lead} {conditions}", "[<ask>] <whether> {parts} {base} {lead} {conditions}",
      "<is> {parts} {np:base} {lead} {conditions}")  # fmt: skip
def _part_threshold(base: Regions, parts: Bounds, conditions: Conditions, lead: Any) -> Meaning:
    return Threshold(Share(base, conditions, of_image=False, by_count=base.counted), parts)


@rule("question", "<is> {q} {bounds}", "<does> {q} (exceed|exceeds) {measure}", "[<ask>] <whether> {q} <is> {bounds}", "<does> {q} {bounds}", "[<ask>] <whether> {q} {bounds}",
      "<is> {q} equal to {bounds}", "<does> {q} (amount to|reach|come to|add up to) {bounds}")  # fmt: skip
def _quantity_threshold(q: Quantity, bounds: Bounds | None = None, measure: Measure | None = None) -> Meaning | None:
    if measure is not None:
        bounds = Bounds(low=measure)
    assert bounds is not None
    return _threshold(q, bounds)


@rule("question", "<is> average {np} {abounds:bounds}", "<is> mean {np} {abounds:bounds}", "<is> {np} on average {abounds:bounds}", "<is> {np} {abounds:bounds} on average")
def _average_threshold(np: Regions, bounds: Bounds) -> Meaning | None:
    return None if np.pick is not None else Threshold(SizeOf(np, "mean"), bounds)


@rule("question", "<is> {picked} {abounds:bounds}", "<is> {picked} {abounds:bounds} in (size|area)", "<does> {picked} <cover> {abounds:bounds}",
      "<is> {np:picked} {abounds:bounds}", "<does> {np:picked} <cover> {abounds:bounds}")  # fmt: skip
def _extreme_threshold(picked: Regions, bounds: Bounds) -> Meaning | None:
    if picked.pick is None or picked.pick.count != 1:
        return None
    return Threshold(SizeOf(picked, "max"), bounds)


# --- comparisons --------------------------------------------------------------------------------------------------


@rule("sign", "<larger> than", "<over>")
def _greater() -> str:
    return ">"


@rule("sign", "<smaller> than", "<under>")
def _lesser() -> str:
    return "<"


@rule("sign", "at least as (large|big|much|extensive|high|great) as", "<atleast>", "no smaller than", "not smaller than")
def _greater_or_equal() -> str:
    return ">="


@rule("sign", "at most as (large|big|much|extensive) as", "<atmost>", "no larger than", "not larger than")
def _lesser_or_equal() -> str:
    return "<="


@rule("moresign", "more [<land>]", "[larger|bigger|greater] (area|extent|share|land area|surface|surface area|part|portion) of image", "(larger|bigger|greater|wider) (area|extent|surface|share|portion|part|land area|total area)",
      "more of image", "higher percentage of image", "larger percentage of image", "higher share of image", "larger share of image", "more extensive area", "greater share of image")  # fmt: skip
def _more() -> str:
    return ">"


@rule("moresign", "less [<land>]", "(smaller|lesser) (area|extent|surface|share|portion|part)", "less of image", "fewer", "lower percentage of image", "smaller percentage of image", "smaller share of image")
def _less() -> str:
    return "<"


@rule("question", "is there {moresign} {np:first} [<exist>] than {np:second} [<exist>]", "<does> image <have> {moresign} {np:first} than {np:second}", "[<ask>] <whether> there is {moresign} {np:first} than {np:second}",
      "<does> {np:first} [<together>] <cover> {moresign} than {np:second} [<does>] [<together>]", "[<ask>] <whether> {np:first} <cover> {moresign} than {np:second}",
      "<is> {moresign} [<land>] [of image] (<covered>|<coveredpassive>) {np:first} than [<coveredpassive>] {np:second}",
      "is there {moresign} {np:first} than there is {np:second}", "{moresign} {np:first} than {np:second}", "is {moresign} of image {np:first} than {np:second}",
      "<does> {np:first} <have> {moresign} than {np:second}", "<does> {np:first} take up {moresign} than {np:second}",
      "is there {moresign} land <coveredpassive> {np:first} than <coveredpassive> {np:second}", "is {moresign} <land> <coveredpassive> {np:first} than by {np:second}",
      "is {moresign} of image <coveredpassive> {np:first} than by {np:second}", "<does> image <have> {moresign} {np:first} than {np:second}")  # fmt: skip
def _more_than(first: Regions, second: Regions, moresign: str) -> Meaning:
    return Comparison(measured(first), measured(second), moresign)


@rule("question", "are there {moresign} {np:first} [<exist>] than {np:second} [<exist>]", "[<ask>] <whether> there are {moresign} {np:first} than {np:second}",
      "do {np:first} outnumber {np:second}", "are there {moresign} {np:first} than there are {np:second}")  # fmt: skip
def _more_things(first: Regions, second: Regions, moresign: str = ">") -> Meaning | None:
    if first.counted and second.counted:
        return Comparison(Count(first), Count(second), moresign)
    return None if first.counted != second.counted else Comparison(Area(first), Area(second), moresign)


@rule("question", "<is> {np:first} {sign} {np:second}", "[<ask>] <whether> {np:first} <is> {sign} {np:second}", "<does> {np:first} (exceed|exceeds|outweigh|dominate over|surpass) {np:second} [in (area|size|extent)]",
      "<is> {np:first} {sign} {np:second} in (area|size|extent|total area)", "<is> {np:first} {sign} that of {np:second}", "<is> [<total>] <areaname> of {np:first} {sign} (that of|<areaname> of|<total> <areaname> of) {np:second}",
      "<is> <sizename> of {np:first} {sign} (that of|<sizename> of) {np:second}", "<is> {np:first} [<areaname>] {sign} {np:second} [<areaname>]",
      "<does> <areaname> of {np:first} (exceed|exceeds|surpass) (that of|<areaname> of) {np:second}", "<is> {np:first} area {sign} {np:second} area",
      "<is> {np:first} in total {sign} {np:second}", "<is> [<total>] {np:first} area {sign} [<total>] {np:second} area")  # fmt: skip
def _larger_than(first: Regions, second: Regions, sign: str = ">") -> Meaning | None:
    if first.counted and second.counted and first.pick is None and second.pick is None:
        return None  # "are lakes larger than ponds": in total, or each
    return Comparison(measured(first), measured(second), sign)


@rule("question", "<is> number of {np:first} {sign} (that of|number of) {np:second}", "<does> number of {np:first} exceed (that of|number of) {np:second}")
def _number_than(first: Regions, second: Regions, sign: str = ">") -> Meaning:
    return Comparison(Count(first), Count(second), sign)


@rule("question", "<is> {q:first} {sign} {q:second}", "<does> {q:first} (exceed|exceeds) {q:second}", "[<ask>] <whether> {q:first} <is> {sign} {q:second}")
def _quantity_than(first: Quantity, second: Quantity, sign: str = ">") -> Meaning | None:
    return Comparison(first, second, sign) if type(first) is type(second) else None


@rule("multiple_of", "more than twice as much", "more than double")
def _over_twice() -> tuple[str, float]:
    return ">", 2.0


@rule("multiple_of", "[at least] twice as much", "at least double")
def _twice() -> tuple[str, float]:
    return ">=", 2.0


@rule("multiple_of", "{bounds} times as much")
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


@rule("question", "is there {multiple_of} {np:first} as {np:second}", "<does> image <have> {multiple_of} {np:first} as {np:second}", "[<ask>] <whether> there is {multiple_of} {np:first} as {np:second}",
      "<does> {np:first} <cover> {multiple_of} [<land>] [of image] as {np:second}")  # fmt: skip
def _multiple_than(first: Regions, second: Regions, multiple_of: tuple[str, float]) -> Meaning:
    return Comparison(measured(first), measured(second), *multiple_of)


@rule("question", "<is> ratio of {np:first} to {np:second} {cbounds:bounds}")
def _ratio_than(first: Regions, second: Regions, bounds: Bounds) -> Meaning:
    return Threshold(Ratio(Area(first), Area(second)), bounds)


# --- choices ------------------------------------------------------------------------------------------------------


@rule("options", "{np:first} or {np:second}", "{np:first} and {np:second}")
def _two(first: Regions, second: Regions) -> tuple[Regions, ...] | None:
    return (first, second)


@rule("options", "{np:first} {np:second} or {np:third}", "{np:first} {np:second} and {np:third}", "{np:first} or {np:second} or {np:third}")
def _three(first: Regions, second: Regions, third: Regions) -> tuple[Regions, ...]:
    return (first, second, third)


@rule("options", "{np:first} {np:second} {np:third} or {np:fourth}", "{np:first} {np:second} {np:third} and {np:fourth}")
def _four(first: Regions, second: Regions, third: Regions, fourth: Regions) -> tuple[Regions, ...]:
    return (first, second, third, fourth)


@rule("choice", "(<larger>|<most>|<largest>|<dominant>) [in total] [of image] [in area]", "<cover> <most> [of image]", "<cover> more [of image]", "has <most>", "have <most>",
      "<is> (<larger>|<largest>|<dominant>)", "<is> (more|most) (extensive|common|widespread|abundant|dominant)", "(dominates|prevails)", "has (larger|largest|bigger|biggest|greater|greatest) [total] (area|extent|share)",
      "there is (more|most) of", "is there (more|most) of", "<cover> (larger|largest|bigger|biggest|greater|greatest) [total] (area|extent|part|share|portion) [of image]")  # fmt: skip
def _choice_most() -> tuple[bool]:
    return (True,)


@rule("choice", "(<smaller>|<least>|<smallest>|<rarest>) [in total] [of image]", "<cover> <least> [of image]", "has <least>", "<is> (<smaller>|<smallest>|<rarest>)", "there is (less|least) of", "is there (less|least) of",
      "<is> (less|least) (extensive|common|widespread|abundant|dominant)", "<cover> (smaller|smallest) (area|extent|part|share|portion) [of image]", "has (smaller|smallest) [total] (area|extent|share)")  # fmt: skip
def _choice_least() -> tuple[bool]:
    return (False,)


@rule("question", "(which|what) [one|<coverclass>|of these|of two] {choice} {options}", "(which|what) (of|among) {options} {choice}", "(which|what) [one] {choice} (between|of|among|out of) {options}", "{options} (which|what) [one|of them|of two|of these] {choice}",
      "<is> {options} {choice}", "(of|between|among) {options} (which|what) [one] {choice}", "(which|what) {choice} [area] {options}", "[<ask>] <whether> {options} {choice}",
      "<does> {options} {choice}")  # fmt: skip
def _which(options: tuple[Regions, ...], choice: tuple[bool]) -> Meaning | None:
    return _choose(options, choice[0], "area")


def _choose(options: tuple[Regions, ...], most: bool, by: str) -> Meaning | None:
    if any(option.pick is not None or len(option.topics) > 1 for option in options):
        return None
    return Which(options, most, by)


@rule("question", "is there more {np:first} or [more] {np:second}", "<does> image <have> more {np:first} or [more] {np:second}", "what is there more of {np:first} or {np:second}")
def _more_of_which(first: Regions, second: Regions) -> Meaning | None:
    return _choose((first, second), True, "area")


@rule("question", "are there more {np:first} or [more] {np:second}", "what are there more of {np:first} or {np:second}", "(which|what) (is|are) more numerous {np:first} or {np:second}")
def _more_numerous(first: Regions, second: Regions) -> Meaning | None:
    return _choose((first, second), True, "count") if first.counted and second.counted else None


@rule("question", "(which|what) <coverclass> <cover> <most> [of image]", "(which|what) [is] <dominant> <coverclass>", "(which|what) <coverclass> <is> <dominant>", "(which|what) <coverclass> (dominates|prevails) [image]",
      "(which|what) <coverclass> has <most>", "what <cover> <most> [of image]", "(which|what) <coverclass> is most (common|extensive|widespread|abundant)", "what is image mostly <coveredpassive>")  # fmt: skip
def _dominant() -> Meaning:
    return Which((), True, "area")


@rule("question", "(which|what) <coverclass> <cover> <least> [of image]", "(which|what) [is] <rarest> <coverclass>", "(which|what) <coverclass> <is> <rarest>", "(which|what) <coverclass> has <least>")
def _scarcest() -> Meaning:
    return Which((), False, "area")


# --- fragmentation ------------------------------------------------------------------------------------------------


@rule("fragments", "[<meaningfrag>] {cbounds} [<apart>] <shapes> [{conditions}] [each]", "[<meaningfrag>] {cbounds} [<apart>] {np} [{conditions}]", "[<meaningfrag>] {cbounds} <apart> [<shapes>] [{conditions}]")
def _fragments(cbounds: Bounds, conditions: Conditions = (), np: Regions | None = None) -> tuple[Bounds, Conditions, str]:
    if np is not None:
        return cbounds, (*np.where, *conditions), np.topics[0]
    return cbounds, conditions, ""


@rule("whole_piece", "<connected>", "{number} <connectedblock>")
def _whole_piece(number: Measure | None = None) -> str | None:
    return "connected" if number is None or number.value == 1 else None


@rule("fragquestion", "<is> {base} {whole_piece} or <fragmented>", "<is> {base} <fragmented> or {whole_piece}", "{base} {whole_piece} or <fragmented>", "(would|do) you (call|consider) {base} [to be] ({whole_piece} or <fragmented>|<fragmented> or {whole_piece})",
      "[<ask>] <whether> {base} <is> {whole_piece} or <fragmented>", "<does> {base} form {whole_piece} or <is> it <fragmented>", "{whole_piece} or <fragmented> is {base}",
      "<is> {base} {whole_piece} or is it <fragmented>", "(describe|classify) {base} as {whole_piece} or <fragmented>", "{base} <fragmented> or {whole_piece}", "<is> {base} <fragmented> or is it {whole_piece}",
      "fragmentation of {base} {whole_piece} or <fragmented>")  # fmt: skip
def _frag(base: Regions, whole_piece: str = "") -> tuple[Regions, str]:
    return base, ""


@rule("fragquestion", "<is> {base} <fragmented>", "[<ask>] <whether> {base} <is> <fragmented>", "(would|do) you (call|consider) {base} <fragmented>")
def _is_fragmented(base: Regions) -> tuple[Regions, str]:
    return base, "fragmented"


@rule("fragquestion", "<is> {base} {whole_piece}", "[<ask>] <whether> {base} <is> {whole_piece}", "(would|do) you (call|consider) {base} {whole_piece}")
def _is_connected(base: Regions, whole_piece: str) -> tuple[Regions, str]:
    return base, "connected"


@rule("question", "{fragquestion}", "{fragquestion} {fragments}", "{fragments} {fragquestion}")
def _fragmentation(fragquestion: tuple[Regions, str], fragments: tuple[Bounds, Conditions, str] | None = None) -> Meaning | None:
    base, yes_means = fragquestion
    if base.pick is not None:
        return None
    if fragments is None:
        return Fragmentation(base, None, yes_means)
    bounds, conditions, topic = fragments
    if topic and (topic,) != base.topics or bounds.low is None or bounds.high is not None:
        return None
    return Fragmentation(replace(base, where=(*base.where, *conditions)), bounds, yes_means)


@rule("question", "<does> {base} (consist of|break into|split into|fall into|form) {cbounds} [<apart>] <shapes> [{conditions}]", "<is> {base} (split|divided|broken|broken up|split up) into {cbounds} [<apart>] <shapes> [{conditions}]")
def _consists_of(base: Regions, cbounds: Bounds, conditions: Conditions = ()) -> Meaning | None:
    if base.pick is not None:
        return None
    return Threshold(Count(replace(base, where=(*base.where, *conditions))), cbounds)


# --- the top ------------------------------------------------------------------------------------------------------


@rule("top", "{question}", "<ask> {question}", "<ask> <ask> {question}")
def _question(question: Meaning) -> Meaning:
    return question


@rule("top", "<ask> {q}", "<ask> <ask> {q}", "{q}", "<ask> [of] {q}", "what {q}")
def _quantity(q: Quantity) -> Quantity:
    return q


@rule("top", "{q} in {percentunit} of {whole}", "<ask> {q} (in|as) [{percentunit}|<sharename>] of {whole}", "{question:q} (in|as) [{percentunit}|<sharename>] of {whole}", "<ask> {shareq:q}")
def _as_share(q: Meaning, percentunit: Unit | None = None, whole: Any = None) -> Meaning | None:
    if isinstance(q, Area):
        return Share(replace(q.of, where=(*q.of.where, *q.part)))
    if isinstance(q, SizeOf) and q.of.pick is not None:
        return Share(q.of)
    return q if isinstance(q, Share) and q.of_image else None


@rule("top", "{np}")
def _telegram(np: Regions) -> Meaning | None:
    """Telegram style: "Buildings within 100 m of water?" counts things, "water > 1 ha" measures a cover."""
    if np.pick is not None or not np.where:
        return None
    if any(topic.startswith("?") for topic in np.topics):
        return None
    return Count(np) if np.counted else Area(np)


@rule("prelude", "<find> {np}", "<ask> {np}", "(i|we) am interested in {np}")
def _prelude(np: Regions) -> Regions:
    return np
