"""Text to the rewriter's tokens and back: byte pairs of lower-case ASCII."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

_CHARACTERS = {
    "²": "2", "–": "-", "—": "-", "−": "-", "‑": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "…": "...", "≤": "<=",
    "≥": ">=", "×": "x", "½": "0.5", "¼": "0.25", "\u00a0": " ",
}  # fmt: skip
_PIECES = re.compile(r"'(?:s|t|re|ve|m|ll|d)|\d| ?[a-z]+| ?[^\sa-z\d]+|\s+")


def lowered(text: str) -> str:
    """Text as the rewriter reads it: lower case, plain characters, single spaces.

    >>> lowered("How many  m² of “Forest” – please?")
    'how many m2 of "forest" - please?'
    """
    for old, new in _CHARACTERS.items():
        text = text.replace(old, new)
    text = re.sub(r"\bm\^2", "m2", text.lower())
    return " ".join(text.encode("ascii", "ignore").decode().split())


class Tokens:
    """The tokens of a cut vocabulary.

    Args:
        tokens: their texts, a space written as it is.
        merges: pairs of texts that become one token, the first of them first.
        special: the texts of tokens that no text contains, in front of the others.

    Example:
        >>> tokens = Tokens(["<end>", " ", "a", "b", "ab", " ab"], [("a", "b"), (" ", "ab")], 1)
        >>> tokens.encode("ab ab"), tokens.decode([4, 5])
        ([4, 5], 'ab ab')
    """

    def __init__(self, tokens: Sequence[str], merges: Iterable[tuple[str, str]], special: int) -> None:
        self.tokens = list(tokens)
        self.special = special
        self.numbers = {text: number for number, text in enumerate(self.tokens) if number >= special}
        self._ranks = {pair: rank for rank, pair in enumerate(merges)}
        self._piece = cache(self._merged)

    @classmethod
    def read(cls, path: Path) -> Tokens:
        """Those of a file that ``written`` made."""
        return cls.parsed(path.read_text(encoding="utf-8"))

    @classmethod
    def parsed(cls, text: str) -> Tokens:
        """Those of a text that ``written`` made."""
        content = json.loads(text)
        return cls(content["tokens"], [tuple(pair) for pair in content["merges"]], content["special"])

    def written(self) -> str:
        """As JSON."""
        merges = sorted(self._ranks, key=self._ranks.__getitem__)
        return json.dumps(
            {"special": self.special, "tokens": self.tokens, "merges": merges}, separators=(",", ":")
        )

    def encode(self, text: str) -> list[int]:
        """The tokens of a text that ``lowered`` made; characters without a token are left out."""
        return [number for piece in _PIECES.findall(text) for number in self._piece(piece)]

    def decode(self, numbers: Iterable[int]) -> str:
        """The text of tokens."""
        return "".join(self.tokens[number] for number in numbers if number >= self.special)

    def _merged(self, piece: str) -> tuple[int, ...]:
        parts = [letter for letter in piece if letter in self.numbers]
        while len(parts) > 1:
            ranked = [
                (self._ranks.get(pair, len(self._ranks)), place) for place, pair in enumerate(pairwise(parts))
            ]
            rank, place = min(ranked)
            if rank == len(self._ranks):
                break
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return tuple(self.numbers[part] for part in parts if part in self.numbers)
