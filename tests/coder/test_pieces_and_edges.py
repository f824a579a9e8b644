"""Questions about the sizes of a cover's pieces, edges, shared borders and lists in order: against numpy and scipy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage

import planimeter
from planimeter import LabelSegmenter, open_scene
from planimeter.errors import QuestionError
from planimeter.program import Limits
from planimeter.raster import Scene

GSD = 2.0
WATER, ROOF, FOREST, GRASS, FARM = 1, 2, 3, 4, 5
Maps = tuple[Scene, LabelSegmenter]


def scene_labels() -> np.ndarray:
    labels = np.full((90, 120), GRASS, np.uint8)
    rng = np.random.default_rng(7)
    for cover, count, sizes in (
        (FARM, 7, (8, 26)),
        (FOREST, 9, (4, 24)),
        (WATER, 6, (3, 11)),
        (ROOF, 9, (2, 6)),
    ):
        for _ in range(count):
            h, w = rng.integers(*sizes, 2)
            y, x = rng.integers(0, 90 - 3), rng.integers(0, 120 - 3)
            labels[y : y + h, x : x + w] = cover
    return labels


LABELS = scene_labels()


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Maps:
    folder: Path = tmp_path_factory.mktemp("labels")
    Image.fromarray(np.full((*LABELS.shape, 3), 90, np.uint8)).save(folder / "image.png")
    Image.fromarray(LABELS).save(folder / "labels.png")
    legend = '{"water": [1], "roof": [2], "forest": [3], "grass": [4], "agric": [5]}'
    (folder / "legend.json").write_text(legend)
    return open_scene(folder / "image.png", gsd=GSD), LabelSegmenter(
        folder / "labels.png", folder / "legend.json"
    )


def masks(value: int) -> list[np.ndarray]:
    numbers, count = ndimage.label(value == LABELS, np.ones((3, 3)))
    return [numbers == k for k in range(1, count + 1)]


def sizes(value: int) -> list[float]:
    """Square metres of every region."""
    return [float(own.sum()) * GSD**2 for own in masks(value)]


def away(mask: np.ndarray) -> np.ndarray:
    return ndimage.distance_transform_edt(~mask) * GSD


def share(value: int, over: float) -> float:
    found = sizes(value)
    return 100 * sum(size for size in found if size > over) / sum(found)


def outline(mask: np.ndarray) -> float:
    """Metres of pixel edges round a mask, those at the image's rim included."""
    framed = np.pad(mask, 1)
    return GSD * float((framed[1:] != framed[:-1]).sum() + (framed[:, 1:] != framed[:, :-1]).sum())


def border(one: np.ndarray, other: np.ndarray) -> float:
    """Metres of pixel edges with one mask on one side and the other on the other side."""
    down = (one[1:] & other[:-1]) | (one[:-1] & other[1:])
    across = (one[:, 1:] & other[:, :-1]) | (one[:, :-1] & other[:, 1:])
    return GSD * float(down.sum() + across.sum())


def is_(value: int) -> np.ndarray:
    return value == LABELS


def largest(value: int) -> np.ndarray:
    return max(masks(value), key=lambda mask: mask.sum())


NUMBERS: dict[str, Callable[[], float]] = {
    # --- by the size of the pieces
    "What percentage of farmland is in fields larger than 500 m2?": lambda: share(FARM, 500),
    "What fraction of the farmland belongs to fields bigger than 500 m2?": lambda: share(FARM, 500),
    "What percentage of the forest do patches larger than 400 m2 make up?": lambda: share(FOREST, 400),
    "share of the forest in patches > 400 m²": lambda: share(FOREST, 400),
    "What share of the forest is not in patches larger than 400 m2?": lambda: 100 - share(FOREST, 400),
    "What share of the building area is in buildings over 40 m²?": lambda: share(ROOF, 40),
    "How much of the forest is in patches of at least 400 m2, in m2?": lambda: sum(
        size for size in sizes(FOREST) if size >= 400
    ),
    "How much of the farmland is in fields larger than 500 m2, in percent?": lambda: share(FARM, 500),
    "What proportion of the forest lies in its two largest patches?": lambda: (
        100 * sum(sorted(sizes(FOREST))[-2:]) / sum(sizes(FOREST))
    ),
    "How much of the forest is in its largest patch?": lambda: 100 * max(sizes(FOREST)) / sum(sizes(FOREST)),
    "How much of the forest is in the largest forest patch, in m2?": lambda: max(sizes(FOREST)),
    "What fraction of the forest within 20 m of water is within 20 m of farmland?": lambda: float(
        100
        * (is_(FOREST) & (away(is_(WATER)) <= 20) & (away(is_(FARM)) <= 20)).sum()
        / (is_(FOREST) & (away(is_(WATER)) <= 20)).sum()
    ),
    # --- the size of one, by its unit
    "What's the biggest patch of forest in m2?": lambda: max(sizes(FOREST)),
    "How many m2 is the smallest pond?": lambda: min(sizes(WATER)),
    "largest field in acres": lambda: max(sizes(FARM)) / 4046.8564224,
    "Which is the second largest lake, in hectares?": lambda: sorted(sizes(WATER))[-2] / 1e4,
    # --- edges
    "How long is the forest edge?": lambda: outline(is_(FOREST)),
    "length of the woodland edge in km": lambda: outline(is_(FOREST)) / 1000,
    "total shoreline of the lakes": lambda: outline(is_(WATER)),
    "How many metres of shoreline do the lakes have?": lambda: outline(is_(WATER)),
    "How long is the shore of the largest lake?": lambda: outline(largest(WATER)),
    "length of the boundary between forest and farmland": lambda: border(is_(FOREST), is_(FARM)),
    "How many m of forest edge touch farmland?": lambda: border(is_(FOREST), is_(FARM)),
    "How long is the border of the largest lake with grassland?": lambda: border(largest(WATER), is_(GRASS)),
    "How long a border do water and farmland share?": lambda: border(is_(WATER), is_(FARM)),
    "How long is the border between fields over 500 m2 and forest?": lambda: border(
        np.any([own for own in masks(FARM) if own.sum() * GSD**2 > 500], axis=0), is_(FOREST)
    ),
}


@pytest.mark.parametrize("question", NUMBERS)
def test_the_answer_is_that_of_the_pixels(question: str, maps: Maps) -> None:
    wanted = NUMBERS[question]()
    assert wanted > 0
    for limits in (None, Limits(tile=(32, 32))):
        answer = planimeter.ask(maps[0], question, segmenter=maps[1], limits=limits)
        assert answer.answer == pytest.approx(wanted), answer.program


def test_a_border_is_longer_than_a_limit(maps: Maps) -> None:
    metres = border(is_(FOREST), is_(FARM))
    for limit, word in ((metres - 1, "yes"), (metres + 1, "no")):
        question = f"Is the border between forest and farmland longer than {limit:g} m?"
        assert planimeter.ask(maps[0], question, segmenter=maps[1]).answer == word


ORDERS: dict[str, Callable[[], list[float]]] = {
    "List the lakes, largest first": lambda: sorted(sizes(WATER), reverse=True),
    "list the lakes by size, smallest first": lambda: sorted(sizes(WATER)),
    "list all lakes over 60 m2 by size, descending": lambda: sorted(
        (size for size in sizes(WATER) if size > 60), reverse=True
    ),
    "the three smallest ponds, smallest first": lambda: sorted(sizes(WATER))[:3],
    "the three smallest ponds, largest first": lambda: sorted(sizes(WATER))[:3][::-1],
    "the three largest ponds in ascending order": lambda: sorted(sizes(WATER))[-3:],
    "sort the fields by area": lambda: sorted(sizes(FARM), reverse=True),
    "Order the fields from smallest to largest": lambda: sorted(sizes(FARM)),
}


@pytest.mark.parametrize("question", ORDERS)
def test_a_list_is_in_the_order_asked_for(question: str, maps: Maps) -> None:
    rows = planimeter.ask(maps[0], question, segmenter=maps[1]).answer.records()
    assert [row["area"] * 1e4 for row in rows] == pytest.approx(ORDERS[question]())


@pytest.mark.parametrize(
    ("question", "farthest"),
    [
        ("rank the forest patches by distance to water", False),
        ("List the forest patches by distance to the nearest water, farthest first", True),
        ("forest patches sorted by distance to water in descending order", True),
    ],
)
def test_a_list_is_in_order_of_distance(question: str, farthest: bool, maps: Maps) -> None:
    rows = planimeter.ask(maps[0], question, segmenter=maps[1]).answer.records()
    metres = sorted((float(away(is_(WATER))[own].min()) for own in masks(FOREST)), reverse=farthest)
    assert [row["distance"] for row in rows] == pytest.approx(metres)


#: One word beside: pieces of nothing that was named, edges of a part, borders with oneself, orders that no list has.
NOT_READ = {
    "How many houses are in blocks larger than 1 ha?": "",
    "What share of the houses is in patches larger than 1 ha?": "Pieces of what",
    "How much of the image is in patches over 1 ha?": "Pieces of what",
    "How much of the forest and grassland is in patches over 1 ha?": "Pieces of what",
    "What share of the forest within 20 m of water is in patches over 400 m2?": "or of the part",
    "What percentage of the lakes is in lakes over 60 m2?": "cannot be water regions themselves",
    "How much of the forest is in patches over 1 km?": "",
    "How much of the forest is in small patches?": "",
    "length of the forest edge within 50 m of water": "but not",
    "how long is the edge of the forest within 50 m of water": "Outlines are measured whole",
    "How many hectares of forest edge are there?": "",
    "How wide is the border between forest and farmland?": "",
    "length of the border between forest and vegetation": "no line parts them",
    "length of the boundary between lakes and ponds": "one cover here",
    "length of the border between forest and grassland and farmland": "",
    "What percentage of the forest edge borders farmland?": "",
    "what is the border length of forest and water": "between them, or the outlines of both",
    "Where is the largest lake in hectares?": "no answer in hectares",
    "What is the largest lake in metres?": "no answer in metres",
    "sort the lakes by depth": "in order of size",
    "rank the lakes": "in order of size",
    "list the lakes alphabetically": "in order of size",
    "list the houses with their distance to the water, largest first": "",
    "list the lakes by number of houses": "",
}


@pytest.mark.parametrize("question", NOT_READ)
def test_what_says_something_else_is_refused(question: str, maps: Maps) -> None:
    with pytest.raises(QuestionError, match=NOT_READ[question] or None):
        planimeter.ask(maps[0], question, segmenter=maps[1])
