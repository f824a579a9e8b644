"""The evidence folder: complete, of this answer alone, and the same for the command line and the server."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

import planimeter
from planimeter.answer import Answer
from planimeter.answer.palette import REFERENCE, counted_colours, reference_colours
from planimeter.answer.writer import FILES
from planimeter.coder import Program, Request
from planimeter.table import Column, Table

SITE = (
    'ENGCRS["site",EDATUM["a corner stone"],CS[Cartesian,2],AXIS["(E)",east],AXIS["(N)",north],'
    'LENGTHUNIT["metre",1]]'
)


@pytest.fixture
def scene(tmp_path: Path) -> dict[str, Path]:
    """Two squares of roof, 4 and 9 pixels of 1 m, in a CRS of their own that leads to no longitude and latitude."""
    labels = np.zeros((20, 20), np.uint8)
    labels[2:4, 2:4] = labels[10:13, 10:13] = 1
    profile = {
        "driver": "GTiff",
        "height": 20,
        "width": 20,
        "crs": rasterio.CRS.from_wkt(SITE),
        "transform": from_origin(0, 20, 1, 1),
    }
    with rasterio.open(tmp_path / "labels.tif", "w", count=1, dtype="uint8", **profile) as file:
        file.write(labels, 1)
    with rasterio.open(tmp_path / "image.tif", "w", count=3, dtype="uint8", **profile) as file:
        file.write(np.full((3, 20, 20), 90, np.uint8))
    (tmp_path / "legend.json").write_text('{"roof": [1], "water": [2]}')
    return {name: tmp_path / name for name in ("image.tif", "labels.tif", "legend.json")}


def test_a_folder_holds_the_evidence_of_one_answer(scene: dict[str, Path], tmp_path: Path) -> None:
    maps = planimeter.LabelSegmenter(scene["labels.tif"], scene["legend.json"])
    first = planimeter.ask(scene["image.tif"], "How many buildings are there?", segmenter=maps, gsd=1.0)
    written = first.save(tmp_path / "out")
    # Longitude and latitude cannot be had here, so there is no GeoJSON; the GeoPackage has the shapes.
    assert set(written) == set(FILES) - {"shapes", "table", "zones"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in written.values()}
    assert json.loads(written["answer"].read_text())["answer"] == 2
    second = planimeter.run("answer = 7", scene["image.tif"], segmenter=maps, gsd=1.0)
    left = second.save(tmp_path / "out")
    assert set(left) == set(FILES) - {
        "geopackage",
        "table",
        "zones",
    }  # it has no shapes, and none of the first's are left
    assert json.loads(left["shapes"].read_text())["features"] == []
    assert {path.name for path in (tmp_path / "out").iterdir()} == {path.name for path in left.values()}
    assert json.loads(left["answer"].read_text())["answer"] == 7


@pytest.fixture
def town(tmp_path: Path) -> dict[str, Path]:
    """Ten roofs of 1 m in a row, a road below them, three zones: the middle one covers no pixel's centre."""
    labels = np.zeros((40, 120), np.uint8)
    for k in range(10):
        labels[4 : 6 + k // 2, 4 + 11 * k : 9 + 11 * k] = 1
    labels[30:32] = 2
    labels[34:38, :60] = 3
    frame = {
        "driver": "GTiff",
        "height": 40,
        "width": 120,
        "crs": "EPSG:32633",
        "transform": from_origin(5e5, 5e6, 1, 1),
    }
    for name, values in (("labels", labels[None]), ("image", labels[None].repeat(3, 0) * 60)):
        with rasterio.open(tmp_path / f"{name}.tif", "w", count=len(values), dtype="uint8", **frame) as file:
            file.write(values)
    (tmp_path / "legend.json").write_text('{"roof": [1], "road": [2], "water": [3]}')
    zones = [
        shapely.box(5e5, 5e6 - 40, 5e5 + 60, 5e6),
        shapely.box(5e5 + 70.6, 5e6 - 9.7, 5e5 + 70.7, 5e6 - 9.6),
    ]
    zones.append(shapely.box(5e5 + 60, 5e6 - 40, 5e5 + 120, 5e6))
    names = np.array(["Łódź", "tiny", "東京"], object)
    pyogrio.raw.write(
        tmp_path / "zones.gpkg", shapely.to_wkb(np.array(zones)), [names], np.array(["n"], object),
        geometry_type="Polygon", crs="EPSG:32633",
    )  # fmt: skip
    return {path.name: path for path in tmp_path.iterdir()}


def asked(town: dict[str, Path], question: str, **more: object) -> Answer:
    maps = planimeter.LabelSegmenter(town["labels.tif"], town["legend.json"])
    return planimeter.ask(town["image.tif"], question, segmenter=maps, coder="builtin", **more)


def test_a_list_by_zone_skips_zones_without_rows(town: dict[str, Path], tmp_path: Path) -> None:
    answer = asked(town, "List the two largest buildings", zones=town["zones.gpkg"], zone_name="n")
    files = answer.save(tmp_path / "out")
    table = answer.answer.records()
    shapes = [each["properties"] for each in json.loads(files["shapes"].read_text())["features"]]
    by_id = {row["id"]: row["area"] for row in table}
    assert sorted(by_id) == [1, 2, 3, 4]
    assert {one["id"]: one["area_m2"] for one in shapes} == pytest.approx(by_id)


def test_the_page_gets_each_zones_own_first_row(town: dict[str, Path]) -> None:
    pytest.importorskip("fastapi")
    from planimeter.serve.ask.evidence_files import _outlines

    answer = asked(town, "What is the land cover composition?", zones=town["zones.gpkg"], zone_name="n")
    rows = answer.answer.records()
    assert len(rows) > 4
    found = _outlines(answer)
    assert found is not None
    for feature in found["features"]:
        said = feature["properties"]
        assert rows[said["row"]]["zone"] == said["zone"]
        assert said["row"] == [row["zone"] for row in rows].index(said["zone"])


def test_layers_of_one_topic_are_saved_together(town: dict[str, Path], tmp_path: Path) -> None:
    """A program lists all buildings but one, and shows that one as what others are measured to."""
    text = (
        "s = segment_image_from_path(IMAGE_PATH, ['roof'])['shapes']\n"
        "big = max(s, key=lambda one: one['area_pixels'])\n"
        "small = [one for one in s if one['id'] != big['id']]\n"
        "calculate_shape_distances(small, [big], gsd)\n"
        "highlight_shapes([big], 'reference')\n"
        "answer = small\n"
    )
    maps = planimeter.LabelSegmenter(town["labels.tif"], town["legend.json"])
    answer = planimeter.run(text, town["image.tif"], segmenter=maps)
    files = answer.save(tmp_path / "out")
    assert len(json.loads(files["shapes"].read_text())["features"]) == 10
    assert len(pyogrio.raw.read(files["geopackage"], layer="roof")[2]) == 10


def test_a_distance_band_is_called_what_it_is_on_both_sides(town: dict[str, Path]) -> None:
    """What is painted lies within the distance, whether those nearer or those farther are counted."""
    from planimeter.answer.overlay import _band

    for words in ("within 12 m of", "more than 12 m from"):
        answer = asked(town, f"How many buildings are {words} water?")
        band = _band(answer, answer.scene.shape)
        assert band is not None
        assert band.label == "within 12 m"
        near = np.zeros((40, 120), bool)
        near[34 - 12 : 34, :60] = True
        assert (band.cover[near] > 0).all()


def test_each_reference_has_a_colour_of_its_own() -> None:
    topics = ["water", "road", "forest", "roof", "grass", "agric"]
    assert len(set(reference_colours(topics))) == len(topics)
    assert reference_colours(topics[:3]) == list(REFERENCE)
    many = counted_colours(["roof", "water", "roof", "roof", "water", "roof"])
    assert many[0] == many[2] == many[5] != many[1]


def test_headings_are_no_formulas() -> None:
    table = Table((Column("=1+1", None, "text"), Column("b", None, "text")), (("=2+2", "x"),))
    assert table.csv() == "'=1+1,b\n'=2+2,x\n"


def test_keys_that_a_program_gives_its_shapes_may_have_any_names(
    town: dict[str, Path], tmp_path: Path
) -> None:
    text = (
        "s = segment_image_from_path(IMAGE_PATH, ['roof'])['shapes']\n"
        "for one in s:\n"
        "    for k, name in enumerate(['role', 'fid', 'geom', 'Layer', 'bbox', 'length_m']):\n"
        "        one[name] = 1000 + k\n"
        "answer = s\n"
    )
    maps = planimeter.LabelSegmenter(town["labels.tif"], town["legend.json"])
    answer = planimeter.run(text, town["image.tif"], segmenter=maps)
    files = answer.save(tmp_path / "out")
    shapes = [each["properties"] for each in json.loads(files["shapes"].read_text())["features"]]
    assert [one["role"] for one in shapes] == ["counted"] * 10
    assert [one["area_m2"] for one in shapes] == [5 * (2 + k // 2) for k in range(10)]
    assert {(one["role 2"], one["fid 2"], one["geom 2"]) for one in shapes} == {(1000, 1001, 1002)}
    meta, _, _, data = pyogrio.raw.read(files["geopackage"], layer="roof")
    names = [name.casefold() for name in meta["fields"]]
    assert len(set(names)) == len(names)
    assert set(data[names.index("role 2")]) == {1000}


def test_columns_of_a_program_by_zone_may_have_any_names(town: dict[str, Path], tmp_path: Path) -> None:
    rows = "[{'zone': 'mine', 'fid': 7, 'Zone': 8, 'not sure': 9}]"

    class Fixed:
        """A coder whose program makes a table of columns that files and zones have too."""

        name = "fixed"

        def write(self, request: Request) -> Program:
            return Program(f"answer = {rows}\n", self.name, "any", None, "a table")

    maps = planimeter.LabelSegmenter(town["labels.tif"], town["legend.json"])
    answer = planimeter.ask(
        town["image.tif"], "A table", segmenter=maps, coder=Fixed(), zones=town["zones.gpkg"], zone_name="n"
    )
    assert answer.answer.column("zone 2")[0] == "mine"
    assert answer.answer.column("zone")[0] == "Łódź"
    files = answer.save(tmp_path / "out")
    meta, _, _, data = pyogrio.raw.read(files["zones"], layer="zones")
    assert data[list(meta["fields"]).index("fid 2")].tolist()[::2] == [7, 7]  # "tiny" has no pixel


def test_shares_of_several_zones_are_no_covers_that_overlap(town: dict[str, Path]) -> None:
    answer = asked(town, "What is the land cover composition?", zones=town["zones.gpkg"], zone_name="n")
    assert not [said for said in answer.warnings if "add up" in said]


def test_coordinates_in_pixels_are_pixels_of_the_scene_in_every_file(tmp_path: Path) -> None:
    """A picture with a world file and no CRS, labels twice as fine: a roof over pixels 2 to 5."""
    labels = np.zeros((1, 40, 40), np.uint8)
    labels[:, 4:10, 4:10] = 1
    for name, values, side in (("labels", labels, 0.5), ("image", np.full((3, 20, 20), 90, np.uint8), 1.0)):
        profile = {
            "driver": "GTiff",
            "count": len(values),
            "height": values.shape[1],
            "width": values.shape[2],
        }
        with rasterio.open(
            tmp_path / f"{name}.tif", "w", dtype="uint8", transform=from_origin(0, 20, side, side), **profile
        ) as file:
            file.write(values)
    (tmp_path / "legend.json").write_text('{"roof": [1], "water": [2]}')
    maps = planimeter.LabelSegmenter(tmp_path / "labels.tif", tmp_path / "legend.json")
    answer = planimeter.ask(tmp_path / "image.tif", "List all buildings.", segmenter=maps, gsd=1.0)
    assert answer.scene.cells == 2
    files = answer.save(tmp_path / "out")
    (feature,) = json.loads(files["shapes"].read_text())["features"]
    assert shapely.geometry.shape(feature["geometry"]).bounds == (2, 2, 5, 5)
    geometry = pyogrio.raw.read(files["geopackage"], layer="roof")[2]
    assert shapely.from_wkb(geometry[0]).bounds == (2, 2, 5, 5)
    assert (answer.answer.column("x"), answer.answer.column("y")) == ([3.5], [3.5])
