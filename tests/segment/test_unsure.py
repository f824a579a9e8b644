"""Where the model is not sure: by probabilities in tiles as at once, and in all that an answer leaves."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from scipy.special import expit, softmax

from planimeter import ask
from planimeter.errors import ModelError
from planimeter.program import Limits
from planimeter.raster import Scene, open_scene
from planimeter.segment import LabelSegmenter, StackSegmenter
from planimeter.segment.corrections import Corrections
from planimeter.segment.inference import ModelCard, load_card
from planimeter.segment.inference.card import ObjectHead
from planimeter.segment.memory import look
from planimeter.segment.unet import UNetSegmenter
from planimeter.spatial.runs import paint
from planimeter.table import Column, Table
from planimeter.vocabulary.topics import topic_of

SHARE = "What percentage of the image is forest?"


class Colours:
    """A model whose logits are the picture's colours: water, forest and grass share the ground; roofs are dark."""

    def __init__(self) -> None:
        heads = (ObjectHead("roof", threshold=1.0, temperature=2.0),)
        self.card: ModelCard = replace(
            load_card(),
            land=("water", "forest", "grass"),
            land_temperature=1.5,
            objects=heads,
            contact=None,
            smooth=0,
        )

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        planes = pictures.astype(np.float32).transpose(0, 3, 1, 2) / 16
        return np.concatenate([planes, 8 - planes.mean(1, keepdims=True)], axis=1)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    rng = np.random.default_rng(3)
    coarse = rng.integers(0, 255, (30, 40, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, (400, 300), interpolation=cv2.INTER_CUBIC)
    path = tmp_path_factory.mktemp("unsure") / "a.tif"
    profile = {
        "driver": "GTiff",
        "height": 300,
        "width": 400,
        "count": 3,
        "dtype": "uint8",
        "crs": "EPSG:32633",
    }
    with rasterio.open(path, "w", transform=Affine(0.5, 0, 5e5, 0, -0.5, 5e6), **profile) as file:
        file.write(picture.transpose(2, 0, 1))
    return open_scene(path)


def truth(scene: Scene) -> dict[str, np.ndarray]:
    """Probabilities by scipy."""
    logits = Colours().logits(scene.read_rgb()[None])[0].astype(np.float64)
    land = softmax(logits[:3] / 1.5, axis=0)
    shares = {"water": land[0], "forest": land[1], "grass": land[2], "roof": expit(logits[3] / 2)}
    return {topic: (share > 0.25) & (share < 0.75) for topic, share in shares.items()}


def test_it_is_where_probabilities_lie_in_between(scene: Scene) -> None:
    expected = truth(scene)
    seen = UNetSegmenter(model=Colours()).look(scene, ["roof", "forest", "water", "grass"])
    for topic, mask in seen.unsure.items():
        assert 0.02 < mask.mean() < 0.98, topic
        assert (mask != expected[topic]).mean() < 1e-4, topic  # float32
    part = UNetSegmenter(model=Colours()).look(scene, ["forest"], (100, 50, 333, 200)).unsure["forest"]
    np.testing.assert_array_equal(part, seen.unsure["forest"][50:200, 100:333])


def test_it_is_remembered(scene: Scene) -> None:
    eyes = UNetSegmenter(model=Colours())
    first, again = (look(eyes, scene, ["forest"]).unsure["forest"] for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_the_shipped_network_is_unsure_of_a_sum_of_classes_where_the_sum_is() -> None:
    from planimeter.segment.inference.decide import probabilities_of, unsure_of

    card = load_card()
    logits = np.random.default_rng(1).normal(0, 3, (card.channels, 50, 50)).astype(np.float32)
    shares = probabilities_of(logits, card)
    both = shares[1] + shares[3]
    bits = unsure_of(logits, card, [[1, 3]])
    np.testing.assert_array_equal(bits == 1, (both > 0.25) & (both < 0.75))


def test_a_map_that_shows_the_topic_is_sure(scene: Scene, tmp_path: Path) -> None:
    labels = np.zeros(scene.shape, np.uint8)
    labels[:, :200] = 1
    cv2.imwrite(str(tmp_path / "labels.png"), labels)
    (tmp_path / "legend.json").write_text('{"forest": [1]}')
    both = StackSegmenter(
        [LabelSegmenter(tmp_path / "labels.png", tmp_path / "legend.json"), UNetSegmenter(model=Colours())]
    )
    found = both.look(scene, ["forest"]).unsure["forest"]
    alone = UNetSegmenter(model=Colours()).look(scene, ["forest"]).unsure["forest"]
    assert not found[:, :200].any()
    np.testing.assert_array_equal(found[:, 200:], alone[:, 200:])


def test_what_a_person_corrected_is_sure(scene: Scene) -> None:
    ring = [[0, 0], [400, 0], [400, 150], [0, 150], [0, 0]]
    polygon = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "properties": {"topic": "forest", "action": "remove"},
    }
    eyes = UNetSegmenter(model=Colours())
    raw = eyes.look(scene, ["forest"])
    found = StackSegmenter([eyes], None, Corrections.of([polygon])).look(scene, ["forest"]).unsure["forest"]
    changed = raw.masks["forest"].copy()
    changed[150:] = False
    np.testing.assert_array_equal(found, raw.unsure["forest"] & ~changed)


def test_an_answer_says_it_and_shows_it(scene: Scene, tmp_path: Path) -> None:
    expected = truth(scene)["forest"]
    eyes = UNetSegmenter(model=Colours())
    answer = ask(scene, SHARE, segmenter=eyes)
    runs, share = answer.run.evidence.unsure["forest"]
    assert share == pytest.approx(expected.mean(), abs=1e-4)
    (said,) = [each for each in answer.warnings if "not sure" in each]
    assert f"forest on {100 * expected.mean():.0f} % of the ground" in said
    answer.save(tmp_path / "out")
    with closing(sqlite3.connect(tmp_path / "out" / "shapes.gpkg")) as file:
        pixels = file.execute('select sum(area_pixels), min(role) from "forest not sure"').fetchone()
    assert pixels == (int((runs.stop - runs.start).sum()), "not sure")
    assert not any(
        "not sure" in each for each in ask(scene, SHARE, segmenter=eyes, area="pixels:0,0,1,1").warnings
    )


@pytest.mark.parametrize("area", [None, "pixels:37,20,300,251"])
def test_tiles_say_the_same(scene: Scene, area: str | None) -> None:
    eyes = UNetSegmenter(model=Colours())
    whole = ask(scene, SHARE, segmenter=eyes, area=area)
    tiled = ask(scene, SHARE, segmenter=eyes, area=area, limits=Limits(tile=(128, 96)))
    (one, share), (other, again) = (each.run.evidence.unsure["forest"] for each in (whole, tiled))
    np.testing.assert_array_equal(one.start, other.start)
    np.testing.assert_array_equal(one.stop, other.stop)
    assert share == again
    assert whole.warnings == tiled.warnings
    expected = truth(scene)["forest"]
    if area is not None:
        expected = expected[20:251, 37:300]
    assert share == pytest.approx(expected.mean(), abs=1e-4)


BOXES = ((0.0, 0.0, 170.5, 300.0), (120.0, 40.0, 400.0, 210.25))  # overlapping, in pixels
BUILDINGS = "How many buildings are there?"


@pytest.fixture(scope="module")
def zones(tmp_path_factory: pytest.TempPathFactory) -> Path:
    placed = [shapely.box(5e5 + 0.5 * a, 5e6 - 0.5 * d, 5e5 + 0.5 * c, 5e6 - 0.5 * b) for a, b, c, d in BOXES]
    path = tmp_path_factory.mktemp("zones") / "zones.gpkg"
    names = np.array(["west", "east"], object)
    pyogrio.raw.write(
        path, shapely.to_wkb(np.array(placed)), [names], np.array(["NAME"], object), geometry_type="Polygon",
        crs="EPSG:32633",
    )  # fmt: skip
    return path


def covered(box: tuple[float, float, float, float], exact: bool) -> np.ndarray:
    """(300, 400) how much of each pixel a box covers; or whether it covers its centre."""
    sides = []
    for low, high, length in ((box[1], box[3], 300), (box[0], box[2], 400)):
        at = np.arange(length)
        part = np.clip(np.minimum(at + 1, high) - np.maximum(at, low), 0, 1)
        sides.append(part if exact else ((at + 0.5 >= low) & (at + 0.5 < high)).astype(float))
    return np.outer(*sides)


@pytest.mark.parametrize("tiled", [False, True])
@pytest.mark.parametrize(
    ("question", "topics", "border"),
    [
        (SHARE, ["forest"], "centre"),
        (SHARE, ["forest"], "exact"),
        (BUILDINGS, ["roof"], "centre"),
        ("land cover breakdown", ["water", "forest", "grass", "roof"], "exact"),
        ("What is the area of forest within 20 m of water in m2?", ["forest", "water"], "centre"),
    ],
)
def test_each_zone_says_how_much_of_its_ground_is_not_sure(
    scene: Scene, zones: Path, question: str, topics: list[str], border: str, tiled: bool, tmp_path: Path
) -> None:
    eyes = UNetSegmenter(model=Colours())
    limits = Limits(tile=(128, 96)) if tiled else None
    answer = ask(scene, question, segmenter=eyes, zones=zones, zone_name="NAME", border=border, limits=limits)
    assert isinstance(answer.answer, Table)
    seen = eyes.look(scene, topics).unsure
    anything = np.logical_or.reduce([seen[topic] for topic in topics])
    weights = [covered(box, border == "exact") for box in BOXES]
    # Their union: no pixel is cut by two borders that run the same way.
    weights.append(weights[0] + weights[1] - weights[0] * weights[1])
    expected = dict(zip(("west", "east", "all zones"), weights, strict=True))
    assert answer.answer.columns[-1] == Column("not sure", "%")
    for record in answer.answer.records():
        weight = expected[str(record["zone"])]
        assert record["not sure"] == pytest.approx(100 * (weight * anything).sum() / weight.sum(), rel=1e-9)
    for topic in topics:
        runs, share = answer.run.evidence.unsure[topic]
        assert share == pytest.approx((weights[-1] * seen[topic]).sum() / weights[-1].sum(), rel=1e-9)
        np.testing.assert_array_equal(paint(runs), seen[topic] & (weights[-1] > 0))
    (said,) = [each for each in answer.warnings if "not sure" in each]
    assert all(topic_of(topic).mass in said for topic in topics)
    answer.save(tmp_path)
    with closing(sqlite3.connect(tmp_path / "shapes.gpkg")) as file:
        tables = [name for (name,) in file.execute("select table_name from gpkg_contents")]
    assert {f"{topic} not sure" for topic in topics} <= set(tables)


def test_zones_of_a_map_say_nothing_of_being_sure(scene: Scene, zones: Path, tmp_path: Path) -> None:
    labels = np.zeros(scene.shape, np.uint8)
    labels[:, :200] = 1
    cv2.imwrite(str(tmp_path / "labels.png"), labels)
    (tmp_path / "legend.json").write_text('{"forest": [1]}')
    source = LabelSegmenter(tmp_path / "labels.png", tmp_path / "legend.json")
    answer = ask(scene, SHARE, segmenter=source, zones=zones, zone_name="NAME")
    assert isinstance(answer.answer, Table)
    assert "not sure" not in [column.name for column in answer.answer.columns]


class Many:
    """A model with as many kinds of things as there are colours in the rainbow and more: each logit is 5 or even."""

    def __init__(self, kinds: int, logit: float) -> None:
        heads = tuple(ObjectHead(f"thing{k}") for k in range(kinds))
        self.card: ModelCard = replace(load_card(), objects=heads, contact=None, smooth=0)
        self.logit = logit

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        count = len(self.card.land) + len(self.card.objects)
        return np.full((len(pictures), count, *pictures.shape[1:3]), self.logit, np.float32)


@pytest.mark.parametrize("kinds", [8, 9, 20, 32])
def test_a_model_may_know_many_kinds_of_things(scene: Scene, kinds: int) -> None:
    topics = [f"thing{k}" for k in range(kinds)]
    seen = UNetSegmenter(model=Many(kinds, 5.0)).look(scene, topics)
    assert all(seen.masks[topic].all() and not seen.unsure[topic].any() for topic in topics)
    seen = UNetSegmenter(model=Many(kinds, 0.0)).look(scene, topics)
    assert all(not seen.masks[topic].any() and seen.unsure[topic].all() for topic in topics)


def test_a_card_with_more_things_than_can_be_told_apart_is_refused(tmp_path: Path) -> None:
    record = json.loads(load_card().path.read_text())
    record["objects"] = {f"thing{k}": {"threshold": 0} for k in range(33)}
    (tmp_path / "card.json").write_text(json.dumps(record))
    with pytest.raises(ModelError, match="at most 200 land topics and 32 object topics"):
        load_card(tmp_path / "card.json")
