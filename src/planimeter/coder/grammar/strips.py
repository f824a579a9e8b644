"""Strips, buffers and zones of a stated width: what is lost to one, what is left without it, and their many names.

A name of a strip is left out only where a length says how wide it is and a topic where it runs ("the 50 m fire buffer
around the forest"); names that place it on one side or height ("the upper strip") are none of these.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re

from planimeter.coder.grammar.patterns import LENGTH, Rewrites, Words

_NAMES = (
    r"(?:no[- ]?(?:build|spray|go)|wild ?fire|fire|flood|flooding|safety|security|riparian|noise|hazard|risk|danger|protection|"
    r"protective|planting|planted|exclusion|setback|spray|ember|defensible|sanitary|ecological|clearance|quiet|impact|influence|proximity|"
    r"warning|evacuation|planning|catchment|service|search|study|simple|circular|fixed|euclidean|unplanted|unsprayed)"
)
_CLAUSE = r"(?:[^,.;:?!()]|[.,](?=\d))"  # inside one clause
_STRIP = r"(?:strip|buffer|zone|belt|band|margin|fire ?break|setback|gap|fringe|verge)(?: zone| area| strip)?"
_ALONG = r"(?:along|around|beside|next to|bordering|from|of|about)"
_SIDES = r"(?:(?:on|along|at) )?(?:both|either|each) sides? of"
_NOUN = r"(?:the |my |our |all |all the |any |every |a )?([a-z]+(?: [a-z]+){0,2}?)"
_END = r"(?=\s*(?:$|[?.]|,? in (?:ha|hectares|acres|m2|square)))"
_LEFT = r"(?: (?:is|are|would be|will be|do (?:i|we) have|remains?|(?:would|will|does) remain|stays?|(?:would|will) be))?(?: left| available)?(?: over)?"
_WHO = r"(?:i|we|you|one|they)"
_CLEARED = r"(?:clear|cut|remov|fell|tak|leav|mow|set|los|subtract|deduct|eras|exclud)\w*(?: aside| away| out| down| off)?"
_STRIP_ALONG = rf"({LENGTH})[- ](?:wide )?{_STRIP} {_ALONG} {_NOUN}"
_A_STRIP, _THE_STRIP = rf"(?:an? |the )?{_STRIP_ALONG}", rf"(?:the |a )?{_STRIP_ALONG}"
_WHAT_IS_LEFT = (
    r"(?:[:;,.]| and) *(?:how much|what|which|report the|give the|compute the) ?(?:area |land |of it )*"
    r"(?:(?:is left|remains?|remaining|left|is there|stays) ?(?:area)?)?"
)


def _beyond(how: str, cover: str, length: str, other: str) -> str:
    return f"what is the area of {cover} that is {how} {length} from {other}"


_NAMED: tuple[tuple[str, Words], ...] = (
    (rf"({LENGTH})[- ](?:wide |broad )?{_NAMES}(?: {_NAMES})?[- ](?=(?:buffer|zone|strip|band|belt|corridor|margin|ring|fringe|area)\b)", r"\1 "),
    (rf"({LENGTH})[- ](?:buffer |zone )?(?:catchment|envelope|halo|circle|perimeter|surroundings|buffer area)(?: area| zone)? (?=of|around|along)", r"\1 buffer "),
    (rf"(?<=\w) \((?:the |a )?(?:so-called )?{_NAMES}(?: {_NAMES})?(?: (?:zone|buffer|strip|area|belt|corridor|risk|hazard|line))?\)", ""),
)  # fmt: skip
_CUT: tuple[tuple[str, Words], ...] = (
    # "how much cropland is left if I keep 20 m away from the creek": what keeps that distance
    (
        rf"^how much (?:of )?{_NOUN}{_LEFT} (?:if|when|after|once) {_WHO}?(?: have to| must| should)? ?(?:keep|stay|keeping|staying) (?:at least |out )?({LENGTH}) (?:away |clear |off |back )?from {_NOUN}{_END}",
        lambda found: _beyond("at least", found[1], found[2], found[3]),
    ),
    # "what remains of the forest after clearing a 20 m firebreak along houses": without the strip
    (
        rf"^(?:what|how much) (?:area |part )?(?:would |will |does )?(?:remains?|(?:be |is )?left|stays?|is left)(?: over)? (?:of|from) {_NOUN} (?:after|if|when|once) (?:{_WHO} )?{_CLEARED} {_A_STRIP}{_END}",
        lambda found: _beyond("more than", found[1], found[2], found[3]),
    ),
    (
        rf"^how much (?:of )?{_NOUN}{_LEFT} (?:after|if|when|once) (?:{_WHO} )?{_CLEARED} {_A_STRIP}{_END}",
        lambda found: _beyond("more than", found[1], found[2], found[3]),
    ),
    (
        rf"^(?:what is )?(?:the )?(?:total )?{_NOUN} area (?:minus|less|without|excluding|after (?:removing|subtracting|deducting)) {_THE_STRIP}{_END}",
        lambda found: _beyond("more than", found[1], found[2], found[3]),
    ),
    (
        rf"^(?:what is )?(?:the )?(?:total )?area of {_NOUN} (?:minus|less|without|excluding) {_THE_STRIP}{_END}",
        lambda found: _beyond("more than", found[1], found[2], found[3]),
    ),
    (
        rf"^(?:please )?{_CLEARED} (?:an? |the )?({LENGTH})[- ]([a-z]+) (?:buffer|zone|strip) (?:from|out of) {_NOUN}{_WHAT_IS_LEFT}{_END}",
        lambda found: _beyond("more than", found[3], found[1], found[2]),
    ),
    (
        rf"^(?:please )?{_CLEARED} {_A_STRIP} (?:from|out of) {_NOUN}{_WHAT_IS_LEFT}{_END}",
        lambda found: _beyond("more than", found[3], found[1], found[2]),
    ),
    # "how much farmland would be lost to a 30 m strip along the roads": what lies in it
    (
        rf"^how much (?:of )?{_NOUN} (?:would|will|could|might|is|gets?)(?: be)? (?:lost|taken|taken up|sacrificed|used|used up|consumed|swallowed|given up|claimed|eaten up|affected|covered|hit) (?:to|by|for|in|if {_WHO} (?:build|draw|clear|leave|keep)) (?:an? |the )?({LENGTH})[- ](?:wide )?(?:{_STRIP} (?:{_SIDES}|{_ALONG})|corridor {_SIDES}) {_NOUN}{_END}",
        r"what is the area of \1 within \2 of \3",
    ),
    # what two buffers have in common
    (
        rf"\b(?:overlap|intersection) (?:between|of) (?:an? |the )?({LENGTH})[- ]([a-z]+) buffer and (?:an? |the )?({LENGTH})[- ]([a-z]+) buffer\b",
        r"the image within \1 of \2 and within \3 of \4",
    ),
)  # fmt: skip
_renamed, _cut = Rewrites(_NAMED), Rewrites(_CUT)


def stripped(text: str) -> str:
    """A question about a strip in the plain words of distances; unchanged where there is none.

    >>> stripped("How much farmland would be lost to a 30 m strip along the roads?")
    'what is the area of farmland within 30 m of roads?'
    >>> stripped("How much forest is in the 50 m fire buffer around houses?")
    'How much forest is in the 50 m buffer around houses?'
    >>> stripped("How much forest is in the upper strip?")
    'How much forest is in the upper strip?'
    """
    if not re.search(r"\d", text):
        return text
    return _cut(_renamed(text))
