"""Plain questions that join what others ask singly: what reads alike, what one word changes, and the numbers.

Values are computed with numpy and scipy from the painted labels, without a program.
"""

# ruff: noqa: E501  # a reading stands on one line

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

import planimeter
from planimeter.coder import Coder, Request, find_coder
from planimeter.coder.grammar.parse import parse
from planimeter.errors import NotMeasurable, NotUnderstood, QuestionError
from planimeter.meaning.record import replace
from planimeter.meaning.records import Pick, SizeOf
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter
from planimeter.vocabulary.topics import TOPICS

# A reading, and the wordings that have it.
READ = {
    "The number of buildings at most 100 m² and more than 50 m from water.": (
        "How many houses are neither larger than 100 m² nor within 50 m of water?",
        "Number of houses that are neither bigger than 100 m² nor within 50 m of water",
        "houses neither larger than 100 m² nor within 50 m of water",
        "Count the houses that are neither over 100 m² nor within 50 m of water",
        "How many houses are neither larger than 100 m² nor are they within 50 m of water?",
        "How many houses are not larger than 100 m² nor within 50 m of water?",
    ),
    "The number of buildings more than 50 m from water and at most 100 m².": (
        "How many houses are neither within 50 m of water nor larger than 100 m²?",
    ),
    "The number of buildings at most 100 m² and more than 50 m from water and more than 20 m from roads.": (
        "How many houses are neither larger than 100 m² nor within 50 m of water nor within 20 m of a road?",
    ),
    "The number of buildings at most 100 m² and more than 50 m from water and within 20 m of roads.": (
        "How many houses are neither larger than 100 m² nor within 50 m of water but within 20 m of a road?",
    ),
    "The number of buildings at most 100 m² and not touching roads.": (
        "How many houses are neither larger than 100 m² nor touching a road?",
    ),
    "The area of the part of the image that is outside water, in ha.": (
        "What is the area of everything except water?",
        "How large is everything but water?",
        "total area of everything other than water",
        "What is the area of all land except water?",
        "area of the image excluding water",
        "area of everything that is not water",
        "How much land is not water?",
    ),
    "The area of the part of the image that is outside forest or water, in ha.": (
        "total area of everything apart from forest and water",
    ),
    "Where the largest agricultural region not touching roads lies.": (
        "Which is the largest field that doesn't touch a road?",
        "Which is the biggest field that does not touch a road?",
        "What is the largest field not touching a road?",
        "Which one is the largest field not bordering a road?",
        "Where is the largest field that does not touch a road?",
    ),
    "The area of the largest agricultural region not touching roads, in ha.": (
        "area of the largest field that does not touch a road",
        "What is the largest field not touching a road, in hectares?",
    ),
    "Whether the percentage of the area of the left half of the image that is overlapping forest is at least 33.3333%.": (
        "Is at least a third of the left half forest?",
        "Is at least one third of the left half covered by forest?",
        "Is at least a third of the left half covered with forest?",
        "Does forest cover at least a third of the left half?",
        "Does at least a third of the left half consist of forest?",
        "Is at least 1/3 of the left half of the image forest?",
    ),
    "Whether the percentage of the area of the left half of the image that is outside forest is at least 33.3333%.": (
        "Is at least a third of the left half not forest?",
    ),
    "Whether the percentage of the area of the left half of the image that is overlapping forest is more than 50%.": (
        "Is most of the left half forest?",
    ),
    "The percentage of the area of the left half of the image that is outside forest.": (
        "What percentage of the left half is not forest?",
        "What share of the left half is not covered by forest?",
        "How much of the left half is not forest?",
        "What percentage of the left half isn't forest?",
        "What fraction of the left half of the image is not forest?",
    ),
    "The average area of the 3 largest agricultural regions, in ha.": (
        "What is the average size of the three largest fields?",
        "mean area of the 3 biggest fields",
        "How large are the three largest fields on average?",
        "On average, how big are the three largest fields?",
        "What is the average area of the largest three fields?",
    ),
    "The median area of the 3 largest agricultural regions, in ha.": (
        "What is the median size of the three largest fields?",
    ),
    "The area of the 3 largest agricultural regions, in ha.": (
        "What is the total area of the three largest fields?",
    ),
    "The number of buildings larger than the average area of single buildings and within 50 m of water.": (
        "How many houses are larger than average and within 50 m of water?",
        "How many houses are within 50 m of water and larger than average?",
        "Number of houses that are larger than average and within 50 m of water",
        "How many houses are bigger than average and lie within 50 m of water?",
        "Count the houses that are larger than average in size and within 50 m of water",
    ),
    "The number of buildings larger than the average area of single buildings and more than 50 m from water.": (
        "How many houses are bigger than average but not within 50 m of water?",
    ),
    'Whether the number of buildings is larger than 2 times the number of water regions. "lakes" was read as all water.': (
        "Are there more than twice as many houses as lakes?",
        "Are there over twice as many houses as there are lakes?",
        "Does the image have more than twice as many houses as lakes?",
        "Are there more than two times as many houses as lakes?",
        "Is the number of houses more than twice the number of lakes?",
        "Is the number of houses more than double the number of lakes?",
    ),
    'Whether the number of buildings is at least 3 times the number of water regions. "lakes" was read as all water.': (
        "Are there at least three times as many houses as lakes?",
    ),
    'Whether the number of buildings is smaller than 2 times the number of water regions. "lakes" was read as all water.': (
        "Are there fewer than twice as many houses as lakes?",
    ),
    "The area of the largest water region minus the area of the second largest water region, in ha. "
    '"lake" was read as all water.': (
        "How much larger is the largest lake than the second largest?",
        "How much bigger is the largest lake than the next largest?",
        "By how much is the largest lake bigger than the second largest one?",
        "By how much is the largest lake larger than the second largest?",
        "By how much does the largest lake exceed the second largest?",
        "How much larger is the largest lake than the second largest lake?",
    ),
    "The area of the largest agricultural region within 50 m of water minus the area of the second largest "
    "agricultural region within 50 m of water, in ha.": (
        "How much larger is the largest field within 50 m of water than the second largest?",
    ),
}

REFUSED = {
    "whether the last condition is denied too": (
        "How many houses are neither larger than 100 m² nor within 50 m of water and within 20 m of a road?",
        "How many houses are neither larger than 100 m² nor within 50 m of water or within 20 m of a road?",
        "How many houses are neither within 50 m of water nor larger than 100 m² and within 20 m of a road?",
        "How many houses are neither larger than 100 m² or within 50 m of water?",
        "How many houses are neither larger than 100 m² and within 50 m of water?",
        "How many houses are neither smaller than 100 m² nor larger than 50 m²?",
    ),
    "what all but a part of a cover is": (
        "What is the area of everything except forest within 50 m of water?",
        "What is the area of everything except water in the left half?",
        "What is the area of everything except lakes larger than 1 ha?",
        "What is the area of everything except the left half?",
        "What is the area of everything except the image?",
        "How many houses are everything except water?",
    ),
    "which of several, or of none": (
        "Which is the field that doesn't touch a road?",
        "Which are the three largest fields that don't touch a road or?",
        "Which is the largest field that doesn't touch?",
    ),
    "of which whole": (
        "Is at least a third of the left half forest within 50 m of water?",
        "Is at least a third of the left half the largest lake?",
        "Is at least a third of the left half forest or?",
        "What percentage of the left half is not forest within 50 m of water?",
        "What percentage of the left half is not the largest lake?",
    ),
    "the average of one, or of how many": (
        "What is the average size of the largest field?",
        "What is the average size of the largest fields?",
        "How large are the largest fields on average?",
        "What is the average size of the third largest field?",
        "What is the average size of the 2.5 largest fields?",
    ),
    "an average is no share of the image": (
        "What is the average size of the three largest fields, in percent?",
        "average size of the three largest fields in percent of the image",
    ),
    "of which the average is": (
        "How many houses within 50 m of water are larger than average?",
        "How many houses are within 50 m of water larger than average?",
        "How many houses are larger than average or within 50 m of water?",
        "How many houses are within 50 m of lakes larger than average?",
        "How many houses are within 50 m of lakes that are larger than average?",
    ),
    "exactly so many, or at least": (
        "Are there twice as many houses as lakes?",
        "Are there exactly twice as many houses as lakes?",
        "Is the number of houses twice the number of lakes?",
        "Are there more than twice as many houses as forest?",
        "Are there more than twice as many houses?",
        "Are there more than twice as many houses than lakes?",
    ),
    "the second largest of what": (
        "How much larger is the second largest lake than the largest?",
        "How much larger is the largest lake than the second?",
        "How much larger is the lake than the second largest?",
        "How much larger are the two largest lakes than the second largest?",
        "How many houses larger is the largest lake than the second largest?",
    ),
}


@pytest.fixture(scope="module")
def coder() -> Coder:
    return find_coder("builtin")


@pytest.mark.parametrize(("reading", "question"), [(one, q) for one, many in READ.items() for q in many])
def test_wordings_of_one_meaning_read_alike(coder: Coder, reading: str, question: str) -> None:
    assert coder.write(Request(question, TOPICS, 0.5)).reading == reading


@pytest.mark.parametrize("question", [q for kind in REFUSED.values() for q in kind])
def test_what_has_no_one_reading_is_refused(coder: Coder, question: str) -> None:
    with pytest.raises(NotUnderstood):
        coder.write(Request(question, TOPICS, 0.5))


@pytest.mark.parametrize(
    ("question", "reading"),
    [
        ("How many houses are both larger than 100 m² and within 50 m of water?",
         "The number of buildings larger than 100 m² and within 50 m of water."),
        ("How many houses are neither within 50 m of water nor within 20 m of a road?",
         "The number of buildings more than 50 m from water and more than 20 m from roads."),
        ("What is the area of forest except water?", "The area of forest, only the part that is outside water, in ha."),
        ("Which is the largest field that touches a road?", "Where the largest agricultural region touching roads lies."),
        ("Is at least a third of the image forest?",
         "Whether the percentage of the image covered by forest is at least 33.3333%."),
        ("What percentage of the left half is forest?",
         "The percentage of the area of the left half of the image that is overlapping forest."),
        ("What is the average size of the fields?", "The average area of single agricultural regions, in ha."),
        ("How many houses are larger than average?",
         "The number of buildings larger than the average area of single buildings."),
        ("Is there more than twice as much forest as water?",
         "Whether the area of forest is larger than 2 times the area of water."),
        ("Are there more houses than fields?",
         "Whether the number of buildings is larger than the number of agricultural regions."),
        ("How much larger is the largest house than the largest field?",
         "The area of the largest building minus the area of the largest agricultural region, in ha."),
    ],
)  # fmt: skip
def test_near_neighbours_mean_something_else(coder: Coder, question: str, reading: str) -> None:
    assert coder.write(Request(question, TOPICS, 0.5)).reading == reading


# --- numbers

GSD = 2.0
LEGEND = {"grass": [1], "agriculture": [2], "forest": [3], "water": [4], "roof": [5], "road": [7]}
LABELS = np.ones((120, 120), np.uint8)
# (label, rows, columns)
for _label, _rows, _columns in (
    (3, (0, 30), (5, 90)),
    (4, (40, 60), (60, 100)),
    (4, (100, 110), (95, 105)),
    (7, (84, 87), (0, 120)),
    (2, (66, 84), (2, 40)),
    (2, (87, 99), (2, 20)),
    (2, (100, 118), (24, 40)),
    (2, (100, 112), (45, 52)),
    (2, (36, 46), (4, 12)),
    (5, (62, 66), (70, 74)),
    (5, (70, 78), (80, 90)),
    (5, (50, 58), (40, 46)),
    (5, (92, 95), (84, 88)),
    (5, (112, 118), (104, 114)),
    (5, (60, 62), (20, 24)),
    (5, (32, 38), (104, 110)),
    (5, (100, 110), (60, 80)),
):
    LABELS[slice(*_rows), slice(*_columns)] = _label
FIELD, FOREST, WATER, ROOF, ROAD = (value == LABELS for value in (2, 3, 4, 5, 7))
LEFT = np.zeros(LABELS.shape, bool)
LEFT[:, :60] = True
SQUARE = GSD**2
HECTARES = SQUARE / 1e4


def away(mask: np.ndarray) -> np.ndarray:
    return ndimage.distance_transform_edt(~mask) * GSD


def regions(mask: np.ndarray) -> list[np.ndarray]:
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    return [labels == k + 1 for k in range(count)]


def near(region: np.ndarray, mask: np.ndarray, metres: float) -> bool:
    return bool(away(mask)[region].min() <= metres)


def touches(region: np.ndarray, mask: np.ndarray) -> bool:
    return bool((ndimage.binary_dilation(region, np.ones((3, 3))) & mask).any())


HOUSES, LAKES = regions(ROOF), sorted(regions(WATER), key=lambda lake: -lake.sum())
FIELDS = sorted(regions(FIELD), key=lambda field: -field.sum())
AVERAGE = np.mean([house.sum() for house in HOUSES])
FREE = [field.sum() for field in FIELDS if not touches(field, ROAD)]


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], planimeter.Answer]:
    folder = tmp_path_factory.mktemp("plain")
    Image.fromarray(LABELS).save(folder / "labels.png")
    Image.fromarray(np.full((*LABELS.shape, 3), 90, np.uint8)).save(folder / "image.png")
    (folder / "legend.json").write_text(json.dumps(LEGEND))
    scene = open_scene(Path(folder / "image.png"), gsd=GSD)
    maps = LabelSegmenter(folder / "labels.png", folder / "legend.json")
    return lambda question: planimeter.ask(scene, question, segmenter=maps)


@pytest.mark.parametrize(
    ("question", "truth"),
    [
        ("How many houses are neither larger than 100 m² nor within 30 m of water?",
         sum(house.sum() * SQUARE <= 100 and not near(house, WATER, 30) for house in HOUSES)),
        ("How many houses are neither within 30 m of water nor within 15 m of a road nor larger than 200 m²?",
         sum(house.sum() * SQUARE <= 200 and not near(house, WATER, 30) and not near(house, ROAD, 15)
             for house in HOUSES)),
        ("What is the area of everything except water?", (~WATER).sum() * HECTARES),
        ("What is the area of everything except water and forest?", (~WATER & ~FOREST).sum() * HECTARES),
        ("area of the largest field that does not touch a road", max(FREE) * HECTARES),
        ("What percentage of the left half is not forest?", 100 * (LEFT & ~FOREST).sum() / LEFT.sum()),
        ("What is the average size of the three largest fields?",
         np.mean([field.sum() for field in FIELDS[:3]]) * HECTARES),
        ("What is the average size of the two smallest fields?",
         np.mean([field.sum() for field in FIELDS[-2:]]) * HECTARES),
        ("What is the median size of the three largest fields?", FIELDS[1].sum() * HECTARES),
        ("total area of the three largest fields", sum(field.sum() for field in FIELDS[:3]) * HECTARES),
        ("How many houses are larger than average and within 30 m of water?",
         sum(house.sum() > AVERAGE and near(house, WATER, 30) for house in HOUSES)),
        ("How many houses are smaller than average but not within 30 m of water?",
         sum(house.sum() < AVERAGE and not near(house, WATER, 30) for house in HOUSES)),
        ("How much larger is the largest lake than the second largest?",
         (LAKES[0].sum() - LAKES[1].sum()) * HECTARES),
        ("How much larger is the largest field within 30 m of a road than the second largest?",
         float(-np.diff([field.sum() for field in FIELDS if near(field, ROAD, 30)][:2])[0]) * HECTARES),
    ],
)  # fmt: skip
def test_numbers_of_plain_questions(ask: Callable, question: str, truth: float) -> None:
    assert truth > 0
    assert ask(question).answer == pytest.approx(truth)


FOREST_LEFT = (LEFT & FOREST).sum() / LEFT.sum()


@pytest.mark.parametrize(
    ("question", "truth"),
    [
        ("Is at least a fifth of the left half forest?", FOREST_LEFT >= 0.2),
        ("Is at least a third of the left half forest?", FOREST_LEFT >= 1 / 3),
        ("Is at least a third of the left half not forest?", 1 - FOREST_LEFT >= 1 / 3),
        ("Are there more than twice as many houses as lakes?", len(HOUSES) > 2 * len(LAKES)),
        ("Are there at least four times as many houses as lakes?", len(HOUSES) >= 4 * len(LAKES)),
        ("Are there more than four times as many houses as lakes?", len(HOUSES) > 4 * len(LAKES)),
    ],
)
def test_judgements_of_plain_questions(ask: Callable, question: str, truth: bool) -> None:
    assert ask(question).answer == ("yes" if truth else "no")


def test_the_scene_tells_right_readings_from_wrong_ones() -> None:
    small, close = ([test(house) for house in HOUSES] for test in (_small, _close))
    both = sum(one and not two for one, two in zip(small, close, strict=True))
    assert 0 < both < min(sum(small), len(close) - sum(close))
    assert max(FREE) < FIELDS[0].sum()
    # The average of those near water is another one than that of all.
    nearby = [house.sum() for house in HOUSES if _close(house)]
    assert sum(size > np.mean(nearby) for size in nearby) != sum(size > AVERAGE for size in nearby)
    assert 0.2 <= FOREST_LEFT < 1 / 3
    assert 2 * len(LAKES) < len(HOUSES) == 4 * len(LAKES)


def _small(house: np.ndarray) -> bool:
    return bool(house.sum() * SQUARE <= 100)


def _close(house: np.ndarray) -> bool:
    return near(house, WATER, 30)


def test_an_average_of_more_than_there_are_is_refused(ask: Callable) -> None:
    assert len(FIELDS) == 5
    with pytest.raises(NotMeasurable, match="There are only 5 of the 6 largest"):
        ask("What is the average size of the six largest fields?")


def test_the_average_of_the_largest_is_a_statistic_of_a_pick() -> None:
    meaning = parse("average size of the three largest fields").meaning
    assert isinstance(meaning, SizeOf)
    assert (meaning.statistic, meaning.of.pick) == ("mean", Pick(True, 1, 3))
    assert replace(meaning, statistic="median") == parse("median size of the three largest fields").meaning


@pytest.mark.parametrize(
    "hostile",
    [
        "how many houses are neither larger than 100 m² " + "nor within 50 m of water " * 40,
        "neither " * 130,
        "nor larger than average and " * 40,
        "area of everything except " + "water and " * 100,
        "everything except " * 60,
        "are there more than " + "twice as many houses as " * 45,
        "is at least a third of " + "the left half not forest of " * 36,
        "average size of the " + "three largest fields of " * 42,
        "how many houses are larger than average " + "and larger than average " * 42,
        "how much larger is the largest lake than " + "the second largest " * 52,
    ],
)
def test_hostile_texts_do_not_hang(hostile: str) -> None:
    start = time.perf_counter()
    with suppress(QuestionError):
        find_coder("builtin").write(Request(hostile[:1000], TOPICS, 0.5))
    assert time.perf_counter() - start < 20
