"""Kinds of which the guards once refused every second right rewriting, each with what it must not be taken for."""

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.coder.rewriter.heard import heard
from planimeter.coder.rewriter.rewriter import objection
from planimeter.errors import NotUnderstood

RIGHT = [
    ("all the lakes except the largest one, how many is that", "the number of lakes other than the largest"),
    (
        "crop fields minus the biggest one, how many",
        "the number of agricultural regions other than the largest",
    ),
    ("take away the biggest lake and count the others", "the number of lakes other than the largest"),
    (
        "how many ha do the lakes cover when the biggest is left out",
        "the area of lakes other than the largest, in ha",
    ),
    (
        "leave out the biggest lake and average the rest",
        "the average area of single lakes other than the largest",
    ),
    (
        "how far apart are mean and median of the house sizes",
        "the average minus the median area of buildings",
    ),
    ("range of lake areas, in m2", "the largest minus the smallest area of lakes, in m2"),
    (
        "how much does the largest lake stand out from the average",
        "the largest minus the average area of lakes",
    ),
    ("how many average lakes fit into the biggest one", "the ratio of the largest to the average lake area"),
    (
        "by what factor does the biggest lake exceed the smallest one",
        "the ratio of the largest to the smallest lake area",
    ),
    (
        "which part of the area of lakes do those over 5 ha make up",
        "the percentage of the area of water that is in lakes larger than 5 ha",
    ),
    ("add up forest, water and grass, in ha", "the area of forest, water and grassland, in ha"),
    (
        "what part of the image is covered by forest, water and grass",
        "the percentage of the image covered by forest, water and grassland",
    ),
    (
        "how do forest and grass together compare with water, as a ratio",
        "the ratio of the area of forest and grassland to the area of water",
    ),
    (
        "which is broken into more pieces, the forest or the water",
        "which has the largest number of patches, forest or water",
    ),
    (
        "on average, how far is a house from the next house",
        "the average nearest neighbour distance between buildings",
    ),
    ("mean spacing of the lakes in km", "the average nearest neighbour distance between lakes, in km"),
    ("how close do two lakes come to each other", "the shortest nearest neighbour distance between lakes"),
    ("azimuth of the long side of the biggest lake", "the direction of the longer axis of the largest lake"),
    (
        "subtract water area from forest area, in ha",
        "how much larger is the area of forest than the area of water, in ha",
    ),
    (
        "are there more lakes than fields here",
        "whether the number of lakes is larger than the number of agricultural regions",
    ),
    ("people say it is green here. how many lakes are there. number only.", "the number of lakes"),
]
WRONG = [
    ("all the lakes except the largest one, how many is that", "the number of lakes"),
    ("all the lakes except the largest one, how many is that", "the number of lakes other than the smallest"),
    (
        "not counting the largest one, what is the total area of lakes",
        "the number of lakes other than the largest",
    ),
    ("range of lake areas", "the largest minus the average area of lakes"),
    ("mean minus median lake size", "the median minus the average area of lakes"),
    ("ratio of the smallest to the largest lake area", "the ratio of the largest to the smallest lake area"),
    (
        "how do forest and grass together compare with water, as a ratio",
        "the ratio of the area of forest to the area of grassland and water",
    ),
    ("by how much does vegetation exceed water, in acres", "the area of vegetation and water, in acres"),
    ("forest or water, which has more area", "the area of forest and water"),
    ("which has more area, forest or water", "which has the largest number of patches, forest or water"),
    ("how many lakes are there", "the shortest nearest neighbour distance between lakes"),
    ("what is the area of the water", "the average nearest neighbour distance between lakes"),
    (
        "how far is the nearest lake from a neighbouring house",
        "the shortest distance from lakes to buildings",
    ),
    ("what is the area of the largest lake", "the direction of the longer axis of the largest lake"),
    ("what is the area of the second largest lake", "the area of the third largest lake"),
    ("is there a woodlot larger than 1 ha", "whether the area of forest is more than 1 ha"),
    ("is the forest area larger than 2 ha", "whether there are any forests larger than 2 ha"),
    ("is the forest larger than the water", "whether the area of forest is at least the area of water"),
    (
        "what share of the forest is more than 95 m from water",
        "the percentage of the image covered by forest more than 95 m from water",
    ),
    ("how much building area is there per hectare of land", "the number of buildings per hectare"),
    ("what is the building area per hectare of the image", "the number of buildings per hectare"),
    ("the total area of the second and third largest lakes", "the area of the second largest lake"),
    ("the total area of the second and third largest lakes", "the area of lakes"),
    (
        "how many buildings are not both larger than 100 m² and within 50 m of water",
        "the number of buildings at most 100 m² and within 50 m of water",
    ),
    (
        "how many houses are not within 50 m of water and larger than 90 m²",
        "the number of buildings more than 50 m from water and larger than 90 m²",
    ),
    ("is any lake more than 25 m from roads", "whether there are any roads more than 25 m from lakes"),
]
SPOILT = [
    "how many houses made of wood are there",
    "what is the area of the largest building under construction",
    "buildings with solar panels, how many with people in them",
    "how many lakes are within 50 m of forest before the flood",
    "what is the average size of the derelict patches of forest",
]


def said_against(wording: str, plain: str) -> str | None:
    asked = heard(wording)
    return asked.against or objection(asked.says, plain, parse(plain))


@pytest.mark.parametrize(("wording", "plain"), RIGHT)
def test_what_says_the_same_is_taken(wording: str, plain: str) -> None:
    assert said_against(wording, plain) is None


@pytest.mark.parametrize(("wording", "plain"), WRONG)
def test_what_says_something_else_is_refused(wording: str, plain: str) -> None:
    assert said_against(wording, plain) is not None


@pytest.mark.parametrize("wording", SPOILT)
def test_what_no_map_shows_is_refused(wording: str) -> None:
    assert heard(wording).against


@pytest.mark.parametrize(
    "question",
    [
        "What is the area of the second largest lake other than the largest?",
        "How many lakes are there can you swim in?",
        "Suppose the lake extends 50 m, how many houses are affected?",
    ],
)
def test_the_grammar_refuses_what_it_once_read_wrongly(question: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(question)


def test_a_lake_that_extends_by_a_distance_is_a_zone() -> None:
    zone = parse("How many houses are within 50 m of the lake?").meaning
    assert parse("Suppose the lake extends by 50 m, how many houses are affected?").meaning.of.where[
        0
    ].bounds == (zone.of.where[0].bounds)
