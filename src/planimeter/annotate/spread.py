"""How far people are apart on one question, in a figure that fits numbers and words alike."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from planimeter.annotate.agreement import Answered
from planimeter.squid.question import Value
from planimeter.squid.ranges import NUMERIC_KINDS, Kind, RangeRules

_RULES = RangeRules()


@dataclass(frozen=True, order=True)
class Spread:
    """How far people are apart; questions that are larger here come first.

    Attributes:
        pairs: share of the pairs of people who do not agree: whose words differ, or whose numbers do not both lie in
            the acceptable range about their middle, as SQuID publishes it.
        width: the largest answer less the smallest, as a share of the largest; 0 for words.
    """

    pairs: float
    width: float


def spread_of(one: Answered) -> Spread | None:
    """How far people are apart on a question; None where fewer than two answered it.

    Distances, for which SQuID has no rule, go by that for areas.

    Args:
        one: a question with answers.
    """
    answers = list(one.people.answers.values())
    if len(answers) < 2:
        return None
    kind = one.question.asked.kind
    pairs = [_agree(kind, a, b) for a, b in combinations(answers, 2)]
    numbers = [float(answer) for answer in answers if not isinstance(answer, str)]
    most = max(numbers, default=0.0)
    width = (most - min(numbers)) / most if most > 0 else 0.0
    return Spread(1 - sum(pairs) / len(pairs), width)


def _agree(kind: str, a: Value, b: Value) -> bool:
    if a == b or isinstance(a, str) or isinstance(b, str):
        return a == b
    rule: Kind = kind if kind in NUMERIC_KINDS else "area"  # type: ignore[assignment]
    bounds = _RULES.acceptable_range(rule, (float(a) + float(b)) / 2)
    assert bounds is not None
    return bounds[0] <= min(a, b) and max(a, b) <= bounds[1]
