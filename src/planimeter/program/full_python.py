"""A process that runs full Python: how the host speaks with it, whatever keeps it in.

It is a CPython that the kernel has locked up (``jailed_python``); it runs the text of ``inside/worker.py`` and serves
one program. Messages are JSON with their length before them, in four bytes. What comes is checked like what the sandbox
sends: it holds ids and numbers only.
"""

from __future__ import annotations

import json
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from planimeter.errors import LimitReached, ModelError, PlanimeterError
from planimeter.program import api
from planimeter.program.limits import Limits
from planimeter.program.sandbox import SandboxError, limit_reached

_WORKER = api.INSIDE / "worker.py"
_HOST_CALL = api.private_name("_ask_host")
_LARGEST_MESSAGE = 64 << 20  # bytes
_ENDED_BY_HOST = tuple(getattr(signal, name) for name in ("SIGXCPU", "SIGKILL") if hasattr(signal, name))

Answer = Callable[[tuple[Any, ...], dict[str, Any]], Any]


class NotHere(ModelError):
    """Full Python does not run on this machine."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The full-Python tier cannot run here ({why}): leave out --full-python.")


@dataclass
class PythonSession:
    """One program in one process; the interface of ``sandbox.Session``.

    Attributes:
        stdout: what was printed so far.
        seconds_left: what the program may still compute.
    """

    worker: PythonProcess
    limits: Limits
    answer: Answer
    stdout: str = ""
    seconds_left: float = field(default=0.0, repr=False)
    _fed: int = field(default=0, repr=False)

    def feed(self, text: str, inputs: dict[str, Any] | None = None) -> Any:
        """Run one text; the report of the last one comes back.

        Raises:
            SandboxError: the program raised.
            LimitReached: it passed a limit.
            PlanimeterError: what answering one of its calls raised.
        """
        is_report = self._fed >= 2  # prelude, program, report
        self._send({"text": text, "number": self._fed, "inputs": inputs or {}, "wants_value": is_report})
        self._fed += 1
        while True:
            message = self._receive()
            if "call" in message:
                self._send(self._answered(message))
                continue
            self.stdout += _text(message.get("printed"), self.limits.output_bytes)
            if "limit" in message:
                raise self._over("output")
            if "error" in message:
                raise self._raised(message)
            return _report(message.get("value")) if is_report else None

    def _answered(self, message: dict[str, Any]) -> Any:
        args, kwargs = message["call"], message.get("kwargs")
        if not isinstance(args, list) or not isinstance(kwargs, dict):
            raise self._over("memory")
        try:
            return self.answer(tuple(args), kwargs)
        except PlanimeterError:
            self.worker.kill()  # it waits for an answer that never comes
            raise

    def _raised(self, message: dict[str, Any]) -> Exception:
        kind = _text(message["error"], 100)
        if kind == "MemoryError":
            return self._over("memory")
        places = message.get("places")
        frames = [
            (place[0], place[1], place[2])
            for place in (places if isinstance(places, list) else [])[:1000]
            if isinstance(place, list) and len(place) == 3 and all(type(n) is int for n in place)
        ]
        return SandboxError(kind, _text(message.get("message"), 2000), frames)

    def _over(self, what: str) -> LimitReached:
        self.worker.kill()
        return limit_reached(what, self.limits)

    def _send(self, message: dict[str, Any]) -> None:
        try:
            self.worker.send(message)
        except OSError:
            raise self._over("seconds" if self.worker.killed else "memory") from None

    def _receive(self) -> dict[str, Any]:
        started = time.perf_counter()
        try:
            message = self.worker.receive(self.seconds_left)
        except TimeoutError:
            raise self._over("seconds") from None
        except EOFError:
            if self.worker.killed or self.worker.ended_by(*_ENDED_BY_HOST):
                raise self._over("seconds") from None
            self.worker.kill()
            raise SandboxError("SystemExit", "the program ended its interpreter", []) from None
        finally:
            self.seconds_left -= time.perf_counter() - started
        return message


class PythonProcess:
    """One process of full Python; the interface of ``sandbox.Worker``. A kind of it starts the process.

    Attributes:
        protections: what it runs under.
        killed: the host ended it.
        start_seconds: how long it may take until it is ready.
    """

    start_seconds = 5.0  # the usual is far less; this is for a machine that is busy

    def __init__(self) -> None:
        self.protections: tuple[str, ...] = ("process",)
        self.killed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._wanted = threading.Semaphore(0)
        self._came: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._is_wanted = False

    def confine(self, limits: Limits, seconds: float) -> dict[str, Any]:
        """Set the limits of the process; what its Python has to be told besides.

        Args:
            limits: the budgets.
            seconds: what the program may compute.
        """
        raise NotImplementedError

    def attach(self, process: subprocess.Popen[bytes]) -> None:
        """Speak with this process from now on."""
        self._process = process
        threading.Thread(
            target=self._read, args=(process.stdout,), name="planimeter-python", daemon=True
        ).start()

    def open(self, limits: Limits, answer: Answer) -> PythonSession:
        """The session of the one program this worker serves.

        Raises:
            ModelError: its Python does not get ready.
        """
        seconds = min(limits.sandbox_seconds, limits.seconds)
        session = PythonSession(self, limits, answer)
        told = self.confine(limits, seconds)
        self.send(
            {
                "output_bytes": limits.output_bytes,
                "recursion": max(limits.recursion, 100),
                "host_call": _HOST_CALL,
                **told,
            }
        )
        why = "the process ended as it started"
        try:
            ready = self.receive(self.start_seconds)
            why = "" if ready == {"jailed": True} else _text(ready.get("failed"), 300) or "it is not confined"
        except (TimeoutError, EOFError) as failure:
            if self.killed:
                raise limit_reached("seconds", limits) from None
            if isinstance(failure, TimeoutError):
                why = f"it was not ready after {self.start_seconds:g} s"
        if why:
            self.kill()
            raise NotHere(why)
        session.seconds_left = seconds
        return session

    def send(self, message: dict[str, Any]) -> None:
        """One message to the process."""
        assert self._process is not None
        assert self._process.stdin is not None
        data = json.dumps(message).encode()
        self._process.stdin.write(len(data).to_bytes(4, "big") + data)
        self._process.stdin.flush()

    def receive(self, seconds: float) -> dict[str, Any]:
        """The next message of the process.

        Raises:
            TimeoutError: it takes longer than this.
            EOFError: the process ended, or sent what is no message.
        """
        if not self._is_wanted:  # else it still is, since a call that waited in vain
            self._wanted.release()
        self._is_wanted = True
        try:
            data = self._came.get(timeout=max(0.0, seconds))
        except queue.Empty:
            raise TimeoutError from None
        self._is_wanted = False
        try:
            message = json.loads(data) if data is not None else None
        except (ValueError, RecursionError):
            raise EOFError from None
        if not isinstance(message, dict):
            raise EOFError
        return message

    def _read(self, stream: BinaryIO) -> None:
        """Read a message whenever one is wanted: pipes cannot be waited for on every system, threads can."""
        with stream:
            while True:
                self._wanted.acquire()
                size = int.from_bytes(stream.read(4), "big")
                data = stream.read(size) if 0 < size <= _LARGEST_MESSAGE else b""
                self._came.put(data if size and len(data) == size else None)
                if not data or len(data) < size:
                    return

    def ended_by(self, *signals: int) -> bool:
        """Whether the process has ended by one of these signals."""
        assert self._process is not None
        try:
            return -self._process.wait(1.0) in signals
        except subprocess.TimeoutExpired:
            return False

    def close(self, session: PythonSession) -> None:
        """End the process: none serves a second program."""
        self.kill()

    def kill(self) -> None:
        """End the process now, whatever it is doing."""
        self.killed = True
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._wanted.release()  # the reader finds the end
        stdin = self._process.stdin
        if stdin is not None and not stdin.closed:
            try:
                stdin.close()
            except OSError:
                return  # unsent bytes for a process that is gone


def worker_text() -> str:
    """What the process runs."""
    return _WORKER.read_text(encoding="utf-8")


@dataclass(frozen=True)
class AsWritten:
    """A program that runs without a rewrite; the interface of ``rewrite.Rewritten``.

    Attributes:
        text: what is fed.
        shims: none are needed.
    """

    text: str
    shims: tuple[str, ...] = ()

    def original_line(self, line: int, column: int = 0) -> int:
        """The same line: nothing was moved."""
        return line


def _text(value: Any, longest: int) -> str:
    return value[:longest] if isinstance(value, str) else ""


def _report(value: Any) -> Any:
    """What the closing text reports, if it has the form that it gives it: [kind, value, ids, ids, …]."""
    if isinstance(value, list) and len(value) >= 2 and isinstance(value[0], str):
        kind, answer, *held = value
        is_plain = answer is None or type(answer) in (bool, int, float, str)
        if is_plain and all(ids is None or _are_ids(ids) for ids in held):
            return [kind, answer, *held]
    raise SandboxError("RuntimeError", "the program tampered with its report", [])


def _are_ids(ids: Any) -> bool:
    return isinstance(ids, list) and all(type(shape_id) is int for shape_id in ids)
