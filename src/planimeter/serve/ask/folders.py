"""Scenes in folders that the person who started the server allowed, and nothing outside them."""

from __future__ import annotations

import errno
import hashlib
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from planimeter.errors import UsageError
from planimeter.paths import is_dir, is_file
from planimeter.serve.ask.sidecar import IMAGES, Maps, is_map, maps_beside
from planimeter.serve.http_errors import HTTPError

_MOST_SCENES = 5_000
_DEEPEST = 8  # folders inside a folder
_FRESH = 2.0  # seconds a listing is taken as it was


class Folders:
    """Images in some folders and the folders in them; links are followed only where they stay inside.

    Args:
        folders: which may be looked into.

    Raises:
        UsageError: one of them is no folder.
    """

    def __init__(self, folders: Sequence[str | Path]) -> None:
        self._roots = []
        for folder in folders:
            root = Path(folder).resolve()
            if not is_dir(root):
                raise UsageError(f"--folder {str(folder)!r} is no folder; give one that holds images.")
            self._roots.append(root)
        self._found: dict[str, tuple[Path, Path]] = {}  # id → root, file
        self._listed = -_FRESH
        self._lock = threading.Lock()

    def listed(self) -> dict[str, tuple[str, Path]]:
        """id → (name as people may see it, file)."""
        several = len(self._roots) > 1
        return {name: (_shown(root, file, several), file) for name, (root, file) in self._listing().items()}

    def find(self, scene: str) -> tuple[str, Path, Maps] | None:
        """Name, file and maps of a scene; None where it is not, or no longer, inside its folder."""
        listed = self._listing().get(scene)
        if listed is None:
            return None
        root, file = listed
        if not _inside(file, root):
            return None
        maps = maps_beside(file)
        maps = maps if all(_inside(other, root) for other in maps.files()) else Maps()
        return _shown(root, file, len(self._roots) > 1), file, maps

    def _listing(self) -> dict[str, tuple[Path, Path]]:
        """id → (root, file); a new listing is another dictionary, so this one stays as it is."""
        with self._lock:
            if time.monotonic() - self._listed > _FRESH:
                try:
                    self._found = {
                        _id(root, file): (root, file) for root in self._roots for file in _images(root)
                    }
                except OSError as error:
                    raise HTTPError(
                        503,
                        f"The folders cannot be listed right now ({error.strerror}); try again in 2 s.",
                        {"Retry-After": "2"},
                    ) from None
                self._listed = time.monotonic()
            return self._found


def _images(root: Path) -> list[Path]:
    found: list[Path] = []
    for folder, inner, files in os.walk(root, onerror=_unless_short):
        here = Path(folder)
        too_deep = len(here.relative_to(root).parts) >= _DEEPEST
        inner[:] = [] if too_deep else sorted(name for name in inner if not name.startswith("."))
        for name in sorted(files):
            file = here / name
            if name.startswith(".") or file.suffix.lower() not in IMAGES or is_map(file):
                continue
            if _inside(file, root):
                found.append(file)
            if len(found) >= _MOST_SCENES:
                return found
    return found


def _unless_short(error: OSError) -> None:
    """Pass over a folder that is closed or gone; but a lack of file handles must not look like an empty folder."""
    if error.errno in (errno.EMFILE, errno.ENFILE, errno.ENOMEM):
        raise error


def _inside(file: Path, root: Path) -> bool:
    """Whether a path, with all links followed, is a file below a folder."""
    try:
        real = file.resolve(strict=True)
    except (OSError, RuntimeError):  # gone, or links that go round
        return False
    return real.is_relative_to(root) and is_file(real)


def _id(root: Path, file: Path) -> str:
    return "f-" + hashlib.sha256(os.fsencode(root) + b"\0" + os.fsencode(file)).hexdigest()[:24]


def _shown(root: Path, file: Path, several: bool) -> str:
    """A name that can be told to anybody: bytes that are no UTF-8 become replacement characters."""
    relative = file.relative_to(root).as_posix()
    return os.fsencode(f"{root.name}/{relative}" if several else relative).decode("utf-8", "replace")
