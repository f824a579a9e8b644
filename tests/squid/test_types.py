"""The 24 types: printed wordings word for word, both ways, and answers against brute force."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.squid.paper import BY_TYPE
from planimeter.squid.types import TYPES, read_question
from planimeter.squid.view import SceneView
from planimeter.squid.wording import fill
from planimeter.vocabulary.topics import TOPIC_RECORDS

from .brute import brute_force

TABLE_7 = Path(__file__).with_name("table7.txt")  # type|complete question text, as printed
PRINTED_QUESTIONS = [tuple(line.split("|", 1)) for line in TABLE_7.read_text().splitlines()]


def test_numbers_of_table_8() -> None:
    tiers: Counter[int] = Counter()
    for kind in TYPES.values():
        tiers[kind.tier] += kind.published
    assert len(TYPES) == 24
    assert tiers == {1: 710, 2: 616, 3: 674}
    assert set(TYPES) == set(BY_TYPE)


@pytest.mark.parametrize(("name", "question"), PRINTED_QUESTIONS)
def test_printed_questions_word_for_word(name: str, question: str) -> None:
    slots = read_question(name, question)
    assert slots is not None
    gsd = float(question.rsplit("GSD: ", 1)[1].removesuffix("m)"))
    assert fill(TYPES[name].templates[0], slots, gsd) == question


def test_every_type_is_printed() -> None:
    assert {name for name, _ in PRINTED_QUESTIONS} == set(TYPES)


@pytest.mark.parametrize("name", list(TYPES))
def test_every_wording_of_every_choice_is_read_back(name: str, view: SceneView) -> None:
    kind = TYPES[name]
    asked = 0
    for slots in kind.choices(view):
        for template in (*kind.templates, *kind.without_scale):
            if slots.minimum is None and "{minimum}" in template:
                continue
            written = fill(template, slots, 0.5)
            assert "None" not in written
            found = kind.read(written)
            assert found is not None
            stated = {key: value for key, value in found.__dict__.items() if value is not None}
            assert stated == {key: getattr(slots, key) for key in stated}
            asked += 1
    assert asked


def test_a_foreign_wording_is_not_read() -> None:
    assert read_question("count", "How many trees do you see?") is None
    assert read_question("no such type", "How many separate buildings are there?") is None


@pytest.mark.parametrize("name", list(TYPES))
def test_answers_against_brute_force(name: str, view: SceneView) -> None:
    kind = TYPES[name]
    masks = {topic: view.mask(topic) for topic in view.topics}
    valid = int(view.valid.sum())
    choices = list(kind.choices(view))
    assert choices
    for slots in choices[:: max(1, len(choices) // 6)]:
        expected = brute_force(name, slots, masks, valid, view.gsd)
        if expected is None:
            continue
        measured = kind.measure(view, slots)
        assert measured == (expected if isinstance(expected, str) else pytest.approx(expected, rel=1e-9)), (
            slots
        )


def test_every_word_form_names_one_topic_or_none() -> None:
    for form in ("noun", "amount", "area", "region", "regions", "patches"):
        forms = [getattr(topic.benchmark_forms, form) for topic in TOPIC_RECORDS]
        assert len(set(forms)) == len(forms), form


@pytest.fixture(scope="module")
def view(tmp_path_factory: pytest.TempPathFactory) -> SceneView:
    """A scene of 440 x 520 m at 2 m with all topics, some of it unknown."""
    from planimeter.raster import open_scene
    from planimeter.segment import LabelSegmenter, StackSegmenter
    from planimeter.segment.legend import parse_legend

    folder: Path = tmp_path_factory.mktemp("view")
    labels = _scene()
    cv2.imwrite(str(folder / "labels.png"), labels)
    cv2.imwrite(str(folder / "image.png"), np.repeat(labels[..., None] * 20, 3, axis=2))
    topics = ["water", "roof", "forest", "barren", "agric", "grass", "road", "solar"]
    legend = parse_legend(
        {topic: [value] for value, topic in enumerate(topics, start=1)} | {"nodata": [0]}, "t"
    )
    scene = open_scene(folder / "image.png", gsd=2.0)
    return SceneView(scene, StackSegmenter([LabelSegmenter(folder / "labels.png", legend)]))


def _scene() -> np.ndarray:
    rng = np.random.default_rng(5)
    labels = rng.integers(1, 9, (22, 26)).astype(np.uint8)
    labels = np.kron(labels, np.ones((10, 10), np.uint8))
    labels[:30, :100] = 5
    labels[150:, :75] = 1
    labels[100:102] = 7
    labels[:, -3:] = 0
    return labels
