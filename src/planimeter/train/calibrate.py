"""Temperatures: how sure a network may be of what it says.

They are fitted on validation pictures, because a network is surer of pictures it was trained on; each is judged on
pictures left out of its own fit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from planimeter.segment.inference.predict import whole_logits
from planimeter.segment.inference.runtime import LogitModel
from planimeter.train.config import Config
from planimeter.train.data import UNKNOWN_LAND, Picture
from planimeter.train.evaluate import channels_of

PIXELS_PER_PICTURE = 20_000
_TEMPERATURES = np.geomspace(0.4, 4, 47)


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
