"""Evidence opens in QGIS in the colours of the overlay: what its GeoPackages say of their own style."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from xml.etree import ElementTree as Xml

import numpy as np
import pyogrio
import pytest
import rasterio
from rasterio.transform import from_origin

import planimeter
from planimeter.answer.qgis_styles import by_range


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


def test_equal_values_make_ranges_that_still_hold_them() -> None:
    style = Xml.fromstring(by_range("n", [3.0, 3.0], ["#000000", "#FFFFFF"]))
    assert [(one.get("lower"), one.get("upper")) for one in style.iter("range")] == [("3.0", "3.0")] * 2
