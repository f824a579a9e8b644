"""Marks as GeoPackage and COCO, read by geopandas and by hand; the truth is drawn with numpy and rasterio."""

from __future__ import annotations

import io
import json
import zipfile

import cv2
import numpy as np
import pytest
import rasterio
import shapely
from rasterio.features import rasterize

from planimeter.annotate.export import export
from planimeter.annotate.grid import runs_of
from planimeter.annotate.store import ORGANISER

geopandas = pytest.importorskip("geopandas")

RING = np.zeros((10, 10), dtype=bool)
RING[2:7, 2:8] = True
RING[3:4, 3:5] = False  # a hole
RING[5:6, 4:7] = False  # and another
RING[7, 8] = True  # touches at a corner
POINTS = [[3.5, 4.25], [199.9, 10.0], [200.0, 160.0]]
ASKED = {"share": 0, "houses": 1, "far": 2, "flat area": 9, "half": 10}


@pytest.fixture
def marked(make, served_site):
    """Two people's marks on a georeferenced image, on one without a scale, and on one of which half is nodata."""
    site = served_site(make())
    cells = [list(run) for run in runs_of(RING.ravel())]
    for person, points in (("Ada", POINTS), ("Ben", POINTS[:1])):
        site.send_answer(person, ASKED["houses"], {"points": points}, note="=1+1")
    rulers = [[[0, 0], [30, 40]]]
    site.send_answer("Ada", ASKED["share"], {"grid": 10, "cells": cells, "rulers": rulers})
    site.send_answer("Ben", ASKED["share"], {"grid": 20, "cells": []})
    site.send_answer("Ada", ASKED["far"], {"line": [[10, 20], [10, 60]]})
    site.send_answer("Ada", ASKED["half"], {"grid": 10, "cells": [[0, 10]]})
    return site


def test_a_geopackage_lies_on_the_image(marked, pictures, tmp_path):
    files = export(marked.project, marked.store, tmp_path / "out")
    path = files["marks on world"]
    assert path == tmp_path / "out" / "marks" / "world.gpkg"
    with rasterio.open(pictures / "world.tif") as image:
        crs, transform, shape = image.crs, image.transform, image.shape
    cells = geopandas.read_file(path, layer="cells").set_index("annotator")
    assert cells.crs == crs
    assert cells.is_valid.all()
    assert list(cells["cells"]) == [int(RING.sum()), 0]
    assert list(cells["grid"]) == [10, 20]
    assert cells.geometry["Ben"].is_empty
    # Every cell is 20 x 16 pixels of half a metre; drawn back into pixels, the cells are what was marked.
    drawn = rasterize([cells.geometry["Ada"]], shape, transform=transform).astype(bool)
    assert (drawn == np.kron(RING, np.ones((16, 20), dtype=bool))).all()
    answer = float(cells.answer["Ada"])
    assert 100 * cells.geometry["Ada"].area / (200 * 160 * 0.25) == pytest.approx(answer)
    points = geopandas.read_file(path, layer="points")
    assert list(zip(points.annotator, points.number, strict=True)) == [
        ("Ada", 1),
        ("Ada", 2),
        ("Ada", 3),
        ("Ben", 1),
    ]
    truth = [transform * tuple(point) for point in POINTS]
    assert np.allclose(shapely.get_coordinates(points.geometry)[:3], truth)
    assert set(points.question_id) == {"houses"}
    assert set(points.note) == {"=1+1"}  # no spreadsheet reads it
    rulers = geopandas.read_file(path, layer="rulers").set_index("role")
    assert rulers.metres.to_dict() == {"on the way": 25.0, "answer": 20.0}
    assert rulers.geometry["answer"].length == pytest.approx(20.0)
    assert rulers.question_id.to_dict() == {"on the way": "share", "answer": "far"}


def test_without_a_place_coordinates_are_pixels(make, served_site, tmp_path):
    site = served_site(make())
    site.send_answer("Ada", ASKED["half"], {"grid": 10, "cells": [[0, 10]]})
    files = export(site.project, site.store, tmp_path / "out")
    cells = geopandas.read_file(files["marks on half"], layer="cells")
    assert cells.crs is None
    # Of the first row of cells the right half shows nothing and does not count.
    assert cells.geometry[0].bounds == (0.0, 0.0, 50.0, 10.0)
    assert cells.answer[0] == "10.0"
    assert cells.cells[0] == 5
    assert "marks on world" not in files


def test_only_what_counts_now_is_drawn(marked, tmp_path):
    marked.send_answer("Ada", ASKED["houses"], {"points": [[7, 7]]})  # in place of three
    marked.send_answer("Ben", ASKED["houses"], {}, skipped=True)
    files = export(marked.project, marked.store, tmp_path / "out")
    points = geopandas.read_file(files["marks on world"], layer="points")
    assert list(points.annotator) == ["Ada"]
    coco = json.loads(files["COCO"].read_text())
    assert [one["keypoints"] for one in coco["annotations"] if "keypoints" in one] == [[7.0, 7.0, 2]]


def test_coco_draws_the_cells(marked, tmp_path):
    files = export(marked.project, marked.store, tmp_path / "out")
    coco = json.loads(files["COCO"].read_text())
    images = {image["file_name"]: image for image in coco["images"]}
    assert {name: (image["width"], image["height"]) for name, image in images.items()} == {
        "world.png": (200, 160),
        "half.png": (100, 100),
    }
    for name, image in images.items():
        seen = cv2.imread(str(tmp_path / "out" / "images" / name))
        assert seen.shape[:2] == (image["height"], image["width"])
    categories = {category["id"]: category for category in coco["categories"]}
    assert {category["name"] for category in categories.values()} == {"share", "houses", "half"}
    ids = [one["id"] for one in coco["annotations"]]
    assert len(set(ids)) == len(ids)
    world = images["world.png"]["id"]
    (cells,) = [one for one in coco["annotations"] if one["image_id"] == world and one["segmentation"]]
    assert cells["attributes"] == {"annotator": "Ada", "question_id": "share", "grid": 10}
    assert categories[cells["category_id"]]["name"] == "share"
    drawn = np.zeros((160, 200), dtype=int)
    for ring in cells["segmentation"]:
        assert len(ring) >= 6
        polygon = shapely.Polygon(np.reshape(ring, (-1, 2)))
        assert polygon.is_valid
        drawn += rasterize([polygon], drawn.shape)
    truth = np.kron(RING, np.ones((16, 20), dtype=int))
    assert (drawn == truth).all()  # no hole is filled, and no pixel is covered twice
    assert cells["area"] == truth.sum()
    assert cells["bbox"] == [40, 32, 140, 96]
    points = [one for one in coco["annotations"] if "keypoints" in one]
    assert [one["keypoints"] for one in points] == [[*point, 2] for point in [*POINTS, POINTS[0]]]
    assert [one["bbox"] for one in points[:3]] == [[3, 4, 1, 1], [199, 10, 1, 1], [199, 159, 1, 1]]
    assert all(categories[one["category_id"]]["keypoints"] == ["point"] for one in points)


def test_topics_are_categories(make, served_site, tmp_path):
    questions = [
        {"id": "a", "image": "world", "question": "How many?", "type": "count", "topic": "sheds"},
        {
            "id": "b",
            "image": "world",
            "question": "How many in the north?",
            "type": "count",
            "topic": "sheds",
        },
        {
            "id": "c",
            "image": "world",
            "question": "What percentage of the image is urban area within 50m of vegetation? (GSD: 0.5m)",
            "type": "proximity_percentage",
        },
        {"id": "d", "image": "world", "question": "How many of those?", "type": "count"},
    ]
    site = served_site(make(questions=questions))
    for number, work in enumerate(
        [{"points": [[1, 1]]}] * 2 + [{"grid": 10, "cells": [[0, 1]]}, {"points": [[1, 1]]}]
    ):
        site.send_answer("Ada", number, work)
    coco = json.loads(export(site.project, site.store, tmp_path / "out")["COCO"].read_text())
    names = {category["id"]: category["name"] for category in coco["categories"]}
    assert [names[one["category_id"]] for one in coco["annotations"]] == [
        "sheds",
        "sheds",
        "urban",
        "d",
    ]


def test_the_organiser_downloads_the_same(marked, tmp_path):
    files = export(marked.project, marked.store, tmp_path / "out")
    reply = marked.get(ORGANISER, "marks.zip")
    assert reply.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert sorted(archive.namelist()) == ["marks.coco.json", "marks/half.gpkg", "marks/world.gpkg"]
        assert archive.read("marks.coco.json") == files["COCO"].read_bytes()
        archive.extractall(tmp_path / "zip")
    there = geopandas.read_file(tmp_path / "zip" / "marks" / "world.gpkg", layer="points")
    assert there.equals(geopandas.read_file(files["marks on world"], layer="points"))
    assert marked.client.get(f"/o/{marked.tokens['Ada']}/marks.zip").status_code == 404


def test_nothing_marked_is_said(make, served_site):
    site = served_site(make())
    site.send_answer("Ada", 4, {"choice": "yes"})
    reply = site.get(ORGANISER, "marks.zip")
    assert reply.status_code == 422
    assert "Nobody has marked" in reply.json()["error"]
