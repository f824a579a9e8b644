"""Strips and buffers of a stated width: what is lost to one, what is left without it; the rest is refused."""

from __future__ import annotations

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.errors import QuestionError
from planimeter.meaning.reading import sentence

MEANT = {
    "The area of agricultural land, only the part that is more than 15 m from water.": (
        "Erase a 15 m water buffer from the farmland: how much area remains?",
        "Erase a 15 m buffer around water from the farmland: how much area remains?",
        "Remove the 15 m strip along the water from the farmland and report the area left.",
        "total farmland area minus the 15 m strip along water",
        "What would remain of the farmland after clearing a 15 m strip along the water?",
        "How much farmland is left after we cut a 15 m wide belt beside the water?",
    ),
    "The area of agricultural land, only the part that is at least 15 m from water.": (
        "How much farmland is left if I keep 15 m away from the water?",
        "How much of my farmland remains if I have to stay 15 m off from the lake?",
    ),
    "The area of forest, only the part that is within 30 m of roads.": (
        "How much forest would be lost to a 30 m strip along the roads?",
        "How much forest would be lost to a 30 m wide corridor on both sides of the roads?",
        "How much of the forest is taken by a 30 m buffer around the roads?",
    ),
    "The area of the part of the image that is within 50 m of roads and within 80 m of water.": (
        "Area of the overlap between a 50 m road buffer and an 80 m water buffer",
        "What is the area of the intersection of a 50 m road buffer and a 80 m water buffer?",
    ),
    "The number of buildings within 50 m of forest.": (
        "How many buildings are in the 50 m fire buffer around the forest?",
        "How many buildings lie in the 50 m wildfire protection zone around the forest?",
        "How many buildings are inside a 50 m catchment of the forest?",
        "How many buildings lie within 50 m of forest (wildfire zone)?",
    ),
    "The number of buildings within 25 m of water.": (
        "How many homes would be affected if water spread 25 m beyond its current edge?",
        "How many homes would be hit if the flood reached 25 m beyond the water?",
    ),
    "The number of buildings more than 25 m from water.": (
        "How many homes would be spared if the water spread 25 m beyond its edge?",
    ),
}


@pytest.mark.parametrize(("meaning", "asked"), [(said, one) for said, many in MEANT.items() for one in many])
def test_a_strip_is_read_as_a_distance(meaning: str, asked: str) -> None:
    assert sentence(parse(asked).meaning) == meaning


@pytest.mark.parametrize(
    "asked",
    [
        "How much farmland would be lost to a 30 m wide corridor along the roads?",  # 15 m or 30 m on each side
        "total farmland area minus the 15 m strip",
        "total farmland area minus the strip along water",
        "How much forest is in the 50 m upper strip along the river?",
        "How much forest is in the 50 m northern buffer around the houses?",
        "How many buildings are in the 50 m downwind buffer around the forest?",
        "How much farmland is left if I keep 15 m away from the water and the road?",
        "How much farmland is left if I keep 15 m away from the water or 10 m from the road?",
        "How much more farmland is left if I keep 15 m away from the water?",
        "How much farmland is left if I do not keep 15 m away from the water?",
        "How much farmland is left if I keep the largest field?",
        "What would remain of the forest after the fire?",
        "What would remain of the forest after clearing the largest patch?",
        "How many homes would be affected if water receded 25 m?",
        "How many homes would be affected if water rose 2 m?",
        "How many homes would be affected if the water spread 25 m per hour?",
        "How many homes would be affected if the water did not spread 25 m?",
        "How many buildings are in the danger zone around the forest?",
        "Area of the overlap between a 50 m road buffer and the village",
    ],
)
def test_what_only_looks_like_a_strip_is_refused(asked: str) -> None:
    with pytest.raises(QuestionError):
        parse(asked)
