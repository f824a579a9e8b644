"""Generated sets: the same from the same seed, within caps, balanced, and true."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.squid.card import write_data_set
from planimeter.squid.generate import Wanted, generate
from planimeter.squid.published import read_data_set
from planimeter.squid.select import quotas
from planimeter.squid.sources import read_source
from planimeter.squid.types import TYPES, read_question


def test_the_same_seed_makes_the_same_set(plain_folder: Path, tmp_path: Path) -> None:
    images = read_source(f"folder:{plain_folder}", 0.5)
    texts = []
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        made = generate(images, tmp_path / name, Wanted(questions=20, seed=seed))
        write_data_set(made, parquet=False)
        texts.append((tmp_path / name / "dataset.json").read_text())
    assert texts[0] == texts[1]
    assert texts[0] != texts[2]


def test_questions_are_true_capped_and_stated(made: Path) -> None:
    data = read_data_set(made)
    assert not data.problems
    assert len(data.questions) == 24
    assert max(Counter(question.image for question in data.questions).values()) <= 10
    assert len({(question.image, question.question) for question in data.questions}) == 24
    for question in data.questions:
        slots = read_question(question.type, question.question)
        assert slots is not None
        assert question.question.endswith("(GSD: 0.5m)")
        assert question.tier == TYPES[question.type].tier
        assert question.exact == isinstance(question.answer, str)


def test_reference_answers_are_those_of_the_written_labels(made: Path) -> None:
    data = read_data_set(made)
    checked = 0
    for question in data.questions:
        if question.type != "percentage":
            continue
        slots = read_question(question.type, question.question)
        legend = json.loads(data.truth[question.image].legend.read_text())
        labels = cv2.imread(str(data.truth[question.image].labels), cv2.IMREAD_UNCHANGED)
        share = 100 * (labels == legend[slots.target][0]).sum() / (labels != 0).sum()
        assert question.answer == round(share, 2)
        checked += 1
    assert checked


def test_without_a_scale_only_what_needs_none_is_asked(plain_folder: Path, tmp_path: Path) -> None:
    made = generate(read_source(f"folder:{plain_folder}"), tmp_path / "out", Wanted(questions=50))
    assert {question.type for question in made.data.questions} == {"percentage", "size", "binary_comparison"}
    assert not any(
        "hectare" in question.question or "GSD" in question.question for question in made.data.questions
    )
    assert made.impossible["count"] == "no image has a stated scale"
    assert len(made.impossible) == 21


def test_partial_labels_are_asked_only_about_their_class(tmp_path: Path) -> None:
    labels = np.zeros((200, 200), np.uint8)
    for place in range(5):
        labels[20 + 30 * place : 40 + 30 * place, 30:80] = 1
    (tmp_path / "s").mkdir()
    cv2.imwrite(str(tmp_path / "s" / "1_labels.png"), labels)
    cv2.imwrite(str(tmp_path / "s" / "1.jpg"), np.zeros((200, 200, 3), np.uint8))
    made = generate(
        read_source(f"solar:{tmp_path / 's'}"), tmp_path / "out", Wanted(questions=50, per_image=50)
    )
    asked = {question.type for question in made.data.questions}
    assert {"power_calculation", "total_area", "complex_average", "count", "binary_multiple"} <= asked
    for question in made.data.questions:
        slots = read_question(question.type, question.question)
        assert (slots.target, slots.reference) == ("solar", None)


def test_labels_of_another_size_are_named_and_counted(plain_folder: Path, tmp_path: Path) -> None:
    cv2.imwrite(str(plain_folder / "s1_labels.png"), np.ones((7, 9), np.uint8))
    made = generate(read_source(f"folder:{plain_folder}", 0.5), tmp_path / "out", Wanted(questions=8))
    assert [problem.id for problem in made.data.problems] == ["s1"]
    assert len(made.data.questions) == 8


def test_worlds_give_all_24_types(tmp_path: Path) -> None:
    from planimeter.squid.sources.worlds import images

    made = generate(images("2", 1.0), tmp_path / "out", Wanted(questions=60, seed=1, per_image=30))
    types = Counter(question.type for question in made.data.questions)
    assert set(types) == set(TYPES), made.impossible
    assert types.most_common(1)[0][0] == "complex_multi_condition"
    assert any(question.answer == 0 for question in made.data.questions)


def test_card_and_figure_say_what_is_inside(made: Path) -> None:
    card = (made / "README.md").read_text()
    assert "24 questions about 3 overhead images" in card
    assert "`power_calculation`: no image with a stated scale has labels for all its topics." in card
    assert (made / "composition.svg").read_text().startswith("<svg")
    record = json.loads((made / "generation.json").read_text())
    assert record["seed"] == 3
    assert set(record["sources"].values()) == {"plain"}


def test_quotas_follow_the_published_proportions() -> None:
    plenty = dict.fromkeys(TYPES, 5000)
    found = quotas(plenty, 2000)
    assert sum(found.values()) == 2000
    for name, kind in TYPES.items():
        assert found[name] == pytest.approx(kind.published, abs=1.5)
    assert sum(quotas({"count": 3, "size": 0}, 10).values()) == 3
