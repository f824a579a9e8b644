"""The wordings, family by family, with who asks, what is right on both scenes, and which families are held out.

A family is one way of speaking over several meanings; it is held out whole or not at all, by a draw from its name and a
seed that was fixed before anything was scored, or as its file says (``held_out``): whole sets written later, to be
learnt from or never to be read. What is held out measures; nobody tunes on it or prints it in passing.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from . import truth
from .scenes import GSD, LEGEND, scenes

WORDINGS = Path(__file__).with_name("wordings")
SEED = "2026-11-29"
HELD_OUT_SHARE = 0.6


@dataclass(frozen=True)
class Question:
    """One wording: who asks, in which manner, its stratum, the acceptable answers as expressions (see truth.py).

    ``stratum`` is "measurable" (one number, yes or no, or category), "unmeasurable" (has to be refused) or "unclear"
    (a refusal is right, and so is one of the answers, which may be none). ``written``: when, where its file says so:
    later sets are told apart.
    """

    text: str
    asker: str
    family: str
    stratum: str
    answers: tuple[str, ...]
    held_out: bool
    written: str = ""

    @cache  # noqa: B019  a frozen record, kept as long as the wordings are
    def right(self) -> list[list[truth.Right]]:
        """The acceptable answers on each scene."""
        return [[eval(answer, over) for answer in self.answers] for over in _spoken_of()]


def held_out(family: str) -> bool:
    """Whether a family only measures: three in five do, drawn from the seed and the family's name alone.

    Example:
        >>> held_out("zoning memo") == held_out("zoning memo")
        True
    """
    drawn = int.from_bytes(hashlib.sha256(f"{SEED} {family}".encode()).digest()[:8], "big")
    return drawn < HELD_OUT_SHARE * 2**64


@cache
def _spoken_of() -> list[dict[str, object]]:
    return [truth.names(labels, LEGEND, GSD) for labels in scenes()]


def read(path: Path) -> Iterator[Question]:
    """The questions of one file of wordings."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    for family in content["family"]:
        for text, *answers in family["questions"]:
            words = {"refuse", "unclear"}.intersection(answers)
            if ("refuse" in words and answers != ["refuse"]) or not answers:
                raise ValueError(
                    f"{path.name}: {text!r} has to have one answer or be refused, or start with unclear"
                )
            stratum = {"refuse": "unmeasurable", "unclear": "unclear"}[words.pop()] if words else "measurable"
            answers = tuple(answer for answer in answers if answer not in ("refuse", "unclear"))
            held = bool(family.get("held_out", held_out(family["name"])))
            written = str(content.get("written", ""))
            yield Question(text, content["asker"], family["name"], stratum, answers, held, written)


@cache
def questions() -> tuple[Question, ...]:
    """All wordings of all families, file by file.

    Example:
        >>> len(questions()) > 600
        True
    """
    return tuple(question for path in sorted(WORDINGS.glob("*.toml")) for question in read(path))
