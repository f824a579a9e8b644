"""One memory in front of all segmenters: it changes no answer, looks once, stays within its bytes, lets scenes go."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
import rasterio

from planimeter.answer.answer import answer_from
from planimeter.coder import Program
from planimeter.errors import ModelError, NotMeasurable
from planimeter.raster import Scene, open_scene
from planimeter.raster.vector import VectorLayer, read_features
from planimeter.raster.vector_source import VectorSource
from planimeter.segment import LabelSegmenter, StackSegmenter, VectorSegmenter
from planimeter.segment.base import Caution, Seen, require_topics
from planimeter.segment.inference import load_card
from planimeter.segment.memory import MEMORY, Memory
from planimeter.segment.unet import UNetSegmenter
from planimeter.worlds import make_world

TOPICS = ("water", "forest", "roof")
SIDE = 64


class Bands:
    """Water is red, forest green, roofs blue, wherever a channel is above the others; one look at a time is counted."""

    name = "bands"
    topics = TOPICS

    def __init__(self, together: bool = False) -> None:
        self.together = together
        self.asked: list[tuple[str, ...]] = []
        self.gate = threading.Event()
        self.gate.set()

    def look(self, scene: Scene, topics: Sequence[str], box: object = None) -> Seen:
        require_topics(topics, self.topics, self.name)
        self.asked.append(tuple(topics))
        assert self.gate.wait(20)
        best = scene.read_rgb().argmax(axis=2)
        masks = {topic: best == TOPICS.index(topic) for topic in topics}
        said = [Caution(f"{topic} is a guess.", [topic]) for topic in topics]
        valid = np.ones(scene.shape, bool)
        valid[0] = False
        return Seen(masks, valid, ("It looked from above.", *said))

    def fingerprint(self) -> str:
        return f"bands {self.together}"


@pytest.fixture
def image(tmp_path: Path) -> Path:
    pixels = np.random.default_rng(5).integers(0, 255, (SIDE, SIDE, 3), dtype=np.uint8)
    cv2.imwrite(str(tmp_path / "image.png"), pixels)
    return tmp_path / "image.png"


@pytest.fixture
def scene(image: Path) -> Scene:
    return open_scene(image)


def truth(scene: Scene, topic: str) -> np.ndarray:
    return scene.read_rgb().argmax(axis=2) == TOPICS.index(topic)


def test_it_looks_only_for_what_it_does_not_remember(scene: Scene) -> None:
    memory, source = Memory(1 << 20), Bands()
    for topics in (["water"], ["water"], ["roof", "water"], [], ["roof"]):
        seen = memory.look(source, scene, topics)
        assert list(seen.masks) == topics
        for topic in topics:
            assert np.array_equal(seen.masks[topic], truth(scene, topic))
        assert seen.valid is not None
        assert seen.valid.sum() == SIDE * (SIDE - 1)
        said = {f"{topic} is a guess." for topic in topics}
        assert set(seen.cautions) == (said | {"It looked from above."} if topics else set())
    assert source.asked == [("water",), ("roof",)]


def test_topics_that_cost_nothing_more_are_looked_for_at_once_and_said_apart(scene: Scene) -> None:
    memory, source = Memory(1 << 20), Bands(together=True)
    assert memory.look(source, scene, ["roof"]).cautions == ("It looked from above.", "roof is a guess.")
    assert memory.look(source, scene, ["water"]).cautions == ("It looked from above.", "water is a guess.")
    assert np.array_equal(memory.look(source, scene, ["forest"]).masks["forest"], truth(scene, "forest"))
    assert source.asked == [("roof", "water", "forest")]


def test_a_mask_belongs_to_whoever_asked(scene: Scene) -> None:
    memory, source = Memory(1 << 20), Bands()
    for _ in range(3):
        mask = memory.look(source, scene, ["water"]).masks["water"]
        assert np.array_equal(mask, truth(scene, "water"))
        mask[:] = True


def test_it_holds_no_more_than_it_may_and_still_answers(image: Path) -> None:
    one_topic = SIDE * SIDE // 8
    memory, source = Memory(4 * one_topic + 2000), Bands()
    scenes = [open_scene(image) for _ in range(6)]
    for scene in (*scenes, *scenes):
        for topic in TOPICS:
            assert np.array_equal(memory.look(source, scene, [topic]).masks[topic], truth(scene, topic))
            assert memory.used <= memory.limit
    nothing = Memory(0)
    for _ in range(2):
        assert np.array_equal(
            nothing.look(source, scenes[0], ["roof"]).masks["roof"], truth(scenes[0], "roof")
        )
    assert nothing.used == 0


def test_it_forgets_a_scene_with_the_scene(image: Path) -> None:
    memory, source = Memory(1 << 20), Bands()
    for _ in range(3):
        scene = open_scene(image)
        memory.look(source, scene, ["water"])
        assert memory.used > 0
        del scene
        gc.collect()
        assert memory.used == 0


def test_a_file_that_is_opened_again_is_looked_at_again(image: Path) -> None:
    memory, source = Memory(1 << 20), Bands()
    before = memory.look(source, open_scene(image), ["water"]).masks["water"]
    cv2.imwrite(str(image), cv2.imread(str(image))[::-1])
    assert np.array_equal(memory.look(source, open_scene(image), ["water"]).masks["water"], before[::-1])


def test_many_threads_look_once_and_see_the_same(scene: Scene) -> None:
    memory, source = Memory(1 << 20), Bands()
    source.gate.clear()
    with ThreadPoolExecutor(8) as threads:
        looks = [threads.submit(memory.look, source, scene, ["water", "roof"]) for _ in range(8)]
        source.gate.set()
        for each in looks:
            assert np.array_equal(each.result(20).masks["roof"], truth(scene, "roof"))
    assert source.asked == [("water", "roof")]


def test_what_fails_is_not_remembered(scene: Scene) -> None:
    memory, source = Memory(1 << 20), Bands()
    for _ in range(2):
        with pytest.raises(NotMeasurable):
            memory.look(source, scene, ["boats"])
    assert memory.used == 0
    with pytest.raises(ModelError, match="looks at whole scenes only"):
        memory.look(source, scene, ["water"], (0, 0, 9, 9))


def test_parts_of_a_scene_are_not_remembered(tmp_path: Path) -> None:
    paths = make_world(seed=1, size=128).write(tmp_path)
    scene, maps = open_scene(paths["image"]), LabelSegmenter(paths["labels"], paths["legend"])
    MEMORY.forget()
    stack = StackSegmenter([maps])
    for x in range(0, 128, 32):
        stack.look(scene, ["water"], (x, 0, x + 32, 128))
    assert MEMORY.used == 0


def test_a_layer_is_read_once_for_all_parts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "roofs.geojson"
    house = {"type": "Polygon", "coordinates": [[[15, 45], [15.0001, 45], [15.0001, 45.0001], [15, 45]]]}
    path.write_text(json.dumps({"type": "Feature", "properties": {}, "geometry": house}))
    with rasterio.open(
        tmp_path / "s.tif", "w", driver="GTiff", dtype="uint8", count=1, height=64, width=64,
        crs="EPSG:4326", transform=rasterio.Affine(1e-5, 0, 15, 0, -1e-5, 45.0005),
    ) as file:  # fmt: skip
        file.write(np.ones((1, 64, 64), np.uint8))
    scene, read = open_scene(tmp_path / "s.tif"), []

    def counted(source: VectorSource, scene: Scene) -> VectorLayer:
        read.append(source)
        return read_features(source, scene)

    monkeypatch.setattr("planimeter.raster.vector.read_features", counted)
    source = VectorSegmenter("roof", path)
    for x in (0, 32):
        source.look(scene, ["roof"], (x, 0, x + 32, 64))
    assert len(read) == 1


def test_no_answer_carries_the_caution_of_another_scene(tmp_path: Path) -> None:
    """Two threads, one segmenter, scenes whose pixels are 0.5 m, which the model knows, and 5 m, which it does not."""

    class Nothing:
        card = load_card()

        def logits(self, pictures: np.ndarray) -> np.ndarray:
            return np.zeros((len(pictures), self.card.channels, *pictures.shape[1:3]), np.float32)

    cv2.imwrite(str(tmp_path / "a.png"), np.full((40, 40, 3), 90, np.uint8))
    shared = StackSegmenter([UNetSegmenter(model=Nothing())])
    program = Program(
        "answer = len(segment_image_from_path(IMAGE_PATH, ['water'])['shapes'])", "you", "any", None, ""
    )

    def warnings(gsd: float) -> list[list[str]]:
        scenes = (open_scene(tmp_path / "a.png", gsd=gsd) for _ in range(30))
        return [answer_from(program, "", scene, shared).warnings for scene in scenes]

    with ThreadPoolExecutor(2) as threads:
        fine, coarse = threads.map(warnings, (0.5, 5.0))
    assert [each for each in fine if any("A pixel of" in sentence for sentence in each)] == []
    assert [each for each in coarse if not any("A pixel of 5 m" in sentence for sentence in each)] == []
