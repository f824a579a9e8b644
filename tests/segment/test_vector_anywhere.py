"""Random layers on random scenes: one number whatever the tiles and the memory, and the one of brute force.

Brute force gives every edge very many vertices, moves each of them, cuts at the scene's border last, asks shapely of
every pixel's centre and scipy for every pixel's distance, and measures areas with pyproj.Geod.
"""

from __future__ import annotations

import json
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
    change = pyproj.Transformer.from_crs(scene.crs.to_wkt(), crs, always_xy=True)
    kinds = (lambda points: shapely.Point(points[0]), shapely.LineString, shapely.Polygon)
    shapes = []
    for points in corners:
        own = np.stack(change.transform(*(scene.transform * (points[:, 0], points[:, 1]))), axis=1)
        shapes.append(kinds[kind](own))
    shapes = [shape for shape in shapes if shape.is_valid]
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


def placed(shapes: list[shapely.Geometry], crs: str, scene: Scene) -> list[shapely.Geometry]:
    """The shapes in pixels, cut at the border; those that are in the scene."""
    assert scene.crs is not None
    assert scene.transform is not None
    change = pyproj.Transformer.from_crs(crs, scene.crs.to_wkt(), always_xy=True)
    border = shapely.box(0, 0, SIZE[1], SIZE[0])
    found = []
    for shape in shapes:
        if not isinstance(shape, shapely.Point):
            shape = shapely.segmentize(shape, shape.length / 400)
        moved = shapely.transform(
            shape, lambda points: np.stack(~scene.transform * change.transform(*points.T), axis=1)
        )
        kept = shapely.intersection(moved, border)
        if not kept.is_empty and (kept.area > 1e-6 or kept.length > 1e-6 or shape.geom_type == "Point"):
            found.append(kept)
    return found


def pixels_of(shape: shapely.Geometry) -> np.ndarray:
    """(N, 2) rows and columns of the pixels that a shape stands by."""
    x0, y0, x1, y1 = (int(value) for value in np.floor(shape.bounds))
    columns, rows = np.meshgrid(
        np.arange(x0, min(x1, SIZE[1] - 1) + 1), np.arange(y0, min(y1, SIZE[0] - 1) + 1)
    )
    columns, rows = columns.ravel(), rows.ravel()
    if shapely.get_dimensions(shape) == 2:
        inside = shapely.contains_xy(shape, columns + 0.5, rows + 0.5)
        if not inside.any():
            point = shapely.point_on_surface(shape)
            return np.array([[int(point.y), int(point.x)]])
    elif shapely.get_dimensions(shape) == 1:
        inside = shapely.intersects(shape, shapely.box(columns, rows, columns + 1, rows + 1))
    else:
        inside = np.ones(len(columns), bool)
    return np.stack([rows[inside], columns[inside]], axis=1)


def hectares_of(shape: shapely.Geometry, scene: Scene) -> float:
    assert scene.crs is not None
    assert scene.transform is not None
    system = pyproj.CRS.from_wkt(scene.crs.to_wkt())
    change = pyproj.Transformer.from_crs(system, system.geodetic_crs, always_xy=True)
    fine = shapely.segmentize(shape, max(shape.length / 400, 1e-6))
    degrees = shapely.transform(
        fine, lambda points: np.stack(change.transform(*(scene.transform * points.T)), axis=1)
    )
    geod = system.get_geod()
    return sum(abs(geod.geometry_area_perimeter(part)[0]) for part in shapely.get_parts(degrees)) / 1e4


def answers(scene: Scene, maps: StackSegmenter, metres: float, limits: Limits | None) -> Any:
    return json.loads(run(PROGRAM.format(metres=metres), scene, segmenter=maps, limits=limits).stdout)


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
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
    road = np.zeros(SIZE, bool)
    for shape in references:
        road[tuple(pixels_of(shape).T)] = True
    away = ndimage.distance_transform_edt(~road, sampling=(scene.scale.dy, scene.scale.dx))
    pixels = [pixels_of(shape) for shape in targets]
    apart = [away[tuple(part.T)] for part in pixels]
    # Moving a vertex by a hundredth of a pixel moves a pixel in or out here and there.
    least = np.array([part.min() for part in apart])
    tolerance = 1.5 * max(scene.scale.sides)
    assert np.asarray(distance) == pytest.approx(least, abs=tolerance)
    assert np.mean(np.abs(np.asarray(distance) - least) < 1e-6 * scene.scale.dx) > 0.8
    sure = np.abs(least - metres) > tolerance
    assert {k for k in near if sure[k]} == set(np.flatnonzero(sure & (least <= metres)).tolist())
    if kinds[0] == 2:
        truth = np.array([hectares_of(shape, scene) for shape in targets])
        # A vertex is placed to a thousandth of a pixel; that is more than a thousandth of slivers at the border.
        assert np.asarray(area) == pytest.approx(truth, rel=1e-3, abs=1e-7 * np.prod(scene.scale.sides))
        part = np.array([(part <= metres).mean() for part in apart]) * truth
        many = [k for k, own in enumerate(pixels) if len(own) > 200]
        found = dict(zip(near, near_area, strict=True))
        for k in many:
            assert found.get(k, 0.0) == pytest.approx(part[k], abs=0.03 * truth[k])
