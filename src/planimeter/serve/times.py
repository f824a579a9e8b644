"""Times as the API says them."""

from __future__ import annotations

from datetime import UTC, datetime


def time_of(seconds: float | None) -> datetime | None:
    """A time with its zone from seconds since 1970; None where there is none.

    Example:
        >>> time_of(0.5).isoformat()
        '1970-01-01T00:00:00.500000+00:00'
    """
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
