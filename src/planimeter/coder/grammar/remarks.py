"""What is said behind a question or around it in words that nobody could list: remarks, purposes, requirements.

A remark goes where it stands behind the question ("…? they would clip", "…, so i can pick a prefab") and is talk
(``talk.py``). It is said with the answer. A requirement ("The camp has to be within 100 m of water. How many meadows qualify?") becomes the condition of what
is asked.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re

from planimeter.coder.grammar.asides import topical_words
from planimeter.coder.grammar.clothing import NARROWS
from planimeter.coder.grammar.talk import talk
from planimeter.coder.rewriter.strange import UNMEASURABLE
from planimeter.coder.word_lists import listed

_UNIT = r"(?:m2|m²|sq\.?\s?(?:m|ft|km)|ha|hectares?|acres?|km2|km²|metres?|meters?|m|km|ft2?|feet|%)"
_TAIL = (
    re.compile(r"^(?P<asked>[^?]{12,}\?)\s*(?P<remark>[^?\d]{4,90}?)[.!]*$"),
    re.compile(r"^(?P<asked>[^?]{12,}?)\s*\(\s*(?P<remark>(?:the\s+(?:rest|others)|for|because|since|as|so|in\s+case|just\s+(?:in\s+case|for))\b[^()\d]{2,60})\)\s*\??$", re.I),
    re.compile(rf"^(?P<asked>[^?]{{12,}}?)\s*[,;–-]?\s+(?P<remark>so\s+(?:that\s+)?(?:i|we|they|he|she)\s+(?:can|could|may|might|know|will\s+know)\b[^?\d]{{2,60}}?)(?P<unit>,\s*(?:in\s+)?{_UNIT})?\s*[.?!]*$", re.I),
    re.compile(rf"^(?P<asked>[^?]{{12,}}?)\s*[,;–-]\s*(?P<remark>(?:(?:i|we)\s+)?(?:want|plan|hope)\s+to\b[^?\d]{{2,60}}?)(?P<unit>,\s*(?:in\s+)?{_UNIT})?\s*[.?!]*$", re.I),
)  # fmt: skip
_FAR = r"(?:within|at\s+least|at\s+most|more\s+than|less\s+than|no\s+more\s+than|no\s+less\s+than|not\s+more\s+than|over|closer\s+than|nearer\s+than|beyond)"
_REQUIRED = re.compile(
    rf"^(?P<who>[A-Za-z' ]{{2,40}}?)\s+(?:has|have|needs?|must|ought|is|are)\s+(?:to\s+)?(?:be|lie|stand|stay)\s+(?P<far>{_FAR}\s[^.?!;]*?\d[^.?!;]*?)\s*[.;,]\s+(?:so\s+|and\s+)?"
    r"(?P<how>how\s+many|which|what\s+(?:share|percentage|proportion)\s+of)\s+(?:of\s+)?(?:the\s+)?(?P<what>[a-z ]+?)\s+(?:would\s+|will\s+|can\s+|could\s+|are\s+)?(?:qualify|qualifies|do|fit|fits|suit|suitable|possible|eligible|work|meet\s+(?:this|that|it))\s*\?*$",
    re.I,
)
_ENOUGH = re.compile(
    r"^(?P<asked>(?:so\s+)?how\s+many\s+(?:of\s+)?(?:the\s+)?[a-z]+(?:\s+(?!are\b)[a-z]+)?)\s+(?:are\s+)?(?:big|large)\s+enough\s+(?:for|to)\s+(?P<why>[a-z' ]{2,40}?),?\s+(?:so|i\.e\.|that\s+is|meaning|say)\s+(?P<size>(?:at\s+least|more\s+than|over)\s+\d)",
    re.I,
)
_THAT = re.compile(
    rf"^(?P<who>[A-Za-z' ]{{2,30}}?)\s+(?:is|means)\s+(?:everything|anything|all\s+(?:of\s+)?the\s+area)\s+(?P<far>{_FAR}\s[^.?!;]*?\d[^.?!;]*?)\s*[.;,:]\s+(?:so\s+|and\s+)?"
    rf"how\s+(?:many\s+(?P<unit>{_UNIT})|much)\s+(?:is|are)\s+(?:that|it)\s*\?*$",
    re.I,
)  # fmt: skip
_QUANTIFIERS = listed(
    "nobody no none hardly barely few everyone everybody but which whole entire all every each some any"
)


def without_remark(text: str) -> tuple[str, tuple[str, ...]]:
    """A question without the remark behind it, and the remark; unchanged where there is none that narrows nothing.

    >>> without_remark("avg footprint of a house so i can pick a prefab, m2")
    ('avg footprint of a house, m2', ('so i can pick a prefab',))
    >>> without_remark("How many houses are there? Only the ones by the lake")
    ('How many houses are there? Only the ones by the lake', ())
    """
    for pattern in _TAIL:
        found = pattern.match(text.strip())
        if found is not None and talk(_told_by_somebody(found["remark"])):
            unit = found.groupdict().get("unit") or ""
            return found["asked"].rstrip(" ,;–-") + unit, (found["remark"].strip(),)
    return text, ()


def _told_by_somebody(remark: str) -> str:
    """A remark with who speaks, where that is left out ("want to put it there")."""
    return f"i {remark}" if re.match(r"(?:want|plan|hope)\s", remark, re.I) else remark


def required(text: str) -> str:
    """A question with what its first sentence requires as its condition.

    >>> required("Camp has to be within 100 m of water. How many of the meadows qualify?")
    'How many meadows are within 100 m of water?'
    >>> required("spawn zone is everything over 50 m from buildings. how many ha is that")
    'how many ha of the image are over 50 m from buildings?'
    >>> required("How many meadows are big enough for our camp, so at least 500 square metres?")
    'How many meadows are at least 500 square metres?'
    """
    found = _REQUIRED.match(text)
    if found is not None and _speaks_of_nothing(found["who"]):
        how = found["how"] if found["how"].lower().startswith("how") else f"{found['how']} the"
        return f"{how} {found['what']} are {found['far']}?"
    found = _THAT.match(text)
    if found is not None and _speaks_of_nothing(found["who"]):
        return f"how many {found['unit'] or 'hectares'} of the image are {found['far']}?"
    found = _ENOUGH.match(text)
    if found is not None and _speaks_of_nothing(found["why"]):
        return f"{found['asked']} are {found['size']}{text[found.end() :]}"
    return text


def _speaks_of_nothing(words: str) -> bool:
    """Whether words name no topic, place or number that what is asked would depend on."""
    said = set(re.findall(r"[a-z]+", words.lower()))
    return not said & (
        topical_words() | (NARROWS - {"zone", "stand", "area", "the"}) | UNMEASURABLE | _QUANTIFIERS
    )
