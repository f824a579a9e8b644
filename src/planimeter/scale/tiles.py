"""Tiles on Dask: threads of this process, or the workers of a scheduler.

What a tile gives depends on the tile alone, and results are put together in the order of the tiles. So neither
the order in which Dask runs them nor a task that runs twice, because its worker died, can change an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from threading import Lock
from typing import Any

from planimeter.errors import UsageError
from planimeter.program.tiling import TileQuestion
from planimeter.scale.cluster import Cluster, connect, cores, translated
from planimeter.segment.base import Segmenter
from planimeter.spatial.tiles import OneByOne, TileMap

_RETRIES = 2  # of a task that fails because of its machine
_SEGMENTERS = 4  # that a worker keeps open


class DaskTiles:
    """Works on tiles with Dask; for ``Limits.each``.

    Dask is imported when there are tiles to work on. Where it is not installed, threads become a plain loop.

    Args:
        scheduler: address of a running Dask scheduler, such as "tcp://10.0.0.1:8786"; None for threads of this
            process. Its workers must see scenes and maps under the same paths.
        workers: threads of this process; None for one per core.

    Attributes:
        workers: how many tiles are worked on at once in this machine's memory; one with a scheduler, whose workers have
            memory of their own.

    Raises:
        UsageError: ``workers`` is no positive number.

    >>> DaskTiles(workers=2)(lambda common, item: common * item, 2, [1, 3, 4])
    [2, 6, 8]
    """

    def __init__(self, scheduler: str | None = None, workers: int | None = None) -> None:
        if workers is not None and workers < 1:
            raise UsageError(f"{workers} workers cannot work: give a number from 1.")
        self.scheduler = scheduler
        self.workers = workers or (cores() if scheduler is None else 1)

    def __call__(
        self, function: Callable[[Any, Any], Any], common: Any, items: Sequence[Any]
    ) -> Iterable[Any]:
        """Return ``function(common, item)`` for every item, in the order of the items.

        Raises:
            ModelError: the scheduler cannot be reached, or is lost.
            LimitReached: a tile takes down every worker that tries it.
        """
        if self.scheduler is not None:
            with self.connected() as there:
                return there(function, common, items)
        if self.workers == 1 or len(items) < 2:
            return OneByOne()(function, common, items)
        try:
            from dask.base import compute
            from dask.delayed import delayed
        except ImportError:
            return OneByOne()(function, common, items)
        tasks = [delayed(_Call(function, common), pure=False, traverse=False)(item) for item in items]
        return list(compute(*tasks, scheduler="threads", num_workers=self.workers))

    @contextmanager
    def connected(self) -> Iterator[TileMap]:
        """The same for many calls, with one connection to the scheduler; its ``workers`` are those of the cluster.

        Raises:
            ModelError: the scheduler cannot be reached, or has no workers.

        >>> with DaskTiles(workers=2).connected() as tiles:
        ...     tiles.workers
        2
        """
        if self.scheduler is None:
            yield self
            return
        with connect(self.scheduler) as cluster:
            yield _OnCluster(cluster)


class _OnCluster:
    """Works on tiles with a cluster that is connected already.

    What all tiles share travels once to each worker, also when one call follows another; tiles give each other nothing.
    """

    def __init__(self, cluster: Cluster) -> None:
        self.workers = cluster.workers
        self._client = cluster.client
        self._common: Any = None
        self._shared: Any = None

    def __call__(self, function: Callable[[Any, Any], Any], common: Any, items: Sequence[Any]) -> list[Any]:
        """Return ``function(common, item)`` for every item, in the order of the items."""
        try:
            if self._shared is None or self._common is not common:
                self._common = common
                self._shared = self._client.scatter([common], broadcast=True, hash=False)[0]
            futures = self._client.map(
                _on_worker, items, function=function, common=self._shared, pure=False, retries=_RETRIES
            )
            return list(self._client.gather(futures))
        except Exception as error:
            known = translated(error)
            if known is error:
                raise
            raise known from error


class _Call:
    """A function with its first argument, which Dask is not to look into."""

    def __init__(self, function: Callable[[Any, Any], Any], common: Any) -> None:
        self.function, self.common = function, common
        self.__name__ = function.__name__

    def __call__(self, item: Any) -> Any:
        return self.function(self.common, item)


_kept: dict[str, Segmenter] = {}
_keeping = Lock()


def _on_worker(item: Any, function: Callable[[Any, Any], Any], common: Any) -> Any:
    """One tile on a worker; segmenters stay open there, so that a model is loaded once per process."""
    if isinstance(common, TileQuestion):
        common = replace(common, segmenter=keep(common.segmenter))
    return function(common, item)


def keep(segmenter: Segmenter) -> Segmenter:
    """Return the segmenter this process already has open that gives the same masks, or this one from now on."""
    name = segmenter.fingerprint()
    with _keeping:
        if name not in _kept:
            while len(_kept) >= _SEGMENTERS:
                del _kept[next(iter(_kept))]
            _kept[name] = segmenter
        return _kept[name]
