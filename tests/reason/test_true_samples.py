"""Readers on true rows of published data sets, and on what their layouts allow that tidy copies do not have."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter.errors import InputError
from planimeter.reason.data import find_samples


def _runs(text: str) -> list[int]:
    """Run lengths of COCO's compressed text: five bits a letter, a sign, and differences from the third run on.

    Written after the description in COCO's own ``maskApi.c``, apart from the package's reader.
    """
    found: list[int] = []
    place = 0
    while place < len(text):
        value, shift, more = 0, 0, True
        while more:
            bits = ord(text[place]) - 48
            value |= (bits & 31) << shift
            more, shift, place = bool(bits & 32), shift + 5, place + 1
        if bits & 16:
            value -= 1 << shift
        found.append(value + (found[-2] if len(found) > 2 else 0))
    return found


def _mask(counts: str, height: int, width: int) -> np.ndarray:
    flat = np.concatenate([np.full(run, k % 2, bool) for k, run in enumerate(_runs(counts))])
    return flat.reshape(width, height).T


@pytest.fixture
def true(data_dir: Path) -> Path:
    """The folder of true samples."""
    return data_dir / "reasoning"


def test_true_rows_of_risbench(true: Path, tmp_path: Path) -> None:
    shutil.copy(true / "risbench_rows.jsonl", tmp_path)
    rows = [json.loads(line) for line in (true / "risbench_rows.jsonl").read_text().splitlines()]
    for folder, row in zip(("img_rgb", "images", "", "img_rgb", "images"), rows, strict=True):
        (tmp_path / folder).mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / folder / row["file_name"]), np.zeros((512, 512, 3), np.uint8))
    samples = find_samples(f"risbench:{tmp_path}", "test")
    assert [sample.phrase for sample in samples] == [row["sent"] for row in rows]
    for sample, row in zip(samples, rows, strict=True):
        image, target = sample.load()
        assert image.shape == (512, 512, 3)
        assert np.array_equal(target, _mask(row["segmentation"]["counts"], 512, 512))
        assert 100 < target.sum() < 20_000
    # "The ship in the middle right of the image." and "The ship located in the top left of the image."
    right, left = (np.argwhere(sample.read_target()).mean(axis=0) for sample in samples[3:])
    assert right[1] > 256
    assert left.max() < 256
    assert find_samples(f"risbench:{tmp_path}", "val") == []


def test_a_true_sample_of_geopixeld(true: Path) -> None:
    (courts,) = find_samples(f"geopixeld:{true / 'geopixeld'}", "train")
    assert (courts.phrase, courts.level) == ("every tennis court", "semantic")
    image, target = courts.load()
    outlines = json.loads((true / "geopixeld" / "train" / "P0224_0_800_0_800.json").read_text())["polygons"]
    assert image.shape[:2] == target.shape == (800, 800)
    # The area of each outline by the shoelace formula; a pixel of border more or less along each.
    areas, borders = [], []
    for (ring,) in outlines:
        x, y = np.array(ring, float).T
        areas.append(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)
        borders.append(np.hypot(x - np.roll(x, -1), y - np.roll(y, -1)).sum())
    assert abs(target.sum() - sum(areas)) <= sum(borders)
    for (ring,) in outlines:
        column, row = np.mean(ring, axis=0).astype(int)
        assert target[row, column]


def _written(path: Path, picture: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), picture)


def test_things_of_one_noun_are_one_sample_and_rings_within_rings_are_holes(tmp_path: Path) -> None:
    _written(tmp_path / "train" / "p.png", np.zeros((20, 30, 3), np.uint8))
    (tmp_path / "GeoPixelD.json").write_text(
        json.dumps(
            [{"id": 0, "image": "data/GeoPixelD/train/p.png", "polygons": "data/GeoPixelD/train/p.json"}]
        )
    )
    square = [[2, 2], [12, 2], [12, 12], [2, 12]]
    hole = [[5, 5], [9, 5], [9, 9], [5, 9]]
    described = {
        "gcg_description": "A <p> pond </p> [SEG] by <p> house-1 </p> [SEG] and <p> house-2 </p> [SEG] .",
        "polygons": [
            [square, hole],
            [[[20, 2], [22, 2], [22, 4], [20, 4]]],
            [[[25, 9], [27, 9], [27, 11], [25, 11]]],
        ],
    }
    (tmp_path / "train" / "p.json").write_text(json.dumps(described))
    pond, houses = find_samples(f"geopixeld:{tmp_path}", "train")
    assert (pond.phrase, pond.level, houses.phrase, houses.level) == (
        "pond",
        "instance",
        "every house",
        "semantic",
    )
    _, target = pond.load()
    assert target[3, 3]
    assert not target[7, 7]
    assert cv2.connectedComponents(houses.read_target().astype(np.uint8))[0] - 1 == 2
    described["polygons"] = described["polygons"][:2]
    (tmp_path / "train" / "p.json").write_text(json.dumps(described))
    with pytest.raises(InputError, match="names 3 things and outlines 2"):
        find_samples(f"geopixeld:{tmp_path}", "train")


@pytest.fixture
def earthreason(tmp_path: Path) -> Path:
    """Names that differ from folder to folder, masks of 0 and 1, blanks, and a question with nothing to find."""
    first, second = np.zeros((8, 8), np.uint8), np.zeros((8, 8), np.uint8)
    first[:2], second[6:] = 1, 255
    for number, mask in enumerate((first, second), 1):
        _written(tmp_path / "val" / "images" / f"scene_{number}.png", np.full((8, 8, 3), number, np.uint8))
        _written(tmp_path / "val" / "labels" / f"mask_{number}.png", mask)
    said = [
        {"questions": ["  ", " Where would a flood reach first? "], "answer": ["the bank"]},
        {"questions": ["Where could ships moor?"], "answer": []},
    ]
    for number, question in enumerate(said, 1):
        path = tmp_path / "val" / "QAs" / f"{number}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(question))
    return tmp_path


def test_files_of_other_names_belong_together_in_sorted_order(earthreason: Path) -> None:
    flood, ships = find_samples(f"earthreason:{earthreason}", "val")
    assert flood.phrase == "Where would a flood reach first?"
    image, target = flood.load()
    assert (image[0, 0, 0], target.sum()) == (1, 16)
    image, target = ships.load()
    assert image[0, 0, 0] == 2
    assert not target.any()  # the answer is an empty list: nothing there is asked for
    (earthreason / "val" / "labels" / "mask_2.png").unlink()
    with pytest.raises(InputError, match="2 images, 1 labels and 2 QAs"):
        find_samples(f"earthreason:{earthreason}", "val")


def test_masks_of_ones_and_phrases_with_blanks_of_refsegrs(tmp_path: Path) -> None:
    mask = np.zeros((8, 8), np.uint8)
    mask[1:3, 1:4] = 1
    _written(tmp_path / "images" / "12.tif", np.zeros((8, 8, 3), np.uint8))
    _written(tmp_path / "masks" / "12.tif", mask)
    (tmp_path / "output_phrase_val.txt").write_text("12  low vegetation along the road \n")
    (sample,) = find_samples(f"refsegrs:{tmp_path}", "val")
    assert sample.phrase == "low vegetation along the road"
    assert sample.load()[1].sum() == 6


def test_a_damaged_row_of_risbench_is_named(tmp_path: Path) -> None:
    row = {
        "split": "test",
        "file_name": "../a.png",
        "sent": "a ship",
        "segmentation": {"size": [8, 8], "counts": "0"},
    }
    (tmp_path / "rows.jsonl").write_text(json.dumps(row) + "\n")
    with pytest.raises(InputError, match="line 1, names no file"):
        find_samples(f"risbench:{tmp_path}", "test")
    (tmp_path / "rows.jsonl").write_text('{"split": "test"}\n')
    with pytest.raises(InputError, match="line 1, is no row"):
        find_samples(f"risbench:{tmp_path}", "test")
