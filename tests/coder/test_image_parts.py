"""Parts of the image held against each other, by brute force: which half, each quadrant, the density of a part."""

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
from planimeter.errors import NotMeasurable, NotUnderstood, QuestionError
from planimeter.segment import LabelSegmenter
from planimeter.vocabulary.topics import TOPICS

from .test_directions import HEIGHT, TURNED, WIDTH, write

HALVES = {
    "upper half": np.s_[: HEIGHT // 2],
    "lower half": np.s_[HEIGHT // 2 :],
    "left half": np.s_[:, : WIDTH // 2],
    "right half": np.s_[:, WIDTH // 2 :],
}
# The row of pixels whose centres lie on the line belongs to the part that begins there.
QUARTERS = {
    f"{down} {across} quarter": (HALVES[f"{down} half"], HALVES[f"{across} half"][1])
    for down in ("upper", "lower")
    for across in ("left", "right")
}


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any, np.ndarray]:
    return write(tmp_path_factory.mktemp("parts"), TURNED["up"])


def count(labels: np.ndarray, part: Any) -> int:
    numbers, _ = ndimage.label(labels == 2, np.ones((3, 3)))
    return len(set(np.unique(numbers[part])) - {0})


def forest(labels: np.ndarray, part: Any) -> int:
    return int((labels[part] == 3).sum())


def best(amounts: dict[str, float], most: bool = True) -> str:
    ordered = sorted(amounts, key=lambda name: amounts[name], reverse=most)
    assert amounts[ordered[0]] != amounts[ordered[1]]
    return ordered[0]


MOST_FOREST = [
    "Which half of the image has more forest?",
    "Which half has the most trees?",
    "In which half is there the most woodland?",
    "Which half of the picture is the most wooded?",
    "Which half contains the largest area of forest?",
    "Name the half of the image with the most forest.",
    "half with most forest",
]


@pytest.mark.parametrize("question", MOST_FOREST)
def test_which_half_looks_at_all_four(question: str, ground: tuple[Path, Any, np.ndarray]) -> None:
    image, maps, labels = ground
    share = {name: forest(labels, part) / labels[part].size for name, part in HALVES.items()}
    area = {name: forest(labels, part) for name, part in HALVES.items()}
    answer = planimeter.ask(image, question, segmenter=maps)
    assert answer.type == "category"
    assert answer.answer == best(share if "wooded" in question else area)


@pytest.mark.parametrize(
    ("question", "most"),
    [
        ("Which quadrant has the most houses?", True),
        ("In which quarter are there the most buildings?", True),
        ("Which quarter of the image contains the largest number of homes?", True),
        ("Which corner has the most buildings?", True),
        ("Show me the quadrant with the highest number of buildings", True),
        ("quadrant with most houses", True),
    ],
)
def test_which_quarter_has_most_houses(
    question: str, most: bool, ground: tuple[Path, Any, np.ndarray]
) -> None:
    image, maps, labels = ground
    numbers, _ = ndimage.label(labels == 2, np.ones((3, 3)))
    amounts = {
        name: len(set(np.unique(numbers[rows][:, columns])) - {0})
        for name, (rows, columns) in QUARTERS.items()
    }
    assert planimeter.ask(image, question, segmenter=maps).answer == best(amounts, most)


@pytest.mark.parametrize(
    "question",
    [
        "Is there more forest in the northern half or the southern half?",
        "Is there more woodland in the north or in the south?",
        "Which has more forest, the north or the south?",
        "Which half has more forest, the northern or the southern one?",
        "Where is there more forest, in the north or the south?",
        "Does the north or the south have more forest?",
        "Which is more forested, the northern or the southern half?",
        "Between the north and the south, which has more forest?",
        "more forest in the north or the south",
    ],
)
def test_two_named_halves_are_answered_by_their_names(
    question: str, ground: tuple[Path, Any, np.ndarray]
) -> None:
    image, maps, labels = ground
    parts = {"northern half": HALVES["upper half"], "southern half": HALVES["lower half"]}
    answer = planimeter.ask(image, question, segmenter=maps)
    assert answer.answer == best({name: forest(labels, part) for name, part in parts.items()})
    assert "the northern half (the upper half)" in answer.reading


def test_south_up(tmp_path: Path) -> None:
    image, maps, labels = write(tmp_path, TURNED["down mirrored"])
    answer = planimeter.ask(image, "Is there more forest in the north or in the south?", segmenter=maps)
    assert forest(labels, HALVES["lower half"]) > forest(labels, HALVES["upper half"])
    assert answer.answer == "northern half"
    east = planimeter.ask(image, "What is the area of forest in the eastern half in m2?", segmenter=maps)
    assert east.answer == pytest.approx(4 * forest(labels, HALVES["right half"]))


@pytest.mark.parametrize(
    "question",
    [
        "How many houses are there in each quadrant?",
        "How many houses in each quadrant",
        "number of buildings by quadrant",
        "Count the houses in each of the four quarters.",
        "Give me the number of buildings per quadrant",
        "houses per quarter",
    ],
)
def test_a_row_for_each_quarter(question: str, ground: tuple[Path, Any, np.ndarray]) -> None:
    image, maps, labels = ground
    answer = planimeter.ask(image, question, segmenter=maps)
    numbers, _ = ndimage.label(labels == 2, np.ones((3, 3)))
    wanted = {
        name: len(set(np.unique(numbers[rows][:, columns])) - {0})
        for name, (rows, columns) in QUARTERS.items()
    }
    assert answer.type == "table"
    assert {row["part"]: row["count"] for row in answer.answer.records()} == wanted


@pytest.mark.parametrize(
    "question",
    [
        "Compare the forest in the upper and lower half",
        "compare forest in the top half and the bottom half",
        "How much forest is there in the upper half and in the lower half?",
        "What is the area of forest in the upper and the lower half, in hectares?",
        "forest area in the top and bottom halves",
    ],
)
def test_two_halves_beside_each_other(question: str, ground: tuple[Path, Any, np.ndarray]) -> None:
    image, maps, labels = ground
    answer = planimeter.ask(image, question, segmenter=maps)
    wanted = [(name, 4e-4 * forest(labels, HALVES[name])) for name in ("upper half", "lower half")]
    assert [column.heading for column in answer.answer.columns] == ["part", "area [ha]"]
    for row, (name, area) in zip(answer.answer.rows, wanted, strict=True):
        assert row == (name, pytest.approx(area))


def test_shares_and_densities_of_each_part(ground: tuple[Path, Any, np.ndarray]) -> None:
    image, maps, labels = ground
    shares = planimeter.ask(image, "What percentage of each half is forest?", segmenter=maps).answer
    wanted = {name: 100 * forest(labels, part) / labels[part].size for name, part in HALVES.items()}
    assert dict(shares.rows) == pytest.approx(wanted)
    dense = planimeter.ask(image, "building density in each half", segmenter=maps).answer
    wanted = {name: count(labels, part) / (4e-4 * labels[part].size) for name, part in HALVES.items()}
    assert dict(dense.rows) == pytest.approx(wanted)
    assert dense.columns[1].unit == "buildings/ha"
    metres = planimeter.ask(image, "forest area in m2 by half", segmenter=maps).answer
    assert dict(metres.rows) == pytest.approx(
        {name: 4 * forest(labels, part) for name, part in HALVES.items()}
    )


@pytest.mark.parametrize(
    "question",
    [
        "What is the building density in the northern half?",
        "building density of the northern half",
        "How many buildings per hectare are there in the north?",
        "How many houses per hectare are in the top half?",
        "density of buildings in the upper half per hectare",
        "number of houses per hectare in the northern half of the image",
        "How many houses does the northern half have per hectare?",
    ],
)
def test_the_density_in_a_part_is_of_its_own_ground(
    question: str, ground: tuple[Path, Any, np.ndarray]
) -> None:
    image, maps, labels = ground
    answer = planimeter.ask(image, question, segmenter=maps)
    part = HALVES["upper half"]
    assert answer.answer == pytest.approx(count(labels, part) / (4e-4 * labels[part].size))
    assert answer.unit == "buildings/ha"


@pytest.mark.parametrize(
    "question",
    [
        "What percentage of the northern half is forest?",
        "How much of the northern half is forest?",
        "How wooded is the north?",
        "How forested is the northern half of the image?",
        "What share of the upper half is covered by forest?",
    ],
)
def test_the_share_of_a_part(question: str, ground: tuple[Path, Any, np.ndarray]) -> None:
    image, maps, labels = ground
    part = HALVES["upper half"]
    answer = planimeter.ask(image, question, segmenter=maps)
    assert answer.answer == pytest.approx(100 * forest(labels, part) / labels[part].size)
    assert answer.unit == "%"


def test_greener_than(ground: tuple[Path, Any, np.ndarray]) -> None:
    image, maps, labels = ground
    shares = {name: forest(labels, part) / labels[part].size for name, part in HALVES.items()}
    asked = "Is the northern half more wooded than the southern half?"
    wanted = "yes" if shares["upper half"] > shares["lower half"] else "no"
    assert planimeter.ask(image, asked, segmenter=maps).answer == wanted
    turned = "Is the northern half less wooded than the southern half?"
    assert planimeter.ask(image, turned, segmenter=maps).answer != wanted


def painted(folder: Path, labels: np.ndarray) -> tuple[Path, LabelSegmenter]:
    """A scene of labels without a scale; 255 is no data."""
    common: dict[str, Any] = {
        "driver": "GTiff",
        "dtype": "uint8",
        "height": len(labels),
        "width": labels.shape[1],
    }
    with rasterio.open(folder / "scene.tif", "w", count=1, nodata=0, **common) as file:
        file.write(np.where(labels == 255, 0, 90).astype(np.uint8)[None])
    with rasterio.open(folder / "labels.tif", "w", count=1, nodata=255, **common) as file:
        file.write(labels.astype(np.uint8)[None])
    (folder / "legend.json").write_text(json.dumps({"roof": [2], "forest": [3], "grass": [4]}))
    return folder / "scene.tif", LabelSegmenter(folder / "labels.tif", folder / "legend.json")


def test_equal_parts_are_named(tmp_path: Path) -> None:
    labels = np.full((20, 20), 4)
    labels[2:5, 2:5] = labels[14:17, 2:5] = 2
    image, maps = painted(tmp_path, labels)
    with pytest.raises(NotMeasurable, match="exactly equal: upper half, lower half with 1 each"):
        planimeter.ask(image, "Which has more houses, the upper or the lower half?", segmenter=maps)
    assert planimeter.ask(image, "Which half has the most houses?", segmenter=maps).answer == "left half"
    assert planimeter.ask(image, "Which half has the fewest houses?", segmenter=maps).answer == "right half"
    with pytest.raises(NotMeasurable, match="exactly equal: upper right quarter, lower right quarter with 0"):
        planimeter.ask(image, "Which quadrant has the fewest houses?", segmenter=maps)


def test_a_part_without_data_has_not_the_least(tmp_path: Path) -> None:
    labels = np.full((20, 20), 3)
    labels[:10, :10], labels[10:, 10:15] = 255, 4
    image, maps = painted(tmp_path, labels)
    with pytest.raises(NotMeasurable, match="no ground with data in the upper left quarter"):
        planimeter.ask(image, "Which quadrant has the least forest?", segmenter=maps)
    with pytest.raises(NotMeasurable, match="no ground with data in the upper left quarter"):
        planimeter.ask(image, "Which quadrant is the most wooded?", segmenter=maps)
    shares = planimeter.ask(image, "What percentage of each quadrant is forest?", segmenter=maps).answer
    assert [row[1] for row in shares.rows] == [None, 100.0, 100.0, 50.0]


def test_a_part_without_data_has_no_density_and_the_others_have_theirs(tmp_path: Path) -> None:
    labels = np.full((20, 20), 4)
    labels[:10, :10], labels[12:14, 12:14], labels[16:18, 2:4] = 255, 2, 2
    image, maps = painted(tmp_path, labels)
    # 100 pixels of 100 m² are a hectare.
    dense = planimeter.ask(image, "building density in each quadrant", segmenter=maps, gsd=10).answer
    assert [row[1] for row in dense.rows] == [None, 0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    "question",
    [
        "Which third of the image has the most forest?",
        "Which part of the image has the most forest?",
        "Which side of the river has more houses?",
        "Which half of the forest has more houses?",
        "Which half of the houses is in the north?",
        "Which half has more forest, the upper left or the lower right quarter?",
        "Which quadrant has the largest lake?",
        "Which quadrant has the most houses in the north?",
        "Which half has more forest than water?",
        "Which half has no houses?",
        "Which half of the image has more forest, and which has more water?",
        "Is there more forest in the north or on the hills?",
        "How many houses are in the corner of the image?",
        "How many houses are north or south of the river?",
        "Is there any forest in the north and in the south?",
        "What is the mean NDVI of the forest in the north and in the south?",
        "How populated is the north?",
        "forest by half in percent",
    ],
)
def test_what_stands_beside_it_is_refused(question: str) -> None:
    with pytest.raises(QuestionError):
        builtin_coder().write(Request(question, TOPICS, 0.5, north="up"))


def test_north_is_not_guessed_for_parts_either() -> None:
    with pytest.raises(NotMeasurable, match="say upper, lower, left or right instead"):
        builtin_coder().write(Request("Is there more forest in the north or the south?", TOPICS, 0.5))
    with pytest.raises(NotUnderstood):
        builtin_coder().write(Request("Which half has more forest, in hectares?", TOPICS, 0.5))


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("Is there more forest in the north than in the south?", "Whether the area of forest"),
        (
            "How many houses are in the upper left quarter or the lower right quarter?",
            "The number of buildings either",
        ),
        ("Which has more forest, the north-east or the south-west quadrant?", "north-eastern quarter"),
        ("How many houses are in the NW quadrant?", "upper left quarter"),
    ],
)
def test_what_is_near_it_means_something_else(question: str, reading: str) -> None:
    assert reading in builtin_coder().write(Request(question, TOPICS, 0.5, north="up")).reading


def test_a_place_said_once_is_meant_for_both(ground: tuple[Path, Any, np.ndarray]) -> None:
    image, maps, labels = ground
    part = labels[HALVES["upper half"]]
    wooded, built = (part == 3).sum(), (part == 2).sum()

    def ask(question: str) -> Any:
        return planimeter.ask(image, question, segmenter=maps).answer

    assert ask("Is there more forest than buildings in the northern half?") == (
        "yes" if wooded > built else "no"
    )
    asked = "What is the ratio of the area of forest to the area of buildings in the northern half?"
    assert ask(asked) == pytest.approx(wooded / built)
    rows = ask("Compare the areas of forest and buildings in the upper half").rows
    assert {row[0]: row[2] for row in rows} == pytest.approx(
        {"forest": 100 * wooded / part.size, "buildings": 100 * built / part.size}
    )


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("Is the forest larger than the water in the northern half?", "begin with it"),
        ("Is there more forest in the image than water in the north?", "begin with it"),
        ("Is there more forest in the north than water?", "begin with it"),
        (
            "What is the percentage of forest in the northern half?",
            "Is that of the northern half, or of all forest",
        ),
        ("percent water in the upper left quarter", "Is that of the upper left quarter, or of all water"),
        ("mean NDVI of the forest in the north and in the south", "Nothing lies in the northern half and"),
    ],
)
def test_where_a_place_belongs_is_not_guessed(question: str, says: str) -> None:
    with pytest.raises(NotUnderstood, match=says):
        builtin_coder().write(Request(question, TOPICS, 0.5, north="up"))


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        (
            "What percentage of the forest is in the northern half?",
            "The percentage of the area of forest that",
        ),
        (
            "What percentage of the image is forest in the northern half?",
            "The percentage of the image covered by forest",
        ),
        ("Is there more forest in the north than water in the south?", "overlapping the lower half"),
        (
            "In the northern half, is the forest larger than the water?",
            "forest, only the part that is overlapping the upper",
        ),
        ("Which quadrant has the largest share of the forest?", "the largest area of forest"),
        ("Which half has the highest percentage of forest?", "percentage of its ground covered by forest"),
        ("Which half has more houses, ignoring those smaller than 50 m2?", "buildings at least 50 m²"),
    ],
)
def test_what_a_share_or_a_place_belongs_to(question: str, reading: str) -> None:
    assert reading in builtin_coder().write(Request(question, TOPICS, 0.5, north="up")).reading
