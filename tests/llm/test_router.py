"""Who answers and why: measurements go to programs, descriptions to a vision model, or are refused."""

from __future__ import annotations

from typing import Any

import pytest

from planimeter import errors
from planimeter.answer import Answer
from planimeter.ask import ask
from planimeter.coder.find import ModelOptions, find_coder
from planimeter.coder.llm.formats import is_qualitative
from planimeter.coder.verify import same_answer
from planimeter.segment import LabelSegmenter
from planimeter.worlds import make_world

PLAIN = "How many water regions are there?"
STRANGE = "Is the biggest lake rounder than a typical field?"
DESCRIBE = "Describe the coast."
COUNTS = 'answer = len(segment_image_from_path(IMAGE_PATH, ["water"], gsd=gsd)["shapes"])\n'


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    paths = make_world(seed=11, size=128).write(tmp_path_factory.mktemp("world"))
    return {**paths, "maps": LabelSegmenter(paths["labels"], paths["legend"])}


def ask_auto(world: dict[str, Any], question: str, coder: str = "auto", **settings: Any) -> Answer:
    verify = settings.pop("verify", False)
    models = ModelOptions(timeout=20.0, **settings)
    return ask(world["image"], question, segmenter=world["maps"], coder=coder, models=models, verify=verify)


@pytest.mark.parametrize(
    "question",
    [
        "Describe the coast.",
        "Please describe this image",
        "What do you see?",
        "What is shown in this picture?",
        "What does the harbour look like?",
        "Why are the fields brown?",
        "What kind of crops grow here?",
        "Explain the layout of the town.",
        "Give me an overview of the scene.",
        "Is this a rich neighbourhood?",
        "Tell me about the river.",
        "How are the houses arranged?",
    ],
)
def test_qualitative(question: str) -> None:
    assert is_qualitative(question)


@pytest.mark.parametrize(
    "question",
    [
        "How many ponds are there?",
        "What percentage of the image is covered by barren land? (GSD: 0.3m)",
        "Is there more barren land than forest area in this image?",
        "Is the forest area connected or fragmented (more than 5 patches larger than 0.125 hectares)?",
        "Calculate the solar potential MW output assuming 200W/m² efficiency. (GSD: 0.3m)",
        "Find barren land patches larger than 1 hectares, then calculate their area.",
        "What is the average size of solar installations?",
        "What is the total area of forest?",
        "How far is the nearest road?",
        "Are there any roofs within 50 m of water?",
        "Describe how many ponds there are.",
        "Which is larger, forest or water?",
        "Is there any water?",
    ],
)
def test_quantitative(question: str) -> None:
    assert not is_qualitative(question)


def test_what_the_built_in_coder_understands_costs_nothing(world: dict[str, Any], server: Any) -> None:
    server.play(COUNTS)
    answer = ask_auto(world, PLAIN, model="scripted", base_url=server.url)
    assert answer.coder == "builtin"
    assert answer.writing["route"] == {
        "coder": "builtin",
        "reason": "the built-in coder understood the question",
    }
    assert not server.requests


def test_what_it_does_not_understand_goes_to_the_model(world: dict[str, Any], server: Any) -> None:
    server.play("oops", COUNTS.replace("answer", "# unit: none\nanswer"))
    answer = ask_auto(world, STRANGE, model="scripted", base_url=server.url)
    assert answer.coder == "scripted"
    assert answer.writing["route"]["coder"] == "scripted"
    assert answer.writing["route"]["reason"].startswith("the built-in coder did not understand: ")
    assert len(answer.writing["attempts"]) == 2


def test_the_router_lets_its_model_repair_what_the_sandbox_refuses(
    world: dict[str, Any], server: Any
) -> None:
    server.play("x = []\nanswer = 1 // len(x)\n", COUNTS)
    answer = ask_auto(world, STRANGE, model="scripted", base_url=server.url)
    assert "ZeroDivisionError" in answer.writing["attempts"][0]["error"]
    assert "route" in answer.writing


def test_without_a_model_the_refusal_names_the_option(world: dict[str, Any]) -> None:
    with pytest.raises(errors.NotUnderstood, match="--model MODEL"):
        ask_auto(world, STRANGE)


def test_the_model_may_be_named_in_the_environment(
    world: dict[str, Any], server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANIMETER_MODEL", "scripted")
    monkeypatch.setenv("PLANIMETER_BASE_URL", server.url)
    server.play(COUNTS)
    assert ask_auto(world, STRANGE).coder == "scripted"


def test_a_description_goes_to_the_vision_model(world: dict[str, Any], server: Any) -> None:
    server.play("A lake between fields.")
    answer = ask_auto(world, DESCRIBE, vision="looker", base_url=server.url)
    assert (str(answer), answer.type, answer.coder) == ("A lake between fields.", "text", "looker")
    assert (
        answer.writing["route"]["reason"] == "the question asks for a description, which no measurement gives"
    )


def test_without_a_vision_model_a_description_is_refused_plainly(world: dict[str, Any]) -> None:
    with pytest.raises(errors.NotMeasurable, match=r"asks for a description.*--vision MODEL"):
        ask_auto(world, DESCRIBE)


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "x" * 400])
def test_a_name_that_names_nothing(name: str) -> None:
    with pytest.raises(errors.UsageError, match="names no coder"):
        find_coder(name)


# -- agreement --------------------------------------------------------------


def test_two_coders_that_agree(world: dict[str, Any], server: Any) -> None:
    server.play(COUNTS)
    answer = ask_auto(world, PLAIN, "builtin", verify=True, model="scripted", base_url=server.url)
    assert answer.verification is not None
    assert answer.verification["agrees"] is True
    assert answer.verification["coder"] == "scripted"
    assert answer.verification["program"] == COUNTS
    assert not any("second program" in warning for warning in answer.warnings)


def test_two_coders_that_differ_are_both_shown(world: dict[str, Any], server: Any) -> None:
    server.play("answer = 12345\n")
    answer = ask_auto(world, PLAIN, "builtin", verify=True, model="scripted", base_url=server.url)
    assert answer.verification is not None
    assert answer.verification["agrees"] is False
    assert answer.verification["answer"] == 12345
    assert answer.answer != 12345
    assert "answer = 12345" in answer.to_json()
    assert any("scripted, found 12345 count instead: read both programs" in text for text in answer.warnings)


def test_a_model_is_checked_by_the_built_in_coder(world: dict[str, Any], server: Any) -> None:
    server.play(COUNTS)
    answer = ask_auto(world, PLAIN, "scripted", verify=True, base_url=server.url)
    assert answer.verification is not None
    assert (answer.verification["coder"], answer.verification["agrees"]) == ("builtin", True)
    assert len(server.requests) == 1


def test_a_question_only_models_understand_is_checked_by_a_second_sample(
    world: dict[str, Any], server: Any
) -> None:
    server.play("answer = 3\n", "answer = 4\n")
    answer = ask_auto(world, STRANGE, "scripted", verify=True, base_url=server.url)
    assert answer.verification is not None
    assert (answer.answer, answer.verification["answer"]) == (3, 4)
    assert [request["body"]["temperature"] for request in server.requests] == [0.0, 0.7]


def test_a_router_is_not_checked_by_the_same_reply_of_its_model(world: dict[str, Any], server: Any) -> None:
    server.play("answer = 3\n", "answer = 4\n")
    answer = ask_auto(world, STRANGE, verify=True, model="scripted", base_url=server.url)
    assert answer.verification is not None
    assert (answer.coder, answer.verification["coder"]) == ("scripted", "scripted (second sample)")
    assert answer.verification["agrees"] is False


def test_looking_cannot_be_verified_by_programs(world: dict[str, Any], server: Any) -> None:
    with pytest.raises(errors.UsageError, match="--coder vision writes none"):
        ask_auto(world, PLAIN, "vision", verify=True, vision="looker", base_url=server.url)


def test_a_second_coder_that_fails_leaves_the_answer_and_says_so(
    world: dict[str, Any], server: Any, scripts: Any
) -> None:
    server.play(scripts.refuses(401, "no"))
    answer = ask_auto(world, PLAIN, "builtin", verify=True, model="scripted", base_url=server.url)
    assert answer.verification is not None
    assert answer.verification["agrees"] is None
    assert any("could not confirm" in text and "refused the key" in text for text in answer.warnings)


def test_verify_needs_two(world: dict[str, Any]) -> None:
    with pytest.raises(errors.UsageError, match="--verify needs a second coder"):
        ask_auto(world, PLAIN, "builtin", verify=True)


@pytest.mark.parametrize(
    ("first", "second", "units", "same"),
    [
        (1.0, 1.0 + 1e-9, ("ha", "ha"), True),
        (1.0, 1.001, ("ha", "ha"), False),
        (1.0, 10_000.0, ("ha", "m²"), True),
        (5, 5.0, ("buildings", "count"), True),
        (5, 5, ("%", "count"), False),
        (5, 5, ("ha", "m"), False),
        (0, 0.0, ("%", "%"), True),
        ("yes", "Yes", (None, None), True),
        ("yes", "no", (None, None), False),
        ("yes", 1, (None, None), False),
    ],
)
def test_same_answer(first: Any, second: Any, units: tuple[Any, Any], same: bool) -> None:
    assert same_answer(first, second, *units) is same
    assert same_answer(second, first, *reversed(units)) is same
