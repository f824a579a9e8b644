"""Vector files: valid geometry, right coordinates, all or nothing."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import example, given
from hypothesis.extra import numpy as hnp
from rasterio.crs import CRS

from planimeter.errors import SceneError, UsageError
from planimeter.spatial import (
    Layer,
    export,
    geometries,
    label_regions,
    subtract,
    write_geojson,
    write_geopackage,
)

MASKS = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14))
NORTH_UP = Affine(0.5, 0, 500_000, 0, -0.5, 4_600_000)
UTM = CRS.from_epsg(32633)
# A hole that touches the exterior, holes that touch each other, an island that touches its hole.
TOUCHING = np.array(
    [[1, 1, 1, 1, 1], [1, 0, 1, 0, 1], [1, 1, 0, 1, 1], [1, 0, 1, 0, 1], [0, 1, 1, 1, 1]], bool
)


def shapes_of(document: dict[str, Any]) -> list[Any]:
    return [shapely.from_geojson(json.dumps(feature["geometry"])) for feature in document["features"]]


@given(MASKS)
@example(TOUCHING)
def test_geometries_are_valid_and_cover_their_pixels(mask: np.ndarray) -> None:
    regions = label_regions(mask)
    shapes = geometries(regions)
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).tolist() == regions.area_pixels.tolist()
    y, x = np.nonzero(mask)
    for k, shape in enumerate(shapes):
        inside = shapely.contains_xy(shape, x + 0.5, y + 0.5)
        assert np.array_equal(inside, regions.labels[y, x] == k + 1)


@given(MASKS)
def test_cut_regions_are_valid(mask: np.ndarray) -> None:
    stripes = np.zeros(mask.shape, bool)
    stripes[:, ::3] = True
    regions, _ = subtract(label_regions(mask), stripes)
    shapes = geometries(regions)
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes).tolist() == regions.area_pixels.tolist()


@pytest.mark.parametrize(
    ("crs", "transform"),
    [
        (UTM, NORTH_UP),
        (UTM, Affine(0.5, 0, 500_000, 0, 0.5, 4_600_000)),
        (UTM, Affine(0.4, 0.3, 500_000, 0.3, -0.4, 4_600_000)),
        (UTM, Affine(0.01, 0, 500_000, 0, -0.01, 4_600_000)),
        (CRS.from_epsg(3857), Affine(0.3, 0, 4_000_000, 0, -0.3, -700_000)),
        (CRS.from_epsg(4326), Affine(1e-5, 0, 24.0, 0, -1e-5, 60.0)),
        (CRS.from_epsg(2263), Affine(1, 0, 980_000, 0, -1, 200_000)),
    ],
)
def test_geojson_is_wgs84_and_right_handed(tmp_path: Path, crs: CRS, transform: Affine) -> None:
    mask = np.random.default_rng(2).random((20, 24)) < 0.45
    mask[5:10, 5:10] = TOUCHING
    regions = label_regions(mask)
    path = write_geojson(tmp_path / "shapes.geojson", [Layer("roof", regions)], transform, crs)
    document = json.loads(path.read_text())
    assert "note" not in document
    shapes = shapes_of(document)
    assert shapely.is_valid(shapes).all()
    a, b, c, d, e, f = tuple(transform)[:6]
    to_degrees = pyproj.Transformer.from_crs(crs.to_wkt(), 4326, always_xy=True)
    for k, shape in enumerate(shapes):
        parts = shape.geoms if shape.geom_type == "MultiPolygon" else [shape]
        for part in parts:
            assert shapely.is_ccw(part.exterior)
            assert not any(shapely.is_ccw(hole) for hole in part.interiors)
        truth = geometries(regions.subset([k]))[0]
        corners = {
            tuple(np.round(to_degrees.transform(a * x + b * y + c, d * x + e * y + f), 6))
            for x, y in shapely.get_coordinates(truth).tolist()
        }
        found = {tuple(np.round(corner, 6)) for corner in shapely.get_coordinates(shape).tolist()}
        off = max(min(math.dist(one, other) for other in corners) for one in found)
        assert off < 2.1e-6
        assert len(shapely.get_coordinates(shape)) == len(shapely.get_coordinates(truth))


def test_files_are_the_same_whatever_is_traced_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(5).random((50, 60))
    layers = [Layer("roof", label_regions(random < 0.3)), Layer("roof", label_regions(random > 0.6))]
    found = []
    for name, most in (("whole", 1 << 19), ("many", 25)):
        monkeypatch.setattr(export, "_RUNS_AT_ONCE", most)
        text = write_geojson(tmp_path / f"{name}.geojson", layers, NORTH_UP, UTM).read_text()
        _, _, shapes, columns = pyogrio.raw.read(
            write_geopackage(tmp_path / f"{name}.gpkg", layers, NORTH_UP, UTM)
        )
        found.append((text, shapes.tolist(), [column.tolist() for column in columns]))
    assert found[0] == found[1]
    assert len(found[0][1]) == sum(len(layer.regions) for layer in layers)


def test_geojson_without_crs_is_in_pixels_and_says_so(tmp_path: Path) -> None:
    regions = label_regions(np.ones((2, 3), bool))
    for transform, crs in ((None, None), (NORTH_UP, None), (None, UTM)):
        path = write_geojson(tmp_path / "shapes.geojson", [Layer("water", regions)], transform, crs)
        document = json.loads(path.read_text())
        assert "pixels" in document["note"]
        assert document["features"][0]["geometry"] == {
            "type": "Polygon",
            "coordinates": [[[0, 0], [3, 0], [3, 2], [0, 2], [0, 0]]],
        }


def test_cells_without_crs_are_written_in_pixels(tmp_path: Path) -> None:
    """A scene laid out finer, in 2 x 2 cells a pixel: places in a file are still those of its pixels."""
    mask = np.zeros((8, 8), dtype=bool)
    mask[2:6, 4:7] = True
    path = write_geojson(tmp_path / "a.geojson", [Layer("roof", label_regions(mask))], None, None, cells=2)
    (feature,) = json.loads(path.read_text())["features"]
    assert shapely.geometry.shape(feature["geometry"]).bounds == (2.0, 1.0, 3.5, 3.0)


def test_attributes(tmp_path: Path) -> None:
    regions = label_regions(np.array([[1, 0, 1, 1]], bool), pixel_area=5000.0)
    layer = Layer(
        "roof", regions, {"distance_m": np.array([2.5, np.inf]), "role": "counted", "near": [True, False]}
    )
    document = json.loads(write_geojson(tmp_path / "a.geojson", [layer], NORTH_UP, UTM).read_text())
    assert [feature["properties"] for feature in document["features"]] == [
        {"topic": "roof", "id": 1, "area_pixels": 1, "area_m2": 5000.0, "area_ha": 0.5, "distance_m": 2.5}
        | {"role": "counted", "near": True},
        {"topic": "roof", "id": 2, "area_pixels": 2, "area_m2": 10000.0, "area_ha": 1.0, "distance_m": None}
        | {"role": "counted", "near": False},
    ]
    path = write_geopackage(tmp_path / "a.gpkg", [layer], NORTH_UP, UTM)
    meta, _, _, columns = pyogrio.raw.read(path, layer="roof")
    table = dict(zip(meta["fields"], columns, strict=True))
    assert table["id"].tolist() == [1, 2]
    assert table["area_m2"].tolist() == [5000.0, 10000.0]
    assert table["role"].tolist() == ["counted", "counted"]
    assert table["near"].tolist() == [True, False]
    assert table["distance_m"][0] == 2.5
    assert np.isnan(table["distance_m"][1])
    with pytest.raises(UsageError, match="attribute 'role' has 1 values for 2 regions"):
        write_geojson(tmp_path / "b.geojson", [Layer("roof", regions, {"role": ["x"]})], None, None)
    assert not (tmp_path / "b.geojson").exists()


def test_geopackage_is_in_the_scene_crs_with_a_layer_per_topic(tmp_path: Path) -> None:
    mask = np.random.default_rng(4).random((20, 24)) < 0.4
    roofs, water = label_regions(mask), label_regions(~mask)
    none = label_regions(np.zeros((20, 24), bool))
    path = tmp_path / "new folder" / "shapes.gpkg"
    layers = [Layer("roof", roofs), Layer("water", water), Layer("roof", roofs), Layer("solar", none)]
    for _ in range(2):  # the second time it replaces the first
        write_geopackage(path, layers, NORTH_UP, UTM)
    assert sorted(pyogrio.list_layers(path)[:, 0]) == ["roof", "solar", "water"]
    meta, _, wkb, _ = pyogrio.raw.read(path, layer="water")
    assert CRS.from_string(meta["crs"]) == UTM
    shapes = shapely.from_wkb(wkb)
    assert shapely.is_valid(shapes).all()
    assert shapely.area(shapes) == pytest.approx(water.area_pixels * 0.25)
    a, b = shapely.total_bounds(shapes)[:2]
    assert a == 500_000 + 0.5 * water.bbox[:, 0].min()
    assert b == 4_600_000 - 0.5 * water.bbox[:, 3].max()
    assert pyogrio.read_info(path, layer="roof")["features"] == 2 * len(roofs)
    assert pyogrio.read_info(path, layer="solar")["features"] == 0
    assert sorted(item.name for item in path.parent.iterdir()) == ["shapes.gpkg"]
    with pytest.raises(UsageError, match="at least one layer"):
        write_geopackage(path, [], NORTH_UP, UTM)
    with pytest.raises(UsageError, match="different attributes"):
        write_geopackage(path, [Layer("roof", roofs), Layer("roof", roofs, {"role": "x"})], NORTH_UP, UTM)


def test_geopackage_without_crs_is_in_pixels(tmp_path: Path) -> None:
    path = write_geopackage(
        tmp_path / "a.gpkg", [Layer("roof", label_regions(np.ones((2, 3), bool)))], None, None
    )
    meta, _, wkb, _ = pyogrio.raw.read(path)
    assert shapely.from_wkb(wkb)[0].bounds == (0, 0, 3, 2)
    assert "EPSG" not in str(meta["crs"])


def test_a_scene_across_the_antimeridian_stays_whole(tmp_path: Path) -> None:
    crs = CRS.from_epsg(32660)
    x, y = pyproj.Transformer.from_crs(4326, 32660, always_xy=True).transform(179.9999, 10.0)
    regions = label_regions(np.ones((10, 100), bool))
    path = write_geojson(tmp_path / "a.geojson", [Layer("water", regions)], Affine(1, 0, x, 0, -1, y), crs)
    west, _, east, _ = shapely.total_bounds(shapes_of(json.loads(path.read_text())))
    assert 179.9 < west < 180 < east < 180.1


def test_a_world_that_is_not_earth_is_refused(tmp_path: Path) -> None:
    moon = CRS.from_wkt(pyproj.CRS.from_user_input("IAU_2015:30100").to_wkt())
    layers = [Layer("barren", label_regions(np.ones((2, 2), bool)))]
    with pytest.raises(SceneError, match="write a GeoPackage"):
        write_geojson(tmp_path / "moon.geojson", layers, Affine(1, 0, 10, 0, -1, 10), moon)
    assert not list(tmp_path.iterdir())
    assert write_geopackage(tmp_path / "moon.gpkg", layers, Affine(1, 0, 10, 0, -1, 10), moon).exists()


@pytest.mark.parametrize(
    ("epsg", "x"),
    [(4326, lambda degrees: degrees), (3857, lambda degrees: degrees * 20037508.342789244 / 180)],
)
def test_a_scene_of_the_whole_world_is_not_torn(
    tmp_path: Path, epsg: int, x: Callable[[float], float]
) -> None:
    """A region that crosses Greenwich, and one wider than half the globe, stay what they are."""
    mask = np.zeros((36, 36), bool)
    mask[3, 17:20] = True  # 10 W to 20 E
    mask[10, 5:31] = True  # 130 W to 130 E
    mask[20, 0] = mask[20, 34] = True
    step = x(10.0)
    layer = Layer("water", label_regions(mask))
    path = write_geojson(
        tmp_path / "a.geojson", [layer], Affine(step, 0, x(-180.0), 0, -step, 0), CRS.from_epsg(epsg)
    )
    found = {tuple(np.round(shape.bounds[::2]).tolist()) for shape in shapes_of(json.loads(path.read_text()))}
    assert found == {(-10, 20), (-130, 130), (-180, -170), (160, 170)}


def test_each_region_across_the_antimeridian_stays_whole_and_others_keep_their_side(tmp_path: Path) -> None:
    mask = np.zeros((5, 40), bool)
    mask[0, 15:25], mask[2, 30:33], mask[4, 2:5] = True, True, True
    west = 178.0  # in degrees of 0.1, so that 180 lies in the middle
    transform = Affine(0.1, 0, west, 0, -0.1, 10)
    path = write_geojson(
        tmp_path / "a.geojson", [Layer("water", label_regions(mask))], transform, CRS.from_epsg(4326)
    )
    found = {
        tuple(np.round(shape.bounds[::2], 3).tolist()) for shape in shapes_of(json.loads(path.read_text()))
    }
    assert found == {(179.5, 180.5), (-179.0, -178.7), (178.2, 178.5)}
