"""Where links, answers and drafts are kept: one SQLite file that survives the server at any moment.

Every submitted answer is a transaction of its own, written through to the disk before the annotator is told. Nothing
is overwritten: a changed answer is a further revision.
"""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import compare_digest
from pathlib import Path
from typing import Any

from planimeter.annotate.overlap import assigned
from planimeter.annotate.project import Project
from planimeter.annotate.unchanged import check_unchanged, keep_meanings
from planimeter.errors import InputError
from planimeter.squid.question import Value

ORGANISER = ""  # no annotator can be called this
_SCHEMA = """
CREATE TABLE IF NOT EXISTS links (person TEXT PRIMARY KEY, token TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS questions (id TEXT PRIMARY KEY, fingerprint TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS pictures (question TEXT PRIMARY KEY, content TEXT NOT NULL, scale TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS revisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    annotator TEXT NOT NULL,
    question TEXT NOT NULL,
    skipped INTEGER NOT NULL,
    answer TEXT,
    work TEXT NOT NULL,
    note TEXT NOT NULL,
    seconds REAL NOT NULL,
    at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS revisions_by_question ON revisions (annotator, question, number);
CREATE TABLE IF NOT EXISTS drafts (
    annotator TEXT NOT NULL,
    question TEXT NOT NULL,
    work TEXT NOT NULL,
    note TEXT NOT NULL,
    seconds REAL NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (annotator, question)
);
CREATE TABLE IF NOT EXISTS assignments (
    question TEXT NOT NULL,
    annotator TEXT NOT NULL,
    current INTEGER NOT NULL,
    PRIMARY KEY (question, annotator)
);
"""


@dataclass(frozen=True)
class Revision:
    """What somebody submitted for a question at some time.

    Attributes:
        number: grows with time.
        annotator: who.
        question: its id.
        skipped: passed over, so there is no answer.
        answer: a number or a word; None when skipped.
        work: the marks the answer came from; of a question passed over, those that were there then.
        note: the annotator's words.
        seconds: time spent at the question, all visits together.
        at: when, UTC, ISO 8601.
    """

    number: int
    annotator: str
    question: str
    skipped: bool
    answer: Value | None
    work: dict[str, Any]
    note: str
    seconds: float
    at: str


@dataclass(frozen=True)
class Draft:
    """Marks that were not submitted yet."""

    work: dict[str, Any]
    note: str
    seconds: float


class AnnotationStore:
    """A project's SQLite file; safe to use from several threads and processes.

    Args:
        path: made when it does not exist, readable by its owner only, because links are in it.

    Raises:
        InputError: the file cannot be opened, or is no store.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            with self._open() as database:
                database.execute("PRAGMA journal_mode=WAL")
                database.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise InputError(
                f"The answers in {path.name} cannot be opened ({error}): check the file and its folder's permissions."
            ) from None

    def sync(self, project: Project) -> None:
        """Make links for new annotators, share questions out, and refuse those that changed after an answer.

        Raises:
            InputError: an answered question means something else now, or its image is another or has another scale.
        """
        with self._writing() as database:
            for person in (ORGANISER, *project.annotators):
                database.execute(
                    "INSERT OR IGNORE INTO links VALUES (?, ?)", (person, secrets.token_urlsafe(24))
                )
            check_unchanged(database, project)
            keep_meanings(database, project)
            _share_out(database, project)

    def check(self, project: Project) -> None:
        """Refuse what ``sync`` refuses, and change nothing.

        Raises:
            InputError: an answered question means something else now, or its image is another or has another scale.
        """
        with self._open() as database:
            check_unchanged(database, project)

    def asked(self, project: Project, annotator: str, ever: bool = False) -> set[str]:
        """Ids of the questions that somebody is asked.

        Args:
            project: its questions and overlap.
            annotator: who.
            ever: also those they were asked once, which may be open on their screen.
        """
        everything = {question.id for question in project.questions}
        if project.overlap is None:
            return everything
        with self._open() as database:
            rows = database.execute(
                "SELECT question FROM assignments WHERE annotator = ? AND (current OR ?)", (annotator, ever)
            ).fetchall()
        return everything & {question for (question,) in rows}

    def tokens(self) -> dict[str, str]:
        """The secret of each link by annotator; the organiser's is under ``ORGANISER``."""
        with self._open() as database:
            return dict(database.execute("SELECT person, token FROM links").fetchall())

    def person(self, token: str) -> str | None:
        """Whose link a secret opens; None when nobody's."""
        found = None
        for name, right in self.tokens().items():
            if compare_digest(right.encode(), token.encode("utf-8", "replace")):
                found = name
        return found

    def submit(
        self,
        annotator: str,
        question: str,
        answer: Value | None,
        work: dict[str, Any],
        note: str = "",
        seconds: float = 0.0,
    ) -> Revision:
        """Keep an answer as a new revision; the draft it grew from goes.

        Sent again unchanged, as after a lost reply, it stays one revision.

        Args:
            annotator: who.
            question: its id.
            answer: None to pass over the question.
            work: the marks.
            note: the annotator's words.
            seconds: time spent.
        """
        kept = (int(answer is None), json.dumps(answer), _text(work), note)
        with self._writing() as database:
            last = database.execute(
                "SELECT skipped, answer, work, note FROM revisions WHERE annotator = ? AND question = ? "
                "ORDER BY number DESC LIMIT 1",
                (annotator, question),
            ).fetchone()
            if last != kept:
                database.execute(
                    "INSERT INTO revisions (annotator, question, skipped, answer, work, note, seconds, at) "
                    "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (annotator, question, *kept, seconds, _now()),
                )
            database.execute("DELETE FROM drafts WHERE annotator = ? AND question = ?", (annotator, question))
        revision = self.last(annotator, question)
        assert revision is not None
        return revision

    def keep_draft(
        self, annotator: str, question: str, work: dict[str, Any], note: str, seconds: float
    ) -> None:
        """Keep marks that are not an answer yet."""
        with self._writing() as database:
            database.execute(
                "INSERT OR REPLACE INTO drafts VALUES (?, ?, ?, ?, ?, ?)",
                (annotator, question, _text(work), note, seconds, _now()),
            )

    def draft(self, annotator: str, question: str) -> Draft | None:
        """What an annotator left unfinished at a question."""
        with self._open() as database:
            row = database.execute(
                "SELECT work, note, seconds FROM drafts WHERE annotator = ? AND question = ?",
                (annotator, question),
            ).fetchone()
        return Draft(_work(row[0]), row[1], row[2]) if row else None

    def latest(self, annotator: str | None = None, marks: bool = False) -> dict[tuple[str, str], Revision]:
        """The last revision of each question, by (annotator, question id).

        Args:
            annotator: whose; None for everybody's.
            marks: whether with the marks drawn on the image, which may be many.
        """
        found = self._read(
            "number IN (SELECT MAX(number) FROM revisions GROUP BY annotator, question) "
            "AND (? IS NULL OR annotator = ?)",
            (annotator, annotator),
            work="work" if marks else "'{}'",
        )
        return {(revision.annotator, revision.question): revision for revision in found}

    def last(self, annotator: str, question: str) -> Revision | None:
        """What an annotator submitted last for a question, with its marks."""
        found = self._read(
            "number = (SELECT MAX(number) FROM revisions WHERE annotator = ? AND question = ?)",
            (annotator, question),
        )
        return found[0] if found else None

    def revisions(self) -> list[Revision]:
        """All that anybody submitted, oldest first, with its marks."""
        return self._read("1", ())

    def _read(self, where: str, values: tuple[object, ...], work: str = "work") -> list[Revision]:
        """Revisions that fit a condition, oldest first; ``where`` and ``work`` are SQL of this file only."""
        columns = f"number, annotator, question, skipped, answer, {work}, note, seconds, at"
        with self._open() as database:
            rows = database.execute(
                f"SELECT {columns} FROM revisions WHERE {where} ORDER BY number", values
            ).fetchall()
        return [_revision(*row) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=20, isolation_level=None)
        try:
            database.execute("PRAGMA synchronous=FULL")
            yield database
        finally:
            database.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it, or nothing."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")


def _revision(
    number: int,
    annotator: str,
    question: str,
    skipped: int,
    answer: str,
    work: str,
    note: str,
    seconds: float,
    at: str,
) -> Revision:
    """A row of the table, its JSON read."""
    return Revision(
        number, annotator, question, bool(skipped), json.loads(answer), _work(work), note, seconds, at
    )


def _share_out(database: sqlite3.Connection, project: Project) -> None:
    """Say anew who is asked what; gold questions go to everybody."""
    if project.overlap is None:
        return
    before = set(database.execute("SELECT question, annotator FROM assignments WHERE current").fetchall())
    touched = set(
        database.execute(
            "SELECT question, annotator FROM revisions UNION SELECT question, annotator FROM drafts"
        ).fetchall()
    )
    shared = [question.id for question in project.questions if question.gold is None]
    pairs = assigned(shared, project.annotators, project.overlap, touched, before)
    pairs |= {
        (question.id, person)
        for question in project.questions
        if question.gold is not None
        for person in project.annotators
    }
    database.execute("UPDATE assignments SET current = 0")
    database.executemany("INSERT OR REPLACE INTO assignments VALUES (?, ?, 1)", sorted(pairs))


def _text(work: dict[str, Any]) -> str:
    return json.dumps(work, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _work(text: str) -> dict[str, Any]:
    """Marks as they were kept; what earlier versions kept although JSON cannot say it reads as nothing."""
    return dict(json.loads(text, parse_constant=lambda _: None))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
