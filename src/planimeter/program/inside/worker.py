"""What the full Python of the second tier runs: it is fed texts, runs them in one namespace, and reports.

This text is handed to a fresh interpreter with ``-c``; it imports nothing of Planimeter. Messages are JSON. Nothing
here is trusted by the host: a program may do to this interpreter whatever the kernel (see ``jailed_python``) lets it,
which is next to nothing.
"""

from __future__ import annotations

import ast
import base64
import builtins
import io
import json
import os
import random
import sys
from collections.abc import Callable
from importlib.util import spec_from_file_location
from typing import Any, Protocol

Send = Callable[[dict[str, Any]], None]
_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2


class _Channel(Protocol):
    """How messages reach the host and come from it, in turn."""

    def send(self, message: dict[str, Any]) -> None: ...

    def receive(self) -> Any: ...


class _Pipes:
    """A process of its own: its standard input and output, each message with its length before it in four bytes."""

    def __init__(self) -> None:
        self._incoming, self._outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        nowhere = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(nowhere, standard)

    def send(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode()
        self._outgoing.write(len(data).to_bytes(4, "big") + data)
        self._outgoing.flush()

    def receive(self) -> Any:
        size = int.from_bytes(self._incoming.read(4), "big")
        return json.loads(self._incoming.read(size))


class _Door:
    """WebAssembly: the one function that the module is given takes a message and returns the host's next."""

    def __init__(self, call: Callable[[bytes], bytes]) -> None:
        self._call = call
        self._reply = b""

    def send(self, message: dict[str, Any]) -> None:
        self._reply = self._call(json.dumps(message).encode())

    def receive(self) -> Any:
        reply, self._reply = self._reply or self._call(b""), b""
        return json.loads(reply)


class _Printed(io.TextIOBase):
    """Collects what is printed; the process ends when that is too much."""

    def __init__(self, limit: int, send: Send) -> None:
        self.parts: list[str] = []
        self._left = limit
        self._send = send

    def write(self, text: str) -> int:
        self._left -= len(text)
        if self._left < 0:
            self._send({"limit": "output"})
            os._exit(1)
        self.parts.append(text)
        return len(text)

    def take(self) -> str:
        taken, self.parts = "".join(self.parts), []
        return taken


class _Numpy:
    """Finds numpy in its folder; the folder around it cannot be read."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "numpy":
            return None
        file = f"{self._folder}/__init__.py"
        return spec_from_file_location(name, file, submodule_search_locations=[self._folder])


def _give_up_rights(program: bytes) -> bool:
    """Allow only the system calls of the filter from now on."""
    import ctypes

    class Filter(ctypes.Structure):
        """``struct sock_fprog``."""

        _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))

    wanted = Filter(len(program) // 8, program)
    return ctypes.CDLL(None).prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(wanted), 0, 0) == 0


def _open_channel() -> _Channel:
    if sys.platform == "wasi":
        import _host  # the module's own: a function that the process around it answers

        return _Door(_host.call)
    return _Pipes()


def _run(text: str, name: str, names: dict[str, Any]) -> Any:
    """Run a text; the value of its last expression, where it ends with one."""
    tree = ast.parse(text, name)
    last = tree.body[-1] if tree.body else None
    if not isinstance(last, ast.Expr):
        exec(compile(tree, name, "exec"), names)
        return None
    exec(compile(ast.Module(tree.body[:-1], []), name, "exec"), names)
    return eval(compile(ast.Expression(last.value), name, "eval"), names)


def _places(error: BaseException) -> list[list[int]]:
    """[number of the text, line, column] of every frame that runs a fed text, innermost last."""
    places = []
    if isinstance(error, SyntaxError) and str(error.filename).startswith("<text "):
        places.append([int(str(error.filename)[6:-1]), error.lineno or 1, 0])
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.startswith("<text "):
            places.append([int(file[6:-1]), trace.tb_lineno, 0])
        trace = trace.tb_next
    return places


def main() -> None:
    """Serve until the host closes the pipe."""
    channel = _open_channel()
    send = channel.send

    def ask_host(*args: Any, **kwargs: Any) -> str:
        send({"call": list(args), "kwargs": kwargs})
        reply = channel.receive()
        if "return_value" in reply:
            return str(reply["return_value"])
        raise getattr(builtins, reply["exc_type"])(reply["message"])

    start = channel.receive()
    printed = sys.stdout = _Printed(start["output_bytes"], send)
    sys.meta_path.extend(_Numpy(folder) for folder in start.get("numpy", ()))
    sys.setrecursionlimit(start["recursion"])
    random.seed(0)
    os.uname = lambda: os.uname_result(("Linux", "localhost", "5.0", "", "x86_64"))  # type: ignore[assignment]
    names = {"__name__": "__main__", "__builtins__": builtins, start["host_call"]: ask_host}
    filtered = "filter" not in start or _give_up_rights(base64.b64decode(start["filter"]))
    send({"jailed": filtered})
    while True:
        request = channel.receive()
        names.update(request["inputs"])
        try:
            value = _run(request["text"], f"<text {request['number']}>", names)
            report = {"value": value if request["wants_value"] else None}
        except BaseException as error:
            report = {"error": type(error).__name__, "message": str(error)[:2000], "places": _places(error)}
        send({**report, "printed": printed.take()})


if __name__ == "__main__":
    main()
