"""Scenes whose maps know different topics: what is compared means the same in every scene, or is not compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planimeter.meaning.combine import plan_for
from planimeter.meaning.combine_plan import Measured, Plan
from planimeter.scale.batch import MapPatterns
from planimeter.scale.batch.headers import Opened, common_topics
from planimeter.scale.batch.options import Options
from planimeter.scale.batch.sources import Found
from planimeter.scale.batch.writer import Writer
from planimeter.segment.open import OpenTopics, is_open

from .asking import ask_all
from .conftest import LEGEND, Here, Land

LARGEST, SMALLEST = "Which land cover is the largest?", "Which land cover is the smallest?"
MAPS = MapPatterns(("{stem}_labels.tif",), ("{folder}/{stem}.json",))
COVERS = ("grass", "forest", "agric", "water", "road", "roof")


def write_strips(folder: Path, name: str, rows: dict[str, int], legend: list[str], joins: int = -1) -> Path:
    """A picture 40 pixels wide with so many rows of each topic, and a legend of its own; returns the picture."""
    values = np.repeat([LEGEND[topic][0] for topic in rows], list(rows.values())).astype(np.uint8)
    land = Land(np.repeat(values[:, None], 40, axis=1))
    if joins >= 0:
        land = Land(land.labels, land.transform * land.transform.translation(joins * 40, 0))
    image = land.write(folder, name, georeferenced=joins >= 0)
    (folder / f"{name}.json").write_text(json.dumps({topic: LEGEND[topic] for topic in legend}))
    (folder / "legend.json").unlink()
    return image


def own_covers(topics: set[str]) -> set[str]:
    """What one map divides the land into: roofs and roads, where it has both, are urban land."""
    return topics - {"roof", "road"} | {"urban"} if {"roof", "road"} <= topics else topics


def test_what_each_scene_says_of_a_topic_adds_to_that_topic(tmp_path: Path, here: Here) -> None:
    write_strips(tmp_path / "in", "a", {"forest": 30, "agric": 10, "water": 10}, ["forest", "agric", "water"])
    write_strips(tmp_path / "in", "b", {"agric": 50, "grass": 5, "water": 5}, ["agric", "grass", "water"])
    answer = ask_all(LARGEST, tmp_path / "in", tmp_path / "out", maps=MAPS)
    assert answer.answer == "agric"
    unknown = [note for note in answer.notes if "do not know" in note]
    assert [note.split("know ")[1].split(",")[0] for note in unknown] == ["forest", "grass"]
    assert unknown[0].startswith("The maps of 1 of 2 scenes")


def test_fewer_topics_in_the_second_scene(tmp_path: Path, here: Here) -> None:
    write_strips(tmp_path / "in", "a", {"forest": 30, "agric": 20, "water": 10}, ["forest", "agric", "water"])
    write_strips(tmp_path / "in", "b", {"water": 25, "agric": 20}, ["water", "agric"])
    assert ask_all(LARGEST, tmp_path / "in", tmp_path / "out", maps=MAPS).answer == "agric"


@pytest.mark.parametrize("together", [False, True], ids=["apart", "joined"])
@pytest.mark.parametrize("seed", range(8))
def test_shuffled_topics_are_brute_force(seed: int, together: bool, tmp_path: Path, here: Here) -> None:
    rng = np.random.default_rng(seed)
    totals: dict[str, int] = {}
    divisions = []
    for n in range(int(rng.integers(2, 4))):
        legend = [str(topic) for topic in rng.permutation(COVERS)[: rng.integers(3, 6)]]
        heights = rng.permutation(np.arange(3, 40))[: len(legend)]
        rows = dict(zip(legend, heights.tolist(), strict=True))
        write_strips(tmp_path / "in", f"s{n}", rows, legend, joins=n if together else -1)
        divisions.append(own_covers(set(legend)))
        for topic, height in rows.items():
            name = "urban" if topic in ("roof", "road") and "urban" in divisions[-1] else topic
            totals[name] = totals.get(name, 0) + height
    alike = "urban" not in totals or not {"roof", "road"} & set().union(*divisions)
    for question, best in ((LARGEST, max), (SMALLEST, min)):
        answer = ask_all(question, tmp_path / "in", tmp_path / best.__name__, maps=MAPS)
        winners = [topic for topic, total in totals.items() if total == best(totals.values())]
        assert answer.answer == (winners[0] if alike and len(winners) == 1 else None), (totals, answer.how)
        assert answer.units == (0 if together and answer.answer is None else 1 if together else n + 1)
        for topic in totals:
            lacking = sum(topic not in division for division in divisions)
            said = any(f"of {n + 1} scenes do not know {topic}," in note for note in answer.notes)
            assert said == (alike and lacking > 0), (topic, answer.notes)


def test_the_smallest_is_none_that_nobody_measured(tmp_path: Path, here: Here) -> None:
    """A scene that cannot be read gives its topics no zero."""
    write_strips(tmp_path / "in", "a", {"forest": 30, "agric": 20}, ["forest", "agric"])
    write_strips(tmp_path / "in", "b", {"forest": 3, "agric": 4}, ["forest", "agric"])
    write_strips(tmp_path / "in", "c", {"water": 20, "grass": 5}, ["water", "grass"])
    labels = tmp_path / "in" / "c_labels.tif"
    labels.write_bytes(labels.read_bytes()[:300])
    assert ask_all(SMALLEST, tmp_path / "in", tmp_path / "out", maps=MAPS).answer == "agric"


@pytest.mark.parametrize("combine", ["auto", "none"])
def test_a_joined_scene_that_fails_takes_its_topics_with_it(
    combine: str, tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planimeter.scale.batch import measure

    for n, rows in enumerate(
        ({"forest": 30, "agric": 10}, {"agric": 25, "water": 15}, {"grass": 39, "road": 1})
    ):
        write_strips(tmp_path / "in", f"s{n}", rows, list(rows), joins=n)
    write_strips(tmp_path / "in", "z", {"forest": 9, "grass": 3}, ["forest", "grass"])
    real = measure.answer_from

    def sometimes(program: Any, question: str, scene: Any, *more: Any, **options: Any) -> Any:
        if scene.name == "s2.tif":
            raise OSError(5, "Input/output error")
        return real(program, question, scene, *more, **options)

    monkeypatch.setattr(measure, "answer_from", sometimes)
    answer = ask_all(LARGEST, tmp_path / "in", tmp_path / "out", maps=MAPS, combine=combine)
    rows = [json.loads(line) for line in (tmp_path / "out" / "units.jsonl").read_text().splitlines()]
    assert [row["answer"] for row in rows] == ["agric", "forest"]
    assert answer.answer == ("forest" if combine == "auto" else None)
    assert any("do not know water" in note for note in answer.notes)


def test_a_whole_and_its_kinds_are_not_compared() -> None:
    from planimeter.coder.grammar.parse import parse

    offered = [("vegetation", "water"), ("forest", "grass", "water")]
    plan = plan_for(parse(LARGEST).meaning, offered, True)
    assert plan.refusal is not None
    assert "vegetation" in plan.refusal
    assert plan_for(parse(LARGEST).meaning, [OpenTopics(), ("forest", "water")], True).refusal is None


def test_plans_that_differ_are_not_combined() -> None:
    one, other = Plan([None], []), Plan([None, None], [])
    assert one.agrees(Plan([None], [], how="else"))
    assert not one.agrees(other)


def opened(*topics: str, free: bool = False) -> Opened:
    return Opened(Found("a", None), topics=OpenTopics(topics) if free else topics)


def test_common_topics_of_open_vocabularies_stay_open() -> None:
    both = common_topics([opened("roof", free=True), opened("water", free=True)])
    assert is_open(both)
    assert "tennis courts" in both
    mixed = common_topics([opened("roof", free=True), opened("water", "road")])
    assert (mixed, is_open(mixed)) == (("water", "road"), False)
    assert common_topics([opened("road", "water"), opened("water")]) == ("water",)


def test_open_topics_have_programs_of_their_own() -> None:
    question = "How many tennis courts are there?"
    writer = Writer(question, Options(), True, None, [OpenTopics(["water"]), ("water",)])
    programs, plan = writer.programs(OpenTopics(["water"]))
    assert "tennis court" in programs.main.text
    assert plan.combine([Measured((3,), 1.0), Measured((4,), 1.0)]) == 7
    with pytest.raises(Exception, match="tennis"):
        writer.programs(("water",))


def test_a_unit_that_nobody_can_ask_is_a_row_and_no_end(
    tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planimeter.errors import NotMeasurable

    for n in range(2):
        write_strips(tmp_path / "in", f"s{n}", {"water": 9}, ["water"], joins=n)
    write_strips(tmp_path / "in", "z", {"water": 9}, ["water"])

    def refuse(*_: object) -> tuple[str, ...]:
        raise NotMeasurable("Nobody can be asked; ask others.")

    monkeypatch.setattr(Writer, "joined_topics", refuse)
    answer = ask_all("How many ponds are there?", tmp_path / "in", tmp_path / "out", maps=MAPS, gsd=0.5)
    assert answer.answer == 1
    assert any("1 unit of ground is not" in note for note in answer.notes)
    rows = [json.loads(line) for line in (tmp_path / "out" / "units.jsonl").read_text().splitlines()]
    assert [row["exit_code"] for row in rows] == [4, 0]
