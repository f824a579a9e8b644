"""Tiled, compressed GeoTIFFs on a scene's grid, which appear complete or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import rasterio

from planimeter.errors import UsageError, shown_name
from planimeter.raster.scene import Scene


@contextmanager
def writing_geotiff(
    path: str | os.PathLike[str], scene: Scene, bands: Sequence[str], what: str, **profile: Any
) -> Iterator[Any]:
    """Give an open file with a scene's size, CRS and transform, whose bands are described.

    Args:
        path: file to write; one of that name is replaced when all went well.
        scene: whose grid it has.
        bands: what describes each band.
        what: what errors call it, such as "The masks".
        profile: rasterio's settings beside these, such as ``dtype``.

    Raises:
        UsageError: the file cannot be written there.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.part.tif")
    if scene.transform is not None:
        profile["transform"] = scene.transform
    try:
        with rasterio.open(
            temporary,
            "w",
            driver="GTiff",
            count=len(bands),
            height=scene.height,
            width=scene.width,
            crs=scene.crs,
            compress="deflate",
            tiled=True,
            bigtiff="IF_SAFER",
            **profile,
        ) as file:
            for number, band in enumerate(bands, start=1):
                file.set_band_description(number, band)
            yield file
        temporary.replace(target)
    except (OSError, rasterio.errors.RasterioError) as error:
        raise UsageError(
            f"{what} cannot be written to {shown_name(target)} ({error}): give --out a file in a folder that can be "
            "written."
        ) from None
    finally:
        with suppress(OSError):  # a name that cannot be was never there
            temporary.unlink(missing_ok=True)
