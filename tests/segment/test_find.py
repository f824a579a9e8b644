"""Names of segmenters: each finds its kind, and a name that means nothing says what there is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml

import planimeter
from planimeter.errors import InputError, NotMeasurable, UsageError
from planimeter.program import Limits
from planimeter.raster import open_scene
from planimeter.segment import Segmenter, find_segmenter
from planimeter.segment.base import look_at
from planimeter.segment.inference.card import MODELS, load_card, shipped_card

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "segmenters.md"
SHIPPED = ROOT / "src" / "planimeter" / "segment" / "weights" / "efficientnet-unet.json"


def test_no_name_is_the_shipped_network_and_a_card_finds_the_same() -> None:
    shipped = find_segmenter(None)
    assert shipped.name == find_segmenter("default").name == find_segmenter(f"unet:{SHIPPED}").name
    assert {"water", "roof", "vegetation"} <= set(shipped.topics)


@pytest.mark.parametrize("name", MODELS)
def test_each_model_that_ships_is_whole_and_has_its_name(name: str) -> None:
    card = load_card(shipped_card(name))
    assert find_segmenter(name).name == f"{card.name} {card.version}"
    assert find_segmenter(f"{name}:high").name == f"{card.name} {card.version} in high quality"
    assert len(card.content) == card.size  # and its SHA-256 is the card's
    with pytest.raises(UsageError, match=f"Behind {name}: may stand high"):
        find_segmenter(f"{name}:low")


def test_what_a_model_finds_too_badly_it_does_not_offer(tmp_path: Path) -> None:
    shipped, weak = find_segmenter("default"), find_segmenter("default-open")
    record = json.loads(shipped_card("default-open").read_text(encoding="utf-8"))
    means: dict[str, list[float]] = {}
    for score in record["scores"]:
        means.setdefault(score["topic"], []).append(score["f1"])
    assert set(weak.topics) == {topic for topic, found in means.items() if np.mean(found) >= 0.2}
    assert set(weak.topics) == {"urban", "forest", "agric", "roof", "vegetation"} < set(shipped.topics)
    cv2.imwrite(str(tmp_path / "scene.png"), np.zeros((64, 64, 3), np.uint8))
    with pytest.raises(NotMeasurable, match="solar"):
        planimeter.ask(tmp_path / "scene.png", "What percentage is solar panels?", segmenter="default-open")


def test_the_open_model_was_trained_on_what_its_configuration_names() -> None:
    record = json.loads(shipped_card("default-open").read_text(encoding="utf-8"))
    sources = yaml.safe_load((ROOT / "configs" / "segmenter-open.yaml").read_text(encoding="utf-8"))[
        "sources"
    ]
    assert record["data"] == {name: source["licence"] for name, source in sources.items()}


@pytest.mark.parametrize("name", ["unicorn", "unet:absent.json", "fusion:absent.json", "noise:0.1:unicorn"])
def test_a_name_that_leads_nowhere_is_refused_in_one_sentence(name: str) -> None:
    with pytest.raises(InputError) as refused:
        find_segmenter(name)
    assert "\n" not in str(refused.value)


def test_the_segmenter_of_the_docs_is_one(tmp_path: Path) -> None:
    """The example of "Add a segmenter", run as it is printed, against plain arithmetic; whole, in parts, and asked."""
    section = DOCS.read_text(encoding="utf-8").partition("## Add a segmenter")[2]
    defined: dict[str, Any] = {}
    exec(section.partition("```python\n")[2].partition("```")[0], defined)
    pixels = np.random.default_rng(0).integers(
        0, 255, (60, 90, 3), dtype=np.uint8
    )  # OpenCV: blue, green, red
    cv2.imwrite(str(tmp_path / "scene.png"), pixels)
    scene, source = open_scene(tmp_path / "scene.png"), defined["ExcessGreen"]("35")
    assert isinstance(source, Segmenter)
    blue, green, red = pixels.astype(int).transpose(2, 0, 1)
    truth = 2 * green - red - blue > 35
    assert np.array_equal(source.look(scene, ["vegetation"]).masks["vegetation"], truth)
    part = look_at(source, scene, ["vegetation"], (10, 20, 50, 60))
    assert np.array_equal(part.masks["vegetation"], truth[20:60, 10:50])
    question = "What percentage of the image is vegetation?"
    for limits in (Limits(), Limits(tile=(25, 40))):
        answer = planimeter.ask(scene, question, segmenter=source, limits=limits)
        assert answer.answer == pytest.approx(100 * truth.mean())
    assert defined["ExcessGreen"]().fingerprint() != source.fingerprint()
