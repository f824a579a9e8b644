"""Objects have a least width: specks go, necks come apart, and parts of a scene still fit together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from scipy import ndimage

from planimeter.raster import Scene, open_scene
from planimeter.segment.inference import ModelCard, load_card
from planimeter.segment.inference.card import ObjectHead
from planimeter.segment.inference.predict import opened, whole_logits
from planimeter.segment.unet import UNetSegmenter


class Red:
    """A model with one object, whose logit is the picture's red."""

    def __init__(self, narrowest: float) -> None:
        head = ObjectHead("roof", threshold=128.0, narrowest=narrowest)
        self.card: ModelCard = replace(
            load_card(), land=("urban",), objects=(head,), contact=None, smooth=0, confusion={}
        )

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        return pictures[..., [1, 0]].transpose(0, 3, 1, 2).astype(np.float32)


def scene_of(folder: Path, red: np.ndarray, gsd: float | None) -> Scene:
    picture = np.zeros((*red.shape, 3), np.uint8)
    picture[..., 2] = red
    cv2.imwrite(str(folder / "scene.png"), picture)
    return open_scene(folder / "scene.png", gsd=gsd)


def test_a_plane_is_opened_as_its_masks_are() -> None:
    rng = np.random.default_rng(2)
    plane = cv2.GaussianBlur(rng.normal(0, 1, (90, 120)).astype(np.float32), (0, 0), 1.5)
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (7, 7))
    found = opened(plane, 3.0, 0.5)  # a radius of three pixels
    inner = np.s_[6:-6, 6:-6]  # scipy takes what lies beyond the border for nothing
    for level in (-0.1, 0.0, 0.1):
        expected = ndimage.binary_opening(plane > level, disc)
        np.testing.assert_array_equal((found > level)[inner], expected[inner])
    np.testing.assert_array_equal(opened(plane, 3.0, 4.0), plane)  # a pixel is wider than that anyway


def test_two_houses_with_a_neck_are_two_and_a_speck_is_none(tmp_path: Path) -> None:
    red = np.zeros((96, 128), np.uint8)
    red[20:50, 20:50] = red[20:50, 60:90] = 255
    red[34:37, 50:60] = 255  # a wall of 1.5 m between them
    red[70:73, 70:73] = 255
    scene = scene_of(tmp_path, red, 0.5)
    counts = {}
    for width in (0.0, 3.0):
        mask = UNetSegmenter(model=Red(width)).look(scene, ["roof"]).masks["roof"]
        counts[width] = ndimage.label(mask, np.ones((3, 3)))[1]
    assert counts == {0.0: 2, 3.0: 2}  # a pair and a speck; two houses
    mask = UNetSegmenter(model=Red(3.0)).look(scene, ["roof"]).masks["roof"]
    assert not mask[66:76, 66:76].any()
    assert mask[20:50, 20:50].mean() > 0.98


@pytest.mark.parametrize("gsd", [None, 0.25, 0.4, 1.0, 0.1, 2.0])
def test_parts_are_what_the_whole_scene_gives(tmp_path: Path, gsd: float | None) -> None:
    rng = np.random.default_rng(7)
    coarse = cv2.GaussianBlur(rng.normal(0, 1, (1300, 1200)).astype(np.float32), (0, 0), 12)
    red = (128 + 1500 * coarse).clip(0, 255).astype(np.uint8)
    segmenter = UNetSegmenter(model=Red(3.0))
    scene = scene_of(tmp_path, red, gsd)
    whole = segmenter.look(scene, ["roof"]).masks["roof"]
    assert 0.1 < whole.mean() < 0.9
    for box in ((0, 0, 700, 500), (511, 490, 1200, 1300), (640, 640, 660, 660)):
        part = segmenter.look(scene, ["roof"], box).masks["roof"]
        np.testing.assert_array_equal(part, whole[box[1] : box[3], box[0] : box[2]])


def test_windows_leave_no_seam(tmp_path: Path) -> None:
    """Where the network sees each pixel alone, windows give the opening of the whole plane."""
    rng = np.random.default_rng(8)
    red = (128 + 500 * cv2.GaussianBlur(rng.normal(0, 1, (1500, 1400)).astype(np.float32), (0, 0), 4)).clip(
        0, 255
    )
    scene = scene_of(tmp_path, red.astype(np.uint8), 0.25)
    plane = scene.read_rgb()[..., 0].astype(np.float32)
    found = whole_logits(scene, Red(3.0))[1]
    np.testing.assert_allclose(found[:1400, :1300], opened(plane, 3.0, 0.25)[:1400, :1300], atol=1e-3)
