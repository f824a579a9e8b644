"""Reads the lists of programs: text files in which ``#### title`` starts a program."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def programs(name: str) -> dict[str, str]:
    """Programs of a file by title."""
    found: dict[str, str] = {}
    for part in (FOLDER / name).read_text(encoding="utf-8").split("#### ")[1:]:
        title, _, text = part.partition("\n")
        assert title not in found, f"two programs are called {title!r}"
        found[title] = text
    return found
