"""What a question implies: which end distances run from, units in words for areas, tables, nouns told by their size."""

from __future__ import annotations

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.errors import QuestionError
from planimeter.meaning.reading import sentence

MEANT = {
    # distances run from things to covers, whichever was named first
    "The average distance from buildings to roads.": (
        "How far is a road from a building on average?",
        "What is the average distance between roads and buildings?",
        "What is the mean distance from the road to the houses?",
        "distance house to road mean",
        "Compute the nearest-neighbour distance from each building to the road and report the mean.",
    ),
    "The longest distance from buildings to forest.": (
        "What is the maximum distance from the forest to buildings?",
    ),
    "The average distance from forest regions to buildings.": (
        "What is the average distance from forest patches to buildings?",
    ),
    "The average distance from forest regions to water.": (
        "What is the average distance from forest to water?",
    ),
    "The average distance from forest regions to the nearest other of them.": (
        "How isolated are the woods - what is the average distance from one wood to the next?",
    ),
    # of the nearest or the farthest alone
    "Whether the shortest distance from water regions to agricultural land is more than 150 m.": (
        "Is the closest water to the fields more than 150 m away?",
    ),
    "Whether the shortest distance from buildings to water is less than 50 m.": (
        "Is the nearest house to the lake closer than 50 m?",
    ),
    "Whether the longest distance from buildings to roads is more than 200 m.": (
        "Is the house farthest from the road more than 200 m away?",
    ),
    "The longest distance from buildings to roads.": ("What distance has the farthest house to the street?",),
    # several covers one by one
    "The area and the percentage of the image of forest, grassland.": (
        "What are the areas of forest and grass?",
        "Compare the area of forest and grass.",
        "Compare forest and grass.",
        "forest vs grass",
        "forest versus grassland area",
    ),
    "The area of forest and grassland.": (
        "What are the areas of forest and grass together?",
        "What is the area of the union of forest and grass?",
    ),
    "The area and the percentage of the image of every land cover.": (
        "Provide a breakdown of land use by percentage.",
    ),
    # the largest of two kinds
    "Which has the largest area: the largest water region, the largest agricultural region.": (
        "Which is larger, the largest lake or the largest field?",
    ),
    "The number of buildings either within 50 m of the largest water region or within 50 m of the largest "
    "agricultural region.": ("How many houses are within 50 m of the largest lake or the largest field?",),
    "A list of the 3 largest buildings with their areas.": ("top 3 buildings by size",),
    "A list of the largest water region with its area.": ("biggest lake",),
    "The area of the largest water region.": ("biggest lake, m2",),
    "The area of the second largest agricultural region.": (
        "Which is the second largest field and how big is it?",
    ),
    # numbers under two conditions
    "The number of buildings within 25 m of roads minus the number of buildings within 30 m of water.": (
        "How many more houses are near the road (within 25 m) than near the water (within 30 m)?",
        "How many more houses are within 25 m of a road than within 30 m of water?",
    ),
    "Whether the number of buildings within 25 m of roads is larger than the number of buildings within 30 m of "
    "water.": ("Are there more houses within 25 m of a road than within 30 m of water?",),
    "The number of buildings within 20 m of roads and within 20 m of grassland.": (
        "How many houses have both a road and some grass within 20 m?",
    ),
    # what a word for a size means is told by the way
    "The number of buildings larger than 250 m².": (
        "A big house is one over 250 m2. How many big houses are there?",
        "Let's say a big house is one over 250 square meters. How many big houses are there?",
    ),
    "The number of buildings at least 500 m².": ("How many large buildings, at least 500 m2, do we have?",),
    "The number of buildings with no other of their kind within 50 m.": (
        "How many buildings stand isolated, with no other building within 50 m?",
    ),
    # ways of saying
    "The number of agricultural regions not touching roads.": ("how many fields dont touch a road",),
    "Whether all buildings are within 50 m of roads.": ("isnt every house within 50 m of a road?",),
    "The number of water regions touching forest.": (
        "How many water bodies touch or intersect a forest?",
        "How many ponds border woods?",
    ),
    "The number of forest regions.": (
        "How many groups of trees are there?",
        "How many wood patches show up here?",
    ),
    "The number of buildings more than 80 m from roads.": (
        "Number of dwellings not served by a road within 80 m",
    ),
    "The area of forest, only the part that is within 150 m of roads.": (
        "What's the forest area reachable within 150 m of a road?",
        "The forest within 150 m of roads needs thinning: what area?",
    ),
    "The percentage of the image covered by buildings.": (
        "What is the building coverage ratio of this site?",
    ),
    "The percentage of the image covered by the largest forest region.": (
        "What's the largest patch index of forest (biggest patch as percentage of landscape)?",
    ),
    "The percentage of the image not covered by forest or water.": (
        "Share of the image neither forest nor water",
    ),
    "The percentage that the area of forest makes up of the area of vegetation.": (
        "Proportion of forest to total vegetation?",
    ),
    "The area of buildings.": (
        "How big would all the roofs be together?",
        "total roof area. Output: number only.",
    ),
    "Which has the largest number: land cover classes.": ("Which class has the greatest number of patches?",),
    "Which has the smallest area: land cover classes.": ("Which type of land is the rarest here?",),
    "Whether there are any water regions.": ("water yes or no",),
    "The percentage of the image covered by vegetation.": (
        "How green is this neighbourhood: what percentage is vegetation?",
    ),
    "The percentage of the buildings, by number, that are smaller than 100 m².": (
        "In what proportion of buildings is the footprint under 100 m²?",
    ),
    "The percentage of the area of forest that is within 100 m of buildings.": (
        "What percentage of forest pixels is within 100 m of a building pixel?",
    ),
    "The number of buildings more than 50 m from roads.": ("houses without road 50m",),
    "The area of grassland.": ("If all the grass were put together, how many hectares would it be?",),
    "Which has the largest area: forest, water.": ("Who is bigger: the forest or the lake?",),
    # formats and formulas
    "How many buildings there are by area, in classes of 100 m².": ("Count roofs by size class of 100 m²",),
    "Of the distances of buildings to roads: smallest, largest, average.": (
        "min, max and mean of distance(building, road)",
    ),
    "The number of buildings.": ("Return only an integer: number of roofs.",),
    "The number of solar installations.": ("Please return JSON with the count of solar arrays.",),
    "The percentage of the image covered by water.": ("What is the percentage of water? Format: XX.X%",),
    "The number of buildings larger than 120 m².": (
        "Given this image at 0.5 m/px, count all rooftops bigger than 120 m².",
    ),
    "The number of buildings between 100 m² and 250 m².": (
        "Find the number of building polygons with 100 <= area <= 250 m².",
    ),
    "The number of buildings within 50 m of water.": ("Count(building where distance(water) <= 50 m)",),
    "The ratio of the area of forest to the area of agricultural land.": (
        "ratio = area(forest)/area(farmland); give ratio",
    ),
}


@pytest.mark.parametrize(("meaning", "asked"), [(said, one) for said, many in MEANT.items() for one in many])
def test_what_is_implied_is_read(meaning: str, asked: str) -> None:
    assert sentence(parse(asked).meaning) == meaning


@pytest.mark.parametrize(
    ("asked", "unit"),
    [
        ("What's the total acreage of grass?", "acres"),
        ("average field acreage", "acres"),
        ("What is the hectarage of the forest?", "ha"),
        ("What is the acreage of grass in hectares?", "ha"),
    ],
)
def test_a_word_for_an_area_may_carry_its_unit(asked: str, unit: str) -> None:
    found = parse(asked).unit
    assert found is not None
    assert found.symbol == unit


@pytest.mark.parametrize(
    "asked",
    [
        "What is the average distance from a house to the next road or to the next?",
        "Is the nearest house larger than 50 m2?",
        "Are the nearest houses more than 50 m from the road?",
        "What are the areas of forest and grass within 50 m of roads?",
        "Compare houses and lakes.",  # their numbers, or their areas
        "houses vs lakes",
        "Compare forest before and after",
        "Which is larger, the largest lake or the forest?",
        "Are there more houses than lakes within 25 m of a road than within 30 m of water?",
        "How many houses are more than 50 m from the largest lake or the largest field?",
        "largest lakes",
        "biggest lake in the north",
        "largest building height",
        "A big house is beautiful. How many big houses are there?",
        "Say a large lake is one above 2 ha: how many small lakes are there?",
        "How big are the large buildings?",
        "How many buildings stand isolated?",
        "How many groups of houses are there?",
        "How many wood houses are there?",
        "How many houses are not served within 80 m?",
        "How many houses are accessible within 50 m by car?",
        "how much of my farmland is within 10 m of water, so no small fields",
        "How old are the houses? How many are there?",
        "How safe are the houses in the north: how many houses are within 50 m of forest?",
        "Return a CSV with the number of houses",
        "houses without road",
        "If all the grass were burnt, how many hectares would it be?",
        "In what proportion of buildings is the roof red?",
        "sum of distance(building, road)",
        "How many forest pixels are there?",
        "Largest patch index",
        "Is the area of the house an acreage?",
    ],
)
def test_what_stands_beside_it_is_refused(asked: str) -> None:
    with pytest.raises(QuestionError):
        parse(asked)
