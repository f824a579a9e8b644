"""Perimeters against counted edges."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp

from planimeter.errors import UsageError
from planimeter.spatial import label_regions, perimeters, subtract

MASKS = hnp.arrays(np.bool_, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))


def edges(pixels: np.ndarray) -> tuple[int, int]:
    """Horizontal and vertical pixel edges between a region and everything else."""
    padded = np.pad(pixels, 1)
    horizontal = (padded[1:] != padded[:-1]).sum()
    vertical = (padded[:, 1:] != padded[:, :-1]).sum()
    return int(horizontal), int(vertical)


@given(MASKS)
def test_perimeters_count_every_edge(mask: np.ndarray) -> None:
    regions = label_regions(mask)
    found = perimeters(regions, 0.3, 0.7)
    for k in range(len(regions)):
        horizontal, vertical = edges(regions.labels == k + 1)
        assert found[k] == pytest.approx(horizontal * 0.3 + vertical * 0.7, rel=1e-12)


@given(MASKS)
def test_perimeters_of_cut_regions(mask: np.ndarray) -> None:
    stripes = np.zeros(mask.shape, bool)
    stripes[:, ::3] = True
    regions, _ = subtract(label_regions(mask), stripes)
    for k, perimeter in enumerate(perimeters(regions, 1.0, 1.0)):
        assert perimeter == sum(edges(regions.labels == k + 1))


def test_holes_count() -> None:
    frame = np.ones((5, 5), bool)
    frame[1:4, 1:4] = False
    assert perimeters(label_regions(frame), 0.5, 0.5).tolist() == [16.0]


def test_no_regions() -> None:
    assert perimeters(label_regions(np.zeros((3, 3), bool)), 1.0, 1.0).shape == (0,)


def test_a_spacing_is_positive() -> None:
    regions = label_regions(np.ones((10, 10), bool))
    with pytest.raises(UsageError, match="positive"):
        perimeters(regions, 0.0, 1.0)
