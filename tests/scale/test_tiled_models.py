"""Models see no seam between tiles: in the windows of the whole scene, a tile predicts those it needs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from planimeter.raster import open_scene
from planimeter.segment.fusion import FusionSegmenter, plan_from
from planimeter.segment.unet import UNetSegmenter
from planimeter.worlds import make_world

TOPICS = ("roof", "water", "forest", "urban")
CUTS = ((0, 700), (700, 1500))
Segmenter = UNetSegmenter | FusionSegmenter


def in_tiles(
    segmenter: Segmenter, path: Path, topics: tuple[str, ...], gsd: float | None
) -> dict[str, np.ndarray]:
    scene = open_scene(path, gsd=gsd)
    masks = {topic: np.zeros(scene.shape, bool) for topic in topics}
    ends = [(first, min(last, scene.height)) for first, last in CUTS if first < scene.height]
    for y0, y1 in ends:
        for x0, x1 in ends:
            seen = segmenter.look(scene, topics, (x0, y0, x1, y1))
            assert seen.valid is None
            for topic in topics:
                masks[topic][y0:y1, x0:x1] = seen.masks[topic]
    return masks


@pytest.mark.parametrize(("size", "gsd"), [(1500, 0.5), (720, 1.6)])
def test_the_default_model_sees_tiles_as_it_sees_the_whole(tmp_path: Path, size: int, gsd: float) -> None:
    path = make_world(seed=8, size=size, gsd=gsd).write(tmp_path)["image"]
    segmenter = UNetSegmenter()
    whole = segmenter.look(open_scene(path), TOPICS).masks
    tiled = in_tiles(segmenter, path, TOPICS, None)
    for topic in TOPICS:
        assert np.mean(whole[topic] != tiled[topic]) < 0.001
    assert any(whole[topic].any() for topic in TOPICS)


def test_a_fusion_with_a_mode_filter_sees_tiles_as_it_sees_the_whole(tmp_path: Path) -> None:
    path = make_world(seed=8, size=720).write(tmp_path)["image"]
    plan = plan_from(
        {
            "models": {"own": {"card": "default"}},
            "land": {"water": ["own.water"], "forest": ["own.forest"], "grass": ["own.grass"]},
            "objects": {"roof": ["own.roof"]},
            "mode_filter_metres": 5,
        }
    )
    segmenter = FusionSegmenter(plan)
    topics = ("roof", "water", "grass")
    whole = segmenter.look(open_scene(path), topics).masks
    tiled = in_tiles(segmenter, path, topics, None)
    for topic in topics:
        assert np.mean(whole[topic] != tiled[topic]) < 0.001
