"""Questions that imply a topic without naming it, in families that are held out whole.

A family is one way to think of a topic ("what a roof is for"); its wordings are never split between learning and
scoring, so that a held-out family asks for a topic in a way that nothing learnt has asked. Families that are learnt and
share a word that counts with a held-out one of their topic were left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from planimeter.errors import UsageError

SPLITS = ("train", "held_out")


@cache
def families(split: str) -> Mapping[str, Sequence[Sequence[str]]]:
    """Topic → families → wordings.

    Args:
        split: "train" or "held_out".

    Raises:
        UsageError: another split.

    Example:
        >>> families("train")["water"][0][0]
        'where boats could moor'
    """
    if split not in SPLITS:
        raise UsageError(f'There is no split {split!r}: give "train" or "held_out".')
    found: Mapping[str, Sequence[Sequence[str]]] = json.loads(
        files(__package__).joinpath("implied.json").read_text(encoding="utf-8")
    )[split]
    return found


def implied_questions(topic: str, split: str) -> list[str]:
    """The wordings that imply a topic.

    Args:
        topic: canonical.
        split: "train" or "held_out"; the same family is never in both.

    Raises:
        UsageError: another split.

    Example:
        >>> "where boats could moor" in implied_questions("water", "train")
        True
        >>> set(implied_questions("water", "train")) & set(implied_questions("water", "held_out"))
        set()
    """
    return [wording for family in families(split).get(topic, ()) for wording in family]
