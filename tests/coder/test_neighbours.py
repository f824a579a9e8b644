"""Questions about neighbours, cores, what surrounds things and how they lie: against numpy and scipy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

import planimeter
from planimeter import LabelSegmenter, open_scene
from planimeter.errors import NotUnderstood, QuestionError
from planimeter.program import Limits
from planimeter.raster import Scene

EIGHT = np.ones((3, 3), int)
GSD = 0.5
WATER, ROOF, FOREST, GRASS = 1, 2, 3, 4


def scene_labels() -> np.ndarray:
    rng = np.random.default_rng(12)
    labels = np.full((130, 170), GRASS, np.uint8)
    labels[10:70, 5:75] = FOREST
    labels[90:125, 100:160] = FOREST
    labels[30:50, 60:110] = WATER
    labels[100:110, 20:50] = WATER
    for _ in range(22):
        h, w = rng.integers(3, 12, 2)
        y, x = rng.integers(0, 118), rng.integers(0, 155)
        labels[y : y + h, x : x + w] = ROOF
    labels[70:74, 120:150] = ROOF  # long, and the largest
    labels[66:78, 120:131] = ROOF
    return labels


LABELS = scene_labels()


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, LabelSegmenter]:
    folder: Path = tmp_path_factory.mktemp("labels")
    Image.fromarray(np.full((*LABELS.shape, 3), 90, np.uint8)).save(folder / "image.png")
    Image.fromarray(LABELS).save(folder / "labels.png")
    (folder / "legend.json").write_text('{"water": [1], "roof": [2], "forest": [3], "grass": [4]}')
    return open_scene(folder / "image.png", gsd=GSD), LabelSegmenter(
        folder / "labels.png", folder / "legend.json"
    )


def masks(value: int) -> list[np.ndarray]:
    numbers, count = ndimage.label(value == LABELS, EIGHT)
    return [numbers == k for k in range(1, count + 1)]


def away(mask: np.ndarray) -> np.ndarray:
    """(H, W) metres to the nearest pixel of a mask."""
    return ndimage.distance_transform_edt(~mask) * GSD


def apart(value: int) -> list[float]:
    parts = masks(value)
    return [
        min(float(away(own)[other].min()) for m, other in enumerate(parts) if m != k)
        for k, own in enumerate(parts)
    ]


def largest(value: int) -> np.ndarray:
    return max(masks(value), key=lambda mask: mask.sum())


def lakes_apart() -> float:
    first, second = sorted(masks(WATER), key=lambda mask: -mask.sum())[:2]
    return float(away(first)[second].min())


def inside(value: int, metres: float) -> np.ndarray:
    return (value == LABELS) & (away(value != LABELS) > metres)


NUMBERS: dict[str, Callable[[], float]] = {
    "average nearest neighbour distance between buildings": lambda: float(np.mean(apart(ROOF))),
    "What is the median distance between neighbouring buildings?": lambda: float(np.median(apart(ROOF))),
    "How far apart are the two largest lakes?": lakes_apart,
    "How many buildings have no other building within 5 m?": lambda: sum(d > 5 for d in apart(ROOF)),
    "How many buildings have another building within 5 m?": lambda: sum(d <= 5 for d in apart(ROOF)),
    "How many houses have no neighbour within 5 m?": lambda: sum(d > 5 for d in apart(ROOF)),
    "How many isolated houses, at least 4 m from any other house, are there?": lambda: sum(
        d >= 4 for d in apart(ROOF)
    ),
    "Houses more than 4 m from any other": lambda: sum(d > 4 for d in apart(ROOF)),
    "How many houses have a neighbor less than 4 m away?": lambda: sum(d < 4 for d in apart(ROOF)),
    "How many houses are within 4 m of another house?": lambda: sum(d <= 4 for d in apart(ROOF)),
    "How many houses whose nearest neighbour is between 3 and 8 m away are there?": lambda: sum(
        3 <= d <= 8 for d in apart(ROOF)
    ),
    "What share of the buildings have another building within 5 m?": lambda: (
        100 * sum(d <= 5 for d in apart(ROOF)) / len(apart(ROOF))
    ),
    # the others are all buildings, not only those of the question
    "How many buildings larger than 20 m2 have no other building within 5 m?": lambda: sum(
        d > 5 and own.sum() * GSD**2 > 20 for d, own in zip(apart(ROOF), masks(ROOF), strict=True)
    ),
    "How many houses within 20 m of water have no neighbour within 5 m?": lambda: sum(
        d > 5 and away(LABELS == WATER)[own].min() <= 20
        for d, own in zip(apart(ROOF), masks(ROOF), strict=True)
    ),
    "How many houses have a neighbour within 5 m but no water within 20 m?": lambda: sum(
        d <= 5 and away(LABELS == WATER)[own].min() > 20
        for d, own in zip(apart(ROOF), masks(ROOF), strict=True)
    ),
    "total area in m2 of the houses without a neighbour within 5 m": lambda: float(
        sum(own.sum() * GSD**2 for d, own in zip(apart(ROOF), masks(ROOF), strict=True) if d > 5)
    ),
    "What percent of the forest is more than 4 m from its edge?": lambda: float(
        100 * inside(FOREST, 4).sum() / (LABELS == FOREST).sum()
    ),
    "How many m2 of forest are within 4 m of the edge?": lambda: float(
        ((LABELS == FOREST) & ~inside(FOREST, 4)).sum() * GSD**2
    ),
    "What is the core area of the forest in m2 with a 6 m edge?": lambda: float(
        inside(FOREST, 6).sum() * GSD**2
    ),
    "How many buildings are entirely within 20 m of water?": lambda: sum(
        bool((away(LABELS == WATER)[own] <= 20).all()) for own in masks(ROOF)
    ),
    "How many buildings are within 20 m of water?": lambda: sum(
        bool((away(LABELS == WATER)[own] <= 20).any()) for own in masks(ROOF)
    ),
    "How many buildings are completely in the left half?": lambda: sum(
        bool((np.nonzero(own)[1] < 85).all()) for own in masks(ROOF)
    ),
    "How many buildings are in the central third?": lambda: sum(
        bool(own[43:87, 57:113].any()) for own in masks(ROOF)
    ),
}


@pytest.mark.parametrize("question", NUMBERS)
def test_the_answer_is_that_of_the_pixels(question: str, asked: tuple[Scene, LabelSegmenter]) -> None:
    scene, maps = asked
    for limits in (None, Limits(tile=(64, 64))):
        answer = planimeter.ask(scene, question, segmenter=maps, limits=limits)
        assert answer.answer == pytest.approx(NUMBERS[question]()), answer.program


def test_what_surrounds_a_lake_is_the_ground_around_it(asked: tuple[Scene, LabelSegmenter]) -> None:
    scene, maps = asked
    lake = largest(WATER)
    ring = (away(lake) <= 8) & ~lake
    answer = planimeter.ask(scene, "What surrounds the largest lake within 8 m?", segmenter=maps)
    found = {row["land cover"]: row for row in answer.answer.records()}
    names = {"buildings": ROOF, "forest": FOREST, "grassland": GRASS, "water": WATER}
    for name, value in names.items():
        wanted = ((value == LABELS) & ring).sum()
        assert found[name]["area"] == pytest.approx(wanted * GSD**2 / 1e4)
        assert found[name]["share"] == pytest.approx(100 * wanted / ring.sum())
    with pytest.raises(NotUnderstood, match="How far around is open"):
        planimeter.ask(scene, "What surrounds the largest lake?", segmenter=maps)
    half = planimeter.ask(scene, "land cover breakdown in the upper half", segmenter=maps).answer.records()
    assert {row["land cover"]: row["area"] for row in half}["forest"] == pytest.approx(
        (LABELS[:65] == FOREST).sum() * GSD**2 / 1e4
    )


def test_how_the_largest_building_lies(asked: tuple[Scene, LabelSegmenter]) -> None:
    scene, maps = asked
    y, x = np.nonzero(largest(ROOF))
    spread = np.cov(np.stack([x, -y]).astype(float), bias=True) + np.eye(2) / 12
    values, vectors = np.linalg.eigh(spread)
    east, north = vectors[:, np.argmax(values)]
    wanted = np.degrees(np.arctan2(east, north)) % 180
    answer = planimeter.ask(scene, "What is the orientation of the largest building?", segmenter=maps)
    assert answer.answer == pytest.approx(wanted)
    assert answer.unit == "°"
    assert any("clockwise from its upper edge" in said for said in answer.warnings)


def test_a_size_behind_a_part_of_the_image_is_that_of_the_things(asked: tuple[Scene, LabelSegmenter]) -> None:
    scene, maps = asked
    answer = planimeter.ask(
        scene, "How many buildings are in the lower half larger than 15 m2?", segmenter=maps
    )
    assert answer.answer == sum(bool(own[65:].any()) and own.sum() * GSD**2 > 15 for own in masks(ROOF))


YES_OR_NO = {
    "Is there a house with no neighbour within 5 m?": lambda: any(d > 5 for d in apart(ROOF)),
    "Do all houses have a neighbour within 5 m?": lambda: all(d <= 5 for d in apart(ROOF)),
    "Is the largest building within 5 m of another building?": lambda: (
        apart(ROOF)[int(np.argmax([own.sum() for own in masks(ROOF)]))] <= 5
    ),
}


@pytest.mark.parametrize("question", YES_OR_NO)
def test_whether_neighbours_are_near(question: str, asked: tuple[Scene, LabelSegmenter]) -> None:
    scene, maps = asked
    answer = planimeter.ask(scene, question, segmenter=maps)
    assert answer.answer == ("yes" if YES_OR_NO[question]() else "no"), answer.program


def test_a_list_of_those_that_stand_alone(asked: tuple[Scene, LabelSegmenter]) -> None:
    scene, maps = asked
    listed = planimeter.ask(scene, "List the houses with no neighbour within 5 m", segmenter=maps).answer
    wanted = [own.sum() * GSD**2 for d, own in zip(apart(ROOF), masks(ROOF), strict=True) if d > 5]
    assert [row["area"] for row in listed.records()] == pytest.approx(sorted(wanted, reverse=True))


#: One word beside a neighbour: no distance, a number of them, another kind, a size of theirs, a place of theirs.
NOT_READ = {
    "How many isolated houses are there?": "not a measure by itself",
    "How many houses are not isolated?": "not a measure by itself",
    "How many detached houses are within 50 m of water?": "not a measure by itself",
    "How many isolated houses are within 30 m of another house?": "not a measure by itself",
    "How many houses have no neighbours?": "needs a distance",
    "How many houses have two neighbours within 30 m?": "how many neighbours each has is not counted",
    "How many houses have a neighbour larger than 50 m2 within 30 m?": "in one of these ways",
    "How many houses have a neighbour within 30 m of water?": "in one of these ways",
    "How many houses have no other house within 30 m of water?": "but not",
    "How many lakes have no other house within 30 m?": "which are none",
    "How many houses larger than 20 m2 are more than 5 m from any other?": "leaves open",
    "How many houses are more than 50 m from each other?": "but not",
    "How many houses are within 30 m of all other houses?": "but not",
    "How many houses and lakes have no neighbour within 30 m?": "one kind",
}


@pytest.mark.parametrize("question", NOT_READ)
def test_what_says_something_else_of_neighbours_is_refused(
    question: str, asked: tuple[Scene, LabelSegmenter]
) -> None:
    scene, maps = asked
    with pytest.raises(QuestionError, match=NOT_READ[question]):
        planimeter.ask(scene, question, segmenter=maps)
