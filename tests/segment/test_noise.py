"""Noise of a stated amount: the amount is met, the result is reproducible, disjoint topics stay disjoint."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
import rasterio

from planimeter.errors import NotMeasurable, UsageError
from planimeter.raster import open_scene
from planimeter.registry import Entry
from planimeter.segment import LabelSegmenter, Segmenter, StackSegmenter, find_segmenter
from planimeter.segment.base import Seen
from planimeter.segment.find import SEGMENTERS
from planimeter.segment.noise import NoiseSpec, NoisySegmenter, noisy_from
from planimeter.segment.noise.segmenter import degraded
from planimeter.worlds import make_world

COVER = ("water", "forest", "agric", "grass", "barren")


class Place:
    """A scene's size is all that noise needs of it."""

    def __init__(self, size: int = 384) -> None:
        self.height = self.width = size


class Truth:
    """Land cover of random cells, with roofs and roads on top: topics of one map never share ground."""

    name = "truth"
    topics = (*COVER, "roof", "road", "urban", "vegetation")

    def __init__(self, seed: int = 0) -> None:
        self.seed = seed
        self.asked: list[tuple[str, ...]] = []

    def look(self, scene, topics, box=None):
        self.asked.append(tuple(topics))
        rng = np.random.default_rng(self.seed)
        size = scene.height
        sites = rng.uniform(0, size, (14, 2))
        y, x = np.mgrid[:size, :size]
        cell = np.argmin((y[..., None] - sites[:, 0]) ** 2 + (x[..., None] - sites[:, 1]) ** 2, axis=-1)
        labels = (cell % len(COVER)).astype(np.uint8)
        labels[:, size // 2 : size // 2 + 8] = 6
        for row, column in itertools.product(range(20, size - 30, 48), range(20, size - 30, 40)):
            labels[row : row + 18, column : column + 22] = 5
        masks = {topic: labels == index for index, topic in enumerate((*COVER, "roof", "road"))}
        masks["urban"] = masks["roof"] | masks["road"]
        masks["vegetation"] = masks["forest"] | masks["agric"] | masks["grass"]
        return Seen({topic: masks[topic] for topic in topics}, None, ("a caution of the truth",))

    def fingerprint(self):
        return f"truth:{self.seed}"


class Roofs(Truth):
    topics = ("roof",)


def iou(a: np.ndarray, b: np.ndarray) -> float:
    return np.count_nonzero(a & b) / np.count_nonzero(a | b)


def regions(mask: np.ndarray) -> int:
    return cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)[0] - 1


@pytest.fixture(scope="module")
def clean() -> dict[str, np.ndarray]:
    return Truth().look(Place(), Truth.topics).masks


def test_it_meets_the_segmenter_protocol():
    noisy = NoisySegmenter(Truth(), 0.1, seed=4)
    assert isinstance(noisy, Segmenter)
    assert noisy.name == "noise(0.1,seed=4) of truth"
    said = noisy.look(Place(), ["water"]).cautions
    assert said[0] == "a caution of the truth"
    assert "degraded on purpose" in said[1]
    with pytest.raises(NotMeasurable, match="solar"):
        noisy.look(Place(), ["solar"])


@pytest.mark.parametrize("spec", [0, 0.0, NoiseSpec(), NoiseSpec(iou=1.0)])
def test_level_zero_is_the_identity(spec, clean):
    source = Truth()
    masks = NoisySegmenter(source, spec).look(Place(), ["roof", "water"]).masks
    assert source.asked == [("roof", "water")]
    assert np.array_equal(masks["roof"], clean["roof"])
    assert np.array_equal(masks["water"], clean["water"])


@pytest.mark.parametrize("level", [0.01, 0.05, 0.1, 0.25, 0.5, 0.9])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_level_is_the_loss_of_iou(level, seed, clean):
    noisy = NoisySegmenter(Truth(), level, seed=seed).look(Place(), Truth.topics).masks
    for topic in (*COVER, "roof", "road"):
        assert iou(noisy[topic], clean[topic]) == pytest.approx(1 - level, abs=0.002), topic
    for topic in ("urban", "vegetation"):
        assert iou(noisy[topic], clean[topic]) >= 1 - level - 0.002, topic


def test_disjoint_topics_stay_disjoint_and_unions_stay_unions():
    noisy = NoisySegmenter(Truth(), 0.3).look(Place(), Truth.topics).masks
    total = sum(noisy[topic].astype(int) for topic in (*COVER, "roof", "road"))
    assert total.max() == 1
    assert np.array_equal(noisy["urban"], noisy["roof"] | noisy["road"])
    assert np.array_equal(noisy["vegetation"], noisy["forest"] | noisy["agric"] | noisy["grass"])


def test_a_mask_depends_neither_on_the_order_of_calls_nor_on_its_company():
    place = Place()
    together = NoisySegmenter(Truth(), 0.2).look(place, ["water", "roof", "urban"]).masks
    other = NoisySegmenter(Truth(), 0.2)
    other.look(Place(256), ["forest"])
    for topic in ("urban", "roof", "water"):
        alone = other.look(Place(), [topic]).masks[topic]
        assert np.array_equal(alone, together[topic]), topic


def test_a_caller_who_writes_into_a_mask_does_not_spoil_the_next():
    noisy, place = NoisySegmenter(Truth(), 0.2), Place()
    first = noisy.look(place, ["water"]).masks["water"]
    kept = first.copy()
    first[:] = False
    assert np.array_equal(noisy.look(place, ["water"]).masks["water"], kept)


def test_seeds_and_scenes_make_different_errors_of_the_same_amount(clean):
    first = NoisySegmenter(Truth(), 0.2, seed=1).look(Place(), ["water"]).masks["water"]
    second = NoisySegmenter(Truth(), 0.2, seed=2).look(Place(), ["water"]).masks["water"]
    assert iou(first, second) < 0.9
    prints = {NoisySegmenter(Truth(), level, seed).fingerprint() for level in (0.1, 0.2) for seed in (1, 2)}
    assert len(prints) == 4


def test_jitter_alone_moves_boundaries_both_ways_and_keeps_the_count(clean):
    noisy = NoisySegmenter(Truth(), NoiseSpec(jitter=0.06)).look(Place(), ["roof"]).masks["roof"]
    pixels = np.count_nonzero(clean["roof"])
    lost, gained = np.count_nonzero(clean["roof"] & ~noisy), np.count_nonzero(noisy & ~clean["roof"])
    assert 0.05 * pixels < max(lost, gained) <= 0.06 * pixels
    assert min(lost, gained) > 0.02 * pixels
    assert regions(noisy) == regions(clean["roof"])


def test_holes_alone_take_the_stated_share_from_the_inside(clean):
    noisy = NoisySegmenter(Truth(), NoiseSpec(holes=0.1)).look(Place(), ["roof", "water"]).masks
    for topic in ("roof", "water"):
        assert not (noisy[topic] & ~clean[topic]).any()
        lost = 1 - np.count_nonzero(noisy[topic]) / np.count_nonzero(clean[topic])
        assert lost == pytest.approx(0.1, abs=0.001)
    assert regions(noisy["roof"]) == regions(clean["roof"])


def test_drops_alone_lose_whole_regions(clean):
    lost = []
    for seed in range(8):
        noisy = NoisySegmenter(Truth(), NoiseSpec(drops=0.3), seed).look(Place(), ["roof"]).masks["roof"]
        assert not (noisy & ~clean["roof"]).any()
        count, parts = cv2.connectedComponents(clean["roof"].astype(np.uint8), connectivity=8)
        kept = [noisy[parts == index].mean() for index in range(1, count)]
        assert set(kept) <= {0.0, 1.0}
        lost.append(1 - np.mean(kept))
    assert 0.2 < np.mean(lost) <= 0.3
    assert max(lost) <= 0.3


def test_splits_alone_make_more_regions_and_merges_alone_fewer(clean):
    roofs = regions(clean["roof"])
    split = NoisySegmenter(Truth(), NoiseSpec(splits=0.4)).look(Place(), ["roof"]).masks["roof"]
    assert roofs * 1.15 < regions(split) <= roofs * 1.4
    assert not (split & ~clean["roof"]).any()
    merged = NoisySegmenter(Roofs(), NoiseSpec(merges=0.4)).look(Place(), ["roof"]).masks["roof"]
    assert roofs * 0.5 < regions(merged) < roofs * 0.9
    assert not (clean["roof"] & ~merged).any()


def test_confusion_alone_moves_pixels_from_topic_to_topic(clean):
    topics = (*COVER, "roof", "road")
    noisy = NoisySegmenter(Truth(), NoiseSpec(confusion=0.1)).look(Place(), topics).masks
    assert np.array_equal(sum(noisy[topic].astype(int) for topic in topics), np.ones((384, 384)))
    for topic in topics:
        pixels = np.count_nonzero(clean[topic])
        assert np.count_nonzero(clean[topic] & ~noisy[topic]) <= 0.1 * pixels + 1, topic
        assert np.count_nonzero(noisy[topic] & ~clean[topic]) <= 0.1 * pixels + 1, topic
    moved = sum(np.count_nonzero(clean[topic] & ~noisy[topic]) for topic in topics)
    assert moved > 0.07 * 384 * 384


def test_overlapping_topics_are_degraded_each_for_itself():
    class Overlapping(Truth):
        topics = ("urban", "solar")

        def look(self, scene, topics, box=None):
            base = super().look(scene, ("roof", "urban")).masks
            return Seen({topic: {"urban": base["urban"], "solar": base["roof"]}[topic] for topic in topics})

    source = Overlapping()
    clean = source.look(Place(), source.topics).masks
    noisy = NoisySegmenter(source, 0.2).look(Place(), source.topics).masks
    for topic in source.topics:
        assert iou(noisy[topic], clean[topic]) == pytest.approx(0.8, abs=0.002)


def test_empty_and_full_masks_pass_through_without_trouble():
    class Plain(Truth):
        topics = ("water", "forest")

        def look(self, scene, topics, box=None):
            full = np.ones((scene.height, scene.width), dtype=bool)
            return Seen({topic: {"water": full, "forest": ~full}[topic] for topic in topics})

    noisy = NoisySegmenter(Plain(), 0.3).look(Place(64), ["water", "forest"]).masks
    assert not noisy["forest"].any()
    assert noisy["water"].mean() == pytest.approx(0.7, abs=0.001)


def test_amounts_are_written_and_read():
    noisy = noisy_from("0.1,seed=3", Truth())
    assert (noisy.spec, noisy.seed) == (NoiseSpec.of_level(0.1), 3)
    assert noisy_from("jitter=0.05,drops=0.2", Truth()).name == "noise(jitter=0.05,drops=0.2) of truth"
    for level in (0.05, 0.1, 0.3, 0.7):
        assert NoiseSpec.parse(NoiseSpec.of_level(level).label)[0] == NoiseSpec.of_level(level)


@pytest.mark.parametrize(
    "text", ["", "1.5", "-0.1", "nan", "drops=2", "wobble=0", "jitter", "seed=x", "iou=0.01", "drops=0.1,0.2"]
)
def test_a_nonsensical_amount_is_refused_with_the_remedy(text):
    with pytest.raises(UsageError, match=r"0\.1|between"):
        noisy_from(text, Truth())


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    return make_world(seed=2, size=128).write(tmp_path_factory.mktemp("world"))


def test_a_name_says_what_is_degraded_and_by_how_much(world, monkeypatch):
    maps, load = LabelSegmenter(world["labels"], world["legend"]), Entry.load
    monkeypatch.setitem(SEGMENTERS.own, "map", Entry("map", "map:NAME", "a map", "builtins:str"))
    monkeypatch.setattr(
        Entry, "load", lambda entry: {"of:it": maps}.__getitem__ if entry.name == "map" else load(entry)
    )
    scene = open_scene(world["image"])
    found = find_segmenter("noise:0.2,seed=3:map:of:it")
    assert found.name == f"noise(0.2,seed=3) of {maps.name}"
    expected = NoisySegmenter(StackSegmenter([maps]), 0.2, seed=3).look(scene, ["roof"]).masks["roof"]
    assert np.array_equal(found.look(scene, ["roof"]).masks["roof"], expected)


@pytest.mark.parametrize("name", ["noise:", "noise:lots", "noise:2:default"])
def test_a_name_without_a_sensible_amount_is_refused(name):
    with pytest.raises(UsageError):
        find_segmenter(name)


def test_indices_that_a_scene_lacks_do_not_stop_the_others(tmp_path):
    bands = np.random.default_rng(0).integers(1, 200, (4, 60, 50)).astype(np.uint8)
    profile = {"driver": "GTiff", "count": 4, "height": 60, "width": 50, "dtype": "uint8"}
    with rasterio.open(tmp_path / "a.tif", "w", **profile) as file:
        file.write(bands)
    scene = open_scene(tmp_path / "a.tif", bands="blue=1,green=2,red=3,nir=4")
    clean, noisy = (find_segmenter(name) for name in ("index", "noise:0.1:index"))
    truth, found = (each.look(scene, ["vegetation"]).masks["vegetation"] for each in (clean, noisy))
    assert (truth & found).sum() / (truth | found).sum() == pytest.approx(0.9, abs=0.002)
    assert noisy.brought == clean.brought
    assert [topic.name for topic in noisy.brought] == ["snow", "burnt"]
    with pytest.raises(NotMeasurable, match="swir16"):
        noisy.look(scene, ["snow"])


def ponds_and_roofs() -> dict[str, np.ndarray]:
    """Small ponds in pairs whose gap a thin roof fills, and a lake by which water has many pixels to give."""
    labels = np.zeros((600, 600), np.uint8)
    for top in range(2, 300, 15):
        for left in range(2, 600, 20):
            labels[top : top + 8, left : left + 14] = 1
            labels[top : top + 8, left + 6 : left + 8] = 2
    labels[320:590, 10:590] = 1
    return {"water": labels == 1, "roof": labels == 2}


def test_bridges_of_one_topic_take_no_more_of_another_than_is_stated() -> None:
    clean = ponds_and_roofs()
    for amount in (0.2, 1.0):
        noisy = degraded(clean, NoiseSpec(merges=amount))
        for topic, mask in clean.items():
            lost, gained = (mask & ~noisy[topic]).sum(), (noisy[topic] & ~mask).sum()
            assert 0 < lost <= amount / 4 * mask.sum(), (topic, amount)
            assert 0 < gained <= amount / 4 * mask.sum(), (topic, amount)


def test_a_level_is_the_iou_of_small_topics_between_large_ones_too() -> None:
    clean = ponds_and_roofs()
    for seed in range(4):
        noisy = degraded(clean, NoiseSpec.of_level(0.1), seed)
        for topic, mask in clean.items():
            union = (mask | noisy[topic]).sum()
            assert abs((mask & noisy[topic]).sum() / union - 0.9) <= 1 / union, topic
