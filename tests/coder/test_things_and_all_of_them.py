"""What is said of single things is not of all of them together, and a share of the chosen is not of all."""

from __future__ import annotations

import pytest

from planimeter.coder import Request
from planimeter.coder.grammar import BuiltinCoder
from planimeter.errors import NotUnderstood
from planimeter.meaning.records import Area, Comparison, Count, Share, Threshold, Which
from planimeter.vocabulary.topics import TOPICS


def meaning(question: str) -> object:
    return BuiltinCoder().write(Request(question, tuple(TOPICS))).meaning


@pytest.mark.parametrize(
    "question",
    [
        "The houses within 20 m of water, what percentage of all houses are they?",
        "The houses larger than 100 m2: what share of all houses are they?",
        "What percentage of the forest patches larger than 1 ha are larger than 1 ha?",
    ],
)
def test_the_share_of_the_chosen_that_meet_what_they_are_chosen_by_is_refused(question: str) -> None:
    with pytest.raises(NotUnderstood, match="that are chosen by a condition meet it"):
        meaning(question)


def test_other_shares_of_the_chosen_stand() -> None:
    found = meaning("What percentage of the houses larger than 100 m2 are within 20 m of water?")
    assert isinstance(found, Share)
    assert (len(found.of.where), len(found.part), found.by_count) == (1, 1, True)


@pytest.mark.parametrize(
    ("question", "by_count"),
    [
        ("What percentage of the buildings area is within 90 m of farmland?", False),
        ("percentage of the roofs area within 25 m of solar panels", False),
        ("What share of buildings surface lies within 90 m of water?", False),
        ("What percentage of the building area is within 90 m of farmland?", False),
        ("What percentage of the buildings are within 90 m of farmland?", True),
    ],
)
def test_the_share_of_an_area_is_of_the_area(question: str, by_count: bool) -> None:
    found = meaning(question)
    assert isinstance(found, Share)
    assert found.by_count is by_count


def test_a_statement_of_all_is_no_condition_on_single_ones() -> None:
    for said in (
        "would you say houses cover more than 8 % of the image",
        "houses covers more than 8 % of the image",
        "Buildings occupy less than 5 % of the picture",
    ):
        try:
            found = meaning(said)
        except NotUnderstood:
            continue
        assert isinstance(found, Threshold)
    assert isinstance(meaning("Do houses cover more than 8 % of the image?"), Threshold)
    assert isinstance(meaning("How many houses cover more than 8 % of the image?"), Count)


def test_there_are_more_compares_numbers_and_there_is_more_areas() -> None:
    counts = meaning("would you say there are more barren regions than crop fields")
    assert isinstance(counts, Comparison)
    assert isinstance(counts.first, Count)
    areas = meaning("would you say there is more forest than water")
    assert isinstance(areas, Comparison)
    assert isinstance(areas.first, Area)


@pytest.mark.parametrize(
    "question",
    [
        "which is more common, fields or lakes",
        "which is most common: houses, lakes or fields",
        "which are more common, buildings or lakes?",
        "which are rarest: houses, lakes or fields",
    ],
)
def test_what_things_are_more_common_may_be_meant_in_number(question: str) -> None:
    with pytest.raises(NotUnderstood):
        meaning(question)


def test_what_land_is_more_common_is_by_area() -> None:
    found = meaning("which is more common, forest or grass")
    assert isinstance(found, Which)
    assert found.by == "area"
