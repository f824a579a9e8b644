"""How far the annotators of a project agree, in the paper's measures and by the same code as ``planimeter squid``."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from planimeter.annotate.project import AskedQuestion, Project
from planimeter.annotate.store import AnnotationStore
from planimeter.errors import ModelError
from planimeter.squid.agreement import (
    AnnotatedQuestion,
    compared,
    reliability,
    row_of,
    rules_from,
)
from planimeter.squid.types import TYPES

PUBLISHED = {
    "Percentage": (26, 0.832, 0.930, 1.735),
    "Count": (12, 0.959, 1.059, 0.19),
    "Proximity": (9, 0.424, 0.517, 2.250),
    "Numeric": (47, 0.79, 0.84, None),
}
"""Questions, alpha, ICC(2,k) and mean MAD of ten people (paper, table 1 and section 3.3)."""


@dataclass(frozen=True)
class Answered:
    """A question of a project with what people answered.

    Attributes:
        question: as asked.
        people: the answers, in the form of ``planimeter.squid.agreement``.
    """

    question: AskedQuestion
    people: AnnotatedQuestion

    @property
    def squid(self) -> bool:
        """Whether SQuID's tables have a place for it."""
        return self.question.type in TYPES


def answered_questions(project: Project, store: AnnotationStore) -> list[Answered]:
    """The questions that somebody answered, in the project's order; only answers of the project's annotators.

    Args:
        project: its questions and annotators.
        store: its answers.
    """
    latest = store.latest()
    found = []
    for question in project.questions:
        answers = {
            person: revision.answer
            for person in project.annotators
            if (revision := latest.get((person, question.id))) and revision.answer is not None
        }
        if answers:
            scene = project.images[question.image].scene
            about = {"image": question.image, "question": question.text, "type": question.type}
            about |= {"tier": str(question.tier)} if question.tier else {}
            about |= {"gsd": f"{scene.scale.gsd:.6g}"} if scene.scale else {}
            # "distance" is a kind of ours; AnnotatedQuestion's own sums treat it as any number.
            people = AnnotatedQuestion(question.id, question.asked.kind, answers, about)  # type: ignore[arg-type]
            found.append(Answered(question, people))
    return found


def agreement(answered: list[Answered]) -> dict[str, Any]:
    """Rows of the paper's table 1 and the ranges that follow, ready for JSON.

    Args:
        answered: from ``answered_questions``; only questions with two answers or more are compared.

    Returns:
        ``rows`` (a ``Reliability`` each, and what the paper's annotators reached), ``ranges``, and ``problem``: a
        sentence where something could not be computed, else None.
    """
    squid = [one.people for one in answered if one.question.asked.kind != "distance"]
    # Distances, which the paper does not have, by its measures; their MAD is in metres.
    distances = compared([one.people for one in answered if one.question.asked.kind == "distance"])
    try:
        rows = reliability(squid) + ([row_of("Distance", distances)] if distances else [])
    except ModelError as error:
        return {"rows": [], "ranges": None, "problem": str(error)}
    rules = rules_from(squid)
    return {
        "rows": [asdict(row) | {"published": PUBLISHED.get(row.group)} for row in rows],
        "ranges": {
            "percentage": rules.percentage,
            "proximity": rules.proximity,
            "count": rules.count,
            "source": rules.source,
        },
        "problem": None,
    }
