"""A folder of scenes whose right answers are known, and the ask server on it."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter
from planimeter.segment.base import Seen
from planimeter.spatial import label_regions
from planimeter.worlds import make_world

pytest.importorskip("fastapi", reason="the server's extra is not installed")
httpx = pytest.importorskip("httpx", reason="the server's extra is not installed")
uvicorn = pytest.importorskip("uvicorn", reason="the server's extra is not installed")

#: What a hostile file name and question carry; nothing of it may run.
SCRIPT = "<img src=x onerror=window.hacked=1>"
COUNT = "How many buildings are there?"


@dataclass
class Place:
    """A folder of scenes.

    Attributes:
        folder: holds "town" (with labels), "plain.png" (no scale, no maps) and a scene with a hostile name.
        buildings: how many buildings "town" has.
        water: its share of water, in percent.
    """

    folder: Path
    buildings: int
    water: float


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    folder = tmp_path_factory.mktemp("scenes")
    paths = make_world(seed=1, size=512).write(folder / "town")
    maps = LabelSegmenter(paths["labels"], paths["legend"])
    masks = maps.look(open_scene(paths["image"]), ["roof", "water"]).masks
    rng = np.random.default_rng(0)
    cv2.imwrite(str(folder / "plain.png"), rng.integers(0, 255, (90, 120, 3), dtype=np.uint8))
    shutil.copy(folder / "plain.png", folder / f"{SCRIPT}.png")
    return Place(folder, len(label_regions(masks["roof"])), float(masks["water"].mean() * 100))


class Still:
    """A segmenter without weights: everything is water; waits where a test says so."""

    name = "still"
    topics = ("water",)
    remembered = False  # no memory answers for it: a test may wait for the look

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.gate.set()

    def look(self, scene, topics, box=None):
        assert not topics or self.gate.wait(20)
        return Seen(
            {topic: np.ones(scene.shape, bool) for topic in topics}, None, ("Still waters are a guess.",)
        )

    def fingerprint(self):
        return "still"


@pytest.fixture(scope="session")
def still() -> Still:
    return Still()


class Asker:
    """A client of one server; paths are those of version 1 of its API."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self.url = url
        self.http = httpx.Client(
            base_url=f"{url}/v1", timeout=60, trust_env=False, headers=headers, verify=False
        )

    def get(self, path: str, **options: Any) -> Any:
        return self.http.get(path, **options)

    def delete(self, path: str) -> Any:
        return self.http.delete(path)

    def post(self, path: str, **options: Any) -> Any:
        return self.http.post(path, **options)

    def scene(self, name: str) -> str:
        """The id of a scene by the end of its name; of one in the folders rather than an upload."""
        listed = sorted(self.get("/scenes").json()["scenes"], key=lambda each: each["origin"] != "folder")
        return next(each["id"] for each in listed if each["name"].endswith(name))

    def finish(self, path: str, **order: Any) -> str:
        """Give an order and wait; the id of its job."""
        sent = self.post(path, json=order)
        assert sent.status_code == 202, sent.text
        job = sent.json()["id"]
        give_up = time.monotonic() + 60
        while self.get(f"/jobs/{job}").json()["state"] not in ("done", "failed"):
            assert time.monotonic() < give_up
            time.sleep(0.02)
        return job

    def ask(self, scene: str, question: str, **options: Any) -> str:
        return self.finish("/ask", scene=scene, question=question, **options)


@pytest.fixture(scope="session")
def start(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Asker]]:
    """Start servers on free ports; they are stopped afterwards."""
    from planimeter.serve.ask.app import create_app
    from planimeter.serve.listen import HeaderTimeout, settings

    class Patient(HeaderTimeout):
        """For a machine so busy that a client of this process may need longer for a head than is usual."""

        head_seconds = 300.0

    patient = {"http": Patient, "timeout_keep_alive": 300, "timeout_graceful_shutdown": 2}
    running = []

    def begin(store: Path | None = None, headers: dict[str, str] | None = None, **options: Any) -> Asker:
        app = create_app(store or tmp_path_factory.mktemp("store"), **options)
        listening = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(settings(app, log_level="error", **patient))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        running.append((server, thread))
        give_up = time.monotonic() + 20
        while not server.started:
            assert time.monotonic() < give_up
            time.sleep(0.01)
        asker = Asker(f"http://127.0.0.1:{listening.getsockname()[1]}", headers)
        asker.app, asker.server = app, server
        return asker

    yield begin
    for server, _ in running:
        server.should_exit = True
    for _, thread in running:
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture(scope="session")
def served(start: Callable[..., Asker], place: Place, still: Still) -> Asker:
    """One server that most tests share."""
    from planimeter.serve.ask.bounds import AskLimits
    from planimeter.serve.ask.sources import Sources

    bounds = AskLimits(upload_bytes=2 << 20, pixels=1_000_000, remembered=0)
    return start(folders=[place.folder], sources=Sources({"still": still}), bounds=bounds)


@pytest.fixture
def slow(start: Callable[..., Asker], place: Place) -> Iterator[Asker]:
    """A server whose questions wait, and that lets nobody wait for long."""
    from planimeter.serve.ask.bounds import AskLimits
    from planimeter.serve.ask.sources import Sources

    still = Still()
    still.gate.clear()
    bounds = AskLimits(remembered=0, wait_seconds=0.2)
    asker = start(folders=[place.folder], sources=Sources({"still": still}), bounds=bounds)
    asker.still = still
    yield asker
    still.gate.set()


from tests.serve.ask.browsing import page  # noqa: E402, F401  (a fixture)
