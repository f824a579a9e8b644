"""Zones over many scenes: one table, each pixel once, whatever the tiles; against numpy and shapely."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from affine import Affine
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy import ndimage

from planimeter.cli import group
from planimeter.errors import InputError, UsageError
from planimeter.table import Table

from .asking import ask_all
from .conftest import (
    CRS_UTM,
    HALF_METRE,
    LEGEND,
    NODATA,
    Box,
    Here,
    Land,
    make_land,
    tile_boxes,
    write_tiles,
)

SIDE = 240
EIGHT = np.ones((3, 3), int)
PIXEL = 0.25
FRAME = shapely.box(0, 0, SIDE, SIDE)


def cells(count: int, seed: int = 1) -> list[Any]:
    points = np.random.default_rng(seed).random((count, 2)) * SIDE
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=FRAME))
    return list(shapely.intersection(parts, FRAME))


def centres(polygon: Any) -> np.ndarray:
    y, x = np.mgrid[:SIDE, :SIDE] + 0.5
    return shapely.contains_xy(polygon, x, y)


def write_zones(
    file: Path, polygons: list[Any], transform: Affine = HALF_METRE, names: list[str] | None = None
) -> Path:
    a, b, c, d, e, f = transform[:6]
    placed = [shapely.affinity.affine_transform(polygon, [a, b, d, e, c, f]) for polygon in polygons]
    told = np.array(names or [f"District {k}" for k in range(len(polygons))], object)
    pyogrio.raw.write(
        file, shapely.to_wkb(np.array(placed)), [told], np.array(["NAME"], object),
        geometry_type="Polygon", crs=CRS_UTM.to_wkt(),
    )  # fmt: skip
    return file


def rows(answer: Any) -> dict[str, list[dict[str, Any]]]:
    assert isinstance(answer.answer, Table)
    assert answer.type == "table"
    found: dict[str, list[dict[str, Any]]] = {}
    for record in answer.answer.records():
        found.setdefault(str(record["zone"]), []).append(record)
    return found


@pytest.fixture(scope="module")
def land() -> Land:
    whole = make_land(31, SIDE, SIDE, roofs=60)
    whole.labels[200:, 200:] = NODATA
    return whole


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(2, 9), st.integers(0, 99), st.integers(90, 240), st.integers(0, 40))
def test_zones_that_share_the_ground_out_add_up_to_the_batch_whatever_the_tiles(
    tmp_path_factory: pytest.TempPathFactory,
    land: Land,
    here: Here,
    count: int,
    seed: int,
    side: int,
    overlap: int,
) -> None:
    folder = tmp_path_factory.mktemp("tiles")
    write_tiles(land, folder / "in", tile_boxes(SIDE, SIDE, side, overlap))
    polygons = cells(count, seed)
    zones = {"zones": write_zones(folder / "zones.gpkg", polygons), "zone_name": "NAME", "shapes": False}
    question = "What is the area of forest in m2?"
    answer = ask_all(question, folder / "in", folder / "out", **zones)
    whole = ask_all(question, folder / "in", folder / "plain", shapes=False)
    found = rows(answer)
    forest = land.is_topic("forest")
    wanted = [forest[centres(polygon)].sum() * PIXEL for polygon in polygons]
    areas = [found[f"District {k}"][0]["area"] for k in range(count)]
    assert areas == pytest.approx(wanted)
    assert sum(areas) == pytest.approx(whole.answer)
    assert found["all zones"][0]["area"] == pytest.approx(whole.answer)
    ground = [float((land.labels != NODATA)[centres(polygon)].sum()) for polygon in polygons]
    assert [found[f"District {k}"][0]["zone area"] for k in range(count)] == pytest.approx(
        [PIXEL * pixels / 1e4 for pixels in ground]
    )
    assert [found[f"District {k}"][0]["covered"] for k in range(count)] == pytest.approx(
        [100 * min(1, pixels / polygon.area) for pixels, polygon in zip(ground, polygons, strict=True)]
    )


APART: list[Box] = [(0, 0, 110, 240), (130, 0, 240, 110), (130, 130, 240, 240)]


def of_each_scene(mask: np.ndarray, where: np.ndarray) -> list[int]:
    """Pixels inside of a zone of every region of each scene that lies in it."""
    sizes: list[int] = []
    for x0, y0, x1, y1 in APART:
        numbers, _ = ndimage.label(mask[y0:y1, x0:x1], EIGHT)
        inside = np.bincount(numbers[where[y0:y1, x0:x1]], minlength=1)[1:]
        sizes += [size for size in inside.tolist() if size]
    return sizes


@pytest.mark.parametrize("tile", [None, (64, 64)])
def test_every_kind_of_question_is_combined_in_each_zone(
    tmp_path: Path, land: Land, here: Here, tile: tuple[int, int] | None
) -> None:
    write_tiles(land, tmp_path / "in", APART)
    polygons = cells(5, 3)
    options = {"zones": write_zones(tmp_path / "zones.gpkg", polygons), "zone_name": "NAME", "tile": tile}
    seen = np.zeros((SIDE, SIDE), bool)
    for x0, y0, x1, y1 in APART:
        seen[y0:y1, x0:x1] = True
    valid = seen & (land.labels != NODATA)
    roofs, forest = land.is_topic("roof"), land.is_topic("forest")
    count = rows(ask_all("How many buildings are there?", tmp_path / "in", tmp_path / "count", **options))
    mean = rows(
        ask_all("What is the average size of buildings in m2?", tmp_path / "in", tmp_path / "mean", **options)
    )
    share = rows(
        ask_all("What percentage of the image is forest?", tmp_path / "in", tmp_path / "share", **options)
    )
    more = rows(ask_all("Is there more forest than water?", tmp_path / "in", tmp_path / "more", **options))
    cover = rows(ask_all("land cover breakdown", tmp_path / "in", tmp_path / "cover", **options))
    for k, where in enumerate([*map(centres, polygons), np.ones((SIDE, SIDE), bool)]):
        name = f"District {k}" if k < 5 else "all zones"
        sizes = of_each_scene(roofs, where)
        assert count[name][0]["count"] == len(sizes)
        assert mean[name][0]["area"] == (pytest.approx(PIXEL * np.mean(sizes)) if sizes else None)
        inside = where & valid
        assert share[name][0]["share"] == pytest.approx(100 * forest[inside].sum() / inside.sum())
        water = land.is_topic("water")[inside].sum()
        assert more[name][0]["answer"] == ("yes" if forest[inside].sum() > water else "no")
        areas = {row["land cover"]: row["area"] for row in cover[name]}
        assert areas["forest"] == pytest.approx(forest[inside].sum() * PIXEL / 1e4)
        assert sum(row["share"] for row in cover[name]) == pytest.approx(100)


def test_a_median_is_that_of_the_zone_where_one_scene_shows_it(
    tmp_path: Path, land: Land, here: Here
) -> None:
    write_tiles(land, tmp_path / "in", APART)
    polygons = [shapely.box(5, 5, 100, 235), shapely.box(60, 20, 220, 100)]
    answer = ask_all(
        "What is the median size of buildings in m2?", tmp_path / "in", tmp_path / "out",
        zones=write_zones(tmp_path / "zones.gpkg", polygons), zone_name="NAME",
    )  # fmt: skip
    found = rows(answer)
    sizes = of_each_scene(land.is_topic("roof"), centres(polygons[0]))
    assert found["District 0"][0]["area"] == pytest.approx(PIXEL * np.median(sizes))
    assert found["District 1"][0]["area"] is None
    assert any("1 zone has no value: A median cannot be found" in note for note in answer.notes)


def test_a_ring_that_runs_over_itself_is_as_large_in_the_table_as_in_the_scenes(
    tmp_path: Path, land: Land, here: Here
) -> None:
    """Two squares in one ring, of which a quarter overlaps: 400 + 400 - 100 pixels twice over are 700."""
    write_tiles(land, tmp_path / "in", APART)
    ring = [(20, 20), (40, 20), (40, 40), (30, 40), (30, 30), (50, 30), (50, 50), (20, 50), (20, 20)]
    answer = ask_all(
        "What is the area of forest in m2?", tmp_path / "in", tmp_path / "out",
        zones=write_zones(tmp_path / "zones.gpkg", [shapely.Polygon(ring)]), zone_name="NAME",
    )  # fmt: skip
    inside = np.zeros((SIDE, SIDE), bool)
    inside[20:40, 20:40] = inside[30:50, 20:50] = True
    (row,) = rows(answer)["District 0"]
    assert row["zone area"] == pytest.approx(inside.sum() * PIXEL / 1e4, rel=1e-3)  # hectares
    assert row["covered"] == pytest.approx(100)


def test_what_no_scene_shows_of_zones_is_said(tmp_path: Path, land: Land, here: Here) -> None:
    write_tiles(land, tmp_path / "in", APART)
    polygons = [
        shapely.box(10, 10, 100, 100),
        shapely.box(90, 10, 150, 100),
        shapely.box(500, 500, 600, 600),
        shapely.box(20, 20, 60, 60),
    ]
    answer = ask_all(
        "What is the area of forest in m2?", tmp_path / "in", tmp_path / "out",
        zones=write_zones(tmp_path / "zones.gpkg", polygons), zone_name="NAME",
    )  # fmt: skip
    found = rows(answer)
    assert found["District 0"][0]["covered"] == pytest.approx(100)
    assert found["District 1"][0]["covered"] == pytest.approx(100 * 40 / 60)
    assert found["District 2"] == [{"zone": "District 2", "area": None, "zone area": 0.0, "covered": 0.0}]
    notes = " ".join(answer.notes)
    assert "1 of 4 zones lie in no scene" in notes
    assert "1 of 4 zones are covered in part by the scenes (the least is District 1, 66.7 %)" in notes
    assert "Zones overlap" in notes
    assert "For each of 4 zones" in answer.reading
    elsewhere = write_zones(tmp_path / "far.gpkg", [shapely.box(900, 900, 950, 950)])
    with pytest.raises(InputError, match="No scene shows a pixel of any zone"):
        ask_all("How many buildings?", tmp_path / "in", tmp_path / "far", zones=elsewhere)


@pytest.mark.parametrize(
    "polygons",
    [
        [shapely.box(10, 10, 60, 60)] * 3,
        [shapely.box(10, 10, 60, 60), shapely.box(40, 40, 100, 90), shapely.box(90, 10, 150, 100)],
    ],
    ids=["the same three times", "overlapping, one of them seen in part"],
)
def test_what_is_covered_of_all_zones_counts_overlaps_once(
    polygons: list[Any], tmp_path: Path, land: Land, here: Here
) -> None:
    write_tiles(land, tmp_path / "in", APART)
    answer = ask_all(
        "What is the area of forest in m2?", tmp_path / "in", tmp_path / "out",
        zones=write_zones(tmp_path / "zones.gpkg", polygons), zone_name="NAME",
    )  # fmt: skip
    union = shapely.union_all(polygons)
    shown = shapely.intersection(union, shapely.union_all([shapely.box(*box) for box in APART]))
    (row,) = rows(answer)["all zones"]
    assert row["covered"] == pytest.approx(100 * shown.area / union.area)
    assert row["zone area"] == pytest.approx(shown.area * PIXEL / 1e4)


@pytest.mark.parametrize("statistic", ["average", "median"])
@pytest.mark.parametrize("second", ["buildings", "no buildings"])
def test_a_zone_with_nothing_to_average_is_still_covered(
    second: str, statistic: str, tmp_path: Path, here: Here
) -> None:
    """The first zone reaches over two scenes and has its one building in the first of them."""
    labels = np.ones((SIDE, SIDE), np.uint8)
    labels[20:30, 20:40] = LEGEND["roof"][0]
    if second == "buildings":
        labels[150:160, 20:30] = LEGEND["roof"][0]
    labels[:, 100:110] = NODATA  # a part of the second zone
    write_tiles(Land(labels), tmp_path / "in", [(0, 0, SIDE, 120), (0, 120, SIDE, SIDE)])
    polygons = [shapely.box(0, 0, 60, 140), shapely.box(80, 0, 140, 80), shapely.box(80, 130, 140, 200)]
    answer = ask_all(
        f"What is the {statistic} size of buildings in m2?", tmp_path / "in", tmp_path / "out", overlap="keep",
        zones=write_zones(tmp_path / "zones.gpkg", polygons), zone_name="NAME",
    )  # fmt: skip
    found = rows(answer)
    valid = labels != NODATA
    ground = [(centres(polygon) & valid).sum() for polygon in polygons]
    for k, (polygon, pixels) in enumerate(zip(polygons, ground, strict=True)):
        (row,) = found[f"District {k}"]
        assert row["area"] == (pytest.approx(200 * PIXEL) if k == 0 else None)
        assert row["zone area"] == pytest.approx(pixels * PIXEL / 1e4)
        assert row["covered"] == pytest.approx(100 * pixels / polygon.area)
    (row,) = found["all zones"]
    assert row["area"] == pytest.approx(200 * PIXEL)
    assert row["zone area"] == pytest.approx(sum(ground) * PIXEL / 1e4)
    assert row["covered"] == pytest.approx(100 * sum(ground) / sum(polygon.area for polygon in polygons))
    assert not any("lie in no scene" in note for note in answer.notes)


def test_a_zone_may_be_called_like_the_row_of_all(tmp_path: Path, land: Land, here: Here) -> None:
    write_tiles(land, tmp_path / "in", APART)
    polygons = [shapely.box(10, 10, 60, 60), shapely.box(20, 130, 90, 200)]
    zones = write_zones(tmp_path / "zones.gpkg", polygons, names=["all zones", "Hill"])
    answer = ask_all(
        "What is the area of forest in m2?", tmp_path / "in", tmp_path / "out", zones=zones, zone_name="NAME"
    )
    found = rows(answer)
    assert list(found) == ["all zones", "Hill", "all zones together"]
    areas = [land.is_topic("forest")[centres(polygon)].sum() * PIXEL for polygon in polygons]
    assert [found[name][0]["area"] for name in found] == pytest.approx([*areas, sum(areas)])
    layer = pyogrio.read_dataframe(tmp_path / "out" / "zones.gpkg", layer="zones")
    assert layer["zone"].tolist() == ["all zones", "Hill"]


def test_by_zone_in_the_question_needs_zones_and_says_no_more_than_they_do(
    tmp_path: Path, land: Land, here: Here
) -> None:
    write_tiles(land, tmp_path / "in", APART)
    with pytest.raises(UsageError, match="give the zones with --zones FILE"):
        ask_all("How many buildings are there by zone?", tmp_path / "in", tmp_path / "none")
    zones = {"zones": write_zones(tmp_path / "zones.gpkg", cells(4, 5)), "zone_name": "NAME", "shapes": False}
    asked = [
        ask_all(
            f"How many buildings are there{words}?", tmp_path / "in", tmp_path / f"out{len(words)}", **zones
        )
        for words in ("", " by zone")
    ]
    assert asked[0].answer == asked[1].answer


def test_files_and_the_command_line(tmp_path: Path, land: Land) -> None:
    write_tiles(land, tmp_path / "in", APART)
    polygons = cells(4, 5)
    zones = write_zones(tmp_path / "zones.gpkg", polygons)
    given = ["batch", "How many buildings are there?", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    given += ["--labels", "{stem}_labels.tif", "--legend", "{folder}/legend.json", "--workers", "1"]
    given += ["--zones", str(zones), "--zone-name", "NAME"]
    done = CliRunner().invoke(group, given, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    assert "all zones" in done.output
    content = json.loads((tmp_path / "out" / "answer.json").read_text())
    assert content["type"] == "table"
    with (tmp_path / "out" / "zones.csv").open() as file:
        lines = list(csv.DictReader(file))
    assert [line["zone"] for line in lines] == [*(f"District {k}" for k in range(4)), "all zones"]
    assert [int(line["count"]) for line in lines] == [row["count"] for row in content["answer"]]
    layer = pyogrio.read_dataframe(tmp_path / "out" / "zones.gpkg", layer="zones")
    assert layer["count"].tolist() == [row["count"] for row in content["answer"][:-1]]
    a, b, c, d, e, f = HALF_METRE[:6]
    for shape, polygon in zip(layer.geometry, polygons, strict=True):
        placed = shapely.affinity.affine_transform(polygon, [a, b, d, e, c, f])
        assert shape.symmetric_difference(placed).area < 1e-6


def test_the_ledger_knows_zones(tmp_path: Path, land: Land, here: Here) -> None:
    write_tiles(land, tmp_path / "in", APART)
    question, out = "How many buildings are there?", tmp_path / "out"
    zones = write_zones(tmp_path / "zones.gpkg", cells(3, 5))
    first = ask_all(question, tmp_path / "in", out, zones=zones, zone_name="NAME")
    ran = len(here.ran)
    assert ask_all(question, tmp_path / "in", out, zones=zones, zone_name="NAME").answer == first.answer
    assert len(here.ran) == ran
    write_zones(tmp_path / "zones.gpkg", cells(4, 6))
    changed = ask_all(question, tmp_path / "in", out, zones=zones, zone_name="NAME")
    assert len(here.ran) == 2 * ran
    assert len(changed.answer) == 5


def test_exact_borders_add_up_over_scenes(tmp_path: Path, land: Land, here: Here) -> None:
    write_tiles(land, tmp_path / "in", APART)
    polygons = cells(6, 8)
    answer = ask_all(
        "What is the area of forest in m2?", tmp_path / "in", tmp_path / "out", border="exact",
        zones=write_zones(tmp_path / "zones.gpkg", polygons), zone_name="NAME",
    )  # fmt: skip
    y, x = np.mgrid[:SIDE, :SIDE]
    squares = shapely.box(x, y, x + 1, y + 1)
    seen = np.zeros((SIDE, SIDE), bool)
    for x0, y0, x1, y1 in APART:
        seen[y0:y1, x0:x1] = True
    forest = land.is_topic("forest") & seen
    found = rows(answer)
    for k, polygon in enumerate(polygons):
        inside = shapely.area(shapely.intersection(squares[forest], polygon)).sum() * PIXEL
        assert found[f"District {k}"][0]["area"] == pytest.approx(inside)
