"""The pixels that polygons stand by; those that cover no centre stand by the one that most of them lies in."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from planimeter.spatial.covered import polygon_pixels

SHAPE = (12, 40)


def pixel_of(polygon: shapely.Geometry, shape: tuple[int, int] = SHAPE) -> tuple[int, int]:
    """Row and column of the only pixel of a polygon that covers no centre."""
    found = polygon_pixels(np.array([polygon]), shape)
    assert found.centres is not None
    assert found.centres.tolist() == [False]
    rows, first, end = found.runs.rows()
    assert (end - first).tolist() == [1]
    return int(rows[0]), int(first[0])


def parts_of(polygon: shapely.Geometry) -> np.ndarray:
    """(H, W) the area of a polygon in each pixel, as shapely cuts it."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
    return np.asarray(
        shapely.area(shapely.intersection(polygon, shapely.box(columns, rows, columns + 1, rows + 1)))
    )


def test_a_sliver_stands_by_the_same_pixel_with_one_vertex_more_on_a_straight_edge() -> None:
    # 36 pixels long between two rows of centres. Its lower side is level and its upper one sinks from 0.6 to 1.4: row 1
    # is covered alike (0.4) from column 3 to where that side crosses the line between the rows, and row 0 less.
    sliver = shapely.Polygon([(2.1, 0.6), (38.1, 1.4), (2.1, 1.4)])
    one_more = shapely.Polygon([(2.1, 0.6), (20.46, 1.008), (38.1, 1.4), (2.1, 1.4)])
    assert one_more.area == pytest.approx(sliver.area)
    # A point inside, by which it was decided once, jumps by more than four pixels.
    points = [shapely.point_on_surface(shape) for shape in (sliver, one_more)]
    assert points[0].distance(points[1]) > 4
    for shape in (sliver, one_more, shapely.segmentize(sliver, 0.01)):
        assert pixel_of(shape) == (1, 3)


def test_of_equal_parts_the_first_whatever_rounding_makes_of_them() -> None:
    # Two by two pixels meet in its middle: four equal parts.
    for middle in (1, 3, 7, 11):
        for half in (0.1, 0.3, 0.4999):
            box = shapely.box(middle - half, middle - half, middle + half, middle + half)
            assert pixel_of(box) == (middle - 1, middle - 1)


def test_several_parts_and_holes_count_by_what_they_cover() -> None:
    # 0.96 x 0.1 in one pixel, 0.3 x 0.9 in another.
    parts = shapely.box(1.02, 1.6, 1.98, 1.7), shapely.box(5.6, 1.05, 5.9, 1.95)
    assert pixel_of(shapely.MultiPolygon(parts)) == (1, 5)
    # Round a hole that holds both centres: wider on the right.
    ring = shapely.difference(shapely.box(2.05, 2.05, 3.9, 2.95), shapely.box(2.1, 2.1, 3.6, 2.9))
    assert pixel_of(ring) == (2, 3)


def test_what_is_next_to_nothing_stands_by_a_pixel_that_it_touches() -> None:
    tiny = 1e-7
    assert pixel_of(shapely.box(3.2, 4.2, 3.2 + tiny, 4.2 + tiny)) == (4, 3)
    assert pixel_of(shapely.box(4 - tiny, 4.2, 4 + tiny, 4.2 + tiny)) in [(4, 3), (4, 4)]
    # On the far border, and along a line between pixels.
    assert pixel_of(shapely.box(39.6, 11.6, 40, 12)) == (11, 39)
    assert pixel_of(shapely.box(2, 3, 3, 3.2)) == (3, 2)


def test_random_small_polygons_stand_by_the_pixel_in_which_shapely_finds_most_of_them() -> None:
    rng = np.random.default_rng(5)
    seen = 0
    for _ in range(600):
        corners = rng.uniform((2, 2), (13, 9)) + rng.uniform(-1, 1, (4, 2)) * rng.uniform(0.05, 3, 2)
        polygon = shapely.convex_hull(shapely.MultiPoint(corners))
        rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]]
        if polygon.area < 1e-4 or shapely.contains_xy(polygon, columns + 0.5, rows + 0.5).any():
            continue
        parts = parts_of(polygon)
        assert parts[pixel_of(polygon)] == pytest.approx(parts.max(), rel=1e-6)
        seen += 1
    assert seen > 100
