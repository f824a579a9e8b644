"""How judgements of many scenes become one: they are passed on the combined numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from planimeter.errors import NotMeasurable
from planimeter.meaning.change import asks_for_any_change
from planimeter.meaning.combine_plan import Finish, FoldedPart, Value, as_number, as_word
from planimeter.meaning.covers import land_covers
from planimeter.meaning.quantity_units import compared_in, counted_once, in_base
from planimeter.meaning.records import (
    All,
    Area,
    Bounds,
    Comparison,
    Count,
    Fragmentation,
    Judgement,
    Leads,
    Presence,
    Subject,
    Threshold,
    Which,
    WhichPart,
)

if TYPE_CHECKING:
    from planimeter.meaning.combine import Planner


def judgement(planner: Planner, meaning: Judgement, offered: Sequence[tuple[str, ...]]) -> Finish:
    """The plan of a judgement.

    Args:
        planner: collects what is measured of every scene.
        meaning: what was asked.
        offered: the topics of each scene; together they spell out "which land cover is largest".

    Raises:
        NotMeasurable: it is one of a single scene; says what to ask instead.
    """
    match meaning:
        case Presence(of, least, absent):
            planner.refuse_picks(meaning)
            count = planner.part(Count(of), "sum", empty=0)
            planner.said.append(
                f"yes when all scenes together have {'less than ' if absent else ''}{least} or more"
            )
            return lambda folded: as_word((as_number(count(folded)) >= least) is not absent)
        case All():
            planner.refuse_picks(meaning)
            planner.said.append("yes when it holds in every scene that has any")
            return planner.part(meaning, "all")
        case Threshold(of) if asks_for_any_change(meaning):
            value = planner.quantity(compared_in(of, planner.area_unit))
            planner.said.append("the limit was applied to the combined number")
            return lambda folded: as_word(as_number(value(folded)) > 0)
        case Threshold(of, bounds, equal):
            value = planner.quantity(in_base(of, bounds))
            planner.said.append("the limit was applied to the combined number")
            if equal:
                assert bounds.low is not None
                low = bounds.low.base
                return lambda folded: as_word(as_number(value(folded)) == low)
            return lambda folded: as_word(_inside(as_number(value(folded)), bounds))
        case Comparison(first, second, sign, factor):
            left, right = (
                planner.quantity(counted_once(compared_in(side, planner.area_unit)))
                for side in (first, second)
            )
            compare = _SIGNS[sign]
            planner.said.append("the combined numbers were compared")
            return lambda folded: as_word(compare(as_number(left(folded)), factor * as_number(right(folded))))
        case Which(options, most, by, rank):
            return (
                _which(planner, options, most, by, rank) if options else _covers(planner, offered, most, rank)
            )
        case Leads(of, most, options):
            leader = (
                _which(planner, options, most, "area", 1) if options else _covers(planner, offered, most, 1)
            )
            return lambda folded: as_word(leader(folded) == of.topics[0])
        case Fragmentation():
            raise NotMeasurable(
                "Connected or fragmented is judged within one scene and cannot be combined; ask how many patches "
                "there are."
            )
        case WhichPart():
            planner.refuse_picks(meaning)  # a part of each image is no place
            raise AssertionError(meaning)


def _covers(planner: Planner, offered: Sequence[tuple[str, ...]], most: bool, rank: int) -> Finish:
    """Which land cover is at a place; a unit whose map does not know one has none of it."""
    covers = {Subject((topic,)): topic for topic in land_covers(offered)}
    known = len(planner.plan.meanings)
    finish = _which(planner, tuple(covers), most, "area", rank)
    for number, of in enumerate(planner.plan.meanings[known:], known):
        assert isinstance(of, Area)
        planner.plan.covers[number] = covers[of.of]
    return finish


def _which(planner: Planner, options: tuple[Subject, ...], most: bool, by: str, rank: int) -> Finish:
    unit = planner.area_unit
    amounts = {}
    for option in options:
        planner.refuse_picks(option)
        of = Count(option) if by == "count" else Area(option, (), unit, once=True)
        planner.part(of, "sum", empty=0)
        amounts[option.topics[0]] = FoldedPart(planner.number_of(of), "sum", empty=0)
    planner.said.append(f"{'counts' if by == 'count' else 'areas'} of all scenes were added and compared")

    def winner(folded: dict[FoldedPart, Value]) -> Value:
        totals = {topic: as_number(folded[part]) for topic, part in amounts.items() if part in folded}
        if len(totals) < rank:
            raise NotMeasurable(f"There are fewer than {rank} of them in these scenes; ask for the largest.")
        best = sorted(totals.values(), reverse=most)[rank - 1]
        winners = [topic for topic, total in totals.items() if total == best]
        if len(winners) > 1:
            raise NotMeasurable(f"They are exactly equal: {', '.join(winners)}; ask for their areas.")
        return winners[0]

    return winner


_SIGNS: dict[str, Callable[[float, float], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
}


def _inside(value: float, bounds: Bounds) -> bool:
    low, high = bounds.low, bounds.high
    above = low is None or value > low.base or (bounds.low_closed and value == low.base)
    below = high is None or value < high.base or (bounds.high_closed and value == high.base)
    return above and below
