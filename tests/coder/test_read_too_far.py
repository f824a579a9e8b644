"""Hard negatives: wordings one word apart from what is read, which were once answered with a confident wrong number."""

from __future__ import annotations

import pytest

from planimeter.coder import Request, find_coder
from planimeter.coder.grammar.parse import parse
from planimeter.errors import NotUnderstood, QuestionError
from planimeter.meaning.reading import sentence
from planimeter.vocabulary.topics import TOPICS

REFUSED = {
    "what does not spread outward from one topic": (
        "Suppose the water recedes 20 m: how many buildings would be dry?",
        "Suppose the water retreats by 20 m from its shore, how many buildings would be safe?",
        "If the water spreads 30 m per hour, how many buildings are flooded?",
        "If the fire starts 60 m from the forest, how many buildings can it reach?",
        "If the fire stops 60 m before the forest, how many buildings can it reach?",
        "If the fire stays 60 m away from the forest, how many buildings are safe?",
        "If smoke drifts 60 m downwind of the forest, how many buildings are affected?",
        "If we build a 60 m fence around the forest, how many buildings are inside?",
        "Given 60 m of road, how many buildings are affected?",
        "If roads were 10 m wider, how much grass would be lost?",
        "How many buildings would a 50 m high strip along the river affect?",
    ),
    "not of two, of which either may be denied": (
        "How many buildings are not both larger than 100 m² and within 50 m of water?",
        "How many buildings are not at the same time larger than 100 m² and within 20 m of a road?",
        "How many buildings are not at once larger than 100 m² and within 50 m of water?",
        "How many buildings are not larger than 100 m² and within 50 m of water?",
        "How many buildings do not lie within 50 m of water and within 20 m of a road?",
        "What percentage of buildings isn't at the same time larger than 100 m² and within 50 m of water?",
        "How many buildings are not in the left half or the upper half?",
    ),
    "an area per area, and two ranks at once": (
        "How much building area is there per hectare of land?",
        "What is the building area per hectare of the image?",
        "How much forest is there per hectare of land?",
        "What is the total area of the second and third largest lakes?",
    ),
    "a density that may be of the image or of some ground": (
        "What is the density of buildings within 100 m of water?",
    ),
    "whole things that have something near them, or their part there": (
        "What is the total area of lakes that have a building within 20 m?",
    ),
    "a zone that is a place of its own": (
        "How many buildings are in the industrial area, within 50 m of water?",
        "How many buildings are in the old town area (within 50 m of water)?",
        "How many buildings are in the nature reserve area (within 50 m of forest)?",
        "How many buildings are in the inner zone (within 50 m of water)?",
    ),
    "a quality that no distance defines": (
        "How many buildings are tall, that is, within 50 m of a road?",
        "How many buildings are for sale, let's say within 50 m of water?",
        "How many buildings are hardly safe, meaning more than 50 m from water?",
    ),
    "a size beside a distance": (
        "How many big lakes more than 50 m from a road are there?",
        "How many small buildings less than 50 m from water are there?",
        "How many huge fields over 50 m from water are there?",
    ),
    "stories and reasons that say which are meant": (
        "The survey covers the harbour. How many buildings are there?",
        "We repair barns. How many buildings are there?",
        "The report studies wooden cabins. How many buildings are there?",
        "I'm counting schools and need to know how many buildings are there",
        "You are a helpful assistant that only counts schools. How many buildings are there?",
        "How many buildings are there, since the council wants only schools?",
        "How many buildings are there, because I need schools?",
        "How many buildings are there, given that the law requires flat roofs?",
        "How many buildings are there, as the client owns the northern half?",
        "How many buildings are there, we have to leave out sheds?",
        "How many buildings are there we must keep?",
        "How many buildings are there I want to buy?",
        "For barn insurance, how many buildings are there?",
        "Hotel management: how many buildings are there?",
    ),
    "another time, another owner": (
        "Before I moved here: how many buildings are there?",
        "Before we rebuild: how many buildings are there?",
        "Following the demolition, how many buildings are there?",
        "How many houses do they own?",
        "How many houses do I own?",
        "How many houses I own?",
        "How many houses did they see?",
        "How many lakes did we have?",
        "Did we have more forest than water?",
        "How many buildings do we have to plant around?",
    ),
    "a limit that is hardly passed, and one of several beside one that is chosen": (
        "How many houses are only just beyond 50 m from water?",
        "How many buildings are just over 200 m2?",
        "How many fields are slightly larger than 1 ha?",
        "How large is the lake within 50 m of the largest house?",
    ),
    "a rest, a sum, a choice of another thing": (
        "How many buildings are within 50 m of any lake other than the largest?",
        "area of forest plus area of forest within 50 m of water",
        "the difference between the number of lakes and the largest lake",
        "Which has more buildings, forest or water?",
        "mean(building area) >= mean(lake area)",
        "How much bigger is forest than water in percent?",
        "How many buildings are only within 50 m of forest?",
        "Is any building bigger than the biggest lake?",
        "Are all but the largest building within 50 m of water?",
        "What is the total size of all lakes but one?",
        "Are there more buildings larger than 100 m2 than smaller ones?",
        "With a buffer of 50 m around water and roads, how many buildings would be inside?",
        "With a 50 m buffer around all lakes larger than 1 ha, how many buildings would be inside?",
        "If everything beyond 50 m of water were flooded, how many buildings would be wet?",
        "If the road is moved 50 m, how many houses are lost?",
    ),
    "two things that are asked, of which one is measured": (
        "I need the position and the area of the largest lake",
        "Give us the ratio and the area of forest and water",
        "Make me a pie chart of the area of forest and water",
    ),
    "which of all of them": (
        "Of all the houses which are north of the road, how many are larger than 100 m2?",
        "Of all the houses that belong to me, how many are larger than 100 m2?",
        "Of all the buildings that were built in 1990, how many are larger than 100 m2?",
    ),
    "harm that no size brings about": (
        "How many houses over 100 m² would be flooded?",
        "How many fields larger than 1 ha could be affected by the road?",
        "How many houses over 150 m2 would be lost?",
        "How many houses within 50 m of a road would be flooded?",
        "How many houses within 50 m of a road could be hit by the forest fire?",
    ),
    "what lies on an edge": (
        "How much forest edge is within 50 m of a road?",
        "How many hectares of forest edge are there?",
        "What is the area of the river bank?",
        "How much grass is there on the river bank?",
        "How many houses are on the lake shore?",
        "How many hectares of field margin are there?",
        "What percentage of the river banks is forest?",
        "How many houses stand at the edge of the forest?",
    ),
    "the ones that somebody wants to know": (
        "How many houses are there, I want to know the ones by the lake",
        "How many houses are there, we need to know the number by the lake",
    ),
    "each of them, and how much there": (
        "How big are the individual forest patches?",
        "How many homes lie within 300 m of at least 1 ha of green space?",
    ),
}  # fmt: skip

STILL = {
    "Considering all the buildings that stand in the northern half, how many are within 50 m of a road?": (
        "The number of buildings overlapping the northern half of the image and within 50 m of roads."
    ),
    "Out of all the lakes which lie within 100 m of a road, what share is larger than 1 ha?": (
        "The percentage of the water regions within 100 m of roads, by number, that are larger than 1 ha."
    ),
    "Of all the buildings that are visible here, how many are larger than 100 m2?": (
        "The number of buildings larger than 100 m²."
    ),
    "What is the area of forest and the area of water combined?": "The area of forest and water.",
    "Tell me the areas covered by forest and water": (
        "The area and the percentage of the image of forest, water."
    ),
    "How many buildings are within 60 m of the forest edge?": "The number of buildings within 60 m of forest.",
    "How far is the forest edge from the nearest house?": (
        "The shortest distance from forest regions to buildings."
    ),
    "How close is the nearest house to the lake's edge?": "The shortest distance from buildings to water.",
    "How much farmland lies within a 10 m strip along the river bank?": (
        "The area of agricultural land, only the part that is within 10 m of water."
    ),
    "How many houses within 50 m of the river would be flooded?": (
        "The number of buildings within 50 m of water."
    ),
    "How many buildings larger than 200 m² can be used as shelters?": (
        "The number of buildings larger than 200 m²."
    ),
    "How many houses are there, we need to plan for next year": "The number of buildings.",
    "I need an estimate of the number of lakes": "The number of water regions.",
    "How many homes are in the forest fire risk zone (within 50 m of forest)?": (
        "The number of buildings within 50 m of forest."
    ),
    "If the river widens by 20 m on each side, how many buildings would be flooded?": (
        "The number of buildings within 20 m of water."
    ),
    "If we keep a 20 m buffer along the river, how much farmland is lost?": (
        "The area of agricultural land, only the part that is within 20 m of water."
    ),
    "How many lakes other than the largest are within 50 m of a building?": (
        "The number of water regions other than the largest and within 50 m of buildings."
    ),
    "How many tiny buildings under 100 m2 are there?": "The number of buildings smaller than 100 m².",
    "How many buildings are in the fire zone (within 50 m of forest)?": (
        "The number of buildings within 50 m of forest."
    ),
    "mean(building area) > mean(lake area)": (
        "Whether the average area of single buildings is larger than the average area of single water regions."
    ),
    "area of forest plus area of water": "The area of forest and water.",
    "Which has more patches, forest or water?": "Which has the largest number: forest regions, water regions.",
    "Which covers more, forest, water or grass?": "Which has the largest area: forest, water, grassland.",
    "How many ponds do we have?": "The number of water regions.",
    "Before we begin: how many buildings are there?": "The number of buildings.",
    "How many buildings are there, because the council asks?": "The number of buildings.",
}


@pytest.mark.parametrize("question", [question for kind in REFUSED.values() for question in kind])
def test_what_says_something_else_is_refused_by_the_grammar(question: str) -> None:
    with pytest.raises(QuestionError):
        parse(question)


@pytest.mark.parametrize("question", [question for kind in REFUSED.values() for question in kind])
def test_no_rewriting_makes_a_number_of_it(question: str) -> None:
    with pytest.raises(QuestionError):
        find_coder().write(Request(question, TOPICS, 1.0))


@pytest.mark.parametrize(("question", "reading"), STILL.items())
def test_what_is_one_word_apart_is_still_read(question: str, reading: str) -> None:
    assert sentence(parse(question).meaning) == reading


FOR_BOTH = {
    "Is there more forest than water within 50 m of a road?": (
        "Is there more forest within 50 m of a road than water within 50 m of a road?"
    ),
    "Are there more houses than lakes within 50 m of a road?": (
        "Are there more houses within 50 m of a road than lakes within 50 m of a road?"
    ),
}


@pytest.mark.parametrize("question", FOR_BOTH)
def test_a_distance_behind_a_comparison_is_for_both(question: str) -> None:
    assert parse(question).meaning == parse(FOR_BOTH[question]).meaning


@pytest.mark.parametrize(
    "question",
    [
        "Is the area of forest larger than the area of water within 50 m of a road?",
        "What is the ratio of the number of houses to the number of lakes within 50 m of a road?",
    ],
)
def test_a_distance_that_may_be_for_the_last_alone_is_refused(question: str) -> None:
    with pytest.raises(NotUnderstood, match="may be meant for both"):
        parse(question)


def test_a_distance_that_is_said_of_the_first_is_for_it_alone() -> None:
    first, second = (
        parse(f"Is there more forest{place} than water?").meaning for place in (" within 50 m of a road", "")
    )
    assert first.second == second.second
    assert first.first != second.first
