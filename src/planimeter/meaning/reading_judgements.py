"""Judgements in words: what is answered by yes or no, or by a word."""

from __future__ import annotations

from planimeter.meaning.reading import SIGNS, limits, phrase, said_of_many, said_of_one, several, shown
from planimeter.meaning.reading_parts import phrase_of_parts
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    DEFAULT_PATCHES,
    All,
    Bounds,
    Comparison,
    Fragmentation,
    Judgement,
    Leads,
    Presence,
    Size,
    Subject,
    Threshold,
    Which,
    WhichPart,
)
from planimeter.vocabulary.numbers import rank_of
from planimeter.vocabulary.topics import topic_of


def phrase_of_judgement(meaning: Judgement) -> str:
    """A judgement as a clause.

    >>> phrase_of_judgement(Presence(Subject(("water",))))
    'whether there are any water regions'
    """
    match meaning:
        case Presence(of, least, absent):
            if absent:
                return f"whether there are no {several(of)}"
            if of.then and of.pick is not None and of.pick.count == 1:
                return f"whether {several(replace(of, then=()))} {said_of_one(of.then)}"
            return f"whether there are {'any' if least == 1 else f'at least {least}'} {several(of)}"
        case All(of, part):
            return f"whether all {several(of)} {said_of_many(part)}"
        case Threshold(of, bounds, equal):
            if equal:
                return f"whether {phrase(of)} is exactly {shown(bounds.low)}"
            if (
                bounds.low is not None
                and bounds.low.base == 0
                and bounds.high is None
                and not bounds.low_closed
            ):
                return f"whether {phrase(of)} is more than 0"
            return f"whether {phrase(of)} is {limits(bounds)}"
        case Comparison(first, second, sign, factor):
            times = "" if factor == 1 else f"{factor:g} times "
            return f"whether {phrase(first)} is {SIGNS[sign]} {times}{phrase(second)}"
        case Fragmentation(of, bounds, yes_means):
            word = yes_means or "connected or fragmented"
            return f"whether {several(of, cover=True)} is {word}, fragmented meaning {_fragments(of, bounds)}"
        case Leads(of, most, options):
            word = "largest" if most else "smallest"
            told = ": " + ", ".join(several(option, cover=True) for option in options) if options else ""
            return f"whether {several(of, cover=True)} has the {word} area of all land covers{told}"
        case Which(options, most, by, rank):
            names = ", ".join(several(o, cover=by == "area") for o in options) or "land cover classes"
            what = "number" if by == "count" else "area"
            place = "" if rank == 1 else f"{rank_of(rank)} "
            return f"which has the {place}{'largest' if most else 'smallest'} {what}: {names}"
        case WhichPart():
            return phrase_of_parts(meaning)


def _fragments(of: Subject, bounds: Bounds | None) -> str:
    if bounds is not None:
        return f"{limits(bounds)} separate regions"
    size = topic_of(of.topics[0]).smallest
    sized = "" if any(isinstance(c, Size) for c in of.where) else f" larger than {size:g} ha"
    return f"more than {DEFAULT_PATCHES} separate regions{sized} where the question gives no number"
