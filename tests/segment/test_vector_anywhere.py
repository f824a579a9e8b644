"""Random layers on random scenes: one number whatever the tiles and the memory, and the one of brute force.

Brute force gives every edge very many vertices, moves each of them, cuts at the scene's border last, asks shapely of
every pixel's centre and scipy for every pixel's distance, and measures areas with pyproj.Geod.

Ours gives an edge only as many vertices as keep it within a hundredth of a pixel of its true place
(``planimeter.raster.placing.TOLERANCE``), so its outline lies between the true one and the one whose edges are straight
in the scene: within `Brute.stray` of brute force's. Whether a pixel belongs to a feature is sure where its centre lies
farther than that from the outline. What hangs on other pixels lies between two bounds, and those may be far apart: at
the tip of a thorn one pixel more or less is a distance of as many pixels as the thorn is long. Where all pixels that
decide are sure, the bounds are one number.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine
from scipy import ndimage

from planimeter.ask import run
from planimeter.program import Limits, tiling
from planimeter.raster import Scene, open_scene
from planimeter.segment import StackSegmenter, VectorSegmenter

#: Of a scene: its CRS, its centre in degrees and the size of its pixels in the unit of the CRS.
SCENES = [
    ("EPSG:32633", (15.0, 47.0), 2.0),
    ("EPSG:32633", (13.0, 60.0), 50.0),
    ("EPSG:4326", (-60.0, -20.0), 0.0005),
    ("EPSG:3857", (10.0, 50.0), 5.0),
    ("EPSG:3413", (-40.0, 75.0), 30.0),
    ("EPSG:3035", (10.0, 52.0), 10.0),
]
LAYERS = ["EPSG:4326", "EPSG:3857", "EPSG:3413", "EPSG:8857"]
SIZE = (400, 520)
#: Shapes that reach into the scene, or miss it, by less than this many pixels are not drawn.
DECIDED = 0.02
#: Of coordinates, in pixels: what several cuts and unions make of them.
ROUNDING = 1e-5
PROGRAM = """
import json
shapes = segment_image_from_path(IMAGE_PATH, ["roof", "road"], gsd=gsd)["shapes"]
roofs = [s for s in shapes if s["class_type"] == "roof"]
roads = [s for s in shapes if s["class_type"] == "road"]
near = find_shapes_within_distance(roofs, roads, {metres}, gsd)
calculate_shape_distances(roofs, roads, gsd)
print(json.dumps([
    [s["area_hectares"] for s in roofs], [s["source_id"] - roofs[0]["id"] for s in near],
    [s["area_hectares"] for s in near], [s["distance_meters"] for s in roofs],
]))
answer = len(near)
"""


@dataclass(frozen=True)
class Brute:
    """What brute force makes of a shape: it in pixels, cut at the border, and how far ours may stray from it."""

    shape: shapely.Geometry
    stray: float


def scene_of(crs: str, centre: tuple[float, float], step: float, turned: float, folder: Path) -> Scene:
    x, y = pyproj.Transformer.from_crs(4326, crs, always_xy=True).transform(*centre)
    grid = Affine.translation(x, y) * Affine.rotation(turned) * Affine.scale(step, -step)
    grid = grid * Affine.translation(-SIZE[1] / 2, -SIZE[0] / 2)
    options = {"driver": "GTiff", "dtype": "uint8", "count": 1, "crs": crs, "transform": grid}
    with rasterio.open(folder / "scene.tif", "w", height=SIZE[0], width=SIZE[1], **options) as file:
        file.write(np.zeros((1, *SIZE), np.uint8))
    return open_scene(folder / "scene.tif")


def some_shapes(kind: int, count: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Corners of stars, ways, or single points, in pixels, some of them across the border of the scene."""
    found = []
    for centre in rng.uniform((-10, -10), (SIZE[1] + 10, SIZE[0] + 10), (count, 2)):
        corners = 1 if kind == 0 else 6
        angles = np.sort(rng.uniform(0, 2 * np.pi, corners))
        radius = rng.uniform(0.4, 1.0, corners) * np.exp(rng.uniform(-0.5, 3.5))
        found.append(centre + radius[:, None] * np.stack([np.cos(angles), np.sin(angles)], axis=1))
    return found


def layer_of(
    path: Path, kind: int, corners: list[np.ndarray], crs: str, scene: Scene
) -> list[shapely.Geometry]:
    """Write the shapes, straight between their corners in the layer's own CRS; return them in that CRS."""
    assert scene.crs is not None
    assert scene.transform is not None
    change = change_of(scene.crs.to_wkt(), crs)
    kinds = (lambda points: shapely.Point(points[0]), shapely.LineString, shapely.Polygon)
    shapes = []
    for points in corners:
        own = np.stack(change.transform(*(scene.transform * (points[:, 0], points[:, 1]))), axis=1)
        shapes.append(kinds[kind](own))
    shapes = [shape for shape in shapes if shape.is_valid and is_decided(moved(shape, crs, scene))]
    pyogrio.raw.write(
        path,
        geometry=np.asarray(shapely.to_wkb(shapes), dtype=object),
        field_data=[np.arange(len(shapes))],
        fields=["number"],
        geometry_type=("Point", "LineString", "Polygon")[kind],
        crs=crs,
        driver="GPKG",
    )
    return shapes


@lru_cache
def change_of(crs: str, other: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, other, always_xy=True)


def moved(shape: shapely.Geometry, crs: str, scene: Scene, pieces: int = 400) -> shapely.Geometry:
    """A shape in pixels, with so many vertices that it bends as its edges do."""
    assert scene.crs is not None
    assert scene.transform is not None
    change = change_of(crs, scene.crs.to_wkt())
    if not isinstance(shape, shapely.Point):
        shape = shapely.segmentize(shape, shape.length / pieces)
    return shapely.transform(
        shape, lambda points: np.stack(~scene.transform * change.transform(*points.T), axis=1)
    )


def is_decided(shape: shapely.Geometry) -> bool:
    """Whether a shape in pixels lies in the scene, or outside, wherever its outline is `DECIDED` pixels away."""
    inner, outer = (shapely.box(by, by, SIZE[1] - by, SIZE[0] - by) for by in (DECIDED, -DECIDED))
    inside = shapely.intersection(shape, inner)
    surely_in = (not inside.is_empty, inside.length > 1e-3, inside.area > 1e-3)[shapely.get_dimensions(shape)]
    return surely_in or not shape.intersects(outer)


def placed(shapes: list[shapely.Geometry], crs: str, scene: Scene) -> list[Brute]:
    """Those of the shapes that are in the scene."""
    found = []
    for shape in shapes:
        bent, straight = moved(shape, crs, scene), moved(shape, crs, scene, pieces=1)
        kept = shapely.intersection(bent, shapely.box(0, 0, SIZE[1], SIZE[0]))
        if not kept.is_empty:
            found.append(Brute(kept, shapely.hausdorff_distance(bent, straight) + ROUNDING))
    return found


def sure_and_possible(of: Brute) -> tuple[np.ndarray, np.ndarray]:
    """(N, 2) and (M, 2) rows and columns: pixels that a shape surely stands by, and those that it may stand by.

    A polygon that surely covers no centre may stand by the pixel that most of it lies in. Where its outline is moved by
    so much, the part in a pixel changes by no more than lies so near to the outline there.
    """
    shape, stray = of.shape, of.stray
    x0, y0, x1, y1 = np.floor(np.array(shape.bounds) + np.array([-1, -1, 1, 1]) * stray).astype(int)
    spans = (np.arange(max(x0, 0), min(x1, SIZE[1] - 1) + 1), np.arange(max(y0, 0), min(y1, SIZE[0] - 1) + 1))
    columns, rows = (side.ravel() for side in np.meshgrid(*spans))
    if shapely.get_dimensions(shape) == 2:
        near = shapely.boundary(shape).buffer(1.01 * stray)  # whose round corners have corners
        inside, doubtful = (shapely.contains_xy(area, columns + 0.5, rows + 0.5) for area in (shape, near))
        sure, possible = inside & ~doubtful, inside | doubtful
        if not sure.any():
            pixels = shapely.box(columns, rows, columns + 1, rows + 1)
            part, doubt = (shapely.area(shapely.intersection(area, pixels)) for area in (shape, near))
            possible |= (part + doubt > 0) & (part + doubt >= (part - doubt).max())
    else:
        sure, possible = (
            shapely.intersects(shape, shapely.box(columns + by, rows + by, columns + 1 - by, rows + 1 - by))
            for by in (stray, -stray)
        )
    return np.stack([rows[sure], columns[sure]], axis=1), np.stack(
        [rows[possible], columns[possible]], axis=1
    )


def away_from(shapes: list[Brute], scene: Scene) -> tuple[np.ndarray, np.ndarray]:
    """The least and the most that every pixel's distance to some shapes may be, in metres."""
    assert scene.scale is not None
    sides = (scene.scale.dy, scene.scale.dx)
    least, most = np.full(SIZE, np.inf), np.full(SIZE, np.inf)
    for shape in shapes:
        sure, possible = sure_and_possible(shape)
        least = np.minimum(least, distances(possible, sides))
        # Of those that are not sure it stands by one at least.
        farthest = (
            distances(sure, sides)
            if len(sure)
            else np.max([distances(p[None], sides) for p in possible], axis=0)
        )
        most = np.minimum(most, farthest)
    return least, most


def distances(pixels: np.ndarray, sides: tuple[float, float]) -> np.ndarray:
    there = np.ones(SIZE, bool)
    there[tuple(pixels.T)] = False
    return np.asarray(ndimage.distance_transform_edt(there, sampling=sides))


@lru_cache
def degrees_of(crs: str) -> tuple[pyproj.CRS, pyproj.Transformer]:
    system = pyproj.CRS.from_wkt(crs)
    return system, pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)


def hectares_of(shape: shapely.Geometry, scene: Scene) -> float:
    assert scene.crs is not None
    assert scene.transform is not None
    system, change = degrees_of(scene.crs.to_wkt())
    fine = shapely.segmentize(shape, max(shape.length / 400, 1e-6))
    degrees = shapely.transform(
        fine, lambda points: np.stack(change.transform(*(scene.transform * points.T)), axis=1)
    )
    geod = system.get_geod()
    return sum(abs(geod.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(degrees)) / 1e4


def answers(scene: Scene, maps: StackSegmenter, metres: float, limits: Limits | None) -> Any:
    return json.loads(run(PROGRAM.format(metres=metres), scene, segmenter=maps, limits=limits).stdout)


def test_a_sliver_is_as_far_whatever_vertices_its_straight_edges_have(tmp_path: Path) -> None:
    # Pixels of 2 m. The sliver covers no centre; most of it lies in column 103 of row 101, as much as in each of
    # the next sixteen (tests/spatial/test_covered.py). The road's pixel is ten columns to the left of the first.
    crs, centre, step = SCENES[0]
    scene = scene_of(crs, centre, step, 0.0, tmp_path)
    sliver = np.array([(102.1, 100.6), (138.1, 101.4), (102.1, 101.4)])
    one_more = np.array([(102.1, 100.6), (120.46, 101.008), (138.1, 101.4), (102.1, 101.4)])
    layer_of(tmp_path / "roof.gpkg", 2, [sliver, one_more], crs, scene)
    layer_of(tmp_path / "road.gpkg", 0, [np.array([(93.5, 101.5)])], crs, scene)
    maps = [VectorSegmenter(name, tmp_path / f"{name}.gpkg") for name in ("roof", "road")]
    for metres, number in ((19.9, 0), (20.0, 2)):
        _, near, _, distance = answers(scene, StackSegmenter(maps), metres, None)
        assert distance == [20.0, 20.0]
        assert len(near) == number


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    where=st.sampled_from(SCENES),
    layers=st.tuples(st.sampled_from(LAYERS), st.sampled_from(LAYERS)),
    kinds=st.tuples(st.sampled_from([2, 2, 1, 0]), st.sampled_from([0, 1, 2])),
    turned=st.sampled_from([0.0, 0.0, 25.0]),
    reach=st.floats(0.0, 60.0),
    tile=st.tuples(st.integers(20, 450), st.integers(20, 550)),
    memory=st.integers(4_000_000, 4_900_000),
    seed=st.integers(0, 10**6),
)
def test_one_number_whatever_the_tiles_and_the_memory_and_that_of_brute_force(
    where: tuple[str, tuple[float, float], float],
    layers: tuple[str, str],
    kinds: tuple[int, int],
    turned: float,
    reach: float,
    tile: tuple[int, int],
    memory: int,
    seed: int,
    tmp_path: Path,
) -> None:
    scene = scene_of(*where, 0.0 if where[0] == "EPSG:4326" else turned, tmp_path)
    assert scene.scale is not None
    rng = np.random.default_rng(seed)
    names, brute = ("roof", "road"), []
    for name, crs, kind, count in zip(names, layers, kinds, (40, 6), strict=True):
        path = tmp_path / f"{name}{seed}.gpkg"
        path.unlink(missing_ok=True)
        shapes = layer_of(path, kind, some_shapes(kind, count, rng), crs, scene)
        brute.append(placed(shapes, crs, scene))
    targets, references = brute
    if not (targets and references):
        return
    maps = [VectorSegmenter(name, tmp_path / f"{name}{seed}.gpkg") for name in names]
    metres = reach * scene.scale.dx
    whole = answers(scene, StackSegmenter(maps), metres, None)
    assert answers(scene, StackSegmenter(maps), metres, Limits(tile=tile)) == whole
    with pytest.MonkeyPatch.context() as patch:
        # A process as small as the scene, so that so little memory means tiles.
        patch.setattr(tiling, "resident_bytes", lambda: 0)
        assert answers(scene, StackSegmenter(maps), metres, Limits(resident_bytes=memory)) == whole

    area, near, near_area, distance = whole
    assert len(area) == len(targets)
    least, most = away_from(references, scene)
    stands = [sure_and_possible(one) for one in targets]
    lower = np.array([least[tuple(possible.T)].min() for _, possible in stands])
    upper = np.array(
        [most[tuple(sure.T)].min() if len(sure) else most[tuple(p.T)].max() for sure, p in stands]
    )
    rounding = 1e-6 * scene.scale.dx
    assert (np.asarray(distance) >= lower - rounding).all()
    assert (np.asarray(distance) <= upper + rounding).all()
    assert set(np.flatnonzero(upper <= metres - rounding).tolist()) <= set(near)
    assert set(near) <= set(np.flatnonzero(lower <= metres + rounding).tolist())
    if kinds[0] == 2:
        truth = np.array([hectares_of(one.shape, scene) for one in targets])
        # An outline that strays so far has no more on its sides than a band of that width; `Ellipsoid` promises a few
        # parts in a hundred thousand; and Geod adds up areas down to the equator (4e13 m² a radian) in float64.
        band = np.array([1.01 * one.stray * one.shape.length for one in targets]) * np.prod(scene.scale.sides)
        assert (np.abs(np.asarray(area) - truth) <= 5e-5 * truth + (band + 4e-3) / 1e4).all()
        found = dict(zip(near, near_area, strict=True))
        for k, (sure, possible) in enumerate(stands):
            if not len(sure):
                continue
            # Its part is that of its pixels within reach; those that are not sure may tip it either way.
            no_farther, no_nearer = metres - rounding, metres + rounding
            a, b = (most[tuple(sure.T)] <= no_farther).sum(), (most[tuple(possible.T)] > no_farther).sum()
            c, d = (least[tuple(possible.T)] <= no_nearer).sum(), (least[tuple(sure.T)] > no_nearer).sum()
            assert (
                a / (a + b) * area[k] * (1 - 1e-9) <= found.get(k, 0.0) <= c / (c + d) * area[k] * (1 + 1e-9)
            )
