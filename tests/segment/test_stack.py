"""Several sources as one: which pixels count, whoever shows a topic, at once and part by part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest

from planimeter import ask
from planimeter.raster import Scene, open_scene
from planimeter.reason.segmenter import ReasonSegmenter
from planimeter.reason.spec import ReasonSpec
from planimeter.segment import LabelSegmenter, Segmenter, StackSegmenter, find_segmenter
from planimeter.segment.base import Abilities, look_at, with_composed
from planimeter.segment.legend import parse_legend

SIDE = 40
UNKNOWN = 9
WATER, ROOF = 1, 2


@pytest.fixture
def values() -> list[np.ndarray]:
    """Two label rasters that each say nothing about other pixels."""
    draw = np.random.default_rng(3)
    made = [draw.integers(1, 4, (SIDE, SIDE), dtype=np.uint8) for _ in range(2)]
    made[0][:, :15] = UNKNOWN
    made[1][25:] = UNKNOWN
    return made


@pytest.fixture
def image(tmp_path: Path) -> Path:
    cv2.imwrite(str(tmp_path / "image.png"), np.full((SIDE, SIDE, 3), 90, np.uint8))
    return tmp_path / "image.png"


@pytest.fixture
def scene(image: Path) -> Scene:
    return open_scene(image)


@pytest.fixture
def sources(tmp_path: Path, values: list[np.ndarray]) -> list[LabelSegmenter]:
    made = []
    for number, (raster, known) in enumerate(
        zip(values, ({"water": [WATER]}, {"water": [WATER], "roof": [ROOF]}), strict=True)
    ):
        cv2.imwrite(str(tmp_path / f"{number}.png"), raster)
        made.append(
            LabelSegmenter(tmp_path / f"{number}.png", parse_legend({**known, "nodata": [UNKNOWN]}, "test"))
        )
    return made


def opinions(segmenter: Segmenter, scene: Scene) -> np.ndarray:
    valid = segmenter.look(scene, ()).valid
    return np.ones((SIDE, SIDE), bool) if valid is None else valid


def check_parts(stack: StackSegmenter, scene: Scene, topics: Sequence[str]) -> None:
    """Parts together are the whole."""
    masks, valid = stack.look(scene, topics).masks, opinions(stack, scene)
    for box in ((0, 0, 40, 40), (0, 0, 20, 30), (10, 20, 40, 40), (16, 2, 30, 24)):
        part = look_at(stack, scene, topics, box)
        cut = slice(box[1], box[3]), slice(box[0], box[2])
        seen = np.ones(valid[cut].shape, bool) if part.valid is None else part.valid
        assert (seen == valid[cut]).all()
        for topic in topics:
            assert (part.masks[topic] == masks[topic][cut]).all()


def test_a_model_alone_says_where_it_has_an_opinion(
    scene: Scene, sources: list[LabelSegmenter], values: list[np.ndarray]
) -> None:
    alone = StackSegmenter([], sources[0])
    assert (opinions(alone, scene) == (values[0] != UNKNOWN)).all()
    check_parts(alone, scene, ["water"])


@pytest.mark.parametrize("topics", [["water"], ["roof"], ["water", "roof"]])
def test_a_pixel_counts_where_maps_and_the_model_behind_them_have_an_opinion(
    scene: Scene, sources: list[LabelSegmenter], values: list[np.ndarray], topics: list[str]
) -> None:
    both = StackSegmenter(sources[:1], sources[1])
    assert (opinions(both, scene) == ((values[0] != UNKNOWN) & (values[1] != UNKNOWN))).all()
    check_parts(both, scene, topics)


def test_a_model_that_no_topic_is_left_for_has_no_say(
    scene: Scene, sources: list[LabelSegmenter], values: list[np.ndarray]
) -> None:
    maps = StackSegmenter(sources[1:], sources[0])
    assert (opinions(maps, scene) == (values[1] != UNKNOWN)).all()
    check_parts(maps, scene, ["water"])


def test_shares_behind_an_open_vocabulary_are_of_the_pixels_that_its_base_knows(
    image: Path, scene: Scene, sources: list[LabelSegmenter], values: list[np.ndarray]
) -> None:
    opened = find_segmenter(ReasonSegmenter(ReasonSpec("vlm:x"), base=sources[0]))
    assert not Abilities.of(opened).parts
    known = values[0] != UNKNOWN
    share = ask(image, "What percentage of the image is water?", segmenter=opened)
    assert share.answer == pytest.approx(100 * (values[0][known] == WATER).mean())


def test_shares_of_a_topic_that_only_the_model_shows_are_of_pixels_it_judged(
    image: Path, sources: list[LabelSegmenter], values: list[np.ndarray]
) -> None:
    both = StackSegmenter(sources[:1], sources[1])
    known = (values[0] != UNKNOWN) & (values[1] != UNKNOWN)
    share = ask(image, "What percentage of the image is buildings?", segmenter=both)
    assert share.answer == pytest.approx(100 * (values[1][known] == ROOF).mean())


def test_forest_and_shrubland_are_vegetation() -> None:
    assert with_composed(("forest", "shrubland")) == ("forest", "shrubland", "vegetation")
    assert "vegetation" not in with_composed(("forest", "water"))
