"""Label rasters: an existing classification, read onto a scene's grid."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine
from rasterio.enums import ColorInterp, MaskFlags
from rasterio.io import DatasetReader
from rasterio.windows import Window

from planimeter.errors import LabelError, shown_name
from planimeter.raster.bands import refuse_complex
from planimeter.raster.files import Mosaic, opened
from planimeter.raster.scene import MAX_READ_PIXELS, Scene

if TYPE_CHECKING:
    from planimeter.raster.nearest import Nearest

_Colormap = dict[int, tuple[int, int, int]]
_Box = tuple[int, int, int, int]

#: Pixels of the scene that are brought over at once, a side, and of the labels that are read for them.
_TILE = 1024
_MOST_READ = 1 << 25


@dataclass(frozen=True)
class LabelRaster:
    """Label values on a scene's grid.

    Attributes:
        values: (H, W) integers, or (H, W, 3) uint8 where labels are colours.
        valid: (H, W) bool, False where the raster says nothing: nodata, transparent, or outside its extent.
        colormap: colour (r, g, b) of each value where the raster has a palette, else None.
        nodata: the value that the file declares to mean nothing, else None.
    """

    values: np.ndarray
    valid: np.ndarray
    colormap: _Colormap | None = None
    nodata: float | None = None


def read_labels(
    path: str | os.PathLike[str] | Mosaic, scene: Scene, box: _Box | None = None, zero_says: bool = False
) -> LabelRaster:
    """Read a label raster onto the grid of a scene, by nearest neighbour where the grids differ.

    Args:
        path: an integer raster of one band, or a picture whose colours are the labels.
        scene: the scene whose grid is wanted.
        box: (x0, y0, x1, y1) pixels of the scene, half-open; None for all. H and W are then the box's.
        zero_says: 0 is a value like others, even where the file declares that it means nothing.

    Raises:
        LabelError: if the raster is damaged, holds no labels, or cannot be laid over the scene.
    """
    with opened(path, LabelError) as dataset:
        file = os.path.basename(path.name if isinstance(path, Mosaic) else dataset.name)
        name = shown_name(file)
        refuse_complex(dataset, file, LabelError)
        bands = _label_bands(dataset, name)
        colormap = _colormap(dataset) if len(bands) == 1 else None
        nodata = dataset.nodata if len(bands) == 1 else None
        wanted = box or (0, 0, scene.width, scene.height)
        nearest = _nearest(dataset, scene, name)
        if nearest is not None:
            values, valid = _on_scene(dataset, bands, nearest, wanted, name, zero_says)
        else:
            window = Window(wanted[0], wanted[1], wanted[2] - wanted[0], wanted[3] - wanted[1])
            values, valid = _read(dataset, bands, window, name, zero_says)
    values = np.ascontiguousarray(np.moveaxis(values, 0, 2)) if len(bands) == 3 else values[0]
    return LabelRaster(values, valid, colormap, nodata)


def finer_by(path: str | os.PathLike[str], scene: Scene) -> float:
    """How many pixels of a label raster lie side by side in one of the scene's, at its centre; 1 where none is finer.

    Raises:
        LabelError: if the raster is damaged.
    """
    with opened(path, LabelError) as dataset:
        crs, labels, shape = dataset.crs, _placed(dataset.transform), dataset.shape
    own = _placed(scene.transform)
    if labels is None or own is None or (crs is None) != (scene.crs is None):
        return 1.0  # they are laid on pixel by pixel, or refused
    if shape == scene.shape and crs == scene.crs and _apart(labels, own, scene) < 0.5:
        return 1.0
    middle = scene.width / 2, scene.height / 2
    here = [own * (middle[0] + dx, middle[1] + dy) for dx, dy in ((0, 0), (1, 0), (0, 1))]
    if crs != scene.crs:
        from rasterio.warp import transform

        east, north = transform(scene.crs, crs, *zip(*here, strict=True))
        here = list(zip(east, north, strict=True))
    start, *ends = (~labels * place for place in here)
    sides = [math.dist(start, end) for end in ends]
    return max(1.0, *sides) if all(map(math.isfinite, sides)) else 1.0


def _label_bands(dataset: DatasetReader, name: str) -> list[int]:
    if dataset.driver == "JPEG" or str(dataset.profile.get("compress", "")).lower() == "jpeg":
        raise LabelError(f"{name} is JPEG-compressed, which changes labels; save it as PNG or as GeoTIFF.")
    kinds = dict(zip(dataset.indexes, dataset.colorinterp, strict=True))
    bands = [index for index, kind in kinds.items() if kind is not ColorInterp.alpha]
    if len(bands) not in (1, 3):
        raise LabelError(
            f"{name} has {dataset.count} bands; give one band of values or a picture in red, green and blue, and of "
            'masks one file for each (gdal_translate -b 1), with a legend like {"water": [1]}.'
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


def _nearest(dataset: DatasetReader, scene: Scene, name: str) -> Nearest | None:
    """The way from the scene's pixels to the labels'; None where the labels are laid on pixel by pixel.

    Equal size says that two grids are one only where nothing says otherwise.
    """
    import pyproj  # takes as long to load as a small question to answer, and most labels do without
    import pyproj.exceptions

    from planimeter.raster.nearest import Nearest

    same_size = dataset.shape == scene.shape
    labels, own = _placed(dataset.transform), _placed(scene.transform)
    if labels is None or own is None:
        if not same_size:
            raise LabelError(_misfit(dataset, scene, name, "label raster" if labels is None else "scene"))
        return None
    if (dataset.crs is None) != (scene.crs is None):
        if same_size and _apart(labels, own, scene) <= 0.5:
            return None
        raise LabelError(
            f"{name if dataset.crs is None else 'The scene'} has a transform but no coordinate reference system, so "
            f"its place beside {'the scene' if dataset.crs is None else name} is unknown; assign one with gdal_edit "
            "-a_srs."
        )
    if same_size and dataset.crs == scene.crs and _apart(labels, own, scene) < 0.05:
        return None
    try:
        crs = None if dataset.crs is None else pyproj.CRS.from_wkt(dataset.crs.to_wkt(version="WKT2_2019"))
        nearest = Nearest(scene, crs, labels, dataset.width, dataset.height)
        elsewhere = nearest.misses()
    except (pyproj.exceptions.CRSError, pyproj.exceptions.ProjError) as problem:
        raise LabelError(f"{name} cannot be brought to the scene's grid; warp it with gdalwarp.") from problem
    if elsewhere:
        raise LabelError(f"{name} does not overlap the scene; give labels of the same place.")
    return nearest


def _placed(transform: Affine | None) -> Affine | None:
    """A transform that says where pixels lie, or None."""
    return None if transform is None or transform.is_identity or transform.is_degenerate else transform


def _misfit(dataset: DatasetReader, scene: Scene, name: str, lacking: str) -> str:
    return (
        f"{name} has {dataset.width} x {dataset.height} pixels, the scene {scene.width} x {scene.height}, and the "
        f"{lacking} has no georeference to lay one over the other; give labels of the scene's size."
    )


def _apart(labels: Affine, own: Affine, scene: Scene) -> float:
    """How far the corners of two grids of equal size lie apart, in pixels of the scene."""
    corners = [(x, y) for x in (0, scene.width) for y in (0, scene.height)]
    return max(math.dist(~own * (labels * corner), corner) for corner in corners)


def _read(
    dataset: DatasetReader, bands: list[int], window: Window, name: str, zero_says: bool
) -> tuple[np.ndarray, np.ndarray]:
    if window.width * window.height > MAX_READ_PIXELS:
        raise LabelError(f"{name} is too large to read at once; crop it with gdal_translate -srcwin.")
    values = dataset.read(bands, window=window)
    if (zero_says and dataset.nodata == 0) or all(
        MaskFlags.all_valid in flags for flags in dataset.mask_flag_enums
    ):
        valid = np.ones(values.shape[1:], bool)  # the header says so, and no mask has to be read
    else:
        valid = dataset.dataset_mask(window=window) > 0
    if values.dtype.kind == "f":
        valid &= np.isfinite(values[0])
        whole = np.where(valid, values, 0)
        if not ((whole == np.rint(whole)).all() and np.abs(whole).max(initial=0) < 2**31):
            raise LabelError(f"{name} holds fractions, not classes; give a raster of whole numbers.")
        values = whole.astype(np.int32)
    return values, valid


def _on_scene(
    dataset: DatasetReader, bands: list[int], nearest: Nearest, box: _Box, name: str, zero_says: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Labels under the pixel centres of a box, tile by tile, so that little more than the result is in memory."""
    kind = np.dtype(dataset.dtypes[bands[0] - 1])
    values = np.zeros((len(bands), box[3] - box[1], box[2] - box[0]), np.int32 if kind.kind == "f" else kind)
    valid = np.zeros(values.shape[1:], bool)
    tiles = [
        (x, y, min(x + _TILE, box[2]), min(y + _TILE, box[3]))
        for y in range(box[1], box[3], _TILE)
        for x in range(box[0], box[2], _TILE)
    ]
    while tiles:
        x0, y0, x1, y1 = tiles.pop()
        columns, rows = nearest.pixels(x0, y0, x1, y1)
        inside = columns >= 0
        if not inside.any():
            continue
        left, top = int(columns[inside].min()), int(rows[inside].min())
        width, height = int(columns[inside].max()) + 1 - left, int(rows[inside].max()) + 1 - top
        if width * height > _MOST_READ and max(x1 - x0, y1 - y0) > 1:
            # Round a pole, and across the edge of a map of the world, neighbours lie far apart.
            x, y = (x0 + x1 + 1) // 2, (y0 + y1 + 1) // 2
            tiles += [
                (a, b, c, d) for a, c in ((x0, x), (x, x1)) for b, d in ((y0, y), (y, y1)) if c > a and d > b
            ]
            continue
        found, known = _read(dataset, bands, Window(left, top, width, height), name, zero_says)
        rows, columns = rows[inside] - top, columns[inside] - left
        part = slice(y0 - box[1], y1 - box[1]), slice(x0 - box[0], x1 - box[0])
        for band, result in zip(found, values, strict=True):
            result[part][inside] = band[rows, columns]
        valid[part][inside] = known[rows, columns]
    return values, valid
