"""Files that are not what their name or a header beside them says."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio

from planimeter.errors import InputError, LabelError, SceneError
from planimeter.raster import open_scene, read_labels

from .make import write_raster


def envi(path: Path, values: np.ndarray) -> Path:
    """An ENVI file with its header beside it."""
    count, height, width = values.shape
    with rasterio.open(
        path, "w", driver="ENVI", dtype=values.dtype, count=count, height=height, width=width
    ) as file:
        file.write(values)
    return path


def test_envi_is_read_by_its_own_data_file(tmp_path: Path) -> None:
    values = np.random.default_rng(0).integers(0, 255, (2, 30, 40)).astype(np.uint16)
    scene = open_scene(envi(tmp_path / "x.img", values))
    assert np.array_equal(scene.read(), values)


@pytest.mark.parametrize("content", [b"CDF\x01" + bytes(4796), bytes(5000), bytes(4800)])
def test_a_header_beside_another_file_does_not_make_it_raw_numbers(tmp_path: Path, content: bytes) -> None:
    """An x.hdr of an x.img that went, and an x.nc that stayed: as large as the numbers, larger, or neither."""
    envi(tmp_path / "x.img", np.zeros((2, 30, 40), np.uint16)).unlink()
    other = tmp_path / "x.nc"
    other.write_bytes(content)
    with pytest.raises(SceneError, match="header"):
        open_scene(other)


def test_a_raw_file_of_another_size_than_its_header_says_is_refused(tmp_path: Path) -> None:
    path = envi(tmp_path / "x.img", np.zeros((2, 30, 40), np.uint16))
    path.write_bytes(path.read_bytes() + b"more")
    with pytest.raises(SceneError, match="header"):
        open_scene(path)


@pytest.mark.parametrize("kind", ["complex_int16", "complex64"])
def test_complex_numbers_are_refused_in_one_sentence(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "radar.tif"
    with rasterio.open(path, "w", driver="GTiff", dtype=kind, count=1, height=20, width=20) as file:
        file.write(np.ones((1, 20, 20), np.complex64))
    with pytest.raises(SceneError, match="AMPLITUDE"):
        open_scene(path)
    scene = open_scene(write_raster(tmp_path / "s.tif", np.zeros((20, 20), np.uint8)))
    with pytest.raises(LabelError, match="AMPLITUDE"):
        read_labels(path, scene)


def test_an_archive_is_refused_by_what_is_in_it(tmp_path: Path) -> None:
    write_raster(tmp_path / "town.tif", np.zeros((20, 20), np.uint8))
    with zipfile.ZipFile(tmp_path / "town.zip", "w") as archive:
        archive.write(tmp_path / "town.tif", "2024/town.tif")
    with pytest.raises(InputError, match=r"2024/town\.tif"):
        open_scene(tmp_path / "town.zip")
    with pytest.raises(SceneError, match=r"town\.zip' is an archive; unpack it"):
        open_scene(tmp_path / "town.zip" / "2024" / "town.tif")
