"""Numbers and topics out of a question and into its program."""

from __future__ import annotations

import random

import pytest
from learned_coder.coder.consistent import contradiction
from learned_coder.coder.slots import slotted

from planimeter.errors import NotUnderstood

CASES = [
    ("how many houses over 400 m²?", "how many <t1> over <a1>?", {"<a1>": "400 / 10000", "<t1>": "roof"}),
    (
        "Ponds between 0.5 and 2 ha",
        "<t1> between <a1> and <a2>",
        {"<a1>": "0.5", "<a2>": "2", "<t1>": "water"},
    ),
    ("fields 0.1-0.5ha", "<t1> <a1>-<a2>", {"<a1>": "0.1", "<a2>": "0.5", "<t1>": "agric"}),
    (
        "trees within 0.2 km of a road",
        "<t1> within <d1> of a <t2>",
        {"<d1>": "0.2 * 1000", "<t1>": "forest", "<t2>": "road"},
    ),
    (
        "roofs 30 feet from the lake",
        "<t1> <d1> from the <t2>",
        {"<d1>": "30 * 0.3048", "<t1>": "roof", "<t2>": "water"},
    ),
    ("panels at 1,200 W/m2 in mw", "<t1> at <w1> in mw", {"<w1>": "1200", "<t1>": "solar"}),
    ("fifty metres around water", "<d1> around <t1>", {"<d1>": "50", "<t1>": "water"}),
    ("one of the lakes", "one of the <t1>", {"<t1>": "water"}),
    (".5 acres of bare soil", "<a1> of <t1>", {"<a1>": "0.5 * 0.40468564224", "<t1>": "barren"}),
    ("water near water, 5 m and 5 m", "<t1> near <t1>, <d1> and <d1>", {"<d1>": "5", "<t1>": "water"}),
    ("how much grass, in m² (GSD: 0.5m)?", "how much <t1>, in m2 ?", {"<t1>": "grass"}),
    ("more than 5 patches", "more than 5 patches", {}),
]


@pytest.mark.parametrize(("question", "text", "values"), CASES)
def test_what_is_taken_out(question: str, text: str, values: dict[str, str]) -> None:
    found = slotted(question)
    assert (found.text, found.values) == (text, values)


def test_programs_come_back_as_they_were() -> None:
    found = slotted("buildings between 100 and 400 m2 within 100 m of water")
    program = (
        "found = [s for s in r if s['class_type'] == 'roof']\n"
        "sized = [s for s in found if 100 / 10000 <= s['area_hectares'] <= 400 / 10000]\n"
        "near = find_shapes_within_distance(sized, others, 100, gsd)\nvalue = 100 * part / whole\n"
    )
    draft = found.empty(program)
    assert "<a1> <= s['area_hectares'] <= <a2>" in draft
    assert ", <d1>, gsd)" in draft
    assert "value = 100 * part" in draft  # a number of the program itself stays
    assert found.fill(draft) == program


def test_markup_in_a_question_is_no_slot() -> None:
    assert "<t1>" not in slotted("what is <t1> and <program>?").text
    assert slotted("a" * 5000).text == "a" * 5000


COUNT = (
    "# unit: count\nfound = [s for s in r if s['class_type'] == '<t1>']\nvalue = len(found)\nanswer = value"
)
NEAR = COUNT + "\nfind_shapes_within_distance(found, '<t2>', <d1>, gsd)"
AREA = COUNT.replace("count", "ha").replace("len(found)", "sum(found)")
ROLES = "# unit: count\nfound = [s if s['class_type'] == '{}']\nothers = [s if s['class_type'] == '{}']\n"
NEAR_ROLES = ROLES.format("<t1>", "<t2>") + "x = find_shapes_within_distance(found, others, <d1>, gsd)"
BUFFERED = ROLES.format("<t2>", "<t1>") + "x = find_shapes_within_distance(found, others, <d1>, gsd)"
MORE = ROLES.format("<t1>", "<t2>").replace("unit: count", "yes/no") + "answer = first > second"
MORE_TURNED = ROLES.format("<t2>", "<t1>").replace("unit: count", "yes/no") + "answer = first > second"
ANY = "# yes/no\nfound = [s if s['class_type'] == '<t1>']\nsized = found > <a1>\nanswer = len(sized) >= 1"
SEVERAL = ANY.replace(">= 1", ">= 2")
SHARE = COUNT.replace("count", "%")
MEAN = AREA + "\nvalues = sorted(found)\nvalue = sum(values) / len(values)"


@pytest.mark.parametrize(
    ("question", "draft"),
    [
        ("bldgs count", COUNT),
        ("houses <= 50 m from water: how many?", NEAR),
        ("how many houses are no farther than 50 m from water?", NEAR),
        ("total area of the lakes in hectares", AREA),
        ("how large is the total water area?", AREA),
        ("buffer water by 50 m: houses in it, count", BUFFERED),
        ("in 50 m from water, how many houses?", BUFFERED),
        ("is there more water than grass?", MORE),
        ("compared with grass, is there more water?", MORE_TURNED),
        ("lakes: more than one above 0.1 ha?", SEVERAL),
        ("are there any lakes above 0.1 ha?", ANY),
        ("lakes above 0.1 ha [yes/no]", ANY),
        ("Consider the lakes. How many are there?", COUNT),
        ("What is the number of lakes, and is it all of them?", COUNT),
        ("percent water", SHARE),
        ("mean pond size in ha", MEAN),
    ],
)
def test_programs_that_fit(question: str, draft: str) -> None:
    assert contradiction(question, draft) is None


@pytest.mark.parametrize(
    ("question", "draft"),
    [
        ("houses 50 m from water, count", COUNT),  # a number and a topic are left out
        ("lakes count", NEAR),  # a number and a topic are brought in
        ("total area of the lakes in m2", AREA),  # another unit
        ("total area of the lakes in m2 or ha", AREA),
        ("lakes in hectares", COUNT),
        ("percentage of water", AREA),
        ("total water area", SHARE),
        ("average pond area in ha", AREA),
        ("pond area in ha", MEAN),
        ("area of the largest lake in ha", AREA),
        ("how many houses are farther than 50 m from water?", NEAR),
        ("how many houses are outside 50 m of water?", NEAR),
        ("how many houses are at least 50 m from water?", NEAR),
        ("houses > 50 m from water, count", NEAR),
        ("how many lakes have no island?", COUNT),
        ("how many lakes were there ten years ago?", COUNT),
        ("how many red roofs are there?", COUNT),
        ("how many of the 7 lakes?", COUNT),
        ("how many lakes in the north?", COUNT),
        ("perimeter of the lakes in ha", AREA),
        ("how much water per house in ha", AREA),
        ("buffer water by 50 m: houses in it, count", NEAR_ROLES),
        ("in 50 m from water, how many houses?", NEAR_ROLES),
        ("compared with grass, is there more water?", MORE),
        ("is there more water than grass?", MORE_TURNED),
        ("lakes: more than one above 0.1 ha?", ANY),
        ("are there any lakes above 0.1 ha?", SEVERAL),
        ("is the solar field connected or fragmented", COUNT),
        ("houses within 50 m of water [yes/no]", NEAR_ROLES),  # a number where yes or no was asked for
        ("lakes over 0.1 ha, yes or no", ANY.replace("# yes/no", "# unit: count")),
        ("how many lakes over 0.1 ha", ANY),
        ("Is there tree cover near to the grass, maximum 40-meter?", NEAR_ROLES),
        ("Consider the lakes. Is any of them larger than 0.1 ha?", ANY.replace("# yes/no", "# unit: count")),
    ],
)
def test_programs_that_say_something_else(question: str, draft: str) -> None:
    assert contradiction(question, draft) is not None


def test_a_comma_stands_between_thousands_alone() -> None:
    rng = random.Random(5)
    for _ in range(200):
        value = rng.choice([rng.randrange(1, 1000), rng.randrange(1000, 10**9)])
        for written in (str(value), f"{value:,}", f"{value:,}.25"):
            length = slotted(f"trees within {written} m of a road").values["<d1>"]
            assert float(length) == value + (0.25 if written.endswith(".25") else 0)


@pytest.mark.parametrize(
    "number",
    [
        "2,5",
        "0,5",
        "0,500",
        "2,50",
        "1,2345",
        "1.000,5",
        "12,34,567",
        "1000,000",
        "1/2",
        "2½",
        "2 1/2",
        "1 / 2",
    ],
)
def test_numbers_that_read_in_two_ways_are_not_understood(number: str) -> None:
    for question in (
        f"How many houses within {number} km of a pond?",
        f"farmland larger than {number} ha",
        f"panels at {number} w/m2 in mw",
        f"ponds between {number} and 7 ha",
        f"ponds between 0.1-{number} ha",
        f"{number}",
    ):
        with pytest.raises(NotUnderstood, match="write decimals with a point"):
            slotted(question)


def test_commas_beside_numbers_are_no_part_of_them() -> None:
    found = slotted("houses between 100, and 200 m2, 50, m or 7 km from ponds,5 ft off roads")
    assert list(found.values.items())[:3] == [
        ("<a1>", "100 / 10000"),
        ("<a2>", "200 / 10000"),
        ("<d1>", "50"),
    ]
    assert found.values["<d3>"] == "5 * 0.3048"
