"""The condition that holds exactly where another does not."""

from __future__ import annotations

from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Away,
    Besides,
    Condition,
    Core,
    Either,
    Holding,
    Inside,
    Size,
    Sized,
    Spaced,
    Touching,
)


def negation(condition: Condition) -> Condition | None:
    """The condition that holds exactly where this one does not, or None where one condition cannot say it."""
    if isinstance(condition, Size):
        bounds = condition.bounds.complement()
        return None if bounds is None else Size(bounds)
    if isinstance(condition, Core | Spaced | Holding):
        bounds = condition.bounds.complement()
        return None if bounds is None else replace(condition, bounds=bounds)
    if isinstance(condition, Away | Inside) and condition.entirely:
        return None  # "not entirely within" is no condition that every pixel meets
    if isinstance(condition, Away):
        bounds = condition.bounds.complement()
        return None if bounds is None else Away(bounds, condition.reference)
    if isinstance(condition, Inside):
        return Inside(condition.reference, not condition.outside)
    if isinstance(condition, Sized):
        return replace(condition, sign={">": "<=", ">=": "<", "<": ">=", "<=": ">"}[condition.sign])
    if isinstance(condition, Either | Besides):
        return None
    return Touching(condition.reference, not condition.apart)
