"""Footprints counted within 50 m of water: the features of two vector layers over a scene of 20,000 x 20,000 pixels.

    python bench/features_bench.py                            10,000, 100,000 and 1,000,000 footprints
    python bench/features_bench.py --footprints 10000,100000

The same two GeoPackages are asked in two ways, each in a process of its own that imports its libraries first: the
question "How many buildings are within 50 m of water?" with planimeter, from the question's text to the answer, and in
geopandas, which reads both layers and asks its spatial index (an R-tree) for the pairs at most 50 m apart.
Planimeter's distances are between the centres of pixels that features stand by, geopandas' between outlines, so the
two counts differ by what lies within about a pixel of the 50 m; both are printed. For a plain count geopandas is the
faster one: planimeter also measures every feature's ground and pixels, and runs a program over them. Memory is the peak of resident
memory as the kernel counts it, with that of the sandbox's process; seconds are those of the wall, and of the processor.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

SIDE = 20_000  # pixels, of a metre
METRES = 50.0
LAKES = 400
CRS = "EPSG:32633"
WEST, NORTH = 4e5, 5.5e6

OURS = """
import json, resource, sys, time
from planimeter.ask import ask
from planimeter.raster.vector import read_features
from planimeter.segment import StackSegmenter, VectorSegmenter
folder = sys.argv[1]
started, used = time.perf_counter(), time.process_time()
roofs, water = VectorSegmenter("roof", f"{folder}/roof.gpkg"), VectorSegmenter("water", f"{folder}/water.gpkg")
question = "How many buildings are within 50 m of water?"
count = ask(f"{folder}/scene.tif", question, segmenter=StackSegmenter([roofs, water])).answer
"""
THEIRS = """
import json, resource, sys, time
import geopandas, numpy, pyogrio, shapely
folder = sys.argv[1]
started, used = time.perf_counter(), time.process_time()
roofs = geopandas.read_file(f"{folder}/roof.gpkg")
water = geopandas.read_file(f"{folder}/water.gpkg")
pairs = roofs.sindex.query(water.geometry, predicate="dwithin", distance=50.0)
count = len(numpy.unique(pairs[1]))
"""
REPORT = """
mine = resource.getrusage(resource.RUSAGE_SELF)
others = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({
    "count": int(count), "wall": time.perf_counter() - started, "cpu": time.process_time() - used,
    "peak": (mine.ru_maxrss + others.ru_maxrss) / 1024,
}))
"""


def make(folder: Path, footprints: int, seed: int = 5) -> None:
    """A scene without a picture worth looking at, lakes of 60 corners, and turned houses of 6 to 18 m."""
    import rasterio
    import shapely
    from pyogrio import raw
    from rasterio.transform import from_origin

    rng = np.random.default_rng(seed)
    folder.mkdir()
    with rasterio.open(
        folder / "scene.tif",
        "w",
        driver="GTiff",
        height=SIDE,
        width=SIDE,
        count=1,
        dtype="uint8",
        crs=CRS,
        transform=from_origin(WEST, NORTH, 1, 1),
        tiled=True,
        compress="deflate",
        sparse_ok=True,
    ):
        pass
    corner = np.array([WEST, NORTH - SIDE])
    angle = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    radius = rng.uniform(40, 250, (LAKES, 1)) * (1 + 0.3 * np.sin(3 * angle + rng.uniform(0, 6, (LAKES, 1))))
    centre = corner + rng.uniform(0, SIDE, (LAKES, 1, 2))
    lakes = shapely.polygons(centre + radius[..., None] * np.stack([np.cos(angle), np.sin(angle)], axis=1))
    half = rng.uniform(3, 9, (footprints, 2))
    turn = rng.uniform(0, np.pi, footprints)
    box = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * half[:, None]
    cosine, sine = np.cos(turn)[:, None], np.sin(turn)[:, None]
    x = box[..., 0] * cosine - box[..., 1] * sine
    y = box[..., 0] * sine + box[..., 1] * cosine
    place = corner + rng.uniform(20, SIDE - 20, (footprints, 1, 2))
    houses = shapely.polygons(np.stack([x, y], axis=-1) + place)
    for name, shapes in (("water", lakes), ("roof", houses)):
        raw.write(
            folder / f"{name}.gpkg",
            geometry=np.asarray(shapely.to_wkb(shapes), dtype=object),
            field_data=[np.arange(len(shapes))],
            fields=["number"],
            geometry_type="Polygon",
            crs=CRS,
            layer=name,
            driver="GPKG",
        )


def measured(code: str, folder: Path) -> dict[str, float]:
    """What one process says of itself."""
    done = subprocess.run(
        [sys.executable, "-c", code + REPORT, str(folder)], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--footprints", default="10000,100000,1000000")
    chosen = options.parse_args()
    print(
        f"{'footprints':>12} {'':10} {'count':>9} {'wall s':>8} {'CPU s':>8} {'peak MiB':>9}   times as fast"
    )
    for text in chosen.footprints.split(","):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "data"
            make(folder, int(text))
            ours, theirs = measured(OURS, folder), measured(THEIRS, folder)
        for name, found in (("planimeter", ours), ("geopandas", theirs)):
            times = f"{theirs['wall'] / ours['wall']:.1f}" if found is ours else ""
            print(
                f"{int(text):12,} {name:10} {int(found['count']):9,} {found['wall']:8.2f} {found['cpu']:8.2f} "
                f"{found['peak']:9,.0f}   {times}"
            )


if __name__ == "__main__":
    main()
