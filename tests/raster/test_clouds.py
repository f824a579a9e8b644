"""Masks of clouds: what they hide counts for nothing, in whole scenes, in parts, and in answers."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import rasterio

import planimeter
from planimeter.errors import LabelError, ModelError, NotMeasurable, SceneError
from planimeter.program import Limits
from planimeter.raster import open_scene
from planimeter.raster.clouds import hidden_share
from planimeter.raster.csmask import _kept

from . import products as made


def scl(side: int = 30) -> np.ndarray:
    values = np.full((side, side), 4, np.uint8)
    values[:10] = np.arange(side) % 12  # every class
    return values


HIDDEN = [0, 1, 3, 8, 9, 10]


def test_a_products_own_mask_counts_without_being_asked_for(tmp_path: Path) -> None:
    folder = made.safe(tmp_path, scl=scl())
    expected = ~np.isin(scl(), HIDDEN).repeat(2, 0).repeat(2, 1)
    scene = open_scene(folder)
    assert np.array_equal(scene.valid(), expected)
    assert np.array_equal(scene.valid((3, 5, 40, 33)), expected[5:33, 3:40])
    assert scene.valid(None, (6, 6)).shape == (6, 6)
    assert hidden_share(scene) == pytest.approx(1 - expected.mean())
    assert open_scene(folder, clouds="auto").clouds == scene.clouds
    assert open_scene(folder, clouds="none").valid().all()
    assert np.array_equal(open_scene(made.zipped(folder)).valid(), expected)


def test_an_answer_is_of_what_was_seen_and_says_how_much_was_hidden(tmp_path: Path) -> None:
    folder = made.safe(tmp_path, scl=scl())
    red = made.by_hand(made.pixels(12, (60, 60)), 1) - 1000  # the third of the bands of 10 m
    nir = made.by_hand(made.pixels(13, (60, 60)), 1) - 1000
    seen = ~np.isin(scl(), HIDDEN).repeat(2, 0).repeat(2, 1)
    vegetation = 5 * (nir - red) > nir + red
    question = "What percentage of the image is vegetation?"
    answers = [
        planimeter.ask(folder, question, segmenter="index", limits=limits)
        for limits in (Limits(), Limits(tile=(16, 24)))
    ]
    for answer in answers:
        assert answer.answer == pytest.approx(100 * (vegetation & seen).sum() / seen.sum(), rel=1e-12)
        (said,) = [text for text in answer.warnings if "hide" in text]
        assert f"hide {100 * (1 - seen.mean()):.0f} %" in said
        assert "percentages are of the ground that was seen" in said
    everything = planimeter.ask(folder, question, segmenter="index", clouds="none")
    assert everything.answer == pytest.approx(100 * vegetation.mean())
    assert not any("hide" in text for text in everything.warnings)


def test_a_scene_that_clouds_hide_wholly_has_no_answer(tmp_path: Path) -> None:
    folder = made.safe(tmp_path, scl=np.full((30, 30), 9))
    with pytest.raises(NotMeasurable, match=r"Clouds hide all of .*--clouds none"):
        planimeter.ask(folder, "What percentage is vegetation?", segmenter="index")


def test_sentinel_2s_own_mask_of_l1c(tmp_path: Path) -> None:
    """Opaque clouds and cirrus hide, snow does not; a scene classification comes first."""
    planes = np.zeros((3, 10, 10), np.uint8)
    planes[0, 1:3, 2:5], planes[1, 2:6, 4:7], planes[2, 8:] = 1, 1, 1
    folder = made.safe(tmp_path, "1C")
    file = made.classi(folder, planes)
    expected = ~(planes[0] | planes[1]).astype(bool).repeat(6, 0).repeat(6, 1)
    for path in (folder, made.zipped(folder)):
        scene = open_scene(path)
        assert scene.shape == (60, 60)
        assert np.array_equal(scene.valid(), expected)
        assert np.array_equal(scene.valid((3, 5, 40, 33)), expected[5:33, 3:40])
        assert scene.clouds == open_scene(path, clouds="auto").clouds
        assert open_scene(path, clouds="none").valid().all()
    assert np.array_equal(open_scene(made.safe(tmp_path / "b", "1C"), clouds=file).valid(), expected)
    answer = planimeter.ask(folder, "What percentage of the image is vegetation?", segmenter="index")
    assert any("MSK_CLASSI, which knows no shadows" in text for text in answer.warnings)
    surface = made.safe(tmp_path, "2A", scl=scl())
    made.classi(surface, planes)
    clouds = open_scene(surface).clouds
    assert clouds is not None
    assert clouds.kind == "scl"
    file.write_bytes(file.read_bytes()[:300])
    with pytest.raises(SceneError, match=r"MSK_CLASSI_B00.jp2. in .* is damaged"):
        open_scene(folder)


GML = """<?xml version="1.0" encoding="UTF-8"?>
<eop:Mask xmlns:eop="http://www.opengis.net/eop/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" gml:id="x">
<gml:boundedBy><gml:Envelope srsName="urn:ogc:def:crs:EPSG:8.7:32633"/></gml:boundedBy><eop:maskMembers>
<eop:MaskFeature gml:id="OPAQUE.0"><eop:extentOf><gml:Polygon><gml:exterior><gml:LinearRing>
<gml:posList srsDimension="2">{}</gml:posList></gml:LinearRing></gml:exterior><gml:interior><gml:LinearRing>
<gml:posList srsDimension="2">{}</gml:posList></gml:LinearRing></gml:interior></gml:Polygon></eop:extentOf>
</eop:MaskFeature></eop:maskMembers></eop:Mask>"""


def ring(x0: int, y0: int, x1: int, y1: int) -> str:
    """Corners of a rectangle of pixels of 10 m, as coordinates."""
    corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
    return " ".join(f"{5e5 + 10 * x:.0f} {5e6 - 10 * y:.0f}" for x, y in corners)


def test_clouds_as_polygons_of_old_products(tmp_path: Path) -> None:
    folder = made.safe(tmp_path, "1C")
    file = folder / "GRANULE" / "L_A" / "QI_DATA" / "MSK_CLOUDS_B00.gml"
    file.parent.mkdir()
    file.write_text(GML.format(ring(6, 12, 36, 30), ring(12, 18, 18, 24)))
    expected = np.ones((60, 60), bool)
    expected[12:30, 6:36] = False
    expected[18:24, 12:18] = True
    for path in (folder, made.zipped(folder)):
        scene = open_scene(path)
        assert np.array_equal(scene.valid(), expected)
        assert np.array_equal(scene.valid((3, 5, 40, 33)), expected[5:33, 3:40])
    assert np.array_equal(open_scene(made.safe(tmp_path / "b", "1C"), clouds=file).valid(), expected)
    file.write_text(file.read_text().replace("8.7:32633", "8.7:32632"))
    with pytest.raises(LabelError, match=r"other coordinates \(EPSG:32632\).*--clouds none"):
        open_scene(folder).valid()
    file.write_text(GML.partition("<eop:MaskFeature")[0] + "</eop:maskMembers></eop:Mask>")
    assert open_scene(folder).valid().all(), "a clear day"
    for damage in (GML[:500], GML.format("1 2 x", ring(1, 1, 2, 2)), '<!DOCTYPE a [<!ENTITY b "c">]><a/>'):
        file.write_text(damage)
        with pytest.raises(LabelError, match="is damaged"):
            open_scene(folder)


@pytest.mark.parametrize(
    ("bits", "hidden"),
    [(21824, False), (1, True), (1 << 1, True), (1 << 2, True), (1 << 3, True), (1 << 4, True)],
)
def test_landsats_bits(tmp_path: Path, bits: int, hidden: bool) -> None:
    values = np.full((30, 40), 21824, np.uint16)  # clear
    values[3:9, 5:20] = bits
    scene = open_scene(made.landsat(tmp_path, qa=values))
    expected = np.ones((30, 40), bool)
    expected[3:9, 5:20] = not hidden
    assert np.array_equal(scene.valid(), expected)


def test_masks_of_ones_own(tmp_path: Path) -> None:
    folder = made.safe(tmp_path)
    mask = np.zeros((60, 60), np.uint8)
    mask[:20, :30], mask[:5, :5] = 1, 2
    file = made.write(tmp_path / "my_clouds.tif", mask, 10)
    scene = open_scene(folder, clouds=file)
    assert np.array_equal(scene.valid(), mask == 0)
    values = np.full((60, 60), 0, np.uint8)
    values[10:20] = [0, 1, 2, 3, 4, 255] * 10
    fmask = made.write(tmp_path / "Fmask.tif", values, 10)
    assert np.array_equal(open_scene(folder, clouds=str(fmask)).valid(), ~np.isin(values, (2, 4, 255)))
    bits = made.write(tmp_path / "HLS.S30.T33TWM.2022005T100321.v2.0.Fmask.tif", values, 10)
    hidden = (values & 0b1110 > 0) | (values == 255)
    assert np.array_equal(open_scene(folder, clouds=bits).valid(), ~hidden)
    half = made.write(tmp_path / "half.tif", np.zeros((30, 60), np.uint8), 10)
    assert open_scene(folder, clouds=half).valid().sum() == 30 * 60, "what no mask covers was not seen"


def test_masks_that_are_none_are_refused(tmp_path: Path) -> None:
    folder = made.safe(tmp_path)
    with pytest.raises(LabelError, match="does not exist"):
        open_scene(folder, clouds="nowhere.tif")
    share = made.write(tmp_path / "probability.tif", np.full((60, 60), 40, np.uint8), 10)
    with pytest.raises(LabelError, match="holds the value 40, so it is no mask"):
        open_scene(folder, clouds=share).valid()
    away = made.write(tmp_path / "away.tif", np.zeros((60, 60), np.uint8), 10, (7e5, 5e6))
    with pytest.raises(LabelError, match="does not overlap"):
        open_scene(folder, clouds=away).valid()


def test_auto_without_a_mask_asks_for_the_extra_or_says_that_nothing_was_hidden(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = made.safe(tmp_path, "1C")
    monkeypatch.setitem(sys.modules, "ukis_csmask", None)
    monkeypatch.setattr("planimeter.raster.csmask.find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"pip install planimeter\[clouds\]"):
        open_scene(folder, clouds="auto")
    for name in ("red", "nir"):
        made.write(tmp_path / "a" / f"{name}.tif", made.pixels(1, (20, 20)), 3)
    scene = open_scene(tmp_path / "a", clouds="auto")
    assert scene.clouds is None
    assert any("were measured as ground" in text for text in scene.warnings)


def test_a_mask_is_made_once_for_the_whole_scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class CSmask:
        """Clouds where blue is bright, by the shape of the real thing's interface."""

        calls = 0

        def __init__(self, img: np.ndarray, band_order: list[str], product_level: str) -> None:
            assert img.dtype == np.float32
            assert 0 < img.max() < 1
            assert product_level == "l1c"
            assert band_order[:4] == ["blue", "green", "red", "nir"]
            type(self).calls += 1
            self.csm = (img[..., :1] > 0.2).astype(np.uint8)

    package, module = ModuleType("ukis_csmask"), ModuleType("ukis_csmask.mask")
    module.CSmask = CSmask  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "ukis_csmask", package)
    monkeypatch.setitem(sys.modules, "ukis_csmask.mask", module)
    monkeypatch.setattr("planimeter.raster.csmask.find_spec", lambda _: object())
    monkeypatch.setattr("planimeter.raster.csmask._CORE", 32)
    monkeypatch.setattr("planimeter.raster.csmask._AROUND", 8)
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path / "cache"))
    folder = made.safe(tmp_path, "1C")
    scene = open_scene(folder, clouds="auto")
    blue = scene.colours(["blue"])["blue"][0].astype(float) / 1e4 - 0.1
    assert np.array_equal(scene.valid(), blue <= 0.2)
    assert CSmask.calls == 4
    open_scene(folder, clouds="auto")
    assert CSmask.calls == 4, "kept in the cache folder"


def test_a_mask_that_two_make_at_once_is_whole_for_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path / "cache"))
    scene = open_scene(made.safe(tmp_path, "1C"), clouds="none")
    height, width = scene.shape
    expected = (np.indices(scene.shape).sum(0) % 3).astype(np.uint8)
    together = threading.Barrier(2)

    def parts(_: object) -> Iterator[tuple[tuple[int, int, int, int], np.ndarray]]:
        """The mask in halves, when both have begun."""
        together.wait(60)
        yield (0, 0, width, 20), expected[:20]
        together.wait(60)
        yield (0, 20, width, height), expected[20:]

    monkeypatch.setattr("planimeter.raster.csmask._made", parts)
    with ThreadPoolExecutor(2) as pool:
        (file, same) = pool.map(_kept, [scene] * 2)
    assert file == same
    with rasterio.open(file) as dataset:
        assert np.array_equal(dataset.read(1), expected)
    assert list(file.parent.iterdir()) == [file]


def test_of_two_dates_only_what_both_saw_counts_and_each_says_what_was_hidden(tmp_path: Path) -> None:
    early, late = np.full((30, 30), 4, np.uint8), np.full((30, 30), 4, np.uint8)
    early[:10], late[:, :6] = 9, 3
    before, after = made.safe(tmp_path / "a", scl=early), made.safe(tmp_path / "b", scl=late)
    file = next(after.rglob("*_B08_10m.jp2"))
    nir = made.pixels(77, (60, 60))
    made.write(file, nir, 10)
    red, old = made.pixels(12, (60, 60)).astype(int) - 1000, made.pixels(13, (60, 60)).astype(int) - 1000
    seen = (np.isin(early, HIDDEN) | np.isin(late, HIDDEN)).repeat(2, 0).repeat(2, 1) == 0
    green = [5 * (n - red) > n + red for n in (old, nir.astype(int) - 1000)]
    answer = planimeter.ask(
        after,
        "How many hectares of vegetation were lost?",
        before=before,
        segmenter="index",
        before_segmenter="index",
    )
    assert answer.answer == pytest.approx((green[0] & ~green[1] & seen).sum() / 100)
    said = [text for text in answer.warnings if "hide" in text]
    assert any(text.startswith("Of the earlier date: Clouds") and "hide 33 %" in text for text in said)
    assert any(text.startswith("Clouds") and "hide 20 %" in text for text in said)


def test_clear_is_0_also_where_the_mask_declares_0_to_be_no_data(tmp_path: Path) -> None:
    folder = made.safe(tmp_path)
    clear = np.ones((60, 60), bool)
    clear[:30, :30] = False
    plain = open_scene(folder, clouds="none")
    for name, side in (("same.tif", 60), ("coarse.tif", 30)):
        mask = np.kron(~clear[:: 60 // side, :: 60 // side], np.ones((1, 1))).astype(np.uint8)
        with rasterio.open(
            tmp_path / name, "w", driver="GTiff", dtype="uint8", count=1, height=side, width=side, nodata=0,
            crs=plain.crs, transform=plain.transform * rasterio.Affine.scale(60 / side),
        ) as file:  # fmt: skip
            file.write(mask, 1)
        assert np.array_equal(open_scene(folder, clouds=tmp_path / name).valid(), plain.valid() & clear)
