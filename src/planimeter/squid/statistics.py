"""Accuracy with honest errors: questions about one image fail together, so images are the units of chance."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

_NORMAL_95 = 1.959964


@dataclass(frozen=True)
class Accuracy:
    """A share of right answers.

    Attributes:
        right: how many were right.
        total: how many were scored.
        share: right / total; NaN when nothing was scored.
        error: standard error, clustered by image.
        low: lower end of the 95 % interval.
        high: its upper end.
    """

    right: int
    total: int
    share: float
    error: float
    low: float
    high: float


@dataclass(frozen=True)
class PairedComparison:
    """Two systems on the same questions.

    Attributes:
        total: questions that both were scored on.
        difference: share of the first minus share of the second.
        error: its standard error, clustered by image.
        only_first: questions that only the first got right.
        only_second: questions that only the second got right.
        p: two-sided exact McNemar probability of such a split by chance (questions taken as independent).
    """

    total: int
    difference: float
    error: float
    only_first: int
    only_second: int
    p: float


def accuracy(right: Sequence[bool], clusters: Sequence[str]) -> Accuracy:
    """The share of right answers with a standard error clustered by image.

    Args:
        right: per question.
        clusters: per question, its image.

    Example:
        >>> found = accuracy([True, True, False, False], ["a", "a", "b", "b"])
        >>> found.share, round(found.error, 3)
        (0.5, 0.5)
    """
    total, hits = len(right), sum(right)
    if not total:
        return Accuracy(0, 0, math.nan, math.nan, math.nan, math.nan)
    share = hits / total
    error = clustered_error([float(hit) for hit in right], clusters)
    if hits in (0, total):
        # All alike: the sample shows no spread, which does not mean there is none.
        low, high = wilson(hits, total)
    else:
        low, high = max(0.0, share - _NORMAL_95 * error), min(1.0, share + _NORMAL_95 * error)
    return Accuracy(hits, total, share, error, low, high)


def clustered_error(values: Sequence[float], clusters: Sequence[str]) -> float:
    """Standard error of a mean whose observations come in clusters (Cameron and Miller 2015, section II).

    Args:
        values: one per observation.
        clusters: one per observation.

    Returns:
        sqrt(G / (G - 1) × Σ over clusters (Σ (value - mean))²) / n; NaN with fewer than two clusters.

    Example:
        >>> clustered_error([1.0, 0.0], ["a", "b"])
        0.5
    """
    mean = sum(values) / len(values)
    sums: dict[str, float] = defaultdict(float)
    for value, cluster in zip(values, clusters, strict=True):
        sums[cluster] += value - mean
    if len(sums) < 2:
        return math.nan
    correction = len(sums) / (len(sums) - 1)
    return math.sqrt(correction * sum(part * part for part in sums.values())) / len(values)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share after Wilson (1927).

    Example:
        >>> [round(end, 3) for end in wilson(100, 100)]
        [0.963, 1.0]
    """
    z2 = _NORMAL_95**2
    share = hits / total
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = _NORMAL_95 / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return max(0.0, middle - half), min(1.0, middle + half)


def compare(first: dict[str, bool], second: dict[str, bool], images: dict[str, str]) -> PairedComparison:
    """Two systems on the questions that both were scored on.

    Args:
        first: question → right.
        second: question → right.
        images: question → image.

    Example:
        >>> compare({"q": True, "r": True}, {"q": False, "r": True}, {"q": "a", "r": "b"}).difference
        0.5
    """
    shared = [name for name in first if name in second]
    if not shared:
        return PairedComparison(0, math.nan, math.nan, 0, 0, math.nan)
    differences = [float(first[name]) - float(second[name]) for name in shared]
    only_first = sum(difference > 0 for difference in differences)
    only_second = sum(difference < 0 for difference in differences)
    return PairedComparison(
        len(shared),
        sum(differences) / len(shared),
        clustered_error(differences, [images[name] for name in shared]),
        only_first,
        only_second,
        mcnemar(only_first, only_second),
    )


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact probability that a fair coin splits so unevenly.

    Example:
        >>> mcnemar(5, 5), round(mcnemar(9, 1), 4)
        (1.0, 0.0215)
    """
    total = only_first + only_second
    if total == 0:
        return 1.0
    fewer = min(only_first, only_second)
    tail = way = 1  # whole numbers until the end: 2 ** total overflows a float beyond 1,023 questions
    for k in range(fewer):
        way = way * (total - k) // (k + 1)
        tail += way
    return min(1.0, float(Fraction(2 * tail, 2**total)))
