"""Synthetic worlds of any size: a mosaic of small ones, written block by block, with known counts.

A few worlds are made, and each block of the mosaic is one of them, turned or mirrored. Buildings and solar
arrays that touch a block's border are taken off the ground, so none goes over from block to block and their number
is what the generator placed. Water, roads, forest and fields meet as they come.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import rasterio
from rasterio.windows import Window

from planimeter.errors import SceneError, UsageError, shown_name
from planimeter.raster.files import GDAL_OPTIONS
from planimeter.worlds.style import LABELS
from planimeter.worlds.world import LABEL_COLORS, World, make_world

#: Pixels a side of a block.
BLOCK = 2048
_KINDS = ("roof", "solar")  # what lies on the ground as single objects
_LARGEST = 1 << 18


@dataclass(frozen=True)
class WorldMosaic:
    """A written mosaic and what is known of it.

    Attributes:
        paths: "image" (JPEG in GeoTIFF), "labels" (GeoTIFF), "legend" and "truth" (JSON).
        size: pixels a side.
        objects: how many buildings ("roof") and solar arrays ("solar") there are.
        pixels: how many pixels each topic has.
    """

    paths: dict[str, Path]
    size: int
    objects: dict[str, int]
    pixels: dict[str, int]


def write_mosaic(
    folder: str | os.PathLike[str],
    seed: int,
    size: int,
    gsd: float = 0.5,
    *,
    density: float = 1.0,
    distinct: int = 16,
    block: int = BLOCK,
) -> WorldMosaic:
    """Write a square world of any size in the memory of one row of blocks.

    The same arguments give the same bytes on the same machine and library versions.

    Args:
        folder: where to; made if missing.
        seed: 0 or more.
        size: pixels a side, a multiple of ``block``.
        gsd: metres per pixel.
        density: factor on the number of buildings and solar arrays; 0 for none. A town has no more than fill its lots.
        distinct: how many different blocks there are.
        block: pixels a side of a block, a multiple of 256.

    Raises:
        SceneError: the files cannot be written.
        UsageError: an argument is out of range.

    >>> import tempfile
    >>> mosaic = write_mosaic(tempfile.mkdtemp(), seed=1, size=512, distinct=2, block=256)
    >>> sum(mosaic.pixels.values()) == 512 * 512
    True
    """
    if block % 256 or size % block or not block <= size <= _LARGEST or distinct < 1:
        raise UsageError(
            f"A mosaic is {block} to {_LARGEST} pixels a side, a multiple of {block}; choose another size."
        )
    worlds = [make_world(seed * 1000 + k, block, gsd, density=density) for k in range(distinct)]
    cleared = [_cleared(world) for world in worlds]
    rng = np.random.default_rng([seed, size, block, distinct])
    many = size // block
    chosen, turned = rng.integers(0, distinct, (many, many)), rng.integers(0, 8, (many, many))
    target = Path(folder)
    paths = {name: target / name for name in ("image.tif", "labels.tif", "legend.json", "truth.json")}
    paths = {path.stem: path for path in paths.values()}
    pixels = dict.fromkeys(LABELS, 0)
    objects = dict.fromkeys(_KINDS, 0)
    profile = {
        "driver": "GTiff",
        "dtype": "uint8",
        "height": size,
        "width": size,
        "crs": worlds[0].crs,
        "transform": worlds[0].transform,
        "tiled": True,
        "bigtiff": "IF_SAFER",
    }
    try:
        target.mkdir(parents=True, exist_ok=True)
        with (
            rasterio.Env(**GDAL_OPTIONS),
            rasterio.open(
                paths["image"], "w", count=3, compress="jpeg", photometric="ycbcr", **profile
            ) as image,
            rasterio.open(paths["labels"], "w", count=1, compress="deflate", zlevel=1, **profile) as labels,
        ):
            labels.write_colormap(1, LABEL_COLORS)
            for row, column in np.ndindex(many, many):
                index, way = int(chosen[row, column]), int(turned[row, column])
                here, counts = cleared[index]
                window = Window(column * block, row * block, block, block)
                labels.write(_turned(here, way), 1, window=window)
                image.write(np.moveaxis(_turned(worlds[index].image, way), 2, 0), window=window)
                found = np.bincount(here.ravel(), minlength=256)
                for topic, value in LABELS.items():
                    pixels[topic] += int(found[value])
                for kind in _KINDS:
                    objects[kind] += counts[kind]
        legend = {topic: [value] for topic, value in LABELS.items()}
        paths["legend"].write_text(json.dumps(legend, indent=1) + "\n", encoding="utf-8")
        truth = {"objects": objects, "pixels": pixels, "seed": seed, "gsd": gsd}
        paths["truth"].write_text(json.dumps(truth, indent=1) + "\n", encoding="utf-8")
    except (OSError, rasterio.errors.RasterioError) as problem:
        raise SceneError(
            f"The world cannot be written to {shown_name(folder)}; choose a folder with room that may be written."
        ) from problem
    return WorldMosaic(paths, size, objects, pixels)


def _cleared(world: World) -> tuple[np.ndarray, dict[str, int]]:
    """A world's labels without the objects that touch its border, and how many of each kind are left."""
    labels = world.labels.copy()
    height, width = labels.shape
    counts = dict.fromkeys(_KINDS, 0)
    for thing in world.objects:
        x0, y0, x1, y1 = thing.bbox
        if min(x0, y0) > 0 and x1 < width and y1 < height:
            counts[thing.kind] += 1
    for kind in _KINDS:
        mask = (labels == LABELS[kind]).astype(np.uint8)
        _, found = cv2.connectedComponents(mask, connectivity=8)
        rim = np.concatenate([found[0], found[-1], found[:, 0], found[:, -1]])
        touching = np.zeros(int(found.max()) + 1, bool)
        touching[rim] = True
        touching[0] = False
        labels[touching[found]] = LABELS["grass"]
    return labels, counts


def _turned(picture: np.ndarray, way: int) -> np.ndarray:
    """One of the eight ways in which a square can lie: quarter turns, mirrored or not."""
    turned = np.rot90(picture, way % 4)
    return np.ascontiguousarray(turned[:, ::-1] if way >= 4 else turned)
