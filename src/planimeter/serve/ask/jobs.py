"""Jobs: questions that wait, are worked on, or are done, and whoever follows them."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

from planimeter.errors import PlanimeterError
from planimeter.progress import Cancelled, Watch, watched_by
from planimeter.serve.ask.job import Job, State
from planimeter.serve.ask.store import AnswerStore
from planimeter.serve.ask.wording import page_error
from planimeter.serve.http_errors import ErrorReply, HTTPError, status_error
from planimeter.serve.replies import reply_of, server_failed
from planimeter.serve.worker import QueueWorker

_KEPT = 10_000  # finished jobs that are remembered; answers outlive them in the store
_HEARTBEAT = 15.0  # seconds
_PART = 0.2  # seconds at least between two parts that are told
_CANCELLED = "This was cancelled; ask again where it is wanted after all."
_NO_ROOM = "The store had no room for this answer; ask again."
_log = logging.getLogger("planimeter.serve")


class Telling:
    """How the work of one job says what happens.

    Attributes:
        watch: follows it; ``watch.check()`` ends it where it was cancelled.
    """

    def __init__(self, jobs: Jobs, job: Job) -> None:
        self._jobs, self._job = jobs, job
        self._answer: dict[str, Any] | None = None
        self.watch = job.watch

    def step(self, words: str) -> None:
        """What is done from now on, in a few words.

        Raises:
            Cancelled: the job was cancelled.
        """
        self.watch.check()
        state: State = "answered" if self._answer is not None else "running"
        self._jobs.change(self._job, state, words)

    def answered(self, answer: dict[str, Any]) -> None:
        """The answer, before its evidence is written.

        Raises:
            Cancelled: the job was cancelled.
        """
        self.watch.check()
        self._answer = answer
        self._jobs.change(self._job, "answered", "drawing the evidence", answer)


Work = Callable[[Job, Telling], object]


class Jobs:
    """All jobs of a server.

    Args:
        worker: does them.
        store: where their answers are; None where there are none.
        remembered: answers that are known to belong to an order, so that an equal one needs no work.

    Example:
        >>> jobs = Jobs(QueueWorker(waiting=1, threads=1))
        >>> job = jobs.submit("ask", "a-scene", lambda job, tell: tell.step("thinking"))
        >>> jobs.worker.close()
        >>> jobs.find(job.id).state
        'done'
    """

    def __init__(
        self,
        worker: QueueWorker,
        store: AnswerStore | None = None,
        remembered: int = 0,
    ) -> None:
        self.worker = worker
        self._store = store
        self._most_known = remembered if store is not None else 0
        self._known: OrderedDict[Hashable, str] = OrderedDict()  # order → a job whose answer it is
        self._active: dict[Hashable, Job] = {}  # order → the job that is worked on for all who want the same
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._watchers: dict[str, set[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}
        self._futures: dict[str, Future[None]] = {}
        self._lock = threading.Lock()

    def submit(
        self, kind: str, scene: str, work: Work, title: str = "", order: Hashable | None = None
    ) -> Job:
        """Queue a job; where an equal order is known or on its way, no further work is done.

        Args:
            kind: "ask" or "run".
            scene: id of the scene.
            work: does it; gets the job and whom to tell what happens.
            title: what is worked on, as people say it.
            order: all that the answer depends on; None where it has to be computed anew.

        Raises:
            Refused: the queue is full.
        """
        job = Job(secrets.token_urlsafe(16), kind, scene, title)
        job.watch = Watch(lambda done, total: self._part(job, done, total))
        job.together.append(job)
        if not self._most_known:
            order = None
        if order is not None and self._is_known(job, order):
            return job
        with self._lock:
            if order is not None and self._join(job, order):
                return job
            self._jobs[job.id] = job
            if order is not None:
                self._active[order] = job
        try:
            future = self.worker.submit(lambda: self._do(job, work, order))
        except HTTPError as refusal:
            self._finish(job, order, refusal.status, refusal.reply)
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
        """End a job: one that waits leaves the queue, one that is worked on stops at its next part.

        Where others want the same, the work goes on for them.
        """
        with self._lock:
            self._end(job, 410, status_error(410, _CANCELLED))
            unwanted = all(other.is_over for other in job.together)
            if unwanted:  # nobody may join any more
                self._active = {
                    order: first for order, first in self._active.items() if first not in job.together
                }
        self._tell([job])
        if unwanted and job.together:
            job.together[0].watch.cancel()
            future = self._futures.get(job.together[0].id)
            if future is not None:
                future.cancel()

    def listed(self) -> list[Job]:
        """All jobs that are remembered."""
        with self._lock:
            return list(self._jobs.values())

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

    def change(self, job: Job, state: State, step: str, answer: dict[str, Any] | None = None) -> None:
        """Say of a job, and of those that want the same, what happens now; those that are over stay as they are.

        Args:
            job: one of them.
            state: where they are.
            step: what is done from now on.
            answer: where it has just become known.
        """
        with self._lock:
            changed = [each for each in job.together if not each.is_over]
            for each in changed:
                each.step, each.state = step, state
                each.done = each.total = None
                each.answer = answer or each.answer
                each.changes += 1
        self._tell(changed)

    def _join(self, job: Job, order: Hashable) -> bool:
        """Have the work on an equal order be done for a job as well; whether there is any. The lock is held."""
        first = self._active.get(order)
        if first is None:
            return False
        if len(first.together) > self.worker.capacity:
            raise self.worker.busy(len(first.together))
        like = next(each for each in first.together if not each.is_over)  # the first one may be cancelled
        job.started, job.state, job.step = like.started, like.state, like.step
        job.done, job.total, job.answer = like.done, like.total, like.answer
        job.together = first.together
        job.together.append(job)
        self._jobs[job.id] = job
        return True

    def _is_known(self, job: Job, order: Hashable) -> bool:
        """Have the answer of an equal order be a job's as well; whether there is one."""
        with self._lock:
            known = self._known.get(order)
        if known is None or not self._share(known, job):
            return False
        with self._lock:
            self._known[order] = job.id  # the latest, which lives longest
            self._known.move_to_end(order)
            self._jobs[job.id] = job
            job.started = job.created
            self._end(job, 200, None)
        self._forget()
        return True

    def _do(self, job: Job, work: Work, order: Hashable | None) -> None:
        with self._lock:
            wanted = [each for each in job.together if not each.is_over]
            for each in wanted:
                each.started = time.time()
        if not wanted:  # cancelled while it waited
            return
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
        self._finish(job, order, status, error)

    def _finish(self, job: Job, order: Hashable | None, status: int, error: ErrorReply | None) -> None:
        """End a job and those that want the same, each with the answer under its own id."""
        with self._lock:
            if order is not None and self._active.get(order) is job:
                del self._active[order]  # from here on nobody joins
            ended = [each for each in job.together if not each.is_over]
        lost = {
            each.id for each in ended if error is None and each is not job and not self._share(job.id, each)
        }
        if job not in ended and self._store is not None:
            self._store.remove("answers", job.id)  # it was cancelled, and the work went on for others
        with self._lock:
            for each in ended:
                if each.id in lost:
                    self._end(each, 507, status_error(507, _NO_ROOM))
                else:
                    self._end(each, status, error)
            if order is not None and self._most_known and error is None and ended:
                self._known[order] = ended[-1].id
                self._known.move_to_end(order)
                while len(self._known) > self._most_known:
                    self._known.popitem(last=False)
        self._tell(ended)

    def _share(self, known: str, job: Job) -> bool:
        """Give a job's answer to another one as well; whether it was there to give."""
        return self._store is not None and self._store.share("answers", known, job.id)

    def _end(self, job: Job, status: int, error: ErrorReply | None) -> None:
        """Nothing more happens to a job; the lock is held."""
        if job.is_over:
            return
        job.status, job.answer = status, None
        job.error = None if error is None else page_error(error)
        job.done = job.total = None
        job.finished, job.step = time.time(), ""
        job.state = "failed" if error is not None else "done"
        job.changes += 1

    def _part(self, job: Job, done: int, total: int) -> None:
        """Parts may be many a second; whoever follows hears of some, and of the first and the last."""
        now = time.monotonic()
        with self._lock:
            if 0 < done < total and now - job.told < _PART:
                return
            job.told = now
            changed = [each for each in job.together if not each.is_over]
            for each in changed:
                each.done, each.total = done, total
                each.changes += 1
        self._tell(changed)

    def _tell(self, jobs: list[Job]) -> None:
        with self._lock:
            watchers = [watcher for job in jobs for watcher in self._watchers.get(job.id, ())]
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
