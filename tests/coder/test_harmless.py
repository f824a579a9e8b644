"""Words that narrow nothing are left out and said; where one may narrow, the question is refused."""

from __future__ import annotations

import pytest

from planimeter.coder.grammar.parse import parse
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import sentence


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        (
            "Room to think: how many houses are within 40 m of forest?",
            "How many houses are within 40 m of forest?",
        ),
        ("Could somebody enlighten us how much grass there is, in ha?", "How much grass is there, in ha?"),
    ],
)
def test_what_narrows_nothing_is_left_out(asked: str, plain: str) -> None:
    read, meant = parse(asked), parse(plain)
    assert sentence(read.meaning) == sentence(meant.meaning)
    assert read.unit == meant.unit
    assert any(note.startswith("Left aside") for note in read.notes)


@pytest.mark.parametrize(
    "asked",
    [
        "Churches: how many houses are there?",
        "Northern district: how many houses are there?",
        "Protected: how many houses are there?",
        "How many thatched houses are within 50 m of water?",
        "How many houses online?",
        "How many houses are waiting?",
        "How many houses does my grandmother have within 50 m of water?",
        "How many houses are gradually within 50 m of water?",
        "Explain the forest area.",
        "What is the definition of forest area?",
    ],
)
def test_what_may_narrow_refuses(asked: str) -> None:
    with pytest.raises(NotUnderstood):
        parse(asked)
