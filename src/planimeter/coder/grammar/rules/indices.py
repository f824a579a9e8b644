"""Grammar of spectral indices: the mean NDVI of the fields, the highest NDWI, by how much one changed."""

from __future__ import annotations

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.coder.grammar.rules.ground import IMAGE
from planimeter.coder.grammar.rules.subjects import Conditions
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import Comparison, Difference, IndexOf, Inside, Meaning, Quantity, Subject
from planimeter.vocabulary.index_words import INDICES


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
