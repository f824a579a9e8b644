"""Neighbours, orientation and cores of shapes: against brute force over all pairs of pixels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import rasterio
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from scipy import ndimage
from scipy.spatial.distance import cdist

from planimeter.errors import ScaleError
from planimeter.program import api, check_program, run_program
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter
from planimeter.spatial import label_regions
from planimeter.spatial.ellipsoid import Ellipsoid
from planimeter.spatial.features import features_of
from planimeter.spatial.neighbours import neighbour_distances
from planimeter.spatial.orientation import orientations

EIGHT = np.ones((3, 3), int)


def brute_neighbours(masks: list[np.ndarray], dx: float, dy: float) -> list[float]:
    """Shortest distance between pixel centres of each mask and any other."""
    points = [np.argwhere(mask) * [dy, dx] for mask in masks]
    found = []
    for k, own in enumerate(points):
        others = [points[m] for m in range(len(points)) if m != k]
        found.append(min((float(cdist(own, other).min()) for other in others), default=np.inf))
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.02, 0.6), st.sampled_from([(1.0, 1.0), (0.5, 2.0), (3.0, 0.7)]))
def test_neighbours_are_those_of_brute_force(seed: int, density: float, sides: tuple[float, float]) -> None:
    mask = np.random.default_rng(seed).random((17, 23)) < density
    numbers, count = ndimage.label(mask, EIGHT)
    wanted = brute_neighbours([numbers == k for k in range(1, count + 1)], *sides)
    assert neighbour_distances([label_regions(mask)], *sides) == pytest.approx(wanted)


def test_neighbours_in_several_collections() -> None:
    first, second = np.zeros((9, 30), bool), np.zeros((9, 30), bool)
    first[1:3, 1:4], first[5:8, 20:25], second[4, 9:12] = True, True, True
    found = neighbour_distances([label_regions(first), label_regions(second)], 1.0, 1.0)
    parts = [ndimage.label(first, EIGHT)[0] == k for k in (1, 2)]
    assert found == pytest.approx(brute_neighbours([*parts, second], 1.0, 1.0))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_features_may_lie_on_one_another(seed: int) -> None:
    rng = np.random.default_rng(seed)
    corners = rng.integers(0, 24, (7, 2))
    boxes = np.array(
        [
            shapely.box(x, y, x + w, y + h)
            for (x, y), (w, h) in zip(corners, rng.integers(1, 6, (7, 2)), strict=True)
        ]
    )
    ground = Ellipsoid(Affine(0.5, 0, 5e5, 0, -0.5, 5e6), CRS.from_epsg(32633), (30, 30))
    layer = features_of("polygon", boxes, (30, 30), ground)
    masks = [layer.mask([k]) for k in range(len(boxes))]
    assert neighbour_distances([layer], 1.0, 1.0) == pytest.approx(brute_neighbours(masks, 1.0, 1.0))


@pytest.mark.parametrize("angle", [0, 20, 45, 77, 90, 120, 170])
@pytest.mark.parametrize("sides", [(1.0, 1.0), (0.5, 1.0)])
def test_the_longer_axis_of_a_turned_rectangle(angle: float, sides: tuple[float, float]) -> None:
    dx, dy = sides
    y, x = np.mgrid[:200, :400] + 0.5
    east, south = (x - 200) * dx, (y - 100) * dy
    turned = np.radians(angle)  # clockwise from the upper edge
    along = east * np.sin(turned) - south * np.cos(turned)
    across = east * np.cos(turned) + south * np.sin(turned)
    mask = (np.abs(along) < 40) & (np.abs(across) < 12)
    found, longer = orientations(label_regions(mask), dx, dy)
    apart = abs((float(found[0]) - angle + 90) % 180 - 90)
    assert apart < 0.5
    assert float(longer[0]) == pytest.approx(40 / 12, rel=0.03)


@pytest.mark.parametrize(
    "name",
    [
        "calculate_neighbor_distances",
        "calculate_contained_counts",
        "calculate_shape_orientations",
        "find_core_shapes",
    ],
)
def test_the_examples_pass_the_check(name: str) -> None:
    assert check_program(api.functions()[name].example) == []


@pytest.mark.parametrize(
    "lines",
    [
        "calculate_neighbor_distances(s)\nanswer = s[0]['neighbor_meters']",
        "answer = len(find_core_shapes(s, 20.0))",
        "calculate_shape_distances([s[0]], [s[1]])\nanswer = s[0]['distance_meters']",
    ],
)
def test_no_distance_is_measured_on_a_sheared_grid(tmp_path: Path, lines: str) -> None:
    """10 and 14 m are the lengths of its sides, but what lies 3 and 3 pixels away is 30 m away, not 52."""
    sheared = Affine(10, 0, 5e5, 0, -10, 5e6) * Affine(1, 1, 0, 0, 1, 0)
    labels = np.ones((1, 60, 80), np.uint8)
    labels[0, 10, 30] = labels[0, 40, 0] = 5
    for name, values in (("scene", labels.repeat(3, 0) * 20), ("labels", labels)):
        with rasterio.open(
            tmp_path / f"{name}.tif", "w", driver="GTiff", dtype="uint8", count=len(values), height=60, width=80,
            crs="EPSG:32633", transform=sheared,
        ) as file:  # fmt: skip
            file.write(values)
    (tmp_path / "legend.json").write_text('{"water": [5], "forest": [1]}')
    source = LabelSegmenter(tmp_path / "labels.tif", tmp_path / "legend.json")
    text = f"s = segment_image_from_path(IMAGE_PATH, ['water'])['shapes']\n{lines}"
    with pytest.raises(ScaleError, match="sheared"):
        run_program(text, open_scene(tmp_path / "scene.tif"), source)
