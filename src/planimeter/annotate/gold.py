"""Gold questions: those whose right answer the organiser knows, and how often people give it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from planimeter.annotate.kinds import Asked
from planimeter.errors import InputError
from planimeter.squid.question import Value
from planimeter.squid.ranges import NUMERIC_KINDS, RangeRules


@dataclass(frozen=True)
class Gold:
    """What is right: a word, or every number between two.

    Attributes:
        word: of a question with words to choose from; None for numbers.
        low: the smallest right number.
        high: the largest right number.
    """

    word: str | None = None
    low: float = 0.0
    high: float = 0.0

    def accepts(self, answer: Value) -> bool:
        """Whether an answer is right.

        Example:
            >>> Gold(low=10, high=14).accepts(14), Gold(low=10, high=14).accepts(9), Gold("yes").accepts("yes")
            (True, False, True)
        """
        if self.word is not None or isinstance(answer, str):
            return answer == self.word
        return self.low <= float(answer) <= self.high

    def __str__(self) -> str:
        if self.word is not None:
            return self.word
        return f"{self.low:g}" if self.low == self.high else f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class GoldRate:
    """How somebody did at gold questions.

    Attributes:
        right: of those answered.
        answered: gold questions answered.
    """

    right: int
    answered: int

    @property
    def share(self) -> float | None:
        """Right ones among those answered; None where none was."""
        return self.right / self.answered if self.answered else None


def read_gold(stated: Any, asked: Asked, where: str) -> Gold | None:
    """What a project file states as right; a single number stands for its acceptable range, as SQuID publishes it.

    Args:
        stated: None, a word, a number, or [lowest, highest].
        asked: what the question asks for.
        where: what errors call the place.

    Raises:
        InputError: it is no possible answer to the question.

    Example:
        >>> from planimeter.annotate.kinds import asked_by
        >>> read_gold(14, asked_by("count"), "q1"), read_gold([3, 4.5], asked_by("distance"), "q2")
        (Gold(word=None, low=11.0, high=17.0), Gold(word=None, low=3.0, high=4.5))
    """
    if stated is None:
        return None
    if asked.tool == "choice":
        word = {True: "yes", False: "no"}.get(stated, stated) if isinstance(stated, bool) else stated
        if not isinstance(word, str) or word.strip().lower() not in asked.categories:
            raise InputError(
                f"{where} has the gold answer {str(stated)[:40]!r}: write one of {', '.join(asked.categories)}."
            )
        return Gold(word.strip().lower())
    if _is_number(stated):
        if asked.kind not in NUMERIC_KINDS:
            raise InputError(
                f"{where} has the gold answer {stated}, and no rule says how far from it is right: write "
                "[lowest, highest]."
            )
        bounds = RangeRules().acceptable_range(asked.kind, stated, [float(stated)])  # type: ignore[arg-type]
        assert bounds is not None
        _check(stated, stated, asked, where)
        return Gold(low=bounds[0], high=bounds[1])
    if not isinstance(stated, list) or len(stated) != 2 or not all(map(_is_number, stated)):
        raise InputError(
            f"{where} has the gold answer {str(stated)[:40]!r}: write a number or [lowest, highest]."
        )
    low, high = float(stated[0]), float(stated[1])
    _check(low, high, asked, where)
    return Gold(low=low, high=high)


def rate(given: Iterable[tuple[Gold | None, Value | None]]) -> GoldRate:
    """How often somebody was right.

    Args:
        given: per question what is right, None where nobody says, and the answer, None where there is none.

    Example:
        >>> rate([(Gold("yes"), "no"), (Gold("yes"), "yes"), (None, 3), (Gold("no"), None)])
        GoldRate(right=1, answered=2)
    """
    right = [gold.accepts(answer) for gold, answer in given if gold is not None and answer is not None]
    return GoldRate(sum(right), len(right))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check(low: float, high: float, asked: Asked, where: str) -> None:
    most = 100.0 if asked.unit == "%" else math.inf
    if not 0 <= low <= high <= most:
        limit = " and at most 100" if asked.unit == "%" else ""
        raise InputError(
            f"{where} has gold answers from {low:g} to {high:g}, which nobody can give: write [lowest, highest], both "
            f"0 or more{limit}."
        )
