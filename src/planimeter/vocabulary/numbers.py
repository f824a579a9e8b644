"""Number words: what they are worth, each written once."""

from __future__ import annotations

ONES: dict[str, int] = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
"""Words below twenty."""

TENS: dict[str, int] = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip

GROUPS: dict[str, int] = {"dozen": 12}
"""Words for so many, which a number may stand in front of and none behind ("two dozen")."""

LARGE: dict[str, int] = {"thousand": 1000, "million": 1_000_000}

SCALES: dict[str, int] = {**GROUPS, "hundred": 100, **LARGE}
"""Everything that multiplies the number in front of it."""

PARTS: dict[str, int] = {
    "half": 2, "halves": 2, "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4,
    "fifth": 5, "fifths": 5, "sixth": 6, "sixths": 6, "eighth": 8, "eighths": 8, "tenth": 10, "tenths": 10,
    "hundredth": 100, "hundredths": 100,
}  # fmt: skip
"""Words for a part, and what it divides by."""

NUMBER_WORDS = (*ONES, *TENS, *SCALES, *PARTS)
"""Every word that is a number, or a part of one."""

RANKS: dict[str, int] = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5}
"""Places in an order."""


def word_of(number: int) -> str:
    """A small whole number in words, larger ones in digits.

    >>> word_of(2), word_of(40), word_of(41)
    ('two', 'forty', '41')
    """
    return next((word for word, value in {**ONES, **TENS}.items() if value == number), str(number))


def rank_of(number: int) -> str:
    """The word for a place in an order; "" where there is none.

    >>> rank_of(2), rank_of(9)
    ('second', '')
    """
    return next((word for word, value in RANKS.items() if value == number), "")


def rank_called(digits: str) -> str | None:
    """The word for a rank in digits, or None where there is none.

    >>> rank_called("2nd"), rank_called("3th"), rank_called("9th")
    ('second', None, None)
    """
    word = rank_of(int(digits[:-2])) if digits[:-2].isdecimal() else ""
    endings = {"first": "st", "second": "nd", "third": "rd"}
    return word if word and endings.get(word, "th") == digits[-2:].lower() else None
