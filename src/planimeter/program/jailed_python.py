"""The second tier: a jailed CPython for programs that need more of the language than the sandbox has. Off by default.

How the host speaks with it is in ``full_python``.

The process that runs a program has, by order of the kernel,
- files: the standard library and numpy to read, nothing to write (Landlock);
- system calls: the few that computing needs; no processes, signals, sockets, mounts, modes or owners (seccomp);
- bounded memory and time (rlimits, and the host's clock).
All of these must be in force, or nothing is run: there is no fallback to an ordinary interpreter. Linux on x86-64 only.
"""

from __future__ import annotations

import base64
import platform
import struct
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from planimeter.program import jail
from planimeter.program.full_python import NotHere, PythonProcess, worker_text
from planimeter.program.limits import Limits

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


class PythonWorker(PythonProcess):
    """One jailed CPython; ``protections`` are always all of them.

    Raises:
        ModelError: the jail is not available here.
    """

    def __init__(self) -> None:
        super().__init__()
        self._failure: Exception | None = None
        why = unavailable()
        if why is None:
            source = worker_text()  # the thread below can no longer read it
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
        if self._process is not None:
            self.attach(self._process)
        if why is None and not {"landlock", "seccomp"} <= set(self.protections):
            why = "this kernel offers no Landlock or no seccomp"
        if why is None and self._process is not None and not jail.limit(self._process.pid):
            why = "resource limits cannot be set here"
        if why is not None:
            self.kill()
            raise NotHere(why)
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

    def confine(self, limits: Limits, seconds: float) -> dict[str, Any]:
        """Bound memory and time from outside; return what the process is told to close itself in with."""
        assert self._process is not None
        _limit(self._process.pid, limits.memory_bytes, seconds)
        return {
            "numpy": [str(folder) for folder in _numpy_folders()[:1]],
            "filter": base64.b64encode(_only(_ALLOWED_CALLS.values())).decode(),
        }


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
