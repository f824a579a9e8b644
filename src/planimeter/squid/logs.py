"""Inspect's logs as rows to count: question, what the system said, right or not."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from planimeter.errors import InputError, ModelError
from planimeter.paths import is_file
from planimeter.squid.answering import UNSCORED, SystemAnswer
from planimeter.squid.masks import MaskSetting
from planimeter.squid.question import Question
from planimeter.squid.scoring import is_right
from planimeter.squid.types import TYPES


@dataclass(frozen=True)
class Row:
    """One question of a run.

    Attributes:
        question: with its reference answer.
        outcome: what the system made of it.
    """

    question: Question
    outcome: SystemAnswer

    @property
    def scored(self) -> bool:
        """Whether it counts; False where the benchmark itself failed."""
        return self.outcome.status != UNSCORED

    @cached_property
    def right(self) -> bool:
        """Whether the answer is within the range, or exact."""
        return self.scored and self.right_within(1.0)

    def right_within(self, factor: float) -> bool:
        """Whether the answer is within a range so many times as wide."""
        kind = TYPES.get(self.question.type)
        limit = 100.0 if kind is not None and kind.kind.endswith("percentage") else None
        bounds = self.question.acceptable_range
        return is_right(self.outcome.answer, self.question.answer, bounds, factor, limit)


@dataclass
class InspectLog:
    """One run of one system.

    Attributes:
        path: the log file.
        name: what tables call it.
        rows: in the order of ids.
        about: the task's metadata: data, coder, segmenter, noise, problems.
        finished: False when the run was ended early.
        seconds: wall time of the run, where it is known.
    """

    path: Path
    name: str
    rows: list[Row]
    about: dict[str, Any]
    finished: bool = True
    seconds: float | None = None

    @property
    def setting(self) -> MaskSetting:
        """Where its masks came from."""
        return MaskSetting(self.about.get("segmenter", "oracle"), self.about.get("noise", ""))

    @property
    def scored(self) -> list[Row]:
        """Rows that count."""
        return [row for row in self.rows if row.scored]


def read_log(path: str | Path) -> InspectLog:
    """Read a log of ``planimeter/squid``.

    Args:
        path: a ``.eval`` or ``.json`` log of Inspect.

    Raises:
        InputError: no such file, or not a log of this task.
        ModelError: Inspect is not installed.
    """
    try:
        from inspect_ai.log import read_eval_log
    except ModuleNotFoundError:
        raise ModelError("Logs need the extra: pip install 'planimeter[squid]'.") from None
    file = Path(path)
    if not is_file(file):
        raise InputError(f"There is no log {file}: give a log that planimeter squid run wrote.")
    try:
        log = read_eval_log(str(file))
    except (ValueError, OSError, KeyError) as error:
        raise InputError(
            f"{file.name} is no readable log of Inspect ({error}): run the benchmark again."
        ) from None
    about = dict(log.eval.metadata or {})
    if "segmenter" not in about:
        raise InputError(f"{file.name} is a log of {log.eval.task}, not of planimeter/squid: give another.")
    rows = [_row(sample) for sample in log.samples or []]
    rows.sort(key=lambda row: row.question.id)
    used = log.stats.started_at, log.stats.completed_at
    return InspectLog(file, _name(about), rows, about, log.status == "success", _seconds(*used))


def _row(sample: Any) -> Row:
    from planimeter.squid.tasks import outcome_of, question_of

    question = question_of(sample.id, str(sample.input), sample.metadata)
    if sample.error is not None:
        return Row(question, SystemAnswer(UNSCORED, error=sample.error.message))
    scores = [score.metadata for score in (sample.scores or {}).values()]
    return Row(question, outcome_of(*scores, sample.output.metadata))


def _name(about: dict[str, Any]) -> str:
    setting = MaskSetting(about.get("segmenter", ""), about.get("noise", ""))
    return f"{about.get('coder', 'unknown')} on {setting}"


def _seconds(started: str, completed: str) -> float | None:
    from datetime import datetime

    if not started or not completed:
        return None
    return (datetime.fromisoformat(completed) - datetime.fromisoformat(started)).total_seconds()
