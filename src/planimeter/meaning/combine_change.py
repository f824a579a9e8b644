"""How change combines over many places, each seen at two dates: areas and numbers add, percentages are of sums."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planimeter.errors import NotMeasurable
from planimeter.meaning.change import earlier
from planimeter.meaning.combine_plan import VALID, Finish, FoldedPart, Value
from planimeter.meaning.emit_change import transition_columns
from planimeter.meaning.quantity_units import compared_in
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Area,
    Border,
    Changed,
    Count,
    ImageArea,
    Length,
    Matched,
    NetChange,
    Perimeter,
    Power,
    Quantity,
    Transitions,
    Turnover,
)
from planimeter.table import Table

if TYPE_CHECKING:
    from planimeter.meaning.combine import Planner

_ADDS = (Area, Border, Count, ImageArea, Length, Power)


def change(planner: Planner, of: Changed | NetChange | Matched | Turnover) -> Finish:
    """The plan of a quantity of two dates.

    Args:
        planner: collects what is measured of every place.
        of: what was asked.

    Raises:
        NotMeasurable: the change of a mean or a share cannot be found from those of places.
    """
    if isinstance(of, NetChange) and not _adds(of.of):
        raise NotMeasurable(
            "The change of a mean or a share cannot be found from the changes of scenes; ask for the change of the "
            "area or of the number."
        )
    if isinstance(of, Turnover) and of.percent:
        planner.said.append("percentages were weighed by the ground that both dates show")
        return planner.part(of, "mean", VALID, 0.0)
    bare = replace(of, percent=False)
    if isinstance(of, Matched) and of.by == "count":
        what = "numbers"
    elif isinstance(of, NetChange):
        what = "changes"
    else:
        what = "areas"
    if isinstance(of, Changed) and of.percent:
        bare = replace(bare, unit=planner.area_unit)
    if isinstance(of, NetChange) and of.percent:
        bare = replace(of, of=compared_in(of.of, planner.area_unit), percent=False)
    if isinstance(of, Matched) and of.percent and of.by == "area":
        bare = replace(bare, unit=planner.area_unit)
    changed = planner.part(bare, "sum", empty=0)
    planner.said.append(f"{what} of all scenes were added")
    if not of.percent:
        return changed
    assert not isinstance(of, Turnover)
    planner.said.append("the sum is a percentage of the sum at the earlier date")
    whole = planner.part(_before(planner, of), "sum", empty=0)
    return lambda folded: _percent(changed(folded), whole(folded))


def _adds(of: Quantity) -> bool:
    return isinstance(of, _ADDS) or (isinstance(of, Perimeter) and of.statistic == "sum")


def _before(planner: Planner, of: Changed | NetChange | Matched) -> Quantity:
    """What a percentage of change is of: the same at the earlier date."""
    if isinstance(of, NetChange):
        before: Quantity = earlier(compared_in(of.of, planner.area_unit))
        return before
    subject = earlier(of.of)
    if isinstance(of, Matched) and of.by == "count":
        return Count(subject)
    return Area(subject, (), planner.area_unit)


def _percent(changed: Any, whole: Any) -> float:
    if not whole:
        raise NotMeasurable(
            "At the earlier date there is none of it in these scenes, so a percentage of it has no meaning; ask for "
            "the area or the number."
        )
    return 100.0 * float(changed) / float(whole)


def transitions(planner: Planner, meaning: Transitions) -> Finish:
    """The plan of what became what: areas are added, and shares are of what all places had of it before."""
    rows = planner.part(meaning, "rows")
    planner.said.append("areas of all scenes were added")
    columns = transition_columns(meaning)

    def table(folded: dict[FoldedPart, Value]) -> Table:
        places: Any = rows(folded)
        sums: dict[tuple[Any, Any], float] = {}
        whole: dict[Any, float] = {}
        for place in places:
            before: dict[Any, float] = {}
            for row in place:
                pair = row["from"], row["to"]
                sums[pair] = sums.get(pair, 0.0) + row["area"]
                # Every row is a share of all that its place had of the class, also where few rows are asked for.
                before[pair[0]] = 100 * row["area"] / row["share of from"]
            for name, area in before.items():
                whole[name] = whole.get(name, 0.0) + area
        one_sided = meaning.of is not None or meaning.to is not None
        order = sorted(sums, key=lambda pair: sums[pair], reverse=True) if one_sided else list(sums)
        return Table(columns, tuple((*pair, sums[pair], 100 * sums[pair] / whole[pair[0]]) for pair in order))

    return table
