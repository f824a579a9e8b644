"""A scene and a segmenter made of a plain array, for programs to run on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from planimeter.errors import NotMeasurable
from planimeter.program import Limits, Run, run_program
from planimeter.raster.scale import Scale
from planimeter.segment.base import Seen
from planimeter.spatial import Features

TOPICS = ("urban", "forest", "agric", "grass", "barren", "water", "solar", "roof")


class FakeScene:
    """A scene without a file."""

    all_valid = False  # not known without looking

    def __init__(
        self, shape: tuple[int, int], gsd: float | None = 0.5, valid: np.ndarray | None = None
    ) -> None:
        self.name = "scene.png"
        self.path = "/secret/folder/scene.png"
        self.height, self.width = self.shape = shape
        self.cells = 1
        self.crs = self.transform = None
        self.warnings: tuple[str, ...] = ()
        self.scale = None if gsd is None else Scale(gsd, gsd, gsd, gsd * gsd, "user")
        self._valid = np.ones(shape, dtype=bool) if valid is None else valid

    def valid(self, window: Any = None) -> np.ndarray:
        return self._valid


class FakeSegmenter:
    """Masks from a label array: value k + 1 is topic k of TOPICS."""

    name = "fake"
    topics = TOPICS

    def __init__(self, labels: np.ndarray, known: np.ndarray | None = None) -> None:
        self.labels = labels
        self.known = known
        self.asked: list[tuple[str, ...]] = []

    def look(self, scene: Any, topics: Sequence[str], box: Any = None) -> Seen:
        if topics:
            self.asked.append(tuple(topics))
        for topic in topics:
            if topic not in TOPICS:
                raise NotMeasurable(f"fake has no {topic!r}: it knows {', '.join(TOPICS)}.")
        return Seen({topic: self.labels == TOPICS.index(topic) + 1 for topic in topics}, self.known)

    def fingerprint(self) -> str:
        return "fake"


class WithRoads(FakeSegmenter):
    """The same, with the lines of a vector layer as roads."""

    topics = (*TOPICS, "road")

    def __init__(self, labels: np.ndarray, roads: Features) -> None:
        super().__init__(labels)
        self.roads = roads

    def look(self, scene: Any, topics: Sequence[str], box: Any = None) -> Seen:
        seen = super().look(scene, [topic for topic in topics if topic != "road"], box)
        return Seen({**seen.masks, "road": self.roads.mask()}, seen.valid, (), {"road": self.roads})


def town(seed: int = 0, size: int = 160) -> np.ndarray:
    """A (size, size) label array with blocks of every topic."""
    rng = np.random.default_rng(seed)
    labels = np.zeros((size, size), dtype=np.uint8)
    for _ in range(60):
        value = rng.integers(1, len(TOPICS) + 1)
        height, width = rng.integers(2, 24, 2)
        y, x = rng.integers(0, size - height), rng.integers(0, size - width)
        labels[y : y + height, x : x + width] = value
    return labels


def run(
    text: str,
    labels: np.ndarray | None = None,
    gsd: float | None = 0.5,
    limits: Limits | None = None,
    **scene: Any,
) -> Run:
    """Run a program on a label array (the town by default)."""
    labels = town() if labels is None else labels
    quick = limits or Limits(seconds=20, sandbox_seconds=5)
    return run_program(text, FakeScene(labels.shape, gsd, **scene), FakeSegmenter(labels), limits=quick)
