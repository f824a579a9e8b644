"""What the static check reports."""

from __future__ import annotations

import ast
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
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


def problem_at(node: ast.AST, message: str, hint: str) -> Problem:
    """A problem where a node stands."""
    return Problem(getattr(node, "lineno", 1), getattr(node, "col_offset", 0), message, hint)
