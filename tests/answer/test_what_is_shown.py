"""What the picture of an answer shows is what the answer was measured from: all of it, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from scipy import ndimage

import planimeter
from planimeter.answer import Answer
from planimeter.answer.overlay import _band, _layers
from planimeter.spatial import Shapes

TOPICS = {"water": 1, "forest": 2, "roof": 3, "grass": 4}
EIGHT = np.ones((3, 3))


def _write(path: Path, values: np.ndarray) -> Path:
    place = {"crs": "EPSG:32633", "transform": from_origin(400_000, 5_200_000, 1, 1)}
    bands = values if values.ndim == 3 else values[None]
    count, height, width = bands.shape
    with rasterio.open(
        path, "w", driver="GTiff", height=height, width=width, count=count, dtype="uint8", **place
    ) as file:
        file.write(bands)
    return path


def _labels() -> np.ndarray:
    """100 x 80 m: a river at the left, woods in the upper and in the lower half, five houses."""
    labels = np.full((80, 100), TOPICS["grass"], np.uint8)
    labels[:, :10] = TOPICS["water"]
    labels[5:20, 60:90] = labels[50:75, 40:60] = TOPICS["forest"]
    for y, x in [(10, 20), (30, 45), (55, 15), (60, 80), (70, 95)]:
        labels[y : y + 4, x : x + 4] = TOPICS["roof"]
    return labels


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    return _write(tmp_path / "image.tif", np.full((3, 80, 100), 90, np.uint8))


def _maps(path: Path) -> planimeter.LabelSegmenter:
    legend = path.with_suffix(".json")
    legend.write_text(str({topic: [value] for topic, value in TOPICS.items()}).replace("'", '"'))
    return planimeter.LabelSegmenter(path, legend)


@pytest.fixture
def maps(tmp_path: Path) -> planimeter.LabelSegmenter:
    return _maps(_write(tmp_path / "labels.tif", _labels()))


def _shown(found: list[tuple[str, Shapes]], topic: str) -> np.ndarray:
    """Pixels that are shown of a topic."""
    masks = [regions.mask() for name, regions in found if name == topic]
    return np.logical_or.reduce(masks) if masks else np.zeros((80, 100), bool)


def _legend(answer: Answer) -> list[str]:
    return [layer.label for layer in _layers(answer, (80, 100))]


@pytest.mark.parametrize(
    "question",
    [
        "compare the forest in the upper and the lower half",
        "what percentage of each half is forest?",
        "which half has more forest?",
        "how much forest is there in each quadrant?",
    ],
)
def test_every_part_of_the_image_shows_its_share(
    scene: Path, maps: planimeter.LabelSegmenter, question: str
) -> None:
    answer = planimeter.ask(scene, question, segmenter=maps)
    forest = _labels() == TOPICS["forest"]
    assert (_shown(answer.run.evidence.counted, "forest") == forest).all()
    # Two woods, once each, though halves overlap and borders may cut.
    assert ndimage.label(forest, EIGHT)[1] == 2
    assert [text for text in _legend(answer) if "forest" in text] in (
        ["2 forest regions measured"],
        ["2 forest regions counted"],
    )
    assert set(_legend(answer)) - {"parts of the image"} == {
        text for text in _legend(answer) if "forest" in text
    }


def test_only_the_parts_that_are_asked_of_are_shown(scene: Path, maps: planimeter.LabelSegmenter) -> None:
    question = "compare the forest in the upper left and the upper right quarter"
    answer = planimeter.ask(scene, question, segmenter=maps)
    upper = (_labels() == TOPICS["forest"]) & (np.arange(80)[:, None] < 40)
    assert (_shown(answer.run.evidence.counted, "forest") == upper).all()


def test_houses_of_each_part_are_shown_once(scene: Path, maps: planimeter.LabelSegmenter) -> None:
    answer = planimeter.ask(scene, "how many houses are there in each half?", segmenter=maps)
    assert "5 buildings measured" in _legend(answer)


def test_each_of_several_things_is_shown(scene: Path, maps: planimeter.LabelSegmenter) -> None:
    question = "How many forest patches are there and how large is the largest?"
    answer = planimeter.ask(scene, question, segmenter=maps)
    assert (_shown(answer.run.evidence.counted, "forest") == (_labels() == TOPICS["forest"])).all()
    assert _legend(answer) == ["2 forest regions measured"]


@pytest.mark.parametrize(
    ("question", "metres"),
    [
        ("How many houses in the upper half are within 20 m of water?", 20),
        ("In the upper half, how many houses are within 20 m of water?", 20),
        ("How many houses are within 60 m of the forest and less than 20 m from water?", 20),
        ("How many houses are less than 60 m from water and within 30 m of forest?", 30),
    ],
)
def test_the_band_lies_around_what_the_distance_is_taken_to(
    scene: Path, maps: planimeter.LabelSegmenter, question: str, metres: float
) -> None:
    answer = planimeter.ask(scene, question, segmenter=maps)
    band = _band(answer, (80, 100))
    assert band is not None
    near = "forest" if metres == 30 else "water"
    distance = ndimage.distance_transform_edt(_labels() != TOPICS[near])
    right = (distance <= metres) & (distance > 0)
    # "Less than" leaves the distance itself out.
    right_below = (distance < metres) & (distance > 0)
    shown = band.cover > 0
    assert (shown == right).all() or (shown == right_below).all()


def test_what_became_of_ground_is_shown_by_what_it_is_now(
    scene: Path, maps: planimeter.LabelSegmenter, tmp_path: Path
) -> None:
    was = _labels()
    was[25:35, 40:70] = TOPICS["forest"]  # cut since, and a house built in it
    image = _write(tmp_path / "before.tif", np.full((3, 80, 100), 90, np.uint8))
    earlier = _maps(_write(tmp_path / "was.tif", was))
    asked = {"segmenter": maps, "before": image, "before_segmenter": earlier}
    forest, now = was == TOPICS["forest"], _labels()
    became = planimeter.ask(scene, "What did the forest become?", **asked).run.evidence
    for topic, value in TOPICS.items():
        assert (_shown(became.counted, topic) == (forest & (now == value))).all(), topic
    assert not became.reference
    changed = planimeter.ask(scene, "What changed?", **asked).run.evidence
    for topic, value in TOPICS.items():
        assert (_shown(changed.counted, topic) == ((was != value) & (now == value))).all(), topic
    assert _shown(changed.counted, "roof").sum() == 16


def test_nothing_is_near_where_no_distance_was_asked_for(
    scene: Path, maps: planimeter.LabelSegmenter
) -> None:
    halves = planimeter.ask(scene, "compare the forest in the upper and the lower half", segmenter=maps)
    assert not halves.run.evidence.near
    distances = planimeter.ask(scene, "What is the average distance from houses to water?", segmenter=maps)
    (near,) = distances.run.evidence.near
    assert (near.mask() == (_labels() == TOPICS["water"])).all()


def test_what_a_program_measured_to_is_shown_though_it_marks_only_what_it_counts(
    scene: Path, maps: planimeter.LabelSegmenter
) -> None:
    program = """
found = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)["shapes"]
houses = [s for s in found if s["class_type"] == "roof"]
calculate_shape_distances(houses, [s for s in found if s["class_type"] == "water"], gsd)
highlight_shapes(houses, role="counted")
answer = min([s["distance_meters"] for s in houses])
"""
    evidence = planimeter.run(program, scene, segmenter=maps).run.evidence
    assert [topic for topic, _ in evidence.reference] == ["water"]
