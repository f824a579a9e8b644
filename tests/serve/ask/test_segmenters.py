"""Segmenters behind the ask server: any noun phrase where the vocabulary is open, and one asker at a time."""

from __future__ import annotations

import cv2
import numpy as np
from tests.serve.ask.conftest import Still

from planimeter.segment.base import Seen
from planimeter.segment.inference.adjusted import Confusion, Rate
from planimeter.segment.open import OpenTopics
from planimeter.serve.ask.sources import Sources


class Anything(Still):
    """Sees three squares of whatever it is asked for."""

    name = "anything"
    topics = OpenTopics(["water"])

    def look(self, scene, topics, box=None):
        mask = np.zeros(scene.shape, bool)
        for x in (5, 40, 80):
            mask[10:30, x : x + 20] = True
        return Seen(dict.fromkeys(topics, mask))


class Doubtful(Still):
    """Sees water on the left, and is not sure of a strip beside it."""

    name = "doubtful"
    topics = ("water",)

    def confusion(self, topic):
        return Confusion(Rate(0.9, 0.0, 9), Rate(0.1, 0.0, 9), 9, 9000, ("there",), 0.9, 0.2, 0.1)

    def look(self, scene, topics, box=None):
        mask, unsure = np.zeros(scene.shape, bool), np.zeros(scene.shape, bool)
        mask[:, :60], unsure[:, 50:80] = True, True
        return Seen({"water": mask}, unsure={"water": unsure})


class Locked(Still):
    """Writes down whether it is asked under its lock."""

    def __init__(self) -> None:
        super().__init__()
        self.locks: list[bool] = []

    def look(self, scene, topics, box=None):
        self.locks.append(self.sources.segmenters[0].lock.locked())
        return super().look(scene, topics, box)


def test_an_open_vocabulary_is_asked_for_any_noun_phrase(start, place):
    asker = start(folders=[place.folder], sources=Sources({"anything": Anything()}))
    scene = asker.scene("plain.png")
    job = asker.ask(scene, "How many tennis courts are there?")
    assert asker.get(f"/answers/{job}").json()["answer"] == 3
    tile = asker.get(f"/answers/{job}/masks/tennis courts.png")
    mask = cv2.imdecode(np.frombuffer(tile.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert (mask == 255).sum() == 3 * 20 * 20
    program = "answer = len(segment_image_from_path(IMAGE_PATH, ['“best” plätze'])['shapes'])"
    job = asker.finish("/run", scene=scene, program=program)
    assert asker.get(f"/answers/{job}").json()["answer"] == 3
    (layer,) = (
        each for each in asker.get(f"/answers/{job}/view").json()["layers"] if each["role"] == "topic"
    )
    reply = asker.get(f"/answers/{job}/masks/{layer['name']}.tif")
    assert reply.status_code == 200
    assert "filename*=UTF-8''%E2%80%9Cbest%E2%80%9D" in reply.headers["content-disposition"]


def test_where_a_model_is_not_sure_is_a_layer_of_the_page(start, place):
    asker = start(folders=[place.folder], sources=Sources({"doubtful": Doubtful()}))
    job = asker.ask(asker.scene("plain.png"), "What percentage of the image is water?")
    view = asker.get(f"/answers/{job}/view").json()
    assert any("not sure" in sentence and "water on 25 %" in sentence for sentence in view["cautions"])
    (layer,) = (each for each in view["layers"] if each["shown"] == "not sure: water")
    tile = asker.get(f"/answers/{job}/masks/{layer['name']}.png")
    mask = cv2.imdecode(np.frombuffer(tile.content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert (mask[:, 50:80] == 255).all()
    assert (mask == 255).sum() == 90 * 30


def test_an_area_is_adjusted_where_that_is_asked(start, place):
    asker = start(folders=[place.folder], sources=Sources({"doubtful": Doubtful()}))
    order = {"question": "What percentage of the image is water?", "adjust_area": True}
    answer = asker.get(f"/answers/{asker.finish('/ask', scene=asker.scene('plain.png'), **order)}").json()
    assert (answer["answer"], answer["adjusted"]["value"]) == (50, 50)  # 0.5 x 0.9 + 0.5 x 0.1
    assert any("Olofsson" in sentence for sentence in answer["warnings"])


def test_nobody_asks_a_segmenter_without_its_lock(start, place):
    segmenter = Locked()
    segmenter.sources = Sources({"still": segmenter})
    asker = start(folders=[place.folder], sources=segmenter.sources)
    asker.ask(asker.scene("plain.png"), "What percentage of the image is water?")
    assert segmenter.locks
    assert all(segmenter.locks)
    segmenter.locks.clear()
    files = {"image": ("x.png", (place.folder / "plain.png").read_bytes())}
    assert asker.post(f"{asker.url}/segment", files=files, data={"topics": "water"}).status_code == 200
    assert segmenter.locks == [True]
