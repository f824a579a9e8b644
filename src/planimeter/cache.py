"""Where this user's caches lie."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def cache_folder(kind: str) -> Path:
    """A folder for one kind of cached file: in ``PLANIMETER_CACHE``, or in the user's cache folder of this system.

    Args:
        kind: the folder's name.

    Example:
        >>> cache_folder("replies").name
        'replies'
    """
    chosen = os.environ.get("PLANIMETER_CACHE")
    if chosen:
        return Path(chosen) / kind
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "planimeter" / kind
