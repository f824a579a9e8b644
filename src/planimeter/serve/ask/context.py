"""What the routes of the ask server share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from starlette.requests import Request

from planimeter.serve.ask.bounds import AskLimits
from planimeter.serve.ask.history import History
from planimeter.serve.ask.jobs import Jobs
from planimeter.serve.ask.layers import Layers
from planimeter.serve.ask.pairs import Pairs
from planimeter.serve.ask.pictures import Pictures
from planimeter.serve.ask.scenes import Scenes
from planimeter.serve.ask.sources import Sources
from planimeter.serve.ask.store import AnswerStore
from planimeter.serve.http_errors import HTTPError

Result = TypeVar("Result")

_MOST_TILES_WAITING = 400  # about what forty open pages ask for at once


@dataclass
class WorkLimit:
    """So many at once, so many waiting, no more.

    Args:
        at_once: pieces of work.
        waiting: pieces of work that may wait.
        what: what they are, for the refusal.
    """

    at_once: int
    waiting: int
    what: str
    held: int = 0
    _free: asyncio.Semaphore | None = field(default=None, repr=False)

    @asynccontextmanager
    async def one(self) -> AsyncIterator[None]:
        """Hold one of them.

        Raises:
            Refused: all are held and as many wait as may.
        """
        if self.held >= self.at_once + self.waiting:
            raise HTTPError(
                503,
                f"The server is busy with {self.held} {self.what}; try again in 2 s.",
                {"Retry-After": "2"},
            )
        if self._free is None:
            self._free = asyncio.Semaphore(self.at_once)
        self.held += 1
        try:
            async with self._free:
                yield
        finally:
            self.held -= 1

    async def run(self, work: Callable[[], Result]) -> Result:
        """Do a piece of work on a thread, in one of the slots.

        Raises:
            Refused: as ``one``.
        """
        async with self.one():
            return await asyncio.to_thread(work)


class Context:
    """Everything behind the routes.

    Attributes:
        url: the address that people know the server by, as its links say it; None for the one they asked.
        embedded: whether pages of others may show the tiles.
    """

    def __init__(
        self,
        scenes: Scenes,
        sources: Sources,
        store: AnswerStore,
        jobs: Jobs,
        bounds: AskLimits,
        url: str | None = None,
        embedded: bool = False,
    ) -> None:
        self.scenes, self.sources, self.store, self.jobs, self.bounds = scenes, sources, store, jobs, bounds
        self.url, self.embedded = url, embedded
        self.pictures = Pictures()
        self.history = History(store)
        self.pairs = Pairs()
        self.layers = Layers(store, bounds.zones)
        self.uploads = WorkLimit(bounds.uploads, 0, "uploads")
        self.tiles = WorkLimit(bounds.tiles_at_once, _MOST_TILES_WAITING, "tiles")
        self.files = WorkLimit(2, 200, "downloads")
        self.streams = WorkLimit(bounds.streams, 0, "listeners")

    def address(self, request: Request) -> str:
        """The server's address as its links say it, without a slash at the end."""
        return (self.url or str(request.base_url)).rstrip("/")
