"""Evidence opens in QGIS in the colours of the overlay: what its GeoPackages say of their own style."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

import planimeter
from planimeter.answer.palette import LOW_TO_HIGH
from planimeter.answer.qgis_styles import by_class
from planimeter.answer.zone_classes import zone_classes
from planimeter.answer.zone_files import write_zone_rows
from planimeter.table import Cell, Column, Table


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A lake beside a house, 1 m pixels of UTM."""
    labels = np.zeros((40, 40), np.uint8)
    labels[2:10, 2:6], labels[2:10, 12:30] = 1, 2
    profile = {"driver": "GTiff", "height": 40, "width": 40, "count": 1, "dtype": "uint8"}
    place = {"crs": "EPSG:32633", "transform": from_origin(500000, 5000000, 1, 1)}
    for name, values in {"labels.tif": labels, "image.tif": np.full_like(labels, 90)}.items():
        with rasterio.open(tmp_path / name, "w", **profile, **place) as file:
            file.write(values, 1)
    (tmp_path / "legend.json").write_text('{"roof": [1], "water": [2]}')
    return tmp_path


def _asked(scene: Path, **options: object) -> dict[str, Path]:
    maps = planimeter.LabelSegmenter(scene / "labels.tif", scene / "legend.json")
    answer = planimeter.ask(
        scene / "image.tif", "How many buildings are within 20 m of water?", segmenter=maps, **options
    )
    return answer.save(scene / "out")


def _styles(path: Path) -> dict[str, Xml.Element]:
    with sqlite3.connect(path) as file:
        rows = file.execute(
            "SELECT f_table_name, styleQML FROM layer_styles WHERE useAsDefault = 1"
        ).fetchall()
        (kind,) = file.execute(
            "SELECT data_type FROM gpkg_contents WHERE table_name = 'layer_styles'"
        ).fetchone()
    assert kind == "attributes"
    return {layer: Xml.fromstring(qml) for layer, qml in rows}


def test_each_layer_has_a_style_in_the_colours_of_the_overlay(scene: Path) -> None:
    path = _asked(scene)["geopackage"]
    styles = _styles(path)
    found = {}
    for layer, style in styles.items():
        (category,) = style.iter("category")
        (symbol,) = style.iter("symbol")
        outline = next(option for option in symbol.iter("Option") if option.get("name") == "outline_color")
        found[layer, category.get("value")] = outline.get("value")
    assert found == {("roof", "counted"): "255,45,149,255", ("water", "reference"): "0,190,255,255"}
    # The file is as readable as before, and the table of styles is no layer of shapes.
    shapes = {name: kind for name, kind in pyogrio.list_layers(path) if kind is not None}
    assert shapes == {"roof": "MultiPolygon", "water": "MultiPolygon"}
    assert pyogrio.read_info(path, layer="roof")["features"] == 1


def test_zones_are_coloured_by_their_value(scene: Path) -> None:
    zones = (
        '{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:32633"}},"features":['
    )
    for number, west in enumerate((500000, 500020)):
        box = [[west, 4999960], [west + 20, 4999960], [west + 20, 5000000], [west, 5000000], [west, 4999960]]
        zones += f'{{"type":"Feature","properties":{{"name":"z{number}"}},"geometry":'
        zones += f'{{"type":"Polygon","coordinates":[{box}]}}}},'
    (scene / "zones.geojson").write_text(zones.rstrip(",") + "]}")
    maps = planimeter.LabelSegmenter(scene / "labels.tif", scene / "legend.json")
    answer = planimeter.ask(
        scene / "image.tif",
        "What is the area of water?",
        segmenter=maps,
        zones=scene / "zones.geojson",
        zone_name="name",
    )
    path = answer.save(scene / "out")["zones"]
    style = _styles(path)["zones"]
    (renderer,) = style.iter("renderer-v2")
    field = str(renderer.get("attr")).strip('"')
    values = pyogrio.read_dataframe(path, layer="zones")[field]
    edges = [float(str(one.get("lower"))) for one in style.iter("range")]
    assert edges[0] == values.min()
    assert float(str([*style.iter("range")][-1].get("upper"))) == values.max()


def _ranges(style: Xml.Element) -> list[tuple[float, float, str]]:
    """Lower and upper end and label of each range, in QGIS's order."""
    return [
        (float(str(one.get("lower"))), float(str(one.get("upper"))), str(one.get("label")))
        for one in style.iter("range")
    ]


def test_ranges_hold_equally_many_zones_and_each_value_where_the_page_has_it() -> None:
    values = [*np.random.default_rng(3).lognormal(0, 3, 40).tolist(), 0.0, 0.0, 0.0]
    classes = zone_classes(values, Column("area", "ha"))
    ranges = _ranges(Xml.fromstring(by_class("area ha", classes, min(values))))
    assert len(ranges) == 5
    held = [0] * 5
    for value in values:
        # QGIS takes the first range that holds a value, the page the first that ends above it.
        of_qgis = next(k for k, (lower, upper, _) in enumerate(ranges) if lower <= value <= upper)
        of_page = next(k for k, each in enumerate(classes) if each.upto is not None and value <= each.upto)
        assert of_qgis == of_page
        held[of_qgis] += 1
    assert max(held) - min(held) <= 2
    quintiles = np.percentile(values, [20, 40, 60, 80], method="inverted_cdf")
    assert [upper for _, upper, _ in ranges[:-1]] == quintiles.tolist()


def test_few_values_have_a_colour_each_and_large_ones_are_written_in_full() -> None:
    classes = zone_classes([12345, 12345, 7, None], Column("count", "count", "count"))
    assert [each.label for each in classes] == ["7", "12,345"]
    assert [each.colour for each in classes] == [LOW_TO_HIGH[0], LOW_TO_HIGH[-1]]
    assert zone_classes([3.0, 3.0], Column("n"))[0].colour == LOW_TO_HIGH[2]
    assert _ranges(Xml.fromstring(by_class("n", zone_classes([3.0, 3.0], Column("n")), 3.0))) == [(3, 3, "3")]
    assert zone_classes([None, None], Column("area", "ha")) == []


@pytest.mark.parametrize(
    ("column", "cells", "field", "said"),
    [
        (Column("fid", "ha"), (1.5, 4.0), "fid ha", ["1.5 ha", "4 ha"]),
        (Column("fid"), (1.5, 4.0), "fid 2", ["1.5", "4"]),
        (Column('share "net"', "%"), (1.5, 4.0), 'share "net" %', ["1.5 %", "4 %"]),
        (Column("answer", None, "yes/no"), ("yes", "no"), "answer", ["no", "yes"]),
    ],
)
def test_the_style_of_zones_names_a_field_of_the_file(
    tmp_path: Path, column: Column, cells: tuple[Cell, Cell], field: str, said: list[str]
) -> None:
    table = Table((Column("zone", None, "text"), column), tuple(zip("ab", cells, strict=True)))
    shapes = {name: shapely.MultiPolygon([shapely.box(k, 0, k + 1, 1)]) for k, name in enumerate("ab")}
    write_zone_rows(tmp_path / "zones.gpkg", table, shapes, "EPSG:32633")
    style = _styles(tmp_path / "zones.gpkg")["zones"]
    (renderer,) = style.iter("renderer-v2")
    assert str(renderer.get("attr"))[1:-1].replace('""', '"') == field
    assert field in pyogrio.read_info(tmp_path / "zones.gpkg", layer="zones")["fields"]
    classes = [*style.iter("range"), *style.iter("category")]
    assert [each.get("label") for each in classes] == said


def test_classes_of_a_zone_are_columns_of_one_polygon(tmp_path: Path) -> None:
    columns = (
        Column("zone", None, "text"),
        Column("land cover", None, "text"),
        Column("area", "ha"),
        Column("share", "%"),
        Column("covered", "%"),
    )
    rows = (
        ("a", "forest", 3.0, 75.0, 100.0),
        ("a", "water", 1.0, 25.0, 100.0),
        ("b", "water", 2.0, 50.0, 40.0),
        ("b", "forest", 2.0, 50.0, 40.0),
        ("c", "water", 5.0, 100.0, 90.0),
        ("all zones", "water", 8.0, 60.0, 80.0),
    )
    path = tmp_path / "zones.gpkg"
    shapes = {name: shapely.MultiPolygon([shapely.box(k, 0, k + 1, 1)]) for k, name in enumerate("abc")}
    write_zone_rows(path, Table(columns, rows), shapes, "EPSG:32633")
    meta, _, polygons, data = pyogrio.raw.read(path, layer="zones")
    found = dict(zip(meta["fields"], (values.tolist() for values in data), strict=True))
    assert len(polygons) == len(set(polygons)) == 3  # none lies on another
    assert list(found) == [
        *(
            "zone",
            "most area",
            "forest area ha",
            "forest share %",
            "water area ha",
            "water share %",
            "covered %",
        ),
    ]
    assert found["zone"] == ["a", "b", "c"]
    assert found["most area"] == ["forest", None, "water"]  # in b both have as much
    assert found["water area ha"] == [1.0, 2.0, 5.0]
    assert found["forest share %"][:2] == [75.0, 50.0]
    assert np.isnan(found["forest share %"][2])
    assert found["covered %"] == [100.0, 40.0, 90.0]
    (style,) = _styles(path).values()
    assert [each.get("value") for each in style.iter("category")] == ["forest", "water"]


def test_classes_of_size_are_columns_too(tmp_path: Path) -> None:
    columns = (
        Column("zone", None, "text"),
        Column("from", "m²"),
        Column("to", "m²"),
        Column("count", "count", "count"),
    )
    rows = (("a", 0, 50, 4), ("a", 50, 100, 1), ("b", 0, 50, 2))
    path = tmp_path / "zones.gpkg"
    shapes = {name: shapely.MultiPolygon([shapely.box(k, 0, k + 1, 1)]) for k, name in enumerate("ab")}
    write_zone_rows(path, Table(columns, rows), shapes, "EPSG:32633")
    meta, _, _, data = pyogrio.raw.read(path, layer="zones")
    found = dict(zip(meta["fields"], (values.tolist() for values in data), strict=True))
    assert found["0 to 50 m² count"] == [4, 2]
    assert found["most count"] == ["0 to 50 m²", "0 to 50 m²"]
