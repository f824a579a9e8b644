"""Features of vector layers: pixels, areas, lengths and distances, against shapely and pyproj.Geod one by one."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from affine import Affine
from hypothesis import given, settings
from hypothesis import strategies as st
from rasterio.crs import CRS

from planimeter.spatial import (
    Ellipsoid,
    Layer,
    clip,
    features_of,
    label_regions,
    merge,
    perimeters,
    region_distances,
    subtract,
    within_distance,
    write_geojson,
    write_geopackage,
)
from planimeter.spatial.features import Features, together
from planimeter.spatial.runs import runs_of
from planimeter.spatial.tiled import near_runs, shape_distances
from planimeter.spatial.tiles import Tiling

SHAPE = (24, 31)
HEIGHT, WIDTH = SHAPE
FRAME = shapely.box(0, 0, WIDTH, HEIGHT)
CENTRES = shapely.points(*(axis.ravel() + 0.5 for axis in np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT))))

#: (CRS, pixel size in its units, x and y of the upper left corner): UTM, degrees, Mercator, polar, feet.
GRIDS = [
    (32633, 10.0, 5e5, 5.4e6),
    (4326, 0.01, 12.0, 61.0),
    (3857, 50.0, 1e6, 8e6),
    (3413, 1000.0, -12_000.0, 9_000.0),
    (2227, 30.0, 6e6, 2.1e6),
]


@st.composite
def geometries(draw: Any, kind: str) -> list[shapely.Geometry]:
    """Some features of a kind, from a tenth of a pixel to half the grid, cut at the border."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    found = []
    for _ in range(draw(st.integers(1, 12))):
        centre = rng.uniform((0, 0), (WIDTH, HEIGHT))
        size = 10 ** rng.uniform(-1, 1.1)
        if kind == "point":
            one = shapely.multipoints(rng.uniform(centre - size, centre + size, (rng.integers(1, 4), 2)))
        elif kind == "line":
            one = shapely.LineString(rng.uniform(centre - size, centre + size, (rng.integers(2, 6), 2)))
        else:
            one = shapely.union_all(
                [
                    shapely.Polygon(rng.uniform(centre - size, centre + size, (3, 2)))
                    for _ in range(rng.integers(1, 4))
                ]
            )
            if rng.random() < 0.3:
                one = one.difference(shapely.Point(*centre).buffer(size / 3))
        one = shapely.intersection(one, FRAME)
        name = {"polygon": "Polygon", "line": "LineString", "point": "Point"}[kind]
        parts = [part for part in shapely.get_parts(one) if part.geom_type == name and not part.is_empty]
        if parts:
            gather = {
                "polygon": shapely.multipolygons,
                "line": shapely.multilinestrings,
                "point": shapely.multipoints,
            }
            found.append(gather[kind](parts))
    return found


def made(kind: str, shapes: list[shapely.Geometry], ground: Ellipsoid | None = None) -> Features:
    return features_of(kind, np.array(shapes, dtype=object), SHAPE, ground)


def mask_of(features: Features, k: int) -> np.ndarray:
    return features.mask([k])


def cells(line: shapely.Geometry) -> dict[tuple[int, int], float]:
    """Row and column of each pixel a line runs through, and the length in it, by cutting it with every pixel."""
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(WIDTH), np.arange(HEIGHT)))
    lengths = shapely.length(shapely.intersection(line, shapely.box(x, y, x + 1, y + 1)))
    return {(int(y[k]), int(x[k])): float(lengths[k]) for k in np.flatnonzero(lengths > 1e-9)}


@settings(max_examples=25)
@given(geometries("polygon"))
def test_a_polygon_stands_by_the_centres_it_covers_and_at_least_one(shapes: list[shapely.Geometry]) -> None:
    features = made("polygon", shapes)
    for k, shape in enumerate(shapes):
        inside = shapely.contains_properly(shape, CENTRES).reshape(SHAPE)
        around = shapely.intersects(shape.buffer(1e-9), CENTRES).reshape(SHAPE)
        found = mask_of(features, k)
        if around.any():
            assert not (inside & ~found).any()
            assert not (found & ~around).any()
        else:
            assert found.sum() == 1
            y, x = np.argwhere(found)[0]
            assert shape.intersects(shapely.box(x, y, x + 1, y + 1))
        assert features.area_pixels[k] == pytest.approx(shape.area)
        assert features.pixels[k] == found.sum()
        rows, columns = np.nonzero(found)
        assert features.bbox[k].tolist() == [
            columns.min(),
            rows.min(),
            columns.max() + 1,
            rows.max() + 1,
        ]
    assert np.array_equal(
        features.mask(),
        np.logical_or.reduce([mask_of(features, k) for k in range(len(shapes))])
        if shapes
        else np.zeros(SHAPE, bool),
    )


@settings(max_examples=25)
@given(geometries("line"))
def test_a_line_stands_by_the_pixels_it_runs_through(shapes: list[shapely.Geometry]) -> None:
    plain = Ellipsoid(Affine(1, 0, 0, 0, -1, 0), CRS.from_wkt(LOCAL), SHAPE)
    features = made("line", shapes, plain)
    left = np.zeros(SHAPE, bool)
    left[:, : WIDTH // 2] = True
    west, source = clip(features, left)
    for k, shape in enumerate(shapes):
        expected = cells(shape)
        found = mask_of(features, k)
        # A line along a pixel's edge, or through its corner alone, is in one of the pixels it touches.
        assert {tuple(place) for place in np.argwhere(found).tolist()} >= {
            place for place, length in expected.items() if length > 1e-6
        }
        assert features.length_m is not None
        # A line that runs over itself is as long as it was drawn.
        assert features.length_m[k] == pytest.approx(shape.length)
        part = sum(length for (_, x), length in expected.items() if x < WIDTH // 2)
        if shape.is_simple and part > 1e-6:
            assert west.length_m is not None
            assert west.length_m[source.tolist().index(k)] == pytest.approx(part)


LOCAL = 'LOCAL_CS["site",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'


@settings(max_examples=25)
@given(geometries("point"))
def test_a_point_stands_by_the_pixel_it_lies_in(shapes: list[shapely.Geometry]) -> None:
    features = made("point", shapes)
    for k, shape in enumerate(shapes):
        expected = np.zeros(SHAPE, bool)
        for x, y in shapely.get_coordinates(shape):
            expected[min(int(y), HEIGHT - 1), min(int(x), WIDTH - 1)] = True
        assert np.array_equal(mask_of(features, k), expected)
    assert np.isnan(features.area_pixels).all()


def geod_area(shape: shapely.Geometry, transform: Affine, crs: CRS) -> float:
    """m² by pyproj.Geod, of a polygon in pixels whose edges are straight on the grid."""
    fine = shapely.segmentize(shape, max(shape.length / 2000, 1e-3))
    system = pyproj.CRS.from_wkt(crs.to_wkt())
    change = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)

    def degrees(points: np.ndarray) -> np.ndarray:
        return np.stack(change.transform(*(transform * points.T)), axis=1)

    geod, total = system.get_geod(), 0.0
    for polygon in shapely.get_parts(fine):
        rings = [polygon.exterior, *polygon.interiors]
        areas = [abs(geod.polygon_area_perimeter(*degrees(np.array(ring.coords)).T)[0]) for ring in rings]
        total += areas[0] - sum(areas[1:])
    return total


@settings(max_examples=25)
@given(geometries("polygon"), st.sampled_from(GRIDS))
def test_areas_are_those_on_the_ellipsoid(
    shapes: list[shapely.Geometry], grid: tuple[int, float, float, float]
) -> None:
    code, size, x, y = grid
    transform, crs = Affine(size, 0, x, 0, -size, y), CRS.from_epsg(code)
    features = made("polygon", shapes, Ellipsoid(transform, crs, SHAPE))
    assert features.area_m2 is not None
    large = [k for k, shape in enumerate(shapes) if shape.area > 1]  # PROJ's inverse is right to a millimetre
    for k in large:
        assert features.area_m2[k] == pytest.approx(geod_area(shapes[k], transform, crs), rel=2e-4)


@pytest.mark.parametrize(
    ("code", "size", "x", "y", "shape"),
    [
        (4326, 1.0, -180.0, 90.0, (180, 360)),
        (4326, 0.1, 10.0, 80.0, (790, 300)),
        (3413, 10_000.0, -3e6, 3e6, (600, 600)),
        (3857, 50_000.0, -5e6, 1.2e7, (400, 200)),
    ],
)
def test_large_polygons_are_as_large_as_on_the_ellipsoid(
    code: int, size: float, x: float, y: float, shape: tuple[int, int]
) -> None:
    transform, crs = Affine(size, 0, x, 0, -size, y), CRS.from_epsg(code)
    ground = Ellipsoid(transform, crs, shape)
    lake = shapely.Point(shape[1] * 0.5, shape[0] * 0.45).buffer(min(shape) * 0.4)
    assert ground.areas(np.array([lake]))[0] == pytest.approx(geod_area(lake, transform, crs), rel=3e-4)


def test_the_whole_earth() -> None:
    ground = Ellipsoid(Affine(1, 0, -180, 0, -1, 90), CRS.from_epsg(4326), (180, 360))
    assert ground.areas(np.array([shapely.box(0, 0, 360, 180)]))[0] == pytest.approx(510.0656217e12, rel=1e-6)


@pytest.mark.parametrize("grid", GRIDS)
def test_lengths_are_those_on_the_ellipsoid(grid: tuple[int, float, float, float]) -> None:
    code, size, x, y = grid
    transform, crs = Affine(size, 0, x, 0, -size, y), CRS.from_epsg(code)
    line = shapely.LineString([(1, 1), (20.5, 17.25), (30, 2)])
    system = pyproj.CRS.from_epsg(code)
    change = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
    fine = shapely.get_coordinates(shapely.segmentize(line, 0.01))
    truth = system.get_geod().line_length(
        *change.transform(*np.array([transform * tuple(p) for p in fine]).T)
    )
    features = made("line", [line], Ellipsoid(transform, crs, SHAPE))
    assert features.length_m is not None
    assert features.length_m[0] == pytest.approx(truth, rel=1e-5)


@settings(max_examples=25)
@given(
    geometries("polygon"),
    st.sampled_from(["polygon", "line", "point"]).flatmap(
        lambda kind: st.tuples(st.just(kind), geometries(kind))
    ),
    st.sampled_from([(0.5, 0.5), (1.0, 2.5)]),
    st.floats(0, 12),
    st.integers(5, 40),
    st.integers(5, 40),
)
def test_distances_whatever_the_tiles(
    shapes: list[shapely.Geometry],
    reference: tuple[str, list[shapely.Geometry]],
    spacing: tuple[float, float],
    metres: float,
    tile_height: int,
    tile_width: int,
) -> None:
    features, other = made("polygon", shapes), made(*reference)
    dx, dy = spacing
    their = np.argwhere(other.mask()) * [dy, dx]
    truth = []
    for k in range(len(features)):
        own = np.argwhere(mask_of(features, k)) * [dy, dx]
        apart = own[:, None] - their[None]
        truth.append(float(np.sqrt((apart**2).sum(axis=2)).min()) if len(their) else math.inf)
    tiling = Tiling(SHAPE, tile_height, tile_width, room=1 << 20)
    for found in (
        region_distances(features, other.mask(), dx, dy),
        shape_distances(features, other.united(), dx, dy, tiling, halo=3),
    ):
        assert found.tolist() == pytest.approx(truth, abs=1e-8)
    near = near_runs(other.united(), metres, dx, dy, tiling)
    assert np.array_equal(near.start, runs_of(within_distance(other.mask(), metres, dx, dy)).start)
    parts, source = clip(features, near)
    expected = [k for k, distance in enumerate(truth) if distance <= metres * (1 + 1e-9)]
    if all(abs(distance - metres) > 1e-6 for distance in truth):
        assert source.tolist() == expected
    for part, k in enumerate(source.tolist()):
        inside = int((mask_of(features, k) & within_distance(other.mask(), metres, dx, dy)).sum())
        assert parts.area_pixels[part] == pytest.approx(shapes[k].area * inside / features.pixels[k])


@settings(max_examples=25)
@given(geometries("polygon"), geometries("polygon"))
def test_parts_inside_and_outside_add_up(one: list[shapely.Geometry], two: list[shapely.Geometry]) -> None:
    features, other = made("polygon", one), made("polygon", two)
    total = np.zeros(len(features))
    for parts, source in (clip(features, other), subtract(features, other)):
        total[source] += parts.area_pixels
        whole = parts.pixels == features.pixels[source]
        assert [shape is not None for shape in parts.geometry] == whole.tolist()
    assert total == pytest.approx(features.area_pixels)
    assert np.array_equal(merge([features, other]).mask(), features.mask() | other.mask())


def test_features_that_touch_or_overlap_stay_apart() -> None:
    row = [shapely.box(x, 2, x + 4, 6) for x in (0, 4, 8)] + [shapely.box(1, 3, 3, 5)]
    features = made("polygon", row)
    assert features.area_pixels.tolist() == [16, 16, 16, 4]
    assert features.pixels.tolist() == [16, 16, 16, 4]
    assert features.mask().sum() == 48
    assert features.overlap == pytest.approx(4 / 52)
    assert made("polygon", row[:3]).overlap == 0


def test_holes_and_what_stands_in_them() -> None:
    ring = shapely.box(0, 0, 10, 10).difference(shapely.box(3, 3, 7, 7))
    features = made("polygon", [ring, shapely.box(4, 4, 6, 6)])
    assert features.area_pixels.tolist() == [84, 4]
    assert features.overlap == 0
    exterior, holes = features.polygon(0)
    assert shapely.equals(shapely.Polygon(exterior, holes), ring)
    assert shapely.Polygon(exterior).exterior.is_ccw  # clockwise on the screen, where y runs down


def test_small_features_do_not_overlap_because_of_pixels() -> None:
    houses = [shapely.box(x, 0.1, x + 0.02, 0.2) for x in (0.1, 0.2, 0.3)]
    features = made("polygon", houses)
    assert len(features) == 3
    assert features.pixels.tolist() == [1, 1, 1]
    assert features.overlap == 0


@settings(max_examples=25)
@given(geometries("polygon"))
def test_merged_features_count_no_ground_twice(shapes: list[shapely.Geometry]) -> None:
    features = made("polygon", shapes)
    found = merge([features])
    assert len(found) == len(label_regions(features.mask()))
    assert found.area_pixels.sum() <= features.area_pixels.sum() * (1 + 1e-9)
    if features.pixels.sum() == features.mask().sum():
        assert found.area_pixels.sum() == pytest.approx(features.area_pixels.sum())
    left = np.zeros(SHAPE, bool)
    left[:, :15] = True
    assert clip(found, left)[0].area_pixels.sum() + subtract(found, left)[
        0
    ].area_pixels.sum() == pytest.approx(found.area_pixels.sum())


def test_a_feature_beside_a_region_keeps_its_area_when_merged() -> None:
    pond = np.zeros(SHAPE, bool)
    pond[0:2, 0:2] = True
    house = made("polygon", [shapely.box(2.2, 0.2, 2.8, 0.8)])
    found = merge([label_regions(pond, pixel_area=4.0), house], pixel_area=4.0)
    assert found.area_pixels.tolist() == pytest.approx([4 + 0.36])
    roads = made("line", [shapely.LineString([(10, 10), (12, 10)])])
    assert np.isnan(merge([roads, house]).area_pixels).sum() == 1  # a line has no area to add


def test_outlines_of_polygons_and_of_parts() -> None:
    ground = Ellipsoid(Affine(2, 0, 5e5, 0, -2, 5e6), CRS.from_epsg(32633), SHAPE)
    features = made("polygon", [shapely.box(0.5, 0.5, 10.5, 5.5), shapely.box(1, 1, 4, 4)], ground)
    assert perimeters(features, 2, 2) == pytest.approx(np.array([60, 24]) / 0.9996, rel=1e-5)
    left = np.zeros(SHAPE, bool)
    left[:, :3] = True
    parts, _ = clip(features, left)
    assert perimeters(parts, 2, 2).tolist() == [2 * 2 * (3 + 5), 2 * 2 * (2 + 3)]
    assert parts.polygons() == [
        ([[0, 0], [3, 0], [3, 5], [0, 5]], []),
        ([[1, 1], [3, 1], [3, 4], [1, 4]], []),
    ]


def test_layers_together_count_all_their_features() -> None:
    one, two = made("polygon", [shapely.box(0, 0, 2, 2)]), made("polygon", [shapely.box(1, 1, 3, 3)])
    both = together([one, two])
    assert len(both) == 2
    assert both.area_pixels.tolist() == [4, 4]
    assert both.overlap == pytest.approx(1 / 8)
    assert clip(both, one)[0].area_pixels.tolist() == [4, 1]


def test_evidence_holds_the_features_as_they_are(tmp_path: Path) -> None:
    import pyogrio

    transform, crs = Affine(2, 0, 5e5, 0, -2, 5e6), CRS.from_epsg(32633)
    ground = Ellipsoid(transform, crs, SHAPE)
    houses = [shapely.box(0.25, 0.25, 0.5, 0.5), shapely.box(3, 3, 8, 9), shapely.box(4, 4, 12, 8)]
    roads = [shapely.LineString([(0, 10), (30, 10.5)])]
    layers = [Layer("roof", made("polygon", houses, ground)), Layer("road", made("line", roads, ground))]
    write_geopackage(tmp_path / "shapes.gpkg", layers, transform, crs)
    for name, shapes in (("roof", houses), ("road", roads)):
        _, _, blobs, _ = pyogrio.raw.read(tmp_path / "shapes.gpkg", layer=name)
        expected = [shapely.affinity.affine_transform(shape, [2, 0, 0, -2, 5e5, 5e6]) for shape in shapes]
        assert all(
            shapely.equals_exact(a, b, 1e-6, normalize=True) or a.equals(b)
            for a, b in zip(shapely.from_wkb(blobs), expected, strict=True)
        )
    write_geojson(tmp_path / "shapes.geojson", layers, transform, crs)
    found = json.loads((tmp_path / "shapes.geojson").read_text())["features"]
    assert [f["geometry"]["type"] for f in found] == ["Polygon"] * 3 + ["LineString"]
    change = pyproj.Transformer.from_crs(4326, 32633, always_xy=True)
    for feature, shape in zip(found, [*houses, *roads], strict=True):
        back = shapely.transform(
            shapely.geometry.shape(feature["geometry"]), lambda p: np.stack(change.transform(*p.T), axis=1)
        )
        assert (
            shapely.hausdorff_distance(
                back, shapely.affinity.affine_transform(shape, [2, 0, 0, -2, 5e5, 5e6])
            )
            < 1e-3
        )
    assert found[-1]["properties"]["length_m"] == pytest.approx(60.01, rel=1e-3)
    assert found[-1]["properties"]["area_pixels"] is None
    left = np.zeros(SHAPE, bool)
    left[:, :5] = True
    parts = clip(made("polygon", houses, ground), left)[0]
    write_geojson(tmp_path / "parts.geojson", [Layer("roof", parts)], None, None)
    drawn = [
        shapely.geometry.shape(f["geometry"])
        for f in json.loads((tmp_path / "parts.geojson").read_text())["features"]
    ]
    assert [shape.bounds for shape in drawn] == [(0.25, 0.25, 0.5, 0.5), (3, 3, 5, 9), (4, 4, 5, 8)]


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_cut_looks_only_at_polygons_that_it_may_meet(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = int(rng.integers(1, 200)), int(rng.integers(1, 200))
    corner = rng.uniform((0, 0), shape[::-1], (40, 2))
    size = np.minimum(rng.uniform(0.01, 30, (40, 2)), np.array(shape[::-1]) - corner)
    houses = shapely.box(*corner.T, *(corner + size).T)
    mask = np.zeros(shape, bool)
    for y, x in rng.integers(0, shape, (int(rng.integers(0, 4)), 2)):
        mask[y : y + 5, x : x + 5] = True
    for inside in (True, False):
        late, early = (features_of("polygon", houses, shape, None) for _ in range(2))
        assert early.pixels.min() >= 1  # its pixels are looked for at once
        few = rng.permutation(40)[:17]
        for one, other in ((late, early), (late.subset(few), early.subset(few))):
            (found, source), (truth, expected) = (part.cut(runs_of(mask), inside) for part in (one, other))
            assert source.tolist() == expected.tolist()
            # Of runs that begin at one pixel either may come first.
            rows = [
                sorted(zip(part.runs.start, part.runs.stop, part.owner, strict=True))
                for part in (found, truth)
            ]
            assert rows[0] == rows[1]
            assert found.area_pixels.tolist() == truth.area_pixels.tolist()
            assert found.overlap == truth.overlap
    assert late.bbox.tolist() == early.bbox.tolist()
    assert late.centroid.tolist() == early.centroid.tolist()
