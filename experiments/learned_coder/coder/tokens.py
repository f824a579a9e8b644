"""The small model's tokenizer, in plain Python: the same tokens as the library that made it, without the library."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from pathlib import Path

from planimeter.errors import ModelError

PIECES = re.compile(r" ?[^\W\d_]+|\d| ?[^\w\s]|\s+|_")


class Tokens:
    """Byte pairs for questions, whole lines for programs.

    Args:
        path: ``tokenizer.json`` as the training wrote it.

    Raises:
        ModelError: the file cannot be read.
    """

    def __init__(self, path: Path) -> None:
        try:
            record = json.loads(path.read_text(encoding="utf-8"))
            self._vocabulary: dict[str, int] = record["model"]["vocab"]
            merges = [
                tuple(one) if isinstance(one, list) else tuple(one.split(" "))
                for one in record["model"]["merges"]
            ]
            self._whole = {one["content"]: int(one["id"]) for one in record["added_tokens"]}
            special = {one["content"] for one in record["added_tokens"] if one["special"]}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(
                f"{path.name} is no tokenizer of the learned coder ({type(error).__name__}): install Planimeter anew."
            ) from error
        self._rank = {pair: rank for rank, pair in enumerate(merges)}
        longest_first = sorted(self._whole, key=len, reverse=True)
        self._cut = re.compile("(" + "|".join(map(re.escape, longest_first)) + ")")
        self._special = {self._whole[one] for one in special}
        self._texts = {number: text for text, number in self._vocabulary.items()}
        self._plain = {number: text for text, number in self._whole.items()}
        self._character_of = byte_characters()
        self._byte_of = {character: byte for byte, character in self._character_of.items()}
        self.end = self._whole["<eos>"]

    def encode(self, text: str) -> list[int]:
        """Token numbers of a text."""
        numbers: list[int] = []
        for part in self._cut.split(text):
            if part in self._whole:
                numbers.append(self._whole[part])
            else:
                for piece in PIECES.findall(part):
                    numbers += self._pairs(piece)
        return numbers

    def decode(self, numbers: list[int]) -> str:
        """The text of token numbers, without those that mark an end or a padding."""
        parts = bytearray()
        for number in numbers:
            if number in self._special:
                continue
            if number in self._plain:
                parts += self._plain[number].encode()
            else:
                parts += bytes(self._byte_of[character] for character in self._texts[number])
        return parts.decode("utf-8", errors="replace")

    def _pairs(self, piece: str) -> list[int]:
        symbols = [self._character_of[byte] for byte in piece.encode()]
        while len(symbols) > 1:
            ranked = [
                (self._rank.get(pair, len(self._rank)), at) for at, pair in enumerate(pairwise(symbols))
            ]
            rank, at = min(ranked)
            if rank == len(self._rank):
                break
            symbols[at : at + 2] = [symbols[at] + symbols[at + 1]]
        return [self._vocabulary[symbol] for symbol in symbols]


def byte_characters() -> dict[int, str]:
    """A printable character for every byte, as byte-level tokenizers write them.

    Example:
        >>> byte_characters()[32], byte_characters()[65]
        ('Ġ', 'A')
    """
    shown = [*range(33, 127), *range(161, 173), *range(174, 256)]
    table = {byte: chr(byte) for byte in shown}
    hidden = (byte for byte in range(256) if byte not in table)
    table.update({byte: chr(256 + number) for number, byte in enumerate(hidden)})
    return table
