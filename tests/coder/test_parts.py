"""All but the largest, parts of parts, statistics compared and sums, against numpy on three worlds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.meaning.combine import plan_for
from planimeter.meaning.combine_plan import Measured
from planimeter.meaning.emit import emit
from planimeter.program import run_program
from planimeter.vocabulary.topics import TOPICS

from .conftest import Ground
from .reference import Truth


def sizes(truth: Truth, topic: str) -> np.ndarray:
    """Pixels (1 m² each) of every region, the largest first."""
    return np.sort([int(region.sum()) for region in truth.regions(topic)])[::-1]


def covered(truth: Truth, *topics: str) -> int:
    return truth.union_px(*topics)


CASES: dict[str, tuple[Callable[[Truth], Any], tuple[str, ...]]] = {
    "count but the largest": (
        lambda t: len(sizes(t, "forest")[1:]),
        (
            "How many forest patches are there other than the largest?",
            "Not counting the largest one, how many forest patches are there?",
            "Forest patches other than the largest: how many?",
        ),
    ),
    "area but the largest": (
        lambda t: t.px_ha(int(sizes(t, "water")[1:].sum())),
        (
            "What is the total area of the lakes besides the largest, in hectares?",
            "Excluding the biggest one, what is the total area of the water bodies, in hectares?",
            "All but the largest lake: total area in hectares",
            "What is the water area outside the largest water body, in ha?",
        ),
    ),
    "mean but the largest": (
        lambda t: float(sizes(t, "roof")[1:].mean()),
        (
            "What is the average size of buildings except the largest, in m2?",
            "Leaving out the biggest one, what is the average building size in m²?",
        ),
    ),
    "share of the area in large ones": (
        lambda t: 100 * sizes(t, "roof")[sizes(t, "roof") > 150].sum() / t.px("roof"),
        (
            "What percentage of the total roof area is on roofs larger than 150 m2?",
            "Of all the roof area, what share belongs to buildings over 150 m²?",
        ),
    ),
    "share of large ones by number": (
        lambda t: 100 * np.mean(sizes(t, "roof") > 150),
        ("Buildings larger than 150 m² as % of all buildings",),
    ),
    "a kind as share of what it is part of": (
        lambda t: 100 * t.px("forest") / covered(t, "vegetation"),
        (
            "What percentage of the vegetation is forest?",
            "Express forest as a percentage of all vegetation.",
            "How much of the vegetation is forest, in percent?",
        ),
    ),
    "mean minus median": (
        lambda t: float(sizes(t, "roof").mean() - np.median(sizes(t, "roof"))),
        ("mean minus median building size in m2", "mean(building area) - median(building area), in m2"),
    ),
    "mean and median apart": (
        lambda t: float(abs(sizes(t, "roof").mean() - np.median(sizes(t, "roof")))),
        ("What is the difference between the mean and the median building area in m²?",),
    ),
    "largest minus smallest": (
        lambda t: int(sizes(t, "forest")[0] - sizes(t, "forest")[-1]),
        (
            "What is the difference in size between the largest and the smallest forest patch in m2?",
            "By how much is the largest forest patch bigger than the smallest one, in m²?",
        ),
    ),
    "largest to mean": (
        lambda t: float(sizes(t, "roof")[0] / sizes(t, "roof").mean()),
        (
            "By what factor does the largest building exceed the average one?",
            "ratio of the largest to the average building area",
        ),
    ),
    "mean of one against mean of another": (
        lambda t: bool(sizes(t, "forest").mean() > sizes(t, "water").mean()),
        ("Is the average forest patch larger than the average lake?",),
    ),
    "three together": (
        lambda t: t.px_ha(covered(t, "roof", "road", "water")),
        (
            "What is the area of buildings, roads and water together in hectares?",
        ),
    ),
    "ratio of a sum": (
        lambda t: covered(t, "roof", "road") / t.px("grass"),
        (
            "What is the ratio of roads and buildings together to grass?",
            "ratio of sealed surface (roads plus roofs) to grass",
        ),
    ),
    "counts added": (
        lambda t: len(t.regions("forest")) + len(t.regions("water")),
        ("the number of forest patches plus the number of lakes",),
    ),
    "one area minus another": (
        lambda t: t.px_ha(t.px("forest") - t.px("water")),
        (
            "What do you get if you subtract the area of the water from the area of the forest, in hectares?",
            "area(forest) - area(water), ha",
        ),
    ),
    "more pieces": (
        lambda t: "forest" if len(t.regions("forest")) > len(t.regions("water")) else "water",
        ("Which has more patches, forest or water?",),
    ),
    "things per thing": (
        lambda t: len(t.regions("roof")) / len(t.regions("water")),
        ("How many buildings are there per lake?",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_answer_is_what_numpy_counts(name: str, grounds: list[Ground]) -> None:
    expected, questions = CASES[name]
    for ground in grounds:
        for question in questions:
            found, wanted = ground.run(question).answer, expected(ground.truth)
            if isinstance(wanted, bool):
                assert found == ("yes" if wanted else "no"), question
            else:
                assert found == (wanted if isinstance(wanted, str) else pytest.approx(wanted, rel=1e-9)), (
                    question
                )


@pytest.mark.parametrize(
    "question",
    [
        "What is the area of forest other than the largest field?",
        "How many buildings other than the largest lake are there?",
        "Excluding the largest, are there more lakes than houses?",
        "sum of the number of buildings and the area of water",
        "What is the difference between the largest and the smallest lake and field?",
        "What is the average size of buildings other than the 3 oldest?",
        "mean minus median",
        "What is the difference between the largest and the largest building?",
        "How many lakes have a building farther than 30 m?",
    ],
)
def test_one_word_apart_is_refused(question: str, grounds: list[Ground]) -> None:
    with pytest.raises((NotUnderstood, NotMeasurable)):
        grounds[0].write(question)


def test_scenes_add_up_sums_and_do_not_share_a_largest(grounds: list[Ground]) -> None:
    meaning = grounds[0].write("the number of forest patches plus the number of lakes").meaning
    assert meaning is not None
    plan = plan_for(meaning, [TOPICS] * len(grounds), metric=True)
    units = []
    for ground in grounds:
        values = []
        for one in plan.meanings:
            assert one is not None
            values.append(run_program(emit(one, TOPICS, "test").text, ground.scene, ground.segmenter).answer)
        units.append(Measured(tuple(values), ground.truth.image_ha()))
    wanted = sum(len(g.truth.regions("forest")) + len(g.truth.regions("water")) for g in grounds)
    assert plan.combine(units) == wanted
    largest = grounds[0].write("How many forest patches are there other than the largest?").meaning
    assert largest is not None
    assert "leaves out the largest" in str(plan_for(largest, [TOPICS], metric=True).refusal)
