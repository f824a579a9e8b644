"""Meanings of the image itself, of relative sizes, of parts and of items, against numpy on three worlds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest

from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.meaning.combine import plan_for
from planimeter.meaning.combine_plan import Measured, Value
from planimeter.meaning.emit import emit
from planimeter.meaning.records import Meaning
from planimeter.program import run_program
from planimeter.vocabulary.topics import TOPICS

from .conftest import Ground
from .reference import Region, Truth


def px(truth: Truth, mask: np.ndarray) -> int:
    return int((mask & truth.valid).sum())


def near(truth: Truth, topic: str, metres: float) -> np.ndarray:
    near_by: np.ndarray = truth.distance_map(topic) <= metres
    return near_by


def larger(regions: Sequence[Region], pixels: float) -> int:
    return sum(region.sum() > pixels for region in regions)


def part(truth: Truth, top: float, left: float, bottom: float, right: float) -> np.ndarray:
    height, width = truth.valid.shape
    y, x = np.mgrid[:height, :width] + 0.5
    inside: np.ndarray = (
        (y >= top * height) & (y < bottom * height) & (x >= left * width) & (x < right * width)
    )
    return inside


def hits(regions: Sequence[Region], mask: np.ndarray) -> int:
    return sum(bool((region & mask).any()) for region in regions)


CASES: dict[str, tuple[Callable[[Truth], Any], tuple[str, ...]]] = {
    "ground near": (
        lambda t: t.px_ha(px(t, near(t, "water", 40))),
        (
            "image area within 40 m of water",
            "How much area is within 40 m of water?",
            "How many hectares are within 40 m of water?",
        ),
    ),
    "share of the ground near": (
        lambda t: 100 * px(t, near(t, "road", 25)) / px(t, t.valid),
        (
            "What share of the image is within 25 m of a road?",
            "How much of the image lies within 25 m of roads?",
        ),
    ),
    "neither cover": (
        lambda t: t.px_ha(px(t, ~(t.masks["forest"] | t.masks["water"]))),
        (
            "What area is neither forest nor water?",
            "How much land is neither forest nor water?",
            "How many hectares are neither water nor forest?",
        ),
    ),
    "share of neither": (
        lambda t: 100 * px(t, ~(t.masks["urban"] | t.masks["water"])) / px(t, t.valid),
        ("What percentage of the image is neither built up nor water?",),
    ),
    "cover without another": (
        lambda t: t.px_ha(px(t, t.masks["vegetation"] & ~t.masks["forest"])),
        (
            "How many hectares of non-forest vegetation are there?",
            "What is the area of vegetation other than forest?",
            "Area of vegetated land minus forest",
        ),
    ),
    "share of what is left": (
        lambda t: 100 * px(t, t.masks["roof"] & ~t.masks["water"]) / px(t, ~t.masks["water"]),
        ("What percentage of the land area (excluding water) is covered by buildings?",),
    ),
    "half": (
        lambda t: t.px_ha(px(t, t.masks["water"] & part(t, 0.5, 0, 1, 1))),
        ("What is the water area in the bottom half?", "How much water is in the lower half of the image?"),
    ),
    "quarter": (
        lambda t: hits(t.regions("roof"), part(t, 0, 0, 0.5, 0.5)),
        ("How many buildings are in the upper left quarter?",),
    ),
    "halves compared": (
        lambda t: (
            px(t, t.masks["forest"] & part(t, 0, 0, 1, 0.5))
            > px(t, t.masks["forest"] & part(t, 0, 0.5, 1, 1))
        ),
        ("Is there more forest in the left half than in the right half?",),
    ),
    "either size": (
        lambda t: sum(r.sum() < 500 or r.sum() > 2000 for r in t.regions("forest")),
        ("How many forest patches are smaller than 500 m² or larger than 2000 m²?",),
    ),
    "either place": (
        lambda t: hits(t.regions("roof"), near(t, "water", 30) | near(t, "road", 5)),
        ("How many buildings are within 30 m of water or within 5 m of a road?",),
    ),
    "either place, by area": (
        lambda t: t.px_ha(px(t, t.masks["forest"] & (near(t, "water", 30) | near(t, "road", 20)))),
        ("What is the area of forest within 30 m of water or within 20 m of a road?",),
    ),
    "neither place": (
        lambda t: len(t.regions("roof")) - hits(t.regions("roof"), near(t, "water", 30) | near(t, "road", 5)),
        ("How many buildings are neither within 30 m of water nor within 5 m of a road?",),
    ),
    "above average": (
        lambda t: larger(t.regions("roof"), np.mean([r.sum() for r in t.regions("roof")])),
        (
            "How many buildings are larger than average?",
            "How many buildings are larger than the average building?",
        ),
    ),
    "above a share of the image": (
        lambda t: larger(t.regions("forest"), 0.01 * px(t, t.valid)),
        ("How many forest patches cover more than 1 % of the image?",),
    ),
    "above the largest of another": (
        lambda t: larger(t.regions("forest"), max(r.sum() for r in t.regions("roof"))),
        ("How many forest patches are larger than the largest building?",),
    ),
    "part of the whole": (
        lambda t: 100 * max(r.sum() for r in t.regions("forest")) / px(t, t.masks["forest"]),
        (
            "What share of the forest lies in its largest patch?",
            "What share of the total forest area does the largest forest patch make up?",
        ),
    ),
    "bearing": (
        lambda t: len(t.touching(t.regions("roof"), "solar")),
        ("How many buildings have solar panels?", "How many houses with solar panels are there?"),
    ),
    "share that bears": (
        lambda t: 100 * len(t.touching(t.regions("roof"), "solar")) / len(t.regions("roof")),
        ("What share of buildings have solar panels?",),
    ),
    "per item": (
        lambda t: px(t, t.masks["forest"]) / len(t.regions("roof")),
        (
            "How much forest is there per building?",
            "How many square metres of forest per building are there?",
        ),
    ),
    "area per area": (
        lambda t: px(t, t.masks["vegetation"]) / px(t, t.masks["roof"]),
        ("For every hectare of buildings, how many hectares of vegetation are there?",),
    ),
    "per hundred hectares": (
        lambda t: len(t.regions("forest")) / (t.image_ha() / 100),
        ("patch density of forest per 100 hectares", "How many forest patches are there per 100 hectares?"),
    ),
    "ratio with a slash": (
        lambda t: px(t, t.masks["forest"]) / px(t, t.masks["water"]),
        ("forest/water ratio",),
    ),
    "times the average": (
        lambda t: max(r.sum() for r in t.regions("roof")) / np.mean([r.sum() for r in t.regions("roof")]),
        ("How many times larger is the biggest building than the average building?",),
    ),
    "more here than there": (
        lambda t: len(t.near(t.regions("roof"), "water", 40)) > len(t.near(t.regions("roof"), "forest", 40)),
        ("Are there more buildings within 40 m of water than within 40 m of forest?",),
    ),
    "as many": (
        lambda t: len(t.regions("forest")) >= len(t.regions("water")),
        ("Are there as many forest patches as lakes?",),
    ),
    "pieces": (
        lambda t: len(t.regions("forest")),
        ("In how many pieces is the forest broken up?", "How many patches does the forest consist of?"),
    ),
    "one of two parts of the image": (
        lambda t: hits(t.regions("roof"), part(t, 0, 0, 0.5, 0.5) | part(t, 0.5, 0.5, 1, 1)),
        (
            "How many buildings are in the upper left quarter or the lower right quarter?",
            "How many buildings are in the upper left quarter or in the lower right quarter of the image?",
        ),
    ),
    "the area in one of two parts": (
        lambda t: t.px_ha(px(t, t.masks["forest"] & (part(t, 0, 0, 1, 1 / 3) | part(t, 0, 2 / 3, 1, 1)))),
        ("What is the area of forest in the left third or the right third of the image?",),
    ),
    "the area of what touches": (
        lambda t: t.px_ha(sum(int(r.sum()) for r in t.touching(t.regions("forest"), "grass"))),
        (
            "What is the total area of forest patches touching grass?",
            "What is the combined area of the forest patches that touch grass?",
        ),
    ),
    "distance of one": (
        lambda t: t.distances(t.largest(t.regions("forest")), "water")[0],
        ("Distance to the nearest water for the largest forest patch",),
    ),
}
COVERS = ("urban", "forest", "agric", "grass", "barren", "water")


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_what_numpy_counts(name: str, grounds: list[Ground]) -> None:
    expected, questions = CASES[name]
    for ground in grounds:
        for question in questions:
            found = ground.run(question).answer
            wanted = expected(ground.truth)
            if isinstance(wanted, (bool, np.bool_)):
                assert found == ("yes" if wanted else "no"), question
            else:
                assert found == pytest.approx(wanted, rel=1e-9), question


def test_ranks_of_land_covers(grounds: list[Ground]) -> None:
    for ground in grounds:
        by_area = sorted(COVERS, key=lambda topic: -ground.truth.px(topic))
        assert ground.run("What is the second most common land cover class?").answer == by_area[1]
        first, last = by_area[0], by_area[-1]
        names = {"agric": "farmland", "urban": "built-up land", "grass": "grassland", "barren": "barren land"}
        for topic in (first, last):
            said = names.get(topic, topic)
            wanted = "yes" if topic == first else "no"
            assert ground.run(f"Is {said} the dominant land cover class?").answer == wanted


def measured(meaning: Meaning | None, ground: Ground) -> Value | None:
    """What one scene gives for a meaning; None where it has nothing to measure."""
    assert meaning is not None
    try:
        return run_program(emit(meaning, TOPICS, "test").text, ground.scene, ground.segmenter).answer
    except NotMeasurable:
        return None


TOGETHER: dict[str, Callable[[Sequence[Truth]], Any]] = {
    "What share of the forest lies in its largest patch?": lambda ts: (
        100
        * max(r.sum() for t in ts for r in t.regions("forest"))
        / sum(px(t, t.masks["forest"]) for t in ts)
    ),
    "How much forest is there per building?": lambda ts: (
        sum(px(t, t.masks["forest"]) for t in ts) / sum(len(t.regions("roof")) for t in ts)
    ),
    "What area is neither forest nor water?": lambda ts: sum(
        t.px_ha(px(t, ~(t.masks["forest"] | t.masks["water"]))) for t in ts
    ),
    "What is the second most common land cover class?": lambda ts: sorted(
        COVERS, key=lambda topic: -sum(t.px(topic) for t in ts)
    )[1],
    "Is forest the dominant land cover class?": lambda ts: (
        "yes" if max(COVERS, key=lambda topic: sum(t.px(topic) for t in ts)) == "forest" else "no"
    ),
    "How many forest patches are smaller than 500 m² or larger than 2000 m²?": lambda ts: sum(
        r.sum() < 500 or r.sum() > 2000 for t in ts for r in t.regions("forest")
    ),
}


@pytest.mark.parametrize("question", TOGETHER)
def test_scenes_combine_to_what_numpy_counts_on_all(question: str, grounds: list[Ground]) -> None:
    meaning = grounds[0].write(question).meaning
    assert meaning is not None
    plan = plan_for(meaning, [TOPICS] * len(grounds), metric=True)
    units = [
        Measured(tuple(measured(one, ground) for one in plan.meanings), ground.truth.image_ha())
        for ground in grounds
    ]
    wanted = TOGETHER[question]([ground.truth for ground in grounds])
    found = plan.combine(units)
    assert found == (wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=1e-9))


@pytest.mark.parametrize(
    "question",
    [
        "How many buildings are larger than average?",
        "How many forest patches cover more than 1 % of the image?",
        "How many buildings are in the upper left quarter?",
    ],
)
def test_what_hangs_on_one_scene_does_not_combine(question: str, grounds: list[Ground]) -> None:
    meaning = grounds[0].write(question).meaning
    assert meaning is not None
    assert plan_for(meaning, [TOPICS], metric=True).refusal


@pytest.mark.parametrize(
    "question",
    [
        "How many buildings are in the north half of the image?",
        "How many buildings are not within 30 m of water or within 5 m of a road?",
        "What is the dominant water?",
        "How many upper halves are there?",
        "How much forest is there per metre?",
        "What share of the forest lies in its largest lake?",
        "How many buildings with forest patches are there?",
        "Is the building the dominant land cover class?",
        "How many buildings are larger than average within 20 m of water or farmland larger than average?",
    ],
)
def test_what_has_no_one_meaning_is_refused(question: str, grounds: list[Ground]) -> None:
    with pytest.raises((NotUnderstood, NotMeasurable)):
        grounds[0].write(question)
