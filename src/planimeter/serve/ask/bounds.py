"""What the ask server accepts, keeps and spends."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AskLimits:
    """Bounds of one server.

    Attributes:
        upload_bytes: largest upload, maps included.
        pixels: largest scene, rows times columns.
        zones: polygons of one uploaded layer, and zones of one question.
        upload_seconds: how long an upload may take.
        uploads: uploads that may be under way at once.
        answer_seconds: how long a program and its measurements may take.
        at_once: questions that are worked on at the same time.
        waiting: questions that may wait; more are sent away with 503.
        store_bytes: disk for uploads and answers together; what was unused for longest makes room.
        keep_seconds: how long an upload or answer is kept after its last use.
        remembered: orders whose answers are given again where somebody asks the same; 0 computes each anew.
        wait_seconds: how long a request may wait for its answer.
        tiles_at_once: tiles of pictures that are drawn at the same time.
        streams: clients that may follow progress at once.
    """

    upload_bytes: int = 256 << 20
    pixels: int = 100_000_000
    zones: int = 10_000
    upload_seconds: float = 120.0
    uploads: int = 8
    answer_seconds: float = 300.0
    at_once: int = 2
    waiting: int = 256
    store_bytes: int = 4 << 30
    keep_seconds: float = 7 * 86_400.0
    remembered: int = 1_000
    wait_seconds: float = 60.0
    tiles_at_once: int = 2
    streams: int = 512
