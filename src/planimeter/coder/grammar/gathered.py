"""A question by its parts, in whatever order they stand: what is asked, of what, under which conditions.

The last resort of the grammar, for orders of words that no rule has ("the buildings number how many?"). Every word has
to belong to a part or be one that measures nothing, a question has one thing that it asks and one noun that it asks it
of, and all ways of taking it apart have to mean the same. Words that deny, compare, restrict or join ("not", "only",
"each", "and") are in no part and refuse it.
"""

from __future__ import annotations

import itertools

from planimeter.coder.grammar.apart import Kinds, Phrase, agreed, phrases
from planimeter.coder.grammar.classes import CLASSES
from planimeter.coder.grammar.formalism import Parser
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.grammar.rulebook import GRAMMAR
from planimeter.coder.grammar.rules.areas import measured
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import Area, Condition, Count, ImageArea, Meaning, Share, SizeOf, Subject
from planimeter.vocabulary.topics import EVERYWHERE
from planimeter.vocabulary.units import Unit

# What asks for a number, an area, a share; "much" for an area or a share, "large" for the size of one or of a cover.
_CUES = {
    "count": phrases("how many, number, count, tally, headcount, quantity, numbers, counts"),
    "area": phrases(
        "area, acreage, extent, surface area, surface, hectarage, footprint, land area, ground area, total area, "
        "how much land, how much area, how much ground, how much surface, how much space, what land, size"
    ),
    "share": tuple(
        tuple(phrase.split()) for phrase in CLASSES["sharename"] if phrase not in ("part", "portion")
    )
    + phrases("how many percent, what part, what portion, how much percent, how great part, how large part"),
    "much": phrases("how much"),
    "large": phrases("how large, how big, how extensive"),
    "mean": phrases("average, mean, on average"),
    "median": phrases("median"),
    "total": phrases(
        "total, overall, altogether, in all, whole, entire, combined, together, all, sum, sum of, all of"
    ),
    # verbs of which something covers so much; a number of things does not
    "covers": phrases(
        """
        cover, covers, covered by, covered with, occupy, occupies, occupied by, take up, takes up, taken up by, account
        for, accounts for, make up, makes up, made up of, come to, comes to, amount to, amounts to, add up
        to, adds up to, fill, fills, filled by, filled with, represent, represents,
        measure, measures, constitute, constitutes, comprise, comprises, used by, used for, used as, belong to, belongs
        to, devoted to, under, given over to, dedicated to, span, spans, extend over
        """
    ),
    "has": phrases("have, has, hold, holds"),
    "ground": phrases("land, ground, space, terrain"),
    "": phrases(
        """
        is, are, be, being, there, do, does, find, it is, is it, they are, are they, of them, of it, of those, of
        these, that, those, these, what, this, of, located,
        situated, found, lying, standing, present, visible, seen, shown, depicted, detected, identified, counted,
        mapped,
        exist, exists, appear, appears, occur, occurs, lie, lies, here, per cent, if any, express, figure, answer,
        result
        """
    ),
}
# "We see" and "can be counted" say that there are some; "we own" and "can be built" say which.
_SEES = phrases("see, find, count, spot, detect, identify, make out, recognise, recognize, observe, discern")
_CUES[""] += tuple(
    (*before, *sees)
    for sees in _SEES
    for before in phrases(
        "you, we, i, one, you can, we can, i can, one can, can you, can we, can i, can one, do you, do we, do i, "
        "does one, could you, could we, could i, you could, we could, i could"
    )
)
_KINDS = Kinds(_CUES)
_YES_OR_NO = frozenset(("is", "are", "was", "were", "do", "does", "did", "has", "have", "can", "whether"))


def gathered(tokens: list[Token], unit: Unit | None) -> Meaning | None:
    """What a question means whose parts are known, whatever their order; None where it has no meaning, or two.

    Args:
        tokens: as prepared for the grammar.
        unit: that the answer is asked in, which is no longer among the tokens.
    """
    if not tokens or tokens[0].text in _YES_OR_NO:
        return None
    return agreed(
        tokens, _parts_at, lambda parts: None if _asked_again(parts, tokens) else _composed(parts, unit)
    )


def _asked_again(parts: tuple[Phrase, ...], tokens: list[Token]) -> bool:
    """Whether one thing is asked twice in the same words: "houses: number, number within 20 m of water"."""
    asked = [
        (part.kind, *(token.text for token in tokens[part.start : part.end]))
        for part in parts
        if part.kind in ("count", "area", "share", "much", "large", "mean", "median")
    ]
    return len(set(asked)) < len(asked)


def _parts_at(parser: Parser, position: int) -> list[Phrase]:
    """The parts that can begin at a token, the longest of each kind of phrase first."""
    parts: list[Phrase] = []
    token = parser.tokens[position]
    if token.unit is not None:
        kind = {"area": "area", "percent": "share"}.get(token.unit.dimension)
        return [Phrase(kind, position, position + 1, token.unit)] if kind else []
    if (
        parser.text(position) == "how"
        and parser.text(position + 1) == "many"
        and position + 2 < len(parser.tokens)
    ):
        asked = parser.tokens[position + 2].unit
        if asked is not None and asked.dimension == "area":
            return [Phrase("area", position, position + 3, asked)]
    for value, end in parser.parse("condition", position):
        parts.append(Phrase("condition", position, end, (value,)))
    for pair, end in parser.parse("conditionpair", position):
        parts.append(Phrase("condition", position, end, pair))
    for value, end in [*parser.parse("base", position), *parser.parse("union", position)]:
        if EVERYWHERE not in value.topics and token.text not in ("area", "areas"):
            parts.append(Phrase("noun", position, end, value))
    parts += [
        Phrase("whole", position, end)
        for _, end in parser.parse("whole", position)
        if any(named.text == "image" for named in parser.tokens[position:end])
    ]
    if position == 0:
        parts += [Phrase("", 0, end) for end in parser.phrases(GRAMMAR.classes["ask"], 0)]
    if token.text in ("every", "each", "any") and position == 1:
        parts.append(Phrase("every", position, position + 1))
    return parts + _KINDS.at(parser, position)


def _composed(parts: tuple[Phrase, ...], unit: Unit | None) -> Meaning | None:
    kinds = {part.kind for part in parts}
    nouns = [part for part in parts if part.kind == "noun"]
    if len(nouns) != 1:
        return None
    where: tuple[Condition, ...] = tuple(
        value for part in parts if part.kind == "condition" for value in part.value
    )
    np: Subject = nouns[0].value
    if where and (np.pick is not None or np.joined or _may_be_the_others(parts)):
        return None
    units = {part.value for part in parts if part.value is not None and part.kind in ("area", "share")}
    if unit is not None:
        units.add(unit)
    if len(units) > 1:
        return None
    asked = next(iter(units), None)
    dimension = "" if asked is None else asked.dimension
    if dimension not in ("", "area", "percent"):
        return None
    if "much" in kinds and np.plural and dimension != "area" and not kinds & {"area", "share"}:
        return None  # "how much houses": how many, or how much of them
    cue = _cue(kinds, dimension)
    if "has" in kinds and (cue == "count" or np.kind == "thing"):
        return None  # what houses have may be their gardens
    if ("every" in kinds and cue != "count") or ("ground" in kinds and cue != "area"):
        return None
    of = replace(np, where=(*np.where, *where))
    named = asked if unit is None and dimension == "area" else None
    if cue == "count":
        return _count(of, kinds)
    if cue == "share":
        return _share(np, where, kinds)
    if cue == "area":
        return _area(of, kinds, dimension, named)
    return None


def _may_be_the_others(parts: tuple[Phrase, ...]) -> bool:
    """Whether a condition follows another that ends in a noun, of which it may as well be said."""
    told = [part for part in parts if part.kind]
    return any(
        one.kind == two.kind == "condition" and not of_size(one.value[-1])
        for one, two in itertools.pairwise(told)
    )


def _cue(kinds: set[str], dimension: str) -> str:
    """What is asked: a number, an area or a share; "" where it is open."""
    if dimension == "percent" or "share" in kinds:
        return "share" if not kinds & {"count", "large", "mean", "median"} or kinds >= {"share"} else ""
    if "area" in kinds or "large" in kinds or dimension == "area":
        # "How many" goes with a unit that has been lifted out from behind it.
        return "area" if "count" not in kinds or (dimension == "area" and "area" not in kinds) else ""
    if "count" in kinds:
        return "count" if not kinds & {"much", "covers", "mean", "median"} else ""
    return "area" if "much" in kinds and "whole" not in kinds else "share" if "much" in kinds else ""


def _count(of: Subject, kinds: set[str]) -> Meaning | None:
    if "every" in kinds and not of.plural and of.kind == "thing":
        of = replace(of, plural=True)  # "count every house"
    if not of.counted or of.pick is not None or of.joined or "whole" in kinds:
        return None
    return Count(of)


def _share(np: Subject, where: tuple[Condition, ...], kinds: set[str]) -> Meaning | None:
    if kinds & {"mean", "median", "count", "large"} or ("area" in kinds and "whole" not in kinds):
        return None
    if not where:
        told = "whole" in kinds or (not np.counted and np.pick is None)
        return Share(np) if told and not np.where else None
    if "whole" in kinds or any(of_size(value) for value in where):
        return None  # of the image, or of all of them
    return Share(np, where, of_image=False, by_count=np.counted)


def _area(of: Subject, kinds: set[str], dimension: str, unit: Unit | None) -> Meaning | None:
    single = of.kind == "thing" or of.regions
    if kinds & {"mean", "median"}:
        statistic = "mean" if "mean" in kinds else "median"
        fits = single and of.pick is None and not kinds >= {"mean", "median"} and "total" not in kinds
        return SizeOf(of, statistic, unit) if fits else None
    if of.counted and of.pick is None and not ("area" in kinds or dimension == "area" or "total" in kinds):
        return None  # "how large are the houses": each of them, or all
    value = measured(of)
    if isinstance(value, Area | SizeOf | ImageArea) and unit is not None:
        value = replace(value, unit=unit)
    return value
