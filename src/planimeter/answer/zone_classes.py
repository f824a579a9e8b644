"""The classes in which zones are coloured by their values, on the page and in QGIS alike."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from planimeter.answer.palette import KINDS, LOW_TO_HIGH
from planimeter.table import Cell, Column, shown


@dataclass(frozen=True)
class ZoneClass:
    """Values that have one colour.

    Attributes:
        colour: "#RRGGBB".
        label: what a legend says.
        word: the word, of a column of words.
        above: of numbers, those that are larger than this; None for the lowest class, which begins at its least value.
        upto: of numbers, those up to this one.
    """

    colour: str
    label: str
    word: str | None = None
    above: float | None = None
    upto: float | None = None


def zone_classes(cells: Sequence[Cell], column: Column) -> list[ZoneClass]:
    """Numbers in up to five classes of about equally many zones, words in a colour each.

    Args:
        cells: the values of the zones; those without one are in no class.
        column: whose values they are.

    Example:
        >>> found = zone_classes([1.0, 2.0, 3.0, 40.0, 50.0, 600.0, None], Column("area", "ha"))
        >>> [each.label for each in found]
        ['1 to 2 ha', '3 ha', '40 ha', '50 ha', '600 ha']
        >>> [each.label for each in zone_classes(["no", "yes", "no"], Column("answer", None, "yes/no"))]
        ['no', 'yes']
    """
    words = sorted({cell for cell in cells if isinstance(cell, str)})
    if words:
        return [ZoneClass(KINDS[k % len(KINDS)], word, word) for k, word in enumerate(words)]
    numbers = sorted(cell for cell in cells if isinstance(cell, int | float))
    if not numbers:
        return []
    # Where few values differ, each has a class.
    distinct = sorted(set(numbers))
    source = distinct if len(distinct) <= len(LOW_TO_HIGH) else numbers
    count = min(len(LOW_TO_HIGH), len(distinct))
    tops = sorted({source[math.ceil(k * len(source) / count) - 1] for k in range(1, count + 1)})
    tail = "" if column.unit in (None, "count") else f" {column.unit}"
    found = []
    for k, top in enumerate(tops):
        inside = [number for number in numbers if number <= top and (k == 0 or number > tops[k - 1])]
        ends = dict.fromkeys(shown(value, column.unit) for value in (inside[0], inside[-1]))
        above = tops[k - 1] if k else None
        found.append(ZoneClass(_colour(k, len(tops)), " to ".join(ends) + tail, above=above, upto=top))
    return found


def _colour(number: int, count: int) -> str:
    """Of so many classes, spread over the whole ramp; of a single one its middle."""
    last = len(LOW_TO_HIGH) - 1
    return LOW_TO_HIGH[round(number * last / (count - 1)) if count > 1 else last // 2]
