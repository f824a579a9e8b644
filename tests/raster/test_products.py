"""Products as archives hand them out: SAFE, its zip, Landsat, files side by side, STAC; and those that are none."""

from __future__ import annotations

import json
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import rasterio

import planimeter
from planimeter.errors import InputError, NotMeasurable, SceneError
from planimeter.raster import Scene, open_scene
from planimeter.raster.spectrum import Channel

from . import products as made


def stored(path: Path) -> np.ndarray:
    with rasterio.open(path) as file:
        return np.asarray(file.read(1))


def find(folder: Path, ending: str) -> Path:
    (found,) = folder.rglob(f"*{ending}")
    return found


@pytest.mark.parametrize("level", ["2A", "1C"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_safe_is_one_scene_on_its_finest_grid(tmp_path: Path, level: str, packed: bool) -> None:
    folder = made.safe(tmp_path, level)
    scene = open_scene(made.zipped(folder) if packed else folder)
    assert (scene.height, scene.width, scene.count) == (60, 60, 12)
    assert scene.scale is not None
    assert scene.scale.gsd == 10
    assert (scene.spectrum.sensor, scene.spectrum.level) == ("Sentinel-2", f"L{level}")
    assert scene.spectrum.calibrated
    assert {(b.scale, b.offset) for b in scene.spectrum.channels.values()} == {(1e-4, -0.1)}
    for colour, band, factor in (
        ("red", "B04", 1),
        ("blue", "B02", 1),
        ("swir16", "B11", 2),
        ("coastal", "B01", 6),
    ):
        plane, channel = scene.colours([colour])[colour]
        expected = stored(find(folder, f"_{band}{f'_{10 * factor}m' if level == '2A' else ''}.jp2"))
        wanted = made.by_hand(expected, factor) if factor > 1 else expected
        # Sixths are no binary numbers: a half may be rounded either way.
        assert np.abs(plane - wanted.astype(float)).max() <= (1 if factor == 6 else 0), band
        x0, y0, x1, y1 = 7, 11, 38, 40
        part = scene.read((x0, y0, x1, y1), (channel.index,))[0]
        assert np.array_equal(part, plane[y0:y1, x0:x1]), "a window shows what the whole shows"
    assert any("20 and 60 m were brought to 10 m" in note for note in scene.spectrum.notes)
    again = pickle.loads(pickle.dumps(scene))
    assert np.array_equal(again.read_rgb(), scene.read_rgb())
    assert scene.valid().all()


def test_what_a_safe_says_of_its_values_is_believed(tmp_path: Path) -> None:
    folder = made.safe(tmp_path)
    xml = folder / "MTD_MSIL2A.xml"
    xml.write_text(made.metadata("2A", quantity=20_000, offset=None))
    assert open_scene(folder).spectrum.channels["red"] == Channel(
        open_scene(folder).spectrum.channels["red"].index, 1 / 20_000, 0.0
    )
    xml.unlink()  # the name still tells the baseline
    spectrum = open_scene(folder).spectrum
    assert spectrum.channels["red"].shift == -1000
    assert any("baseline 04.00" in note for note in spectrum.notes)
    assert open_scene(folder / "GRANULE").spectrum.calibrated


def test_pixels_without_data_do_not_bleed_into_their_neighbours(tmp_path: Path) -> None:
    folder = made.safe(tmp_path)
    file = find(folder, "_B11_20m.jp2")
    values = stored(file)
    values[5:10, 5:10] = 0
    made.write(file, values, 20)
    scene = open_scene(folder)
    known = scene.known(["red", "swir16"])
    assert known is not None
    plane = scene.colours(["swir16"])["swir16"][0]
    assert plane[known].min() >= 1050, "no mean of something and nothing"
    assert not known[12:18, 12:18].any()
    assert known[:9].all()


def test_landsat_by_its_own_metadata_and_without(tmp_path: Path) -> None:
    scene = open_scene(made.landsat(tmp_path))
    assert {c: b.index for c, b in scene.spectrum.channels.items()}.keys() == {
        "blue", "green", "red", "nir08", "swir16", "swir22",
    }  # fmt: skip
    red = scene.spectrum.channels["red"]
    assert (red.scale, red.offset) == (2.75e-05, -0.2)
    older = open_scene(made.landsat(tmp_path / "old", "LT05", metadata=False))
    assert older.spectrum.channel("nir") is not None
    assert (older.spectrum.channels["nir"].scale, older.spectrum.channels["nir"].offset) == (2.75e-05, -0.2)
    band = stored(next((tmp_path / "old").rglob("*_SR_B4.TIF")))
    assert np.array_equal(older.colours(["nir"])["nir"][0], band)
    by_metadata = next(made.landsat(tmp_path / "again").rglob("*_MTL.txt"))
    assert open_scene(by_metadata).count == 6


def test_files_side_by_side_by_colour_and_by_number(tmp_path: Path) -> None:
    for name in ("red", "nir", "green"):
        made.write(tmp_path / "a" / f"farm_{name}.tif", made.pixels(len(name), (20, 30)), 3)
    scene = open_scene(tmp_path / "a")
    assert set(scene.spectrum.channels) == {"red", "nir", "green"}
    assert not scene.spectrum.calibrated
    for band in ("B04", "B08", "B11"):
        side = 10 if band == "B11" else 20
        made.write(tmp_path / "b" / f"{band}.tif", made.pixels(side, (side, side)), 200 / side)
    scene = open_scene(tmp_path / "b")
    assert (scene.spectrum.sensor, set(scene.spectrum.channels)) == ("Sentinel-2", {"red", "nir", "swir16"})
    swir = scene.colours(["swir16"])["swir16"][0]
    assert np.array_equal(swir, made.by_hand(made.pixels(10, (10, 10)), 2))


def item(folder: Path, **changes: object) -> Path:
    made.write(folder / "B04.tif", made.pixels(4, (20, 20)), 10)
    made.write(folder / "B08.tif", made.pixels(8, (20, 20)), 10)
    made.write(folder / "SCL.tif", np.full((10, 10), 4, np.uint8), 20)
    raster = [{"scale": 0.0001, "offset": -0.1}]
    assets = {
        "red": {
            "href": "./B04.tif",
            "eo:bands": [{"name": "B04", "common_name": "red"}],
            "raster:bands": raster,
        },
        "nir": {
            "href": "B08.tif",
            "eo:bands": [{"name": "x", "center_wavelength": 0.842}],
            "raster:bands": raster,
        },
        "scl": {"href": "SCL.tif", "type": "image/tiff"},
        "thumbnail": {"href": "https://example.com/t.png", "roles": ["thumbnail"]},
        "metadata": {"href": "https://example.com/m.xml"},
        **changes,
    }
    path = folder / "item.json"
    path.write_text(json.dumps({"type": "Feature", "id": "S2A_x", "assets": assets}))
    return path


def test_a_stac_item_with_local_assets(tmp_path: Path) -> None:
    scene = open_scene(item(tmp_path))
    assert {c: (b.scale, b.offset) for c, b in scene.spectrum.channels.items()} == {
        "red": (1e-4, -0.1),
        "nir": (1e-4, -0.1),
    }
    assert scene.clouds is not None
    assert np.array_equal(scene.colours(["nir"])["nir"][0], made.pixels(8, (20, 20)))
    bands = [
        {"name": "a", "eo:common_name": "red", "raster:scale": 0.5},
        {"name": "b", "eo:common_name": "nir", "raster:scale": 0.5},
    ]
    both = np.stack([made.pixels(1, (9, 9)), made.pixels(2, (9, 9))])
    with rasterio.open(
        tmp_path / "two.tif", "w", driver="GTiff", dtype="uint16", count=2, height=9, width=9, crs="EPSG:32633",
        transform=rasterio.Affine(10, 0, 5e5, 0, -10, 5e6),
    ) as file:  # fmt: skip
        file.write(both)
    one = item(tmp_path, red={"href": "two.tif", "bands": bands}, nir={"href": "gone.tif"})
    scene = open_scene(one)
    assert np.array_equal(scene.colours(["nir"])["nir"][0], both[1])


def one_sentence(error: pytest.ExceptionInfo[InputError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert "Traceback" not in text
    assert text.count(". ") == 0, text
    return text


def test_damaged_partial_and_mixed_products_are_refused_in_a_sentence(tmp_path: Path) -> None:
    folder = made.safe(tmp_path / "a")
    file = find(folder, "_B04_10m.jp2")
    file.write_bytes(file.read_bytes()[:40])
    with pytest.raises(SceneError, match=r"_B04_10m.*damaged") as error:
        open_scene(folder)
    one_sentence(error)
    folder = made.safe(tmp_path / "b")
    (folder / "MTD_MSIL2A.xml").write_text("<a><b>")
    with pytest.raises(SceneError, match=r"MTD_MSIL2A\.xml.*damaged") as error:
        open_scene(folder)
    one_sentence(error)
    (folder / "MTD_MSIL2A.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(SceneError, match="entities") as error:
        open_scene(folder)
    one_sentence(error)
    folder = made.safe(tmp_path / "c")
    other = find(folder, "_B04_10m.jp2")
    made.write(other.with_name("T33TWN_20220105T100321_B03_10m.jp2"), made.pixels(1, (60, 60)), 10)
    with pytest.raises(SceneError, match="2 scenes") as error:
        open_scene(folder)
    one_sentence(error)
    folder = made.safe(tmp_path / "d")
    made.write(find(folder, "_B11_20m.jp2"), made.pixels(1, (30, 30)), 20, (6e5, 5e6))
    with pytest.raises(SceneError, match=r"_B11_20m.*another grid") as error:
        open_scene(folder)
    one_sentence(error)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(SceneError, match="is a folder") as error:
        open_scene(empty)
    one_sentence(error)
    for name in ("B2", "B3", "B4"):
        made.write(tmp_path / "e" / f"x_{name}.tif", made.pixels(1, (5, 5)), 10)
    with pytest.raises(SceneError, match="nothing says of which satellite") as error:
        open_scene(tmp_path / "e")
    one_sentence(error)


def test_a_product_that_lacks_bands_says_so_only_where_they_are_needed(tmp_path: Path) -> None:
    folder = made.safe(tmp_path)
    find(folder, "_B08_10m.jp2").unlink()
    find(folder, "_B8A_20m.jp2").unlink()
    with pytest.raises(planimeter.NotMeasurable, match="needs nir"):
        planimeter.ask(folder, "What percentage is vegetation?", segmenter="index")
    assert planimeter.ask(folder, "What percentage is snow?", segmenter="index").unit == "%"


def test_archives_of_something_else_and_hostile_ones(tmp_path: Path) -> None:
    plain = tmp_path / "p.zip"
    with zipfile.ZipFile(plain, "w") as content:
        content.writestr("readme.txt", "x")
    with pytest.raises(SceneError, match="archive"):
        open_scene(plain)
    cut = tmp_path / "c.zip"
    cut.write_bytes(made.zipped(made.safe(tmp_path)).read_bytes()[:2000])
    with pytest.raises(SceneError, match="damaged archive"):
        open_scene(cut)
    away = tmp_path / "away.zip"
    with zipfile.ZipFile(away, "w") as content:
        for band in ("B04", "B08"):
            content.writestr(f"../../etc/{made.TILE}_{band}.jp2", b"x")
    with pytest.raises(SceneError, match="archive"):
        open_scene(away)
    trick = tmp_path / "trick"
    trick.mkdir()
    for band in ("B04", "B08"):
        (trick / f"{made.TILE}_{band}.tif").write_text(
            '<VRTDataset rasterXSize="2" rasterYSize="2"><VRTRasterBand dataType="Byte" band="1"><SimpleSource>'
            "<SourceFilename>/vsicurl/http://127.0.0.1/x.tif</SourceFilename></SimpleSource></VRTRasterBand></VRTDataset>"
        )
    with pytest.raises(SceneError, match="damaged or no image"):
        open_scene(trick)


def test_stac_items_whose_assets_are_elsewhere_or_say_nothing(tmp_path: Path) -> None:
    far = {"href": "https://example.com/B04.tif", "eo:bands": [{"common_name": "red"}]}
    with pytest.raises(SceneError, match="not on this machine"):
        open_scene(item(tmp_path, red=far, nir=far))
    silent = item(
        tmp_path, red={"href": "B04.tif"}, nir={"href": "/vsicurl/x.tif", "eo:bands": [{"name": "nir"}]}
    )
    with pytest.raises(SceneError, match="not on this machine"):
        open_scene(silent)
    with pytest.raises(SceneError, match="no asset of it says"):
        open_scene(item(tmp_path, red={"href": "B04.tif"}, nir=5, metadata=3))
    (tmp_path / "other.json").write_text("[1, 2")
    with pytest.raises(SceneError, match="not an image"):
        open_scene(tmp_path / "other.json")


def test_what_an_item_says_of_its_offset(tmp_path: Path) -> None:
    """Earth Search takes the offset off and says so, though raster:bands still name it; others name the baseline."""

    def opened(properties: dict[str, object], **changes: object) -> Scene:
        path = item(tmp_path, **changes)
        content = json.loads(path.read_text())
        path.write_text(json.dumps({**content, "properties": properties}))
        return open_scene(path)

    def offsets(scene: Scene) -> set[float]:
        return {channel.offset for channel in scene.spectrum.channels.values()}

    applied = opened({"earthsearch:boa_offset_applied": True, "s2:processing_baseline": "05.10"})
    assert offsets(applied) == {0.0}
    assert any("boa_offset_applied" in note for note in applied.spectrum.notes)
    assert offsets(opened({"earthsearch:boa_offset_applied": False})) == {-0.1}
    silent = {
        "red": {"href": "B04.tif", "eo:bands": [{"name": "B04", "common_name": "red"}]},
        "nir": {"href": "B08.tif", "eo:bands": [{"name": "B08", "common_name": "nir"}]},
    }
    for baseline, offset in (("05.10", -0.1), ("02.14", 0.0), ("4", 0.0), (None, 0.0)):
        scene = opened({"s2:processing_baseline": baseline}, **silent)
        assert offsets(scene) == {offset}, baseline
        assert {channel.scale for channel in scene.spectrum.channels.values()} == {1e-4}
        assert ("processing baseline 05.10" in " ".join(scene.spectrum.notes)) == (baseline == "05.10")


def test_an_offset_that_was_applied_is_not_taken_off_by_the_baseline_either(tmp_path: Path) -> None:
    path = item(
        tmp_path,
        red={"href": "B04.tif", "eo:bands": [{"name": "B04", "common_name": "red"}]},
        nir={"href": "B08.tif", "eo:bands": [{"name": "B08", "common_name": "nir"}]},
    )
    said = {"earthsearch:boa_offset_applied": True, "s2:processing_baseline": "05.10"}
    path.write_text(json.dumps(json.loads(path.read_text()) | {"properties": said}))
    scene = open_scene(path)
    assert {(each.scale, each.offset) for each in scene.spectrum.channels.values()} == {(1e-4, 0.0)}
    assert any("boa_offset_applied" in note for note in scene.spectrum.notes)


@pytest.mark.parametrize("key", ["visual", "visual_10m", "TCI", "rendered_preview"])
def test_a_picture_for_people_gives_no_band_of_an_item(tmp_path: Path, key: str) -> None:
    """Planetary Computer gives the true-colour picture the role of data, and the names of the bands it shows."""
    with rasterio.open(
        tmp_path / "TCI.tif", "w", driver="GTiff", dtype="uint8", count=3, height=20, width=20, crs="EPSG:32633",
        transform=rasterio.Affine(10, 0, 5e5, 0, -10, 5e6),
    ) as file:  # fmt: skip
        file.write(np.full((3, 20, 20), 90, np.uint8))
    path = item(tmp_path)
    content = json.loads(path.read_text())
    shown = [{"name": f"B0{n}", "common_name": c} for n, c in ((4, "red"), (3, "green"), (2, "blue"))]
    picture = {"href": "TCI.tif", "roles": ["data"], "eo:bands": shown}
    path.write_text(json.dumps(content | {"assets": {key: picture, **content["assets"]}}))
    answer = planimeter.ask(path, "What is the mean NDVI of the image?", segmenter="index")
    red, nir = (stored(tmp_path / f"{band}.tif").astype(float) - 1000 for band in ("B04", "B08"))
    assert answer.answer == pytest.approx(((nir - red) / (nir + red)).mean())
    only = content["assets"] | {"red": picture}
    path.write_text(json.dumps(content | {"assets": {key: picture, "nir": only["nir"]}}))
    with pytest.raises(NotMeasurable, match="NDVI needs red"):
        planimeter.ask(path, "What is the mean NDVI of the image?", segmenter="index")


def test_bands_of_different_types_are_one_scene(tmp_path: Path) -> None:
    """Reading several bands at once takes one type; a red band of bytes and an infrared one of 16 bits are two."""
    red = np.random.default_rng(3).integers(20, 250, (20, 20)).astype(np.uint8)
    nir = made.pixels(8, (20, 20))
    made.write(tmp_path / "in" / "a_red.tif", red, 10)
    made.write(tmp_path / "in" / "a_nir.tif", nir, 10)
    answer = planimeter.ask(tmp_path / "in", "What is the mean NDVI of the image?", segmenter="index")
    first, second = red.astype(float), nir.astype(float)
    assert answer.answer == pytest.approx(((second - first) / (second + first)).mean())
    for colour in ("green", "blue"):
        made.write(tmp_path / "in" / f"a_{colour}.tif", nir, 10)
    picture = open_scene(tmp_path / "in").read_rgb()
    assert (picture.shape, picture.dtype) == ((20, 20, 3), np.uint8)


def test_a_landsat_product_with_its_thermal_bands_keeps_its_reflectance(tmp_path: Path) -> None:
    name = "LC08_L1TP_190028_20210604_20210610_02_T1"
    for band in (2, 3, 4, 5, 6, 7, 9, 10, 11):
        made.write(tmp_path / name / f"{name}_B{band}.TIF", made.pixels(band, (30, 40)) * 5, 30)
    lines = [
        f"    REFLECTANCE_{k}_BAND_{b} = {v}"
        for b in range(1, 10)
        for k, v in (("MULT", 2e-5), ("ADD", -0.1))
    ]
    (tmp_path / name / f"{name}_MTL.txt").write_text(
        "\n".join(["    SUN_ELEVATION = 30.0", *lines, "END", ""])
    )
    spectrum = open_scene(tmp_path / name).spectrum
    assert spectrum.calibrated
    # Divided by the sine of 30 degrees.
    assert spectrum.channels["red"].scale == pytest.approx(4e-5)
    assert spectrum.channels["red"].offset == pytest.approx(-0.2)
    assert "lwir" in spectrum.channels
    assert [note for note in spectrum.notes if "left out" in note] == []
    assert any("lacks its mask of clouds (QA_PIXEL)" in note for note in spectrum.notes)


def test_of_bands_that_say_their_reflectance_and_others_only_those_are_used(tmp_path: Path) -> None:
    path = item(
        tmp_path,
        red={
            "href": "B04.tif",
            "eo:bands": [{"name": "r", "common_name": "red"}],
            "raster:bands": [{"scale": 1e-4}],
        },
        nir={"href": "B08.tif", "eo:bands": [{"name": "n", "common_name": "nir"}]},
    )
    renamed = path.with_name("other.json")
    renamed.write_text(path.read_text().replace("S2A_x", "x"))
    scene = open_scene(renamed)
    assert list(scene.spectrum.channels) == ["red"]
    assert any("nir (2) does not: left out" in note for note in scene.spectrum.notes)
    with pytest.raises(NotMeasurable, match="NDVI needs nir"):
        planimeter.ask(scene, "What is the mean NDVI of the image?", segmenter="index")
