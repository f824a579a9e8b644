"""Parts of the image in words: its sides, points of the compass, distances from the centre; by brute force."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from affine import Affine
from scipy import ndimage

import planimeter
from planimeter.coder import Request, builtin_coder
from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.raster import open_scene
from planimeter.raster.north import north_of
from planimeter.segment import LabelSegmenter

HEIGHT, WIDTH = 41, 60
TOPICS = ("roof", "water", "forest")
MIDDLE = Affine.translation(500_000, 5_000_000)
UP = Affine.scale(2, -2)
# north → the transform from pixels to a map whose y runs north
TURNED = {
    "up": MIDDLE * UP,
    "down": MIDDLE * Affine.rotation(180) * UP,
    "right": MIDDLE * Affine.rotation(90) * UP,
    "left": MIDDLE * Affine.rotation(-90) * UP,
    "up, somewhat askew": MIDDLE * Affine.rotation(12) * UP,
    # Rows from south to north, as gridded models write them, and the other mirror images.
    "down mirrored": MIDDLE * Affine.scale(2, 2),
    "up mirrored": MIDDLE * Affine.scale(-2, -2),
    "right mirrored": MIDDLE * Affine.rotation(90) * Affine.scale(2, 2),
    "left mirrored": MIDDLE * Affine.rotation(-90) * Affine.scale(2, 2),
}


def write(folder: Path, transform: Affine | None, name: str = "scene") -> tuple[Path, Any, np.ndarray]:
    """A scene with forest and roofs spread unevenly; the image, its labels and them as an array."""
    rng = np.random.default_rng(2)
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    labels = np.where(rng.random((HEIGHT, WIDTH)) < 0.2 + 0.4 * y / HEIGHT + 0.2 * x / WIDTH, 3, 0).astype(
        np.uint8
    )
    for _ in range(25):
        top, left = rng.integers(0, HEIGHT - 3), rng.integers(0, WIDTH - 3)
        labels[top : top + 2, left : left + 3] = 2
    place: dict[str, Any] = {} if transform is None else {"crs": "EPSG:32633", "transform": transform}
    common = {"driver": "GTiff", "dtype": "uint8", "height": HEIGHT, "width": WIDTH, **place}
    files = folder / f"{name}.tif", folder / f"{name}_labels.tif"
    for file, bands in zip(files, (np.full((3, HEIGHT, WIDTH), 90, np.uint8), labels[None]), strict=True):
        with rasterio.open(file, "w", count=len(bands), **common) as opened:
            opened.write(bands)
    (folder / "legend.json").write_text('{"roof": [2], "forest": [3]}')
    return files[0], LabelSegmenter(files[1], folder / "legend.json"), labels


def northwards(transform: Affine) -> tuple[np.ndarray, np.ndarray]:
    """(H, W) y and x on the map, from the middle of the scene."""
    row, column = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    a, b, c, d, e, f = transform[:6]
    east, north = a * column + b * row + c, d * column + e * row + f
    middle = transform * (WIDTH / 2, HEIGHT / 2)
    return north - middle[1], east - middle[0]


@pytest.mark.parametrize("turned", [name for name in TURNED if "askew" not in name])
def test_the_points_of_the_compass_follow_the_map(tmp_path: Path, turned: str) -> None:
    image, maps, labels = write(tmp_path, TURNED[turned])
    north, east = northwards(TURNED[turned])
    assert north_of(open_scene(image)) == turned

    def ask(question: str) -> Any:
        return planimeter.ask(image, question, segmenter=maps).answer

    # A row of pixels whose centres lie on the line belongs to the part that begins there, on the image.
    for side, here in {"northern": north > 1e-6, "southern": north < -1e-6}.items():
        edge = (np.abs(north) <= 1e-6) & (labels == 3)
        found = ask(f"What is the area of forest in the {side} half, in m2?")
        assert round(found / 4) - (here & (labels == 3)).sum() in (0, edge.sum())
    quarter = (north > 1e-6) & (east < -1e-6)
    numbers, _ = ndimage.label(labels == 2, np.ones((3, 3)))
    edge = (np.abs(north) <= 1e-6) | (np.abs(east) <= 1e-6)
    least = set(np.unique(numbers[quarter])) - {0}
    most = set(np.unique(numbers[quarter | edge])) - {0}
    assert len(least) <= ask("How many buildings are in the north-west quarter of the image?") <= len(most)
    third = (north > (HEIGHT if turned.split()[0] in ("up", "down") else WIDTH) / 3) & (labels == 3)
    assert ask("What is the area of forest in the northern third in m2?") == pytest.approx(4 * third.sum())
    more = (labels == 3)[north > 0].sum() > (labels == 3)[north < 0].sum()
    assert ask("Is there more forest in the north than in the south?") == ("yes" if more else "no")


def test_north_that_lies_askew_or_nowhere_is_not_guessed(tmp_path: Path) -> None:
    assert north_of(open_scene(write(tmp_path, TURNED["up, somewhat askew"], "somewhat")[0])) == "up"
    askew = write(tmp_path, MIDDLE * Affine.rotation(40) * UP, "askew")
    plain = write(tmp_path, None, "plain")
    for image, maps, _ in (askew, plain):
        assert north_of(open_scene(image)) is None
        with pytest.raises(NotMeasurable, match="say upper, lower, left or right instead"):
            planimeter.ask(image, "What percentage of the northern half is forest?", segmenter=maps)


def test_distances_from_the_centre(tmp_path: Path) -> None:
    image, maps, labels = write(tmp_path, TURNED["up"])
    row, column = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    # 41 rows have one in the middle; of 60 columns the two beside it are as near.
    apart = 2 * np.hypot(row - 20.5, np.minimum(np.abs(column - 29.5), np.abs(column - 30.5)))
    numbers, _ = ndimage.label(labels == 2, np.ones((3, 3)))
    for metres in (10, 25.5):
        near = apart <= metres
        count = planimeter.ask(
            image, f"How many buildings are within {metres} m of the centre of the image?", segmenter=maps
        )
        assert count.answer == len(set(np.unique(numbers[near])) - {0})
        area = planimeter.ask(
            image,
            f"What is the area of forest within {metres} m of the middle of the image in m2?",
            segmenter=maps,
        )
        assert area.answer == pytest.approx(4 * (near & (labels == 3)).sum())
        # Inside an area of interest that the centre is no part of, too.
        part = planimeter.ask(
            image,
            f"What is the area of forest within {metres} m of the centre of the image in m2?",
            segmenter=maps,
            area="pixels:32,0,60,41",
        )
        assert part.answer == pytest.approx(4 * (near & (labels == 3))[:, 32:].sum())


@pytest.mark.parametrize(
    "question",
    ["How many buildings are in the centre of the image?", "What is the area of forest in the middle?"],
)
def test_the_centre_is_a_point(question: str) -> None:
    with pytest.raises(NotUnderstood, match="say how far from it"):
        builtin_coder().write(Request(question, TOPICS, 0.5, north="up"))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How many buildings are in the northeastern quadrant?", "upper right quarter"),
        ("How much forest is in the western third of the picture?", "left third"),
        ("Are there more buildings in the east than in the west?", "right half"),
        ("What percentage of the right third is forest?", "right third"),
    ],
)
def test_parts_are_read_as_they_lie(question: str, said: str) -> None:
    program = builtin_coder().write(Request(question, TOPICS, 0.5, north="up"))
    assert said in program.reading
