"""Plain questions made of what a question names: its topics, sizes, distances, numbers and the unit it asks for.

Many are made and few are offered: those that say most of what the question says, its measures, topics, numbers and
their directions, and least besides (``nearest``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import permutations

from planimeter.coder.rewriter.cues import Cues, Figure, readable
from planimeter.coder.rewriter.phrases import MEASURES as MEASURED
from planimeter.vocabulary.topics import topic_of

_SIZES = ("larger than", "smaller than", "at least", "at most")
_DISTANCES = ("within {} of", "less than {} from", "more than {} from", "at least {} from")
_MOST_TOPICS = 3


def nearest(text: str, candidates: Iterable[str]) -> list[str]:
    """Questions in order of how much of what a text says they say, and no more.

    >>> nearest("number of purple houses plz", ["Are there any buildings?", "How many buildings are there?"])[0]
    'How many buildings are there?'
    """
    says = roughly(text)
    said = _said(says) if says is not None else set()

    def likeness(candidate: str) -> float:
        offered = readable(candidate)
        parts = _said(offered) if offered is not None else set()
        return _worth(said & parts) / max(1, _worth(said | parts))

    return sorted(candidates, key=likeness, reverse=True)


# "AC6" and "Q1." are numbers of things on paper; "m2" is a unit.
_GLUED = re.compile(r"\b(?!(?:m|km|ft|yd|mi)2\b)[a-z]{1,12}\d{1,4}\b[:.)]?", re.IGNORECASE)
_UNREADABLE = re.compile(r"[^\w\s.,;:?!()<>=%/+&~²≤≥-]|'")


def roughly(text: str) -> Cues | None:
    """What a text says, without what cannot be read, which is enough to look for questions near it.

    >>> roughly("AC6: 'how many' houses 🙄").topics
    ['roof']
    """
    return readable(text) or readable(_UNREADABLE.sub(" ", _GLUED.sub(" ", text)))


def _said(cues: Cues) -> set[object]:
    """What a sentence says, to compare it by; how many of a unit are no number of things."""
    measures = cues.measures - {"joint"} - ({"count"} if cues.units else set())
    chooses = "either" in measures  # "more forest or more farmland" is no yes or no, and asks which
    measures -= {"which", "area"} if chooses else set()
    measures -= {"area"} if measures & {"largest", "smallest", "mean", "median"} else set()
    if not measures and cues.counted and not (cues.units or cues.yes_no):
        measures = {"count"}
    units = {unit.symbol for unit in cues.units}
    figures = {(figure.value, figure.way) for figure in cues.figures}
    form = {("order", *cues.topics), ("yes or no", cues.yes_no and not chooses)}
    return {*measures, *cues.topics, *figures, *units, *form}


def _worth(parts: set[object]) -> int:
    """What is measured counts twice."""
    return len(parts) + sum(part in MEASURED for part in parts)


def made_of_parts(says: Cues, topics: tuple[str, ...]) -> Iterator[str]:
    """Questions made of the parts of one.

    Args:
        says: what it says.
        topics: canonical topics at hand.

    Example:
        >>> from planimeter.coder.rewriter.cues import cues
        >>> list(made_of_parts(cues("the ponds, 5 acres, dunno"), ("water", "roof")))[1]
        'How many water regions are larger than 5 acres?'
    """
    named = [topic for topic in says.topics if topic in topics][:_MOST_TOPICS]
    for topic in named:
        yield from _of_one(topic, says)
    for topic, other in permutations(named, 2):
        yield from _of_two(topic, other, says)
    if len(named) > 1:
        yield from _of_all(named, says)


def _of_one(topic: str, says: Cues) -> Iterator[str]:
    record = topic_of(topic)
    many, mass, hectares = record.many, record.mass, _in(says, "area")
    yield f"How many {many} are there?"
    for size in _written(says, "area"):
        for way in _SIZES:
            yield f"How many {many} are {way} {size}?"
            yield f"Are there any {many} {way} {size}?"
            yield f"What is the total area of {many} {way} {size}{hectares}?"
    yield f"What is the total area of {mass}{hectares}?"
    yield f"What percentage of the image is covered by {mass}?"
    yield f"What is the average area of {many}{hectares}?"
    yield f"What is the median area of single {many}{hectares}?"
    yield f"What is the area of the largest {record.one}{hectares}?"
    yield f"What is the area of the smallest {record.one}{hectares}?"
    yield f"Are there any {many}?"
    if says.measures & {"largest", "smallest"} and says.measures & {"place", "which"}:
        yield f"Where is the {'smallest' if 'smallest' in says.measures else 'largest'} {record.one}?"
    if record.counted and says.measures & {"distance", "nearest", "farthest", "mean"}:
        yield f"What is the average distance between neighbouring {many}{_in(says, 'length')}?"
    if says.measures & {"density"}:
        per = [unit.symbol for unit in says.units if unit.dimension == "area"] or ["ha"]
        yield f"How many {many} are there per {per[0].removesuffix('s')}?"
    for share in _written(says, "percent"):
        for way in ("more", "less"):
            yield f"Is the percentage of the image covered by {mass} {way} than {share}?"
    for number in _written(says, None):
        for way in ("more", "less"):
            yield f"Is the number of {many} {way} than {number}?"


def _of_two(topic: str, other: str, says: Cues) -> Iterator[str]:
    one, two = topic_of(topic), topic_of(other)
    hectares, metres = _in(says, "area"), _in(says, "length")
    for length in _written(says, "length"):
        for way in _DISTANCES:
            beside = f"{way.format(length)} {two.mass}"
            yield f"How many {one.many} are {beside}?"
            yield f"What is the area of {one.mass} {beside}{hectares}?"
            yield f"What percentage of {one.many if one.counted else one.mass} is {beside}?"
            yield f"Are there any {one.many} {beside}?"
            yield f"Are all {one.many} {beside}?"
    for which in ("shortest", "longest", "average"):
        yield f"What is the {which} distance from {one.many} to {two.mass}{metres}?"
    yield f"Is the area of {one.mass} larger than the area of {two.mass}?"
    yield f"Are there more {one.many} than {two.many}?"
    yield f"What is the ratio of the area of {one.mass} to the area of {two.mass}?"
    yield f"How much larger is the area of {one.mass} than the area of {two.mass}{hectares}?"


def _of_all(named: list[str], says: Cues) -> Iterator[str]:
    *others, last = (topic_of(topic).mass for topic in named)
    together = f"{', '.join(others)} and {last}"
    yield f"What is the total area of {together}{_in(says, 'area')}?"
    yield f"What percentage of the image is covered by {together}?"
    yield f"Which has the larger area, {', '.join(others)} or {last}?"


def _in(says: Cues, dimension: str) -> str:
    """The unit that the answer is asked for in, behind a question."""
    found = [unit.symbol for unit in says.units if unit.dimension == dimension]
    return f", in {found[-1]}" if found else ""


def _written(says: Cues, dimension: str | None) -> list[str]:
    """The first number of a dimension (None: a bare one), as it is written; none where there is none."""

    def of(figure: Figure) -> bool:
        return (figure.unit.dimension if figure.unit is not None else None) == dimension

    return [
        f"{figure.value:g}{'' if figure.unit is None else f' {figure.unit.symbol}'}"
        for figure in says.figures
        if of(figure)
    ][:1]
