"""Which answers count as right: ranges from how far apart people are (paper, section 3.3, tables 2 and 7)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Kind = Literal[
    "percentage", "proximity percentage", "count", "area", "solar area", "power", "yes/no", "category"
]
NUMERIC_KINDS: tuple[Kind, ...] = (
    "percentage",
    "proximity percentage",
    "count",
    "area",
    "solar area",
    "power",
)


@dataclass(frozen=True)
class RangeRules:
    """Half-widths of acceptable ranges; the defaults are the published ones.

    Attributes:
        percentage: points either side of a percentage: the mean MAD of 26 questions. It is a mean of floats:
            its last digits decide how the printed bounds, all of them ties such as 12.865, were rounded.
        proximity: points either side of a percentage that involves a distance: the mean MAD of 9 questions.
        count: share of a count: the mean normalised MAD of 12 questions; bounds go outward to whole numbers.
        area: share of an area: the proximity figure, taken as per cent of the value.
        solar_area: share of a total or an average of solar areas. The paper states none; its two printed
            ranges (3.14 ha: 3.08 to 3.2 and 1.33 ha: 1.31 to 1.35) allow 1.752 % to 1.887 %.
        power: share of a power in MW.
        source: where these figures come from.
    """

    percentage: float = 1.7350000000000012
    proximity: float = 2.25
    count: float = 0.19
    area: float = 0.0225
    solar_area: float = 0.018
    power: float = 0.0225
    source: str = "SQuID, as published"

    def acceptable_range(
        self, kind: Kind, answer: float | int | str, people: Sequence[float] = ()
    ) -> tuple[float, float] | None:
        """The lowest and highest right answer, or None where only the answer itself is right.

        Ranges stay within what is possible: percentages in 0..100, all else at 0 or above.

        Args:
            kind: what the answer is.
            answer: as the data set states it, numbers rounded as there.
            people: answers that people gave, which are right as well, however far apart they are.

        Example:
            >>> rules = RangeRules()
            >>> rules.acceptable_range("percentage", 33.13), rules.acceptable_range("count", 14)
            ((31.4, 34.87), (11.0, 17.0))
            >>> rules.acceptable_range("area", 105.55), rules.acceptable_range("yes/no", "yes")
            ((103.18, 107.92), None)
        """
        if isinstance(answer, str) or kind not in NUMERIC_KINDS:
            return None
        low, high = self._range(kind, answer)
        return min([low, *people]), max([high, *people])

    def _range(self, kind: Kind, answer: float) -> tuple[float, float]:
        if kind == "count":
            return _outward(answer - answer * self.count, answer + answer * self.count)
        half = self._half_width(kind, answer)
        digits = _decimals(half)
        low, high = round(answer - half, digits), round(answer + half, digits)
        return max(0.0, low), min(100.0, high) if kind.endswith("percentage") else high

    def published(self, kind: Kind, value: float) -> float | int:
        """An exact answer as a data set states it: counts whole, all else with two decimals.

        Small areas and powers get more, where a step of 0.01 would be coarser than their range (the paper
        prints none).

        Args:
            kind: what the answer is.
            value: as measured.

        Example:
            >>> rules = RangeRules()
            >>> rules.published("area", 105.5512), rules.published("area", 0.05512)
            (105.55, 0.0551)
        """
        if kind == "count":
            return round(value)
        return round(float(value), _decimals(self._half_width(kind, value)))

    def _half_width(self, kind: Kind, answer: float) -> float:
        if kind == "percentage":
            return self.percentage
        if kind == "proximity percentage":
            return self.proximity
        return answer * {"area": self.area, "solar area": self.solar_area, "power": self.power}[kind]


def _decimals(half_width: float) -> int:
    """Two, or as many as the first digit of a narrower range needs, and six at the most."""
    return 2 if half_width >= 0.01 or half_width <= 0 else min(6, math.ceil(-math.log10(half_width)) + 1)


def _outward(low: float, high: float) -> tuple[float, float]:
    """Whole numbers around an interval; a count of nothing may be one (table 7: 0 → [0, 1])."""
    return max(0.0, float(math.floor(low))), max(1.0, float(math.ceil(high)))


def widened(bounds: tuple[float, float], factor: float, limit: float | None = None) -> tuple[float, float]:
    """A range made wider or narrower about its middle (paper, section 5.3).

    Args:
        bounds: lowest and highest right answer.
        factor: 1 keeps it, 2 doubles it.
        limit: the largest possible value, such as 100 for percentages.

    Example:
        >>> widened((10.0, 14.0), 2)
        (8.0, 16.0)
    """
    middle, half = (bounds[0] + bounds[1]) / 2, (bounds[1] - bounds[0]) / 2
    low, high = max(0.0, middle - half * factor), middle + half * factor
    return low, high if limit is None else min(limit, high)
