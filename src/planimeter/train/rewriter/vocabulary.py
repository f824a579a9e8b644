"""Which tokens of a pretrained model lower-case English questions need, and what merges them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from planimeter.coder.rewriter.tokens import Tokens

SPECIAL = ("<forward>", "<backward>", "<turn>", "<end>")
"""In front of all others: a wording follows, a plain sentence follows, the other follows, it is over."""
_STAND_IN = ("<|im_start|>", "<|endoftext|>", "<repo_name>", "<|im_end|>")
"""The pretrained model's own special tokens whose embeddings they start from."""
COMMON = 9000
"""Of the pretrained model's tokens, which stand in the order in which they were merged, this many of the first."""


def cut(folder: str | Path, texts: Iterable[str]) -> tuple[Tokens, list[int]]:
    """The tokens that stay, and their numbers in the pretrained model.

    Args:
        folder: with the pretrained ``tokenizer.json`` (byte pairs).
        texts: wordings; every token that they need stays, beside the common ones.
    """
    model = json.loads((Path(folder) / "tokenizer.json").read_text(encoding="utf-8"))
    numbers: dict[str, int] = model["model"]["vocab"]
    pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in model["model"]["merges"]]
    plain = {name: name.replace("Ġ", " ") for name in numbers}
    ours = {
        name for name, text in plain.items() if text.isascii() and text.isprintable() and text == text.lower()
    }
    merges = [(plain[a], plain[b]) for a, b in pairs if a in ours and b in ours and a + b in ours]
    names = {plain[name]: number for name, number in numbers.items() if name in ours}
    whole = Tokens(["", *names], merges, 1)
    used = {whole.tokens[token] for text in texts for token in whole.encode(text)}
    kept = {text for text, number in names.items() if number < COMMON or text in used or len(text) == 1}
    parents = {a + b: (a, b) for a, b in reversed(merges)}
    waiting = list(kept)
    while waiting:
        for part in parents.get(waiting.pop(), ()):
            if part not in kept:
                kept.add(part)
                waiting.append(part)
    ordered = sorted(kept, key=names.__getitem__)
    left = [(a, b) for a, b in merges if a in kept and b in kept and a + b in kept]
    added = {one["content"]: one["id"] for one in model["added_tokens"]}
    stand_in = [added.get(name, 0) for name in _STAND_IN]
    return Tokens([*SPECIAL, *ordered], left, len(SPECIAL)), stand_in + [names[text] for text in ordered]
