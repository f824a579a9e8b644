"""Ground that several scenes show is counted once, and regions that cross seams are whole."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from affine import Affine
from pyproj import Transformer
from rasterio.crs import CRS
from scipy import ndimage

from planimeter.scale.batch import MapPatterns

from .asking import ask_all, ask_one
from .conftest import LEGEND, NODATA, Here, Land, make_land, tile_boxes, write_tiles

EIGHT = np.ones((3, 3), bool)
BOXES = tile_boxes(240, 240, side=100, overlap=30)


@pytest.fixture(scope="module")
def land() -> Land:
    return make_land(3)


@pytest.fixture(scope="module")
def tiles(land: Land, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiles")
    write_tiles(land, folder, BOXES)
    land.write(folder / "whole", "whole")
    return folder


def test_a_count_over_overlapping_tiles_is_that_of_the_ground(
    land: Land, tiles: Path, tmp_path: Path
) -> None:
    answer = ask_all("How many buildings are there?", tiles, tmp_path)
    regions, count = ndimage.label(land.is_topic("roof"), EIGHT)
    assert answer.answer == count
    assert answer.units == 1
    rows = [json.loads(line) for line in (tmp_path / "scenes.jsonl").read_text().splitlines()]
    assert sum(row["answer"] for row in rows) > count  # what adding the tiles up would have said
    for row, (x0, y0, x1, y1) in zip(rows, BOXES, strict=True):
        assert row["answer"] == ndimage.label(regions[y0:y1, x0:x1] > 0, EIGHT)[1]
    assert answer.valid_pixels == land.labels.size


def test_an_area_with_a_distance_over_tiles_is_brute_force(land: Land, tiles: Path, tmp_path: Path) -> None:
    answer = ask_all("What is the area of forest within 20 m of a road, in m²?", tiles, tmp_path)
    near = ndimage.distance_transform_edt(~land.is_topic("road"), sampling=0.5) <= 20
    assert answer.answer == pytest.approx((near & land.is_topic("forest")).sum() * 0.25, rel=1e-12)


def test_features_of_one_layer_over_joined_tiles_are_counted_as_in_the_layer(
    land: Land, tiles: Path, tmp_path: Path
) -> None:
    # Terraced houses of 8 by 16 m over all seams, which share walls, and one speck.
    rows = [shapely.box(x, y, x + 16, y + 32) for y in (10, 90, 160) for x in range(5, 230, 16)]
    houses = [
        *(house.intersection(shapely.box(0, 0, 240, 240)) for house in rows),
        shapely.box(2, 2, 2.2, 2.2),
    ]
    places = [shapely.transform(house, lambda p: np.stack(land.transform * p.T, axis=1)) for house in houses]
    layer = tmp_path / "houses.gpkg"
    pyogrio.raw.write(
        layer,
        np.asarray(shapely.to_wkb(places), dtype=object),
        [np.arange(len(places))],
        ["number"],
        geometry_type="Polygon",
        crs="EPSG:32633",
    )
    maps = MapPatterns(vectors=(f"roof={layer}",))
    answer = ask_all("How many buildings are there?", tiles, tmp_path / "out", maps=maps)
    assert (answer.answer, answer.units) == (len(houses), 1)
    area = ask_all("What is the total area of buildings in m²?", tiles, tmp_path / "area", maps=maps)
    assert area.answer == pytest.approx(sum(house.area for house in houses) * 0.25 / 0.9996**2, rel=1e-4)


@pytest.mark.parametrize(
    "question",
    [
        "What is the median size of buildings in m²?",  # of joined scenes nothing needs combining
        "What is the average distance from houses to the nearest water?",
        "What percentage of the forest is within 30 m of water?",
        "What is the area of the second largest lake?",
    ],
)
def test_joined_tiles_answer_like_the_whole(question: str, tiles: Path, tmp_path: Path) -> None:
    whole = ask_one(question, tiles / "whole" / "whole.tif")
    assert ask_all(question, tiles, tmp_path).answer == whole.answer


def test_shapes_of_joined_scenes_are_written_once(land: Land, tiles: Path, tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    answer = ask_all("How many buildings are there?", tiles, tmp_path)
    shapes = geopandas.read_parquet(answer.files["shapes"])
    assert len(shapes) == answer.answer
    assert shapes.crs.to_epsg() == 32633
    assert shapes.area.sum() == pytest.approx(land.is_topic("roof").sum() * 0.25)
    for scene, (x0, y0, x1, y1) in zip(sorted(set(shapes["scene"])), BOXES, strict=False):
        assert scene.endswith(".tif"), scene
        assert x1 > x0
        assert y1 > y0


def test_keep_counts_every_scene_whole(tiles: Path, tmp_path: Path) -> None:
    joined = ask_all("How many buildings are there?", tiles, tmp_path / "joined")
    kept = ask_all("How many buildings are there?", tiles, tmp_path / "kept", overlap="keep")
    assert isinstance(kept.answer, int)
    assert isinstance(joined.answer, int)
    assert kept.answer > joined.answer
    assert kept.units == len(BOXES)


def test_too_large_to_join_cuts_at_seams_but_counts_ground_once(
    land: Land, tiles: Path, tmp_path: Path
) -> None:
    answer = ask_all("What is the area of water in m²?", tiles, tmp_path, most_joined=20_000)
    assert answer.answer == pytest.approx(land.is_topic("water").sum() * 0.25, rel=1e-12)
    assert answer.valid_pixels == land.labels.size
    assert any("seams" in note for note in answer.notes)


def test_where_the_first_scene_shows_nothing_the_next_one_counts(tmp_path: Path) -> None:
    land = make_land(5, 120, 200)
    holed = land.labels.copy()
    holed[30:80, 90:120] = NODATA
    Land(holed).part((0, 0, 120, 120)).write(tmp_path / "in", "a")
    land.part((80, 0, 200, 120)).write(tmp_path / "in", "b")
    answer = ask_all("What percentage of the image is forest?", tmp_path / "in", tmp_path / "out")
    assert answer.answer == pytest.approx(land.is_topic("forest").mean() * 100, rel=1e-12)
    assert answer.valid_pixels == land.labels.size


def test_grids_that_do_not_agree_leave_out_what_earlier_scenes_show(tmp_path: Path) -> None:
    land = make_land(6, 150, 150)
    first = land.part((0, 0, 90, 150))
    # The second scene lies on a grid that is shifted by 0.3 pixels to the right and down.
    shifted = Land(land.labels[:, 60:], land.transform * Affine.translation(60.3, 0.3))
    first.write(tmp_path / "in", "a")
    shifted.write(tmp_path / "in", "b")
    answer = ask_all("What is the area of grass in m²?", tmp_path / "in", tmp_path / "out")
    columns = 60.3 + np.arange(90) + 0.5
    rows = 0.3 + np.arange(150) + 0.5
    mine = ~((columns[None, :] < 90) & (rows[:, None] < 150))
    expected = first.is_topic("grass").sum() + (shifted.is_topic("grass") & mine).sum()
    assert answer.answer == expected * 0.25
    assert answer.units == 2
    assert any("another grid" in note for note in answer.notes)


TENTH = Affine(0.1, 0, 500_000, 0, -0.1, 5_000_000)


def drifting(folder: Path, starts: dict[str, float], width: int) -> None:
    """Forest of 20 rows in pixels of 10 cm, as tiles that begin so many pixels from the origin."""
    for name, start in starts.items():
        labels = np.full((20, width), LEGEND["forest"][0], np.uint8)
        Land(labels, TENTH * Affine.translation(start, 0)).write(folder, name)


@pytest.mark.parametrize("width", [50, 60])
def test_tiles_whose_origins_drift_by_parts_of_a_pixel_count_ground_once(
    width: int, tmp_path: Path, here: Here
) -> None:
    """Neighbours agree to 0.04 pixels, the third and the first only to 0.08."""
    drifting(tmp_path / "in", {"a": 0, "b": 50.04, "c": 100.08}, width)
    answer = ask_all("What is the area of forest in m2?", tmp_path / "in", tmp_path / "out")
    # The first two lie on one grid; of the third counts what has its centre on no pixel of the second.
    third = 100.08 + np.arange(width) + 0.5 >= 50.04 + width
    assert answer.answer == pytest.approx(20 * (50 + width + third.sum()) * 0.01)
    assert answer.units == 2


def test_what_the_first_tile_held_together_is_measured_without_it(tmp_path: Path, here: Here) -> None:
    drifting(tmp_path / "in", {"a": 50.04, "b": 0, "c": 100.08}, 50)
    (tmp_path / "in" / "a_labels.tif").write_bytes(b"no labels")
    answer = ask_all("What is the area of forest in m2?", tmp_path / "in", tmp_path / "out")
    assert answer.answer == pytest.approx(2 * 20 * 50 * 0.01)
    assert (answer.units, answer.answered) == (1, 2)


def test_scenes_in_other_crs_leave_out_what_earlier_scenes_show(tmp_path: Path) -> None:
    land = make_land(7, 120, 120)
    land.write(tmp_path / "in", "a")
    to_degrees = Transformer.from_crs(32633, 4326, always_xy=True)
    west, north = to_degrees.transform(500_030, 4_999_990)
    step = 0.5 / 111_000
    other = Land(make_land(8, 160, 160).labels, Affine(step, 0, west, 0, -step, north), CRS.from_epsg(4326))
    other.write(tmp_path / "in", "b")
    answer = ask_all("What is the area of grass in m²?", tmp_path / "in", tmp_path / "out")
    alone = [ask_one("What is the area of grass in m²?", tmp_path / "in" / f"{name}.tif") for name in "ab"]
    x, y = np.meshgrid(np.arange(160) + 0.5, np.arange(160) + 0.5)
    east, up = Transformer.from_crs(4326, 32633, always_xy=True).transform(west + step * x, north - step * y)
    column, row = (east - 500_000) / 0.5, (5_000_000 - up) / 0.5
    covered = (column >= 0) & (column < 120) & (row >= 0) & (row < 120)
    share = (other.is_topic("grass") & ~covered).sum() / other.is_topic("grass").sum()
    assert answer.answer == pytest.approx(alone[0].answer + alone[1].answer * share, rel=2e-3)


def test_pictures_without_a_place_never_overlap(land: Land, tmp_path: Path) -> None:
    write_tiles(land, tmp_path / "in", BOXES[:3], georeferenced=False)
    answer = ask_all("How many buildings are there?", tmp_path / "in", tmp_path / "out")
    assert answer.units == 3
    assert any("no georeference" in note for note in answer.notes)
