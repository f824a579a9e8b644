"""A small labelled world with every topic, a strip of nodata, and the real sandbox to run programs on it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.coder import Program, Request, builtin_coder
from planimeter.program import Run, run_program
from planimeter.raster import Scene, open_scene
from planimeter.segment.base import Seen
from planimeter.vocabulary.topics import COMPOSED, TOPICS
from planimeter.worlds import make_world

from .reference import Truth

GSD = 1.0
SIZE = 384


class Masks:
    """A segmenter that holds its masks."""

    name = "masks"
    topics = TOPICS

    def __init__(self, masks: dict[str, np.ndarray], valid: np.ndarray) -> None:
        self._masks, self._valid = masks, valid

    def look(self, scene: Scene, topics: Sequence[str], box: object = None) -> Seen:
        return Seen({topic: self._masks[topic] for topic in topics}, self._valid)

    def fingerprint(self) -> str:
        return "fixed"


class Ground:
    """One world: what is true on it, and what the coder's programs answer."""

    def __init__(self, truth: Truth, scene: Scene, segmenter: Masks) -> None:
        self.truth, self.scene, self.segmenter = truth, scene, segmenter

    def write(self, question: str) -> Program:
        return builtin_coder().write(Request(question, TOPICS, GSD))

    def run(self, question: str) -> Run:
        return run_program(self.write(question).text, self.scene, self.segmenter)


def build(folder: Path, seed: int) -> Ground:
    """The world of a seed, read back from a picture on disk."""
    world = make_world(seed, size=SIZE, gsd=GSD)
    masks = {topic: np.isin(world.labels, world.legend[topic]) for topic in world.legend}
    for topic, parts in COMPOSED.items():
        masks[topic] = np.logical_or.reduce([masks[part] for part in parts])
    valid = np.ones((SIZE, SIZE), dtype=bool)
    valid[:, -7:] = False
    path = folder / f"world{seed}.png"
    cv2.imwrite(str(path), world.image[..., ::-1])
    return Ground(Truth(masks, valid, GSD), open_scene(path, gsd=GSD), Masks(masks, valid))


@pytest.fixture(scope="session")
def grounds(tmp_path_factory: pytest.TempPathFactory) -> list[Ground]:
    """Three worlds that differ in what they hold."""
    folder = tmp_path_factory.mktemp("worlds")
    return [build(folder, seed) for seed in (3, 11, 29)]
