"""Values of programs that are computed as columns: numbers and words, one or one for each shape."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from planimeter.program.shape_list import EXACT, IdSet, ShapeList, Unfit, ValueList, exact, is_among, largest

#: A program's plain values.
SCALARS = (int, float, str, type(None))
#: Its lists and sets.
HELD = (ShapeList, IdSet, ValueList, list)
_LARGEST = 1 << 63  # whole numbers of a program itself
#: Comparisons of numbers and words.
ORDER: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


def calculated(left: Any, operation: ast.operator, right: Any) -> Any:
    """What arithmetic gives: a number, or one for each shape.

    Raises:
        Unfit: these are not calculated in columns, or whole numbers may become too large for it.
    """
    compute = ARITHMETIC.get(type(operation))
    if compute is None:
        raise Unfit
    left, right = exact(left), exact(right)
    if compute is operator.truediv and np.any(np.equal(right, 0)):
        raise Unfit
    if not isinstance(left, np.ndarray) and not isinstance(right, np.ndarray):
        return plain(compute(left, right))
    if _is_whole(left) and _is_whole(right) and compute is not operator.truediv:
        # Looked at before: int64 goes round without a word, and what comes out may look small.
        bounds = largest(left), largest(right)
        if (math.prod(bounds) if compute is operator.mul else sum(bounds)) >= EXACT:
            raise Unfit
    with np.errstate(all="ignore"):
        return compute(left, right)


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) or (isinstance(value, np.ndarray) and value.dtype.kind == "i")


def compared(left: Any, compare: ast.cmpop, right: Any) -> Any:
    """What a comparison gives: True or False, or one for each shape.

    Raises:
        Unfit: these are not compared in columns.
    """
    if isinstance(compare, ast.In | ast.NotIn):
        if isinstance(right, IdSet) and isinstance(left, np.ndarray) and left.dtype.kind == "i":
            found = right.holds(left)
        elif isinstance(right, ValueList) and right.values.dtype != object and isinstance(left, np.ndarray):
            found = is_among(exact(left), np.sort(exact(right.values)))
        elif isinstance(right, list | ValueList) and isinstance(left, np.ndarray):
            found = np.zeros(len(left), dtype=bool)
            for value in right if isinstance(right, list) else dict.fromkeys(right.values.tolist()):
                found |= compared(left, ast.Eq(), value)
        else:
            raise Unfit
        return found if isinstance(compare, ast.In) else ~found
    order = ORDER.get(type(compare))
    if order is None:
        raise Unfit
    words = [_is_words(side) for side in (left, right)]
    if not any(words):
        return order(exact(left), exact(right))
    if not all(words) or order not in (operator.eq, operator.ne):
        raise Unfit
    found = order(left, right)
    return found if isinstance(found, bool) else np.asarray(found, dtype=bool)


def _is_words(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, np.ndarray) and value.dtype == object)


def flags(value: Any) -> np.ndarray:
    """(N,) bool, as a condition of each shape gives it.

    Raises:
        Unfit: it is something else.
    """
    if not isinstance(value, np.ndarray) or value.dtype != bool:
        raise Unfit
    return value


def numbers(values: list[Any] | ValueList) -> np.ndarray:
    """Numbers of one kind; what columns gave is of one kind.

    Raises:
        Unfit: they are of several kinds, or no numbers.
    """
    if isinstance(values, ValueList):
        found = values.values
    else:
        kinds = set(map(type, values))
        if len(kinds) > 1 or not kinds <= {int, float}:
            raise Unfit
        found = np.array(values)
    if found.dtype.kind not in "if":
        raise Unfit
    return found


def plain(value: Any) -> Any:
    """A number, a word, True, False or None, of ordinary size.

    Raises:
        Unfit: it is something else.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if not isinstance(value, SCALARS) or (isinstance(value, int) and abs(value) >= _LARGEST):
        raise Unfit
    return value
