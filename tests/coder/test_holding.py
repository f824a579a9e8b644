"""Regions that hold others: by overlap where maps overlap, by what they surround where labels exclude each other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from scipy import ndimage

import planimeter
from planimeter.coder import Request, builtin_coder
from planimeter.errors import QuestionError
from planimeter.segment import LabelSegmenter, StackSegmenter
from planimeter.vocabulary.topics import TOPICS

AGRIC, ROOF, WATER, GRASS = 1, 2, 3, 4
SIZE = 80
EIGHT = np.ones((3, 3), int)


def labels() -> np.ndarray:
    """Fields between strips of grass: with none, one, two and five houses, one at the edge, one in a yard."""
    made = np.full((SIZE, SIZE), GRASS, np.uint8)
    for row in range(3):
        for column in range(3):
            made[2 + 26 * row : 24 + 26 * row, 2 + 26 * column : 24 + 26 * column] = AGRIC
    for y, x in ((8, 8), (6, 34), (12, 40), (60, 6), (60, 12), (66, 6), (66, 12), (70, 18)):
        made[y : y + 3, x : x + 3] = ROOF
    made[5:8, 78:80] = made[30:33, 2:5] = ROOF  # on grass at the border, and at the edge of a field
    made[34:46, 34:46] = GRASS  # a yard in the middle of a field
    made[38:41, 38:41] = ROOF
    made[60:64, 60:64] = WATER
    return made


def write(folder: Path, values: np.ndarray) -> Path:
    common: dict[str, Any] = {
        "driver": "GTiff", "dtype": "uint8", "height": SIZE, "width": SIZE, "count": 1, "crs": "EPSG:32633",
        "transform": rasterio.transform.from_origin(5e5, 5e6, 2, 2),
    }  # fmt: skip
    for name, band in (("scene", np.full_like(values, 90)), ("labels", values)):
        with rasterio.open(folder / f"{name}.tif", "w", **common) as file:
            file.write(band[None])
    return folder / "scene.tif"


@pytest.fixture(scope="module")
def one_map(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """Labels of one map: a house on a field is a hole in it."""
    folder = tmp_path_factory.mktemp("labels")
    image = write(folder, labels())
    legend = {"agric": [AGRIC], "roof": [ROOF], "water": [WATER], "grass": [GRASS], "road": [9]}
    (folder / "legend.json").write_text(json.dumps(legend))
    return image, LabelSegmenter(folder / "labels.tif", folder / "legend.json")


@pytest.fixture(scope="module")
def two_maps(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A map of fields that goes on under the houses, and one of houses."""
    folder = tmp_path_factory.mktemp("maps")
    image = write(folder, labels())
    (folder / "fields.json").write_text(json.dumps({"agric": [AGRIC, ROOF]}))
    (folder / "houses.json").write_text(json.dumps({"roof": [ROOF], "road": [9]}))
    maps = [LabelSegmenter(folder / "labels.tif", folder / f"{name}.json") for name in ("fields", "houses")]
    return image, StackSegmenter(maps)


def held(fields: np.ndarray, houses: np.ndarray, around: bool) -> list[int]:
    """How many houses each field holds."""
    numbers, count = ndimage.label(fields, EIGHT)
    roofs, _ = ndimage.label(houses, EIGHT)
    found = []
    for k in range(1, count + 1):
        field = ndimage.binary_fill_holes(numbers == k) if around else numbers == k
        found.append(len(set(np.unique(roofs[field])) - {0}))
    return found


SURROUNDED = held(labels() == AGRIC, labels() == ROOF, True)
OVERLAPPED = held(np.isin(labels(), (AGRIC, ROOF)), labels() == ROOF, False)


def test_the_scene_tells_the_two_apart() -> None:
    assert sorted(SURROUNDED) == [0, 0, 0, 0, 0, 1, 1, 2, 5]
    # Where fields go on under houses, those on grass are fields themselves, and the yard is none.
    assert sorted(OVERLAPPED) == [0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 5]


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("How many fields contain a building?", lambda n: n >= 1),
        ("number of fields with at least one house in them", lambda n: n >= 1),
        ("Number of fields with at least one house on them", lambda n: n >= 1),
        ("How many fields have buildings on them?", lambda n: n >= 1),
        ("Count the fields that contain houses.", lambda n: n >= 1),
        ("how many fields are there with a house in them?", lambda n: n >= 1),
        ("fields with a house in them", lambda n: n >= 1),
        ("fields with more than 3 buildings", lambda n: n > 3),
        ("How many fields have two or more houses?", lambda n: n >= 2),
        ("How many fields hold exactly two houses?", lambda n: n == 2),
        ("How many fields have at most one house in them?", lambda n: n <= 1),
        ("How many fields have no buildings on them?", lambda n: n == 0),
        ("How many fields are without a house?", lambda n: n == 0),
        ("How many fields do not contain any buildings?", lambda n: n == 0),
        ("How many fields contain neither a house nor a road?", lambda n: n == 0),
        ("How many fields have only one house?", lambda n: n == 1),
        ("fields containing between 1 and 2 houses", lambda n: 1 <= n <= 2),
    ],
)
@pytest.mark.parametrize("maps", ["one_map", "two_maps"])
def test_fields_by_what_they_hold(
    question: str, holds: Any, maps: str, request: pytest.FixtureRequest
) -> None:
    image, source = request.getfixturevalue(maps)
    answer = planimeter.ask(image, question, segmenter=source)
    counts = SURROUNDED if maps == "one_map" else OVERLAPPED
    assert answer.answer == sum(map(holds, counts))
    assert ("as a hole in it" in answer.reading) == (maps == "one_map")


@pytest.mark.parametrize(
    ("question", "share"),
    [
        ("What share of the fields has a building on it?", lambda n: n >= 1),
        ("What percentage of fields contain a house?", lambda n: n >= 1),
        ("What fraction of fields have no houses?", lambda n: n == 0),
    ],
)
def test_the_share_of_fields(question: str, share: Any, one_map: tuple[Path, Any]) -> None:
    answer = planimeter.ask(one_map[0], question, segmenter=one_map[1])
    assert answer.answer == pytest.approx(100 * sum(map(share, SURROUNDED)) / len(SURROUNDED))


def test_other_questions_about_them(one_map: tuple[Path, Any]) -> None:
    def ask(question: str) -> Any:
        return planimeter.ask(one_map[0], question, segmenter=one_map[1]).answer

    numbers, _ = ndimage.label(labels() == AGRIC, EIGHT)
    sizes = np.bincount(numbers.ravel())[1:]
    chosen = np.array(SURROUNDED) >= 1
    assert ask("What is the total area of the fields with a house in them, in m2?") == pytest.approx(
        4 * sizes[chosen].sum()
    )
    assert ask("Is there a field with more than 4 houses?") == "yes"
    assert ask("Is there a field with more than 5 houses?") == "no"
    assert ask("How many fields contain a pond?") == 1
    assert ask("How many fields larger than 0.19 ha contain a house?") == int(
        (chosen & (4 * sizes > 1900)).sum()
    )
    assert ask("How many fields contain a house within 30 m of water?") == 0
    assert ask("How many fields contain a house and a pond?") == 0
    assert ask("How many fields contain a house or a pond?") == chosen.sum() + 1
    assert ask("Do all fields contain a house?") == "no"
    assert ask("Does any field contain 5 houses?") == "yes"
    assert len(ask("List the fields that contain a house.")) == chosen.sum()


def test_an_area_of_interest_cuts_what_surrounds(one_map: tuple[Path, Any]) -> None:
    image, maps = one_map
    answer = planimeter.ask(image, "How many fields contain a house?", segmenter=maps, area="pixels:0,0,9,26")
    assert answer.answer == 0
    assert any("What a region surrounds was seen inside the area" in text for text in answer.warnings)


@pytest.mark.parametrize(
    "question",
    [
        "How many houses contain a field?",
        "How many houses have a garden in them?",
        "How much forest contains a house?",
        "How many fields contain fields?",
        "How many fields contain 2.5 houses?",
        "How many fields contain more than 3 trees?",
        "How many fields contain the largest house?",
        "How many fields have houses on all sides?",
        "How many fields have houses around them?",
        "How many fields have houses on their edge?",
        "How many fields contain mostly houses?",
        "How many fields contain new houses?",
        "How many fields used to contain a house?",
        "How many fields could hold a house?",
        "How many fields contain houses but not all of them?",
        "How many fields contain 10 % houses?",
        "How many fields contain 100 m2 of houses?",
    ],
)
def test_what_stands_beside_it_is_refused(question: str) -> None:
    with pytest.raises(QuestionError):
        builtin_coder().write(Request(question, TOPICS, 0.5))


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("How many fields have a house within 50 m?", "within 50 m of buildings"),
        ("How many houses have solar panels?", "touching solar panels"),
        ("How many fields touch a house?", "touching buildings"),
        ("How many fields with an area of 2 ha or more are there?", "at least 2 ha"),
        ("Does the image contain a house?", "whether there are any buildings"),
        ("How many houses are in fields?", "overlapping agricultural land"),
        ("How many fields have no house within 50 m?", "more than 50 m from buildings"),
    ],
)
def test_what_is_near_it_means_something_else(question: str, reading: str) -> None:
    program = builtin_coder().write(Request(question, TOPICS, 0.5))
    assert reading in program.reading[0].lower() + program.reading[1:]
