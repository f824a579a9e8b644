"""Whether an answer is right: within the range, or exactly the answer."""

from __future__ import annotations

import math

from planimeter.squid.question import Value
from planimeter.squid.ranges import widened

TOLERANCE = 1e-9  # of floating point, far below any range's two decimals
_YES_NO = {"1": "yes", "0": "no", "true": "yes", "false": "no"}


def is_right(
    answer: Value | None,
    reference: Value,
    bounds: tuple[float, float] | None,
    factor: float = 1.0,
    limit: float | None = None,
) -> bool:
    """Whether an answer counts (paper, section 5.1: within the range, exact where there is none).

    Args:
        answer: what a system said; None is never right.
        reference: the data set's answer.
        bounds: its acceptable range.
        factor: how much wider the range is taken (section 5.3).
        limit: the largest possible value.

    Example:
        >>> is_right(4.0, 5, (4.0, 6.0)), is_right("Yes", "yes", None), is_right("yes", 5, (4.0, 6.0))
        (True, True, False)
        >>> is_right(3.5, 5, (4.0, 6.0)), is_right(3.5, 5, (4.0, 6.0), factor=2)
        (False, True)
    """
    if answer is None:
        return False
    if bounds is None:
        return same(answer, reference)
    number = as_number(answer)
    if number is None:
        return False
    low, high = bounds if factor == 1 else widened(bounds, factor, limit)
    return low - TOLERANCE <= number <= high + TOLERANCE


def same(answer: Value, reference: Value) -> bool:
    """Whether two answers are the same word or number."""
    if isinstance(reference, str):
        word = str(answer).strip().lower()
        return (_YES_NO.get(word, word) if reference in ("yes", "no") else word) == reference.lower()
    number = as_number(answer)
    return number is not None and math.isclose(number, reference, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def as_number(answer: Value) -> float | None:
    """A finite number, or None for words."""
    if isinstance(answer, str):
        try:
            answer = float(answer)
        except ValueError:
            return None
    return float(answer) if math.isfinite(answer) else None
