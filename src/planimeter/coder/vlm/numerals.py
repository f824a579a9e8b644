"""Numbers written as words, to digits."""

from __future__ import annotations

import re

_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "  # noqa: SIM905
        "sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)  # noqa: SIM905
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000}
_WORD = "|".join([*_ONES, *_TENS, *_SCALES])
_RUN = re.compile(
    rf"(?<![\w.])(?:(?:a|one)\s+(?=(?:hundred|thousand|million|dozen)\b))?\b(?:{_WORD}|dozen)\b"
    rf"(?:(?:[\s-]+|\s+and\s+)(?:{_WORD})\b)*",
    re.IGNORECASE,
)


def replace_numerals(text: str) -> str:
    """A text with its spelt-out numbers in digits; "one" alone is left, since it is rarely a number.

    Example:
        >>> replace_numerals("twenty-one buildings"), replace_numerals("one hundred and five")
        ('21 buildings', '105')
        >>> replace_numerals("a dozen"), replace_numerals("2.5 million"), replace_numerals("one")
        ('12', '2.5 million', '1')
    """
    return _RUN.sub(lambda found: _digits(text, found), text)


def _digits(text: str, found: re.Match[str]) -> str:
    words = [word for word in re.split(r"[\s-]+", found.group(0).lower()) if word not in ("and", "a")]
    before = text[: found.start()].rstrip()
    if words[0] in _SCALES and before[-1:].isdigit():
        return found.group(0)  # "2.5 million": the number is in digits already
    if words == ["one"] and re.search(r"\S", text.replace(found.group(0), "", 1).strip(" .!")):
        return found.group(0)  # "one of the fields"
    total, part = 0, 0
    for word in words:
        if word == "dozen":
            part = (part or 1) * 12
        elif word in _SCALES:
            part = (part or 1) * _SCALES[word]
            if _SCALES[word] > 100:
                total, part = total + part, 0
        else:
            part += _ONES.get(word, _TENS.get(word, 0))
    return str(total + part)
