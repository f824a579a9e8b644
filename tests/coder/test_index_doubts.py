"""Indices in questions: ground where two hold at once, and numbers that no index has."""

from __future__ import annotations

import pytest

from planimeter.coder.grammar.index_doubts import check_indices
from planimeter.errors import NotMeasurable, NotUnderstood


@pytest.mark.parametrize(
    "question",
    [
        "How much land has an NDVI between 20 and 50?",
        "How much land has NDVI below 40?",
        "What percentage of the image has NDWI above 2?",
    ],
)
def test_a_number_beyond_the_range_is_refused(question: str) -> None:
    with pytest.raises(NotMeasurable, match="between -1 and 1"):
        check_indices(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many hectares have NDVI > 0.5 and NDWI < 0?",
        "NDVI between 0.2 and 0.5 and NDWI between 0 and 0.1, area?",
    ],
)
def test_two_indices_of_one_ground_are_refused(question: str) -> None:
    with pytest.raises(NotUnderstood, match="both hold"):
        check_indices(question)


@pytest.mark.parametrize(
    "question",
    [
        "How much land has an NDVI between -1 and 1?",
        "How much land has an EVI above 1.2?",
        "Is there more land with NDVI above 0.4 than land with NDWI above 0?",
        "How many hectares have NDVI > 0.5 or NDWI < 0?",
        "How much land has NDVI above 0.2 and below 0.5?",
    ],
)
def test_what_can_be_measured_is_left_alone(question: str) -> None:
    check_indices(question)
