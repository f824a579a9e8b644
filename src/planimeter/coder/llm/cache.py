"""A folder of replies already paid for: the same request to the same model is answered from disk."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from planimeter.cache import cache_folder

MAX_BYTES = 64 << 20  # tens of thousands of replies
MAX_ENTRY_BYTES = 1 << 20
_SUFFIX = ".reply.json"


class ReplyCache:
    """Replies by the hash of everything that shaped them.

    A cache that cannot be read or written is a cache miss, never an error: the model is asked again.

    Args:
        folder: made on the first write.
        max_bytes: the oldest replies go when the folder grows beyond this.

    Example:
        >>> import tempfile
        >>> cache = ReplyCache(Path(tempfile.mkdtemp()))
        >>> cache.put({"model": "m", "messages": []}, {"text": "answer = 1"})
        >>> cache.get({"model": "m", "messages": []})
        {'text': 'answer = 1'}
        >>> cache.get({"model": "another", "messages": []}) is None
        True
    """

    def __init__(self, folder: Path | None = None, max_bytes: int = MAX_BYTES) -> None:
        self.folder = folder or cache_folder("replies")
        self.max_bytes = max_bytes

    def get(self, request: dict[str, Any]) -> dict[str, Any] | None:
        """The reply to an equal request, or None."""
        path = self._path(request)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def put(self, request: dict[str, Any], reply: dict[str, Any]) -> None:
        """Keep a reply; a reader never sees half of one."""
        data = json.dumps(reply, ensure_ascii=False).encode()
        if len(data) > MAX_ENTRY_BYTES:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, partial = tempfile.mkstemp(dir=self.folder, suffix=".partial")  # for the user only
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(partial, self._path(request))
            self._shrink()
        except OSError:
            Path(partial).unlink(missing_ok=True)

    def _path(self, request: dict[str, Any]) -> Path:
        text = json.dumps(request, sort_keys=True, ensure_ascii=False)
        return self.folder / (hashlib.sha256(text.encode()).hexdigest()[:40] + _SUFFIX)

    def _shrink(self) -> None:
        entries = []
        for path in self.folder.glob(f"*{_SUFFIX}"):
            status = path.stat()
            entries.append((status.st_mtime_ns, status.st_size, path))
        total = sum(size for _, size, _ in entries)
        for _, size, path in sorted(entries):
            if total <= self.max_bytes:
                return
            path.unlink(missing_ok=True)
            total -= size
