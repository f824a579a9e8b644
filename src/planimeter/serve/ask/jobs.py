"""Jobs: questions that wait, are worked on, or are done, and whoever follows them."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from planimeter.errors import PlanimeterError
from planimeter.progress import Cancelled, Watch, watched_by
from planimeter.serve.ask.wording import page_error
from planimeter.serve.http_errors import ErrorReply, HTTPError, status_error
from planimeter.serve.replies import reply_of, server_failed
from planimeter.serve.worker import QueueWorker

State = Literal["queued", "running", "answered", "done", "failed"]

_KEPT = 10_000  # finished jobs that are remembered; answers outlive them in the store
_HEARTBEAT = 15.0  # seconds
_PART = 0.2  # seconds at least between two parts that are told
_CANCELLED = "This was cancelled; ask again where it is wanted after all."
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
        done: parts of the step that are done; None where it has none.
        total: parts of the step.
        answer: its answer as far as it is known before its evidence is written; None before and afterwards.
        created: seconds since 1970.
        started: when work began; None while it waits.
        finished: when it ended; None before.
        error: why it failed; None otherwise.
        status: HTTP status of that error.
        changes: how often anything of it changed.
        told: when a part was told last, on the monotonic clock.
        watch: follows its work and can end it.
    """

    id: str
    kind: str
    scene: str
    title: str = ""
    state: State = "queued"
    step: str = "waiting for its turn"
    done: int | None = None
    total: int | None = None
    answer: dict[str, Any] | None = None
    created: float = field(default_factory=time.time)
    started: float | None = None
    finished: float | None = None
    error: ErrorReply | None = None
    status: int = 200
    changes: int = 0
    told: float = 0.0
    watch: Watch = field(default_factory=Watch, repr=False, compare=False)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state in ("done", "failed")


class Telling:
    """How the work of one job says what happens.

    Attributes:
        watch: follows it; ``watch.check()`` ends it where it was cancelled.
    """

    def __init__(self, jobs: Jobs, job: Job) -> None:
        self._jobs, self._job = jobs, job
        self.watch = job.watch

    def step(self, words: str) -> None:
        """What is done from now on, in a few words.

        Raises:
            Cancelled: the job was cancelled.
        """
        self.watch.check()
        state: State = "answered" if self._job.answer is not None else "running"
        self._jobs.change(self._job, state, words)

    def answered(self, answer: dict[str, Any]) -> None:
        """The answer, before its evidence is written.

        Raises:
            Cancelled: the job was cancelled.
        """
        self.watch.check()
        self._job.answer = answer
        self._jobs.change(self._job, "answered", "drawing the evidence")


Work = Callable[[Job, Telling], object]


class Jobs:
    """All jobs of a server.

    Args:
        worker: does them.

    Example:
        >>> jobs = Jobs(QueueWorker(waiting=1, threads=1))
        >>> job = jobs.submit("ask", "a-scene", lambda job, tell: tell.step("thinking"))
        >>> jobs.worker.close()
        >>> jobs.find(job.id).state
        'done'
    """

    def __init__(self, worker: QueueWorker) -> None:
        self.worker = worker
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._watchers: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        self._futures: dict[str, Future[None]] = {}
        self._lock = threading.Lock()

    def submit(self, kind: str, scene: str, work: Work, title: str = "") -> Job:
        """Queue a job.

        Args:
            kind: "ask" or "run".
            scene: id of the scene.
            work: does it; gets the job and whom to tell what happens.
            title: what is worked on, as people say it.

        Raises:
            Refused: the queue is full.
        """
        job = Job(secrets.token_urlsafe(16), kind, scene, title)
        job.watch = Watch(lambda done, total: self._part(job, done, total))
        with self._lock:
            self._jobs[job.id] = job
        try:
            future = self.worker.submit(lambda: self._do(job, work))
        except HTTPError:
            with self._lock:
                del self._jobs[job.id]
            raise
        with self._lock:
            if not future.done():
                self._futures[job.id] = future
        future.add_done_callback(lambda _: self._futures.pop(job.id, None))
        self._forget()
        return job

    def cancel(self, job: Job) -> None:
        """End a job: one that waits leaves the queue, one that is worked on stops at its next part."""
        job.watch.cancel()
        future = self._futures.get(job.id)
        if future is not None:
            future.cancel()
        self._finish(job, 410, status_error(410, _CANCELLED))

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

    def change(self, job: Job, state: State, step: str) -> None:
        """Say of a job that is not over what happens now."""
        with self._lock:
            if job.is_over:
                return
            job.step, job.state = step, state
            job.done = job.total = None
            job.changes += 1
        self._tell(job)

    def _do(self, job: Job, work: Work) -> None:
        with self._lock:
            if job.is_over:  # cancelled while it waited
                return
            job.started = time.time()
        self.change(job, "running", "starting")
        status, error = 200, None
        try:
            with watched_by(job.watch):
                work(job, Telling(self, job))
        except Cancelled:
            status, error = 410, status_error(410, _CANCELLED)
        except PlanimeterError as failure:
            status, error = reply_of(failure)
        except HTTPError as refusal:
            status, error = refusal.status, refusal.reply
        except Exception as failure:  # whatever it is, the job has to end and the others go on
            _log.error("a job failed unexpectedly", exc_info=failure)
            status, error = 500, server_failed()
        self._finish(job, status, error)

    def _finish(self, job: Job, status: int, error: ErrorReply | None) -> None:
        with self._lock:
            if job.is_over:
                return
            job.status, job.answer = status, None
            job.error = None if error is None else page_error(error)
            job.done = job.total = None
            job.finished, job.step = time.time(), ""
            job.state = "failed" if error is not None else "done"
            job.changes += 1
        self._tell(job)

    def _part(self, job: Job, done: int, total: int) -> None:
        """Parts may be many a second; whoever follows hears of some, and of the first and the last."""
        now = time.monotonic()
        with self._lock:
            if job.is_over or (0 < done < total and now - job.told < _PART):
                return
            job.done, job.total, job.told = done, total, now
            job.changes += 1
        self._tell(job)

    def _tell(self, job: Job) -> None:
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
