"""How much memory and how many workers a question may use, from what a user writes."""

from __future__ import annotations

import re

from planimeter.errors import UsageError
from planimeter.program import Limits
from planimeter.scale.tiles import DaskTiles

_UNITS = {"": 0, "K": 10, "M": 20, "G": 30, "T": 40}


def limits_for(
    max_memory: str | int | None = None, scheduler: str | None = None, workers: int | None = None
) -> Limits:
    """Return the limits of a question over a scene that may be larger than memory.

    Args:
        max_memory: memory of this process (and of each worker), bytes or text such as "4GiB"; None for half of what
            is free.
        scheduler: address of a running Dask scheduler; None for threads of this process.
        workers: threads of this process; None for one per core.

    Raises:
        UsageError: ``max_memory`` is no size, or ``workers`` no positive number.

    >>> limits_for("4GiB").resident_bytes == 4 * 2**30
    True
    """
    size = None if max_memory is None else bytes_of(max_memory)
    return Limits(resident_bytes=size, each=DaskTiles(scheduler, workers))


def bytes_of(text: str | int) -> int:
    """Return a number of bytes; K, M, G and T are powers of 1024, with or without "iB" or "B".

    Raises:
        UsageError: the text is no size, or not more than nothing.

    >>> bytes_of("1.5 GiB"), bytes_of("800M"), bytes_of(4096)
    (1610612736, 838860800, 4096)
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)(?:i?B)?\s*", str(text), re.IGNORECASE)
    size = int(float(found[1]) * (1 << _UNITS[found[2].upper()])) if found else 0
    if size < 1:
        raise UsageError(f"{str(text)[:40]!r} is no size of memory: write for example --max-memory 4GiB.")
    return size
