"""Two dates of one place as pictures: the earlier scene, drawn on the grid of the later one."""

from __future__ import annotations

import threading
from collections import OrderedDict

import numpy as np

from planimeter.raster import Scene
from planimeter.raster.laid import Laid, lay
from planimeter.serve.ask.tiles import picture_tile, tile_window

_KEPT = 8  # pairs that stay laid on one another
_FINER = 2  # samples of the earlier picture a side, at most, for a pixel of a tile


class Pairs:
    """Pairs of scenes; those looked at last stay laid on one another."""

    def __init__(self) -> None:
        self._laid: OrderedDict[tuple[int, int], tuple[Scene, Scene, Laid]] = OrderedDict()
        self._lock = threading.Lock()

    def tile(self, earlier: Scene, later: Scene, z: int, x: int, y: int) -> bytes:
        """The earlier scene under a tile of the later, as PNG; what it does not cover is transparent.

        Args:
            earlier: its picture is drawn.
            later: its grid is the grid.
            z: level, from 0.
            x: column of the tile.
            y: row of the tile, downwards.

        Raises:
            Refused: there is no such tile.
            SceneError: the two do not overlap.
        """
        laid = self._of(earlier, later)
        window, shape = tile_window(later.width, later.height, z, x, y)
        if laid.is_same:
            return picture_tile(earlier.read_rgb(window, shape), earlier.valid(window, shape))
        x0, y0, x1, y1 = (
            window.col_off,
            window.row_off,
            window.col_off + window.width,
            window.row_off + window.height,
        )
        columns, rows = _sampled(laid, (x0, y0, x1, y1), shape)
        inside = columns >= 0
        picture, valid = np.zeros((*shape, 3), np.uint8), np.zeros(shape, bool)
        if not inside.any():
            return picture_tile(picture, valid)
        left, top = int(columns[inside].min()), int(rows[inside].min())
        wide, high = int(columns[inside].max()) + 1 - left, int(rows[inside].max()) + 1 - top
        small = min(high, shape[0] * _FINER), min(wide, shape[1] * _FINER)
        box = left, top, left + wide, top + high
        source, known = earlier.read_rgb(box, small), earlier.valid(box, small)
        i, j = (rows[inside] - top) * small[0] // high, (columns[inside] - left) * small[1] // wide
        picture[inside], valid[inside] = source[i, j], known[i, j]
        return picture_tile(picture, valid)

    def _of(self, earlier: Scene, later: Scene) -> Laid:
        key = id(earlier), id(later)
        with self._lock:
            kept = self._laid.get(key)
            if kept is not None and kept[0] is earlier and kept[1] is later:
                self._laid.move_to_end(key)
                return kept[2]
        laid = lay(earlier, later)
        with self._lock:
            self._laid[key] = (earlier, later, laid)
            while len(self._laid) > _KEPT:
                self._laid.popitem(last=False)
        return laid


def _sampled(
    laid: Laid, box: tuple[int, int, int, int], shape: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows of the earlier scene under the pixels of a tile: two (h, w) int64, -1 where it has none."""
    x0, y0, x1, y1 = box
    if (y1 - y0, x1 - x0) == shape:
        return laid.pixels(box)
    ys = y0 + ((np.arange(shape[0]) + 0.5) * (y1 - y0) / shape[0]).astype(int)
    xs = ((np.arange(shape[1]) + 0.5) * (x1 - x0) / shape[1]).astype(int)
    columns, rows = np.full(shape, -1, np.int64), np.full(shape, -1, np.int64)
    for k, y in enumerate(ys.tolist()):
        across, down = laid.pixels((x0, y, x1, y + 1))
        columns[k], rows[k] = across[0, xs], down[0, xs]
    return columns, rows
