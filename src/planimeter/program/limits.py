"""How much one program may use."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Budgets of one program; passing one raises ``LimitReached``.

    Attributes:
        seconds: wall-clock time of the whole run, segmentation and measuring included. A run of T seconds
            ends within T + 2.
        sandbox_seconds: time the program itself may compute, without the time its calls take.
        memory_bytes: heap of the program.
        recursion: depth of its calls.
        output_bytes: what it may print.
        calls: calls of program functions.
        topics: distinct topics it may have segmented.
        shapes: shapes it may receive, all calls together.
    """

    seconds: float = 300.0
    sandbox_seconds: float = 10.0
    memory_bytes: int = 1 << 30
    recursion: int = 400
    output_bytes: int = 200_000
    calls: int = 5_000
    topics: int = 64
    shapes: int = 1_000_000
