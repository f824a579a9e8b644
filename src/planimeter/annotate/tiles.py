"""An image as square tiles at halved resolutions, so that a page never loads more than it shows."""

from __future__ import annotations

import threading
from collections import OrderedDict

import cv2

from planimeter.errors import UsageError
from planimeter.raster import Scene
from planimeter.serve.pyramid import halvings, tile_at

TILE = 512
"""Pixels a side of a tile."""
_QUALITY = 90


def levels(scene: Scene) -> int:
    """How many levels a scene has: level k shows 2^k pixels as one, and the last fits into one tile.

    Example:
        >>> from types import SimpleNamespace
        >>> levels(SimpleNamespace(width=512, height=100)), levels(SimpleNamespace(width=513, height=100))
        (1, 2)
    """
    return 1 + halvings(scene.width, scene.height, TILE)


class Tiles:
    """Encodes tiles and keeps the ones used last.

    Args:
        memory_bytes: for encoded tiles.
        at_once: how many are read at the same time, which bounds the memory of decoding.
    """

    def __init__(self, memory_bytes: int = 64 << 20, at_once: int = 2) -> None:
        self._kept: OrderedDict[tuple[str, int, int, int], bytes] = OrderedDict()
        self._memory = memory_bytes
        self._used = 0
        self._lock = threading.Lock()
        self._turn = threading.BoundedSemaphore(at_once)

    def jpeg(self, scene: Scene, level: int, column: int, row: int) -> bytes:
        """A tile as JPEG; at the right and lower edge the image's last pixels are repeated to its full size.

        Args:
            scene: the image.
            level: 0 for full resolution.
            column: from the left.
            row: from the top.

        Raises:
            UsageError: there is no such tile.
            SceneError: the image cannot be read.
        """
        found = tile_at(scene.width, scene.height, TILE, level, column, row)
        if found is None:
            raise UsageError("There is no such tile; ask for one inside the image.")
        key = (str(scene.path), level, column, row)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        box, shape = found
        with self._turn:
            picture = scene.read_rgb(box, shape)
        # All tiles are of one size, as pages expect; what is beyond the image is not shown.
        below, beside = TILE - shape[0], TILE - shape[1]
        picture = cv2.copyMakeBorder(picture, 0, below, 0, beside, cv2.BORDER_REPLICATE)
        done, content = cv2.imencode(".jpg", picture[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        assert done
        self._keep(key, encoded := content.tobytes())
        return encoded

    def _keep(self, key: tuple[str, int, int, int], encoded: bytes) -> None:
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = encoded
            self._used += len(encoded)
            while self._used > self._memory:
                _, dropped = self._kept.popitem(last=False)
                self._used -= len(dropped)
