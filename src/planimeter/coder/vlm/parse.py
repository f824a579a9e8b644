"""A vision model's words to an answer, strictly: what is not clearly one answer is none.

A baseline that guesses on behalf of the model would flatter or hurt it; every rule here is a row in a table
of cases.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from planimeter.coder.llm.extract import without_reasoning
from planimeter.coder.llm.formats import AnswerFormat
from planimeter.coder.vlm.numerals import replace_numerals
from planimeter.vocabulary.numbers import SCALES
from planimeter.vocabulary.units import patterns, unit_called

_NUMBER = r"\d{1,3}(?:[,\u00a0\u202f' ]\d{3})+(?:\.\d+)?|\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?|\.\d+"
_EXPONENT = r"(?:\s*(?:e|[x×*]\s*10\s*\^?\s*)\{?(?P<exponent{n}>[-+]?\d{1,2})\}?)?"
_SCALE_WORDS = {**SCALES, "k": 1e3, "mn": 1e6, "billion": 1e9, "bn": 1e9}
_SCALE = "|".join(r"k(?![\w²])" if word == "k" else word for word in _SCALE_WORDS)
_MEASURES = {r"percent(?:age)?(?: points?)?": "%", **patterns(["area", "length", "power", "percent"])}
_UNIT = "|".join(_MEASURES)
_QUANTITY = re.compile(
    rf"(?<![\w.,])(?P<sign>-\s?|minus\s+)?(?P<first>{_NUMBER})"
    + _EXPONENT.replace("{n}", "1")
    + rf"(?:\s*(?P<unit1>%))?(?:\s*(?:-|to|and|\.\.)\s*(?P<second>{_NUMBER}))?"
    + rf"(?:\s*(?P<scale>{_SCALE})\b)?"
    + rf"(?:\s*(?P<unit>{_UNIT})(?![a-z]))?",
    re.IGNORECASE,
)
_BOUND = re.compile(
    r"(?:[<>≤≥]=?|\b(?:more|less|fewer|greater|higher|lower|larger|smaller) than|\b(?:over|under|above|"
    r"below|up to|at least|at most|nearly|almost|exceeds?|well over|just over|just under))\s*\Z",
    re.IGNORECASE,
)
_MARKED = re.compile(
    r"\b(?:final answer|answer|result|estimate|total)(?:\s+is)?\s*(?:[:=]|is\b|≈|~)\s*(?P<rest>[^\n]+)",
    re.IGNORECASE,
)
_BOXED = re.compile(r"\\boxed\{(?:\\text\{)?([^{}]*)\}?\}")
_NOTHING = re.compile(
    r"^(?:none|nothing|nil|there (?:is|are) (?:none|no\b[^.]*)|no\b[^.,;]{0,40})[.!]?$", re.IGNORECASE
)
_YES = re.compile(r"^(?:yes|true|correct)\b(?!\s*(?:and|or|/)\s*no)", re.IGNORECASE)
_NO = re.compile(
    r"^(?:no|false|incorrect)\b(?!\s*(?:and|or|/)\s*yes|\s*(?:idea|way to|answer))", re.IGNORECASE
)


@dataclass(frozen=True)
class ReadReply:
    """An answer that was read off a reply.

    Attributes:
        answer: a number in the wanted unit, "yes" or "no", or a word.
        unit: the wanted unit; None for words.
        note: how it was read where that was not literal, such as "middle of a range".
    """

    answer: float | int | str
    unit: str | None = None
    note: str = ""


@dataclass(frozen=True)
class _Quantity:
    value: float
    unit: str | None
    note: str
    is_bound: bool


def parse_answer(reply: str, wanted: AnswerFormat) -> ReadReply | None:
    """The answer in a reply, or None when it is not clearly one.

    Example:
        >>> parse_answer("About 12,500 m².", AnswerFormat("number", "ha"))
        ReadReply(answer=1.25, unit='ha', note='')
        >>> parse_answer("<think>3? 4?</think>**Answer:** 10-14 buildings", AnswerFormat("number", "count"))
        ReadReply(answer=12, unit='count', note='middle of a range')
        >>> parse_answer("Maybe 3, maybe 5.", AnswerFormat("number", "count")) is None
        True
    """
    text = _plain(without_reasoning(reply))
    if not text:
        return None
    if wanted.type == "yes/no":
        return _yes_no(text)
    if wanted.type == "category":
        return _category(text, wanted.options)
    if wanted.type == "any":
        found = _yes_no(text) or _number(text, None)
        return found or ReadReply(text[:2000])
    return _number(text, wanted.unit)


def _plain(text: str) -> str:
    """Text without Markdown, LaTeX and quotes around the answer."""
    boxed = _BOXED.findall(text)
    if boxed:
        text = boxed[-1]
    text = text.replace("\\%", "%").replace("−", "-").replace("–", "-").replace("\\,", "").replace("—", " - ")
    text = re.sub(r"\\(?:text|mathrm)\{([^{}]*)\}", r"\1", text)
    text = re.sub(r"\*\*|__|[`$\"“”]|^#+\s*|^\s*>\s+", "", text, flags=re.MULTILINE)
    return text.strip()


def _after_mark(text: str) -> str | None:
    """What follows the last "Answer:" or "the answer is"."""
    found = _MARKED.findall(text)
    return found[-1].strip() if found else None


def _yes_no(text: str) -> ReadReply | None:
    for part in (_after_mark(text), text, text.splitlines()[-1]):
        if part is None:
            continue
        word = part.lstrip("([ '").strip()
        if _YES.match(word):
            return ReadReply("yes")
        if _NO.match(word):
            return ReadReply("no")
    return None


def _category(text: str, options: tuple[str, ...]) -> ReadReply | None:
    part = _after_mark(text) or text
    if not options:
        word = part.strip(" .!'").lower()
        return ReadReply(word) if re.fullmatch(r"[\w-]+(?: [\w-]+){0,2}", word) else None
    found = {
        option
        for option in options
        if re.search(rf"(?<!\bnot )(?<!\bnot a )(?<!\bneither )\b{re.escape(option)}\b", part, re.IGNORECASE)
    }
    return (
        ReadReply(found.pop())
        if len(found) == 1 and not re.search(r"\bnot\b|\bneither\b|n't\b", part)
        else None
    )


def _number(text: str, unit: str | None) -> ReadReply | None:
    """The one number of a reply in the wanted unit: after "answer:", on the last line, or the only one."""
    marked = _after_mark(text)
    for part in (marked, text.splitlines()[-1], text):
        if part is None:
            continue
        if unit == "count" and _NOTHING.match(part.strip()):
            return ReadReply(0, unit)
        found = _one_of([_converted(q, unit) for q in _quantities(replace_numerals(part)) if not q.is_bound])
        if found is not None:
            value = int(found.value) if unit == "count" and found.value.is_integer() else found.value
            return ReadReply(value, unit, found.note)
        if part == marked:
            return None  # what is called the answer is not one
    return None


def _one_of(found: list[_Quantity | None]) -> _Quantity | None:
    """The only quantity; of several, the only one that names its unit; otherwise none."""
    known = [quantity for quantity in found if quantity is not None]
    named = [quantity for quantity in known if quantity.unit is not None]
    for candidates in (known, named):
        if len({quantity.value for quantity in candidates}) == 1:
            return candidates[0]
    return None


def _converted(quantity: _Quantity, wanted: str | None) -> _Quantity | None:
    """A quantity in the wanted unit; None when it measures something else."""
    if quantity.unit is None:
        return quantity
    if wanted is None or quantity.unit == wanted:
        return quantity
    here, there = unit_called(quantity.unit), unit_called(wanted)
    if here is None or there is None or here.dimension != there.dimension:
        return None
    value = float(f"{quantity.value * here.factor / there.factor:.12g}")
    return _Quantity(value, wanted, quantity.note, quantity.is_bound)


def _quantities(text: str) -> list[_Quantity]:
    quantities = []
    for found in _QUANTITY.finditer(text):
        value = _value(found.group("first"))
        note = ""
        if found.group("exponent1"):
            value *= 10.0 ** int(found.group("exponent1"))
        if found.group("second"):
            value = (value + _value(found.group("second"))) / 2
            note = "middle of a range"
        if found.group("scale"):
            value *= _SCALE_WORDS[found.group("scale").lower()]
        if found.group("sign"):
            value = -value
        unit = _unit_of(found.group("unit") or found.group("unit1"))
        is_bound = _BOUND.search(text[: found.start()]) is not None
        if math.isfinite(value):
            quantities.append(_Quantity(float(f"{value:.12g}"), unit, note, is_bound))
    return quantities


def _unit_of(text: str | None) -> str | None:
    if not text:
        return None
    return next(
        unit for pattern, unit in _MEASURES.items() if re.fullmatch(pattern, text.strip(), re.IGNORECASE)
    )


def _value(text: str) -> float:
    """A number with thousands separators or a decimal comma.

    Example:
        >>> _value("1,234.5"), _value("1.234,5"), _value("12,5"), _value("1,234"), _value("1 234")
        (1234.5, 1234.5, 12.5, 1234.0, 1234.0)
    """
    text = re.sub(r"[\u00a0\u202f' ]", "", text)
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+,\d+", text):
        text = text.replace(".", "").replace(",", ".")
    elif re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", text):
        text = text.replace(",", "")
    return float(text.replace(",", "."))
