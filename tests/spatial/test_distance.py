"""Distances against all pairs of pixels in exact arithmetic."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from planimeter.errors import UsageError
from planimeter.spatial import distance as distance_module
from planimeter.spatial import distance_map, label_regions, nearest, region_distances, within_distance
from planimeter.spatial.runs import runs_of
from planimeter.spatial.tiled import near_runs
from planimeter.spatial.tiles import Tiling

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=10)
MASKS = hnp.arrays(np.bool_, SHAPES)
# Decimal spacings as people write them; their exact values are the decimal ones, not the nearest double.
SPACINGS = st.sampled_from(["0.1", "0.3", "0.25", "0.5", "0.6", "1", "1.7", "10"])


def squares(mask: np.ndarray, dx: str, dy: str) -> list[list[Fraction | None]]:
    """Exact squared distance of every pixel to the topic; None when there is no topic."""
    topic = [(int(y), int(x)) for y, x in np.argwhere(mask)]
    width, height = Fraction(dx), Fraction(dy)
    return [
        [
            min((((x - u) * width) ** 2 + ((y - v) * height) ** 2 for v, u in topic), default=None)
            for x in range(mask.shape[1])
        ]
        for y in range(mask.shape[0])
    ]


@given(MASKS, SPACINGS, SPACINGS, st.data())
def test_within_is_exact_at_every_distance_that_occurs(
    mask: np.ndarray, dx: str, dy: str, data: st.DataObject
) -> None:
    truth = squares(mask, dx, dy)
    occurring = sorted({value for row in truth for value in row if value is not None} | {Fraction(1)})
    square = data.draw(st.sampled_from(occurring))
    expected = [[value is not None and value <= square for value in row] for row in truth]
    found = within_distance(mask, math.sqrt(square), float(dx), float(dy))
    assert found.dtype == np.bool_
    assert found.tolist() == expected


@given(MASKS, SPACINGS, SPACINGS, st.decimals(0, 20, places=1))
def test_within_at_decimal_distances(mask: np.ndarray, dx: str, dy: str, distance: object) -> None:
    limit = Fraction(str(distance)) ** 2
    expected = [[value is not None and value <= limit for value in row] for row in squares(mask, dx, dy)]
    assert within_distance(mask, float(str(distance)), float(dx), float(dy)).tolist() == expected


@pytest.mark.parametrize("gsd", ["0.1", "0.3", "0.5", "0.7", "1.1", "10"])
@pytest.mark.parametrize(("a", "b", "c"), [(3, 4, 5), (5, 12, 13), (8, 15, 17), (0, 3, 3), (20, 21, 29)])
def test_pythagorean_neighbours_count(gsd: str, a: int, b: int, c: int) -> None:
    mask = np.zeros((31, 31), bool)
    mask[0, 0] = True
    inside = within_distance(mask, float(Fraction(gsd) * c), float(gsd), float(gsd))
    assert inside[a, b]
    assert inside[b, a]
    just_below = within_distance(mask, float(Fraction(gsd) * c) * (1 - 1e-6), float(gsd), float(gsd))
    assert not just_below[a, b]
    assert not just_below[b, a]


@pytest.mark.parametrize("gsd", [0.1, 0.3, 0.6])
def test_square_roots_of_whole_numbers_count(gsd: float) -> None:
    mask = np.zeros((20, 20), bool)
    mask[0, 0] = True
    y, x = np.mgrid[:20, :20]
    for k in range(0, 300):
        assert np.array_equal(within_distance(mask, math.sqrt(k) * gsd, gsd, gsd), x * x + y * y <= k)


@pytest.mark.parametrize("reach", [100, 300, 70_000])
def test_every_width_of_counter(reach: int) -> None:
    width = reach + 50
    mask = np.zeros((3, width), bool)
    mask[0, 0] = True
    x = np.arange(width)
    inside = within_distance(mask, reach * 0.5, 0.5, 0.5)
    expected = [x * x + y * y <= reach * reach for y in range(3)]
    assert np.array_equal(inside, expected)
    assert np.array_equal(within_distance(mask.T, reach * 0.5, 0.5, 0.5), inside.T)


def test_bands_of_rows_join(monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.random.default_rng(0).random((60, 40)) < 0.02
    expected = within_distance(mask, 3.3, 0.5, 0.7)
    monkeypatch.setattr(distance_module, "_BAND_ROWS", 7)
    assert np.array_equal(within_distance(mask, 3.3, 0.5, 0.7), expected)


def test_ends_of_the_scale_of_distances() -> None:
    mask = np.zeros((7, 9), bool)
    for distance in (0.0, 5.0, math.inf):
        assert not within_distance(mask, distance, 0.5, 0.5).any()
    mask[3, 4] = True
    assert np.array_equal(within_distance(mask, 0.0, 0.5, 0.5), mask)
    assert np.array_equal(within_distance(mask, 0.49, 0.5, 0.5), mask)
    for distance in (10.0, 1e9, 1e200, math.inf):
        assert within_distance(mask, distance, 0.5, 0.5).all()
    assert within_distance(np.ones((4, 4), bool), 0.0, 1.0, 1.0).all()


def test_inputs_are_not_changed() -> None:
    mask = np.random.default_rng(0).random((30, 30)) < 0.1
    before = mask.copy()
    within_distance(mask, 2.0, 0.5, 0.5)
    distance_map(mask, 0.5, 0.5)
    region_distances(label_regions(mask), mask, 0.5, 0.5)
    assert np.array_equal(mask, before)
    view = np.random.default_rng(1).random((40, 60))[::2, ::3] < 0.1
    assert np.array_equal(within_distance(view, 2.0, 0.5, 0.5), within_distance(view.copy(), 2.0, 0.5, 0.5))


@given(MASKS, SPACINGS, SPACINGS)
def test_distance_map_is_right_to_float32(mask: np.ndarray, dx: str, dy: str) -> None:
    found = distance_map(mask, float(dx), float(dy))
    assert found.dtype == np.float32
    expected = [[math.inf if v is None else math.sqrt(v) for v in row] for row in squares(mask, dx, dy)]
    np.testing.assert_allclose(found, expected, rtol=1e-6)


@given(MASKS, SPACINGS, SPACINGS, st.data())
def test_region_distances_are_the_least_over_pixels(
    mask: np.ndarray, dx: str, dy: str, data: st.DataObject
) -> None:
    other = data.draw(hnp.arrays(np.bool_, mask.shape))
    regions = label_regions(mask)
    truth = squares(other, dx, dy)
    found = region_distances(regions, other, float(dx), float(dy))
    assert found.dtype == np.float64
    for k in range(len(regions)):
        values = [truth[y][x] for y, x in np.argwhere(regions.labels == k + 1)]
        if values[0] is None:
            assert found[k] == math.inf
        else:
            assert found[k] == pytest.approx(math.sqrt(min(v for v in values if v is not None)), abs=1e-9)


@settings(max_examples=10)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(0.3, 0.3), (0.3, 0.31), (1.0, 0.77)]))
def test_far_regions_are_exact(seed: int, spacing: tuple[float, float]) -> None:
    random = np.random.default_rng(seed)
    height, width = random.integers(600, 900), random.integers(1500, 2500)
    far, near = np.zeros((2, height, width), bool)
    far[random.integers(0, height, 40), random.integers(0, width // 4, 40)] = True
    near[random.integers(0, height, 40), random.integers(width // 2, width, 40)] = True
    dx, dy = spacing
    regions = label_regions(near)
    y, x = np.nonzero(far)
    v, u = np.nonzero(near)
    owner = regions.labels[v, u] - 1
    of_pixel = np.sqrt((((u[:, None] - x) * dx) ** 2 + ((v[:, None] - y) * dy) ** 2).min(axis=1))
    expected = [of_pixel[owner == k].min() for k in range(len(regions))]
    found = region_distances(regions, far, dx, dy)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1.1e-9)
    k = int(random.integers(len(regions)))
    for distance, reached in ((float(found[k]) + 1e-9, True), (float(found[k]) * (1 - 1e-7), False)):
        assert within_distance(far, distance, dx, dy)[v, u][owner == k].any() == reached


def test_the_bound_on_float32_errors_holds() -> None:
    # A wide, low scene is where float32 confuses rivals; the true squares are whole numbers.
    random = np.random.default_rng(5)
    width = 20_000
    mask = np.zeros((40, width), bool)
    mask[random.integers(0, 40, 25), random.integers(0, width, 25)] = True
    y, x = np.nonzero(mask)
    for row in (0, 20, 39):
        true = ((np.arange(width)[:, None] - x) ** 2 + (row - y) ** 2).min(axis=1)
        found = distance_module.approximate_squares(mask, 1.0, 1.0)[row, :width].astype(np.float64)
        assert (np.abs(found - true) <= true * nearest._ERROR / 4).all()
        settled = found < nearest._SETTLED
        assert np.array_equal(found[settled], true[settled])


def test_many_candidates_are_looked_at_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    shore, quay = np.zeros((2, 300, 400), bool)
    shore[:, 0] = True
    quay[:, 390] = True
    monkeypatch.setattr(nearest, "_PAIRS", 1000)
    monkeypatch.setattr(nearest, "_SETTLED", 0)
    assert region_distances(label_regions(quay), shore, 0.3, 0.3).tolist() == [117.0]


def test_regions_and_topics_that_are_absent() -> None:
    none, one = np.zeros((4, 4), bool), np.eye(4, dtype=bool)
    assert region_distances(label_regions(none), one, 1.0, 1.0).shape == (0,)
    assert region_distances(label_regions(one), none, 1.0, 1.0).tolist() == [math.inf]
    assert region_distances(label_regions(one), one, 1.0, 1.0).tolist() == [0.0]
    assert np.isinf(distance_map(none, 1.0, 1.0)).all()


@pytest.mark.parametrize(
    ("distance", "dx", "dy"),
    [(-1, 1, 1), (math.nan, 1, 1), (1, 0, 1), (1, 1, -2), (1, math.nan, 1), (1, 1, math.inf)],
)
def test_impossible_lengths_are_refused(distance: float, dx: float, dy: float) -> None:
    with pytest.raises(UsageError, match=": pass "):
        within_distance(np.ones((2, 2), bool), distance, dx, dy)


def test_masks_of_another_size_are_refused() -> None:
    with pytest.raises(UsageError, match="same scene"):
        region_distances(label_regions(np.ones((2, 2), bool)), np.ones((2, 3), bool), 1.0, 1.0)
    with pytest.raises(UsageError, match="boolean"):
        distance_map(np.ones((2, 2)), 1.0, 1.0)


@pytest.mark.parametrize("width", [127, 128, 256])
def test_widths_with_spare_columns_change_nothing(width: int) -> None:
    mask = np.zeros((5, width), bool)
    mask[2, 1] = True
    y, x = np.mgrid[:5, :width]
    found = distance_map(mask, 0.5, 0.5)
    assert found.shape == mask.shape
    np.testing.assert_allclose(found, np.hypot((x - 1) * 0.5, (y - 2) * 0.5), rtol=1e-6)
    last = np.zeros((5, width), bool)
    last[4, width - 1] = True
    expected = round(math.hypot((width - 2) * 0.5, 1.0), 9)
    assert region_distances(label_regions(last), mask, 0.5, 0.5).tolist() == [expected]
    assert region_distances(label_regions(last), ~last, 0.5, 0.5).tolist() == [0.5]


@settings(max_examples=20)
@given(
    st.integers(0, 2**32),
    st.integers(1, 6),
    st.sampled_from([(0.5, 0.5), (1.0, 2.5)]),
    st.one_of(st.floats(0, 12), st.sampled_from([1.0, 2.5, 5.0])),
)
def test_few_runs_of_a_large_grid_are_widened_as_the_grid_would_be(
    seed: int, count: int, spacing: tuple[float, float], metres: float
) -> None:
    rng = np.random.default_rng(seed)
    mask = np.zeros((300, 320), bool)
    for _ in range(count):
        y, x = rng.integers(0, 298), rng.integers(0, 310)
        mask[y : y + rng.integers(1, 3), x : x + rng.integers(1, 30)] = True
        # A lake, whose rows grow longer and shorter again, with an island.
        middle, radius = rng.integers(20, 280, 2), rng.uniform(1, 15)
        mask |= np.hypot(*(np.indices(mask.shape) - middle[:, None, None])) < radius
        mask[tuple(middle)] = False
    near = near_runs(runs_of(mask), metres, *spacing, Tiling(mask.shape, 64, 64))
    expected = runs_of(within_distance(mask, metres, *spacing))
    assert near.start.tolist() == expected.start.tolist()
    assert near.stop.tolist() == expected.stop.tolist()
