"""What a question type is: wordings, range rule, what to ask of an image, and the answer from its masks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from planimeter.squid.question import Value
from planimeter.squid.ranges import Kind
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots, match

YES, NO = "yes", "no"


def yes_no(condition: bool) -> str:
    """A truth value as an answer."""
    return YES if condition else NO


@dataclass(frozen=True)
class QuestionType:
    """One of the 24 kinds of question.

    Attributes:
        name: as published.
        tier: 1 to 3.
        published: how many of SQuID's 2,000 questions have it (paper, table 8); its target proportion.
        kind: which range rule its answers fall under.
        templates: wordings, the printed one first; placeholders are those of ``planimeter.squid.wording``.
        choices: what may be asked of an image, most natural first.
        measure: the answer from an image's masks, not rounded.
        needs_scale: whether metres or hectares are part of the question.
        without_scale: wordings for images of unknown scale, where the type can do without.
        implied: the topic of a wording that names none.
    """

    name: str
    tier: int
    published: int
    kind: Kind
    templates: tuple[str, ...]
    choices: Callable[[SceneView], Iterator[Slots]]
    measure: Callable[[SceneView, Slots], Value]
    needs_scale: bool = True
    without_scale: tuple[str, ...] = ()
    implied: str | None = None

    def read(self, question: str) -> Slots | None:
        """What a question of this type asks for, or None when the wording is not one of ours."""
        for template in (*self.templates, *self.without_scale):
            parts = match(template, question)
            if parts is None:
                continue
            if self.implied is not None:
                parts.setdefault("target", self.implied)
            if "target" in parts:
                return Slots(**parts)
        return None
