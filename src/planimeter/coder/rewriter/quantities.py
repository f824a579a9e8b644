"""Whether a quantity that has words of its own is asked for by them, and not where it is not meant."""

from __future__ import annotations

import re
from collections.abc import Callable

from planimeter.coder.rewriter.cues import Cues
from planimeter.coder.word_lists import listed
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    Area,
    Count,
    Difference,
    Distance,
    IndexOf,
    Meaning,
    Neighbours,
    Orientation,
    Pick,
    Presence,
    Quantity,
    Ratio,
    Share,
    Size,
    SizeOf,
    Sum,
    Threshold,
    Touching,
    Which,
)
from planimeter.vocabulary.index_words import INDICES
from planimeter.vocabulary.numbers import RANKS

_AMONG = re.compile(
    r"\bneighbou?ring\b|\b(?:nearest|closest|next) neighbou?rs?\b|\beach other\b|\bone another\b|\bspac(?:ing|ed)\b"
    r"|\bbetween two\b|\btwo (?:closest|nearest)\b|\b(?:nearest|closest|next) other\b|\bfrom one [a-z ]+ to the next\b"
)
_FROM_THE_NEXT = re.compile(
    r"\bfrom (?:the )?(?:next|nearest|closest)\b|\bto (?:the )?(?:next|nearest|closest)\b"
)
_LIES = re.compile(r"\borient\w*|\bazimuth\b|\bbearing\b|\bdirection\b|\bwhich way\b|\baxis\b")
_INDEX = re.compile(rf"\b(?:{'|'.join(re.escape(name.lower()) for name in INDICES)})\b")
_PIECES = listed("patches pieces parts regions number count many")
_JOINS = listed("and plus + &")
_ONE = re.compile(
    r"\bany\b|\b(?:is|does|do|would|has|have|exists?)(?: there)? an? (?!\d|half|hundred|thousand|total)|\bexists?\b"
)
_SOME = re.compile(
    r"\bany\b|\ban? (?!\d|half|hundred|thousand|total|hectare|quarter)|\bsome\b|\bthere\b|\bexists?\b|\bgot\b"
)
_ORDER = ("min", "median", "mean", "max")
_BY_HOW_MUCH = re.compile(
    r"\bhow (?:much|many (?:times|metres|meters|m|km|feet|hectares|ha|acres|m2)) (?:\w+ )?"
    r"(?:more|less|fewer|larger|bigger|smaller|greater|longer|shorter|farther|further|closer|nearer|wider)\b(?=.*\bthan\b)"
)
_HOW_LARGE = re.compile(
    r"\bhow (?:large|big|small|extensive)\b(?! (?:is|are) (?:the )?(?:\w+ )?(?:gap|distance|spacing|clearance))"
    r"|\bwhat size\b|\b(?:area|size|footprint|surface) of\b"
)
_PLACES = {**RANKS, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5}


def quantities(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """What a quantity lacks, or what is asked of one that is not meant; None where neither is so.

    Example:
        >>> from planimeter.coder.grammar.parse import parse
        >>> from planimeter.coder.rewriter.cues import cues
        >>> plain = "the average nearest neighbour distance between lakes"
        >>> def told(question):
        ...     return quantities(cues(question), cues(plain), parse(plain).meaning)
        >>> told("on average, how far is a lake from the next lake") is None
        True
        >>> told("how many lakes are there")
        'distances among themselves'
    """
    for check in _CHECKS:
        said = check(asked, meaning)
        if said:
            return said
    return None


def _among(asked: Cues, meaning: Meaning) -> str | None:
    meant, said = every(meaning, Neighbours), bool(_AMONG.search(asked.text))
    if meant:
        said = said or bool(_FROM_THE_NEXT.search(asked.text)) or "how far apart" in asked.text
    return "distances among themselves" if said != bool(meant) else None


def _lies(asked: Cues, meaning: Meaning) -> str | None:
    return (
        "which way it lies" if bool(_LIES.search(asked.text)) != bool(every(meaning, Orientation)) else None
    )


def _index(asked: Cues, meaning: Meaning) -> str | None:
    return "an index" if bool(_INDEX.search(asked.text)) != bool(every(meaning, IndexOf)) else None


def _sum(asked: Cues, meaning: Meaning) -> str | None:
    if not isinstance(meaning, Sum):
        return None
    joined = (_JOINS | {"together"}) & set(asked.words) or "+" in asked.text
    counted = isinstance(meaning.first, Count)
    of_area = bool(asked.units) or "area" in asked.loose
    return None if joined and counted != of_area and ("count" in asked.measures) == counted else "a sum"


def _which(asked: Cues, meaning: Meaning) -> str | None:
    if not isinstance(meaning, Which):
        return None
    return (
        "whether pieces or ground are compared"
        if (meaning.by == "count") != bool(_PIECES & asked.loose)
        else None
    )


def _rank(asked: Cues, meaning: Meaning) -> str | None:
    """The place in an order; "the second largest other than the largest" may be either of two."""
    said = {_PLACES[word] for word in asked.words if word in _PLACES} - {1}
    meant = {
        place
        for pick in every(meaning, Pick)
        if pick.first > 1
        for place in range(pick.first, pick.first + pick.count)
    }
    meant |= {meaning.rank} - {1} if isinstance(meaning, Which) else set()
    if (meant or len(said) > 1) and said != meant:
        return "a rank"
    if meant and re.search(
        r"\b(?:other than|besides|except|apart from|not counting|without|excluding)\b", asked.text
    ):
        return "which are left out"
    return None


def _statistics(asked: Cues, meaning: Meaning) -> str | None:
    """The larger statistic is the first one, unless the wording puts mean and median in an order of its own."""
    if not isinstance(meaning, Difference | Ratio):
        return None
    first, second = meaning.first, meaning.second
    if not (isinstance(first, SizeOf) and isinstance(second, SizeOf)):
        return None
    one, two = _statistic(first), _statistic(second)
    if {one, two} == {"mean", "median"}:
        names = re.findall(r"\b(average|mean|avg|median)\b", asked.text)
        turned = bool(re.search(r"\bsubtract\b.*\bfrom\b", asked.text))
        told = ["median" if name == "median" else "mean" for name in names[:2]]
        return None if told == ([two, one] if turned else [one, two]) else "the order of the two"
    if _ORDER.index(one) < _ORDER.index(two):
        return "the order of the two"
    smaller = r"(?:average|mean|smallest|minimum|min)"
    larger = r"(?:largest|biggest|maximum|max)"
    if re.search(
        rf"\bratio (?:of|between) (?:the )?{smaller}\b.*\bto\b|\b{smaller}\b[^/]*/[^/]*\b{larger}\b",
        asked.text,
    ):
        return "the order of the two"
    if re.search(rf"\b{smaller}\b.*\b(?:divided by|minus)\b.*\b{larger}\b", asked.text):
        return "the order of the two"
    return None


def _statistic(size: SizeOf) -> str:
    if size.of.pick is not None:
        return "max" if size.of.pick.largest else "min"
    return size.statistic if size.statistic in _ORDER else "max"


def _grouped(asked: Cues, meaning: Meaning) -> str | None:
    """Which of three covers are added before they are divided or compared."""
    if not isinstance(meaning, Ratio | Difference):
        return None
    one, two = _topics(meaning.first), _topics(meaning.second)
    if len(one) + len(two) < 3 or len(asked.places) != len(one) + len(two):
        return None if len(one) + len(two) < 3 else "which are added"
    for n, ((before, _), (after, _)) in enumerate(zip(asked.places, asked.places[1:], strict=False), 1):
        joined = bool(_JOINS & set(asked.words[before:after]))
        if joined != (n != len(one)) and not (n != len(one) and "," in asked.text):
            return "which are added"
    return None


def _one_or_all(asked: Cues, meaning: Meaning) -> str | None:
    """ "A lake larger than 1 ha" is one of them, "the water is larger than 1 ha" all together."""
    if isinstance(meaning, Threshold) and isinstance(meaning.of, Area):
        return "whether one or all together is meant" if _ONE.search(asked.text) else None
    if isinstance(meaning, Presence) and every(meaning, Size):
        some = _SOME.search(asked.text) and not re.search(r"(?:^| )# ~ of\b", " ".join(asked.words))
        return None if some else "whether one or all together is meant"
    return None


def _by_how_much(asked: Cues, meaning: Meaning) -> str | None:
    """ "How much larger is the largest than the second" is neither of the two but what lies between them."""
    if _BY_HOW_MUCH.search(asked.text) and not every(meaning, Difference | Ratio):
        return "by how much one exceeds the other"
    if isinstance(meaning, Difference) and re.search(r"\bas a factor\b|\bhow many times\b", asked.text):
        return "how many times one is the other"
    return None


def _divided(asked: Cues, meaning: Meaning) -> str | None:
    """ "Built area over total area" is a quotient."""
    over = re.search(
        r"\b(?:area|count|number)s? over (?:the )?(?:total|whole|entire|area|image|number|count|all)\b",
        asked.text,
    )
    return "what it is divided by" if over and not every(meaning, Share | Ratio) else None


def _how_large(asked: Cues, meaning: Meaning) -> str | None:
    """ "How large is the house closest to the lake" asks for no distance."""
    measured = isinstance(meaning, Distance | Neighbours) and _HOW_LARGE.search(asked.text)
    return "a size" if measured and not re.search(r"\b(?:distances?|far|gap)\b", asked.text) else None


def _neither(asked: Cues, meaning: Meaning) -> str | None:
    """ "Touching neither water nor roads": both are denied."""
    touching = every(meaning, Touching)
    if "neither" in asked.words and touching and not all(one.apart for one in touching):
        return "which of them are denied"
    return None


def _topics(quantity: Quantity) -> tuple[str, ...]:
    of = getattr(quantity, "of", None)
    return tuple(of.topics) if of is not None and not isinstance(quantity, Share) else ()


_CHECKS: tuple[Callable[[Cues, Meaning], str | None], ...] = (
    _among,
    _lies,
    _index,
    _sum,
    _which,
    _rank,
    _statistics,
    _grouped,
    _one_or_all,
    _by_how_much,
    _divided,
    _how_large,
    _neither,
)
