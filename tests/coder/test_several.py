"""Several things asked in one question: a table with a row and a unit for each, against brute force; or a refusal."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import planimeter
from planimeter.coder import Request, builtin_coder, find_coder
from planimeter.coder.grammar.parse import parse
from planimeter.errors import NotMeasurable, NotUnderstood, QuestionError
from planimeter.meaning.reading import sentence
from planimeter.meaning.records import Together
from planimeter.vocabulary.topics import TOPICS

from .conftest import GSD, Ground
from .reference import Truth

Row = tuple[str, float | int | str, str | None]


def _near(truth: Truth) -> list[np.ndarray]:
    return truth.near(truth.regions("roof"), "water", 50)


def _mean_m2(truth: Truth) -> float:
    return 1e4 * truth.mean_ha(truth.regions("roof"))


VALUES: dict[str, Callable[[Truth], list[Row]]] = {
    "How many lakes are there and how large is the largest?": lambda t: [
        ("number of water regions", len(t.regions("water")), "count"),
        ("area of the largest water region", t.ha(t.largest(t.regions("water"))), "ha"),
    ],
    # whole houses, for these are counted
    "number of houses within 50 m of water and their total area": lambda t: [
        ("number of buildings within 50 m of water", len(_near(t)), "count"),
        ("total area of single buildings within 50 m of water", 1e4 * t.ha(_near(t)), "m²"),
    ],
    "What are the number and area of houses within 50 m of water?": lambda t: [
        ("number of buildings within 50 m of water", len(_near(t)), "count"),
        ("total area of single buildings within 50 m of water", 1e4 * t.ha(_near(t)), "m²"),
    ],
    "How many houses are within 50 m of water, and what percentage of the image do they cover?": lambda t: [
        ("number of buildings within 50 m of water", len(_near(t)), "count"),
        (
            "percentage that the total area of single buildings within 50 m of water makes up of the ground area of "
            "the image",
            t.percent(_near(t)),
            "%",
        ),
    ],
    "How many buildings are there? What is their average size?": lambda t: [
        ("number of buildings", len(t.regions("roof")), "count"),
        ("average area of single buildings", _mean_m2(t), "m²"),
    ],
    "How many buildings are there? And what area is forest?": lambda t: [
        ("number of buildings", len(t.regions("roof")), "count"),
        ("area of forest", t.px_ha(t.px("forest")), "ha"),
    ],
    "How many buildings are within 50 m of water, how many of those are larger than 100 m²?": lambda t: [
        ("number of buildings within 50 m of water", len(_near(t)), "count"),
        (
            "number of buildings within 50 m of water and larger than 100 m²",
            sum(region.sum() * GSD**2 > 100 for region in _near(t)),
            "count",
        ),
    ],
    "for forest and water give me area and percentage": lambda t: [
        ("area of forest", t.px_ha(t.px("forest")), "ha"),
        ("percentage of the image covered by forest", t.percent(t.px("forest")), "%"),
        ("area of water", t.px_ha(t.px("water")), "ha"),
        ("percentage of the image covered by water", t.percent(t.px("water")), "%"),
    ],
    "Give the number of houses, their total area, and average size, in square feet": lambda t: [
        ("number of buildings", len(t.regions("roof")), "count"),
        ("area of buildings", 1e4 * t.ha(t.regions("roof")) / 0.09290304, "ft²"),
        ("average area of single buildings", _mean_m2(t) / 0.09290304, "ft²"),
    ],
    "1) number of fields 2) area of grass within 50 m of a road 3) mean distance from houses to water": lambda t: [
        ("number of agricultural regions", len(t.regions("agric")), "count"),
        (
            "area of grassland, only the part that is within 50 m of roads",
            t.px_ha(t.near_px("grass", "road", 50)),
            "ha",
        ),
        (
            "average distance from buildings to water",
            float(np.mean(t.distances(t.regions("roof"), "water"))),
            "m",
        ),
    ],
    "How many houses, lakes and fields are there, respectively?": lambda t: [
        ("number of buildings", len(t.regions("roof")), "count"),
        ("number of water regions", len(t.regions("water")), "count"),
        ("number of agricultural regions", len(t.regions("agric")), "count"),
    ],
    "How many houses and how much forest are within 50 m of water?": lambda t: [
        ("number of buildings within 50 m of water", len(_near(t)), "count"),
        (
            "area of forest, only the part that is within 50 m of water",
            t.px_ha(t.near_px("forest", "water", 50)),
            "ha",
        ),
    ],
    "Is there a lake within 30 m of a road, and how many houses are there?": lambda t: [
        (
            "whether there are any water regions within 30 m of roads",
            "yes" if t.near(t.regions("water"), "road", 30) else "no",
            None,
        ),
        ("number of buildings", len(t.regions("roof")), "count"),
    ],
    "Identify the largest field. What is its area? How many houses are within 40 m of it?": lambda t: [
        ("area of the largest agricultural region", t.ha(t.largest(t.regions("agric"))), "ha"),
        (
            "number of buildings within 40 m of the largest agricultural region",
            len(t.near(t.regions("roof"), t.largest(t.regions("agric")), 40)),
            "count",
        ),
    ],
    "The share of forest within 60 m of water and the ratio of forest area to water area": lambda t: [
        (
            "percentage of the area of forest that is within 60 m of water",
            t.share(t.near_px("forest", "water", 60), t.px("forest")),
            "%",
        ),
        ("ratio of the area of forest to the area of water", t.px("forest") / t.px("water"), None),
    ],
}  # fmt: skip


@pytest.mark.parametrize("question", VALUES)
def test_each_row_is_what_the_masks_give(grounds: list[Ground], question: str) -> None:
    for ground in grounds:
        answer = planimeter.ask(ground.scene, question, segmenter=ground.segmenter, coder=builtin_coder())
        assert answer.type == "table"
        assert answer.unit is None
        told = [
            (row["measure"], row.get("answer") or row["value"], row.get("unit"))
            for row in answer.answer.records()
        ]
        truth = VALUES[question](ground.truth)
        assert [(name, unit) for name, _, unit in told] == [(name, unit) for name, _, unit in truth]
        for (_, value, _), (_, right, _) in zip(told, truth, strict=True):
            assert value == (right if isinstance(right, str) else pytest.approx(right))


def test_counts_are_whole_numbers_and_words_have_a_column_of_their_own(grounds: list[Ground]) -> None:
    question = "Are there any solar panels, and if so, how many? And what percentage is forest?"
    found = planimeter.ask(grounds[0].scene, question, segmenter=grounds[0].segmenter).answer
    assert [column.name for column in found.columns] == ["measure", "value", "unit", "answer"]
    yes, count, share = found.records()
    panels = len(grounds[0].truth.regions("solar"))
    assert (yes["value"], yes["unit"], yes["answer"]) == (None, None, "yes" if panels else "no")
    assert isinstance(count["value"], int)
    assert count["value"] == panels
    assert (count["answer"], share["unit"]) == (None, "%")
    judged = planimeter.ask(
        grounds[0].scene, "Is there forest and is there water?", segmenter=grounds[0].segmenter
    ).answer
    assert [column.name for column in judged.columns] == ["measure", "answer"]
    assert judged.columns[1].kind in ("text", "yes/no")


def test_files_have_a_row_and_a_unit_for_each(grounds: list[Ground], tmp_path: Path) -> None:
    question = "How many lakes are there and how large is the largest?"
    answer = planimeter.ask(grounds[0].scene, question, segmenter=grounds[0].segmenter)
    lakes = grounds[0].truth.regions("water")
    largest = grounds[0].truth.ha(grounds[0].truth.largest(lakes))
    said = json.loads(answer.to_json())
    assert said["type"] == "table"
    assert said["columns"] == [
        {"name": "measure", "unit": None, "kind": "text"},
        {"name": "value", "unit": None, "kind": "number"},
        {"name": "unit", "unit": None, "kind": "text"},
    ]
    assert said["answer"] == [
        {"measure": "number of water regions", "value": len(lakes), "unit": "count"},
        {"measure": "area of the largest water region", "value": pytest.approx(largest), "unit": "ha"},
    ]
    files = answer.save(tmp_path)
    rows = list(csv.DictReader(files["table"].read_text().splitlines()))
    assert [(row["measure"], row["unit"]) for row in rows] == [
        ("number of water regions", "count"),
        ("area of the largest water region", "ha"),
    ]
    assert [float(row["value"]) for row in rows] == [len(lakes), pytest.approx(largest)]
    report = files["report"].read_text()
    assert all(f">{name}<" in report for name in ("measure", "number of water regions", "ha"))


_OUTLINES = (
    "total perimeter of {}, with holes and the image's border where it cuts them, along pixel edges or a layer's own "
    "outlines"
)
READ = {
    "How many buildings and how many lakes are there?": ("number of buildings", "number of water regions"),
    "What is the total area of the buildings, and how many are there?": ("area of buildings", "number of buildings"),
    "How many lakes are there, what is their total area, and what percentage of the image do they cover?": (
        "number of water regions", "area of water", "percentage of the image covered by water",
    ),
    "How large is the largest lake and how far is it from the nearest road?": (
        "area of the largest water region", "shortest distance from the largest water region to roads",
    ),
    "What is the number of lakes, the area of the largest, and the area of the smallest?": (
        "number of water regions", "area of the largest water region", "area of the smallest water region",
    ),
    "How much of the image is forest, and how much is water?": (
        "percentage of the image covered by forest", "percentage of the image covered by water",
    ),
    "number of houses, forest area and water area": ("number of buildings", "area of forest", "area of water"),
    "Number and area of lakes and fields": (
        "number of water regions", "area of water", "number of agricultural regions", "area of agricultural land",
    ),
    "How many houses and lakes are there and what is their total area?": (
        "number of buildings and water regions", "area of buildings and water",
    ),
    "The area of forest and water together, and the area of grass": ("area of forest and water", "area of grassland"),
    "I'm a student. How many lakes are there and how big is the largest one?": (
        "number of water regions", "area of the largest water region",
    ),
    "Could you tell me how many buildings there are and what their total area is?": (
        "number of buildings", "area of buildings",
    ),
    "Find all lakes larger than 1 ha and report their number and total area": (
        "number of water regions larger than 1 ha", "area of water regions larger than 1 ha",
    ),
    "Buildings: number, total area, and share of the image": (
        "number of buildings", "area of buildings", "percentage of the image covered by buildings",
    ),
    "Please report: (a) number of buildings, (b) total forest area, (c) mean distance from buildings to water.": (
        "number of buildings", "area of forest", "average distance from buildings to water",
    ),
    "How many buildings are within 50 m of water, and of those, how many are larger than 100 m²?": (
        "number of buildings within 50 m of water", "number of buildings within 50 m of water and larger than 100 m²",
    ),
    "How much forest is there and how much of it is within 50 m of water?": (
        "area of forest", "area of forest, only the part that is within 50 m of water",
    ),
    "How many lakes are there and what is the size of the biggest one in m2?": (
        "number of water regions", "area of the largest water region",
    ),
    "I'd like to know the length and the area of roads": ("total length of roads", "area of roads"),
    "Give me a table with the number and area of buildings, lakes and fields": (
        "number of buildings", "area of buildings", "number of water regions", "area of water",
        "number of agricultural regions", "area of agricultural land",
    ),
    "Compute the mean area and number of fields": (
        "average area of single agricultural regions", "number of agricultural regions",
    ),
    "How many houses are there? Give their perimeter": ("number of buildings", _OUTLINES.format("buildings")),
    "How much forest is there? Also its perimeter": ("area of forest", _OUTLINES.format("forest regions")),
    "Area + perimeter of the biggest lake?": (
        "area of the largest water region",
        _OUTLINES.format("X").replace("total perimeter of X", "perimeter of the largest water region"),
    ),
    "I'd like to see the number of lakes and the area of the forest": ("number of water regions", "area of forest"),
    "the number of buildings plus the area of lakes": ("number of buildings", "area of water"),
    "What is the area of forest and the area of water?": ("area of forest", "area of water"),
    "number of lakes, area of forest and area of water": ("number of water regions", "area of forest", "area of water"),
    "Give the area of forest and if it is larger than the area of water.": (
        "area of forest", "whether the area of forest is larger than the area of water",
    ),
    "How many lakes and how many of them are larger than 1 ha?": (
        "number of water regions", "number of water regions larger than 1 ha",
    ),
    "The number of houses. The number of lakes. The area of forest.": (
        "number of buildings", "number of water regions", "area of forest",
    ),
    "Which is larger, forest or water, and how many houses are there?": (
        "which has the largest area: forest, water", "number of buildings",
    ),
    "what is the length of roads and how many houses are within 20 m of them?": (
        "total length of roads", "number of buildings within 20 m of roads",
    ),
}  # fmt: skip

#: Each by what is wrong with it.
REFUSED = {
    "they may be several things": (
        "How many houses and how many lakes are there and what is their total area?",
        "number of houses, number of lakes, and their total area",
        "How many houses are within 50 m of water? How many of those are larger than 100 m²? What is their mean size?",
        "Is there a lake? How large is it?",
        "How many houses are within 20 m of a road and what is its length?",
        "How many lakes are there and what is the total area?",
        "How much forest is within 50 m of water and what share of the forest is that?",
    ),
    "a part cannot be read, or measured": (
        "How many houses are there and what is their height?",
        "How many houses are there and who owns them?",
        "Area of forest and price of houses",
        "How many castles are there? How many buildings are there?",
        "How tall are the houses? How many buildings are there?",
        "number of houses in 2010 and number of houses in 2020",
        "How many lakes are there and list them",
        "Where is the largest lake and how large is it?",
    ),
    "one number of two": (
        "sum of the number of buildings and the area of water",
        "area of forest plus area of forest within 50 m of water",
        "the difference between the number of lakes and the largest lake",
        "ratio of the number of buildings and the area of forest",
        "What is the difference between forest and water area and the ratio of the two?",
    ),
    "a condition that may be meant for all": (
        "Number of houses and area of forest within 50 m of water",
        "In the left half, how many houses are there and how much forest is there?",
        "How many houses are there and how much forest is there in the left half?",
        "Within 50 m of water, how many houses are there and what is the area of forest?",
        "For buildings within 50 m of water, how many are there and what is the total building area?",
        "How many lakes are there and what is the mean lake size, ignoring those smaller than 0.1 ha?",
        "Ignoring lakes smaller than 0.1 ha, how many lakes are there and what is the mean lake size?",
        "Is the number of buildings more than 50 and the area of forest more than 1 ha?",
        "Number and area of houses and forest within 50 m of water",
    ),
    "what the second leaves out is open": (
        "What percentage of forest lies within 50 m of roads and what percentage of grass does?",
        "How many houses are within 50 m of water and how much forest is?",
        "solar panel area and power",
    ),
    "a list of each": ("How many lakes are there and what are their areas?",),
    "what belongs to what is open": (
        "number of houses, lakes and forest area",
        "How many houses are within 50 m and 100 m of water, respectively?",
    ),
}

ONE = {
    "How many buildings are within 50 m of water and within 20 m of a road?": (
        "The number of buildings within 50 m of water and within 20 m of roads."
    ),
    "What is the area of forest and water?": "The area of forest and water.",
    "number of buildings, lakes and fields": "The number of buildings and water regions and agricultural regions.",
    "Number of buildings plus number of lakes": "The number of buildings plus the number of water regions.",
    "Is the area of forest larger than the area of water?": (
        "Whether the area of forest is larger than the area of water."
    ),
    "the difference between the area of forest and the area of water": (
        "The difference between the area of forest and the area of water."
    ),
    "What is the area of forest and the area of water combined?": "The area of forest and water.",
    "How many houses are both larger than 100 m² and within 50 m of water?": (
        "The number of buildings larger than 100 m² and within 50 m of water."
    ),
    "Can you help me? How many buildings are there?": "The number of buildings.",
    "We have many lakes and fields here. How many lakes are there?": "The number of water regions.",
    "What are the number, mean and median size of the buildings?": (
        "Of the areas of single buildings: number, average, median."
    ),
    "What are the areas of forest and water?": "The area and the percentage of the image of forest, water.",
}


@pytest.mark.parametrize("question", READ)
def test_each_part_is_read_with_its_conditions(question: str) -> None:
    meaning = parse(question).meaning
    assert isinstance(meaning, Together)
    rows = sentence(meaning).removeprefix("A table of ").rstrip(".").split("; ")
    said = [row.removeprefix("the ").removesuffix(f", in {row.rpartition(', in ')[2]}") for row in rows]
    assert tuple(said) == READ[question]


@pytest.mark.parametrize("question", [question for kind in REFUSED.values() for question in kind])
def test_half_of_what_was_asked_is_no_answer(question: str) -> None:
    with pytest.raises(QuestionError):
        builtin_coder().write(Request(question, TOPICS, GSD))


@pytest.mark.parametrize("question", [question for kind in REFUSED.values() for question in kind[:2]])
def test_no_rewriting_makes_half_of_it(question: str) -> None:
    with pytest.raises(QuestionError):
        find_coder().write(Request(question, TOPICS, GSD))


@pytest.mark.parametrize(("question", "reading"), ONE.items())
def test_what_asks_one_thing_is_read_as_it_was(question: str, reading: str) -> None:
    assert sentence(parse(question).meaning) == reading


def test_a_unit_behind_all_is_that_of_every_part_that_has_it() -> None:
    meaning = parse("number, total area and perimeter of lakes larger than 1 ha in square metres").meaning
    assert isinstance(meaning, Together)
    assert [getattr(part, "unit", None) and part.unit.symbol for part in meaning.parts] == [None, "m²", None]


def test_at_most_six_things_at_once() -> None:
    names = ["forest", "water", "grass", "farmland", "bare land", "urban land", "roads"]
    six = "; ".join(f"area of {name}" for name in names[:6])
    assert len(parse(six).meaning.parts) == 6  # type: ignore[union-attr]
    with pytest.raises(NotUnderstood, match="asks 7 things; ask at most 6"):
        parse("; ".join(f"area of {name}" for name in names))


def test_a_part_that_the_topics_cannot_answer_refuses_all_and_is_named() -> None:
    topics = tuple(topic for topic in TOPICS if topic != "solar")
    with pytest.raises(NotMeasurable, match='"solar panels" cannot be measured here'):
        builtin_coder().write(Request("How many buildings and how many solar panels are there?", topics, GSD))


def test_the_program_looks_at_the_scene_once(grounds: list[Ground]) -> None:
    question = "number, mean size and perimeter of lakes, and how many houses are within 50 m of water?"
    run = grounds[0].run(question)
    assert [call.function for call in run.trace].count("segment_image_from_path") == 1


def test_a_double_question_is_never_answered_by_a_plain_single_one() -> None:
    coder = find_coder()
    for question in (
        "so um, how many houses and, like, the whole area they take up roughly?",
        "I wonder about the tally of the lakes together with the typical extent thereof",
        "houses near water: how numerous, how sizeable altogether?",
    ):
        with pytest.raises(QuestionError):
            coder.write(Request(question, TOPICS, GSD))
