"""Legends: what is accepted, what is refused, and that masks are exact."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from planimeter.errors import LabelError
from planimeter.segment.legend import is_any_of, load_legend, parse_legend, shipped_legends


@pytest.mark.parametrize("name", shipped_legends())
def test_shipped_legends_load_and_name_known_topics(name: str) -> None:
    from planimeter.vocabulary.topics import TOPICS

    legend = load_legend(name)
    assert legend.topics
    # What no canonical topic covers is a topic of the legend's own, with words to ask for it.
    assert set(legend.topics) - set(TOPICS) == {topic.name for topic in legend.brought} - set(TOPICS)


@pytest.mark.parametrize(
    ("legend", "value", "topic"),
    [
        ("worldcover", 20, "shrubland"),
        ("worldcover", 95, "forest"),
        ("nlcd", 52, "shrubland"),
        ("nlcd", 95, "wetland"),
        ("esri", 10, "clouds"),
        ("esri", 11, "grass"),
        ("dynamicworld", 0, "water"),
        ("dynamicworld", 8, "snow"),
        ("corine", 1, "urban"),
        ("corine", 112, "urban"),
        ("corine", 36, "wetland"),
        ("corine", 523, "water"),
        ("cdl", 5, "agric"),
        ("cdl", 152, "shrubland"),
        ("cdl-crops", 5, "soybeans"),
        ("cdl-crops", 24, "wheat"),
        ("openearthmap", 8, "roof"),
        ("landcover.ai", 2, "forest"),
    ],
)
def test_published_classes_mean_what_their_makers_say(legend: str, value: int, topic: str) -> None:
    read = load_legend(legend)
    raster = np.array([[value]], np.int16)
    assert [name for name in read.topics if read.mask(raster, name).any()] == [topic]


def test_dynamic_world_knows_no_value_without_data() -> None:
    assert load_legend("dynamicworld").nodata(np.zeros((1, 1), np.uint8)) is None


PALETTE = {0: (0, 0, 255), 1: (0, 255, 0), 2: (0, 255, 255), 3: (0, 0, 0)}


def test_a_palette_of_the_legends_colours_means_the_colours() -> None:
    """DeepGlobe's blue is water, number 5; an image optimiser calls it 0."""
    legend = load_legend("deepglobe")
    raster = np.array([[0, 0, 1, 2, 3]], np.uint8)
    shares = {topic: int(legend.mask(raster, topic, PALETTE).sum()) for topic in legend.topics}
    assert shares == {"urban": 1, "agric": 0, "grass": 0, "forest": 1, "water": 2, "barren": 0}
    nodata = legend.nodata(raster, PALETTE)
    assert nodata is not None
    assert nodata.tolist() == [[False, False, False, False, True]]


@pytest.mark.parametrize(
    "palette",
    [
        None,
        {value: (value, value, value) for value in range(256)},
        {0: (10, 20, 30), 4: (1, 2, 3), 5: (7, 8, 9)},
    ],
    ids=["none", "grey", "somebody's own"],
)
def test_any_other_palette_leaves_the_numbers_their_meaning(
    palette: dict[int, tuple[int, int, int]] | None,
) -> None:
    legend = load_legend("deepglobe")
    raster = np.array([[0, 1, 5, 5]], np.uint8)
    assert legend.mask(raster, "water", palette).tolist() == [[False, False, True, True]]
    nodata = legend.nodata(raster, palette)
    assert nodata is not None
    assert nodata.tolist() == [[True, False, False, False]]


def test_a_classification_with_its_makers_palette_keeps_its_number_for_no_data() -> None:
    legend = load_legend("worldcover")
    palette = {10: (0, 100, 0), 20: (255, 187, 34), 30: (255, 255, 76), 80: (0, 100, 200), 0: (0, 0, 0)}
    raster = np.array([[0, 10, 20, 80]], np.uint8)
    assert legend.mask(raster, "shrubland", palette).tolist() == [[False, False, True, False]]
    nodata = legend.nodata(raster, palette)
    assert nodata is not None
    assert nodata.tolist() == [[True, False, False, False]]


@pytest.mark.parametrize(
    ("dtype", "values"), [(np.uint8, (0, 255)), (np.uint16, (300, 65535)), (np.int32, (-3, 70000))]
)
def test_masks_agree_with_isin(dtype: type, values: tuple[int, ...]) -> None:
    info = np.iinfo(dtype)
    raster = np.random.default_rng(0).integers(max(info.min, -5), min(info.max, 70001), (50, 60), dtype=dtype)
    raster[0, 0], raster[1, 1] = values
    assert np.array_equal(is_any_of(raster, values), np.isin(raster, values))
    assert is_any_of(raster, values)[0, 0]
    many = (*values, *range(7, 20))
    assert np.array_equal(is_any_of(raster, many), np.isin(raster, many))


def test_colours_match_exactly_not_nearly() -> None:
    raster = np.array([[[0, 0, 255], [0, 0, 254], [1, 0, 255]]], dtype=np.uint8)
    legend = parse_legend({"water": ["#0000FF"]}, "inline")
    assert legend.mask(raster, "water").tolist() == [[True, False, False]]


def test_several_keys_of_one_topic_add_up() -> None:
    legend = parse_legend({"lake": [1], "river": [2], "nodata": [0]}, "inline")
    assert legend.topics == ("water",)
    assert legend.mask(np.array([[0, 1, 2, 3]]), "water").tolist() == [[False, True, True, False]]
    nodata = legend.nodata(np.array([[0, 1]]))
    assert nodata is not None
    assert nodata.tolist() == [[True, False]]


def test_nodata_may_be_written_in_several_ways_and_all_of_it_counts() -> None:
    legend = parse_legend({"water": [5], "NoData": [0], "no data": [255], "No-Data": ["#000000"]}, "inline")
    assert legend.topics == ("water",)
    nodata = legend.nodata(np.array([[0, 5, 255]]))
    assert nodata is not None
    assert nodata.tolist() == [[True, False, True]]
    assert legend.nodata_colours == (0,)


def test_a_legend_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    file = tmp_path / "legend.json"
    file.write_bytes(b"\xef\xbb\xbf" + b'{"water": [5]}')
    assert load_legend(file).values == {"water": (5,)}


@pytest.mark.parametrize(
    ("content", "needle"),
    [
        ([], "must map topics"),
        ({}, "must map topics"),
        ({"nodata": [0]}, "names no topic"),
        ({"water": ["blue"]}, "whole numbers"),
        ({"water": [1.5]}, "whole numbers"),
        ({"water": [True]}, "whole numbers"),
        ({"water": [5], "forest": [5]}, "both water and forest"),
        ({"nodata": [0], "water": [0, 5]}, "value 0 to both nodata and water"),
        ({"water": ["#0000FF"], "nodata": ["#0000FF"]}, "colour #0000FF to both water and nodata"),
        ({"wa/ter": [5]}, "plain letters"),
    ],
)
def test_a_legend_that_means_nothing_is_refused(content: object, needle: str) -> None:
    with pytest.raises(LabelError, match=needle):
        parse_legend(content, "mine")


def test_files_that_are_no_legend(tmp_path: Path) -> None:
    broken = tmp_path / "legend.json"
    broken.write_text('{"water": [5]')
    with pytest.raises(LabelError, match="not readable JSON"):
        load_legend(broken)
    with pytest.raises(LabelError, match="deepglobe"):
        load_legend(tmp_path / "absent.json")
    broken.write_text("[" * 100_000)
    with pytest.raises(LabelError, match="not readable JSON"):
        load_legend(broken)


def test_a_legend_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "legend.json"
    kept.write_text('{"water": [5]}')

    def refused(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refused)
    with pytest.raises(LabelError, match=r"cannot be read \(Permission denied\): allow this user"):
        load_legend(kept)


def test_a_key_that_stands_twice_is_refused(tmp_path: Path) -> None:
    twice = tmp_path / "twice.json"
    twice.write_text('{"roof": [1], "water": [3], "roof": [2]}')
    with pytest.raises(LabelError, match="'roof' stands twice"):
        load_legend(twice)


def test_a_word_of_the_users_own_stays_a_topic(tmp_path: Path) -> None:
    file = tmp_path / "legend.json"
    file.write_text(json.dumps({"helipad": [9]}))
    assert load_legend(file).topics == ("helipad",)
