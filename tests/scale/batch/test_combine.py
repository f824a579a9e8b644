"""Numbers of separate scenes combine to what one picture of them all would say."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from affine import Affine
from scipy import ndimage

from planimeter.errors import NotMeasurable
from planimeter.meaning.combine import plan_for
from planimeter.meaning.combine_plan import Measured, plan_for_way
from planimeter.meaning.records import Area, Bounds, Count, Perimeter, PerItem, SizeOf, Subject, Threshold
from planimeter.scale.batch import BatchAnswer
from planimeter.vocabulary.units import HECTARE, SQUARE_METRE, Measure

from .asking import ask_all, ask_one
from .conftest import NODATA, Here, Land, make_land
from .test_zones import write_zones

FIVE_METRES = Affine(5, 0, 700_000, 0, -5, 5_000_000)
GAP = 700  # pixels of nodata between the scenes: farther than any distance inside one

EXACT = [
    "How many buildings are larger than 10 m²?",
    "What is the area of forest within 20 m of a road, in m²?",
    "What is the size of the largest building in m²?",
    "How large is the smallest building in m²?",
    "How close is the nearest house to water?",
    "Is there any water?",
    "Are there more than 50 houses?",
    "Is there more forest than water?",
    "Which is larger, the forest or the farmland?",
    "Are all houses within 100 m of a road?",
]
CLOSE = [
    "What percentage of the image is forest?",
    "What percentage of the forest is within 30 m of water?",
    "What share of houses are within 20 m of a road?",
    "What is the average size of buildings in m²?",
    "What is the average distance from houses to the nearest road?",
    "What is the ratio of forest to water?",
    "How many houses per hectare?",
]
REFUSED = {
    "What is the median size of buildings?": "median",
    "How large is the second largest building?": "very largest",
    "What is the average size of the 3 largest lakes?": "very largest",
    "Is the forest fragmented?": "within one scene",
    "What is the total area of the 3 largest lakes?": "singles out",
    "List all houses larger than 50 m² with their areas.": "shapes.parquet has all shapes with their scenes",
    "Which house is the largest?": "scenes.csv",
    "What are the mean and median size of houses?": "median",
    "What surrounds the largest lake within 30 m?": "singles out",
    "What is the average perimeter of houses and ponds?": "one kind after the other",
    "How many lakes are there and what is the median size of houses?": (
        "Of what is asked together, the median area of single buildings: A median cannot be found"
    ),
}
TABLES = [
    "What is the land cover composition?",
    "Rank forest, water and farmland by area.",
    "What are the number, mean, total and largest area of houses?",
    "How many houses are within 20 m of a road, what is their average size, and what percentage is forest?",
    "Is there any water, which land cover is the largest, and how large is the largest building in m²?",
]


@pytest.fixture(scope="module")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenes of different size far apart, the second one with nodata, and one picture of both."""
    folder = tmp_path_factory.mktemp("apart")
    whole = np.full((180, 150 + GAP + 120), NODATA, np.uint8)
    whole[:150, :150] = make_land(21, 150, 150, roofs=50).labels
    whole[40:, 150 + GAP :] = make_land(22, 140, 120, roofs=15).labels
    whole[100:140, 150 + GAP : 150 + GAP + 60] = NODATA
    land = Land(whole)
    land.part((0, 0, 150, 150)).write(folder / "in", "a")
    land.part((150 + GAP, 40, 150 + GAP + 120, 180)).write(folder / "in", "b")
    land.write(folder / "whole", "whole")
    return folder


@pytest.mark.parametrize("question", EXACT + CLOSE)
def test_scenes_combine_to_the_answer_of_one_picture(
    question: str, scenes: Path, tmp_path: Path, here: Here
) -> None:
    whole = ask_one(question, scenes / "whole" / "whole.tif")
    answer = ask_all(question, scenes / "in", tmp_path, shapes=False)
    assert (answer.units, answer.type, answer.unit) == (2, whole.type, whole.unit)
    if question in EXACT:
        assert answer.answer == (
            pytest.approx(whole.answer, rel=1e-12) if whole.type == "number" else whole.answer
        )
    else:
        assert answer.answer == pytest.approx(whole.answer, rel=1e-9)
    assert answer.how.endswith(".")


@pytest.mark.parametrize("question", TABLES)
def test_tables_of_scenes_add_up_to_that_of_one_picture(
    question: str, scenes: Path, tmp_path: Path, here: Here
) -> None:
    whole = ask_one(question, scenes / "whole" / "whole.tif")
    answer = ask_all(question, scenes / "in", tmp_path, shapes=False)
    assert (answer.units, answer.type) == (2, "table")
    assert answer.answer.columns == whole.answer.columns
    for column in whole.answer.columns:
        told, truth = answer.answer.column(column.name), whole.answer.column(column.name)
        assert told == [
            pytest.approx(cell, rel=1e-9) if isinstance(cell, int | float) else cell for cell in truth
        ]
    said = json.loads((tmp_path / "answer.json").read_text())
    assert said["answer"] == answer.answer.records()
    assert [column["name"] for column in said["columns"]] == [column.name for column in whole.answer.columns]
    assert str(answer) == str(answer.answer)
    scenes_table = list(csv.DictReader(io.StringIO((tmp_path / "scenes.csv").read_text())))
    assert [row["type"] for row in scenes_table] == ["table", "table"]
    assert all(json.loads(row["answer"])[0] for row in scenes_table)


def test_a_table_is_not_summed_like_a_number(scenes: Path, tmp_path: Path, here: Here) -> None:
    for way in ("sum", "max", "any"):
        answer = ask_all(
            "What is the land cover composition?", scenes / "in", tmp_path / way, combine=way, shapes=False
        )
        assert answer.answer is None
        assert answer.how.endswith(".")


def test_of_a_single_scene_the_list_is_the_answer(scenes: Path, tmp_path: Path, here: Here) -> None:
    question = "List the two largest houses."
    (tmp_path / "in").mkdir()
    for file in (scenes / "in").iterdir():
        if not file.name.startswith("b"):
            (tmp_path / "in" / file.name).symlink_to(file)
    whole = ask_one(question, tmp_path / "in" / "a.tif")
    for _ in range(2):  # the second time from the ledger
        answer = ask_all(question, tmp_path / "in", tmp_path / "out")
        assert answer.answer == whole.answer
        assert answer.type == "list"


@pytest.mark.parametrize("question", REFUSED)
def test_what_cannot_be_combined_says_so(question: str, scenes: Path, tmp_path: Path, here: Here) -> None:
    answer = ask_all(question, scenes / "in", tmp_path, shapes=False)
    assert answer.answer is None
    assert REFUSED[question] in answer.how
    assert answer.answered == 2
    assert (tmp_path / "scenes.csv").read_text().count("\n") == 3


def test_the_user_may_say_how(scenes: Path, tmp_path: Path, here: Here) -> None:
    question = "What is the median size of buildings?"
    values = [float(ask_one(question, scenes / "in" / f"{name}.tif").answer) for name in "ab"]
    assert ask_all(question, scenes / "in", tmp_path, combine="max").answer == max(values)
    assert ask_all(question, scenes / "in", tmp_path, combine="mean").answer == pytest.approx(sum(values) / 2)
    assert ask_all(question, scenes / "in", tmp_path, combine="none").answer is None


def test_without_a_scale_percentages_weigh_by_pixels(tmp_path: Path, here: Here) -> None:
    lands = [make_land(1, 60, 60), make_land(2, 120, 120)]
    for name, land in zip("ab", lands, strict=True):
        land.write(tmp_path / "in", name, georeferenced=False)
    answer = ask_all("What percentage of the image is forest?", tmp_path / "in", tmp_path / "out")
    forest = sum(land.is_topic("forest").sum() for land in lands)
    assert answer.answer == pytest.approx(100 * forest / (60 * 60 + 120 * 120))
    assert "pixels" in answer.how


def test_a_scene_without_anything_does_not_spoil_a_smallest_or_a_mean(tmp_path: Path, here: Here) -> None:
    make_land(1, 100, 100).write(tmp_path / "in", "a", georeferenced=False)
    Land(np.ones((100, 100), np.uint8)).write(tmp_path / "in", "b", georeferenced=False)
    for question in (
        "How large is the smallest building in m²?",
        "What is the average size of buildings in m²?",
    ):
        alone = ask_one(f"{question} (GSD: 0.5m)", tmp_path / "in" / "a.tif").answer
        assert ask_all(question, tmp_path / "in", tmp_path / "out", gsd=0.5).answer == pytest.approx(alone)


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Land]]:
    """Three scenes apart: houses and ponds, houses without any water, water without houses."""
    folder = tmp_path_factory.mktemp("uneven")
    lands = [make_land(seed, 120, 120, roofs=20) for seed in (41, 42, 43)]
    lands[1].labels[lands[1].is_topic("water")] = 1
    lands[2].labels[lands[2].is_topic("roof")] = 1
    for name, land, east in zip("abc", lands, (0, 5_000, 10_000), strict=True):
        moved = Land(land.labels, Affine.translation(east, 0) * land.transform, land.crs)
        moved.write(folder / "in", name)
    return folder / "in", lands


def test_a_density_counts_what_lies_in_scenes_without_the_ground_it_refers_to(
    uneven: tuple[Path, list[Land]], tmp_path: Path, here: Here
) -> None:
    folder, lands = uneven
    houses = sum(ndimage.label(land.is_topic("roof"), np.ones((3, 3)))[1] for land in lands)
    water = sum(int(land.is_topic("water").sum()) for land in lands) * 0.25 / 10_000
    answer = ask_all("How many houses are there per hectare of water?", folder, tmp_path / "a", shapes=False)
    assert answer.answer == pytest.approx(houses / water)
    answer = ask_all("How many houses are there per square kilometre?", folder, tmp_path / "b", shapes=False)
    assert answer.answer == pytest.approx(houses / (3 * 120 * 120 * 0.25 / 1e6))
    assert "added and divided" in answer.how


def test_of_scenes_that_differ_only_those_with_a_scale_are_in_a_density(tmp_path: Path, here: Here) -> None:
    """Pixels of 0.5 m and of 5 m: by pixels the density would be another."""
    lands = [make_land(51, 100, 100, roofs=20), Land(make_land(52, 60, 60, roofs=3).labels, FIVE_METRES)]
    for name, land in zip("ab", lands, strict=True):
        land.write(tmp_path / "in", name)
    make_land(53, 50, 50).write(tmp_path / "in", "c", georeferenced=False)
    houses = sum(ndimage.label(land.is_topic("roof"), np.ones((3, 3)))[1] for land in lands)
    answer = ask_all("How many houses per hectare?", tmp_path / "in", tmp_path / "out", shapes=False)
    assert answer.answered == 2
    assert answer.answer == pytest.approx(houses / (100 * 100 * 0.25 / 1e4 + 60 * 60 * 25 / 1e4))


def test_scenes_that_an_average_is_without_are_said(
    uneven: tuple[Path, list[Land]], tmp_path: Path, here: Here
) -> None:
    folder, lands = uneven
    question = "What is the average distance from houses to water?"
    far = ndimage.distance_transform_edt(~lands[0].is_topic("water"), sampling=0.5)
    numbers, count = ndimage.label(lands[0].is_topic("roof"), np.ones((3, 3)))
    answer = ask_all(question, folder, tmp_path / "a", shapes=False)
    assert answer.answer == pytest.approx(np.mean(ndimage.minimum(far, numbers, range(1, count + 1))))
    assert any(note.startswith("1 of 3 units of ground have some of what") for note in answer.notes)
    zones = write_zones(tmp_path / "zones.gpkg", [shapely.box(-10, -10, 21_000, 200)])
    by_zone = ask_all(question, folder, tmp_path / "b", zones=zones, zone_name="NAME", shapes=False)
    assert by_zone.answer.column("distance")[0] == pytest.approx(answer.answer)
    assert any(note.startswith("1 of 1 zones lie in several scenes, of which some") for note in by_zone.notes)


def test_what_no_scene_can_measure_is_no_zero(scenes: Path, tmp_path: Path, here: Here) -> None:
    with pytest.raises(NotMeasurable, match=r"None of the 2 scenes could be answered.*give a line layer"):
        ask_all("What is the total length of the roads?", scenes / "in", tmp_path, shapes=False)


def test_totals_are_added_and_said_to_be() -> None:
    roofs = Subject(("roof",))
    for quantity in (SizeOf(roofs, "sum"), Perimeter(roofs, "sum")):
        plan = plan_for(quantity, [("roof",)], True)
        assert "added" in plan.how
        assert plan.combine([Measured((3.5,), 1.0), Measured((4.0,), 1.0)]) == 7.5
    with pytest.raises(KeyError, match="mode"):
        plan_for(SizeOf(roofs, "mode"), [("roof",)], True)


@pytest.mark.parametrize(("least", "expected"), [(40, "yes"), (100, "no")])
def test_a_limit_per_thing_is_compared_in_its_own_unit(least: int, expected: str) -> None:
    roofs, forest = Subject(("roof",)), Subject(("forest",))
    bounds = Bounds(low=Measure(least, SQUARE_METRE))
    plan = plan_for(Threshold(PerItem(Area(forest), roofs), bounds), [("roof", "forest")], True)
    assert [type(meaning) for meaning in plan.meanings] == [Threshold, Area, Count]
    area = plan.meanings[1]
    assert isinstance(area, Area)
    unit = area.unit or HECTARE
    # 0.2 and 0.3 ha of forest and 100 houses are 50 m² for a house.
    units = [Measured(("no", hectares / unit.factor, 50), 1.0) for hectares in (0.2, 0.3)]
    assert plan.combine(units) == expected


def test_words_do_not_add() -> None:
    with pytest.raises(NotMeasurable, match="no number"):
        plan_for_way("sum", True).combine([Measured(("yes",), 1.0)])
    assert plan_for_way("any", True).combine([Measured(("yes",), 1.0), Measured(("no",), 1.0)]) == "yes"
    assert plan_for_way("all", True).combine([Measured(("yes",), 1.0), Measured(("no",), 1.0)]) == "no"


def test_large_totals_are_written_in_plain_figures() -> None:
    values: dict[str, Any] = dict.fromkeys(BatchAnswer.__dataclass_fields__)
    for answer, said in (
        (1_234_567.89, "1,234,567.9 ha"),
        (7_654_321, "7,654,321 ha"),
        (12.3456789, "12.3457 ha"),
    ):
        assert str(BatchAnswer(**values | {"answer": answer, "unit": "ha"})) == said


def test_points_of_the_compass_are_those_of_each_scene(tmp_path: Path, here: Here) -> None:
    """Of a scene whose rows run from south to north, the northern half is the lower one."""
    north_up, south_up = make_land(1, 100, 100), make_land(2, 100, 100)
    south_up = Land(south_up.labels, Affine(0.5, 0, 600_000, 0, 0.5, 5_000_000))
    folder = tmp_path / "in"
    north_up.write(folder, "a")
    south_up.write(folder, "b")
    asked = "What is the area of forest in the northern half in m2?"
    found = ask_all(asked, folder, tmp_path / "out")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out" / "scenes.csv").read_text())))
    forest = [north_up.is_topic("forest")[:50].sum(), south_up.is_topic("forest")[50:].sum()]
    assert forest[1] != south_up.is_topic("forest")[:50].sum()
    assert [float(row["answer"]) for row in rows] == pytest.approx([number * 0.25 for number in forest])
    assert found.answer is None
    assert "a part of each image" in found.how
