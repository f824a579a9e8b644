"""The files that an answer rests on, and what tells each from every other."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import planimeter
from planimeter.raster.vector_source import VectorSource, parts_of

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer

MOST_HASHED = 4 << 30
"""Bytes of a source whose hash is taken; of a larger one size and time are told."""


@dataclass(frozen=True)
class InputFile:
    """A file that an answer rests on.

    Attributes:
        role: "image", "labels", "vector layer", "segmenter", "corrections", "area of interest" or "zones"; "earlier
            …" of an earlier date.
        name: the file's name, or the segmenter's.
        path: where it is; None for what is no file.
        said: what more is known of it.
    """

    role: str
    name: str
    path: Path | None = None
    said: str = ""

    def identity(self) -> str:
        """What tells this file from every other: its SHA-256, or size and time of a very large one.

        Of a layer in several files, such as a shapefile, it is that of all of them, and says which and in what order.
        """
        if self.path is None:
            return self.said
        try:
            parts = parts_of(self.path)
            states = [part.stat() for part in parts]
            if not all(part.is_file() for part in parts):
                return self.said
            size = sum(state.st_size for state in states)
            if size > MOST_HASHED:
                time = datetime.fromtimestamp(max(state.st_mtime for state in states), UTC)
                return f"{size:,} bytes of {time.isoformat(timespec='seconds')}; larger than 4 GiB, so not hashed"
            written = tuple((state.st_size, state.st_mtime_ns) for state in states)
            return f"sha256{_of(parts)} {_sha256(tuple(parts), written)}"
        except OSError as error:
            return f"could not be read for its hash ({error.strerror or 'unknown'})"


_FEW = 5  # parts that are named


def _of(parts: Sequence[Path]) -> str:
    """What a hash is of, where that is more than one file."""
    if len(parts) < 2:
        return ""
    if len(parts) > _FEW:
        return f" of its {len(parts)} files one after the other, by name:"
    return f" of {', '.join(part.suffix for part in parts)} one after the other:"


@lru_cache(maxsize=64)
def _sha256(parts: tuple[Path, ...], written: tuple[tuple[int, int], ...]) -> str:
    """Of the bytes of files, one after the other; known as long as their sizes and times stay the same."""
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def record(answer: Answer) -> dict[str, Any]:
    """What a kept answer says of where and when it came about: image, sources, date, version.

    Args:
        answer: as ``planimeter.ask`` returns it.

    Returns:
        "image" (name, size, CRS, and what tells the file from every other), "sources" (role, name, identity and what
        more is known of each file that it rests on), "date" (ISO 8601, UTC) and "version".
    """
    scene = answer.scene
    files = [
        {"role": each.role, "name": each.name, "identity": each.identity(), "said": each.said}
        for each in answer.sources
    ]
    image = next((each["identity"] for each in files if each["role"] == "image"), "")
    return {
        "image": {
            "name": scene.name,
            "identity": image,
            "sha256": image.removeprefix("sha256 ") if image.startswith("sha256 ") else None,
            "width": scene.width // scene.cells,
            "height": scene.height // scene.cells,
            "crs": None if scene.crs is None else scene.crs.to_string()[:200],
        },
        "sources": files,
        "date": answer.date.isoformat(timespec="seconds"),
        "version": planimeter.__version__,
    }


def sources_of(
    scene_path: Path, segmenter: object, name: str | None = None, prefix: str = ""
) -> tuple[InputFile, ...]:
    """The files that an answer rests on: the image, and what its masks come from.

    Args:
        scene_path: of the image.
        segmenter: a ``Segmenter``; of a stack, its maps and what stands behind them.
        name: what people call the image; None for its file's name.
        prefix: in front of every role, such as "earlier ".
    """
    found = [InputFile(f"{prefix}image", name or scene_path.name, scene_path)]
    behind = getattr(segmenter, "fallback", None)
    for each in [*getattr(segmenter, "maps", (segmenter,)), *([behind] if behind is not None else [])]:
        legend, vector = getattr(each, "legend", None), getattr(each, "source", None)
        if legend is not None and isinstance(getattr(each, "path", None), Path):
            found.append(
                InputFile(
                    f"{prefix}labels", each.path.name, each.path, f"legend {legend.name}: {_spelled(legend)}"
                )
            )
        elif isinstance(vector, VectorSource):
            said = f"as {', '.join(each.topics)}"
            found.append(InputFile(f"{prefix}vector layer", Path(vector.path).name, vector.file, said))
        else:
            found.append(InputFile(f"{prefix}segmenter", each.name, None, str(each.fingerprint())[:300]))
    fixed = getattr(segmenter, "corrections", None)
    if fixed is not None:
        name, said = ("by hand", fixed.fingerprint()) if fixed.path is None else (fixed.path.name, "")
        found.append(InputFile(f"{prefix}corrections", name, fixed.path, said))
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
