"""Label rasters: an existing classification, read onto a scene's grid."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass

import numpy as np
import rasterio.warp
from affine import Affine
from rasterio.crs import CRS
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import CRSError
from rasterio.io import DatasetReader
from rasterio.windows import Window

from planimeter.errors import LabelError, shown_name
from planimeter.raster.files import opened
from planimeter.raster.scene import MAX_READ_PIXELS, Scene

_Colormap = dict[int, tuple[int, int, int]]
_Grid = tuple[CRS, Affine]
_Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class LabelRaster:
    """Label values on a scene's grid.

    Attributes:
        values: (H, W) integers, or (H, W, 3) uint8 where labels are colours.
        valid: (H, W) bool, False where the raster says nothing: nodata, transparent, or outside its extent.
        colormap: colour (r, g, b) of each value where the raster has a palette, else None.
    """

    values: np.ndarray
    valid: np.ndarray
    colormap: _Colormap | None = None


def read_labels(path: str | os.PathLike[str], scene: Scene, box: _Box | None = None) -> LabelRaster:
    """Read a label raster onto the grid of a scene, by nearest neighbour where the grids differ.

    Args:
        path: an integer raster of one band, or a picture whose colours are the labels.
        scene: the scene whose grid is wanted.
        box: (x0, y0, x1, y1) pixels of the scene, half-open; None for all. H and W are then the box's.

    Raises:
        LabelError: if the raster is damaged, holds no labels, or cannot be laid over the scene.
    """
    with opened(path, LabelError) as dataset:
        name = shown_name(os.path.basename(dataset.name))
        bands = _label_bands(dataset, name)
        colormap = _colormap(dataset) if len(bands) == 1 else None
        grid = _grid_of(dataset)
        same_size = dataset.shape == scene.shape
        wanted = box or (0, 0, scene.width, scene.height)
        window = Window(wanted[0], wanted[1], wanted[2] - wanted[0], wanted[3] - wanted[1])
        if grid is None or scene.crs is None or scene.transform is None:
            if not same_size:
                raise LabelError(_misfit(dataset, scene, name, "label raster" if grid is None else "scene"))
            values, valid = _read(dataset, bands, window, name)
        elif same_size and _agrees(grid, scene):
            values, valid = _read(dataset, bands, window, name)
        else:
            values, valid = _reproject(dataset, bands, grid, scene, wanted, name)
    values = np.ascontiguousarray(np.moveaxis(values, 0, 2)) if len(bands) == 3 else values[0]
    return LabelRaster(values, valid, colormap)


def _label_bands(dataset: DatasetReader, name: str) -> list[int]:
    if dataset.driver == "JPEG" or str(dataset.profile.get("compress", "")).lower() == "jpeg":
        raise LabelError(f"{name} is JPEG-compressed, which changes labels; save it as PNG or as GeoTIFF.")
    kinds = dict(zip(dataset.indexes, dataset.colorinterp, strict=True))
    bands = [index for index, kind in kinds.items() if kind is not ColorInterp.alpha]
    if len(bands) not in (1, 3):
        raise LabelError(
            f"{name} has {dataset.count} bands; give one band of values or a picture in red, green and blue."
        )
    if len(bands) == 3 and any(dataset.dtypes[index - 1] != "uint8" for index in bands):
        raise LabelError(f"{name} has three bands that are not 8-bit colours; give one band of values.")
    if np.dtype(dataset.dtypes[bands[0] - 1]).kind not in "iuf":
        raise LabelError(f"{name} does not hold whole numbers; give one band of class values.")
    return bands


def _colormap(dataset: DatasetReader) -> _Colormap | None:
    try:
        return {value: color[:3] for value, color in dataset.colormap(1).items()}
    except ValueError:  # rasterio's way to say that there is none
        return None


def _grid_of(dataset: DatasetReader) -> _Grid | None:
    if dataset.crs is None or dataset.transform.is_identity:
        return None
    return dataset.crs, dataset.transform


def _misfit(dataset: DatasetReader, scene: Scene, name: str, lacking: str) -> str:
    return (
        f"{name} has {dataset.width} x {dataset.height} pixels, the scene {scene.width} x {scene.height}, and the "
        f"{lacking} has no georeference to lay one over the other; give labels of the scene's size."
    )


def _agrees(grid: _Grid, scene: Scene) -> bool:
    """Whether the corners of two grids of equal size differ by less than a twentieth of a pixel."""
    crs, transform = grid
    assert scene.transform is not None
    if crs != scene.crs:
        return False
    to_pixel = ~scene.transform
    corners = [(x, y) for x in (0, scene.width) for y in (0, scene.height)]
    return all(math.dist(to_pixel * (transform * corner), corner) < 0.05 for corner in corners)


def _read(
    dataset: DatasetReader, bands: list[int], window: Window, name: str
) -> tuple[np.ndarray, np.ndarray]:
    if window.width * window.height > MAX_READ_PIXELS:
        raise LabelError(f"{name} is too large to read at once; crop it with gdal_translate -srcwin.")
    values = dataset.read(bands, window=window)
    valid = dataset.dataset_mask(window=window) > 0
    if values.dtype.kind == "f":
        valid &= np.isfinite(values[0])
        whole = np.where(valid, values, 0)
        if not ((whole == np.rint(whole)).all() and np.abs(whole).max(initial=0) < 2**31):
            raise LabelError(f"{name} holds fractions, not classes; give a raster of whole numbers.")
        values = whole.astype(np.int32)
    return values, valid


def _reproject(
    dataset: DatasetReader, bands: list[int], grid: _Grid, scene: Scene, box: _Box, name: str
) -> tuple[np.ndarray, np.ndarray]:
    crs, transform = grid
    assert scene.transform is not None
    if _overlap(dataset, grid, scene, (0, 0, scene.width, scene.height), name) is None:
        raise LabelError(f"{name} does not overlap the scene; give labels of the same place.")
    shape = box[3] - box[1], box[2] - box[0]
    window = _overlap(dataset, grid, scene, box, name)
    if window is None:
        kind = np.dtype(dataset.dtypes[bands[0] - 1])
        nothing = np.zeros((len(bands), *shape), np.int32 if kind.kind == "f" else kind)
        return nothing, np.zeros(shape, bool)
    target = {"dst_crs": scene.crs, "dst_transform": scene.transform * Affine.translation(*box[:2])}
    values, valid = _read(dataset, bands, window, name)
    source = {"src_crs": crs, "src_transform": transform * Affine.translation(window.col_off, window.row_off)}
    on_scene = np.zeros((len(bands), *shape), values.dtype)
    covered = np.zeros(shape, np.uint8)
    for taken, result in ((values, on_scene), (valid.astype(np.uint8), covered)):
        rasterio.warp.reproject(taken, result, **source, **target, resampling=Resampling.nearest)
    return on_scene, covered > 0


def _overlap(dataset: DatasetReader, grid: _Grid, scene: Scene, box: _Box, name: str) -> Window | None:
    """The pixels of a label raster that lie under a box, with a rim of two; None if there are none."""
    crs, transform = grid
    assert scene.transform is not None
    steps = np.linspace(0, 1, 33)
    xs = box[0] + np.concatenate([steps, steps, np.zeros(33), np.ones(33)]) * (box[2] - box[0])
    ys = box[1] + np.concatenate([np.zeros(33), np.ones(33), steps, steps]) * (box[3] - box[1])
    east, north = scene.transform * (xs, ys)
    try:
        moved = rasterio.warp.transform(scene.crs, crs, east, north)
    except CRSError as problem:
        raise LabelError(f"{name} cannot be brought to the scene's grid; warp it with gdalwarp.") from problem
    columns, rows = ~transform * (np.asarray(moved[0]), np.asarray(moved[1]))
    if not (np.isfinite(columns).all() and np.isfinite(rows).all()):
        return None
    x0, x1 = max(0, math.floor(columns.min()) - 2), min(dataset.width, math.ceil(columns.max()) + 2)
    y0, y1 = max(0, math.floor(rows.min()) - 2), min(dataset.height, math.ceil(rows.max()) + 2)
    return Window(x0, y0, x1 - x0, y1 - y0) if x1 > x0 and y1 > y0 else None
