"""Totals over scenes in degrees are of ground: whether they overlap or not, and on the grid of finer labels."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from rasterio.crs import CRS
from scipy import ndimage

from .asking import ask_all
from .conftest import LEGEND, Land, make_land, tile_boxes, write_tiles

# 10 to 58 degrees north: the ground of a pixel halves on the way.
GRID = Affine(0.2, 0, 5.0, 0, -0.2, 58.0)
GEOD = pyproj.Geod(ellps="WGS84")


def ground(land: Land) -> np.ndarray:
    """(H, W) hectares of each pixel, between meridians and parallels: parallels are followed in a thousand steps."""
    height, width = land.labels.shape
    rows = []
    for row in range(height):
        west, north = land.transform * (0, row)
        east, south = land.transform * (1, row + 1)
        lons = np.linspace(west, east, 1001)
        ring = np.append(lons, lons[::-1]), np.append(np.full(1001, south), np.full(1001, north))
        rows.append(GEOD.polygon_area_perimeter(*ring)[0] / 1e4)
    return np.repeat(np.array(rows)[:, None], width, axis=1)


@pytest.fixture(scope="module")
def land() -> Land:
    return Land(make_land(11).labels, GRID, CRS.from_epsg(4326))


@pytest.mark.parametrize("overlap", [0, 30])
def test_totals_are_those_of_the_ground(overlap: int, land: Land, tmp_path: Path) -> None:
    write_tiles(land, tmp_path / "in", tile_boxes(240, 240, side=120, overlap=overlap))
    hectares = ground(land)
    forest = land.is_topic("forest")
    area = ask_all("What is the area of forest in km²?", tmp_path / "in", tmp_path / "area")
    assert area.answer == pytest.approx((hectares * forest).sum() / 100, rel=1e-5)
    share = ask_all("What percentage of the image is forest?", tmp_path / "in", tmp_path / "share")
    assert share.answer == pytest.approx(100 * (hectares * forest).sum() / hectares.sum(), rel=1e-5)
    assert abs(share.answer - 100 * forest.mean()) > 0.01  # what counting pixels would have said


@pytest.mark.parametrize("overlap", [0, 30])
def test_who_is_larger_is_told_by_the_ground(overlap: int, tmp_path: Path) -> None:
    labels = np.full((240, 240), LEGEND["grass"][0], np.uint8)
    labels[:60] = LEGEND["forest"][0]  # in the north, where the ground of a pixel is less
    labels[-50:] = LEGEND["water"][0]
    land = Land(labels, GRID, CRS.from_epsg(4326))
    write_tiles(land, tmp_path / "in", tile_boxes(240, 240, side=120, overlap=overlap))
    hectares = ground(land)
    assert (hectares * land.is_topic("water")).sum() > (hectares * land.is_topic("forest")).sum()
    answer = ask_all("Which is larger, forest or water?", tmp_path / "in", tmp_path / "out")
    assert answer.answer == "water"
    assert ask_all("Is there more forest than water?", tmp_path / "in", tmp_path / "more").answer == "no"


@pytest.mark.parametrize("overlap", [0, 20])
def test_labels_finer_than_the_scenes_are_counted_on_their_own_grid(overlap: int, tmp_path: Path) -> None:
    fine = make_land(12, 240, 240, roofs=60)
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "legend.json").write_text(json.dumps(LEGEND))
    for number, (x0, y0, x1, y1) in enumerate(tile_boxes(240, 240, side=120, overlap=overlap)):
        part = fine.part((x0, y0, x1, y1))
        height, width = part.labels.shape
        options = {"driver": "GTiff", "dtype": "uint8", "crs": fine.crs}
        coarse = part.transform * Affine.scale(4)
        with rasterio.open(
            folder / f"t{number}.tif", "w", count=3, photometric="RGB", transform=coarse, height=height // 4,
            width=width // 4, **options,
        ) as file:  # fmt: skip
            file.write(np.full((3, height // 4, width // 4), 90, np.uint8))
        with rasterio.open(
            folder / f"t{number}_labels.tif",
            "w",
            count=1,
            transform=part.transform,
            height=height,
            width=width,
            **options,
        ) as file:
            file.write(part.labels, 1)
    boxes = tile_boxes(240, 240, side=120, overlap=overlap)
    roof = fine.is_topic("roof")
    # Each by itself: on the grid of its labels.
    kept = ask_all("How many buildings are there?", folder, tmp_path / "kept", overlap="keep")
    parts = [ndimage.label(roof[y0:y1, x0:x1], np.ones((3, 3)))[1] for x0, y0, x1, y1 in boxes]
    assert kept.answer == sum(parts)
    # Joined they share the grid of the scenes, which is said.
    ask_all("What is the total area of buildings in m²?", folder, tmp_path / "area")
    rows = [json.loads(line) for line in (tmp_path / "area" / "scenes.jsonl").read_text().splitlines()]
    said = [any("thinned" in warning for warning in row["cautions"]) for row in rows]
    assert len(said) == len(boxes)
    assert all(said)
