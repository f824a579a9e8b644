"""Grammar of what has more than one number: compositions, rankings, lists, statistics at once, classes of size."""

from __future__ import annotations

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.meaning.records import (
    Composition,
    Histogram,
    Listing,
    Meaning,
    Quantity,
    SizeOf,
    Statistics,
    Subject,
)
from planimeter.vocabulary.units import Measure

# --- compositions


@rule(
    "question",
    "<coverclass> <breakdown> [of image]",
    "<coverclasses> <breakdown> [of image]",
    "<breakdown> of <coverclass> [of image]",
    "<breakdown> of <coverclasses> [of image]",
    "<breakdown> of image [by|into] [<coverclass>|<coverclasses>]",
    "<breakdown> (by|into) (<coverclass>|<coverclasses>)",
    "image <breakdown> [by <coverclass>]",
    "<breakdown> of (<coverclass>|<coverclasses>) (by|in) (<sharename>|<areaname>)",
    "(<coverclass>|<coverclasses>) <breakdown> (by|in) (<sharename>|<areaname>)",
    "break down image (by|into) (<coverclass>|<coverclasses>)",
    "break image down (by|into) (<coverclass>|<coverclasses>)",
    "(<sharename>|<areaname>|<sizename>|<sharename> and <areaname>|<areaname> and <sharename>) (of|for) <each> "
    "<coverclass>",
    "(<sharename>|<areaname>|<sizename>|<sharename> and <areaname>|<areaname> and <sharename>) (of|for) "
    "[<every>] <coverclasses> [<exist>|<present>]",
    "<much> (<land>|of image) <does> <each> <coverclass> (<cover>|<have>)",
    "what (<sharename>|<areaname>) [of image] <does> <each> <coverclass> (<cover>|<have>)",
    "what (<sharename>|<areaname>) of image is <coveredpassive> <each> <coverclass>",
    "<much> of image is <coveredpassive> <each> <coverclass>",
    "<much> (of|is there of) <each> <coverclass> [is there|<exist>]",
    "(what|which) <coverclasses> (<exist>|<is> <present>|<does> image <have>) [and <much> of each]",
    "[<every>] <coverclasses> [<present>] [and (<possessive>|<possessive> [<total>]) (<areaname>|<sharename>)]",
    "[<every>] <coverclasses> [<present>] with <possessive> (<areaname>|<sharename>)",
    "[and] quantify [<every>] <coverclasses> [<present>]",
    "what is image (made of|made up of|composed of)",
    "what <does> image consist of",
)
def _composition() -> Meaning:
    return Composition()


@rule(
    "question",
    "<rank> {options} [by <areaname>|by <sizename>|by cover|by coverage|by <sharename>] [{order}]",
    "{options} <ranked> [by <areaname>|by <sizename>|by cover|by coverage|by <sharename>] [{order}]",
    "<areaname> of each (of|<separately>) {options}",
    "compare (<areaname>|areas) of {options}",
    "compare {options} (by|in) (<areaname>|<sizename>)",
    "<areaname> and <sharename> of {options}",
    "<sharename> and <areaname> of {options}",
)
def _ranking(options: tuple[Subject, ...], order: str = "") -> Meaning | None:
    if any(option.pick is not None or len(option.topics) > 1 for option in options):
        return None
    return Composition(options, largest=order != "up")


@rule("question", "compare {options}", "{versus:options} [<areaname>|<sizename>|<sharename>]")
def _side_by_side(options: tuple[Subject, ...]) -> Meaning | None:
    """ "Farmland vs forest": covers by their areas; of things it is open whether their number is meant."""
    return None if any(option.counted for option in options) else _ranking(options)


@rule("versus", "{np:first} (vs|versus) {np:second}")
def _versus(first: Subject, second: Subject) -> tuple[Subject, ...]:
    return (first, second)


@rule("top", "{picked}", "{picked} (by|in) (<areaname>|<sizename>)")
def _picked_alone(picked: Subject) -> Meaning | None:
    """ "Top 3 buildings by size", "biggest lake": which they are, how large, and where."""
    several = picked.pick is not None and picked.pick.count > 1
    return None if picked.plural and not several else Listing(picked)


@rule(
    "question",
    "<rank> [<every>] <coverclasses> [<present>] [by <areaname>|by <sizename>|by cover|by coverage|by <sharename>] "
    "[{order}]",
    "[<every>] <coverclasses> [<present>] <ranked> [by <areaname>|by <sizename>|by cover|by coverage|by <sharename>] "
    "[{order}]",
)
def _ranking_of_all(order: str = "") -> Meaning:
    return Composition(largest=order != "up")


@rule(
    "order",
    "from <largest> to <smallest>",
    "(<largest>|largest) first",
    "in descending order",
    "descending",
    "from most to least [extensive|common|widespread]",
)
def _down() -> str:
    return "down"


@rule(
    "order",
    "from <smallest> to <largest>",
    "<smallest> first",
    "in ascending order",
    "ascending",
    "from least to most [extensive|common|widespread]",
)
def _up() -> str:
    return "up"


# --- lists


@rule(
    "several",
    "{np}",
    "{np} (with|and) [<possessive>] <ownmeasures>",
    "{np} and (<sizename>|<areaname>) of each",
    "<ownmeasures> of {np}",
)
def _several(np: Subject) -> Subject | None:
    return np if np.counted and (np.pick is None or np.pick.count > 1) else None


@rule(
    "question",
    "<listverb> [<every>] {several}",
    "<ask> <listverb> [<every>] {several}",
    "[me] <listnoun> of [<every>] {several}",
    "<findverb> <every> {several}",
    "where are [<every>] {several} [located|situated|found]",
    "(which|what) are {several}",
    "<coordinates> of [<every>] {several}",
    "(areas|sizes) of {several}",
)
def _list(several: Subject) -> Meaning:
    return Listing(several)


@rule(
    "question",
    "<listverb> (every|each) {np}",
    "<ask> <listverb> (every|each) {np}",
    "<findverb> (every|each) {np}",
)
def _list_each(np: Subject) -> Meaning | None:
    return Listing(np) if np.pick is None and (np.kind == "thing" or np.regions) else None


@rule(
    "question",
    "<ownarea> of <eachone> {np}",
    "how (large|big) is <eachone> {np}",
    "(individual|single) <ownarea> of {np}",
    "<eachone> {np} 's <ownarea>",
    "<ownarea> (by|for each|for every) {np}",
    "<listverb> <ownarea> of [<every>] {np}",
)
def _each_area(np: Subject) -> Meaning | None:
    if np.pick is not None and np.pick.count == 1:
        return None
    return Listing(np) if np.kind == "thing" or np.regions else None


@rule(
    "question",
    "[<listverb>] distances (of|from|between) [<every>] {np:first} (to|from|and) {target:second}",
    "distance (of|from) <eachone> {np:first} (to|from) {target:second}",
    "distance to {target:second} (of|from|for) <eachone> {np:first}",
    "distances to {target:second} (of|from|for) [<every>] {np:first}",
    "how far is <eachone> {np:first} (from|to|away from) {target:second}",
    "how far away from {target:second} is <eachone> {np:first}",
    "<listverb> [<every>] {np:first} (with|and) [<possessive>] (distance|distances) (to|from) {target:second}",
)
def _each_distance(first: Subject, second: Subject) -> Meaning | None:
    if first.kind != "thing" and not first.regions:
        return None
    return Listing(first, second)


# --- statistics at once


_STATISTICS = {
    "count": ("number", "count"),
    "sum": ("total", "sum", "combined", "overall"),
    "mean": ("mean", "average"),
    "median": ("median",),
    "min": ("minimum", "min", "smallest"),
    "max": ("maximum", "max", "largest"),
    "deviation": ("standard deviation", "sd", "std"),
}
_WORDS = {tuple(phrase.split()): name for name, phrases in _STATISTICS.items() for phrase in phrases}
_ALL = ("count", "sum", "mean", "median", "min", "max", "deviation")


@primitive("statistics")
def _statistics(parser: Parser, position: int) -> Values:
    """ "Mean, median and total": two statistics or more."""
    values: Values = []

    def extend(names: tuple[str, ...], at: int) -> None:
        if len(names) > 1:
            values.append((names, at))
        ends = [at]
        for joined in (("and",), ("as", "well", "as"), ("plus",)):
            if all(parser.text(at + k) == word for k, word in enumerate(joined)):
                ends.append(at + len(joined))
        for end in ends:
            if names and end == at and (at >= len(parser.tokens) or parser.tokens[at].before != ","):
                continue
            for words, name in _WORDS.items():
                if name not in names and all(parser.text(end + k) == word for k, word in enumerate(words)):
                    extend((*names, name), end + len(words))

    extend((), position)
    return values[::-1]


@rule(
    "question",
    "{statistics} (<sizename>|<areaname>) of [<every>] {np}",
    "{statistics} of [<every>] {np} (<sizename>|<areaname>)",
    "{statistics} of (<sizename>|<areaname>) of [<every>] {np}",
    "{statistics} {np} (<sizename>|<areaname>)",
    "{statistics} of [<every>] {np}",
)
def _several_statistics(statistics: tuple[str, ...], np: Subject) -> Meaning | None:
    return None if np.pick is not None else Statistics(np, statistics)


@rule(
    "question",
    "{statistics} [of] (distance|distances) (of|from|between) [<every>] {np:first} (to|from|and) {target:second}",
    "{statistics} [of] (distance|distances) to {target:second} (of|from|for) [<every>] {np:first}",
)
def _several_of_distances(statistics: tuple[str, ...], first: Subject, second: Subject) -> Meaning | None:
    if first.pick is not None or "sum" in statistics:
        return None
    return Statistics(first, statistics, second)


@rule(
    "question",
    "[summary|descriptive] statistics (of|on|about|for) [<every>] {np} [<sizename>|<areaname>]",
    "[summary|descriptive] statistics (of|on|about|for) (<sizename>|<areaname>) of [<every>] {np}",
    "{np} (<sizename>|<areaname>) statistics",
    "(size|area) statistics (of|on|about|for) [<every>] {np}",
)
def _all_statistics(np: Subject) -> Meaning | None:
    return None if np.pick is not None else Statistics(np, _ALL)


@rule(
    "q",
    "<deviation> of {np} (<sizename>|<areaname>)",
    "<deviation> of (<sizename>|<areaname>) of [<every>] {np}",
    "<deviation> of [<every>] {np} 's (<sizename>|<areaname>)",
    "{np} (<sizename>|<areaname>) <deviation>",
    "<deviation> in (<sizename>|<areaname>) (of|among|across) [<every>] {np}",
)
def _deviation(np: Subject) -> Quantity | None:
    return None if np.pick is not None else SizeOf(np, "deviation")


# --- classes of size


@rule(
    "histogramof",
    "<histogram> of {np} (<sizename>|<areaname>)",
    "<histogram> of (<sizename>|<areaname>) of [<every>] {np}",
    "<histogram> of [<every>] {np} by (<sizename>|<areaname>)",
    "(size|area) <histogram> of [<every>] {np}",
    "{np} (size|area) <histogram>",
)
def _histogram_of(np: Subject) -> Subject:
    return np


@rule(
    "question",
    "[<listverb>] {histogramof:np} [{classes}]",
    "how many {np} <exist> (in|of) each size class [{classes}]",
    "(<count>|count) [of] {np} (by|per|in) size (class|classes) [{classes}]",
    "(<count>|count) [of] {np} (by|per|in) size (class|classes) of {area:classes}",
    "how (are|is) (<sizename>|<areaname>) of [<every>] {np} distributed [{classes}]",
)
def _histogram(np: Subject, classes: Measure | None = None) -> Meaning | None:
    return None if np.pick is not None else Histogram(np, classes)


@rule(
    "classes",
    "(in|with|using|by) (classes|bins|steps|intervals|buckets) of {area}",
    "(in|with) {area} (classes|bins|steps|intervals)",
)
def _classes(area: Measure) -> Measure | None:
    return area if area.value > 0 and area.unit.dimension == "area" else None
