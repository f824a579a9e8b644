"""A project about a synthetic scene, a picture without a scale, and one of which half shows nothing."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio

from planimeter.worlds import make_world

pytest.importorskip("fastapi", reason="the server's extra is not installed")
pytest.importorskip("httpx", reason="the server's extra is not installed")

QUESTIONS = [
    {"id": "share", "image": "world", "question": "What percentage is forest?", "type": "percentage"},
    {"id": "houses", "image": "world", "question": "How many buildings are there?", "type": "count"},
    {"id": "far", "image": "world", "question": "How far is the house from the water?", "type": "distance"},
    {
        "id": "near",
        "image": "world",
        "question": "What percentage of the image is urban area within 50m of vegetation? (GSD: 0.5m)",
        "type": "proximity_percentage",
    },
    {"id": "any", "image": "world", "question": "Is there any water?", "type": "binary_presence"},
    {
        "id": "use",
        "image": "world",
        "question": "Which use?",
        "type": "category",
        "categories": ["Farming", "housing"],
    },
    {"id": "power", "image": "world", "question": "How many MW?", "type": "power_calculation"},
    {"id": "area", "image": "world", "question": "How much vegetation?", "type": "proximity_area"},
    {"id": "flat", "image": "plain", "question": "How far is it?", "type": "distance"},
    {"id": "flat area", "image": "plain", "question": "How much water?", "type": "total_area"},
    {"id": "half", "image": "half", "question": "What percentage is water?", "type": "percentage"},
]


@pytest.fixture(scope="session")
def pictures(tmp_path_factory) -> Path:
    """world.tif 200 x 160 at 0.5 m, plain.png without a scale, half.tif whose right half is nodata."""
    folder = tmp_path_factory.mktemp("pictures")
    world = make_world(seed=7, size=(160, 200))
    world.write(folder / "w")
    (folder / "w" / "image.tif").rename(folder / "world.tif")
    cv2.imwrite(str(folder / "plain.png"), np.full((120, 100, 3), 90, np.uint8))
    bands = np.full((3, 100, 100), 100, np.uint8)
    bands[:, :, 50:] = 0
    profile = {"driver": "GTiff", "dtype": "uint8", "count": 3, "height": 100, "width": 100, "nodata": 0}
    with rasterio.open(folder / "half.tif", "w", **profile) as file:
        file.write(bands)
    return folder


@pytest.fixture
def make(tmp_path, pictures) -> Callable[..., Path]:
    """Write a project file and get its folder."""

    def write(**changes: object) -> Path:
        folder = tmp_path / "survey"
        folder.mkdir(exist_ok=True)
        said = {
            "title": "A survey",
            "annotators": ["Ada", "Ben"],
            "images": {
                "world": str(pictures / "world.tif"),
                "plain": {"file": str(pictures / "plain.png")},
                "half": {"file": str(pictures / "half.tif"), "gsd": 1.0},
            },
            "questions": QUESTIONS,
        } | changes
        (folder / "project.json").write_text(json.dumps(said), encoding="utf-8")
        return folder

    return write


class ServedSite:
    """A served project: a client, and everybody's links."""

    def __init__(self, folder: Path, origin: str | None = None) -> None:
        from starlette.testclient import TestClient

        from planimeter.annotate.app import create_app
        from planimeter.annotate.project import read_project
        from planimeter.annotate.store import AnnotationStore
        from planimeter.annotate.unchanged import image_address, question_address

        self.project = read_project(folder)
        self.store = AnnotationStore(self.project.store_path)
        self.store.sync(self.project)
        self.app = create_app(self.project, self.store, origin)
        self.client = TestClient(self.app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        self.tokens = self.store.tokens()
        pictures = self.project.images
        self._questions = [question_address(q, pictures[q.image]) for q in self.project.questions]
        self._images = [image_address(picture) for picture in pictures.values()]

    def at(self, path: str) -> str:
        """A path in which a question or an image goes by its place: "questions/0/draft", "images/2/grid/10"."""
        kind, place, *rest = path.split("/")
        addresses = self._questions if kind == "questions" else self._images
        number = int(place)
        return "/".join([kind, addresses[number] if number < len(addresses) else "gone", *rest])

    def get(self, person: str, path: str = "", **headers: str):
        """Ask for something below a person's page; "" is the organiser."""
        side = "a" if person else "o"
        if path.startswith(("questions/", "images/")):
            path = self.at(path)
        below = f"/{path}" if path else ""
        return self.client.get(f"/{side}/{self.tokens[person]}{below}", headers=headers)

    def send_answer(self, person: str, number: int, work: dict, **more: object):
        """Submit an answer to the question at a place."""
        path = f"/a/{self.tokens[person]}/{self.at(f'questions/{number}')}/answer"
        return self.client.post(path, json={"work": work, **more})


@pytest.fixture
def listening() -> Iterator[Callable[[ServedSite], str]]:
    """Have a site answer browsers, and get its address; it is stopped afterwards."""
    import uvicorn

    running = []

    def begin(site: ServedSite) -> str:
        heard = socket.create_server(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(site.app, log_level="error", access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [heard]}, daemon=True)
        thread.start()
        running.append((server, thread))
        return f"http://127.0.0.1:{heard.getsockname()[1]}"  # connections wait until it accepts them

    yield begin
    for server, thread in running:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive()


@pytest.fixture
def served_site() -> type[ServedSite]:
    """Serve a project's folder."""
    return ServedSite
