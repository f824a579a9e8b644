"""How often coders answer questions rightly and wrongly, on wordings and scenes that nothing was trained on."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from learned_coder.training.rewards import Judge
from learned_coder.training.rows import Row, is_right
from learned_coder.training.styles import Style
from learned_coder.training.supervised import write_programs

from planimeter.coder import Coder, Program, Request
from planimeter.errors import QuestionError
from planimeter.vocabulary.topics import TOPICS
from planimeter.vocabulary.units import ACRE, HECTARE, SQUARE_KILOMETRE, SQUARE_METRE

_HECTARES = {unit.symbol: unit.factor for unit in (HECTARE, SQUARE_METRE, ACRE, SQUARE_KILOMETRE)}
_Z = 1.959963984540054  # of a 95 % interval


@dataclass
class Tally:
    """What a coder did with questions.

    Attributes:
        right: the answer was in range on every scene; or the question has no answer and none was given.
        wrong: some answer was out of range, or a question without an answer got one.
        refused: the coder said no, or its program failed.
        cases: (question, program or reason) of the wrong ones.
    """

    right: int = 0
    wrong: int = 0
    refused: int = 0
    cases: list[tuple[str, str]] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.right + self.wrong + self.refused


def tally(rows: Sequence[Row], coder: Coder, judge: Judge) -> dict[str, Tally]:
    """What a coder does with questions, over all ("all"), by family and by type.

    Questions that no mask answers count by themselves ("refusal"), not in "all".

    Args:
        rows: the questions.
        coder: who writes.
        judge: with the scenes of the rows.
    """
    found: dict[str, Tally] = {"all": Tally()}
    for row in rows:
        try:
            program: Program | None = coder.write(Request(row.question.text, TOPICS, 1.0))
        except QuestionError:
            program = None
        result = _result(program, row, judge)
        asked = row.question.asked
        names = ("all", row.question.family, asked.type) if asked else ("refusal",)
        for name in names:
            one = found.setdefault(name, Tally())
            setattr(one, result, getattr(one, result) + 1)
            if result == "wrong" and name in ("all", "refusal"):
                one.cases.append((row.question.text, program.text if program else ""))
    return found


def _result(program: Program | None, row: Row, judge: Judge) -> str:
    if program is None:
        return "refused" if row.answerable else "right"
    outcomes = [judge.outcome(program.text, one.scene) for one in row.expected]
    if not row.answerable:
        return "wrong" if any(one.kind == "answered" for one in outcomes) else "right"
    if any(one.kind != "answered" for one in outcomes):
        return "refused"
    factor = 1.0
    if program.unit != row.unit:
        if program.unit not in _HECTARES or row.unit not in _HECTARES:
            return "wrong"
        factor = _HECTARES[program.unit] / _HECTARES[row.unit]
    for outcome, expected in zip(outcomes, row.expected, strict=True):
        value = outcome.value
        if value is None or not is_right(expected, value if isinstance(value, str) else value * factor):
            return "wrong"
    return "right"


def interval(count: int, total: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share (Wilson, 1927).

    Example:
        >>> [round(one, 3) for one in interval(8, 10)]
        [0.49, 0.943]
    """
    if total == 0:
        return 0.0, 1.0
    share, square = count / total, _Z * _Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = _Z / (1 + square / total) * math.sqrt(share * (1 - share) / total + square / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def table(tallies: Mapping[str, Mapping[str, Tally]], names: Sequence[str] = ("all",)) -> str:
    """Lines of a table: coder, questions, share right, wrong and refused, with intervals.

    Args:
        tallies: coder's name → what ``tally`` gave.
        names: groups to show, one block each.
    """
    lines = ["| questions | coder | n | right | wrong | refused |", "|---|---|---|---|---|---|"]
    for name in names:
        for coder, found in tallies.items():
            one = found.get(name)
            if one is None:
                continue
            shares = " | ".join(_share(count, one.total) for count in (one.right, one.wrong, one.refused))
            lines.append(f"| {name} | {coder} | {one.total} | {shares} |")
    return "\n".join(lines)


def _share(count: int, total: int) -> str:
    low, high = interval(count, total)
    return f"{100 * count / max(1, total):.1f} % ({100 * low:.1f} to {100 * high:.1f})"


def in_range_evaluation(
    rows: Sequence[Row], judge: Judge, tokenizer: Any, style: Style
) -> Callable[[Any], dict[str, float]]:
    """For ``train_grpo``: the share of questions whose program is right on every scene, likeliest and sampled.

    Args:
        rows: held out.
        judge: with their scenes.
        tokenizer: of the model.
        style: prompt and reply.
    """

    def evaluate(model: Any) -> dict[str, float]:
        import torch

        prompts = [style.prompt(row.question.text) for row in rows]
        if prompts and not isinstance(prompts[0], str):
            prompts = [
                tokenizer.apply_chat_template(one, tokenize=False, add_generation_prompt=True)
                for one in prompts
            ]
        shares = {}
        for name, temperature in (("greedy", 0.0), ("sampled", 1.0)):
            torch.manual_seed(0)
            replies = write_programs(model, tokenizer, prompts, temperature=temperature)
            programs = [
                style.program(reply, row.question.text) for reply, row in zip(replies, rows, strict=True)
            ]
            shares[name] = sum(
                judge.right(text, row) is True for text, row in zip(programs, rows, strict=True)
            ) / len(rows)
        return shares

    return evaluate
