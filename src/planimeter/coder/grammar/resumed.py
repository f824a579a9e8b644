"""Two sentences of which the second leaves out what the first names ("The river rises. What is within 20 m of it?")."""

from __future__ import annotations

import re

from planimeter.coder.grammar.patterns import noun_phrases
from planimeter.coder.word_lists import listed

_TWO = re.compile(r"^(?P<first>[^.!?;]+)[.!;]\s+(?:so |and |but )?(?P<rest>[^.!?;]+(?:\.\d[^.!?;]*)*)\??$")
_ELLIPTIC = re.compile(
    r"^(how many)(?: of (?:them|those|these))?(?: (?:are|is|were) (?:there|they)| exactly| in total| is that| do you "
    r"(?:see|count)| can you (?:see|count))*(?: really| exactly| in all| in total| altogether| all told)*$",
    re.IGNORECASE,
)
# "My question is about ponds. How many are smaller than 150 m2?"
_NARROWED = re.compile(
    r"^how many(?: of (?:them|those|these))? "
    r"(?P<rest>(?:are|is|lie|stand|have|exceed|measure)\b(?! (?:there|they)\b).{4,})$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^(?:(?:my|our) (?:question|query) (?:is|concerns)(?: about)?|(?:it is|it's|this is) about|"
    r"(?:i|we) (?:see|saw|spotted|noticed)(?: some| many| several| lots of| a lot of)?)"
    r"(?: the)? [a-z]+(?: here| there| everywhere| in the image| on the map)?$",
    re.IGNORECASE,
)
_IT = re.compile(r"\b(of|from|to|near|by|around|than) (?:it|them|this|these)\b", re.IGNORECASE)
_PLAIN = listed("""
        the a an of some many lots saw see seen so all count counting are is these those there rising and has have has
        with notice spot spotted shows contains like love my question questions about ask asking
        """)
_SPEAKERS = listed("i we you one can could here now then oh my goodness wow in image picture this photo")
_STOPS = listed("""
        not no never only except without larger smaller bigger small big large tiny huge old new former north south east
        west northern southern eastern western left right upper lower first second last next near within outside inside
        between most least more less if suppose assume imagine
        """)


def resumed(text: str) -> str:
    """A question that names what its first sentence named; unchanged where that sentence says more than a noun.

    >>> resumed("The river is rising. Which share of the buildings is within 20 m of it?")
    'Which share of the buildings is within 20 m of the river?'
    >>> resumed("I saw old ponds everywhere. How many are there?")
    'I saw old ponds everywhere. How many are there?'
    """
    two = _TWO.match(text.strip())
    if two is None:
        return text
    first, rest = two["first"], two["rest"].strip()
    named = noun_phrases(first)
    words = set(re.findall(r"[a-z]+", first.lower()))
    if len(named) != 1 or re.search(r"\d", first) or words & _STOPS or named[0][1] not in _PLAIN:
        return text
    noun, before = named[0][0], first.lower()
    before = before[: re.search(rf"\b{noun}\b", before).start()]  # type: ignore[union-attr]
    if set(re.findall(r"[a-z]+", before)) - _PLAIN - _SPEAKERS:
        return text  # "there is a bus stop by the road": which of them "it" is, is open
    if _ELLIPTIC.match(rest):
        return f"How many {noun} are there?"
    if (narrowed := _NARROWED.match(rest)) and _NAMED.match(first):
        return f"How many {noun} {narrowed['rest']}?"
    if _IT.search(rest) and len(_IT.findall(rest)) == 1:
        return _IT.sub(lambda found: f"{found.group(1)} the {noun}", rest) + "?"
    return text
