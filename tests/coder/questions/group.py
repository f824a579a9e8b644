"""A group of wordings and the one reference value that all of them must give."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.coder.reference import Truth


@dataclass(frozen=True)
class Group:
    """Wordings that mean the same.

    Attributes:
        type: SQuID question type (table 8), or a name for what lies beyond it.
        expected: the answer, by brute force.
        questions: the wordings.
    """

    type: str
    expected: Callable[[Truth], Any]
    questions: tuple[str, ...]


def group(type: str, expected: Callable[[Truth], Any], *questions: str) -> Group:
    return Group(type, expected, questions)
