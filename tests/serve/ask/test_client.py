"""The client against a real server: what its page shows runs, and refusals are the errors of the library."""

from __future__ import annotations

import re
import shutil
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.serve.ask.conftest import COUNT, Still
from tests.serve.ask.test_jobs import until

from planimeter.client import Client
from planimeter.errors import (
    InputError,
    LimitReached,
    ModelError,
    NotUnderstood,
    PlanimeterError,
    ScaleError,
    UsageError,
)
from planimeter.serve.ask.bounds import AskLimits
from planimeter.serve.ask.sources import Sources

DOCS = Path(__file__).resolve().parents[3] / "docs"
PERCENT = "What percentage of the image is water?"


@pytest.fixture
def client(served):
    with Client(served.url) as client:
        yield client


def test_the_page_of_the_client_runs(served, place, tmp_path, monkeypatch, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", (DOCS / "client.md").read_text(encoding="utf-8"), re.DOTALL)
    shutil.copytree(place.folder / "town", tmp_path / "town")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("planimeter.client._PAUSE", 0.05)
    exec(code.replace("http://127.0.0.1:8500", served.url), {})
    lines = capsys.readouterr().out.splitlines()
    near = served.ask(served.scene("town/image.tif"), "How many buildings are within 50 m of water?")
    right = served.get(f"/answers/{near}").json()
    assert lines[0] == f"{right['answer']} {right['unit']} {right['reading']}"
    shapes = [line for line in lines if line.startswith("roof counted")]
    assert len(shapes) == right["answer"]
    assert (tmp_path / "overlay.png").read_bytes().startswith(b"\x89PNG")
    forest = served.ask(served.scene("town/image.tif"), "What is the total area of forest, in hectares?")
    assert str(served.get(f"/answers/{forest}").json()["answer"]) in lines
    why = served.ask(served.scene("town/image.tif"), "Why is the sky blue?")
    assert lines[-1].startswith(served.get(f"/answers/{why}").json()["detail"])


def test_scenes_are_listed_added_and_deleted(client, place, tmp_path):
    png = tmp_path / "mine.png"
    shutil.copy(place.folder / "plain.png", png)
    png.write_bytes(png.read_bytes() + b"mine")
    scene = client.add_scene(png, gsd=2.0)
    assert (scene.name, scene.about["gsd"]) == ("mine.png", 2.0)
    assert scene.id in {each.id for each in client.scenes()}
    answer = client.ask(scene, "What is the area of water, in m²?")
    assert (answer.answer, answer.unit) == (pytest.approx(90 * 120 * 4), "m²")
    assert client.answer(answer.id).about == answer.about
    assert answer.file("masks/water.tif")[:2] in (b"II", b"MM")
    answer.delete()
    with pytest.raises(UsageError, match="no such answer"):
        client.answer(answer.id)
    client.delete_scene(scene)
    assert scene.id not in {each.id for each in client.scenes()}


def test_refusals_are_the_errors_of_the_library(client, served):
    town, plain = served.scene("town/image.tif"), served.scene("plain.png")
    with pytest.raises(NotUnderstood) as refusal:
        client.ask(town, "Why is the sky blue?")
    assert "--" not in str(refusal.value)
    with pytest.raises(ScaleError):
        client.ask(plain, "What is the area of water?")
    with pytest.raises(UsageError, match="no such scene"):
        client.submit("f-none", COUNT)
    with pytest.raises(UsageError, match="extra inputs"):
        client.submit(town, COUNT, path="/etc/passwd")
    with pytest.raises(InputError, match="cannot be read"):
        client.add_scene("nowhere.tif")
    with pytest.raises(UsageError, match="no such answer"):
        client.answer("nothing-of-that-name")
    for name in ("../scenes", "..", "a/b", "?x"):
        with pytest.raises(UsageError):
            client.answer(name)
    for url in ("127.0.0.1:8500", "ftp://x", "http://", "http://me@x"):
        with pytest.raises(UsageError, match="no server's address"):
            Client(url)


def test_a_server_that_is_not_there_is_one_sentence():
    with Client("http://127.0.0.1:9") as client, pytest.raises(ModelError, match="cannot be reached"):
        list(client.scenes())


@pytest.fixture
def stranger():
    """Servers that are no Planimeter: each answers every request with one status, type and body."""
    running = []

    def begin(status: int, kind: str, body: bytes) -> str:
        class Reply(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.rfile.read(int(self.headers.get("content-length", 0)))
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_DELETE = do_GET

            def log_message(self, *words: object) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Reply)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield begin
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join(20)


@pytest.mark.parametrize(
    ("status", "kind", "body"),
    [
        (200, "text/html", b"<html>Welcome</html>"),
        (200, "application/json", b"[]"),
        (200, "application/json", b'"hello"'),
        (200, "application/json", b"{}"),
        (200, "application/json", b'{"scenes": [1], "next": null, "state": 1, "error": 2, "features": 3}'),
        (200, "application/json", b"\xff\xfe\x00"),
        (302, "text/html", b""),
        (404, "text/html", b"<html>Not here</html>"),
        (404, "application/json", b"[1, 2]"),
        (500, "application/json", b'{"message": "oops"}'),
    ],
)
def test_a_server_that_is_no_planimeter_is_one_sentence(stranger, tmp_path, status, kind, body):
    (tmp_path / "a.png").write_bytes(b"picture")
    with Client(stranger(status, kind, body)) as client:
        for call in (
            lambda: list(client.scenes()),
            lambda: client.add_scene(tmp_path / "a.png"),
            lambda: client.submit("scene", COUNT),
            lambda: client.ask("scene", COUNT),
            lambda: client.answer("answer"),
        ):
            with pytest.raises(ModelError, match="check that `planimeter serve` is what runs"):
                call()


def test_addresses_and_values_that_cannot_be_sent_are_named(client, tmp_path):
    for url in (
        "http://[",
        "http://h:abc",
        "http://h:99999",
        "http://h\x00st",
        "http://\ud800",
    ):
        with pytest.raises(UsageError, match="no server's address"):
            Client(url)
    with pytest.raises(UsageError, match="token has letters"):
        Client("http://127.0.0.1:9", token="schlüssel")
    for options in ({"gsd": float("nan")}, {"gsd": float("inf")}, {"gsd": {1}}, {"area": "\ud800"}):
        with pytest.raises(UsageError, match="cannot be sent"):
            client.submit("scene", COUNT, **options)
    with pytest.raises(UsageError, match="cannot be sent"):
        client.ask("scene", "\ud800 how many?")
    with pytest.raises(InputError, match="cannot be read"):
        client.add_scene(str(tmp_path / "a\x00.png"))
    with pytest.raises(PlanimeterError):
        client.add_scene(tmp_path, gsd=float("nan"))


def test_a_token_is_sent_and_never_said(start, place, monkeypatch):
    token = "a-secret-of-the-house"
    asker = start(folders=[place.folder], sources=Sources({"still": Still()}), token=token)
    with Client(asker.url) as client, pytest.raises(UsageError, match="token"):
        list(client.scenes())
    monkeypatch.setenv("PLANIMETER_TOKEN", token)
    with Client(asker.url) as client:
        assert list(client.scenes())
        assert token not in repr(client) + repr(vars(client))


def test_a_job_is_cancelled_or_waited_for_in_vain(start, place):
    still = Still()
    asker = start(folders=[place.folder], sources=Sources({"still": still}), bounds=AskLimits(remembered=0))
    still.gate.clear()
    try:
        with Client(asker.url) as client:
            job = client.submit(asker.scene("plain.png"), PERCENT)
            until(lambda: job.state() == "running")
            with pytest.raises(LimitReached, match="not there"):
                job.wait(0)
            job.cancel()
            assert job.state() == "failed"
            with pytest.raises(UsageError, match="cancelled"):
                job.wait()
    finally:
        still.gate.set()


def test_a_busy_server_is_asked_again(start, place, monkeypatch):
    still, pauses = Still(), []
    bounds = AskLimits(remembered=0, at_once=1, waiting=0)
    asker = start(folders=[place.folder], sources=Sources({"still": still}), bounds=bounds)
    still.gate.clear()
    with Client(asker.url) as client:
        scene = asker.scene("plain.png")
        first = client.submit(scene, PERCENT)
        until(lambda: first.state() == "running")

        def pause(seconds: float) -> None:
            pauses.append(seconds)
            still.gate.set()
            until(lambda: asker.get(f"{asker.url}/health").json()["pending"] == 0)

        patient = SimpleNamespace(sleep=pause, monotonic=time.monotonic)
        monkeypatch.setattr("planimeter.client.time", patient)
        second = client.submit(scene, PERCENT)
        assert len(pauses) == 1
        assert pauses[0] >= 1
        monkeypatch.undo()
        assert second.wait().answer == 100
