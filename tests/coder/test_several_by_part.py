"""Several things asked of several parts of the image at once: no sum, no one measure for all of them."""

from __future__ import annotations

import pytest

from planimeter.coder import Request, builtin_coder
from planimeter.errors import NotUnderstood
from planimeter.vocabulary.topics import TOPICS


def _reading(question: str) -> str:
    return builtin_coder().write(Request(question, TOPICS, 0.5, north="up")).reading


@pytest.mark.parametrize(
    "question",
    [
        "houses per hectare of farmland in each half",
        "compare houses per hectare of farmland in the left and right half",
        "houses per hectare of water in the north and in the south",
        "lakes per hectare of farmland per quadrant",
    ],
)
def test_a_density_over_something_else_is_not_one_of_the_part(question: str) -> None:
    with pytest.raises(NotUnderstood, match=r"per ha of its ground, and not of (farmland|water)"):
        _reading(question)


@pytest.mark.parametrize(
    "question",
    [
        "number of houses and area of forest in each quadrant",
        "number of houses and area of forest in the left and right half",
        "compare the number of houses and the forest area in the upper and lower half",
        "number of lakes and total forest area in each half",
        "compare forest and water in the upper and lower half",
        "area of forest and area of water in each quadrant",
        "area of forest and water in each quadrant",
        "total area of forest and area of water in each quadrant",
        "forest, water and farmland in each quadrant",
        "compare houses, forest and water in the north and the south",
        "houses and forest in each quadrant",
        "forest as well as water in each half",
        "number of lakes, and houses in each quadrant",
        "how many houses and lakes are in each quadrant?",
        "compare the left and the right half by forest and water",
        "which half has more forest and water?",
        "which half has the most houses, lakes and forest?",
        "does the left half have more forest and water than the right half?",
    ],
)
def test_several_things_of_each_part_are_no_sum(question: str) -> None:
    with pytest.raises(NotUnderstood, match="meant, or their sum"):
        _reading(question)


@pytest.mark.parametrize(
    "question",
    [
        "which half has the most houses and forest area?",
        "which half has the largest number of houses and area of forest?",
        "which half has the greatest number of houses and the greatest area of forest?",
        "which half has the largest area of forest and number of lakes?",
        "which quadrant has the highest number of houses and share of forest?",
        "which half has the most forest, and the number of lakes?",
    ],
)
def test_what_stands_behind_which_half_asks_by_a_verb_of_its_own(question: str) -> None:
    with pytest.raises(NotUnderstood, match="meant of each part of the image, or of all of it"):
        _reading(question)


@pytest.mark.parametrize(
    "question",
    [
        "how long is the forest edge and in which half is most of it?",
        "what is the perimeter of the forest and in which half is most of it?",
        "what is the forest edge length and which half has most of it?",
        "how long are the roads and in which half is most of it?",
        "how long are the roads and in which half are most of them?",
    ],
)
def test_most_of_a_length_is_not_told_by_area(question: str) -> None:
    with pytest.raises(
        NotUnderstood, match="asks for a length, and for the part of the image with most of it"
    ):
        _reading(question)


_AREA = "The area of forest and water, of the upper half"
_MOST = "Which part of the image has the largest area of "


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        (
            "houses per hectare in each half",
            "The number of buildings per ha of its ground, of the upper half",
        ),
        (
            "compare houses per hectare in the left and right half",
            "The number of buildings per ha of its ground",
        ),
        ("which half has the most houses per hectare?", "largest number of buildings per ha of its ground"),
        ("forest and water together in each half", _AREA),
        ("total area of forest and water in each half", _AREA),
        ("combined area of forest and water in each half", _AREA),
        ("total forest and water area in each half", _AREA),
        (
            "total number of houses and lakes in each half",
            "The number of buildings and water regions, of the upper",
        ),
        ("which half has the most forest and water together?", f"{_MOST}forest and water: the upper half"),
        ("which half has the largest total area of forest and water?", f"{_MOST}forest and water: the upper"),
        ("forest or water in each half", "The area of forest or water, of the upper half"),
        ("which half has more forest or water?", f"{_MOST}forest or water: the upper half"),
        ("vegetation in each quadrant", "The area of vegetation, of the upper left quarter"),
        ("trees and woodland in each half", "The area of forest, of the upper half"),
        (
            "houses in the left half and the right half",
            "The number of buildings, of the left half and the right",
        ),
        (
            "number of houses and area of forest",
            "A table of the number of buildings; the area of forest, in ha.",
        ),
        (
            "which half has the most forest and how many lakes are there?",
            "largest area of forest: the upper half, the lower half, the left half or the right half; the number of",
        ),
        (
            "1) which half has most forest 2) number of lakes",
            "largest area of forest: the upper half, the lower half, the left half or the right half; the number of",
        ),
        (
            "how large is the forest and in which half is most of it?",
            "A table of the area of forest, in ha; which",
        ),
        (
            "how many lakes are there and in which half are most of them?",
            "A table of the number of water regions; which part of the image has the largest number of water",
        ),
    ],
)
def test_what_is_near_them_is_read(question: str, reading: str) -> None:
    assert reading in _reading(question)
