"""One thing asked under several conditions, in fewer words: a row for each, against scipy; or a refusal."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress

import cv2
import numpy as np
import pytest
from scipy import ndimage

import planimeter
from planimeter.coder import Request, builtin_coder
from planimeter.coder.grammar.several_shortened import shortened
from planimeter.errors import NotMeasurable, NotUnderstood, QuestionError
from planimeter.raster import Scene, open_scene
from planimeter.vocabulary.topics import COMPOSED, TOPICS

from .conftest import Masks

SIZE = 240  # pixels of 1 m


def _reading(question: str) -> str:
    return builtin_coder().write(Request(question, TOPICS, 0.5, north="up")).reading


_NEAR = "A table of the number of buildings within 20 m of water; the number of buildings "
_WATER_ROAD = f"{_NEAR}within 50 m of roads."
_OR_NOT = f"{_NEAR}more than 20 m from water."
_LARGE = "A table of the number of buildings larger than 100 m²; the number of buildings "
_SMALL = f"{_LARGE}smaller than 100 m²."
_LAKES = '"lakes" was read as all water.'
_LAKE = '"lake" was read as all water.'
_FIELDS = (
    "A table of the number of agricultural regions larger than 1 ha; the number of water regions smaller than 1 ha. "
    + _LAKES
)
_BORDER = "What lies across a border counts in each part of the image that it reaches."
_HALVES = (
    "A table of the number of buildings overlapping the left half of the image; the number of buildings overlapping "
    f"the right half of the image. {_BORDER}"
)
_EXTREMES = (
    "A table of the area of the largest water region, in ha; the area of the smallest water region, in ha. "
)
_THREE = f"{_NEAR}within 50 m of water; the number of buildings within 100 m of water."

ALIKE: dict[str, list[str]] = {
    _WATER_ROAD: [
        "How many houses within 20 m of water and how many within 50 m of a road?",
        "How many houses are within 20 m of water and how many are within 50 m of a road?",
        "how many houses are within 20 m of water, and how many within 50 m of a road?",
        "Number of houses within 20 m of water and number within 50 m of a road",
        "how many buildings lie within 20 m of water, how many lie within 50 m of a road?",
        "Please tell me how many houses are within 20 m of water and how many are within 50 m of a road.",
        "How many houses are there within 20 m of water, and how many are there within 50 m of a road?",
        "How many houses are within 20 m of water? And how many within 50 m of a road?",
    ],
    _OR_NOT: [
        "How many houses are within 20 m of water, and how many are not?",
        "how many houses are within 20 m of water and how many aren't?",
        "How many houses within 20 m of water, and how many not?",
        "how many houses are within 20 m of water? How many are not?",
        "how many buildings lie within 20 m of water and how many do not?",
        "how many houses are within 20 m of water and how many are not within 20 m of water?",
        "how many houses are within 20 m of water and how many are farther away?",
    ],
    _SMALL: [
        "How many houses are larger than 100 m² and how many are smaller?",
        "How many houses larger than 100 m² and how many smaller?",
        "how many houses are over 100 m², and how many are smaller?",
        "how many buildings are bigger than 100 m², how many are smaller than that?",
        "How many houses are larger than 100 m² and how many are smaller than 100 m²?",
        "Can you tell me how many houses are larger than 100 m² and how many are smaller?",
    ],
    _FIELDS: [
        "How many fields larger than 1 ha and lakes smaller than 1 ha are there?",
        "number of fields larger than 1 ha and lakes smaller than 1 ha",
        "count the fields larger than 1 ha and the lakes smaller than 1 ha",
        "How many fields over 1 ha and lakes under 1 ha are there in the image?",
        "what is the number of fields over 1 ha and lakes under 1 ha?",
        "How many fields larger than 1 ha and how many lakes smaller than 1 ha are there?",
    ],
    _HALVES: [
        "How many houses are in the left half and how many in the right half?",
        "how many houses are in the left half and how many are in the right half?",
        "how many buildings lie in the left half, and how many lie in the right half?",
        "number of houses in the left half and number in the right half",
        "how many houses are there in the left half and how many are there in the right half?",
    ],
    _EXTREMES + _LAKE: [
        "How large are the largest and the smallest lake?",
        "largest and smallest lake",
        "What is the area of the largest and smallest lake?",
        "What is the area of the biggest and of the smallest lake?",
        "how large is the largest lake and how large is the smallest?",
        "How large is the largest lake and how large is the smallest one?",
        "how big are the largest lake and the smallest lake?",
        "both the largest and the smallest lake",
    ],
    _EXTREMES + _LAKES: ["How big are the largest and smallest lakes?"],
    _THREE: [
        "How many houses are within 20, 50 and 100 m of water?",
        "How many houses are there within 20, 50, and 100 m of water?",
        "How many houses are within 20 m, 50 m and 100 m of water?",
        "count the houses within 20, 50 and 100 metres of water",
        "number of buildings within 20, 50 and 100 m of water",
    ],
}


@pytest.mark.parametrize(
    ("question", "reading"), [(question, reading) for reading, all_ in ALIKE.items() for question in all_]
)
def test_what_is_asked_alike_is_read_alike(question: str, reading: str) -> None:
    assert _reading(question) == reading


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        (
            "how many houses within 20 m of water and within 50 m of a road?",
            "The number of buildings within 20 m of water and within 50 m of roads.",
        ),
        (
            "how many houses are larger than 100 m² and smaller than 200 m²?",
            "The number of buildings larger than 100 m² and smaller than 200 m².",
        ),
        (
            "how many houses are larger than 100 m² and how many smaller than 50 m²?",
            f"{_LARGE}smaller than 50 m².",
        ),
        (
            "how many houses are larger than 100 m² and how many are not?",
            f"{_LARGE}at most 100 m².",
        ),
        (
            "how many houses are at least 100 m² and how many are smaller?",
            "A table of the number of buildings at least 100 m²; the number of buildings smaller than 100 m².",
        ),
        (
            "how many houses are within 20 m of water and how many of them are within 50 m of a road?",
            f"{_NEAR}within 20 m of water and within 50 m of roads.",
        ),
        (
            "how many houses larger than 100 m² are within 20 m of water and how many are not?",
            "A table of the number of buildings larger than 100 m² and within 20 m of water; the number of buildings "
            "larger than 100 m² and more than 20 m from water.",
        ),
        ("how many houses are within 20 m of water and how many within 50 m?", f"{_NEAR}within 50 m of water."),
        (
            "how many houses are within 20 m of water and how many are more than 100 m away?",
            f"{_NEAR}more than 100 m from water.",
        ),
        (
            "how many houses are within 20 m of water and how many are not within 50 m of a road?",
            f"{_NEAR}more than 50 m from roads.",
        ),
        (
            "how many houses are not in the left half and how many are?",
            "A table of the number of buildings outside the left half of the image; the number of buildings "
            "overlapping the left half of the image.",
        ),
        (
            "How many fields and lakes smaller than 1 ha are there?",
            "The number of agricultural regions and water regions, each smaller than 1 ha.",
        ),
        (
            "What is the difference between the largest and the smallest lake?",
            "The difference between the largest area of single water regions and the smallest area of single water "
            f"regions, in ha. {_LAKE}",
        ),
        (
            "how many houses are between 20 and 50 m from water?",
            "The number of buildings between 20 m and 50 m from water.",
        ),
        (
            "how many houses over 100 m² are within 20, 50 and 100 m of water?",
            "A table of the number of buildings larger than 100 m² and within 20 m of water; the number of buildings "
            "larger than 100 m² and within 50 m of water; the number of buildings larger than 100 m² and within 100 m "
            "of water.",
        ),
        (
            "largest lake within 50 m of a road and the smallest",
            "A table of the area of the largest water region within 50 m of roads, in ha; the area of the smallest "
            f"water region within 50 m of roads, in ha. {_LAKE}",
        ),
    ],
)  # fmt: skip
def test_what_is_near_it_means_what_it_says(question: str, reading: str) -> None:
    assert _reading(question) == reading


@pytest.mark.parametrize(
    "question",
    [
        # of all of them, or of those before
        "how many houses are within 20 m of water and how many are larger than 100 m²?",
        "how many houses are larger than 100 m² and how many are within 20 m of water?",
        "how many houses are within 20 m of water and how many are in the left half?",
        "how many houses are in the left half and how many are in the forest?",
    ],
)
def test_conditions_of_two_kinds_may_be_one_in_another(question: str) -> None:
    with pytest.raises(NotUnderstood, match="asked of all houses, or of those before"):
        _reading(question)


@pytest.mark.parametrize(
    "question",
    [
        "how many houses are within 20 and 50 m of water?",
        "how many houses are within 20 m and 50 m of water?",
        "how many houses are larger than 50 and 100 m²?",
    ],
)
def test_two_values_may_be_a_range(question: str) -> None:
    with pytest.raises(NotUnderstood, match="one range, or two limits"):
        _reading(question)


@pytest.mark.parametrize(
    "question",
    [
        "how many houses are within 20 m of water and how many are red?",
        "how many houses are larger than 100 m² and how many are red?",
        "how many houses are within 20 m of water and how many lakes?",
        "how many houses are within 20 m of water and how many of those within 50 m of a road?",
        "how many houses are within 20 m of water and how many are also within 50 m of a road?",
        "how many houses are within 50 m of a road and how many are within 20 m of it?",
        "how many houses are within 20 m of water and how many within 50 m of a road and how many are not?",
        "how many houses are within 20 m of water and larger than 100 m² and how many are not?",
        "how many houses are within 20 m of water and how many lakes are not?",
        "how many houses are between 20 and 50 m from water and how many are not?",
        "how many houses are entirely in the forest and how many are not?",
        "how many houses are within 20 m of water and how many are?",
        "how many houses and lakes are within 50 m of a road and how many within 20 m of forest?",
        "how many houses are larger than 100 m² and how many are larger?",
        "how many houses are larger than 100 m² and how many are closer?",
        "how many houses are between 50 and 100 m² and how many are smaller?",
        "how many houses are larger than 100 m² or how many are smaller?",
        "how many houses are larger than 100 m² and how many hectares are smaller?",
        "how many houses are larger than 100 m² and what percentage are smaller?",
        "how many houses are larger than 200 m², how many are between 100 and 200 m² and how many are smaller?",
        "how many fields larger than 1 ha and lakes are there?",
        "how many fields larger than 1 ha and lakes within 50 m of a road are there?",
        "how many fields larger than 1 ha and lakes smaller than 1 ha are there in total?",
        "how many fields larger than 1 ha and lakes smaller than 1 ha are within 50 m of a road?",
        "how many fields larger than 1 ha or lakes smaller than 1 ha are there?",
        "how many houses per hectare are in the left half and how many in the right half?",
        "how large is the largest lake and the house?",
        "how large are the largest and smallest lake and house?",
        "how large are the largest and smallest lake and the forest?",
        "how large are the largest lake and the smallest lake within 50 m of a road?",
        "how far apart are the largest and the smallest lake?",
        "how large are the 3 largest and 3 smallest lakes?",
        "what is the total area of the largest and smallest lake?",
        "how many houses are within 50 m of the largest and the smallest lake?",
        "how large are the largest and the largest lake?",
        "how many houses are within 20, 50 or 100 m of water?",
        "how many houses are within 20 m, 50 ft and 100 m of water?",
        "how many houses are within 20, 20 and 50 m of water?",
        "how many houses are within 20, 50 and 100 m of water and a road?",
        "how many houses are within 20, 50 and 100 m of water, and how many are not?",
        "how many houses are within 10, 20, 30, 40, 50, 60 and 70 m of water?",
        "how many more houses are there near water than before?",
    ],
)
def test_what_is_open_or_half_read_is_refused(question: str) -> None:
    with pytest.raises(NotUnderstood):
        _reading(question)


# --- numbers


def _painted() -> tuple[dict[str, np.ndarray], np.ndarray]:
    masks = {topic: np.zeros((SIZE, SIZE), dtype=bool) for topic in TOPICS}
    masks["water"][:, 100:110] = True
    masks["water"][200:230, 10:60] = True
    masks["water"][20:24, 220:225] = True
    masks["road"][150:154, :] = True
    masks["agric"][165:239, 120:239] = True
    masks["agric"][5:25, 5:40] = True
    for top, left, height, width in (
        (40, 20, 10, 10),  # of just 100 m²
        (60, 85, 12, 10),
        (80, 114, 9, 9),  # across the middle
        (110, 130, 20, 15),  # 21 m from water
        (137, 200, 5, 5),
        (120, 10, 11, 10),
        (156, 70, 8, 8),
        (185, 165, 8, 12),
        (20, 60, 6, 6),
        (10, 75, 6, 6),  # at just 20 m from water
    ):
        masks["roof"][top : top + height, left : left + width] = True
    for topic, parts in COMPOSED.items():
        masks[topic] = np.logical_or.reduce([masks[part] for part in parts])
    return masks, np.ones((SIZE, SIZE), dtype=bool)


class _Seen:
    """What is true on the painted ground, by scipy alone."""

    def __init__(self, masks: dict[str, np.ndarray]) -> None:
        self.masks = masks

    def regions(self, topic: str) -> list[np.ndarray]:
        labels, count = ndimage.label(self.masks[topic], np.ones((3, 3)))
        return [labels == number for number in range(1, count + 1)]

    def far(self, topic: str, to: str) -> list[float]:
        away = ndimage.distance_transform_edt(~self.masks[to])
        return [float(away[region].min()) for region in self.regions(topic)]

    def sizes(self, topic: str) -> list[int]:
        return [int(region.sum()) for region in self.regions(topic)]

    def reaching(self, topic: str, columns: slice) -> int:
        return sum(bool(region[:, columns].any()) for region in self.regions(topic))


def _how_many(values: list[float] | list[int], holds: Callable[[float], bool]) -> int:
    return sum(holds(value) for value in values)


VALUES: dict[str, Callable[[_Seen], list[float]]] = {
    "How many houses within 20 m of water and how many within 50 m of a road?": lambda seen: [
        _how_many(seen.far("roof", "water"), lambda away: away <= 20),
        _how_many(seen.far("roof", "road"), lambda away: away <= 50),
    ],
    "How many houses are within 20 m of water, and how many are not?": lambda seen: [
        _how_many(seen.far("roof", "water"), lambda away: away <= 20),
        _how_many(seen.far("roof", "water"), lambda away: away > 20),
    ],
    "How many houses are larger than 100 m² and how many are smaller?": lambda seen: [
        _how_many(seen.sizes("roof"), lambda size: size > 100),
        _how_many(seen.sizes("roof"), lambda size: size < 100),
    ],
    "How many houses are larger than 100 m² and how many are not?": lambda seen: [
        _how_many(seen.sizes("roof"), lambda size: size > 100),
        _how_many(seen.sizes("roof"), lambda size: size <= 100),
    ],
    "How many fields larger than 0.5 ha and lakes smaller than 0.2 ha are there?": lambda seen: [
        _how_many(seen.sizes("agric"), lambda size: size > 5000),
        _how_many(seen.sizes("water"), lambda size: size < 2000),
    ],
    "How many houses are in the left half and how many in the right half?": lambda seen: [
        seen.reaching("roof", slice(0, 120)),
        seen.reaching("roof", slice(120, 240)),
    ],
    "How large are the largest and the smallest lake in m²?": lambda seen: [
        max(seen.sizes("water")),
        min(seen.sizes("water")),
    ],
    "How many houses are within 10, 50 and 100 m of water?": lambda seen: [
        _how_many(seen.far("roof", "water"), lambda away, most=most: away <= most) for most in (10, 50, 100)
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> tuple[Scene, Masks, _Seen]:
    masks, valid = _painted()
    path = tmp_path_factory.mktemp("painted") / "image.png"
    cv2.imwrite(str(path), np.full((SIZE, SIZE, 3), 90, dtype=np.uint8))
    return open_scene(path, gsd=1.0), Masks(masks, valid), _Seen(masks)


@pytest.mark.parametrize("question", VALUES)
def test_each_row_is_what_scipy_finds(ground: tuple[Scene, Masks, _Seen], question: str) -> None:
    scene, segmenter, seen = ground
    answer = planimeter.ask(scene, question, segmenter=segmenter, coder=builtin_coder())
    rows = answer.answer.records()
    assert [row["value"] for row in rows] == pytest.approx(VALUES[question](seen))
    assert {row["unit"] for row in rows} == {"m²" if "large are" in question else "count"}
    assert len({row["measure"] for row in rows}) == len(rows)


def test_the_painted_ground_tells_readings_apart() -> None:
    seen = _Seen(_painted()[0])
    for truth in VALUES.values():
        values = truth(seen)
        assert len(set(values)) == len(values), values
    # a house across the middle counts in both halves, and one of just 100 m² is neither larger nor smaller
    left, right = VALUES["How many houses are in the left half and how many in the right half?"](seen)
    assert left + right == len(seen.regions("roof")) + 1
    larger, smaller = VALUES["How many houses are larger than 100 m² and how many are smaller?"](seen)
    assert larger + smaller == len(seen.regions("roof")) - 1


def test_more_now_than_before_is_of_two_dates() -> None:
    for question in (
        "how many more houses are there now than before?",
        "how many more houses now than before?",
        "how many fewer houses are there than before?",
    ):
        with pytest.raises(NotMeasurable, match="--before IMAGE"):
            _reading(question)


@pytest.mark.parametrize(
    "head", ["", "how many houses are ", "how large are the largest ", "how many houses within "]
)
@pytest.mark.parametrize(
    "again",
    [
        "how many houses are within 20 m of water and how many ",
        "the largest lake and the largest ",
        "within 20, 20, 20, 20 ",
        "20, 20, ",
        "and how many are not ",
        "fields larger than 1 ha and ",
        "a ",
    ],
)
def test_what_repeats_itself_is_read_or_refused_soon(head: str, again: str) -> None:
    began = time.process_time()
    with suppress(QuestionError):
        shortened((head + again * 400)[:1000], ())
    assert time.process_time() - began < 10
