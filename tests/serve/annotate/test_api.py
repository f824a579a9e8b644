"""The routes: who sees what, what is kept, and what strangers get."""

from __future__ import annotations

import csv
import io
import json

import cv2
import numpy as np
import pytest
from tests.serve.annotate.conftest import QUESTIONS

from planimeter.annotate import service as service_module
from planimeter.annotate.access import public_origin
from planimeter.annotate.drawn import drawn_answers
from planimeter.annotate.grid import cells_of
from planimeter.annotate.store import ORGANISER
from planimeter.errors import UsageError
from planimeter.raster import open_scene

QUESTION = {
    name: number
    for number, name in enumerate(
        ("share", "houses", "far", "near", "any", "use", "power", "area", "flat", "flat area", "half")
    )
}


class Site:
    """A served project, asked by the names of its questions."""

    def __init__(self, served):
        self.served = served
        self.project, self.store, self.client = served.project, served.store, served.client
        self.tokens, self.get, self.at = served.tokens, served.get, served.at

    def path(self, person: str, name: str) -> str:
        """Where somebody's question is."""
        at = self.at(f"questions/{QUESTION[name]}")
        return f"/a/{self.tokens[person]}/{at}"

    def answer(self, person: str, name: str, work: dict, **more: object):
        return self.served.send_answer(person, QUESTION[name], work, **more)

    def send(self, method: str, path: str, work: str):
        """Send work that is already JSON, or nearly."""
        headers = {"Content-Type": "application/json"}
        return self.client.request(method, path, content=f'{{"work": {work}}}', headers=headers)


@pytest.fixture
def site(make, served_site) -> Site:
    return Site(served_site(make()))


def test_an_annotator_answers_and_comes_back(site):
    assert "text/html" in site.get("Ada").headers["content-type"]
    said = site.get("Ada", "project").json()
    assert said["annotator"] == "Ada"
    assert [question["id"] for question in said["questions"]] == list(QUESTION)
    assert {question["state"] for question in said["questions"]} == {"open"}
    reply = site.answer("Ada", "share", {"grid": 10, "cells": [[0, 25]]}, note="sure", seconds=7)
    assert reply.json() == {"state": "answered", "answer": 25.0, "revision": 1}
    own = site.get("Ada", "questions/0").json()
    assert own["work"] == {"grid": 10, "cells": [[0, 25]]}
    assert (own["note"], own["seconds"], own["unsaved"]) == ("sure", 7, False)
    assert site.answer("Ada", "any", {}, skipped=True).json()["state"] == "skipped"
    states = {q["id"]: q["state"] for q in site.get("Ada", "project").json()["questions"]}
    assert (states["share"], states["any"], states["far"]) == ("answered", "skipped", "open")


def test_drafts_are_kept(site):
    path = f"/a/{site.tokens['Ada']}/{site.at('questions/1')}/draft"
    work = {"points": [[3, 4]]}
    assert site.client.put(path, json={"work": work, "note": "later", "seconds": 2}).json() == {"kept": True}
    own = site.get("Ada", "questions/1").json()
    assert (own["work"], own["note"], own["unsaved"], own["state"]) == (work, "later", True, "open")
    assert site.client.put(path, json={"work": {str(k): 1 for k in range(9)}}).status_code == 422


def test_marks_of_a_question_passed_over_stay_and_are_exported_nowhere(site):
    work = {"grid": 10, "cells": [[0, 40]]}
    path = site.path("Ada", "share")
    sent = {"work": work, "note": "unsure", "seconds": 3}
    assert site.client.put(f"{path}/draft", json=sent).status_code == 200
    said = site.client.post(f"{path}/answer", json=sent | {"skipped": True}).json()
    assert (said["state"], said["answer"]) == ("skipped", None)
    own = site.client.get(path).json()
    assert (own["work"], own["note"], own["unsaved"]) == (work, "unsure", False)
    assert list(drawn_answers(site.project, site.store)) == []
    (row,) = csv.DictReader(io.StringIO(site.get(ORGANISER, "answers.csv").text))
    assert (row["skipped"], row["answer"], row["marks"], row["note"]) == ("1", "", "{}", "unsure")
    seen = site.get(ORGANISER, f"review/{site.at('questions/0')}").json()["people"][0]
    assert (seen["state"], seen["work"]) == ("skipped", {})
    assert site.get(ORGANISER, "marks.zip").status_code == 422
    # Who comes back finds the marks, and may still answer with them.
    assert site.client.post(f"{path}/answer", json=sent).json()["answer"] == 40
    assert [one.revision.answer for one in drawn_answers(site.project, site.store)] == [40]


@pytest.mark.parametrize(
    "work",
    [
        '{"x": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"x": [{"y": "\\udfff"}]}',
        '{"x": [[NaN, 1]]}',
        '{"x": Infinity}',
        '{"x": [-Infinity]}',
        "{" + ", ".join(f'"k{k}": 1' for k in range(9)) + "}",
        '{"x": ' + "[" * 300 + "]" * 300 + "}",
    ],
)
@pytest.mark.parametrize("name", ["houses", "any", "power"])
def test_work_that_cannot_be_kept_is_refused(site, name, work):
    fitting = {"houses": '"points": []', "any": '"choice": "yes"', "power": '"number": 1'}[name]
    path = site.path("Ada", name)
    for method, end in (("PUT", "draft"), ("POST", "answer")):
        # As it is, and beside marks that would do.
        for body in (work, work[:-1] + f", {fitting}}}"):
            reply = site.send(method, f"{path}/{end}", body)
            assert reply.status_code == 422, (method, body[:80], reply.text)
            assert "body is wrong" not in reply.json()["error"]  # it was read, and judged
            assert "\n" not in reply.json()["error"]
    own = site.client.get(path)
    assert own.status_code == 200
    assert own.json()["state"] == "open"


def test_numbers_larger_than_any_float_are_refused(site):
    huge = "1" + "0" * 400
    for name, work in (
        ("power", f'{{"number": {huge}}}'),
        ("power", f'{{"number": -{huge}}}'),
        ("houses", f'{{"points": [[{huge}, 1]]}}'),
        ("houses", f'{{"points": [[1, -{huge}]]}}'),
        ("far", f'{{"line": [[0, 0], [{huge}, 1]]}}'),
        ("share", f'{{"grid": {huge}, "cells": []}}'),
        ("share", f'{{"grid": 10, "cells": [[{huge}, 1]]}}'),
    ):
        path = site.path("Ada", name)
        reply = site.send("POST", f"{path}/answer", work)
        assert reply.status_code == 422, (name, work[:40])
        assert "body is wrong" not in reply.json()["error"]
        assert site.send("PUT", f"{path}/draft", work).status_code == 200
        assert site.client.get(path).status_code == 200


def test_a_draft_that_an_earlier_version_should_not_have_kept_can_be_read(site):
    site.store.keep_draft("Ada", "power", {"number": float("nan")}, "", 0.0)
    reply = site.get("Ada", f"questions/{QUESTION['power']}")
    assert reply.status_code == 200
    assert reply.json()["work"] == {"number": None}


def test_annotators_are_blind_to_each_other(site):
    site.answer("Ben", "houses", {"points": [[123, 45]]}, note="Ben's secret")
    site.client.put(
        f"/a/{site.tokens['Ben']}/{site.at('questions/0')}/draft", json={"work": {"note": "Ben's draft"}}
    )
    for path in ("project", "questions/0", "questions/1"):
        text = site.get("Ada", path).text
        assert "Ben" not in text
        assert "123" not in text
    for path in ("progress", "annotations.csv", "answers.csv"):
        for person in ("Ada", "Ben"):
            assert site.client.get(f"/o/{site.tokens[person]}/{path}").status_code == 404
            assert site.client.get(f"/a/{site.tokens[person]}/{path}").status_code == 404
    assert site.client.get(f"/a/{site.tokens[ORGANISER]}/project").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/a/guess/project",
        "/a/guess/questions/0",
        "/a/guess/images/0/tiles/0/0/0",
        "/a/guess/images/0/grid/10",
        "/a//project",
        "/o/guess/progress",
        "/o/guess/answers.csv",
        "/openapi.json",
        "/docs",
        "/static/../store.py",
        "/static/%2e%2e/store.py",
        "/static/..%2f..%2fproject.json",
    ],
)
def test_strangers_learn_nothing(site, path):
    reply = site.client.get(path)
    assert reply.status_code == 404
    assert "sqlite" not in reply.text


def test_pages_of_others_are_refused_and_ours_load_nothing_foreign(site):
    assert site.get("Ada", "project", host="evil.example").status_code == 403
    assert site.get("Ada", "project", origin="https://evil.example").status_code == 403
    for path in ("/", f"/a/{site.tokens['Ada']}", f"/o/{site.tokens[ORGANISER]}", "/a/guess", "/o/guess"):
        reply = site.client.get(path)
        assert reply.status_code == 200
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["cache-control"] == "no-store"
        assert "access-control-allow-origin" not in reply.headers
        assert "http" not in reply.text.replace("http-equiv", "")
        assert ("personal link" in reply.text) == (path in ("/", "/a/guess", "/o/guess"))


def test_behind_an_address_of_its_own(make, served_site):
    site = Site(served_site(make(), "https://annotate.example.org"))
    assert site.get("Ada", "project", host="annotate.example.org").status_code == 200
    assert site.client.get("/a/guess/project", headers={"host": "annotate.example.org"}).status_code == 404
    assert site.client.get("/metrics", headers={"host": "annotate.example.org"}).status_code == 401


@pytest.mark.parametrize(
    "url",
    ["ftp://x", "annotate.example.org", "https://x/path", "https://x?y", "http://[::1", "https://x:port"],
)
def test_addresses_that_nobody_can_open(url):
    with pytest.raises(UsageError, match="--url"):
        public_origin(url, "0.0.0.0")
    with pytest.raises(Exception, match="--url"):
        public_origin(None, "0.0.0.0")


def test_tiles_show_the_image(site, pictures):
    reply = site.get("Ada", "images/0/tiles/0/0/0")
    assert reply.headers["content-type"] == "image/jpeg"
    seen = cv2.imdecode(np.frombuffer(reply.content, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    truth = open_scene(pictures / "world.tif").read_rgb()
    assert seen.shape == (512, 512, 3)  # pages lay tiles on a grid, whatever of one the image covers
    height, width = truth.shape[:2]
    assert np.abs(seen[:height, :width].astype(int) - truth).mean() < 6
    for path in (
        "images/0/tiles/1/0/0",
        "images/0/tiles/0/1/0",
        "images/0/tiles/0/0/-1",
        "images/9/tiles/0/0/0",
    ):
        assert site.get("Ada", path).status_code in (409, 422)


def test_a_large_image_comes_in_parts(make, served_site, tmp_path):
    rng = np.random.default_rng(1)
    big = cv2.resize(rng.integers(0, 255, (40, 70, 3), dtype=np.uint8), (1400, 800))
    cv2.imwrite(str(tmp_path / "big.png"), big)
    questions = [{"image": "big", "question": "How many?", "type": "count"}]
    site = Site(served_site(make(images={"big": str(tmp_path / "big.png")}, questions=questions)))
    about = site.get("Ada", "project").json()["images"][0]
    assert about["levels"] == 3
    covered = {"0/0/0": (512, 512), "0/2/1": (288, 376), "1/1/0": (400, 188), "2/0/0": (200, 350)}
    for path, (height, width) in covered.items():
        level, column, row = map(int, path.split("/"))
        content = site.get("Ada", f"images/0/tiles/{path}").content
        seen = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
        assert seen.shape[:2] == (512, 512)
        side = 512 << level
        under = big[row * side : (row + 1) * side, column * side : (column + 1) * side]
        truth = cv2.resize(under, (width, height), interpolation=cv2.INTER_AREA)
        assert np.abs(seen[:height, :width].astype(int) - truth).mean() < 6


def test_grids_say_what_shows_nothing(site):
    said = site.get("Ada", "images/2/grid/10").json()
    assert said["nothing"] == [[10 * row + 5, 5] for row in range(10)]
    assert said["row_hectares"] == pytest.approx([0.01] * 10)
    assert site.get("Ada", "images/1/grid/10").json()["row_hectares"] is None
    assert site.get("Ada", "images/0/grid/11").status_code == 422


def test_a_page_that_was_open_over_a_restart_answers_its_own_question(make, served_site):
    """A question and an image are put in front of those that Ada's page shows."""
    before = served_site(make(questions=QUESTIONS[:2]))
    page = before.get("Ada", "project").json()
    share, houses = page["questions"]
    images = {"new": str(before.project.images["plain"].path)}
    images |= {key: str(one.path) for key, one in before.project.images.items()}
    water = {"id": "water", "image": "new", "question": "What percentage is water?", "type": "percentage"}
    reworded = QUESTIONS[1] | {"question": "How many boats are there?"}
    after = served_site(make(images=images, questions=[water, QUESTIONS[0], reworded]))
    mine = f"/a/{before.tokens['Ada']}"
    body = {"work": {"grid": 10, "cells": [[0, 40]]}, "note": "", "seconds": 3}
    draft = f"{mine}/questions/{share['address']}/draft"
    assert after.client.put(draft, json=body).status_code == 200
    assert after.store.draft("Ada", "share").work == body["work"]
    reply = after.client.post(f"{mine}/questions/{share['address']}/answer", json=body)
    assert reply.json()["answer"] == 40
    assert {name: one.answer for (_, name), one in after.store.latest().items()} == {"share": 40}
    # Her image is still the one that she sees, not what stands in its place.
    tile = f"{mine}/images/{page['images'][share['image']]['address']}/tiles/0/0/0"
    assert after.client.get(tile).content == before.client.get(tile).content
    # What means something else by now is neither shown nor taken.
    path = f"{mine}/questions/{houses['address']}"
    work = {"work": {"points": [[1, 1]]}}
    for reply in (
        after.client.get(path),
        after.client.put(f"{path}/draft", json=work),
        after.client.post(f"{path}/answer", json=work),
    ):
        assert reply.status_code == 409
        assert "reload the page" in reply.json()["error"]
    assert after.store.draft("Ada", "houses") is None
    assert len(after.store.revisions()) == 1


def test_a_page_that_shows_another_scale_or_picture_must_be_loaded_again(make, served_site, tmp_path):
    questions = [{"id": "far", "image": "a", "question": "How far is it?", "type": "distance"}]
    cv2.imwrite(str(tmp_path / "a.png"), np.full((400, 400, 3), 90, np.uint8))
    image = {"file": str(tmp_path / "a.png")}
    page = served_site(make(images={"a": image | {"gsd": 0.5}}, questions=questions))
    path = f"/a/{page.tokens['Ada']}/{page.at('questions/0')}/answer"
    for gsd, grey in ((0.25, 90), (0.5, 91)):
        cv2.imwrite(str(tmp_path / "a.png"), np.full((400, 400, 3), grey, np.uint8))
        site = served_site(make(images={"a": image | {"gsd": gsd}}, questions=questions))
        assert site.client.post(path, json={"work": {"line": [[0, 0], [100, 0]]}}).status_code == 409
        assert site.store.revisions() == []


def test_one_file_under_two_keys_has_a_scale_for_each(make, served_site, tmp_path):
    cv2.imwrite(str(tmp_path / "a.png"), np.full((400, 400, 3), 90, np.uint8))
    images = {
        key: {"file": str(tmp_path / "a.png"), "gsd": gsd}
        for key, gsd in (("x", 0.5), ("y", 1.0), ("z", 2.0))
    }
    questions = [{"image": key, "question": "How much forest?", "type": "total_area"} for key in images]
    site = Site(served_site(make(images=images, questions=questions)))
    for _ in range(2):
        for number, metres in enumerate((200, 400, 800)):  # a side
            reply = site.served.send_answer("Ada", number, {"grid": 10, "cells": [[0, 100]]})
            assert reply.json()["answer"] == metres**2 / 10_000
            rows = site.get("Ada", f"images/{number}/grid/10").json()["row_hectares"]
            assert rows == [(metres / 10) ** 2 / 10_000] * 10


def test_grids_are_kept_up_to_a_bound(make, served_site, tmp_path, monkeypatch):
    monkeypatch.setattr(service_module, "_MOST_GRIDS", 3)
    laid = []
    monkeypatch.setattr(
        service_module, "cells_of", lambda scene, n: laid.append((scene.name, n)) or cells_of(scene, n)
    )
    site = Site(served_site(make()))
    for n in (10, 20, 40, 10, 80, 10, 20):  # 20 went when 80 came, 10 was used since
        assert site.get("Ada", f"images/0/grid/{n}").json()["n"] == n
    assert [n for _, n in laid] == [10, 20, 40, 80, 20]


def test_refusals_are_sentences(site):
    said = {q["id"]: q["problem"] for q in site.get("Ada", "project").json()["questions"]}
    assert "states no scale" in said["flat"]
    assert said["far"] is None
    reply = site.answer("Ada", "flat", {"line": [[0, 0], [5, 5]]})
    assert reply.status_code == 422
    assert "skip the question" in reply.json()["error"]
    assert site.answer("Ada", "share", {}, note="x" * 4001).status_code == 422
    assert site.answer("Ada", "share", {}, seconds=-1).status_code == 422
    path = f"/a/{site.tokens['Ada']}/{site.at('questions/0')}"
    assert site.client.post(f"/a/{site.tokens['Ada']}/questions/99/answer", json={}).status_code == 409
    assert site.client.post(f"{path}/answer", content=b"{" * 100).status_code == 422
    assert site.client.post(f"{path}/answer", content=b" " * (2 << 20)).status_code == 413
    assert site.store.revisions() == []


def test_the_organiser_sees_progress_and_agreement(site):
    pytest.importorskip("krippendorff")
    for person, count in (("Ada", 4), ("Ben", 6)):
        site.answer(person, "houses", {"points": [[1, 1]] * count}, seconds=count)
        site.answer(person, "share", {"grid": 10, "cells": [[0, 10 * count]]})
        site.answer(person, "far", {"line": [[0, 0], [count, 0]]})
        site.answer(person, "any", {"choice": "yes"})
    said = site.get(ORGANISER, "progress").json()
    assert [(one["name"], one["answered"], one["of"]) for one in said["annotators"]] == [
        ("Ada", 4, 11),
        ("Ben", 4, 11),
    ]
    assert said["annotators"][0]["link"] == f"/a/{site.tokens['Ada']}"
    by_id = {question["id"]: question for question in said["questions"]}
    assert by_id["houses"]["answers"] == {"Ada": 4, "Ben": 6}
    assert (by_id["houses"]["consensus"], by_id["houses"]["mad"]) == (5, 1)
    assert by_id["any"]["consensus"] == "yes"
    rows = {row["group"]: row for row in said["agreement"]["rows"]}
    assert rows["Count"]["deviation"] == pytest.approx(1 / 5)
    assert rows["Percentage"]["deviation"] == 10
    assert rows["Distance"]["deviation"] == 0.5
    assert rows["Categorical"]["deviation"] == 1
    assert said["agreement"]["ranges"]["count"] == pytest.approx(0.2)


def test_hostile_text_stays_text(make, served_site):
    hostile = "<img src=x onerror=alert(1)>"
    questions = [{"id": hostile, "image": "world", "question": hostile, "type": "count", "topic": hostile}]
    site = Site(served_site(make(title=hostile, questions=questions)))
    page = site.client.get(f"/a/{site.tokens['Ada']}").text
    assert hostile not in page
    reply = site.get("Ada", "project")
    assert reply.headers["content-type"] == "application/json"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert json.loads(reply.text)["questions"][0]["question"] == hostile


def test_the_organiser_looks_at_a_persons_marks_and_changes_none(site):
    marks = {"points": [[1, 1], [2, 2]]}
    site.answer("Ben", "houses", marks)
    one = site.get(ORGANISER, "progress").json()["annotators"][1]
    assert "text/html" in site.get(ORGANISER, one["view"]).headers["content-type"]
    said = site.get(ORGANISER, f"{one['view']}/project").json()
    assert (said["annotator"], said["reading"]) == ("Ben", True)
    assert site.get("Ben", "project").json()["reading"] is False
    number = QUESTION["houses"]
    houses, tile = site.at(f"questions/{number}"), site.at("images/0/tiles/0/0/0")
    assert site.get(ORGANISER, f"{one['view']}/{houses}").json()["work"] == marks
    assert site.get(ORGANISER, f"{one['view']}/{tile}").headers["content-type"] == "image/jpeg"
    path = f"/o/{site.tokens[ORGANISER]}/{one['view']}/{houses}"
    other = '{"points": [[3, 3]]}'
    assert {
        site.send(*way, other).status_code for way in (("POST", f"{path}/answer"), ("PUT", f"{path}/draft"))
    } == {404}
    assert site.get("Ben", f"questions/{number}").json()["work"] == marks
    assert len(site.store.revisions()) == 1
    for stranger in (
        f"/o/{site.tokens['Ada']}/people/1/project",
        f"/o/{site.tokens[ORGANISER]}/people/2/project",
    ):
        assert site.client.get(stranger).status_code == 404
