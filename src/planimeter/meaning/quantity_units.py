"""The units of quantities: what an answer states, and in what amounts are compared with each other and with limits."""

from __future__ import annotations

from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Border,
    Bounds,
    Change,
    Changed,
    Count,
    Density,
    Difference,
    Distance,
    ImageArea,
    Length,
    Matched,
    Neighbours,
    NetChange,
    Orientation,
    Perimeter,
    PerItem,
    Portion,
    Power,
    Quantity,
    Share,
    SizeOf,
    Sum,
    Turnover,
)
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import HECTARE, MEGAWATT, METRE, PIXEL, SQUARE_METRE, Unit


def unit_of(quantity: Quantity) -> str | None:
    """The symbol of the unit that an answer states; None for a ratio.

    >>> from planimeter.meaning.records import Subject
    >>> unit_of(PerItem(Area(Subject(("forest",))), Subject(("roof",))))
    'm² per building'
    """
    match quantity:
        case Count(of):
            return "count"
        case Area(_, _, unit) | SizeOf(_, _, unit) | ImageArea(unit):
            return (unit or HECTARE).symbol
        case Share() | Portion():
            return "%"
        case PerItem(of, by):
            return f"{unit_of(of_an_item(of))} per {topic_of(by.topics[0]).one}"
        case Orientation():
            return "°"
        case Border(_, _, unit) | Distance(_, _, _, unit) | Neighbours(_, _, unit):
            return (unit or METRE).symbol
        case Perimeter(_, _, unit) | Length(_, _, unit):
            return (unit or METRE).symbol
        case Power(_, _, unit):
            return (unit or MEGAWATT).symbol
        case Density(of, per, _):
            return f"{' and '.join(topic_of(topic).many for topic in of.topics)}/{per.symbol}"
        case Difference(first, _, _):
            return "percentage points" if isinstance(first, Share) else unit_of(first)
        case Sum(first, _):
            return unit_of(first)
        case Changed() | NetChange() | Matched() | Turnover():
            return _unit_of_change(quantity)
    return None


def _unit_of_change(of: Change) -> str | None:
    if of.percent:
        return "%"
    if isinstance(of, NetChange):
        return "percentage points" if isinstance(of.of, Share) else unit_of(of.of)
    if isinstance(of, Matched) and of.by == "count":
        return "count"
    return (of.unit or HECTARE).symbol


def of_an_item(of: Quantity) -> Quantity:
    """A share of one thing is small: square metres where nobody says."""
    return replace(of, unit=of.unit or SQUARE_METRE) if isinstance(of, (Area, SizeOf)) else of


def compared_in(of: Quantity, unit: Unit) -> Quantity:
    """The quantity as it is compared with another: areas in one unit, all else as it is.

    Args:
        of: what is compared.
        unit: pixels where counts of them stand for areas, hectares otherwise.
    """
    if isinstance(of, NetChange):
        return replace(of, of=compared_in(of.of, unit))
    if isinstance(of, Difference | Sum):
        return replace(of, first=compared_in(of.first, unit), second=compared_in(of.second, unit))
    areas = (Area, SizeOf, ImageArea, Changed, Turnover)
    return replace(of, unit=unit) if isinstance(of, areas) else of


def counted_once(of: Quantity) -> Quantity:
    """An area of which ground that several shapes of a layer lie on counts once; all else as it is."""
    return replace(of, once=True) if isinstance(of, Area) else of


def in_base(of: Quantity, bounds: Bounds) -> Quantity:
    """The quantity in the base unit that its bounds are given in; change in percent where they are."""
    if isinstance(of, (Area, SizeOf, ImageArea)):
        return replace(of, unit=PIXEL if bounds.dimension == "pixel" else HECTARE)
    if isinstance(of, (Border, Distance, Neighbours, Perimeter, Length, Power)):
        return replace(of, unit=None)
    if isinstance(of, PerItem):
        return replace(of, of=in_base(of.of, bounds))
    if isinstance(of, Difference | Sum):
        return replace(of, first=in_base(of.first, bounds), second=in_base(of.second, bounds))
    return _change_in_base(of, bounds) if isinstance(of, Change) else of


def _change_in_base(of: Change, bounds: Bounds) -> Change:
    if bounds.dimension == "percent" and not (isinstance(of, NetChange) and isinstance(of.of, Share)):
        return replace(of, percent=True)
    if isinstance(of, NetChange):
        return replace(of, of=in_base(of.of, bounds))
    if isinstance(of, Matched) and of.by == "count":
        return of
    return replace(of, unit=PIXEL if bounds.dimension == "pixel" else HECTARE)
