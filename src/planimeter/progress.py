"""Progress of long work: a bar on stderr where a person is looking, or a watch that follows it and may cancel it."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from planimeter.errors import LimitReached

Item = TypeVar("Item")
_SHORT = 4  # steps that need no bar


class Cancelled(Exception):
    """Whoever asked for a piece of work does not want it any more."""


class Watch:
    """One piece of work that somebody follows and may cancel; used from several threads.

    Args:
        told: is told of parts, as (done, total).

    Attributes:
        until: when its time is up, on the monotonic clock; None for no such limit.

    Example:
        >>> parts = []
        >>> with watched_by(Watch(lambda done, total: parts.append((done, total)))):
        ...     letters = list(with_progress("ab", 2, "spelling"))
        >>> parts
        [(0, 2), (1, 2), (2, 2)]
    """

    def __init__(self, told: Callable[[int, int], object] = lambda done, total: None) -> None:
        self._told = told
        self.until: float | None = None
        self._cancelled = threading.Event()
        self._ways_to_end: list[Callable[[], object]] = []
        self._counting = False
        self._lock = threading.Lock()

    def cancel(self) -> None:
        """End the work: a program's process at once, everything else at its next part."""
        self._cancelled.set()
        with self._lock:
            ways = list(self._ways_to_end)
        for end in ways:
            end()

    def check(self) -> None:
        """Stop here when the work was cancelled, or its time is up.

        Raises:
            Cancelled: it was.
            LimitReached: it is.
        """
        if self._cancelled.is_set():
            raise Cancelled
        if self.until is not None and time.monotonic() > self.until:
            raise LimitReached(
                "This took longer than one answer may; ask of fewer zones, or a plainer question."
            )

    def part(self, done: int, total: int) -> None:
        """Say how far the work is.

        Raises:
            Cancelled: it was cancelled.
            LimitReached: its time is up.
        """
        self.check()
        self._told(done, total)

    @contextmanager
    def counting(self) -> Iterator[Callable[[int, int], None]]:
        """Give the way to say how far the work is: of work inside of work only the outer one is told."""
        with self._lock:
            outer, self._counting = not self._counting, True
        try:
            yield self.part if outer else lambda done, total: self.check()
        finally:
            if outer:
                self._counting = False

    @contextmanager
    def ending(self, end: Callable[[], object]) -> Iterator[None]:
        """Have something ended when the work is cancelled meanwhile.

        Args:
            end: ends it; called from another thread.
        """
        with self._lock:
            self._ways_to_end.append(end)
        try:
            if self._cancelled.is_set():
                end()
            yield
        finally:
            with self._lock:
                self._ways_to_end.remove(end)


#: The watch of the work that is done here; threads that are to share it run in a copy of this context.
_watch: ContextVar[Watch | None] = ContextVar("planimeter_watch", default=None)


@contextmanager
def watched_by(watch: Watch) -> Iterator[None]:
    """Have a watch follow what is done inside."""
    token = _watch.set(watch)
    try:
        yield
    finally:
        _watch.reset(token)


def stop_if_cancelled() -> None:
    """A place where work may end early.

    Raises:
        Cancelled: a watch says so.
    """
    watch = _watch.get()
    if watch is not None:
        watch.check()


@contextmanager
def ended_by_cancel(end: Callable[[], object]) -> Iterator[None]:
    """Have something ended when the work is cancelled meanwhile; nothing happens where nobody watches."""
    watch = _watch.get()
    if watch is None:
        yield
        return
    with watch.ending(end):
        yield


def with_progress(items: Iterable[Item], total: int, doing: str, unit: str = "it") -> Iterator[Item]:
    """Pass items on, and show how far they are where stderr is a terminal, or tell a watch.

    Args:
        items: what is worked through.
        total: how many there will be.
        doing: what stands before the bar.
        unit: what one of them is called.

    Raises:
        Cancelled: a watch says so.

    Example:
        >>> list(with_progress("ab", 2, "spelling"))
        ['a', 'b']
    """
    watch = _watch.get()
    if watch is not None:
        with watch.counting() as part:
            part(0, total)
            for done, item in enumerate(items, start=1):
                yield item
                part(done, total)
        return
    if total < _SHORT or not sys.stderr.isatty():
        yield from items
        return
    from tqdm import tqdm

    yield from tqdm(items, total=total, desc=doing, unit=unit, leave=False)
