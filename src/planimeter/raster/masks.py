"""Masks as a GeoTIFF: one uint8 band of 0 and 1 per topic, on the scene's grid."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import rasterio

from planimeter.errors import UsageError
from planimeter.raster.files import shown_name
from planimeter.raster.scene import Scene


def write_masks(path: str | os.PathLike[str], masks: Mapping[str, np.ndarray], scene: Scene) -> Path:
    """Write masks as a tiled, compressed GeoTIFF whose bands are described by their topics.

    The file appears complete or not at all.

    Args:
        path: file to write; one of that name is replaced.
        masks: topic → (H, W) bool, True = topic, on the scene's grid.
        scene: gives size, CRS and transform.

    Raises:
        UsageError: the file cannot be written there.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.part.tif")
    profile = {
        "driver": "GTiff",
        "dtype": "uint8",
        "count": len(masks),
        "height": scene.height,
        "width": scene.width,
        "crs": scene.crs,
        "compress": "deflate",
        "tiled": True,
        "nbits": 1,
    }
    if scene.transform is not None:
        profile["transform"] = scene.transform
    try:
        with rasterio.open(temporary, "w", **profile) as file:
            for band, (topic, mask) in enumerate(masks.items(), start=1):
                file.write(mask.view(np.uint8), band)
                file.set_band_description(band, topic)
        temporary.replace(target)
    except (OSError, rasterio.errors.RasterioError) as error:
        raise UsageError(
            f"The masks cannot be written to {shown_name(target)} ({error}): give --out a file in a folder that "
            "can be written."
        ) from None
    finally:
        temporary.unlink(missing_ok=True)
    return target
