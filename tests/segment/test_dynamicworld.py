"""Dynamic World on OpenVINO: TensorFlow's logits, no seams, and refusals of what it was not made for."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

import planimeter
from planimeter.errors import ModelError, NotMeasurable
from planimeter.raster import open_scene
from planimeter.segment.dynamicworld import DynamicWorldSegmenter
from planimeter.segment.dynamicworld import segmenter as file
from planimeter.segment.dynamicworld.network import CLASSES, Network, normalised

BANDS = ["B02", "B03", "B04", "B05", "B06", "B07", "B08", "B11", "B12"]


@pytest.fixture(scope="session")
def model_dir(data_dir: Path) -> Path:
    folder = data_dir.parent / "models" / "dynamicworld"
    if not folder.is_dir():
        pytest.skip(f"no Dynamic World model at {folder}")
    return folder


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is known from another test."""
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path / "cache"))


def write(
    path: Path, bands: np.ndarray, metres: float = 10, names: list[str] = BANDS, **options: object
) -> Path:
    count, height, width = bands.shape
    with rasterio.open(
        path, "w", driver="GTiff", count=count, height=height, width=width, dtype=bands.dtype, crs="EPSG:32633",
        transform=Affine(metres, 0, 5e5, 0, -metres, 5e6), **options,
    ) as out:  # fmt: skip
        out.write(bands)
        out.descriptions = names
    return path


def ground(height: int = 60, width: int = 70) -> np.ndarray:
    """Smooth random bands, as reflectance × 10,000 at the top of the atmosphere."""
    random = np.random.default_rng(4)
    coarse = random.integers(900, 3500, (9, height // 10 + 1, width // 10 + 1)).repeat(10, 1).repeat(10, 2)
    return (coarse[:, :height, :width] + random.integers(0, 90, (9, height, width))).astype(np.uint16)


def test_the_logits_are_tensorflows(model_dir: Path) -> None:
    check = np.load(model_dir / "check.npz")
    found = np.moveaxis(Network(model_dir).logits(check["input"]), 1, -1)
    assert np.abs(found - check["logits"]).max() < 1e-3


def test_the_input_is_what_the_models_notebook_makes_of_numbers() -> None:
    numbers = np.array([100, 900, 2500, 1, 0, 10_000, 333, 7, 65_535], np.float32).reshape(1, 1, 9)
    a = [1.7417268007636313, 1.7261204997060209, 1.6798346251414997, 1.7734969472909623, 2.289154079164943,
         2.382939712192371, 2.3828939530384052, 2.1952484264967844, 1.554812948247501]  # fmt: skip
    b = [2.023298706048351, 2.038905204308012, 2.179592821212937, 2.2890068333026603, 2.6171674549378166,
         2.773418590375327, 2.7578332604178284, 2.789092484314204, 2.4140534947492487]  # fmt: skip
    for k in range(9):
        e = np.exp(5 * (np.log(0.005 * float(numbers[0, 0, k]) + 1) - a[k]) / b[k] - 1)
        assert normalised(numbers)[0, 0, k] == pytest.approx(e / (e + 1), rel=1e-6)


def test_parts_are_what_the_whole_is(
    model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_LARGEST", 192)  # several windows in a small scene
    bands = ground(200, 300)
    bands[:, 30:40, 50:60] = 0
    scene = open_scene(write(tmp_path / "s.tif", bands, nodata=0))
    segmenter = DynamicWorldSegmenter(model_dir)
    whole = segmenter.look(scene, CLASSES)
    assert np.sum(list(whole.masks.values()), axis=0).min() == 1
    assert whole.valid is not None
    assert np.array_equal(whole.valid, (bands > 0).all(axis=0))
    for x0, y0, x1, y1 in ((0, 0, 150, 200), (150, 0, 300, 100), (131, 77, 190, 140)):
        part = pickle.loads(pickle.dumps(segmenter)).look(scene, CLASSES, (x0, y0, x1, y1))
        for topic in CLASSES:
            assert np.array_equal(part.masks[topic], whole.masks[topic][y0:y1, x0:x1]), topic
    shares = segmenter.probabilities(scene, CLASSES)
    assert np.abs(np.sum(list(shares.values()), axis=0) - 1).max() < 1e-5
    best = np.stack([shares[topic] for topic in CLASSES]).argmax(axis=0)
    assert all(np.array_equal(best == k, whole.masks[topic]) for k, topic in enumerate(CLASSES))
    assert np.allclose(segmenter.confidence(scene), np.max(list(shares.values()), axis=0))


def counting(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A number for each window that the network looks at."""
    looked: list[int] = []
    plain = Network.logits
    monkeypatch.setattr(Network, "logits", lambda self, inputs: looked.append(1) or plain(self, inputs))
    return looked


def test_no_window_is_looked_at_twice_whatever_the_tiles(
    model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file, "_LARGEST", 192)
    path = write(tmp_path / "s.tif", ground(300, 420))
    looked, segmenter = counting(monkeypatch), DynamicWorldSegmenter(model_dir)
    scene = open_scene(path)
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path / "one"))
    whole = segmenter.look(scene, CLASSES)
    windows = len(looked)
    assert windows == 3 * 5
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path / "two"))
    again = open_scene(path)
    for y in range(0, 300, 70):
        for x in range(0, 420, 110):
            box = (x, y, min(x + 110, 420), min(y + 70, 300))
            part = segmenter.look(again, CLASSES, box)
            for topic in CLASSES:
                assert np.array_equal(part.masks[topic], whole.masks[topic][box[1] : box[3], x : box[2]])
    assert len(looked) == 2 * windows
    question = "What percentage of the image is forest?"
    planimeter.ask(path, question, segmenter=segmenter)
    assert len(looked) == 2 * windows, "the next question finds what was seen"
    (kept,) = (tmp_path / "two" / "land").iterdir()
    damaged = sorted(kept.iterdir())[7]
    damaged.write_bytes(b"cut")
    planimeter.ask(path, question, segmenter=segmenter)
    assert 0 < len(looked) - 2 * windows <= 4, "a damaged block is looked at again, with what has a say in it"
    write(path, ground(300, 420)[::-1].copy())
    other = segmenter.look(open_scene(path), CLASSES)
    assert len(looked) >= 3 * windows, "another file of that name is another scene"
    assert not all(np.array_equal(other.masks[topic], whole.masks[topic]) for topic in CLASSES)


def test_without_a_folder_to_keep_it_in_it_is_looked_at_each_time(
    model_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("PLANIMETER_CACHE", str(tmp_path / "file"))
    looked, segmenter = counting(monkeypatch), DynamicWorldSegmenter(model_dir)
    for _ in range(2):
        scene = open_scene(write(tmp_path / "s.tif", ground()))
        assert segmenter.look(scene, ["water"]).masks["water"].shape == (60, 70)
    assert len(looked) == 2


def test_surface_reflectance_gets_the_airs_light_back_and_says_so(model_dir: Path, tmp_path: Path) -> None:
    bands = ground()
    air = np.array([800, 500, 280, 240, 190, 160, 130, 30, 10]).reshape(9, 1, 1)
    at_the_top = (bands + air).astype(np.uint16)
    segmenter = DynamicWorldSegmenter(model_dir)
    below = segmenter.look(open_scene(write(tmp_path / "x_L2A.tif", bands)), CLASSES)
    above = segmenter.look(open_scene(write(tmp_path / "x_L1C.tif", at_the_top)), CLASSES)
    assert all(np.array_equal(below.masks[topic], above.masks[topic]) for topic in CLASSES)
    assert any("the air typically adds was put back" in text for text in below.cautions)
    assert not any("put back" in text for text in above.cautions)
    dark = bands.copy()
    dark[0] = dark[0] // 4  # too dark for the top of the air
    guessed = segmenter.look(open_scene(write(tmp_path / "y.tif", dark)), CLASSES)
    assert any(
        "taken as surface reflectance (a twentieth of its blue is below" in text for text in guessed.cautions
    )
    told = segmenter.look(open_scene(tmp_path / "y.tif", bands="level=L1C"), CLASSES)
    assert not any("put back" in text for text in told.cautions)


def test_what_is_not_sentinel_2_is_refused_with_the_remedy(model_dir: Path, tmp_path: Path) -> None:
    segmenter = DynamicWorldSegmenter(model_dir)
    bands = ground()
    cases = {
        "needs blue": open_scene(write(tmp_path / "a.tif", bands, names=[*"abcdefghi"])),
        "rededge2": open_scene(write(tmp_path / "b.tif", bands, names=[*BANDS[:4], "x", "y", *BANDS[6:]])),
        "10 m, and those of": open_scene(write(tmp_path / "c.tif", bands, 30)),
        "nobody names": open_scene(
            write(tmp_path / "d.tif", bands, names=[*"abcdefghi"]),
            bands="blue=1,green=2,red=3,rededge1=4,rededge2=5,rededge3=6,nir=7,swir16=8,swir22=9,scale=0.0001",
        ),
        "needs reflectance": open_scene(write(tmp_path / "e.tif", bands.astype(np.float32))),
    }  # fmt: skip
    for sentence, scene in cases.items():
        with pytest.raises(NotMeasurable, match=sentence) as refused:
            segmenter.look(scene, ["water"])
        assert "--" in str(refused.value), "the remedy"
        assert not DynamicWorldSegmenter.suits(scene)


def test_a_folder_without_the_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"holds no Dynamic World model: clone"):
        DynamicWorldSegmenter(tmp_path)
    (tmp_path / "saved_model.pb").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be opened by OpenVINO"):
        Network(tmp_path).logits(np.zeros((1, 64, 64, 9), np.float32))


def test_its_own_topics_are_asked_for_by_name(model_dir: Path, data_dir: Path) -> None:
    scene = open_scene(data_dir / "s2_virginia_l1c" / "va_coast.tif")
    labels = data_dir / "s2_virginia_l1c" / "va_coast_labels.png"
    with rasterio.open(labels) as given:
        kinds = given.read(1)
    segmenter = DynamicWorldSegmenter(model_dir)
    answer = planimeter.ask(scene, "What percentage of the image is flooded vegetation?", segmenter=segmenter)
    seen = segmenter.look(scene, CLASSES)
    assert answer.answer == pytest.approx(100 * seen.masks["wetland"].mean())
    assert seen.masks["water"][np.isin(kinds, (4, 5))].mean() > 0.98
    for question in ("How many hectares of shrubland are there?", "How many hectares of snow are there?"):
        assert planimeter.ask(scene, question, segmenter=segmenter).unit == "ha"


def test_forests_of_real_scenes_are_forests(model_dir: Path, data_dir: Path) -> None:
    segmenter = DynamicWorldSegmenter(model_dir)
    for name in ("bouconne_20180429", "bouconne_20180815"):
        scene = open_scene(data_dir / "s2_bouconne_l3a" / f"{name}.tif")
        assert segmenter.look(scene, ["forest"]).masks["forest"].mean() > 0.9
