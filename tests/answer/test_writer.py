"""The evidence folder: complete, of this answer alone, and the same for the command line and the server."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin

import planimeter
from planimeter.answer.writer import FILES

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
