"""Quantities of every kind beside limits of every dimension: compared where they fit, refused where not."""

from __future__ import annotations

from typing import get_args

import pytest
from tests.coder.conftest import Ground

from planimeter.coder.grammar.rules.thresholds import _fits
from planimeter.errors import QuestionError
from planimeter.meaning.emit import emit
from planimeter.meaning.records import (
    Area,
    Bounds,
    Count,
    Difference,
    ImageArea,
    PerItem,
    Portion,
    Quantity,
    Subject,
    Threshold,
)
from planimeter.program import run_program
from planimeter.vocabulary.topics import TOPICS
from planimeter.vocabulary.units import HECTARE, SQUARE_METRE, Measure

ROOFS, WATER, FOREST = Subject(("roof",)), Subject(("water",)), Subject(("forest",))
TWO_HECTARES = Bounds(Measure(2.0, HECTARE))


def test_every_quantity_is_known() -> None:
    known = {
        "Count",
        "Area",
        "Share",
        "SizeOf",
        "Distance",
        "Perimeter",
        "Length",
        "Density",
        "Power",
        "ImageArea",
    }
    known |= {
        "Ratio",
        "Difference",
        "Portion",
        "PerItem",
        "Sum",
        "Changed",
        "Matched",
        "NetChange",
        "Turnover",
    }
    known |= {"IndexOf", "Neighbours", "Orientation", "Border"}
    assert {
        kind.__name__ for kind in get_args(Quantity)
    } == known  # decide for a new one in `_fits`, and name it here
    assert _fits(PerItem(Area(WATER), ROOFS), TWO_HECTARES)
    assert not _fits(PerItem(Count(WATER), ROOFS), TWO_HECTARES)
    assert not _fits(Portion(Area(WATER), ImageArea()), TWO_HECTARES)


@pytest.mark.parametrize("amount", [0.001, 0.1, 100.0])
def test_an_amount_per_item_is_compared(grounds: list[Ground], amount: float) -> None:
    for ground in grounds:
        truth = ground.truth
        share = truth.px_ha(truth.px("forest")) / len(truth.regions("roof"))
        answer = ground.run(f"Is the forest area per building more than {amount} ha?")
        assert answer.answer == ("yes" if share > amount else "no")


@pytest.mark.parametrize("amount", [0.01, 0.5, 100.0])
def test_a_difference_is_compared_in_the_unit_of_its_limit(grounds: list[Ground], amount: float) -> None:
    for ground in grounds:
        truth = ground.truth
        more = truth.px_ha(truth.px("forest")) - truth.px_ha(truth.px("water"))
        meaning = Threshold(
            Difference(Area(FOREST, unit=SQUARE_METRE), Area(WATER, unit=SQUARE_METRE)),
            Bounds(Measure(amount, HECTARE)),
        )
        run = run_program(emit(meaning, TOPICS, "test").text, ground.scene, ground.segmenter)
        assert run.answer == ("yes" if more > amount else "no")


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Is the forest area per building more than 2 km?", "."),
        ("How many lakes are inside a lake?", "name another topic"),
    ],
)
def test_what_does_not_fit_is_one_sentence(grounds: list[Ground], question: str, says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        grounds[0].run(question)
