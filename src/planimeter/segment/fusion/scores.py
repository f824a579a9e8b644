"""From one model's logits to scores that compare between models."""

from __future__ import annotations

import numpy as np

from planimeter.segment.inference.card import ModelCard


def land_score(logits: np.ndarray, card: ModelCard, channel: int) -> np.ndarray:
    """How strongly a class competes for a pixel: its logit, divided by the card's temperature.

    An object head competes with what its logit is above its threshold.

    Args:
        logits: (channels, h, w) float32.
        card: of the model.
        channel: of the class.

    Returns:
        (h, w) float32.
    """
    if channel < len(card.land):
        return logits[channel] / np.float32(card.land_temperature)
    head = card.objects[channel - len(card.land)]
    return (logits[channel] - np.float32(head.threshold)) / np.float32(head.temperature)


def object_score(logits: np.ndarray, card: ModelCard, channel: int) -> np.ndarray:
    """Above 0 where a class finds an object.

    A land class (a model with a background class) finds one where its odds against all others of its model are
    above 1.

    Args:
        logits: (channels, h, w) float32.
        card: of the model.
        channel: of the class.

    Returns:
        (h, w) float32, log-odds.

    Example:
        >>> from dataclasses import replace
        >>> from planimeter.segment.inference import load_card
        >>> card = replace(load_card(), land=("none", "roof", "car"), land_temperature=1, objects=())
        >>> object_score(np.log(np.array([[[1]], [[6]], [[2]]], np.float32)), card, 1).round(4)  # ln(6 / 3)
        array([[0.6931]], dtype=float32)
    """
    count = len(card.land)
    if channel >= count or count == 1:
        return land_score(logits, card, channel)
    land = logits[:count] / np.float32(card.land_temperature)
    others = np.delete(land, channel, axis=0)
    top = others.max(0)
    return land[channel] - (top + np.log(np.exp(others - top).sum(0)))
