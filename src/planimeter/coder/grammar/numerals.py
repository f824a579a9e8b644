"""Numbers as people write them: 1,000 and .5, "two and a half", "a dozen", "three quarters of"."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from planimeter.vocabulary.numbers import GROUPS, LARGE, ONES, PARTS, SCALES, TENS
from planimeter.vocabulary.units import UNITS

if TYPE_CHECKING:
    from planimeter.coder.grammar.lexer import Token


def read_number(digits: str) -> float:
    """The value of digits ("1,000", ".5", "½").

    >>> read_number("1,000.5"), read_number(".5"), read_number("¾")
    (1000.5, 0.5, 0.75)
    """
    if len(digits) == 1 and not digits.isdecimal():
        return 1 / 3 if digits == "⅓" else 2 / 3 if digits == "⅔" else unicodedata.numeric(digits)
    return float(digits.replace(",", ""))


def spoken(tokens: list[Token], start: int) -> tuple[float, bool, int] | None:
    """The number that begins at a token: its value, whether it was said as a part, and how many tokens it takes.

    "half a hectare" takes "half a"; "a tenth of a hectare" takes "a tenth of a" because a unit follows; "a third of
    the forest" takes "a third" only.
    """
    whole = _whole(tokens, start)
    if whole is None:
        part = _part(tokens, start)
        return None if part is None else (part[0], True, _before_unit(tokens, start, part[1]))
    value, length = whole
    end = start + length
    # two thirds, 3 quarters
    if (
        end < len(tokens)
        and tokens[end].text in PARTS
        and not tokens[end].before
        and value == int(value)
        and value
    ):
        word = tokens[end].text
        plural = word.endswith("s") and word != "s"
        if plural == (value != 1):
            return value / PARTS[word], True, _before_unit(tokens, start, length + 1)
    # two and a half, 2½
    if end < len(tokens) and tokens[end].number is not None and tokens[end].fraction:
        return value + float(tokens[end].number or 0), False, length + 1
    if _texts(tokens, end, 1) == ["and"]:
        part = _part(tokens, end + 1)
        if part is not None:
            return value + part[0], False, _before_unit(tokens, start, length + 1 + part[1])
    return value, tokens[start].fraction and length == 1, _before_unit(tokens, start, length)


def _texts(tokens: list[Token], start: int, count: int) -> list[str]:
    return [token.text for token in tokens[start : start + count]]


def _part(tokens: list[Token], start: int) -> tuple[float, int] | None:
    words = _texts(tokens, start, 3)
    if words[:1] == ["half"] or (
        words[:1] == ["quarter"] and words[1:2] in (["of"], ["hectare"], ["acre"], ["mile"])
    ):
        return 1 / PARTS[words[0]], 1
    if (
        words[:1] in (["a"], ["one"], ["an"])
        and len(words) > 1
        and words[1] in PARTS
        and not words[1].endswith("s")
    ):
        # "a third" is a part; "a third largest" is a rank.
        if words[2:3] and words[2] in ("largest", "biggest", "smallest", "greatest"):
            return None
        return 1 / PARTS[words[1]], 2
    return None


def _before_unit(tokens: list[Token], start: int, length: int) -> int:
    """Also take "a", "of a" where a unit follows the number ("half a hectare", "a tenth of a hectare")."""
    for link in (["of", "a"], ["of", "an"], ["of", "one"], ["a"], ["an"], ["of"]):
        end = start + length
        if _texts(tokens, end, len(link)) == link:
            after = tuple(_texts(tokens, end + len(link), 1))
            two = tuple(_texts(tokens, end + len(link), 2))
            if after in UNITS or two in UNITS:
                return length + len(link)
    return length


def _whole(tokens: list[Token], start: int) -> tuple[float, int] | None:
    """Whole numbers in words, digits, or digits with a scale word ("five hundred", "2 dozen", "a hundred")."""
    words = [
        token.text if index == 0 or not token.before else "" for index, token in enumerate(tokens[start:])
    ]
    first = tokens[start]
    if first.number is not None:
        scale = SCALES.get(words[1], 1) if len(words) > 1 and not first.fraction else 1
        return first.number * scale, 1 if scale == 1 else 2
    if words[0] in ("a", "an"):
        if words[1:3] in (["couple", "of"], ["pair", "of"]):
            return 2.0, 3
        if len(words) > 1 and words[1] in SCALES:
            words[0] = "one"
        else:
            return (1.0, 1) if _is_unit(words[1:]) else None
    elif words[0] in SCALES and len(words) > 1:
        if words[0] in GROUPS:
            return float(GROUPS[words[0]]), 1
        value, length = _spelled(["one", *words])
        return float(value), length - 1
    value, length = _spelled(words)
    return (float(value), length) if length else None


def _is_unit(words: list[str]) -> bool:
    """Whether a unit written in full stands here ("hectare", "square kilometre"), after "a"."""
    return tuple(words[:2]) in UNITS or (len(words[:1]) == 1 and len(words[0]) > 2 and (words[0],) in UNITS)


def _spelled(words: list[str]) -> tuple[int, int]:
    """Value and length of a number in words; length 0 where there is none."""
    value, length = _below_thousand(words)
    if not length:
        return 0, 0
    if length < len(words) and words[length] in GROUPS:
        return value * GROUPS[words[length]], length + 1
    if length < len(words) and words[length] in LARGE:
        value, length = value * LARGE[words[length]], length + 1
        joint = length + (words[length : length + 1] == ["and"])
        rest, more = _below_thousand(words[joint:])
        if more and rest:
            return value + rest, joint + more
    return value, length


def _below_thousand(words: list[str]) -> tuple[int, int]:
    value, length = _below_hundred(words)
    if not length or words[length : length + 1] != ["hundred"]:
        return value, length
    value, length = value * 100, length + 1
    joint = length + (words[length : length + 1] == ["and"])
    rest, more = _below_hundred(words[joint:])
    return (value + rest, joint + more) if more and rest else (value, length)


def _below_hundred(words: list[str]) -> tuple[int, int]:
    if words and words[0] in TENS:
        ones = ONES.get(words[1], 0) if len(words) > 1 else 0
        return (TENS[words[0]] + ones, 2) if 0 < ones < 10 else (TENS[words[0]], 1)
    return (ONES[words[0]], 1) if words and words[0] in ONES else (0, 0)
