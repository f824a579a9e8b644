"""A scene unlike the training images is said to be so; one like them is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.raster import Scene, open_scene
from planimeter.segment.inference import load_card
from planimeter.segment.inference.cautions import area_cautions, look_cautions
from planimeter.segment.inference.likeness import NUMBERS, appearance, unlike, usual_range
from planimeter.segment.unet import UNetSegmenter


def written(folder: Path, name: str, image: np.ndarray) -> Scene:
    cv2.imwrite(str(folder / f"{name}.png"), image[..., ::-1])
    return open_scene(folder / f"{name}.png", gsd=0.5)


@pytest.fixture
def image() -> np.ndarray:
    rng = np.random.default_rng(2)
    coarse = rng.integers(40, 200, (20, 20, 3)).astype(np.uint8)
    return cv2.resize(coarse, (320, 320), interpolation=cv2.INTER_NEAREST)  # exactly the 25 patches of 64


def test_the_numbers_are_what_they_are_called(tmp_path: Path, image: np.ndarray) -> None:
    found = appearance(written(tmp_path, "plain", image))
    assert found is not None
    colours = image.reshape(-1, 3).astype(float)
    grey = colours.mean(1)
    assert found["brightness"] == pytest.approx(grey.mean(), rel=1e-4)
    assert found["contrast"] == pytest.approx(grey.std(), rel=1e-4)
    assert found["saturation"] == pytest.approx(np.ptp(colours, axis=1).mean(), rel=1e-4)
    assert found["red_blue"] == pytest.approx(colours[:, 0].mean() - colours[:, 2].mean(), abs=1e-3)
    assert found["green"] == pytest.approx(colours[:, 1].mean() - colours[:, [0, 2]].mean(), abs=1e-3)
    assert set(found) == set(NUMBERS)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda image: image // 6, "darker"),
        (lambda image: 255 - (255 - image) // 6, "brighter"),
        (lambda image: np.repeat(image.mean(-1, keepdims=True).astype(np.uint8), 3, -1), "greyer"),
        (lambda image: cv2.GaussianBlur(image, (0, 0), 6), "blurrier"),
        (lambda image: np.clip(image + np.array([90, 0, -40]), 0, 255).astype(np.uint8), "redder"),
    ],
)
def test_what_is_changed_is_told(tmp_path: Path, image: np.ndarray, change, word: str) -> None:
    """The usual range is of pictures like the unchanged one."""
    rng = np.random.default_rng(5)
    looks = []
    for k in range(20):
        like = np.clip(image * rng.uniform(0.8, 1.2) + rng.normal(0, 4, 3), 0, 255).astype(np.uint8)
        looks.append(appearance(written(tmp_path, f"like_{k}", like)))
    usual = usual_range(looks)
    card = replace(load_card(), appearance=usual)
    assert look_cautions(written(tmp_path, "same", image), card) == ()
    (sentence,) = look_cautions(written(tmp_path, "changed", change(image)), card)
    assert word in sentence
    assert sentence.endswith(".")


def test_no_data_is_not_dark(tmp_path: Path, image: np.ndarray) -> None:
    import rasterio

    profile = {"driver": "GTiff", "height": 320, "width": 320, "count": 3, "dtype": "uint8", "nodata": 0}
    half = image.copy()
    half[:160] = 0
    for name, picture in (("half", half), ("none", np.zeros_like(image))):
        with rasterio.open(tmp_path / f"{name}.tif", "w", **profile) as file:
            file.write(picture.transpose(2, 0, 1))
    whole = appearance(written(tmp_path, "whole", image))
    lower = appearance(open_scene(tmp_path / "half.tif", gsd=0.5))
    assert whole is not None
    assert lower is not None
    assert lower["brightness"] == pytest.approx(whole["brightness"], abs=6)
    assert appearance(open_scene(tmp_path / "none.tif", gsd=0.5)) is None
    assert unlike(None, {"brightness": [10, 20]}) == []


def test_every_topic_has_a_caution_of_its_own() -> None:
    segmenter = UNetSegmenter()
    for topic in segmenter.topics:
        (sentence,) = area_cautions([topic], segmenter.card)
        assert "errs" in sentence
        assert sentence.endswith(".")


def test_counts_are_judged_beside_areas() -> None:
    area = {"low": 0.8, "high": 1.25, "median": 1.0, "share": 0.8, "images": 20}
    card = replace(load_card(), area_error={"roof": area}, count_error={"roof": {**area, "low": 0.5}})
    (sentence,) = area_cautions(["roof"], card)
    assert "true area was 0.8 to 1.2 times" in sentence
    assert "true number 0.5 to 1.2 times in 80 %" in sentence
    (hopeless,) = area_cautions(["roof"], replace(card, count_error={"roof": {**area, "high": 40}}))
    assert "numbers of buildings were too far off" in hopeless
    (unmeasured,) = area_cautions(["grass"], card)
    assert "not measured" in unmeasured


def night(image: np.ndarray) -> np.ndarray:
    dark = 0.18 * (image / 255) ** 1.6
    for y, x in np.random.default_rng(1).integers(20, 230, (30, 2)):
        dark[y - 1 : y + 2, x - 1 : x + 2] = 1, 0.9, 0.6
    return (255 * dark).astype(np.uint8)


def radar(image: np.ndarray) -> np.ndarray:
    speckled = image.mean(-1) * np.random.default_rng(1).gamma(1, 1, image.shape[:2])
    return np.repeat(speckled.clip(0, 255).astype(np.uint8)[..., None], 3, -1)


def drawing(image: np.ndarray) -> np.ndarray:
    blank = np.full_like(image, 255)
    for x in range(0, image.shape[1], 16):
        cv2.line(blank, (x, 0), (image.shape[1] - x, image.shape[0] - 1), (0, 0, 0), 1)
    return blank


def test_other_sensors_nights_and_drawings_are_told(data_dir: Path, tmp_path: Path) -> None:
    """Aerial images of places that were not trained on are like the others; what is made of them is not."""
    card, told = load_card(), {"as it is": 0, "night": 0, "radar": 0, "drawing": 0, "infrared": 0}
    paths = sorted((data_dir / "naip_trees").glob("*.tif"))[:12]
    for path in paths:
        scene = open_scene(path)
        infrared = np.moveaxis(scene.read(bands=(4, 1, 2)), 0, -1).astype(np.uint8)
        image = scene.read_rgb()
        made = {"as it is": image, "night": night(image), "radar": radar(image), "drawing": drawing(image)}
        for name, picture in {**made, "infrared": infrared}.items():
            told[name] += bool(look_cautions(written(tmp_path, name, picture), card))
    assert told["as it is"] == 0
    assert told["night"] == told["radar"] == told["drawing"] == len(paths)
    assert told["infrared"] >= 0.8 * len(paths)


def test_sentinel_2_is_told_by_its_scale(data_dir: Path) -> None:
    for path in sorted((data_dir / "s2_india").glob("*.jpg"))[:3]:
        said = UNetSegmenter().look(open_scene(path, gsd=10.0), ["water"]).cautions
        assert any("far coarser" in sentence and "do not rely" in sentence for sentence in said)
