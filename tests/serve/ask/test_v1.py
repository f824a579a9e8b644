"""Version 1 as its clients lean on it: pages, addresses, times, HEAD, 304, compression, one shape of errors."""

from __future__ import annotations

import base64
import gzip
import json
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import cv2
import numpy as np
import pytest
from tests.serve.ask.conftest import COUNT

PERCENT = "What percentage of the image is water?"


def picture(value: int) -> bytes:
    return cv2.imencode(".png", np.full((8, 8, 3), value, np.uint8))[1].tobytes()


def is_now(said: str) -> bool:
    """Whether a time has a zone and was just now."""
    moment = datetime.fromisoformat(said)
    return moment.tzinfo is not None and abs(datetime.now(UTC) - moment) < timedelta(minutes=2)


def walked(asker, path: str, name: str, limit: int) -> list[str]:
    """The ids of a list, page by page along its Link headers."""
    found, path = [], f"{path}{'&' if '?' in path else '?'}limit={limit}"
    while path:
        reply = asker.get(path)
        assert reply.status_code == 200, reply.text
        page = [each["id"] for each in reply.json()[name]]
        assert len(page) <= limit
        found += page
        link = reply.links.get("next", {}).get("url")
        assert (link is None) == (reply.json()["next"] is None)
        path = f"{asker.url}{link}" if link else None
    return found


def test_scenes_come_in_pages(start, place):
    asker = start(folders=[place.folder])
    added = [asker.post("/scenes", files={"image": ("x.png", picture(k))}).json()["id"] for k in range(5)]
    whole = asker.get("/scenes").json()
    assert whole["next"] is None
    ids = [each["id"] for each in whole["scenes"]]
    assert ids[:5] == added[::-1]  # the latest first
    names = [each["name"] for each in whole["scenes"][5:]]
    assert len(names) > 1
    assert names == sorted(names)
    for limit in (1, 2, 3, 100):
        assert walked(asker, "/scenes", "scenes", limit) == ids
    first = asker.get("/scenes?limit=2").json()
    asker.get(f"/scenes/{added[0]}")  # a look in between changes no order
    assert asker.http.delete(f"/scenes/{added[4]}").status_code == 204
    rest = asker.get("/scenes", params={"limit": 2, "cursor": first["next"]}).json()["scenes"]
    assert [each["id"] for each in rest] == added[2:0:-1]
    assert is_now(whole["scenes"][0]["added"])
    assert whole["scenes"][-1]["added"] is None


def coded(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize("list_of", ["scenes", "jobs", "answers"])
@pytest.mark.parametrize(
    "cursor", ["!", "AAAA", coded({}), coded([[]]), coded(["x", None]), coded(["a"]), "[" * 500, "\x00", "é"]
)
def test_a_cursor_of_somebodys_own_is_refused(served, list_of, cursor):
    if list_of != "scenes":
        served.ask(served.scene("plain.png"), PERCENT)
    reply = served.get(f"/{list_of}", params={"cursor": cursor})
    assert (reply.status_code, reply.json()["kind"]) == (422, "UsageError")
    for limit in (0, -1, 1001, 10**30, "x"):
        assert served.get(f"/{list_of}", params={"limit": limit}).status_code == 422


@pytest.mark.parametrize("gsd", [True, False, "0.5", 0, -1, [0.5]])
def test_a_scale_that_is_no_number_of_metres_is_refused(served, gsd):
    order = {"scene": served.scene("plain.png"), "question": PERCENT, "gsd": gsd}
    assert served.post("/ask", json=order).status_code == 422


def test_jobs_and_answers_are_listed_and_answers_deleted(start, place):
    asker = start(folders=[place.folder])
    town, plain = asker.scene("town/image.tif"), asker.scene("plain.png")
    jobs = [asker.ask(town, COUNT), asker.ask(town, PERCENT), asker.ask(plain, "What is the area of water?")]
    assert walked(asker, "/jobs", "jobs", 2) == jobs[::-1]
    assert walked(asker, f"/jobs?scene={town}", "jobs", 1) == jobs[1::-1]
    assert walked(asker, "/jobs?state=failed", "jobs", 5) == jobs[2:]
    assert walked(asker, "/answers", "answers", 1) == jobs[1::-1]
    assert walked(asker, f"/answers?scene={plain}", "answers", 1) == []
    entry = asker.get("/answers").json()["answers"][1]
    assert is_now(entry.pop("created"))
    said = asker.get(f"/answers/{jobs[0]}/view").json()["text"]
    assert entry == {
        "id": jobs[0],
        "kind": "ask",
        "scene": town,
        "scene_name": "town/image.tif",
        "question": COUNT,
        "text": said,
    }
    job = asker.get(f"/jobs/{jobs[0]}").json()
    assert all(is_now(job[name]) for name in ("created", "started", "finished"))
    assert asker.http.delete(f"/answers/{jobs[0]}").status_code == 204
    assert asker.http.delete(f"/answers/{jobs[0]}").status_code == 404
    assert asker.get(f"/answers/{jobs[0]}").status_code == 404
    assert walked(asker, "/answers", "answers", 1) == [jobs[1]]


def test_what_is_made_says_where_it_is(served):
    added = served.post("/scenes", files={"image": ("x.png", picture(77))})
    assert added.headers["location"] == f"/v1/scenes/{added.json()['id']}"
    sent = served.post("/ask", json={"scene": added.json()["id"], "question": COUNT})
    assert sent.headers["location"] == f"/v1/jobs/{sent.json()['id']}"


def test_what_somebody_has_already_is_not_sent_again(served):
    job = served.ask(served.scene("town/image.tif"), COUNT)
    for path in (
        f"/answers/{job}",
        f"/answers/{job}/overlay.png",
        f"/scenes/{served.scene('plain.png')}",
        f"/scenes/{served.scene('plain.png')}/tiles/0/0/0.png",
    ):
        first = served.get(path)
        tag = first.headers["etag"]
        for known in (tag, f'"other", {tag}', tag.removeprefix("W/"), "*"):
            again = served.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
            assert again.headers["x-content-type-options"] == "nosniff"
        changed = served.get(path, headers={"If-None-Match": '"other"'})
        assert (changed.status_code, changed.content) == (200, first.content)
    refused = served.get("/answers/nothing-of-that-name", headers={"If-None-Match": "*"})
    assert refused.status_code == 404


def test_head_says_what_get_would(served):
    job = served.ask(served.scene("town/image.tif"), COUNT)
    for path in (
        f"/answers/{job}",
        f"/answers/{job}/overlay.png",
        "/scenes",
        f"/jobs/{job}/events",
        "/nowhere",
    ):
        head = served.http.head(path, headers={"Accept-Encoding": "identity"})
        got = served.get(path, headers={"Accept-Encoding": "identity"})
        assert head.content == b""
        assert head.status_code == got.status_code
        for name in ("content-type", "content-length", "etag", "content-security-policy"):
            assert head.headers.get(name) == got.headers.get(name), (path, name)


def test_text_is_compressed_and_pictures_are_not(served):
    job = served.ask(served.scene("town/image.tif"), COUNT)
    with served.http.stream("GET", f"/answers/{job}", headers={"Accept-Encoding": "gzip"}) as reply:
        raw = b"".join(reply.iter_raw())
        assert (reply.headers["content-encoding"], reply.headers["vary"]) == ("gzip", "Accept-Encoding")
    plain = served.get(f"/answers/{job}", headers={"Accept-Encoding": "identity"})
    assert gzip.decompress(raw) == plain.content
    assert len(raw) < len(plain.content) / 2
    assert "content-encoding" not in served.get(f"/answers/{job}/overlay.png").headers


def test_every_error_is_a_problem(served):
    scene = served.scene("town/image.tif")
    replies = [
        served.get("/nowhere"),
        served.http.put("/scenes"),
        served.post("/ask", json={"scene": "f-nothing", "question": COUNT}),
        served.post("/ask", json={"scene": scene}),
        served.post("/ask", content=b"[" * 500_000, headers={"Content-Type": "application/json"}),
        served.post("/ask", content=b"{\xff", headers={"Content-Type": "application/json"}),
        served.get(f"/answers/{served.ask(scene, 'Why is the sky blue?')}"),
        served.get("/scenes", headers={"Host": "evil.example"}),
    ]
    assert [reply.status_code for reply in replies] == [404, 405, 404, 422, 400, 400, 422, 403]
    for reply in replies:
        assert reply.headers["content-type"] == "application/problem+json"
        said = reply.json()
        assert said["status"] == reply.status_code
        assert said["detail"] == said["error"]
        assert said["type"] == "about:blank"
        assert said["title"] == HTTPStatus(reply.status_code).phrase


def test_the_description_says_who_may_ask(start, served, place):
    open_to_all = served.get("/openapi.json").json()
    assert {} in open_to_all["security"]
    token = "a-secret-of-the-house"
    asker = start(folders=[place.folder], token=token, headers={"Authorization": f"Bearer {token}"})
    document = asker.get("/openapi.json").json()
    assert document["security"] == [{"bearer": []}, {"cookie": []}]
    schemes = document["components"]["securitySchemes"]
    assert (schemes["bearer"]["scheme"], schemes["cookie"]["in"]) == ("bearer", "cookie")
    assert document["paths"]["/v1/session"]["post"]["security"] == []
    assert "security" not in document["paths"]["/v1/scenes"]["get"]
    cookie = {"Cookie": f"{schemes['cookie']['name']}=x"}
    for path, item in document["paths"].items():  # and it is so
        if "get" in item and "security" not in item["get"]:
            other = asker.http.get(f"{asker.url}{path}", headers={"Authorization": "", **cookie})
            assert other.status_code == 401, path


def test_every_reply_is_typed(served):
    document = served.get("/openapi.json").json()
    for path, item in document["paths"].items():
        for method, operation in item.items():
            for status, reply in operation["responses"].items():
                content = reply.get("content", {})
                if status in ("204",) or path in ("/health", "/metrics", "/segment", "/topics"):
                    continue
                assert content, (path, method, status)
                for media, what in content.items():
                    assert what.get("schema"), (path, method, status, media)
