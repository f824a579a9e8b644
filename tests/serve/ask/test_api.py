"""The ask server over real HTTP: the right numbers, the same as the command line's, and everything behind them."""

from __future__ import annotations

import hashlib
import io
import json
import sqlite3

import cv2
import httpx
import numpy as np
import pytest
import rasterio
from tests.serve.ask.conftest import COUNT

from planimeter.ask import ask
from planimeter.segment import LabelSegmenter

NEAR = "How many buildings are within 50 m of water?"


def test_an_answer_is_that_of_the_command_line(served, place):
    scene = served.scene("town/image.tif")
    said = served.get(f"/answers/{served.ask(scene, NEAR)}").json()
    maps = LabelSegmenter(place.folder / "town" / "labels.tif", place.folder / "town" / "legend.json")
    here = json.loads(ask(place.folder / "town" / "image.tif", NEAR, segmenter=maps).to_json())
    assert list(said) == [*here, "image", "sources", "date", "version"]
    digest = hashlib.sha256((place.folder / "town" / "image.tif").read_bytes()).hexdigest()
    assert (said["image"]["name"], said["image"]["sha256"]) == ("town/image.tif", digest)
    assert [each["role"] for each in said["sources"]] == ["image", "labels"]
    for name in set(here) - {"timings", "trace"}:
        assert said[name] == here[name], name


def test_counts_and_shares_are_right(served, place):
    scene = served.scene("town/image.tif")
    assert served.get(f"/answers/{served.ask(scene, COUNT)}").json()["answer"] == place.buildings
    share = served.get(f"/answers/{served.ask(scene, 'What percentage of the image is water?')}").json()
    assert share["answer"] == pytest.approx(place.water, rel=1e-12)
    assert share["unit"] == "%"


def test_everything_behind_an_answer_can_be_had(served, place):
    scene = served.scene("town/image.tif")
    job = served.ask(scene, NEAR)
    view = served.get(f"/answers/{job}/view").json()
    counted = next(layer for layer in view["layers"] if layer["role"] == "counted")
    assert view["text"] == str(counted["count"])
    assert {layer["role"] for layer in view["layers"]} == {"topic", "band", "counted", "reference"}
    pixels = served.get(f"/answers/{job}/pixels.geojson").json()["features"]
    near = [each["properties"] for each in pixels if each["properties"]["role"] == "counted"]
    assert len(near) == counted["count"]
    assert all(0 < each["distance_m"] <= 50 for each in near)
    geojson = served.get(f"/answers/{job}/shapes.geojson").json()
    longitude, latitude = geojson["features"][0]["geometry"]["coordinates"][0][0][:2]
    assert -180 <= longitude <= 180
    assert -90 <= latitude <= 90
    assert served.get(f"/answers/{job}/shapes.gpkg").content.startswith(b"SQLite format 3")
    assert served.get(f"/answers/{job}/overlay.png").content.startswith(b"\x89PNG")
    assert "segment_image_from_path" in served.get(f"/answers/{job}/program").text
    assert served.get(f"/answers/{job}/trace").json()[0]["function"] == "segment_image_from_path"


def test_an_area_is_given_as_numbers_and_never_as_a_file(served, place):
    scene = served.scene("town/image.tif")
    with rasterio.open(place.folder / "town" / "labels.tif") as labels:
        water = np.isin(
            labels.read(1), json.loads((place.folder / "town" / "legend.json").read_text())["water"]
        )
    for area in ("pixels:0,100,200,512", "pixels:POLYGON((0 100, 200 100, 200 512, 0 512, 0 100))"):
        job = served.ask(scene, "What percentage of the image is water?", area=area)
        answer = served.get(f"/answers/{job}").json()
        assert answer["answer"] == pytest.approx(100 * water[100:, :200].mean())
        assert "Measured inside the area of interest" in answer["reading"]
    program = "answer = segment_image_from_path(IMAGE_PATH, ['water'])['total_pixels']"
    job = served.finish("/run", scene=scene, program=program, area="pixels:0,0,10,20")
    assert served.get(f"/answers/{job}").json()["answer"] == 200
    for file in (str(place.folder / "town" / "labels.tif"), "/etc/passwd"):
        job = served.ask(scene, "What percentage of the image is water?", area=file)
        error = served.get(f"/jobs/{job}").json()["error"]["error"]
        assert error.startswith("The area is neither a box nor WKT")


def test_masks_are_exact_and_on_the_scenes_grid(served, place):
    job = served.ask(served.scene("town/image.tif"), COUNT)
    with rasterio.open(place.folder / "town" / "labels.tif") as labels:
        legend = json.loads((place.folder / "town" / "legend.json").read_text())
        expected = np.isin(labels.read(1), legend["roof"])
        grid = labels.crs, labels.transform
    with (
        rasterio.MemoryFile(served.get(f"/answers/{job}/masks/roof.tif").content) as memory,
        memory.open() as mask,
    ):
        assert (mask.crs, mask.transform) == grid
        assert np.array_equal(mask.read(1) == 255, expected)
    png = np.frombuffer(served.get(f"/answers/{job}/masks/roof.png").content, np.uint8)
    assert np.array_equal(cv2.imdecode(png, cv2.IMREAD_UNCHANGED) == 255, expected)
    assert served.get(f"/answers/{job}/masks/boats.png").status_code == 404


def test_progress_comes_as_events(served):
    job = served.post("/ask", json={"scene": served.scene("town/image.tif"), "question": COUNT}).json()["id"]
    with served.http.stream("GET", f"/jobs/{job}/events") as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        text = "".join(stream.iter_text())
    events = [block.split("\n") for block in text.strip().split("\n\n") if block.startswith("event")]
    assert events[-1][0] == "event: done"
    assert json.loads(events[-1][1].removeprefix("data: "))["id"] == job
    assert {event[0] for event in events[:-1]} <= {"event: progress"}


@pytest.mark.parametrize(
    ("question", "options", "status", "kind", "exit_name"),
    [
        ("Why is the sky blue?", {}, 422, "NotUnderstood", "question"),
        ("How many boats are on the river?", {}, 422, "NotMeasurable", "question"),
        ("What is the area of water?", {"scene": "plain.png"}, 422, "ScaleError", "input"),
    ],
)
def test_what_cannot_be_answered_is_one_sentence(served, question, options, status, kind, exit_name):
    scene = served.scene(options.get("scene", "town/image.tif"))
    job = served.ask(scene, question)
    assert served.get(f"/jobs/{job}").json()["state"] == "failed"
    reply = served.get(f"/answers/{job}")
    assert reply.status_code == status
    said = reply.json()
    assert (said["kind"], said["exit_name"]) == (kind, exit_name)
    assert "\n" not in said["error"]


def test_a_scale_can_be_given_with_the_question(served):
    scene = served.scene("plain.png")
    job = served.ask(scene, "What is the area of water, in m²?", gsd=2.0)
    said = served.get(f"/answers/{job}").json()
    assert said["answer"] == pytest.approx(90 * 120 * 4)
    assert said["scale_source"] == "user"
    assert said["warnings"] == ["Still waters are a guess."]


def test_an_edited_program_is_run(served, place):
    scene = served.scene("town/image.tif")
    text = served.get(f"/answers/{served.ask(scene, COUNT)}/program").text + "\nanswer = answer * 2\n"
    said = served.get(f"/answers/{served.finish('/run', scene=scene, program=text)}").json()
    assert said["answer"] == 2 * place.buildings
    assert said["coder"] == "you"
    for program, kind in (("import os\nanswer = 1", "CheckFailed"), ("answer = 1 / 0", "ProgramFailed")):
        reply = served.get(f"/answers/{served.finish('/run', scene=scene, program=program)}")
        assert reply.status_code == 422
        assert reply.json()["kind"] == kind


def test_a_scene_comes_in_with_its_maps(served, place):
    town = place.folder / "town"
    files = [
        ("image", ("../../my town.tif", (town / "image.tif").read_bytes())),
        ("labels", ("labels.tif", (town / "labels.tif").read_bytes())),
        ("legend", ("legend.json", (town / "legend.json").read_bytes())),
    ]
    added = served.post("/scenes", files=files)
    assert added.status_code == 201, added.text
    scene = added.json()
    assert (scene["name"], scene["origin"], scene["segmenters"][0]["name"]) == (
        "my town.tif",
        "upload",
        "maps",
    )
    assert served.post("/scenes", files=files).json()["id"] == scene["id"]
    assert served.get(f"/answers/{served.ask(scene['id'], COUNT)}").json()["answer"] == place.buildings


def test_polygons_come_in_as_geojson(served, place):
    with rasterio.open(place.folder / "town" / "image.tif") as image:
        west, south, east, north = rasterio.warp.transform_bounds(image.crs, "EPSG:4326", *image.bounds)
    ring = [[west - 1, south - 1], [east + 1, south - 1], [east + 1, north + 1], [west - 1, north + 1]]
    whole = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    document = {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": whole}]}
    image = (place.folder / "town" / "image.tif").read_bytes()
    files = [("image", ("a.tif", image)), ("vector", ("lake.geojson", json.dumps(document).encode()))]
    scene = served.post("/scenes", files=files).json()
    assert scene["topics"] == ["water"]
    job = served.ask(scene["id"], "What percentage of the image is water?")
    assert served.get(f"/answers/{job}").json()["answer"] == 100


def test_several_files_of_one_topic_are_counted_together(served, place):
    def squares(*corners: tuple[int, int]) -> bytes:
        """Squares of 20 x 20 pixels, at columns and rows."""
        rings = []
        with rasterio.open(place.folder / "town" / "image.tif") as image:
            for x, y in corners:
                ring = [
                    image.transform * point
                    for point in ((x, y), (x + 20, y), (x + 20, y + 20), (x, y + 20), (x, y))
                ]
                rings.append(
                    rasterio.warp.transform_geom(
                        image.crs, "EPSG:4326", {"type": "Polygon", "coordinates": [ring]}
                    )
                )
        features = [{"type": "Feature", "geometry": ring} for ring in rings]
        return json.dumps({"type": "FeatureCollection", "features": features}).encode()

    files = [
        ("image", ("b.tif", (place.folder / "town" / "image.tif").read_bytes())),
        ("vector", ("roof.geojson", squares((50, 50), (150, 50), (250, 50)))),
        ("vector", ("buildings.geojson", squares((50, 300), (150, 300)))),
    ]
    added = served.post("/scenes", files=files)
    assert added.status_code == 201, added.text
    assert added.json()["topics"] == ["roof"]
    assert served.get(f"/answers/{served.ask(added.json()['id'], COUNT)}").json()["answer"] == 5


def test_tiles_are_the_scenes_pixels(served, place):
    scene = served.scene("town/image.tif")
    about = served.get(f"/scenes/{scene}").json()
    assert (about["width"], about["height"], about["levels"], about["gsd"]) == (512, 512, 1, 0.5)
    with rasterio.open(place.folder / "town" / "image.tif") as image:
        pixels = np.moveaxis(image.read(), 0, 2)
    rebuilt = np.zeros((512, 512, 4), np.uint8)
    for x in range(2):
        for y in range(2):
            reply = served.get(f"/scenes/{scene}/tiles/1/{x}/{y}.png")
            tile = cv2.imdecode(np.frombuffer(reply.content, np.uint8), cv2.IMREAD_UNCHANGED)
            rebuilt[y * 256 : y * 256 + 256, x * 256 : x * 256 + 256] = tile
    assert np.array_equal(rebuilt[..., 2::-1], pixels)
    assert rebuilt[..., 3].all()
    small = served.get(f"/scenes/{served.scene('plain.png')}/tiles/0/0/0.png").content
    alpha = cv2.imdecode(np.frombuffer(small, np.uint8), cv2.IMREAD_UNCHANGED)[..., 3]
    assert alpha.shape == (256, 256)
    assert alpha[:90, :120].all()
    assert alpha.sum() == 90 * 120 * 255
    for bad in ("2/0/0", "1/2/0", "0/-1/0", "-1/0/0"):
        assert served.get(f"/scenes/{scene}/tiles/{bad}.png").status_code == 404
    job = served.ask(scene, COUNT)
    tile = served.get(f"/answers/{job}/tiles/roof/1/0/0.png").content
    alpha = cv2.imdecode(np.frombuffer(tile, np.uint8), cv2.IMREAD_UNCHANGED)[..., 3]
    mask = served.get(f"/answers/{job}/masks/roof.png").content
    assert np.array_equal(
        alpha, cv2.imdecode(np.frombuffer(mask, np.uint8), cv2.IMREAD_UNCHANGED)[:256, :256]
    )


def test_it_is_a_segmentation_server_too(served, place):
    from planimeter.raster import open_scene
    from planimeter.segment.remote import RemoteSegmenter

    remote = RemoteSegmenter(served.url)
    assert remote.topics == ("water",)
    assert remote.look(open_scene(place.folder / "plain.png"), ["water"]).masks["water"].all()
    assert served.get(f"{served.url}/metrics").text.count("planimeter_jobs") > 1


def test_a_restart_loses_no_finished_answer(start, place, tmp_path):
    first = start(store=tmp_path / "store", folders=[place.folder])
    scene = first.scene("town/image.tif")
    job = first.ask(scene, COUNT)
    said = first.get(f"/answers/{job}").content
    first.server.should_exit = True
    again = start(store=tmp_path / "store", folders=[place.folder])
    assert again.get(f"/jobs/{job}").json()["state"] == "done"
    assert again.get(f"/answers/{job}").content == said
    assert again.get(f"/answers/{job}/overlay.png").status_code == 200
    assert b"event: done" in again.get(f"/jobs/{job}/events").content


def test_a_geopackage_holds_each_layer(served):
    job = served.ask(served.scene("town/image.tif"), NEAR)
    content = served.get(f"/answers/{job}/shapes.gpkg").content
    with sqlite3.connect(":memory:") as database:
        database.deserialize(content)
        names = {row[0] for row in database.execute("select table_name from gpkg_contents")}
        assert names - {"layer_styles"} == {"roof", "water"}
        assert database.execute("select count(*) from roof where distance_m <= 50").fetchone()[0] > 0


def test_openapi_describes_itself(served):
    import jsonschema_rs

    document = served.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if path in ("/health", "/metrics"):
                continue
            problem = operation["responses"]["422"]["content"]["application/problem+json"]["schema"]["$ref"]
            assert problem.endswith("/ErrorReply"), (path, method)
    for schema in document["components"]["schemas"].values():
        jsonschema_rs.meta.validate(schema | {"$schema": "https://json-schema.org/draft/2020-12/schema"})


def test_large_requests_that_are_no_uploads_are_refused(served):
    reply = served.post("/ask", content=io.BytesIO(b" " * (2 << 20)).read())
    assert reply.status_code == 413
    assert isinstance(reply, httpx.Response)


@pytest.mark.parametrize("path", ["/ask", "/run", "/session"])
def test_they_are_refused_as_well_where_their_length_is_not_said(served, path):
    parts = (b" " * (1 << 16) for _ in range(17))
    reply = served.post(path, content=parts, headers={"Content-Type": "application/json"})
    assert "content-length" not in reply.request.headers
    assert (reply.status_code, reply.json()["kind"]) == (413, "TooLarge")
    assert "1 MiB" in reply.json()["error"]
    assert reply.headers["x-content-type-options"] == "nosniff"
