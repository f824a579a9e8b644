"""Wordings made to slip something past the guards that did, by kind, and what stands beside each and is right."""

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.coder.rewriter.heard import heard
from planimeter.coder.rewriter.rewriter import objection

TOLD_BEHIND = [
    "count of the houses within 50 m of water that are connected",
    "houses within 50 m of the lake that failed inspection, how many",
    "houses mentioned in the report that lie within 50 m of water, number please",
    "how many houses with a deck are within 50 m of water",
    "how many houses flagged for review lie within 50 m of the forest",
    "how many houses tagged as priority are within 50 m of water",
    "houses with internet that lie within 50 m of a road, how many",
    "houses on file within 50 m of water, how many",
    "how many lakes I like are within 100 m of a road",
    "how much forest is covered by the plan, in ha",
    "the forest covered by the contract, how many ha",
    "how many houses in need of help are within 50 m of water",
]
OF_A_KIND = [
    "what's the average amount of forest within 50 m of a house",
    "how many houses are near something other than forest, within 30 m",
    "houses within 50 m of anything other than water, how many",
    "how many groups of houses are there",
    "how many pairs of houses are within 10 m of water",
    "how many houses are well within 50 m of water",
    "how many houses are well over 50 m from water",
    "how many houses are only just beyond 50 m from water",
    "it's not like there are no houses within 50 m of water, is it",
    "the number of houses safe from flooding within 50 m of water",
    "the number of lakes; also the area of the lakes",
    "how many lakes, and their area",
    "what's bigger, the forest or the lake, and by how much",
    "is there forest, and if so how much",
    "houses with a view of the lake within 50 m, how many",
]
WRONG = [
    (
        "how much bigger is the forest than the lake, as a factor",
        "how much larger is the area of forest than the area of water",
    ),
    ("what size is the house farthest from water", "the longest distance from buildings to water"),
    ("built area over total area", "the area of urban land"),
    ("the percentages of forest and of water", "the percentage of the image covered by forest and water"),
    (
        "how much larger is the largest lake than the second largest",
        "the area of the second largest water region",
    ),
    (
        "how much farther is the farthest house from water than the nearest",
        "the longest distance from buildings to water",
    ),
    ("how large is the house closest to the lake", "the shortest distance from buildings to water"),
    (
        "how many forest patches touch neither water nor road",
        "the number of forest regions touching water and not touching roads",
    ),
    (
        "how's the split between forest and grass in percent",
        "the percentage of the image covered by forest and grassland",
    ),
    (
        "count everything that's a house and lies inside a 30 m belt around the woods",
        "the number of buildings within 30 m of buildings and within 30 m of forest",
    ),
]
RIGHT = [
    ("how many houses are served by a road within 30 m", "the number of buildings within 30 m of roads"),
    ("the houses that lie within 50 m of water, how many", "the number of buildings within 50 m of water"),
    ("houses with water within 50 m of them, a count please", "the number of buildings within 50 m of water"),
    (
        "houses located no more than 50 m from water, a count please",
        "the number of buildings within 50 m of water",
    ),
    (
        "houses near forest and water, within 50 m: how many",
        "the number of buildings within 50 m of forest and within 50 m of water",
    ),
    (
        "by how many ha does forest exceed grass",
        "how much larger is the area of forest than the area of grassland, in ha",
    ),
    (
        "how large is the gap between road and nearest house, in feet",
        "the shortest distance from roads to buildings, in ft",
    ),
    (
        "how many forest patches touch neither water nor road",
        "the number of forest regions not touching water and not touching roads",
    ),
    ("what do forest and grass cover together, in ha", "the area of forest and grassland, in ha"),
]


def said_against(wording: str, plain: str) -> str | None:
    asked = heard(wording)
    return asked.against or objection(asked.says, plain, parse(plain))


@pytest.mark.parametrize("wording", [*TOLD_BEHIND, *OF_A_KIND])
def test_what_tells_which_are_meant_never_reaches_the_model(wording: str) -> None:
    assert heard(wording).against


@pytest.mark.parametrize(("wording", "plain"), WRONG)
def test_what_says_something_else_is_refused(wording: str, plain: str) -> None:
    assert said_against(wording, plain) is not None


@pytest.mark.parametrize(("wording", "plain"), RIGHT)
def test_what_says_the_same_is_taken(wording: str, plain: str) -> None:
    assert said_against(wording, plain) is None
