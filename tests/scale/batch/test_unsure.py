"""How much of the ground a model is not sure of, over many scenes: each pixel once, against numpy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine

from planimeter.raster import Scene
from planimeter.scale.batch import MapPatterns, Options, batch, maps
from planimeter.segment import StackSegmenter
from planimeter.segment.base import Seen, shape_of
from planimeter.table import Table

from .conftest import CRS_UTM, HALF_METRE, Here, tile_boxes

SIDE = 160
FOREST = "What percentage of the image is forest?"


class Reds:
    """Forest where it is red; not sure about middle reds. Water is where it is blue."""

    name = "reds"
    topics = ("forest", "water")
    parts = True

    def look(self, scene: Scene, topics: Sequence[str], box: Any = None) -> Seen:
        picture = scene.read_rgb() if box is None else scene.read_rgb(box)
        assert picture.shape[:2] == shape_of(scene, box)
        masks = {"forest": picture[..., 0] > 128, "water": picture[..., 2] > 128}
        unsure = {"forest": doubtful(picture)}
        return Seen(
            {topic: masks[topic] for topic in topics},
            unsure={topic: mask for topic, mask in unsure.items() if topic in topics},
        )

    def fingerprint(self) -> str:
        return self.name


def doubtful(picture: np.ndarray) -> np.ndarray:
    return np.abs(picture[..., 0].astype(int) - 128) < 40


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    """Redder, and so less sure, towards the east."""
    rng = np.random.default_rng(6)
    found = rng.integers(0, 256, (SIDE, SIDE, 3), np.uint8)
    found[..., 0] = np.clip(rng.normal(40, 30, (SIDE, SIDE)) + np.arange(SIDE) * 0.6, 0, 255)
    return found


@pytest.fixture
def reds(monkeypatch: pytest.MonkeyPatch, here: Here) -> MapPatterns:
    monkeypatch.setattr(maps, "_models", {})
    monkeypatch.setattr(maps, "find_segmenter", lambda name: StackSegmenter([Reds()]))
    return MapPatterns(segmenter="reds")


def write_parts(picture: np.ndarray, folder: Path, boxes: Sequence[tuple[int, int, int, int]]) -> Path:
    folder.mkdir()
    for number, (x0, y0, x1, y1) in enumerate(boxes):
        with rasterio.open(
            folder / f"part{number}_2020-01-0{number + 1}.tif", "w", driver="GTiff", width=x1 - x0, height=y1 - y0,
            count=3, dtype="uint8", crs=CRS_UTM, transform=HALF_METRE * Affine.translation(x0, y0),
        ) as file:  # fmt: skip
            file.write(picture[y0:y1, x0:x1].transpose(2, 0, 1))
    return folder


def records(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{name}.jsonl").read_text().splitlines()]


APART = [(0, 0, 60, SIDE), (64, 0, SIDE, 100)]


def test_scenes_that_lie_apart(picture: np.ndarray, reds: MapPatterns, tmp_path: Path) -> None:
    where = write_parts(picture, tmp_path / "in", APART)
    answer = batch(FOREST, [str(where)], tmp_path / "out", Options(reds, workers=1))
    doubt = doubtful(picture)
    wanted = [doubt[y0:y1, x0:x1].mean() for x0, y0, x1, y1 in APART]
    assert [row["not_sure"] for row in records(tmp_path / "out", "scenes")] == pytest.approx(
        [100 * share for share in wanted]
    )
    sizes = [(x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in APART]
    together = np.average(wanted, weights=sizes)
    (said,) = [note for note in answer.notes if "not sure" in note]
    assert f"of forest on {100 * together:.0f} % of the ground" in said


def test_scenes_that_overlap_say_it_of_each_pixel_once(
    picture: np.ndarray, reds: MapPatterns, tmp_path: Path
) -> None:
    where = write_parts(picture, tmp_path / "in", tile_boxes(SIDE, SIDE, 100, 40))
    answer = batch(FOREST, [str(where)], tmp_path / "out", Options(reds, workers=1))
    assert answer.units == 1
    (unit,) = records(tmp_path / "out", "units")
    assert unit["not_sure"] == pytest.approx(100 * doubtful(picture).mean())


def test_what_a_model_does_not_say_is_left_empty(
    picture: np.ndarray, reds: MapPatterns, tmp_path: Path
) -> None:
    where = write_parts(picture, tmp_path / "in", APART)
    question = "What percentage of the image is water?"
    answer = batch(question, [str(where)], tmp_path / "out", Options(reds, workers=1))
    assert all("not_sure" not in row for row in records(tmp_path / "out", "scenes"))
    assert not any("not sure" in note for note in answer.notes)


@pytest.mark.parametrize("overlap", [0, 40])
def test_by_zone(picture: np.ndarray, reds: MapPatterns, tmp_path: Path, overlap: int) -> None:
    boxes = tile_boxes(SIDE, SIDE, 100, 40) if overlap else [(0, 0, 80, SIDE), (84, 0, SIDE, SIDE)]
    where = write_parts(picture, tmp_path / "in", boxes)
    a, _, c, _, e, f = HALF_METRE[:6]
    edges = ((10, 10, 120, 70), (90, 50, 150, 150))
    polygons = [shapely.box(c + a * x0, f + e * y1, c + a * x1, f + e * y0) for x0, y0, x1, y1 in edges]
    pyogrio.raw.write(
        tmp_path / "zones.gpkg", shapely.to_wkb(np.array(polygons)), [np.array(["one", "two"], object)],
        np.array(["NAME"], object), geometry_type="Polygon", crs=CRS_UTM.to_wkt(),
    )  # fmt: skip
    options = Options(reds, workers=1, zones=tmp_path / "zones.gpkg", zone_name="NAME")
    answer = batch(FOREST, [str(where)], tmp_path / "out", options)
    assert isinstance(answer.answer, Table)
    shown = np.zeros((SIDE, SIDE), bool)
    for x0, y0, x1, y1 in boxes:
        shown[y0:y1, x0:x1] = True
    inside = []
    for x0, y0, x1, y1 in edges:
        zone = np.zeros((SIDE, SIDE), bool)
        zone[y0:y1, x0:x1] = True
        inside.append(zone & shown)
    inside.append(inside[0] | inside[1])
    doubt = doubtful(picture)
    assert answer.answer.column("zone") == ["one", "two", "all zones"]
    assert answer.answer.column("not sure") == pytest.approx([100 * doubt[zone].mean() for zone in inside])


def test_by_date(picture: np.ndarray, reds: MapPatterns, tmp_path: Path) -> None:
    where = write_parts(picture, tmp_path / "in", APART)
    answer = batch(f"{FOREST[:-1]} by date?", [str(where)], tmp_path / "out", Options(reds, workers=1))
    assert isinstance(answer.answer, Table)
    doubt = doubtful(picture)
    assert answer.answer.column("not sure") == pytest.approx(
        [100 * doubt[y0:y1, x0:x1].mean() for x0, y0, x1, y1 in APART]
    )
