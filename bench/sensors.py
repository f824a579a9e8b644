"""Indices, Dynamic World and masks of clouds on real scenes, and a whole Sentinel-2 tile within a memory limit.

    python bench/sensors.py naip         NDVI vegetation against the tree points, NDWI water against the NAIP sample
    python bench/sensors.py world        Dynamic World's confusion tables, with and without a mask of clouds
    python bench/sensors.py time         seconds per megapixel: an index against rasterio + numpy, in one run
    python bench/sensors.py tile         a made tile of 10,980 x 10,980 pixels and nine bands, answered within 1.5 GiB
    python bench/sensors.py values       the mean and median NDVI of that tile, against rasterio + numpy
    python bench/sensors.py stream       Dynamic World at once and in tiles: seconds per megapixel, peak memory
    python bench/sensors.py landtile     Dynamic World over a whole tile within 1.5 GiB, and a second question of it
    python bench/sensors.py pictures     overlays of the above, to be looked at, into ./sensors

Real scenes come from the folder that PLANIMETER_DATA names (see tests/conftest.py), Dynamic World's model from
``models/dynamicworld`` beside it. The mask of clouds is ukis-csmask's; without it that column is left out.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import rasterio
from rasterio.transform import Affine
from rasterio.windows import Window

from planimeter.errors import ModelError
from planimeter.raster import Scene, open_scene
from planimeter.segment.dynamicworld import DynamicWorldSegmenter
from planimeter.segment.dynamicworld.network import CLASSES
from planimeter.segment.index import IndexSegmenter

if TYPE_CHECKING:
    from planimeter.program import Limits

DATA = Path(os.environ.get("PLANIMETER_DATA", Path(__file__).resolve().parents[2] / "shared" / "data"))
MODEL = DATA.parent / "models" / "dynamicworld"
BANDS = ("B02", "B03", "B04", "B05", "B06", "B07", "B08", "B11", "B12")
SIDE = 10_980
KINDS = {
    "s2_slovenia_l1c": {1: "farmland", 2: "forest", 3: "meadow", 4: "shrub", 8: "built"},
    "s2_virginia_l1c": {
        1: "forest", 2: "bare fields", 3: "green fields", 4: "sea", 5: "bay", 6: "salt marsh", 7: "town", 8: "sand",
    },
    "s2_bouconne_l3a": {},
}  # fmt: skip


def naip() -> None:
    """Trees that people marked: how many of them lie on vegetation, and how much of the scene that is."""
    for kind in ("", "otsu"):
        segmenter = IndexSegmenter.from_name(kind)
        on = points = 0
        cover = []
        for file in sorted((DATA / "naip_trees").glob("*.tif")):
            scene = open_scene(file, bands="nir=4")
            mask = segmenter.look(scene, ["vegetation"]).masks["vegetation"]
            if not file.with_suffix(".csv").is_file():
                continue  # without trees
            trees = np.loadtxt(file.with_suffix(".csv"), delimiter=",", skiprows=1, ndmin=2)[:, :2]
            x, y = np.clip(trees.astype(int), 0, np.array(scene.shape)[::-1] - 1).T
            on, points = on + int(mask[y, x].sum()), points + len(x)
            cover.append(mask.mean())
        low, high = 100 * min(cover), 100 * max(cover)
        print(
            f"{segmenter.name}: {on} of {points} tree points on vegetation ({100 * on / points:.1f} %), which covers "
            f"{100 * np.mean(cover):.1f} % of the {len(cover)} scenes ({low:.0f} to {high:.0f} %)"
        )
    for kind in ("", "otsu"):
        scene = open_scene(DATA / "geotiff" / "naip_4band_utm.tif")
        seen = IndexSegmenter.from_name(kind).look(scene, ["water", "vegetation"])
        red, nir, green = (scene.read(bands=(k,))[0].astype(float) for k in (1, 4, 2))
        valid = scene.valid() & (seen.valid if seen.valid is not None else True)
        dark = valid & (nir < 50)  # near infrared of deep water
        water = seen.masks["water"]
        agree = (water & dark).sum() / (water | dark).sum()
        print(
            f"{scene.name} {kind or 'published'}: water {100 * water[valid].mean():.2f} %, vegetation "
            f"{100 * seen.masks['vegetation'][valid].mean():.2f} %; dark in near infrared "
            f"{100 * dark[valid].mean():.2f} %, overlap of both (IoU) {agree:.2f}"
        )
        del red, green


def confusion(
    scene: Scene, masks: dict[str, np.ndarray], labels: np.ndarray | None, kinds: dict[int, str]
) -> None:
    valid = scene.valid()
    groups = {name: (labels == value) for value, name in kinds.items()} if labels is not None else {}
    groups = {name: mask for name, mask in groups.items() if mask.any()} or {
        "all": np.ones(scene.shape, bool)
    }
    for name, mask in groups.items():
        seen = mask & valid
        if not seen.any():
            print(f"    {name:12} {mask.sum():6} px, none seen")
            continue
        shares = {topic: masks[topic][seen].mean() for topic in masks}
        said = ", ".join(
            f"{topic} {share:.2f}"
            for topic, share in sorted(shares.items(), key=lambda p: -p[1])
            if share > 0.02
        )
        print(f"    {name:12} {mask.sum():6} px, {100 * seen.sum() / mask.sum():3.0f} % seen: {said}")


def world() -> None:
    segmenter = DynamicWorldSegmenter(MODEL)
    index = IndexSegmenter()
    for folder, kinds in KINDS.items():
        for file in sorted((DATA / folder).glob("*.tif")):
            labels = None
            beside = file.with_name(f"{file.stem}_labels.png")
            if beside.is_file():
                with rasterio.open(beside) as given:
                    labels = given.read(1)
            for clouds in (None, "auto"):
                try:
                    scene = open_scene(file, clouds=clouds)
                except ModelError:
                    print("  (no ukis-csmask: without a mask of clouds)")
                    continue
                print(f"{folder}/{file.stem}, {'clouds hidden' if clouds else 'as it is'}:")
                confusion(scene, segmenter.look(scene, CLASSES).masks, labels, kinds)
                print("   by indices:")
                confusion(scene, index.look(scene, index.topics).masks, labels, kinds)


def seconds() -> None:
    side = 4096
    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder) / "made.tif", side, BANDS)
        scene = open_scene(path)

        def ours() -> np.ndarray:
            return IndexSegmenter().look(open_scene(path), ["vegetation"]).masks["vegetation"]

        def theirs() -> np.ndarray:
            with rasterio.open(path) as file:
                red, nir = (file.read(band).astype(np.float32) for band in (3, 7))
            with np.errstate(all="ignore"):
                return (nir - red) / (nir + red) > 0.2

        for name, run in (
            ("rasterio + numpy", theirs),
            ("planimeter", ours),
            ("rasterio + numpy", theirs),
            ("planimeter", ours),
        ):
            started, used = time.perf_counter(), time.process_time()
            found = run()
            print(
                f"{name:17} {(time.perf_counter() - started) / side**2 * 1e6 * 1000:7.1f} ms per megapixel "
                f"({(time.process_time() - used) / side**2 * 1e6 * 1000:.1f} of the processor), {found.sum()} pixels"
            )
        small = open_scene(made(Path(folder) / "small.tif", 1024, BANDS))
        if MODEL.is_dir():
            segmenter = DynamicWorldSegmenter(MODEL)
            segmenter.look(small, ["water"], (0, 0, 64, 64))
            started = time.perf_counter()
            segmenter.look(small, CLASSES)
            print(f"Dynamic World     {(time.perf_counter() - started) / 1024**2 * 1e6:7.1f} s per megapixel")
        del scene


def made(path: Path, side: int, bands: Sequence[str]) -> Path:
    """A scene of smooth hills and valleys of reflectance, and noise, in blocks as archives store them."""
    random = np.random.default_rng(1)
    profile = {
        "driver": "GTiff", "width": side, "height": side, "count": len(bands), "dtype": "uint16", "crs": "EPSG:32633",
        "transform": Affine(10, 0, 4e5, 0, -10, 5.2e6), "tiled": True, "blockxsize": 512, "blockysize": 512,
        "nodata": 0, "bigtiff": "IF_SAFER",
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as file:
        file.descriptions = list(bands)
        y, x = np.mgrid[:512, :512]
        base = [
            1500 + 900 * np.sin(x / (41 + 7 * k)) * np.cos(y / (33 + 9 * k)) + random.integers(0, 60, x.shape)
            for k in range(len(bands))
        ]
        for top in range(0, side, 512):
            for left in range(0, side, 512):
                height, width = min(512, side - top), min(512, side - left)
                block = np.stack([np.roll(band, (top // 7, left // 5), (0, 1)) for band in base])
                window = Window(left, top, width, height)
                file.write(block[:, :height, :width].astype(np.uint16), window=window)
    return path


def tile() -> None:
    from planimeter.ask import ask
    from planimeter.scale.limits import limits_for

    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder) / "tile.tif", SIDE, BANDS)
        print(f"a tile of {SIDE}² and {len(BANDS)} bands: {path.stat().st_size / 2**20:.0f} MiB")
        for question in (
            "What percentage of the image is vegetation?",
            "How many hectares of water are there?",
        ):
            started = time.perf_counter()
            answer = ask(path, question, segmenter="index", limits=limits_for("1536MiB", None))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{question} {answer.answer} {answer.unit}: {time.perf_counter() - started:.0f} s, peak {peak:.0f} MiB"
            )
        truth, counted = 0, 0
        with rasterio.open(path) as file:
            for _, window in file.block_windows(1):
                red, nir = (file.read(band, window=window).astype(np.int64) for band in (3, 7))
                truth, counted = truth + int((5 * (nir - red) > nir + red).sum()), counted + red.size
        print(f"by rasterio + numpy: {100 * truth / counted} %")


def values() -> None:
    """An index itself over a whole tile, within a limit that the tile's two bands alone would pass."""
    from planimeter.ask import ask
    from planimeter.scale.limits import limits_for

    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder) / "tile.tif", SIDE, BANDS)
        for question in ("What is the mean NDVI?", "What is the median NDVI?"):
            started = time.perf_counter()
            answer = ask(path, question, segmenter="index", limits=limits_for("1536MiB", None))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(f"{question} {answer.answer!r}: {time.perf_counter() - started:.0f} s, peak {peak:.0f} MiB")
        started = time.perf_counter()
        with rasterio.open(path) as file:
            red, nir = (file.read(band).astype(np.float32) for band in (3, 7))
        ndvi = (nir - red) / (nir + red)
        mean = float(ndvi.mean(dtype=np.float64))
        print(
            f"by rasterio + numpy, at once: mean {mean!r} after {time.perf_counter() - started:.0f} s", end=""
        )
        print(f", median {float(np.median(ndvi))!r} after {time.perf_counter() - started:.0f} s")


def stream(side: int = int(os.environ.get("PLANIMETER_BENCH_SIDE", 2048))) -> None:
    """Dynamic World at once and in tiles: what a megapixel takes, and that the tiles do not show."""
    from planimeter.program import Limits

    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder) / "part.tif", side, BANDS)
        found = [
            _land_cover(path, f"at once, {side}²", Limits(), Path(folder) / "one"),
            *(
                _land_cover(
                    path,
                    f"in tiles of {tile}",
                    Limits(tile=(tile, tile), resident_bytes=2 << 30),
                    Path(folder) / str(tile),
                )
                for tile in (side // 2, 384)
            ),
        ]
        print("one answer" if found.count(found[0]) == len(found) else "THE TILES SHOW")


def landtile() -> None:
    """Dynamic World over a whole tile within 1.5 GiB, and a second question of it."""
    from planimeter.scale.limits import limits_for

    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder) / "tile.tif", SIDE, BANDS)
        limits = replace(limits_for("1536MiB", None), seconds=4 * 3600)
        found = [_land_cover(path, how, limits, Path(folder) / "land") for how in ("first", "again")]
        print("one answer" if found[0] == found[1] else "TWO ANSWERS")


def _land_cover(path: Path, how: str, limits: Limits, kept: Path) -> object:
    """The land cover of a scene by Dynamic World, and what it took; ``kept`` is where it keeps what it saw."""
    from planimeter.ask import ask

    os.environ["PLANIMETER_CACHE"] = str(kept)
    started, used = time.perf_counter(), time.process_time()
    question = "What is the land cover breakdown of the image?"
    answer = ask(path, question, segmenter=f"dynamicworld:{MODEL}", bands="level=L1C", limits=limits)
    with rasterio.open(path) as file:
        megapixels = file.width * file.height / 1e6
    spent, processor = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    size = sum(file.stat().st_size for file in (kept / "land").rglob("*.z")) / 2**20
    print(
        f"{how}: {spent:.0f} s ({spent / megapixels:.2f} a megapixel), of the processor {processor:.0f} s "
        f"({processor / megapixels:.2f}), peak so far {peak:.0f} MiB, kept {size:.1f} MiB",
        flush=True,
    )
    return answer.answer


def pictures() -> None:
    from planimeter.ask import ask

    out = Path("sensors")
    for file, question, options in (
        (DATA / "s2_virginia_l1c" / "va_land.tif", "What percentage is vegetation?", {"segmenter": "index"}),
        (DATA / "s2_virginia_l1c" / "va_coast.tif", "What percentage is water?", {"segmenter": "index"}),
        (DATA / "s2_virginia_l1c" / "va_land.tif", "What percentage is forest?",
         {"segmenter": f"dynamicworld:{MODEL}"}),
        (DATA / "geotiff" / "naip_4band_utm.tif", "What percentage is water?", {"segmenter": "index"}),
        (sorted((DATA / "naip_trees").glob("*.tif"))[0], "What percentage is vegetation?",
         {"segmenter": "index", "bands": "nir=4"}),
    ):  # fmt: skip
        answer = ask(file, question, **options)
        answer.save(
            out / f"{file.stem}_{question.split()[-1].strip('?')}_{options['segmenter'].partition(':')[0]}"
        )
        print(
            json.dumps(
                {
                    "file": file.name,
                    "question": question,
                    "answer": answer.answer,
                    "warnings": answer.warnings,
                }
            )
        )


if __name__ == "__main__":
    parts = {
        "naip": naip,
        "world": world,
        "time": seconds,
        "tile": tile,
        "values": values,
        "stream": stream,
        "landtile": landtile,
        "pictures": pictures,
    }
    for part in sys.argv[1:] or ["naip", "world", "time"]:
        parts[part]()
