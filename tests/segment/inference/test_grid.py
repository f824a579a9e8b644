"""Resizing for the model, and back exactly onto the scene's grid."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.raster import Scene, open_scene
from planimeter.segment.inference import ModelCard, load_card
from planimeter.segment.inference.grid import MOST_ENLARGED, model_grid
from planimeter.segment.inference.predict import whole_logits


class Brightness:
    """A model whose logits are the picture's red and green."""

    def __init__(self) -> None:
        self.card: ModelCard = replace(
            load_card(), land=("urban", "water"), objects=(), contact=None, smooth=0
        )
        self.pixels = 0

    def logits(self, pictures: np.ndarray) -> np.ndarray:
        self.pixels += pictures.shape[1] * pictures.shape[2]
        return pictures[..., :2].transpose(0, 3, 1, 2).astype(np.float32)


def smooth_scene(folder: Path, height: int, width: int, gsd: float | None) -> Scene:
    rng = np.random.default_rng(5)
    coarse = rng.integers(0, 255, (5, 7, 3), dtype=np.uint8)
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    cv2.imwrite(str(folder / "scene.png"), picture)
    return open_scene(folder / "scene.png", gsd=gsd)


@pytest.mark.parametrize("gsd", [None, 0.33, 0.5, 0.85])
def test_a_scale_the_model_knows_is_left_alone(tmp_path: Path, gsd: float | None) -> None:
    scene = smooth_scene(tmp_path, 130, 75, gsd)
    assert model_grid(scene, Brightness().card).same
    found = whole_logits(scene, Brightness())
    np.testing.assert_array_equal(found, scene.read_rgb()[..., :2].transpose(2, 0, 1))


@pytest.mark.parametrize("gsd", [0.05, 0.12, 0.2, 0.24, 1.3, 1.7])
def test_other_scales_come_back_on_the_same_grid(tmp_path: Path, gsd: float) -> None:
    scene, model = smooth_scene(tmp_path, 1301, 997, gsd), Brightness()
    found = whole_logits(scene, model)
    assert found.shape == (2, 1301, 997)
    truth = scene.read_rgb()[..., :2].transpose(2, 0, 1).astype(np.float32)
    # A shift by half a pixel of the model would show as an error that grows with the slope.
    assert np.abs(found - truth)[:, 30:-30, 30:-30].max() < 6
    assert abs((found - truth)[:, 30:-30, 30:-30].mean()) < 0.3
    if gsd < 0.25:
        assert model.pixels < 1.8 * 1301 * 997 * (gsd / 0.5) ** 2 + 64 * 1400


def test_a_very_coarse_scene_is_enlarged_only_so_far(tmp_path: Path) -> None:
    grid = model_grid(smooth_scene(tmp_path, 60, 60, 10.0), Brightness().card)
    assert grid.factor_y == MOST_ENLARGED


def test_coarser_scenes_go_to_the_coarse_end_and_finer_ones_to_the_centre(tmp_path: Path) -> None:
    card = replace(Brightness().card, gsd_range=(0.25, 1.2), gsd_centre=0.5)
    for gsd, factor in ((1.8, 1.5), (2.4, 2.0), (0.1, 0.2), (1.2, 1.0), (0.25, 1.0), (0.2496, 1.0)):
        assert model_grid(smooth_scene(tmp_path, 60, 60, gsd), card).factor_y == pytest.approx(factor)


@pytest.mark.parametrize("gsd", [0.03, 0.21, 2.3])
def test_every_pixel_is_given_out_once(tmp_path: Path, gsd: float) -> None:
    scene = smooth_scene(tmp_path, 907, 1499, gsd)
    grid = model_grid(scene, Brightness().card)
    times = np.zeros(scene.shape, int)
    from planimeter.segment.inference.predict import predict

    for rows, columns, logits in predict(scene, Brightness()):
        assert logits.shape[1:] == times[rows, columns].shape
        times[rows, columns] += 1
    assert (times == 1).all()
    assert grid.rows.length == max(1, round(907 * grid.factor_y))


def test_specks_along_borders_are_smoothed_away(tmp_path: Path) -> None:
    """Averages over windows' blocks are the same as over the whole prediction."""
    rng = np.random.default_rng(2)
    cv2.imwrite(str(tmp_path / "noise.png"), rng.integers(0, 255, (1100, 1200, 3), dtype=np.uint8))
    scene, model = open_scene(tmp_path / "noise.png"), Brightness()
    plain = whole_logits(scene, model)
    model.card = replace(model.card, smooth=5)
    whole = np.stack([cv2.blur(plane, (5, 5)) for plane in plain])
    # At the picture's border the box reaches into what lies beyond, which the two mirror differently.
    np.testing.assert_allclose(whole_logits(scene, model)[:, 2:-2, 2:-2], whole[:, 2:-2, 2:-2], atol=1e-2)
