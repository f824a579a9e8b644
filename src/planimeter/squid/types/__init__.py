"""The 24 question types of SQuID, one file each (paper, tables 7 and 8)."""

from __future__ import annotations

from importlib import import_module
from typing import get_args

from planimeter.squid.ranges import Kind
from planimeter.squid.types.base import QuestionType
from planimeter.squid.wording import Slots

_NAMES = (
    "percentage",
    "count",
    "size",
    "total_area",
    "binary_comparison",
    "binary_threshold",
    "binary_presence",
    "binary_multiple",
    "proximity_percentage",
    "proximity_area",
    "connectivity",
    "fragmentation",
    "binary_proximity",
    "building_proximity",
    "building_flood_risk",
    "building_fire_risk",
    "power_calculation",
    "complex_multi_condition",
    "complex_vegetation_water_access",
    "complex_agriculture_water_access",
    "complex_urban_fire_risk",
    "complex_urban_flood_risk",
    "complex_size_filter",
    "complex_average",
)

KINDS: tuple[str, ...] = get_args(Kind)
"""What an answer may be; each has one range rule."""

TYPES: dict[str, QuestionType] = {name: import_module(f"{__name__}.{name}").TYPE for name in _NAMES}
"""The question types by name, in the order of table 7."""


def read_question(type_name: str, question: str) -> Slots | None:
    """What a published question asks for, from its wording; None when the type or the wording is not ours.

    Example:
        >>> found = read_question("binary_proximity", "Is there any barren land within 100m of urban area?")
        >>> found.target, found.reference, found.distance
        ('barren', 'urban', 100.0)
    """
    found = TYPES.get(type_name)
    if found is None:
        return None
    return found.read(question)
