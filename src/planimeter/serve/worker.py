"""The queue: few pieces of work at a time, some waiting, none beyond."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from planimeter.serve.http_errors import HTTPError

Result = TypeVar("Result")

_SHORTEST_RETRY = 1
_LONGEST_RETRY = 60  # seconds


class QueueWorker:
    """Threads that work through a bounded queue.

    One thread, unless said otherwise, because a segmenter uses all processors by itself.

    Args:
        waiting: how many pieces of work may wait.
        threads: how many are worked on at a time.
        name: of the threads.

    Example:
        >>> worker = QueueWorker(waiting=2)
        >>> worker.submit(lambda: 6 * 7).result()
        42
        >>> worker.close()
    """

    def __init__(self, waiting: int, threads: int = 1, name: str = "segment") -> None:
        self.capacity = waiting + threads
        self.threads = threads
        self.pending = 0
        self._seconds = 1.0  # of a piece of work, smoothed
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix=name)

    def submit(self, work: Callable[[], Result]) -> Future[Result]:
        """Queue a piece of work.

        Raises:
            Refused: with 503 and the seconds after which to try again, when the queue is full.
        """
        with self._lock:
            self.refuse_when_full()
            self.pending += 1
        future = self._pool.submit(self._timed, work)
        future.add_done_callback(lambda _: self._leave())
        return future

    def refuse_when_full(self) -> None:
        """Say early that there is no room.

        Raises:
            Refused: as ``submit``.
        """
        if self.pending >= self.capacity:
            raise self.busy(self.pending)

    def busy(self, requests: int) -> HTTPError:
        """The refusal for a full server, with the seconds after which half of the requests should be done."""
        seconds = round(
            min(max(self._seconds * requests / 2 / self.threads, _SHORTEST_RETRY), _LONGEST_RETRY)
        )
        return HTTPError(
            503,
            f"The server is busy with {requests} requests; try again in {seconds} s.",
            {"Retry-After": str(seconds)},
        )

    def close(self) -> None:
        """Finish what runs, drop what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _timed(self, work: Callable[[], Result]) -> Result:
        started = time.monotonic()
        try:
            return work()
        finally:
            self._seconds += 0.3 * (time.monotonic() - started - self._seconds)

    def _leave(self) -> None:
        with self._lock:
            self.pending -= 1
