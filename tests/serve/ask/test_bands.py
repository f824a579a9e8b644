"""Scenes of more than three colours over HTTP: which band is which, and what clouds hide."""

from __future__ import annotations

import io

import numpy as np
import pytest
import rasterio
from affine import Affine

TIFF = "image/tiff"
MEAN = "What is the mean NDVI?"


def tiff(path, planes):
    count, height, width = planes.shape
    place = {"crs": "EPSG:32633", "transform": Affine(10, 0, 5e5, 0, -10, 5e6), "dtype": planes.dtype}
    with rasterio.open(path, "w", driver="GTiff", count=count, height=height, width=width, **place) as out:
        out.write(planes)
    return path.read_bytes()


@pytest.fixture
def planes():
    return np.random.default_rng(1).integers(500, 6000, (4, 30, 40)).astype(np.uint16)


def send(served, image, mask=None, **form):
    files = {"image": ("field.tif", image, TIFF)}
    if mask is not None:
        files["clouds"] = mask
    return served.post("/scenes", files=files, data=form)


def ndvi(planes):
    red, nir = planes[0].astype(float), planes[3].astype(float)
    return (nir - red) / (nir + red)


def test_bands_and_clouds_come_with_an_upload(served, tmp_path, planes):
    image = tiff(tmp_path / "field.tif", planes)
    hidden = np.zeros((1, 30, 40), np.uint8)
    hidden[:, :12] = 1
    mask = ("clouds.tif", tiff(tmp_path / "clouds.tif", hidden), TIFF)
    plain = send(served, image, bands="red=1,nir=4").json()["id"]
    clouded = send(served, image, mask, bands="red=1,nir=4").json()["id"]
    assert plain != clouded, "another mask is another scene"
    said = served.get(f"/answers/{served.ask(plain, MEAN)}").json()
    assert said["answer"] == pytest.approx(ndvi(planes).mean(), rel=1e-12)
    said = served.get(f"/answers/{served.ask(clouded, MEAN)}").json()
    assert said["answer"] == pytest.approx(ndvi(planes)[12:].mean(), rel=1e-12)
    assert any("hide 40 % of the scene" in warning for warning in said["warnings"])


def test_ground_told_by_an_index_is_drawn(served, tmp_path, planes):
    scene = send(served, tiff(tmp_path / "field.tif", planes), bands="red=1,nir=4").json()["id"]
    answer = served.ask(scene, "What percentage of the image has NDVI above 0.4?")
    said = served.get(f"/answers/{answer}").json()
    green = ndvi(planes) > 0.4
    assert said["answer"] == pytest.approx(green.mean() * 100)
    layers = served.get(f"/answers/{answer}/view").json()["layers"]
    (topic,) = {layer["name"] for layer in layers if layer["role"] == "topic"}
    with rasterio.open(io.BytesIO(served.get(f"/answers/{answer}/masks/{topic}.tif").content)) as file:
        assert np.array_equal(file.read(1) > 0, green)


def test_a_products_own_values_are_told_by_the_masks_name(served, tmp_path, planes):
    classes = np.full((1, 30, 40), 4, np.uint8)  # vegetation
    classes[:, :, :10] = 9  # cloud, high probability
    mask = ("x_SCL_20m.tif", tiff(tmp_path / "scl.tif", classes), TIFF)
    scene = send(served, tiff(tmp_path / "field.tif", planes), mask, bands="red=1,nir=4").json()["id"]
    said = served.get(f"/answers/{served.ask(scene, MEAN)}").json()
    assert said["answer"] == pytest.approx(ndvi(planes)[:, 10:].mean(), rel=1e-12)


def test_what_does_not_fit_is_refused_at_upload(served, tmp_path, planes):
    image = tiff(tmp_path / "field.tif", planes)
    for form, said in (
        ({"bands": "red=1,nir=9"}, "the scene has the bands 1 to 4"),
        ({"bands": "red=1," * 100}, "no short text"),
        ({"clouds": "/etc/passwd"}, "a mask as a file"),
    ):
        sent = send(served, image, **form)
        assert 400 <= sent.status_code < 500
        assert said in sent.text
    small = ("clouds.tif", tiff(tmp_path / "clouds.tif", np.full((1, 30, 40), 7, np.uint8)), TIFF)
    sent = send(served, image, small, bands="red=1,nir=4")
    assert 400 <= sent.status_code < 500
    assert "no mask of clouds" in sent.text
