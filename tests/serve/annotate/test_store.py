"""The store: revisions, drafts, links, and answers that outlive their server."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from contextlib import closing

import cv2
import numpy as np
import pytest

from planimeter.annotate.export import export
from planimeter.annotate.project import read_project
from planimeter.annotate.store import ORGANISER, AnnotationStore
from planimeter.errors import InputError


@pytest.fixture
def store(make) -> AnnotationStore:
    project = read_project(make())
    made = AnnotationStore(project.store_path)
    made.sync(project)
    return made


def test_links_are_made_once_and_cannot_be_guessed(store, make):
    tokens = store.tokens()
    assert set(tokens) == {ORGANISER, "Ada", "Ben"}
    assert len(set(tokens.values())) == 3
    assert min(map(len, tokens.values())) >= 32
    assert store.person(tokens["Ben"]) == "Ben"
    assert store.person(tokens["Ben"][:-1]) is None
    assert store.person("") is None
    assert store.person("ü" * 32) is None
    store.sync(read_project(make(annotators=["Ada", "Ben", "Cem"])))
    assert {name: store.tokens()[name] for name in tokens} == tokens
    assert "Cem" in store.tokens()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_only_the_owner_reads_the_links(store):
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_every_change_is_a_revision_and_a_repeated_one_is_not(store):
    first = store.submit("Ada", "houses", 3, {"points": [[1, 1]]}, "sure", 12.5)
    again = store.submit("Ada", "houses", 3, {"points": [[1, 1]]}, "sure", 14.0)
    assert again.number == first.number
    changed = store.submit("Ada", "houses", 4, {"points": [[2, 2]]})
    store.submit("Ada", "any", None, {})
    assert changed.number > first.number
    assert [revision.answer for revision in store.revisions()] == [3, 4, None]
    assert store.last("Ada", "houses") == changed
    assert store.latest("Ada")["Ada", "any"].skipped
    assert store.latest("Ben") == {}
    assert store.last("Ben", "houses") is None


def test_a_draft_goes_when_its_answer_comes(store):
    store.keep_draft("Ada", "houses", {"points": [[5, 5]]}, "half", 3.0)
    store.keep_draft("Ada", "houses", {"points": []}, "half", 4.0)
    assert store.draft("Ada", "houses").work == {"points": []}
    assert store.draft("Ben", "houses") is None
    store.submit("Ada", "houses", 0, {"points": []})
    assert store.draft("Ada", "houses") is None


def test_questions_that_were_answered_do_not_change(store, make):
    store.submit("Ada", "houses", 3, {})
    other = [{"id": "houses", "image": "world", "question": "How many boats are there?", "type": "count"}]
    with pytest.raises(InputError, match="id of its own"):
        store.sync(read_project(make(questions=other)))
    never_answered = [
        {"id": "share", "image": "world", "question": "How much is water?", "type": "percentage"}
    ]
    store.sync(read_project(make(questions=never_answered)))


@pytest.fixture
def lines(make, tmp_path):
    """A project of one picture at a scale: a distance, a share, a share within 50 m, and a distance to pass over."""
    cv2.imwrite(str(tmp_path / "a.png"), np.full((40, 60, 3), 90, np.uint8))
    asked = {
        "long": ("How long is the bridge?", "distance"),
        "share": ("What percentage is forest?", "percentage"),
        "near": ("What percentage of it is within 50 m of water?", "proximity_percentage"),
        "other": ("How wide is the bridge?", "distance"),
    }
    questions = [{"id": name, "image": "a", "question": q, "type": t} for name, (q, t) in asked.items()]

    def read(gsd: float | None = 0.5):
        image = {"file": str(tmp_path / "a.png")} | ({} if gsd is None else {"gsd": gsd})
        return read_project(make(images={"a": image}, questions=questions))

    return read


@pytest.mark.parametrize("name", ["long", "near"])
@pytest.mark.parametrize("now", [0.25, None])
def test_the_scale_does_not_change_under_answers_that_rest_on_it(lines, name, now, tmp_path):
    store = AnnotationStore(lines().store_path)
    store.sync(lines())
    store.submit("Ada", "share", 10.0, {})
    store.submit("Ada", "other", None, {})  # passed over: nothing was measured
    store.sync(lines(now))
    store.sync(lines())
    store.submit("Ada", name, 50.0, {"line": [[0, 0], [100, 0]]})
    for refuses in (store.sync, AnnotationStore(store.path).sync, store.check):
        with pytest.raises(InputError, match=rf"'{name}'.*another scale.*0\.5 m per pixel.*id of its own"):
            refuses(lines(now))
    with pytest.raises(InputError, match="another scale"):
        export(lines(now), store, tmp_path / "out")
    store.sync(lines())
    assert store.last("Ada", name).answer == 50.0


def test_a_scale_may_be_added_where_there_was_none(lines):
    store = AnnotationStore(lines(None).store_path)
    store.sync(lines(None))
    store.submit("Ada", "long", None, {})
    store.submit("Ada", "share", 10.0, {})
    store.submit("Ada", "near", 10.0, {})
    store.sync(lines(0.5))
    with pytest.raises(InputError, match=r"'near'.*another scale"):
        store.sync(lines(0.25))


@pytest.mark.parametrize("shape", [(40, 60), (60, 40)])
def test_the_picture_does_not_change_under_answers(lines, tmp_path, shape):
    store = AnnotationStore(lines().store_path)
    store.sync(lines())
    first = (tmp_path / "a.png").read_bytes()
    other = cv2.imencode(".png", np.full((*shape, 3), 91, np.uint8))[1].tobytes()
    (tmp_path / "a.png").write_bytes(other)
    store.sync(lines())  # nobody answered yet
    (tmp_path / "a.png").write_bytes(first)
    store.sync(lines())
    store.submit("Ada", "share", 10.0, {"grid": 10, "cells": [[0, 10]]})
    (tmp_path / "a.png").write_bytes(other)
    with pytest.raises(InputError, match=r"'share'.*'a' is another file.*put the old file back"):
        store.sync(lines())
    with pytest.raises(InputError, match="another file"):
        export(lines(), store, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (tmp_path / "a.png").write_bytes(first)
    store.sync(lines())


def test_a_store_of_an_earlier_version_opens_and_takes_what_it_finds(lines):
    store = AnnotationStore(lines().store_path)
    store.sync(lines())
    store.submit("Ada", "long", 50.0, {"line": [[0, 0], [100, 0]]})
    with closing(sqlite3.connect(store.path)) as database:  # as it was before pictures were kept
        database.execute("DROP TABLE pictures")
    again = AnnotationStore(store.path)
    again.check(lines())
    again.sync(lines())
    assert again.last("Ada", "long").answer == 50.0
    with pytest.raises(InputError, match="another scale"):
        again.sync(lines(0.25))


def test_a_file_that_is_no_store_is_refused(tmp_path):
    path = tmp_path / "annotations.sqlite"
    path.write_bytes(b"no database" * 100)
    with pytest.raises(InputError, match="cannot be opened"):
        AnnotationStore(path)


def test_many_at_once_lose_nothing(store):
    def work(name: str) -> None:
        for k in range(20):
            store.submit(name, f"q{k}", k, {"points": []})

    people = [threading.Thread(target=work, args=(name,)) for name in ("Ada", "Ben", "Cem", "Dee")]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(store.latest()) == 80


SUBMITTER = """
import sys
from pathlib import Path
from planimeter.annotate.store import AnnotationStore
store = AnnotationStore(Path(sys.argv[1]))
for k in range(100_000):
    store.submit("Ada", f"q{k}", k, {"points": [[k, k]] * 50})
    print(k, flush=True)
"""


def test_what_was_confirmed_survives_being_killed(store):
    process = subprocess.Popen(
        [sys.executable, "-c", SUBMITTER, str(store.path)], stdout=subprocess.PIPE, text=True
    )
    confirmed = -1
    for _ in range(25):
        confirmed = int(process.stdout.readline())
    process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    rest = process.communicate(timeout=20)[0].split()
    confirmed = max([confirmed, *map(int, rest)])
    kept = {revision.answer for revision in AnnotationStore(store.path).revisions()}
    assert set(range(confirmed + 1)) <= kept
