"""Thresholds, temperatures and area intervals: what a card says beyond the weights.

Thresholds are chosen on training pictures. Temperatures and area intervals are fitted on validation pictures, because a
network is surer of pictures it was trained on; each is judged on pictures left out of its own fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from planimeter.segment.inference.predict import whole_logits
from planimeter.segment.inference.runtime import LogitModel
from planimeter.train.config import Config
from planimeter.train.data import UNKNOWN_LAND, Picture
from planimeter.train.evaluate import PixelCounts, channels_of, regions_in, true_regions

PIXELS_PER_PICTURE = 20_000
_TEMPERATURES = np.geomspace(0.4, 4, 47)
_LEAST_SHARE = (
    0.002  # of a picture: what a topic must cover, truly or as found, for its area's error to count
)
_LEAST_REGIONS = 5  # in a picture, for the error of their number to count
_F1_FOR_COUNTS = 0.005  # what cutting things apart may cost
COVERED = 0.8  # share of validation pictures that an area interval is made to hold


Case = tuple[np.ndarray, np.ndarray]  # logits and labels of one picture's pixels


@dataclass(frozen=True)
class Pixels:
    """Logits and labels of some pixels of one picture.

    Attributes:
        source: data set.
        logits: (n, channels) float32.
        target: (n, planes) uint8.
    """

    source: str
    logits: np.ndarray
    target: np.ndarray


def draw_pixels(model: LogitModel, pictures: Sequence[Picture], seed: int = 0) -> list[Pixels]:
    """Random pixels of each picture with the model's logits."""
    drawn = []
    for k, picture in enumerate(pictures):
        logits = whole_logits(picture.scene(), model).reshape(model.card.channels, -1)
        rng = np.random.default_rng([seed, k])
        chosen = rng.choice(logits.shape[1], min(PIXELS_PER_PICTURE, logits.shape[1]), replace=False)
        target = picture.target.reshape(-1, picture.target.shape[-1])
        drawn.append(Pixels(picture.source, logits[:, chosen].T.copy(), target[chosen]))
    return drawn


def best_threshold(pixels: Sequence[Pixels], topic: str, config: Config) -> float:
    """The logit above which calling a pixel the object gives the highest F1; the mean of sources counts.

    Args:
        pixels: of training pictures.
        topic: an object head.
        config: names the channels.
    """
    channel, plane = channels_of(topic, config)[0], config.objects.index(topic) + 1
    levels = np.linspace(-3, 3, 61)
    curves = []
    for source in dict.fromkeys(one.source for one in pixels):
        own = [one for one in pixels if one.source == source and (one.target[:, plane] < 2).any()]
        if not own:
            continue
        logit = np.concatenate([one.logits[one.target[:, plane] < 2, channel] for one in own])
        truth = np.concatenate([one.target[one.target[:, plane] < 2, plane] == 1 for one in own])
        if truth.any():
            found = [logit > level for level in levels]
            curves.append([2 * (each & truth).sum() / max(1, each.sum() + truth.sum()) for each in found])
    return float(levels[int(np.argmax(np.mean(curves, axis=0)))]) if curves else 0.0


def best_contact(model: LogitModel, pictures: Sequence[Picture], config: Config) -> float:
    """The contact logit above which cutting a mask brings its number of regions closest to the truth.

    Cuts take pixels from the mask, so only those count that cost next to no F1.

    Args:
        model: with the object's threshold in its card.
        pictures: of training sources that know contacts.
        config: names the topic.

    Returns:
        the threshold; infinity where no cut is best.
    """
    topic = config.contact
    assert topic is not None
    plane = config.objects.index(topic) + 1
    channel, threshold = len(config.land) + plane - 1, model.card.objects[plane - 1].threshold
    levels = [*np.linspace(-3, 3, 13), np.inf]
    misses, scores = [], []
    for picture in pictures:
        logits = whole_logits(picture.scene(), model)
        target = picture.target
        truth, known = target[..., plane] == 1, target[..., plane] < 2
        mask = (logits[channel] > threshold) & known
        true = true_regions(picture, topic, truth, config)
        cut = [mask & (logits[-1] <= level) for level in levels]
        found = np.array([regions_in(one) for one in cut])
        misses.append(np.abs(np.log((found + 1) / (true + 1))))
        scores.append([2 * (one & truth).sum() / max(1, one.sum() + truth.sum()) for one in cut])
    if not misses:
        return float("inf")
    score = np.mean(scores, axis=0)
    allowed = score >= score[-1] - _F1_FOR_COUNTS
    return float(levels[int(np.argmin(np.where(allowed, np.mean(misses, axis=0), np.inf)))])


@dataclass(frozen=True)
class Fit:
    """A temperature and what it is worth on pictures it was not fitted on.

    Attributes:
        temperature: what logits are divided by; 1 where a fitted one did not help on left-out pictures.
        error_before: expected calibration error at temperature 1.
        error_after: the same with temperatures fitted without the picture judged.
        pictures: how many were used.
    """

    temperature: float
    error_before: float
    error_after: float
    pictures: int


def land_temperature(pixels: Sequence[Pixels], config: Config) -> Fit:
    """Temperature scaling of the land classes (Guo et al. 2017, "On Calibration of Modern Neural Networks")."""
    cases = []
    for one in pixels:
        known = one.target[:, 0] != UNKNOWN_LAND
        if config.sources[one.source].complete and known.any():
            cases.append((one.logits[known, : len(config.land)], one.target[known, 0]))
    return _fit(cases, _land_share)


def object_temperature(pixels: Sequence[Pixels], topic: str, config: Config) -> Fit:
    """Temperature scaling of one object head."""
    channel, plane = channels_of(topic, config)[0], config.objects.index(topic) + 1
    cases = []
    for one in pixels:
        known = one.target[:, plane] < 2
        if known.any():
            cases.append((one.logits[known, channel], one.target[known, plane]))
    return _fit(cases, _object_share)


def area_interval(counts: Sequence[PixelCounts], topic: str) -> dict[str, float] | None:
    """Between which multiples of the found area the true one lay on most pictures.

    The interval is made of order statistics of true/found over pictures (split conformal), widened so that it is
    expected to hold ``COVERED`` of new pictures like these; ``share`` is how many it held when each picture was judged
    by an interval of the others.

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
    return _judged(
        [(true + 1) / (found + 1) for true, found in numbers if max(true, found) >= _LEAST_REGIONS]
    )


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


def _land_share(case: Case, temperature: float) -> tuple[np.ndarray, ...]:
    logits, code = case
    share = np.exp((logits - logits.max(1, keepdims=True)) / temperature)
    share /= share.sum(1, keepdims=True)
    members = (code[:, None] >> np.arange(logits.shape[1])) & 1
    right = np.take_along_axis(members, share.argmax(1)[:, None], 1)[:, 0] > 0
    truth = (share * members).sum(1)
    # Where labels only say that it is one of several, being sure of these is what can be judged.
    sure = np.where((members.sum(1) > 1) & right, truth, share.max(1))
    return truth, sure, right


def _object_share(case: Case, temperature: float) -> tuple[np.ndarray, ...]:
    logit, target = case
    share = 1 / (1 + np.exp(-np.clip(logit / temperature, -60, 60)))
    return np.where(target == 1, share, 1 - share), share, target == 1


def _fit(cases: Sequence[Case], shares: Callable[[Case, float], tuple[np.ndarray, ...]]) -> Fit:
    if len(cases) < 2:
        return Fit(1.0, float("nan"), float("nan"), len(cases))
    surprise = np.array(
        [[-np.log(np.clip(shares(case, t)[0], 1e-7, 1)).mean() for t in _TEMPERATURES] for case in cases]
    )
    best = float(_TEMPERATURES[surprise.mean(0).argmin()])
    before = [shares(case, 1.0)[1:] for case in cases]
    after = []
    for k, case in enumerate(cases):
        others = float(_TEMPERATURES[np.delete(surprise, k, 0).mean(0).argmin()])
        after.append(shares(case, others)[1:])
    error_before, error_after = calibration_error(before), calibration_error(after)
    # With few pictures a fit can do harm on others; then logits stay as they are.
    return Fit(best if error_after < error_before else 1.0, error_before, error_after, len(cases))


def calibration_error(judged: Sequence[tuple[np.ndarray, ...]], bins: int = 15) -> float:
    """Expected calibration error: how far confidence and being right differ, averaged over equal bins.

    Args:
        judged: (confidence, right or not) of pixels, picture by picture.
        bins: of confidence.

    Example:
        >>> calibration_error([(np.array([0.75, 0.75, 0.75, 0.75]), np.array([1, 1, 1, 0]))])
        0.0
    """
    sure = np.concatenate([one[0] for one in judged])
    right = np.concatenate([one[1] for one in judged]).astype(float)
    bin_of = np.minimum((sure * bins).astype(int), bins - 1)
    size = np.bincount(bin_of, minlength=bins)
    gap = np.abs(np.bincount(bin_of, sure, bins) - np.bincount(bin_of, right, bins))
    return float(gap[size > 0].sum() / len(sure))
