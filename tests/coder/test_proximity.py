"""Distances in other words: nouns for them, zones, what lies nearest and farthest, what keeps away."""

from __future__ import annotations

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import sentence

SAME = {
    "How many houses are within 40 m of forest?": (
        "How many houses are near forest (40 m or closer)?",
        "How many houses keep a distance of at most 40 m from forest?",
        "How many houses are separated from forest by no more than 40 m?",
        "How many houses are such that forest is within 40 m?",
        "How many houses whose nearest forest is at most 40 m away?",
        "How many houses are in the immediate vicinity of forest, within 40 m?",
        "How many houses are reached by a 40 m buffer around the forest?",
        "How many houses fall into the 40 m zone next to the forest?",
        "How many houses do not exceed a distance of 40 m from the forest?",
        "How many houses with a maximum distance to forest of 40 m?",
    ),
    "How many houses are more than 40 m from forest?": (
        "How many houses lack forest within 40 m?",
        "How many houses stay clear of the forest by more than 40 m?",
        "How many houses whose nearest forest is more than 40 m away?",
        "How many houses exceed a distance of 40 m to the forest?",
        "How many houses are not in the 40 m strip along the forest?",
    ),
    "How many houses are at least 40 m from forest?": (
        "How many houses have a minimum distance to forest of 40 m?",
    ),
    "How many houses are within 20 m of forest and more than 40 m from a road?": (
        "How many houses have forest within 20 m but no road within 40 m?",
    ),
    "How far is the farthest field from a road?": (
        "How far off the road is the remotest field?",
        "The field farthest from a road: how far away is it?",
        "What distance separates the most distant field from the road?",
        "How many metres is the farthest field from a road?",
    ),
    "How far is the nearest field from water?": (
        "How close does the nearest field come to water?",
        "How near to the water is the closest field?",
        "The field closest to the water is how far from it?",
    ),
    "What is the average distance from fields to roads?": (
        "How far from a road are fields on average?",
        "How far, on average, are fields from a road?",
        "mean field-road distance",
    ),
    "How many houses of at least 150 m2 are there?": (
        "How many houses reach or exceed 150 m2?",
        "How many houses have a minimum size of 150 m2?",
    ),
    "How many houses are larger than 150 m2?": (
        "How many houses have an area that exceeds 150 m2?",
        "How many houses come in at over 150 m2?",
        "How many big houses (more than 150 m2) are there?",
    ),
    "Which field is farthest from water?": (
        "Which of the fields lies furthest from water?",
        "Which field has the greatest distance to water?",
    ),
}


@pytest.mark.parametrize(
    ("plain", "asked"), [(plain, asked) for plain, many in SAME.items() for asked in many]
)
def test_they_mean_the_same(plain: str, asked: str) -> None:
    assert sentence(parse(asked).meaning) == sentence(parse(plain).meaning)


@pytest.mark.parametrize(
    "asked",
    [
        "How many houses keep a distance of 50 m from water?",  # exactly, or at least
        "How many houses with a road more than 50 m away?",  # another may be nearer
        "How many houses are far from water, within 50 m?",
        "How many houses near water at least 50 m away?",
        "How many houses have no road within 50 m and water within 20 m?",
        "How many houses near a road 50 m wide?",
        "How many houses are separated from water by a road within 50 m?",
        "How many houses are exposed to noise within 50 m?",
        "Which houses are closest to water?",
        "How close do the houses stand to the road?",
        "How far is the nearest house?",
    ],
)
def test_what_only_looks_alike_is_refused(asked: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(asked)
