"""The files that an answer rests on, and what tells each from every other."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

MOST_HASHED = 4 << 30
"""Bytes of a source whose hash is taken; of a larger one size and time are told."""


@dataclass(frozen=True)
class InputFile:
    """A file that an answer rests on.

    Attributes:
        role: "image", "labels", "vector layer" or "segmenter".
        name: the file's name, or the segmenter's.
        path: where it is; None for what is no file.
        said: what more is known of it.
    """

    role: str
    name: str
    path: Path | None = None
    said: str = ""

    def identity(self) -> str:
        """What tells this file from every other: its SHA-256, or size and time of a very large one."""
        if self.path is None:
            return self.said
        try:
            state = self.path.stat()
            if not self.path.is_file():
                return self.said
            if state.st_size > MOST_HASHED:
                time = datetime.fromtimestamp(state.st_mtime, UTC).isoformat(timespec="seconds")
                return f"{state.st_size:,} bytes of {time}; larger than 4 GiB, so not hashed"
            with self.path.open("rb") as file:
                return f"sha256 {hashlib.file_digest(file, 'sha256').hexdigest()}"
        except OSError as error:
            return f"could not be read for its hash ({error.strerror or 'unknown'})"


def sources_of(scene_path: Path, segmenter: object) -> tuple[InputFile, ...]:
    """The files that an answer rests on: the image, and what its masks come from.

    Args:
        scene_path: of the image.
        segmenter: a ``Segmenter``; of a stack, its maps and what stands behind them.
    """
    found = [InputFile("image", scene_path.name, scene_path)]
    behind = getattr(segmenter, "fallback", None)
    for each in [*getattr(segmenter, "maps", (segmenter,)), *([behind] if behind is not None else [])]:
        legend, vector = getattr(each, "legend", None), getattr(each, "source", None)
        if legend is not None and isinstance(getattr(each, "path", None), Path):
            found.append(
                InputFile("labels", each.path.name, each.path, f"legend {legend.name}: {_spelled(legend)}")
            )
        elif vector is not None and hasattr(vector, "path"):
            path = Path(vector.path)
            found.append(InputFile("vector layer", path.name, path, f"as {', '.join(each.topics)}"))
        else:
            found.append(InputFile("segmenter", each.name, None, str(each.fingerprint())[:300]))
    return tuple(found)


def _spelled(legend: object) -> str:
    """What a legend says, in short: "water 5, 6; road #FF0000"."""
    values = getattr(legend, "values", {})
    colours = getattr(legend, "colours", {})
    parts = []
    for topic in dict.fromkeys([*values, *colours]):
        said = [str(value) for value in values.get(topic, ())]
        said += [f"#{colour:06X}" for colour in colours.get(topic, ())]
        parts.append(f"{topic} {', '.join(said)}")
    text = "; ".join(parts)
    return text if len(text) <= 1_000 else text[:999] + "…"
