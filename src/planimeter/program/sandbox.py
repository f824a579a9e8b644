"""The sandbox: Monty, a small Python interpreter in a process of its own, behind a wall that the host guards.

A worker runs one program at a time. Its calls come back one by one and are answered by the host; it has no
files, no network, no clock and no environment. When a program ends by a limit or in the middle of a call,
its worker is thrown away.
"""

from __future__ import annotations

import atexit
import importlib
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planimeter.errors import LimitReached, PlanimeterError, ProgramFailed
from planimeter.program import api, jail
from planimeter.program.limits import Limits

if TYPE_CHECKING:
    import pydantic_monty

_GRACE = 0.5  # seconds past a limit before the worker is killed
_SPARE_WORKERS = 2
_HOST_CALL = api.private_name("_ask_host")
_FROZEN_CLOCK = datetime(2000, 1, 1, tzinfo=UTC)  # a program measures the same at any time

_idle: list[Worker] = []
_warming: list[threading.Thread] = []
_lock = threading.Lock()


class SandboxError(Exception):
    """An exception of the program itself, with the frames of the sandbox's traceback.

    Attributes:
        kind: name of the exception's type.
        message: its text.
        frames: (feed number from 0, line from 1, column from 0), innermost last.
    """

    def __init__(self, kind: str, message: str, frames: list[tuple[int, int, int]]) -> None:
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.message = message
        self.frames = frames


@dataclass
class Session:
    """One program in one worker: texts are fed in turn and share their names.

    Attributes:
        stdout: what was printed so far.
    """

    worker: Worker
    limits: Limits
    answer: Callable[[tuple[Any, ...], dict[str, Any]], Any]
    stdout: str = ""
    _inner: Any = field(default=None, repr=False)

    def feed(self, text: str, inputs: dict[str, Any] | None = None) -> Any:
        """Run one text; the value of its last expression comes back.

        Raises:
            SandboxError: the program raised.
            LimitReached: it passed a limit.
            PlanimeterError: what answering one of its calls raised.
        """
        import pydantic_monty as monty

        printed = monty.CollectString(max_bytes=self.limits.output_bytes)
        try:
            step = self._inner.feed_start(text, inputs=inputs, print_callback=printed)
            while not isinstance(step, monty.MontyComplete):
                step = self._next(step, monty)
            return step.output
        except monty.MontyRuntimeError as error:
            raise self._sorted_out(error) from None
        except monty.MontySyntaxError as error:
            raise SandboxError("SyntaxError", str(error), _frames(error)) from None
        except monty.MontyCrashedError as error:
            self.worker.spoilt = True
            limit = "seconds" if error.timed_out or self.worker.killed else "memory"
            raise limit_reached(limit, self.limits) from None
        finally:
            self.stdout += printed.output

    def _next(self, step: Any, monty: Any) -> Any:
        if isinstance(step, monty.NameLookupSnapshot):
            return step.resume()
        if not isinstance(step, monty.FunctionSnapshot):
            self.worker.spoilt = True
            raise SandboxError("RuntimeError", "async code cannot wait for anything here", [])
        if step.is_os_function:
            return step.resume_not_handled()
        if step.function_name != _HOST_CALL:
            name = step.function_name
            return step.resume({"exc_type": "NameError", "message": f"name {name!r} is not defined"})
        try:
            return step.resume(self.answer(step.args, step.kwargs))
        except PlanimeterError:
            self.worker.spoilt = True  # it waits for an answer that never comes
            raise

    def _sorted_out(self, error: pydantic_monty.MontyRuntimeError) -> Exception:
        inner = error.exception()
        text = str(error).partition(": ")[2]
        if isinstance(inner, TimeoutError) and "time limit" in text:
            self.worker.spoilt = True
            return limit_reached("seconds", self.limits)
        if isinstance(inner, MemoryError):
            self.worker.spoilt = True
            is_output = text.endswith(f"> {self.limits.output_bytes} bytes")
            return limit_reached("output" if is_output else "memory", self.limits)
        if isinstance(inner, RuntimeError) and "suspensions" in text:
            self.worker.spoilt = True
            return limit_reached("calls", self.limits)
        return SandboxError(type(inner).__name__, text, _frames(error))


class Worker:
    """One sandbox process.

    Attributes:
        protections: what it runs under.
        spoilt: it must not be used again.
        killed: the host ended it.
    """

    def __init__(self, jailed: bool = True) -> None:
        self.protections: tuple[str, ...] = ("process",)
        self.spoilt = False
        self.killed = False
        self._owner = os.getpid()
        self._pid: int | None = None
        self._failure: Exception | None = None
        starter = threading.Thread(target=self._start, args=(jailed,), name="planimeter-sandbox-start")
        starter.start()
        starter.join()
        if jailed:
            # What could not be read there (Monty looks for opentelemetry) is not missing for this process.
            importlib.invalidate_caches()
        if self._failure is not None:
            raise self._failure
        if self._pid is not None and jail.limit(self._pid):
            self.protections += ("rlimits",)

    def _start(self, jailed: bool) -> None:
        """Start the process from a thread that gives up its rights first, see ``jail``."""
        import pydantic_monty
        from pydantic_monty._binary import find_monty_binary

        try:
            binary = Path(find_monty_binary())
            if jailed:
                self.protections += jail.enter(binary)
            self._pool = pydantic_monty.Monty(
                binary_path=binary,
                min_processes=1,
                max_processes=1,
                max_checkouts_per_worker=None,
                feed_duration_limit_grace=_GRACE,
                turn_duration_limit_grace=_GRACE,
            )
            self._pool.__enter__()
            with self._pool.checkout() as first:
                self._pid = first.worker_pid
                first.feed_run("1")
        except (OSError, RuntimeError, pydantic_monty.MontyError) as error:
            self._failure = error
            return

    def open(
        self,
        limits: Limits,
        answer: Callable[[tuple[Any, ...], dict[str, Any]], Any],
    ) -> Session:
        """A fresh session; the worker serves no other until it is closed."""
        session = Session(self, limits, answer)
        session._inner = self._pool.checkout(
            script_name="program.py",
            limits={
                "max_feed_duration_secs": min(limits.sandbox_seconds, limits.seconds),
                "max_memory": limits.memory_bytes,
                "max_recursion_depth": limits.recursion,
                "max_suspensions": limits.calls + 1_000,
            },
            os_policy={
                "sleep": "zero",
                "process_time": "zero",
                "random_start": {"seed": 0},
                "datetime": _FROZEN_CLOCK,
            },
        )
        session._inner.__enter__()
        self._pid = session._inner.worker_pid
        if "rlimits" in self.protections and self._pid is not None:
            jail.limit_memory(self._pid, limits.memory_bytes)
        return session

    def close(self, session: Session) -> None:
        """Give the session back; a spoilt worker ends here, another waits for the next program."""
        if self.spoilt:
            self.kill()
        session._inner.__exit__(None, None, None)
        with _lock:
            if not self.spoilt and len(_idle) < _SPARE_WORKERS:
                _idle.append(self)
                return
        self.end()

    def kill(self) -> None:
        """End the process now, whatever it is doing."""
        self.killed = self.spoilt = True
        if self._pid is not None and os.getpid() == self._owner:
            try:
                os.kill(self._pid, signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
            except ProcessLookupError:
                self._pid = None  # it had ended by itself

    def end(self) -> None:
        """Stop the pool behind this worker."""
        if os.getpid() == self._owner:
            self._pool.__exit__(None, None, None)


def take_worker() -> Worker:
    """A worker that is ready: a waiting one, or a new one."""
    with _lock:
        starting = list(_warming)
        _warming.clear()
    for thread in starting:
        thread.join()
    with _lock:
        while _idle:
            worker = _idle.pop()
            if worker._owner == os.getpid():
                return worker
    return _new_worker()


def _new_worker() -> Worker:
    try:
        return Worker()
    except Exception as error:
        # Libraries in unusual places can keep a worker from starting in its jail. It then starts without,
        # and Run.protections does not name what is missing.
        try:
            return Worker(jailed=False)
        except Exception:
            raise ProgramFailed(
                f"The sandbox does not start ({error}): install pydantic-monty 1.4.0 again."
            ) from error


def warm_up() -> None:
    """Have a worker started in the background, so that the next program finds it ready.

    Call it before other slow work, such as opening an image or loading weights; a failure shows
    when the program runs. Does nothing while a worker waits or is about to, so that questions which
    are refused before anything runs leave no processes behind.
    """

    def start() -> None:
        try:
            worker = Worker()
        except Exception:
            return  # run_program starts its own worker, and reports why that fails
        with _lock:
            _idle.append(worker)

    with _lock:
        if _idle or any(thread.is_alive() for thread in _warming):
            return
        thread = threading.Thread(target=start, name="planimeter-sandbox-warm-up", daemon=True)
        thread.start()  # under the lock: whoever sees the thread may join it
        _warming.append(thread)


@atexit.register
def _end_idle_workers() -> None:
    for thread in list(_warming):
        thread.join()  # a worker that is just starting would abort the process as it ends
    with _lock:
        while _idle:
            _idle.pop().end()


def _frames(error: Any) -> list[tuple[int, int, int]]:
    frames = []
    for frame in error.traceback():
        number = frame.filename.rpartition("-")[2].rstrip(">")
        frames.append((int(number) if number.isdigit() else -1, frame.line, max(frame.column - 1, 0)))
    return frames


def limit_reached(what: str, limits: Limits) -> LimitReached:
    """The sentence for a limit: "seconds", "memory", "output" or "calls"."""
    sentences = {
        "seconds": f"The program ran out of time ({min(limits.seconds, limits.sandbox_seconds):g} s): "
        "look for a loop that does not end, or measure whole lists of shapes at once.",
        "memory": f"The program ran out of memory ({limits.memory_bytes >> 20} MiB): keep less at once.",
        "output": f"The program printed more than {limits.output_bytes} bytes: print totals only.",
        "calls": f"The program made more than {limits.calls} calls: measure whole lists of shapes at once.",
    }
    return LimitReached(sentences[what])
