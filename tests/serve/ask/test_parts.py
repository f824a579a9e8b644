"""Zones, areas of layers and earlier scenes over HTTP: the same numbers as in Python, and nothing of anybody else's."""

from __future__ import annotations

import csv
import io
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable

import cv2
import geopandas
import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from tests.serve.ask.conftest import Asker, Still
from tests.serve.ask.parting import DISTRICTS, FOREST, SHARE, Dates, add_layer, geojson, make_dates

from planimeter.serve.ask.bounds import AskLimits
from planimeter.serve.ask.sources import Sources


@pytest.fixture(scope="module")
def dates(tmp_path_factory: pytest.TempPathFactory) -> Dates:
    return make_dates(tmp_path_factory.mktemp("dates"))


@pytest.fixture(scope="module")
def asker(start: Callable[..., Asker], dates: Dates, tmp_path_factory: pytest.TempPathFactory) -> Asker:
    bounds = AskLimits(upload_bytes=2 << 20, zones=50)
    asker = start(folders=[dates.folder], sources=Sources({"still": Still()}), bounds=bounds)
    asker.now, asker.then = asker.scene("2024/image.tif"), asker.scene("2018/image.tif")
    return asker


@pytest.fixture(scope="module")
def layer(asker: Asker, dates: Dates) -> dict:
    sent = add_layer(asker, asker.now, "districts.gpkg", dates.districts.read_bytes())
    assert sent.status_code == 201, sent.text
    return sent.json()


def answer(asker: Asker, job: str) -> dict:
    reply = asker.get(f"/answers/{job}")
    assert reply.status_code == 200, reply.text
    return reply.json()


def test_a_question_by_zone_is_what_the_pixels_say(asker, dates, layer, tmp_path):
    assert (layer["name"], layer["features"], layer["likely"], layer["zones"]) == (
        "districts.gpkg",
        3,
        "name",
        True,
    )
    job = asker.ask(asker.now, SHARE, zones=layer["id"], zone_name="name")
    found = answer(asker, job)
    rows = {row["zone"]: row["share"] for row in found["answer"]}
    for name, box in DISTRICTS.items():
        assert rows[name] == pytest.approx(dates.share(box), abs=1e-9)
    inside = np.zeros(dates.labels.shape, bool)
    for x0, y0, x1, y1 in DISTRICTS.values():
        inside[y0:y1, x0:x1] = True
    forest = np.isin(dates.labels, dates.legend["forest"])
    assert rows["all zones"] == pytest.approx(100 * forest[inside].mean(), abs=1e-9)

    written = list(csv.DictReader(io.StringIO(asker.get(f"/answers/{job}/answer.csv").text)))
    assert [row["zone"] for row in written] == [*DISTRICTS, "all zones"]
    (tmp_path / "zones.gpkg").write_bytes(asker.get(f"/answers/{job}/zones.gpkg").content)
    kept = geopandas.read_file(tmp_path / "zones.gpkg", layer="zones")
    assert kept.crs == dates.crs
    assert dict(zip(kept["zone"], kept["share %"], strict=True)) == {name: rows[name] for name in DISTRICTS}
    drawn = asker.get(f"/answers/{job}/outlines.geojson").json()["features"]
    assert [each["properties"]["zone"] for each in drawn] == list(DISTRICTS)
    for each, box in zip(drawn, DISTRICTS.values(), strict=True):
        assert shapely.geometry.shape(each["geometry"]).bounds == pytest.approx(box, abs=0.01)
    view = asker.get(f"/answers/{job}/view").json()
    assert list(view["zone_classes"]) == ["share", "area", "zone area"]
    with sqlite3.connect(tmp_path / "zones.gpkg") as file:
        ((style,),) = file.execute("SELECT styleQML FROM layer_styles")
    for each in view["zone_classes"]["share"]:
        assert f'upper="{each["upto"]!r}" label="{each["label"]}"' in style
    asked = view["asked"]
    assert (asked["zones"], asked["zones_name"], asked["zone_name"]) == (
        layer["id"],
        "districts.gpkg",
        "name",
    )
    with zipfile.ZipFile(io.BytesIO(asker.get(f"/answers/{job}/evidence.zip").content)) as packed:
        assert {name.rsplit("/")[-1] for name in packed.namelist()} >= {
            "zones.gpkg",
            "answer.csv",
            "report.html",
        }


def test_an_area_may_be_a_layer_or_written(asker, dates, layer):
    inside = np.zeros(dates.labels.shape, bool)
    for x0, y0, x1, y1 in DISTRICTS.values():
        inside[y0:y1, x0:x1] = True
    right = 100 * np.isin(dates.labels, dates.legend["forest"])[inside].mean()
    job = asker.ask(asker.now, SHARE, area=f"layer:{layer['id']}")
    assert answer(asker, job)["answer"] == pytest.approx(right, abs=1e-9)
    laid = asker.post(f"/scenes/{asker.now}/area", json={"area": f"layer:{layer['id']}"}).json()
    assert laid["pixels"] == int(inside.sum())
    assert laid["hectares"] == pytest.approx(inside.sum() * 0.25 / 10_000, rel=1e-6)
    job = asker.ask(asker.now, SHARE, area="pixels:10,20,110,220")
    assert answer(asker, job)["answer"] == pytest.approx(dates.share((10, 20, 110, 220)), abs=1e-9)
    outline = asker.get(f"/answers/{job}/outlines.geojson").json()["features"][0]
    assert shapely.geometry.shape(outline["geometry"]).bounds == (10, 20, 110, 220)
    outside = asker.post(f"/scenes/{asker.now}/area", json={"area": "pixels:900,900,999,999"})
    assert outside.status_code == 422
    assert "256 x 256" in outside.json()["error"]


@pytest.mark.parametrize("told", [{"zone_name": "name"}, {"border": "exact"}])
def test_what_is_said_of_zones_without_zones_is_refused(asker, told):
    reply = asker.post("/ask", json={"scene": asker.now, "question": SHARE, **told})
    assert reply.status_code == 422
    assert "there are none: name a layer" in reply.json()["error"]


def test_what_is_no_json_is_said_to_be_none(asker):
    reply = asker.post("/ask", content="no json", headers={"Content-Type": "application/json"})
    assert reply.status_code == 422
    assert reply.json()["error"] == "The request is no JSON that can be read; send one JSON object."


def test_change_is_measured_against_another_scene(asker, dates):
    job = asker.ask(asker.now, FOREST, before=asker.then)
    found = answer(asker, job)
    assert (found["unit"], found["before"]["grid"]) == ("ha", "same grid")
    assert found["answer"] == pytest.approx(dates.lost, rel=1e-9)
    view = asker.get(f"/answers/{job}/view").json()
    assert view["asked"]["before"] == asker.then
    assert {layer["change"] for layer in view["layers"] if layer["change"]} >= {"lost", "kept"}
    assert len({layer["colour"] for layer in view["layers"] if layer["change"]}) > 1
    table = answer(asker, asker.ask(asker.now, "What did the forest become?", before=asker.then))
    assert table["type"] == "table"
    area = sum(row["area"] for row in table["answer"] if row["to"] != "forest")
    assert area == pytest.approx(dates.lost, rel=1e-6)
    program = "answer = 1 if BEFORE_PATH else 0"
    assert (
        answer(asker, asker.finish("/run", scene=asker.now, program=program, before=asker.then))["answer"]
        == 1
    )


def test_every_kind_of_file_gives_the_same_layer(asker, dates, tmp_path):
    table = geopandas.read_file(dates.districts)
    degrees = table.to_crs(4326)
    degrees.to_file(tmp_path / "d.geojson", driver="GeoJSON")
    degrees.rename(columns={"name": "Name"}).to_file(tmp_path / "d.kml", driver="KML")
    (tmp_path / "shp").mkdir()
    table.to_file(tmp_path / "shp" / "d.shp")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file in (tmp_path / "shp").iterdir():
            archive.write(file, f"some folder/{file.name}")
    for name, content in (
        ("d.geojson", (tmp_path / "d.geojson").read_bytes()),
        ("d.kml", (tmp_path / "d.kml").read_bytes()),
        ("d.zip", packed.getvalue()),
    ):
        sent = add_layer(asker, asker.now, name, content)
        assert sent.status_code == 201, sent.text
        layer = sent.json()
        assert layer["features"] == 3
        field = layer["likely"]
        assert field.lower() == "name"
        rows = answer(asker, asker.ask(asker.now, SHARE, zones=layer["id"], zone_name=field))["answer"]
        for row in rows[:3]:
            assert row["share"] == pytest.approx(dates.share(DISTRICTS[row["zone"]]), abs=0.05)
        assert asker.delete(f"/scenes/{asker.now}/layers/{layer['id']}").status_code == 204
        assert asker.get(f"/scenes/{asker.now}/layers/{layer['id']}/outlines.geojson").status_code == 404


def refused(reply, *statuses: int) -> str:
    assert reply.status_code in statuses, reply.text
    said = reply.json()["error"]
    assert "\n" not in said
    assert "--" not in said
    assert "/tmp" not in said
    return said


def test_layers_of_strangers_are_refused_with_a_sentence(asker, tmp_path):
    far = geojson(({}, shapely.box(100, 10, 101, 11)))
    assert "elsewhere" in refused(add_layer(asker, asker.now, "far.geojson", far), 422)
    many = geojson(*(({"name": str(k)}, shapely.box(14, 9, 14.1, 9.1)) for k in range(51)))
    assert "50 polygons" in refused(add_layer(asker, asker.now, "many.geojson", many), 413)
    points = geojson(({}, shapely.Point(14, 9)))
    assert "no polygons" in refused(add_layer(asker, asker.now, "points.geojson", points), 422)
    for name, content in (
        ("a.geojson", b"no geojson"),
        ("a.gpkg", b"SQLite format 3\0" + b"\0" * 200),
        (
            "a.vrt",
            b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>",
        ),
        ("a.zip", b"PK\x03\x04 no zip"),
        ("a.csv", b"x,y\n1,2\n"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": ['),
        ("", b""),
    ):
        refused(add_layer(asker, asker.now, name, content), 400, 415, 422)
    view = tmp_path / "view.gpkg"
    geopandas.GeoDataFrame({"name": ["a"]}, geometry=[shapely.box(14, 9, 15, 10)], crs=4326).to_file(
        view, driver="GPKG"
    )
    with sqlite3.connect(view) as database:
        database.execute("CREATE VIEW v AS SELECT * FROM sqlite_master")
    database.close()
    assert "views" in refused(add_layer(asker, asker.now, "view.gpkg", view.read_bytes()), 422)
    bomb = io.BytesIO()
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("a.geojson", "w") as member,
    ):
        for _ in range(300):
            member.write(b" " * (1 << 20))
    assert len(bomb.getvalue()) < 1 << 20
    assert "unpacks" in refused(add_layer(asker, asker.now, "bomb.zip", bomb.getvalue()), 413)
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../../../etc/evil.geojson", far)
    assert "elsewhere" in refused(add_layer(asker, asker.now, "outside.zip", outside.getvalue()), 422)


def test_only_layers_and_scenes_of_the_list_are_taken(asker, layer):
    for zones in (
        "../../etc/passwd",
        "/etc/passwd",
        "l-" + "0" * 24,
        "map-roof",
        "\x00",
        "https://a.example/x.gpkg",
    ):
        refused(asker.post("/ask", json={"scene": asker.now, "question": SHARE, "zones": zones}), 404)
        refused(
            asker.post("/ask", json={"scene": asker.now, "question": SHARE, "area": f"layer:{zones}"}), 404
        )
        refused(asker.post("/ask", json={"scene": asker.now, "question": FOREST, "before": zones}), 404)
    order = {"scene": asker.then, "question": SHARE, "zones": layer["id"]}
    assert "no such layer" in refused(asker.post("/ask", json=order), 404)  # of another scene
    both = {"scene": asker.now, "question": SHARE, "zones": layer["id"], "area": "0,0,9,9"}
    assert "at once" in refused(asker.post("/ask", json=both), 422)
    itself = {"scene": asker.now, "question": FOREST, "before": asker.now}
    assert "itself" in refused(asker.post("/ask", json=itself), 422)
    job = asker.ask(asker.now, SHARE, zones=layer["id"], zone_name="population")
    assert "no attribute 'population'" in refused(asker.get(f"/answers/{job}"), 422)
    job = asker.ask(asker.now, "How many buildings are there?", zones=layer["id"], border="exact")
    assert "Parts of pixels" in refused(asker.get(f"/answers/{job}"), 422)
    assert (
        asker.post("/ask", json={"scene": asker.now, "question": SHARE, "border": "thick"}).status_code == 422
    )


def test_a_change_needs_masks_of_the_earlier_date(asker, start, dates, tmp_path):
    bare = tmp_path / "scenes"
    bare.mkdir()
    for name in ("image.tif", "labels.tif", "legend.json"):
        shutil.copy(dates.folder / "2024" / name, bare / name)
    shutil.copy(dates.folder / "2018" / "image.tif", bare / "earlier.tif")
    (bare / "legend.json").rename(bare / "image.legend.json")
    other = start(folders=[bare], sources=Sources({"still": Still()}))
    job = other.ask(other.scene("image.tif"), FOREST, before=other.scene("earlier.tif"))
    assert "under Options" in refused(other.get(f"/answers/{job}"), 422)


def test_all_zones_together_have_a_time(start, dates):
    hurried = start(
        folders=[dates.folder], sources=Sources({"still": Still()}), bounds=AskLimits(answer_seconds=1e-3)
    )
    scene = hurried.scene("2024/image.tif")
    layer = add_layer(hurried, scene, "districts.gpkg", dates.districts.read_bytes()).json()
    job = hurried.ask(scene, "How many buildings are within 20 m of a road?", zones=layer["id"])
    assert hurried.get(f"/answers/{job}").status_code == 504
    assert json.loads(hurried.get(f"/answers/{job}").text)["kind"] == "LimitReached"


def test_an_earlier_scene_is_drawn_on_the_later_ones_grid(asker, start, dates, tmp_path):
    path = f"/scenes/{asker.now}/before/{asker.then}/tiles/0/0/0.png"
    picture = cv2.imdecode(np.frombuffer(asker.get(path).content, np.uint8), cv2.IMREAD_UNCHANGED)
    with rasterio.open(dates.folder / "2018" / "image.tif") as image:
        right, profile = image.read(), image.profile
    assert (picture[..., 2::-1].transpose(2, 0, 1) == right[:3]).all()
    # The same picture on another grid, 40 pixels to the right and 24 down: what it lacks is transparent.
    scenes = tmp_path / "scenes"
    scenes.mkdir()
    moved = profile | {"transform": dates.transform * Affine.translation(40, 24)}
    with rasterio.open(scenes / "moved.tif", "w", **moved) as out:
        out.write(right)
    shutil.copy(dates.folder / "2024" / "image.tif", scenes / "now.tif")
    other = start(folders=[scenes], sources=Sources({"still": Still()}))
    path = f"/scenes/{other.scene('now.tif')}/before/{other.scene('moved.tif')}/tiles/0/0/0.png"
    picture = cv2.imdecode(np.frombuffer(other.get(path).content, np.uint8), cv2.IMREAD_UNCHANGED)
    assert (picture[24:, 40:, 2::-1].transpose(2, 0, 1) == right[:3, :-24, :-40]).all()
    assert (picture[24:, 40:, 3] == 255).all()
    assert not picture[:24, :, 3].any()
    assert not picture[:, :40, 3].any()


def test_the_history_outlives_a_restart(start, dates, layer, tmp_path):
    first = start(store=tmp_path, folders=[dates.folder], sources=Sources({"still": Still()}))
    scene, then = first.scene("2024/image.tif"), first.scene("2018/image.tif")
    zones = add_layer(first, scene, "districts.gpkg", dates.districts.read_bytes()).json()["id"]
    asked = [
        first.ask(scene, SHARE, area="pixels:10,20,110,220"),
        first.ask(scene, FOREST, before=then),
        first.ask(scene, SHARE, zones=zones, zone_name="name"),
    ]
    first.ask(scene, "How many unicorns are there?")  # refused, and so no answer
    first.ask(then, SHARE)
    again = start(store=tmp_path, folders=[dates.folder], sources=Sources({"still": Still()}))
    told = again.get(f"/scenes/{scene}/history").json()
    assert told["total"] == 3
    entries = told["history"]
    assert [each["id"] for each in entries] == asked[::-1]
    assert [each["question"] for each in entries] == [SHARE, FOREST, SHARE]
    together = again.get(f"/answers/{asked[2]}").json()["answer"][-1]["share"]
    assert (entries[0]["value"], entries[0]["unit"]) == (together, "%")
    assert entries[0]["text"] == f"3 zones, together {together:.4g} %"
    assert entries[1]["value"] == pytest.approx(dates.lost, rel=1e-9)
    assert [entries[0]["order"][name] for name in ("zones", "zones_name", "zone_name")] == [
        zones,
        "districts.gpkg",
        "name",
    ]
    assert entries[1]["order"]["before_name"] == "2018/image.tif"
    assert entries[2]["order"]["area"] == "pixels:10,20,110,220"
    table = again.get(f"/scenes/{scene}/history.csv")
    assert "2024-image_history.csv" in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["earlier scene"] for row in rows] == ["", "2018/image.tif", ""]
    assert float(rows[1]["value"]) == entries[1]["value"]
    packed = again.get(f"/answers/{asked[0]}/evidence.zip")
    name = "2024-image_what-percentage-of-the-image-is-covered-by-forest"
    assert f'filename="{name}.zip"' in packed.headers["content-disposition"]
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        assert {f"{name}/answer.json", f"{name}/masks.tif", f"{name}/report.html"} <= set(archive.namelist())
        kept = json.loads(archive.read(f"{name}/answer.json"))
    assert (kept["image"]["name"], len(kept["image"]["sha256"])) == ("2024/image.tif", 64)
