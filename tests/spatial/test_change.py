"""Matching and transitions against brute force over pixels, on made-up pairs."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from rasterio.crs import CRS
from scipy import ndimage

from planimeter.errors import UsageError
from planimeter.spatial import Ellipsoid, features_of, label_regions
from planimeter.spatial.change import OTHER, matches, overlapping, overlaps, transitions
from planimeter.spatial.runs import runs_of

EIGHT = np.ones((3, 3), dtype=int)
masks = arrays(bool, st.tuples(st.just(9), st.just(11)))


def brute_pairs(first: np.ndarray, second: np.ndarray) -> dict[tuple[int, int], int]:
    """(component, component) → shared pixels, by looking at every pixel."""
    one, _ = ndimage.label(first, EIGHT)
    other, _ = ndimage.label(second, EIGHT)
    found: dict[tuple[int, int], int] = {}
    for y, x in zip(*np.nonzero(first & second), strict=True):
        key = int(one[y, x]) - 1, int(other[y, x]) - 1
        found[key] = found.get(key, 0) + 1
    return found


@settings(max_examples=150, deadline=None)
@given(masks, masks)
def test_overlaps_are_those_of_brute_force(first: np.ndarray, second: np.ndarray) -> None:
    one, other, shared = overlaps(label_regions(first), label_regions(second))
    found = {(int(k), int(m)): int(n) for k, m, n in zip(one, other, shared, strict=True)}
    assert found == brute_pairs(first, second)
    assert list(found) == sorted(found)


@settings(max_examples=100, deadline=None)
@given(masks, masks, st.sampled_from([0.25, 0.5, 1.0]))
def test_matches_share_enough_of_the_smaller_either_way(
    first: np.ndarray, second: np.ndarray, least: float
) -> None:
    before, after = label_regions(first), label_regions(second)
    found = set(zip(*(side.tolist() for side in matches(before, after, least)), strict=True))
    turned = set(zip(*(side.tolist() for side in matches(after, before, least)), strict=True))
    wanted = {
        (k, m)
        for (k, m), shared in brute_pairs(first, second).items()
        if shared >= least * min(before.area_pixels[k], after.area_pixels[m])
    }
    assert found == wanted
    assert turned == {(m, k) for k, m in wanted}


def test_many_runs_are_compared_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(3)
    first, second = label_regions(rng.random((60, 60)) < 0.4), label_regions(rng.random((60, 60)) < 0.4)
    whole = [part.tolist() for part in overlaps(first, second)]
    monkeypatch.setattr("planimeter.spatial.change._MANY", 7)
    assert [part.tolist() for part in overlaps(first, second)] == whole


def test_features_that_lie_on_one_another_match_each() -> None:
    ground = Ellipsoid(Affine(1, 0, 5e5, 0, -1, 5e6), CRS.from_epsg(32633), (30, 30))
    blocks = np.array([shapely.box(2, 2, 22, 12), shapely.box(4, 4, 8, 8), shapely.box(20, 20, 28, 28)])
    layer = features_of("polygon", blocks, (30, 30), ground)
    mask = np.zeros((30, 30), dtype=bool)
    mask[3:9, 3:9] = True
    one, other = matches(layer, label_regions(mask))
    assert (one.tolist(), other.tolist()) == ([0, 1], [0, 0])
    one, other = matches(label_regions(mask), layer)
    assert (one.tolist(), other.tolist()) == ([0, 0], [0, 1])


def test_a_part_that_is_none_is_refused() -> None:
    region = label_regions(np.ones((2, 2), dtype=bool))
    for least in (0.0, 1.5):
        with pytest.raises(UsageError, match="above 0 and at most 1"):
            matches(region, region, least)
    with pytest.raises(UsageError, match="different sizes"):
        overlaps(region, label_regions(np.ones((2, 3), dtype=bool)))


@settings(max_examples=100, deadline=None)
@given(
    arrays(np.uint8, (8, 9), elements=st.integers(0, 3)),
    arrays(np.uint8, (8, 9), elements=st.integers(0, 3)),
    masks,
)
def test_every_entry_of_the_matrix_is_that_of_the_pixels(
    before: np.ndarray, after: np.ndarray, ground: np.ndarray
) -> None:
    ground = ground[:8, :9]
    names = {1: "forest", 2: "urban", 3: "water"}
    area = np.linspace(1.0, 2.0, 8)  # m² of the pixels of each row
    found = transitions(
        {name: runs_of(before == value) for value, name in names.items()},
        {name: runs_of(after == value) for value, name in names.items()},
        runs_of(ground),
        area,
    )
    counted = {(each.before, each.after): each for each in found}
    assert len(counted) == len(found)
    named = {0: OTHER, **names}
    for was, name in named.items():
        for now, other in named.items():
            here = (before == was) & (after == now) & ground
            each = counted.get((name, other))
            assert (each.pixels if each else 0) == here.sum()
            if each:
                assert each.square_metres == pytest.approx(float((here * area[:, None]).sum()), rel=1e-12)
    assert sum(each.pixels for each in found) == ground.sum()


def test_classes_that_lie_on_one_another_are_told() -> None:
    roof, urban = np.zeros((4, 4), dtype=bool), np.ones((4, 4), dtype=bool)
    roof[:2, :2] = True
    assert overlapping({"roof": runs_of(roof), "urban": runs_of(urban)}) == 4
    assert overlapping({"roof": runs_of(roof)}) == 0
    assert overlapping({}) == 0
