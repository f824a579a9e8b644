"""What a later question leaves out, and lists in front of a question: refused, and what stands near them read."""

from __future__ import annotations

import pytest

from planimeter.coder import Request, builtin_coder
from planimeter.errors import NotUnderstood

TOPICS = ("urban", "agric", "forest", "water", "roof", "road")


def reading(question: str) -> str:
    return builtin_coder().write(Request(question, TOPICS, 0.5)).reading


@pytest.mark.parametrize(
    "question",
    [
        "what percentage of the left half is forest and what percentage of the right half?",
        "how much of the upper half is forest and how much of the lower half?",
        "how much of the image is forest, and how much of the left half?",
        "how much of the image is forest and how much water?",
        "what share of the forest is within 50 m of roads and what share of the farmland?",
        "how much of the forest is in its largest patch and how much of the farmland?",
        "how much of the forest lies in the left half and how much of the water?",
        "how much forest is in the left half and how much water?",
        "how many houses are in the left half and how many lakes?",
        "how many houses are in the left half and how many lakes within 50 m of a road?",
        "how many houses are within 50 m of water, and how many lakes?",
        "how many houses are larger than 100 m² and how many lakes?",
        "percentage of the left half covered by forest and percentage covered by water",
        "building density in the left half and average building size",
        "average building size and building density in the left half",
    ],
)
def test_what_a_later_part_leaves_out_is_not_guessed(question: str) -> None:
    with pytest.raises(NotUnderstood, match="is open; say it with each of them"):
        reading(question)


@pytest.mark.parametrize(
    "question",
    ["how much forest was lost and how much farmland?", "how many houses were built and how many lakes?"],
)
def test_what_became_of_one_is_not_dropped_for_the_other(question: str) -> None:
    with pytest.raises(NotUnderstood, match="is open; say it with each of them"):
        builtin_coder().write(Request(question, TOPICS, 0.5, before=TOPICS))


LEFT = "the percentage of the area of the left half of the image that is overlapping"


@pytest.mark.parametrize(
    ("question", "read"),
    [
        (
            "how much of the left half is forest and how much is water?",
            f"A table of {LEFT} forest; {LEFT} water.",
        ),
        (
            "what share of the left half is forest? What share is water?",
            f"A table of {LEFT} forest; {LEFT} water.",
        ),
        (
            "how much of the image is forest and how much is water?",
            "A table of the percentage of the image covered by forest; the percentage of the image covered by water.",
        ),
        (
            "how much forest is there and how much water?",
            "A table of the area of forest, in ha; the area of water, in ha.",
        ),
        (
            "how many houses larger than 100 m² are there and how many forest patches?",
            "A table of the number of buildings larger than 100 m²; the number of forest regions.",
        ),
        (
            "how many houses are larger than 100 m² and how many forest patches are there?",
            "A table of the number of buildings larger than 100 m²; the number of forest regions.",
        ),
        (
            "how many houses are in the left half and how many forest patches in the right half?",
            "A table of the number of buildings overlapping the left half of the image; the number of forest regions "
            "overlapping the right half of the image.",
        ),
        (
            "how many houses and how many forest patches are within 50 m of a road?",
            "A table of the number of buildings within 50 m of roads; the number of forest regions within 50 m of "
            "roads.",
        ),
    ],
)
def test_what_says_all_of_it_is_read(question: str, read: str) -> None:
    assert reading(question) == read


@pytest.mark.parametrize(
    "question",
    [
        "List the fields that contain a house. How many are there?",
        "list the lakes. How many houses are within 50 m of them?",
        "list the houses within 50 m of water. Which half has more of them?",
        "show me the lakes larger than 1 ha. How many are there?",
        "Could you list the lakes? How many are there?",
        "can you show me the lakes larger than 1 ha? How many are there?",
        "could you show me the houses within 50 m of water, and how many are there?",
        "I want to see the lakes. How many are there?",
    ],
)
def test_a_list_in_front_of_a_question_is_not_dropped(question: str) -> None:
    with pytest.raises(NotUnderstood, match="ask for the list by itself"):
        reading(question)


def test_a_list_in_front_of_two_questions_is_not_dropped() -> None:
    with pytest.raises(NotUnderstood):
        reading("Please list the lakes. How many are there and how large is the largest?")


@pytest.mark.parametrize(
    ("question", "read"),
    [
        (
            "find the forest patches larger than 1 ha. How many houses are within 50 m of them?",
            "The number of buildings within 50 m of forest regions larger than 1 ha.",
        ),
        ("show me the largest forest patch and its area", "The area of the largest forest region, in ha."),
        (
            "Could you show me how many houses are within 50 m of water?",
            "The number of buildings within 50 m of water.",
        ),
        (
            "Could you show me the number of houses within 50 m of water?",
            "The number of buildings within 50 m of water.",
        ),
    ],
)
def test_a_step_in_front_of_a_question_is_read(question: str, read: str) -> None:
    assert reading(question) == read


def test_what_holds_nothing_is_not_offered_as_what_touches_nothing() -> None:
    with pytest.raises(NotUnderstood) as caught:
        reading("how large is the largest field without a house?")
    assert not any("touch" in one for one in caught.value.suggestions)
