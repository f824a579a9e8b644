"""A small grammar formalism: productions with typed actions, and a memoising parser that returns every reading.

A production's pattern is a sequence of

* ``word``: a token with that text,
* ``<class>``: a phrase of a vocabulary class,
* ``{rule}`` or ``{rule:name}``: a rule, whose value is passed to the action under its name,
* ``( a | b )`` alternatives and ``[ a ]`` an optional part.

An action returns the value of the rule, or None to reject. Values are compared, so that readings that mean the same
are kept once. No rule may begin with itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from typing import Any

from planimeter.coder.grammar.lexer import Token

Captures = tuple[tuple[str, Any], ...]
Matches = list[tuple[Captures, int]]
Values = list[tuple[Any, int]]
Primitive = Callable[["Parser", int], Values]

# A pattern node: takes a parser and a position, yields captures and the position behind.
Node = Callable[["Parser", int], Matches]

_ITEM = re.compile(r"[()\[\]|]|<[a-z_]+>|\{[a-z_]+(?::[a-z_]+)?\}|[^\s()\[\]|]+")
# A question that fits the grammar stays far below; only word heaps made to be ambiguous reach it.
MAX_STEPS = 60_000


class TooAmbiguous(Exception):
    """The parser took more steps than any real question needs."""


class Production:
    """One pattern of a rule and its action; the pattern is compiled when a question first comes near it."""

    __slots__ = ("action", "node", "pattern", "starts")

    def __init__(self, pattern: str, action: Callable[..., Any], starts: Collection[str] | None) -> None:
        self.pattern = pattern
        self.action = action
        self.starts = starts
        self.node: Node | None = None


class Grammar:
    """Rules by name; filled by the ``rule`` and ``primitive`` decorators at import."""

    def __init__(self, vocabulary: dict[str, tuple[str, ...]]) -> None:
        self.productions: dict[str, list[Production]] = {}
        self.primitives: dict[str, Primitive] = {}
        self.classes: dict[str, dict[str, list[tuple[str, ...]]]] = {}
        for name, phrases in vocabulary.items():
            index: dict[str, list[tuple[str, ...]]] = {}
            for phrase in phrases:
                words = tuple(phrase.split())
                index.setdefault(words[0], []).append(words)
            for choices in index.values():
                choices.sort(key=len, reverse=True)
            self.classes[name] = index

    def rule(self, name: str, *patterns: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Decorator: the action for the patterns of a rule, in order of preference."""

        def add(action: Callable[..., Any]) -> Callable[..., Any]:
            for pattern in patterns:
                self.productions.setdefault(name, []).append(
                    Production(pattern, action, self._first(pattern))
                )
            return action

        return add

    def primitive(self, name: str) -> Callable[[Primitive], Primitive]:
        """Decorator: a rule that reads tokens itself."""

        def add(function: Primitive) -> Primitive:
            self.primitives[name] = function
            return function

        return add

    def words(self) -> frozenset[str]:
        """Every word the patterns and the vocabulary know."""
        known = {
            word
            for index in self.classes.values()
            for phrases in index.values()
            for words in phrases
            for word in words
        }
        for productions in self.productions.values():
            for production in productions:
                known.update(item for item in _ITEM.findall(production.pattern) if item[0] not in "()[]|<{")
        return frozenset(known)

    # --- compiling patterns

    def _first(self, pattern: str) -> Collection[str] | None:
        """The words a pattern can start with, where its first item tells; else None."""
        head = pattern.split(maxsplit=1)[0]
        if head[0] == "<" and head[-1] == ">":
            return self.classes[head[1:-1]]
        return (head,) if head[0] not in "([{" else None

    def node(self, production: Production) -> Node:
        """The compiled pattern of a production."""
        if production.node is None:
            production.node, production.starts = self._compile(production.pattern)
        return production.node

    def _compile(self, pattern: str) -> tuple[Node, frozenset[str] | None]:
        items = _ITEM.findall(pattern)
        node, rest, starts, _ = self._alternatives(items)
        if rest:
            raise ValueError(f"unbalanced pattern: {pattern}")
        return node, starts

    def _alternatives(self, items: list[str]) -> tuple[Node, list[str], frozenset[str] | None, bool]:
        """Node, remaining items, the words it can start with (None: anything), and whether it can be empty."""
        branches: list[Node] = []
        starts: frozenset[str] | None = frozenset()
        empty = False
        while True:
            node, items, first, nothing = self._sequence(items)
            branches.append(node)
            starts = None if starts is None or first is None else starts | first
            empty = empty or nothing
            if not items or items[0] != "|":
                break
            items = items[1:]
        if len(branches) == 1:
            return branches[0], items, starts, empty

        def either(parser: Parser, position: int) -> Matches:
            return [match for branch in branches for match in branch(parser, position)]

        return either, items, starts, empty

    def _sequence(self, items: list[str]) -> tuple[Node, list[str], frozenset[str] | None, bool]:
        parts: list[Node] = []
        starts: frozenset[str] | None = frozenset()
        empty = True
        while items and items[0] not in ("|", ")", "]"):
            node, items, first, nothing = self._item(items)
            parts.append(node)
            if empty:
                starts = None if starts is None or first is None else starts | first
            empty = empty and nothing

        def sequence(parser: Parser, position: int) -> Matches:
            matches: Matches = [((), position)]
            for part in parts:
                matches = [
                    (captures + more, end)
                    for captures, middle in matches
                    for more, end in part(parser, middle)
                ]
                if not matches:
                    break
            return matches

        return (parts[0] if len(parts) == 1 else sequence), items, (None if empty else starts), empty

    def _item(self, items: list[str]) -> tuple[Node, list[str], frozenset[str] | None, bool]:
        item, items = items[0], items[1:]
        if item in ("(", "["):
            node, items, starts, empty = self._alternatives(items)
            if not items or items[0] != {"(": ")", "[": "]"}[item]:
                raise ValueError(f"unclosed {item}")
            if item == "(":
                return node, items[1:], starts, empty

            def optional(parser: Parser, position: int) -> Matches:
                return [*node(parser, position), ((), position)]

            return optional, items[1:], starts, True
        if item.startswith("<"):
            index = self.classes[item[1:-1]]

            def phrase(parser: Parser, position: int) -> Matches:
                return [((), end) for end in parser.phrases(index, position)]

            return phrase, items, frozenset(index), False
        if item.startswith("{"):
            rule, _, name = item[1:-1].partition(":")
            name = name or rule

            def captured(parser: Parser, position: int) -> Matches:
                return [(((name, value),), end) for value, end in parser.parse(rule, position)]

            return captured, items, None, False

        def word(parser: Parser, position: int) -> Matches:
            if parser.text(position) != item:
                return []
            return [((), position + 1)]

        return word, items, frozenset((item,)), False


class Parser:
    """Parses one token list.

    Args:
        antecedent: what "them" and "their" refer to, or None.
        unknown: words that nobody knows and that may stand where a topic should, to say that they are none.
    """

    def __init__(
        self,
        grammar: Grammar,
        tokens: list[Token],
        antecedent: Any = None,
        unknown: frozenset[str] = frozenset(),
    ) -> None:
        self.unknown = unknown
        self.grammar = grammar
        self.tokens = tokens
        self.antecedent = antecedent
        self.furthest = 0
        self._steps = 0
        self._memo: dict[tuple[str, int], Values] = {}

    def text(self, position: int) -> str:
        """Text of a token, "" behind the end; remembers how far the parser looked with success."""
        if position >= len(self.tokens):
            return ""
        if position > self.furthest:
            self.furthest = position
        return self.tokens[position].text

    def phrases(self, index: dict[str, list[tuple[str, ...]]], position: int) -> Iterator[int]:
        """Ends of the phrases of a class that begin here, longest first."""
        for words in index.get(self.text(position), ()):
            end = position + len(words)
            if all(self.text(position + k) == word for k, word in enumerate(words)):
                yield end

    def parse(self, rule: str, position: int) -> Values:
        """Every (value, end) of a rule at a position, preferred ones first."""
        key = (rule, position)
        if key in self._memo:
            return self._memo[key]
        self._memo[key] = []  # a rule that begins with itself finds nothing instead of recursing for ever
        self._steps += 1
        values: Values = []
        seen: set[tuple[Any, int]] = set()
        if rule in self.grammar.primitives:
            candidates: Iterator[tuple[Any, int]] = iter(self.grammar.primitives[rule](self, position))
        else:
            candidates = self._produce(rule, position)
        for value, end in candidates:
            self._steps += 1
            if self._steps > MAX_STEPS:
                raise TooAmbiguous
            if (value, end) not in seen:
                seen.add((value, end))
                values.append((value, end))
        self._memo[key] = values
        return values

    def _produce(self, rule: str, position: int) -> Iterator[tuple[Any, int]]:
        text = self.text(position)
        for production in self.grammar.productions[rule]:
            if production.starts is not None and text not in production.starts:
                continue
            node = self.grammar.node(production)
            if production.starts is not None and text not in production.starts:
                continue
            for captures, end in node(self, position):
                value = production.action(**dict(captures))
                if value is not None:
                    yield value, end

    def complete(self, rule: str) -> list[Any]:
        """Values of a rule that cover all tokens."""
        return [value for value, end in self.parse(rule, 0) if end == len(self.tokens)]
