"""What is said behind a question or around it in words that nobody could list: remarks, purposes, requirements.

A remark goes, whatever its words, where it stands behind the question ("…? they would clip", "…, so i can pick a prefab")
and holds no topic, number or word that measures, places, compares, denies, demands or restricts. It is said with the
answer. A requirement ("The camp has to be within 100 m of water. How many meadows qualify?") becomes the condition of what
is asked.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.grammar.asides import OTHER_THINGS, topical_words
from planimeter.coder.grammar.clothing import NARROWS
from planimeter.coder.rewriter.phrases import listed
from planimeter.coder.rewriter.places import EFFECTS
from planimeter.coder.rewriter.strange import UNMEASURABLE

_UNIT = r"(?:m2|m²|sq\.?\s?(?:m|ft|km)|ha|hectares?|acres?|km2|km²|metres?|meters?|m|km|ft2?|feet|%)"
_TAIL = (
    re.compile(r"^(?P<asked>[^?]{12,}\?)\s*(?P<remark>[^?\d]{4,90}?)[.!]*$"),
    re.compile(r"^(?P<asked>[^?]{12,}?)\s*\(\s*(?P<remark>(?:the\s+(?:rest|others)|for|because|since|as|so|in\s+case|just\s+(?:in\s+case|for))\b[^()\d]{2,60})\)\s*\??$", re.I),
    re.compile(rf"^(?P<asked>[^?]{{12,}}?)\s*[,;–-]?\s+(?P<remark>so\s+(?:that\s+)?(?:i|we|they|he|she)\s+(?:can|could|may|might|know|will\s+know)\b[^?\d]{{2,60}}?)(?P<unit>,\s*(?:in\s+)?{_UNIT})?\s*[.?!]*$", re.I),
    re.compile(rf"^(?P<asked>[^?]{{12,}}?)\s*[,;–-]\s*(?P<remark>(?:(?:i|we)\s+)?(?:want|need|plan|hope|have|am\s+going|are\s+going|going|i'd\s+like)\s+to\b[^?\d]{{2,60}}?)(?P<unit>,\s*(?:in\s+)?{_UNIT})?\s*[.?!]*$", re.I),
)  # fmt: skip
# These measure nothing in a remark, though the list of what narrows holds them.
_TELLING = listed(
    """
    want wants need needs like called just if when as those them they it these such same one then any
    first or that and other another others each every all the there see
    """
)
_DEMANDS = listed(
    """
    must should shall cannot can't don't doesn't isn't aren't won't mustn't else instead actually rather
    meaning ie eg sorry correction wait twice double counts drop remove skip keep leave omit discard
    subtract add minus plus those these such same ones
    """
)
_FAR = r"(?:within|at\s+least|at\s+most|more\s+than|less\s+than|no\s+more\s+than|no\s+less\s+than|not\s+more\s+than|over|closer\s+than|nearer\s+than|beyond)"
_REQUIRED = re.compile(
    rf"^(?P<who>[A-Za-z' ]{{2,40}}?)\s+(?:has|have|needs?|must|ought|is|are)\s+(?:to\s+)?(?:be|lie|stand|stay)\s+(?P<far>{_FAR}\s[^.?!;]*?\d[^.?!;]*?)\s*[.;,]\s+(?:so\s+|and\s+)?"
    r"(?P<how>how\s+many|which|what\s+(?:share|percentage|proportion)\s+of)\s+(?:of\s+)?(?:the\s+)?(?P<what>[a-z ]+?)\s+(?:would\s+|will\s+|can\s+|could\s+|are\s+)?(?:qualify|qualifies|do|fit|fits|suit|suitable|possible|eligible|work|meet\s+(?:this|that|it))\s*\?*$",
    re.I,
)
_ENOUGH = re.compile(
    r"\b(?:(?:are|is)\s+)?(?:big|large)\s+enough\s+(?:for|to)\s+(?P<why>[a-z' ]{2,40}?),?\s+(?:so|i\.e\.|that\s+is|meaning|say)\s+(?P<size>(?:at\s+least|more\s+than|over)\s+\d)",
    re.I,
)
_THAT = re.compile(
    rf"^(?P<who>[A-Za-z' ]{{2,30}}?)\s+(?:is|means)\s+(?:everything|anything|all\s+(?:the\s+)?(?:land|ground|area)|(?:the\s+|any\s+)(?:land|ground|area))\s+(?P<far>{_FAR}\s[^.?!;]*?\d[^.?!;]*?)\s*[.;,:]\s+(?:so\s+|and\s+)?"
    rf"how\s+(?:many\s+(?P<unit>{_UNIT})|much)\s+(?:is|are)\s+(?:that|it)\s*\?*$",
    re.I,
)  # fmt: skip
# With one of these in front a remark says which of them are meant.
_ATTRIBUTE = listed(
    """
    with having which whose where who whom of by in at on for from belonging built made called the a an
    """
)


@cache
def kept_words() -> frozenset[str]:
    """Words with which a remark stays."""
    return (NARROWS - _TELLING) | UNMEASURABLE | topical_words() | OTHER_THINGS | EFFECTS | _DEMANDS


def idle(remark: str) -> bool:
    """Whether a remark behind a question narrows nothing.

    >>> idle("they would clip"), idle("so i can pick a prefab"), idle("the rest become decals")
    (True, True, True)
    >>> idle("only the brick ones"), idle("they must be flat"), idle("with balconies"), idle("those i like")
    (False, False, False, False)
    """
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", remark.lower().replace("’", "'").removeprefix("the rest"))
    return (
        len(words) > 1
        and words[0] not in _ATTRIBUTE
        and not (kept_words() & {*words, *(word.removesuffix("'s") for word in words)})
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
        if found is not None and idle(found["remark"]):
            unit = found.groupdict().get("unit") or ""
            return found["asked"].rstrip(" ,;–-") + unit, (found["remark"].strip(),)
    return text, ()


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
    found = _ENOUGH.search(text)
    if found is not None and _speaks_of_nothing(found["why"]):
        return f"{text[: found.start()]}are {found['size']}{text[found.end() :]}"
    return text


def _speaks_of_nothing(words: str) -> bool:
    """Whether words name no topic, place or number that what is asked would depend on."""
    said = set(re.findall(r"[a-z]+", words.lower()))
    return not said & (topical_words() | (NARROWS - _TELLING - {"zone", "stand", "area"}) | UNMEASURABLE)
