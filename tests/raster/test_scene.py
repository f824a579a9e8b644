"""Scenes: bands to pictures, valid pixels, windows; and files that are no scenes."""

from __future__ import annotations

import pickle
import struct
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.enums import ColorInterp
from rasterio.transform import Affine

from planimeter.errors import PlanimeterError, SceneError, UsageError
from planimeter.raster import open_scene

from .make import write_raster

UTM = {"crs": "EPSG:32615", "transform": Affine(0.5, 0, 5e5, 0, -0.5, 4.98e6)}
RANDOM = np.random.default_rng(3)


@pytest.mark.parametrize("ending", ["tif", "png", "jp2"])
def test_eight_bit_pictures_come_as_they_are(tmp_path: Path, ending: str) -> None:
    pixels = RANDOM.integers(0, 255, (3, 40, 50), dtype=np.uint8)
    options = {"QUALITY": "100", "REVERSIBLE": "YES"} if ending == "jp2" else {}
    path = write_raster(tmp_path / f"s.{ending}", pixels, **options)
    assert np.array_equal(open_scene(path).read_rgb(), pixels.transpose(1, 2, 0))


def test_colour_interpretation_decides_what_is_red(tmp_path: Path) -> None:
    pixels = RANDOM.integers(0, 255, (3, 8, 9), dtype=np.uint8)
    path = write_raster(tmp_path / "bgr.tif", pixels, **UTM, photometric="MINISBLACK")
    with rasterio.open(path, "r+") as file:
        file.colorinterp = [ColorInterp.blue, ColorInterp.green, ColorInterp.red]
    assert np.array_equal(open_scene(path).read_rgb(), pixels[::-1].transpose(1, 2, 0))


def test_one_band_is_grey_and_near_infrared_stays_reachable(tmp_path: Path) -> None:
    grey = RANDOM.integers(0, 255, (8, 9), dtype=np.uint8)
    picture = open_scene(write_raster(tmp_path / "g.tif", grey, **UTM)).read_rgb()
    assert all(np.array_equal(picture[..., k], grey) for k in range(3))
    four = RANDOM.integers(0, 255, (4, 8, 9), dtype=np.uint8)
    scene = open_scene(write_raster(tmp_path / "n.tif", four, **UTM, photometric="RGB", alpha="NO"))
    assert np.array_equal(scene.read_rgb(), four[:3].transpose(1, 2, 0))
    assert np.array_equal(scene.read(bands=(4,))[0], four[3])
    assert scene.valid().all()


@pytest.mark.parametrize("dtype", [np.uint16, np.float32])
def test_the_stretch_does_not_depend_on_the_window(tmp_path: Path, dtype: type) -> None:
    ramp = np.linspace(100, 5000, 300 * 300).reshape(300, 300).astype(dtype)
    scene = open_scene(write_raster(tmp_path / "s.tif", np.stack([ramp, ramp * 2, ramp * 3]), **UTM))
    whole = scene.read_rgb()
    assert whole.min() == 0
    assert whole.max() == 255
    for box in ((0, 0, 10, 10), (200, 250, 300, 300), (5, 7, 290, 8)):
        x0, y0, x1, y1 = box
        fresh = open_scene(scene.path)  # nothing remembered from the reading above
        assert np.array_equal(fresh.read_rgb(box), whole[y0:y1, x0:x1])


def test_nodata_alpha_and_nan_are_not_valid(tmp_path: Path) -> None:
    pixels = np.full((3, 6, 6), 9, np.uint8)
    pixels[:, 0, :] = 0
    scene = open_scene(write_raster(tmp_path / "n.tif", pixels, **UTM, nodata=0))
    assert scene.valid().sum() == 30
    alpha = np.full((4, 6, 6), 255, np.uint8)
    alpha[3, :, 0] = 0
    path = write_raster(tmp_path / "a.tif", alpha, **UTM, photometric="RGB", alpha="YES")
    assert np.array_equal(open_scene(path).valid(), alpha[3] > 0)
    holes = np.ones((1, 6, 6), np.float32)
    holes[0, 2, 3] = np.nan
    valid = open_scene(write_raster(tmp_path / "f.tif", holes, **UTM)).valid()
    assert (~valid).sum() == 1
    assert not valid[2, 3]
    assert scene.valid((0, 0, 6, 1)).sum() == 0


def test_a_scene_travels_to_other_processes(tmp_path: Path) -> None:
    scene = open_scene(
        write_raster(tmp_path / "s.tif", RANDOM.integers(0, 9, (3, 5, 5), dtype=np.uint8), **UTM)
    )
    assert np.array_equal(pickle.loads(pickle.dumps(scene)).read_rgb(), scene.read_rgb())


@pytest.mark.parametrize("box", [(-1, 0, 5, 5), (0, 0, 51, 5), (3, 3, 3, 9), (0, 0, 4.5, 4)])
def test_windows_outside_are_refused(tmp_path: Path, box: tuple[int, int, int, int]) -> None:
    scene = open_scene(write_raster(tmp_path / "s.tif", np.zeros((3, 40, 50), np.uint8), **UTM))
    with pytest.raises(UsageError, match="not inside"):
        scene.read_rgb(box)


def test_every_real_geotiff_reads(data_dir: Path) -> None:
    for path in sorted((data_dir / "geotiff").glob("*.tif")):
        scene = open_scene(path)
        picture = scene.read_rgb()
        assert picture.shape == (scene.height, scene.width, 3)
        assert picture.dtype == np.uint8
        assert picture.std() > 1 or path.name == "RGBA.uint16.tif", path.name  # that one is of one colour
        assert 0 < scene.valid().mean() <= 1


# -- files that are no scenes -----------------------------------------------------------------------------


def huge_tiff() -> bytes:
    """A TIFF header of 146 bytes that declares a million by a million pixels."""
    tags = [
        (256, 4, 1, 1_000_000),
        (257, 4, 1, 1_000_000),
        (258, 3, 1, 8),
        (259, 3, 1, 1),
        (262, 3, 1, 1),
        (273, 4, 1, 8),
        (277, 3, 1, 1),
        (278, 4, 1, 1_000_000),
        (279, 4, 1, 100),
    ]
    body = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(tags)) + body + b"\0\0\0\0" + b"\0" * 28


HOSTILE = {
    "empty.tif": b"",
    "text.tif": b"this is not an image",
    "zeros.png": bytes(5000),
    "huge.tif": huge_tiff(),
    "cut.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "page.jpg": b"<html><script>alert(1)</script></html>",
    "remote.vrt": b'<VRTDataset rasterXSize="9" rasterYSize="9"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
    b"<SourceFilename>/vsicurl/http://127.0.0.1:9/x.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>",
    "secret.vrt": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><VRTDataset rasterXSize="9" rasterYSize="9">'
    b"&x;</VRTDataset>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_image_is_refused_in_one_sentence(
    tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / name).write_bytes(HOSTILE[name])
    with pytest.raises(SceneError) as refused:
        open_scene(tmp_path / name).read_rgb()
    assert "\n" not in str(refused.value)
    assert str(refused.value).endswith(".")
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize("ending", ["tif", "png", "jpg"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.98])
def test_a_truncated_file_never_gives_a_picture_silently(tmp_path: Path, ending: str, share: float) -> None:
    pixels = RANDOM.integers(0, 255, (3, 200, 200), dtype=np.uint8)
    whole = write_raster(tmp_path / f"whole.{ending}", pixels)
    content = whole.read_bytes()
    cut = tmp_path / f"cut.{ending}"
    cut.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(SceneError):
        open_scene(cut).read_rgb()


@pytest.mark.parametrize("seed", range(40))
def test_damaged_bytes_never_crash(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    pixels = random.integers(0, 255, (3, 64, 64), dtype=np.uint8)
    path = write_raster(tmp_path / f"d.{('tif', 'png', 'jpg')[seed % 3]}", pixels)
    content = bytearray(path.read_bytes())
    for place in random.integers(0, len(content), 12):
        content[place] = random.integers(0, 256)
    path.write_bytes(content)
    said = ""
    try:
        scene = open_scene(path)
        if scene.width * scene.height < 1 << 22:
            scene.read_rgb()
            scene.valid()
    except PlanimeterError as error:
        said = str(error)
    assert "\n" not in said


@pytest.mark.parametrize(
    "path",
    ["http://127.0.0.1:9/a.tif", "/vsicurl/http://127.0.0.1:9/a.tif", "s3://bucket/a.tif", "a\0b.tif", ""],
)
def test_only_local_files_are_opened(path: str) -> None:
    with pytest.raises(SceneError):
        open_scene(path)


def test_odd_file_names_are_only_names(tmp_path: Path) -> None:
    for name in ("a b.tif", "ünï.tif", "$(id).tif", "'; drop.tif", "-o.tif", "x\ny.tif"):
        path = write_raster(tmp_path / name, np.zeros((3, 4, 4), np.uint8), **UTM)
        assert open_scene(path).read_rgb().shape == (4, 4, 3)


def test_nodata_holds_where_gdal_takes_near_infrared_for_alpha(tmp_path: Path) -> None:
    """Four bands of bytes get an alpha band by GDAL's default; 0 round the picture is still no data."""
    pixels = np.random.default_rng(0).integers(20, 250, (4, 40, 40), dtype=np.uint8)
    pixels[:, :, :20] = 0
    pixels[3, 5, 30] = 0  # one dark pixel of near infrared is no hole
    path = write_raster(tmp_path / "a.tif", pixels, **UTM, photometric="RGB", alpha="YES", nodata=0)
    with rasterio.open(path) as file:
        assert ColorInterp.alpha in file.colorinterp
    expected = np.zeros((40, 40), bool)
    expected[:, 20:] = True
    scene = open_scene(path)
    assert np.array_equal(scene.valid(), expected)
    assert np.array_equal(scene.valid((15, 3, 33, 20)), expected[3:20, 15:33])
