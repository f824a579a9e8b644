"""Second thoughts on several things asked at once: conditions that may be meant for all of them."""

from __future__ import annotations

import re
from itertools import pairwise

from planimeter.coder.grammar.several_parts import OneAsked, Parts, about
from planimeter.errors import NotUnderstood
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    Area,
    Away,
    Changed,
    Condition,
    Density,
    Inside,
    Matched,
    NetChange,
    Portion,
    Share,
    Subject,
    Touching,
    WhichPart,
)
from planimeter.vocabulary.topics import EVERYWHERE

_ASKING = (
    r"(?:(?:and|also|then|please|so|but)\s+)*(?:how|what|what's|which|is|are|does|do|has|have|count|give|tell|report|"
    r"state|list|compute|calculate|measure|find|show|determine|estimate|provide)\b"
)
_ASKS = re.compile(_ASKING, re.IGNORECASE)
_WHETHER = re.compile(r"(?:is|are|does|do|has|have)\b", re.IGNORECASE)
# In front of what is asked: what it is asked of, or under which conditions.
_FRONT = re.compile(
    r"(?:with)?in\b|inside\b|at\b|near\b|along\b|beyond\b|outside\b|for\b|of\b|among\b|consider\w*\b|ignor\w+\b|exclud\w+\b|"
    r"without\b|only\b|if\b|given\b|not\b|counting\b|more\b|less\b|up\s+to\b|farther\b|further\b|leaving\b|disregard\w*\b|"
    r"touching\b|looking\b|taking\b|on\b|except\b",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"\b(?:is|are|does|do|lie|lies|stand|stands|fall|falls|have|has|can|cover|covers|exist|there)\b",
    re.IGNORECASE,
)
_ASK_IS = re.compile(r"^\W*(?:what\s+(?:is|are)|what's)\b", re.IGNORECASE)
_LEAVES_OUT = re.compile(
    r"\b(?:ignor\w+|exclud\w+|except|leaving\s+out|not\s+counting|disregard\w*|without\s+counting|"
    r"only\s+(?:counting|considering|those|the\s+ones))\b",
    re.IGNORECASE,
)  # fmt: skip
_STOPS = re.compile(r"[;?.!\n]")
_SHARES = r"(?:percentage|percent|share|proportion|fraction)"
# "… and how much of the farmland?", "… and how many lakes?": the verb of the part before is left out.
_QUANTITY = re.compile(
    rf"^\W*(?:(?:and|also|then|so|but)\s+)*(?:how\s+(?:many|much)|(?:what|which)\s+{_SHARES})\b",
    re.IGNORECASE,
)
# "… and what share is water?", "… and percentage covered by water": the whole is left out.
_NO_WHOLE = re.compile(
    rf"^\W*(?:(?:and|also|then|so|but|what|which|the)\s+)*(?:how\s+much|{_SHARES})\s+(?:is|are|covered)\b",
    re.IGNORECASE,
)
# "How many houses larger than 100 m² are there": whatever is said of them stands with the noun.
_ENDS_IN_THERE = re.compile(r"\b(?:(?:is|are)\s+there|there\s+(?:is|are)|exists?)\W*$", re.IGNORECASE)


def open_scope(parts: Parts, named: Subject | None) -> str:
    """What is said of one part and may be meant for another as well; "" where nothing is.

    Args:
        parts: what was asked, in order.
        named: what a clause in front of all of them named.
    """
    first, last = parts[0], parts[-1]
    for part in parts[1:]:
        if _WHETHER.match(first.said) and not _ASKS.match(part.said) and not _STOPS.search(part.joint):
            return part.said
    if _FRONT.match(first.said) and _where(first) and any(_lacks(part, first) for part in parts[1:]):
        return first.said
    if named is not None and named.where:
        for part in parts:
            of = about(part.meaning)
            if of is not None and of.topics == named.topics and not set(named.where) <= set(of.where):
                return part.said
    if _LEAVES_OUT.search(last.said) and any(
        _same_topics(part, last) and _lacks(part, last) for part in parts[:-1]
    ):
        return last.said
    for place, part in enumerate(parts[:-1]):
        for later in parts[place + 1 :]:
            if _may_have(part, later):
                return later.said
            if _left_out(part, later) or _of_another_whole(part, later):
                return part.said
            if _beside_density(part, later) or _beside_density(later, part):
                return part.said if every(part.meaning, Density) else later.said
    return ""


def refuse_behind_a_part(parts: Parts) -> None:
    """ "Which half has the most houses and area of forest?": of that half, of each, or of the image.

    Args:
        parts: what was asked, in order.

    Raises:
        NotUnderstood: what stands behind "which half" asks nothing by a verb of its own.
    """
    for part, later in pairwise(parts):
        asks = _ASKS.match(later.said) or _STOPS.search(later.joint)
        if isinstance(part.meaning, WhichPart) and not asks:
            raise NotUnderstood(
                f'Is "{later.said}" meant of each part of the image, or of all of it? Ask for one after the other, or '
                "for a table of each."
            )


def _where(part: OneAsked) -> set[Condition]:
    of = about(part.meaning)
    return set() if of is None else set(of.where)


def _lacks(part: OneAsked, other: OneAsked) -> bool:
    """Whether a part that is asked of something of its own lacks conditions of another."""
    linked = part.of is not None and part.of == other.of
    return not linked and not _where(other) <= _where(part)


def _same_topics(part: OneAsked, other: OneAsked) -> bool:
    one, two = about(part.meaning), about(other.meaning)
    return one is not None and two is not None and one.topics == two.topics


def _may_have(part: OneAsked, later: OneAsked) -> bool:
    """Whether the place of a later part may be meant for one before it ("number of houses and area of forest in …")."""
    of, other = about(part.meaning), about(later.meaning)
    if of is None or other is None or of.where or of.pick is not None or of.topics == other.topics:
        return False
    places = [value for value in other.where if isinstance(value, Away | Inside | Touching)]
    if not places or any(value.reference.topics == of.topics for value in places):
        return False
    if any(value.reference.frame is not None for value in places):
        return True
    plain = not any(_VERB.search(_ASK_IS.sub("", each.said)) for each in (part, later))
    return plain and not _STOPS.search(later.joint)


def _left_out(part: OneAsked, later: OneAsked) -> bool:
    """Whether a later part has no verb, and what is said of one before it may be meant for it too.

    "How many houses are within 50 m of water, and how many lakes?"
    """
    if (part.of is not None and part.of == later.of) or not _QUANTITY.match(later.said):
        return False
    if _VERB.search(later.said):
        return False
    narrowing = _narrowing(part)
    if "place" not in narrowing and _ENDS_IN_THERE.search(part.said):
        return False
    return not narrowing <= _narrowing(later)


def _narrowing(part: OneAsked) -> set[object]:
    """The ways in which what a part asks of is narrowed: kinds of conditions, a place in the image, a date, a fate."""
    found: set[object] = {type(value) for value in every(part.meaning, Condition)}
    found |= {"share" for _ in every(part.meaning, Portion)}
    found |= {"fate" for _ in every(part.meaning, Changed | Matched | NetChange)}
    for of in every(part.meaning, Subject):
        found |= {"place"} if of.frame is not None else set()
        found |= {"fate", of.fate} if of.fate else set()
        found |= {"before"} if of.before else set()
    return found | {"share" for share in every(part.meaning, Share) if share.part}


def _of_another_whole(part: OneAsked, later: OneAsked) -> bool:
    """Whether a later part is a share whose whole is left out, or is the whole that the share before is left out of."""
    share, other = part.meaning, later.meaning
    if not isinstance(share, Share) or not isinstance(other, Share | Area):
        return False
    if EVERYWHERE in other.of.topics and other.of.frame is not None and not other.part:
        # "How much of the image is forest, and how much of the left half?"
        return isinstance(other, Share) or not _VERB.search(later.said)
    if isinstance(other, Area) and _QUANTITY.match(later.said) and not _VERB.search(later.said):
        # "How much of the image is forest and how much water?" may ask for two shares.
        return True
    of_image = isinstance(other, Area) or other.of_image
    return not share.of_image and of_image and _NO_WHOLE.match(later.said) is not None


def _beside_density(density: OneAsked, other: OneAsked) -> bool:
    """Whether the part of the image that a density is of may be meant for what is asked beside it as well."""
    placed = any(
        each.over is not None and each.over.frame is not None for each in every(density.meaning, Density)
    )
    if not placed or any(of.frame is not None for of in every(other.meaning, Subject)):
        return False
    return not any(_VERB.search(_ASK_IS.sub("", each.said)) for each in (density, other))
