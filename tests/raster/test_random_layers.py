"""Random polygons, lines and points in random projections: as brute force places them, however far they reach."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rasterio.transform import Affine

from planimeter.raster import Scene, open_scene
from planimeter.raster.clip import place
from planimeter.raster.placing import Placing

#: Of a scene: its CRS, its centre in degrees and the size of its pixels in the unit of the CRS.
SCENES = [
    ("EPSG:32633", (15.0, 47.0), 50.0),
    ("EPSG:32633", (13.2, 69.0), 2000.0),
    ("EPSG:4326", (-60.0, -20.0), 0.01),
    ("EPSG:4326", (200.0, 5.0), 0.1),
    ("EPSG:3857", (10.0, 60.0), 500.0),
    ("EPSG:3413", (-40.0, 75.0), 5000.0),
    ("EPSG:3413", (100.0, 88.0), 20_000.0),
    ("EPSG:3035", (10.0, 52.0), 10_000.0),
    ("EPSG:32660", (179.9, 10.0), 1000.0),
]
LAYERS = ["EPSG:4326", "EPSG:3857", "EPSG:3413", "EPSG:8857", "EPSG:4258"]
SIZE = (60, 80)


def scene_of(crs: str, centre: tuple[float, float], step: float, turned: float, folder: Path) -> Scene:
    x, y = pyproj.Transformer.from_crs(4326, crs, always_xy=True).transform(*centre)
    x = centre[0] if crs == "EPSG:4326" else x
    grid = Affine.translation(x, y) * Affine.rotation(turned) * Affine.scale(step, -step)
    grid = grid * Affine.translation(-SIZE[1] / 2, -SIZE[0] / 2)
    path = folder / "s.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="uint8",
        count=1,
        height=SIZE[0],
        width=SIZE[1],
        crs=crs,
        transform=grid,
    ) as file:
        file.write(np.zeros((1, *SIZE), np.uint8))
    return open_scene(path)


def brute(shape: shapely.Geometry, layer: str, scene: Scene) -> shapely.Geometry:
    """The shape with very many vertices, each of them moved, and cut at the border last."""
    assert scene.crs is not None
    assert scene.transform is not None
    change = pyproj.Transformer.from_crs(layer, scene.crs.to_wkt(), always_xy=True)
    middle = (scene.transform * (SIZE[1] / 2, SIZE[0] / 2))[0]

    def moved(points: np.ndarray) -> np.ndarray:
        x, y = change.transform(*points.T)
        if scene.crs.is_geographic:
            x = x + np.rint((middle - x) / 360) * 360
        return np.stack(~scene.transform * (np.asarray(x), np.asarray(y)), axis=1)

    longest = max(*np.ptp(shapely.get_coordinates(shape), axis=0), 1e-9) / 4000
    result = shapely.transform(shapely.segmentize(shape, longest), moved)
    return shapely.intersection(shapely.make_valid(result), shapely.box(0, 0, SIZE[1], SIZE[0]))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    where=st.sampled_from(SCENES),
    layer=st.sampled_from(LAYERS),
    turned=st.sampled_from([0.0, 0.0, 25.0]),
    kind=st.sampled_from([0, 1, 2]),
    size=st.floats(0.02, 1.5),
    seed=st.integers(0, 10**6),
)
def test_what_is_placed_is_what_brute_force_places(
    where: tuple[str, tuple[float, float], float],
    layer: str,
    turned: float,
    kind: int,
    size: float,
    seed: int,
    tmp_path: Path,
) -> None:
    scene = scene_of(*where, turned, tmp_path)
    assert scene.crs is not None
    assert scene.transform is not None
    rng = np.random.default_rng(seed)
    angles = np.sort(rng.uniform(0, 2 * np.pi, 7))
    spread = size * max(SIZE)
    star = rng.uniform(0.3, 1.0, 7) * spread
    centre = rng.uniform((0, 0), SIZE[::-1])
    points = centre + np.stack([star * np.cos(angles), star * np.sin(angles)], axis=1)
    # Corners near the scene in the layer's own coordinates, joined by lines that are straight there.
    to_layer = pyproj.Transformer.from_crs(scene.crs.to_wkt(), layer, always_xy=True)
    own = np.stack(to_layer.transform(*(scene.transform * (points[:, 0], points[:, 1]))), axis=1)
    if np.ptp(own[:, 0]) > (180 if layer in ("EPSG:4326", "EPSG:4258") else 1e7):
        return  # across the edge of the layer's own coordinates, which tests of their own look at
    shape = (shapely.MultiPoint, shapely.LineString, shapely.Polygon)[kind](own)
    if not shape.is_valid:
        return
    placing = Placing(pyproj.CRS.from_user_input(layer), scene)
    found = place(np.array([shape]), kind, placing, "layer")
    expected = brute(shape, layer, scene)
    if kind == 0:
        count = int(shapely.get_num_geometries(found.pixels).sum()) if len(found.pixels) else 0
        inside = shapely.get_coordinates(brute(shape, layer, scene))
        assert count == len(inside)
        if count:
            assert np.sort(shapely.get_coordinates(found.pixels), axis=0) == pytest.approx(
                np.sort(inside, axis=0), abs=1e-4
            )
        return
    measure = (None, shapely.length, shapely.area)[kind]
    assert measure is not None
    got = float(measure(found.pixels).sum())
    slack = 0.02 * (expected.length if kind == 2 else 4)
    assert got == pytest.approx(float(measure(expected)), rel=1e-3, abs=slack + 1e-6)
    if got > 1:
        assert shapely.hausdorff_distance(found.pixels[0], expected) < 0.05
