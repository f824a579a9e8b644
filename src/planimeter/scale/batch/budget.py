"""How much memory a scene of a batch may use, and whether it is therefore measured at once or in tiles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from planimeter.errors import LimitReached
from planimeter.program import Limits
from planimeter.program.measure import Tally
from planimeter.program.tiling import (
    WHOLE_BYTES,
    TileAnswer,
    TileQuestion,
    free_bytes,
    look_at_tile,
    resident_bytes,
)
from planimeter.raster import Scene
from planimeter.segment import Segmenter
from planimeter.segment.base import Abilities
from planimeter.spatial.tiles import OneByOne, Tiling

_LEAST = 256 << 20  # bytes beside what a worker has already, where nobody set a limit
_TILE = 1 << 12  # pixels a side, to count what is valid in


@dataclass(frozen=True)
class Budget:
    """Memory of a process that measures scenes; it changes no answer.

    Attributes:
        memory: bytes of the process; None for half of what is free on its machine.
        asked: whether a user set it: what does not fit is then refused, and tried otherwise.
        tile: (height, width) of tiles, pixels; None for what memory allows.
    """

    memory: int | None = None
    asked: bool = False
    tile: tuple[int, int] | None = None

    def of_one(self, processes: int) -> Budget:
        """The budget of each of several processes on this machine.

        >>> Budget(1 << 30, asked=True).of_one(4).memory == 1 << 30
        True
        >>> Budget().of_one(4).memory < Budget().of_one(1).memory
        True
        """
        return self if self.asked else replace(self, memory=free_bytes() // 2 // processes)

    def limits_of(self, scene: Scene, source: Segmenter) -> Limits | None:
        """How a scene is measured here: in tiles within these limits, or at once for None.

        Args:
            scene: its size decides.
            source: where masks come from; one that cannot look at parts is asked at once where that may be tried.
        """
        pixels = scene.height * scene.width
        if self.tile is not None:
            small = self.tile[0] >= scene.height and self.tile[1] >= scene.width
            return None if small else Limits(tile=self.tile, each=CountingTiles(scene.height))
        allowed = self._allowed()
        if pixels * WHOLE_BYTES <= allowed or not (self.asked or Abilities.of(source).parts):
            return None
        return Limits(resident_bytes=allowed, each=CountingTiles(scene.height))

    def check_kept(self, scene: Scene, topics: int) -> None:
        """Refuse a scene whose masks have to be kept, and which is therefore measured at once, but does not fit.

        Raises:
            LimitReached: it needs more memory than there may be.
        """
        needed = scene.height * scene.width * (WHOLE_BYTES + topics)
        allowed = self._allowed() if self.asked else max(self._allowed(), free_bytes() // 2)
        if needed > allowed:
            raise LimitReached(
                f"{scene.name} overlaps other scenes, so its masks have to be kept, which needs "
                f"{needed / 2**20:,.0f} MiB where {allowed / 2**20:,.0f} MiB may be used: give --overlap keep, crop "
                "it to its own ground with gdal_translate -srcwin, or raise --max-memory."
            )

    def _allowed(self) -> int:
        """Bytes that this process may have while it works on one scene."""
        now = resident_bytes()
        allowed = self.memory or free_bytes() // 2
        threads = _threads()
        if threads > 1:  # they share what is left
            allowed = now + max(0, allowed - now) // threads
        return allowed if self.asked else max(allowed, now + _LEAST)


class CountingTiles:
    """Goes through tiles one after the other, and remembers what counts in them.

    Args:
        height: rows of the scene.
    """

    workers = 1

    def __init__(self, height: int) -> None:
        self._height = height
        self._tally: Tally | None = None

    def __call__(
        self, function: Callable[[Any, Any], Any], common: Any, items: Sequence[Any]
    ) -> Iterator[Any]:
        """Return ``function(common, item)`` for every item, computed as they are asked for."""
        tally = Tally(self._height)
        for item, found in zip(items, OneByOne()(function, common, items), strict=True):
            if isinstance(found, TileAnswer):
                tally.add(item[1], found.valid, found.square_metres, found.unjudged)
            yield found
        if isinstance(common, TileQuestion):
            self._tally = tally

    def tally(self, scene: Scene, source: Segmenter) -> Tally:
        """Pixels that count and their ground, looked at now where no program has looked at the scene."""
        if self._tally is None:
            boxes = Tiling(scene.shape, _TILE, _TILE).boxes()
            for _ in self(look_at_tile, TileQuestion(scene, source, ()), boxes):
                pass
        assert self._tally is not None
        return self._tally


def _threads() -> int:
    """How many tasks this process works on at a time."""
    from distributed import get_worker

    try:
        return int(get_worker().state.nthreads)
    except ValueError:  # no worker of Dask
        return 1
