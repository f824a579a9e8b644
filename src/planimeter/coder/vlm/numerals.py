"""Numbers written as words, to digits."""

from __future__ import annotations

import re

from planimeter.vocabulary.numbers import GROUPS, ONES, SCALES, TENS

_WORD = "|".join([*ONES, *TENS, *(word for word in SCALES if word not in GROUPS)])
_GROUP = "|".join(GROUPS)
_SCALE = "|".join(SCALES)
_RUN = re.compile(
    rf"(?<![\w.])(?:(?:a|one)\s+(?=(?:{_SCALE})\b))?\b(?:{_WORD}|{_GROUP})\b"
    rf"(?:(?:[\s-]+|\s+and\s+)(?:{_WORD}|{_GROUP})\b)*",
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
    if words[0] in SCALES and before[-1:].isdigit():
        return found.group(0)  # "2.5 million": the number is in digits already
    if words == ["one"] and re.search(r"\S", text.replace(found.group(0), "", 1).strip(" .!")):
        return found.group(0)  # "one of the fields"
    total, part = 0, 0
    for word in words:
        if word in GROUPS:
            part = (part or 1) * GROUPS[word]
        elif word in SCALES:
            part = (part or 1) * SCALES[word]
            if SCALES[word] > 100:
                total, part = total + part, 0
        else:
            part += ONES.get(word, TENS.get(word, 0))
    return str(total + part)
