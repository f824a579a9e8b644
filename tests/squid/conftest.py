"""Small labelled scenes, made on the spot."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

LEGEND = {"water": [1], "roof": [2], "forest": [3], "barren": [4], "nodata": [0]}


def draw(seed: int = 0, side: int = 240) -> np.ndarray:
    """(side, side) uint8 labels: a lake, a wood, bare land, a dozen buildings and a strip nobody looked at."""
    rng = np.random.default_rng(seed)
    labels = np.full((side, side), 4, np.uint8)
    labels[:, : side // 4] = 1
    labels[: side // 3, side // 2 :] = 3
    for _ in range(12):
        x, y = rng.integers(side // 3, side - 30, 2)
        w, h = rng.integers(8, 26, 2)
        labels[y : y + h, x : x + w] = 2
    labels[-10:] = 0
    return labels


def write_folder(folder: Path, count: int = 3, side: int = 240) -> Path:
    """A plain folder: NAME.png, NAME_labels.png, legend.json."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        labels = draw(number, side)
        picture = np.repeat((labels * 50)[..., None], 3, axis=2)
        cv2.imwrite(str(folder / f"s{number}.png"), picture)
        cv2.imwrite(str(folder / f"s{number}_labels.png"), labels)
    (folder / "legend.json").write_text(json.dumps(LEGEND))
    return folder


@pytest.fixture
def plain_folder(tmp_path: Path) -> Path:
    """Three labelled pictures without a scale."""
    return write_folder(tmp_path / "plain")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated data set at 0.5 m per pixel, both forms, labels beside it; not to be written to."""
    from planimeter.squid.card import write_data_set
    from planimeter.squid.generate import Wanted, generate
    from planimeter.squid.sources import read_source

    base = tmp_path_factory.mktemp("squid")
    images = read_source(f"folder:{write_folder(base / 'plain')}", 0.5)
    result = generate(images, base / "set", Wanted(questions=24, seed=3, per_image=10))
    write_data_set(result)
    return base / "set"
