"""How tables of many scenes become one: areas of land covers add up, statistics by their own rules."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from planimeter.errors import NotMeasurable
from planimeter.meaning.combine_change import transitions
from planimeter.meaning.combine_plan import Finish, FoldedPart, Value
from planimeter.meaning.covers import OTHER_GROUND, land_covers
from planimeter.meaning.emit_tables import statistic_column
from planimeter.meaning.reading import several
from planimeter.meaning.records import (
    Area,
    ByPart,
    ChangedMost,
    Composition,
    Count,
    Distance,
    Histogram,
    ImageArea,
    IndexOfEach,
    Listing,
    SizeOf,
    Statistics,
    Subject,
    Tabular,
    Together,
    Transitions,
    Where,
)
from planimeter.meaning.together import measure_names, measures_table
from planimeter.meaning.units_asked import usual_area
from planimeter.table import Column, Table
from planimeter.vocabulary.topics import EVERYWHERE
from planimeter.vocabulary.units import HECTARE, METRE, PIXEL

if TYPE_CHECKING:
    from planimeter.meaning.combine import Planner


def table(planner: Planner, meaning: Tabular, offered: Sequence[tuple[str, ...]]) -> Finish:
    """The plan of a table.

    Args:
        planner: collects what is measured of every scene.
        meaning: what was asked.
        offered: the topics of each scene.

    Raises:
        NotMeasurable: it is one of a single scene; says what to ask instead.
    """
    match meaning:
        case Composition():
            return _composition(planner, meaning, offered)
        case Statistics():
            return _statistics(planner, meaning)
        case Together():
            return _measures(planner, meaning, offered)
        case Transitions():
            planner.refuse_picks(meaning)
            return transitions(planner, meaning)
        case Listing() | IndexOfEach() | Histogram() | Where() | ChangedMost():
            raise NotMeasurable(
                "Lists, places and classes of size are those of one scene; every scene's own is in scenes.csv, and "
                "shapes.parquet has all shapes with their scenes."
            )
        case ByPart():
            planner.refuse_picks(meaning)  # a part of each image is no place
            raise AssertionError(meaning)


def _composition(planner: Planner, meaning: Composition, offered: Sequence[tuple[str, ...]]) -> Finish:
    """The plan of a composition: the areas of every cover are added, and the percentages are of all ground.

    Covers may lie on each other, so the ground that none of them covers is no difference of sums: each place tells it
    in its own table.

    Args:
        planner: collects what is measured of every scene.
        meaning: what was asked.
        offered: the topics of each scene; a map that does not know a cover has none of it.

    Raises:
        NotMeasurable: the conditions speak of what only all scenes together could tell.
    """
    options = meaning.options
    base = HECTARE if planner.metric else PIXEL
    if not options:
        options = tuple(Subject((topic,)) for topic in land_covers(offered))
    amounts: dict[str, FoldedPart] = {}
    planner.refuse_picks(meaning)
    for option in options:
        of = Area(option, meaning.part, base, once=True)
        planner.part(of, "sum", empty=0)
        number = planner.number_of(of)
        amounts[several(option, cover=True)] = FoldedPart(number, "sum", empty=0)
        if not meaning.options:
            planner.plan.covers[number] = option.topics[0]
    whole_ground = Area(Subject((EVERYWHERE,)), meaning.part, base) if meaning.part else ImageArea(base)
    ground = planner.part(whole_ground, "sum", empty=0)
    own_tables = None if meaning.options else planner.part(meaning, "rows")
    planner.said.append("areas of all scenes were added")
    unit = meaning.unit or HECTARE
    size = Column("area", unit.symbol) if planner.metric else Column("pixels", "count", "count")
    columns = (Column("land cover", None, "text"), size, Column("share", "%"))

    def joined(folded: dict[FoldedPart, Value]) -> Table:
        whole: Any = ground(folded)
        areas: dict[str, Any] = {name: folded[part] for name, part in amounts.items() if part in folded}
        factor = unit.factor if planner.metric else 1
        if factor != 1:
            whole, areas = whole / factor, {name: area / factor for name, area in areas.items()}
        names = sorted(areas, key=lambda name: areas[name], reverse=meaning.largest)
        rows = [(name, areas[name]) for name in names]
        rest = 0 if own_tables is None else _other_ground(own_tables(folded), size.name)
        if rest > 1e-9 * whole:
            rows.append((OTHER_GROUND, rest))
        return Table(
            columns, tuple((name, area, 100 * area / whole if whole else 0.0) for name, area in rows)
        )

    return joined


def _other_ground(tables: Any, column: str) -> Any:
    """The sum of what the compositions of several places say of ground that no cover covers."""
    return sum(row[column] for table in tables for row in table if row["land cover"] == OTHER_GROUND)


def _statistics(planner: Planner, meaning: Statistics) -> Finish:
    """The plan of statistics: each is combined as it would be if it had been asked for alone.

    Raises:
        NotMeasurable: one of them cannot be combined.
    """
    unit = meaning.unit or (METRE if meaning.to is not None else usual_area(meaning.of))
    of = meaning.of
    columns, finishes = [], []
    for name in dict.fromkeys(meaning.which):
        columns.append(statistic_column(name, meaning.to is not None, unit))
        if name == "count":
            finishes.append(planner.quantity(Count(of)))
        elif meaning.to is not None:
            finishes.append(planner.quantity(Distance(of, meaning.to, name, unit)))
        else:
            finishes.append(planner.quantity(SizeOf(of, name, unit)))

    def joined(folded: dict[FoldedPart, Value]) -> Table:
        cells: list[Any] = [finish(folded) for finish in finishes]
        return Table(tuple(columns), (tuple(cells),))

    return joined


def _measures(planner: Planner, meaning: Together, offered: Sequence[tuple[str, ...]]) -> Finish:
    """The plan of several measures: each is combined as it would be if it had been asked for alone.

    Args:
        planner: collects what is measured of every scene.
        meaning: what was asked.
        offered: the topics of each scene.

    Raises:
        NotMeasurable: one of them cannot be combined; says which.
    """
    finishes = []
    for name, part in zip(measure_names(meaning), meaning.parts, strict=True):
        try:
            finishes.append(planner.question(part, offered))
        except NotMeasurable as refusal:
            raise NotMeasurable(f"Of what is asked together, the {name}: {refusal}") from None

    def joined(folded: dict[FoldedPart, Value]) -> Table:
        cells: list[Any] = [finish(folded) for finish in finishes]
        return measures_table(meaning, cells)

    return joined
