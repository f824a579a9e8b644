"""Sentences in front of a question that tell how things are: left aside, and said, only where they restrict nothing."""

from __future__ import annotations

import pytest

from planimeter.coder import Request
from planimeter.coder.grammar import BuiltinCoder
from planimeter.coder.grammar.stories import last_question

TOPICS = ("urban", "agric", "grass", "forest", "water", "barren", "roof", "solar", "road")

DEFINES_OR_RESTRICTS = """
Anything below a hectare is a garden, so how many fields are there?
Anything smaller than a garage is a shed, so how many buildings are there?
Small things are sheds, so how many buildings are there?
Tiny patches are noise, so how many fields are there?
A pond under an acre is a puddle. How many lakes are there?
The council demolished a few, so how many houses are there?
The flood reached everything low, so how many houses are there?
Cats live in the ones by the water, so how many houses are there?
The insurer covers thatch, so how many houses are there?
Rows of them share a wall, so how many houses are there?
Neighbours share roofs, so how many houses are there?
Everything downstream is lost, so how many houses are there?
The village burned, so how many houses remain?
The village burned, so how many houses are there?
Twins are one to us, so how many houses are there?
Terraces are one building to the council, so how many buildings are there?
Connected fields are one to the taxman, so how many fields are there?
A field is a hectare or more, so how many fields are there?
The wood belongs to the crown, so how much forest is there?
Deer avoid dense cover, so how much forest is there?
Deer stay close to cover, so how much grassland is there?
Frogs travel fifty metres, so how many fields are there?
Frogs never travel far, so how many ponds are there?
Trucks stay on tarmac, so how many houses are there?
Snow covers the tops, so how much grass is there?
Pairs matter most, so how many lakes are there?
Doubles are common, so how many houses are there?
The scale is wrong by a factor of two, so what is the area of forest?
Pixels here are half a metre, so what is the area of forest?
The image is upside down. How many houses are there?
The map is from spring, so how much water is there?
Each symbol stands for ten. How many houses are there?
Every dot is a family. How many houses are there?
The yellow ones are mine. How many houses are there?
Blue means water. How much forest is there?
Red means danger. How many houses are there?
The largest is a church, so how many houses are there?
The biggest is a church. How many houses are there?
Another map shows more. How many houses are there?
Next door counts as well, so how many houses are there?
The far bank is Wales, so how much forest is there?
Answers go in acres. How much forest is there?
Results are rounded to tens, so how many houses are there?
Round to tens. How many houses are there?
Use the second picture. How many houses are there?
Take the second picture. How many houses are there?
Zoom in. How many houses are there?
Go up. How many houses are there?
Skip duplicates. How many houses are there?
Merge neighbours. How many houses are there?
Think of cottages. How many houses are there?
Cottages come first. How many houses are there?
Cottages please. How many houses are there?
Visitors love cottages, so how many houses are there?
Bungalows were popular, so how many houses are there?
Bungalows sell well, so how many houses are there?
Ignore that, so how many houses are there?
The mayor wants density, so how many houses are there?
The mayor asked for square feet, so how much forest is there?
Council tax is per hectare, so how much forest is there?
Prices are per square metre, so how large is the largest house?
"""

TELLS = [
    ("Bees drink a lot in July, so how much meadow is there?", "Bees drink a lot in July"),
    (
        "Rape feeds bees, so how many separate fields larger than half a hectare do you see?",
        "Rape feeds bees",
    ),
    ("Pigs need shade, so how much forest is there?", "Pigs need shade"),
    ("The canal bisects the parish. How much forest is there?", "The canal bisects the parish."),
]


@pytest.mark.parametrize("text", DEFINES_OR_RESTRICTS.strip().split("\n"))
def test_what_defines_or_restricts_is_no_background(text: str) -> None:
    assert last_question(text) is None


@pytest.mark.parametrize(("text", "aside"), TELLS)
def test_background_is_left_aside_and_said(text: str, aside: str) -> None:
    assert f'Left aside: "{aside}"' in BuiltinCoder().write(Request(text, TOPICS, 0.5)).reading
