"""Areas corrected by how a map erred where the truth is known: error-adjusted estimates.

Source of the formulas: P. Olofsson et al. 2014, "Good practices for estimating area and assessing accuracy of land
change", Remote Sensing of Environment 148, 42–57, equations 9 to 11. There, reference data are a random sample of the
map's own pixels. Here they are validation images of other places, and the pixels of one image err alike. So each image
counts as one cluster (a ratio estimate, W. G. Cochran 1977, "Sampling Techniques", section 6.4), which for clusters of
one pixel is the paper's equation 10; and a scene that was not among them is one more draw, whose own scatter is added.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

#: Standard errors on either side that hold 95 % of a normal distribution.
Z95 = 1.959964


@dataclass(frozen=True)
class Rate:
    """A share of a stratum's pixels, as estimated from clusters of them.

    Attributes:
        value: 0 to 1.
        variance: of the estimate.
        clusters: how many have pixels of the stratum.
    """

    value: float
    variance: float
    clusters: int

    def of_one(self) -> float:
        """The variance of the share that one more cluster has: its own scatter beside the estimate's."""
        return self.variance * (self.clusters + 1)


def rate_of(part: Sequence[float] | np.ndarray, whole: Sequence[float] | np.ndarray) -> Rate:
    """Which share of a stratum's pixels has a property, from clusters of pixels.

    Args:
        part: (n,) pixels of each cluster that have it.
        whole: (n,) pixels of each cluster in the stratum; clusters without any say nothing.

    Returns:
        not-a-number with fewer than two clusters.

    Example:
        >>> rate = rate_of([1, 1, 1, 0], [1, 1, 1, 1])  # four pixels: p (1 - p) / (n - 1)
        >>> rate.value, round(rate.variance, 4)
        (0.75, 0.0625)
    """
    x = np.asarray(whole, dtype=np.float64)
    y = np.asarray(part, dtype=np.float64)[x > 0]
    x = x[x > 0]
    n = len(x)
    if n < 2:
        return Rate(math.nan, math.nan, n)
    value = y.sum() / x.sum()
    rest = y - value * x
    return Rate(float(value), float(rest @ rest / (n * (n - 1)) / x.mean() ** 2), n)


@dataclass(frozen=True)
class Confusion:
    """How a model's masks of a topic err by pixel, as measured on validation images.

    Attributes:
        right: how much of what it shows as the topic is the topic.
        missed: how much of all else is the topic.
        images: how many the rates come from.
        pixels: of these images.
        places: data sets they belong to.
        held: share of the images whose true area the interval held, each adjusted by the others alone.
        error_before: by how much of an image areas were off on average.
        error_after: the same once adjusted by the other images.
    """

    right: Rate
    missed: Rate
    images: int
    pixels: int
    places: tuple[str, ...]
    held: float
    error_before: float
    error_after: float

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Confusion:
        """What a model's card holds."""
        right, missed = (
            Rate(float(value), float(variance), int(clusters))
            for value, variance, clusters in (record["right"], record["missed"])
        )
        return cls(
            right,
            missed,
            images=int(record["images"]),
            pixels=int(record["pixels"]),
            places=tuple(str(place) for place in record["places"]),
            held=float(record["held"]),
            error_before=float(record["error_before"]),
            error_after=float(record["error_after"]),
        )


@dataclass(frozen=True)
class Adjusted:
    """A share with the interval that holds the true one with 95 %.

    Attributes:
        share: 0 to 1.
        low: at least 0.
        high: at most 1.
    """

    share: float
    low: float
    high: float


def adjusted_share(strata: Sequence[float], rates: Sequence[Rate], one: bool = True) -> Adjusted:
    """The share of the ground that a topic truly covers, from the shares that a map gives its classes.

    With the weight W of each class of the map and how much of it is the topic, p, the share is the sum of W p
    (equation 9) and its variance the sum of W² V(p) (equation 10); the interval is 1.96 standard errors either way.

    Args:
        strata: W, the share of the ground that is mapped as each class, such as the topic and all else; their sum is 1.
        rates: p, how much of each is the topic.
        one: the ground is a scene that the rates do not come from, so that its own scatter widens the interval; False
            for a map that the rates were sampled from, as in the paper, or the mean of many scenes.

    Example:
        >>> found = adjusted_share([0.02, 0.98], [Rate(0.88, 0.0014, 75), Rate(0.006, 1e-5, 565)], one=False)
        >>> round(found.share, 4), round(found.low, 4), round(found.high, 4)
        (0.0235, 0.0172, 0.0297)
    """
    share = sum(weight * rate.value for weight, rate in zip(strata, rates, strict=True))
    scatter = [rate.of_one() if one else rate.variance for rate in rates]
    variance = sum(weight**2 * each for weight, each in zip(strata, scatter, strict=True))
    error = Z95 * math.sqrt(variance)
    return Adjusted(share, max(0.0, share - error), min(1.0, share + error))
