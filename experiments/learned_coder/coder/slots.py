"""Numbers and topics taken out of a question before the model reads it, and put into its program afterwards.

"How many houses over 400 m² are within 50 m of a pond?" is read as "how many <t1> over <a1> are within <d1> of <t2>?".
What a word or a number means is known here without any learning; the model learns what is asked of them. So it cannot
get a number wrong, and a word it never saw is as good as one that it saw often.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from learned_coder.coder.prompt import plain

from planimeter.errors import NotUnderstood
from planimeter.vocabulary.topics import SYNONYMS

# unit → what is written, and how a number in it becomes hectares or metres in a program
AREAS: dict[str, tuple[str, str]] = {
    "ha": (r"ha|hectares?", "{}"),
    "m²": (
        r"m2|m \^ ?2|sq\.? ?m|sqm|square met(?:re|er)s?|square m|met(?:re|er)s squared",
        "{} / 10000",
    ),
    "acres": (r"acres?|ac", "{} * 0.40468564224"),
    "km²": (r"km2|sq\.? ?km|sqkm|square kilomet(?:re|er)s?", "{} * 100"),
}
LENGTHS: dict[str, tuple[str, str]] = {
    "m": (r"m|met(?:re|er)s?|mtrs?", "{}"),
    "km": (r"km|kilomet(?:re|er)s?", "{} * 1000"),
    "ft": (r"ft|feet|foot", "{} * 0.3048"),
    "yd": (r"yds?|yards?", "{} * 0.9144"),
}
_WORDED = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8",
    "nine": "9", "ten": "10", "fifteen": "15", "twenty": "20", "thirty": "30", "forty": "40", "fifty": "50",
    "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90", "a hundred": "100", "one hundred": "100",
    "hundred": "100", "two hundred": "200", "three hundred": "300", "five hundred": "500", "a thousand": "1000",
}  # fmt: skip
_UNITS = {**AREAS, **LENGTHS}
_UNIT = "|".join(f"(?P<u{index}>{words})" for index, (words, _) in enumerate(_UNITS.values()))
_WORDS = "|".join(sorted(_WORDED, key=len, reverse=True))
_NAMED = "|".join(words for words, _ in _UNITS.values())
_VALUE = rf"\d[\d,]*(?:\.\d+)?|\.\d+|\b(?:{_WORDS})(?= (?:{_NAMED})\b)"
_POWER = re.compile(
    r"(\d[\d,]*(?:\.\d+)?) ?(?:w|watts?) ?(?:/|per|a) ?(?:m2|sqm|square met(?:re|er)s?|m)(?!\w)"
)
_RANGE = re.compile(
    rf"(?<![\w.])(?P<low>{_VALUE})(?P<between> ?(?:-|to|and|until|up to) ?)(?P<high>{_VALUE})"
    rf"[ -]?(?:{_UNIT})(?!\w)"
)
_NUMBER = re.compile(rf"(?<![\w.])(?P<value>{_VALUE})[ -]?(?:{_UNIT})(?!\w)")
_DOUBTFUL = re.compile(r"[\d.,]*\d(?:,| ?[/⁄] ?)\d[\d.,]*")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_SLOT = re.compile(r"<(?:t|a|d|w)\d>")
_MOST = 3  # slots of a kind
SLOTS = tuple(f"<{kind}{number}>" for kind in "tadw" for number in range(1, _MOST + 1))

_MORE_NAMES = {
    "bldg": "roof", "bldgs": "roof", "settlement": "urban", "settlements": "urban", "vegetated": "vegetation",
    "green spaces": "vegetation", "green patch": "vegetation", "green patches": "vegetation",
}  # fmt: skip
_NAMES = {**SYNONYMS, **_MORE_NAMES}
_LONGEST_NAME = max(len(name.split()) for name in _NAMES)


@dataclass(frozen=True)
class Slotted:
    """A question without its numbers and topics.

    Attributes:
        text: in plain form, with slots.
        values: slot → what a program writes in its place.
    """

    text: str
    values: dict[str, str]

    def fill(self, program: str) -> str:
        """A program with values in place of its slots; a slot that the question has not stays."""
        return _SLOT.sub(lambda found: self.values.get(found[0], found[0]), program)

    def empty(self, program: str) -> str:
        """A program with slots in place of the question's values, as the model writes it."""
        for slot, value in self.values.items():
            if slot[1] == "t":
                program = program.replace(f"'{value}'", f"'{slot}'")
            else:
                program = re.sub(_place(slot, value), lambda found, slot=slot: found[1] + slot, program)  # type: ignore[misc]
        return program


@lru_cache(maxsize=4096)
def slotted(question: str) -> Slotted:
    """A question with slots in place of numbers that have a unit, and of topics.

    A comma inside a number is taken between thousands alone.

    Raises:
        NotUnderstood: a decimal comma, which many would read as one of thousands, or a fraction.

    Example:
        >>> found = slotted("How many houses over 400 m² are within 50 m of a pond?")
        >>> found.text
        'how many <t1> over <a1> are within <d1> of a <t2>?'
        >>> found.values
        {'<a1>': '400 / 10000', '<d1>': '50', '<t1>': 'roof', '<t2>': 'water'}
    """
    values: dict[str, str] = {}

    def slot(kind: str, value: str) -> str:
        for name, known in values.items():
            if name[1] == kind and known == value:
                return name
        number = 1 + sum(name[1] == kind for name in values)
        if number > _MOST:
            return value
        values[f"<{kind}{number}>"] = value
        return f"<{kind}{number}>"

    def measure(value: str, found: re.Match[str]) -> str:
        unit = next(name for index, name in enumerate(_UNITS) if found[f"u{index}"])
        return slot("a" if unit in AREAS else "d", _UNITS[unit][1].format(_literal(value)))

    text = plain(question)
    for number in _DOUBTFUL.findall(text):
        if not _THOUSANDS.fullmatch(number.strip(".,")):
            raise NotUnderstood(
                f'"{number[:20]}" can be read in two ways: write decimals with a point, as in 2.5, and thousands as in '
                "1,000."
            )
    text = _POWER.sub(lambda found: slot("w", _literal(found[1])), text)
    text = _RANGE.sub(
        lambda found: measure(found["low"], found) + found["between"] + measure(found["high"], found), text
    )
    text = _NUMBER.sub(lambda found: measure(found["value"], found), text)
    return Slotted(_topics_out(text, slot), values)


def _topics_out(text: str, slot: object) -> str:
    """The text with topics' names replaced, the longest first."""
    parts = re.split(r"(<\w+>|[^\W\d_]+(?:-[^\W\d_]+)*)", text)
    words = [
        (index, part.replace("-", " ")) for index, part in enumerate(parts) if index % 2 and part[0] != "<"
    ]
    at = 0
    while at < len(words):
        for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
            here = words[at : at + length]
            together = all(
                parts[index + 1] == " " and after == index + 2 for (index, _), (after, _) in pairwise(here)
            )
            topic = _NAMES.get(" ".join(word for _, word in here)) if together else None
            if topic is not None:
                first, last = here[0][0], here[-1][0]
                parts[first] = slot("t", topic)  # type: ignore[operator]
                parts[first + 1 : last + 1] = [""] * (last - first)
                at += length - 1
                break
        at += 1
    return "".join(parts)


def _literal(value: str) -> str:
    """A number as Python writes it.

    Example:
        >>> _literal("1,000"), _literal(".50"), _literal("fifty"), _literal("50.0")
        ('1000', '0.5', '50', '50')
    """
    digits = _WORDED.get(value, value).replace(",", "")
    return f"{float(digits):.9f}".rstrip("0").rstrip(".")


def _place(slot: str, value: str) -> str:
    """Where a number stands in a compact program, by its kind."""
    before = {
        "a": r"(\['area_hectares'\] >=? |<= s\['area_hectares'\] <= |in found if |answer = value > )",
        "d": "(, )",
        "w": r"(\* )",
    }
    after = {"a": r"(?=\]| <= s\[|$)", "d": r"(?=, gsd\))", "w": "(?= / 1000000)"}
    return before[slot[1]] + re.escape(value) + after[slot[1]]
