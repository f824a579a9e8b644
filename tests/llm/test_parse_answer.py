"""A vision model's words, read strictly: the table in answers.txt, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from planimeter.coder.llm.formats import AnswerFormat
from planimeter.coder.vlm.parse import parse_answer

TABLE = Path(__file__).with_name("answers.txt")


def rows() -> list[tuple[str, str, str]]:
    """(wanted, reply, answer) of every case."""
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    cases = []
    for line in lines:
        if line and not line.startswith("#"):
            wanted, _, rest = line.partition(" | ")
            reply, _, answer = rest.rpartition(" | ")
            cases.append((wanted, reply.replace("\\n", "\n"), answer))
    return cases


def wanted_format(text: str) -> AnswerFormat:
    """The format that a row's first column stands for."""
    if text == "yes/no":
        return AnswerFormat("yes/no")
    if text == "word":
        return AnswerFormat("category")
    if "," in text:
        return AnswerFormat("category", options=tuple(text.split(",")))
    return AnswerFormat("number", text)


def test_the_table_is_large_enough() -> None:
    assert len(rows()) >= 80
    assert len({row[:2] for row in rows()}) == len(rows())


@pytest.mark.parametrize(("wanted", "reply", "answer"), rows())
def test_row(wanted: str, reply: str, answer: str) -> None:
    parsed = parse_answer(reply, wanted_format(wanted))
    if answer == "null":
        assert parsed is None
        return
    assert parsed is not None
    if isinstance(parsed.answer, str):
        assert parsed.answer == answer
    else:
        assert parsed.answer == pytest.approx(float(answer), rel=1e-9)
        assert parsed.unit == wanted
