"""Noun phrases of an open vocabulary: words that are no topic's name become a topic themselves.

Only where the segmenter says that it takes any phrase. The question must still be whole around its noun.
"""

from __future__ import annotations

import re
from typing import Any

from planimeter.coder.grammar.lexer import Token
from planimeter.meaning.record import Record, fields
from planimeter.vocabulary.topics import MARK, canonical

LONGEST = 5  # words of such a noun
_QUOTED = re.compile(r"[\"“”„«]\s*([^\W\d_][\w '&/-]{1,58}\w)\s*[\"“”»]")
_STANDIN = "quotednoun"


class OpenWords(frozenset[str]):
    """Words nobody knows, and known nouns that may stand beside them in one phrase ("water" in "water towers").

    Attributes:
        beside: those nouns.
    """

    beside: frozenset[str] = frozenset()

    @classmethod
    def of(cls, tokens: list[Token], unknown: frozenset[str], nouns: frozenset[str]) -> OpenWords:
        """The unknown words of a question, and the nouns that touch them."""
        words = cls(unknown)
        touching: set[str] = set()
        for place in range(len(tokens)):
            if tokens[place].text in unknown:
                for step in (-1, 1):
                    at = place + step
                    while 0 <= at < len(tokens) and tokens[at].text in nouns - unknown:
                        touching.add(tokens[at].text)
                        at += step
        words.beside = frozenset(touching)
        return words


def without_quotes(text: str) -> tuple[str, dict[str, str]]:
    """A question with a stand-in for each phrase in quotation marks that is no topic's name, and what they stand for.

    Example:
        >>> without_quotes('How many "soccer fields" are there?')
        ('How many quotednounas are there?', {'quotednounas': 'soccer fields'})
    """
    phrases: dict[str, str] = {}

    def standin(match: re.Match[str]) -> str:
        phrase = " ".join(match[1].split())
        if canonical(phrase) is not None or len(phrases) >= 26:
            return match[0]
        word = f"{_STANDIN}{chr(ord('a') + len(phrases))}s"
        phrases[word] = phrase
        return word

    return _QUOTED.sub(standin, text), phrases


def opened(meaning: Any, phrases: dict[str, str]) -> Any:
    """A meaning whose unknown nouns are topics.

    Args:
        meaning: as parsed.
        phrases: what stand-ins stand for.
    """
    if isinstance(meaning, str):
        if meaning.startswith(MARK):
            meaning = meaning.removeprefix(MARK).lower()
        for word, phrase in phrases.items():
            meaning = meaning.replace(word, phrase)
        return meaning
    if isinstance(meaning, tuple):
        return tuple(opened(item, phrases) for item in meaning)
    if isinstance(meaning, Record):
        return type(meaning)(*(opened(item, phrases) for item in fields(meaning)))
    return meaning
