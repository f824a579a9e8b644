"""Tiles in a scene's own pixels: level 0 shows all of it in one tile, each level halves the size of a pixel."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from rasterio.io import DatasetReader
from rasterio.windows import Window

from planimeter.raster import Scene
from planimeter.raster.files import opened
from planimeter.serve.http_errors import HTTPError
from planimeter.serve.pyramid import halvings, tile_at

SIDE = 256  # pixels of a tile
_OVERSAMPLED = 4  # samples a side that become one pixel of a reduced mask


def levels(width: int, height: int) -> int:
    """The level of full resolution.

    Example:
        >>> levels(256, 100), levels(257, 100), levels(1024, 1024)
        (0, 1, 2)
    """
    return halvings(width, height, SIDE)


def tile_window(width: int, height: int, z: int, x: int, y: int) -> tuple[Window, tuple[int, int]]:
    """The pixels under a tile, and (h, w) of what it shows of them.

    Args:
        width: of the scene.
        height: of the scene.
        z: level, from 0.
        x: column of the tile.
        y: row of the tile, downwards.

    Raises:
        Refused: there is no such tile.

    Example:
        >>> tile_window(600, 400, 1, 1, 0)
        (Window(col_off=512, row_off=0, width=88, height=400), (200, 44))
    """
    finest = levels(width, height)
    found = tile_at(width, height, SIDE, finest - z, x, y)
    if found is None:
        raise HTTPError(404, f"There is no such tile; levels go from 0 to {finest}, columns and rows from 0.")
    (x0, y0, x1, y1), shape = found
    return Window(x0, y0, x1 - x0, y1 - y0), shape


def scene_tile(scene: Scene, z: int, x: int, y: int, shown: Scene | None = None) -> bytes:
    """A tile of a scene's picture as PNG; what is no data, or outside, is transparent.

    Args:
        scene: says which pixels count.
        z: level, from 0.
        x: column of the tile.
        y: row of the tile, downwards.
        shown: the same scene in the bands and stretch to show; None for its own.

    Raises:
        Refused: there is no such tile.
        SceneError: the file is damaged.
    """
    window, shape = tile_window(scene.width, scene.height, z, x, y)
    return picture_tile((shown or scene).read_rgb(window, shape), scene.valid(window, shape))


def picture_tile(picture: np.ndarray, valid: np.ndarray) -> bytes:
    """A picture as a tile in PNG.

    Args:
        picture: (h, w, 3) uint8, no larger than a tile.
        valid: (h, w) bool; what is not is transparent.
    """
    height, width = valid.shape
    tile = np.zeros((SIDE, SIDE, 4), np.uint8)
    tile[:height, :width, :3] = picture[..., ::-1]
    tile[:height, :width, 3] = np.where(valid, 255, 0)
    return png(tile)


def mask_tile(file: Path, name: str, colour: str, z: int, x: int, y: int) -> bytes:
    """A tile of a mask as PNG: one colour, as opaque as the mask covers the pixel.

    Args:
        file: a raster of masks, see ``write_masks``.
        name: of the mask.
        colour: "#RRGGBB".
        z: level, from 0.
        x: column of the tile.
        y: row of the tile, downwards.

    Raises:
        Refused: there is no such mask or tile.
    """
    with opened_masks(file) as dataset:
        band = mask_band(dataset, name)
        window, (h, w) = tile_window(dataset.width, dataset.height, z, x, y)
        samples = min(window.height, h * _OVERSAMPLED), min(window.width, w * _OVERSAMPLED)
        mask = dataset.read(band, window=window, out_shape=samples)
    tile = np.zeros((SIDE, SIDE, 4), np.uint8)
    tile[..., :3] = bytearray.fromhex(colour.removeprefix("#"))[::-1]
    tile[:h, :w, 3] = cv2.resize(mask * np.uint8(255), (w, h), interpolation=cv2.INTER_AREA)
    return png(tile)


@contextmanager
def opened_masks(file: Path) -> Iterator[DatasetReader]:
    """An answer's masks.

    Raises:
        Refused: there are none.
    """
    if not file.is_file():
        raise HTTPError(
            404, "This answer has no masks, because its program looked for no topic; see its trace."
        )
    with opened(file) as dataset:
        yield dataset


def mask_band(dataset: DatasetReader, name: str) -> int:
    """The band of a mask.

    Raises:
        Refused: there is none of that name.
    """
    if name not in dataset.descriptions:
        raise HTTPError(404, "This answer has no such mask; its view lists the layers there are.")
    return dataset.descriptions.index(name) + 1


def png(tile: np.ndarray) -> bytes:
    """A picture as PNG.

    Args:
        tile: (h, w) or (h, w, 4) uint8, blue first.
    """
    return cv2.imencode(".png", tile, [cv2.IMWRITE_PNG_COMPRESSION, 3])[1].tobytes()
