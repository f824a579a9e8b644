"""What a program that is computed as columns may use: it runs in this process, where nobody else bounds it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.program.limits import Limits
from planimeter.program.sandbox import limit_reached
from planimeter.program.shape_list import IdSet, ShapeList, Unfit, ValueList

if TYPE_CHECKING:
    from planimeter.program.host import Host

_PLACE = 8  # bytes of a number, or of a place in a list


class Allowance:
    """Time and memory of one program.

    Args:
        limits: how much.
        host: measures the time that calls take, which is not the program's.

    Attributes:
        held: bytes of what the program's names hold, and of what its expressions hold right now. What a name held
            before may still be held by another, so nothing that got a name is ever taken off.
    """

    def __init__(self, limits: Limits, host: Host) -> None:
        self.held = 0
        self._limits, self._host = limits, host
        self._started = time.perf_counter()
        self._ended = False

    def start(self) -> None:
        """Have the time begin."""
        self._started = time.perf_counter()

    def end(self) -> None:
        """Have the program stop at its next expression; called from another thread."""
        self._ended = True

    def check(self) -> None:
        """See whether there is time left.

        Raises:
            LimitReached: there is none, or nobody waits any more.
        """
        own = time.perf_counter() - self._started - self._host.seconds
        if self._ended or own > min(self._limits.sandbox_seconds, self._limits.seconds):
            raise limit_reached("seconds", self._limits)

    def hold(self, value: Any, besides: int) -> None:
        """Count a value, in place of all that was held to make it.

        Args:
            value: of an expression.
            besides: bytes that were held before it.

        Raises:
            Unfit: that is more than a program may hold; the sandbox says so, or needs less.
        """
        self.held = besides + _bytes_of(value)
        if self.held > self._limits.memory_bytes:
            raise Unfit


def _bytes_of(value: Any) -> int:
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, ShapeList | IdSet | ValueList | list):
        return _PLACE * len(value)
    return sum(map(_bytes_of, value.values())) if isinstance(value, dict) else 0
