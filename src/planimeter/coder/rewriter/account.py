"""Whether a plain sentence says what a free wording says: no more, no less and nothing else.

Nothing here knows the model. Every check is by tables of words and by the meaning that the grammar read; where one
cannot be made, the rewriting is refused.
"""

# ruff: noqa: E501  # a pattern stands on one line

from __future__ import annotations

import re
from collections.abc import Callable

from planimeter.coder.grammar.land import land_said
from planimeter.coder.rewriter.attached import attached
from planimeter.coder.rewriter.cues import Cues, Figure
from planimeter.coder.rewriter.measured import kinds, loaded, measures
from planimeter.coder.rewriter.phrases import NEGATIONS, TURNED
from planimeter.coder.rewriter.quantities import quantities
from planimeter.coder.rewriter.told import told
from planimeter.coder.word_lists import listed
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    All,
    Area,
    Away,
    Besides,
    Comparison,
    Composition,
    Count,
    Density,
    Difference,
    Distance,
    Either,
    Fragmentation,
    Holding,
    ImageArea,
    IndexOfEach,
    Inside,
    Leads,
    Length,
    Listing,
    Meaning,
    Neighbours,
    PerItem,
    Pick,
    Portion,
    Power,
    Presence,
    Ratio,
    Share,
    SizeOf,
    Spaced,
    Subject,
    Threshold,
    Touching,
    Which,
)
from planimeter.vocabulary.topics import EVERYWHERE

_JUDGEMENTS = (Presence, All, Threshold, Comparison, Fragmentation, Leads)


def unaccounted(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """What a plain sentence leaves out or adds, as a clause; None where it says the same.

    Args:
        asked: what the free wording says.
        plain: what the plain sentence says.
        meaning: of the plain sentence.

    Example:
        >>> from planimeter.coder.grammar.parse import parse
        >>> from planimeter.coder.rewriter.cues import cues
        >>> plain = "the number of buildings within 50 m of water"
        >>> def told(question):
        ...     return unaccounted(cues(question), cues(plain), parse(plain).meaning)
        >>> told("so um, how many houses lie in the 50 m strip along the water") is None
        True
        >>> told("so um, how many houses lie outside the 50 m strip along the water")
        'the direction of 50 m'
    """
    for check in _CHECKS:
        said = check(asked, plain, meaning)
        if said:
            return said
    return None


def _named(figure: Figure) -> str:
    return f"{figure.value:g}" + (f" {figure.unit.symbol}" if figure.unit else "")


def _land(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """Land is not the image where dry land or water is spoken of; whether water belongs to it, the grammar alone says."""
    said = land_said(asked.text)
    image = any(regions.topics == (EVERYWHERE,) for regions in every(meaning, Subject)) or any(
        not isinstance(whole, Share) or whole.of_image for whole in every(meaning, Share | ImageArea)
    )
    watery = "water" in (*plain.topics, *asked.topics)
    return "what land is" if image and (said == "dry land" or (said and watery)) else None


def _numbers(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    between_two = [(f.value, f.unit) for f in asked.figures] == [(2, None)]
    if isinstance(meaning, Neighbours) and between_two and not plain.figures:
        return None  # "the distance between two lakes"
    twice = {"both", "neither", "and", "also", "alike", "without"} & set(
        asked.words
    ) or "as well as" in asked.text
    if twice and len(plain.figures) > len(asked.figures):
        # "Within 50 m of both a lake and a road" says its number once.
        neither = re.search(r"# ~ of neither\b", " ".join(asked.words))
        figures = {(f.value, f.unit, TURNED.get(f.way, "") if neither else f.way) for f in asked.figures}
        if (
            figures == {(f.value, f.unit, f.way) for f in plain.figures}
            and len(asked.figures) == 1
            and len(plain.figures) == 2
            and len(plain.topics) > 2  # what is asked about, and two that it is near
        ):
            return None

    def key(figure: Figure) -> tuple[float, str]:
        return figure.value, figure.unit.symbol if figure.unit else ""

    given = asked.figures
    if every(meaning, Density):  # "on one hectare", "1/ha"
        given = [f for f in given if f.value != 1 or (f.unit is not None and f.unit.dimension != "area")]
    first, second = sorted(map(key, given)), sorted(map(key, plain.figures))
    if first != second:
        odd = [
            figure
            for figure in (*given, *plain.figures)
            if first.count(key(figure)) != second.count(key(figure))
        ]
        return f"the number {_named(odd[0])}"
    ways = [(key(one), one.way) for one in given], [(key(one), one.way) for one in plain.figures]
    if sorted(ways[0]) != sorted(ways[1]):
        odd = [figure for figure in asked.figures if (key(figure), figure.way) not in ways[1]]
        return f"the direction of {_named((odd or asked.figures)[0])}"
    values = [figure.value for figure in asked.figures]
    for figure in asked.figures:
        if figure.beside and values.count(figure.value) == 1:
            other = next(one for one in plain.figures if one.value == figure.value)
            if other.beside != figure.beside and not _mutual(plain, meaning):
                return f"what {_named(figure)} is measured to"
    return None


def _mutual(plain: Cues, meaning: Meaning) -> bool:
    """Whether it is the same asked from either side: the least distance, and whether two things are within one."""
    plainly = not every(meaning, Pick) and len(plain.topics) == 2
    if isinstance(meaning, Distance):
        return plainly and meaning.statistic == "min" and not (meaning.of.where or meaning.to.where)
    near = [away for away in every(meaning, Away) if away.bounds.low is None and not away.entirely]
    return plainly and isinstance(meaning, Presence) and len(near) == len(meaning.of.where) == 1


def _topics(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    missing = set(asked.topics) ^ set(plain.topics)
    if missing:
        return f"the topic {sorted(missing)[0]}"
    if _mutual(plain, meaning):
        return None
    named = _in_order(asked, plain)
    one_of_them = isinstance(meaning, Count | Area | SizeOf | Share) and len(plain.topics) > 1
    if one_of_them and not asked.subject and asked.topics[0] != plain.topics[0]:
        return "what is asked about"
    ordered = isinstance(meaning, Comparison | Ratio | Difference | Share | Portion | Distance)
    if ordered and len(plain.topics) > 1 and asked.topics != named and not asked.subject:
        return "the order of the topics"
    if asked.subject and named and asked.subject != named[0] and not isinstance(meaning, Which):
        return "what is asked about"
    if isinstance(meaning, Comparison | Ratio | Difference) and asked.topics != named:
        return "the order of the topics"
    return None


def _in_order(asked: Cues, plain: Cues) -> list[str]:
    """The topics of the plain sentence as the wording has to name them: "subtract A from B" is B minus A."""
    turned = re.search(r"\bsubtract\b.*\bfrom\b", asked.text) and len(plain.topics) == 2
    return plain.topics[::-1] if turned else plain.topics


def _units(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    if isinstance(meaning, Density | Power):
        wanted = {unit.symbol for unit in plain.units}
        return None if {unit.symbol for unit in asked.units} == wanted else "the unit"
    first, second = ({unit.symbol for unit in one.units} for one in (asked, plain))
    return f"the unit {sorted(first ^ second)[0]}" if first != second else None


def _denials(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    if every(meaning, Besides) and sum(word in NEGATIONS for word in asked.words) < 2:
        return None  # "not counting the largest" is looked at by itself
    if re.search(r"# ~ of neither\b", " ".join(asked.words)) and not plain.denied:
        return None  # what it turns are the numbers, whose directions are looked at
    return "a denial" if asked.denied != plain.denied else None


def _form(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """Yes or no, or a value."""
    if isinstance(meaning, _JUDGEMENTS):
        formula = "?" in asked.text[-3:] or re.search(r"[<>]", asked.text)
        asks = asked.yes_no or (formula and isinstance(meaning, Threshold | Comparison) and not asked.open)
        counts = isinstance(meaning, Presence | All) and _COUNTS.search(asked.text)
        return None if asks and not _asks_value(asked) and not counts else "that a value is asked for"
    if len(plain.topics) > 1 and _WHICH.search(asked.text) and not isinstance(meaning, Which):
        return "that it asks which"
    if re.search(r"\w\)? ?[<>] ?(?!\d)\w*\(?[a-z]", asked.text):
        return "that it compares"
    if isinstance(meaning, Which):
        if {"least", "smallest"} & asked.measures or "less" in asked.words or "smaller" in asked.words:
            return "the most" if meaning.most else None
        if not meaning.most:
            return "the least"
        wanted = {"which", "either", "most", "largest", "majority"} & asked.measures
        return None if wanted else "which of them"
    return "that it is a yes-or-no question" if asked.yes_no and not asked.open else None


_COUNTS = re.compile(
    r"\b(?:how|what|number|count|quantity|percentage|percent|share|average|total|tally|list)\b"
)


_WHICH = re.compile(
    r"\bwhich (?:(?:is|are|has|have) (?:the |in )?(?:more|most|larg|bigg|great|small|less|few|high)\w*|is more|covers?|takes|occupies|contributes|falls|consists|one"
    r"|of (?:the|them|these)\b)|\b(?:who|what) (?:has|covers) more\b"
)


def _asks_value(asked: Cues) -> bool:
    text = " ".join(asked.words)
    return any(
        f" {words} " in f" {text} "
        for words in (
            "how many",
            "how much",
            "how far",
            "how big",
            "how large",
            "what is",
            "what percentage",
            "what percent",
            "what share",
        )
    )


def _rest(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """Quantifiers, touching, places of the image, only, both, or."""
    said, text = asked.measures, f" {' '.join(asked.words)} "
    if every(meaning, All) and "all" not in said:
        return "all"
    any_of = {"any", "no", "whether"} & set(asked.words)
    if isinstance(meaning, Presence) and "all" in said and not any_of:
        return "all"
    if bool(every(meaning, Touching)) != ("touching" in said) and not _panels(asked):
        return "touching"
    if (
        "place" in said
        or _WHICH_HALF.search(asked.text)
        or any(subject.frame is not None for subject in every(meaning, Subject))
    ):
        return "a part of the image"
    if bool(every(meaning, Holding)) != _says_holding(asked) and not _panels(asked):
        return "what regions hold"
    narrowed = {"only", "unless", "alone", "mere", "merely"} & set(asked.words)
    if narrowed or (" except " in text and not every(meaning, Besides) and not _EXCEPT_SIZES.search(text)):
        return "only"
    sizes = isinstance(meaning, Ratio | Difference) and isinstance(meaning.first, SizeOf)
    kept = re.sub(r"\b(?:minus|exceed|subtract|from|times)\b", " ", text) if sizes else text
    if bool(every(meaning, Besides)) != bool(_LEFT_OUT.search(kept)):
        return "what is left out"
    either = every(meaning, Either)
    counted_or = text.count(" or ") + text.count(" either ")
    if either and not counted_or and "at least one" not in text:
        return "or"
    if (
        counted_or
        and not either
        and not isinstance(meaning, Which | Fragmentation | Share | Area)
        and not _turned_or(asked)
    ):
        return "or"
    if "both" in said and len(plain.figures) < 2:
        return "both"
    if every(meaning, Inside) and not {"in", "inside", "within", "on", "overlapping", "covered"} & set(
        asked.words
    ):
        return "inside"
    if every(meaning, PerItem):
        return "per thing"
    several = isinstance(meaning, Area | Share | Length | Count) and len(meaning.of.topics) > 1
    if several and (_COMPARES | _APART) & set(asked.words):
        return "that they are compared"
    if several and isinstance(meaning, Area) and _AREAS.search(asked.text):
        return "that they are asked one by one"
    if several and not (
        {"and", "or", "plus", "together", "combined"} & set(asked.words)
        or "+" in asked.text
        or "," in asked.text
    ):
        return "that several are meant together"
    if isinstance(meaning, Comparison | Ratio | Difference) and not sizes:
        counted = bool(every(meaning, Count))
        of_area = bool(
            {"area", "areas", "surface", "space", "cover", "covers", "hectares", "extent"} & asked.loose
        )
        many = re.search(r"\bhow many (?!times)", asked.text) is not None
        of_number = many or bool({"number", "count", "outnumber", "fewer"} & asked.loose)
        of_area = of_area or (not of_number and bool({"larger", "bigger"} & asked.loose))
        if (counted and of_area) or (not counted and of_number and not asked.units):
            return "whether numbers or areas are compared"
        if counted and not set(plain.topics) <= asked.counted:
            return "whether numbers or areas are compared"
        if not counted and not of_area and not asked.units and set(plain.topics) <= asked.counted:
            return "whether numbers or areas are compared"
    if isinstance(meaning, Comparison):
        if " or " in text:
            return "or"
        more = {
            "more",
            "larger",
            "bigger",
            "greater",
            "gtx",
            "exceeds",
            "exceed",
            "outnumber",
            "outweigh",
            "higher",
            "extensive",
        } & set(asked.words)
        more -= {"extensive"} if "less extensive" in text else set()
        equal = {"gex", "lex"} & set(asked.words)
        if bool(equal) != ("=" in meaning.sign):
            return "whether they may be equal"
        less = {"less", "smaller", "fewer", "ltx", "lower"} & set(asked.words)
        if bool(more) == bool(less) or bool(more) != meaning.sign.startswith(">"):
            return "which is the larger"
    return None


def _order(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """ "Smallest first" is the order of a list; one that a plain sentence has must have been asked for."""
    if isinstance(meaning, Composition | IndexOfEach):
        return None  # whose orders have words of their own
    first = meaning.first if isinstance(meaning, Listing) else ""
    return "the order of a list" if bool(first) != bool(_ORDERED.search(asked.text)) else None


_ORDERED = re.compile(
    r"\b(?:ascending|descending|increasing order|decreasing order|in order|sort\w*|rank\w*|arrange\w*|order(?:ed)? by"
    r"|(?:largest|biggest|smallest|nearest|closest|farthest|furthest|tiniest)(?: ones?)? (?:first|on top|at the top)"
    r"|from (?:the )?(?:largest|biggest|smallest|nearest|closest|farthest|furthest|big|small|large)\w* to\b"
    r"|(?:starting|beginning) with the|ones? first)\b|\bfirst\W*$"
)


def _neighbours(asked: Cues, plain: Cues, meaning: Meaning) -> str | None:
    """Neighbours are others of the kind, by their distance; "no other house" is no condition of place."""
    near = bool(every(meaning, Spaced | Neighbours))
    if _LONELY & set(asked.words) and not every(meaning, Spaced):
        return "what stands alone"
    if _NEIGHBOURS & set(asked.words) and not near:
        return "the neighbours"
    others = _NEIGHBOURS | {"other", "others", "another", "apart", "neighbouring", "neighboring", "next"}
    return "others of the kind" if every(meaning, Spaced) and not others & set(asked.words) else None


_LONELY = listed("isolated detached freestanding standalone lone solitary secluded")
_NEIGHBOURS = listed("neighbour neighbours neighbor neighbors")


_LEFT_OUT = re.compile(
    r"\b(?:other than|besides|apart from|except(?: for)?|exclud\w+|without|ignor\w+|leav\w+ (?:out|aside)|left out|"
    r"not counting|not count|but(?: not)?|minus|take away|remov\w+|forget|drop\w*|skipping|next to|beyond|outside)\b"
    r"(?: the| single| smaller| very){0,2} (?:largest|biggest|smallest|maximum)\b"
    r"|\b(?:largest|biggest|smallest)\b(?: \w+){0,2} (?:is|are|was|were) "
    r"(?:left out|ignored|excluded|taken away|removed|not counted)"
)
"""Words that leave the largest out; a plain sentence that does has to be one of them, and the other way round."""


_AREAS = re.compile(
    r"^(?!.*\b(?:total|combined|together|sum|summed|overall|altogether|add)\b).*"
    r"\b(?:the|what|which|their|determine|calculate|give|compute|report|state) (?:areas|sizes|extents|surfaces)\b"
)
_WHICH_HALF = re.compile(
    r"\b(?:which|what|each|every|either|per|by|other|first|second|both) (?:half|halves|third|thirds|quarter|quarters)\b"
)
"""Halves of the image that are held against each other; "more than half of it" is a number."""
_CONTAIN = listed(
    "contain contains containing contained hold holds holding host hosts hosting enclose encloses enclosing"
)


def _says_holding(asked: Cues) -> bool:
    """Whether a wording says of one thing that it holds another: "fields that contain a house", "with a pond in them"."""
    if len(set(asked.topics)) < 2:
        return False
    behind = (asked.words[place + 1 : place + 3] for place, _ in asked.places)
    contains = any(
        set(words[:1]) & _CONTAIN
        or (words[:1] in (["that"], ["which"], ["to"]) and set(words[1:]) & _CONTAIN)
        for words in behind
    )
    return contains or re.search(r"\b(?:on|in) them\b", asked.text) is not None


_COMPARES = listed("exceed exceeds than minus subtract ratio divided vs versus difference outweigh which")
_APART = listed(
    "percentages shares proportions fractions split breakdown separately individually mix mixture balance apart respective divide separate"
)
"""Words that ask of several things one by one, not of all together."""
_EXCEPT_SIZES = re.compile(
    r" except (?:for )?(?:those |ones |anything |patches |all |any )?(?:of )?(?:gtx|gex|ltx|lex) # ~"
)


def _panels(asked: Cues) -> bool:
    """Whether buildings with panels are meant, which the grammar reads as touching them."""
    return set(asked.topics) == {"roof", "solar"} and bool(
        {"with", "have", "has", "carry", "bear", "on"} & set(asked.words)
    )


def _turned_or(asked: Cues) -> bool:
    """Whether "or" belongs to a number ("50 m or less")."""
    text = " ".join(asked.words)
    return any(
        f" or {word}" in text
        for word in (
            "less",
            "more",
            "closer",
            "nearer",
            "larger",
            "smaller",
            "bigger",
            "fewer",
            "no",
            "greater",
        )
    )


Check = Callable[[Cues, Cues, Meaning], "str | None"]
_CHECKS: tuple[Check, ...] = (
    kinds,
    told,
    _land,
    _numbers,
    attached,
    _topics,
    _units,
    _denials,
    _form,
    measures,
    loaded,
    quantities,
    _order,
    _neighbours,
    _rest,
)
