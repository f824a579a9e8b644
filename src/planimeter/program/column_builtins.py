"""Python's own functions, of the values of programs that are computed as columns."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from planimeter.program.column_values import HELD, numbers, plain
from planimeter.program.shape_list import ShapeList, Unfit, ValueList, exact, total


def built_in(name: str, given: list[Any]) -> Any:
    """What "len", "sum", "min", "max", "round", "abs" or "list" gives.

    Raises:
        Unfit: it fails, or columns do not compute it.

    Example:
        >>> built_in("max", [ValueList(np.array([2.5, 7.0]))]), built_in("round", [2.567, 1]), built_in("len", [[]])
        (7.0, 2.6, 0)
    """
    (value, *more) = given or [None]
    if name == "list" and not more and isinstance(value, ShapeList):
        return value
    if name == "len" and not more and isinstance(value, HELD):
        return len(value)
    if name == "sum" and not more and isinstance(value, list | ValueList):
        return total(numbers(value))
    if name in ("min", "max") and given:
        if isinstance(value, ValueList) and not more:
            return _outermost(name, numbers(value))
        values = value if isinstance(value, list) and not more else given
        numbers(values)
        if values:
            return min(values) if name == "min" else max(values)
    if name == "abs" and not more:
        return plain(abs(exact(value)))
    to = more[0] if more else 0
    if (
        name == "round"
        and len(more) <= 1
        and type(value) is float
        and math.isfinite(value)
        and type(to) is int
    ):
        return plain(round(value, *more))
    raise Unfit


def order_of(values: np.ndarray, backwards: bool) -> np.ndarray:
    """(N,) the positions of numbers as ``sorted`` puts them; equal ones keep their order, backwards too.

    Raises:
        Unfit: what is no number has no place among them.

    Example:
        >>> order_of(np.array([3, 1, 3]), backwards=True).tolist()
        [0, 2, 1]
    """
    if values.dtype.kind == "f" and np.isnan(values).any():
        raise Unfit
    return np.argsort(-values if backwards else values, kind="stable")


def _outermost(name: str, values: np.ndarray) -> int | float:
    """The first of the smallest or largest."""
    if not len(values) or (values.dtype.kind == "f" and np.isnan(values).any()):
        raise Unfit
    found: int | float = plain(values[values.argmin() if name == "min" else values.argmax()])
    return found
