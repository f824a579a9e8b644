"""Conditions that may be said of one thing or of another, and lists of one kind: refused, and never read as one."""

from __future__ import annotations

import pytest

from planimeter.coder import Request
from planimeter.coder.grammar import BuiltinCoder
from planimeter.errors import NotUnderstood

TOPICS = ("agric", "forest", "water", "roof", "road")


def reading(wording: str, before: bool = False) -> str:
    request = Request(wording, TOPICS, 0.5, before=TOPICS if before else None)
    return BuiltinCoder().write(request).reading


LISTS = (
    "houses within 20 m of water and houses larger than 100 m²",
    "houses within 20 m of water, houses larger than 100 m²",
    "houses within 50 m of water and houses within 50 m of roads",
    "forest within 50 m of roads and forest within 50 m of water in each half",
    "lakes larger than 1 ha and lakes in the left half",
    "houses within 50 m of water and houses in each half",
    "list the houses within 20 m of water and the houses within 20 m of roads",
    "list the houses within 20 m of water and list the houses within 20 m of roads",
    "find houses within 20 m of water and count the houses larger than 100 m²",
    "find houses within 20 m of water and give the number of houses larger than 100 m²",
)
HEADS = (
    "houses: number, number within 20 m of water, number larger than 100 m²",
    "lakes: area larger than 1 ha, area within 50 m of roads",
    "lakes: number, area within 50 m of roads",
)


@pytest.mark.parametrize("wording", LISTS)
def test_two_lists_of_one_kind_are_not_what_meets_both(wording: str) -> None:
    with pytest.raises(NotUnderstood, match="two questions, or is one thing asked"):
        reading(wording)


@pytest.mark.parametrize("wording", HEADS)
def test_several_quantities_behind_one_noun_are_not_one(wording: str) -> None:
    with pytest.raises(NotUnderstood, match="are two things that are asked"):
        reading(wording)


@pytest.mark.parametrize(
    "wording",
    [
        "how many houses larger than 100 m², how many within 50 m of water?",
        "how many houses are larger than 100 m², how many are within 50 m of water?",
    ],
)
def test_two_numbers_are_not_one(wording: str) -> None:
    with pytest.raises(NotUnderstood):
        reading(wording)


HOLDERS = (
    "how many fields that contain a house are larger than average?",
    "how many fields that contain a house are larger than the average field?",
    "how many fields that contain a house are larger than the largest lake?",
    "how many fields with a house are smaller than average?",
    "how many fields with a house are larger than the average house?",
    "how many fields with more than 3 houses are larger than average?",
    "number of fields with a house, larger than 1 ha",
    "list the fields that contain a house, larger than 1 ha",
    "list the fields with a house within 20 m of a road, larger than 1 ha",
)
PLACES = (
    "forest patches without a road, larger than 1 ha, in the left half",
    "fields without a house, in the left half",
    "lakes without a house, in the left half",
    "how many fields without a house in the left half",
    "how many fields that do not contain a house in the left half",
    "how many fields contain no house in the left half",
    "area of the fields without a house in the left half",
    "average size of the fields without a house in the left half",
    "list the fields without a house in the left half",
    "length of the edge of the fields without a house in the left half",
    "are there fields without a house in the left half",
)


@pytest.mark.parametrize("wording", HOLDERS)
def test_what_stands_behind_a_comma_or_are_is_not_taken_for_what_is_held(wording: str) -> None:
    with pytest.raises(NotUnderstood, match=r"said of the .* or of the .* that they hold\?"):
        reading(wording)


@pytest.mark.parametrize("wording", PLACES)
def test_a_place_behind_what_is_not_held_is_open(wording: str) -> None:
    with pytest.raises(NotUnderstood, match=r'"In the left half, …"'):
        reading(wording)


COMPARED = (
    "is there more forest or farmland in patches larger than 1 ha?",
    "are there more lakes or fields larger than 1 ha?",
    "are there more lakes than fields larger than 1 ha?",
    "are there more houses or lakes with no other within 50 m?",
    "are there more houses than lakes with no other lake within 50 m?",
    "are there more fields or lakes with a house?",
    "are there more fields than lakes that contain a house?",
    "is the area of forest larger than that of water within 50 m of roads?",
)


@pytest.mark.parametrize("wording", COMPARED)
def test_what_stands_behind_a_comparison_may_be_of_both(wording: str) -> None:
    with pytest.raises(NotUnderstood, match="may be meant for both that are compared, or for the last alone"):
        reading(wording)


@pytest.mark.parametrize(
    "wording",
    [
        "how many fields contain a house that was lost?",
        "how many houses within 50 m of a road that was lost?",
    ],
)
def test_the_fate_of_what_is_beside_is_not_that_of_what_is_counted(wording: str) -> None:
    with pytest.raises(NotUnderstood, match="Which of them changed"):
        reading(wording, before=True)


def test_a_place_behind_others_of_its_kind_is_open() -> None:
    with pytest.raises(
        NotUnderstood, match=r"a percentage of all water regions, or of those in the left half\?"
    ):
        reading("what percentage of the lakes have another lake within 100 m in the left half?")


def test_quantities_behind_one_noun_are_a_table() -> None:
    assert reading("fields: area, number") == (
        "A table of the area of agricultural land, in ha; the number of agricultural regions."
    )


_HOLDING = "The number of agricultural regions holding any buildings"
_LEFT = "overlapping the left half of the image"
READ = {
    "select the houses within 20 m of water and count the houses": "The number of buildings within 20 m of water.",
    "For houses within 50 m of water, what is the mean house area?": (
        "The average area of single buildings within 50 m of water, in m²."
    ),
    "find fields over 1 ha, then give the area within 50 m of roads": (
        "The area of agricultural regions larger than 1 ha, only the part that is within 50 m of roads, in ha."
    ),
    "houses within 50 m of water and larger than 100 m²": (
        "The number of buildings within 50 m of water and larger than 100 m²."
    ),
    "take the houses within 50 m of water and tell me how many of those houses are larger than 100 m²": (
        "The number of buildings within 50 m of water and larger than 100 m²."
    ),
    "the houses number how many?": "The number of buildings.",
    "houses within 50 m of water: number": "The number of buildings within 50 m of water.",
    "how many fields that contain a house are larger than 1 ha?": (
        f"{_HOLDING} (at least in part) and larger than 1 ha."
    ),
    "how many fields that contain a house within 20 m of a road are larger than 1 ha?": (
        f"{_HOLDING} within 20 m of roads (at least in part) and larger than 1 ha."
    ),
    "how many fields contain a house larger than 100 m²?": f"{_HOLDING} larger than 100 m² (at least in part).",
    "how many fields contain houses that are larger than 100 m²?": (
        f"{_HOLDING} larger than 100 m² (at least in part)."
    ),
    "how many fields with houses larger than 100 m² are there?": (
        f"{_HOLDING} larger than 100 m² (at least in part)."
    ),
    "how many fields with a house in the left half": f"{_HOLDING} {_LEFT} (at least in part).",
    "in the left half, how many fields without a house": (
        f"The number of agricultural regions holding no buildings (at least in part) and {_LEFT}."
    ),
    "how many fields without a house are in the left half": (
        f"The number of agricultural regions holding no buildings (at least in part) and {_LEFT}."
    ),
    "how many fields without a house within 20 m of a road": (
        "The number of agricultural regions holding no buildings within 20 m of roads (at least in part)."
    ),
    "are there more houses larger than 100 m² than fields larger than 1 ha?": (
        "Whether the number of buildings larger than 100 m² is larger than the number of agricultural regions larger "
        "than 1 ha."
    ),
    "are there more houses larger than 100 m² than fields?": (
        "Whether the number of buildings larger than 100 m² is larger than the number of agricultural regions."
    ),
    "are there more houses or fields within 50 m of roads?": (
        "Which has the largest number: buildings within 50 m of roads, agricultural regions within 50 m of roads."
    ),
}
NEIGHBOURS = {
    "In the left half, what percentage of the fields have another field within 100 m?": (
        f"The percentage of the agricultural regions {_LEFT}, by number, that have another of their kind within 100 m."
    ),
    "what percentage of the fields have another field within 100 m and are in the left half?": (
        "The percentage of the agricultural regions, by number, that have another of their kind within 100 m and are "
        f"{_LEFT}."
    ),
}


@pytest.mark.parametrize(("wording", "said"), [*READ.items(), *NEIGHBOURS.items()])
def test_what_is_said_of_one_thing_is_read(wording: str, said: str) -> None:
    assert reading(wording) == said


@pytest.mark.parametrize(
    ("wording", "said"),
    [
        (
            "how many fields with a house were lost?",
            "agricultural regions holding any buildings (at least in part)",
        ),
        (
            "how many new fields contain a house?",
            "agricultural regions holding any buildings (at least in part)",
        ),
        ("number of houses within 50 m of water that were lost", "buildings within 50 m of water"),
    ],
)
def test_the_fate_of_what_is_counted_is_read(wording: str, said: str) -> None:
    assert reading(wording, before=True).startswith(f"The number of {said}")
