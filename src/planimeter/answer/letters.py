"""Texts in the letters that a picture can be written in: Pillow's own font has ASCII and few more."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_WORDS = {
    "km²": "sq km", "m²": "sq m", "≥": ">=", "≤": "<=", "→": "->", "–": "-", "—": "-", "−": "-", "×": "x",
    "Ł": "L", "ł": "l", "Ø": "O", "ø": "o", "Đ": "D", "đ": "d",
    "ß": "ss", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Þ": "Th", "þ": "th", "ð": "d", "ı": "i",
}  # fmt: skip


_HAS = frozenset("©«°±´·»…‘’“”")  # beside ASCII


def drawable(text: str) -> str:
    """A text without what the font lacks: accents go, symbols become words, and what is left becomes "?".

    Example:
        >>> drawable("Łódź – 3 m²"), drawable("São Tomé"), drawable("東京 1")
        ('Lodz - 3 sq m', 'Sao Tome', '?? 1')
    """
    for symbol, words in _WORDS.items():
        text = text.replace(symbol, words)
    return "".join(
        letter if letter in _HAS or letter.isascii() else _without_accents(letter) for letter in text
    )


def _without_accents(letter: str) -> str:
    parts = [part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part)]
    return "".join(part if part in _HAS or " " <= part <= "~" else "?" for part in parts)


def drawable_names(names: Sequence[str]) -> list[str]:
    """Names as a picture can tell them apart: one whose letters the font lacks is called by its number, from 1.

    Example:
        >>> drawable_names(["Zürich", "東京", "札幌"])
        ['Zurich', 'zone 2', 'zone 3']
    """
    found = [(name, drawable(name)) for name in names]
    return [
        f"zone {place}" if said.count("?") > name.count("?") else said
        for place, (name, said) in enumerate(found, start=1)
    ]
