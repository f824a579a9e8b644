"""Small rasters for the tests, written on the spot."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import rasterio
from rasterio.transform import Affine


def write_raster(
    path: Path, bands: np.ndarray, crs: Any = None, transform: Affine | None = None, **profile: Any
) -> Path:
    """Write (bands, H, W) or (H, W) values as a raster; the driver follows the file's ending."""
    bands = bands if bands.ndim == 3 else bands[None]
    driver = {".png": "PNG", ".jpg": "JPEG", ".jp2": "JP2OpenJPEG"}.get(path.suffix, "GTiff")
    options: dict[str, Any] = {"crs": crs} if crs else {}
    if transform is not None:
        options["transform"] = transform
    count, height, width = bands.shape
    with rasterio.open(
        path,
        "w",
        driver=driver,
        dtype=bands.dtype,
        count=count,
        height=height,
        width=width,
        **options,
        **profile,
    ) as file:
        file.write(bands)
    return path
