"""Uploads: renamed, deleted, told apart, and refused where their labels do not fit; legends that may be named."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
import rasterio
from affine import Affine

PNG = "image/png"


def png(path, height=40, width=60, value=5):
    cv2.imwrite(str(path), np.full((height, width), value, np.uint8))
    return path.read_bytes()


def test_an_upload_is_renamed_and_deleted(served, tmp_path):
    sent = served.post("/scenes", files={"image": ("one.png", png(tmp_path / "a.png", value=1), PNG)}).json()
    assert sent["added"].endswith("Z")
    path = f"/scenes/{sent['id']}"
    assert served.get(f"{path}/tiles/0/0/0.png").status_code == 200
    renamed = served.http.patch(path, json={"name": "../two.png"})
    assert (renamed.status_code, renamed.json()["name"]) == (200, "two.png")
    assert served.get(path).json()["name"] == "two.png"
    assert served.get(path).json()["added"] == sent["added"]
    assert [each["name"] for each in served.get("/scenes").json()["scenes"] if each["id"] == sent["id"]] == [
        "two.png"
    ]
    assert served.http.patch(path, json={"name": ""}).status_code == 422
    assert served.http.delete(path).status_code == 204
    assert served.get(path).status_code == 404
    assert served.http.delete(path).status_code == 404
    assert served.http.patch(path, json={"name": "x"}).status_code == 404
    folder = f"/scenes/{served.scene('plain.png')}"
    assert served.http.delete(folder).status_code == 403
    assert served.http.patch(folder, json={"name": "x"}).status_code == 403
    assert served.get(folder).status_code == 200


def grid(path, data, east):
    transform = Affine(2, 0, east, 0, -2, 5_500_000)
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="uint8",
        count=1,
        height=40,
        width=60,
        crs="EPSG:32633",
        transform=transform,
    ) as out:
        out.write(data, 1)
    return path.read_bytes()


@pytest.mark.parametrize("wrong", ["size", "place"])
def test_labels_that_do_not_fit_are_refused_at_upload(served, tmp_path, wrong):
    plane = np.full((40, 60), 5, np.uint8)
    if wrong == "size":
        image, labels = png(tmp_path / "i.png", value=7), png(tmp_path / "l.png", 41, 60)
    else:
        image, labels = grid(tmp_path / "i.tif", plane, 400_000), grid(tmp_path / "l.tif", plane, 500_000)
    before = len(served.get("/scenes").json()["scenes"])
    files = {"image": ("i", image), "labels": ("l", labels)}
    refused = served.post("/scenes", files=files, data={"legend": '{"water": [5]}'})
    assert (refused.status_code, refused.json()["kind"]) == (422, "LabelError")
    assert len(served.get("/scenes").json()["scenes"]) == before


def test_labels_without_a_legend_are_asked_about(served, tmp_path):
    files = {
        "image": ("i.png", png(tmp_path / "i.png"), PNG),
        "labels": ("l.png", png(tmp_path / "l.png"), PNG),
    }
    refused = served.post("/scenes", files=files)
    assert refused.status_code == 400
    assert "worldcover" in refused.json()["error"]
    legends = {each["name"]: each["entries"] for each in served.get("/legends").json()["legends"]}
    water = next(entry for entry in legends["deepglobe"] if entry["topic"] == "water")
    assert water == {"topic": "water", "shown": "water", "values": [5], "colours": ["#0000FF"]}
    scene = served.post("/scenes", files=files, data={"legend": "deepglobe"}).json()
    job = served.ask(scene["id"], "What percentage of the image is water?")
    assert served.get(f"/answers/{job}").json()["answer"] == 100
