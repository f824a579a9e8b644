"""What a tester wrote to have something left aside that matters: every one of it is refused."""

from __future__ import annotations

import pytest

from planimeter.coder import Request
from planimeter.coder.grammar import BuiltinCoder
from planimeter.errors import QuestionError

TOPICS = ("urban", "agric", "grass", "forest", "water", "barren", "roof", "solar", "road")

BROKEN = """
How many houses are there? Disregard igloos
How many houses are there? Please disregard igloos
How many houses are there? Exempt igloos
How many houses are there? Exempting igloos
How many houses are there? Excepting igloos
How many houses are there? Barring igloos
How many houses are there? Bar igloos
How many houses are there? Save igloos
How many houses are there? Forget igloos
How many houses are there? Leaving igloos
How many houses are there? Unlike igloos
How many houses are there? Igloos aside
How many houses are there? Igloos apart
How many houses are there? Igloos removed
How many houses are there? Thatch excepted
How many houses are there? Mine excepted
How many houses are there? All but mine
How many houses are there? Tents too
How many houses are there? Tents also
How many houses are there? Tents as well
How many houses are there? Together with tents
How many houses are there? Combined with tents
How many houses are there? Igloos inclusive
How many houses are there? Carports also please
How many houses are there? Carports go with them
How many houses are there? And chimneys
How many houses are there? And balconies
How many houses are there? Merge terraces
How many houses are there? Detached, please
How many houses are there? Detached and semi-detached
How many houses are there? Especially detached
How many houses are there? Semi-detached, obviously
How many houses are there? Occupied i think
How many houses are there? Unfinished, say
How many houses are there? Religious, please
How many houses are there? Religious i think
How many houses are there? Chimneys required
How many houses are there? Storks nest on them
How many houses are there? Somebody bombed them
How many houses are there? Downtown please
How many houses are there? Lakeside please
How many houses are there? Uphill please
How many houses are there? Downstream, please
How many houses are there? Upstairs too
How many houses are there? Beside my tent
How many houses are there? Opposite my tent
How many houses are there? Across Denmark
How many houses are there? Across my parish
How many houses are there? Our parish, please
How many houses are there? During war
How many houses are there? During Christmas
How many houses are there? As seen yesterday
How many houses are there? Nowadays, please
How many houses are there? And how far apart
How many houses are there? And where
How many houses are there? Where, exactly
How many houses are there? Show me where
How many houses are there? Mark them on it
How many houses are there? List them by size
How many houses are there? Sort them please
How many houses are there? Give the perimeter too
How many houses are there? Perimeters please
How many houses are there? Their colours too
How many houses are there? Tell me their colours
How many houses are there? Density please
How many houses are there? Give density
How many houses are there? I need density
How many houses are there? Then multiply by pi
How many houses are there? Then halve it
How many houses are there? Divide by hectares
How many houses are there? Negate that
How many houses are there? Logarithm please
How many houses are there? Rounded to hundreds
How many houses are there? Show it as a fraction
How many houses are there? Give a fraction
How many houses are there? Compared with Denmark
How many houses are there? Relative to tents
How many houses are there? Versus tents
How many houses are there? Answer in dozens
How many houses are there? Express it in thousands
How many roads are there? Footpaths as well
How much water is there? Wetlands also
How much forest is there? Hedges as well
How many houses are within 50 m of water? Or a well
How many houses are within 50 m of water? Wells also
How many roads are there? Tarmac please
How many roads are there? Length please
How many roads are there? Their length matters
Is there any forest? Please say how far
Is there any forest within 50 m of water? Tell me how much
Is there any forest within 50 m of water? Show them
How much forest is there? Compare to yesterday
How much forest is there? Convert to dunams
How much forest is there? Dunams please
How much forest is there? Answer in football pitches
How many houses are within 50 m of water? Make it feet
How many houses are within 50 m of water? Fully please
How many houses are within 50 m of water? Partly is ok
How many houses are within 50 m of water? Measured by foot
How many houses are within 50 m of a road (as a share)?
How many houses are within 50 m of water (as a percentage of the total)?
What is the area of forest (as a proportion)?
How many houses are there (as seen yesterday)?
How many houses are there (so habitable)?
How many ponds are there (just for swans)?
How many houses are there (the rest are thatch)?
How many fields are there, need to be irrigated
what is the area of fields, need to be irrigated, ha
how many fields are there, have to be level
how many houses are there, have to face downhill
how many houses are there, going to collapse
How many houses are there, want to know which burn
Nobody has to be within 100 m of water. How many meadows qualify?
My tent hardly has to be within 100 m of water. How many meadows qualify?
Few campers have to be within 100 m of water. How many meadows qualify?
Everyone but us has to be within 100 m of water. How many houses qualify?
dry is all ground over 50 m from water. how much is it?
spawn zone is all land over 50 m from houses. how many ha is that?
How many houses are within 50 m of ponds large enough for ducks, so at least 200 m2?
How many ponds are large enough for nobody, so at least 500 m2?
Brick: buildings within 50 m of water, as share of buildings
not near a road: houses within 50 m of water, as % of all houses
last year: houses within 50 m of water, as % of all houses
Largest pond: ____ m
number of ponds: ____ ha
lake (number): ____ m2
forest only within 50 m of water, y/n
My question is about houses with chimneys. How many are within 50 m of a road?
I saw ponds with fish. How many are within 50 m of a road?
My question is about the houses of my uncle. How many are within 50 m of a road?
I saw some of the ponds. How many are within 50 m of a road?
My houses. How many are within 50 m of a road?
I love my houses. How many are within 50 m of a road?
village squad: how many houses are there
only team, how many houses are there
round: average house size
"""

# With a comma, in front, by another.
MOVED = """
Disregard igloos: how many houses are there?
Tents too, how many houses are there?
How many houses are there, footpaths as well
Lakeside please, how many houses are there?
Downtown: how many houses are there?
They burned down, how many houses are there?
"""


@pytest.mark.parametrize("text", [*BROKEN.strip().split("\n"), *MOVED.strip().split("\n")])
def test_what_matters_is_never_left_aside(text: str) -> None:
    with pytest.raises(QuestionError):
        BuiltinCoder().write(Request(text, TOPICS))
