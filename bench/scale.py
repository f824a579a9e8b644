"""Scenes larger than memory: exact numbers, memory and time against size, workers, and a plain script.

    python bench/scale.py                          4096 and 8192 pixels a side
    python bench/scale.py --sizes 4096,8192,16384,32768 --max-memory 4GiB
    python bench/scale.py --truth 32768            only the numbers, against the truth

Worlds are mosaics (`planimeter.worlds.mosaic`). Of three figures the truth is known without Planimeter's
own measuring: buildings are counted by the generator as it places them; buildings within 50 m of water and the
area of forest within 100 m of roads come from OpenCV's connected components and exact distance transform, strip by
strip with an overlap of the distance. Buildings never cross a strip, because they never touch a block's border.

Every measurement is a process of its own. Memory is the peak of resident memory as the kernel counts it, with that
of the sandbox's process.
Processor seconds are what to compare on a machine that does other things; wall seconds are what was waited.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import psutil
import rasterio
from rasterio.windows import Window

GSD = 0.5
SEED = 11
DENSITY = 9.0
STRIP = 2048  # rows: a row of blocks of the mosaic
PROGRAM = """
shapes = segment_image_from_path(IMAGE_PATH, ["roof", "water", "forest", "road"], gsd=gsd)["shapes"]
roofs = [s for s in shapes if s["class_type"] == "roof"]
water = [s for s in shapes if s["class_type"] == "water"]
forest = [s for s in shapes if s["class_type"] == "forest"]
roads = [s for s in shapes if s["class_type"] == "road"]
near = find_shapes_within_distance(roofs, water, 50.0, gsd)
beside = find_shapes_within_distance(forest, roads, 100.0, gsd)
print(len(roofs), len(near), sum(s["area_pixels"] for s in beside))
answer = sum(s["area_hectares"] for s in beside)
"""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--sizes", default="4096,8192")
    options.add_argument("--max-memory", default="1GiB")
    options.add_argument("--folder", help="where worlds lie; kept. By default a temporary folder")
    options.add_argument("--truth", type=int, metavar="SIZE", help="only check the numbers at this size")
    options.add_argument(
        "--scaling",
        type=int,
        metavar="SIZE",
        help="size for one worker against two; else the last of --sizes",
    )
    options.add_argument("--plain", type=int, default=4096, metavar="SIZE", help="size for the plain script")
    options.add_argument("--only", help=argparse.SUPPRESS)  # the work of a child process
    chosen = options.parse_args()
    if chosen.only:
        print(json.dumps(CHILDREN[chosen.only](json.loads(sys.stdin.read()))))
        return
    folder = Path(chosen.folder or tempfile.mkdtemp(prefix="planimeter-scale-"))
    try:
        if chosen.truth:
            measured(folder, chosen.truth, chosen.max_memory, workers=2)
            return
        growth(folder, [int(size) for size in chosen.sizes.split(",")], chosen.max_memory)
        scaling(folder, chosen.scaling or int(chosen.sizes.split(",")[-1]), chosen.max_memory)
        against_plain(folder, chosen.plain)
    finally:
        if not chosen.folder:
            shutil.rmtree(folder)


def growth(folder: Path, sizes: list[int], max_memory: str) -> None:
    """Time and memory against size; every figure is checked against the truth."""
    print(f"--max-memory {max_memory}, 2 workers")
    rows = [(size, measured(folder, size, max_memory, workers=2)) for size in sizes]
    start = child("start", {"max_memory": max_memory})["cpu"]
    print(f"start-up alone: {start:.1f} processor s")
    per_pixel = [(row["cpu"] - start) / size**2 for size, row in rows if row["tiles"] > 1]
    if len(per_pixel) > 1:
        spread = max(per_pixel) / min(per_pixel)
        print(
            f"processor time per pixel after start-up, of scenes in tiles, largest / smallest: {spread:.2f}"
        )


def measured(folder: Path, size: int, max_memory: str, workers: int) -> dict[str, Any]:
    """Measure a world of one size, check the numbers, print a line."""
    world = world_of(folder, size)
    truth = truth_of(world, size)
    question = {"world": str(world), "max_memory": max_memory, "workers": workers}
    found = child("ours", question)
    assert found["numbers"] == truth, f"{found['numbers']} is not the truth, {truth}"
    each = found["cpu"] / size**2 * 1e9
    print(
        f"{size:>6}²  {found['wall']:7.1f} s  {found['cpu']:7.1f} processor s  {each:6.1f} ns/pixel  "
        f"peak {found['peak'] / 2**20:6.0f} MiB  {found['tiles']:>3} tiles  {workers} workers  exact: {truth}",
        flush=True,
    )
    return found


def scaling(folder: Path, size: int, max_memory: str) -> None:
    """The same scene with one worker and with two."""
    one, two = (measured(folder, size, max_memory, workers) for workers in (1, 2))
    print(f"from 1 to 2 workers at {size}²: {one['wall'] / two['wall']:.2f} x in wall time")


def against_plain(folder: Path, size: int) -> None:
    """What one would write with rasterio and scipy, on what fits."""
    world = world_of(folder, size)
    ours = measured(folder, size, "1GiB", workers=2)
    plain = child("plain", {"world": str(world)})
    assert plain["numbers"] == ours["numbers"], "the plain script must agree"
    print(
        f"rasterio + scipy at {size}²: {plain['wall']:.1f} s, "
        f"{plain['cpu']:.1f} processor s ({plain['cpu'] / ours['cpu']:.1f} x), "
        f"peak {plain['peak'] / 2**20:.0f} MiB ({plain['peak'] / ours['peak']:.1f} x)"
    )


def world_of(folder: Path, size: int) -> Path:
    """The folder of a mosaic, made in a process of its own where it is not there."""
    target = folder / str(size)
    if not (target / "truth.json").exists():
        made = child("world", {"folder": str(target), "size": size})
        print(
            f"{size:>6}²  written in {made['cpu']:.0f} processor s, peak {made['peak'] / 2**20:.0f} MiB",
            flush=True,
        )
    return target


def truth_of(world: Path, size: int) -> list[int]:
    """Buildings, buildings within 50 m of water, pixels of forest within 100 m of roads; kept beside the world."""
    file = world / "measured_by_opencv.json"
    if not file.exists():
        file.write_text(json.dumps(child("truth", {"world": str(world), "size": size})["numbers"]))
    return [int(number) for number in json.loads(file.read_text())]


def child(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Do something in a fresh process, and say what it took."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--only", name],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{name} failed: {done.stderr[-2000:]}")
    return {**json.loads(done.stdout.splitlines()[-1]), "wall": time.perf_counter() - started}


def spent() -> dict[str, float]:
    """Peak memory of this process and of those it started and keeps (the sandbox), and processor seconds."""
    here = psutil.Process()
    peak = 0
    for process in (here, *here.children(recursive=True)):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it ended while it was looked at
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8").splitlines()
            peak += sum(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    return {"peak": peak, "cpu": sum(os.times()[:4])}


def make(given: dict[str, Any]) -> dict[str, Any]:
    from planimeter.worlds.mosaic import write_mosaic

    write_mosaic(
        given["folder"], SEED, given["size"], GSD, density=DENSITY, distinct=min(16, given["size"] // 1024)
    )
    return spent()


def ours(given: dict[str, Any]) -> dict[str, Any]:
    """The program through Planimeter."""
    from planimeter.ask import run
    from planimeter.program.tiling import tiling_for
    from planimeter.raster import open_scene
    from planimeter.scale.limits import limits_for
    from planimeter.segment import LabelSegmenter

    world = Path(given["world"])
    limits = limits_for(given["max_memory"], workers=given["workers"])
    scene = open_scene(world / "image.tif")
    maps = LabelSegmenter(world / "labels.tif", world / "legend.json")
    tiles = len(tiling_for(scene, limits, maps).boxes())
    answer = run(PROGRAM, scene, segmenter=maps, limits=limits)
    numbers = [int(number) for number in answer.stdout.split()]
    return {
        **spent(),
        "numbers": numbers,
        "tiles": tiles,
        "trace": answer.trace,
    }


def start(given: dict[str, Any]) -> dict[str, Any]:
    """The same program where there is nothing to do: what a process costs before it measures."""
    from planimeter.worlds import make_world

    with tempfile.TemporaryDirectory() as folder:
        make_world(1, 256, GSD).write(folder)
        return ours({"world": folder, "workers": 2, **given})


def truth(given: dict[str, Any]) -> dict[str, Any]:
    """The same three figures by OpenCV, and the count by the generator."""
    world, size = Path(given["world"]), given["size"]
    legend = json.loads((world / "legend.json").read_text())
    value = {topic: values[0] for topic, values in legend.items()}
    placed = json.loads((world / "truth.json").read_text())["objects"]["roof"]
    numbers = [0, 0, 0]
    with rasterio.open(world / "labels.tif") as file:
        for top in range(0, size, STRIP):
            y0, y1 = max(top - round(100 / GSD) - 1, 0), min(top + STRIP + round(100 / GSD) + 1, size)
            labels = file.read(1, window=Window(0, y0, size, y1 - y0))
            own = slice(top - y0, top - y0 + STRIP)
            near_water = squares_to(labels == value["water"])[own] <= (50 / GSD) ** 2
            count, roofs = cv2.connectedComponents(
                (labels[own] == value["roof"]).astype(np.uint8), connectivity=8
            )
            numbers[0] += count - 1
            found = np.zeros(count, bool)
            found[roofs[near_water]] = True
            numbers[1] += int(found[1:].sum())
            del near_water, roofs
            near_road = squares_to(labels == value["road"])[own] <= (100 / GSD) ** 2
            numbers[2] += int(np.count_nonzero(near_road & (labels[own] == value["forest"])))
    assert numbers[0] == placed, f"OpenCV counts {numbers[0]} buildings, the generator placed {placed}"
    return {"numbers": numbers}


def squares_to(mask: np.ndarray) -> np.ndarray:
    """Whole squares of distances in pixels to a mask, exact up to 2,000 pixels; infinite where it is empty."""
    if not mask.any():
        return np.full(mask.shape, np.inf, np.float32)
    distance = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    np.square(distance, out=distance)
    return np.rint(distance, out=distance)


def plain(given: dict[str, Any]) -> dict[str, Any]:
    """What one would write today, for scenes that fit."""
    from scipy import ndimage

    world = Path(given["world"])
    legend = json.loads((world / "legend.json").read_text())
    with rasterio.open(world / "labels.tif") as file:
        labels = file.read(1)
    roofs, count = ndimage.label(labels == legend["roof"][0], np.ones((3, 3)))
    to_water = ndimage.distance_transform_edt(labels != legend["water"][0], sampling=GSD)
    nearest = ndimage.minimum(to_water, roofs, np.arange(1, count + 1))
    to_road = ndimage.distance_transform_edt(labels != legend["road"][0], sampling=GSD)
    beside = int(np.count_nonzero((to_road <= 100) & (labels == legend["forest"][0])))
    return {**spent(), "numbers": [count, int((nearest <= 50).sum()), beside]}


CHILDREN = {"ours": ours, "start": start, "plain": plain, "truth": truth, "world": make}

if __name__ == "__main__":
    main()
