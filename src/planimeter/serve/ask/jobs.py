"""Jobs: questions that wait, are worked on, or are done, and whoever follows them."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from typing import Literal

from planimeter.errors import PlanimeterError
from planimeter.serve.http_errors import ErrorReply, HTTPError
from planimeter.serve.replies import reply_of, server_failed
from planimeter.serve.worker import QueueWorker

State = Literal["queued", "running", "done", "failed"]

_KEPT = 10_000  # finished jobs that are remembered; answers outlive them in the store
_HEARTBEAT = 15.0  # seconds
_log = logging.getLogger("planimeter.serve")


@dataclass
class Job:
    """One question or program on its way.

    Attributes:
        id: also names its answer; cannot be guessed.
        kind: "ask" or "run".
        scene: id of the scene.
        title: what is worked on, as people say it.
        state: where it is.
        step: what is done right now, in a few words.
        created: seconds since 1970.
        started: when work began; None while it waits.
        finished: when it ended; None before.
        error: why it failed; None otherwise.
        status: HTTP status of that error.
    """

    id: str
    kind: str
    scene: str
    title: str = ""
    state: State = "queued"
    step: str = "waiting for its turn"
    created: float = field(default_factory=time.time)
    started: float | None = None
    finished: float | None = None
    error: ErrorReply | None = None
    status: int = 200
    changes: int = 0

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("done", "failed")


class Jobs:
    """All jobs of a server.

    Args:
        worker: does them.

    Example:
        >>> jobs = Jobs(QueueWorker(waiting=1, threads=1))
        >>> job = jobs.submit("ask", "a-scene", lambda job, tell: tell("thinking"))
        >>> jobs.worker.close()
        >>> jobs.find(job.id).state
        'done'
    """

    def __init__(self, worker: QueueWorker) -> None:
        self.worker = worker
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._watchers: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        self._lock = threading.Lock()

    def submit(
        self, kind: str, scene: str, work: Callable[[Job, Callable[[str], None]], object], title: str = ""
    ) -> Job:
        """Queue a job.

        Args:
            kind: "ask" or "run".
            scene: id of the scene.
            work: does it; gets the job and a function that is told what happens.
            title: what is worked on, as people say it.

        Raises:
            Refused: the queue is full.
        """
        job = Job(secrets.token_urlsafe(16), kind, scene, title)
        with self._lock:
            self._jobs[job.id] = job
        try:
            self.worker.submit(lambda: self._do(job, work))
        except HTTPError:
            with self._lock:
                del self._jobs[job.id]
            raise
        self._forget()
        return job

    def find(self, name: str) -> Job | None:
        """A job by its id; None where there is none, or it was forgotten."""
        with self._lock:
            return self._jobs.get(name)

    async def follow(self, job: Job) -> AsyncIterator[Job | None]:
        """The job now and after each change until it is over; None now and then when nothing changes."""
        changed = asyncio.Event()
        watcher = (asyncio.get_running_loop(), changed)
        with self._lock:
            self._watchers.setdefault(job.id, set()).add(watcher)
        try:
            seen = -1
            while True:
                changed.clear()
                if job.changes != seen:
                    seen = job.changes
                    now = replace(job)  # the job itself may be over before the caller has looked
                    yield now
                    if now.is_over:
                        return
                else:
                    yield None
                try:
                    async with asyncio.timeout(_HEARTBEAT):
                        await changed.wait()
                except TimeoutError:
                    continue
        finally:
            with self._lock:
                watchers = self._watchers.get(job.id, set())
                watchers.discard(watcher)
                if not watchers:
                    self._watchers.pop(job.id, None)

    def _do(self, job: Job, work: Callable[[Job, Callable[[str], None]], object]) -> None:
        job.started = time.time()
        self._change(job, "running", "starting")
        try:
            work(job, lambda step: self._change(job, "running", step))
        except PlanimeterError as error:
            job.status, job.error = reply_of(error)
        except HTTPError as refusal:
            job.status, job.error = refusal.status, refusal.reply
        except Exception as error:  # whatever it is, the job has to end and the others go on
            _log.error("a job failed unexpectedly", exc_info=error)
            job.status, job.error = 500, server_failed()
        job.finished = time.time()
        self._change(job, "failed" if job.error is not None else "done", "")

    def _change(self, job: Job, state: State, step: str) -> None:
        job.step, job.state = step, state
        job.changes += 1
        with self._lock:
            watchers = list(self._watchers.get(job.id, ()))
        for loop, changed in watchers:
            try:
                loop.call_soon_threadsafe(changed.set)
            except RuntimeError:  # the server is stopping and its loop has closed: nobody is left to tell
                continue

    def _forget(self) -> None:
        with self._lock:
            for name in list(self._jobs):
                if len(self._jobs) <= _KEPT or not self._jobs[name].is_over:
                    return
                del self._jobs[name]
