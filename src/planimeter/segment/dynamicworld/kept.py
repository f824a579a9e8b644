"""Classes of scenes that were looked at, kept on disk: a Sentinel-2 tile takes minutes, and the next question none.

They lie in the user's cache folder, block by block, so that work that was broken off goes on where it ended. Scenes
that were asked about longest ago go first.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import zlib
from pathlib import Path
from threading import get_ident

import numpy as np

from planimeter.atomic import writing
from planimeter.cache import cache_folder
from planimeter.errors import UsageError

_MOST_SCENES = 64  # a whole tile of Sentinel-2 takes some 10 MiB


class KeptLand:
    """Classes of one scene, block by block.

    Args:
        key: tells the scene, and how it was looked at, from all others.
        folder: of all scenes; None for the user's.

    Example:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> KeptLand("a scene", folder).put(0, 3, np.array([[1, 2]], np.uint8))
        >>> KeptLand("a scene", folder).get(0, 3, (1, 2)), KeptLand("another", folder).get(0, 3, (1, 2))
        (array([[1, 2]], dtype=uint8), None)
    """

    def __init__(self, key: str, folder: Path | None = None) -> None:
        name = hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        self._folder = (folder or cache_folder("land")) / name
        self._writable = True

    def get(self, row: int, column: int, shape: tuple[int, int]) -> np.ndarray | None:
        """(h, w) uint8 classes of a block, not to be changed; None where they are not known."""
        try:
            values = zlib.decompress(self._file(row, column).read_bytes())
        except (OSError, zlib.error):
            return None
        return np.frombuffer(values, np.uint8).reshape(shape) if len(values) == shape[0] * shape[1] else None

    def put(self, row: int, column: int, land: np.ndarray) -> None:
        """Keep a block, where the folder can be written.

        Args:
            row: of the block.
            column: of the block.
            land: (h, w) uint8.
        """
        if not self._writable:
            return
        try:
            if not self._folder.is_dir():
                _make_room(self._folder.parent)
            with writing(self._file(row, column), f"{os.getpid()}.{get_ident()}.part") as file:
                file.write_bytes(zlib.compress(land.tobytes(), 1))
        except (OSError, UsageError):  # no room, or no folder of one's own: it is looked at again
            self._writable = False

    def _file(self, row: int, column: int) -> Path:
        return self._folder / f"{row}_{column}.z"


def _make_room(folder: Path) -> None:
    """Remove the scenes that were written to longest ago, but for the last few."""
    scenes = [each for each in folder.iterdir() if each.is_dir()] if folder.is_dir() else []
    for each in sorted(scenes, key=lambda scene: scene.stat().st_mtime)[: -_MOST_SCENES + 1]:
        shutil.rmtree(each, ignore_errors=True)
