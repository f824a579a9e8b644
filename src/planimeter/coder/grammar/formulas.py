"""Questions written as formulas ("count(buildings where area > 100 m2)"), brought to words."""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re

from planimeter.coder.grammar.patterns import Rewrites

_IN = r"\(\s*([^()]+?)\s*\)"
_STATISTICS = {
    "max": "largest", "maximum": "largest", "min": "smallest", "minimum": "smallest", "mean": "average",
    "avg": "average", "average": "average", "median": "median", "med": "median",
}  # fmt: skip
_DISTANCES = {
    "max": "longest",
    "maximum": "longest",
    "min": "shortest",
    "minimum": "shortest",
    "median": "median",
}


def _condition(text: str) -> str:
    """ "area >= 150 m2" and "distance to water <= 50 m" as they stand behind a noun."""
    text = re.sub(r"\b(?:the )?(?:area|size|footprint)\s*(?=[<>=])", "", text)
    text = re.sub(
        r"\b(?:the )?dist(?:ance)?\s*(?:\(|to|from)\s*(?:the )?([a-z ]+?)\)?\s*([<>]=?)\s*(\d[\d.,]*\s*[a-z]+)",
        lambda found: f"{_SIGNS[found[2]]} {found[3]} from {found[1]}",
        text,
    )
    return re.sub(r"\s+", " ", text).strip()


_SIGNS = {"<=": "at most", "<": "less than", ">=": "at least", ">": "more than"}


def _counted(found: re.Match[str]) -> str:
    parts = re.split(r"\s*(?:\bwhere\b|\bwith\b|\bif\b|;|\|)\s*", found[1], maxsplit=1)
    if len(parts) == 1:
        return f"the number of {parts[0]}"
    return f"the number of {parts[0]} {_condition(parts[1])}"


def _summed(found: re.Match[str]) -> str:
    return f"the total area of {_noun(found[1])}"


def _statistic(found: re.Match[str]) -> str:
    return f"the {_STATISTICS[found[1].lower()]} {_noun(found[2])} area"


def _noun(text: str) -> str:
    return re.sub(r"^(?:the )?(?:areas?|sizes?) of (?:the )?| ?(?:areas?|sizes?)$", "", text)


_CALLS = (
    (re.compile(rf"\b(?:count|number|num|n|len)\s*{_IN}", re.IGNORECASE), _counted),
    (
        re.compile(rf"\b({'|'.join(_DISTANCES | {'mean': '', 'avg': '', 'average': ''})})[ _]?dist(?:ance)?\s*\(\s*([^(),]+?)\s*,\s*([^(),]+?)\s*\)", re.IGNORECASE),
        lambda found: f"the {_DISTANCES.get(found[1].lower(), 'average')} distance from {found[2]} to {found[3]}",
    ),
    (re.compile(r"\bdist(?:ance)?\s*\(\s*([^(),]+?)\s*,\s*([^(),]+?)\s*\)", re.IGNORECASE), lambda found: f"the shortest distance from {found[1]} to {found[2]}"),
    (re.compile(r"\b(?:sum|total)\s*\(\s*((?:areas? of )[^()]+|[^()]+ areas?)\s*\)", re.IGNORECASE), _summed),
    (
        re.compile(rf"\b({'|'.join(_STATISTICS)})\s*\(\s*((?:(?:areas?|sizes?) of )[^()]+|[^()]+ (?:areas?|sizes?))\s*\)", re.IGNORECASE),
        _statistic,
    ),
    (re.compile(rf"\b(?:area|size)\s*{_IN}", re.IGNORECASE), lambda found: f"the area of {found[1]}"),
    (re.compile(r"\(\s*(the (?:area|number|total area) of [^()]+?)\s*\)"), lambda found: found[1]),
)  # fmt: skip
_TERM = r"((?:the )?(?:[a-z]+ )?(?:area|number|distance|[a-z]+ area|average|largest|smallest|median|shortest)\b[^<>/*?]*?)"
_ENDS = r"(?=\s*(?:$|[?,]|in %|in percent|in m2|in ha))"
_OPERATIONS = (
    (rf"\b100\s*[*x×]\s*{_TERM}\s*/\s*{_TERM}{_ENDS}", r"\1 as a percentage of \2"),
    (rf"{_TERM}\s*/\s*{_TERM}\s*[*x×]\s*100{_ENDS}", r"\1 as a percentage of \2"),
    (rf"{_TERM}\s*/\s*{_TERM}{_ENDS}", r"the ratio of \1 to \2"),
    (rf"^{_TERM}\s*>\s*(?!=)(?!\d){_TERM}{_ENDS}", r"is \1 larger than \2"),
    (rf"^{_TERM}\s*<\s*(?!=)(?!\d){_TERM}{_ENDS}", r"is \1 smaller than \2"),
    (r"(?<=\w)\s+[-–]\s+(?=the (?:area|number|average|largest|smallest|median|total)\b)", " minus "),
)  # fmt: skip
_operated = Rewrites(_OPERATIONS)


_BEFORE = (
    (r"\bof\s+dist(?:ance)?\s*\(\s*([a-z ]+?)s?\s*,\s*([a-z ]+?)\s*\)", r"of distances from \1s to \2"),
    # "ratio = area(forest) / area(farmland); give ratio"
    (r"^([a-z_]+)\s*=\s*(?=[a-z]+\s*\()(.+?)(?:[;,.]\s*(?:give|return|report|output|print|compute)\s+(?:the\s+)?\1)?\s*$", r"\2"),
    (r"\bdist(?:ance)?\s*\(\s*(?:to\s+)?([a-z ]+?)\s*\)(?=\s*[<>])", r"distance to \1"),
    (r"\b(?:with\s+|where\s+)?(\d[\d.,]*)\s*<=\s*(?:the\s+)?(?:area|size|footprint)\s*<=\s*(\d[\d.,]*\s*(?:m2|m²|ha|km2|acres|sq\s?m|square\s+met(?:re|er)s|hectares))", r"between \1 and \2"),
)  # fmt: skip
_opened = Rewrites(_BEFORE)


def in_words(text: str) -> str:
    """A formula in words; a text without one unchanged.

    >>> in_words("count(buildings where distance to water <= 50 m)")
    'the number of buildings at most 50 m from water'
    >>> in_words("100 * area(water) / area(image)")
    'the area of water as a percentage of the area of image'
    >>> in_words("How many houses are there (in total)?")
    'How many houses are there (in total)?'
    """
    text = _opened(text)
    changed = text
    for _ in range(2):
        for pattern, words in _CALLS:
            changed = pattern.sub(words, changed)
    if changed == text and not re.search(r"\b100 ?[*x]", text):
        return text
    return _operated(changed)


_LIMITED = re.compile(
    r"^\s*(?:area|size|count|number|num|len|sum|total|mean|avg|average|median|max|min)\s?\([^()]{1,200}\)\s?"
    r"(?:[<>]=?|[≥≤])\s?\d[^()<>]{0,40}$",
    re.IGNORECASE,
)


def whether(text: str) -> str:
    """A call with a limit behind it as the question whether it is kept; another text unchanged.

    >>> whether("area(forest) > 1 ha"), whether("forest area > 1 ha")
    ('is the area of forest > 1 ha', 'forest area > 1 ha')
    """
    return f"is {in_words(text.strip())}" if _LIMITED.match(text) else text
