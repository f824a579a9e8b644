"""Grammar of spectral indices: the mean NDVI of the fields, the highest NDWI, by how much one changed."""

from __future__ import annotations

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.coder.grammar.rules.ground import IMAGE
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Comparison,
    Difference,
    IndexOf,
    IndexOfEach,
    Inside,
    Meaning,
    Quantity,
    Subject,
)
from planimeter.vocabulary.index_words import INDICES
from planimeter.vocabulary.units import Measure


@primitive("indexname")
def _index_name(parser: Parser, position: int) -> Values:
    """An index by its name. "Nbr" is short for number: it is the burn ratio in capitals alone."""
    name = parser.text(position).upper()
    if name not in INDICES:
        return []
    if name == "NBR" and parser.tokens[position].said != "NBR":
        return []
    return [(name, position + 1)]


@rule("indexword", "{indexname}", "{indexname} (value|values|index)")
def _index_word(indexname: str) -> str:
    return indexname


@rule("indexstat", "<mean>")
def _mean() -> str:
    return "mean"


@rule("indexstat", "<median>")
def _median() -> str:
    return "median"


@rule("indexstat", "(maximum|highest|largest|greatest|biggest|peak)")
def _max() -> str:
    return "max"


@rule("indexstat", "(minimum|lowest|smallest)")
def _min() -> str:
    return "min"


@rule("indexstat", "standard deviation of [<mean>]", "standard deviation")
def _deviation() -> str:
    return "deviation"


@rule("overwhat", "(of|in|over|for|within|across|inside|on) {np}", "(of|in|over|for|within|across) all {np}")
def _over_what(np: Subject) -> Subject:
    # An index is of ground: of all lakes together, as of all water.
    return np


@rule(
    "indexq",
    "{indexstat} {indexword}",
    "{indexword}",
    "{indexstat} {indexword} (of|in|over|for|across) image",
    "{indexword} (of|in|over|for|across) image",
    "{indexstat} of {indexword}",
    "{indexstat} (of|in) image {indexword}",
)
def _of_image(indexword: str, indexstat: str = "mean") -> Quantity:
    return IndexOf(indexword, indexstat, IMAGE)


@rule(
    "indexq",
    "{indexstat} {indexword} {overwhat}",
    "{indexword} {overwhat}",
    "{indexstat} of {indexword} {overwhat}",
    "{indexstat} {np:overwhat} {indexword}",
    "{np:overwhat} {indexword}",
    "{np:overwhat} 's [{indexstat}] {indexword}",
)
def _of_ground(overwhat: Subject, indexword: str, indexstat: str = "mean") -> Quantity | None:
    return IndexOf(indexword, indexstat, overwhat)


@rule("indexq", "{indexstat} {indexword} {modifiers:conditions}", "{indexword} {modifiers:conditions}")
def _where(indexword: str, conditions: Conditions, indexstat: str = "mean") -> Quantity | None:
    # The index "in the forest" is that of the forest, as the other rule has it.
    if any(of_size(value) or (isinstance(value, Inside) and not value.outside) for value in conditions):
        return None
    return IndexOf(indexword, indexstat, replace(IMAGE, where=conditions))


@rule("q", "{indexq}")
@rule("changing", "{indexq}")
def _quantity(indexq: Quantity) -> Quantity:
    return indexq


@rule(
    "question",
    "how (high|large|low|great|big) (is|are|was|were) {indexq}",
    "what {indexstat} {indexword} <does> {np} <have>",
    "what {indexword} <does> {np} <have> on (average|mean)",
)
def _how_high(
    indexq: Quantity | None = None, indexword: str = "", indexstat: str = "mean", np: Subject | None = None
) -> Quantity | None:
    return IndexOf(indexword, indexstat, np) if np is not None else indexq


@rule(
    "question",
    "<is> {indexq} {sign} (that|those) {overwhat}",
    "<does> {indexq} (exceed|exceeds) that {overwhat}",
    "[<ask>] <whether> {indexq} <is> {sign} that {overwhat}",
)
def _than_that(indexq: IndexOf, overwhat: Subject, sign: str = ">") -> Meaning:
    return Comparison(indexq, replace(indexq, of=overwhat), sign)


@rule("q", "<difference> between {indexq} and that {overwhat}")
def _apart(indexq: IndexOf, overwhat: Subject) -> Quantity:
    return Difference(indexq, replace(indexq, of=overwhat), absolute=True)


@rule("q", "<difference> in [<mean>] {indexword} between {np:first} and {np:second}")
def _difference(indexword: str, first: Subject, second: Subject) -> Quantity:
    return Difference(IndexOf(indexword, "mean", first), IndexOf(indexword, "mean", second), absolute=True)


# --- each region by itself


@rule("eachindexed", "<eachone> {np}", "(per|every) {np}")
def _each_indexed(np: Subject) -> Subject | None:
    return np if np.pick is None and (np.kind == "thing" or np.regions) else None


@rule("indexside", "(highest|largest|greatest|maximum|biggest|best|most)")
def _high_side() -> tuple[bool]:
    return (True,)


@rule("indexside", "(lowest|smallest|minimum|least|worst)")
def _low_side() -> tuple[bool]:
    return (False,)


@rule(
    "question",
    "[<listverb>] [{indexstat}] {indexword} (of|for|in|over) {eachindexed}",
    "[<listverb>] [{indexstat}] {indexword} (per|by) {np}",
    "[<listverb>] {eachindexed} 's [{indexstat}] {indexword}",
    "for {eachindexed} [<listverb>|give me|tell me|what is] [<possessive>] [{indexstat}] {indexword}",
    "(what|how high) is [{indexstat}] {indexword} (of|for|in|over) {eachindexed}",
    "what [{indexstat}] {indexword} <does> {eachindexed} <have>",
    "<listverb> [<every>] {np} (with|and) [<possessive>] [{indexstat}] {indexword}",
    "<listverb> {indexstat} {indexword} of [<every>] {np}",
)
def _list_of_index(
    indexword: str, indexstat: str = "mean", eachindexed: Subject | None = None, np: Subject | None = None
) -> Meaning | None:
    of = eachindexed or np
    if of is None or of.pick is not None or (of.kind != "thing" and not of.regions):
        return None
    return IndexOfEach(of, indexword, indexstat)


@rule("indexorder", "{order}", "from (highest|high) to (lowest|low)", "highest first", "from highest")
def _from_the_highest(order: str = "down") -> str:
    return order


@rule("indexorder", "from (lowest|low) to (highest|high)", "lowest first", "from lowest")
def _from_the_lowest() -> str:
    return "up"


@rule(
    "question",
    "<rank> [<every>] {np} by [<mean>] {indexword} [{indexorder:order}]",
    "[<listverb>] [<every>] {np} <ranked> by [<mean>] {indexword} [{indexorder:order}]",
    "<listverb> [<every>] {np} by [<mean>] {indexword} [{indexorder:order}]",
)
def _ranked_by_index(np: Subject, indexword: str, order: str = "") -> Meaning | None:
    if np.pick is not None or (np.kind != "thing" and not np.regions):
        return None
    return IndexOfEach(np, indexword, highest=order != "up")


@rule(
    "question",
    "(which|what) {np} (has|have) {indexside} [<mean>] {indexword}",
    "<listverb> {np} with {indexside} [<mean>] {indexword}",
    "(which|what) is {np} with {indexside} [<mean>] {indexword}",
    "<findverb> {np} with {indexside} [<mean>] {indexword}",
    "(which|what) of {np} (has|have) {indexside} [<mean>] {indexword}",
)
def _extreme_of_index(np: Subject, indexword: str, indexside: tuple[bool]) -> Meaning | None:
    """The field with the lowest NDVI is that whose mean is: a field has no other value of its own."""
    if np.pick is not None or (np.kind != "thing" and not np.regions):
        return None
    return IndexOfEach(np, indexword, "mean", indexside[0], 1)


@rule(
    "question",
    "(which|what) {number} {np} (has|have) {indexside} [<mean>] {indexword}",
    "<listverb> {number} {np} with {indexside} [<mean>] {indexword}",
    "{number} {np} with {indexside} [<mean>] {indexword}",
)
def _extremes_of_index(
    number: Measure, np: Subject, indexword: str, indexside: tuple[bool]
) -> Meaning | None:
    several = np.pick is None and (np.kind == "thing" or np.regions) and np.plural
    if not several or number.value < 1 or number.value != int(number.value):
        return None
    return IndexOfEach(np, indexword, "mean", indexside[0], int(number.value))
