"""What the server accepts and keeps."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class SegmentLimits:
    """Bounds of one server.

    Attributes:
        upload_bytes: largest image file.
        pixels: largest image, rows times columns.
        waiting: requests that may wait while another is worked on; more are sent away with 503.
        cache_bytes: memory for finished masks.
        upload_seconds: how long an upload may take.
    """

    upload_bytes: int = 256 << 20
    pixels: int = 100_000_000
    waiting: int = 16
    cache_bytes: int = 64 << 20
    upload_seconds: float = 120.0
