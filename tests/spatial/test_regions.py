"""Regions against flood fill, and their outlines against the pixels they enclose."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from planimeter.errors import UsageError
from planimeter.spatial import Regions, label_regions
from planimeter.spatial import regions as regions_module
from planimeter.spatial.runs import connect, paint, runs_of

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=14)
MASKS = hnp.arrays(np.bool_, SHAPES)
AROUND = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
BESIDE = [(-1, 0), (0, -1), (0, 1), (1, 0)]

Pixels = list[tuple[int, int]]


def flood(mask: np.ndarray, steps: list[tuple[int, int]]) -> list[Pixels]:
    """Components by flood fill in raster order, each as (y, x) pixels."""
    left = {(int(y), int(x)) for y, x in np.argwhere(mask)}
    found = []
    for seed in sorted(left):
        if seed not in left:
            continue
        left.remove(seed)
        component, queue = [], [seed]
        while queue:
            y, x = queue.pop()
            component.append((y, x))
            for dy, dx in steps:
                if (near := (y + dy, x + dx)) in left:
                    left.remove(near)
                    queue.append(near)
        found.append(component)
    return found


def pixels(mask: np.ndarray) -> set[tuple[int, int]]:
    return {(int(y), int(x)) for y, x in np.argwhere(mask)}


@given(MASKS)
def test_labels_are_the_flood_filled_components_in_raster_order(mask: np.ndarray) -> None:
    expected = flood(mask, AROUND)
    regions = label_regions(mask)
    assert len(regions) == len(expected)
    assert regions.labels.dtype == np.int32
    for k, component in enumerate(expected):
        assert pixels(regions.labels == k + 1) == set(component)
    assert np.array_equal(regions.labels > 0, mask)


@given(MASKS)
def test_joining_runs_and_labelling_pixels_agree(mask: np.ndarray) -> None:
    runs = runs_of(mask)
    assert np.array_equal(paint(runs), mask)
    if len(runs):
        assert np.array_equal(regions_module._connect_pixels(runs, mask), connect(runs))
    four = connect(runs, diagonal=False)
    painted = paint(runs, four + 1)
    assert [pixels(painted == k + 1) for k in range(int(painted.max(initial=0)))] == [
        set(component) for component in flood(mask, BESIDE)
    ]


@given(MASKS, st.data())
def test_measures_are_sums_over_pixels(mask: np.ndarray, data: st.DataObject) -> None:
    rows = data.draw(hnp.arrays(np.float64, mask.shape[0], elements=st.floats(0.01, 100)))
    regions = label_regions(mask, pixel_area=rows)
    square = label_regions(mask, pixel_area=0.3 * 0.3)
    assert square.area_m2 is not None
    assert regions.area_m2 is not None
    for k, component in enumerate(flood(mask, AROUND)):
        y, x = np.array(component).T
        assert regions.area_pixels[k] == len(component)
        assert square.area_m2[k] == len(component) * (0.3 * 0.3)
        assert regions.area_m2[k] == pytest.approx(rows[y].sum(), rel=1e-12)
        assert regions.bbox[k].tolist() == [x.min(), y.min(), x.max() + 1, y.max() + 1]
        assert regions.centroid[k] == pytest.approx([x.mean() + 0.5, y.mean() + 0.5], abs=1e-9)


@given(MASKS, st.integers(0, 6))
def test_smaller_regions_are_left_out_and_equality_stays(mask: np.ndarray, least: int) -> None:
    expected = [component for component in flood(mask, AROUND) if len(component) >= least]
    regions = label_regions(mask, min_area_pixels=least)
    assert regions.area_pixels.tolist() == [len(component) for component in expected]
    assert [pixels(regions.mask([k])) for k in range(len(regions))] == [set(part) for part in expected]


def test_inputs_are_neither_changed_nor_kept() -> None:
    mask = np.array([[1, 0, 1]], bool)
    regions = label_regions(mask)
    before = mask.copy()
    regions.mask()[:] = False
    assert np.array_equal(mask, before)
    mask[:] = False
    assert regions.mask().tolist() == [[True, False, True]]


def test_views_with_odd_strides_are_read_rightly() -> None:
    whole = np.random.default_rng(0).random((40, 60)) < 0.4
    for view in (whole[::2, ::3], whole.T, whole[:, ::-1]):
        assert np.array_equal(label_regions(view).labels, label_regions(view.copy()).labels)


def test_blocks_of_rows_join(monkeypatch: pytest.MonkeyPatch) -> None:
    mask = np.random.default_rng(1).random((50, 31)) < 0.5
    mask[:, 0] = True
    expected = runs_of(mask)
    monkeypatch.setattr("planimeter.spatial.runs._BLOCK_PIXELS", 7 * 32)
    found = runs_of(mask)
    assert np.array_equal(found.start, expected.start)
    assert np.array_equal(found.stop, expected.stop)


def test_long_winding_region_is_one() -> None:
    size = 101
    spiral = np.zeros((size, size), bool)
    x0, y0, x1, y1 = 0, 0, size - 1, size - 1
    while x1 - x0 > 2:
        spiral[y0, x0 : x1 + 1] = spiral[y0 : y1 + 1, x1] = spiral[y1, x0 : x1 + 1] = True
        spiral[y0 + 2 : y1 + 1, x0] = True
        spiral[y0 + 2, x0 : x0 + 2] = True
        x0, y0, x1, y1 = x0 + 2, y0 + 2, x1 - 2, y1 - 2
    assert len(label_regions(spiral)) == len(flood(spiral, AROUND)) == 1


@given(MASKS, st.randoms(use_true_random=False))
def test_subset_keeps_the_order_asked_for(mask: np.ndarray, random: object) -> None:
    regions = label_regions(mask, pixel_area=0.25)
    order = list(range(len(regions)))
    random.shuffle(order)  # type: ignore[attr-defined]
    order = order[: len(order) // 2 + 1]
    chosen = regions.subset(order)
    assert chosen.area_m2 is not None
    assert chosen.area_pixels.tolist() == regions.area_pixels[order].tolist()
    assert np.array_equal(chosen.bbox, regions.bbox[order])
    assert np.array_equal(chosen.centroid, regions.centroid[order])
    assert np.array_equal(chosen.mask(), regions.mask(order))
    assert [chosen.polygon(i) for i in range(len(order))] == [regions.polygon(k) for k in order]


def shoelace(ring: list[list[int]]) -> float:
    shifted = ring[1:] + ring[:1]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, shifted, strict=True)) / 2


def fill(rings: list[list[list[int]]], shape: tuple[int, int]) -> np.ndarray:
    """Pixels whose centres lie inside, by crossing number (even-odd) over the vertical edges."""
    result = np.zeros(shape, bool)
    for ring in rings:
        for (xa, ya), (xb, yb) in zip(ring, ring[1:] + ring[:1], strict=True):
            assert (xa == xb) != (ya == yb), "edges run along pixel edges and are never empty"
            if xa == xb:
                result[min(ya, yb) : max(ya, yb), xa:] ^= True
    return result


@given(MASKS)
def test_polygons_enclose_their_pixels(mask: np.ndarray) -> None:
    regions = label_regions(mask)
    for k, (exterior, holes) in enumerate(regions.polygons()):
        assert np.array_equal(fill([exterior, *holes], mask.shape), regions.labels == k + 1)
        assert shoelace(exterior) + sum(map(shoelace, holes)) == regions.area_pixels[k]
        assert shoelace(exterior) > 0
        assert all(shoelace(hole) < 0 for hole in holes)
        assert regions.polygon(k) == (exterior, holes)
        enclosed = ~regions.mask([k])
        outside = flood(np.pad(enclosed, 1, constant_values=True), BESIDE)
        assert len(holes) == len(outside) - 1


def test_corner_contacts_cross_and_holes_stay_apart() -> None:
    ring_of_corners = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]], bool)
    exterior, holes = label_regions(ring_of_corners).polygon(0)
    assert len(holes) == 1
    assert shoelace(exterior) == 5
    assert shoelace(holes[0]) == -1


def test_polygons_of_chosen_regions_follow_the_indices() -> None:
    regions = label_regions(np.random.default_rng(3).random((30, 30)) < 0.2)
    wanted = [9, 2, 5]
    everything = regions.polygons()
    assert regions.polygons(wanted) == [everything[k] for k in wanted]
    assert regions.polygons([]) == []


def test_regions_without_pixels() -> None:
    for shape in ((5, 4), (0, 3), (3, 0)):
        regions = label_regions(np.zeros(shape, bool), pixel_area=1.0)
        assert isinstance(regions, Regions)
        assert len(regions) == 0
        assert regions.labels.shape == shape
        assert regions.bbox.shape == (0, 4)
        assert regions.centroid.shape == (0, 2)
        assert regions.polygons() == []
        assert not regions.mask().any()
        assert len(regions.subset([])) == 0


def test_full_mask_is_one_region() -> None:
    regions = label_regions(np.ones((3, 5), bool))
    assert regions.polygon(0) == ([[0, 0], [5, 0], [5, 3], [0, 3]], [])
    assert regions.centroid.tolist() == [[2.5, 1.5]]


@pytest.mark.parametrize(
    "mask", [np.zeros(3, bool), np.zeros((2, 2, 1), bool), np.zeros((2, 2), np.uint8), [[True]], None]
)
def test_what_is_no_mask_is_refused(mask: object) -> None:
    with pytest.raises(UsageError, match=r": pass "):
        label_regions(mask)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "area", [0.0, -1.0, np.nan, np.inf, np.ones(3), np.ones((2, 2)), np.array([1.0, 0.0])]
)
def test_impossible_pixel_areas_are_refused(area: float | np.ndarray) -> None:
    with pytest.raises(UsageError, match="pixel_area"):
        label_regions(np.ones((2, 2), bool), pixel_area=area)


@pytest.mark.parametrize("indices", [[1], [-1], [0, 0], [0.5], [[0]]])
def test_impossible_indices_are_refused(indices: list[int]) -> None:
    with pytest.raises(UsageError, match="pass"):
        label_regions(np.ones((2, 2), bool)).subset(indices)


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_larger_masks_agree_with_scipy(seed: int) -> None:
    ndimage = pytest.importorskip("scipy.ndimage")
    random = np.random.default_rng(seed)
    mask = ndimage.gaussian_filter(random.normal(size=random.integers(50, 200, 2)), 1.5) > 0.05
    labels, count = ndimage.label(mask, np.ones((3, 3)))
    regions = label_regions(mask)
    assert len(regions) == count
    pairs = np.unique(np.stack([labels[mask], regions.labels[mask]]), axis=1)
    assert pairs.shape[1] == count
