"""What the kernel can take from the sandbox's worker before it starts: files, network, and dangerous calls.

On Linux, restrictions that a *thread* gives itself are inherited by the processes that thread starts and end
with it. So the worker is started from a short-lived thread that first gives up
- privileges (``no_new_privs``),
- files (Landlock: only the worker's own program and its libraries can be read or executed, nothing written;
no TCP,
  no signals to, nor abstract sockets of, processes outside),
- system calls that a calculator never needs (seccomp: sockets, tracing, mounting, modules, namespaces, …).
The host itself keeps all it had. ``rlimits`` are set on the started process from outside. Where a kernel
does not offer one of them, the rest still applies, and ``Run.protections`` says which did.

Constants are those of <linux/landlock.h>, <linux/seccomp.h>, <linux/filter.h> and the system call tables.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
import sys
from collections.abc import Sequence
from pathlib import Path

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_SECCOMP_MODE_FILTER = 2

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446  # the same on every architecture
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 1, 1 << 2, 1 << 3

#: Address space a worker reserves beyond its heap, most of which it never touches.
_WORKER_BYTES = 2 << 30

#: Calls refused with EPERM, by architecture: (AUDIT_ARCH, {name: number}).
_REFUSED_CALLS = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41, "connect": 42, "accept": 43, "bind": 49, "listen": 50, "ptrace": 101, "syslog": 103,
            "personality": 135, "pivot_root": 155, "chroot": 161, "acct": 163, "mount": 165, "umount2": 166,
            "swapon": 167, "reboot": 169, "init_module": 175, "delete_module": 176, "quotactl": 179,
            "add_key": 248, "request_key": 249, "keyctl": 250, "unshare": 272, "perf_event_open": 298,
            "accept4": 288, "open_by_handle_at": 304, "setns": 308, "process_vm_readv": 310,
            "process_vm_writev": 311, "kcmp": 312, "finit_module": 313, "kexec_file_load": 320, "bpf": 321,
            "userfaultfd": 323, "kexec_load": 246, "io_uring_setup": 425, "io_uring_enter": 426,
            "io_uring_register": 427, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsmount": 432,
            "pidfd_open": 434, "pidfd_getfd": 438, "mount_setattr": 442,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "socket": 198, "bind": 200, "listen": 201, "accept": 202, "connect": 203, "accept4": 242,
            "ptrace": 117, "syslog": 116, "personality": 92, "pivot_root": 41, "chroot": 51, "acct": 89,
            "mount": 40, "umount2": 39, "swapon": 224, "reboot": 142, "init_module": 105, "delete_module":
                106,
            "quotactl": 60, "add_key": 217, "request_key": 218, "keyctl": 219, "unshare": 97,
            "perf_event_open": 241, "open_by_handle_at": 265, "setns": 268, "process_vm_readv": 270,
            "process_vm_writev": 271, "kcmp": 272, "finit_module": 273, "kexec_file_load": 294, "bpf": 280,
            "userfaultfd": 282, "kexec_load": 104, "io_uring_setup": 425, "io_uring_enter": 426,
            "io_uring_register": 427, "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsmount": 432,
            "pidfd_open": 434, "pidfd_getfd": 438, "mount_setattr": 442,
        },
    ),
}  # fmt: skip


def enter(binary: Path, folders: Sequence[Path] = ()) -> tuple[str, ...]:
    """Take from the calling thread, and what it will start, all that the worker does not need.

    Call it in a thread of its own: it cannot be undone.

    Args:
        binary: the worker's program.
        folders: what else it may read and execute from.

    Returns:
        what is now in force: some of "landlock" and "seccomp"; nothing outside Linux.
    """
    if not sys.platform.startswith("linux"):
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return ()
    active = []
    if _landlock(libc, binary, folders):
        active.append("landlock")
    if _seccomp(libc):
        active.append("seccomp")
    return tuple(active)


def limit(pid: int) -> bool:
    """Set resource limits on a running worker: no files written, no core dumps, few descriptors.

    Returns:
        whether they are in force.
    """
    if not sys.platform.startswith("linux"):
        return False
    import resource

    wanted = {resource.RLIMIT_CORE: 0, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_NOFILE: 64}
    try:
        for kind, value in wanted.items():
            resource.prlimit(pid, kind, (value, value))
    except (OSError, ValueError):
        return False  # a kernel or container that forbids it: Run.protections then does not name rlimits
    return True


def limit_memory(pid: int, heap_bytes: int) -> None:
    """Bound the address space of a worker whose limits ``limit`` could set.

    Args:
        pid: of the worker (Linux).
        heap_bytes: that its programs may use.
    """
    import resource

    _, hardest = resource.prlimit(pid, resource.RLIMIT_AS)
    resource.prlimit(pid, resource.RLIMIT_AS, (2 * heap_bytes + _WORKER_BYTES, hardest))


def _landlock(libc: ctypes.CDLL, binary: Path, extra: Sequence[Path]) -> bool:
    version = libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), 1)
    if version < 1:
        return False
    files = (1 << 13) - 1  # every right of the first version, then those that came later
    files |= (
        (1 << 13 if version >= 2 else 0) | (1 << 14 if version >= 3 else 0) | (1 << 15 if version >= 5 else 0)
    )
    network = 0b11 if version >= 4 else 0
    scoped = 0b11 if version >= 6 else 0
    attributes = struct.pack("QQQ", files, network, scoped)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(_LANDLOCK_CREATE, attributes, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        for path, rights in _needed_files(binary, extra):
            if not _allow(libc, ruleset, path, rights):
                return False
        return libc.syscall(_LANDLOCK_RESTRICT, ruleset, 0) == 0
    finally:
        os.close(ruleset)


def _needed_files(binary: Path, extra: Sequence[Path]) -> list[tuple[Path, int]]:
    libraries = ["/lib", "/lib64", "/usr/lib", "/usr/lib64"]
    folders = {Path(name).resolve() for name in libraries if Path(name).is_dir()}
    needed = [(folder, _EXECUTE | _READ_FILE) for folder in sorted(folders)]
    needed.append((binary.resolve(), _EXECUTE | _READ_FILE))
    needed += [(folder, _EXECUTE | _READ_FILE | _READ_FOLDER) for folder in extra if folder.is_dir()]
    needed += [(Path(n), _READ_FILE) for n in ("/etc/ld.so.cache", "/usr/share/zoneinfo") if Path(n).exists()]
    needed.append((Path("/dev/null"), _READ_FILE | _WRITE_FILE))
    return needed


def _allow(libc: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> bool:
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        return libc.syscall(_LANDLOCK_ADD, ruleset, 1, struct.pack("=Qi", rights, handle), 0) == 0
    finally:
        os.close(handle)


class _Program(ctypes.Structure):
    """``struct sock_fprog``."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def _seccomp(libc: ctypes.CDLL) -> bool:
    known = _REFUSED_CALLS.get(platform.machine())
    if known is None:
        return False
    architecture, calls = known
    text = _filter(architecture, sorted(calls.values()))
    program = _Program(len(text) // 8, text)
    return libc.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0) == 0


def _filter(architecture: int, refused: list[int]) -> bytes:
    """A classic BPF program: kill on a foreign architecture, EPERM on the refused calls, allow the rest."""
    load, jump_equal, jump_above, give = 0x20, 0x15, 0x35, 0x06
    kill, allow, eperm = 0x80000000, 0x7FFF0000, 0x00050000 | 1
    count = len(refused)
    steps = [
        (load, 0, 0, 4),  # the architecture
        (jump_equal, 1, 0, architecture),
        (give, 0, 0, kill),
        (load, 0, 0, 0),  # the call's number
        (jump_above, count + 1, 0, 0x40000000),  # the x32 table
    ]
    for place, number in enumerate(refused):
        steps.append((jump_equal, count - place, 0, number))
    steps += [(give, 0, 0, allow), (give, 0, 0, eperm)]
    return b"".join(struct.pack("HBBI", *step) for step in steps)
