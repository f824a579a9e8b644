"""What a question's type asks of an annotator: which tool, which unit, which words to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from planimeter.squid.types import TYPES

Tool = Literal["grid", "points", "ruler", "number", "choice"]
GRIDS = (10, 20, 40, 80, 160, 320)
"""Cells a side that an annotator may choose from (paper, figure 1)."""

OWN_TYPES = {"distance": "distance", "category": "category"}
"""Types besides SQuID's 24, with the kind of their answers; SQuID's own tables have no place for them."""

_TOOLS: dict[str, tuple[Tool, str | None]] = {
    "percentage": ("grid", "%"),
    "proximity percentage": ("grid", "%"),
    "count": ("points", "count"),
    "area": ("grid", "ha"),
    "solar area": ("grid", "ha"),
    "power": ("number", "MW"),
    "distance": ("ruler", "m"),
    "yes/no": ("choice", None),
    "category": ("choice", None),
}
_TYPED = ("complex_average",)  # no sum of cells: the annotator works it out and types it
_CATEGORIES = {"fragmentation": ("connected", "fragmented")}


@dataclass(frozen=True)
class Asked:
    """What an annotator needs for a type of question.

    Attributes:
        kind: which range rule answers fall under, "distance" for one of ours.
        tool: what the answer is made with.
        unit: of a number; None for words.
        categories: what may be chosen; empty for numbers.
    """

    kind: str
    tool: Tool
    unit: str | None
    categories: tuple[str, ...]


def asked_by(type_name: str) -> Asked | None:
    """What a type of question asks for; None for a type that is neither SQuID's nor one of ``OWN_TYPES``.

    Args:
        type_name: such as "proximity_percentage" or "distance".

    Example:
        >>> asked_by("proximity_percentage")
        Asked(kind='proximity percentage', tool='grid', unit='%', categories=())
        >>> asked_by("fragmentation").categories, asked_by("distance").unit, asked_by("smell")
        (('connected', 'fragmented'), 'm', None)
    """
    kind = TYPES[type_name].kind if type_name in TYPES else OWN_TYPES.get(type_name)
    if kind is None:
        return None
    tool, unit = _TOOLS[kind]
    words = ("yes", "no") if kind == "yes/no" else _CATEGORIES.get(type_name, ())
    return Asked(kind, "number" if type_name in _TYPED else tool, unit, words)
