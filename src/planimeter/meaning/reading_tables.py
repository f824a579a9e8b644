"""Tables, lists and places in words."""

from __future__ import annotations

from planimeter.meaning.quantity_units import unit_of
from planimeter.meaning.reading import STATISTICS, all_conditions, in_unit, several
from planimeter.meaning.reading_change import phrase_of_change
from planimeter.meaning.reading_parts import phrase_of_parts
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    ByPart,
    ChangedMost,
    Composition,
    Histogram,
    IndexOfEach,
    Judgement,
    Listing,
    Pick,
    Quantity,
    Statistics,
    Tabular,
    Together,
    Transitions,
    Where,
)
from planimeter.vocabulary.topics import topic_of


def phrase_of_table(meaning: Tabular) -> str:
    """What a table, a list or a place shows, as a noun phrase or a clause.

    >>> from planimeter.meaning.records import Subject
    >>> phrase_of_table(Histogram(Subject(("water",))))
    'how many water regions there are by area, in about ten classes'
    """
    match meaning:
        case Composition(options, _, largest, part):
            names = ", ".join(several(option, cover=True) for option in options) or "every land cover"
            order = "" if largest else ", from the smallest"
            whole = f"the ground that is {all_conditions(part)}" if part else "the image"
            return f"the area and the percentage of {whole} of {names}{order}"
        case Listing(of, to, _, _, first):
            far = (
                "" if to is None else f", with the distance of each to the nearest {several(to, cover=True)}"
            )
            far += f", the {first} first" if first else ""
            if of.fate:
                return f"a list, with areas, of {several(of)}{far}"
            alone = of.pick is not None and of.pick.count == 1
            return f"a list of {several(of)} with {'its area' if alone else 'their areas'}{far}"
        case IndexOfEach(of, index, statistic, highest, count):
            order = "highest" if highest else "lowest"
            value = f"{STATISTICS[statistic]}{' of the' if statistic == 'deviation' else ''} {index}"
            if count is None:
                return f"a list of {several(of)} with the {value} of each, the {order} first"
            which_of_them = "the one" if count == 1 else f"the {count}"
            return f"of {several(of)} {which_of_them} whose {value} is {order}"
        case Together(parts):
            return f"a table of {'; '.join(_with_unit(part) for part in parts)}"
        case Statistics(of, which, to):
            names = ", ".join(STATISTICS[name] for name in which)
            if to is not None:
                return f"of the distances of {several(of)} to {several(to, cover=True)}: {names}"
            return f"of the areas of single {several(of)}: {names}"
        case Histogram(of, width):
            classes = "about ten classes" if width is None else f"classes of {width}"
            return f"how many {several(of)} there are by area, in {classes}"
        case Where(of, to, farthest):
            if to is None:
                return f"where {several(of if of.pick else replace(of, pick=Pick(True, only=True)))} lies"
            side = "farthest from" if farthest else "nearest to"
            plain = not of.where and not of.then and of.pick is None and len(of.topics) == 1
            one = f"the {topic_of(of.topics[0]).one}" if plain else f"the one of the {several(of)}"
            return f"where {one} lies that is {side} {several(to, cover=True)}"
        case ByPart():
            return phrase_of_parts(meaning)
        case Transitions() | ChangedMost():
            return phrase_of_change(meaning)


def _with_unit(part: Quantity | Judgement) -> str:
    return in_unit(part, None if isinstance(part, Judgement) else unit_of(part))
