"""Cutting and joining against plain logic on pixels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from planimeter.errors import UsageError
from planimeter.spatial import clip, label_regions, merge, subtract

SHAPES = hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12)
PAIRS = SHAPES.flatmap(lambda shape: st.tuples(*[hnp.arrays(np.bool_, shape)] * 2))


@pytest.mark.parametrize("keep_inside", [True, False])
@given(masks=PAIRS)
def test_cut_regions_keep_exactly_their_own_pixels(keep_inside: bool, masks: tuple[np.ndarray, ...]) -> None:
    mask, other = masks
    regions = label_regions(mask, pixel_area=0.5)
    cut, source = (clip if keep_inside else subtract)(regions, other)
    assert cut.area_m2 is not None
    kept = other if keep_inside else ~other
    expected = [k for k in range(len(regions)) if (regions.mask([k]) & kept).any()]
    assert source.tolist() == expected
    for k, original in enumerate(expected):
        pixels = regions.mask([original]) & kept
        assert np.array_equal(cut.labels == k + 1, pixels)
        assert cut.area_pixels[k] == pixels.sum()
        assert cut.area_m2[k] == pixels.sum() * 0.5
        y, x = np.nonzero(pixels)
        assert cut.bbox[k].tolist() == [x.min(), y.min(), x.max() + 1, y.max() + 1]
    # An area may be given as regions too.
    again, same_source = (clip if keep_inside else subtract)(regions, label_regions(other))
    assert np.array_equal(again.labels, cut.labels)
    assert same_source.tolist() == source.tolist()


def test_a_region_cut_in_two_stays_one() -> None:
    regions = label_regions(np.ones((3, 9), bool))
    middle = np.zeros((3, 9), bool)
    middle[:, 3:5] = True
    rest, source = subtract(regions, middle)
    assert source.tolist() == [0]
    assert rest.area_pixels.tolist() == [21]
    # Its polygon is that of the larger part.
    assert rest.polygon(0) == ([[5, 0], [9, 0], [9, 3], [5, 3]], [])


@given(PAIRS)
def test_merged_regions_are_those_of_the_union(masks: tuple[np.ndarray, ...]) -> None:
    first, second = masks
    expected = label_regions(first | second, pixel_area=2.0)
    for areas in (
        [first, second],
        [label_regions(first, 2.0), second],
        [label_regions(first, 2.0), label_regions(second)],
    ):
        merged = merge(areas, pixel_area=2.0 if isinstance(areas[0], np.ndarray) else None)
        assert np.array_equal(merged.labels, expected.labels)
        assert merged.area_m2 is not None
        assert expected.area_m2 is not None
        assert merged.area_m2.tolist() == expected.area_m2.tolist()


def test_nothing_and_different_grids_are_refused() -> None:
    small, large = np.ones((2, 2), bool), np.ones((3, 3), bool)
    for other in (large, label_regions(large)):
        for one in (small, label_regions(small)):
            with pytest.raises(UsageError, match="sizes"):
                merge([one, other])
        for operation in (clip, subtract):
            with pytest.raises(UsageError, match="sizes"):
                operation(label_regions(small), other)
    with pytest.raises(UsageError, match="at least one"):
        merge([])
    with pytest.raises(UsageError, match="boolean"):
        clip(label_regions(small), small.astype(np.uint8))
