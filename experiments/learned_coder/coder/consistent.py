"""Whether a learned program says what its question says: every topic and number, and the kind of answer.

A small model is sure of itself also where a question means something it has never learnt. What can be compared word
by word is compared here; a program that leaves out a number, or turns a share into an area, is not accepted, however
sure the model was.
"""

from __future__ import annotations

import re

from learned_coder.coder.slots import AREAS, slotted

# Meanings that no program of this model has; a question with one of them is for somebody else.
_STRANGE = re.compile(
    r"\b(?:outside|beyond|except|besides|apart from|other than|perimeters?|edges?|longest|shortest|second|third|median"
    r"|ratio|differences?|times|twice|double|half|quarter|how far|distances? between|nearest|closest|farthest|furthest"
    r"|touch\w*|border\w*|adjacent|overlap\w*|inside (?:the|a|an)|neither|nor|either|most of|majority|together with"
    r"|combined with|plus|lengths?|widths?|shapes?|round|shore\w*|coast\w*|new|old|older|tall|high|height|deep|depth"
    r"|years?|ago|people|cars?|trucks?|boats?|ships?|planes?|population|clouds?|shadows?|snow|colou?rs?|red|white|price"
    r"|value|cost|worth|why|where|who|when is|name|names|density|per (?!cent)|no|without any|sold|built in|polluted"
    r"|made of|storeys?|floors?|will|fast|grow\w*|unit cost|buy|rent|north\w*|south\w*|east\w*|west\w*|left|right|top"
    r"|bottom|upper|lower|centre|center)\b"
)
_HARMLESS = re.compile(
    r"\bno (?:more|farther|further|less|smaller|fewer|larger|bigger) than\b|\bno\. of\b|\byes or no\b|yes/no"
    r"|\b(?:is that|correct|,) right\b"
)
_FAR = re.compile(
    r"\b(?:at least|more than|over|above|minimum|farther than|further than) <d\d>"
    r"|>\s?=?\s?<d\d>|<d\d> (?:or more|or farther)"
)
_NOT_FAR = re.compile(r"\b(?:no|not) (?:more|farther|further)(?: off)? than <d\d>")
_SHARE = re.compile(r"%|\b(?:per ?cent|percentages?|pct|shares?|proportions?|fractions?)\b")
_MEGAWATTS = re.compile(r"\b(?:mw|megawatts?)\b")
_MEAN = re.compile(r"\b(?:average|mean|avg|averaged?)\b")
_LARGEST = re.compile(r"\b(?:largest|biggest)\b")
_SMALLEST = re.compile(r"\b(?:smallest|tiniest)\b(?! size)")
_SEVERAL = re.compile(
    r"\b(?:more than (?:one|1)|at least (?:two|2)|(?:two|2) or more|multiple|several)\b|> ?1\b"
)
_YES_OR_NO = re.compile(r"\byes or no\b|yes ?/ ?no|\by/n\b|\btrue or false\b")
_WHETHER = re.compile(
    r"(?:^|[.,;:?] ?)(?:is|are|was|were|does|do|has|have) (?:there|any|the|it|some|more|<t\d>)\b|\bwhether\b"
)
_HOW_MANY = re.compile(r"\bhow many\b")
_HOW_MUCH = re.compile(r"\b(?:how|what|which|number|count|percent\w*)\b|%")
_FRAGMENTED = re.compile(r"\bfragmented\b")
_EXTENT = re.compile(r"\b(?:areas?|size|sizes|large|big|extents?|cover\w*|much|total|sum)\b")
_NUMBER = re.compile(r"(?<![\w<])\d[\d,.]*")
_FOUND = re.compile(r"found = .*== '(<t\d>)'")
_OTHERS = re.compile(r"others = .*== '(<t\d>)'")
_THE = r":?(?: (?:the|a|an|any|some))*(?: (?:body|patch|patches) of)? ?"
_REFERENCE = r"\b(?:of|from|to|around|near|buffer|where|beside)" + _THE
_NO_TARGET = r"(?:\b(?:from|around|near(?: to)?|buffer|where|beside)|<d\d> (?:of|to))" + _THE
_CHOSEN = re.compile(r"sorted\(.*\)\[0:1\]")


def contradiction(question: str, draft: str) -> str | None:
    """What a program says that its question does not, or leaves out; None when nothing was found.

    Args:
        question: as typed.
        draft: the compact program with its slots not yet filled.

    Example:
        >>> contradiction("bldgs near water, count", "# unit: count\\nfound = ['<t1>']")
        'a topic or a number'
    """
    asked = slotted(question)
    if _STRANGE.search(_HARMLESS.sub(" ", asked.text)) or _FAR.search(_NOT_FAR.sub(" ", asked.text)):
        return "a meaning it has not learnt"
    if set(re.findall(r"<[tadw]\d>", draft)) != set(asked.values):
        return "a topic or a number"
    return _loose_numbers(asked.text, draft) or _roles(asked.text, draft) or _kind(asked.text, draft)


def _loose_numbers(text: str, draft: str) -> str | None:
    """Numbers without a unit: only those that a program of this kind has by itself."""
    expected = {"5"} if "'fragmented'" in draft else set()
    if ">= 2" in draft:
        expected |= {"1", "2"}
    if ">= 1" in draft:
        expected.add("1")
    if draft.startswith("# unit: %"):
        expected.add("100")
    loose = {one.rstrip(".,") for one in _NUMBER.findall(re.sub(r"\b(?:k?m)2\b", " ", text))}
    return None if loose <= expected else "a number"


def _roles(text: str, draft: str) -> str | None:
    """Of two topics, which is measured: the other one must stand where distances and comparisons have it."""
    found, others = _FOUND.search(draft), _OTHERS.search(draft)
    if found is None or others is None:
        return None
    if "first > second" in draft:
        than = re.search(r"\b(?:than|compared (?:with|to)|vs\.?|versus)\b[^<]{0,20}(<t\d>)", text)
        right = than[1] == others[1] if than else text.find(found[1]) < text.find(others[1])
    else:
        near = re.search(_REFERENCE + others[1], text) is not None
        right = near and re.search(_NO_TARGET + found[1], text) is None
    return None if right else "which topic is measured"


def _kind(text: str, draft: str) -> str | None:
    first = draft.split("\n", 1)[0]
    unit = first.removeprefix("# unit: ") if first.startswith("# unit: ") else None
    chosen = _CHOSEN.search(draft) is not None
    pairs = (
        (bool(_SHARE.search(text)), unit == "%"),
        (bool(_MEGAWATTS.search(text)), unit == "MW"),
        (bool(_MEAN.search(text)), "len(values)" in draft),
        (bool(_LARGEST.search(text)), chosen and "reverse=True" in draft),
        (bool(_SMALLEST.search(text)), chosen and "reverse=True" not in draft),
        (bool(_SEVERAL.search(text)), ">= 2" in draft),
        (bool(_FRAGMENTED.search(text)), "'fragmented'" in draft),
    )
    if _YES_OR_NO.search(text) or (_WHETHER.search(text) and not _HOW_MUCH.search(text)):
        wrong_form = unit is not None
    else:
        wrong_form = first == "# yes/no" and bool(_HOW_MANY.search(text))
    if wrong_form or any(said != written for said, written in pairs):
        return "the kind of answer"
    asked = {name for name, (words, _) in AREAS.items() if re.search(rf"(?<![\w<])(?:{words})(?!\w)", text)}
    if unit in AREAS:
        if asked - {unit} or (not asked and (unit != "ha" or not _EXTENT.search(text))):
            return "the unit"
    elif asked:
        return "the unit"
    return None
