"""An area beside the measured one, corrected by how the model erred on validation images; truth by numpy."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from planimeter import ask
from planimeter.cli import group
from planimeter.segment import LabelSegmenter
from planimeter.segment.inference import load_card
from planimeter.segment.inference.adjusted import Confusion, Rate
from planimeter.segment.unet import UNetSegmenter

RIGHT, MISSED = Rate(0.8, 0.0009, 24), Rate(0.05, 0.0001, 30)
MEASURED = Confusion(RIGHT, MISSED, 30, 2_000_000, ("there", "elsewhere"), 0.93, 0.1, 0.04)


class Green:
    """A model to which what is green is forest, and all else water."""

    def __init__(self, confusion: dict[str, Confusion]) -> None:
        self.card = replace(
            load_card(), land=("water", "forest"), objects=(), contact=None, smooth=0, confusion=confusion
        )

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        green = pictures[..., 1].astype(np.float32)
        return np.stack([128 - green, green - 128], axis=1)


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    image = np.zeros((200, 100, 3), np.uint8)
    image[:60, :, 1] = 255
    cv2.imwrite(str(tmp_path / "a.png"), image)
    return tmp_path / "a.png"


def expected(mapped: float) -> tuple[float, float, float]:
    share = mapped * 0.8 + (1 - mapped) * 0.05
    error = 1.96 * math.sqrt(mapped**2 * 0.0009 * 25 + (1 - mapped) ** 2 * 0.0001 * 31)
    return share, max(0, share - error), share + error


@pytest.mark.parametrize(
    ("question", "area", "mapped", "whole"),
    [
        ("What is the area of forest in hectares?", None, 0.3, 2.0),
        ("What is the area of forest in acres?", None, 0.3, 2.0 / 0.40468564224),
        ("What percentage of the image is forest?", None, 0.3, 100.0),
        ("What percentage of the image is forest?", "pixels:0,0,100,100", 0.6, 100.0),
    ],
)
def test_it_is_what_the_formula_says(
    picture: Path, question: str, area: str | None, mapped: float, whole: float
) -> None:
    eyes = UNetSegmenter(model=Green({"forest": MEASURED}))
    answer = ask(picture, question, gsd=1.0, segmenter=eyes, area=area, adjust_area=True)
    assert answer.answer == pytest.approx(mapped * whole)  # what was measured stays
    share, low, high = expected(mapped)
    assert answer.adjusted is not None
    assert answer.adjusted["value"] == pytest.approx(share * whole)
    assert answer.adjusted["low"] == pytest.approx(low * whole, rel=1e-4)
    assert answer.adjusted["high"] == pytest.approx(high * whole, rel=1e-4)
    assert answer.adjusted["unit"] == answer.unit
    (sentence,) = [each for each in answer.warnings if "Olofsson" in each]
    for word in (
        "30 validation images",
        "2 million pixels",
        "there, elsewhere",
        "93 %",
        "closer to the truth",
    ):
        assert word in sentence
    assert ask(picture, question, gsd=1.0, segmenter=eyes, area=area).adjusted is None


def test_the_rest_is_one_minus_it(picture: Path) -> None:
    eyes = UNetSegmenter(model=Green({"forest": MEASURED}))
    answer = ask(
        picture, "What percentage of the image is not covered by forest?", segmenter=eyes, adjust_area=True
    )
    share, low, high = expected(0.3)
    assert answer.answer == pytest.approx(70)
    assert answer.adjusted is not None
    found = [answer.adjusted[name] / 100 for name in ("value", "low", "high")]
    assert found == pytest.approx([1 - share, 1 - high, 1 - low], rel=1e-4)


def test_where_adjusting_does_not_help_it_says_so(picture: Path) -> None:
    eyes = UNetSegmenter(model=Green({"forest": replace(MEASURED, error_after=0.2)}))
    answer = ask(picture, "What percentage of the image is forest?", segmenter=eyes, adjust_area=True)
    assert any("came no closer to the truth" in each for each in answer.warnings)


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("How many forest patches are there?", "area or the share of one cover"),
        ("What is the area of forest within 10 m of water?", "conditions"),
        ("What is the total area of forest and water?", "together|conditions"),
        ("What percentage of the image is water?", "by pixel"),
    ],
)
def test_what_cannot_be_adjusted_is_said(picture: Path, question: str, why: str) -> None:
    eyes = UNetSegmenter(model=Green({"forest": MEASURED}))
    answer = ask(picture, question, gsd=1.0, segmenter=eyes, adjust_area=True)
    assert answer.adjusted is None
    (said,) = [each for each in answer.warnings if "not adjusted" in each]
    assert any(part in said for part in why.split("|"))


def test_maps_are_not_adjusted(picture: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "labels.png"), np.full((200, 100), 1, np.uint8))
    (tmp_path / "legend.json").write_text('{"forest": [1]}')
    maps = LabelSegmenter(tmp_path / "labels.png", tmp_path / "legend.json")
    answer = ask(picture, "What percentage of the image is forest?", segmenter=maps, adjust_area=True)
    assert answer.adjusted is None
    assert any("not of maps" in each for each in answer.warnings)


def test_the_command_line_prints_it(picture: Path) -> None:
    done = CliRunner().invoke(
        group,
        ["ask", str(picture), "What percentage of the image is forest?", "--gsd", "0.5", "--adjust-area"],
    )
    assert done.exit_code == 0, done.output
    assert "adjusted " in done.output
    assert "(95 %: " in done.output
