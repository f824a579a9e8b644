"""Where a network's logits are cut: chosen on training pictures, never on those that judge it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planimeter.segment.inference.predict import opened, whole_logits
from planimeter.segment.inference.runtime import LogitModel
from planimeter.train.calibrate import Pixels
from planimeter.train.config import Config
from planimeter.train.data import Picture
from planimeter.train.evaluate import channels_of, regions_in, true_regions
from planimeter.train.intervals import LEAST_REGIONS

_F1_FOR_COUNTS = 0.005  # what cutting things apart may cost
# Metres that an object may be asked to be wide; a halo allows no more.
_WIDTHS = (0.0, 1.0, 1.5, 2.0, 2.5, 3.0)


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


def best_narrowest(model: LogitModel, pictures: Sequence[Picture], topic: str, config: Config) -> float:
    """How narrow an object may be, metres, that brings numbers of regions closest to the truth on training pictures.

    Only those widths count that cost next to no F1.

    Args:
        model: with the object's threshold in its card, and no width yet.
        pictures: of training sources that know the object.
        topic: an object.
        config: names the channels.
    """
    channel, plane = channels_of(topic, config)[0], config.objects.index(topic) + 1
    threshold = model.card.objects[plane - 1].threshold
    misses, scores = [], []
    for picture in pictures:
        target = picture.target
        truth, known = target[..., plane] == 1, target[..., plane] < 2
        true = true_regions(picture, topic, truth, config)
        logit = whole_logits(picture.scene(), model)[channel]
        masks = [(opened(logit, width, picture.gsd) > threshold) & known for width in _WIDTHS]
        found = np.array([regions_in(mask) for mask in masks])
        if max(true, found[0]) >= LEAST_REGIONS:
            misses.append(np.abs(np.log((found + 1) / (true + 1))))
            scores.append([2 * (mask & truth).sum() / max(1, mask.sum() + truth.sum()) for mask in masks])
    if not misses:
        return 0.0
    score = np.mean(scores, axis=0)
    allowed = score >= score.max() - _F1_FOR_COUNTS
    return float(_WIDTHS[int(np.argmin(np.where(allowed, np.mean(misses, axis=0), np.inf)))])


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
