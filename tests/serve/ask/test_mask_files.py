"""Corrected masks as GeoPackage and GeoJSON, and as labels that are given back."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import geopandas
import numpy as np
import pytest
import rasterio
from rasterio.features import geometry_mask
from tests.serve.ask.conftest import Asker
from tests.serve.ask.correcting import (
    AREA,
    COUNT,
    CUT,
    GRID,
    HEIGHT,
    NEW,
    ROOF,
    WIDTH,
    WRONG,
    count,
    drawn,
    inside,
    make_places,
)

import planimeter
from planimeter.serve.ask.sources import Sources

EDITS = drawn(("roof", "add", NEW), ("roof", "remove", WRONG), ("roof", "remove", CUT))
NEAR = "How many buildings are within 20 m of water?"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("masks")


@pytest.fixture(scope="module")
def roof(folder: Path) -> np.ndarray:
    """(H, W) bool: the corrected mask, by rasterio."""
    mask = make_places(folder) == ROOF
    return (mask | inside(NEW)) & ~inside(WRONG) & ~inside(CUT)


@pytest.fixture(scope="module")
def asker(start: Callable[..., Asker], folder: Path, roof: np.ndarray, still) -> Asker:
    return start(folders=[folder], sources=Sources({"still": still}))


def covered(shapes: geopandas.GeoDataFrame, transform) -> np.ndarray:
    return geometry_mask(shapes.geometry, (HEIGHT, WIDTH), transform, invert=True)


def test_a_corrected_mask_is_a_geopackage_and_a_geojson(asker, roof):
    job = asker.ask(asker.scene("placed/image.tif"), COUNT, corrections=EDITS)
    reply = asker.get(f"/answers/{job}/masks/roof.gpkg")
    assert reply.headers["content-disposition"] == 'attachment; filename="roof.gpkg"'
    kept = geopandas.read_file(io.BytesIO(reply.content))
    assert (len(kept), kept.crs.to_epsg()) == (count(roof), 32633)
    assert kept.area.sum() == pytest.approx(roof.sum() * 0.25)
    assert np.array_equal(covered(kept, GRID), roof)
    degrees = geopandas.read_file(io.BytesIO(asker.get(f"/answers/{job}/masks/roof.geojson").content))
    assert degrees.crs.to_epsg() == 4326
    assert np.array_equal(covered(degrees.to_crs("EPSG:32633"), GRID), roof)
    with zipfile.ZipFile(io.BytesIO(asker.get(f"/answers/{job}/evidence.zip").content)) as archive:
        name = next(each for each in archive.namelist() if each.endswith("/masks.gpkg"))
        packed = geopandas.read_file(io.BytesIO(archive.read(name)), layer="roof")
    assert packed.area.sum() == pytest.approx(roof.sum() * 0.25)
    assert asker.get(f"/answers/{job}/masks/moss.gpkg").status_code == 404


def test_a_mask_without_a_place_is_in_pixels(asker, roof):
    job = asker.ask(asker.scene("flat/image.tif"), COUNT, corrections=EDITS)
    for suffix in ("gpkg", "geojson"):
        kept = geopandas.read_file(io.BytesIO(asker.get(f"/answers/{job}/masks/roof.{suffix}").content))
        assert np.array_equal(covered(kept, rasterio.Affine.identity()), roof), suffix


def test_a_program_that_looked_for_nothing_has_no_masks(asker):
    job = asker.finish("/run", scene=asker.scene("placed/image.tif"), program="answer = 1")
    for path in ("masks/roof.gpkg", "masks/roof.geojson", "labels.zip"):
        assert asker.get(f"/answers/{job}/{path}").status_code == 404, path


def unpacked(asker, job: str, to: Path) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(asker.get(f"/answers/{job}/labels.zip").content)) as archive:
        archive.extractall(to)
        return sorted(archive.namelist())


def test_corrected_masks_are_given_back_as_labels(asker, folder, roof, tmp_path):
    job = asker.ask(asker.scene("placed/image.tif"), NEAR, corrections=EDITS)
    assert unpacked(asker, job, tmp_path) == ["labels.tif", "legend.json"]  # no distance band among them
    legend = json.loads((tmp_path / "legend.json").read_text())
    assert set(legend) == {"roof", "water"}
    with rasterio.open(tmp_path / "labels.tif") as file:
        assert np.array_equal(file.read(1) == legend["roof"][0], roof)
        assert (file.transform, file.crs.to_epsg()) == (GRID, 32633)
    maps = planimeter.LabelSegmenter(tmp_path / "labels.tif", tmp_path / "legend.json")
    image = folder / "placed" / "image.tif"
    again = planimeter.ask(image, AREA, segmenter=maps)
    assert again.answer == pytest.approx(roof.sum() * 0.25)
    assert planimeter.ask(image, NEAR, segmenter=maps).answer == asker.get(f"/answers/{job}").json()["answer"]


def test_topics_that_share_pixels_get_labels_of_their_own(served, place, tmp_path):
    program = "answer = len(segment_image_from_path(IMAGE_PATH, ['roof', 'road', 'urban'])['shapes'])"
    job = served.finish("/run", scene=served.scene("town/image.tif"), program=program)
    assert len(unpacked(served, job, tmp_path)) == 4
    found = {}
    for end in ("", "-2"):
        with rasterio.open(tmp_path / f"labels{end}.tif") as file:
            values = file.read(1)
        legend = json.loads((tmp_path / f"legend{end}.json").read_text())
        found |= {topic: np.isin(values, numbers) for topic, numbers in legend.items()}
    with rasterio.open(place.folder / "town" / "labels.tif") as file:
        labels = file.read(1)
    right = json.loads((place.folder / "town" / "legend.json").read_text())
    roof, road = (np.isin(labels, right[topic]) for topic in ("roof", "road"))
    assert (roof.any(), road.any()) == (True, True)
    for topic, mask in {"roof": roof, "road": road, "urban": roof | road}.items():
        assert np.array_equal(found[topic], mask), topic
