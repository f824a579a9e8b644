"""What the organiser sees and does: progress, agreement, marks of several people at once, who takes part."""

from __future__ import annotations

import io
import threading
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from planimeter.annotate.agreement import Answered, agreement, answered_questions
from planimeter.annotate.drawn import drawn_answers
from planimeter.annotate.export import (
    agreement_csv,
    answers_csv,
    image_names,
    people_csv,
    table_csv,
    write_marks,
)
from planimeter.annotate.people import with_person, without_person
from planimeter.annotate.project import AskedQuestion
from planimeter.annotate.service import Service
from planimeter.annotate.spread import Spread, spread_of
from planimeter.annotate.standing import Standing, standings
from planimeter.annotate.store import Revision
from planimeter.errors import InputError
from planimeter.squid.agreement import median_absolute_deviation


class Organiser:
    """The organiser's side of a served project.

    Args:
        service: the project as annotators see it; gets the annotators that are added.
    """

    def __init__(self, service: Service) -> None:
        self.service = service
        self._changing = threading.Lock()

    def progress(self) -> dict[str, Any]:
        """Everything the organiser's page shows."""
        project, store = self.service.project, self.service.store
        tokens = store.tokens()
        answered = answered_questions(project, store)
        listed = self._questions(answered)
        return {
            "title": project.title,
            "overlap": project.overlap,
            "gold": sum(question.gold is not None for question in project.questions),
            "questions": listed,
            "by_spread": _widest_first(listed),
            "annotators": [_person(one, tokens[one.name]) for one in standings(project, store)],
            "agreement": agreement(answered),
        }

    def review(self) -> dict[str, Any]:
        """What the page of marks needs to begin with: questions, images, names."""
        project, store = self.service.project, self.service.store
        listed = self._questions(answered_questions(project, store))
        return self.service.images() | {
            "title": project.title,
            "annotators": list(project.annotators),
            "questions": listed,
            "by_spread": _widest_first(listed),
        }

    def marks(self, address: str) -> dict[str, Any]:
        """Everybody's submitted marks at a question.

        Args:
            address: the question's.
        """
        question = self.service.question(address)
        store = self.service.store
        people = []
        for name in self.service.project.annotators:
            last = store.last(name, question.id)
            asked = question.id in store.asked(self.service.project, name)
            people.append(_marks(name, last, asked, question))
        return {"question": question.id, "people": people}

    def add(self, name: str) -> dict[str, Any]:
        """Give somebody a link; who answered what stays as it is.

        Args:
            name: checked as the project file's are.

        Returns:
            the name and the path of the link.

        Raises:
            InputError: no name for an annotator, or one that is there already.
            UsageError: the project file cannot be changed.
        """
        with self._changing:
            project = with_person(self.service.project, name.strip())
            self.service.store.sync(project)
            self.service.project = project
        name = project.annotators[-1]
        return {"name": name, "link": f"/a/{self.service.store.tokens()[name]}"}

    def remove(self, name: str) -> dict[str, Any]:
        """Close somebody's link and leave their answers out of tables; the store keeps both.

        Raises:
            UsageError: there is nobody of that name, or nobody else, or the project file cannot be changed.
        """
        with self._changing:
            project = without_person(self.service.project, name)
            self.service.store.sync(project)
            self.service.project = project
        return {"removed": name}

    def table(self, name: str) -> str:
        """A table of the export as CSV.

        Args:
            name: of the file.

        Raises:
            InputError: there is no such table.
        """
        project, store = self.service.project, self.service.store
        if name == "answers.csv":
            return answers_csv(project, store)
        if name == "people.csv":
            return people_csv(project, store)
        answered = answered_questions(project, store)
        if name == "agreement.csv":
            return agreement_csv(answered)
        return table_csv(answered)

    def marks_zip(self) -> bytes:
        """Everybody's marks as GeoPackages and COCO, as the export writes them, in one ZIP file.

        Raises:
            InputError: nobody marked anything yet.
        """
        project, store = self.service.project, self.service.store
        names = {key: Path(name).name for key, name in image_names(project).items()}
        packed = io.BytesIO()
        with TemporaryDirectory() as folder:
            files = write_marks(list(drawn_answers(project, store)), names, Path(folder))
            if not files:
                raise InputError("Nobody has marked anything yet: come back when somebody has.")
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
                for file in files.values():
                    archive.write(file, file.relative_to(folder).as_posix())
        return packed.getvalue()

    def _questions(self, answered: list[Answered]) -> list[dict[str, Any]]:
        by_id = {one.question.id: one for one in answered}
        project, store = self.service.project, self.service.store
        asked = {name: store.asked(project, name) for name in project.annotators}
        return [
            self.service.shown(number)
            | _compared(question, by_id.get(question.id))
            | {"asked": [name for name in project.annotators if question.id in asked[name]]}
            for number, question in enumerate(project.questions)
        ]


def _compared(question: AskedQuestion, one: Answered | None) -> dict[str, Any]:
    """What people answered to a question, in the middle, apart, and beside what is right."""
    gold = question.gold
    found: dict[str, Any] = {"answers": {}, "consensus": None, "mad": None, "spread": None, "width": None}
    found |= {"gold": None if gold is None else str(gold), "right": {}}
    if one is None:
        return found
    answers = one.people.answers
    numbers = one.people.numbers if question.asked.tool != "choice" else []
    spread = spread_of(one)
    found |= {"answers": answers, "consensus": one.people.consensus()}
    found["mad"] = median_absolute_deviation(numbers) if len(numbers) >= 2 else None
    if spread is not None:
        found |= {"spread": spread.pairs, "width": spread.width}
    if gold is not None:
        found["right"] = {name: gold.accepts(answer) for name, answer in answers.items()}
    return found


def _widest_first(listed: list[dict[str, Any]]) -> list[int]:
    """Places of questions, those first on which people are farthest apart; at the end those nobody can be apart on."""

    def spread(place: int) -> tuple[bool, Spread]:
        one = listed[place]
        return one["spread"] is not None, Spread(one["spread"] or 0.0, one["width"] or 0.0)

    return sorted(range(len(listed)), key=spread, reverse=True)  # those that are level stay in order


def _person(one: Standing, token: str) -> dict[str, Any]:
    return {
        "name": one.name,
        "link": f"/a/{token}",
        "view": f"people/{quote(one.name, safe='')}",
        "answered": one.answered,
        "skipped": one.skipped,
        "of": one.asked,
        "seconds": one.seconds,
        "last": one.last,
        "gold": {"right": one.gold.right, "answered": one.gold.answered},
    }


def _marks(name: str, last: Revision | None, asked: bool, question: AskedQuestion) -> dict[str, Any]:
    if last is None:
        state = "open" if asked else "not asked"
        return {
            "name": name,
            "state": state,
            "answer": None,
            "right": None,
            "note": "",
            "work": {},
            "at": None,
        }
    gold = question.gold
    return {
        "name": name,
        "state": "skipped" if last.skipped else "answered",
        "answer": last.answer,
        "right": None if gold is None or last.answer is None else gold.accepts(last.answer),
        "note": last.note,
        "work": {} if last.skipped else last.work,  # nobody stands by marks of a question passed over
        "at": last.at,
    }
