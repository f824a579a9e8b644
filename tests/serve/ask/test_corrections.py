"""Masks corrected over HTTP: numbers by scipy and rasterio, the record, the files, and what is refused."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
from shapely.geometry import LineString, box
from tests.serve.ask.conftest import Asker
from tests.serve.ask.correcting import (
    AREA,
    BETWEEN,
    COUNT,
    CUT,
    NEW,
    ROOF,
    WRONG,
    count,
    drawn,
    inside,
    make_places,
)

import planimeter

EDITS = drawn(("roof", "add", NEW), ("roof", "remove", WRONG), ("roof", "remove", BETWEEN))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("corrected")


@pytest.fixture(scope="module")
def labels(folder: Path) -> np.ndarray:
    return make_places(folder)


@pytest.fixture(scope="module")
def roof(labels: np.ndarray) -> np.ndarray:
    """The mask as it was corrected, by rasterio."""
    return ((labels == ROOF) | inside(NEW)) & ~inside(WRONG) & ~inside(CUT)


@pytest.fixture(scope="module")
def asker(start: Callable[..., Asker], folder: Path, labels: np.ndarray, still) -> Asker:
    from planimeter.serve.ask.sources import Sources

    return start(folders=[folder], sources=Sources({"still": still}))


def answered(asker: Asker, job: str) -> dict:
    reply = asker.get(f"/answers/{job}")
    assert reply.status_code == 200, reply.text
    return reply.json()


@pytest.mark.parametrize("name", ["placed", "flat"])
def test_what_was_drawn_is_measured_said_and_kept(asker, folder, labels, roof, tmp_path, name):
    scene = asker.scene(f"{name}/image.tif")
    asked = {"gsd": 0.5, "corrections": EDITS}
    before = answered(asker, asker.ask(scene, COUNT, gsd=0.5))
    job = asker.ask(scene, COUNT, **asked)
    found = answered(asker, job)
    assert (before["answer"], found["answer"]) == (count(labels == ROOF), count(roof)) == (2, 3)
    assert "A person corrected roof by hand: 1 place added and 2 places removed." in found["warnings"]
    (said,) = [each for each in found["sources"] if each["role"] == "corrections"]
    assert said["identity"].startswith("sha256 ")
    area = answered(asker, asker.ask(scene, AREA, **asked))
    assert area["answer"] == pytest.approx(roof.sum() * 0.25)

    view = asker.get(f"/answers/{job}/view").json()
    assert view["asked"]["corrections"] == 3
    assert view["correctable"] == [{"topic": "roof", "shown": "buildings"}]
    with rasterio.open(io.BytesIO(asker.get(f"/answers/{job}/masks/roof.tif").content)) as file:
        assert np.array_equal(file.read(1) > 0, roof)

    file = tmp_path / "corrections.geojson"
    file.write_bytes(asker.get(f"/answers/{job}/corrections.geojson").content)
    if name == "placed":
        kept = geopandas.read_file(file).to_crs("EPSG:32633")
        assert kept.geometry[0].area == pytest.approx(NEW.area * 0.25, rel=1e-6)
    maps = planimeter.LabelSegmenter(folder / name / "labels.tif", folder / name / "legend.json")
    image = folder / name / "image.tif"
    for question, right in ((COUNT, found), (AREA, area)):
        again = planimeter.ask(image, question, gsd=0.5, segmenter=maps, corrections=file)
        assert again.answer == right["answer"]
    pixels = asker.get(f"/answers/{job}/corrections-pixels.geojson").json()
    assert answered(asker, asker.ask(scene, AREA, gsd=0.5, corrections=pixels))["answer"] == area["answer"]


def test_equal_questions_are_those_with_equal_corrections(asker):
    scene = asker.scene("placed/image.tif")
    one, other = drawn(("roof", "remove", WRONG)), drawn(("roof", "remove", box(8, 8, 12, 24)))
    answers = [asker.ask(scene, AREA, corrections=each) for each in (one, one, other)]
    first, same, different = (answered(asker, each) for each in answers)
    assert first["answer"] == same["answer"]
    assert first["date"] == same["date"]  # it was computed once
    assert different["answer"] != first["answer"]


def test_a_program_of_ones_own_is_corrected_too(asker, roof):
    program = "answer = len(segment_image_from_path(IMAGE_PATH, ['roof'])['shapes'])"
    job = asker.finish("/run", scene=asker.scene("placed/image.tif"), program=program, corrections=EDITS)
    assert answered(asker, job)["answer"] == count(roof)
    rows = asker.get(f"/scenes/{asker.scene('placed/image.tif')}/history.csv").text
    assert "corrections" in rows.splitlines()[0]


def bad(change: Callable[[dict], object]) -> dict:
    sent = copy.deepcopy(EDITS)
    change(sent)
    return sent


MANY = {"type": "MultiPolygon", "coordinates": [[[[0, 0], [4, 0], [4, 4], [0, 0]]]] * 999}


@pytest.mark.parametrize(
    ("corrections", "said"),
    [
        (bad(lambda sent: sent["features"].clear()), "at least 1"),
        (bad(lambda sent: sent["features"].extend(sent["features"] * 400)), "at most 1000"),
        (bad(lambda sent: sent["features"][0].update(geometry={"type": "Point", "coordinates": [1, 1]})), "tag"),
        (bad(lambda sent: sent["features"][0].update(geometry=None)), "geometry"),
        (bad(lambda sent: sent["features"][0]["properties"].update(action="paint")), "'add' or 'remove'"),
        (bad(lambda sent: sent["features"][0]["properties"].update(topic="")), "at least 1"),
        (bad(lambda sent: sent["features"][0]["geometry"]["coordinates"][0].pop()), "end where it begins"),
        (bad(lambda sent: sent["features"][0]["geometry"].update(coordinates=[[[0, 1e300]] * 4])), "10000000"),
        (bad(lambda sent: sent["features"][0]["geometry"].update(coordinates=[[["x", 0]] * 4])), "number"),
        (drawn(("roof", "add", LineString([(1, 1), (9, 9)]))), "only what is taken away may be a line"),
        (
            bad(lambda sent: sent["features"][0].update(geometry=MANY)),
            "more than 1,000 polygons",
        ),
        (
            bad(lambda sent: sent["features"][0]["geometry"].update(coordinates=[[[0, 0]] * 60_000] * 2)),
            "more than 100,000 vertices",
        ),
        (bad(lambda sent: sent.update(note="x")), "not permitted"),
    ],
)  # fmt: skip
def test_what_is_no_correction_is_refused_at_once(asker, corrections, said):
    order = {"scene": asker.scene("placed/image.tif"), "question": COUNT, "corrections": corrections}
    sent = asker.post("/ask", json=order)
    assert sent.status_code == 422, sent.text
    assert said in sent.json()["error"]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("<img src=x>", "remove", WRONG), "nothing here shows as its own"),
        (("vegetation", "remove", WRONG), "correct one of roof, water, grass"),
        (("roof", "add", box(500, 500, 600, 600)), "no area inside the scene of 160 x 120 pixels"),
    ],
)
def test_what_cannot_be_corrected_is_said(asker, edit, said):
    job = asker.ask(asker.scene("placed/image.tif"), COUNT, corrections=drawn(edit))
    reply = asker.get(f"/answers/{job}")
    assert (reply.status_code, reply.json()["kind"]) == (422, "LabelError")
    assert said in reply.json()["error"]
