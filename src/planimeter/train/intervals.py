"""How far areas and numbers of a model were off on validation pictures: what its answers say of themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from planimeter.segment.inference.adjusted import Rate, adjusted_share, rate_of
from planimeter.train.evaluate import PixelCounts

COVERED = 0.8  # share of pictures that an interval of nine or more is made to hold
LEAST_REGIONS = 5  # in a picture, for the error of their number to count
_LEAST_SHARE = (
    0.002  # of a picture: what a topic must cover, truly or as found, for its area's error to count
)


def area_interval(counts: Sequence[PixelCounts], topic: str) -> dict[str, float] | None:
    """Between which multiples of the found area the true one lay on most pictures.

    The interval is made of order statistics of true/found over pictures (split conformal), widened so that it is
    expected to hold ``COVERED`` of new pictures like these; of n < 9 pictures it is the whole range, which holds
    (n - 1) / (n + 1) of new ones. ``share`` is how many it held when each picture was judged by an interval of the
    others.

    Args:
        counts: of validation pictures.
        topic: whose area.

    Returns:
        low, high, median, share, images; None with fewer than five pictures.
    """
    return _judged(
        [
            (count.hit + count.missed + 1) / (count.hit + count.false + 1)
            for count in counts
            if count.topic == topic
            and max(count.hit + count.missed, count.hit + count.false) >= _LEAST_SHARE * count.known
        ]
    )


def count_interval(counts: Sequence[PixelCounts], topic: str) -> dict[str, float] | None:
    """The same of numbers of regions, over pictures that truly or as found have at least five."""
    numbers = [
        (one.true_regions, one.found_regions)
        for one in counts
        if one.topic == topic and one.true_regions is not None and one.found_regions is not None
    ]
    return _judged([(true + 1) / (found + 1) for true, found in numbers if max(true, found) >= LEAST_REGIONS])


def confusion_of(counts: Sequence[PixelCounts], topic: str) -> dict[str, Any] | None:
    """How a topic's masks err by pixel on validation pictures, for error-adjusted areas, and what adjusting is worth.

    Args:
        counts: of validation pictures.
        topic: whose area.

    Returns:
        ``right`` and ``missed``, each [share, its variance, pictures] (see ``planimeter.segment.inference.adjusted``);
        ``images``, ``pixels`` and ``places`` (sources) that they come from. Each picture was also adjusted by
        the others alone: ``held`` is the share of them whose true area the 95 % interval held, ``error_before`` and
        ``error_after`` by how much of the picture areas were off on average. None with fewer than five pictures.
    """
    own = [one for one in counts if one.topic == topic and one.known]
    if len(own) < 5:
        return None
    judged = []
    for k, one in enumerate(own):
        right, missed = _rates([*own[:k], *own[k + 1 :]])
        mapped, true = (one.hit + one.false) / one.known, (one.hit + one.missed) / one.known
        found = adjusted_share([mapped, 1 - mapped], [right, missed])
        judged.append((found.low <= true <= found.high, abs(mapped - true), abs(found.share - true)))
    right, missed = _rates(own)
    if not np.isfinite([right.value, missed.value, *np.ravel(judged)]).all():
        return None
    held, before, after = np.mean(judged, axis=0)
    return {
        "right": [float(f"{right.value:.4g}"), float(f"{right.variance:.4g}"), right.clusters],
        "missed": [float(f"{missed.value:.4g}"), float(f"{missed.variance:.4g}"), missed.clusters],
        "images": len(own),
        "pixels": sum(one.known for one in own),
        "places": list(dict.fromkeys(one.source for one in own)),
        "held": round(float(held), 3),
        "error_before": round(float(before), 4),
        "error_after": round(float(after), 4),
    }


def _rates(counts: Sequence[PixelCounts]) -> tuple[Rate, Rate]:
    """How much of what is mapped as a topic is right, and how much of the rest is missed."""
    hit, false, missed, known = np.array(
        [(one.hit, one.false, one.missed, one.known) for one in counts], dtype=np.float64
    ).T
    return rate_of(hit, hit + false), rate_of(missed, known - hit - false)


def _judged(ratios: Sequence[float]) -> dict[str, float] | None:
    """An interval of ratios, and how many of them it held when made of the others."""
    if len(ratios) < 5:
        return None
    low, high = _interval(ratios)
    held = 0
    for k, ratio in enumerate(ratios):
        without_low, without_high = _interval([*ratios[:k], *ratios[k + 1 :]])
        held += without_low <= ratio <= without_high
    return {
        "low": round(low, 3),
        "high": round(high, 3),
        "median": round(float(np.median(ratios)), 3),
        "share": round(held / len(ratios), 3),
        "images": len(ratios),
    }


def _interval(ratios: Sequence[float]) -> tuple[float, float]:
    ordered = np.sort(ratios)
    beyond = int(np.floor((len(ordered) + 1) * (1 - COVERED) / 2))
    beyond = max(beyond, 1)
    return float(ordered[beyond - 1]), float(ordered[-beyond])
