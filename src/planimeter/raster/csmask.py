"""Masks of clouds and their shadows made by ukis-csmask (DLR), where it is installed: the extra ``clouds``."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import rasterio
from rasterio.windows import Window

from planimeter.atomic import replacing
from planimeter.cache import cache_folder
from planimeter.errors import ModelError
from planimeter.raster.clouds import Clouds
from planimeter.raster.spectrum import SURFACE_LEVELS

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene

_FOUR = ("blue", "green", "red", "nir")
_SIX = (*_FOUR, "swir16", "swir22")
_CORE, _AROUND = 1536, 256  # pixels a side that are decided at once, and that are seen around them


def with_made_clouds(scene: Scene) -> Scene:
    """A scene with a mask of clouds by ukis-csmask; as it is, with a warning, where its bands are not enough for that.

    The mask is of the whole scene, and kept in the user's cache folder: parts of a scene see the same clouds.

    Args:
        scene: with blue, green, red and near infrared as reflectance.

    Raises:
        ModelError: ukis-csmask is not installed.
    """
    spectrum = scene.spectrum
    if spectrum.lacks(_FOUR) or not spectrum.calibrated:
        lack = " and ".join(spectrum.lacks(_FOUR)) or "values that are known to be reflectance"
        sentence = (
            f"No mask of clouds lies in {scene.name}, and none could be made because it lacks {lack}: clouds, if there "
            "are any, were measured as ground; give --clouds FILE."
        )
        return replace(scene, warnings=(*scene.warnings, sentence))
    if find_spec("ukis_csmask") is None or find_spec("onnxruntime") is None:
        raise ModelError(
            f"No mask of clouds lies in {scene.name}; to make one install ukis-csmask with `pip install "
            "planimeter[clouds]`, or give --clouds FILE or --clouds none."
        )
    return replace(scene, clouds=Clouds(_kept(scene), "csmask"))


def _kept(scene: Scene) -> Path:
    """The mask in the cache folder, made now where it is not there yet."""
    try:
        made_by = version("ukis-csmask")
    except PackageNotFoundError:
        made_by = ""
    key = f"{scene.state()}:{scene.spectrum}:{made_by}"
    target = cache_folder("clouds") / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.tif"
    if not target.is_file():
        profile = {
            "driver": "GTiff", "dtype": "uint8", "count": 1, "height": scene.height, "width": scene.width,
            "crs": scene.crs, "compress": "deflate", "tiled": True,
        }  # fmt: skip
        if scene.transform is not None:
            profile["transform"] = scene.transform
        # In a folder of its own: others may be making the same mask.
        with replacing(target) as part, rasterio.open(part, "w", **profile) as file:
            for (x0, y0, x1, y1), mask in _made(scene):
                file.write(mask, 1, window=Window(x0, y0, x1 - x0, y1 - y0))
    return target


def _made(scene: Scene) -> Iterator[tuple[tuple[int, int, int, int], np.ndarray]]:
    """Parts of the mask, (h, w) uint8: 0 clear, 1 cloud, 2 shadow."""
    from ukis_csmask.mask import CSmask

    colours = _FOUR if scene.spectrum.lacks(_SIX) else _SIX
    level = "l2a" if scene.spectrum.level in SURFACE_LEVELS else "l1c"
    for y0 in range(0, scene.height, _CORE):
        for x0 in range(0, scene.width, _CORE):
            x1, y1 = min(x0 + _CORE, scene.width), min(y0 + _CORE, scene.height)
            left, top = max(0, x0 - _AROUND), max(0, y0 - _AROUND)
            box = (left, top, min(scene.width, x1 + _AROUND), min(scene.height, y1 + _AROUND))
            planes = scene.colours(colours, box)
            picture = np.stack(
                [
                    plane.astype(np.float32) * channel.scale + channel.offset
                    for plane, channel in planes.values()
                ],
                axis=-1,
            ).astype(np.float32)
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # that a scene is smaller than its windows
                found = CSmask(np.nan_to_num(picture), list(colours), product_level=level).csm[..., 0]
            yield (x0, y0, x1, y1), found[y0 - top : y1 - top, x0 - left : x1 - left].astype(np.uint8)
