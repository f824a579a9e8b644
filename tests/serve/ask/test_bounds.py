"""Queue, time, store and folders: each bound has its own clear error, and nothing grows without end."""

from __future__ import annotations

import json
import os
import time

import pytest
from tests.serve.ask.conftest import COUNT, Still

from planimeter.errors import UsageError
from planimeter.serve.ask.bounds import AskLimits
from planimeter.serve.ask.folders import Folders
from planimeter.serve.ask.sources import Sources
from planimeter.serve.ask.store import AnswerStore
from planimeter.serve.http_errors import HTTPError


def test_a_full_queue_says_when_to_come_back(start, place):
    still = Still()
    asker = start(
        folders=[place.folder],
        sources=Sources({"still": still}),
        bounds=AskLimits(at_once=1, waiting=1, remembered=0),
    )
    still.gate.clear()
    order = {"scene": asker.scene("plain.png"), "question": "What percentage of the image is water?"}
    jobs = [asker.post("/ask", json=order).json()["id"] for _ in range(2)]
    refused = asker.post("/ask", json=order)
    assert refused.status_code == 503
    assert refused.json()["kind"] == "Busy"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    early = asker.get(f"/answers/{jobs[0]}")
    assert (early.status_code, early.json()["kind"]) == (409, "NotReady")
    still.gate.set()
    give_up = time.monotonic() + 30
    while any(asker.get(f"/jobs/{job}").json()["state"] != "done" for job in jobs):
        assert time.monotonic() < give_up
        time.sleep(0.02)
    assert asker.get(f"/answers/{jobs[1]}").json()["answer"] == 100


def test_an_answer_that_takes_too_long_is_given_up(start, place):
    asker = start(
        folders=[place.folder], sources=Sources({"still": Still()}), bounds=AskLimits(answer_seconds=1)
    )
    program = "n = 0\nwhile True:\n    n += 1\nanswer = n"
    reply = asker.get(f"/answers/{asker.finish('/run', scene=asker.scene('plain.png'), program=program)}")
    assert reply.status_code == 504
    assert reply.json()["kind"] == "LimitReached"


def test_a_scene_of_too_many_pixels_is_refused(start, place):
    asker = start(folders=[place.folder], bounds=AskLimits(pixels=1000))
    reply = asker.get(f"/scenes/{asker.scene('plain.png')}")
    assert reply.status_code == 413
    assert "120 x 90 pixels" in reply.json()["error"]
    reply = asker.post("/scenes", files={"image": (place.folder / "plain.png").open("rb")})
    assert (reply.status_code, reply.json()["kind"]) == (413, "TooLarge")


def put(store: AnswerStore, name: str, size: int) -> None:
    with store.adding("answers", name) as folder:
        (folder / "answer.json").write_bytes(bytes(size))


def test_the_store_makes_room_by_what_was_unused_for_longest(tmp_path):
    store = AnswerStore(tmp_path, limit=1000, keep=3600)
    for k in range(5):
        put(store, f"answer-{k}", 300)
        assert store.used <= 1000
        store._kept["answers", f"answer-{k}"].used -= 100 - k  # as if some time had passed
    assert store.find("answers", "answer-2") is not None
    put(store, "answer-5", 300)
    assert store.find("answers", "answer-2") is not None
    assert store.find("answers", "answer-3") is None
    assert sorted(os.listdir(tmp_path / "answers")) == ["answer-2", "answer-4", "answer-5"]
    with pytest.raises(HTTPError) as refusal:
        put(store, "far-too-large", 2000)
    assert refusal.value.status == 507


def test_the_store_forgets_what_expired_and_what_was_never_finished(tmp_path):
    store = AnswerStore(tmp_path, limit=1000, keep=3600)
    put(store, "old-answer", 10)
    put(store, "new-answer", 10)
    with pytest.raises(FileNotFoundError), store.adding("answers", "half-done") as folder:
        (folder / "nowhere" / "answer.json").write_bytes(b"x")
    leftover = tmp_path / "answers" / ".new-crashed"
    leftover.mkdir()
    past = time.time() - 7200
    for place in (leftover, tmp_path / "answers" / "old-answer"):
        os.utime(place, (past, past))
    again = AnswerStore(tmp_path, limit=1000, keep=3600)
    assert os.listdir(tmp_path / "answers") == ["new-answer"]
    assert again.find("answers", "new-answer") is not None
    for name in ("half-done", "old-answer", "../new-answer", "", "."):
        assert again.find("answers", name) is None


def test_what_a_crash_left_is_swept_while_the_server_runs(tmp_path):
    leftover = tmp_path / "answers" / ".new-crashed"
    leftover.mkdir(parents=True)
    store = AnswerStore(tmp_path, limit=1000, keep=3600)
    assert leftover.is_dir()  # young: another server with the same store may be filling it
    past = time.time() - 7200
    os.utime(leftover, (past, past))
    with store.adding("answers", "slow-answer") as filling:
        (filling / "answer.json").write_bytes(b"{}")
        os.utime(filling, (past, past))
        store.sweep()
        assert not leftover.exists()
        assert filling.stat().st_mtime > past + 3600
    assert os.listdir(tmp_path / "answers") == ["slow-answer"]


def test_a_store_that_cannot_be_is_a_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="--store"):
        AnswerStore(tmp_path / "file", limit=1, keep=1)


def test_links_out_of_a_folder_are_not_followed(tmp_path, place):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.png").write_bytes((place.folder / "plain.png").read_bytes())
    (inside / "own.png").write_bytes((place.folder / "plain.png").read_bytes())
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    (inside / "fine.png").symlink_to(inside / "own.png")
    (inside / "up").symlink_to(tmp_path)
    (inside / "round.png").symlink_to(inside / "round.png")
    folders = Folders([inside])
    assert sorted(name for name, _ in folders.listed().values()) == ["fine.png", "own.png"]
    own = next(name for name, (shown, _) in folders.listed().items() if shown == "own.png")
    (inside / "own.png").unlink()
    (inside / "own.png").symlink_to(tmp_path / "secret.png")
    assert folders.find(own) is None
    with pytest.raises(UsageError, match="--folder"):
        Folders([tmp_path / "nowhere"])


def test_maps_of_a_folder_are_found_by_name_and_only_inside_it(start, tmp_path, place):
    town = place.folder / "town"
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    for name in ("a", "b"):
        (inside / f"{name}.tif").write_bytes((town / "image.tif").read_bytes())
    (inside / "a.labels.tif").write_bytes((town / "labels.tif").read_bytes())
    (inside / "a.legend.json").write_bytes((town / "legend.json").read_bytes())
    (outside / "labels.tif").write_bytes((town / "labels.tif").read_bytes())
    (inside / "b.labels.tif").symlink_to(outside / "labels.tif")
    (inside / "b.legend.json").write_text(json.dumps({"water": [5]}))
    asker = start(folders=[inside], sources=Sources({"still": Still()}))
    assert [each["name"] for each in asker.get("/scenes").json()["scenes"]] == ["a.tif", "b.tif"]
    assert asker.get(f"/answers/{asker.ask(asker.scene('a.tif'), COUNT)}").json()["answer"] == place.buildings
    assert asker.get(f"/scenes/{asker.scene('b.tif')}").json()["topics"] == ["water"]
