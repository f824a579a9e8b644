"""Programs as a language model writes them run, and give what CPython gives on a brute-force API."""

from __future__ import annotations

import json

import pytest

from .fakes import run, town
from .reference import Reference, same
from .texts import FOLDER, programs

PROGRAMS = programs("ordinary.txt")
ANSWERS = json.loads((FOLDER / "ordinary_answers.json").read_text(encoding="utf-8"))
LABELS = town(3, 120)


@pytest.mark.parametrize("title", PROGRAMS)
def test_runs_and_gives_the_right_answer(title: str) -> None:
    assert same(run(PROGRAMS[title], LABELS).answer, ANSWERS[title])


@pytest.mark.parametrize("title", PROGRAMS)
def test_cpython_agrees(title: str) -> None:
    assert same(Reference(LABELS, 0.5).run(PROGRAMS[title]), ANSWERS[title])


def test_there_are_enough_of_them() -> None:
    assert len(PROGRAMS) >= 60
    assert PROGRAMS.keys() == ANSWERS.keys()


def test_answers_differ_so_that_a_mix_up_shows() -> None:
    assert len({str(answer) for answer in ANSWERS.values()}) > 45
