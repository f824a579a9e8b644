"""Orders of words and manners of asking mean what the plain order does; what is one word apart does not."""

from __future__ import annotations

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import sentence

SAME = {
    # statements, frames around them, and verbs that are denied at the front
    "Is there more water than farmland?": (
        "Would you say there is more water than farmland?",
        "Is it true that there is more water than farmland?",
        "There is more water than farmland, isn't there?",
        "Isn't there more water than farmland?",
        "Don't you think there's more water than farmland?",
    ),
    "Are all buildings within 80 m of a road?": (
        "Aren't all buildings within 80 m of a road?",
        "All buildings are within 80 m of a road?",
        "Can one say that every building is within 80 m of a road?",
        "Have all buildings a road within 80 m?",
    ),
    "Are there no ponds larger than 1 ha?": (
        "Is no pond larger than 1 ha?",
        "Are none of the ponds larger than 1 ha?",
        "Is there not a single pond larger than 1 ha?",
        "Is it the case that no pond is larger than 1 ha?",
    ),
    # the question word at the end, the unit in front, adverbs anywhere
    "How large is the largest pond?": ("The largest pond is how large?",),
    "What is the area of grass, in m2?": (
        "In square metres, what does the grass come to?",
        "What does the grass add up to in m2?",
        "The grass covers how many square metres?",
    ),
    "How many hectares does the average field cover?": ("How many hectares does a field cover on average?",),
    "What is the average size of fields, in ha?": ("On average, a field measures how many hectares?",),
    # conditions first, and one distance for two things
    "How many buildings are within 30 m of a road or a river?": (
        "Within 30 m of either a road or a river, how many buildings are there?",
        "How many buildings are at most 30 m from a road or from a river?",
    ),
    "How many buildings are within 30 m of a road and within 30 m of water?": (
        "How many buildings are within 30 m of a road and of water?",
        "How many buildings are at most 30 m from a road and from water alike?",
    ),
    "How many ponds larger than 1 ha are there?": ("Ponds larger than 1 ha: how many of them are there?",),
    # choices
    "Which is larger, grass or water?": (
        "Is it grass or water that covers more?",
        "Which of the two covers the greater area, grass or water?",
    ),
    # parts in an order that no rule has
    "How many buildings are there?": ("The buildings number how many?", "Count every building you can see."),
    "What percentage of the buildings are within 30 m of a road, in percent?": (
        "In percent, how many of the buildings are within 30 m of a road?",
    ),
}


@pytest.mark.parametrize(
    ("plain", "asked"), [(plain, asked) for plain, many in SAME.items() for asked in many]
)
def test_they_mean_the_same(plain: str, asked: str) -> None:
    meant, read = parse(plain), parse(asked)
    assert sentence(read.meaning) == sentence(meant.meaning)
    assert read.unit == meant.unit


@pytest.mark.parametrize(
    "asked",
    [
        "Houses are within 50 m of a road?",  # all of them, or some
        "Isn't there no lake larger than 2 ha?",  # which of the two denials
        "Is not every house within 50 m of a road?",
        "I doubt there is more grass than forest, is that right?",
        "Is it false that there is more grass than forest?",
        "Are the three largest lakes over 2 ha?",  # each of them, or together
        "What is the gap between forest and water?",  # of their areas, or on the ground
        "What is the area of forest and forest?",
        "The house number?",
        "Has every house solar panels?",
        "What do the houses come to?",
        "How many houses are more than 50 m from a road or from a river?",
        "By how much does the forest exceed 2 ha?",
        "How many houses do we own?",
        "Which houses count?",
        "How much forest has been taken?",
        "Do lakes have more than 2 ha?",
        "Is the forest area correct?",
        "How many hectares do the houses have?",
        "How many houses can be built in the forest?",
    ],
)
def test_what_only_looks_alike_is_refused(asked: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(asked)


def test_more_things_than_others_are_counted() -> None:
    for asked in ("Does the scene have more houses than lakes?", "More houses than lakes?"):
        assert sentence(parse(asked).meaning).startswith("Whether the number of")


def test_above_behind_the_image_is_a_limit_where_a_number_follows() -> None:
    asked = "Is the water's share of the image above 20 %?"
    assert sentence(parse(asked).meaning) == sentence(
        parse("Does water cover more than 20 % of the image?").meaning
    )
