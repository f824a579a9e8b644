"""The language-model coder from question to answer: repair, hostile programs, the record of every attempt."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from planimeter import errors
from planimeter.answer import Answer
from planimeter.ask import ask
from planimeter.coder import Request
from planimeter.coder.find import ModelOptions, find_coder
from planimeter.program import Limits
from planimeter.program.jailed_python import unavailable
from planimeter.segment import LabelSegmenter
from planimeter.worlds import make_world

QUESTION = "How many water regions are there?"
RIGHT = """\
shapes = segment_image_from_path(IMAGE_PATH, ["water"], gsd=gsd)["shapes"]
print("water:", len(shapes))
answer = len(shapes)
"""
MISSPELT = RIGHT.replace("len(shapes)\n", "len(shape)\n", 1).replace("print", "print", 1)
RAISES = RIGHT.replace("answer = len(shapes)", "answer = len(shapes) // len([])")
LOOPS = "n = 0\nwhile True:\n    n += 1\nanswer = n\n"
ESCAPES = (
    'answer = ().__class__.__base__.__subclasses__()[0].__init__.__globals__["os"].system("touch escaped")\n'
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A small scene with exact labels: the paths, and a segmenter that reads them."""
    paths = make_world(seed=11, size=128).write(tmp_path_factory.mktemp("world"))
    return {**paths, "maps": LabelSegmenter(paths["labels"], paths["legend"])}


def ask_model(
    world: dict[str, Any], server: Any, question: str = QUESTION, max_repairs: int = 2, **options: Any
) -> Answer:
    models = ModelOptions(base_url=server.url, timeout=20.0, max_repairs=max_repairs)
    return ask(world["image"], question, segmenter=world["maps"], coder="scripted", models=models, **options)


@pytest.fixture(scope="module")
def truth(world: dict[str, Any]) -> float | int | str:
    """What the built-in coder's program finds."""
    return ask(world["image"], QUESTION, segmenter=world["maps"]).answer


def test_a_right_program_at_once(world: dict[str, Any], server: Any, truth: Any) -> None:
    server.play(f"Sure!\n```python\n{RIGHT}```")
    answer = ask_model(world, server)
    assert (answer.answer, answer.type, answer.unit, answer.coder) == (truth, "number", "count", "scripted")
    assert answer.program == RIGHT
    assert answer.stdout == f"water: {truth}\n"
    writing = answer.writing
    assert writing["prompt"].startswith("v2-")
    assert (writing["prompt_tokens"], writing["completion_tokens"], writing["cost"]) == (1200, 80, None)
    assert [attempt["error"] for attempt in writing["attempts"]] == [None]
    assert json.loads(answer.to_json())["writing"] == writing


def test_the_model_is_told_question_topics_scale_and_format(world: dict[str, Any], server: Any) -> None:
    server.play(RIGHT)
    ask_model(world, server)
    system, user = server.requests[0]["body"]["messages"]
    assert "Topics:" in system["content"]
    assert "water" in system["content"]
    assert f"Question: {QUESTION}\nScale: gsd is 0.5 metres per pixel.\nStore" in user["content"]


def test_what_the_check_finds_goes_back(world: dict[str, Any], server: Any, truth: Any) -> None:
    server.play(MISSPELT, RIGHT)
    answer = ask_model(world, server)
    assert answer.answer == truth
    first, second = answer.writing["attempts"]
    assert first["program"] == MISSPELT
    assert "shape" in first["error"]
    assert second["error"] is None
    assert answer.writing["prompt_tokens"] == 2400
    asked_again = server.requests[1]["body"]["messages"]
    assert [message["role"] for message in asked_again] == ["system", "user", "assistant", "user"]
    assert asked_again[2]["content"] == MISSPELT
    assert first["error"] in asked_again[3]["content"]


def test_what_the_sandbox_raises_goes_back(world: dict[str, Any], server: Any, truth: Any) -> None:
    server.play(RAISES, RIGHT)
    answer = ask_model(world, server)
    assert answer.answer == truth
    first, second = answer.writing["attempts"]
    assert "ZeroDivisionError" in first["error"]
    assert "line 3" in first["error"]
    assert second["error"] is None
    assert "ZeroDivisionError" in server.requests[1]["body"]["messages"][3]["content"]


def test_check_and_sandbox_share_one_budget_of_repairs(world: dict[str, Any], server: Any) -> None:
    server.play(MISSPELT, RAISES, RAISES, RIGHT)
    with pytest.raises(errors.ProgramFailed, match="ZeroDivisionError"):
        ask_model(world, server)
    assert len(server.requests) == 3


def test_no_repairs_means_one_attempt(world: dict[str, Any], server: Any) -> None:
    server.play(RAISES, RIGHT)
    with pytest.raises(errors.ProgramFailed):
        ask_model(world, server, max_repairs=0)
    assert len(server.requests) == 1


def test_no_program_at_all_is_a_failed_check(world: dict[str, Any], server: Any) -> None:
    server.play("I am sorry, I cannot do that.")
    with pytest.raises(
        errors.CheckFailed, match=r"scripted wrote no usable program in 3 attempt\(s\).*--coder builtin"
    ):
        ask_model(world, server)


def test_a_cut_off_reply_says_so_to_the_model(world: dict[str, Any], server: Any, scripts: Any) -> None:
    server.play(scripts.says("<think>Let me", finish_reason="length"), RIGHT)
    ask_model(world, server)
    assert "cut off" in server.requests[1]["body"]["messages"][3]["content"]


def test_a_loop_ends_by_the_limit_and_goes_back(world: dict[str, Any], server: Any, truth: Any) -> None:
    server.play(LOOPS, RIGHT)
    answer = ask_model(world, server, limits=Limits(sandbox_seconds=0.5))
    assert answer.answer == truth
    assert "ran out of time" in answer.writing["attempts"][0]["error"]


def test_an_escape_is_refused_and_goes_back(
    world: dict[str, Any], server: Any, truth: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    server.play(ESCAPES, RIGHT)
    answer = ask_model(world, server)
    assert answer.answer == truth
    assert answer.writing["attempts"][0]["error"]
    assert not (tmp_path / "escaped").exists()


def test_an_unknown_topic_goes_back_with_those_there_are(world: dict[str, Any], server: Any) -> None:
    server.play(RIGHT.replace('"water"', '"lava"'), RIGHT)
    answer = ask_model(world, server)
    error = answer.writing["attempts"][0]["error"]
    assert "lava" in error
    assert "water" in error


def test_a_program_that_says_it_cannot_be_measured_is_believed(world: dict[str, Any], server: Any) -> None:
    server.play('cannot_answer("Depth cannot be seen from above.")\nanswer = 0\n')
    with pytest.raises(errors.NotMeasurable, match="Depth cannot be seen"):
        ask_model(world, server, "How deep is the lake?")
    assert len(server.requests) == 1


def test_the_unit_is_the_questions_or_the_programs(world: dict[str, Any], server: Any) -> None:
    server.play("# unit: km\nanswer = 2.5\n")
    answer = ask_model(world, server, "Compute the sinuosity of the shore.")
    assert (answer.answer, answer.unit, str(answer)) == (2.5, "km", "2.5 km")


def test_the_second_time_nothing_is_asked(world: dict[str, Any], server: Any) -> None:
    server.play(MISSPELT, RIGHT)
    first = ask_model(world, server)
    again = ask_model(world, server)
    assert len(server.requests) == 2
    assert again.answer == first.answer
    assert [attempt["cached"] for attempt in again.writing["attempts"]] == [True, True]
    assert again.writing["seconds"] == 0


def test_a_question_of_endless_length_is_not_sent(server: Any) -> None:
    coder = find_coder("scripted", base_url=server.url)
    with pytest.raises(errors.NotUnderstood, match="longer than 2000 characters"):
        coder.write(Request("how " * 1000, ("water",)))
    assert not server.requests


def test_with_full_python_the_check_lets_it_pass_and_the_second_tier_runs_it(
    world: dict[str, Any], server: Any, truth: Any
) -> None:
    if unavailable():
        pytest.skip(str(unavailable()))
    server.play("def each():\n    yield from range(3)\n" + RIGHT)
    models = ModelOptions(base_url=server.url, timeout=20.0, full_python=True)
    answer = ask(world["image"], QUESTION, segmenter=world["maps"], coder="scripted", models=models)
    assert answer.answer == truth
    assert len(server.requests) == 1
    assert "rlimits" in answer.run.protections


def test_without_the_extra_the_sentence_names_it(
    world: dict[str, Any], server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    server.play(RIGHT)
    with pytest.raises(errors.ModelError, match=r"pip install 'planimeter\[llm\]'"):
        ask_model(world, server)


def test_a_server_that_fails_exits_with_3(
    world: dict[str, Any], server: Any, scripts: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    from planimeter.cli import main

    server.play(scripts.refuses(401, "no"))
    arguments = ["ask", str(world["image"]), QUESTION, "--labels", str(world["labels"])]
    arguments += ["--legend", str(world["legend"]), "--coder", "scripted", "--base-url", server.url]
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 3
    said = capsys.readouterr().err
    assert said.startswith("planimeter: http://127.0.0.1")
    assert said.count("\n") == 1


def test_an_error_while_the_sandbox_is_starting_ends_the_process_cleanly(world: dict[str, Any]) -> None:
    """The address is refused at once, while the sandbox's first worker is still on its way."""
    command = [sys.executable, "-m", "planimeter", "ask", str(world["image"]), QUESTION]
    command += ["--coder", "scripted", "--base-url", "localhost:9"]
    for _ in range(3):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr


def test_the_command_line_reaches_every_option(
    world: dict[str, Any], server: Any, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    from planimeter.cli import main

    server.play(MISSPELT, RIGHT)
    arguments = ["ask", str(world["image"]), QUESTION, "--labels", str(world["labels"])]
    arguments += ["--legend", str(world["legend"]), "--coder", "scripted", "--base-url", server.url]
    arguments += [
        "--max-tokens",
        "99",
        "--reasoning-effort",
        "low",
        "--temperature",
        "0.3",
        "--max-repairs",
        "1",
    ]
    main([*arguments, "--no-cache", "--json", "--out", str(tmp_path / "out")])
    printed = json.loads(capsys.readouterr().out)
    assert printed["coder"] == "scripted"
    assert len(printed["writing"]["attempts"]) == 2
    body = server.requests[0]["body"]
    assert (body["max_tokens"], body["reasoning_effort"], body["temperature"]) == (99, "low", 0.3)
    assert json.loads((tmp_path / "out" / "answer.json").read_text())["writing"] == printed["writing"]
    assert not list(tmp_path.rglob("*.reply.json"))
