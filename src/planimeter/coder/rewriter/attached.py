"""To which thing a number belongs: a size to what it is said of, one distance to one thing, "per" to single things."""

from __future__ import annotations

import re

from planimeter.coder.rewriter.cues import Cues
from planimeter.coder.word_lists import listed
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    Area,
    Composition,
    Count,
    Density,
    Distance,
    IndexOfEach,
    Listing,
    Meaning,
    PerItem,
    Pick,
    Power,
    Ratio,
    Share,
    SizeOf,
)
from planimeter.vocabulary.topics import nouns

_HAVING = frozenset(
    (
        "have",
        "has",
        "having",
        "carry",
        "carries",
        "carrying",
        "with",
        "bear",
        "bears",
        "bearing",
        "likewise",
        "ditto",
    )
)
_REACH = 3  # words between a thing and the size that is said of it: "a lake of over 2 ha"


def attached(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """What a number belongs to, where the plain sentence gives it to another; None where it does not.

    Example:
        >>> from planimeter.coder.grammar.parse import parse
        >>> from planimeter.coder.rewriter.cues import cues
        >>> plain = "the number of buildings larger than 2 ha and within 50 m of water"
        >>> attached(cues("tally up the houses inside 50 m of a lake over 2 ha"), cues(plain), parse(plain).meaning)
        'of what 2 ha is the size'
    """
    return (
        _sized(asked, plain)
        or _doubled(asked, plain)
        or _per_thing(asked, meaning)
        or _grouped(asked, meaning)
    )


def _sized(asked: Cues, plain: Cues) -> str | None:
    said, told = _sizes(asked), _sizes(plain)
    if said is None or told is None:
        return None
    for size, (topic, near) in said.items():
        if near and size in told and told[size][0] != topic:
            return f"of what {size[0]:g} {size[1]} is the size"
    return None


def _sizes(cues: Cues) -> dict[tuple[float, str], tuple[str, bool]] | None:
    """For each area that a sentence gives the topic named before it, and whether it stands right there."""
    places = [place for place, word in enumerate(cues.words) if word == "#"]
    if len(places) != len(cues.figures):
        return None
    found: dict[tuple[float, str], tuple[str, bool]] = {}
    for place, figure in zip(places, cues.figures, strict=True):
        before = [(start, topic) for start, topic in cues.places if start < place]
        if before and figure.unit is not None and figure.unit.dimension == "area":
            start, topic = before[-1]
            found[figure.value, figure.unit.symbol] = topic, place - start <= _REACH
    return found


def _doubled(asked: Cues, plain: Cues) -> str | None:
    """ "Houses within 50 m of the lake that also have panels": the distance is to the lake alone."""
    lengths = [
        sum(f.unit is not None and f.unit.dimension == "length" for f in one.figures)
        for one in (asked, plain)
    ]
    once = lengths[1] > lengths[0] and not re.search(r"\b(?:both|neither)\b", asked.text)
    return "what the distance is measured to" if once and _HAVING & set(asked.words) else None


def _per_thing(asked: Cues, meaning: Meaning) -> str | None:
    """ "The woods per house" is an area by a number; and what is asked per farm is no number of all."""
    areas = any(isinstance(r.first, Area) and isinstance(r.second, Area) for r in every(meaning, Ratio))
    parted = every(meaning, Ratio | Density | PerItem | Power | SizeOf) or isinstance(
        meaning, Listing | Composition | IndexOfEach
    )
    for found in re.finditer(r"(?<!\bas )\bper (?:single |individual )?([a-z]+)", asked.text):
        noun = nouns().get(found[1])
        if areas and noun is not None and noun.kind == "thing" and not noun.plural:
            return f'"per {found[1]}"'
        if not parted and found[1] not in _NOT_PARTED:
            return f'"per {found[1]}"'
    return None


_NOT_PARTED = listed("cent centum image picture scene map photo request usual se the our my your this")
"""What may stand behind "per" where nothing is asked for each of several."""


def _grouped(asked: Cues, meaning: Meaning) -> str | None:
    """ "How many houses by zone": a number for each of several."""
    found = re.search(r"\bby (?:zone|type|kind|district|name|plot|group|year|size)(?=\W*$)", asked.text)
    one = isinstance(meaning, Count | Area | Share | Distance) and not every(meaning, Pick)
    return f'"{found.group()}"' if found and one else None
