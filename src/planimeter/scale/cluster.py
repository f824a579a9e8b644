"""Where tasks run: threads of this process, processes of this machine, or the workers of a Dask scheduler.

Dask distributes, retries and reschedules in all three; nothing here schedules anything.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing import resource_tracker
from typing import TYPE_CHECKING, Any

from planimeter.errors import LimitReached, ModelError, UsageError

if TYPE_CHECKING:
    from distributed import Client, Future

OWN_CLUSTER = {
    # A worker of this very process cannot be lost; one that is merely busy for minutes must not be given up.
    "distributed.scheduler.worker-ttl": None,
    # Dask's profiler asks a hundred times a second what all threads are doing. Where that collects garbage while
    # another thread begins, Python up to 3.11.8 stands still for ever (CPython issue 106883), and nobody looks at it.
    "distributed.worker.profile.enabled": False,
}
"""Dask's settings for a cluster on this machine."""
_CONNECT_SECONDS = 15
_INSISTING = 3  # Ctrl-C so often means now, in whatever state Dask is


@dataclass(frozen=True)
class Done:
    """One task that has ended.

    Attributes:
        index: place of its item among the items given.
        result: what the function returned; None where it raised.
        error: what it raised, as ``translated`` puts it; None otherwise.
    """

    index: int
    result: Any = None
    error: BaseException | None = None


class Cluster:
    """Threads, processes or machines that tasks are given to; made by ``connect``.

    Attributes:
        client: the Dask client, also the default one for ``dask.array`` while the cluster is open.
        workers: how many tasks run at a time, at the moment of connecting.
        gpus: how many of the workers say that they have a GPU (``dask worker --resources GPU=1``).
    """

    def __init__(self, client: Client) -> None:
        self.client = client
        known = client.scheduler_info(n_workers=-1)["workers"].values()
        self.workers = sum(int(worker["nthreads"]) for worker in known)
        self.gpus = sum(worker.get("resources", {}).get("GPU", 0) > 0 for worker in known)

    def submit(self, function: Callable[..., Any], *arguments: Any, uses_model: bool = False) -> Future[Any]:
        """Start one task.

        Args:
            function: importable on the workers; what it takes and returns is sent by pickle.
            arguments: handed to it; futures among them are waited for and replaced by their results.
            uses_model: run it on a worker with a GPU, one task per GPU at a time, where there are any.
        """
        resources = {"GPU": 1} if uses_model and self.gpus else None
        return self.client.submit(function, *arguments, resources=resources, pure=False)

    def map(
        self, function: Callable[[Any], Any], items: Sequence[Any], *, uses_model: bool = False
    ) -> Iterator[Done]:
        """Run a function on every item and give each result as soon as it is there, in no fixed order.

        A task whose worker dies runs again on another one. Leaving the loop early cancels what is left.

        Args:
            function: as for ``submit``.
            items: one task each.
            uses_model: as for ``submit``.
        """
        from distributed import as_completed

        futures = {self.submit(function, item, uses_model=uses_model): n for n, item in enumerate(items)}
        try:
            for future in as_completed(list(futures), raise_errors=False):
                index = futures.pop(future)
                # Both wait: a result whose worker died after it was told of is neither here nor an error yet.
                error = future.exception()
                if error is None:
                    yield Done(index, result=future.result())
                else:
                    yield Done(index, error=translated(error))
        finally:
            self.client.cancel(list(futures))


def translated(error: BaseException) -> BaseException:
    """What Dask says of lost workers and schedulers as an error of the house; anything else as it is.

    >>> translated(MemoryError())
    LimitReached('A worker died or ran out of memory on this each time: give workers more memory, or smaller scenes.')
    >>> translated(KeyError("x"))
    KeyError('x')
    """
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if isinstance(error, MemoryError) or "KilledWorker" in kinds:
        return LimitReached(
            "A worker died or ran out of memory on this each time: give workers more memory, or smaller scenes."
        )
    if kinds & {"CancelledError", "CommClosedError"}:
        return ModelError(
            "The Dask scheduler was lost while it worked: start it again, and repeat the command."
        )
    return error


@contextmanager
def connect(
    scheduler: str | None = None, workers: int | None = None, *, processes: bool = False
) -> Iterator[Cluster]:
    """Open a cluster for the time of a ``with`` block.

    Args:
        scheduler: address of a running Dask scheduler, such as "tcp://10.0.0.1:8786"; None for this machine.
        workers: tasks at a time on this machine; None for one per core. Not for a scheduler, which has its own.
        processes: on this machine, one process per worker instead of threads.

    Raises:
        ModelError: Dask is not installed, or the scheduler cannot be reached or has no workers.
        UsageError: ``workers`` is no positive number, or given with a scheduler.

    >>> with connect(workers=2) as cluster:
    ...     sorted(done.result for done in cluster.map(len, ["a", "bb", "ccc"]))
    [1, 2, 3]
    """
    if workers is not None and (scheduler is not None or workers < 1):
        raise UsageError(
            "--workers is a number from 1 on this machine; with --scheduler its own workers count."
        )
    try:
        import dask
        from distributed import Client, LocalCluster
    except ImportError:
        raise ModelError("Many scenes at once need Dask: pip install 'planimeter[scale]'.") from None
    if scheduler is not None:
        with _reached(scheduler) as client:
            yield Cluster(client)
        return
    count = workers or cores()
    many, threads = (count, 1) if processes else (1, count)
    with dask.config.set(OWN_CLUSTER):
        with _uninterrupted():
            opened = ExitStack()
            local = LocalCluster(
                n_workers=many,
                threads_per_worker=threads,
                processes=processes,
                dashboard_address="127.0.0.1:0",  # any free port, seen from this machine only
                memory_limit=0,
                # A worker's slow or late goodbye is no news, and what fails is told with its scene.
                silence_logs=logging.CRITICAL,
            )
            opened.enter_context(local)
            client = opened.enter_context(Client(local))
        try:
            yield Cluster(client)
        finally:
            with _uninterrupted():
                opened.close()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C back to the end of a ``with`` block.

    A cluster that is interrupted while it starts or ends says so in many tracebacks. Threads and processes that are
    started in the block never see a Ctrl-C, which a terminal sends to all of them: this process ends them.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed meanwhile.
    """
    if threading.current_thread() is not threading.main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    pressed = []

    def note(*_: Any) -> None:
        pressed.append(True)
        if len(pressed) >= _INSISTING:
            raise KeyboardInterrupt

    # Started later, it would let the interrupts through again in the thread that starts it.
    resource_tracker.ensure_running()
    before = signal.signal(signal.SIGINT, note)
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
    if pressed:
        raise KeyboardInterrupt


@contextmanager
def _reached(scheduler: str) -> Iterator[Client]:
    from distributed import Client

    try:
        client = Client(scheduler, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError, TypeError) as problem:
        raise ModelError(
            f"No Dask scheduler answers at {scheduler[:100]!r}: start one with `dask scheduler`, or check the address."
        ) from problem
    with client:
        try:
            client.wait_for_workers(1, timeout=_CONNECT_SECONDS)
        except TimeoutError:
            raise ModelError(
                f"The Dask scheduler at {scheduler[:100]!r} has no workers: start some with "
                f"`dask worker {scheduler[:100]}`."
            ) from None
        yield client


def cores() -> int:
    """Cores that this process may use, which in a container are fewer than there are.

    >>> cores() > 0
    True
    """
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
