"""Words that narrow what is asked in some places of a question and in others do not.

"Houses protected by a 50 m strip" says a distance, "protected houses" says which houses; "a good guess" is courtesy,
"good houses" is not. A list can only let such a word through everywhere or nowhere; here each has a rule of place.
"""

from __future__ import annotations

import re
from functools import cache

from planimeter.coder.rewriter.phrases import listed
from planimeter.vocabulary.topics import nouns

EFFECTS = listed(
    """
    affect affected affects closed crossed danger eligible enclosed endangered equipped evacuate evacuated
    evacuation exposed exposure fenced fencing flooded hazard hedge included isolated overflows peril perils
    picked protect protected protection protects qualified quarantine reached restricted risk safe safety
    saved selected serve served serves sheltered shielded spared spray sprayed spraying survive survives
    targeted threatened unaffected undisturbed unexposed unserved untouched vulnerable
    """
)
"""What a distance does to a thing: harmless where the question gives one, never as the attribute of a thing."""

QUALITIES = listed(
    """
    accurate approximate awesome bad brilliant careful certain charming clean-cut clear close-up complete
    convenient cool correct critical decent definite desirable desired easy excellent final fine friendly
    general good great hard helpful honest interesting leafy lovely nice normal official perfect plausible
    practical preliminary professional proper quiet rapid real reasonable relevant reliable rough
    satisfactory scientific sensible serious short silly simple simplest solid standard straight stupid
    suitable sweet technical tricky true typical unique urgent useful usual valid vital weird wonderful
    wrong
    """
)
"""Adjectives: harmless before a word of reporting ("a good guess") and where a doing is judged ("good to know")."""

PEOPLE = listed(
    """
    adviser advisor agent analyst architect auditor authority beekeeper boss brigade broker buyer captain
    cartographer chief citizens client clients colleague colleagues commission committee company consultant
    coordinator council crew customer customers daughter department doctor ecologist editor engineer
    examiner expert experts farmer farmers firefighter forester friend friends geographer government
    homeowners hunter husband hydrologist inspector installer insurer journalist judge kids landscaper
    lawyer lecturer manager mayor members ministry municipality officer parties partner people planner
    planners professor pupil pupils reporter researcher researchers scientist son specialist staff student
    students supervisor surveyor teacher team trainee tutor underwriter volunteer volunteers wife
    """
)
"""Persons and bodies: harmless as who asks or is told, not as those to whom a thing belongs or whom it is for."""

_REPORTING = listed(
    """
    account accuracy advice afternoon amount analysis answer answers approximation area areas assessment
    average breakdown calculation chance count counts data day deal decimal description deviation deviations
    distance distances error errors estimate estimates estimation evening example extent figure figures
    format fraction guess help idea image information integer job look luck map mean measure measurement
    measurements measuring median method metric morning night note number numbers one order overview percent
    percentage percentages picture point project proportion purposes question questions ratio reading reply
    report reports request response result results sentence share shares size statement statistic statistics
    stats sum summary surface table tally task test thing time total value values version way word words
    work
    """
)
_MEASURES = listed("area count distance extent index ndvi number percent percentage ratio share size surface")
_JUDGED = re.compile(r"(?:to|if|that|when|enough|at|with|about|job|and)")
_TOLD_BY = listed(
    "asked assigned commissioned demanded needed ordered prepared requested required sent told wanted written"
)
_BELONGING = listed("behalf department desk head member name office part request side team use")
_SUPPOSING = listed("assume assuming given if imagine only say suppose supposing when")
_DETERMINERS = listed("a an the my our your his her their this that these those some any all local city town")
_KEPT_IN = re.compile(
    r"(?:in|on|from|of) (?:the|my|our|your|that|his|her|their) (?:\w+ )?(?:list|table|inventory|register"
    r"|selection"
    r"|database|report|records?|agenda|sheet|spreadsheet|catalogue|portfolio|file|shortlist|dossier"
    r"|brochure|plan|programme"
    r"|project|scheme|article|book|study|survey|sector|department|section)\b(?! (?:area|region|site))"
)
PLACED = EFFECTS | QUALITIES | PEOPLE


@cache
def _names() -> frozenset[str]:
    return frozenset(nouns())


def thing_at(words: list[str], place: int) -> bool:
    """Whether a topic's noun begins there."""
    return any(" ".join(words[place : place + n]) in _names() for n in (1, 2, 3) if place + n <= len(words))


def thing_before(words: list[str], place: int) -> bool:
    """Whether a topic's noun ends right before that place."""
    return any(" ".join(words[place - n : place]) in _names() for n in (1, 2, 3) if n <= place)


def out_of_place(clause: str, measured: bool) -> str | None:
    """A word of a clause that narrows where it stands, or None.

    Args:
        clause: in lower case.
        measured: whether the question gives a distance or a size.

    Example:
        >>> out_of_place("the houses protected by a 50 m strip", True), out_of_place("protected houses", True)
        (None, 'protected')
        >>> out_of_place("a good guess of the forest area", False), out_of_place("the forest that is good", False)
        (None, 'good')
        >>> out_of_place("my boss needs the number of houses", False), out_of_place("the houses of my boss", False)
        (None, 'boss')
    """
    words = re.findall(r"[a-z]+(?:'[a-z]+)?|\d[\d.,]*", clause)
    for place, word in enumerate(words):
        if word in PLACED and _narrows(word, words, place, measured):
            return word
        if thing_before(words, place) and (kept := _KEPT_IN.match(" ".join(words[place:]))):
            return kept.group().split()[-1]
        if word in ("value", "values") and _of_thing(words, place):
            return word
    return None


def _of_thing(words: list[str], place: int) -> bool:
    """Whether a value is a thing's own, a price, and not that of a measure."""
    if (place and words[place - 1] in _MEASURES) or words[place + 1 : place + 2] != ["of"]:
        return False
    at = place + 2
    while at < len(words) and words[at] in ("the", "all", "a", "each", "every", "this"):
        at += 1
    return thing_at(words, at)


def _narrows(word: str, words: list[str], place: int, measured: bool) -> bool:
    if thing_at(words, place):
        return False  # "exposed soil" is a cover
    if thing_at(words, place + 1):
        return True
    if word in EFFECTS:
        return not measured or _is_state(words, place)
    if word in QUALITIES:
        return not _judges(words, place)
    return _concerns_people(words, place)


def _is_state(words: list[str], place: int) -> bool:
    """Whether a word ends a clause as what a thing is: "houses within 50 m of water that are protected"."""
    before = words[:place]
    if place + 1 < len(words) or place == 0 or not any(word[0].isdigit() for word in before):
        return False
    if _SUPPOSING & set(before):
        return False  # "if all within 50 m are affected" says what is affected
    return words[place - 1] in ("is", "are") or thing_before(words, place)


def _judges(words: list[str], place: int) -> bool:
    """Whether an adjective is of a report or of a doing."""
    following = words[place + 1 : place + 3]
    if any(word in _REPORTING for word in following[:1]):
        return True
    if len(following) > 1 and following[0] in QUALITIES | {"enough", "single"} and following[1] in _REPORTING:
        return True
    before = words[max(0, place - 4) : place]
    about = {"it", "it's", "that's", "this", "be", "very", "not", "how"} & set(before) or not before
    of_thing = any(thing_at(before, n) for n in range(len(before)))
    return bool(about) and not of_thing and bool(following) and bool(_JUDGED.fullmatch(following[0]))


def _concerns_people(words: list[str], place: int) -> bool:
    """Whether persons stand where they say whose or for whom a thing is."""
    at = place - 1
    while at >= 0 and words[at] in _DETERMINERS | PEOPLE:
        at -= 1
    if at < 0:
        return False
    bare = at == place - 1
    word, before = words[at], words[at - 1] if at else ""
    thing = thing_before(words, at)
    if word == "by":
        return before not in _TOLD_BY
    if word == "of":
        return before not in _BELONGING
    if word == "for":
        return thing and (bare or words[place].endswith("s"))
    if word in ("with", "from", "to", "have", "has", "contain", "contains"):
        return (
            thing or words[place] == "people" or before in ("distance", "far", "away", "close", "m", "metres")
        )
    if word in ("at", "near", "where", "which", "no", "many"):
        return True
    return thing_before(words, at + 1)
