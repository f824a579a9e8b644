"""Cells of tables that people open in spreadsheets."""

from __future__ import annotations

from typing import Any


def harmless(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula: a text that begins like one gets an apostrophe before it.

    >>> harmless("=1+1"), harmless("a.tif"), harmless(-1.5)
    ("'=1+1", 'a.tif', -1.5)
    """
    return "'" + value if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
