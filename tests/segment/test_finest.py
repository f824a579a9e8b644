"""Labels finer than the scene: what is smaller than its pixels is counted, against the labels themselves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine
from scipy import ndimage

import planimeter
from planimeter.program import Limits
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter, StackSegmenter, finest

SIDE, TIMES = 30, 20  # pixels of 10 m, and how many of the labels' lie side by side in one
ROOF, WATER = 6, 5
GRID = Affine(10, 0, 5e5, 0, -10, 5e6)
HOUSES = "How many buildings are there?"


def write(path: Path, values: np.ndarray, transform: Affine, crs: str = "EPSG:32633", **more: object) -> Path:
    values = values if values.ndim == 3 else values[None]
    kind = {"count": len(values), "height": values.shape[1], "width": values.shape[2], "dtype": "uint8"}
    with rasterio.open(path, "w", driver="GTiff", crs=crs, transform=transform, **kind, **more) as file:
        file.write(values.astype(np.uint8))
    return path


@pytest.fixture
def labels() -> np.ndarray:
    """(600, 600): a hundred houses of 6 by 6 m that lie 3 m apart in pairs, and a lake."""
    values = np.zeros((SIDE * TIMES, SIDE * TIMES))
    for k in range(50):
        row, column = divmod(k, 10)
        top, left = 70 + 50 * row, 70 + 50 * column
        values[top : top + 12, left : left + 12] = values[top : top + 12, left + 18 : left + 30] = ROOF
    values[400:470, 100:500] = WATER
    return values


@pytest.fixture
def place(tmp_path: Path, labels: np.ndarray) -> tuple[Path, LabelSegmenter]:
    """A scene whose corner of three pixels shows nothing, and the labels."""
    picture = np.full((3, SIDE, SIDE), 90)
    picture[:, :3, :3] = 0
    (tmp_path / "legend.json").write_text(f'{{"roof": [{ROOF}], "water": [{WATER}]}}')
    fine = write(tmp_path / "labels.tif", labels, GRID * Affine.scale(1 / TIMES))
    scene = write(tmp_path / "scene.tif", picture, GRID, nodata=0, photometric="RGB")
    return scene, LabelSegmenter(fine, tmp_path / "legend.json")


@pytest.mark.parametrize("limits", [None, Limits(tile=(128, 96))], ids=["whole", "tiled"])
def test_a_hundred_houses_are_a_hundred(
    place: tuple[Path, LabelSegmenter], labels: np.ndarray, limits: Limits | None
) -> None:
    scene, maps = place
    counted = planimeter.ask(scene, HOUSES, segmenter=maps, limits=limits)
    assert counted.answer == ndimage.label(labels == ROOF, np.ones((3, 3)))[1] == 100
    assert counted.gsd == pytest.approx(0.5)
    assert counted.warnings == [
        "20 pixels of the labels lie side by side in one of the scene: the answer was measured on a grid as fine as "
        "theirs."
    ]
    valid = labels.size - (3 * TIMES) ** 2
    share = planimeter.ask(scene, "What percentage of the image is buildings?", segmenter=maps, limits=limits)
    assert share.answer == pytest.approx(100 * (labels == ROOF).sum() / valid)
    lake = planimeter.ask(scene, "What is the total area of water in m²?", segmenter=maps, limits=limits)
    assert lake.answer == pytest.approx((labels == WATER).sum() * 0.25)


def test_the_evidence_lies_where_the_houses_are(place: tuple[Path, LabelSegmenter], tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    answer = planimeter.ask(place[0], HOUSES, segmenter=place[1])
    shapes = geopandas.read_file(answer.save(tmp_path / "out")["geopackage"], layer="roof")
    assert len(shapes) == 100
    assert shapes.area.to_numpy() == pytest.approx(36)
    first = shapes.geometry.iloc[0].bounds
    assert first == pytest.approx((5e5 + 35, 5e6 - 41, 5e5 + 41, 5e6 - 35))


def test_cells_show_the_pixels_they_lie_in(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    picture = rng.integers(1, 255, (3, 7, 9))
    picture[:, rng.random((7, 9)) < 0.3] = 0
    scene = open_scene(write(tmp_path / "s.tif", picture, GRID, nodata=0, photometric="RGB"))
    fine = scene.divided(3)
    assert (fine.shape, fine.scale.gsd) == ((21, 27), pytest.approx(10 / 3))
    whole = picture.astype(np.uint8).repeat(3, axis=1).repeat(3, axis=2)
    for box in ((0, 0, 27, 21), (4, 5, 20, 19), (1, 1, 2, 2), (24, 18, 27, 21)):
        x0, y0, x1, y1 = box
        assert np.array_equal(fine.read_rgb(box), np.moveaxis(whole[:, y0:y1, x0:x1], 0, 2))
        assert np.array_equal(fine.valid(box), whole[0, y0:y1, x0:x1] > 0)
    assert fine.read_rgb(out_shape=(7, 9)).shape == (7, 9, 3)


def test_what_does_not_fit_is_thinned_and_said(
    place: tuple[Path, LabelSegmenter], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finest, "MOST_CELLS", 1000)
    answer = planimeter.ask(place[0], HOUSES, segmenter=place[1])
    assert answer.gsd == 10
    assert "would be too large here, so they were thinned and small things may be lost" in answer.warnings[0]


def test_beside_a_model_the_scene_keeps_its_grid(place: tuple[Path, LabelSegmenter]) -> None:
    class Model:
        name, topics = "a model", ("forest",)

        def look(self, scene, topics, box=None):  # type: ignore[no-untyped-def]
            from planimeter.segment.base import Seen

            assert scene.cells == 1
            return Seen({topic: np.zeros(scene.shape, dtype=bool) for topic in topics})

        def fingerprint(self) -> str:
            return "model"

    both = StackSegmenter([place[1]], Model())
    answer = planimeter.ask(place[0], "How many buildings are within 50 m of forest?", segmenter=both)
    assert any("a model looks at the scene too" in each for each in answer.warnings)


@pytest.mark.parametrize(("ratio", "cells"), [(1, 1), (1.2, 1), (2, 2), (2.5, 3), (3.02, 3)])
def test_cells_are_no_larger_than_the_pixels_of_the_labels(tmp_path: Path, ratio: float, cells: int) -> None:
    size = round(SIDE * ratio)
    (tmp_path / "legend.json").write_text('{"roof": [6]}')
    fine = write(tmp_path / "labels.tif", np.full((size, size), 6), GRID * Affine.scale(1 / ratio))
    scene = open_scene(write(tmp_path / "s.tif", np.full((3, SIDE, SIDE), 90), GRID, photometric="RGB"))
    grid = finest.on_finest_grid(scene, LabelSegmenter(fine, tmp_path / "legend.json"), "['roof']")
    assert grid.cells == cells
