"""One system answers one question: what came out, and whose doing it was when nothing did."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from typing import Any

from planimeter.ask import ask
from planimeter.coder import Coder
from planimeter.errors import InputError, ProgramError, ProgramFailed, QuestionError, ScaleError
from planimeter.squid.masks import ORACLE, Images, lacks
from planimeter.squid.question import Question, Value
from planimeter.squid.types import read_question

ANSWERED, REFUSED, FAILED, UNSCORED = "answered", "refused", "failed", "unscored"


@dataclass
class SystemAnswer:
    """What a system made of a question.

    Attributes:
        status: "answered"; "refused" (it did not understand, or said it cannot be measured); "failed" (its
            program broke or hit a limit); "unscored" (the benchmark's own fault: an image, labels or a model
            are missing).
        answer: the value, where there is one.
        unit: of a number.
        program: the program that was run.
        reading: how the question was understood.
        error: class and sentence of what went wrong; empty otherwise.
        segmenter: where masks came from.
        coder: who wrote the program.
        warnings: cautions of the answer.
        seconds: time it took.
    """

    status: str
    answer: Value | None = None
    unit: str | None = None
    program: str = ""
    reading: str = ""
    error: str = ""
    segmenter: str = ""
    coder: str = ""
    warnings: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def to_dict(self) -> dict[str, Any]:
        """The fields, ready for a log."""
        return asdict(self)


def answer_question(question: Question, images: Images, coder: Coder | str | None = None) -> SystemAnswer:
    """Let a system answer a question: the whole flow of ``planimeter.ask``, errors told apart.

    Args:
        question: with its image in the data set of ``images``.
        images: scenes and masks.
        coder: who writes programs, or looks: anything ``ask`` takes.
    """
    started = time.perf_counter()
    try:
        scene, segmenter = images.open(question.image, question.gsd)
    except InputError as error:
        return _without_answer(UNSCORED, error, started)
    if images.setting.segmenter == ORACLE:
        slots = read_question(question.type, question.question)
        topics = [topic for topic in (slots.target, slots.reference) if topic] if slots else []
        refusal = lacks(segmenter, topics)
        if refusal is not None:
            return _without_answer(UNSCORED, refusal, started)
    try:
        answer = ask(scene, question.question, segmenter=segmenter, coder=coder)
    except (QuestionError, ScaleError) as error:
        return _without_answer(REFUSED, error, started)
    except ProgramError as error:
        return _without_answer(FAILED, error, started)
    except InputError as error:
        return _without_answer(UNSCORED, error, started)
    value = answer.answer
    if not isinstance(value, int | float | str):  # a benchmark's question has one number or word
        said = f"The answer is a {answer.type}, and the question asks for one number or word."
        return _without_answer(FAILED, ProgramFailed(said), started)
    return SystemAnswer(
        status=ANSWERED,
        answer=value,
        unit=answer.unit,
        program=answer.program,
        reading=answer.reading,
        segmenter=answer.segmenter,
        coder=answer.coder,
        warnings=answer.warnings,
        seconds=round(time.perf_counter() - started, 4),
    )


def _without_answer(status: str, error: Exception, started: float) -> SystemAnswer:
    program = getattr(error, "program", "")
    return SystemAnswer(
        status=status,
        error=f"{type(error).__name__}: {error}",
        program=program if isinstance(program, str) else "",
        seconds=round(time.perf_counter() - started, 4),
    )
