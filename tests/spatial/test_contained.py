"""How many shapes lie in others: against brute force over all pairs of masks, holes filled by scipy."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS
from scipy import ndimage

from planimeter.spatial import label_regions
from planimeter.spatial.contained import contained_counts
from planimeter.spatial.ellipsoid import Ellipsoid
from planimeter.spatial.features import features_of

EIGHT = np.ones((3, 3), int)


def masks_of(mask: np.ndarray) -> list[np.ndarray]:
    numbers, count = ndimage.label(mask, EIGHT)
    return [numbers == k for k in range(1, count + 1)]


def brute(targets: list[np.ndarray], others: list[np.ndarray], around: bool) -> list[int]:
    found = []
    for target in targets:
        # What a region of pixels joined across corners surrounds is joined over edges alone.
        filled = ndimage.binary_fill_holes(target) if around else target
        found.append(sum(bool((filled & other).any()) for other in others))
    return found


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.3, 0.9), st.booleans())
def test_labels_that_exclude_each_other(seed: int, density: float, around: bool) -> None:
    rng = np.random.default_rng(seed)
    field = rng.random((19, 26)) < density
    roof = ~field & (rng.random((19, 26)) < 0.6)
    wanted = brute(masks_of(field), masks_of(roof), around)
    assert contained_counts([label_regions(field)], [label_regions(roof)], around).tolist() == wanted
    assert around or not any(wanted)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_masks_that_overlap_in_several_collections(seed: int, around: bool) -> None:
    rng = np.random.default_rng(seed)
    first, second, third, fourth = (rng.random((15, 21)) < share for share in (0.5, 0.7, 0.2, 0.3))
    wanted = brute([*masks_of(first), *masks_of(second)], [*masks_of(third), *masks_of(fourth)], around)
    parts, others = ([label_regions(mask) for mask in pair] for pair in ((first, second), (third, fourth)))
    assert contained_counts(parts, others, around).tolist() == wanted


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_features_that_lie_on_one_another(seed: int, around: bool) -> None:
    rng = np.random.default_rng(seed)
    ground = Ellipsoid(Affine(0.5, 0, 5e5, 0, -0.5, 5e6), CRS.from_epsg(32633), (30, 30))

    def boxes(count: int, size: int, hollow: bool) -> np.ndarray:
        made = []
        for x, y in rng.integers(0, 24, (count, 2)):
            w, h = rng.integers(1, size, 2)
            box = shapely.box(x, y, x + w, y + h)
            inner = shapely.box(x + 1, y + 1, x + w - 1, y + h - 1) if min(w, h) > 2 and hollow else None
            made.append(box if inner is None else box.difference(inner))
        return np.array(made)

    fields = features_of("polygon", boxes(6, 12, True), (30, 30), ground)
    roofs = features_of("polygon", boxes(9, 4, False), (30, 30), ground)
    targets, others = ([layer.mask([k]) for k in range(len(layer))] for layer in (fields, roofs))
    assert contained_counts([fields], [roofs], around).tolist() == brute(targets, others, around)


def test_what_reaches_the_border_of_the_grid_is_no_hole() -> None:
    field = np.array([[1, 0, 1], [1, 0, 1], [1, 1, 1]], bool)
    assert contained_counts([label_regions(field)], [label_regions(~field)], True).tolist() == [0]


@pytest.mark.parametrize("around", [False, True])
def test_nothing_holds_nothing(around: bool) -> None:
    none, some = label_regions(np.zeros((3, 4), bool)), label_regions(np.eye(4, dtype=bool)[:3])
    assert contained_counts([none], [some], around).tolist() == []
    assert contained_counts([some], [none], around).tolist() == [0]
    assert contained_counts([some], [], around).tolist() == [0]
