"""Which tokens of a pretrained model lower-case English questions need, and what merges them."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from pathlib import Path

from planimeter.coder.rewriter.tokens import Tokens

SPECIAL = ("<forward>", "<backward>", "<turn>", "<end>")
"""In front of all others: a wording follows, a plain sentence follows, the other follows, it is over."""
_STAND_IN = ("<|im_start|>", "<|endoftext|>", "<repo_name>", "<|im_end|>")
"""The pretrained model's own special tokens whose embeddings they start from."""
MOST = 16400
"""Tokens of the model that ships; the rarest of the pretrained ones that would be more are left out."""


class _Pretrained:
    """The tokens of lower-case English of a pretrained model, and what merges them.

    Args:
        folder: with its ``tokenizer.json`` (byte pairs).
    """

    def __init__(self, folder: str | Path) -> None:
        model = json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf-8"))
        numbers: dict[str, int] = model["model"]["vocab"]
        pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in model["model"]["merges"]]
        plain = {name: name.replace("Ġ", " ") for name in numbers}
        ours = {
            name
            for name, text in plain.items()
            if text.isascii() and text.isprintable() and text == text.lower()
        }
        self.names = {plain[name]: number for name, number in numbers.items() if name in ours}
        self.added: dict[str, int] = {one["content"]: one["id"] for one in model["added_tokens"]}
        self._merges = [(plain[a], plain[b]) for a, b in pairs if a in ours and b in ours and a + b in ours]
        self._parents = {a + b: (a, b) for a, b in reversed(self._merges)}

    def used(self, texts: Iterable[str]) -> set[str]:
        """The tokens that texts need."""
        whole = Tokens(["", *self.names], self._merges, 1)
        return {whole.tokens[token] for text in texts for token in whole.encode(text)}

    def closed(self, kept: Iterable[str]) -> set[str]:
        """Tokens with those that they are merged from."""
        found = set(kept)
        waiting = list(found)
        while waiting:
            for part in self._parents.get(waiting.pop(), ()):
                if part not in found:
                    found.add(part)
                    waiting.append(part)
        return found

    def merges(self, kept: Container[str]) -> list[tuple[str, str]]:
        """What merges tokens that stay, the first of them first."""
        return [(a, b) for a, b in self._merges if a in kept and b in kept and a + b in kept]


def cut(folder: str | Path, texts: Iterable[str], most: int = MOST) -> tuple[Tokens, list[int]]:
    """The tokens that stay, and their numbers in the pretrained model.

    Args:
        folder: with the pretrained ``tokenizer.json`` (byte pairs).
        texts: wordings; every token that they need stays, beside the common ones.
        most: tokens in all, but for those that the texts need.
    """
    whole = _Pretrained(folder)
    kept = _filled(whole, whole.used(texts) | {text for text in whole.names if len(text) == 1}, most)
    ordered = sorted(kept, key=whole.names.__getitem__)
    stand_in = [whole.added.get(name, 0) for name in _STAND_IN]
    numbers = stand_in + [whole.names[text] for text in ordered]
    return Tokens([*SPECIAL, *ordered], whole.merges(kept), len(SPECIAL)), numbers


def widened(
    tokens: Tokens, folder: str | Path, texts: Iterable[str], most: int = MOST
) -> tuple[Tokens, list[int]]:
    """Tokens with more of the pretrained model's behind them, and the numbers there of all but the special ones.

    Args:
        tokens: of a model that was trained from the same pretrained one.
        folder: with the pretrained ``tokenizer.json``.
        texts: wordings; every token that they need is among them.
        most: tokens in all, but for those that the texts need.
    """
    whole = _Pretrained(folder)
    before = set(tokens.tokens[tokens.special :])
    kept = _filled(whole, whole.used(texts) | before, most)
    new = sorted(kept - before, key=whole.names.__getitem__)
    all_tokens = [*tokens.tokens, *new]
    numbers = [whole.names[text] for text in all_tokens[tokens.special :]]
    return Tokens(all_tokens, whole.merges(kept), tokens.special), numbers


def _filled(whole: _Pretrained, kept: set[str], most: int) -> set[str]:
    """With the commonest of the others, which stand first in the pretrained model, up to a number in all."""
    kept = whole.closed(kept)
    for text in sorted(whole.names, key=whole.names.__getitem__):
        if len(kept) + len(SPECIAL) >= most:
            break
        kept = kept if text in kept else kept | whole.closed((text,))
    return kept
