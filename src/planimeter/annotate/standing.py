"""How far each annotator is, and how often they were right where the organiser knows what is."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median

from planimeter.annotate.gold import GoldRate, rate
from planimeter.annotate.project import Project
from planimeter.annotate.store import AnnotationStore


@dataclass(frozen=True)
class Standing:
    """What an annotator did so far.

    Attributes:
        name: of the annotator.
        asked: questions that are theirs to answer.
        answered: how many they answered.
        skipped: how many they passed over.
        seconds: at a question, the median; None before the first.
        last: when they last submitted something, UTC, ISO 8601.
        gold: how often they were right at gold questions.
    """

    name: str
    asked: int
    answered: int
    skipped: int
    seconds: float | None
    last: str | None
    gold: GoldRate


def standings(project: Project, store: AnnotationStore) -> list[Standing]:
    """How far everybody is, in the project's order.

    Args:
        project: its questions and annotators.
        store: its answers.
    """
    latest = store.latest()
    found = []
    for name in project.annotators:
        asked = store.asked(project, name)
        given = {q.id: revision for q in project.questions if (revision := latest.get((name, q.id)))}
        found.append(
            Standing(
                name,
                len(asked | given.keys()),
                sum(not revision.skipped for revision in given.values()),
                sum(revision.skipped for revision in given.values()),
                median(revision.seconds for revision in given.values()) if given else None,
                max((revision.at for revision in given.values()), default=None),
                rate((q.gold, given[q.id].answer) for q in project.questions if q.id in given),
            )
        )
    return found
