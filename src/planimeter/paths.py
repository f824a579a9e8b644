"""What lies at a path, asked so that no text can break the question: a name may be too long, or hold a zero byte."""

from __future__ import annotations

import os
from pathlib import Path


def is_file(path: str | os.PathLike[str]) -> bool:
    """Whether there is a file; False too where no file can have this name or nobody may look.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile() as file:
    ...     is_file(file.name)
    True
    >>> is_file("n" * 5000), is_file("a\\0b")
    (False, False)
    """
    try:
        return Path(path).is_file()
    except (OSError, ValueError):
        return False


def is_dir(path: str | os.PathLike[str]) -> bool:
    """Whether there is a folder; False too where no folder can have this name or nobody may look.

    >>> is_dir("/"), is_dir("n" * 5000)
    (True, False)
    """
    try:
        return Path(path).is_dir()
    except (OSError, ValueError):
        return False


def same_file(one: str | os.PathLike[str], other: str | os.PathLike[str]) -> bool:
    """Whether two paths lead to one file that is there, by whatever names and links.

    >>> same_file("/", "/."), same_file("absent.tif", "absent.tif")
    (True, False)
    """
    try:
        return os.path.samefile(one, other)
    except (OSError, ValueError):
        return False


__all__ = ["is_dir", "is_file", "same_file"]
