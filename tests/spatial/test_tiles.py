"""Tiles give what the whole gives: the same runs, regions, areas and distances, element for element."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from planimeter.errors import LimitReached
from planimeter.spatial import Regions, label_regions, region_distances, within_distance
from planimeter.spatial.cell_distance import far_distances
from planimeter.spatial.runs import runs_of
from planimeter.spatial.tiled import near_runs, shape_distances
from planimeter.spatial.tiles import Tiling, join_regions, join_runs, piece_of

SIDES = st.integers(1, 33)
SPACINGS = st.sampled_from([(1.0, 1.0), (0.5, 0.5), (0.1, 0.1), (0.3, 0.7), (2.0, 0.9)])


@st.composite
def masks(draw: st.DrawFn, most: int = 30) -> np.ndarray:
    """Noise, or winding bands that cross every border many times."""
    height, width = draw(st.integers(1, most)), draw(st.integers(1, most))
    if draw(st.booleans()):
        return draw(hnp.arrays(np.bool_, (height, width)))
    y, x = np.mgrid[:height, :width]
    a, b, period = draw(st.integers(-3, 3)), draw(st.integers(-3, 3)), draw(st.integers(2, 9))
    mask = (a * x + b * y + (x * y) // 7) % period < draw(st.integers(1, period))
    return np.asarray(mask & draw(hnp.arrays(np.bool_, (height, width), fill=st.just(True))))


def same(one: Regions, other: Regions) -> None:
    assert one.shape == other.shape
    assert one.runs.start.tolist() == other.runs.start.tolist()
    assert one.runs.stop.tolist() == other.runs.stop.tolist()
    assert one.owner.tolist() == other.owner.tolist()
    assert one.area_pixels.tolist() == other.area_pixels.tolist()
    assert one.bbox.tolist() == other.bbox.tolist()
    assert one.centroid.tolist() == other.centroid.tolist()
    if one.area_m2 is not None and other.area_m2 is not None:
        assert one.area_m2.tolist() == other.area_m2.tolist()


@given(masks(), SIDES, SIDES, st.booleans())
def test_regions_do_not_depend_on_tiles(mask: np.ndarray, height: int, width: int, geographic: bool) -> None:
    area = np.linspace(0.1, 0.2, len(mask)) if geographic else 0.25
    tiling = Tiling(mask.shape, height, width)
    pieces = [piece_of(mask[y0:y1, x0:x1]) for x0, y0, x1, y1 in tiling.boxes()]
    same(join_regions(pieces, tiling, area), label_regions(mask, area))


@given(masks(), SIDES, SIDES)
def test_runs_do_not_depend_on_tiles(mask: np.ndarray, height: int, width: int) -> None:
    tiling = Tiling(mask.shape, height, width)
    joined = join_runs([runs_of(mask[y0:y1, x0:x1]) for x0, y0, x1, y1 in tiling.boxes()], tiling)
    assert joined.start.tolist() == runs_of(mask).start.tolist()
    assert joined.stop.tolist() == runs_of(mask).stop.tolist()


@given(masks(), SIDES, SIDES, SPACINGS, st.sampled_from([0.0, 0.3, 1.0, 1.5, 3.0, 7.1, 100.0]))
def test_within_does_not_depend_on_tiles(
    mask: np.ndarray, height: int, width: int, spacing: tuple[float, float], distance: float
) -> None:
    found = near_runs(runs_of(mask), distance, *spacing, Tiling(mask.shape, height, width))
    truth = runs_of(within_distance(mask, distance, *spacing))
    assert found.start.tolist() == truth.start.tolist()
    assert found.stop.tolist() == truth.stop.tolist()


@st.composite
def far_apart(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Targets and a sparse reference on one grid."""
    height, width = draw(st.integers(1, 60)), draw(st.integers(1, 60))
    reference = np.zeros((height, width), bool)
    targets = np.zeros((height, width), bool)
    boxes = st.tuples(
        st.integers(0, height - 1), st.integers(0, width - 1), st.integers(1, 12), st.integers(1, 12)
    )
    for mask, most in ((reference, 3), (targets, 8)):
        for y, x, h, w in draw(st.lists(boxes, min_size=1, max_size=most)):
            mask[y : y + h, x : x + w] = True
    return targets, reference


@given(far_apart(), SPACINGS, st.integers(1, 9))
def test_far_distances_equal_brute_force(
    scene: tuple[np.ndarray, np.ndarray], spacing: tuple[float, float], cell: int
) -> None:
    targets, reference = scene
    regions = label_regions(targets)
    wanted = np.arange(0, len(regions), 2)
    found = far_distances(regions, wanted, runs_of(reference), *spacing, cell=cell)
    ys, xs = np.nonzero(reference)
    for k, metres in zip(wanted, found, strict=True):
        y, x = np.nonzero(regions.labels == k + 1)
        squares = ((x[:, None] - xs) * spacing[0]) ** 2 + ((y[:, None] - ys) * spacing[1]) ** 2
        assert metres == pytest.approx(np.sqrt(squares.min()), abs=2e-9)
    assert found.tolist() == region_distances(regions, reference, *spacing)[wanted].tolist()


@given(far_apart(), SPACINGS, st.integers(1, 33), st.integers(1, 33), st.integers(0, 9))
def test_nearest_distances_do_not_depend_on_tiles_or_halo(
    scene: tuple[np.ndarray, np.ndarray], spacing: tuple[float, float], height: int, width: int, halo: int
) -> None:
    targets, reference = scene
    regions = label_regions(targets)
    found = shape_distances(regions, runs_of(reference), *spacing, Tiling(targets.shape, height, width), halo)
    assert found.tolist() == region_distances(regions, reference, *spacing).tolist()


def test_nothing_to_be_near_to() -> None:
    mask, nothing = np.ones((9, 9), bool), runs_of(np.zeros((9, 9), bool))
    tiling = Tiling((9, 9), 4, 4)
    assert len(near_runs(nothing, 5.0, 1.0, 1.0, tiling)) == 0
    assert np.isinf(shape_distances(label_regions(mask), nothing, 1.0, 1.0, tiling)).all()


def test_a_halo_that_does_not_fit_says_what_it_needs() -> None:
    mask = np.eye(3000, dtype=bool)
    with pytest.raises(LimitReached, match="raise --max-memory"):
        near_runs(runs_of(mask), 1000.0, 1.0, 1.0, Tiling((3000, 3000), 500, 500, room=6_000_000))
