"""What a plain sentence may stand for, and what it may not: tables of both."""

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.coder.rewriter.account import unaccounted
from planimeter.coder.rewriter.cues import cues
from planimeter.coder.rewriter.strange import strangeness

SAME = [
    (
        "so um, how many houses would a 50 m strip along the lake hit?",
        "the number of buildings within 50 m of water",
    ),
    (
        "If we drew a 30 m buffer around water, how many buildings would fall inside it?",
        "the number of buildings within 30 m of water",
    ),
    (
        "With a 50 m forest buffer, how many houses would stay outside?",
        "the number of buildings more than 50 m from forest",
    ),
    (
        "houses that ain't within 40 m of a road, how many",
        "the number of buildings more than 40 m from roads",
    ),
    (
        "Houses not at risk, meaning more than 50 m away from water: count",
        "the number of buildings more than 50 m from water",
    ),
    (
        "How many lakes have neither a road nor a building within 30 m?",
        "the number of water regions more than 30 m from roads and more than 30 m from buildings",
    ),
    (
        "How many lakes have both a road and a building within 60 m?",
        "the number of water regions within 60 m of roads and within 60 m of buildings",
    ),
    (
        "first exclude houses below 80 m2, then count how many remain",
        "the number of buildings at least 80 m2",
    ),
    ("how many ponds are no bigger than 200 m2, please", "the number of water regions at most 200 m2"),
    ("max(building area)", "the area of the largest building"),
    ("area(forest) > area(water)?", "whether the area of forest is larger than the area of water"),
    ("What's the woods come to, in acres?", "the area of forest, in acres"),
    (
        "The forest, it represents what percentage of the image?",
        "the percentage of the image covered by forest",
    ),
    ("Minimum distance building-water, m", "the shortest distance from buildings to water, in m"),
    ("which contributes more area, roofs or roads?", "which has the larger area, buildings or roads"),
    (
        "does the field occupy more than half of the picture",
        "whether the percentage of the image covered by agricultural land is more than 50%",
    ),
    (
        "what percentage of the woods would lie inside a 30 m strip along roads",
        "the percentage of the area of forest that is within 30 m of roads",
    ),
    (
        "share of roofs in the ember zone, i.e. no more than 80 m from trees",
        "the percentage of buildings that are within 80 m of forest",
    ),
]
OTHER = [
    ("which half has got the most forest going on", "the area of forest", "number 50"),
    ("so how much forest would each half have", "the area of forest", "number 50"),
    ("how many houses would each quadrant have got", "the number of buildings", "list"),
    ("which quadrant is the one where the buildings are", "the number of buildings", "number"),
    (
        "how many fields would you say contain a house",
        "the number of agricultural regions touching buildings",
        "touching",
    ),
    (
        "the fields that contain houses, how many houses do they come to",
        "the number of buildings overlapping agricultural land",
        "hold",
    ),
    (
        "what percentage of fields touches a house",
        "the percentage of agricultural regions that contain a building",
        "touching",
    ),
    (
        "how many fields have we got near a house",
        "the number of agricultural regions that contain a building",
        "hold",
    ),
    (
        "how many houses lie outside the 50 m strip along the water",
        "the number of buildings within 50 m of water",
        "direction",
    ),
    (
        "how many houses are less than 50 m from water",
        "the number of buildings within 50 m of water",
        "direction",
    ),
    ("how many houses are within 60 m of water", "the number of buildings within 50 m of water", "number"),
    ("how many houses are within 50 ft of water", "the number of buildings within 50 m of water", "number"),
    ("how many houses are there", "the number of buildings within 50 m of water", "number"),
    ("how many houses are within 50 m of water", "the number of buildings", "number"),
    (
        "how many houses are within 50 m of water",
        "the number of water regions within 50 m of buildings",
        "counted",
    ),
    (
        "how many houses are within 50 m of a road",
        "the number of buildings within 50 m of water",
        "measured to",
    ),
    (
        "how many houses are within 50 m of water or forest",
        "the number of buildings within 50 m of water",
        "topic",
    ),
    ("how much forest is there, in ha", "the area of forest", "unit"),
    ("how much forest is there", "the area of forest, in ha", "unit"),
    ("how many percent is forest", "the area of forest", "percent"),
    ("what is the median house area", "the average area of single buildings", "mean"),
    ("what is the area of the smallest lake", "the area of the largest water region", "largest"),
    ("what is the area of the second largest lake", "the area of the largest water region", "rank"),
    (
        "what is the area of the water without the largest lake",
        "the area of the largest water region",
        "denial",
    ),
    ("which cover has the smallest area", "which land cover has the largest area", "most"),
    ("is every house within 50 m of water", "whether there are any buildings within 50 m of water", "all"),
    ("is any house within 50 m of water", "whether all buildings are within 50 m of water", "all"),
    (
        "are no houses within 50 m of water",
        "whether there are any buildings within 50 m of water",
        "direction",
    ),
    (
        "is there less forest than water",
        "whether the area of forest is larger than the area of water",
        "larger",
    ),
    (
        "is there more water than forest",
        "whether the area of forest is larger than the area of water",
        "order",
    ),
    (
        "is there more forest or more water",
        "whether the area of forest is larger than the area of water",
        "or",
    ),
    ("are there any lakes", "the number of water regions", "yes-or-no"),
    ("how many lakes are there", "whether there are any water regions", "value"),
    ("how many houses are north of the centre", "the number of buildings", "part of the image"),
    ("how many large lakes are there", "the number of water regions", "large"),
    ("how many houses lack a road within 50 m", "the number of buildings within 50 m of roads", "direction"),
    (
        "is there twice as much forest as water",
        "whether the area of forest is larger than the area of water",
        "twice",
    ),
    (
        "is the forest one connected block or several",
        "whether forest is connected or fragmented",
        "connected",
    ),
    ("how many houses are larger than the neighbouring ones", "the number of buildings", "compared"),
    ("how many lakes are surrounded by forest", "the number of water regions touching forest", "surrounded"),
    ("how long is the area of roads", "the area of roads", "length"),
    ("how many buildings are at risk", "the number of buildings", "risk"),
    ("is there plenty of forest", "whether there is any forest", "enough"),
    ("how many adjoining houses are there", "the number of buildings", "touching"),
    ("how many houses have only forest within 50 m", "the number of buildings within 50 m of forest", "only"),
    (
        "what share of the woods is within 50 m of a road",
        "the percentage of forest regions that are within 50 m of roads",
        "area",
    ),
    (
        "what share of the lakes is within 50 m of a road",
        "the percentage of the area of water that is within 50 m of roads",
        "number",
    ),
    (
        "how many lakes have both a road and a house within 60 m",
        "the number of water regions within 60 m of roads",
        "topic",
    ),
    (
        "what is the average distance from houses to water",
        "the shortest distance from buildings to water",
        "mean",
    ),
    ("how far is the farthest house from water", "the shortest distance from buildings to water", "farthest"),
    (
        "how much larger is the forest than the water",
        "the ratio of the area of forest to the area of water",
        "ratio",
    ),
    ("area(forest) > area(water)", "the ratio of the area of forest to the area of water", "compares"),
    ("how many houses are there per hectare", "the number of buildings", "area"),
]
NARROWING = [
    "how many wooden houses are there",
    "how many houses were there in 1990",
    "who owns the lake",
    "how tall are the houses",
    "how many houses overlooking the estuary are within 50 m of water",
    "what is the price of the largest house",
    "how many insured houses lie within 50 m of water",
    "how many houses are there now that the dam broke within 50 m of water",
    "how deep is the lake",
    "what is the name of the river",
]


@pytest.mark.parametrize(("question", "plain"), SAME)
def test_a_plain_sentence_that_says_the_same_is_taken(question, plain):
    asked = cues(question)
    assert strangeness(asked) is None
    assert unaccounted(asked, cues(plain), parse(plain).meaning) is None


@pytest.mark.parametrize(("question", "plain", "reason"), OTHER)
def test_a_plain_sentence_that_says_something_else_is_refused(question, plain, reason):
    said = unaccounted(cues(question), cues(plain), parse(plain).meaning)
    assert said is not None
    assert reason in said, said


@pytest.mark.parametrize("question", NARROWING)
def test_words_that_no_map_shows_are_not_dropped(question):
    assert strangeness(cues(question)) is not None


@pytest.mark.parametrize("plain", sorted({plain for _, plain in SAME}))
def test_every_plain_sentence_stands_for_itself(plain):
    said = cues(plain)
    assert unaccounted(said, cues(plain), parse(plain).meaning) is None
