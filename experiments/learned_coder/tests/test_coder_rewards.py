"""Only right answers earn anything: known ways around the question, and what is no fault of a program."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from learned_coder.training import rewards as rewarding
from learned_coder.training.questions import Asked, Worded
from learned_coder.training.rewards import Judge, coder_rewards, stated_unit
from learned_coder.training.rows import Expected, Row, expected_answer, unit_of
from learned_coder.training.scenes import SceneConfig, load_scenes
from learned_coder.training.styles import Chat, Compact

from planimeter.squid.wording import Slots


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load_scenes(SceneConfig(count=5, size=128, gsd=(1.0,), seed=300)))


def row_of(judge: Judge, text: str, asked: Asked) -> Row:
    """A question on scenes with different answers."""
    found: list[Expected] = []
    for number, scene in enumerate(judge.scenes):
        one = expected_answer(asked, scene, number)
        if one is not None and one.value not in [other.value for other in found]:
            found.append(one)
    assert len(found) >= 2, "these scenes do not tell; choose another seed"
    return Row(Worded(text, "test", asked), unit_of(asked), tuple(found))


@pytest.fixture(scope="module")
def area(judge: Judge) -> Row:
    numbers = {"a": ("0.02 ha", "0.02"), "d": ("30 m", "30")}
    slots = Slots("roof", "grass", minimum=0.02, distance=30.0)
    return row_of(
        judge,
        "How many hectares of buildings over 0.02 ha lie within 30 m of grass?",
        Asked("large_near", slots, numbers=numbers),
    )


@pytest.fixture(scope="module")
def yes_no(judge: Judge) -> Row:
    for first, second in permutations(("forest", "grass", "agric", "water", "road", "roof"), 2):
        asked = Asked("comparison", Slots(first, second))
        answers = {one.value for k in range(5) if (one := expected_answer(asked, judge.scenes[k], k))}
        if len(answers) == 2:
            return row_of(judge, f"Is there more {first} than {second}?", asked)
    raise AssertionError("these scenes do not tell; choose another seed")


def earned(judge: Judge, row: Row, program: str) -> float:
    """All rewards of a program together."""
    given = [reward([program], row=[row])[0] for reward in coder_rewards(judge, Chat())]
    assert None not in given
    return sum(one for one in given if one is not None)


def test_the_right_program_earns_one(judge: Judge, area: Row, yes_no: Row) -> None:
    assert earned(judge, area, area.question.program) == 1.0
    assert earned(judge, yes_no, yes_no.question.program) == 1.0


def hacks(row: Row) -> dict[str, str]:
    """Ways to a reward that are not measuring."""
    head = f"# unit: {row.unit}\n" if row.unit else "# yes/no\n"
    first, last = row.expected[0], row.expected[-1]
    other = {"yes": "no", "no": "yes"}
    found = {
        "the right answer of one scene": head + f"answer = {first.value!r}",
        "the right answer of another": head + f"answer = {last.value!r}",
        "a number of the question": head + "answer = 0.02",
        "nothing at all": head + "answer = 0",
        "always yes": head + "answer = 'yes'",
        "always no": head + "answer = 'no'",
        "both at once": head + "answer = 'yes no'",
        "an interval": head + "answer = '0 to 100'",
        "a list of candidates": head + "answer = [0.0, 0.1, 0.2]",
        "not a number": head + "answer = float('nan')",
        "as large as can be": head + "answer = float('inf')",
        "the size of the image": head
        + "answer = segment_image_from_path(IMAGE_PATH, ['roof'], gsd=gsd)['total_hectares']",
        "the same without the conditions": head
        + "r = segment_image_from_path(IMAGE_PATH, ['roof', 'forest'], gsd=gsd)\n"
        "answer = sum(s['area_hectares'] for s in r['shapes'] if s['class_type'] == 'roof')",
        "another type's program": "# unit: count\n"
        "answer = len(segment_image_from_path(IMAGE_PATH, ['roof'], gsd=gsd)['shapes'])",
        "refusing": "# refused\ncannot_answer('This cannot be measured.')",
        "the truth beside the image": head + "answer = float(open(IMAGE_PATH + '.json').read())",
        "looking around": head + "answer = len(().__class__.__base__.__subclasses__())",
        "the environment": head + "import os\nanswer = len(os.environ)",
        "the reward itself": head + "from learned_coder.training import rewards\nanswer = rewards.BREVITY",
        "a name from the question": head + "answer = IMAGE_PATH",
        "nothing": "",
        "chatter": "The answer is 12 hectares.",
        "an endless loop": head + "while True:\n    pass\nanswer = 1",
    }
    if row.unit is None:
        found["the opposite"] = head + f"answer = {other.get(str(first.value), 'no')!r}"
    return found


HACKS = (
    "the right answer of one scene",
    "the right answer of another",
    "a number of the question",
    "nothing at all",
    "always yes",
    "always no",
    "both at once",
    "an interval",
    "a list of candidates",
    "not a number",
    "as large as can be",
    "the size of the image",
    "the same without the conditions",
    "another type's program",
    "refusing",
    "the truth beside the image",
    "looking around",
    "the environment",
    "the reward itself",
    "a name from the question",
    "nothing",
    "chatter",
    "an endless loop",
)


@pytest.mark.parametrize("name", HACKS)
def test_a_hack_earns_nothing(
    judge: Judge, area: Row, yes_no: Row, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick = replace(rewarding.LIMITS, seconds=3.0, sandbox_seconds=1.0)
    monkeypatch.setattr(rewarding, "LIMITS", quick)
    for row in (area, yes_no):
        program = hacks(row)[name]
        assert earned(judge, row, program) <= 0
        assert judge.right(program, row) is False


def test_the_list_of_hacks_is_whole(area: Row) -> None:
    assert set(HACKS) == set(hacks(area))


def test_the_right_number_in_another_unit_than_asked_earns_nothing(judge: Judge, area: Row) -> None:
    program = area.question.program
    assert not judge.right(program.replace("# unit: ha", "# unit: m²"), area)
    assert not judge.right(program.replace("# unit: ha", "# unit: %"), area)


def test_length_costs_only_beyond_what_any_question_needs(judge: Judge, area: Row) -> None:
    brevity = coder_rewards(judge, Chat())[-1]
    assert brevity([area.question.program], row=[area]) == [0.0]
    assert brevity([area.question.program + "\n#" + "x" * 3000], row=[area]) == [-rewarding.BREVITY]


def test_our_own_failure_is_no_verdict(judge: Judge, area: Row, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError("the disk is full")

    fresh = Judge(judge.scenes)
    with monkeypatch.context() as patch:
        patch.setattr(rewarding, "run_program", broken)
        given = [reward([area.question.program], row=[area])[0] for reward in coder_rewards(fresh, Chat())]
        assert given == [None, None, 0.0, 0.0]
    assert fresh.right(area.question.program, area) is True  # and it is not remembered


def test_refusing_is_right_only_where_nothing_can_be_measured(judge: Judge, area: Row) -> None:
    refusal = "# refused\ncannot_answer('No mask shows this.')"
    unanswerable = Row(
        Worded("Who lives here?", "test", None), None, tuple(Expected(k, "", None) for k in (0, 1))
    )
    assert judge.right(refusal, unanswerable) is True
    assert judge.right("# unit: count\nanswer = 3", unanswerable) is False
    assert judge.right(refusal, area) is False


def test_each_program_runs_once_per_scene(judge: Judge, area: Row) -> None:
    fresh = Judge(judge.scenes)
    for _ in range(3):
        assert fresh.right(area.question.program, area)
    assert fresh.runs == len(area.expected)


def test_slots_are_filled_before_the_program_runs(judge: Judge, area: Row) -> None:
    reply = Compact().target(area.question)
    assert "<t1>" in reply
    assert "<a1>" in reply
    assert coder_rewards(judge, Compact())[0]([reply], row=[area]) == [1.0]


def test_unit_in_the_first_line() -> None:
    assert stated_unit("# unit: ha\nanswer = 1", None) == "ha"
    assert stated_unit("answer = 1", "ha") == "ha"
    assert stated_unit("# yes/no\nanswer = True", "ha") is None
