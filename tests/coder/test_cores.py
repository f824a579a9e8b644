"""A question among talk: read as the bare question beside it, by hand; what may narrow it stays and is refused."""

from __future__ import annotations

# ruff: noqa: E501  # a question and its plain form stand on one line
import pytest

from planimeter.coder import Request
from planimeter.coder.grammar import BuiltinCoder
from planimeter.coder.grammar.parse import parse
from planimeter.errors import QuestionError
from planimeter.meaning.reading import sentence

SAME = """
Hiya, this one's gorgeous!! Quick one for the brochure, how big is the biggest lawn in square metres? | how big is the biggest lawn in square metres?
bruh is there more trees or more grass on here | is there more trees or more grass?
how many houses r like less than 15m from the road, thats gotta be loud af | how many houses are less than 15 m from the road?
my bit is abt energy so how many solar panel things r there | how many solar panels are there?
AC2: `forest_ha` holds total forest area in hectares. | what is the total forest area in hectares?
REQ-12: how many buildings lie within 30 m of a road | how many buildings are within 30 m of a road?
Good morning Denise, how many lakes are there? Thanks, Rob | how many lakes are there?
hey I'm sketching something silly, how much forest is there in ha? you're a star | how much forest is there in ha?
My podcast needs trivia; how many ponds are there? | how many ponds are there?
how far is the water from the closest house 😭 | how far is the water from the closest house?
"""

# A place, an attribute, another thing, a correction, a demand, a second question, what "it" stands for.
STAYS = """
In Springfield, how many houses are there?
Around the old harbour, how many houses are there?
How many houses are there, thatched?
How many houses are there, those with my flag on?
We repair barns. How many buildings are there?
We work at the harbour. How many buildings are there?
I only insure bungalows, how many houses are there?
You must leave out the small ones, how many houses are there?
How many lakes are there? Actually make that rivers with fish
I adore the old mill, how many houses are within 50 m of it?
my uncle owns some, how many of those fields are over 1 ha?
How many houses are there, and how old are they?
How many roads do we need here, how many lakes?
"""


def with_topics(text: str) -> str:
    """What the built-in coder reads, over the topics of a land-cover map."""
    topics = ("urban", "agric", "grass", "forest", "water", "barren", "roof", "solar", "road")
    return BuiltinCoder().write(Request(text, topics)).reading


@pytest.mark.parametrize("line", SAME.strip().split("\n"))
def test_talk_is_left_aside(line: str) -> None:
    written, plain = line.split(" | ")
    found, wanted = parse(written), parse(plain)
    assert (sentence(found.meaning), found.unit) == (sentence(wanted.meaning), wanted.unit)


@pytest.mark.parametrize("text", STAYS.strip().split("\n"))
def test_what_may_narrow_stays(text: str) -> None:
    with pytest.raises(QuestionError):
        with_topics(text)


def test_what_was_left_aside_is_said() -> None:
    said = with_topics("hey I'm sketching something silly, how much forest is there in ha? you're a star")
    assert 'Left aside: "' in said
    assert "sketching something silly" in said
    assert "you're a star" in said
