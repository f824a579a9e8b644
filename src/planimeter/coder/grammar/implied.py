"""What a question implies without saying it: which end distances are measured from, the unit of "acreage", a table.

Each puts what is meant in the place of what the words alone would give.
"""

from __future__ import annotations

import itertools
from typing import Any

from planimeter.coder.grammar.lexer import Token
from planimeter.errors import NotUnderstood
from planimeter.meaning.record import Record, fields, replace
from planimeter.meaning.records import Area, Composition, Distance, Meaning, SizeOf, Statistics, Subject
from planimeter.vocabulary.units import ACRE, HECTARE, Unit

_MEASURES = {"acreage": ACRE, "hectarage": HECTARE}


def implied_unit(meaning: Meaning, tokens: list[Token]) -> Unit | None:
    """The unit that a word for an area carries ("acreage"); None where there is none, or no area is asked for.

    Args:
        meaning: what is asked.
        tokens: the question, as the grammar read it.
    """
    if not isinstance(meaning, Area | SizeOf) or meaning.unit is not None:
        return None
    named = {_MEASURES[token.text] for token in tokens if token.text in _MEASURES}
    return named.pop() if len(named) == 1 else None


def from_things(meaning: Any) -> Any:
    """A meaning whose distances run from things to the nearest of a cover, whichever of the two was named first.

    "How far is a road from a house on average?" asks how far houses have to the next road. Read from the road it would
    be the mean over the pieces that a mask of roads falls into, often one, and so the shortest distance of all.
    """
    if isinstance(meaning, tuple):
        return tuple(from_things(item) for item in meaning)
    if not isinstance(meaning, Record):
        return meaning
    meaning = type(meaning)(*(from_things(item) for item in fields(meaning)))
    several = isinstance(meaning, Distance) and meaning.statistic != "min"
    if several or (isinstance(meaning, Statistics) and meaning.to is not None):
        first, second = meaning.of, meaning.to
        if _cover(first) and _things(second):
            return replace(meaning, of=replace(second, plural=True), to=first)
    return meaning


def _cover(np: Subject) -> bool:
    """Whether a phrase names a cover as such ("the road", "forest"), and no pieces of it."""
    return np.kind != "thing" and not np.regions and np.pick is None


def _things(np: Subject) -> bool:
    return np.pick is None and (np.kind == "thing" or np.regions)


_ADDED = frozenset(
    ("total", "combined", "together", "sum", "summed", "overall", "aggregate", "joint", "altogether", "union")
)


def one_by_one(meaning: Meaning, tokens: list[Token]) -> Meaning:
    """A table where the areas of several covers are asked for ("what are the areas of forest and grass?").

    Raises:
        NotUnderstood: they are asked for under a condition, of which there is no table.
    """
    if not isinstance(meaning, Area) or meaning.part or meaning.of.joined != "and":
        return meaning
    of = meaning.of
    words = [token.text for token in tokens]
    asked = any(
        word in ("areas", "sizes", "extents") and behind in ("of", "covered", "occupied")
        for word, behind in itertools.pairwise(words)
    )
    if not asked or of.counted or _ADDED & set(words):
        return meaning
    if of.where or of.then or of.pick is not None:
        raise NotUnderstood(
            f'The question asks for several areas; ask for each by itself, or for "the total area of {of.said}".'
        )
    return Composition(tuple(Subject((topic,)) for topic in of.topics), meaning.unit)
