"""Refusals that help: what they offer can be asked, and the reason is said in the user's own words."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from planimeter.cli import main
from planimeter.coder import Request, builtin_coder
from planimeter.coder.grammar.slips import nearest, spelled
from planimeter.coder.router import Router
from planimeter.errors import NotMeasurable, NotUnderstood, QuestionError
from planimeter.serve.http_errors import named_error
from planimeter.vocabulary.topics import TOPICS, brought_topic

from .unanswerable import NOT_MEASURABLE, NOT_UNDERSTOOD


def refusal(question: str, topics: tuple[str, ...] = TOPICS) -> QuestionError:
    with pytest.raises(QuestionError) as caught:
        builtin_coder().write(Request(question, topics, 0.5))
    return caught.value


@pytest.mark.parametrize(
    ("question", "offered"),
    [
        ("How big is a lake?", "How big is the largest lake?"),
        ("How many houses are within 20 m of every road?", "How many houses are within 20 m of any road?"),
        ("Contrast forest and water", "Which is larger, forest or water?"),
        ("How many buildings > 1.000 m2?", "How many buildings > 1,000 m2?"),
        ("How many buildings > 1.000 m2?", "How many buildings > 1 m2?"),
        ("How many horses are within 50 m of water?", "How many houses are within 50 m of water?"),
        ("What is the width of the river?", "What is the total area of water?"),
        (
            "How many houses without panels are within 50 m of a road?",
            "How many houses that do not touch panels are within 50 m of a road?",
        ),
        ("How many houses have no solar panels?", "How many houses do not touch solar panels?"),
        ("How many buildings are near water?", "How many buildings are within 50 m of water?"),
    ],
)
def test_the_likeliest_rewordings_are_offered(question: str, offered: str) -> None:
    assert offered in refusal(question).suggestions


def test_a_topic_of_a_layer_is_offered_by_its_own_words() -> None:
    park = brought_topic("park", counted=True)
    with pytest.raises(QuestionError) as caught:
        builtin_coder().write(Request("How large is a park?", ("park",), 0.5, (park,)))
    assert caught.value.suggestions[0] == "How large is the largest park?"


def test_what_is_left_out_is_named_as_people_call_it() -> None:
    said = str(refusal("How many houses without panels are within 50 m of a road?"))
    assert '"that do not touch solar installations"' in said


def offers(question: str, topics: tuple[str, ...]) -> tuple[str, ...]:
    try:
        builtin_coder().write(Request(question, topics, 0.5))
    except QuestionError as refused:
        return refused.suggestions
    return ()


@pytest.mark.parametrize("topics", [TOPICS, ("water", "roof")])
def test_every_rewording_offered_can_be_asked(topics: tuple[str, ...]) -> None:
    offered = 0
    for question in (*NOT_UNDERSTOOD, *NOT_MEASURABLE):
        suggestions = offers(question, topics)
        assert len(suggestions) <= 3
        offered += bool(suggestions)
        for suggestion in suggestions:
            builtin_coder().write(Request(suggestion, topics, 0.5))
    assert offered > 40


@pytest.mark.parametrize(
    "question",
    [
        "Wie viele Häuser gibt es?",
        "Combien de lacs y a-t-il dans l'image ?",
        "¿Cuántos lagos hay?",
        "Quanti edifici ci sono?",
        "Quantas casas há na imagem?",
        "Сколько зданий?",
        "建物はいくつありますか",
        "كم عدد المباني؟",
    ],
)
def test_other_languages_are_told_so(question: str) -> None:
    assert "English only" in str(refusal(question))


@pytest.mark.parametrize("question", ["How many castles are there?", "What is the colour of the die cast?"])
def test_english_is_not_taken_for_another_language(question: str) -> None:
    assert "English only" not in str(refusal(question))


def test_the_refusal_quotes_what_was_typed() -> None:
    assert '"How many lakes are there"' in str(refusal("How many lakes are there and list them"))


def test_a_server_sends_them() -> None:
    reply = named_error(NotUnderstood("Say which.", suggestions=("How big is the largest lake?",)))
    assert reply.suggestions == ["How big is the largest lake?"]
    assert named_error(NotMeasurable("No.")).suggestions == []


def test_a_router_passes_them_on() -> None:
    with pytest.raises(NotUnderstood) as caught:
        Router(builtin_coder()).write(Request("How big is a lake?", TOPICS, 0.5))
    assert "How big is the largest lake?" in caught.value.suggestions


def test_the_command_line_prints_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Image.fromarray(np.zeros((8, 8, 3), np.uint8)).save(tmp_path / "image.png")
    Image.fromarray(np.ones((8, 8), np.uint8)).save(tmp_path / "labels.png")
    (tmp_path / "legend.json").write_text('{"water": [1]}')
    words = ["ask", str(tmp_path / "image.png"), "How big is a lake?", "--gsd", "0.5"]
    words += ["--labels", str(tmp_path / "labels.png"), "--legend", str(tmp_path / "legend.json")]
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 4
    assert "try      How big is the largest lake?" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main([*words, "--json"])
    said = capsys.readouterr()
    assert ended.value.code == 4
    answer = json.loads(said.out)
    assert (answer["kind"], answer["exit_code"]) == ("NotUnderstood", 4)
    assert "How big is the largest lake?" in answer["suggestions"]
    assert answer["error"] in said.err


@pytest.mark.parametrize(
    ("typed", "word"),
    [("buidlings", "buildings"), ("forrest", "forest"), ("vegitation", "vegetation"), ("laeks", "lakes")],
)
def test_misspelt_words(typed: str, word: str) -> None:
    assert nearest(typed) == (word,)


@pytest.mark.parametrize(
    "word",
    [
        "horses",
        "boats",
        "cars",
        "glass",
        "pounds",
        "words",
        "hoses",
        "rods",
        "loads",
        "crows",
        "tress",
        "rover",
        "xyz",
    ],
)
def test_english_words_are_not_misspelt(word: str) -> None:
    assert nearest(word) == ()


def test_what_was_taken_for_what_is_said() -> None:
    program = builtin_coder().write(Request("How many buidlings are within 50 m of watter?", TOPICS, 0.5))
    plain = builtin_coder().write(Request("How many buildings are within 50 m of water?", TOPICS, 0.5))
    assert program.text == plain.text
    assert '"buidlings" was taken for "buildings"' in program.reading
    assert '"watter" was taken for "water"' in program.reading


def test_an_open_vocabulary_keeps_its_nouns() -> None:
    from planimeter.coder.grammar.lexer import tokenize
    from planimeter.coder.grammar.meanings import known_words

    text = "How many buidlings are thare?"
    assert spelled(text, tokenize(text), known_words(), nouns=False).taken == (("thare", "there"),)


def test_a_reading_says_that_a_river_is_read_as_all_water() -> None:
    for question, word in (
        ("How many rivers are there?", "rivers"),
        ("How big is the largest lake?", "lake"),
    ):
        reading = builtin_coder().write(Request(question, TOPICS, 0.5)).reading
        assert f'"{word}" was read as all water.' in reading, reading
    assert (
        "was read as" not in builtin_coder().write(Request("How much water is there?", TOPICS, 0.5)).reading
    )


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (
            "Premises passed: buildings ≤ 35 m from a road, qty",
            "How many buildings are within 35 m of roads?",
        ),
        (
            "AC6: 'the job' shall report bldgs < 30 m off a road",
            "How many buildings are less than 30 m from roads?",
        ),
        ("gimme purple ponds, the biggest, sq ft", "What is the area of the largest water region, in ft²?"),
        ("how dense is it all here, in rustic houses per acre", "How many buildings are there per acre?"),
        (
            "does the wizard like more farmland or more woodland",
            "Which has the larger area, agricultural land or forest?",
        ),
        (
            "Skylark habitat share: farmland, grass, wizards",
            "What percentage of the image is covered by agricultural land and grassland?",
        ),
        (
            "furthest a wizard walks from any house to water, yards",
            "What is the longest distance from buildings to water, in yd?",
        ),
    ],
)
def test_what_is_made_of_its_parts_is_offered_nearest_first(question: str, first: str) -> None:
    assert refusal(question).suggestions[0] == first


def test_a_long_story_is_offered_what_it_asks() -> None:
    story = (
        "Well now, when I was a boy my grandfather used to take me down the lane past the old mill and we would "
        "stop and listen to the frogs for an hour or so, which is why I have always wondered, and I do hope it is not "
        "too much trouble, roughly how many ponds over 200 square metres there might be here, thank you kindly."
    )
    assert refusal(story).suggestions[0] == "How many water regions are larger than 200 m²?"
