"""Which segmenter a scene gets where nobody names one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

import planimeter
from planimeter.raster import Scene, open_scene
from planimeter.segment.choose import DYNAMIC_WORLD, segmenter_for

NINE = ["B02", "B03", "B04", "B05", "B06", "B07", "B08", "B11", "B12"]


def scene_of(path: Path, names: list[str], metres: float | None, dtype: type = np.uint16) -> Scene:
    bands = np.random.default_rng(1).integers(1, 250, (len(names), 20, 30)).astype(dtype)
    place = (
        {} if metres is None else {"crs": "EPSG:32633", "transform": Affine(metres, 0, 5e5, 0, -metres, 5e6)}
    )
    with rasterio.open(
        path, "w", driver="GTiff", count=len(names), height=20, width=30, dtype=dtype, **place
    ) as file:
        file.write(bands)
        file.descriptions = names
    return open_scene(path)


@pytest.mark.parametrize(
    ("names", "metres", "chosen"),
    [
        (NINE, 10, "index"),
        (["red", "green", "blue", "nir"], 3.1, "index"),
        (["red", "green", "blue", "nir"], 0.6, "efficientnet"),
        (["red", "green", "blue"], 0.5, "efficientnet"),
        (["red", "green", "blue"], None, "efficientnet"),
    ],
)
def test_by_bands_and_metres(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], metres: float | None, chosen: str
) -> None:
    monkeypatch.delenv(DYNAMIC_WORLD, raising=False)
    source, why = segmenter_for(scene_of(tmp_path / "s.tif", names, metres), None)
    assert source.name.startswith(chosen)
    assert bool(why) == (chosen == "index")
    if why:
        assert f"{metres:.3g} m is too coarse" in why[0]
        assert "by its band" in why[0]


def test_a_coarse_scene_in_three_colours_is_not_given_to_the_network_without_a_word(tmp_path: Path) -> None:
    source, why = segmenter_for(scene_of(tmp_path / "s.tif", ["red", "green", "blue"], 10, np.uint8), None)
    assert source.name.startswith("efficientnet")
    assert "--bands red=N,nir=N" in why[0]


def test_what_is_named_is_taken(tmp_path: Path) -> None:
    scene = scene_of(tmp_path / "s.tif", NINE, 10)
    source, why = segmenter_for(scene, "default")
    assert source.name.startswith("efficientnet")
    assert why == ()


def test_dynamic_world_where_its_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data_dir: Path
) -> None:
    folder = data_dir.parent / "models" / "dynamicworld"
    if not folder.is_dir():
        pytest.skip(f"no Dynamic World model at {folder}")
    monkeypatch.setenv(DYNAMIC_WORLD, str(folder))
    source, why = segmenter_for(scene_of(tmp_path / "s.tif", NINE, 10), None)
    assert source.name == "Dynamic World"
    assert "Dynamic World was asked" in why[0]
    source, _ = segmenter_for(scene_of(tmp_path / "t.tif", NINE, 30), None)
    assert source.name.startswith("index"), "pixels of 30 m are not Sentinel-2's"


def test_the_answer_says_which_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(DYNAMIC_WORLD, raising=False)
    scene = scene_of(tmp_path / "s.tif", NINE, 10)
    answer = planimeter.ask(scene, "What percentage is vegetation?")
    assert answer.segmenter.startswith("index")
    assert any("told by spectral indices" in text for text in answer.warnings)
    text = "answer = len(segment_image_from_path(IMAGE_PATH, ['water'])['shapes'])"
    assert any("told by spectral indices" in said for said in planimeter.run(text, scene).warnings)
