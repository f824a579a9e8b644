"""What labels mean, and that nothing of validation is in training."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from planimeter.train.config import Config, load_config
from planimeter.train.data import UNKNOWN_OBJECT, _fingerprint, load_pictures, split_names

ROOT = Path(__file__).resolve().parents[2]


def test_labels_become_targets(tiny: Config, tiny_data: Path) -> None:
    import cv2

    picture = load_pictures(tiny, "train")[0]
    labels = cv2.imread(str(tiny_data / "land" / f"{picture.name}_labels.png"), 0)
    land, road = picture.target[..., 0], picture.target[..., 1]
    for value, code in ((0, 0), (1, 6), (2, 7), (3, 1)):
        assert (land[labels == value] == code).all()
    for value, code in ((0, UNKNOWN_OBJECT), (1, 0), (2, 0), (3, 1)):
        assert (road[labels == value] == code).all()


def test_a_topic_the_source_does_not_label_is_unknown(tiny: Config) -> None:
    with_solar = replace(tiny, objects=("road", "solar"))
    assert (load_pictures(with_solar, "train")[0].target[..., 2] == UNKNOWN_OBJECT).all()


def test_the_split_is_fixed_and_disjoint(tiny: Config) -> None:
    training = {picture.name for picture in load_pictures(tiny, "train")}
    held = {picture.name for picture in load_pictures(tiny, "validation")}
    assert held == {"2", "5"}
    assert training == {"0", "1", "3", "4"}


def test_a_copy_of_a_validation_picture_is_not_trained_on(
    tiny: Config, tiny_data: Path, tmp_path: Path
) -> None:
    shutil.copytree(tiny_data, tmp_path / "data")
    for ending in (".png", "_labels.png"):
        shutil.copy(tiny_data / "land" / f"5{ending}", tmp_path / "data" / "land" / f"0{ending}")
    training = load_pictures(replace(tiny, data=str(tmp_path / "data")), "train")
    assert [picture.name for picture in training] == ["1", "3", "4"]


def test_worlds_label_objects_and_land(tiny: Config) -> None:
    worlds = replace(tiny.worlds, count=1, size=96)
    world = load_pictures(replace(tiny, worlds=worlds), "train")[-1]
    assert world.source == "worlds"
    assert set(np.unique(world.target[..., 1])) <= {0, 1}
    assert (world.target[..., 0][world.target[..., 1] == 1] == 1).all(), "a road is urban land"


def test_the_shipped_configuration_holds_out_what_it_says(data_dir: Path) -> None:
    config = replace(load_config(ROOT / "configs" / "segmenter.yaml"), data=str(data_dir))
    config = replace(config, worlds=replace(config.worlds, count=0))
    held = load_pictures(config, "validation")
    names = {(picture.source, picture.name) for picture in held}
    assert ("deepglobe", "172307") in names
    assert ("buildings", "philippines_catanduanes_aoi2") in names
    assert {name for source, name in names if source == "roads"} == {f"{k:03}" for k in range(61, 81)}
    assert all(name.startswith("tile2_") for source, name in names if source == "dubai")
    assert sum(source == "solar" for source, _ in names) == 16
    training = load_pictures(config, "train")
    assert not names & {(picture.source, picture.name) for picture in training}
    assert not {_fingerprint(p.image) for p in held} & {_fingerprint(p.image) for p in training}


@pytest.mark.parametrize("count", [0, 4, 5, 80])
def test_every_fifth(count: int) -> None:
    names = [f"{k:03}" for k in range(count)]
    training, held = split_names(names, ["every 5"])
    assert held == names[4::5]
    assert sorted(training + held) == names
