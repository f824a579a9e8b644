"""Grammar of quantities: noun phrases and questions whose answer is a number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from planimeter.coder.builtin.grammar import Parser, Values
from planimeter.coder.builtin.meaning import (
    Area,
    Condition,
    Count,
    Density,
    Difference,
    Distance,
    ImageArea,
    Perimeter,
    Power,
    Quantity,
    Ratio,
    Regions,
    Share,
    SizeOf,
)
from planimeter.coder.builtin.phrases import primitive, rule
from planimeter.coder.builtin.units import HECTARE, PIXEL, Measure, Unit

Conditions = tuple[Condition, ...]


def predicate(base: Regions, conditions: Conditions) -> Regions:
    """The regions of a phrase for which a statement about them holds ("the largest lake is …")."""
    if base.pick is not None:
        return replace(base, then=(*base.then, *conditions))
    return replace(base, where=(*base.where, *conditions))


@primitive("elided")
def _elided(parser: Parser, position: int) -> Values:
    """Nothing at all, standing for what was found before ("Find lakes over 1 ha, then give the area within …")."""
    return [] if parser.antecedent is None else [(parser.antecedent, position)]


# --- counts -------------------------------------------------------------------------------------------------------


@rule("q", "<count> {np}", "<count> {np} in image", "{np} count", "<count> all {np}")
def _count(np: Regions) -> Quantity:
    return Count(np)


@rule("q", "<count> [of] {base} <any> {conditions}", "<count> of {base} {conditions}", "<count> {elided:base} {conditions}",
      "<count> of {base}", "<count> {base} <exist> {conditions}")  # fmt: skip
def _count_predicate(base: Regions, conditions: Conditions = ()) -> Quantity:
    return Count(predicate(base, conditions))


@rule(
    "question",
    "how many {np} <exist>",
    "how many {np} [<does> image <have>]",
    "how many {np} are in image",
    "how many {np} <can> (i|you|we|one) (count|see|find|identify|spot|make out)",
    "how many {np} are [<apart>|all]",
    "count {np}",
    "count [up] all {np}",
    "exactly how many {np} [<exist>]",
)
def _how_many(np: Regions) -> Quantity:
    return Count(np)


@rule("question", "how many [of] {base} <exist> {conditions}", "how many of {base} {conditions}",
      "how many {elided:base} {conditions}", "how many of {base} <exist>", "how many {elided:base} <exist>",
      "count {elided:base} {conditions}", "how many {base} <does> image <have> {conditions}")  # fmt: skip
def _how_many_are(base: Regions, conditions: Conditions = ()) -> Quantity:
    return Count(predicate(base, conditions))


# --- areas --------------------------------------------------------------------------------------------------------


@rule("q", "<areaname> of {np}", "[<total>] {np} (area|size|acreage|extent|surface|surface area)", "[<total>] <areaname> of {np}",
      "[<total>] <areaname> (<coveredpassive>|in|<together>) {np}", "{np} 's [<total>] <areaname>",
      "[<total>] [<areaname>] of {np} [<together>]",
      "<total> {np}", "[<total>] <areaname> that {np} <cover>", "[<total>] <areaname> {np} <cover>",
      "[<total>] <areaname> of all {np}")  # fmt: skip
def _area(np: Regions) -> Quantity | None:
    return measured(np)


def measured(np: Regions) -> Quantity:
    """The area of a phrase: of the one region it picks, or of all."""
    if np.pick is not None and np.pick.count == 1:
        return SizeOf(np, "max")
    return Area(np)


@rule("question", "<much> of {base} {lead} {conditions}", "<much> {base} {lead} {conditions}",
      "<much> of <areaname> of {base} {lead} {conditions}", "<much> of {base} (area|surface) {lead} {conditions}",
      "<much> [area] of <possessive> [<total>] [<areaname>] {pronoun:base} {lead} {conditions}")  # fmt: skip
def _how_much_of(base: Regions, lead: Any, conditions: Conditions) -> Quantity:
    return Area(base, conditions)


@rule("question", "<much> {np} [<exist>]", "<much> {np} [<does> image <have>]", "<much> <land> <does> {np} [<together>] <cover> [<together>]",
      "<much> <land> is <coveredpassive> {np}", "<much> <land> is {np}", "<much> [<land>] of {np} [<exist>]",
      "how large is [<total>] [<areaname> of] {np}", "how large are {np} [<together>|in total]",
      "how big is [<total>] [<areaname> of] {np}", "<much> {np} is [there|visible|present]", "how extensive is {np}",
      "how large is area <coveredpassive> {np}", "how big is area <coveredpassive> {np}",
      "<much> <land> {np} <cover>", "what area <does> {np} [<together>] <cover> [<together>]", "what area is <coveredpassive> {np}",
      "<much> <land> is (used|taken|occupied) (by|for|up by) {np}", "<much> <land> is [there] (of|with) {np}")  # fmt: skip
def _how_much(np: Regions) -> Quantity | None:
    if np.pick is not None:
        return SizeOf(np, "max") if np.pick.count == 1 else Area(np)
    return Area(np)


@rule("question", "how (large|big|extensive) are {np}")
def _how_large_are(np: Regions) -> Quantity | None:
    return None if np.counted and np.pick is None else Area(np)


@rule("question", "<much> [area] of <possessive> [<total>] [<areaname>] {elided:base} {lead} {conditions}",
      "<much> {elided:base} {lead} {conditions}", "<much> area {elided:base} {lead} {conditions}")  # fmt: skip
def _how_much_of_them(base: Regions, lead: Any, conditions: Conditions) -> Quantity:
    return Area(base, conditions)


@rule("q", "<possessive> [<total>] <areaname> {elided:base} {lead} {conditions}",
      "[<total>] <areaname> {elided:base} {lead} {conditions}",
      "[<total>] <areaname> of {pronoun:base} {lead} {conditions}",
      "[<total>] <areaname> of (part|parts|portion|portions) [of {pronoun}] {elided:base} {lead} {conditions}",
      "(part|portion) of <possessive> <areaname> {elided:base} {lead} {conditions}")  # fmt: skip
def _area_of_part(base: Regions, lead: Any, conditions: Conditions, pronoun: Any = None) -> Quantity:
    return Area(base, conditions)


@rule("q", "<possessive> [<total>] <areaname> {elided:base}", "<total> <areaname> {elided:base}",
      "[<total>] <areaname> of {pronoun:base}")  # fmt: skip
def _area_of_them(base: Regions) -> Quantity:
    return Area(base)


@rule("question", "how many {areaunit} of {np} [<exist>]", "how many {areaunit} <does> {np} [<together>] <cover> [<together>]",
      "how many {areaunit} are <coveredpassive> {np}", "how many {areaunit} are [there of] {np}",
      "how many {areaunit} of {np} <does> image <have>", "how many {areaunit} {np} [<together>] <cover>",
      "how many {areaunit} of <land> (is|are) [<coveredpassive>] {np}",
      "how many {areaunit} of image (is|are) [<coveredpassive>] {np}",
      "how many {areaunit} of <land> <does> {np} [<together>] <cover> [<together>]",
      "how many {areaunit} is {np} [large|in size|in area]", "how many {areaunit} (is|are) {np}",
      "number of {areaunit} of {np}", "{areaunit} of {np}", "{areaunit} <coveredpassive> {np}",
      "number of {areaunit} <coveredpassive> {np}")  # fmt: skip
def _how_many_units(areaunit: Unit, np: Regions) -> Quantity | None:
    if np.pick is not None and np.pick.count == 1:
        return SizeOf(np, "max", areaunit)
    return Area(np, unit=areaunit)


@rule("question", "how many {areaunit} of {base} {lead} {conditions}", "how many {areaunit} of {base} area {lead} {conditions}",
      "how many {areaunit} of <possessive> <areaname> {elided:base} {lead} {conditions}",
      "how many {areaunit} {elided:base} {lead} {conditions}")  # fmt: skip
def _units_of(areaunit: Unit, base: Regions, lead: Any, conditions: Conditions) -> Quantity:
    return Area(base, conditions, areaunit)


@rule("q", "(area|total area|size|surface area|ground area|extent|land area|total surface area|area total) [of] image", "image (area|size|extent)",
      "area <coveredpassive> image", "area of ground <coveredpassive> image")  # fmt: skip
def _image_area() -> Quantity:
    return ImageArea()


@rule("question", "how large is image", "how big is image", "how much (ground|land|area|terrain) <does> image <cover>",
      "what area <does> image <cover>", "how large is area <coveredpassive> image", "how much (ground|area|land) is in image",
      "how large is ground area <coveredpassive> image", "how large is area <have> image")  # fmt: skip
def _how_large_image() -> Quantity:
    return ImageArea()


@rule("question", "how many {areaunit} <does> image <cover>", "how many {areaunit} is image", "how many {areaunit} are in image",
      "how many {areaunit} of (ground|land) <does> image <cover>")  # fmt: skip
def _image_units(areaunit: Unit) -> Quantity:
    return ImageArea(areaunit)


# --- sizes of single regions --------------------------------------------------------------------------------------


@rule("q", "<sizename> of {np}", "{np} 's <sizename>", "{np} <sizename>", "<sizename> (covered by|of one|occupied by) {np}")
def _extreme_size(np: Regions) -> Quantity | None:
    if np.pick is None or np.then:
        return None
    return SizeOf(np, "max") if np.pick.count == 1 else Area(np)


@rule("question", "how (large|big|extensive) is {np}", "how much <land> <does> {np} <cover>", "how large is <areaname> of {np}",
      "what is <sizename> of {np}", "{np} how large is it", "how (large|big) is {np} in area")  # fmt: skip
def _how_large(np: Regions) -> Quantity | None:
    return _extreme_size(np)


_STATISTICS = {"mean": "<mean>", "median": "<median>", "max": "<largest>", "min": "<smallest>"}
for _name, _word in _STATISTICS.items():

    def _statistic(np: Regions, _name: str = _name) -> Quantity | None:
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
        rule("q", f"size of {_word} {{np}}", f"<sizename> of {_word} {{np}}", f"{_word} {{np}} 's <sizename>")(_statistic)
        rule("q", f"{_word} <sizename> {{elided:np}}", f"<possessive> {_word} <sizename> {{elided:np}}")(_statistic)


@rule("question", "how (large|big) (is|are) {np} on average", "on average how (large|big) (is|are) {np}",
      "how (large|big) on average (is|are) {np}", "how much <land> <does> {np} <cover> on average",
      "on average how much <land> <does> {np} <cover>", "on average what is <sizename> of {np}",
      "what <sizename> <does> {np} have on average", "how (large|big) (is|are) {np} in mean",
      "on average how much <land> <does> each {np} <cover>", "what <sizename> (is|are) {np} on average",
      "how much <land> <does> each {np} <cover> on average", "on average how (large|big) is each {np}",
      "how (large|big) is each {np} on average")  # fmt: skip
def _on_average(np: Regions) -> Quantity | None:
    return None if np.pick is not None else SizeOf(np, "mean")


@rule("q", "<sizename> of {np} on average", "<sizename> per {np} on average")
def _average_size(np: Regions) -> Quantity | None:
    return None if np.pick is not None else SizeOf(np, "mean")


# --- shares -------------------------------------------------------------------------------------------------------


@rule("sharename", "<sharename>", "{percentunit}", "<sharename> in {percentunit}")
def _share_name(percentunit: Unit | None = None) -> str:
    return "share"


@rule("whole", "image", "area in image", "total area", "land in image", "area", "surface", "ground area in image", "image area",
      "total image area", "area of image", "total surface")  # fmt: skip
def _whole() -> str:
    return "image"


@rule("isnot", "is not <coveredpassive>", "is not [made up of]", "are not <coveredpassive>", "<does> not belong to", "<does> not consist of")
def _is_not() -> str:
    return "not"


@rule("shareq", "{sharename} of {whole} <covered> {np}", "{sharename} of {whole} {lead} <covered> {np}",
      "{sharename} of {whole} <does> {np} [<together>] <cover> [<together>]", "{sharename} of {whole} {np} [<together>] <cover>",
      "{sharename} <covered> {np}", "{sharename} {np}", "{np} {sharename}", "{sharename} of {np} in image",
      "{sharename} of {whole} (that is|which is) {np}", "{sharename} of {whole} in {np}", "{sharename} of {whole} {np}",
      "{np} <cover> {sharename} of {whole}", "<areaname> of {np} as {sharename} of {whole}",
      "{np} as {sharename} of {whole}", "{sharename} of {whole} that {np} <cover>", "{np} 's {sharename} of {whole}",
      "{np} {sharename} of {whole}", "{sharename} of {whole} (taken|occupied|made up|covered) [up] by {np}",
      "{np} <ground> as {sharename} of {whole}", "{sharename} of {np} coverage", "{np} coverage [{sharename}]",
      "{sharename} of {np} cover")  # fmt: skip
def _share(np: Regions, sharename: Any = None, whole: Any = None, lead: Any = None) -> Quantity:
    return Share(np)


@rule("shareq", "{sharename} of {np}")
def _share_of(np: Regions, sharename: Any) -> Quantity | None:
    # "the percentage of forest within 50 m of water": of which whole is open when conditions follow.
    if np.where or np.pick is not None or np.definite or np.counted:
        return None
    return Share(np)


@rule("shareq", "{sharename} of {whole} {isnot} {np}")
def _share_not(np: Regions, sharename: Any, whole: Any, isnot: Any) -> Quantity:
    return Share(np, complement=True)


@rule("shareq", "{sharename} of {base} <shareverb> {conditions}", "{sharename} of {base} {lead} {conditions}",
      "{sharename} of all {base} {lead} {conditions}", "{sharename} of total {base} {lead} {conditions}",
      "{sharename} of <possessive> <areaname> {elided:base} {lead} {conditions}",
      "{sharename} of <areaname> of {base} {lead} {conditions}", "{sharename} {elided:base} {lead} {conditions}",
      "{sharename} of {base} <areaname> {lead} {conditions}", "{sharename} of {np:base} <shareverb> {conditions}")  # fmt: skip
def _share_part(base: Regions, conditions: Conditions, sharename: Any, lead: Any = None) -> Quantity:
    return Share(base, conditions, of_image=False, by_count=base.counted)


@rule("partin", "(in|within|part of|belongs to|in form of) <shapes> {size}", "(in|within|part of) {size} <shapes>",
      "<covered> <shapes> {size}")  # fmt: skip
def _part_in(size: Condition) -> Conditions:
    return (size,)


@rule("shareq", "{sharename} of {base} {lead} {partin}", "{sharename} of {base} <areaname> {lead} {partin}")
def _share_part_in(base: Regions, partin: Conditions, sharename: Any, lead: Any) -> Quantity | None:
    return None if base.pick is not None else Share(base, partin, of_image=False)


@rule("q", "{shareq}")
def _share_q(shareq: Quantity) -> Quantity:
    return shareq


@rule("question", "what {shareq}", "what is {shareq}", "which {shareq}", "<much> of {whole} <covered> {np}",
      "<much> of {whole} <does> {np} [<together>] <cover> [<together>]", "how {shareq}",
      "{np} <cover> what {sharename} of {whole}", "what {sharename} of {whole} <does> {np} <cover>", "{np} <covered> what {sharename} of {whole}",
      "{np} what {sharename} of {whole}", "how many {sharename} of {whole} <covered> {np}", "how much of {whole} {isnot} {np}")  # fmt: skip
def _what_share(shareq: Quantity | None = None, np: Regions | None = None, whole: Any = None, sharename: Any = None,
                isnot: Any = None) -> Quantity | None:  # fmt: skip
    if shareq is not None:
        return shareq
    return None if np is None else Share(np, complement=isnot is not None)


# --- distances and outlines ---------------------------------------------------------------------------------------


@rule("endpoint", "{np}", "<nearest> {np}", "any {np}", "each {np}", "every {np}", "all {np}")
def _endpoint(np: Regions) -> Regions:
    return np


def _distance_rules() -> None:
    words = {"min": "<shortest>", "mean": "<mean>", "median": "<median>", "max": "<longest>"}
    for name, word in words.items():
        rule(
            "q",
            f"{word} distance (from|between|of) {{endpoint:first}} (to|and|from) {{endpoint:second}}",
            f"{word} distance to {{endpoint:second}} (from|of|for) {{endpoint:first}}",
            f"{word} distance of {{endpoint:first}} (to|from) {{endpoint:second}}",
            f"{word} distance [<radius>] [{{elided:first}}] to {{endpoint:second}}",
            f"<possessive> {word} distance {{elided:first}} (to|from) {{endpoint:second}}",
            f"{word} {{endpoint:first}} to {{endpoint:second}} distance",
        )(
            lambda first=None, second=None, _name=name: None
            if first is None
            else Distance(first, second, _name)
        )
    rule(
        "question",
        "how far (is|are) {endpoint:first} (from|to|away from) {endpoint:second} on average",
        "on average how far (is|are) {endpoint:first} (from|to|away from) {endpoint:second}",
        "how far on average (is|are) {endpoint:first} (from|to|away from) {endpoint:second}",
        "how far (is|are) <mean> {np:first} (from|to|away from) {endpoint:second}",
    )(lambda first, second: Distance(first, second, "mean"))


_distance_rules()


@rule("nearestpair", "<nearest> {np:first} (from|to|away from|and) {endpoint:second}",
      "{np:first} (from|to|away from|and) <nearest> {np:second}",
      "{np:first} (nearest|closest) to {endpoint:second} (from|to|and) (it|them|that)",
      "<nearest> {np:first} (from|to|away from|and) <nearest> {np:second}")  # fmt: skip
def _nearest_pair(first: Regions, second: Regions) -> Quantity | None:
    if first.counted and first.pick is None:
        return None  # "how far are the houses from the nearest road": each house has its own answer
    return Distance(first, second, "min")


@rule("singlepair", "{np:first} (from|to|away from|and) {np:second}")
def _single_pair(first: Regions, second: Regions) -> Quantity | None:
    if first.counted and first.pick is None or second.counted and second.pick is None and first.pick is None:
        return None
    return Distance(first, second, "min")


@rule("q", "[<shortest>] distance (between|from|of|to) {nearestpair:pair}", "distance (between|from|of) {singlepair:pair}")
def _distance_pair(pair: Quantity) -> Quantity:
    return pair


@rule("q", "distance (between|from|of) <farthest> {np:first} (from|to|and) {endpoint:second}")
def _distance_farthest(first: Regions, second: Regions) -> Quantity:
    return Distance(first, second, "max")


@rule("question", "how far [away] is {nearestpair:pair}", "how far apart are {nearestpair:pair}", "how far [away] is {singlepair:pair}",
      "how far apart are {singlepair:pair}", "how close is {nearestpair:pair}", "how near is {nearestpair:pair}",
      "how close is {singlepair:pair}", "how near is {singlepair:pair}")  # fmt: skip
def _how_far(pair: Quantity) -> Quantity:
    return pair


@rule("question", "how far [away] from {endpoint:second} is <nearest> {np:first}", "how close to {endpoint:second} is <nearest> {np:first}",
      "how far is it from {endpoint:second} to <nearest> {np:first}", "how close <does> {np:first} get to {endpoint:second}",
      "how far [away] from <nearest> {np:second} is {np:first}",
      "how close to {endpoint:second} <does> <nearest> {np:first} lie", "how far from {endpoint:second} <does> <nearest> {np:first} lie",
      "how far is it from <nearest> {np:first} to {endpoint:second}", "how far <does> <nearest> {np:first} lie from {endpoint:second}",
      "how close is {np:first} that is <nearest> to {endpoint:second}")  # fmt: skip
def _how_far_from(first: Regions, second: Regions) -> Quantity | None:
    return _nearest_pair(first, second)


@rule("question", "how far (is|are) {elided:first} from {endpoint:second} on average")
def _how_far_they(first: Regions, second: Regions) -> Quantity:
    return Distance(first, second, "mean")


@rule("question", "how far [away] is <farthest> {np:first} from {endpoint:second}", "how far [away] from {endpoint:second} is <farthest> {np:first}",
      "how far is {np:first} (farthest|furthest) from {endpoint:second}",
      "how far is {np:first} that is (farthest|furthest) from {endpoint:second}")  # fmt: skip
def _how_far_farthest(first: Regions, second: Regions) -> Quantity:
    return Distance(first, second, "max")


def _outline(np: Regions, statistic: str) -> Quantity | None:
    if np.pick is not None:
        return Perimeter(np, "sum")
    return Perimeter(np, statistic)


@rule("q", "[<total>] <perimeter> of {np}", "{np} [<total>] <perimeter>", "{np} 's [<total>] <perimeter>", "[<total>] {np} <perimeter>",
      "<perimeter> of all {np}")  # fmt: skip
def _perimeter(np: Regions) -> Quantity | None:
    return _outline(np, "sum")


@rule("question", "how long is [<total>] <perimeter> of {np}", "how long is {np} [<total>] <perimeter>", "how long is {np} 's [<total>] <perimeter>")
def _how_long(np: Regions) -> Quantity | None:
    return _outline(np, "sum")


@rule("q", "<mean> <perimeter> of {np}", "<mean> {np} <perimeter>")
def _mean_perimeter(np: Regions) -> Quantity | None:
    return None if np.pick is not None else Perimeter(np, "mean")


@rule("q", "(longest|largest|maximum|greatest) <perimeter> of {np}")
def _longest_perimeter(np: Regions) -> Quantity | None:
    return None if np.pick is not None else Perimeter(np, "max")


# --- density, ratio, difference, power ----------------------------------------------------------------------------


@rule("per", "per {areaunit}", "(for|in|on) (each|every) {areaunit}", "per each {areaunit}", "per square {areaunit}")
def _per(areaunit: Unit) -> Unit | None:
    return None if areaunit == PIXEL else areaunit


@rule("q", "<density> of {np} [{per}]", "{np} <density> [{per}]", "<count> {np} {per}", "{np} {per}", "<mean> <density> of {np} [{per}]",
      "<mean> <count> {np} {per}", "<density> of {np} {per} of image", "<count> {np} {per} of image", "{np} <density> {per} of image")  # fmt: skip
def _density(np: Regions, per: Unit = HECTARE) -> Quantity | None:
    return None if np.pick is not None else Density(np, per)


@rule("q", "<count> {np} {per} of {base:over}", "{np} {per} of {base:over}", "<density> of {np} {per} of {base:over}")
def _density_over(np: Regions, per: Unit, over: Regions) -> Quantity | None:
    return None if np.pick is not None else Density(np, per, over)


@rule("question", "how many {np} <exist> {per}", "how many {np} {per} <exist>", "how many {np} {per}", "how densely {np} {per}",
      "how many {np} {per} of image [<exist>]", "how many {np} <exist> {per} of image",
      "how many {np} {per} <does> image <have>")  # fmt: skip
def _how_dense(np: Regions, per: Unit) -> Quantity | None:
    return _density(np, per)


@rule("question", "how many {np} <exist> {per} of {base:over}", "how many {np} {per} of {base:over} [<exist>]")
def _how_dense_over(np: Regions, per: Unit, over: Regions) -> Quantity | None:
    return _density_over(np, per, over)


def _plain(np: Regions, other: Regions) -> tuple[Quantity, Quantity] | None:
    """What two noun phrases are compared by: things with things by number, covers by area."""
    if np.counted != other.counted:
        return None
    if np.counted:
        return Count(np), Count(other)
    return Area(np), Area(other)


@rule("q", "ratio (of|between) {q:first} (to|and|over) {q:second}",
      "ratio (of|between) {q:first} versus {q:second}")  # fmt: skip
def _ratio(first: Quantity, second: Quantity) -> Quantity:
    return Ratio(first, second)


@rule("q", "ratio (of|between) {np:first} (to|and|over) {np:second}", "{np:first} to {np:second} ratio", "ratio {np:first} to {np:second}",
      "{np:first} to {np:second} area ratio")  # fmt: skip
def _ratio_plain(first: Regions, second: Regions) -> Quantity | None:
    pair = _plain(first, second)
    return None if pair is None else Ratio(*pair)


@rule("q", "(area ratio|ratio of areas|ratio in area|ratio of area) (of|between) {np:first} (to|and) {np:second}",
      "ratio of {np:first} area to {np:second} [area]", "ratio of areas of {np:first} (to|and) {np:second}")  # fmt: skip
def _area_ratio(first: Regions, second: Regions) -> Quantity:
    return Ratio(Area(first), Area(second))


@rule("question", "how many times (larger|bigger|more extensive|greater) is {np:first} than {np:second}",
      "how many times as (large|big|much|extensive) is {np:first} as {np:second}",
      "how many times (larger|bigger|greater) is [<total>] area of {np:first} than [that of|area of] {np:second}",
      "how many times more {np:first} is there than {np:second}",
      "how many times as much {np:first} as {np:second} is there", "how many times as much {np:first} is there as {np:second}",
      "by what factor (is|does) {np:first} (larger than|bigger than|exceed) {np:second}",
      "how many times (larger|bigger) are {np:first} than {np:second}")  # fmt: skip
def _times(first: Regions, second: Regions) -> Quantity | None:
    if first.pick is not None or second.pick is not None:
        if (first.pick and first.pick.count > 1) or (second.pick and second.pick.count > 1):
            return None
        return Ratio(Area(first), Area(second))
    return Ratio(Area(first), Area(second))


@rule("question", "how many times more {np:first} are there than {np:second}")
def _times_count(first: Regions, second: Regions) -> Quantity | None:
    return Ratio(Count(first), Count(second)) if first.counted and second.counted else None


@rule("q", "<difference> between {q:first} and {q:second}")
def _difference_q(first: Quantity, second: Quantity) -> Quantity:
    return Difference(first, second, absolute=True)


@rule("q", "<difference> between {np:first} and {np:second}", "difference between areas of {np:first} and {np:second}",
      "difference between <areaname> of {np:first} and {np:second}", "difference between {np:first} and {np:second} area")  # fmt: skip
def _difference(first: Regions, second: Regions) -> Quantity | None:
    return Difference(Area(first), Area(second), absolute=True)


@rule("q", "<countdifference> between {np:first} and {np:second}",
      "difference between (number|numbers) of {np:first} and {np:second}", "<countdifference> of {np:first} and {np:second}")  # fmt: skip
def _count_difference(first: Regions, second: Regions) -> Quantity:
    return Difference(Count(first), Count(second), absolute=True)


@rule("question", "how much more {np:first} [<exist>] than {np:second} [<exist>]", "how much (larger|bigger) is {np:first} than {np:second}",
      "how much more <land> <does> {np:first} <cover> than {np:second} [<does>]", "by how much <does> {np:first} (exceed|exceeds) {np:second}",
      "how much (larger|bigger) is [<total>] <areaname> of {np:first} than (that of|<areaname> of) {np:second}",
      "how much more <land> is {np:first} than {np:second}", "by how much is {np:first} larger than {np:second}")  # fmt: skip
def _how_much_more(first: Regions, second: Regions) -> Quantity:
    return Difference(Area(first), Area(second))


@rule("question", "how many more {areaunit} of {np:first} <exist> than [of] {np:second}", "how many more {areaunit} <does> {np:first} <cover> than {np:second}",
      "how many more {areaunit} of {np:first} than [of] {np:second} <exist>")  # fmt: skip
def _units_more(first: Regions, second: Regions, areaunit: Unit) -> Quantity:
    return Difference(Area(first, unit=areaunit), Area(second, unit=areaunit))


@rule("question", "how many more {np:first} <exist> than {np:second} [<exist>]", "how many more {np:first} than {np:second} [<exist>]")
def _how_many_more(first: Regions, second: Regions) -> Quantity | None:
    return Difference(Count(first), Count(second)) if first.counted and second.counted else None


@rule("question", "how much less {np:first} [<exist>] than {np:second} [<exist>]", "how much smaller is {np:first} than {np:second}")
def _how_much_less(first: Regions, second: Regions) -> Quantity:
    return Difference(Area(second), Area(first))


@rule("question", "how many fewer {np:first} <exist> than {np:second} [<exist>]", "how many fewer {np:first} than {np:second} [<exist>]")
def _how_many_fewer(first: Regions, second: Regions) -> Quantity | None:
    return Difference(Count(second), Count(first)) if first.counted and second.counted else None


@rule("yield", "<assuming> [<efficiency>] [of|is] {flux} [<efficiency>]", "{flux} [<efficiency>]", "<assuming> {flux} <efficiency> [<assuming>]",
      "<assuming> [<efficiency>] [of|is] {flux} of <efficiency>", "<assuming> {noun:panels} [<can>] <generate> {flux}",
      "<assuming> each {areaunit:metre} [<can>] <generate> {measure:watts}", "<assuming> {noun:panels} <efficiency> of {flux}")  # fmt: skip
def _yield(flux: Measure | None = None, panels: Regions | None = None, metre: Unit | None = None,
           watts: Measure | None = None) -> float | None:  # fmt: skip
    if panels is not None and panels.topics != ("solar",):
        return None
    if flux is not None:
        return flux.base
    if watts is not None and metre is not None and watts.unit.dimension == "power" and metre.dimension == "area":
        return watts.base * 1e6 / (metre.factor * 1e4)
    return None


@rule("yield", "<assuming> {percent} [panel|module|conversion] [efficiency] (and|with|at|under) [irradiance of] {flux} [of] [solar] [irradiance|irradiation|insolation|sunlight|sun]",
      "<assuming> [solar] [irradiance|irradiation|insolation] of {flux} and {percent} [panel|module|conversion] [efficiency]",
      "<assuming> {flux} [solar] (irradiance|irradiation|insolation|sunlight) (and|with|at) {percent} [panel|module|conversion] efficiency")  # fmt: skip
def _yield_product(flux: Measure, percent: Measure) -> float | None:
    return flux.base * percent.base / 100


@rule("panels", "{np}")
def _panels(np: Regions) -> Regions | None:
    return np if np.topics == ("solar",) else None


_SOLAR = Regions(("solar",), kind="thing", plural=True, said="solar panels")


@rule("powername", "[<total>] <power>", "[<total>] <power> in {powerunit}", "[<total>] {powerunit} [<power>|output|of power]",
      "solar potential {powerunit} output", "[<total>] solar [potential] {powerunit} [<power>]", "potential {powerunit} [<power>]",
      "potential solar {powerunit} [<power>]", "[<total>] potential [solar] <power>")  # fmt: skip
def _power_name(powerunit: Unit | None = None) -> tuple[Unit | None]:
    return (powerunit,)


@rule("q", "{powername} of {panels}", "{powername} (from|by|for) {panels}", "{panels} {powername}",
      "{powername} [that] {panels} [<can>] <generate>", "{powername} <generate> by {panels}")  # fmt: skip
def _power_of(panels: Regions, powername: tuple[Unit | None]) -> Quantity | None:
    return None if panels.pick is not None and panels.then else Power(panels, unit=powername[0])


@rule("q", "solar potential [of image]", "solar potential {powerunit} output", "solar power potential", "solar capacity", "solar power output",
      "solar potential output", "solar power capacity", "solar potential power output", "solar output", "solar power",
      "total solar (potential|capacity|power|output)", "pv (capacity|potential|output|power)", "potential solar power [output]",
      "potential solar output", "photovoltaic (capacity|potential|output|power)", "solar (potential|capacity|output) in {powerunit}",
      "solar {powerunit} (potential|output|capacity)", "solar potential in {powerunit}", "{powerunit} output of solar potential",
      "total solar power (output|potential|capacity)", "solar energy potential", "potential {powerunit} output", "solar generation capacity")  # fmt: skip
def _solar_power(powerunit: Unit | None = None) -> Quantity:
    return Power(_SOLAR, unit=powerunit)


@rule("q", "<possessive> {powername} {elided:base}", "{powername} {elided:base}")
def _power_of_them(base: Regions, powername: tuple[Unit | None]) -> Quantity | None:
    return Power(base, unit=powername[0]) if base.topics == ("solar",) else None


@rule("powerq", "how much (power|electricity|output) (<can>|would|will|do|does|could) {panels} <generate>",
      "how many {powerunit} (<can>|would|will|do|does|could) {panels} <generate>",
      "how many {powerunit} [of power] (<can>|would|will|do|does|could) be <generate> (by|from) {panels}",
      "how much (power|electricity) (<can>|would|will|could) be <generate> (by|from) {panels}",
      "what [<total>] (power|output|power output) (<can>|would|will|do|does|could) {panels} <generate>",
      "how many {powerunit} (of|of power from|of power could) {panels} [<generate>]", "how powerful are {panels}",
      "how much power (is|are) {panels} (able to|expected to|capable of) <generate>", "how many {powerunit} (is|are) {panels} [good for|worth]",
      "how much power (in {powerunit}) (<can>|would|will|do|does|could) {panels} <generate>")  # fmt: skip
def _how_much_power(panels: Regions, powerunit: Unit | None = None) -> Quantity:
    return Power(panels, unit=powerunit)


@rule("question", "{powerq}")
def _power_question(powerq: Quantity) -> Quantity:
    return powerq


@rule("powerask", "<ask> {q}", "{q}", "{powerq}", "what (would|could|will) be {q}", "what {q}")
def _power_ask(q: Quantity | None = None, powerq: Quantity | None = None) -> Quantity | None:
    value = q or powerq
    return value if isinstance(value, Power) else None


@rule("question", "{powerask} {yield:watts}", "{yield:watts} {powerask}", "{powerask} <assuming> {yield:watts}",
      "{powerask} {yield:watts} [of] [panel] [area|peak]")  # fmt: skip
def _power_at(powerask: Power, watts: float) -> Quantity | None:
    return replace(powerask, watts=watts) if powerask.watts is None else None


