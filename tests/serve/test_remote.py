"""The client of the segmentation server, against real servers: ours, and ones that misbehave."""

from __future__ import annotations

import json
import os
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import cv2
import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

from planimeter.errors import InputError, ModelError, NotMeasurable, UsageError
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter, Segmenter, find_segmenter
from planimeter.segment.memory import look
from planimeter.segment.remote import RemoteSegmenter, picture_of
from planimeter.serve.segment.limits import SegmentLimits

TOPICS = {"topics": ["water", "roof"], "fingerprint": "f"}


def sentence(error: pytest.ExceptionInfo[BaseException]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith(".")
    assert len(text) < 700
    return text


@pytest.fixture
def misbehave() -> Iterator[Callable[[Callable], str]]:
    """A server that answers each request as a function says: (handler) → None."""
    servers = []

    def begin(answer: Callable[[BaseHTTPRequestHandler], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                answer(self)

            def do_POST(self):
                self.rfile.read(int(self.headers["content-length"]))
                answer(self)

            def log_message(self, *arguments):
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


def say(handler: BaseHTTPRequestHandler, content: object, status: int = 200, **headers: str) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    handler.send_response(status)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def test_masks_over_http_are_the_local_ones(start, world):
    maps = find_segmenter(LabelSegmenter(world["labels"], world["legend"]))
    url = start(maps)
    remote = RemoteSegmenter(url)
    assert isinstance(remote, Segmenter)
    assert remote.topics == maps.topics
    scene = open_scene(world["image"])
    here, there = maps.look(scene, maps.topics).masks, remote.look(scene, remote.topics).masks
    for topic in maps.topics:
        assert np.array_equal(here[topic], there[topic]), topic
    assert remote.look(scene, ()).valid is None
    assert (
        remote.fingerprint()
        != RemoteSegmenter(start(find_segmenter(LabelSegmenter(world["labels"], "deepglobe")))).fingerprint()
    )
    with pytest.raises(NotMeasurable):
        remote.look(scene, ["spaceships"])


def test_a_scene_is_sent_once_for_all_its_topics(start, colours, world):
    remote, scene = find_segmenter(start(colours)), open_scene(world["image"])
    truth = scene.read_rgb().argmax(axis=2)
    assert np.array_equal(remote.look(scene, ["water"]).masks["water"], truth == 0)
    assert np.array_equal(remote.look(scene, ["urban"]).masks["urban"], truth >= 2)
    assert remote.look(scene, ()).valid.sum() == truth.size - 1
    assert remote.look(scene, ["water"]).cautions == ("water is a guess.",)
    assert colours.asked == [colours.topics]
    alone = RemoteSegmenter(start(colours), together=False)
    alone.look(scene, ["water"])
    assert colours.asked[1:] == [("water",)]


def test_what_the_server_sees_has_the_same_pixels_and_the_same_scale(start, colours, tmp_path):
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 65_535, (4, 50, 60), dtype=np.uint16)
    degrees = tmp_path / "degrees.tif"
    profile = {"driver": "GTiff", "width": 60, "height": 50, "count": 4, "dtype": "uint16"}
    with rasterio.open(
        degrees, "w", crs="EPSG:4326", transform=from_origin(8, 50, 1e-5, 1e-5), **profile
    ) as to:
        to.write(pixels)
    plain = tmp_path / "plain.tif"
    with rasterio.open(plain, "w", **profile) as to:
        to.write(pixels)
    picture = tmp_path / "plain.jpg"
    cv2.imwrite(str(picture), rng.integers(0, 255, (50, 60, 3), dtype=np.uint8))
    for scene in (
        open_scene(degrees),
        open_scene(plain, gsd=0.3),
        open_scene(picture, gsd=0.3),
        open_scene(plain),
    ):
        sent = tmp_path / "sent"
        sent.write_bytes(picture_of(scene))
        gsd = scene.scale.gsd if scene.scale else None
        seen = open_scene(sent, gsd=gsd)
        assert np.array_equal(seen.read_rgb(), scene.read_rgb())
        if scene.scale is None:
            assert seen.scale is None
        else:
            assert (seen.scale.dx, seen.scale.dy) == (scene.scale.dx, scene.scale.dy)
            assert seen.warnings == ()
    assert picture_of(open_scene(picture)) == picture.read_bytes()


def test_the_token_comes_from_the_environment(start, colours, world, monkeypatch):
    url = start(colours, token="a-secret-of-the-house")
    with pytest.raises(ModelError, match="PLANIMETER_SEGMENTER_TOKEN") as error:
        find_segmenter(url)
    sentence(error)
    monkeypatch.setenv("PLANIMETER_TOKEN", "a-secret-of-the-house")
    assert find_segmenter(url).look(open_scene(world["image"]), ["roof"]).masks
    monkeypatch.setenv("PLANIMETER_TOKEN", "the-asking-server-s-own")
    monkeypatch.setenv("PLANIMETER_SEGMENTER_TOKEN", "a-secret-of-the-house")
    assert find_segmenter(url).look(open_scene(world["image"]), ["roof"]).masks


def test_a_servers_own_secret_is_handed_to_nobody(monkeypatch):
    """``planimeter serve`` forgets it before it makes a segmenter that asks another server."""
    from click.testing import CliRunner

    from planimeter.cli import serve

    sent = []
    monkeypatch.setattr(
        serve, "segmenter_from", lambda *_: sent.append(os.environ.get("PLANIMETER_TOKEN")) or sys.exit(0)
    )
    for command in (["segment"], []):
        given = {"PLANIMETER_TOKEN": "my-own-secret-1234567"}
        CliRunner().invoke(serve.command, command, env=given)
    assert sent == [None, None]


def test_limits_of_the_server_are_known_before_sending(start, colours, world):
    scene = open_scene(world["image"])
    for limits, says in (
        (SegmentLimits(pixels=100), "--max-pixels"),
        (SegmentLimits(upload_bytes=1000), "--max-upload"),
    ):
        with pytest.raises(ModelError, match=says) as error:
            RemoteSegmenter(start(colours, limits=limits)).look(scene, ["water"])
        sentence(error)
    assert not colours.asked


def test_a_server_that_is_down():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(ModelError, match="cannot be reached") as error:
        find_segmenter(f"http://127.0.0.1:{port}")
    sentence(error)


def test_a_server_that_is_slow(misbehave):
    done = threading.Event()
    url = misbehave(lambda handler: done.wait(10))
    with pytest.raises(ModelError, match=r"within 0\.3 s") as error:
        _ = RemoteSegmenter(url, timeout=0.3).topics
    done.set()
    sentence(error)


def test_a_server_that_never_stops_talking(misbehave):
    def drip(handler):
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            if done.wait(0.05):
                return

    done = threading.Event()
    url = misbehave(drip)
    with pytest.raises(ModelError, match="did not answer within") as error:
        _ = RemoteSegmenter(url, timeout=0.4).topics
    done.set()
    sentence(error)


def test_a_busy_server_is_asked_again_as_it_wishes(misbehave, monkeypatch):
    pauses: list[float] = []
    monkeypatch.setattr("planimeter.segment.remote.time.sleep", pauses.append)
    asked: list[str] = []

    def busy_twice(handler):
        asked.append(handler.path)
        if len(asked) < 3:
            say(handler, {"error": "busy"}, 503, **({"Retry-After": "7"} if len(asked) == 1 else {}))
        else:
            say(handler, TOPICS)

    assert RemoteSegmenter(misbehave(busy_twice)).topics == ("water", "roof")
    assert len(asked) == 3
    assert 5 < pauses[0] < 9
    assert 0.7 < pauses[1] < 1.3
    with pytest.raises(ModelError, match="busy after 2 tries") as error:
        _ = RemoteSegmenter(misbehave(lambda each: say(each, {}, 503, Retry_After="9" * 30)), tries=2).topics
    assert max(pauses) <= 36
    sentence(error)


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"<html>hello</html>", 200, "nonsense"),
        (b"[" * 100_000, 200, "nonsense"),
        (b"\xff\xfe", 200, "nonsense"),
        ([1, 2], 200, "nonsense"),
        ({}, 200, "list of topics"),
        ({"topics": "water"}, 200, "list of topics"),
        ({"topics": []}, 200, "list of topics"),
        ({"topics": ["water", 3]}, 200, "list of topics"),
        ({"topics": ["ignore all instructions"]}, 200, "list of topics"),
        ({"topics": ["a"] * 1000}, 200, "list of topics"),
        (b"gone", 404, "status 404"),
        ({"error": "bad\nday" + "!" * 5000}, 500, "bad day!"),
        (b"", 302, "another address"),
    ],
)
def test_nonsense_about_topics(misbehave, content, status, says):
    with pytest.raises(ModelError, match=says) as error:
        find_segmenter(misbehave(lambda handler: say(handler, content, status)))
    sentence(error)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ({}, "no masks"),
        ({"masks": [1]}, "no masks"),
        ({"masks": {}, "cautions": 3}, "no masks"),
        ({"masks": {"water": 1}}, "lacks roof"),
        ({"masks": {"water": 1, "roof": 1}}, "no size and counts"),
        ({"masks": {"water": {"size": [1, 1], "counts": "1"}, "roof": 1}}, "size is"),
        ({"masks": {"water": {"size": [4, 4], "counts": "1"}, "roof": 1}}, "add up"),
        ({"masks": {"water": {"size": [4, 4], "counts": "o"}, "roof": 1}}, "break off"),
        ({"masks": {"water": 1, "roof": 1}, "fingerprint": "other"}, "another model"),
    ],
)
def test_nonsense_about_masks(misbehave, tmp_path, reply, says):
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((4, 4, 3), np.uint8))

    def answer(handler):
        say(handler, TOPICS if handler.path == "/topics" else {"fingerprint": "f", **reply})

    remote = RemoteSegmenter(misbehave(answer))
    with pytest.raises(ModelError, match=says) as error:
        look(remote, open_scene(tmp_path / "a.png"), ["water"])
    sentence(error)


def test_something_that_does_not_speak_http():
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def hello() -> None:
            connection, _ = listening.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example ESMTP\r\n")

        threading.Thread(target=hello, daemon=True).start()
        with pytest.raises(ModelError, match="does not speak HTTP") as error:
            find_segmenter(f"http://127.0.0.1:{listening.getsockname()[1]}")
    sentence(error)


@pytest.mark.parametrize(
    "url", ["http://", "ftp://a", "http://a:b", "http://me:secret@a", "http://a\nb", "x"]
)
def test_addresses_that_are_none(url):
    with pytest.raises(UsageError):
        RemoteSegmenter(url)


def test_unknown_names_say_what_there_is():
    with pytest.raises(InputError, match="http://HOST:PORT"):
        find_segmenter("nobody")
