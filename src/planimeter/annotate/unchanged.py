"""Questions that were answered keep their meaning: their words, the picture they are about, and its scale."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from hashlib import sha256

from planimeter.annotate.project import AskedQuestion, PictureFile, Project
from planimeter.errors import InputError

_REMEDY = "or give the question an id of its own, so that old answers keep their meaning."


@dataclass(frozen=True)
class Meaning:
    """What a question means.

    Attributes:
        fingerprint: of its words and its image's key.
        content: size and content of its image; None in a store of an earlier version, which did not keep it.
        scale: of its image; empty where there is none, None where the store did not keep it.
    """

    fingerprint: str
    content: str | None = None
    scale: str | None = None


def meaning_of(question: AskedQuestion, picture: PictureFile) -> Meaning:
    """What a question means now.

    Args:
        question: as asked.
        picture: its image.
    """
    return Meaning(question.fingerprint, picture.content, picture.scale)


def image_address(picture: PictureFile) -> str:
    """What requests call an image: another one of the same key, or at another scale, is called otherwise.

    Args:
        picture: an image of a project.
    """
    return _digest(picture.key, picture.content, picture.scale)


def question_address(question: AskedQuestion, picture: PictureFile) -> str:
    """What requests call a question: its place may change, and a question that means something else is another.

    Args:
        question: as asked.
        picture: its image.
    """
    return _digest(question.id, question.fingerprint, image_address(picture))


def check_unchanged(database: sqlite3.Connection, project: Project) -> None:
    """Refuse a project in which an answered question means something else than it did.

    Words may not change once somebody answered or passed over; picture and scale may not once somebody answered.

    Args:
        database: a store's.
        project: as it is now.

    Raises:
        InputError: a question changed; the sentence says which, and in what.
    """
    known = _known(database)
    touched = {row[0] for row in database.execute("SELECT DISTINCT question FROM revisions")}
    answered = {
        row[0] for row in database.execute("SELECT DISTINCT question FROM revisions WHERE NOT skipped")
    }
    for question in project.questions:
        was = known.get(question.id)
        if was is None or question.id not in touched:
            continue
        if was.fingerprint != question.fingerprint:
            raise InputError(
                f"The question {question.id!r} was answered and has changed since: give the new one an id of "
                "its own, so that old answers keep their meaning."
            )
        if question.id in answered:
            _check_picture(question, project.images[question.image], was)


def keep_meanings(database: sqlite3.Connection, project: Project) -> None:
    """Write down what a project's questions mean now, for the answers that come.

    Args:
        database: a store's, in a transaction.
        project: as it is now, checked.
    """
    for question in project.questions:
        now = meaning_of(question, project.images[question.image])
        database.execute("INSERT OR REPLACE INTO questions VALUES (?, ?)", (question.id, now.fingerprint))
        database.execute(
            "INSERT OR REPLACE INTO pictures VALUES (?, ?, ?)", (question.id, now.content, now.scale)
        )


def _digest(*parts: str) -> str:
    return sha256(json.dumps(parts).encode()).hexdigest()[:20]


def _known(database: sqlite3.Connection) -> dict[str, Meaning]:
    rows = database.execute(
        "SELECT questions.id, fingerprint, content, scale FROM questions LEFT JOIN pictures ON pictures.question = id"
    )
    return {question: Meaning(*meaning) for question, *meaning in rows}


def _check_picture(question: AskedQuestion, picture: PictureFile, was: Meaning) -> None:
    if was.content not in (None, picture.content):
        raise InputError(
            f"The question {question.id!r} was answered, and its image {picture.key!r} is another file now: put the "
            f"old file back, {_REMEDY}"
        )
    # Where there was no scale nothing was measured by one, so that one may be stated later.
    if question.measures_ground and was.scale and was.scale != picture.scale:
        raise InputError(
            f"The question {question.id!r} was answered, and its image {picture.key!r} has another scale now: state "
            f"the old one again ({was.scale.split()[0]} m per pixel), {_REMEDY}"
        )
