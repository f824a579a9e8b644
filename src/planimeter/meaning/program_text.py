"""Numbers, limits and units as the text of a program."""

from __future__ import annotations

from planimeter.meaning.records import Bounds
from planimeter.vocabulary.units import HECTARE, METRE, PIXEL, Unit


def there_is_no(cover: str) -> str:
    """That something is not there, of one or of many.

    >>> there_is_no("water"), there_is_no("roads"), there_is_no("moss")
    ('there is no water', 'there are no roads', 'there is no moss')
    """
    many = cover.endswith("s") and not cover.endswith("ss")
    return f"there {'are' if many else 'is'} no {cover}"


def number(value: float) -> str:
    """A number as program text: whole numbers without a fraction.

    >>> number(100.0), number(0.01)
    ('100', '0.01')
    """
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(float(value))


def inside(value: str, bounds: Bounds) -> str:
    """The test whether a value lies within bounds, in base units."""
    low, high = bounds.low, bounds.high
    if low is not None and high is not None:
        first, second = "<=" if bounds.low_closed else "<", "<=" if bounds.high_closed else "<"
        return f"{number(low.base)} {first} {value} {second} {number(high.base)}"
    if low is not None:
        return f"{value} {'>=' if bounds.low_closed else '>'} {number(low.base)}"
    assert high is not None
    return f"{value} {'<=' if bounds.high_closed else '<'} {number(high.base)}"


def converted(hectares: str, unit: Unit) -> str:
    """The text of an area in a unit; pixels stay what they are."""
    if unit in (HECTARE, PIXEL):
        return hectares
    if unit.factor < 1 and (1 / unit.factor).is_integer():
        return f"{hectares} * {number(1 / unit.factor)}"
    return f"{hectares} / {number(unit.factor)}"


def in_unit_of_length(metres: str, unit: Unit) -> str:
    """The text of a length in a unit."""
    return metres if unit == METRE else f"{metres} / {number(unit.factor)}"


def area_key(unit: Unit) -> str:
    """The key of a shape's area that a unit is found from.

    >>> area_key(PIXEL), area_key(HECTARE)
    ('area_pixels', 'area_hectares')
    """
    return "area_pixels" if unit == PIXEL else "area_hectares"


def total_area(shapes: str, unit: Unit) -> str:
    """The text of the area of all shapes of a set, in a unit.

    >>> total_area("roads", HECTARE)
    'sum(s["area_hectares"] for s in roads)'
    """
    return converted(f'sum(s["{area_key(unit)}"] for s in {shapes})', unit)
