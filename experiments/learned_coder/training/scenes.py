"""Scenes to measure on: small worlds with exact labels, seen clean or with noise."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from planimeter.raster import Scene, open_scene
from planimeter.segment import Segmenter, find_segmenter
from planimeter.segment.base import Seen, require_topics
from planimeter.segment.labels import LabelSegmenter
from planimeter.segment.noise import NoisySegmenter
from planimeter.spatial.runs import Box
from planimeter.squid.view import View
from planimeter.vocabulary.topics import COMPOSED, TOPICS
from planimeter.worlds import make_world


@dataclass(frozen=True)
class SceneConfig:
    """Which scenes.

    Attributes:
        count: how many worlds.
        size: pixels a side.
        gsd: metres per pixel, in turn.
        seed: of the first world; training, validation and test start far apart.
        noise: 0 for exact masks; else how far masks are from them (see ``segment.noise``).
        segmenter: a segmenter's name, to see scenes with it; None for labels.
    """

    count: int = 16
    size: int = 160
    gsd: tuple[float, ...] = (1.0, 1.6)
    seed: int = 100
    noise: float = 0.0
    segmenter: str | None = None


class SeenScene:
    """A scene with its truth, and the masks that programs get.

    Args:
        scene: the image.
        labels: exact masks.
        seen: what programs measure; None for the exact masks.
    """

    def __init__(self, scene: Scene, labels: Segmenter, seen: Segmenter | None = None) -> None:
        self.scene = scene
        self.truth = View(scene, labels)
        self.seen = seen or labels


class WholeLabels:
    """Labels with the composed topics (urban, vegetation) that they lack.

    Args:
        labels: of one scene.
    """

    def __init__(self, labels: Segmenter) -> None:
        self.name = labels.name
        self.topics: tuple[str, ...] = TOPICS
        self._labels = labels

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """See ``Segmenter.look``."""
        require_topics(topics, self.topics, self.name)
        seen = self._labels.look(scene, self._labels.topics if topics else ())
        masks = dict(seen.masks)
        for topic, parts in COMPOSED.items():
            if topics and topic not in masks:
                masks[topic] = np.logical_or.reduce([masks[part] for part in parts])
        return Seen({topic: masks[topic] for topic in topics}, seen.valid)

    def fingerprint(self) -> str:
        """The labels', made whole."""
        return f"whole:{self._labels.fingerprint()}"


def load_scenes(config: SceneConfig, folder: str | Path | None = None) -> list[SeenScene]:
    """The scenes of a configuration, written to a folder so that programs can open them.

    Args:
        config: which.
        folder: where; None for one that lasts as long as the process.
    """
    place = Path(folder or tempfile.mkdtemp(prefix="planimeter-scenes-"))
    return [_scene(config, number, place) for number in range(config.count)]


def _scene(config: SceneConfig, number: int, place: Path) -> SeenScene:
    """One world; few worlds of this size have buildings and solar panels, so some are put where there is land."""
    seed = config.seed + number
    world = make_world(seed, size=config.size, gsd=config.gsd[number % len(config.gsd)])
    rng = np.random.default_rng(seed)
    labels = world.labels.copy()
    for topic, count, sides in (
        ("roof", rng.integers(8, 24), (4, 18)),
        ("solar", rng.integers(3, 9), (4, 26)),
    ):
        for _ in range(count):
            height, width = rng.integers(*sides, size=2)
            y, x = rng.integers(0, config.size - height), rng.integers(0, config.size - width)
            part = labels[y : y + height, x : x + width]
            if not np.isin(part, [*world.legend["water"], *world.legend["road"]]).any():
                part[:] = world.legend[topic][0]
    paths = replace(world, labels=labels).write(place / str(seed))
    scene = open_scene(paths["image"])
    whole = WholeLabels(LabelSegmenter(paths["labels"], paths["legend"]))
    return SeenScene(scene, whole, _seen(config, whole))


def _seen(config: SceneConfig, labels: Segmenter) -> Segmenter | None:
    if config.segmenter is not None:
        return find_segmenter(config.segmenter)
    return NoisySegmenter(labels, config.noise) if config.noise else None
