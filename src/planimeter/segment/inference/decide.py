"""Logits to decisions: one land class per pixel, yes or no per object, and how sure."""

from __future__ import annotations

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


def objects_of(logits: np.ndarray, card: ModelCard) -> np.ndarray:
    """(h, w) uint8: bit k is set where object head k says yes.

    Things that touch are cut apart where the model says that two of them meet. A pixel is decided by its own logits
    alone, so that the parts of a scene fit together.

    Args:
        logits: (channels, h, w) float32.
        card: says which channels are object heads, and their thresholds.
    """
    bits = np.zeros(logits.shape[1:], np.uint8)
    for k, head in enumerate(card.objects):
        shown = logits[len(card.land) + k] > head.threshold
        if card.contact is not None and card.contact.topic == head.topic:
            shown &= logits[-1] <= card.contact.threshold
        bits |= shown.astype(np.uint8) << k
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
