"""Krippendorff's alpha, how sure it is, and what is said of it where it is not."""

from __future__ import annotations

import numpy as np

from planimeter.errors import ModelError

FEW = 10
"""Questions below which no figure of agreement is to be relied on."""
LEAST = 0.667
"""The lowest alpha that allows tentative conclusions (Krippendorff, Content Analysis, chapter 11)."""
_RESAMPLES = 2000
_SURE = 95  # per cent
_MOST_UNDEFINED = 0.05  # of the resamples


def krippendorff_alpha(ratings: np.ndarray) -> float | None:
    """Krippendorff's alpha for interval data, by the ``krippendorff`` library.

    Args:
        ratings: (annotators, questions) float, NaN = not answered.

    Returns:
        at most 1; None when fewer than two different values were given, where alpha is not defined.

    Raises:
        ModelError: the library is not installed.
    """
    values = ratings[~np.isnan(ratings)]
    comparable = (np.sum(~np.isnan(ratings), axis=0) >= 2).any()
    if not comparable or np.unique(values).size < 2:
        return None
    try:
        import krippendorff
    except ModuleNotFoundError:
        raise ModelError("Krippendorff's alpha needs the extra: pip install 'planimeter[squid]'.") from None
    return float(krippendorff.alpha(reliability_data=ratings, level_of_measurement="interval"))


def alpha_interval(ratings: np.ndarray) -> tuple[float, float] | None:
    """The 95 % interval of alpha, by drawing the questions anew 2,000 times (percentile bootstrap, one fixed seed).

    The library would take seconds for that, so alpha is written here as sums over questions; the tests hold both
    together.

    Args:
        ratings: (annotators, questions) float, NaN = not answered.

    Returns:
        None for fewer than two questions that two people answered, and where alpha is undefined in more than 5 %
        of the draws, because few values differ.

    Example:
        >>> alike = np.array([[1.0, 2, 3, 4, 5, 6], [1.0, 2, 3, 4, 5, 6]])
        >>> alpha_interval(alike), alpha_interval(alike[:, :1])
        ((1.0, 1.0), None)
    """
    many, differing, sums, squares = _parts(ratings)
    if len(many) < 2:
        return None
    drawn = np.random.default_rng(0).multinomial(len(many), np.full(len(many), 1 / len(many)), _RESAMPLES)
    found = _alphas(drawn, many, differing, sums, squares)
    found = found[~np.isnan(found)]
    if len(found) < (1 - _MOST_UNDEFINED) * _RESAMPLES:
        return None
    tail = (100 - _SURE) / 2
    low, high = np.percentile(found, [tail, 100 - tail])
    return float(low), float(high)


def caution(questions: int, alpha: float | None, interval: tuple[float, float] | None) -> str:
    """What has to be said beside a row of figures; empty where nothing has to.

    Args:
        questions: that two people or more answered.
        alpha: of them; None where it is not defined.
        interval: its 95 % interval.

    Example:
        >>> caution(4, 0.91, (0.5, 0.99))
        'of 4 questions: not to be relied on'
        >>> caution(20, 0.70, (0.55, 0.81)), caution(20, 0.9, (0.82, 0.95))
        ('may be below 0.667, the least for tentative conclusions', '')
    """
    if questions < FEW:
        return f"of {questions} question{'s' * (questions != 1)}: not to be relied on"
    if alpha is not None and alpha >= LEAST and interval is not None and interval[0] < LEAST:
        return f"may be below {LEAST}, the least for tentative conclusions"
    return ""


def _parts(ratings: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Of each question with two answers or more: how many, their differences, their sum, their sum of squares."""
    there = ~np.isnan(ratings)
    ratings, there = ratings[:, there.sum(axis=0) >= 2], there[:, there.sum(axis=0) >= 2]
    values = np.where(there, ratings - (ratings[there].mean() if there.any() else 0), 0)  # keeps digits
    many, sums, squares = there.sum(axis=0), values.sum(axis=0), (values**2).sum(axis=0)
    apart = np.where(there, values - sums / many, 0)
    differing = 2 * many * (apart**2).sum(axis=0) / (many - 1)
    return many, differing, sums, squares


def _alphas(
    drawn: np.ndarray, many: np.ndarray, differing: np.ndarray, sums: np.ndarray, squares: np.ndarray
) -> np.ndarray:
    """Alpha of each draw, (draws,); NaN where all its values are one.

    Args:
        drawn: (draws, questions) how often each question was drawn.
        many: (questions,) with the others, from ``_parts``.
    """
    values = drawn @ many
    observed = drawn @ differing / values
    expected = 2 * (values * (drawn @ squares) - (drawn @ sums) ** 2) / (values * (values - 1))
    scale = squares.sum() / max(1, many.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(expected > 1e-12 * scale, 1 - observed / expected, np.nan)
