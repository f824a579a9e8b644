"""Uploads and answers on disk: complete or absent, within a number of bytes, gone when nobody wants them."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from planimeter.errors import UsageError
from planimeter.serve.http_errors import HTTPError

Kind = Literal["scenes", "answers", "layers"]
KINDS: tuple[Kind, ...] = ("scenes", "answers", "layers")

_UNFINISHED = ".new-"
_ABANDONED = 3600.0  # seconds after which what was never finished is somebody's crash
_NAME = re.compile(r"[A-Za-z0-9_-]{8,64}")


@dataclass
class _Kept:
    bytes: int
    used: float  # seconds since 1970


class AnswerStore:
    """Folders of files, each put in place at once; its index is what lies on disk, so a restart loses nothing.

    Safe to use from several threads.

    Args:
        folder: made when it does not exist; closed to other users.
        limit: bytes of all entries together.
        keep: seconds an entry is kept after its last use.

    Raises:
        UsageError: the folder cannot be made or written.

    Example:
        >>> store = AnswerStore(Path(tempfile.mkdtemp()), limit=1000, keep=60)
        >>> with store.adding("answers", "an-answer") as place:
        ...     _ = (place / "answer.json").write_text("{}")
        >>> (store.find("answers", "an-answer") / "answer.json").read_text(), store.used
        ('{}', 2)
    """

    def __init__(self, folder: Path, limit: int, keep: float) -> None:
        self.folder, self.limit, self.keep = folder, limit, keep
        self._lock = threading.Lock()
        self._kept: dict[tuple[Kind, str], _Kept] = {}
        self._filling: set[Path] = set()
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            for kind in KINDS:
                (folder / kind).mkdir(exist_ok=True)
                self._index(kind)
        except OSError as error:
            raise UsageError(
                f"The store {str(folder)!r} cannot be used ({error.strerror}); give --store another folder."
            ) from error
        self.sweep()

    @property
    def used(self) -> int:
        """Bytes of all entries together."""
        with self._lock:
            return sum(kept.bytes for kept in self._kept.values())

    def names(self, kind: Kind) -> list[str]:
        """The entries of a kind, those used last first."""
        with self._lock:
            found = [(kept.used, name) for (of, name), kept in self._kept.items() if of == kind]
        return [name for _, name in sorted(found, reverse=True)]

    def has(self, kind: Kind, name: str) -> bool:
        """Whether there is an entry; to look does not count as a use."""
        with self._lock:
            return (kind, name) in self._kept

    def find(self, kind: Kind, name: str) -> Path | None:
        """An entry's folder, which counts as a use; None where there is none (any more)."""
        if not _NAME.fullmatch(name):
            return None
        place, now = self.folder / kind / name, time.time()
        with self._lock:
            kept = self._kept.get((kind, name))
            if kept is None:
                return None
            if not place.is_dir():  # another server with the same store made room
                del self._kept[kind, name]
                return None
            if now - kept.used > 1:
                kept.used = now
                os.utime(place, (now, now))
        return place

    @contextmanager
    def adding(self, kind: Kind, name: str) -> Iterator[Path]:
        """A folder to fill, which becomes the entry when all went well; an entry of that name stays as it is.

        Raises:
            Refused: it is larger than the whole store.
        """
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is no entry's name")
        with self._lock:
            place = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=self.folder / kind))
            self._filling.add(place)
        try:
            yield place
            size = _size(place)
            if size > self.limit:
                raise HTTPError(
                    507,
                    f"This takes {size / 2**20:,.0f} MiB, more than the server's whole store; send less, or start the "
                    "server with a larger --store-size.",
                )
            self.sweep(room_for=size)
            with self._lock:
                target = self.folder / kind / name
                if not target.is_dir():
                    os.replace(place, target)
                self._kept[kind, name] = _Kept(size, time.time())
        finally:
            shutil.rmtree(place, ignore_errors=True)
            with self._lock:
                self._filling.discard(place)

    def share(self, kind: Kind, name: str, other: str) -> bool:
        """Have an entry under another name as well, which is removed on its own; whether that could be done."""
        place = self.find(kind, name)
        if place is None:
            return False
        try:
            with self.adding(kind, other) as copy:
                shutil.copytree(place, copy, copy_function=os.link, dirs_exist_ok=True)
                os.utime(copy)
        except (OSError, HTTPError):  # it was removed meanwhile, or the file system has no links, or no room
            return False
        return True

    def remove(self, kind: Kind, name: str) -> bool:
        """Take an entry away; whether there was one."""
        with self._lock:
            if self._kept.pop((kind, name), None) is None:
                return False
            shutil.rmtree(self.folder / kind / name, ignore_errors=True)
        return True

    def sweep(self, room_for: int = 0) -> None:
        """Remove what is too old, what a crash left, and what was unused for longest until there is room."""
        with self._lock:
            self._sweep_unfinished()
            oldest_first = sorted(self._kept.items(), key=lambda item: item[1].used)
            used = sum(kept.bytes for _, kept in oldest_first)
            for (kind, name), kept in oldest_first:
                expired = time.time() - kept.used > self.keep
                if not expired and used + room_for <= self.limit:
                    break
                used -= kept.bytes
                del self._kept[kind, name]
                shutil.rmtree(self.folder / kind / name, ignore_errors=True)

    def _sweep_unfinished(self) -> None:
        """Remove what nobody fills any more; what this server fills is marked, so that others leave it, too."""
        for kind in KINDS:
            for place in (self.folder / kind).glob(f"{_UNFINISHED}*"):
                with suppress(OSError):  # another server was faster
                    if place in self._filling:
                        os.utime(place)
                    elif time.time() - place.stat().st_mtime > _ABANDONED:
                        shutil.rmtree(place, ignore_errors=True)

    def _index(self, kind: Kind) -> None:
        for entry in (self.folder / kind).iterdir():
            if _NAME.fullmatch(entry.name) and entry.is_dir():
                self._kept[kind, entry.name] = _Kept(_size(entry), entry.stat().st_mtime)


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
