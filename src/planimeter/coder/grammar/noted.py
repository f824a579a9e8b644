"""Sentences that an answer carries on how its question was read."""

from __future__ import annotations

import re

from planimeter.coder.grammar.several import asks_twice
from planimeter.meaning.record import every
from planimeter.meaning.records import Holding, Meaning, Subject, Together

# "Give me the largest lake and how many houses are within 50 m of it"
_ONE_FIRST = re.compile(
    r"^\W*(?:please\s+)?(?:give|tell|show|find)\s+(?:me|us)\s+the\s+(?:[a-z-]+\s+)?(?:largest|biggest|smallest)\s"
    r"[^.?!;,]{2,80}?(?:[.?!;,]|\s+and)\s+(?:and\s+|also\s+)?(?:how|what|count)\b",
    re.IGNORECASE,
)
_WATERS = re.compile(r"(?:lake|pond|river|stream|creek|canal|reservoir|lagoon)s?")


def widely_read(meaning: Meaning) -> tuple[str, ...]:
    """Sentences on words that were read more widely than they were meant: a mask of water tells no lake from a river.

    Args:
        meaning: as it is measured.
    """
    said = [regions.said for regions in every(meaning, Subject) if regions.topics == ("water",)]
    narrow = dict.fromkeys(words for words in said if _WATERS.fullmatch(words.rpartition(" ")[2]))
    return tuple(f'"{words}" was read as all water.' for words in narrow)


def waters_said(text: str, meaning: Meaning) -> tuple[str, ...]:
    """The same of words of a free wording, which its plain sentence says as water.

    Args:
        text: the wording as typed.
        meaning: of the plain sentence.

    >>> from planimeter.coder.grammar.parse import parse
    >>> waters_said("houses by the River?", parse("the number of buildings within 50 m of water").meaning)
    ('"river" was read as all water.',)
    """
    if not any(regions.topics == ("water",) for regions in every(meaning, Subject)):
        return ()
    words = (word for word in re.findall(r"[a-z]+", text.lower()) if _WATERS.fullmatch(word))
    return tuple(f'"{word}" was read as all water.' for word in dict.fromkeys(words))


def surrounded(meaning: Meaning) -> tuple[str, ...]:
    """A sentence on what regions hold, where every pixel has one label: it lies in holes of them.

    Args:
        meaning: as it is measured.
    """
    if not any(held.around for held in every(meaning, Holding)):
        return ()
    return (
        "Every pixel of this map bears one label, so what a region holds is what lies inside its outer outline, as a "
        "hole in it.",
    )


def only_the_last(text: str, meaning: Meaning) -> tuple[str, ...]:
    """A sentence on a text of several questions, of which the one before says what "they" are and is not answered."""
    told = (asks_twice(text) or _ONE_FIRST.match(text)) and not isinstance(meaning, Together)
    return ("Only the last of the questions is answered.",) if told else ()
