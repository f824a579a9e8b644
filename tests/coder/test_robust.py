"""Whatever is typed: a program or a refusal, in bounded work, and always the same.

Work is counted in steps of the parsers that a question needs, not in seconds: a step is a rule tried at a position or
a reading it found. "How many buildings larger than 100 m² are within 50 m of water?" takes about a thousand.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planimeter.coder import Request, builtin_coder, stated_gsd
from planimeter.coder.grammar import formalism, meanings
from planimeter.coder.grammar.classes import CLASSES
from planimeter.errors import NotUnderstood, QuestionError
from planimeter.program import check_program
from planimeter.vocabulary.topics import SYNONYMS, TOPICS

from .questions import ANSWERABLE

WORDS = sorted(
    {phrase for phrases in CLASSES.values() for phrase in phrases}
    | set(SYNONYMS)
    | {
        "how many",
        "within",
        "100 m",
        "50",
        "2.5 ha",
        "of",
        "and",
        "or",
        "than",
        "is",
        "there",
        ",",
        "(",
        ")",
        "?",
    }
    | {"one", "half", "a", "the", "third", "²", "-", "0", "1e9", "%", "W/m²", "image", "red", "boats", "'s"}
)


def attempt(question: str) -> str:
    try:
        return builtin_coder().write(Request(question, TOPICS)).text
    except QuestionError as refusal:
        return str(refusal)


@contextmanager
def counted_parsers() -> Iterator[list[formalism.Parser]]:
    """Collects every parser that is made meanwhile; each knows its steps."""
    made: list[formalism.Parser] = []

    class Counted(formalism.Parser):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            made.append(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(meanings, "Parser", Counted)
        yield made


def steps(parsers: list[formalism.Parser]) -> int:
    return sum(parser._steps for parser in parsers)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=25).map(" ".join))
def test_word_salads_give_a_program_or_a_refusal(question: str) -> None:
    with counted_parsers() as parsers:
        text = attempt(question)
    # A parser gives up at MAX_STEPS; a question needs one, and a few more for its clauses.
    assert steps(parsers) <= 2 * formalism.MAX_STEPS
    if text.startswith("#"):
        assert check_program(text) == []


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_a_program_or_a_refusal(question: str) -> None:
    attempt(question)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_question_with_words_shuffled_never_crashes(data: st.DataObject) -> None:
    group = data.draw(st.sampled_from(ANSWERABLE))
    words = data.draw(st.sampled_from(group.questions)).split()
    attempt(" ".join(data.draw(st.permutations(words))))


@pytest.mark.parametrize(
    "question",
    [
        "how many houses " * 7000,
        "within 50 m of water and " * 4000,
        "(" * 100_000,
        "9" * 100_000,
        "half a " * 15_000,
        "a" * 100_000,
        "- " * 50_000,
        "GSD: 0.3m " * 10_000,
        "NDVI above 0.4 and " * 5000,
    ],
)
def test_long_text_is_refused_before_it_is_parsed(question: str) -> None:
    with counted_parsers() as parsers, pytest.raises(NotUnderstood):
        builtin_coder().write(Request(question, TOPICS))
    assert parsers == []


@pytest.mark.parametrize(
    "question",
    [
        "how many " + "within 50 m of water and " * 15 + "houses",
        "houses " * 60,
        "forest and water or " * 20 + "grass",
        "is there more " * 25 + "forest",
        "ignoring those smaller than 1 ha " * 15,
        "that are " * 50,
    ],
)
def test_repetition_does_not_blow_up(question: str) -> None:
    with counted_parsers() as parsers:
        attempt(question)
    assert 0 < steps(parsers) < formalism.MAX_STEPS / 4


def test_the_same_question_gives_the_same_program_in_every_process() -> None:
    questions = [group.questions[0] for group in ANSWERABLE][:20]
    here = [attempt(question) for question in questions]
    script = (
        "import sys, json; from planimeter.coder import Request, builtin_coder; "
        "from planimeter.vocabulary.topics import TOPICS; "
        "print(json.dumps([builtin_coder().write(Request(q, TOPICS)).text for q in json.load(sys.stdin)]))"
    )
    import json

    for seed in ("0", "7"):
        run = subprocess.run(
            [sys.executable, "-c", script],
            input=json.dumps(questions),
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(sys.path)},
        )
        assert json.loads(run.stdout) == here


@pytest.mark.parametrize(
    ("question", "gsd"),
    [
        ("How much forest is there? (GSD: 0.3m)", 0.3),
        ("How much forest is there? (GSD = 50 cm)", 0.5),
        ("How much forest is there at a resolution of 1.5 metres?", 1.5),
        ("With a ground sampling distance of 0.5 m, how much forest is there?", 0.5),
        ("How much forest is there at 0.25 m/px?", 0.25),
        ("How much forest is there (10 m resolution)?", 10.0),
        ("How much forest is within 5 m of water?", None),
        ("How much forest is there? (GSD: 0.3m) (GSD: 0.5m)", None),
    ],
)
def test_stated_gsd(question: str, gsd: float | None) -> None:
    assert stated_gsd(question) == gsd


def test_a_stated_gsd_is_no_condition() -> None:
    for said in (" (GSD: 0.3m)", " (GSD = 50 cm)", " at a resolution of 1.5 metres", " (10 m resolution)"):
        assert attempt(f"How much forest is there{said}?") == attempt("How much forest is there?")
