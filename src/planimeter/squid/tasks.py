"""SQuID as a task of Inspect (https://inspect.aisi.org.uk).

    inspect eval planimeter/squid --model none -T data=DIR -T coder=builtin

The task reads a data set, the solver lets a system answer, the scorer says right, wrong or unscored. Logs
hold every answer with its program, so they can be scored anew without running anything.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import anyio
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import ModelOutput
from inspect_ai.scorer import CORRECT, INCORRECT, Score, Scorer, Target, accuracy, scorer, stderr
from inspect_ai.solver import Generate, Solver, TaskState, solver

import planimeter
from planimeter.coder import Coder, find_coder
from planimeter.errors import UsageError
from planimeter.squid.answering import UNSCORED, SystemAnswer, answer_question
from planimeter.squid.masks import ORACLE, Images, MaskSetting
from planimeter.squid.published import DataSet, RowProblem, read_data_set
from planimeter.squid.question import Question, write_value
from planimeter.squid.scoring import is_right
from planimeter.squid.types import TYPES

OUTCOME = "outcome"  # where an output's metadata keeps what the system made of the question


@task
def squid(
    data: str,
    coder: Any = "builtin",
    segmenter: str = ORACLE,
    noise: Any = "",
    base_url: str | None = None,
    types: str | list[str] | None = None,
    limit: int | None = None,
    images: str | None = None,
) -> Task:
    """The benchmark on one system.

    Args:
        data: a folder, ``dataset.json``, parquet file or "hub:OWNER/NAME".
        coder: "builtin", a model's name, or anything ``planimeter.ask`` takes as coder.
        segmenter: "oracle" (the data set's labels), "default", a name or a server's address.
        noise: how masks are degraded, such as 0.2.
        base_url: of the coder's server.
        types: only these question types.
        limit: only the first so many questions.
        images: where images inside parquet files are put.

    Raises:
        PlanimeterError: the data set or the system cannot be had, or no question is left.
    """
    read = read_data_set(data, images)
    samples = samples_of(read, _chosen(types), limit)
    if not samples:
        raise UsageError(
            f"{read.name} has no such question: leave out --types and --limit, or choose others."
        )
    setting = MaskSetting(segmenter, _noise(noise))
    writer = _coder(coder, base_url)
    pictures = Images(read, setting)
    pictures.check()
    return Task(
        dataset=MemoryDataset(samples, name=read.name),
        solver=measured(pictures, writer),
        scorer=in_range(),
        # One broken sample is one unscored sample; the others go on.
        fail_on_error=False,
        metadata={
            "data": str(data),
            "images": images,
            "coder": writer.name,
            "segmenter": setting.segmenter,
            "noise": setting.noise,
            "planimeter": planimeter.__version__,
            "problems": [
                {"row": problem.row, "id": problem.id, "kind": problem.kind, "sentence": problem.sentence}
                for problem in read.problems
            ],
        },
    )


@solver
def measured(images: Images, coder: Coder) -> Solver:
    """Let a system answer; what came out is kept in the output's metadata."""

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        problem = state.metadata.get("problem")
        if problem:
            outcome = SystemAnswer(UNSCORED, error=problem)
        else:
            question = question_of(state.sample_id, state.input_text, state.metadata)
            work = partial(answer_question, question, images, coder)
            outcome = await anyio.to_thread.run_sync(work)
        said = outcome.error if outcome.answer is None else str(outcome.answer)
        state.output = ModelOutput.from_content(model=coder.name, content=said)
        # Beside the words, for the scorer, also when a log is scored anew.
        state.output.metadata = {OUTCOME: outcome.to_dict()}
        state.completed = True
        return state

    return solve


@scorer(metrics=[accuracy(), stderr(cluster="image")])
def in_range() -> Scorer:
    """Right within the acceptable range, or exactly; unscored where the benchmark itself failed."""

    async def score(state: TaskState, target: Target) -> Score:
        outcome = outcome_of(state.output.metadata)
        said = None if outcome.answer is None else str(outcome.answer)
        if outcome.status == UNSCORED:
            kept = {OUTCOME: outcome.to_dict()}
            return Score.unscored(reason=UNSCORED, answer=said, explanation=outcome.error, metadata=kept)
        question = question_of(state.sample_id, state.input_text, state.metadata)
        right = is_right(outcome.answer, question.answer, question.acceptable_range)
        wanted = list(question.acceptable_range) if question.acceptable_range else question.answer
        return Score(
            value=CORRECT if right else INCORRECT,
            answer=said,
            explanation=outcome.error or f"wanted {wanted}",
            metadata={OUTCOME: outcome.to_dict()},
        )

    return score


def samples_of(data: DataSet, types: tuple[str, ...] | None = None, limit: int | None = None) -> list[Sample]:
    """A data set as samples, in the order of images so that each is opened once; broken rows are samples too.

    Args:
        data: as read.
        types: only these.
        limit: only the first so many, in the data set's own order.
    """
    questions = [question for question in data.questions if types is None or question.type in types][:limit]
    questions.sort(key=lambda question: question.image)
    broken = (
        [problem for problem in data.problems if problem.unscored] if types is None and limit is None else []
    )
    return [_sample(question) for question in questions] + [_broken(problem) for problem in broken]


def question_of(sample_id: object, text: str, metadata: dict[str, Any]) -> Question:
    """The question a sample was made from."""
    bounds = metadata["range"]
    return Question(
        id=str(sample_id),
        image=metadata["image"],
        question=text,
        answer=metadata["answer"],
        type=metadata["type"],
        tier=metadata["tier"],
        gsd=metadata["gsd"],
        acceptable_range=(bounds[0], bounds[1]) if bounds else None,
    )


def outcome_of(*records: dict[str, Any] | None) -> SystemAnswer:
    """What a system made of a question, from the first record that has it.

    Args:
        records: metadata of a score or an output. Scores come first: a sample that Inspect recovers after a kill
            has its score, but an empty output.
    """
    for record in records:
        if record and OUTCOME in record:
            return SystemAnswer(**record[OUTCOME])
    return SystemAnswer(UNSCORED, error="the sample was not finished")


def _sample(question: Question) -> Sample:
    return Sample(
        id=question.id,
        input=question.question,
        target=write_value(question.answer),
        metadata={
            "image": question.image,
            "type": question.type,
            "tier": question.tier,
            "gsd": question.gsd,
            "answer": question.answer,
            "range": list(question.acceptable_range) if question.acceptable_range else None,
        },
    )


def _broken(problem: RowProblem) -> Sample:
    sentence = f"{problem.kind}: {problem.sentence}"
    return Sample(
        id=f"{problem.id} (row {problem.row})",
        input=sentence,
        target="",
        metadata={
            "image": problem.image or problem.id,
            "type": problem.kind,
            "tier": 0,
            "gsd": None,
            "answer": "",
            "range": None,
            "problem": sentence,
        },
    )


def _noise(amount: Any) -> str:
    """An amount as text; Inspect hands over "0.2" as a number and "drops=0.1,seed=3" as a list."""
    if isinstance(amount, list | tuple):
        return ",".join(map(str, amount))
    return "" if amount in (0, None) else str(amount)


def _chosen(types: str | list[str] | None) -> tuple[str, ...] | None:
    if not types:
        return None
    names = types.split(",") if isinstance(types, str) else types
    chosen = tuple(name.strip() for name in names if name.strip())
    unknown = [name for name in chosen if name not in TYPES]
    if unknown:
        raise UsageError(f"There is no question type {', '.join(unknown)}: choose among {', '.join(TYPES)}.")
    return chosen


def _coder(wanted: Any, base_url: str | None) -> Coder:
    return find_coder(wanted, base_url=base_url) if base_url else find_coder(wanted)
