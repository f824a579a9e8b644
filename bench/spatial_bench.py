"""Masks to numbers: a proximity question against two usual pipelines, and how it grows with the scene.

The question is "how many buildings are within 100 m of water, and how much of their area?" with the masks
given, on 4096 x 4096 pixels of 0.5 m with over 3,000 buildings. The rivals are what one would write today:

* scipy: `ndimage.label`, `distance_transform_edt`, `minimum` and `sum` per label;
* polygons: `rasterio.features.shapes`, then geopandas: buffer the water, cut the buildings it reaches.

All run in one process; the figure is the best of nine (planimeter), two (scipy), one (polygons). Growth is
measured in fresh processes on one pattern repeated: time, and the peak of resident memory above the
masks.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np

from planimeter.spatial import clip, label_regions, region_distances, within_distance

GSD = 0.5
DISTANCE = 100.0
SIZES = (1024, 2048, 4096, 8192, 16384)
Masks = tuple[np.ndarray, np.ndarray]


def town(size: int, seed: int = 7) -> Masks:
    """Deterministic masks: buildings as turned rectangles, lakes and streams with winding shores."""
    random = np.random.default_rng(seed)
    coarse = random.normal(size=(size // 128 + 2, size // 128 + 2)).astype(np.float32)
    height = cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC)
    water = height > 1.9
    roofs = np.zeros((size, size), np.uint8)
    for _ in range(size * size // 3600):
        centre, sides = random.uniform(0, size, 2), random.uniform(8, 32, 2)
        corners = cv2.boxPoints((centre.tolist(), sides.tolist(), float(random.uniform(0, 90))))
        cv2.fillPoly(roofs, [corners.astype(np.int32)], 1)
    return (roofs == 1) & ~water, water


def ours(roofs: np.ndarray, water: np.ndarray) -> tuple[int, float]:
    buildings = label_regions(roofs, pixel_area=GSD * GSD)
    near, _ = clip(buildings, within_distance(water, DISTANCE, GSD, GSD))
    assert near.area_m2 is not None
    return len(near), float(near.area_m2.sum())


def with_scipy(roofs: np.ndarray, water: np.ndarray) -> tuple[int, float]:
    from scipy import ndimage

    labels, count = ndimage.label(roofs, np.ones((3, 3)))
    distance = ndimage.distance_transform_edt(~water, sampling=GSD)
    index = np.arange(1, count + 1)
    nearest = ndimage.minimum(distance, labels, index)
    area = ndimage.sum(distance <= DISTANCE, labels, index) * GSD * GSD
    return int((nearest <= DISTANCE).sum()), float(area.sum())


def with_polygons(roofs: np.ndarray, water: np.ndarray) -> tuple[int, float]:
    import geopandas
    import shapely
    from rasterio import features
    from rasterio.transform import from_origin

    transform = from_origin(0, 0, GSD, GSD)

    def polygons(mask: np.ndarray) -> geopandas.GeoSeries:
        found = features.shapes(mask.view(np.uint8), mask=mask, connectivity=8, transform=transform)
        shapes = [shapely.geometry.shape(geometry) for geometry, _ in found]
        return geopandas.GeoSeries(shapes).make_valid()

    buildings = polygons(roofs)
    reach = polygons(water).buffer(DISTANCE).union_all()
    shapely.prepare(reach)
    near = buildings[buildings.intersects(reach)]
    # Only what the edge of the buffer crosses must be cut; the rest counts whole.
    whole = near.within(reach)
    area = near[whole].area.sum() + near[~whole].intersection(reach).area.sum()
    return len(near), float(area)


def best(function: Callable[..., Any], *arguments: Any, rounds: int = 3) -> tuple[float, Any]:
    seconds = []
    for _ in range(rounds):
        started = time.perf_counter()
        result = function(*arguments)
        seconds.append(time.perf_counter() - started)
    return min(seconds), result


def proximity() -> None:
    roofs, water = town(4096)
    buildings = label_regions(roofs)
    print(f"4096 x 4096, {len(buildings)} buildings, {roofs.mean():.1%} roof, {water.mean():.1%} water")
    rounds = {"planimeter": 9, "scipy": 2, "polygons": 1}
    rows = [(name, *best(run, roofs, water, rounds=rounds[name])) for name, run in PIPELINES.items()]
    base, (count, area) = rows[0][1:]
    for name, seconds, (found, square_metres) in rows:
        print(
            f"{name:<10} {seconds * 1000:8.0f} ms  {seconds / base:6.1f} x   "
            f"{found} buildings, {square_metres:.2f} m2"
        )
    assert (count, round(area, 3)) == (rows[1][2][0], round(rows[1][2][1], 3)), "scipy must agree exactly"
    print("(polygons measure between outlines, not pixel centres: their figures differ a little)")


PIPELINES = {"planimeter": ours, "scipy": with_scipy, "polygons": with_polygons}


def steps() -> None:
    """Times of the single operations on 4096 x 4096."""
    from planimeter.spatial import distance_map, perimeters

    roofs, water = town(4096)
    regions = label_regions(roofs, GSD * GSD)
    near = within_distance(water, DISTANCE, GSD, GSD)
    single: dict[str, Callable[[], object]] = {
        "label_regions": lambda: label_regions(roofs, GSD * GSD),
        "within_distance 10 m": lambda: within_distance(water, 10.0, GSD, GSD),
        "within_distance 100 m": lambda: within_distance(water, DISTANCE, GSD, GSD),
        "within_distance 300 m": lambda: within_distance(water, 300.0, GSD, GSD),
        "clip": lambda: clip(regions, near),
        "region_distances": lambda: region_distances(regions, water, GSD, GSD),
        "distance_map": lambda: distance_map(water, GSD, GSD),
        "perimeters": lambda: perimeters(regions, GSD, GSD),
        "polygons of all": lambda: regions.polygons(),
        "polygon of one": lambda: regions.polygon(len(regions) // 2),
    }
    for name, function in single.items():
        print(f"  {name:<24} {best(function)[0] * 1000:8.1f} ms")


def _peak_bytes() -> int:
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def _reset_peak() -> None:
    with open("/proc/self/clear_refs", "w", encoding="ascii") as control:
        control.write("5")


def measure(size: int) -> None:
    """Run in a fresh process: print seconds and peak bytes above the masks for one size."""
    pattern = town(1024)
    repeats = size // 1024
    roofs, water = (np.tile(mask, (repeats, repeats)) for mask in pattern)
    ours(*pattern)  # load what is loaded lazily
    figures = {}
    for name, function in {
        "question": lambda: ours(roofs, water),
        "region_distances": lambda: region_distances(label_regions(roofs), water, GSD, GSD),
    }.items():
        _reset_peak()
        before = _peak_bytes()
        started = time.perf_counter()
        function()
        figures[name] = (time.perf_counter() - started, _peak_bytes() - before)
    print(json.dumps(figures))


def growth() -> None:
    print("size        question: ns/pixel  peak bytes/pixel     region_distances: ns/pixel  peak bytes/pixel")
    for size in SIZES:
        command = [sys.executable, __file__, "measure", str(size)]
        figures = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        cells = [
            f"{seconds / size**2 * 1e9:18.1f} {peak / size**2:17.1f}" for seconds, peak in figures.values()
        ]
        print(f"{size:5d}^2  {cells[0]}         {cells[1]}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["measure"]:
        measure(int(sys.argv[2]))
    else:
        proximity()
        steps()
        growth()
