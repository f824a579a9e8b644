"""A tiny data set and a tiny network: everything about training in seconds."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.worlds import make_world

pytest.importorskip("torch")
from planimeter.segment.torchvision import let_torchvision_load

let_torchvision_load()
pytest.importorskip("timm")
pytest.importorskip("accelerate")

from planimeter.train.config import Config, config_from  # noqa: E402


@pytest.fixture(scope="session")
def tiny_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six pictures ``land/K.png`` with ``K_labels.png``: 0 unknown, 1 water, 2 vegetation, 3 road on urban land."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "land").mkdir()
    for k in range(6):
        world = make_world(50 + k, size=128)
        labels = np.zeros(world.labels.shape, np.uint8)
        for value, topics in ((1, ["water"]), (2, ["forest", "agric", "grass"]), (3, ["road"])):
            labels[np.isin(world.labels, [code for topic in topics for code in world.legend[topic]])] = value
        cv2.imwrite(str(folder / "land" / f"{k}.png"), world.image[..., ::-1])
        cv2.imwrite(str(folder / "land" / f"{k}_labels.png"), labels)
    return folder


@pytest.fixture
def tiny(tiny_data: Path) -> Config:
    """A configuration that trains in seconds."""
    return config_from(
        {
            "name": "tiny",
            "data": str(tiny_data),
            "land": ["urban", "forest", "agric", "grass", "barren", "water"],
            "objects": ["road"],
            "network": {"dims": [8, 8, 16, 16], "depths": [1, 1, 1, 1], "decoder": [16, 8, 8]},
            "sources": {
                "land": {
                    "images": "land/?.png",
                    "gsd": 0.5,
                    "share": 1.0,
                    "complete": True,
                    "unknown": [0],
                    "land": {1: "water", 2: "vegetation", 3: "urban"},
                    "objects": {"road": [3]},
                    "validation": ["every 3"],
                }
            },
            "size": 64,
            "batch": 2,
            "steps": 6,
            "warmup": 2,
            "save_every": 1,
            "validate_every": 100,
            "precision": "no",
        }
    )
