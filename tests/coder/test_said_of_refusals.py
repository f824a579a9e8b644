"""Refusals that name the measure: no unit, a unit that is not known, a noun alone, and topics in plain words."""

from __future__ import annotations

import pytest

from planimeter.coder import Request, builtin_coder
from planimeter.errors import NotMeasurable, NotUnderstood, QuestionError
from planimeter.vocabulary.topics import TOPICS, topic_words


def refusal(question: str, topics: tuple[str, ...] = tuple(TOPICS)) -> str:
    with pytest.raises(QuestionError) as caught:
        builtin_coder().write(Request(question, topics, 0.5))
    return str(caught.value)


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many buildings are within 50 of water?", "within 50"),
        ("What is the area of forest within 30 of a road?", "within 30"),
        ("How many houses are more than 100 from a road?", "than 100"),
        ("How much forest is farther than 100 away from houses?", "than 100"),
    ],
)
def test_a_distance_without_a_unit(question: str, said: str) -> None:
    assert f'"{said}" has no unit; write the distance with one, such as "{said} m"' in refusal(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many buildings are within 50 m of water?",
        "Are more than 50 of the houses within 20 m of a road?",
        "How many houses are within 20 to 50 m of water?",
    ],
)
def test_a_number_that_needs_no_unit_of_its_own(question: str) -> None:
    try:
        builtin_coder().write(Request(question, tuple(TOPICS), 0.5))
    except QuestionError as error:
        assert "has no unit" not in str(error)  # noqa: PT017


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("area of forest in furlongs", "furlongs"),
        ("What is the area of forest in rods?", "rods"),
        ("What is the area of water in dunams?", "dunams"),
        ("How many houses are within 3 chains of water?", "chains"),
        ("How many houses are within 2 nautical miles of water?", "nautical miles"),
    ],
)
def test_a_unit_that_is_not_known(question: str, unit: str) -> None:
    said = refusal(question)
    assert f'"{unit}" is no unit that I know' in said
    assert "lengths can be in m, cm, km, ft, yd, mi, areas in ha, m², km², acres, ft², yd², mi²" in said


def test_other_words_behind_in_are_no_units() -> None:
    assert "unit" not in refusal("How much forest is in Amsterdam?")
    assert "unit" not in refusal("How many boats are in the harbour?")
    program = builtin_coder().write(Request("area of forest in acres", tuple(TOPICS), 0.5))
    assert program.unit == "acres"


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("forest", '"What is the total area of forest?" or "What percentage of the image is forest?"'),
        ("buildings", '"How many buildings are there?" or "What is the total area of buildings?"'),
        ("the lake", '"How many water regions are there?"'),
    ],
)
def test_a_noun_alone(question: str, asks: str) -> None:
    said = refusal(question)
    assert asks in said
    offered = said.partition("ask such as ")[2].rstrip(".").split(" or ")
    for one in offered:
        builtin_coder().write(Request(one.strip('"'), tuple(TOPICS), 0.5))


def test_what_could_not_be_followed_at_all_is_not_an_empty_quotation() -> None:
    with pytest.raises(NotUnderstood) as caught:
        builtin_coder().write(Request("near forest", tuple(TOPICS), 0.5))
    assert 'followed ""' not in str(caught.value)


def test_topics_are_named_in_plain_words() -> None:
    with pytest.raises(
        NotMeasurable, match="the topics at hand are agricultural land, barren land, buildings;"
    ):
        builtin_coder().write(Request("How many boats are there?", ("agric", "barren", "roof"), 0.5))
    assert topic_words("solar") == "solar installations"


@pytest.mark.parametrize(
    "question",
    [
        "How much forest was lost since 2018?",
        "How much forest was lost between 2018 and 2024?",
        "What percentage of the forest was lost from 2018 to 2024?",
        "How many hectares of forest were there in 2018?",
    ],
)
def test_a_year_says_that_an_image_is_of_one_date(question: str) -> None:
    said = refusal(question)
    assert said.startswith('I cannot tell what was there in "2018"')
    assert "--before IMAGE" in said


@pytest.mark.parametrize("question", ["How many buildings cost more than 2000?", "forest 2018", "2018"])
def test_a_number_that_may_be_no_year(question: str) -> None:
    assert "one date" not in refusal(question)


def test_a_range_of_sizes_is_none_of_years() -> None:
    program = builtin_coder().write(
        Request("How many houses are between 2000 and 2020 m2?", tuple(TOPICS), 0.5)
    )
    assert program.reading == "The number of buildings between 2000 m² and 2020 m²."
