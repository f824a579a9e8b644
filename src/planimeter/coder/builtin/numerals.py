"""Numbers as people write them: 1,000 and .5, "two and a half", "a dozen", "three quarters of"."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from planimeter.coder.builtin.lexer import Token

_ONES = {
    word: float(value)
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: float(10 * value)
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"hundred": 100.0, "thousand": 1000.0, "million": 1_000_000.0}
_PARTS = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
    "hundredth": 100, "hundredths": 100,
}  # fmt: skip


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
    if end < len(tokens) and tokens[end].text in _PARTS and not tokens[end].before and value == int(value) and value:
        word = tokens[end].text
        plural = word.endswith("s") and word != "s"
        if plural == (value != 1):
            return value / _PARTS[word], True, _before_unit(tokens, start, length + 1)
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
    if words[:1] == ["half"] or (words[:1] == ["quarter"] and words[1:2] in (["of"], ["hectare"], ["acre"], ["mile"])):
        return 1 / _PARTS[words[0]], 1
    if words[:1] in (["a"], ["one"], ["an"]) and len(words) > 1 and words[1] in _PARTS and not words[1].endswith("s"):
        # "a third" is a part; "a third largest" is a rank.
        if words[2:3] and words[2] in ("largest", "biggest", "smallest", "greatest"):
            return None
        return 1 / _PARTS[words[1]], 2
    return None


def _before_unit(tokens: list[Token], start: int, length: int) -> int:
    """Also take "a", "of a" where a unit follows the number ("half a hectare", "a tenth of a hectare")."""
    from planimeter.coder.builtin.units import UNITS

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
    from planimeter.coder.builtin.units import UNITS

    total, current, position = 0.0, None, start
    while position < len(tokens) and (position == start or not tokens[position].before):
        token = tokens[position]
        if token.number is not None:
            if current is not None or token.fraction and position > start:
                break
            current = token.number
        elif token.text in _ONES:
            if current is not None and (token.text == "zero" or current % 100 == 0 and current or current % 10):
                if not (current >= 100 and current % 100 == 0):
                    break
            if current is not None and current % 10 and current % 100:
                break
            current = (current or 0.0) + _ONES[token.text]
        elif token.text in _TENS:
            if current is not None and current % 100:
                break
            current = (current or 0.0) + _TENS[token.text]
        elif token.text in _SCALES and (current is not None or position > start):
            scale = _SCALES[token.text]
            current = (current or 1.0) * scale
            if scale >= 1000:
                total, current = total + current, None
                if position + 1 < len(tokens) and tokens[position + 1].text not in (*_ONES, *_TENS, "and"):
                    position += 1
                    break
        elif token.text in _SCALES and position == start and position + 1 < len(tokens):
            current = _SCALES[token.text]
        elif token.text == "dozen" and (current is not None or position == start):
            current = (1.0 if current is None else current) * 12
            position += 1
            break
        elif (
            token.text == "and"
            and current is not None
            and current >= 100
            and current % 100 == 0
            and position + 1 < len(tokens)
            and tokens[position - 1].text in _SCALES
            and (tokens[position + 1].text in _ONES or tokens[position + 1].text in _TENS)
        ):
            pass
        elif token.text in ("a", "an") and position == start:
            following = tokens[position + 1].text if position + 1 < len(tokens) else ""
            pair = tuple(_texts(tokens, position + 1, 2))
            if following in _SCALES or following == "dozen":
                current = 1.0
            elif following in ("couple", "pair") and _texts(tokens, position + 2, 1) == ["of"]:
                return 2.0, 3
            elif (following,) in UNITS and following not in ("m", "w", "px", "mi", "pixel") or pair in UNITS:
                return 1.0, 1
            else:
                return None
        else:
            break
        position += 1
    if position == start:
        return None
    return total + (current or 0.0), position - start
