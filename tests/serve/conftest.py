"""A real segmentation server on a free port, in this process."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from planimeter.segment.base import Caution, Seen, require_topics
from planimeter.worlds import make_world

pytest.importorskip("fastapi", reason="the server's extra is not installed")
pytest.importorskip("httpx", reason="the server's extra is not installed")
uvicorn = pytest.importorskip("uvicorn", reason="the server's extra is not installed")


class Colours:
    """A segmenter without weights: topics by the brightest channel, and a log of what it was asked."""

    name = "colours"
    topics = ("water", "forest", "roof", "road")

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []
        self.seen: list[tuple[Path, float | None]] = []
        self.gate = threading.Event()
        self.gate.set()

    def look(self, scene, topics, box=None):
        require_topics(topics, self.topics, self.name)
        valid = np.ones(scene.shape, dtype=bool)
        valid[0, 0] = False
        if not topics:
            return Seen({}, valid)
        self.asked.append(tuple(topics))
        self.seen.append((scene.path, scene.scale.gsd if scene.scale else None))
        assert scene.path.exists()
        assert self.gate.wait(20)
        best = scene.read_rgb().argmax(axis=2)
        masks = {topic: best == self.topics.index(topic) for topic in topics}
        return Seen(masks, valid, self.cautions(topics))

    def cautions(self, topics):
        return tuple(Caution(f"{topic} is a guess.", [topic]) for topic in topics)

    def fingerprint(self):
        return "colours:/a/private/path"


@pytest.fixture(scope="session")
def world(tmp_path_factory) -> dict[str, Path]:
    return make_world(seed=7, size=160).write(tmp_path_factory.mktemp("served"))


@pytest.fixture
def colours() -> Colours:
    return Colours()


@pytest.fixture
def start() -> Iterator[Callable[..., str]]:
    """Start servers and get their addresses; they are stopped afterwards."""
    from planimeter.serve.segment.app import create_app

    running = []

    def begin(segmenter, **options) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(create_app(segmenter, **options), log_level="error", access_log=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        running.append((server, thread))
        give_up = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < give_up
            time.sleep(0.01)
        return f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield begin
    for server, thread in running:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """Chromium, driven by Playwright; where CI asks for it, it must be there."""
    path = shutil.which("chromium")
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        path = None
    if path is None:
        message = "no Chromium and Playwright here: apt-get install chromium, pip install playwright"
        if os.environ.get("CI_BROWSER") == "1":
            pytest.fail(message)
        pytest.skip(message)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()
