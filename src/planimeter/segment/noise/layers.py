"""Topics that never share ground, as one layer of labels, so that what one loses another can gain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Which topics are mistaken for one another, most alike first. Pairs that are not named come last.
_ALIKE = (
    ("forest", "grass"),
    ("agric", "grass"),
    ("agric", "barren"),
    ("forest", "agric"),
    ("barren", "urban"),
    ("barren", "road"),
    ("road", "roof"),
    ("solar", "roof"),
    ("water", "forest"),
    ("grass", "barren"),
    ("solar", "water"),
    ("roof", "barren"),
    ("urban", "road"),
)


@dataclass
class NoisyLayer:
    """Topics that are disjoint in a scene.

    Attributes:
        topics: topic k has the label k + 1.
        labels: (H, W) uint8, 0 = none of the topics.
        clean: (H, W) uint8, the labels before any noise.
    """

    topics: tuple[str, ...]
    labels: np.ndarray
    clean: np.ndarray

    def counts(self, labels: np.ndarray) -> np.ndarray:
        """Pixels per label, (K + 1,) int64, the unlabelled first."""
        return np.bincount(labels.ravel(), minlength=len(self.topics) + 1)

    def masks(self) -> dict[str, np.ndarray]:
        """One (H, W) bool mask per topic as it is now."""
        return {topic: self.labels == index + 1 for index, topic in enumerate(self.topics)}


def layers_of(masks: dict[str, np.ndarray]) -> list[NoisyLayer]:
    """Group masks into layers: topics that do not overlap share one, an overlapping topic gets its own.

    Args:
        masks: topic → (H, W) bool.

    Example:
        >>> left = np.array([[True, False]])
        >>> [layer.topics for layer in layers_of({"water": left, "grass": ~left, "solar": left})]
        [('water', 'grass'), ('solar',)]
    """
    layers: list[NoisyLayer] = []
    for topic, mask in masks.items():
        for layer in layers:
            if len(layer.topics) < 250 and not (layer.clean[mask] != 0).any():
                layer.topics += (topic,)
                layer.clean[mask] = len(layer.topics)
                break
        else:
            layers.append(NoisyLayer((topic,), labels=np.empty(0), clean=mask.astype(np.uint8)))
    for layer in layers:
        layer.labels = layer.clean.copy()
    return layers


def confusable(topics: tuple[str, ...]) -> list[tuple[int, int]]:
    """Ordered pairs of labels (from, to) of a layer, most easily mistaken first.

    Example:
        >>> confusable(("water", "forest"))
        [(1, 2), (2, 1)]
    """
    rank = {frozenset(pair): position for position, pair in enumerate(_ALIKE)}
    pairs = [(a, b) for a in range(len(topics)) for b in range(len(topics)) if a != b]
    pairs.sort(key=lambda pair: (rank.get(frozenset((topics[pair[0]], topics[pair[1]])), len(rank)), pair))
    return [(a + 1, b + 1) for a, b in pairs]
