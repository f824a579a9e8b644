"""Which band is which: descriptions, numbers, wavelengths, colour interpretation, names, and what the caller says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp
from rasterio.transform import Affine

from planimeter.errors import NotMeasurable, UsageError
from planimeter.raster import open_scene
from planimeter.raster.band_colours import numbered
from planimeter.raster.spectrum import Channel, Spectrum

from .make import write_raster

UTM = {"crs": "EPSG:32633", "transform": Affine(10, 0, 5e5, 0, -10, 5e6)}
RANDOM = np.random.default_rng(5)


def many(count: int, dtype: type = np.uint16) -> np.ndarray:
    return RANDOM.integers(1, 250, (count, 6, 7)).astype(dtype)


def described(path: Path, names: list[str], **options: object) -> Path:
    write_raster(path, many(len(names)), **UTM, **options)
    with rasterio.open(path, "r+") as file:
        file.descriptions = names
    return path


def indexes(path: Path, **options: object) -> dict[str, int]:
    spectrum = open_scene(path, **options).spectrum  # type: ignore[arg-type]
    return {colour: channel.index for colour, channel in spectrum.channels.items()}


def test_descriptions_tell_colours_and_the_picture_is_in_them(tmp_path: Path) -> None:
    path = described(tmp_path / "d.tif", ["Near-infrared", "Red band", "blue", "Green", "cloud probability"])
    assert indexes(path) == {"nir": 1, "red": 2, "blue": 3, "green": 4}
    scene = open_scene(path)
    assert scene.plan.display == (2, 4, 3)
    planes = scene.colours(["red", "nir"], (1, 2, 5, 6))
    with rasterio.open(path) as file:
        whole = file.read()
    assert np.array_equal(planes["red"][0], whole[1, 2:6, 1:5])
    assert np.array_equal(planes["nir"][0], whole[0, 2:6, 1:5])


def test_sentinel_2_numbers_are_not_landsat_numbers(tmp_path: Path) -> None:
    names = ["B02", "B03", "B04", "B08", "B8A", "B11", "B12"]
    expected = {"blue": 1, "green": 2, "red": 3, "nir": 4, "nir08": 5, "swir16": 6, "swir22": 7}
    assert indexes(described(tmp_path / "a.tif", names)) == expected
    landsat = {"blue": 1, "green": 2, "red": 3, "nir08": 4, "swir16": 5, "swir22": 6}
    bands = ["SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B6", "SR_B7"]
    assert indexes(described(tmp_path / "b.tif", bands)) == landsat
    older = {"blue": 1, "green": 2, "red": 3, "nir": 4, "swir16": 5, "swir22": 6}
    bands = ["SR_B1", "SR_B2", "SR_B3", "SR_B4", "SR_B5", "SR_B7"]
    assert indexes(described(tmp_path / "c.tif", bands)) == older
    assert indexes(described(tmp_path / "LC08_L1TP_1.tif", ["B4", "B5"])) == {"red": 1, "nir08": 2}
    assert indexes(described(tmp_path / "LT05_L1TP_1.tif", ["B3", "B4"])) == {"red": 1, "nir": 2}
    assert indexes(described(tmp_path / "unknown.tif", ["B3", "B4", "B5"])) == {}, (
        "red and near infrared of whom?"
    )


def test_wavelengths_tell_colours_in_either_unit(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "w.tif", many(5), **UTM)
    with rasterio.open(path, "r+") as file:
        for band, wavelength in enumerate(["490 nm", "0.56", "664.5", "0.842", "1613.7"], start=1):
            file.update_tags(band, wavelength=wavelength)
    assert indexes(path) == {"blue": 1, "green": 2, "red": 3, "nir": 4, "nir08": 4, "swir16": 5}


def test_naip_by_its_name_and_by_no_other(tmp_path: Path) -> None:
    for name, known in (
        ("m_3912345_ne_10_060_20200518.tif", True),
        ("naip_x.tif", True),
        ("boat.tif", False),
    ):
        path = write_raster(tmp_path / name, many(4, np.uint8), **UTM, photometric="RGB", alpha="YES")
        found = indexes(path)
        assert found.get("nir") == (4 if known else None)
        assert open_scene(path).spectrum.notes != () or not known, "taken from a name: say so"


def test_what_the_caller_says_wins_and_a_band_called_a_colour_is_no_mask(tmp_path: Path) -> None:
    pixels = many(4, np.uint8)
    pixels[3] = np.where(pixels[3] > 100, 255, 0)  # looks like a mask
    path = write_raster(tmp_path / "a.tif", pixels, **UTM, photometric="RGB", alpha="YES")
    assert not open_scene(path).valid().all()
    told = open_scene(path, bands="nir=4")
    assert told.valid().all()
    assert told.plan.display == (1, 2, 3)
    assert {c: b.index for c, b in told.spectrum.channels.items()} == {
        "red": 1,
        "green": 2,
        "blue": 3,
        "nir": 4,
    }
    swapped = open_scene(path, bands={"red": 4, "nir": 1, "scale": 0.5, "offset": -1})
    assert swapped.spectrum.channels["red"] == Channel(4, 0.5, -1.0)
    assert swapped.spectrum.calibrated
    with rasterio.open(path, "r+") as file:
        file.colorinterp = [ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.undefined]
    assert "nir" not in indexes(path)


@pytest.mark.parametrize(
    "bands",
    [
        "red",
        "red=9",
        "red=0",
        "reddish=1",
        "red=1,red=2",
        "scale=nan,red=1",
        "scale=0,red=1",
        "",
        "red=x",
        "=1",
    ],
)
def test_bands_that_are_not_written_as_they_must_be_are_refused(tmp_path: Path, bands: str) -> None:
    path = write_raster(tmp_path / "a.tif", many(4), **UTM)
    with pytest.raises(UsageError, match="--bands"):
        open_scene(path, bands=bands)


@pytest.mark.parametrize(
    ("name", "offset"),
    [
        ("S2A_MSIL2A_20210101T1_N0301_R1_T33TWM.tif", 0.0),
        ("S2B_MSIL1C_20230101T1_N0509_R1_T33TWM.tif", -0.1),
        ("plain.tif", 0.0),
    ],
)
def test_the_offset_of_sentinel_2_follows_the_baseline_and_is_said(
    tmp_path: Path, name: str, offset: float
) -> None:
    spectrum = open_scene(described(tmp_path / name, ["B04", "B08"])).spectrum
    assert spectrum.channels["red"] == Channel(1, 1e-4, offset)
    assert spectrum.channels["red"].shift == round(offset * 1e4)
    assert spectrum.level == ("" if name == "plain.tif" else "L2A" if "L2A" in name else "L1C")
    assert len(spectrum.notes) == 1
    assert "offset" in spectrum.notes[0] or "baseline" in spectrum.notes[0]


def test_a_files_own_scale_and_offset_are_its_word(tmp_path: Path) -> None:
    path = described(tmp_path / "s.tif", ["B04", "B08"])
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (0.0002, 0.0002), (-0.05, -0.05)
    spectrum = open_scene(path).spectrum
    assert spectrum.channels["nir"] == Channel(2, 0.0002, -0.05)
    assert spectrum.notes == ()


def test_a_band_without_a_scale_among_others_with_one_is_left_out(tmp_path: Path) -> None:
    path = described(tmp_path / "s.tif", ["red", "nir", "thermal"])
    with rasterio.open(path, "r+") as file:
        file.scales = (1e-4, 1.0, 1.0)
    spectrum = open_scene(path).spectrum
    assert (list(spectrum.channels), spectrum.calibrated) == (["red", "lwir"], True)
    assert "nir (2) does not: left out" in spectrum.notes[0]
    told = open_scene(path, bands="nir=2,scale=0.0001,offset=0").spectrum
    assert told.channels["nir"] == Channel(2, 1e-4, 0.0)


def test_a_colour_that_is_not_there_is_asked_for_by_name() -> None:
    with pytest.raises(NotMeasurable, match=r"needs nir, .*known: red=1.*--bands nir=N"):
        Spectrum({"red": Channel(1)}).require(["red", "nir"], "NDVI", "a.tif")


def test_numbers_inside_other_words_are_no_band_numbers() -> None:
    assert numbered(["DB04X", "B99", "RGB4"], "a.tif") is None


def test_data_of_single_bands(tmp_path: Path) -> None:
    pixels = many(2)
    pixels[0, 0, 0] = 0
    pixels[:, 1, 1] = 0
    path = described(tmp_path / "n.tif", ["B04", "B08"], nodata=0)
    with rasterio.open(path, "r+") as file:
        file.write(pixels)
    scene = open_scene(path)
    assert np.array_equal(scene.valid(), (pixels != 0).any(axis=0))
    known = scene.known(["red", "nir"], (0, 0, 3, 3))
    assert known is not None
    assert np.array_equal(known, (pixels != 0).all(axis=0)[:3, :3])


@pytest.mark.parametrize(
    ("bands", "channel", "said"),
    [
        ("scale=0.0001,offset=-0.1", Channel(2, 1e-4, -0.1), None),
        ("scale=0.0002", Channel(2, 2e-4, -0.1), "the offset (-0.1) as the file does"),
        ("offset=-0.05", Channel(2, 1e-4, -0.05), "the scale (0.0001) as the file does"),
        ("offset=0", Channel(2, 1e-4, 0.0), "the scale (0.0001) as the file does"),
    ],
)
def test_half_of_a_calibration_keeps_the_files_other_half_and_says_so(
    tmp_path: Path, bands: str, channel: Channel, said: str | None
) -> None:
    path = described(tmp_path / "S2A_MSIL2A_20230101T1_N0509_R1_T33TWM.tif", ["B04", "B08"])
    spectrum = open_scene(path, bands=bands).spectrum
    assert spectrum.channels["nir"] == channel
    assert spectrum.calibrated
    assert len(spectrum.notes) == (said is not None)
    assert said is None or said in spectrum.notes[0]


def test_an_offset_without_any_scale_is_refused_and_a_scale_alone_is_said(tmp_path: Path) -> None:
    path = write_raster(tmp_path / "a.tif", many(4), **UTM)
    with pytest.raises(UsageError, match=r"give both, as in scale=0\.0001,offset=-0\.1"):
        open_scene(path, bands="nir=4,offset=-0.1")
    spectrum = open_scene(path, bands="nir=4,scale=0.0001").spectrum
    assert spectrum.channels["nir"] == Channel(4, 1e-4, 0.0)
    assert "give --bands offset= too" in spectrum.notes[0]


@pytest.mark.parametrize("level", ["2A", "sr", "L9"])
def test_a_level_that_nobody_knows_is_refused(tmp_path: Path, level: str) -> None:
    path = write_raster(tmp_path / "a.tif", many(4), **UTM)
    with pytest.raises(UsageError, match=r"no level known here: write one of L1C, L2A"):
        open_scene(path, bands=f"nir=4,level={level}")
