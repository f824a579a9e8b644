"""Right, wrong or refused: what a coder answered, beside what is acceptable; and how sure a share is."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from .truth import AREAS, LENGTHS, Right

_SIGNS = {
    "m²": "m2",
    "km²": "km2",
    "acres": "acre",
    "ft²": "sqft",
    "sq ft": "sqft",
    "yd²": "sqyd",
    "mi²": "sqmi",
    "yd2": "sqyd",
    "cm²": "sqcm",
    "a": "are",
    "ares": "are",
}
_WATTS = {"W": 1.0, "kW": 1e3, "MW": 1e6, "GW": 1e9}
# What the classes are called in answers, beside their own names.
_CLASSES = {
    "agric": {"agriculture", "agricultural land", "farmland", "cropland", "crops", "fields"},
    "grass": {"grassland", "grass"},
    "barren": {"barren land", "bare land", "bare soil", "bare ground"},
    "urban": {"urban area", "urban areas", "built-up land", "urban land"},
    "roof": {"building", "buildings", "roofs", "houses"},
    "road": {"roads"},
    "solar": {"solar panels", "solar arrays", "solar panel"},
    "forest": {"forests", "woodland", "trees"},
    "water": {"water bodies", "lakes"},
    "veg": {"vegetation"},
}
OTHER = "other form"


def _per(unit: str) -> tuple[str, str]:
    """A unit taken apart at its "per": "1/ha" is ("", "ha"), "count" is ("count", "")."""
    above, _, below = re.sub(r"\s*\bper\b\s*", "/", unit).partition("/")
    return above.strip(), below.strip()


def _size_of(unit: str, table: dict[str, float]) -> float | None:
    return table.get(_SIGNS.get(unit, unit))


def _close(found: float, right: float, tolerance: float) -> bool:
    return abs(found - right) <= max(1e-6, tolerance * abs(right))


def matches(answer: float | str, unit: str | None, right: Right) -> bool:
    """Whether an answer with its unit is the acceptable one, in the unit asked for where one was.

    Example:
        >>> matches(0.5, "ha", Right("area", 5000.0)), matches(0.5, "ha", Right("area", 5000.0, "m2"))
        (True, False)
        >>> matches("farmland", None, Right("category", "agric")), matches(50, "%", Right("n", 50))
        (True, False)
    """
    if right.kind in ("yes_no", "category") or isinstance(answer, str):
        if not isinstance(answer, str) or right.kind not in ("yes_no", "category"):
            return False
        found = answer.strip().lower()
        return found == right.value or (
            right.kind == "category" and found in _CLASSES.get(str(right.value), ())
        )
    value = float(right.value)
    unit = unit or ""
    above, below = _per(unit)
    if right.kind in ("area", "length", "power"):
        table = {"area": AREAS, "length": LENGTHS, "power": _WATTS}[right.kind]
        factor = _size_of(above, table)
        asked = _size_of(right.unit, table) if right.unit else factor
        if factor is None or asked is None or not math.isclose(factor, asked):
            return False
        return _close(answer * factor, value, right.tolerance)
    if right.kind == "pct":
        return unit in ("%", "percentage points") and _close(answer, value, right.tolerance)
    if unit == "%":
        return False
    if right.kind == "number" and right.unit and (size := _size_of(below, AREAS)):
        answer, value = answer / size, value / AREAS[right.unit]
        return math.isclose(answer, value, rel_tol=right.tolerance)
    if right.kind == "n" and (below or above in AREAS or above in _SIGNS or above in LENGTHS):
        return False
    return _close(answer, value, right.tolerance)


def verdict(found: Sequence[tuple[object, str | None] | None], right: Sequence[Sequence[Right]]) -> str:
    """What the answers on the scenes come to: "right", "wrong", "refused" or another form than one value.

    Args:
        found: the answer and unit on each scene, None where it was refused; that one refusal counts for all.
        right: the acceptable answers on each scene.

    Example:
        >>> verdict([(3, "count"), None], [[Right("n", 3)], [Right("n", 4)]])
        'refused'
        >>> verdict([(3, "count"), (5, "count")], [[Right("n", 3)], [Right("n", 4)]])
        'wrong'
    """
    if any(one is None for one in found):
        return "refused"
    given = [one for one in found if one is not None]
    if not all(isinstance(answer, int | float | str) for answer, _ in given):
        return OTHER
    good = all(
        any(matches(answer, unit, one) for one in acceptable)  # type: ignore[arg-type]
        for (answer, unit), acceptable in zip(given, right, strict=True)
    )
    return "right" if good else "wrong"


def wilson(hits: int, among: int, z: float = 1.96) -> tuple[float, float]:
    """The Wilson score interval of a share, 95 % unless told otherwise.

    Wilson, E. B. (1927), Probable inference, the law of succession, and statistical inference, JASA 22, 209-212.

    Example:
        >>> [round(end, 4) for end in wilson(8, 10)]
        [0.4902, 0.9433]
    """
    if not among:
        return 0.0, 1.0
    share, spread = hits / among, z * z / among
    centre = (share + spread / 2) / (1 + spread)
    half = z * math.sqrt(share * (1 - share) / among + spread / (4 * among)) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def resampled(families: Sequence[Sequence[bool]], draws: int = 2000) -> tuple[float, float]:
    """The middle 95 % of a share of hits when whole families are drawn again, with replacement.

    Example:
        >>> resampled([[True, False]] * 9), resampled([[True]])
        ((0.5, 0.5), (1.0, 1.0))
    """
    hits, sizes = np.array([sum(one) for one in families]), np.array([len(one) for one in families])
    drawn = np.random.default_rng(0).integers(0, len(families), (draws, len(families)))
    low, high = np.quantile(hits[drawn].sum(1) / sizes[drawn].sum(1), (0.025, 0.975))
    return float(low), float(high)
