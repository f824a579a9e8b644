"""The second tier: a jailed CPython for programs that need more of the language than the sandbox has. Off by default.

The process that runs a program has, by order of the kernel,
- files: the standard library and numpy to read, nothing to write (Landlock);
- system calls: the few that computing needs; no processes, signals, sockets, mounts, modes or owners (seccomp);
- bounded memory and time (rlimits, and the host's clock).
All of these must be in force, or nothing is run: there is no fallback to an ordinary interpreter. Linux on x86-64 only.
One process serves one program. What it sends is checked like what the sandbox sends: it holds ids and numbers only.
"""

from __future__ import annotations

import base64
import json
import os
import platform
import selectors
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from planimeter.errors import LimitReached, ModelError, PlanimeterError
from planimeter.program import api, jail
from planimeter.program.limits import Limits
from planimeter.program.sandbox import SandboxError, limit_reached

_WORKER = api.INSIDE / "worker.py"
_HOST_CALL = api.private_name("_ask_host")
_LARGEST_MESSAGE = 64 << 20  # bytes
_INTERPRETER_BYTES = 512 << 20  # address space of CPython with numpy, beyond the program's own heap
_ARCHITECTURE = 0xC000003E  # AUDIT_ARCH_X86_64 of <linux/audit.h>

#: System calls of x86-64 that are left; every other gives EPERM. Numbers of <asm/unistd_64.h>.
_ALLOWED_CALLS = {
    "read": 0, "write": 1, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8, "mmap": 9,
    "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14, "rt_sigreturn": 15,
    "ioctl": 16, "pread64": 17, "readv": 19, "writev": 20, "access": 21, "select": 23, "sched_yield": 24,
    "mremap": 25, "madvise": 28, "dup": 32, "dup2": 33, "nanosleep": 35, "getpid": 39, "exit": 60,
    "fcntl": 72, "getcwd": 79, "readlink": 89, "gettimeofday": 96, "getrlimit": 97, "getrusage": 98,
    "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107, "getegid": 108,
    "sigaltstack": 131, "arch_prctl": 158, "gettid": 186, "time": 201, "futex": 202, "sched_getaffinity": 204,
    "getdents64": 217, "set_tid_address": 218, "restart_syscall": 219, "clock_gettime": 228, "clock_getres": 229,
    "clock_nanosleep": 230, "exit_group": 231, "openat": 257, "newfstatat": 262, "readlinkat": 267,
    "faccessat": 269, "set_robust_list": 273, "dup3": 292, "getrandom": 318, "statx": 332, "rseq": 334,
    "faccessat2": 439,
}  # fmt: skip


def unavailable() -> str | None:
    """Why the second tier cannot run here; None where it can."""
    if not sys.platform.startswith("linux") or platform.machine() != "x86_64":
        return "it needs Linux on x86-64"
    return None


@dataclass
class PythonSession:
    """One program in one process; the interface of ``sandbox.Session``.

    Attributes:
        stdout: what was printed so far.
    """

    worker: PythonWorker
    limits: Limits
    answer: Callable[[tuple[Any, ...], dict[str, Any]], Any]
    stdout: str = ""
    _seconds_left: float = field(default=0.0, repr=False)
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
            message = self.worker.receive(self._seconds_left)
        except TimeoutError:
            raise self._over("seconds") from None
        except EOFError:
            if self.worker.killed or self.worker.ended_by(signal.SIGXCPU, signal.SIGKILL):
                raise self._over("seconds") from None
            self.worker.kill()
            raise SandboxError("SystemExit", "the program ended its interpreter", []) from None
        finally:
            self._seconds_left -= time.perf_counter() - started
        return message


class PythonWorker:
    """One jailed CPython; the interface of ``sandbox.Worker``.

    Attributes:
        protections: what it runs under; always all of them.
        killed: the host ended it.

    Raises:
        ModelError: the jail is not available here.
    """

    def __init__(self) -> None:
        self.protections: tuple[str, ...] = ("process",)
        self.killed = False
        self._process: subprocess.Popen[bytes] | None = None
        self._failure: Exception | None = None
        self._pending = bytearray()
        why = unavailable()
        if why is None:
            source = _WORKER.read_text(encoding="utf-8")  # the thread below can no longer read it
            folders = (Path(sys.base_prefix) / "lib", *_numpy_folders())
            starter = threading.Thread(
                target=self._start, args=(source, folders), name="planimeter-python-start"
            )
            starter.start()
            starter.join()
            if isinstance(self._failure, OSError):
                why = f"the jailed process does not start: {self._failure.strerror}"
            elif self._failure is not None:
                raise self._failure
        if why is None and not {"landlock", "seccomp"} <= set(self.protections):
            why = "this kernel offers no Landlock or no seccomp"
        if why is None and self._process is not None and not jail.limit(self._process.pid):
            why = "resource limits cannot be set here"
        if why is not None:
            self.kill()
            raise _not_here(why)
        self.protections += ("rlimits",)

    def _start(self, source: str, folders: tuple[Path, ...]) -> None:
        """Start the process from a thread that gives up its rights first, see ``jail``."""
        binary = Path(getattr(sys, "_base_executable", sys.executable)).resolve()
        try:
            self.protections += jail.enter(binary, folders)
            self._process = subprocess.Popen(
                [str(binary), "-S", "-s", "-P", "-c", source],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env={
                    "PYTHONHASHSEED": "0",
                    "OPENBLAS_NUM_THREADS": "1",
                    "OMP_NUM_THREADS": "1",
                    "LC_ALL": "C.UTF-8",
                },
            )
        except OSError as error:
            self._failure = error

    def open(self, limits: Limits, answer: Callable[[tuple[Any, ...], dict[str, Any]], Any]) -> PythonSession:
        """The session of the one program this worker serves."""
        assert self._process is not None
        seconds = min(limits.sandbox_seconds, limits.seconds)
        session = PythonSession(self, limits, answer, _seconds_left=seconds + 1.0)  # one second to start
        _limit(self._process.pid, limits.memory_bytes, seconds)
        self.send(
            {
                "output_bytes": limits.output_bytes,
                "recursion": max(limits.recursion, 100),
                "numpy": [str(folder) for folder in _numpy_folders()[:1]],
                "host_call": _HOST_CALL,
                "filter": base64.b64encode(_only(_ALLOWED_CALLS.values())).decode(),
            }
        )
        if session._receive() != {"jailed": True}:
            self.kill()
            raise _not_here("the process cannot be confined")
        session._seconds_left = seconds
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
        deadline = time.perf_counter() + seconds
        size = int.from_bytes(self._read(4, deadline), "big")
        if size > _LARGEST_MESSAGE:
            raise EOFError
        try:
            message = json.loads(self._read(size, deadline))
        except (ValueError, RecursionError):
            raise EOFError from None
        if not isinstance(message, dict):
            raise EOFError
        return message

    def _read(self, size: int, deadline: float) -> bytes:
        assert self._process is not None
        assert self._process.stdout is not None
        with selectors.DefaultSelector() as waiting:
            waiting.register(self._process.stdout, selectors.EVENT_READ)
            while len(self._pending) < size:
                if not waiting.select(max(0.0, deadline - time.perf_counter())):
                    raise TimeoutError
                data = os.read(self._process.stdout.fileno(), 1 << 16)
                if not data:
                    raise EOFError
                self._pending += data
        taken = bytes(self._pending[:size])
        del self._pending[:size]
        return taken

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
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None and not pipe.closed:
                try:
                    pipe.close()
                except BrokenPipeError:
                    continue  # unsent bytes for a process that is gone


def _numpy_folders() -> tuple[Path, ...]:
    """numpy and its libraries, where they are installed: programs of language models often import it."""
    spec = find_spec("numpy")
    if spec is None or spec.origin is None:
        return ()
    folder = Path(spec.origin).parent
    return tuple(path for path in (folder, folder.parent / "numpy.libs") if path.is_dir())


def _limit(pid: int, memory_bytes: int, seconds: float) -> None:
    import resource

    heap = memory_bytes + _INTERPRETER_BYTES
    resource.prlimit(pid, resource.RLIMIT_AS, (heap, heap))
    cpu = int(seconds) + 3
    resource.prlimit(pid, resource.RLIMIT_CPU, (cpu, cpu))


def _only(allowed: Any) -> bytes:
    """A classic BPF program: these calls pass, all others give EPERM, a foreign architecture ends the process."""
    load, jump_equal, give = 0x20, 0x15, 0x06
    kill, allow, eperm = 0x80000000, 0x7FFF0000, 0x00050000 | 1
    numbers = sorted(allowed)
    steps = [(load, 0, 0, 4), (jump_equal, 1, 0, _ARCHITECTURE), (give, 0, 0, kill), (load, 0, 0, 0)]
    for place, number in enumerate(numbers):
        steps.append((jump_equal, len(numbers) - place, 0, number))
    steps += [(give, 0, 0, eperm), (give, 0, 0, allow)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)


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


def _not_here(why: str) -> ModelError:
    return ModelError(f"The full-Python tier cannot run here ({why}): leave out --full-python.")


@dataclass(frozen=True)
class AsWritten:
    """A program that runs without a rewrite; the interface of ``rewrite.Rewritten``.

    Attributes:
        text: what is fed.
        standins: none are needed.
    """

    text: str
    standins: tuple[str, ...] = ()

    def original_line(self, line: int, column: int = 0) -> int:
        """The same line: nothing was moved."""
        return line
