"""What "land" is: counted by hand on a scene of 20 columns, a quarter each water, forest, bare ground and built-up."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import planimeter
from planimeter.answer import Answer
from planimeter.coder import Request
from planimeter.coder.grammar import BuiltinCoder
from planimeter.coder.grammar.land import land_said
from planimeter.coder.grammar.parse import parse
from planimeter.coder.rewriter.account import unaccounted
from planimeter.coder.rewriter.cues import cues
from planimeter.errors import NotUnderstood

TOPICS = ("water", "forest", "barren", "urban")
Ask = Callable[[str], Answer]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Ask:
    """Five columns of ten pixels each of water, forest, barren and urban land, from the left; 10 m a pixel."""
    folder: Path = tmp_path_factory.mktemp("land")
    labels = np.repeat(np.repeat(np.arange(1, 5, dtype=np.uint8), 5)[None], 10, axis=0)
    Image.fromarray(labels).save(folder / "labels.png")
    (folder / "legend.json").write_text(json.dumps({name: [n + 1] for n, name in enumerate(TOPICS)}))
    maps = planimeter.LabelSegmenter(str(folder / "labels.png"), str(folder / "legend.json"))

    def answered(question: str) -> Answer:
        return planimeter.ask(str(folder / "labels.png"), question, gsd=10, segmenter=maps, coder="builtin")

    return answered


@pytest.mark.parametrize(
    ("question", "right"),
    [
        # Three columns of ten pixels of 100 m² lie beside the water.
        ("What is the area of land within 30 m of water?", 0.3),
        ("How much land is within 30 m of water?", 0.3),
        ("How much ground lies within 30 m of water?", 0.3),
        ("How much dry land is within 30 m of the lake?", 0.3),
        ("How many hectares of land are within 30 m of water?", 0.3),
        ("land area within 30 m of water", 0.3),
        ("How much of the land is within 30 m of water?", 20.0),
        ("What percentage of the land is within 30 m of water?", 20.0),
        # The image itself has the water in it: five columns more.
        ("How much area is within 30 m of water?", 0.8),
        ("What area of the image is within 30 m of water?", 0.8),
        # What lies away from water is land anyway: the last twelve columns.
        ("How much land is more than 30 m from water?", 1.2),
        # Between more than 10 and 30 m.
        ("How much land is between 10 and 30 m from water?", 0.3),
        # Dry land is fifteen columns, and of these five are forest, ten are not built up.
        ("How much dry land is there?", 1.5),
        ("What is the dry land area?", 1.5),
        ("What percentage of the dry land is forest?", 100 / 3),
        ("How much dry land is not built up?", 1.0),
        ("How much dry land is within 20 m of forest?", 0.7),
        # A cover is itself, whatever is said of land.
        ("How much bare land is there?", 0.5),
        ("How much land is covered by forest?", 0.5),
    ],
)
def test_the_water_is_no_land(ask: Ask, question: str, right: float) -> None:
    answer = ask(question)
    assert answer.answer == pytest.approx(right)
    assert "was read as the whole image" not in (answer.reading or "")


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("How much land is within 20 m of forest?", 0.9),
        ("How much land is not built up?", 1.5),
        ("How much land is there?", 2.0),
        ("What is the land area?", 2.0),
    ],
)
def test_land_taken_for_the_image_is_said(ask: Ask, question: str, right: float) -> None:
    answer = ask(question)
    assert answer.answer == pytest.approx(right)
    assert (
        '"Land" was read as the whole image, water included; "dry land" leaves the water out.'
        in answer.reading
    )


@pytest.mark.parametrize(
    "question",
    [
        "What share of the land is forest?",
        "What percentage of the land is water?",
        "How much of the land is not built up?",
    ],
)
def test_a_share_of_the_land_is_with_its_water_or_without(question: str) -> None:
    with pytest.raises(NotUnderstood, match='of "the image" or of "the dry land"'):
        parse(question)


def test_without_water_at_hand_nothing_is_said() -> None:
    program = BuiltinCoder().write(Request("How much land is not built up?", ("forest", "urban"), 1.0))
    assert program.reading == "The area of the part of the image that is outside urban land, in ha."


@pytest.mark.parametrize(
    "question", ["How much land borders water?", "Is there dry land?", "What is the mean size of dry land?"]
)
def test_what_cannot_be_said_of_land_is_refused(question: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(question)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("How much land is near water?", "land"),
        ("How many m² of land are flat?", "land"),
        ("Area of dry land", "dry land"),
        ("land within 5 m of water", "land"),
        ("How much of the ground is sealed?", "ground"),
        ("How much bare land is there?", ""),
        ("How much agricultural land is there?", ""),
        ("What is the land cover?", ""),
        ("What is the land use?", ""),
        ("The image has a ground sampling distance of 1 m", ""),
    ],
)
def test_the_word_land(text: str, said: str) -> None:
    assert land_said(text) == said


@pytest.mark.parametrize(
    ("wording", "plain", "against"),
    [
        (
            "so um, the land within 50 m of water, what area is it",
            "the area of the image within 50 m of water",
            True,
        ),
        ("so um, what dry land is within 50 m of roads", "the area of the image within 50 m of roads", True),
        ("so um, how much of the land is water", "the percentage of the image covered by water", True),
        ("so um, how much land is within 50 m of roads", "the area of the image within 50 m of roads", False),
        (
            "so um, how much bare land is within 50 m of water",
            "the area of bare land within 50 m of water",
            False,
        ),
        ("so um, how much area is within 50 m of water", "the area of the image within 50 m of water", False),
    ],
)
def test_a_rewriting_never_calls_land_beside_water_the_image(wording: str, plain: str, against: bool) -> None:
    said = unaccounted(cues(wording), cues(plain), parse(plain).meaning)
    assert (said == "what land is") == against
