"""The check before a program runs: problems a writer, human or model, can repair without running anything."""

from __future__ import annotations

import ast
import warnings
from dataclasses import dataclass

from planimeter.errors import CheckFailed
from planimeter.program import api

_LONGEST_PROGRAM = 200_000  # characters


@dataclass(frozen=True)
class Problem:
    """One thing that keeps a program from running.

    Attributes:
        line: from 1.
        column: from 0.
        message: what is wrong.
        hint: what to write instead.
    """

    line: int
    column: int
    message: str
    hint: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.message}; {self.hint}"


def check_program(text: str, topics: tuple[str, ...] | None = None) -> list[Problem]:
    """Everything the static check finds wrong with a program; an empty list means that it may run.

    Args:
        text: the program.
        topics: topics that will be offered; None leaves topic names unchecked.

    Example:
        >>> [str(problem) for problem in check_program("anwser = 1")]
        ['line 1: nothing is stored in `answer`; end with `answer = ...`']
    """
    try:
        tree = parse(text)
    except CheckFailed as error:
        return [Problem(getattr(error, "line", None) or 1, 0, str(error).rstrip("."), "correct the program")]
    return problems_of(tree, text, topics)


def parse(text: str) -> ast.Module:
    """The syntax tree of a program.

    Raises:
        CheckFailed: it is not Python, or not of ordinary size.
    """
    if len(text) > _LONGEST_PROGRAM:
        raise CheckFailed(f"The program is longer than {_LONGEST_PROGRAM} characters: write a shorter one.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\\d" in a string is the program's affair
            return ast.parse(text)
    except SyntaxError as error:
        failed = CheckFailed(
            f"The program is not Python (line {error.lineno}: {error.msg}): correct the syntax."
        )
        failed.line = error.lineno  # type: ignore[attr-defined]
        raise failed from None
    except (ValueError, RecursionError, MemoryError):
        raise CheckFailed(
            "The program cannot be parsed: write plain Python text without deep nesting."
        ) from None


def problems_of(tree: ast.Module, text: str, topics: tuple[str, ...] | None = None) -> list[Problem]:
    """Problems of a parsed program, by line."""
    if not any(
        isinstance(n, ast.Name) and n.id == api.RESULT_NAME and isinstance(n.ctx, ast.Store)
        for n in ast.walk(tree)
    ):
        return [Problem(1, 0, "nothing is stored in `answer`", "end with `answer = ...`")]
    return []
