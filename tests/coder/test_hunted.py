"""Combined meanings that were once read wrongly without a word: each kind is read rightly or refused, its neighbours stay.

Wordings were written by a reader of the documentation alone; values are counted with numpy and scipy.
"""

# ruff: noqa: E501  # a wording and its reading stand on one line each

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
from planimeter.coder.rewriter.heard import heard
from planimeter.errors import NotUnderstood, QuestionError
from planimeter.meaning.record import replace
from planimeter.meaning.records import ByPart, Count, Density, Subject, WhichPart
from planimeter.meaning.restrict import lying_in
from planimeter.meaning.validate import validate
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter
from planimeter.vocabulary.topics import TOPICS
from planimeter.vocabulary.units import HECTARE

LEFT = (0.0, 0.0, 0.5, 1.0)

REFUSED = {
    "in which of two places": (
        "Is the largest lake in the left half or in the right half?",
        "does the biggest field lie in the upper half or the lower half",
        "Is the smallest house in the forest or in the grass?",
    ),
    "a place behind a size, or the largest, of what is left out": (
        "number of houses excluding those larger than 100 m² within 50 m of water",
        "number of houses excluding those larger than 100 m² that are within 50 m of water",
        "forest area excluding patches smaller than 1 ha within 100 m of roads",
        "forest without the largest patch within 50 m of water",
    ),
    "a size behind brackets": ("houses near lakes (within 50 m) larger than 1 ha",),
    "than either, than any": (
        "Is there more forest than grass or water?",
        "Is the largest lake bigger than any field?",
    ),
    "two kinds of things joined by those": ("houses within 20 m of water and those larger than 100 m²",),
    "which of the conditions and with or join": (
        "How many fields larger than 2 ha or smaller than 1 ha within 50 m of water?",
        "how many houses are both larger than 100 m² and within 50 m of water, or within 20 m of a road?",
        "how many houses are larger than 100 m² and within 50 m of water or within 20 m of a road?",
        "how many houses are within 50 m of water or within 20 m of a road and larger than 100 m²?",
    ),
    "a size behind the last of two that are held against each other": (
        "ratio of houses to lakes larger than 1 ha",
        "ratio of houses and lakes larger than 1 ha",
        "difference between the number of houses and lakes larger than 1 ha",
    ),
    "a holder or what it holds": (
        "do all fields contain a house, larger than 1 ha?",
        "How many fields with a house that are larger than 1 ha?",
        "fields that contain a lake which are larger than 1 ha",
    ),
    "a share of a part, or of all": (
        "Is the share of forest in the left half higher than the share of water in the right half?",
        "change in share of forest in the left half",
    ),
    "an area per area": (
        "area of forest per m² of building",
        "forest area per hectare of fields",
        "area of water per hectare",
        "area of forest per area of building",
        "number of houses per area of fields",
    ),
    "a condition that nothing takes up": (
        "within 50 m of water, which land cover is largest?",
        "in the left half, what is the dominant land cover?",
        "In the left half, is forest the most common land cover?",
        "ignoring patches smaller than 1 ha, what is the largest land cover?",
    ),
    "limits between which nothing lies": (
        "houses within 20 m of water and more than 50 m from water",
        "forest within 20 m of water and more than 50 m from water",
        "houses 50-100 m² and 100-200 m²",
    ),
    "a place of what is asked for, or of what it is measured to": (
        "average distance of houses to forest in the left half",
        "in the left half, what is the average distance of houses to water?",
    ),
    "what was built, or where it stands": ("How many houses were built within 50 m of water?",),
    "a list and a question about it": (
        "give me the lakes larger than 1 ha. How many are there?",
        "What are the fields touching a road, and how many of them are larger than 1 ha?",
        "lakes and the forest within 50 m of them",
        "area of lakes and forest within 50 m of them",
        "area of forest, area of grass within 50 m of water and number of houses",
    ),
    "panels that are on a building, and a distance": (
        "houses with neither solar panels nor a road within 50 m",
    ),
    "a word that is another with its opposite in front": (
        "How much unforested land is there in the left half?",
        "How much unpaved land is there?",
    ),
    "a denial of a noun": (
        "How much land that is not forest is within 50 m of water?",
        "How much land is neither built-up nor within 50 m of a house?",
        "How much area is not covered by forest within 50 m of water?",
        "How much water-free area?",
        "tree-free hectares within 50 m of houses",
    ),
    "not both": ("How many houses are not within 50 m of both water and a road?",),
    "a quality that is no area": (
        "Which is closer to water, the largest house or the largest field?",
        "Which is more fragmented, forest or grass?",
        "which is denser: forest or grass",
        "is the forest more fragmented than the grass?",
        "Is forest within 50 m of water the most common land cover?",
    ),
    "which one it is, how many there are": (
        "the house closest to water",
        "the house with the largest distance to water",
        "number of houses whose distance to water is below average",
        "houses - forest",
    ),
    "both sides of a limit": (
        "average house size within 50 m of water vs beyond",
        "average size of houses within and beyond 50 m of water",
    ),
    "what a second distance is said of": (
        "number of houses within 50 m of water that is within 20 m of a road",
        "number of houses within 50 m of water within 20 m of a road",
        "houses on fields per field",
    ),
    "a list of each": ("For every house within 50 m of water, what is its area?",),
    "a share of things by number or by area": ("Which quadrant has the largest share of the houses?",),
    "two kinds of things joined by or": (
        "Are there houses within 50 m of water or fields within 50 m of water?",
    ),
    "the largest single one, the land covers": (
        "which kind of land has the largest patch",
        "overview of land cover within 50 m of roads",
    ),
    "a share by area that is said to be of things": (
        "What percentage of the lakes' area has no house within 50 m?",
    ),
    "what is asked for, or what it is near": (
        "How many houses lie within 50 m of a lake that is larger than 1 ha and within 20 m of a road?",
    ),
    "of which the share is": ("% of houses within 50 m of water that are > 100 m2",),
}

READ = {
    "How many houses, ignoring those smaller than 50 m², are within 50 m of water?":
        "The number of buildings within 50 m of water and at least 50 m².",
    "How many houses other than the three largest are within 50 m of water?":
        "The number of buildings other than the 3 largest and within 50 m of water.",
    "apart from the largest forest patch, how many forest patches are within 50 m of houses?":
        "The number of forest regions other than the largest and within 50 m of buildings.",
    "how many forest patches are within 50 m of houses, apart from the largest?":
        "The number of forest regions within 50 m of buildings and other than the largest.",
    "Is there more forest than grass and water combined?":
        "Whether the area of forest is larger than the area of grassland and water.",
    "Is forest or grass larger?": "Which has the largest area: forest, grassland.",
    "How many houses within 50 m of water are larger than 100 m² or smaller than 50 m²?":
        "The number of buildings within 50 m of water and either larger than 100 m² or smaller than 50 m².",
    "How many houses larger than 300 m² or smaller than 50 m² are within 50 m of water?":
        "The number of buildings within 50 m of water and either larger than 300 m² or smaller than 50 m².",
    "How many houses larger than 100 m² are within 50 m of water or within 20 m of a road?":
        "The number of buildings larger than 100 m² and either within 50 m of water or within 20 m of roads.",
    "how many houses are either within 50 m of water or within 20 m of a road, and larger than 100 m²":
        "The number of buildings larger than 100 m² and either within 50 m of water or within 20 m of roads.",
    "How many fields within 50 m of water or forest and larger than 2 ha?":
        "The number of agricultural regions within 50 m of water or forest and larger than 2 ha.",
    "How many houses and fields larger than 1 ha are there?":
        "The number of buildings and agricultural regions, each larger than 1 ha.",
    "ratio of houses larger than 100 m² to fields larger than 1 ha":
        "The ratio of the number of buildings larger than 100 m² to the number of agricultural regions larger than 1 ha.",
    "difference between the number of houses and the number of fields larger than 1 ha":
        "The difference between the number of buildings and the number of agricultural regions larger than 1 ha.",
    "How many houses within 50 m of a forest patch that is larger than 1 ha are within 20 m of a road?":
        "The number of buildings within 50 m of forest regions larger than 1 ha and within 20 m of roads.",
    "How many houses that are larger than 100 m² and within 50 m of water are within 20 m of a road?":
        "The number of buildings larger than 100 m² and within 50 m of water and within 20 m of roads.",
    "do all fields that contain a house touch a road?":
        "Whether all agricultural regions holding any buildings (at least in part) are touching roads.",
    "Do all fields contain a house?":
        "Whether all agricultural regions are holding any buildings (at least in part).",
    "fields with a house that is larger than 100 m²":
        "The number of agricultural regions holding any buildings larger than 100 m² (at least in part).",
    "Is the share of forest that is in the left half higher than 50 %?":
        "Whether the percentage of the area of forest that is overlapping the left half of the image is more than 50%.",
    "forest area per house": "The area of forest divided by the number of buildings, in m² per building.",
    "houses per hectare of fields": "The number of buildings per ha of agricultural land.",
    "forest patches per hectare": "The number of forest regions per ha of the image.",
    "within 50 m of water, which is larger, forest or grass?":
        "Which has the largest area: forest within 50 m of water, grassland within 50 m of water.",
    "houses within 50 m of water and more than 20 m from water":
        "The number of buildings within 50 m of water and more than 20 m from water.",
    "houses larger than 50 m² and smaller than 100 m²":
        "The number of buildings larger than 50 m² and smaller than 100 m².",
    "average distance of houses in the left half to water":
        "The average distance from buildings overlapping the left half of the image to water, in m.",
    "How many houses are built within 50 m of water?": "The number of buildings within 50 m of water.",
    "area of forest and what share of it is within 50 m of water":
        "A table of the area of forest, in ha; the percentage of the area of forest that is within 50 m of water.",
    "Take the forest area. What share of it is within 50 m of water?":
        "The percentage of the area of forest that is within 50 m of water.",
    "forest area: what share is within 50 m of water?":
        "The percentage of the area of forest that is within 50 m of water.",
    "Give me the largest forest patch and how many houses are within 50 m of it":
        "The number of buildings within 50 m of the largest forest region. Only the last of the questions is answered.",
    "percentage of houses larger than 100 m² that are within 50 m of water":
        "The percentage of the buildings larger than 100 m², by number, that are within 50 m of water.",
    "percentage of houses that are larger than 100 m² and within 50 m of water":
        "The percentage of the buildings, by number, that are larger than 100 m² and are within 50 m of water.",
    "what percentage of the left half is forest within 40 m of water":
        "The percentage of the area of the left half of the image that is overlapping forest and is within 40 m of water.",
    "in the left half, is there more forest than water within 50 m of houses?":
        "Whether the area of forest, only the part that is within 50 m of buildings and overlapping the left half of the "
        "image is larger than the area of water, only the part that is within 50 m of buildings and overlapping the left "
        "half of the image.",
    "area(greenery) > 520 m2": "Whether the area of vegetation is more than 520 m².",
    "count(houses > 100 m2) >= 10": "Whether the number of buildings larger than 100 m² is at least 10.",
    "area(forest) > 1 ha and area(water) > 1 ha":
        "A table of whether the area of forest is more than 1 ha; whether the area of water is more than 1 ha.",
    "forest area > 1 ha": "The area of forest regions larger than 1 ha, in ha.",
    "In the left half: number of houses, area of forest":
        "A table of the number of buildings overlapping the left half of the image; the area of forest, only the part that "
        "is overlapping the left half of the image, in ha.",
    "within 50 m of water: number of houses; area of forest":
        "A table of the number of buildings within 50 m of water; the area of forest, only the part that is within 50 m of "
        "water, in ha.",
    "in the upper left quarter: percentage of forest, percentage of water":
        "A table of the percentage of the area of the upper left quarter of the image that is overlapping forest; the "
        "percentage of the area of the upper left quarter of the image that is overlapping water.",
    "how many buidlings are there": 'The number of buildings. "buidlings" was taken for "buildings".',
    "how many houses are within 50 m but not within 20 m of water":
        'Understood as: "the number of buildings within 50 m of water and more than 20 m from water". The number of '
        "buildings within 50 m of water and more than 20 m from water.",
}  # fmt: skip


@pytest.fixture(scope="module")
def coder() -> Coder:
    return find_coder()


@pytest.mark.parametrize("question", [q for kind in REFUSED.values() for q in kind])
def test_what_has_no_one_reading_is_refused(coder: Coder, question: str) -> None:
    with pytest.raises(QuestionError) as caught:
        coder.write(Request(question, TOPICS, 0.5, before=TOPICS))
    assert str(caught.value).strip()


@pytest.mark.parametrize(("question", "reading"), READ.items())
def test_near_neighbours_are_read(coder: Coder, question: str, reading: str) -> None:
    assert coder.write(Request(question, TOPICS, 0.5)).reading == reading


# --- numbers

GSD = 2.0
LEGEND = {"grass": [1], "forest": [3], "water": [4], "roof": [5], "road": [7]}
LABELS = np.ones((120, 120), np.uint8)
# (label, rows, columns)
for _label, _rows, _columns in (
    (3, (5, 60), (10, 110)),
    (3, (90, 115), (40, 60)),
    (4, (62, 80), (70, 110)),
    (4, (100, 110), (90, 100)),
    (7, (84, 87), (0, 120)),
    (5, (64, 68), (40, 44)),
    (5, (82, 84), (80, 90)),
    (5, (96, 99), (84, 88)),
    (5, (112, 116), (100, 104)),
    (5, (2, 5), (100, 108)),
    (5, (70, 73), (20, 27)),
):
    LABELS[slice(*_rows), slice(*_columns)] = _label
FOREST, WATER, ROOF, ROAD = (value == LABELS for value in (3, 4, 5, 7))
LEFT_HALF, UPPER_HALF = (np.zeros(LABELS.shape, bool) for _ in range(2))
LEFT_HALF[:, :60], UPPER_HALF[:60] = True, True
HECTARES = GSD**2 / 1e4


def away(mask: np.ndarray) -> np.ndarray:
    return ndimage.distance_transform_edt(~mask) * GSD


def regions(mask: np.ndarray) -> list[np.ndarray]:
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    return [labels == k + 1 for k in range(count)]


NEAR = FOREST & (away(WATER) <= 30)
HOUSES = regions(ROOF)
BIG = [house for house in HOUSES if house.sum() * GSD**2 > 60]
LAKES = sorted(regions(WATER), key=lambda lake: -lake.sum())


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], planimeter.Answer]:
    folder = tmp_path_factory.mktemp("hunted")
    Image.fromarray(LABELS).save(folder / "labels.png")
    Image.fromarray(np.full((*LABELS.shape, 3), 90, np.uint8)).save(folder / "image.png")
    (folder / "legend.json").write_text(json.dumps(LEGEND))
    scene = open_scene(Path(folder / "image.png"), gsd=GSD)
    maps = LabelSegmenter(folder / "labels.png", folder / "legend.json")
    return lambda question: planimeter.ask(scene, question, segmenter=maps)


@pytest.mark.parametrize(
    ("question", "truth"),
    [
        ("How much of the forest that's within 30 m of water is in the left half?", (NEAR & LEFT_HALF).sum() * HECTARES),
        ("Of the forest within 30 m of water, how much is in the left half?", (NEAR & LEFT_HALF).sum() * HECTARES),
        ("How much of the forest within 30 m of water is within 55 m of a road, in ha?",
         (NEAR & (away(ROAD) <= 55)).sum() * HECTARES),
        ("What percentage of the left half is forest within 30 m of water?", 100 * (NEAR & LEFT_HALF).sum() / LEFT_HALF.sum()),
        ("What share of the forest within 30 m of water is in the left half?", 100 * (NEAR & LEFT_HALF).sum() / NEAR.sum()),
        ("percentage of houses larger than 60 m² that are within 30 m of water",
         100 * sum(away(WATER)[house].min() <= 30 for house in BIG) / len(BIG)),
        ("% of houses > 60 m2 that are within 30 m of water",
         100 * sum(away(WATER)[house].min() <= 30 for house in BIG) / len(BIG)),
        ("apart from the largest lake, how many lakes are within 30 m of houses?",
         sum(away(ROOF)[lake].min() <= 30 for lake in LAKES[1:])),
        ("how many houses are either within 30 m of water or within 10 m of a road, and larger than 60 m²",
         sum(away(WATER)[house].min() <= 30 or away(ROAD)[house].min() <= 10 for house in BIG)),
    ],
)  # fmt: skip
def test_numbers_of_combined_meanings(ask: Callable, question: str, truth: float) -> None:
    assert truth > 0
    assert ask(question).answer == pytest.approx(truth)


def test_shares_of_each_half_are_of_ground_near_something(ask: Callable) -> None:
    rows = ask("How much of each half is forest within 30 m of water?").answer.records()
    (left,) = (row for row in rows if row["part"] == "left half")
    assert left["share"] == pytest.approx(100 * (NEAR & LEFT_HALF).sum() / LEFT_HALF.sum())


def test_the_scene_tells_right_readings_from_wrong_ones() -> None:
    patches = [patch for patch in regions(FOREST) if away(WATER)[patch].min() <= 30]
    whole = np.logical_or.reduce(patches)
    assert (whole & LEFT_HALF).sum() != (NEAR & LEFT_HALF).sum()
    near = [house for house in HOUSES if away(WATER)[house].min() <= 30]
    both = [house for house in near if any(house is big for big in BIG)]
    assert len(both) / len(HOUSES) != len(both) / len(BIG)


def test_forest_near_water_as_ground_is_no_whole_patch() -> None:
    cover = parse("area of forest within 50 m of water").meaning.of  # type: ignore[union-attr]
    inside, *places = lying_in(cover)
    assert inside.reference.where == ()
    assert tuple(places) == cover.where
    assert len(lying_in(replace(cover, regions=True))) == 1


@pytest.mark.parametrize("kind", [ByPart, WhichPart])
def test_a_density_of_other_ground_is_no_density_of_parts(kind: type) -> None:
    half = Subject(("*",), said="left half", frame=LEFT)
    houses = Density(Subject(("roof",), kind="thing", plural=True), HECTARE, over=Subject(("forest",)))
    named = {"most": True} if kind is WhichPart else {}
    with pytest.raises(NotUnderstood, match="per ground of each part"):
        validate(kind(houses, (half, replace(half, frame=(0.5, 0.0, 1.0, 1.0))), **named), TOPICS)
    validate(kind(replace(houses, over=None), (half,), **named), TOPICS)
    validate(kind(Count(houses.of), (half,), **named), TOPICS)


@pytest.mark.parametrize(
    "hostile",
    [
        "area(" * 200,
        "area(forest) > 1" + " 1" * 480,
        "area(forest" + " " * 950 + ") > 1 ha",
        "in " + "the left half " * 70 + ": number of houses, area of forest",
        "in the left half:" + " " * 900 + "x",
        "In the left half: " + "number of houses, " * 55,
        "give me the largest lake " + "and " * 240,
        "within 50 m of the lake " * 42,
        "the house that is " + "closest " * 120,
        "houses within " + "and beyond " * 90,
        "lakes and of " + "them and " * 110,
        "a-free " * 140,
        "vs the " * 140,
        "how many houses" + "\n " * 490,
        "and whether it " * 66,
    ],
)  # fmt: skip
def test_hostile_texts_do_not_hang(hostile: str) -> None:
    start = time.perf_counter()
    with suppress(QuestionError):
        find_coder("builtin").write(Request(hostile[:1000], TOPICS, 0.5))
    heard(hostile[:1000])
    assert time.perf_counter() - start < 20
