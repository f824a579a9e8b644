"""The store: revisions, drafts, links, and answers that outlive their server."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading

import pytest

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
