"""Mosaics: the counts that the generator gives are those of the pixels it wrote."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from scipy import ndimage

from planimeter.errors import UsageError
from planimeter.raster import open_scene
from planimeter.worlds.mosaic import write_mosaic
from planimeter.worlds.style import LABELS


def test_counts_are_exact_and_bytes_repeat(tmp_path: Path) -> None:
    first, again = (
        write_mosaic(tmp_path / name, seed=2, size=1024, density=8, distinct=3, block=512)
        for name in ("a", "b")
    )
    for kind in ("labels", "image", "legend", "truth"):
        assert first.paths[kind].read_bytes() == again.paths[kind].read_bytes()
    with rasterio.open(first.paths["labels"]) as file:
        labels = file.read(1)
    for kind, count in first.objects.items():
        assert ndimage.label(labels == LABELS[kind], np.ones((3, 3)))[1] == count
    assert first.objects["roof"] > 10
    assert first.pixels == {topic: int((labels == value).sum()) for topic, value in LABELS.items()}
    assert json.loads(first.paths["truth"].read_text())["objects"] == first.objects
    scene = open_scene(first.paths["image"])
    assert (scene.shape, scene.scale and scene.scale.gsd) == ((1024, 1024), 0.5)


def test_no_object_touches_a_block(tmp_path: Path) -> None:
    mosaic = write_mosaic(tmp_path, seed=3, size=768, density=4, distinct=2, block=256)
    with rasterio.open(mosaic.paths["labels"]) as file:
        labels = file.read(1)
    for kind in ("roof", "solar"):
        mask = labels == LABELS[kind]
        assert not mask[255::256].any()
        assert not mask[::256].any()
        assert not mask[:, 255::256].any()
        assert not mask[:, ::256].any()


def test_sizes_that_blocks_do_not_fill_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="a multiple of 2048"):
        write_mosaic(tmp_path, seed=1, size=3000)
