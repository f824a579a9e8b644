"""Which words a wording may hold before it is shown to the model; the tables were judged by hand, not by the code."""

import pytest

from planimeter.coder.rewriter.cues import readable
from planimeter.coder.rewriter.doubts import doubtful
from planimeter.coder.rewriter.harmless import HARMLESS
from planimeter.coder.rewriter.places import PLACED
from planimeter.coder.rewriter.strange import UNMEASURABLE, strangeness
from planimeter.train.rewriter import words

# Each asks of things as they are mapped; no word narrows which, or changes what is measured.
POSITIVE = """
for my dissertation i need the share of forest
the ranger wants to know how many lakes there are
the minister's question is how many houses there are
my professor's handout asks for the area of water
kindly furnish a succinct answer: how many houses are there
admittedly a basic query, but what share is forest
i'm writing a tutorial and want the number of lakes
as a sceptic i insist on hearing the percentage of water
a comprehensive summary isn't needed, just the number of houses
how many houses would be jeopardised within 40 m of water
what's the tally of houses regardless of size
tally up the lakes for me
which lakes have a nearest house whose distance is under 40 m, count only
count the ponds whose area is above 300 m2
count the forests whose nearest road is within 80 m
how many fields qualify under a 2 ha threshold
apply a threshold of 500 m2 to the lakes and report the qty
my selection is houses within 50 m of water, how many make it
don't list them, merely count the houses inside 50 m of a lake
the cell should hold the number of lakes
fill the cell with the percentage of forest
qty of buildings, please
headcount of ponds exceeding 200 m2
how many buildings fall short of 100 m2
how many houses does a 50 m buffer around water catch
if a 30 m buffer is drawn around roads, how much forest does it swallow
houses protected by a 50 m strip around water: how many
how many houses are affected if water reaches 40 m
how many buildings are exposed within 60 m of forest
how many houses are served within 100 m of a road
if everything within 70 m of forest is evacuated, how many houses is that
how many lakes are spared by a 20 m buffer around roads
suppose all land within 50 m of water is protected, how much grass is that
houses closer than 40 m to forest are at risk, so how many
how many houses are safe beyond 100 m from forest
is the share of forest higher than that of water
is the percentage of grass lower than 20 %
is the number of lakes higher than the number of ponds
which has the higher share, forest or grass
which class has the lowest area
which is higher, the number of lakes or the number of fields
a good estimate of the forest area would do
give me a rough figure for the water surface
we need an accurate count of the buildings
a simple number: how many lakes are there
it would be great to know how many lakes there are
it is important to know how much forest there is
could you be so kind as to total the grass area
my boss needs the number of houses
the council asked for the number of houses within 50 m of water
our engineer wants the forest area in hectares
a farmer asks how many fields there are
the teacher wants us to count the lakes
i am a student and need the percentage of water
the mayor wonders how many buildings exceed 400 m2
for my client, count the lakes within 90 m of a road
for our insurer, count the houses within 50 m of water
at the request of the council, count the buildings
asked by the teacher: how many ponds are there
for my thesis i need the mean area of the fields
for school, how many lakes are there
one last question: how many ponds are there
last question, what is the mean lake size
new question: how much water is there
still unsure how many lakes there are, count them
i still need the number of lakes
by any chance, could you total the forest area
what is my best guess for the number of houses
please give the best estimate of the forest area
when counting houses, how many are within 50 m of water
when only lakes over 300 m2 are counted, how many are there
when you have a minute, count the lakes
what remains when the largest lake is subtracted from the water area
how many houses meet the condition of being within 50 m of water
how many houses satisfy both conditions: within 50 m of water and within 60 m of forest
condition: within 50 m of water; value: count of houses
how many houses on the condition that they are within 50 m of water
round it to hectares: how much forest is there
a 50 m zone round the lakes, how many houses does it contain
draw a line 50 m round any lake and count the houses inside
a 50 m wide strip along the road: how much forest is in it
how many distinct shapes labelled water
sort the covers by area; which is last
how high is the percentage of forest
will you tell me how many lakes there are
a number will do: how many houses are there
whoever reads this, how many lakes do we have
who can tell me how many lakes there are
how much area is occupied by forest
what percentage of the area belongs to the largest lake
select houses where the distance to water is not above 50 m
filter the lakes by area, threshold 200 m2, output the count
query: lakes, criterion: area over 300 m2
run a query that returns the number of lakes
compute the cumulative area of the fields
calculate the combined area of forest and grass
summarise the land cover by percentage
generate a table with each lake and its area
how many polygons are classified as water
how many objects does the layer of buildings have
number of features in the class forest
how many entries would a table of lakes have
what would the area be if forest and water were merged
i'd love to learn how many lakes we have here
i'm curious how many houses there are
honestly, i haven't a clue how many houses there are
hey there, quick one, how many lakes do you see
hopefully this is easy: how many lakes are there
thanks in advance for the number of ponds
cheers, and what's the forest share
much obliged for the mean field size
sorry to bother you, what is the forest percentage
for the record, how many lakes are there
just to double-check, how many buildings are there
to settle a bet, how many lakes are there
out of curiosity, how many houses are within 50 m of water
as the crow flies, how far is the largest lake from a road
from a bird's-eye view, how much forest is there
in your own words, how much grass is there
i can't count them all, how many buildings are there
we couldn't agree on how many lakes there are
let's see whether forest outweighs grass
does forest surpass grass in area
do the lakes outnumber the fields
how do forest and grass compare in extent
is there anything within 30 m of the lake that is a house
how many houses would a circle of 50 m around the lakes include
imagine a 40 m buffer along roads; how many houses does it touch
pretend every lake is given a 50 m buffer, how many houses lie in it
what proportion of buildings complies with a 50 m distance from water
how many houses comply with the rule of being 50 m away from water
how many buildings breach the 30 m distance to water
how many houses fail the minimum of 50 m to water
how many houses obey a 50 m setback from water
what fraction of houses keeps at least 50 m from water
please quantify the forest in hectars
give forest in hectars
area of water expressed in square metres
area of grass converted to acres
total of the field areas, units: ha
output an integer: lakes over 500 m2
reply with a decimal: share of forest
format: one number. question: how many lakes
respond with the count of ponds, nothing else
avg field size pls
approx how much forest is shown here
roughly speaking, how much of this is forest
basically i want the number of lakes
essentially, how much of the image is water
specifically, how many houses lie within 50 m of water
in particular, how many lakes exceed 400 m2
furthermore, how many lakes exceed 400 m2
moreover, what is the mean lake area
consequently, how much forest is within 100 m of roads
likewise for grass, what is its area
to summarise: how much water, in hectares
for the report, the mean distance of houses to water
for a presentation i require the forest percentage
our survey needs the count of lakes
the spreadsheet needs the total forest area
this column holds the area of each lake
i'm preparing a brochure and need the number of lakes
on behalf of the council, how many houses are there
can anybody tell how many lakes are visible in the image
how many lakes can be identified
how many buildings have been left out of a 50 m buffer around water
everything past 50 m from water: how many houses
the number of houses within a threshold distance of 50 m from water
using a cutoff of 1 ha, how many fields remain
given a tolerance of 10 m, which share of houses touches forest
"""

# One word apart from something harmless; the word tells of state, owner, use, time, price, person, height or place.
NEGATIVE = """
how many of the mayor's houses are near water
what area do the minister's fields have
how many houses are in my brother's forest
which sponsor houses are there
how many houses do the investors have
how many threatened houses are there
count the anonymous houses
how many genuine lakes are there
how large is the fundamental forest
how many protected houses are within 50 m of water
how many houses within 50 m of water are protected
how many houses are protected
how many protected lakes are there
how many affected buildings are there
how many buildings are exposed
how many houses are safe
how many endangered forests are within 50 m of a road
how many closed roads are there
how many roads are closed
how many selected houses are within 50 m of water
how many of the houses are selected
how many flooded fields are there
count the fenced fields
how many fields are fenced
how many fields are untouched
how many good houses are there
how many houses are good
how many houses within 50 m of water are nice
count the lakes that are lovely
which lakes are clear
how many lakes are quiet
is the forest lovely
is the water clear
are the roads bad
is the soil good
is the forest valuable
is the grass useful
count the lakes that are suitable
how many houses are standard
how many houses are unique
how many fields are important
how many serious buildings are there
how many official buildings are there
how many houses of farmers are within 50 m of water
how many fields of farmers are there
houses with students within 50 m of water: how many
houses for students within 50 m of water: how many
how many houses for clients are there
the number of houses used by students
the area of forest used by the council
the area of fields managed by farmers
how many houses are near the mayor
the distance from the council to the lake
how many houses where students sleep are within 50 m of water
how many houses the council sold are within 50 m of water
how many farmers are within 50 m of water
how many students are within 50 m of water
how many houses have people in them
water with people, yes or no
how many houses in my portfolio are within 50 m of water
how many houses on the list are within 50 m of water
the number of buildings from our inventory
how many houses in the register are larger than 100 m2
how many houses of my selection are within 50 m of water
how many houses in the project are within 50 m of water
what is the value of the houses
what is the average value of the fields
total value of forest within 50 m of water
whose house is the largest
whose fields are within 50 m of water
whose forest is it
count the houses whose owner is away
count the houses whose roof is red
who is in the largest house
who has the largest field
when was the lake made
when will the forest reach the road
how many houses were there when the lake rose
how many lakes are higher than 500 m
which houses are higher than 10 m
which lake lies higher
is the road higher than 20 m
is the largest house higher than the others
how many houses lie lower than the lake
which lake is the lowest
which house was built last
the last house within 50 m of water, area
how many houses did we have last year
how many houses past their prime are within 50 m of water
how much forest was here in the past
how many houses still stand within 50 m of water
how many houses are still inhabited
is the forest still growing
what shape is the largest lake
how many lakes are in good shape
how many round lakes are there
how many lakes are round
how many listed houses are within 50 m of water
how many houses are listed
how many houses are in good condition
what is the condition of the forest
what condition are the roads in
how many people live within 50 m of water
how many houses can we live in
how many new houses are within 50 m of water
how many houses are new
what is the name of the largest lake
name the lake within 50 m of the road by its name
how many houses already stood in 2010
how many houses were built in 1990
how much forest will there be in 2050
how much forest will be left
how many houses will be within 50 m of water
how many forests were there before the war
how many houses were lost after the storm
how many fields were flooded during the winter
how many houses lie within 5 minutes of water
how wide is the road
what is the width of the river
how many wide roads are there
how many offices are within 50 m of water
how far is the school from the lake
how many houses are within 50 m of the school
how many houses are within 50 m of a fence
how many houses lie within 50 m of the cell tower
how many houses are within 50 m of the cable
how many houses are within 50 m of the pipeline
how many houses are within 50 m of the railway
how many houses are within 50 m of a hydrant
how many cottages with thatch are within 50 m of water
how many rented houses are there
how many insured houses are there
how many vacant houses are there
how many houses yield rent
does the field yield wheat
how much wheat do the fields yield
how many fields belong to the church
which fields belong to my uncle
how many houses are for sale
how many fields are organic
how many forests are ancient
how many trees are oaks
how many fields lie fallow
how many lakes are deep
how many lakes are polluted
how many roads are paved with gravel
how many houses are made of wood and brick
how many houses have gardens
how many houses have a garage
how many roofs are red
how many roofs need repair
how many buildings are derelict
how many buildings are under construction
how many houses face the sun
how many houses get sunlight
how many roads are busy
how many roads are icy
how many houses are unlit
how many fields are irrigated
how many fields are leased
how many houses are mortgaged
how many houses are haunted
how many meadows are mown
how many forests are privately run
how many forests are dense enough to hide in
how many buildings are insulated
how many solar panels are dusty
how many solar panels are broken
how many solar panels are brand-new
what do the houses cost
what is the rent of the largest house
what is the height of the largest house
what is the depth of the lake
what is the elevation of the forest
which species grow in the forest
how many stables are there within 50 m of water
how many heritage houses are within 50 m of water
how many derelict mills are within 50 m of water
"""


def table(text):
    return [line for line in text.splitlines() if line]


def gate(wording):
    asked = readable(wording)
    return "characters that cannot be read" if asked is None else strangeness(asked)


def test_the_tables_are_long_and_without_doubles():
    for lines in (table(POSITIVE), table(NEGATIVE)):
        assert len(lines) >= 150
        assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("wording", table(POSITIVE))
def test_words_that_narrow_nothing_pass(wording):
    assert gate(wording) is None


@pytest.mark.parametrize("wording", table(NEGATIVE))
def test_words_that_narrow_are_refused_before_the_model_sees_them(wording):
    assert gate(wording) or doubtful(wording)


@pytest.mark.parametrize(
    "spelling", sorted({name for row in (*words._AREAS.values(), *words._LENGTHS.values()) for name in row})
)
def test_every_spelling_of_a_unit_that_the_training_has_passes(spelling):
    assert gate(f"how much forest is there in {spelling}") is None
    assert gate(f"forest larger than 5 {spelling}, how many") is None


def test_a_word_is_judged_once():
    assert not HARMLESS & UNMEASURABLE
    assert not HARMLESS & PLACED
    assert not UNMEASURABLE & PLACED
