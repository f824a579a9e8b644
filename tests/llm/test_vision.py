"""The direct baseline: what is sent, how answers are read, the thinking budget of the paper's section 5.1."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np
import pytest

from planimeter import errors
from planimeter.ask import ask
from planimeter.coder.find import ModelOptions
from planimeter.coder.llm import ChatClient, Generation
from planimeter.coder.vlm import ANSWER_TOKENS, VisionModel, encode
from planimeter.raster import open_scene
from planimeter.worlds import make_world

COUNT = "How many buildings are there?"
SHARE = "What percentage of the image is water? (GSD: 0.5m)"


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return make_world(seed=5, size=(96, 128)).write(tmp_path_factory.mktemp("world"))


def vision(server: Any, budget: int | None = None, **generation: Any) -> VisionModel:
    client = ChatClient("looker", server.url, timeout=20.0, cache=None)
    return VisionModel(client, Generation(**generation), budget)


def test_the_picture_is_sent_whole_and_in_detail(paths: Any, server: Any) -> None:
    server.play("7")
    scene = open_scene(paths["image"])
    look = vision(server).look(scene, COUNT)
    assert (look.answer, look.type, look.unit, look.text) == (7, "number", "count", "7")
    body = server.requests[0]["body"]
    system, user = body["messages"]
    picture, text = user["content"]
    assert system["role"] == "system"
    assert picture["image_url"]["detail"] == "high"
    assert "128 x 96 pixels. One pixel is 0.5 m." in text["text"]
    assert f"Question: {COUNT}\nReply with the final answer only, as a whole number (a count)" in text["text"]
    data = base64.b64decode(picture["image_url"]["url"].partition("base64,")[2])
    shown = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]
    assert shown.shape == (96, 128, 3)
    assert np.abs(shown.astype(int) - scene.read_rgb()).mean() < 6, "the same picture, but for JPEG"


def test_a_large_scene_is_scaled_down_and_its_pixel_with_it(paths: Any) -> None:
    picture = encode(open_scene(paths["image"]), max_side=64)
    assert (picture.width, picture.height, picture.gsd) == (64, 48, 1.0)


@pytest.mark.parametrize(
    ("question", "reply", "answer"),
    [
        (SHARE, "About **12.5%**.", (12.5, "number", "%")),
        ("Is there any water?", "Yes, a lake.", ("yes", "yes/no", None)),
        ("Is the forest connected or fragmented?", "Fragmented.", ("fragmented", "category", None)),
        ("What is the area of forest in hectares?", "12,000 m²", (1.2, "number", "ha")),
        (
            "Describe the coast.",
            "A sandy beach with two piers.",
            ("A sandy beach with two piers.", "text", None),
        ),
        (COUNT, "a few", (None, "number", None)),
        (COUNT, "", (None, "number", None)),
    ],
)
def test_the_answer_is_read_strictly(paths: Any, server: Any, question: str, reply: str, answer: Any) -> None:
    server.play(reply)
    look = vision(server).look(open_scene(paths["image"]), question)
    assert (look.answer, look.type, look.unit) == answer


# -- the thinking budget ----------------------------------------------------


def test_within_the_budget_nothing_is_closed(paths: Any, server: Any) -> None:
    server.play("I see seven roofs.\n</think>\n\n7")
    look = vision(server, budget=4096).look(open_scene(paths["image"]), COUNT)
    assert (look.answer, look.closed, look.reasoning) == (7, False, "I see seven roofs.")
    assert server.requests[0]["body"]["max_tokens"] == 4096
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "first",
    [
        {"text": "<think>\nOne roof, two roofs, and then"},
        {"text": "One roof, two roofs, and then"},
        {"text": None, "reasoning_content": "One roof, two roofs, and then"},
        {"text": "", "reasoning": "One roof, two roofs, and then"},
    ],
)
@pytest.mark.parametrize("last", [{"text": "\n\n7"}, {"text": None, "reasoning_content": "7"}])
def test_past_the_budget_reasoning_is_closed_and_ten_tokens_are_given(
    paths: Any, server: Any, scripts: Any, first: dict[str, Any], last: dict[str, Any]
) -> None:
    usage = {"prompt_tokens": 100, "completion_tokens": 4096}
    short = {"prompt_tokens": 4196, "completion_tokens": 2}
    server.play(scripts.says(**first, finish_reason="length", usage=usage), scripts.says(**last, usage=short))
    look = vision(server, budget=4096).look(open_scene(paths["image"]), COUNT)
    assert (look.answer, look.closed) == (7, True)
    assert look.reasoning == "One roof, two roofs, and then"
    assert (look.writing["prompt_tokens"], look.writing["completion_tokens"]) == (4296, 4098)
    again = server.requests[1]["body"]
    assert again["max_tokens"] == ANSWER_TOKENS == 10
    assert (again["continue_final_message"], again["add_generation_prompt"]) == (True, False)
    assert again["messages"][:2] == server.requests[0]["body"]["messages"]
    assert again["messages"][2] == {
        "role": "assistant",
        "content": "<think>\nOne roof, two roofs, and then\n</think>",
    }


def test_an_answer_that_was_begun_is_gone_on_with(paths: Any, server: Any, scripts: Any) -> None:
    server.play(scripts.says("Thought.\n</think>\n\nThe answer is", finish_reason="length"), " 7")
    look = vision(server, budget=16).look(open_scene(paths["image"]), COUNT)
    assert (look.answer, look.closed) == (7, True)
    assert server.requests[1]["body"]["messages"][2]["content"] == "Thought.\n</think>\n\nThe answer is"


def test_ten_tokens_of_more_thought_are_no_answer(paths: Any, server: Any, scripts: Any) -> None:
    server.play(
        scripts.says("Hm, 3 or", finish_reason="length"),
        scripts.says("Well, it may be", finish_reason="length"),
    )
    assert vision(server, budget=16).look(open_scene(paths["image"]), COUNT).answer is None


# -- from ask ---------------------------------------------------------------


def options(server: Any) -> ModelOptions:
    return ModelOptions(base_url=server.url, vision="looker", timeout=20.0)


def test_coder_vision_answers_everything_by_looking(paths: Any, server: Any) -> None:
    server.play("10-14")
    answer = ask(paths["image"], COUNT, coder="vision", models=options(server))
    assert (answer.answer, answer.unit, answer.coder, answer.program) == (12, "count", "looker", "")
    assert any(
        "nothing was measured" in warning and "middle of a range" in warning for warning in answer.warnings
    )
    assert answer.writing["route"]["coder"] == "looker"
    assert "not measured" in answer.writing["route"]["reason"]
    assert '"answer": 12' in answer.to_json()


def test_a_reply_that_is_no_answer_is_an_error(paths: Any, server: Any) -> None:
    server.play("I see several buildings.")
    with pytest.raises(
        errors.ModelError, match=r"no answer that can be read \('I see several buildings\.'\)"
    ):
        ask(paths["image"], COUNT, coder="vision", models=options(server))


def test_a_model_that_takes_no_pictures_says_so(paths: Any, server: Any, scripts: Any) -> None:
    server.play(scripts.refuses(400, "looker is not a multimodal model"))
    with pytest.raises(errors.ModelError, match="not a multimodal model"):
        ask(paths["image"], COUNT, coder="vision", models=options(server))


def test_coder_vision_needs_a_model(paths: Any) -> None:
    with pytest.raises(errors.UsageError, match="--vision MODEL"):
        ask(paths["image"], COUNT, coder="vision")


def test_evidence_of_a_look_can_be_saved(paths: Any, server: Any, tmp_path: Any) -> None:
    server.play("7")
    files = ask(paths["image"], COUNT, coder="vision", models=options(server)).save(tmp_path / "out")
    assert files["answer"].is_file()


def test_the_command_line_needs_no_maps_to_look(
    paths: Any, server: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from planimeter.cli import main

    server.play("A village by a lake.")
    arguments = ["ask", str(paths["image"]), "Describe the village.", "--coder", "auto"]
    main([*arguments, "--vision", "looker", "--base-url", server.url])
    shown = capsys.readouterr().out
    assert shown.startswith("A village by a lake.\n")
    assert "the question asks for a description" in shown
    assert "nothing was measured" in shown
