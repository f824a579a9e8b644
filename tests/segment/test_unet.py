"""The shipped model: topics, tiles, scale, confidence; no torch anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from planimeter.errors import NotMeasurable, UsageError
from planimeter.raster import Scene, open_scene
from planimeter.segment import Segmenter, find_segmenter
from planimeter.segment.inference import RuntimeModel, load_card
from planimeter.segment.memory import look
from planimeter.segment.unet import UNetSegmenter
from planimeter.vocabulary.topics import TOPICS
from planimeter.worlds import make_world


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return open_scene(make_world(11, size=(300, 260)).write(tmp_path_factory.mktemp("world"))["image"])


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """Two windows either way."""
    return open_scene(make_world(12, size=1200).write(tmp_path_factory.mktemp("large"))["image"])


def test_it_is_the_default_and_offers_every_topic() -> None:
    default = find_segmenter(None)
    assert set(TOPICS) <= set(default.topics)
    assert isinstance(UNetSegmenter(), Segmenter)
    assert find_segmenter("default").name == default.name == UNetSegmenter().name


def test_masks_lie_on_the_scenes_grid_and_land_classes_exclude_each_other(scene: Scene) -> None:
    segmenter = UNetSegmenter()
    masks = segmenter.look(scene, segmenter.topics).masks
    assert all(mask.shape == (300, 260) and mask.dtype == bool for mask in masks.values())
    land = np.stack([masks[topic] for topic in segmenter.card.land])
    assert (land.sum(0) == 1).all()
    np.testing.assert_array_equal(masks["vegetation"], masks["forest"] | masks["agric"] | masks["grass"])


def test_unknown_topics_are_refused(scene: Scene) -> None:
    with pytest.raises(NotMeasurable, match="boats"):
        UNetSegmenter().look(scene, ["boats"])
    with pytest.raises(UsageError):
        UNetSegmenter(tile=0)


def test_tiles_change_nothing(large: Scene) -> None:
    topics = UNetSegmenter().topics
    small, big = (UNetSegmenter(tile=tile).look(large, topics).masks for tile in (512, 4096))
    for topic in topics:
        assert (small[topic] != big[topic]).mean() <= 0.001, topic


def test_without_topics_a_part_needs_no_look(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    segmenter = UNetSegmenter()
    monkeypatch.setattr(segmenter._model, "logits", lambda *_: pytest.fail("the network looked"))
    seen = segmenter.look(scene, (), (0, 0, 8, 8))
    assert seen.masks == {}
    assert seen.valid is None


def test_probabilities_agree_with_masks(scene: Scene) -> None:
    segmenter = UNetSegmenter()
    land = segmenter.card.land
    shares = segmenter.probabilities(scene, [*land, "vegetation", "roof"])
    total = sum(shares[topic] for topic in land)
    np.testing.assert_allclose(total, 1, atol=1e-4)
    np.testing.assert_allclose(
        shares["vegetation"], sum(shares[t] for t in ("forest", "agric", "grass")), atol=1e-5
    )
    best = np.stack([shares[topic] for topic in land])
    np.testing.assert_allclose(segmenter.confidence(scene), best.max(0), atol=1e-6)
    masks = segmenter.look(scene, land).masks
    first = best.argmax(0)
    agree = np.mean([masks[topic][first == k].mean() for k, topic in enumerate(land) if (first == k).any()])
    assert agree > 0.99
    assert ((shares["roof"] >= 0) & (shares["roof"] <= 1)).all()


def test_the_same_scene_is_looked_at_once(scene: Scene) -> None:
    class Counting:
        def __init__(self) -> None:
            self.card = load_card()
            self.calls = 0

        def logits(self, pictures: np.ndarray) -> np.ndarray:
            self.calls += 1
            return np.zeros((len(pictures), self.card.channels, *pictures.shape[1:3]), np.float32)

    model = Counting()
    segmenter = UNetSegmenter(model=model)
    look(segmenter, scene, ["water"])
    look(segmenter, scene, ["roof", "forest"])
    assert model.calls == 1


def test_an_unknown_scale_and_one_out_of_range_are_told(tmp_path: Path, scene: Scene) -> None:
    import cv2

    cv2.imwrite(str(tmp_path / "plain.png"), scene.read_rgb())
    for gsd, word in ((None, "unknown"), (0.05, "resized"), (10.0, "do not rely")):
        segmenter = UNetSegmenter()
        said = segmenter.look(open_scene(tmp_path / "plain.png", gsd=gsd), ["water"]).cautions
        assert any(word in sentence for sentence in said), gsd
    known = UNetSegmenter()
    assert not any("pixel" in sentence for sentence in known.look(scene, ["water"]).cautions)


def test_exact_and_fast_arithmetic_agree(scene: Scene) -> None:
    pictures = np.zeros((1, 320, 288, 3), np.uint8)
    pictures[0, :300, :260] = scene.read_rgb()
    fast, exact = (RuntimeModel(load_card(), exact=exact).logits(pictures) for exact in (False, True))
    # bfloat16 keeps 8 bits: errors are small beside the spread of logits, and only near ties are decided otherwise.
    assert np.median(np.abs(fast - exact)) < 0.05 * exact.std()
    # One of 900,000 is 0.30 off where the processor has AMX, 0.24 elsewhere; what it decides is looked at below.
    assert np.quantile(np.abs(fast - exact), 0.999) < 0.2 * exact.std()
    assert np.abs(fast - exact).max() < 0.5 * exact.std()
    land = len(load_card().land)
    second, best = np.sort(exact[0, :land], axis=0)[-2:]
    changed = fast[0, :land].argmax(0) != exact[0, :land].argmax(0)
    assert (best - second)[changed].max(initial=0) < 0.2 * exact.std()


def test_the_card_says_what_it_must() -> None:
    card = load_card()
    assert card.size <= 40 * 2**20
    for key in ("data", "scores", "calibration", "training", "area_error", "mean", "std"):
        assert card.record[key], key
    topics = set(UNetSegmenter().topics)
    assert set(card.area_error) == set(card.confusion) == topics
    assert set(card.count_error) == topics - {"solar"}  # five panels or more are on four images only
    assert {score["topic"] for score in card.record["scores"]} >= {"roof", "road", "solar", "urban", "water"}


def test_asking_needs_no_torch(tmp_path: Path) -> None:
    image = make_world(4, size=128).write(tmp_path)["image"]
    script = (
        "import sys; sys.modules['torch'] = None; sys.modules['onnxruntime'] = None\n"
        "import planimeter\n"
        f"answer = planimeter.ask({str(image)!r}, 'What percentage of the image is water?')\n"
        "import json; print(json.dumps([answer.answer, answer.segmenter, answer.warnings]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    share, name, _ = json.loads(done.stdout)
    assert 0 <= share <= 100
    assert name.startswith(load_card().name)


def test_area_cautions_say_what_was_measured() -> None:
    from dataclasses import replace

    from planimeter.segment.inference.cautions import area_cautions

    measured = {"low": 0.8, "high": 1.3, "median": 1.0, "share": 0.8125, "images": 16}
    useless = {**measured, "low": 0.001, "high": 4000.0}
    card = replace(load_card(), area_error={"water": measured, "solar": useless})
    water, forest, solar = area_cautions(["water", "forest", "solar"], card)
    assert "not measured" in forest
    assert "0.8 to 1.3 times" in water
    assert "81 % of cases" in water
    assert "too far off" in solar
    assert "4000" not in solar
