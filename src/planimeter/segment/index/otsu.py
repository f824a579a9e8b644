"""Otsu's threshold of an index, once for a whole scene, so that every part of the scene is cut at the same number."""

from __future__ import annotations

import numpy as np

SIDE = 1024  # pixels a side of the reading that it is computed on, at most
_STEPS = 512


def otsu(values: np.ndarray) -> float | None:
    """The number that parts values into two groups with the least spread within (Otsu 1979); None where all are one.

    Args:
        values: (N,) of any real type; what is not finite is left out.

    Example:
        >>> round(otsu(np.array([0.1] * 50 + [0.12] * 50 + [0.8] * 40 + [0.82] * 10)), 2)
        0.46
    """
    finite = values[np.isfinite(values)].astype(np.float64)
    if not finite.size:
        return None
    low, high = np.percentile(finite, [0.1, 99.9])  # single bad pixels stretch no histogram
    if not high > low:
        return None
    counts, edges = np.histogram(np.clip(finite, low, high), _STEPS, (low, high))
    centres = (edges[:-1] + edges[1:]) / 2
    below, above = np.cumsum(counts), counts.sum() - np.cumsum(counts)
    total = (counts * centres).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        sums = np.cumsum(counts * centres)
        between = below * above * (sums / below - (total - sums) / above) ** 2
    between = np.nan_to_num(between[:-1], nan=-1.0)
    best = np.flatnonzero(between >= between.max() * (1 - 1e-12))
    # Between two groups far apart many numbers are as good: the middle of them.
    return float(edges[1 + best].mean())
