"""What the rooms for everyday wordings share: tables of patterns, lengths, and noun phrases in running text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from planimeter.vocabulary.topics import nouns

LENGTH = r"\d[\d.,]*\s*-?\s*(?:m|km|ft|yd|mi|met(?:re|er)s?|kilomet(?:re|er)s?|feet|foot|yards?|miles?)\b"
"""A number with a unit of length, as questions say it."""

_TO = (
    r"\s(?:of|from|to|off|around|round|along|beyond|past|beside|by|and|or|between)"
    r"(?:\s(?:the|an?|any|its?|nearest|closest))*\s*$"
)
TO_EDGE = re.compile(
    rf"{LENGTH}(?:[\s-]+[a-z]+){{0,4}}{_TO}|\b(?:distances?|far|farther|farthest|further|furthest|near|nearer|nearest|close|closer|"
    rf"closest|away|distant|remote)\b[^.?!;]*{_TO}|\bhow\s(?:far|close)\s(?:away\s)?(?:is|are)(?:\sthe|\sa)?\s*$",
    re.IGNORECASE,
)
"""What stands in front of an edge to which a distance runs ("within 50 m of the", "how far is the")."""

Words = str | Callable[[re.Match[str]], str]
"""What stands in place of what was found."""


class Rewrites:
    """A table of patterns and what is written for each, applied in order, each wherever it is found.

    Args:
        table: patterns, in which case does not matter, and words; compiled when they are first needed.

    Example:
        >>> Rewrites([("metres?", "m"), ("(\\\\d+) m", r"\\1 m exactly")])("10 metres")
        '10 m exactly'
    """

    def __init__(self, table: Sequence[tuple[str, Words]]) -> None:
        self._table = table
        self._compiled: list[tuple[re.Pattern[str], Words]] | None = None

    def __call__(self, text: str) -> str:
        """The text with every pattern's words in place of what it finds."""
        if self._compiled is None:
            self._compiled = [(re.compile(pattern, re.IGNORECASE), words) for pattern, words in self._table]
        for pattern, words in self._compiled:
            text = pattern.sub(words, text)
        return text


def noun_phrases(text: str) -> list[tuple[str, str]]:
    """The noun phrases of topics in a text, each with the word in front; "" where there is none.

    >>> noun_phrases("I saw old ponds by the road")
    [('ponds', 'old'), ('road', 'the')]
    """
    words = re.findall(r"[a-z]+", text.lower())
    found, position = [], 0
    while position < len(words):
        for length in (3, 2, 1):
            phrase = " ".join(words[position : position + length])
            if phrase in nouns():
                found.append((phrase, words[position - 1] if position else ""))
                position += length - 1
                break
        position += 1
    return found
