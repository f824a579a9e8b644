"""Files that appear complete or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from planimeter.errors import UsageError, shown_name


@contextmanager
def writing(path: Path, mark: str = "part") -> Iterator[Path]:
    """Give a file to write beside ``path``, which takes its place when all went well and is gone otherwise.

    Args:
        path: file to write; its folder is made.
        mark: ending of the file beside it; one of its own where several processes may write the same file.

    Raises:
        UsageError: it cannot be written.

    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "a.txt"
    >>> with writing(file) as temporary:
    ...     _ = temporary.write_text("all of it")
    >>> [(found.name, found.read_text()) for found in file.parent.iterdir()]
    [('a.txt', 'all of it')]
    """
    temporary = path.with_name(f".{path.name}.{mark}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield temporary
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as problem:
        raise UsageError(
            f"{shown_name(str(path))} cannot be written ({problem.strerror or problem}): give --out a folder on a disk "
            "that can be written and has room."
        ) from None


def write_whole(path: Path, content: bytes) -> Path:
    """Write a file that appears complete or not at all, and is on the disk then.

    Raises:
        UsageError: it cannot be written.
    """
    with writing(path) as temporary, temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return path


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """Give a path of the same name in a folder beside ``target``, which takes its place when all went well.

    For writers that go by a file's name, or leave files of their own beside it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.stem}-") as folder:
        temporary = Path(folder) / target.name
        yield temporary
        os.replace(temporary, target)


__all__ = ["replacing", "write_whole", "writing"]
