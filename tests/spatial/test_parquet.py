"""GeoParquet: read back by geopandas with CRS, attributes and provenance."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from affine import Affine
from rasterio.crs import CRS

from planimeter.spatial import (
    Layer,
    export,
    geometries,
    label_regions,
    read_provenance,
    subtract,
    write_geoparquet,
)

geopandas = pytest.importorskip("geopandas")
pytest.importorskip("pyarrow")
NORTH_UP = Affine(0.5, 0, 500_000, 0, -0.5, 4_600_000)
UTM = CRS.from_epsg(32633)
MASK = np.random.default_rng(3).random((40, 50)) < 0.3


def test_round_trip_with_crs_attributes_and_provenance(tmp_path: Path) -> None:
    roofs = label_regions(MASK, pixel_area=0.25)
    water, _ = subtract(label_regions(~MASK, pixel_area=0.25), MASK[::-1, ::-1])
    distances = np.linspace(0, 9, len(roofs))
    distances[0] = np.inf
    layers = [Layer("roof", roofs, {"distance_m": distances, "near": True}), Layer("water", water)]
    origin = {"scene": "a.tif", "segmenter": "labels é"}
    path = write_geoparquet(tmp_path / "new" / "shapes.parquet", layers, NORTH_UP, UTM, origin)
    table = geopandas.read_parquet(path)
    assert table.crs == UTM.to_wkt()
    assert read_provenance(path) == origin
    assert table["topic"].tolist() == ["roof"] * len(roofs) + ["water"] * len(water)
    assert table["area_m2"].tolist() == [*roofs.area_m2.tolist(), *water.area_m2.tolist()]  # type: ignore[union-attr]
    assert table["geometry"].is_valid.all()
    assert np.allclose(table.area, table["area_m2"])
    assert np.isnan(table["distance_m"].iloc[0])
    assert table["distance_m"].iloc[1 : len(roofs)].tolist() == distances[1:].tolist()
    assert table["near"].iloc[: len(roofs)].all()
    assert table["near"].iloc[len(roofs) :].isna().all()
    first = shapely.affinity.affine_transform(geometries(roofs)[0], [0.5, 0, 0, -0.5, 500_000, 4_600_000])
    assert shapely.equals(table.geometry.iloc[0], first)


def test_readers_may_skip_by_bounding_box(tmp_path: Path) -> None:
    regions = label_regions(MASK)
    path = write_geoparquet(tmp_path / "a.parquet", [Layer("roof", regions)], NORTH_UP, UTM)
    west = geopandas.read_parquet(path, bbox=(500_000, 4_599_900, 500_005, 4_600_000))
    assert 0 < len(west) < len(regions)


def test_rows_are_the_same_whatever_the_size_of_row_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layers = [Layer("roof", label_regions(MASK))]
    once = geopandas.read_parquet(write_geoparquet(tmp_path / "a.parquet", layers, NORTH_UP, UTM))
    monkeypatch.setattr(export, "_RUNS_AT_ONCE", 20)
    many = geopandas.read_parquet(write_geoparquet(tmp_path / "b.parquet", layers, NORTH_UP, UTM))
    assert once.equals(many)


def test_longitude_and_latitude_on_request_and_pixels_without_a_crs(tmp_path: Path) -> None:
    layers = [Layer("roof", label_regions(MASK))]
    degrees = geopandas.read_parquet(
        write_geoparquet(tmp_path / "a.parquet", layers, NORTH_UP, UTM, geographic=True)
    )
    assert degrees.crs == "OGC:CRS84"
    assert degrees.total_bounds[0] == pytest.approx(15.0, abs=0.01)
    path = write_geoparquet(tmp_path / "b.parquet", layers, None, None)
    pixels = geopandas.read_parquet(path)
    assert pixels.crs is None
    assert pixels.area.sum() == MASK.sum()
    assert read_provenance(path) == {}


def test_a_table_without_shapes_is_a_table(tmp_path: Path) -> None:
    nothing = label_regions(np.zeros((4, 4), bool))
    for layers in ([], [Layer("roof", nothing)]):
        assert len(geopandas.read_parquet(write_geoparquet(tmp_path / "a.parquet", layers, None, None))) == 0


def test_metadata_follow_the_specification(tmp_path: Path) -> None:
    from pyarrow import parquet as files

    path = write_geoparquet(tmp_path / "a.parquet", [Layer("roof", label_regions(MASK))], NORTH_UP, UTM)
    geo = json.loads(files.read_schema(path).metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["columns"][geo["primary_column"]]["crs"]["id"] == {"authority": "EPSG", "code": 32633}
