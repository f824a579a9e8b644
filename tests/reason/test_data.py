"""Readers of published data sets on tiny copies of their layouts, and phrases made from labels."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.errors import InputError, UsageError
from planimeter.reason.data import (
    find_samples,
    read_earthreason,
    read_folder,
    referring_phrases,
    world_samples,
)
from planimeter.segment import rle
from planimeter.worlds import make_world

RED = np.zeros((12, 16, 3), np.uint8)
RED[:, :, 2] = 200  # as OpenCV writes: blue, green, red
FIELD = np.zeros((12, 16), np.uint8)
FIELD[2:6, 3:9] = 255


def written(path: Path, picture: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), picture)


@pytest.fixture
def earthreason(tmp_path: Path) -> Path:
    for name in ("7", "12"):
        written(tmp_path / "test" / "images" / f"{name}.jpg", RED)
        written(tmp_path / "test" / "labels" / f"{name}.png", FIELD)
        (tmp_path / "test" / "QAs").mkdir(exist_ok=True)
        questions = {
            "questions": [f"Where would one play {name}?", "Which field is best for sport?"],
            "answer": "x",
        }
        (tmp_path / "test" / "QAs" / f"{name}.json").write_text(json.dumps(questions))
    return tmp_path


@pytest.fixture
def refsegrs(tmp_path: Path) -> Path:
    written(tmp_path / "images" / "1001.tif", RED)
    written(tmp_path / "masks" / "1001.tif", FIELD)
    (tmp_path / "output_phrase_test.txt").write_text(
        "1001 vehicle in the parking area\n1001 road marking\n\n"
    )
    return tmp_path


@pytest.fixture
def risbench(tmp_path: Path) -> Path:
    written(tmp_path / "img_rgb" / "00012.png", RED)
    written(tmp_path / "mask" / "00012.png", FIELD)
    (tmp_path / "output_phrase_val.txt").write_text("00012.png the ship at the left\n")
    return tmp_path


@pytest.fixture
def rrsisd(tmp_path: Path) -> Path:
    written(tmp_path / "images" / "rrsisd" / "JPEGImages" / "00001.jpg", RED)
    references = [
        {
            "ref_id": 5,
            "image_id": 1,
            "ann_id": 9,
            "category_id": 2,
            "file_name": "00001.jpg",
            "split": split,
            "sentences": [{"raw": "The baseball field on the top", "sent": "the baseball field on the top"}],
        }
        for split in ("test", "train")
    ]
    instances = {
        "images": [{"id": 1, "file_name": "00001.jpg", "width": 16, "height": 12}],
        "annotations": [{"id": 9, "image_id": 1, "segmentation": [rle.encode(FIELD > 0)]}],
        "categories": [{"id": 2, "name": "baseballfield"}],
    }
    (tmp_path / "rrsisd").mkdir()
    (tmp_path / "rrsisd" / "refs(unc).p").write_bytes(pickle.dumps(references))
    (tmp_path / "rrsisd" / "instances.json").write_text(json.dumps(instances))
    return tmp_path


@pytest.mark.parametrize(
    ("kind", "split", "level", "phrases"),
    [
        ("earthreason", "test", "semantic", ["Where would one play 12?", "Where would one play 7?"]),
        ("refsegrs", "test", "semantic", ["vehicle in the parking area", "road marking"]),
        ("risbench", "val", "instance", ["the ship at the left"]),
        ("rrsisd", "test", "instance", ["The baseball field on the top"]),
    ],
)
def test_each_layout_is_read(
    kind: str, split: str, level: str, phrases: list[str], request: pytest.FixtureRequest
) -> None:
    root = request.getfixturevalue(kind)
    samples = find_samples(f"{kind}:{root}", split)
    assert [sample.phrase for sample in samples] == phrases
    assert {sample.level for sample in samples} == {level}
    assert len({sample.id for sample in samples}) == len(samples)
    for sample in samples:
        image, target = sample.load()
        assert np.array_equal(target, FIELD > 0)
        assert abs(image[0, 0].astype(int) - [200, 0, 0]).max() < 8  # red first
    with pytest.raises(InputError):
        find_samples(f"{kind}:{root}", "everything")
    with pytest.raises(InputError):
        find_samples(f"{kind}:{root / 'nowhere'}", split)


def test_earthreason_can_give_every_wording(earthreason: Path) -> None:
    samples = read_earthreason(earthreason, questions="all")
    assert len(samples) == 4
    assert len({sample.image_name for sample in samples}) == 2


def test_a_pickle_that_runs_code_is_refused(rrsisd: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (eval, ("open('ran', 'w')",))

    (rrsisd / "rrsisd" / "refs(unc).p").write_bytes(pickle.dumps([Evil()]))
    with pytest.raises(InputError, match=r"builtins\.eval"):
        find_samples(f"rrsisd:{rrsisd}")
    assert not Path("ran").exists()


def test_damage_is_said(earthreason: Path, refsegrs: Path, rrsisd: Path) -> None:
    (earthreason / "test" / "QAs" / "7.json").write_text("{}")
    with pytest.raises(InputError, match=r"7\.json holds no list"):
        find_samples(f"earthreason:{earthreason}")
    (refsegrs / "output_phrase_test.txt").write_text("../../etc/passwd the secret\n")
    with pytest.raises(InputError, match="line 1"):
        find_samples(f"refsegrs:{refsegrs}")
    (refsegrs / "output_phrase_test.txt").write_text("1002 a thing that has no file\n")
    with pytest.raises(InputError, match="cannot be read"):
        find_samples(f"refsegrs:{refsegrs}")[0].load()
    written(refsegrs / "masks" / "1001.tif", FIELD[:5])
    (refsegrs / "output_phrase_test.txt").write_text("1001 a thing\n")
    with pytest.raises(InputError, match="16 x 5 pixels and its picture 16 x 12"):
        find_samples(f"refsegrs:{refsegrs}")[0].load()
    with pytest.raises(InputError, match="There is no data set"):
        find_samples("coco:folder")
    with pytest.raises(UsageError):
        find_samples("worlds:many")


def blocks() -> dict[str, np.ndarray]:
    """Three buildings, a pond at the left, and no solar panels; 60 x 80 pixels."""
    roof, water = np.zeros((60, 80), bool), np.zeros((60, 80), bool)
    water[:, 0:6] = True
    roof[5:15, 10:20] = True  # 100 pixels, 4 from the water
    roof[25:37, 40:55] = True  # 180 pixels
    roof[45:52, 60:66] = True  # 42 pixels
    return {"roof": roof, "water": water, "solar": np.zeros((60, 80), bool)}


def test_phrases_mean_exactly_what_the_labels_say() -> None:
    masks = blocks()
    found = {each.phrase: each for each in referring_phrases(masks, gsd=0.5)}
    roof = masks["roof"]

    def part(rows: slice, columns: slice) -> np.ndarray:
        only = np.zeros_like(roof)
        only[rows, columns] = roof[rows, columns]
        return only

    first, second, third = (
        part(slice(5, 15), slice(10, 20)),
        part(slice(25, 37), slice(40, 55)),
        part(slice(45, 52), slice(60, 66)),
    )
    wanted = {
        "all buildings": roof,
        "the largest building": second,
        "the two largest buildings": first | second,
        "the smallest building": third,
        "the topmost building": first,
        "the bottommost building": third,
        "the leftmost building": first,
        "the rightmost building": third,
        "the building nearest to the water": first,
        "all buildings within 10 m of the water": first,
        "the water region": masks["water"],
        "all solar panels": masks["solar"],
    }
    for phrase, target in wanted.items():
        assert np.array_equal(found[phrase].target, target), phrase
    assert found["all buildings"].level == "semantic"
    assert found["the largest building"].level == "instance"
    assert not any(" m of " in each.phrase for each in referring_phrases(masks, gsd=None))


def test_what_is_doubtful_is_not_asked() -> None:
    masks = blocks()
    masks["roof"][5:15, 60:72] = True  # 120 pixels, as high as the first
    phrases = {each.phrase for each in referring_phrases(masks, gsd=0.5)}
    assert "the topmost building" not in phrases
    assert "the two largest buildings" not in phrases  # 120 pixels and 100
    masks["roof"][58, 79] = True  # a speck that could be meant as well
    phrases = {each.phrase for each in referring_phrases(masks, gsd=0.5)}
    assert "the smallest building" not in phrases
    assert "the building nearest to the water" not in phrases
    assert "the largest building" in phrases


def test_worlds_are_the_same_every_time() -> None:
    first, second = world_samples(3, size=128), world_samples(3, size=128)
    assert first == second
    assert {sample.level for sample in first} == {"semantic", "instance"}
    for one, other in zip(first, second, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(one.load(), other.load(), strict=True))


def test_labelled_pictures_of_ones_own(tmp_path: Path) -> None:
    for seed in (1, 2):
        world = make_world(seed, size=96)
        written(tmp_path / f"s{seed}.png", world.image[:, :, ::-1])
        written(tmp_path / f"s{seed}_labels.png", world.labels)
    (tmp_path / "legend.json").write_text(json.dumps(world.legend))
    samples = read_folder(tmp_path)
    assert {sample.image_name for sample in samples} == {"s1", "s2"}
    for sample in samples:
        image, target = sample.load()
        assert image.shape[:2] == target.shape == (96, 96)
    with pytest.raises(InputError, match="holds no labelled pictures"):
        read_folder(tmp_path / "nowhere")
