"""Logits to decisions: one land class per pixel, yes or no per object, and how sure."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from planimeter.segment.inference.card import ModelCard


def land_of(logits: np.ndarray, card: ModelCard) -> np.ndarray:
    """(h, w) uint8: index of the most likely land class.

    Args:
        logits: (channels, h, w) float32.
        card: says which channels are land classes.
    """
    best = logits[0].copy()
    land = np.zeros(best.shape, np.uint8)
    for index in range(1, len(card.land)):
        more = logits[index] > best
        land[more] = index
        np.maximum(best, logits[index], out=best)
    return land


def bits_for(count: int) -> np.dtype:
    """The smallest unsigned integers with a bit for each of so many planes, at most 64.

    Example:
        >>> bits_for(3), bits_for(9)
        (dtype('uint8'), dtype('uint16'))
    """
    return np.min_scalar_type((1 << max(count, 1)) - 1)


def objects_of(logits: np.ndarray, card: ModelCard) -> np.ndarray:
    """(h, w) of ``bits_for(heads)``: bit k is set where object head k says yes.

    Things that touch are cut apart where the model says that two of them meet. A pixel is decided by its own logits
    alone, so that the parts of a scene fit together.

    Args:
        logits: (channels, h, w) float32.
        card: says which channels are object heads, and their thresholds.
    """
    kind = bits_for(len(card.objects))
    bits = np.zeros(logits.shape[1:], kind)
    for k, head in enumerate(card.objects):
        shown = logits[len(card.land) + k] > head.threshold
        if card.contact is not None and card.contact.topic == head.topic:
            shown &= logits[-1] <= card.contact.threshold
        bits |= shown.astype(kind) << kind.type(k)
    return bits


def probabilities_of(logits: np.ndarray, card: ModelCard) -> np.ndarray:
    """(topics, h, w) float32: calibrated probability of each land class and of each object.

    Land classes share 1 among them; each object has its own. Contacts are no topic.

    Args:
        logits: (channels, h, w) float32.
        card: says the temperatures.

    Example:
        >>> from planimeter.segment.inference.card import load_card
        >>> probabilities_of(np.zeros((9, 1, 1), np.float32), load_card())[:6].sum().round(3)
        np.float32(1.0)
    """
    land = logits[: len(card.land)]
    share = np.exp((land - land.max(0)) / card.land_temperature)
    share /= share.sum(0)
    objects = [
        1 / (1 + np.exp(-np.clip(plane / head.temperature, -60, 60)))
        for plane, head in zip(logits[len(card.land) :], card.objects, strict=card.contact is None)
    ]
    return np.concatenate([share, np.stack(objects)]) if objects else share


#: Between these calibrated probabilities of a topic nobody should be sure of it, one way or the other.
UNSURE = (0.25, 0.75)


def unsure_of(logits: np.ndarray, card: ModelCard, groups: Sequence[Sequence[int]]) -> np.ndarray:
    """(h, w) of ``bits_for(groups)``: bit k is set where the calibrated probability of group k lies between ``UNSURE``.

    Args:
        logits: (channels, h, w) float32.
        card: says the temperatures.
        groups: channels of a topic each: land classes, whose probabilities add up, or one object. At most 64.

    Example:
        >>> from planimeter.segment.inference.card import load_card
        >>> even = np.zeros((9, 1, 1), np.float32)  # six land classes with a sixth each; objects with one half
        >>> unsure_of(even, load_card(), [[0], [1, 2], [6]]).item()
        6
    """
    count, (low, high) = len(card.land), UNSURE
    land = logits[:count]
    scaled = (land - land.max(0)) / np.float32(card.land_temperature) if count else land
    odds = [cv2.exp(plane) for plane in scaled] if any(group[0] < count for group in groups) else []
    whole = sum(odds[1:], odds[0]) if odds else np.float32(0)
    kind = bits_for(len(groups))
    bits = np.zeros(logits.shape[1:], kind)
    for k, group in enumerate(groups):
        if group[0] < count:
            part = sum((odds[channel] for channel in group[1:]), odds[group[0]])
            found = (part > low * whole) & (part < high * whole)
        else:
            edges = [card.objects[group[0] - count].temperature * np.log(p / (1 - p)) for p in UNSURE]
            found = (logits[group[0]] > edges[0]) & (logits[group[0]] < edges[1])
        bits |= found.astype(kind) << kind.type(k)
    return bits


def mode_filtered(land: np.ndarray, side: int, classes: int) -> np.ndarray:
    """The most common class in a box around each pixel; of equally common ones the first.

    Args:
        land: (h, w) uint8, class indices.
        side: of the box, pixels, odd.
        classes: how many there are.

    Example:
        >>> mode_filtered(np.eye(3, dtype=np.uint8), side=3, classes=2)[1, 1]
        np.uint8(0)
    """
    best = np.full(land.shape, -1, np.float32)
    result = np.zeros_like(land)
    for index in range(classes):
        # Counts stay whole numbers: a normalised filter would break ties by rounding.
        count = cv2.boxFilter((land == index).astype(np.float32), -1, (side, side), normalize=False)
        more = count > best
        result[more] = index
        np.maximum(best, count, out=best)
    return result
