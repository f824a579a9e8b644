"""Questions as forms, tickets and chats write them; each is read as the plain one beside it, written by hand."""

# ruff: noqa: E501  # a question and its plain form stand on one line

from __future__ import annotations

import pytest

from planimeter.coder.grammar.forms import of_a_form
from planimeter.coder.grammar.parse import parse
from planimeter.errors import NotUnderstood, QuestionError
from planimeter.meaning.reading import sentence

SAME = """
No. of buildings on sheet: ____ | how many buildings are there?
Buildings within 50 m of water (number): ____ | how many buildings are within 50 m of water?
Buildings of 100 m2 or less (qty): ....... | how many buildings of at most 100 m2 are there?
Buildings between 30 and 60 m from road, qty | how many buildings are between 30 and 60 m from a road?
Woodland: ______ ha | what is the area of forest in hectares?
Smallest pond (m2): [ ] | what is the area of the smallest pond in m2?
Agricultural land as % of sheet: __ | what percentage of the image is agricultural land?
Land in agricultural use (acres): ____ | what is the area of agricultural land in acres?
area of water = ? | what is the area of water?
forest within 10 m of a road, y/n | is there any forest within 10 m of a road?
Obstruction check: forest within 10 m of a road, yes/no | is there any forest within 10 m of a road?
Solar panels (y/n): ____ | are there any solar panels?
lakes larger than 500 m2: yes or no | are there any lakes larger than 500 m2?
buildings > 75 m from road, as % of all buildings | what percentage of the buildings are more than 75 m from a road?
need the building count for this tile so i can place meshes | how many buildings are there?
what's the house count | how many houses are there?
im looking for the number of lakes | how many lakes are there?
Ticket 4471 - number of buildings | how many buildings are there?
Job no. 12/B: area of forest | what is the area of forest?
Fox Patrol: count the lakes on the map! | how many lakes are there?
Owl Patrol, find the biggest wood. How many square metres is it? | how many square metres is the largest wood?
Bonus question: is there more grass than forest? | is there more grass than forest?
my question is about ponds. how many are smaller than 150 m2 | how many ponds are smaller than 150 m2?
min distance between two buildings, m | what is the shortest distance between neighbouring buildings in m?
shortest distance between lakes in metres | what is the shortest distance between neighbouring lakes in metres?
the shortest distance from a house to another house | what is the shortest distance between neighbouring houses?
is any house within 10 m of another house? | are there houses with another house within 10 m?
any buildings closer than 4 m to another building? | are there buildings with another building less than 4 m away?
are any two lakes less than 50 m apart? | are there lakes with another lake less than 50 m away?
Leaving the water aside, what share of the site is grass? | what share of the site, excluding water, is grass?
any buildings closer than 4 m to another building? they would clip | are there buildings with another building less than 4 m away?
biggest contiguous grass area in m2, want to put the airstrip there | what is the area of the largest contiguous grass patch in m2?
avg footprint of a house so i can pick a prefab, m2 | what is the average footprint of a house in m2?
Forest area (number): ____ | what is the area of forest?
no thats not what i asked. i want the number of houses within 30 m of a road | how many houses are within 30 m of a road?
How many meadows are big enough for our camp, so at least 500 square metres? | how many meadows are at least 500 square metres?
Camp has to be within 100 m of water. How many of the meadows qualify? | how many meadows are within 100 m of water?
spawn zone is everything over 50 m from buildings. how many ha is that | how many ha of the image are over 50 m from buildings?
How much of the grass would be lost to a 10 m planting strip around the buildings? | how much of the grass is within 10 m of the buildings?
not counting roads, what percentage of the area is covered by grass? | what percentage of the area, excluding roads, is grass?
"""

# What stands one word beside: a number is asked and yes or no too, another topic's neighbour, a direction.
REFUSED = """
what is the average area of a lake, y/n
area of the largest lake (yes/no)
(y/n) how many houses are there?
how much forest is there, true or false
are there houses within 20 m of another lake
northern team: how many houses are there
the solar count of the building
How many houses are there? only the ones by the lake
How many houses are there? they must be gabled
How many houses are there? with balconies
How many houses are there? those my uncle likes
how many houses are near water (the ones with pools)
number of fields, want to exclude the small ones
how many fields are there, i need to leave out the fallow
houses must be within 20 m of water. how many of the lakes qualify?
our northern zone is everything over 50 m from buildings. how many ha is that
____
"""


def pairs() -> list[tuple[str, str]]:
    return [
        (one.strip(), other.strip())
        for one, other in (line.split(" | ") for line in SAME.strip().split("\n"))
    ]


@pytest.mark.parametrize(("written", "plain"), pairs())
def test_a_form_is_read_as_the_plain_question(written: str, plain: str) -> None:
    found, wanted = parse(written), parse(plain)
    assert (sentence(found.meaning), found.unit) == (sentence(wanted.meaning), wanted.unit)


@pytest.mark.parametrize("written", REFUSED.strip().split("\n"))
def test_what_contradicts_itself_is_refused(written: str) -> None:
    with pytest.raises(QuestionError):
        parse(written)


def test_the_remedy_names_both_ways() -> None:
    with pytest.raises(NotUnderstood, match=r'"is there any …\?" or leave "yes or no" out'):
        parse("what is the average area of a lake, y/n")


def test_names_with_underscores_are_no_blanks() -> None:
    assert of_a_form("area of solar_panels") == "area of solar_panels"
    assert of_a_form("How many houses are there?") == "How many houses are there?"
