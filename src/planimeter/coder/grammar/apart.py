"""Ways of taking a question apart: every word in a part whose kind is known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from planimeter.coder.grammar.formalism import Parser
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.grammar.rulebook import GRAMMAR
from planimeter.meaning.reading import sentence
from planimeter.meaning.records import Meaning

MOST = 400
"""How many ways of taking a question apart are looked at; a real question has a few dozen."""

Phrases = tuple[tuple[str, ...], ...]


def phrases(listing: str) -> Phrases:
    """The phrases of a list with commas between, each as its words."""
    return tuple(tuple(phrase.split()) for phrase in " ".join(listing.split()).split(", "))


@dataclass(frozen=True)
class Phrase:
    """A run of words of a question.

    Attributes:
        kind: what it says; "" where it measures nothing.
        start: its first token.
        end: behind its last one.
        value: the noun, conditions, limits or unit that it is, else None.
    """

    kind: str
    start: int
    end: int
    value: Any = None


class Kinds:
    """Phrases by kind, looked up by their first word."""

    def __init__(self, listed: Mapping[str, Phrases]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for kind, group in listed.items():
            for phrase in group:
                self._by_first.setdefault(phrase[0], []).append((phrase, kind))

    def at(self, parser: Parser, position: int) -> list[Phrase]:
        """The phrases that begin at a token."""
        return [
            Phrase(kind, position, position + len(phrase))
            for phrase, kind in self._by_first.get(parser.text(position), ())
            if all(parser.text(position + step) == word for step, word in enumerate(phrase))
        ]


PartsAt = Callable[[Parser, int], list[Phrase]]
"""The parts that can begin at a token."""


def agreed(
    tokens: list[Token], parts_at: PartsAt, meaning_of: Callable[[tuple[Phrase, ...]], Meaning | None]
) -> Meaning | None:
    """What all ways of taking a question apart mean that mean anything; None where they mean nothing, or two things.

    Args:
        tokens: as prepared for the grammar.
        parts_at: the parts that can begin at a token.
        meaning_of: what parts mean.
    """
    parser = Parser(GRAMMAR, tokens)
    found: dict[str, Meaning] = {}
    for parts in ways(parser, parts_at) or ():
        meaning = meaning_of(parts)
        if meaning is not None:
            found.setdefault(sentence(meaning), meaning)
    return next(iter(found.values())) if len(found) == 1 else None


def ways(parser: Parser, parts_at: PartsAt) -> Iterator[tuple[Phrase, ...]] | None:
    """Every way of taking all tokens apart; None where there are too many.

    Args:
        parser: of the tokens.
        parts_at: the parts that can begin at a token.
    """
    length = len(parser.tokens)
    counts = [0] * length + [1]
    found: list[list[Phrase]] = [[] for _ in range(length)]
    for position in reversed(range(length)):
        found[position] = [part for part in parts_at(parser, position) if counts[part.end]]
        counts[position] = sum(counts[part.end] for part in found[position])
    if counts[0] > MOST:
        return None

    def from_here(position: int) -> Iterator[tuple[Phrase, ...]]:
        if position == length:
            yield ()
            return
        for part in found[position]:
            for rest in from_here(part.end):
                yield (part, *rest)

    return from_here(0)
