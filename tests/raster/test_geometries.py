"""Geometries as columns of coordinates: whatever shapely says of the same geometries, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from rasterio.crs import CRS

from planimeter.raster.clip import place
from planimeter.raster.opening import open_scene
from planimeter.raster.placing import Placing
from planimeter.raster.scene import Scene
from planimeter.raster.wkb import from_wkb
from planimeter.spatial import Ellipsoid, features_of
from planimeter.spatial.covered import polygon_pixels


def mixture(rng: np.random.Generator, count: int, spread: float = 100.0, size: float = 9.0) -> np.ndarray:
    """Houses of 3 to 9 corners, some of which cross themselves, with holes, in parts, empty, or no polygons."""
    found: list[shapely.Geometry | None] = []
    for k in range(count):
        corner = rng.uniform(0, spread, 2) + rng.uniform(0, size, (rng.integers(3, 10), 2))
        one = shapely.Polygon(corner) if k % 3 else shapely.Polygon(corner).convex_hull
        other = shapely.box(*rng.uniform(0, spread, 2), *(spread + rng.uniform(0, size, 2)))
        kind = k % 17
        found.append(
            shapely.Polygon(one.convex_hull.exterior, [one.convex_hull.buffer(-1).exterior.coords]) if kind == 3
            else shapely.MultiPolygon([one.convex_hull, shapely.box(-9, -9, -8, -8)]) if kind == 5
            else other if kind == 7
            else shapely.Polygon() if kind == 9
            else shapely.force_3d(one, 5.0) if kind == 11
            else one
        )  # fmt: skip
    return np.array(found, dtype=object)


def wkb(shapes: np.ndarray) -> np.ndarray:
    return np.asarray(shapely.to_wkb(shapes), dtype=object)


def test_wkb_is_read_as_shapely_reads_it() -> None:
    pyarrow = pytest.importorskip("pyarrow")
    shapes = mixture(np.random.default_rng(1), 300)
    blobs = wkb(shapes)
    blobs[4], blobs[8] = None, b"\x01\x03"
    blobs[14] = shapely.to_wkb(shapes[14], byte_order=0)
    blobs[20] = wkb(shapes[20:21])[0][:-8]  # cut short
    blobs[22] = blobs[22][:45] + np.array(np.nan).tobytes() + blobs[22][53:]
    expected = shapely.force_2d(shapely.from_wkb(blobs, on_invalid="ignore"))
    column = pyarrow.chunked_array([pyarrow.array(blobs[:100], pyarrow.binary()), pyarrow.array(blobs[100:])])
    sliced = pyarrow.chunked_array([pyarrow.array([b"", *blobs], pyarrow.large_binary())[1:]])
    for read in (from_wkb(blobs), from_wkb(column), from_wkb(sliced)):
        assert read.known.tolist() == (~shapely.is_missing(expected)).tolist()
        assert 200 < read.rings.sum() < 300
        known = read.known & (np.arange(300) != 22)
        assert shapely.equals_exact(read.geometry[known], expected[known]).all()
        kept = read.take(known)
        assert np.array_equal(kept.bounds, shapely.bounds(expected[known]), equal_nan=True)
        assert kept.areas().tolist() == shapely.area(expected[known]).tolist()
        assert (
            kept.valid_rings()[kept.rings].tolist() == shapely.is_valid(expected[known])[kept.rings].tolist()
        )
        order = np.random.default_rng(2).permutation(len(kept))[:50]
        assert shapely.equals_exact(kept.take(order).geometry, expected[known][order]).all()
        gone = np.arange(len(kept)) % 2 == 0
        assert shapely.equals_exact(kept.without(gone).geometry[~gone], expected[known][~gone]).all()
        assert not kept.without(gone).known[gone].any()


@pytest.mark.parametrize("corners", [5, 9])
def test_many_alike_are_measured_in_pieces(corners: int) -> None:
    rng = np.random.default_rng(corners)
    shapes = shapely.polygons(
        rng.uniform(0, 1e4, (40_000, 1, 2)) + rng.uniform(0, 9, (40_000, corners - 1, 2))
    )
    read = from_wkb(wkb(shapes))
    assert read.areas().tolist() == shapely.area(shapes).tolist()
    assert np.array_equal(read.bounds, shapely.bounds(shapes))
    assert read.valid_rings().tolist() == shapely.is_valid(shapes).tolist()


CASES = [
    (32633, Affine(0.5, 0, 5e5, 0, -0.5, 5e6), 32633),
    (32633, Affine(0.5, 0.1, 5e5, 0.1, -0.5, 5e6), 32633),
    (32633, Affine(0.5, 0, 5e5, 0, -0.5, 5e6), 4326),
    (4326, Affine(1e-5, 0, 179.9995, 0, -1e-5, 45), 4326),
    (3857, Affine(2, 0, 2e6, 0, -2, 6e6), 32634),
]


@pytest.mark.parametrize(("scene_crs", "transform", "layer_crs"), CASES)
def test_what_is_placed_is_the_same_as_objects(
    scene_crs: int, transform: Affine, layer_crs: int, tmp_path: Path
) -> None:
    path = tmp_path / "scene.tif"
    profile = {
        "driver": "GTiff",
        "height": 100,
        "width": 120,
        "count": 1,
        "dtype": "uint8",
        "transform": transform,
    }
    with rasterio.open(path, "w", crs=CRS.from_epsg(scene_crs), **profile) as file:
        file.write(np.ones((1, 100, 120), np.uint8))
    scene: Scene = open_scene(path)
    to_layer = pyproj.Transformer.from_crs(scene_crs, layer_crs, always_xy=True)

    def moved(points: np.ndarray) -> np.ndarray:
        x, y = transform * points.T
        x, y = to_layer.transform(x, y)
        if layer_crs == 4326:
            x = (np.asarray(x) + 180) % 360 - 180  # as layers write them on either side of 180 degrees
        return np.stack([x, y], axis=1)

    inside = mixture(np.random.default_rng(scene_crs), 400, 150.0)
    inside = inside[~shapely.is_empty(inside)]
    shapes = shapely.transform(shapely.force_2d(inside), moved)
    placing = Placing(pyproj.CRS.from_epsg(layer_crs), scene)
    columns = place(from_wkb(wkb(shapes)), 2, placing, "layer")
    objects = place(shapes, 2, placing, "layer")
    assert columns.drawn.rings.sum() > 30
    assert columns.at.tolist() == objects.at.tolist()
    assert columns.whole.tolist() == objects.whole.tolist()
    assert columns.notes == objects.notes
    assert shapely.equals_exact(columns.pixels, objects.pixels).all()
    # And all that is measured of them.
    one, other = polygon_pixels(columns.drawn, scene.shape), polygon_pixels(objects.pixels, scene.shape)
    assert (one.runs.start.tolist(), one.runs.stop.tolist()) == (
        other.runs.start.tolist(),
        other.runs.stop.tolist(),
    )
    assert one.owner.tolist() == other.owner.tolist()
    ground = Ellipsoid(transform, CRS.from_epsg(scene_crs), scene.shape)
    sizes = [features_of("polygon", found, scene.shape, ground) for found in (columns.drawn, objects.pixels)]
    assert sizes[0].area_pixels.tolist() == sizes[1].area_pixels.tolist()
    assert sizes[0].area_m2.tolist() == sizes[1].area_m2.tolist()
    half = sizes[1].subset(np.arange(0, len(sizes[1]), 2)).united()
    for inside_it in (True, False):
        cuts = [each.cut(half, inside_it) for each in sizes]
        assert cuts[0][1].tolist() == cuts[1][1].tolist()
        assert cuts[0][0].area_m2.tolist() == cuts[1][0].area_m2.tolist()
        assert [shape is None for shape in cuts[0][0].geometry] == [
            shape is None for shape in cuts[1][0].geometry
        ]
