"""A cut looks for no pixel that it does not need, and gives what looking at all of them gives."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from planimeter.raster.geometries import Geometries
from planimeter.raster.wkb import from_wkb
from planimeter.spatial import Features, features_of
from planimeter.spatial import cells as cells_room
from planimeter.spatial.cells import boxes_and
from planimeter.spatial.runs import Runs, paint, runs_of

SHAPE = (90, 130)


def some_area(rng: np.random.Generator) -> np.ndarray:
    """A mask of blobs, of all, of nothing or of scattered pixels."""
    y, x = np.indices(SHAPE)
    kind = rng.integers(0, 5)
    if kind == 0:
        return np.full(SHAPE, bool(rng.integers(0, 2)))
    mask = rng.random(SHAPE) < (0.02 if kind == 1 else 0)
    for _ in range(rng.integers(1, 5)):
        middle = rng.uniform(0, SHAPE)
        mask |= np.hypot(y - middle[0], x - middle[1]) < rng.uniform(2, 50)
    return mask


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 40))
def test_boxes_are_told_apart_as_their_pixels_say(seed: int, at_once: int) -> None:
    rng = np.random.default_rng(seed)
    mask = some_area(rng)
    low = rng.uniform(0, np.array(SHAPE[::-1]), (60, 2))
    high = np.minimum(low + rng.choice([0.3, 4, 20, 90]) * rng.random((60, 2)), SHAPE[::-1])
    low[:5], high[:5] = np.floor(low[:5]), np.ceil(high[:5])
    saved = cells_room._BOXES, cells_room._RUNS
    cells_room._BOXES = cells_room._RUNS = at_once
    try:
        some, inside = boxes_and(runs_of(mask), np.hstack([low, high]))
    finally:
        cells_room._BOXES, cells_room._RUNS = saved
    assert (np.diff(some) > 0).all()
    for k in range(60):
        # Every pixel that a geometry in the box may stand by.
        x0, y0 = np.floor(low[k]).astype(int)
        x1, y1 = np.floor(high[k]).astype(int) + 1
        pixels = mask[y0:y1, x0:x1]
        if k not in some:
            assert not pixels.any()
        elif inside[some.tolist().index(k)]:
            assert pixels.all()


def houses(rng: np.random.Generator, count: int) -> np.ndarray:
    """Polygons of all sizes, some smaller than a pixel, some over each other."""
    size = rng.choice([0.2, 3.0, 25.0], (count, 1, 1))
    corners = rng.uniform(0, SHAPE[::-1], (count, 1, 2)) + size * rng.random((count, 4, 2))
    hulls = shapely.convex_hull(shapely.polygons(np.clip(corners, 0, SHAPE[::-1])))
    return hulls[shapely.area(hulls) > 1e-9]


def pixels_of(features: Features, k: int) -> np.ndarray:
    chosen = features.owner == k
    return paint(Runs(features.shape, features.runs.start[chosen], features.runs.stop[chosen]))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**9))
def test_a_cut_of_what_nobody_has_looked_at_is_that_of_what_was_looked_at(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shapes, mask = houses(rng, 30), some_area(rng)
    drawn = from_wkb(np.asarray(shapely.to_wkb(shapes), dtype=object))
    fresh, looked = (features_of("polygon", Geometries.of(drawn), SHAPE, None) for _ in range(2))
    assert len(looked.runs)  # now its pixels are known
    found, source = fresh.cut(runs_of(mask), inside=True)
    wanted, from_ = looked.cut(runs_of(mask), inside=True)
    # By brute force: the pixels whose centres a polygon covers, less those on its very edge.
    centres = shapely.points(np.stack(np.meshgrid(np.arange(SHAPE[1]), np.arange(SHAPE[0])), axis=-1) + 0.5)
    shapely.prepare(shapes)
    for k, shape in enumerate(shapes):
        surely = shapely.contains_properly(shape, centres)
        assert (k in source) or not (surely & mask).any()
        if k in source and surely.any():
            part = pixels_of(found, source.tolist().index(k))
            assert not (part & ~mask).any()
            assert not ((surely & mask) & ~part).any()
    assert source.tolist() == from_.tolist()
    assert found.area_pixels.tolist() == wanted.area_pixels.tolist()
    assert found.pixels.tolist() == wanted.pixels.tolist()
    assert found.bbox.tolist() == wanted.bbox.tolist()
    assert found.centroid.tolist() == wanted.centroid.tolist()
    assert (found.runs.start[1:] >= found.runs.start[:-1]).all()
    assert found.centres is not None
    assert wanted.centres is not None
    assert found.centres.tolist() == wanted.centres.tolist()
    assert [shape is None for shape in found.geometry] == [shape is None for shape in wanted.geometry]
    for k in range(len(found)):
        assert np.array_equal(pixels_of(found, k), pixels_of(wanted, k))


def test_what_was_cut_is_cut_and_chosen_from_again() -> None:
    rng = np.random.default_rng(4)
    shapes = houses(rng, 80)
    y, x = np.indices(SHAPE)
    left, upper = runs_of(x < 70), runs_of(y < 50)
    twice = features_of("polygon", shapes, SHAPE, None).cut(left, inside=True)[0].cut(upper, inside=True)[0]
    once = features_of("polygon", shapes, SHAPE, None).cut(runs_of((x < 70) & (y < 50)), inside=True)[0]
    assert twice.pixels.tolist() == once.pixels.tolist()
    assert twice.area_pixels == pytest.approx(once.area_pixels)
    part = features_of("polygon", shapes, SHAPE, None).cut(left, inside=True)[0]
    some = np.arange(0, len(part), 3)
    chosen = part.subset(some)
    again = features_of("polygon", shapes, SHAPE, None).cut(left, inside=True)[0]
    assert chosen.area_pixels.tolist() == again.area_pixels[some].tolist()
    assert chosen.pixels.tolist() == again.pixels[some].tolist()
