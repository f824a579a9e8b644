"""From a trained small model to the files that ship: settings chosen on validation wordings, scores on the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from learned_coder.coder import LearnedCoder, WithLearned
from learned_coder.coder.card import Card, load_card
from learned_coder.coder.slots import slotted
from learned_coder.training.config import CoderConfig
from learned_coder.training.evaluation import Tally, table, tally
from learned_coder.training.export import export_coder
from learned_coder.training.rewards import Judge, stated_unit
from learned_coder.training.rows import Row
from learned_coder.training.stages import open_model, report_rows, validation_rows
from learned_coder.training.wordings import refusals

from planimeter.coder import Coder, Program, Request, builtin_coder
from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.vocabulary.topics import TOPICS

SAMPLES = 3
TEMPERATURE = 1.0
LEAST = (0.0, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
"""Thresholds that are tried: the lowest without a wrong answer on validation questions is taken."""

Report = Callable[[str], None]


class Unchecked:
    """The learned coder's likeliest program, taken whatever it is: what the model can do without its safeguards.

    Args:
        learned: the coder whose drafts are used.
    """

    name = "model, every program taken"

    def __init__(self, learned: LearnedCoder) -> None:
        self._learned = learned

    def write(self, request: Request) -> Program:
        """The likeliest program.

        Raises:
            NotMeasurable: the model refuses.
            NotUnderstood: it came to no end.
        """
        text = self._learned.drafts(request.text)[0][0]
        if text.startswith("# refused"):
            raise NotMeasurable("The model refuses.")
        if not text:
            raise NotUnderstood("The model came to no end.")
        return Program(slotted(request.text).fill(text), self.name, "any", stated_unit(text, None), "")


class Remembering(LearnedCoder):
    """A learned coder that drafts each question once, however often it is asked."""

    def __init__(self, card: Card) -> None:
        super().__init__(card)
        self._drafted: dict[str, tuple[list[str], float]] = {}

    def drafts(self, question: str) -> tuple[list[str], float]:
        """See ``LearnedCoder.drafts``."""
        if question not in self._drafted:
            self._drafted[question] = super().drafts(question)
        return self._drafted[question]


def release_coder(
    config: CoderConfig, model: str | Path, out: str | Path, *, trained_by: str, report: Report = print
) -> Path:
    """Write a model's files, with the settings and scores that belong to it.

    Args:
        config: its validation and test questions.
        model: folder of the trained model.
        out: where the files go.
        trained_by: for the card.
        report: takes one line of progress.

    Returns:
        path of the card.
    """
    network, tokenizer = open_model(model)
    record: dict[str, Any] = {
        "version": "1.0",
        "trained_by": trained_by,
        "accept": {"samples": SAMPLES, "temperature": TEMPERATURE, "least": LEAST[0]},
        "default": False,
        "scores": {},
    }
    path = export_coder(network, tokenizer, out, record)
    rows, judge = validation_rows(config, config.rows.held_out)
    record["accept"]["least"] = choose_least(Remembering(load_card(path)), rows, judge, report)
    export_coder(network, tokenizer, out, record)
    tallies = compare(load_card(path), *report_rows(config))
    report(table(tallies, ("all", "refusal")))
    record["scores"] = {
        coder: {
            name: {"right": one.right, "wrong": one.wrong, "refused": one.refused}
            for name, one in found.items()
        }
        for coder, found in tallies.items()
    }
    alone, both = tallies["grammar"]["all"], tallies["grammar, then model"]["all"]
    guessed = near_misses(load_card(path))
    for question in guessed:
        report(f"answers what it should refuse: {question}")
    record["scores"]["near misses"] = {"answered": len(guessed), "of": len(refusals.NEAR_MISSES)}
    record["default"] = both.right > alone.right and both.wrong <= alone.wrong and not guessed
    return export_coder(network, tokenizer, out, record)


def near_misses(card: Card) -> list[str]:
    """Questions among ``refusals.NEAR_MISSES`` that the grammar refuses and the model answers.

    Args:
        card: of the model.
    """
    learned = LearnedCoder(card)
    coder = WithLearned(builtin_coder(), lambda: learned)
    answered = []
    for question in refusals.NEAR_MISSES:
        try:
            coder.write(Request(question, TOPICS))
        except (NotUnderstood, NotMeasurable):
            continue
        answered.append(question)
    return answered


def choose_least(learned: Remembering, rows: Sequence[Row], judge: Judge, report: Report = print) -> float:
    """The lowest threshold of certainty at which no validation question gets a wrong answer.

    Args:
        learned: the coder.
        rows: validation questions.
        judge: with their scenes.
        report: takes one line per threshold.
    """
    for least in LEAST:
        learned.card = replace(learned.card, least=least)
        found = tally(rows, learned, judge)["all"]
        report(f"least {least}: right {found.right}, wrong {found.wrong}, refused {found.refused}")
        for question, program in found.cases:
            report(f"  wrong: {question}\n{program}")
        if found.wrong == 0:
            return least
    return LEAST[-1]


def compare(card: Card, rows: Sequence[Row], judge: Judge) -> dict[str, dict[str, Tally]]:
    """What the grammar, the model and both do with questions.

    Args:
        card: of the model.
        rows: questions that nothing was trained on.
        judge: with their scenes.
    """
    learned = Remembering(card)
    coders: dict[str, Coder] = {
        "grammar": builtin_coder(),
        "model, every program taken": Unchecked(learned),
        "model, accepted programs": learned,
        "grammar, then model": WithLearned(builtin_coder(), lambda: learned),
    }
    return {name: tally(rows, coder, judge) for name, coder in coders.items()}
