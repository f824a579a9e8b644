"""Nouns of topics that a source brings ("parking", "bus stops"), marked in a question before it is parsed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from planimeter.coder.grammar.lexer import Token
from planimeter.vocabulary.topics import Noun, Topic, nouns, nouns_of

_LONGEST = max(len(phrase.split()) for phrase in nouns())


def named(tokens: list[Token], brought: Iterable[Topic]) -> list[Token]:
    """Tokens that know the words of brought topics.

    Args:
        tokens: of a question.
        brought: records of topics that are not canonical, or that a source calls by more words.

    >>> from planimeter.coder.grammar.lexer import tokenize
    >>> from planimeter.vocabulary.topics import brought_topic
    >>> [token.named for token in named(tokenize("How many bus stops are there?"), [brought_topic("bus_stop")])]
    [False, False, True, True, False, False]
    """
    table: dict[str, list[tuple[tuple[str, ...], Noun]]] = {}
    for record in brought:
        for phrase, noun in nouns_of(record).items():
            words = tuple(phrase.split())
            if words:
                table.setdefault(words[0], []).append((words, noun))
    if not table:
        return tokens
    marked = list(tokens)
    for start, token in enumerate(tokens):
        found = [
            (noun, len(words)) for words, noun in table.get(token.text, ()) if _stands(tokens, start, words)
        ]
        # Of two that begin alike, "bus stop" is no "bus".
        longest = max((length for _, length in found), default=0)
        for place in range(start, start + longest):
            marked[place] = replace(marked[place], named=True)
        if longest:
            kept = tuple((noun, length) for noun, length in found if length == longest)
            marked[start] = replace(marked[start], nouns=kept)
    return marked


def _stands(tokens: list[Token], start: int, words: tuple[str, ...]) -> bool:
    span = tokens[start : start + len(words)]
    return [token.text for token in span] == list(words) and not any(token.before for token in span[1:])


def nouns_at(tokens: list[Token], start: int) -> list[tuple[Noun, int]]:
    """The nouns that begin at a token, of canonical and of brought topics, and how many tokens each takes.

    >>> from planimeter.coder.grammar.lexer import tokenize
    >>> nouns_at(tokenize("How many lakes are there?"), 2)
    [(Noun(topic='water', kind='thing', plural=True), 1)]
    """
    found = list(tokens[start].nouns)
    for length in range(1, min(_LONGEST, len(tokens) - start) + 1):
        words = tuple(token.text for token in tokens[start : start + length])
        noun = nouns().get(" ".join(words))
        if noun is not None and _stands(tokens, start, words):
            found.append((noun, length))
    return found
