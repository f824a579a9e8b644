"""What a free wording tells by one word that a plain sentence of another kind loses: a quality, which one, how many.

Each stands for a kind that a rewriting was seen to lose without any of its words being left over.
"""

from __future__ import annotations

import re

from planimeter.coder.rewriter.cues import Cues
from planimeter.coder.word_lists import listed
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    All,
    Area,
    Away,
    Comparison,
    Core,
    Count,
    Difference,
    Distance,
    Either,
    Fragmentation,
    Inside,
    Leads,
    Meaning,
    Neighbours,
    Perimeter,
    PerItem,
    Presence,
    Ratio,
    Share,
    SizeOf,
    Spaced,
    Threshold,
    Touching,
    Which,
)
from planimeter.vocabulary.topics import nouns

_QUALITIES = listed(
    """
    denser fragmented connected unconnected disconnected scattered dispersed compact isolated longer shorter greener
    rounder older newer younger wetter drier brighter darker healthier steeper straighter cleaner safer busier
    irregular regular elongated contiguous patchy patchier spread-out clumped clustered even uneven evenly
    """
)
"""What one thing may have more of than another besides its area and its number."""
_NEARNESS = listed("closer nearer farther further closest nearest farthest furthest remote distant")

_ONE_BY_PLACE = re.compile(
    r"^\W*(?:find |show |identify |locate |name |give me )?(?:the|which|what) (?P<noun>[a-z]+(?: [a-z]+)?) "
    r"(?:that |which )?(?:is |lies |stands |sits )?(?:located |situated )?(?:the )?"
    r"(?:closest|nearest|farthest|furthest|most remote|most distant"
    r"|with the (?:largest|greatest|longest|smallest|shortest|maximum|minimum) distance)\b"
)
_A_NUMBER = re.compile(
    r"^\W*(?:what is |give me |tell me )?(?:the |a )?(?:number of|how many|count of|count)\b"
)
_REFERS = re.compile(
    r"\band (?P<between>[^.;:?!]{0,60}?)\b(?:of|from|near|around|on|in|touching|to) (?:them|it|those|these)\b"
)
_ASKS = re.compile(
    r"\b(?:how|what|which|count|tell|find|list|measure|give|is|are|do|does|number|share|percentage)\b"
)
_FREE = re.compile(r"\b(?P<noun>[a-z]+)(?:[- ]free(?! of\b| from\b)|less)\b")


def told(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """What a wording tells and the plain sentence does not, as a clause; None where there is nothing.

    Example:
        >>> from planimeter.coder.grammar.parse import parse
        >>> from planimeter.coder.rewriter.cues import cues
        >>> def of(question, plain):
        ...     return told(cues(question), cues(plain), parse(plain).meaning)
        >>> of("which is denser: forest or grass", "which has the larger area, forest or grassland")
        'what is compared'
        >>> of("which is bigger: forest or grass", "which has the larger area, forest or grassland") is None
        True
    """
    return (
        _quality(asked, meaning)
        or _which_one(asked, meaning)
        or _number(asked, meaning)
        or _pronoun(asked)
        or _without(asked)
        or _named_again(asked, plain, meaning)
        or _most(asked, meaning)
        or _of_those(asked, meaning)
        or _less(asked, meaning)
        or _two_things(asked, meaning)
        or _by_area(asked, meaning)
        or _of_each(asked, meaning)
        or _wholly(asked, meaning)
        or _number_or_area(asked, plain, meaning)
    )


def _quality(asked: Cues, meaning: Meaning) -> str | None:
    compared = isinstance(meaning, Which | Leads | Comparison)
    if not compared or every(meaning, (Distance, Neighbours, Perimeter, Fragmentation)):
        return None
    words = set(re.findall(r"[a-z]+(?:-out)?", asked.text))
    placed = every(meaning, (Away, Core, Spaced))
    return "what is compared" if words & (_QUALITIES if placed else _QUALITIES | _NEARNESS) else None


def _which_one(asked: Cues, meaning: Meaning) -> str | None:
    found = _ONE_BY_PLACE.match(asked.text)
    named = found is not None and bool(set(found["noun"].split()) & nouns().keys())
    return "which of them is asked for" if named and isinstance(meaning, Distance | Neighbours) else None


def _number(asked: Cues, meaning: Meaning) -> str | None:
    of_number = _A_NUMBER.match(asked.text) and not asked.units
    counted = asked.subject in asked.counted
    measured = isinstance(meaning, Distance | SizeOf | Neighbours | Perimeter | Area)
    return "that a number is asked for" if of_number and counted and measured else None


def _pronoun(asked: Cues) -> str | None:
    """ "The area of lakes and of forest within 50 m of them" asks for two."""
    found = _REFERS.search(asked.text)
    if found is None or _ASKS.search(found["between"]):
        return None
    return "several questions at once" if _names(found["between"]) else None


def _names(text: str) -> bool:
    return any(word in nouns() for word in re.findall(r"[a-z]+", text))


def _without(asked: Cues) -> str | None:
    """ "Tree-free hectares" are without trees."""
    for found in _FREE.finditer(asked.text):
        if found["noun"] in nouns() or f"{found['noun']}s" in nouns():
            return f'"{found.group()}"'
    return None


def _named_again(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """ "Houses on fields per field" names fields twice, and each time for something."""
    if not isinstance(meaning, Ratio | PerItem):
        return None
    named, told_ = ([topic for _, topic in one.places] for one in (asked, plain))
    lost = [topic for topic in dict.fromkeys(named) if named.count(topic) > max(1, told_.count(topic))]
    return f"what is said of the topic {lost[0]}" if lost else None


_COVERS = re.compile(r"\bland (?:covers?|uses?)\b(?! (?:by|with|in) )")
_ONE_PATCH = re.compile(
    r"\b(?:largest|biggest|smallest|greatest) (?:single |individual |connected )*"
    r"(?:patch|piece|region|stretch|body|stand)\b"
)
_MOST = re.compile(
    r"\b(?:most|least) (?:common|widespread|abundant|extensive|frequent|prevalent)\b"
    r"|\b(?:pre)?dominant\b|\bland covers?\b"
)


def _most(asked: Cues, meaning: Meaning) -> str | None:
    """ "Is forest within 50 m of water the most common land cover?" is no question of whether there is any."""
    if isinstance(meaning, Area | Share) and _COVERS.search(asked.text):
        return "the land covers"
    if isinstance(meaning, Which) and meaning.by == "area" and _ONE_PATCH.search(asked.text):
        return "the largest single one of each"
    judged = isinstance(meaning, Presence | All | Threshold | Count)
    return "what covers the most" if judged and _MOST.search(asked.text) else None


def _of_those(asked: Cues, meaning: Meaning) -> str | None:
    """ "The share of houses within 50 m of water that are larger than 100 m²" is of those near water."""
    joined = isinstance(meaning, Share) and not meaning.of_image and len(meaning.part) > 1
    chosen = re.search(r"\b(?:that|which|who) (?:are|is|lie|lies|have|has|touch)\b", asked.text)
    return "what it is a share of" if joined and chosen and " and " not in asked.text else None


def _less(asked: Cues, meaning: Meaning) -> str | None:
    """ "Houses - forest" takes no areas of each other."""
    if not isinstance(meaning, Difference) or not isinstance(meaning.first, Area):
        return None
    counted = set(meaning.first.of.topics) <= asked.counted
    return "whether an area is meant" if counted and "area" not in asked.measures else None


_OR_THING = re.compile(
    r"\bor (?:any |some |a |an |the )?(?P<noun>[a-z]+) "
    r"(?:within|in|inside|near|touching|larger|smaller|bigger|that|which)\b"
)
_OF_AREA = re.compile(
    r"\b(?P<noun>[a-z]+)(?:'s|s')? (?:area|surface|acreage|footprint)\b"
    r"|\b(?:area|surface|acreage|footprint) of (?:the |all )?(?P<behind>[a-z]+)\b"
)


def _two_things(asked: Cues, meaning: Meaning) -> str | None:
    """ "Houses within 50 m of water or fields within 50 m of water" are two kinds of things."""
    found = _OR_THING.search(asked.text)
    joined = found is not None and found["noun"] in nouns() and bool(every(meaning, Either))
    return "what is asked about" if joined else None


def _by_area(asked: Cues, meaning: Meaning) -> str | None:
    """ "What percentage of the lakes' area" is by area, and not by their number."""
    if not isinstance(meaning, Share) or not meaning.by_count:
        return None
    found = [nouns().get(one["noun"] or one["behind"]) for one in _OF_AREA.finditer(asked.text)]
    said = any(noun is not None and noun.topic in meaning.of.topics for noun in found)
    return "whether an area is meant" if said else None


_FOR_EACH = re.compile(r"\bfor (?:each|every) (?:single |one )?(?:of (?:the )?)?(?P<noun>[a-z]+)\b")


def _of_each(asked: Cues, meaning: Meaning) -> str | None:
    """ "For every house within 50 m of water, what is its area?" asks for a list."""
    found = _FOR_EACH.search(asked.text)
    named = found is not None and found["noun"] in nouns()
    return (
        "what each of them is" if named and isinstance(meaning, Area | Count | Perimeter | Distance) else None
    )


def _wholly(asked: Cues, meaning: Meaning) -> str | None:
    """ "Completely within": regions are judged by their nearest pixel unless a plain sentence says "entirely"."""
    if isinstance(meaning, Area) or not _ENTIRELY.search(asked.text):
        return None
    near = [one for one in every(meaning, Away) if one.bounds.low is None]
    placed = [*near, *every(meaning, Inside), *every(meaning, Touching)]
    if not placed and every(meaning, Away):
        return None  # what lies wholly beyond a distance has its nearest pixel there
    return (
        None
        if placed and all(getattr(one, "entirely", False) for one in placed)
        else "how much of it lies there"
    )


def _number_or_area(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """ "Tot up the houses" asks for their number as likely as for their area."""
    if not isinstance(meaning, Area) or asked.units or "area" in asked.measures:
        return None
    return (
        "whether a number or an area is meant"
        if set(plain.topics[:1]) <= asked.counted & {asked.subject or plain.topics[0]}
        else None
    )


_ENTIRELY = re.compile(
    r"\b(?:completely|fully|wholly|entirely|in full|in (?:its|their) entirety)\b"
    r"(?! (?:lost|new|sure|unsure|honest|clear|understand|stuck|confused"
    r"|random|optional|agree|forgot|aware|certain|different))"
)
