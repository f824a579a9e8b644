"""Give a quantity the unit its answer was asked for in."""

from __future__ import annotations

from planimeter.errors import NotUnderstood
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Border,
    ByPart,
    Changed,
    Composition,
    Difference,
    Distance,
    Histogram,
    ImageArea,
    Length,
    Listing,
    Matched,
    Meaning,
    Neighbours,
    NetChange,
    Perimeter,
    PerItem,
    Portion,
    Power,
    Share,
    Size,
    SizeOf,
    Statistics,
    Subject,
    Sum,
    Transitions,
    Turnover,
)
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import HECTARE, PERCENT, SQUARE_METRE, Unit

_DIMENSIONS = {
    Area: ("area", "pixel"),
    SizeOf: ("area", "pixel"),
    ImageArea: ("area", "pixel"),
    Distance: ("length",),
    Neighbours: ("length",),
    Perimeter: ("length",),
    Border: ("length",),
    Length: ("length",),
    Power: ("power",),
    Composition: ("area", "percent"),
    Listing: ("area",),
    Statistics: ("area",),
    Histogram: ("area",),
    Share: ("percent",),
    Portion: ("percent",),
}


def usual_area(of: Subject) -> Unit:
    """The unit that people use for such areas: square metres for what is counted (buildings), hectares for land.

    Example:
        >>> usual_area(Subject(("roof",))).symbol, usual_area(Subject(("forest",))).symbol
        ('m²', 'ha')
    """
    return SQUARE_METRE if all(topic_of(topic).counted for topic in of.topics) else HECTARE


def apply_unit(meaning: Meaning, unit: Unit | None) -> Meaning:
    """The same meaning, answered in a unit; where none is named, areas in the one that people use for such a thing.

    Raises:
        NotUnderstood: the unit does not fit what is asked.
    """
    if unit is None:
        if isinstance(meaning, Area | SizeOf | Changed) and meaning.unit is None:
            return replace(meaning, unit=usual_area(meaning.of))
        if isinstance(meaning, Matched) and meaning.by == "area" and meaning.unit is None:
            return replace(meaning, unit=usual_area(meaning.of))
        if isinstance(meaning, Difference | Sum) and isinstance(meaning.first, SizeOf):
            return replace(
                meaning,
                first=apply_unit(meaning.first, None),
                second=apply_unit(meaning.second, usual_area(meaning.first.of)),
            )
        if isinstance(meaning, NetChange | ByPart):
            return replace(meaning, of=apply_unit(meaning.of, None))  # type: ignore[arg-type]
        return meaning
    if isinstance(meaning, ByPart):
        if unit is PERCENT and not isinstance(meaning.of, Share):
            raise NotUnderstood(
                'A percentage of each part, or of the image? Ask "what percentage of each quadrant is forest" and the '
                "like, or for areas."
            )
        return replace(meaning, of=apply_unit(meaning.of, unit))  # type: ignore[arg-type]
    if isinstance(meaning, Difference | Sum):
        first, second = apply_unit(meaning.first, unit), apply_unit(meaning.second, unit)
        return replace(meaning, first=first, second=second)
    if isinstance(meaning, Changed | NetChange | Matched | Turnover | Transitions):
        return _of_two_dates(meaning, unit)
    if isinstance(meaning, PerItem):
        return replace(meaning, of=apply_unit(meaning.of, unit))
    if unit is PERCENT and isinstance(meaning, Area):
        if meaning.part:
            return Share(meaning.of, meaning.part, of_image=False)
        if meaning.of.fate or any(not isinstance(value, Size) for value in meaning.of.where):
            raise NotUnderstood(
                'A percentage of what? Say "of the image", or of what the conditions narrow down.'
            )
        return Share(meaning.of)
    one = isinstance(meaning, SizeOf) and meaning.of.pick is not None and meaning.of.pick.count == 1
    if unit is PERCENT and isinstance(meaning, SizeOf) and one:
        return Share(meaning.of)
    if isinstance(meaning, Listing | Statistics) and meaning.to is not None and unit.dimension == "length":
        return replace(meaning, length=unit) if isinstance(meaning, Listing) else replace(meaning, unit=unit)
    if isinstance(meaning, Statistics) and meaning.to is not None:
        raise NotUnderstood(f"Distances have no answer in {unit.word}; leave the unit out or name a length.")
    if unit.dimension not in _DIMENSIONS.get(type(meaning), ()):
        raise NotUnderstood(
            f"What the question asks for has no answer in {unit.word}; leave the unit out or change it."
        )
    if isinstance(meaning, Share | Portion) or unit is PERCENT:
        return meaning
    asked = getattr(meaning, "unit", None)
    if asked is not None and asked != unit:
        raise NotUnderstood(
            f"The question asks for the answer in {asked.word} and {unit.word}; ask for one unit."
        )
    return replace(meaning, unit=unit)


def _of_two_dates(meaning: Changed | NetChange | Matched | Turnover | Transitions, unit: Unit) -> Meaning:
    """What changed, in a unit of area or in per cent of the earlier date."""
    if unit is PERCENT and not isinstance(meaning, Transitions):
        return replace(meaning, percent=True)
    if isinstance(meaning, NetChange):
        return replace(meaning, of=apply_unit(meaning.of, unit))  # type: ignore[arg-type]
    if isinstance(meaning, Matched) and meaning.by == "count":
        meaning = replace(meaning, by="area") if unit.dimension in ("area", "pixel") else meaning
    if unit.dimension not in ("area", "pixel"):
        raise NotUnderstood(
            f"What the question asks for has no answer in {unit.word}; leave the unit out or change it."
        )
    if meaning.unit is not None and meaning.unit != unit:
        raise NotUnderstood(
            f"The question asks for the answer in {meaning.unit.word} and {unit.word}; ask for one unit."
        )
    return replace(meaning, unit=unit)
