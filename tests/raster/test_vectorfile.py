"""Vector files as people have them: FileGDB, GeoParquet, CSV, OSM, KML, zips; layers and conditions by name."""

from __future__ import annotations

import datetime
import gzip
import json
import os
import shutil
import warnings
import zipfile
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import CRS, Transformer
from rasterio.transform import from_origin
from shapely.geometry import box

from planimeter.errors import LabelError
from planimeter.raster import Scene, open_scene, vectorfile
from planimeter.raster.vector import VectorLayer, read_features
from planimeter.raster.vector_source import parse_source
from planimeter.raster.vectorfile import open_vector
from planimeter.raster.wkb import from_wkb

from .make import write_raster

HOUSES = [box(500_010 + 20 * i, 4_999_980, 500_020 + 20 * i, 4_999_990) for i in range(3)]
HEIGHTS = [2.0, 5.0, 9.0]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    """100 m of ground at 0.5 m."""
    path = tmp_path_factory.mktemp("scene") / "s.tif"
    values = np.zeros((200, 200), np.uint8)
    return open_scene(write_raster(path, values, crs="EPSG:32633", transform=from_origin(5e5, 5e6, 0.5, 0.5)))


def in_degrees(shapes: list[shapely.Geometry] = HOUSES) -> list[shapely.Geometry]:
    change = Transformer.from_crs(32633, 4326, always_xy=True)
    return [shapely.transform(s, lambda p: np.stack(change.transform(*p.T), axis=1)) for s in shapes]


def write(path: Path, shapes: list[shapely.Geometry] = HOUSES, layer: str = "houses", **more: object) -> Path:
    """Houses with their heights, in UTM unless told otherwise."""
    heights = np.resize(HEIGHTS, len(shapes))
    options = {"crs": "EPSG:32633", "geometry_type": "Polygon", **more}
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes, object)),
        [heights],
        np.array(["height"], object),
        layer=layer,
        **options,
    )
    return path


def check(found: VectorLayer, houses: list[int]) -> None:
    """That they are these houses, each where and as large as it is."""
    expected = [shapely.bounds(HOUSES[i]) for i in houses]
    expected = [
        ((x0 - 5e5) * 2, (5e6 - y1) * 2, (x1 - 5e5) * 2, (5e6 - y0) * 2) for x0, y0, x1, y1 in expected
    ]
    assert found.kind == "polygon"
    # Some formats sort what they hold, and OpenStreetMap rounds coordinates to a centimetre.
    bounds = shapely.bounds(found.pixels)
    assert bounds[np.argsort(bounds[:, 0])] == pytest.approx(np.array(expected), abs=0.03)


@pytest.mark.parametrize(
    "name", ["h.gpkg", "h.shp", "h.fgb", "h.geojson", "h.gdb", "h.gml", "h.sqlite", "h.parquet"]
)
def test_each_format_gives_the_same_houses(tmp_path: Path, scene: Scene, name: str) -> None:
    path = tmp_path / name
    if name == "h.parquet":
        geopandas = pytest.importorskip("geopandas")
        geopandas.GeoDataFrame({"height": HEIGHTS}, geometry=HOUSES, crs=32633).to_parquet(path)
    else:
        kind = {"h.gdb": "MultiPolygon"}.get(name, "Polygon")
        driver = {".gdb": "OpenFileGDB", ".gml": "GML", ".sqlite": "SQLite"}.get(path.suffix)
        shapes = [shapely.multipolygons([s]) for s in HOUSES] if kind == "MultiPolygon" else HOUSES
        write(path, shapes, geometry_type=kind, **({"driver": driver} if driver else {}))
    found = read_features(path, scene)
    check(found, [0, 1, 2])
    assert (found.outside, found.notes) == (0, ())
    check(read_features(f"{path}|where=height > 3", scene), [1, 2])


def test_several_layers_are_listed_and_one_is_taken_by_name(tmp_path: Path, scene: Scene) -> None:
    path = write(tmp_path / "town.gpkg", [box(5e5, 4_999_900, 500_100, 5e6)], layer="boundary")
    write(path, layer="buildings", append=True)
    with pytest.raises(LabelError, match="boundary, buildings"):
        read_features(path, scene)
    with pytest.raises(LabelError, match=r"no layer 'roofs'.*boundary, buildings"):
        read_features(f"{path}|layer=roofs", scene)
    for spelling in ("|layer=buildings", "|layername=buildings"):
        check(read_features(f"{path}{spelling}", scene), [0, 1, 2])
    check(read_features(f"{path}|layername=buildings|subset=height < 3", scene), [0])
    check(read_features(f"{path}|where=height < 3|layer=buildings", scene), [0])


def test_a_table_without_geometry_is_no_layer_to_choose(tmp_path: Path, scene: Scene) -> None:
    path = write(tmp_path / "town.gpkg")
    pyogrio.raw.write(
        path,
        None,
        [np.array([1])],
        np.array(["id"], object),
        layer="owners",
        append=True,
        geometry_type=None,
        crs=None,
    )
    check(read_features(path, scene), [0, 1, 2])


@pytest.mark.parametrize("text", ["a.gpkg|colour=red", "a.gpkg|layer=", "a.gpkg|layer=a|layername=b"])
def test_what_is_not_understood_after_the_path_is_refused(text: str) -> None:
    with pytest.raises(LabelError, match="layer=buildings"):
        parse_source(text)


@pytest.mark.parametrize("name", ["h.gpkg", "h.geojson", "h.shp", "h.fgb"])
def test_a_condition_that_cannot_be_used_is_refused(name: str, tmp_path: Path, scene: Scene) -> None:
    path = write(tmp_path / name)
    for where in ("storeys > 3", "height > ", "height > 99"):
        with pytest.raises(LabelError, match="condition"):
            read_features(f"{path}|where={where}", scene)


def test_the_folders_of_a_kml_are_one_layer(tmp_path: Path, scene: Scene) -> None:
    folders = "".join(
        f"<Folder><name>F{i}</name><Placemark><Polygon><outerBoundaryIs><LinearRing><coordinates>"
        + " ".join(f"{x:.9f},{y:.9f},0" for x, y in house.exterior.coords)
        + "</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Folder>"
        for i, house in enumerate(in_degrees())
    )
    path = tmp_path / "h.kml"
    path.write_text(f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{folders}</Document></kml>')
    found = read_features(path, scene)
    check(found, [0, 1, 2])
    assert len(set(found.index.tolist())) == 3
    check(read_features(f"{path}|layer=F1", scene), [1])
    if "LIBKML" not in pyogrio.list_drivers():
        pytest.skip("this GDAL was built without libkml, which .kmz needs")
    with zipfile.ZipFile(tmp_path / "h.kmz", "w") as archive:
        archive.write(path, "doc.kml")
    check(read_features(tmp_path / "h.kmz", scene), [0, 1, 2])


def table(path: Path, header: str, rows: list[str]) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_tables_of_wkt_and_of_coordinates(tmp_path: Path, scene: Scene) -> None:
    degrees = in_degrees()
    centres = [house.centroid for house in degrees]
    # Google Open Buildings: degrees are told by the columns beside the outlines.
    rows = [f'{c.y:.9f},{c.x:.9f},0.8,"{d.wkt}",X' for c, d in zip(centres, degrees, strict=True)]
    google = table(tmp_path / "g.csv", "latitude,longitude,confidence,geometry,full_plus_code", rows)
    check(read_features(google, scene), [0, 1, 2])
    with google.open("rb") as plain, gzip.open(tmp_path / "g.csv.gz", "wb") as packed:
        shutil.copyfileobj(plain, packed)
    check(read_features(tmp_path / "g.csv.gz", scene), [0, 1, 2])

    points = table(tmp_path / "p.csv", "name;lat;lon", [f"a;{c.y:.9f};{c.x:.9f}" for c in centres])
    found = read_features(points, scene)
    assert (found.kind, len(found.pixels)) == ("point", 3)

    utm = table(tmp_path / "u.csv", "id,WKT", [f'{i},"{house.wkt}"' for i, house in enumerate(HOUSES)])
    with pytest.raises(LabelError, match=r"\|crs="):
        read_features(utm, scene)
    check(read_features(f"{utm}|crs=EPSG:32633", scene), [0, 1, 2])
    with pytest.raises(LabelError, match="no CRS; give one"):
        read_features(f"{utm}|crs=here", scene)
    with pytest.raises(LabelError, match="column of places"):
        read_features(table(tmp_path / "n.csv", "id,name", ["1,a"]), scene)


def test_a_crs_that_contradicts_the_files_own_is_refused(tmp_path: Path, scene: Scene) -> None:
    path = write(tmp_path / "h.gpkg")
    check(read_features(f"{path}|crs=EPSG:32633", scene), [0, 1, 2])
    with pytest.raises(LabelError, match="itself"):
        read_features(f"{path}|crs=EPSG:4326", scene)


def test_layers_of_openstreetmap_are_taken_by_name(tmp_path: Path, scene: Scene) -> None:
    nodes, ways = [], []
    for i, house in enumerate(in_degrees()):
        ids = []
        for x, y in house.exterior.coords[:-1]:
            ids.append(len(nodes) + 1)
            nodes.append(f'<node id="{ids[-1]}" lat="{y:.9f}" lon="{x:.9f}" version="1"/>')
        refs = "".join(f'<nd ref="{n}"/>' for n in [*ids, ids[0]])
        tag = '<tag k="building" v="yes"/>' if i else '<tag k="natural" v="water"/>'
        ways.append(f'<way id="{100 + i}" version="1">{refs}{tag}</way>')
    path = tmp_path / "town.osm"
    path.write_text(f'<?xml version="1.0"?><osm version="0.6">{"".join(nodes + ways)}</osm>')
    with pytest.raises(LabelError, match="multipolygons"):
        read_features(path, scene)
    check(read_features(f"{path}|layer=multipolygons", scene), [0, 1, 2])
    check(read_features(f"{path}|layer=multipolygons|where=building IS NOT NULL", scene), [1, 2])


def test_zips_of_anything(tmp_path: Path, scene: Scene) -> None:
    write(tmp_path / "h.shp")
    write(
        tmp_path / "h.gdb",
        [shapely.multipolygons([s]) for s in HOUSES],
        driver="OpenFileGDB",
        geometry_type="MultiPolygon",
    )
    write(tmp_path / "h.gpkg")
    for name, files in {
        "shp.zip": sorted(tmp_path.glob("h.[sdpc]*[!k]")),
        "gdb.zip": sorted((tmp_path / "h.gdb").iterdir()),
        "gpkg.zip": [tmp_path / "h.gpkg"],
    }.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for file in files:
                if file.is_file():
                    archive.write(file, f"inner/{os.path.relpath(file, tmp_path)}")
        check(read_features(tmp_path / name, scene), [0, 1, 2])
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.write(tmp_path / "h.gpkg", "a.gpkg")
        archive.write(tmp_path / "h.gpkg", "b.gpkg")
    with pytest.raises(LabelError, match=r"a\.gpkg, b\.gpkg"):
        read_features(tmp_path / "two.zip", scene)
    check(read_features(f"{tmp_path}/two.zip/b.gpkg|layer=houses", scene), [0, 1, 2])
    (tmp_path / "bad.zip").write_bytes(b"PK no zip")
    with pytest.raises(LabelError, match="not a zip"):
        read_features(tmp_path / "bad.zip", scene)


def test_geoparquet_of_a_large_area_is_read_by_its_bounds(tmp_path: Path, scene: Scene) -> None:
    """Overture's: bounds of each row in a struct, named by the metadata, in single precision."""
    geopandas = pytest.importorskip("geopandas")
    rng = np.random.default_rng(3)
    far = [shapely.Point(*xy).buffer(1e-4) for xy in rng.uniform((-170, -60), (170, 80), (400, 2))]
    shapes = [*far[:200], *in_degrees(), *far[200:]]
    frame = geopandas.GeoDataFrame({"height": np.resize(HEIGHTS, len(shapes))}, geometry=shapes, crs=4326)
    path = tmp_path / "o.parquet"
    frame.to_parquet(path, write_covering_bbox=True, row_group_size=50)
    found = read_features(path, scene)
    check(found, [0, 1, 2])
    assert (found.index.tolist(), found.outside) == ([200, 201, 202], 400)
    chosen = read_features(f"{path}|where=height > 3", scene)
    rows = [i for i in range(403) if frame["height"][i] > 3]
    assert chosen.index.tolist() == [i for i in (200, 201, 202) if i in rows]
    assert chosen.outside == len(rows) - len(chosen.index)
    with pytest.raises(LabelError, match="condition"):
        read_features(f"{path}|where=1 = 1); DROP TABLE layer; --", scene)


def test_geoparquet_without_metadata_is_a_table(tmp_path: Path, scene: Scene) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    pandas.DataFrame({"a": [1]}).to_parquet(tmp_path / "t.parquet")
    with pytest.raises(LabelError, match="table without geometry"):
        read_features(tmp_path / "t.parquet", scene)


def test_curves_and_third_dimensions_are_read(tmp_path: Path, scene: Scene) -> None:
    """A GML arc, whose area is that of the circle."""
    path = tmp_path / "round.gml"
    arc = "500030 4999950 500050 4999970 500070 4999950 500050 4999930 500030 4999950"
    path.write_text(
        '<ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml/3.2">'
        '<ogr:featureMember><ogr:r gml:id="a"><ogr:g><gml:Polygon srsName="urn:ogc:def:crs:EPSG::32633"><gml:exterior>'
        f"<gml:Ring><gml:curveMember><gml:Curve><gml:segments><gml:ArcString><gml:posList>{arc}</gml:posList>"
        "</gml:ArcString></gml:segments></gml:Curve></gml:curveMember></gml:Ring></gml:exterior></gml:Polygon></ogr:g>"
        "</ogr:r></ogr:featureMember></ogr:FeatureCollection>"
    )
    found = read_features(path, scene)
    assert shapely.area(found.pixels) / 4 == pytest.approx([np.pi * 20**2], rel=1e-2)


def test_nothing_is_said_beside_the_notes(
    tmp_path: Path, scene: Scene, capfd: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "town.gpkg", layer="a")
    write(path, layer="b", append=True)
    with warnings.catch_warnings(record=True) as said:
        with pytest.raises(LabelError):
            read_features(path, scene)
        read_features(f"{path}|layer=a", scene)
    own = [
        one for one in said if not issubclass(one.category, PendingDeprecationWarning)
    ]  # affine's, of its future
    assert [str(one.message) for one in own] == []
    assert capfd.readouterr().err == ""


def test_large_layers_are_read_as_columns_to_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pyarrow")
    west, south = 500_000 + 40 * np.arange(30.0), 5_000_000 + 10 * np.arange(30.0)
    shapes = list(shapely.box(west, south, west + 9, south + 8))
    for name in ("a.gpkg", "a.fgb"):
        path = tmp_path / name
        pyogrio.raw.write(
            path, np.asarray(shapely.to_wkb(shapes), object), [np.arange(30)], ["number"],
            geometry_type="Polygon", crs="EPSG:32633", promote_to_multi=False,
        )  # fmt: skip
        for condition in ("", "|where=number > 11"):
            for boxes in (None, [(500_100.0, 4_999_000.0, 500_700.0, 5_010_000.0)]):
                found = []
                for many in (1, 10**9):
                    monkeypatch.setattr(vectorfile, "_MANY", many)
                    found.append(open_vector(parse_source(f"{path}{condition}")).read(boxes))
                columns, objects = found
                assert columns.index.tolist() == objects.index.tolist()
                assert (columns.total, columns.unread) == (objects.total, objects.unread)
                assert shapely.equals_exact(columns.shapes, objects.shapes).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.booleans())
def test_corners_tell_what_geos_says_of_quadrilaterals(seed: int, whole: bool) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 4, (300, 4, 2)).astype(float) if whole else rng.random((300, 4, 2))
    polygons = shapely.polygons(corners)
    polygons[::5] = shapely.buffer(shapely.points(corners[::5, 0]), 0.3)
    outlines = from_wkb(np.asarray(shapely.to_wkb(polygons), dtype=object))
    assert outlines.rings.all()
    assert outlines.valid_rings().tolist() == shapely.is_valid(polygons).tolist()


def test_features_of_one_number_are_all_there(tmp_path: Path, scene: Scene) -> None:
    """Lines of GeoJSON may give one id to several features, and GDAL passes it on."""
    lines = [
        json.dumps(
            {
                "type": "Feature",
                "id": 1,
                "properties": {"height": height},
                "geometry": shape.__geo_interface__,
            }
        )
        for shape, height in zip(in_degrees(), HEIGHTS, strict=True)
    ]
    (tmp_path / "a.geojsonl").write_text("\n".join(lines))
    assert len(read_features(parse_source(tmp_path / "a.geojsonl"), scene).index) == 3
    some = parse_source(f"{tmp_path / 'a.geojsonl'}|where=height > 3")
    found = read_features(some, scene)
    assert len(found.index) == 2
    told = vectorfile.read_attribute(some, "height")
    assert [told[number] for number in found.index.tolist()] == [5.0, 9.0]


def test_a_condition_on_whatever_columns_a_parquet_file_has(tmp_path: Path, scene: Scene) -> None:
    pa, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    day = [datetime.date(2020, 1, 1 + k) for k in range(3)]
    columns = {
        "row_number": [7, 8, 9],
        "Name": ["a", "b", "c"],
        "name": ["x", "y", "z"],
        "built": pa.array(day),
        "price": pa.array([Decimal("1.50"), Decimal("2.50"), Decimal("3.50")]),
        "large": pa.array([2**63 + k for k in range(3)], pa.uint64()),
        "kind": pa.array(["roof", "roof", "hut"]).dictionary_encode(),
        "geometry": [shape.wkb for shape in HOUSES],
    }
    crs = json.loads(CRS.from_epsg(32633).to_json())
    geo = {"version": "1.1.0", "primary_column": "geometry",
           "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Polygon"], "crs": crs}}}  # fmt: skip
    table = pa.table(columns).replace_schema_metadata({"geo": json.dumps(geo)})
    parquet.write_table(table, tmp_path / "a.parquet")
    for condition, rows in (
        ("row_number > 7", [1, 2]),
        ("built >= '2020-01-02'", [1, 2]),
        ("price > 2", [1, 2]),
        ("kind = 'hut'", [2]),
        ("1 = 1", [0, 1, 2]),
    ):
        found = read_features(parse_source(f"{tmp_path / 'a.parquet'}|where={condition}"), scene)
        assert found.index.tolist() == rows, condition
    for condition in ("name = 'x'", "large > 3", "height > 3"):
        with pytest.raises(LabelError, match="cannot be used"):
            read_features(parse_source(f"{tmp_path / 'a.parquet'}|where={condition}"), scene)


@pytest.mark.parametrize("many", [1, 10**9], ids=["in columns", "one by one"])
@pytest.mark.parametrize("kind", ["gpkg", "geojson", "shp", "fgb", "sqlite"])
def test_a_condition_that_cannot_be_used_is_one_sentence(
    kind: str, many: int, tmp_path: Path, scene: Scene, monkeypatch: pytest.MonkeyPatch, capfd
) -> None:
    monkeypatch.setattr(vectorfile, "_MANY", many)
    path = write(tmp_path / f"a.{kind}")
    fails_midway = "json_extract(CASE WHEN height > 4 THEN '{' ELSE '1' END, '$') = 1"
    for condition in ("nothere > 3", "height >< 3", "height > 'a", fails_midway):
        with pytest.raises(LabelError, match=r"^The condition .* on 'a\..*' cannot be used; name columns"):
            read_features(parse_source(f"{path}|where={condition}"), scene)
    capture = capfd.readouterr()
    assert (capture.out, capture.err) == ("", "")  # GDAL has lines of its own for some of them
    (tmp_path / f"b.{kind}").write_bytes(b"no layer at all")
    with pytest.raises(LabelError, match="is not a vector layer that can be read"):
        read_features(parse_source(f"{tmp_path / f'b.{kind}'}|where=height > 3"), scene)


def test_a_layers_files_are_all_that_it_is_read_from(tmp_path: Path) -> None:
    houses = parse_source(write(tmp_path / "a[1].shp"))
    write(tmp_path / "a[1]b.shp")
    assert {file.name for file in houses.files()} == {
        f"a[1].{end}" for end in ("shp", "shx", "dbf", "prj", "cpg")
    }
    before = houses.fingerprint()
    (tmp_path / "a[1].dbf").write_bytes(b"longer" * 100)
    assert houses.fingerprint() != before
    database = parse_source(f"{write(tmp_path / 'b.gpkg')}|where=height > 3")
    before = database.fingerprint()
    (tmp_path / "b.gpkg-wal").write_bytes(b"")  # what a reader leaves
    assert database.fingerprint() == before
    (tmp_path / "b.gpkg-wal").write_bytes(b"written")
    assert database.fingerprint() != before
    assert parse_source(tmp_path / "none.gpkg").files() == []
