"""Footprints counted within 50 m of water: the features of vector layers over a scene of 20,000 x 20,000 pixels.

    python bench/features_bench.py                            10,000, 100,000 and 1,000,000 footprints
    python bench/features_bench.py --footprints 10000,100000
    python bench/features_bench.py --water polygons           or labels: one of the two references alone

Everybody gets the same files and has to read them. Water comes in two forms: as polygons of a GeoPackage, and as the
class of a label raster of the scene's size, which geopandas has to make polygons of first (`rasterio.features.shapes`,
of the water alone). Each way is asked in a process of its own that imports its libraries before the clock starts:

* question: "How many buildings are within 50 m of water?" with planimeter, from the question's text to the answer
  and the shapes behind it;
* functions: the same with planimeter's functions, as a script of one's own would call them;
* geopandas: both layers read, and its spatial index (an R-tree) asked for the pairs at most 50 m apart.

Planimeter's distances are between the centres of pixels that features stand by, geopandas' between outlines, so the
counts differ by what lies within about a pixel of the 50 m. Planimeter also knows the ground of every footprint.
The houses have four corners, which planimeter sees to be valid without asking GEOS; other outlines cost it more.
Memory is the peak of resident memory as the kernel counts it, with that of the sandbox's process; seconds are those of
the wall, and of the processor, the sandbox's among them. "times" is how many times as long geopandas' processor takes:
on a machine that does other work, too, the wall says less.
"""

from __future__ import annotations

import argparse
import compileall
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

import planimeter

SIDE = 20_000  # pixels, of a metre
METRES = 50.0
LAKES = 400
CRS = "EPSG:32633"
WEST, NORTH = 4e5, 5.5e6

START = """
import json, resource, sys, time
folder, water = sys.argv[1:]
def begun():
    mine = resource.getrusage(resource.RUSAGE_SELF)
    return time.perf_counter(), mine.ru_utime + mine.ru_stime
"""
QUESTION = """
from planimeter.ask import ask
from planimeter.raster.vector import read_features
import pyarrow, pyogrio, shapely  # planimeter loads them with the first layer; geopandas has loaded them, too
from planimeter.segment import LabelSegmenter, StackSegmenter, VectorSegmenter
started, used = begun()
roofs = VectorSegmenter("roof", f"{folder}/roof.gpkg")
if water == "polygons":
    reference = VectorSegmenter("water", f"{folder}/water.gpkg")
else:
    reference = LabelSegmenter(f"{folder}/water.tif", f"{folder}/legend.json")
question = "How many buildings are within 50 m of water?"
count = ask(f"{folder}/scene.tif", question, segmenter=StackSegmenter([roofs, reference])).answer
"""
FUNCTIONS = """
from planimeter.raster import open_scene
from planimeter.raster.vector import read_features
import pyarrow, pyogrio, shapely  # planimeter loads them with the first layer; geopandas has loaded them, too
from planimeter.segment import LabelSegmenter, VectorSegmenter
from planimeter.spatial.runs import runs_of
from planimeter.spatial.tiled import near_runs
from planimeter.spatial.tiles import Tiling
started, used = begun()
scene = open_scene(f"{folder}/scene.tif")
roofs = VectorSegmenter("roof", f"{folder}/roof.gpkg").features(scene, ["roof"])["roof"]
if water == "polygons":
    area = VectorSegmenter("water", f"{folder}/water.gpkg").features(scene, ["water"])["water"].united()
else:
    seen = LabelSegmenter(f"{folder}/water.tif", f"{folder}/legend.json").look(scene, ["water"])
    area = runs_of(seen.masks["water"])
near = near_runs(area, 50.0, scene.scale.dx, scene.scale.dy, Tiling(scene.shape, *scene.shape))
count = len(roofs.cut(near, inside=True)[1])
"""
THEIRS = """
import geopandas, numpy, pyogrio, rasterio, rasterio.features, shapely
started, used = begun()
roofs = geopandas.read_file(f"{folder}/roof.gpkg")
if water == "polygons":
    lakes = geopandas.read_file(f"{folder}/water.gpkg").geometry.values
else:
    with rasterio.open(f"{folder}/water.tif") as file:
        labels = file.read(1)
        found = rasterio.features.shapes(labels, mask=labels == 1, connectivity=8, transform=file.transform)
        lakes = numpy.array([shapely.geometry.shape(shape) for shape, _ in found])
pairs = roofs.sindex.query(lakes, predicate="dwithin", distance=50.0)
count = len(numpy.unique(pairs[1]))
"""
REPORT = """
mine, wall = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter() - started
sandbox = 0
if "planimeter" in sys.modules:
    from planimeter.program import sandbox as workers
    for worker in workers._idle:
        lines = open(f"/proc/{worker._pid}/status").read().splitlines()
        sandbox = max([sandbox, *(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))])
print(json.dumps({
    "count": int(count), "wall": wall, "imports": used, "peak": (mine.ru_maxrss + sandbox) / 1024,
}))
"""
BETWEEN = """
import json, resource, subprocess, sys
found = json.loads(subprocess.run(sys.argv[1:], stdout=subprocess.PIPE, text=True, check=True).stdout)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
found["cpu"] = used.ru_utime + used.ru_stime - found.pop("imports")
print(json.dumps(found))
"""
WAYS = {"question": QUESTION, "functions": FUNCTIONS, "geopandas": THEIRS}


def make(folder: Path, footprints: int, seed: int = 5) -> None:
    """A scene without a picture worth looking at, lakes of 60 corners, and turned houses of 6 to 18 m."""
    import rasterio
    import shapely
    from pyogrio import raw
    from rasterio.features import rasterize
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
    inside = ((lake, 1) for lake in lakes)
    labels = rasterize(inside, (SIDE, SIDE), transform=from_origin(WEST, NORTH, 1, 1), dtype="uint8")
    options = {"crs": CRS, "transform": from_origin(WEST, NORTH, 1, 1), "tiled": True, "compress": "deflate"}
    with rasterio.open(
        folder / "water.tif", "w", driver="GTiff", height=SIDE, width=SIDE, count=1, dtype="uint8", **options
    ) as file:
        file.write(labels, 1)
    (folder / "legend.json").write_text('{"water": [1]}')
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


def measured(code: str, folder: Path, water: str) -> dict[str, float]:
    """What one process says of itself, and what the kernel says of it and of the sandbox's."""
    command = [sys.executable, "-c", START + code + REPORT, str(folder), water]
    # A process between, whose children are these alone.
    done = subprocess.run(
        [sys.executable, "-c", BETWEEN, *command], stdout=subprocess.PIPE, text=True, check=True
    )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--footprints", default="10000,100000,1000000")
    options.add_argument("--water", default="polygons,labels")
    chosen = options.parse_args()
    # A package that is installed has its bytecode, as geopandas has; a working tree may not.
    compileall.compile_dir(Path(planimeter.__file__).parent, quiet=1)
    print(
        f"{'footprints':>12} {'water':9} {'way':10} {'count':>9} {'wall s':>8} {'CPU s':>8} {'MiB':>7} {'times':>7}"
    )
    for text in chosen.footprints.split(","):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "data"
            make(folder, int(text))
            for water in chosen.water.split(","):
                ways = {name: measured(code, folder, water) for name, code in WAYS.items()}
                for name, found in ways.items():
                    times = "" if name == "geopandas" else f"{ways['geopandas']['cpu'] / found['cpu']:.1f}"
                    print(
                        f"{int(text):12,} {water:9} {name:10} {int(found['count']):9,} {found['wall']:8.2f} "
                        f"{found['cpu']:8.2f} {found['peak']:7,.0f} {times:>7}",
                        flush=True,
                    )


if __name__ == "__main__":
    main()
