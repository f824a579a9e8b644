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
    from planimeter.segment import TOPICS

    legend = load_legend(name)
    assert legend.topics
    assert set(legend.topics) <= set(TOPICS)


@pytest.mark.parametrize(
    ("dtype", "values"), [(np.uint8, (0, 255)), (np.uint16, (300, 65535)), (np.int32, (-3, 70000))]
)
def test_masks_agree_with_isin(dtype: type, values: tuple[int, ...]) -> None:
    info = np.iinfo(dtype)
    raster = np.random.default_rng(0).integers(max(info.min, -5), min(info.max, 70001), (50, 60), dtype=dtype)
    raster[0, 0], raster[1, 1] = values
    assert np.array_equal(is_any_of(raster, values), np.isin(raster, values))
    assert is_any_of(raster, values)[0, 0]


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


def test_a_word_of_the_users_own_stays_a_topic(tmp_path: Path) -> None:
    file = tmp_path / "legend.json"
    file.write_text(json.dumps({"helipad": [9]}))
    assert load_legend(file).topics == ("helipad",)
