"""Where a pixel lies, which way north is, and how bands are shown."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pyproj
import pytest
import rasterio
from affine import Affine
from tests.serve.ask.conftest import Still

from planimeter.raster import open_scene
from planimeter.serve.ask.pictures import Pictures, longitude_latitude, north_of
from planimeter.serve.ask.sources import Sources
from planimeter.serve.http_errors import HTTPError


def write(path, data, **profile):
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype=data.dtype,
        count=len(data),
        height=data.shape[1],
        width=data.shape[2],
        **profile,
    ) as out:
        out.write(data)
    return path


@pytest.mark.parametrize("turn", [0, 30, -100, 180])
def test_north_is_where_the_latitude_grows(tmp_path, turn):
    transform = Affine.translation(400_000, 5_500_000) * Affine.rotation(turn) * Affine.scale(10, -10)
    scene = open_scene(
        write(tmp_path / "a.tif", np.ones((1, 40, 60), np.uint8), crs="EPSG:32633", transform=transform)
    )
    north = math.radians(north_of(scene))
    x, y = 30, 20
    before, after = (
        longitude_latitude(scene, x + k * math.sin(north), y - k * math.cos(north)) for k in (0, 10)
    )
    azimuth, _, metres = pyproj.Geod(ellps="WGS84").inv(*before, *after)
    assert azimuth == pytest.approx(0, abs=0.05)
    assert metres == pytest.approx(100, rel=0.001)
    there = pyproj.Transformer.from_crs(32633, 4326, always_xy=True).transform(*(transform * (3, 4)))
    assert longitude_latitude(scene, 3, 4) == pytest.approx(there, abs=1e-9)


def test_a_picture_has_no_place(tmp_path):
    scene = open_scene(write(tmp_path / "a.tif", np.ones((1, 4, 6), np.uint8)))
    assert longitude_latitude(scene, 1, 1) is None
    assert north_of(scene) is None


def test_bands_and_stretch_are_chosen(tmp_path):
    rng = np.random.default_rng(0)
    data = rng.integers(100, 4000, (5, 30, 40)).astype(np.uint16)
    scene = open_scene(write(tmp_path / "a.tif", data, photometric="minisblack"))
    pictures = Pictures()
    shown = pictures.of(scene, "5,2,2", "full")
    assert pictures.of(scene, "5,2,2", "full") is shown
    wanted = [
        np.rint(
            (data[b - 1] - float(data[b - 1].min())) * 255 / (float(data[b - 1].max()) - data[b - 1].min())
        )
        for b in (5, 2, 2)
    ]
    assert np.abs(shown.read_rgb().astype(int) - np.stack(wanted, 2)).max() <= 1
    grey = pictures.of(scene, "4", "percent").read_rgb()
    assert (grey[..., 0] == grey[..., 2]).all()
    assert np.corrcoef(grey[..., 0].ravel(), data[3].ravel())[0, 1] > 0.99
    assert pictures.of(scene, "", "auto") is scene
    for wrong in ("6", "0", "1,2", "a,b,c", "1,2,3,4", "-1"):
        with pytest.raises(HTTPError, match="one or three bands"):
            pictures.of(scene, wrong, "auto")


def test_the_server_says_where_and_what(start, tmp_path):
    data = np.arange(2 * 30 * 40, dtype=np.int16).reshape(2, 30, 40)
    transform = Affine(0.5, 0, 10, 0, -0.25, 50)
    write(tmp_path / "a.tif", data, crs="EPSG:4326", transform=transform)
    asker = start(folders=[tmp_path], sources=Sources({"still": Still()}))
    name = asker.scene("a.tif")
    about = asker.get(f"/scenes/{name}").json()
    assert about["transform"] == [0.5, 0, 10, 0, -0.25, 50]
    assert about["north"] == pytest.approx(0, abs=1e-6)
    found = asker.get(f"/scenes/{name}/at?x=3.5&y=7.25").json()
    assert found["longitude"] == pytest.approx(11.75)
    assert found["latitude"] == pytest.approx(50 - 7.25 / 4)
    assert found["values"] == [data[0, 7, 3], data[1, 7, 3]]
    assert asker.get(f"/scenes/{name}/at?x=40&y=7").status_code == 422
    tiles = [
        asker.get(f"/scenes/{name}/tiles/0/0/0.png?{query}").content
        for query in ("bands=2", "bands=1&stretch=full")
    ]
    assert all(cv2.imdecode(np.frombuffer(tile, np.uint8), -1).shape == (256, 256, 4) for tile in tiles)
    assert asker.get(f"/scenes/{name}/tiles/0/0/0.png?stretch=wild").status_code == 422
