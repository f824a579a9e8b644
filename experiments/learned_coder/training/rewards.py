"""Rewards of programs: plain functions of what they answer on several scenes, and of what they look like.

Only a right answer on every scene of a question earns anything. Everything else costs a little or nothing, so that
there is no second way to a reward.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from learned_coder.training.rows import Row, is_right
from learned_coder.training.scenes import SeenScene
from learned_coder.training.styles import Style

from planimeter.errors import NotMeasurable, ProgramError, ScaleError
from planimeter.program import Limits, check_program, run_program
from planimeter.squid.question import Value

FAILED = -0.2
LONG = 700  # characters; the built-in coder's longest compact program has fewer
BREVITY = 0.1

LIMITS = Limits(seconds=10.0, sandbox_seconds=5.0, calls=50)


@dataclass(frozen=True)
class Outcome:
    """What a program did on a scene.

    Attributes:
        kind: "answered", "refused" (it called ``cannot_answer``), "failed" (by its own fault), or "ours" (the
            sandbox or the scene failed, which says nothing about the program).
        value: the answer.
    """

    kind: str
    value: Value | None = None


class Judge:
    """Runs programs on scenes, each program once per scene.

    Args:
        scenes: by number.
    """

    def __init__(self, scenes: Sequence[SeenScene]) -> None:
        self.scenes = scenes
        self.runs = 0
        self._known: dict[tuple[str, int], Outcome] = {}
        self._checked: dict[str, bool] = {}

    def passes(self, text: str) -> bool:
        """Whether the static check has nothing to say."""
        if text not in self._checked:
            self._checked[text] = not check_program(text)
        return self._checked[text]

    def outcome(self, text: str, scene: int) -> Outcome:
        """What a program does on a scene."""
        if not self.passes(text):
            return Outcome("failed")
        key = text, scene
        if key not in self._known:
            outcome = self._run(text, self.scenes[scene])
            if outcome.kind == "ours":
                return outcome  # it may be well the next time
            self._known[key] = outcome
        return self._known[key]

    def right(self, text: str, row: Row) -> bool | None:
        """Whether a program is right on all of a question's scenes, tried up to the first where it is wrong.

        None when we failed on one of those.
        """
        if row.answerable and stated_unit(text, row.unit) != row.unit:
            return False
        for expected in row.expected:
            outcome = self.outcome(text, expected.scene)
            if outcome.kind == "ours":
                return None
            if not row.answerable:
                right = outcome.kind == "refused"
            else:
                answered = outcome.kind == "answered" and outcome.value is not None
                right = answered and is_right(expected, outcome.value)  # type: ignore[arg-type]
            if not right:
                return False
        return True

    def _run(self, text: str, scene: SeenScene) -> Outcome:
        self.runs += 1
        try:
            run = run_program(text, scene.scene, scene.seen, limits=LIMITS)
        except NotMeasurable:
            return Outcome("refused")
        except (ProgramError, ScaleError):
            return Outcome("failed")
        except Exception:  # the sandbox's process, the disk: whatever it is, no fault of the program
            return Outcome("ours")
        return Outcome("answered", run.answer)


def stated_unit(text: str, default: str | None) -> str | None:
    """The unit in a program's first line, ``# unit: ha``; words have none.

    Args:
        text: the program.
        default: where the first line says nothing, as in programs of large models.

    Example:
        >>> stated_unit("# unit: m²\\nanswer = 1", "ha"), stated_unit("# yes/no\\nanswer = True", None)
        ('m²', None)
    """
    first = text.split("\n", 1)[0].strip()
    if first.startswith("# unit: "):
        return first.removeprefix("# unit: ")
    if first in ("# yes/no", "# category", "# refused"):
        return None
    return default


def coder_rewards(judge: Judge, style: Style) -> list[Callable[..., list[float | None]]]:
    """The rewards, for rows with the column ``row`` (a ``Row``).

    Args:
        judge: with the scenes that the rows number.
        style: how programs are taken out of replies.
    """

    def programs(completions: Sequence[Any], row: Sequence[Row]) -> list[str]:
        texts = [one if isinstance(one, str) else one[-1]["content"] for one in completions]
        return [style.program(text, one.question.text) for text, one in zip(texts, row, strict=True)]

    def in_range(completions: Sequence[Any], row: Sequence[Row], **_: Any) -> list[float | None]:
        """1 where the answer is right on every scene; nothing for some of them."""
        found = [judge.right(text, one) for text, one in zip(programs(completions, row), row, strict=True)]
        return [None if right is None else float(right) for right in found]

    def runs(completions: Sequence[Any], row: Sequence[Row], **_: Any) -> list[float | None]:
        """A cost for programs that fail on the first scene."""
        found = [
            judge.outcome(text, one.expected[0].scene).kind
            for text, one in zip(programs(completions, row), row, strict=True)
        ]
        return [None if kind == "ours" else FAILED * (kind == "failed") for kind in found]

    def passes_check(completions: Sequence[Any], row: Sequence[Row], **_: Any) -> list[float | None]:
        """A cost for programs that are refused before they run."""
        return [0.0 if judge.passes(text) else FAILED for text in programs(completions, row)]

    def brevity(completions: Sequence[Any], row: Sequence[Row], **_: Any) -> list[float | None]:
        """A cost for characters beyond those that any question needs."""
        return [-BREVITY * min(1.0, max(0, len(text) - LONG) / LONG) for text in programs(completions, row)]

    return [in_range, runs, passes_check, brevity]
