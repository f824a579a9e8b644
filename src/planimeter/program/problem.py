"""What the static check reports, and the words it finds for misspelt names."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches


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


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """A hint that names the closest known word.

    Example:
        >>> did_you_mean("area_ha", ["area_hectares", "id"], "use another key")
        'did you mean area_hectares?'
    """
    close = get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]}?" if close else otherwise
