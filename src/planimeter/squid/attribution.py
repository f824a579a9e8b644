"""Whose fault a wrong answer is: swap in labels for masks, then the reference program for the program."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from planimeter.answer import answer_from
from planimeter.coder import Program
from planimeter.errors import InputError, NotMeasurable, ProgramError, QuestionError
from planimeter.squid.answering import FAILED
from planimeter.squid.logs import Row
from planimeter.squid.masks import ORACLE, Images, MaskSetting
from planimeter.squid.published import DataSet
from planimeter.squid.question import Question
from planimeter.squid.scoring import is_right
from planimeter.squid.types import TYPES, read_question
from planimeter.squid.view import SceneView

LANGUAGE = "language"
SEGMENTATION = "segmentation"
EXECUTION = "execution"
BOTH = "language and segmentation"
UNKNOWN = "not known"
CAUSES: dict[str, str] = {
    SEGMENTATION: "the same program is right on the labels",
    LANGUAGE: "no program; or wrong on the labels too, while the reference program is right on these masks",
    EXECUTION: "the program broke or hit a limit, on the labels as well",
    BOTH: "this program is wrong on the labels, and the reference program is wrong on these masks",
    UNKNOWN: "there are no labels to swap in, or the wording is not one of ours",
}
"""What each cause means."""


@dataclass(frozen=True)
class Blame:
    """Why one answer was wrong.

    Attributes:
        cause: a key of ``CAUSES``.
        with_labels: what the program answers on the labels, as text.
        by_reference: what the reference program answers on the system's masks, as text.
    """

    cause: str
    with_labels: str = ""
    by_reference: str = ""


class Attribution:
    """Finds causes; go through a run in the order of images.

    Args:
        data: the data set, with labels.
        setting: the masks that the system saw.
    """

    def __init__(self, data: DataSet, setting: MaskSetting) -> None:
        self.data = data
        self.oracle = Images(data, MaskSetting(ORACLE))
        self.system = Images(data, setting)
        self._view: tuple[tuple[str, float | None], SceneView] | None = None

    def of(self, row: Row) -> Blame:
        """The cause of a wrong answer.

        Args:
            row: scored and not right.
        """
        question, program = row.question, row.outcome.program
        if not program:
            return Blame(LANGUAGE)
        if question.image not in self.data.truth:
            return Blame(UNKNOWN)
        broke, on_labels = self._on_labels(question, program)
        if is_right(on_labels, question.answer, question.acceptable_range):
            return Blame(SEGMENTATION, str(on_labels))
        if broke and row.outcome.status == FAILED:
            return Blame(EXECUTION, broke)
        reference = self._by_reference(question)
        said = broke or str(on_labels)
        if reference is None:
            return Blame(UNKNOWN, said)
        right = is_right(reference, question.answer, question.acceptable_range)
        return Blame(LANGUAGE if right else BOTH, said, str(reference))

    def _on_labels(self, question: Question, program: str) -> tuple[str, float | int | str | None]:
        """What a program answers on the labels: (why it did not, its answer)."""
        try:
            scene, segmenter = self.oracle.open(question.image, question.gsd)
            text = Program(program, "swapped", "any", None, "")
            answer = answer_from(text, question.question, scene, segmenter)
            if not isinstance(answer.answer, int | float | str):
                return f"The answer is a {answer.type}.", None
            return "", answer.answer
        except (QuestionError, ProgramError, InputError) as error:
            return f"{type(error).__name__}: {error}", None

    def _by_reference(self, question: Question) -> float | int | str | None:
        """What the reference program answers on the system's masks; None for a wording not of ours."""
        slots = read_question(question.type, question.question)
        if slots is None:
            return None
        try:
            return TYPES[question.type].measure(self._view_of(question), slots)
        except (NotMeasurable, InputError) as error:
            return f"{type(error).__name__}: {error}"

    def _view_of(self, question: Question) -> SceneView:
        key = (question.image, question.gsd)
        if self._view is None or self._view[0] != key:
            self._view = key, SceneView(*self.system.open(*key))
        return self._view[1]


def blames(rows: list[Row], data: DataSet, setting: MaskSetting) -> dict[str, Blame]:
    """Why each wrong answer of a run was wrong: question id → cause.

    Args:
        rows: the run's rows.
        data: its data set.
        setting: the masks it saw.
    """
    attribution = Attribution(data, setting)
    wrong = sorted((row for row in rows if row.scored and not row.right), key=lambda row: row.question.image)
    return {row.question.id: attribution.of(row) for row in wrong}


def tally(found: dict[str, Blame]) -> Counter[str]:
    """How many wrong answers each cause explains."""
    return Counter(blame.cause for blame in found.values())
