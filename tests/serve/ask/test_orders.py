"""Orders: done once where they are equal, awaited where they are short, and cancelled for one without the others."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import closing

import geopandas
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from tests.serve.ask.conftest import COUNT, Still
from tests.serve.ask.test_jobs import until

from planimeter.segment import LabelSegmenter
from planimeter.serve.ask.bounds import AskLimits
from planimeter.serve.ask.sources import Sources

PERCENT = "What percentage of the image is water?"


@pytest.fixture
def slow(start, place):
    """A server whose segmenter waits until a test says go on; and the segmenter, which counts its looks."""
    still = Still()
    looks = []
    look = still.look

    def counted(scene, topics, box=None):
        if topics:
            looks.append(topics)
        return look(scene, topics, box)

    still.look = counted
    asker = start(
        folders=[place.folder],
        sources=Sources({"still": still}),
        bounds=AskLimits(remembered=10, at_once=2, waiting=4),
    )
    asker.still, asker.looks = still, looks
    yield asker
    still.gate.set()


def order(asker, question: str = PERCENT, scene: str = "plain.png") -> dict[str, str]:
    return {"scene": asker.scene(scene), "question": question}


def state(asker, job: str) -> str:
    return asker.get(f"/jobs/{job}").json()["state"]


def test_equal_questions_are_computed_once(slow):
    slow.still.gate.clear()
    jobs = [slow.post("/ask", json=order(slow)).json()["id"] for _ in range(4)]
    assert len(set(jobs)) == 4
    until(lambda: all(state(slow, job) == "running" for job in jobs))
    slow.still.gate.set()
    until(lambda: all(state(slow, job) == "done" for job in jobs))
    jobs.append(slow.ask(slow.scene("plain.png"), PERCENT))  # remembered
    assert slow.looks == [["water"]]
    for job in jobs:
        assert slow.get(f"/answers/{job}").json()["answer"] == 100
        assert slow.get(f"/answers/{job}/masks/water.png").status_code == 200
    assert slow.http.delete(f"/answers/{jobs[0]}").status_code == 204  # each has its own
    assert slow.get(f"/answers/{jobs[1]}").json()["answer"] == 100


def test_what_is_not_equal_is_computed(slow):
    scene = slow.scene("plain.png")
    slow.ask(scene, PERCENT)
    slow.ask(scene, PERCENT, gsd=2.0)
    slow.ask(scene, PERCENT, area="pixels:0,0,5,5")
    slow.ask(slow.scene(".png"), PERCENT)
    slow.http.headers["Cache-Control"] = "no-cache"
    slow.ask(scene, PERCENT)
    assert len(slow.looks) >= 4
    before = len(slow.looks)
    del slow.http.headers["Cache-Control"]
    slow.ask(scene, PERCENT, gsd=2.0)
    assert len(slow.looks) == before


def test_a_changed_file_is_another_question(start, place, tmp_path):
    folder = tmp_path / "scenes"
    folder.mkdir()
    content = (place.folder / "plain.png").read_bytes()
    (folder / "a.png").write_bytes(content)
    still = Still()
    asker = start(folders=[folder], sources=Sources({"still": still}), bounds=AskLimits(remembered=10))
    first = asker.ask(asker.scene("a.png"), PERCENT)
    (folder / "a.png").write_bytes(content + b"\0")
    second = asker.ask(asker.scene("a.png"), PERCENT)
    jobs = {each["id"]: each for each in asker.get("/jobs").json()["jobs"]}
    assert jobs[second]["started"] != jobs[second]["created"]  # it was worked on
    assert first != second


def roofs(place, boxes) -> None:
    """A GeoPackage of rectangles, written anew."""
    shapes = [shapely.box(*each) for each in boxes]
    pyogrio.write_dataframe(geopandas.GeoDataFrame(geometry=shapes, crs="EPSG:32633"), place)


def squares(path, side: int = 100) -> None:
    """A picture of 1 m per pixel."""
    profile = {"driver": "GTiff", "count": 3, "height": side, "width": side, "dtype": "uint8"}
    with rasterio.open(
        path, "w", crs="EPSG:32633", transform=Affine(1, 0, 5e5, 0, -1, 5e6), **profile
    ) as file:
        file.write(np.random.default_rng(0).integers(0, 255, (3, side, side), dtype=np.uint8))


def test_a_database_that_another_program_writes_to_is_another_question(start, tmp_path):
    squares(tmp_path / "city.tif")
    layer = tmp_path / "city.roof.gpkg"
    roofs(layer, [(500010, 4999950, 500020, 4999960), (500040, 4999950, 500050, 4999960)])
    asker = start(folders=[tmp_path], bounds=AskLimits(remembered=10))
    count = {"scene": asker.scene("city.tif"), "question": "How many buildings are there?"}
    assert asker.get(f"/answers/{asker.ask(count['scene'], count['question'])}").json()["answer"] == 2
    with closing(sqlite3.connect(layer)) as other:  # as a desktop program does, which leaves a -wal file
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("PRAGMA wal_autocheckpoint=0")
        # Triggers of the format need functions that SQLite alone does not have.
        for (name,) in other.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            other.execute(f'DROP TRIGGER "{name}"')
        other.execute('DELETE FROM "city.roof" WHERE fid = 1')
        other.commit()
        assert (tmp_path / "city.roof.gpkg-wal").stat().st_size > 0
        assert asker.get(f"/answers/{asker.ask(count['scene'], count['question'])}").json()["answer"] == 1


def test_the_servers_own_labels_written_anew_are_another_question(start, tmp_path):
    (tmp_path / "scenes").mkdir()
    squares(tmp_path / "scenes" / "city.tif")

    def label(rows: int) -> None:
        values = np.zeros((1, 100, 100), np.uint8)
        values[0, :rows] = 1
        profile = {"driver": "GTiff", "count": 1, "height": 100, "width": 100, "dtype": "uint8"}
        with rasterio.open(
            tmp_path / "labels.tif", "w", crs="EPSG:32633", transform=Affine(1, 0, 5e5, 0, -1, 5e6), **profile
        ) as file:
            file.write(values)

    label(50)
    (tmp_path / "legend.json").write_text(json.dumps({"water": [1], "forest": [0]}))
    maps = Sources({"given maps": LabelSegmenter(tmp_path / "labels.tif", tmp_path / "legend.json")})
    asker = start(folders=[tmp_path / "scenes"], sources=maps, bounds=AskLimits(remembered=10))
    scene, question = asker.scene("city.tif"), "What is the area of water in hectares?"
    assert asker.get(f"/answers/{asker.ask(scene, question)}").json()["answer"] == 0.5
    label(20)
    assert asker.get(f"/answers/{asker.ask(scene, question)}").json()["answer"] == 0.2


def test_a_world_file_that_changes_is_another_question_and_old_answers_say_so(start, place, tmp_path):
    folder = tmp_path / "scenes"
    folder.mkdir()
    (folder / "town.png").write_bytes((place.folder / "plain.png").read_bytes())
    world = "{0}\n0\n0\n-{0}\n500000\n5000000\n"
    (folder / "town.pgw").write_text(world.format(1))
    (folder / "town.png.aux.xml").write_text("<PAMDataset><SRS>EPSG:32633</SRS></PAMDataset>")
    asker = start(folders=[folder], sources=Sources({"still": Still()}), bounds=AskLimits(remembered=10))
    scene, question = asker.scene("town.png"), "What is the area of water in m²?"
    first = asker.ask(scene, question)
    area = asker.get(f"/answers/{first}").json()["answer"]
    assert asker.get(f"/answers/{first}/view").json()["cautions"] == ["Still waters are a guess."]
    assert "files" not in asker.get(f"/answers/{first}/view").json()
    tile = asker.get(f"/scenes/{scene}/tiles/0/0/0.png")
    assert (
        tile.headers["cache-control"] == "private, no-cache"
    )  # it is asked for again, and not sent if it is the same
    known = {"If-None-Match": tile.headers["etag"]}
    assert asker.get(f"/scenes/{scene}/tiles/0/0/0.png", headers=known).status_code == 304
    (folder / "town.pgw").write_text(world.format(2))
    second = asker.ask(scene, question)
    assert asker.get(f"/answers/{second}").json()["answer"] == pytest.approx(4 * area, rel=1e-9)
    said = asker.get(f"/answers/{first}/view").json()["cautions"]
    assert said[0].startswith("The files of town.png were written anew since this was measured")
    assert asker.get(f"/answers/{second}/view").json()["cautions"] == ["Still waters are a guess."]


def test_one_who_cancels_does_not_cancel_the_others(slow):
    slow.still.gate.clear()
    jobs = [slow.post("/ask", json=order(slow)).json()["id"] for _ in range(3)]
    until(lambda: state(slow, jobs[2]) == "running")
    assert slow.http.delete(f"/jobs/{jobs[0]}").json()["error"]["kind"] == "Cancelled"  # whose work it is
    assert slow.http.delete(f"/jobs/{jobs[1]}").json()["state"] == "failed"
    late = slow.post("/ask", json=order(slow)).json()
    assert late["state"] == "running"
    slow.still.gate.set()
    until(lambda: state(slow, jobs[2]) == "done" and state(slow, late["id"]) == "done")
    assert [slow.get(f"/answers/{job}").status_code for job in (*jobs, late["id"])] == [410, 410, 200, 200]
    assert len(slow.looks) == 1
    assert slow.get("/answers").json()["answers"][0]["id"] in (jobs[2], late["id"])
    assert len(slow.get("/answers").json()["answers"]) == 2


def test_work_that_nobody_wants_any_more_ends(slow):
    program = "n = 0\nfor _ in range(10**12):\n    n += 1\nanswer = n\n"
    run = {"scene": slow.scene("plain.png"), "program": program}
    jobs = [slow.post("/run", json=run).json()["id"] for _ in range(2)]
    until(lambda: slow.get(f"/jobs/{jobs[1]}").json()["step"] == "running the program")
    for job in jobs:
        slow.http.delete(f"/jobs/{job}")
    until(lambda: slow.get(f"{slow.url}/health").json()["pending"] == 0)


def test_more_than_the_queue_may_not_wait_for_the_same_either(slow):
    slow.still.gate.clear()
    replies = [slow.post("/ask", json=order(slow)) for _ in range(9)]
    assert [reply.status_code for reply in replies[:7]] == [202] * 7
    assert replies[8].status_code == 503
    assert replies[8].headers["retry-after"]


def test_a_failure_is_not_remembered(slow):
    scene = slow.scene("plain.png")
    jobs = [slow.ask(scene, "What is the area of water?") for _ in range(2)]
    assert [slow.get(f"/answers/{job}").json()["kind"] for job in jobs] == ["ScaleError"] * 2
    said = slow.get(f"/jobs/{jobs[1]}").json()
    assert said["started"] > said["created"]


def test_the_same_key_is_the_same_request(slow):
    key = {"Idempotency-Key": "a-key"}
    first = slow.post("/ask", json=order(slow), headers=key).json()["id"]
    until(lambda: state(slow, first) == "done")
    again = slow.post("/ask", json=order(slow), headers=key)
    assert (again.status_code, again.json()["id"], again.json()["state"]) == (202, first, "done")
    assert again.headers["location"] == f"/v1/jobs/{first}"
    for path, other in (
        ("/ask", order(slow, COUNT)),
        ("/run", {"scene": slow.scene("plain.png"), "program": "answer = 1"}),
    ):
        reply = slow.post(path, json=other, headers=key)
        assert reply.status_code == 422
        assert "Idempotency-Key" in reply.json()["error"]
    assert slow.post("/ask", json=order(slow), headers={"Idempotency-Key": "x" * 256}).status_code == 422
    refused = slow.post("/ask", json={"scene": "f-none", "question": COUNT}, headers={"Idempotency-Key": "b"})
    assert refused.status_code == 404
    assert slow.post("/ask", json=order(slow), headers={"Idempotency-Key": "b"}).status_code == 202


def test_many_at_once_with_one_key_are_one(slow):
    slow.still.gate.clear()
    body, found = order(slow), []

    def send() -> None:
        found.append(slow.post("/ask", json=body, headers={"Idempotency-Key": "k"}).json()["id"])

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_short_question_is_awaited(slow, place):
    town = slow.scene("town/image.tif")
    for options in ({"params": {"wait": 30}}, {"headers": {"Prefer": "wait=30"}}):
        reply = slow.post("/ask", json={"scene": town, "question": COUNT}, **options)
        assert reply.status_code == 200, reply.text
        assert reply.headers["preference-applied"] == "wait=30"
        said = reply.json()
        assert (said["state"], said["answer"]["answer"]) == ("done", place.buildings)
        assert said["answer"]["text"] == str(place.buildings)
        assert slow.get(f"/answers/{said['id']}").json()["answer"] == place.buildings
    reply = slow.post("/ask?wait=30", json={"scene": town, "question": "Why is the sky blue?"})
    assert (reply.status_code, reply.json()["kind"]) == (422, "NotUnderstood")


def test_a_long_one_is_a_job_again(slow):
    slow.still.gate.clear()
    reply = slow.post("/ask?wait=0.2", json=order(slow))
    assert (reply.status_code, reply.json()["state"]) == (202, "running")
    for wait in ("-1", "x", "nan"):
        assert slow.post(f"/ask?wait={wait}", json=order(slow)).status_code == 422
    for prefer in ("wait=x", "wait=-1", "wait", ";;;", "wait=99999999999"):
        sent = slow.post("/ask", json=order(slow, COUNT, "town/image.tif"), headers={"Prefer": prefer})
        assert sent.status_code == 202


def test_a_scene_whose_name_is_as_long_as_a_name_may_be_can_be_asked_about(start, place, tmp_path):
    name = "n" * 246 + ".png"  # with an ending more, no file can be called so
    (tmp_path / name).write_bytes((place.folder / "plain.png").read_bytes())
    asker = start(folders=[tmp_path], sources=Sources({"still": Still()}))
    assert asker.get(f"/answers/{asker.ask(asker.scene(name), PERCENT)}").json()["answer"] == 100
