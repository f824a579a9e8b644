"""Labels of one map exclude each other: "buildings in urban areas" is refused there, and never 0."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from planimeter import ask
from planimeter.errors import NotMeasurable
from planimeter.segment import LabelSegmenter, StackSegmenter

LEGEND = {"urban": [1], "roof": [2], "water": [3], "forest": [4]}


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """A roof of 100 pixels inside of urban land, and water apart from it."""
    values = np.full((60, 60), 4, dtype=np.uint8)
    values[10:40, 10:40] = 1
    values[20:30, 20:30] = 2
    values[50:55] = 3
    Image.fromarray(values).save(tmp_path / "labels.png")
    Image.fromarray(np.zeros((60, 60, 3), dtype=np.uint8)).save(tmp_path / "image.png")
    (tmp_path / "legend.json").write_text(json.dumps(LEGEND), encoding="utf-8")
    (tmp_path / "roads.json").write_text(json.dumps({**LEGEND, "road": [5]}), encoding="utf-8")
    (tmp_path / "roofs.json").write_text('{"roof": [2]}', encoding="utf-8")
    (tmp_path / "blocks.json").write_text('{"urban": [1, 2]}', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "question",
    [
        "How many buildings are in urban areas?",
        "Is there any water in the forest?",
        "How many buildings are not in water?",
        "How many hectares of urban land are in the forest?",
        "How many kilometres of road lie inside the forest?",
        "What is the mean NDVI of the water in the forest?",
    ],
)
def test_what_shares_no_pixel_by_construction_is_refused(question: str, labels: Path) -> None:
    maps = LabelSegmenter(labels / "labels.png", labels / "roads.json")
    with pytest.raises(NotMeasurable, match="Every pixel of this map bears one label"):
        ask(labels / "image.png", question, gsd=1.0, segmenter=maps)


def test_what_still_has_a_meaning_is_answered(labels: Path) -> None:
    maps = LabelSegmenter(labels / "labels.png", labels / "legend.json")
    asked = {
        "How many buildings touch urban areas?": 1,
        "How many buildings are in the upper left quarter?": 1,
        "What percentage of the land area (excluding water) is covered by buildings?": 100
        * 100
        / (3600 - 300),
    }
    for question, wanted in asked.items():
        found = ask(labels / "image.png", question, gsd=1.0, segmenter=maps).answer
        assert found == pytest.approx(wanted), question


def test_two_maps_may_overlap(labels: Path) -> None:
    roofs = LabelSegmenter(labels / "labels.png", labels / "roofs.json")
    blocks = LabelSegmenter(labels / "labels.png", labels / "blocks.json")
    both = StackSegmenter([roofs, blocks])
    assert both.exclusive == ()
    found = ask(labels / "image.png", "How many buildings are in urban areas?", gsd=1.0, segmenter=both)
    assert found.answer == 1


def test_labels_of_one_map_are_land_covers_each_by_itself(labels: Path) -> None:
    maps = LabelSegmenter(labels / "labels.png", labels / "legend.json")
    counts = {"urban": 800, "roof": 100, "water": 300, "forest": 2400}
    by_area = sorted(counts, key=lambda topic: counts[topic])
    for question, wanted in {
        "What is the least common land cover?": by_area[0],
        "What is the dominant land cover?": by_area[-1],
        "Is water the least common land cover class?": "no",
        "Is forest the dominant land cover class?": "yes",
    }.items():
        assert ask(labels / "image.png", question, gsd=1.0, segmenter=maps).answer == wanted, question
