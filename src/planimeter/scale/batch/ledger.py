"""What has been measured so far: one row per task in a SQLite file, written only when the task is complete.

The key of a row names everything that its result depends on, so a row is either still true or never looked at again.
One process writes; a batch that is killed loses at most what had not been written, and a second batch in the same
folder is turned away.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any

from planimeter.errors import UsageError, shown_name


class Ledger:
    """Results by key, safe against a kill at any moment; a context manager.

    Args:
        path: the SQLite file; made when it does not exist.

    Raises:
        UsageError: the file cannot be written, is no ledger, or another batch uses it.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "ledger.sqlite"
    >>> with Ledger(path) as ledger:
    ...     ledger.write("a", {"answer": 3})
    >>> with Ledger(path) as ledger:
    ...     ledger.read(["a", "b"])
    {'a': {'answer': 3}}
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=0.5, isolation_level=None)
            # Exclusive: no second batch gets in, and the write-ahead log needs no shared memory, which network file
            # systems lack.
            self._file.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=NORMAL")
            self._file.execute("CREATE TABLE IF NOT EXISTS done (key TEXT PRIMARY KEY, result TEXT NOT NULL)")
            # What a row depends on, by name, says later why another one takes its place.
            self._file.execute(
                "CREATE TABLE IF NOT EXISTS origins (key TEXT PRIMARY KEY, of TEXT NOT NULL, origin TEXT NOT NULL)"
            )
            self._file.execute("BEGIN IMMEDIATE")
            self._file.execute("COMMIT")
        except (OSError, sqlite3.Error) as problem:
            if "locked" in str(problem):
                raise UsageError(
                    f"Another batch is writing to {shown_name(str(path.parent))}: wait for it, or give another --out."
                ) from None
            raise self._said(problem) from None

    def __enter__(self) -> Ledger:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with suppress(sqlite3.Error):  # every row is in the file already
            self._file.close()

    def read(self, keys: Iterable[str]) -> dict[str, dict[str, Any]]:
        """The results of those keys that are done.

        Raises:
            UsageError: the file cannot be read any more.
        """
        wanted = set(keys)
        try:
            rows = self._file.execute("SELECT key, result FROM done")
            return {key: json.loads(result) for key, result in rows if key in wanted}
        except (OSError, sqlite3.Error, ValueError) as problem:
            raise self._said(problem) from None

    def origins(self, of: Iterable[str]) -> dict[str, dict[str, Any]]:
        """What the rows written last of some pieces of work depended on, by the work.

        Raises:
            UsageError: the file cannot be read any more.
        """
        wanted = set(of)
        try:
            rows = self._file.execute("SELECT of, origin FROM origins ORDER BY rowid")
            return {work: json.loads(origin) for work, origin in rows if work in wanted}
        except (OSError, sqlite3.Error, ValueError) as problem:
            raise self._said(problem) from None

    def write(
        self, key: str, result: dict[str, Any], of: str = "", origin: Mapping[str, Any] | None = None
    ) -> None:
        """Keep a result; a kill after this returns does not lose it.

        Args:
            key: names it and all that it depends on.
            result: plain values.
            of: the work that it is the result of, whatever it depends on.
            origin: what it depends on, by name.

        Raises:
            UsageError: the disk is full, or the file cannot be written any more.
        """
        text = json.dumps(result, ensure_ascii=False)
        try:
            if origin is not None:
                row = (key, of, json.dumps(origin))
                self._file.execute("INSERT OR REPLACE INTO origins VALUES (?, ?, ?)", row)
            self._file.execute("INSERT OR REPLACE INTO done VALUES (?, ?)", (key, text))
        except (OSError, sqlite3.Error) as problem:
            raise self._said(problem) from None

    def _said(self, problem: Exception) -> UsageError:
        return UsageError(
            f"The ledger {shown_name(str(self._path))} cannot be used ({problem}): give --out a folder that can be "
            "written, or remove that file to start anew."
        )


def key_of(content: Any) -> str:
    """A short name for plain values that differ whenever they do.

    >>> key_of({"b": 1, "a": 2}) == key_of({"a": 2, "b": 1}), len(key_of([]))
    (True, 24)
    """
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def file_state(path: str | os.PathLike[str]) -> list[Any]:
    """What tells whether a file has changed: its place, size and time; only the place where it is missing."""
    place = os.path.realpath(path)
    try:
        state = os.stat(place)
    except OSError:
        return [place]
    return [place, state.st_size, state.st_mtime_ns]
