"""Harmonised Landsat and Sentinel-2 as its archive hands it out: names, numbers, the day, and the mask of clouds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import planimeter
from planimeter.errors import SceneError
from planimeter.raster import open_scene
from planimeter.raster.acquired import acquired

from . import products as made

NAMES = {
    "L30": ("HLS.L30.T33TWM.2021213T095005.v2.0", {
        "B02": "blue", "B03": "green", "B04": "red", "B05": "nir08", "B06": "swir16", "B07": "swir22",
    }, "Landsat"),
    "S30": ("HLS.S30.T33TWM.2021213T100321.v2.0", {
        "B02": "blue", "B03": "green", "B04": "red", "B08": "nir", "B8A": "nir08", "B11": "swir16", "B12": "swir22",
    }, "Sentinel-2"),
}  # fmt: skip


def product(folder: Path, kind: str) -> tuple[Path, dict[str, np.ndarray], np.ndarray]:
    name, bands, _ = NAMES[kind]
    values = {}
    for seed, band in enumerate(bands):
        values[band] = np.random.default_rng(seed).integers(50, 6000, (20, 30)).astype(np.int16)
        made.write(folder / name / f"{name}.{band}.tif", values[band], 30)
    mask = np.zeros((20, 30), np.uint8)
    mask[:8, :10] = 0b10  # cloud
    mask[8:10] = 0b1000000  # aerosol alone hides nothing
    made.write(folder / name / f"{name}.Fmask.tif", mask, 30)
    return folder / name, values, mask


@pytest.mark.parametrize("kind", NAMES)
def test_a_folder_is_one_scene(tmp_path: Path, kind: str) -> None:
    folder, values, mask = product(tmp_path, kind)
    _, bands, sensor = NAMES[kind]
    scene = open_scene(folder)
    assert scene.spectrum.sensor == sensor
    assert set(scene.spectrum.channels) == set(bands.values())
    for band, colour in bands.items():
        plane, channel = scene.colours([colour])[colour]
        assert np.array_equal(plane, values[band]), band
        assert (channel.scale, channel.offset) == (1e-4, 0.0)
    day = acquired(scene)
    assert day is not None
    assert day.day.isoformat() == "2021-08-01"
    assert np.array_equal(scene.valid(), mask & 0b1110 == 0)
    assert any("as HLS stores" in note for note in scene.spectrum.notes)


@pytest.mark.parametrize("kind", NAMES)
def test_its_ndvi_is_numpys(tmp_path: Path, kind: str) -> None:
    folder, values, mask = product(tmp_path, kind)
    red, nir = values["B04"].astype(float), values["B05" if kind == "L30" else "B08"].astype(float)
    answer = planimeter.ask(folder, "What is the mean NDVI?", segmenter="index")
    assert answer.answer == pytest.approx(((nir - red) / (nir + red))[mask & 0b1110 == 0].mean(), rel=1e-12)
    assert any("product's own Fmask" in warning for warning in answer.warnings)


def test_two_products_in_one_folder_are_refused(tmp_path: Path) -> None:
    folder, _, _ = product(tmp_path, "L30")
    other, _, _ = product(tmp_path / "x", "S30")
    for file in other.iterdir():
        file.rename(folder / file.name)
    for pattern in ("HLS.S30*",):
        assert list(folder.glob(pattern))
    scene = folder / "HLS.L30.T33TWM.2021214T095005.v2.0.B04.tif"
    made.write(scene, np.ones((20, 30), np.int16), 30)
    with pytest.raises(SceneError, match="holds 3 scenes"):
        open_scene(folder)
