"""What a program sends, checked: nothing of it is believed."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

_LONGEST_TOPIC = 100  # characters


class Refused(Exception):
    """A call that a program may catch: bad arguments. ``kind`` names the Python exception it becomes."""

    def __init__(self, message: str, kind: str = "ValueError") -> None:
        super().__init__(message)
        self.kind = kind


def number(value: Any, name: str) -> float:
    """A finite number ≥ 0 from a program, or a refusal."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refused(f"{name} must be a number, not {type(value).__name__}", "TypeError")
    if isinstance(value, int) and abs(value) > 10**15:
        raise Refused(f"{name} is too large")
    if not math.isfinite(value) or value < 0:
        raise Refused(f"{name} must be a finite number that is not negative, got {value}")
    return float(value)


def check_topics(topics: Any) -> None:
    """Refuse what is no list of topics."""
    if not isinstance(topics, list) or not topics or not all(isinstance(t, str) for t in topics):
        raise Refused('topics must be a list of topic names such as ["water", "roof"]', "TypeError")
    if max(map(len, topics)) > _LONGEST_TOPIC:
        raise Refused("a topic is one or a few words")


def one_line(text: str, longest: int) -> str:
    """Printable text on one line, cut to a length."""
    clean = " ".join("".join(c if c.isprintable() else " " for c in text[: longest * 4]).split())
    return clean if len(clean) <= longest else clean[: longest - 1].rstrip() + "…"


def short(value: Any) -> str:
    """An argument as the trace shows it."""
    if isinstance(value, np.ndarray) or (isinstance(value, list) and value and isinstance(value[0], int)):
        return f"{len(value)} shapes" if len(value) else "[]"
    text = repr(value)
    return text if len(text) <= 80 else text[:79] + "…"
