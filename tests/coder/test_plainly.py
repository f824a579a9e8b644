"""Everyday wordings mean what their plain ones do; what is one word apart means something else, or is refused."""

from __future__ import annotations

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import sentence
from planimeter.meaning.record import Record

SAME = {
    "How many buildings are within 60 m of forest?": (
        "If the fire jumps 60 m beyond the forest, how many buildings can it reach?",
        "Suppose embers fly 60 m from the forest: how many buildings would be hit?",
        "How many buildings are in the ember zone (within 60 m of forest)?",
        "How many buildings are exposed, i.e. within 60 m of forest?",
        "count(buildings where distance to forest <= 60 m)",
        "URGENT: how many buildings are within 60 m of the forest edge? Fire approaching.",
        "We study bats. How many buildings are within 60 m of forest?",
        "Bats hunt along the edge of woods. The law protects bats. How many buildings are within 60 m of forest?",
        "The forest is burning. How many buildings are within 60 m of it?",
        "For the evacuation plan, how many buildings are within 60 m of forest?",
        "Can anyone here tell me how many buildings are within 60 m of forest?",
        "hey so um how many of the buildings lie within 60 m of the forest then?",
    ),
    "How many lakes larger than 500 m2 are there?": (
        "Find all lakes. Keep those larger than 500 m2. Count them.",
        "Detect the lakes, retain only those larger than 500 m2 and tell me how many there are.",
        "Being keen on maps and fond of swimming I wonder how many lakes larger than 500 m2 there are",
    ),
    "How many buildings are more than 50 m from a road?": (
        "How many buildings are out of reach of a 50 m hose from the road?",
        "How many homes are quiet, that is to say more than 50 m from a road?",
        "With a 50 m road buffer in place, how many buildings would remain unaffected?",
        "Buildings outside the noise zone (more than 50 m from a road): how many?",
    ),
    "How many buildings are less than 15 m from water?": (
        "How many buildings violate a 15 m setback from the water?",
        "How many buildings have a distance to the water of less than 15 m?",
    ),
    "How many buildings are at least 15 m from water?": (
        "How many buildings comply with a 15 m setback from the water?",
    ),
    "What is the area of forest within 30 m of water, in ha?": (
        "Intersect forest with a 30 m buffer around water and report the area in ha.",
        "Quantify the riparian forest, defined as forest within 30 m of water, in ha.",
    ),
    "What is the area of farmland that is more than 15 m from roads?": (
        "Erase from farmland everything within 15 m of roads: what area remains?",
    ),
    "What is the ratio of the area of forest to the area of water?": (
        "How many times does the water fit into the forest?",
        "area(forest) / area(water)",
        "Forest : water area ratio?",
    ),
    "What percentage of the image is forest?": (
        "To what extent is the image covered by forest, in percent?",
        "The forest, it represents what percentage of the image?",
        "I was wondering what percentage of this picture is forest, if it isn't too much trouble.",
        "Forest Cover (%)",
    ),
    "How many buildings are there?": (
        "I see many buildings! How many are there?",
        "Would you be so kind as to tell me how many buildings there are?",
        "building_count",
        "Output an integer only. Number of buildings?",
    ),
    "Which covers more, forest or water?": (
        "which one takes up more room, the forest or the water",
        "Compare forest and water: which covers more?",
    ),
    "What is the shortest distance from buildings to water?": (
        "What's the closest any building comes to the water?",
        "min distance(buildings, water)",
        "Minimum distance building–water",
    ),
}


def _bare(value: object) -> object:
    """A meaning without how its nouns were said."""
    if isinstance(value, tuple):
        return tuple(map(_bare, value))
    if isinstance(value, Record):
        said = ("said", "kind", "plural", "definite", "regions", "joined", "unit")
        return type(value).__name__, tuple(
            _bare(getattr(value, name)) for name in value.__match_args__ if name not in said
        )
    return value


@pytest.mark.parametrize(("plain", "free"), [(plain, free) for plain in SAME for free in SAME[plain]])
def test_an_everyday_wording_means_what_the_plain_one_does(plain: str, free: str) -> None:
    assert _bare(parse(free).meaning) == _bare(parse(plain).meaning), sentence(parse(free).meaning)


@pytest.mark.parametrize(
    "question",
    [
        "How many buildings would be flooded?",
        "How far is my house from the water?",
        "How many buildings are on my land?",
        "Wheat: how many fields are larger than 1 ha?",
        "Churches: how many buildings are there?",
        "Northern district: how many buildings are there?",
        "For the village, how many houses are there?",
        "For the northern flood assessment, how many buildings are within 50 m of water?",
        "Wooden houses burn easily. How many are there?",
        "Wooden houses burn easily. How many houses are within 50 m of forest?",
        "The study concerns the eastern shore. How many houses are within 50 m of water?",
        "The forest was larger in 1990. How many houses are within 50 m of forest?",
        "The law counts sheds as houses. How many houses are within 50 m of forest?",
        "Our company insures wooden buildings. How many buildings are within 30 m of forest?",
        "There is a bus stop by the road. How many houses are within 50 m of it?",
        "If the water rises 2 m, how many buildings are flooded?",
        "Suppose a 10 m high wall is built around the water: how many buildings are safe?",
        "If the fire does not jump 60 m from the forest, how many buildings can it reach?",
        "If the fire jumps 60 m from the forest to the houses, how many buildings can it reach?",
        "How many buildings are outside the flood zone (within 50 m of water)?",
        "How many buildings are safe from flooding (within 50 m of water)?",
        "How many buildings can a 50 m crane reach from the road?",
        "count(buildings where height > 10 m)",
        "True or false: the forest is healthy.",
        "Look at the northern half. How many houses are there?",
        "I want houses with a garden. How many houses are there?",
        "The council only counts inhabited houses. How many houses are there?",
        "In our downtown I want to know how many houses there are",
        "I insure churches, how many buildings are there?",
        "I mean the big ones, how many buildings are there?",
        "how many houses are there in my part of town",
        "how many houses are there that we own",
        "how many houses are there if we build ten more",
        "Find all lakes. Keep those that are deep. Count them.",
    ],
)
def test_what_only_looks_alike_is_refused(question: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(question)


def test_what_is_left_aside_is_said() -> None:
    assert parse("Our clients are dentists. How many houses are there?").notes == (
        'Left aside: "Our clients are dentists."',
    )
