"""Everyday clothing: a question means the same in it, and what would narrow it is never taken for clothing."""

from __future__ import annotations

import pytest

from planimeter.coder import Program, Request, builtin_coder, stated_gsd
from planimeter.errors import QuestionError
from planimeter.vocabulary.topics import TOPICS

LAKES = "How many lakes are there?"
NEAR = "How many buildings are within 50 m of water?"
FOREST = "What is the area of forest in hectares?"
BARREN = "Is there more than 1 ha of barren land?"


def write(question: str) -> Program:
    return builtin_coder().write(Request(question, TOPICS, 0.5))


@pytest.mark.parametrize(
    ("dressed", "plain"),
    [
        # wrappers
        (f"<image>\n{LAKES}", LAKES),
        (f"Q: {LAKES} A:", LAKES),
        (f"Question: {NEAR}\nAnswer:", NEAR),
        (f"USER: <image> {LAKES} ASSISTANT:", LAKES),
        ("Based on the aerial image, how many lakes are there?", LAKES),
        ("According to the map provided, how many buildings are within 50 m of water?", NEAR),
        ("Looking at this picture, how many lakes are there?", LAKES),
        (f"Here is a satellite image. {NEAR}", NEAR),
        # format hints
        (f"{LAKES} Answer with a single number.", LAKES),
        (f"{LAKES} Respond with just the number.", LAKES),
        (f"{LAKES} Give only an integer, no explanation.", LAKES),
        (f"Answer the question using a single word or phrase. {LAKES}", LAKES),
        (f"{BARREN} Answer yes or no.", BARREN),
        (f"Yes or no: {BARREN}", BARREN),
        ("Is there more than 1 ha of barren land (yes/no)?", BARREN),
        (f"{FOREST} Round to two decimal places.", FOREST),
        ("What is the area of forest in hectares, to one decimal place?", FOREST),
        (f"{LAKES} Options: A. 3 B. 5 C. 7 D. 9", LAKES),
        (f"{LAKES} Think step by step.", LAKES),
        # politeness and the first person
        ("Could you please tell me how many lakes there are?", LAKES),
        (f"Hi there! {LAKES} Thanks a lot!", LAKES),
        ("I was wondering how many lakes there are.", LAKES),
        ("Would you mind telling me the number of lakes?", LAKES),
        ("I'd be grateful if you could count the lakes.", LAKES),
        ("I need to find out how many buildings are within 50 m of water, please", NEAR),
        ("Do you happen to know how many lakes there are?", LAKES),
        # context and purposes
        (f"I'm a teacher. {LAKES}", LAKES),
        (f"We work for an insurance company. {NEAR}", NEAR),
        (f"Our council is updating its plan. {FOREST}", FOREST),
        (f"You are an expert in remote sensing. {LAKES}", LAKES),
        (f"I need some numbers for a talk. {FOREST}", FOREST),
        ("For a school project, how many lakes are there?", LAKES),
        ("Land use planning: how many buildings are within 50 m of water?", NEAR),
        (f"{LAKES} For my homework.", LAKES),
        # imperatives and procedures
        ("Count the number of lakes in this aerial photo.", LAKES),
        ("Buffer the water by 50 m and count the buildings inside the buffer.", NEAR),
        ("Create a 50 m buffer around water. How many buildings are inside it?", NEAR),
        # keywords and abbreviations
        ("# lakes", LAKES),
        ("no. of lakes", LAKES),
        ("bldgs w/in 50m of water", NEAR),
        ("forest ha", FOREST),
        ("total forest area, ha", FOREST),
        ("avg building size m2", "What is the average size of buildings in square metres?"),
        ("crops < 100 m water acres", "What area of crops is less than 100 m from water, in acres?"),
        ("forest/water ratio", "What is the ratio of forest to water?"),
        # slips and spelling
        ("how mnay laeks are their", LAKES),
        ("How many buidlings are withing 50 meteres of watter?", NEAR),
        ("waht is the aera of forrest in hectars", FOREST),
        ("is their more then 1 ha of baren land?", BARREN),
        # characters and numbers
        ("How many buildings are within 50\u00a0m of\u2009water?", NEAR),
        ("How\u200b many lakes are\ufeff there?", LAKES),
        ("How many buildings are within 5e1 m of water?", NEAR),
        ("What is the area of forest in sq. m.?", "What is the area of forest in square metres?"),
        ("What is the area of forest in metres squared?", "What is the area of forest in square metres?"),
        ("What is the area of forest — in hectares?", FOREST),
    ],
)  # fmt: skip
def test_clothing_changes_nothing(dressed: str, plain: str) -> None:
    assert write(dressed).text == write(plain).text


@pytest.mark.parametrize(
    "question",
    [
        f"I only care about the big ones. {LAKES}",
        f"I want the northern part. {LAKES}",
        f"I'm looking for hospitals. {LAKES}",
        f"The image was taken in 2015. {LAKES}",
        f"We ignore ponds. {LAKES}",
        f"Suppose the forest is gone. {LAKES}",
        f"My house is near the lake. {LAKES}",
        f"Our map does not show ponds. {LAKES}",
        f"North half: {LAKES}",
        f"Residential: {NEAR}",
        "We mean natural lakes. How many are there?",
        "Which covers more? A. forest B. water",
        "I have two farms. How far are they from water?",
        f"{LAKES} Answer for 2015.",
    ],
)
def test_what_narrows_a_question_is_no_clothing(question: str) -> None:
    with pytest.raises(QuestionError):
        write(question)


def test_what_was_left_aside_is_said() -> None:
    reading = write(f"I'm an insurance adjuster. {NEAR}").reading
    assert reading == f'{write(NEAR).reading} Left aside: "I\'m an insurance adjuster."'


@pytest.mark.parametrize(
    ("question", "gsd"),
    [
        (f"Each pixel is 0.5 m. {LAKES}", 0.5),
        (f"One pixel covers 30 cm by 30 cm. {LAKES}", 0.3),
        (f"The image has a ground sampling distance of 0.25 m. {LAKES}", 0.25),
        (f"Given a GSD of 10 m, {LAKES}", 10.0),
        (f"Each pixel is 0.25 m². {LAKES}", None),
    ],
)
def test_a_scale_said_in_a_sentence(question: str, gsd: float | None) -> None:
    assert stated_gsd(question) == gsd
    if gsd is not None:
        assert write(question).text == write(LAKES).text
