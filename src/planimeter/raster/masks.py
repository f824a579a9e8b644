"""Masks as a GeoTIFF: one uint8 band of 0 and 1 per topic, on the scene's grid."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from rasterio.windows import Window

from planimeter.raster.geotiff import writing_geotiff
from planimeter.raster.scene import Scene


def write_masks(path: str | os.PathLike[str], masks: Mapping[str, np.ndarray], scene: Scene) -> Path:
    """Write masks as a tiled, compressed GeoTIFF; see `write_mask_parts`.

    Args:
        path: file to write; one of that name is replaced.
        masks: topic → (H, W) bool, True = topic, on the scene's grid.
        scene: gives size, CRS and transform.

    Raises:
        UsageError: the file cannot be written there.
    """
    return write_mask_parts(path, list(masks), [((0, 0, scene.width, scene.height), masks)], scene)


def write_mask_parts(
    path: str | os.PathLike[str],
    topics: list[str],
    parts: Iterable[tuple[tuple[int, int, int, int], Mapping[str, np.ndarray]]],
    scene: Scene,
) -> Path:
    """Write masks part by part as a tiled, compressed GeoTIFF whose bands are described by their topics.

    The file appears complete or not at all.

    Args:
        path: file to write; one of that name is replaced.
        topics: one band each.
        parts: (x0, y0, x1, y1) pixels of the scene, half-open, and for each topic the (h, w) bool mask there.
        scene: gives size, CRS and transform.

    Raises:
        UsageError: the file cannot be written there.
    """
    with writing_geotiff(path, scene, topics, "The masks", dtype="uint8", nbits=1) as file:
        for (x0, y0, x1, y1), masks in parts:
            window = Window(x0, y0, x1 - x0, y1 - y0)
            for band, topic in enumerate(topics, start=1):
                file.write(masks[topic].view(np.uint8), band, window=window)
    return Path(path)
