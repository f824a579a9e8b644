"""Whether a scene is measured at once or in tiles, and how large those may be."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from planimeter.errors import LimitReached, UsageError
from planimeter.program.measure import amount
from planimeter.raster.pixel_areas import PixelAreas, area_of_mask
from planimeter.segment.base import Abilities, look_at
from planimeter.spatial.runs import Runs, crop, paint, runs_of
from planimeter.spatial.tiles import Piece, Tiling, piece_of, slim

if TYPE_CHECKING:
    from planimeter.program.limits import Limits
    from planimeter.raster.scene import Scene
    from planimeter.segment.base import Segmenter
    from planimeter.spatial.runs import Box

#: Per pixel of a scene that is measured at once: masks, labels, a distance transform.
WHOLE_BYTES = 24
_AT_ONCE = 1 << 27  # pixels of the largest scene for which there are no tiles unless they are needed
_TILE_BYTES = 16  # per pixel of a tile that is looked at, and
_TOPIC_BYTES = 2  # for each topic
_RUN_BYTES = 72  # per run: kept twice while it is joined, and measured
_TILE_SHARE = 0.4  # of the memory is for tiles, the rest for the shapes that they give
_BLOCK = 256  # pixels: GeoTIFFs are mostly read in blocks of this side
_LARGEST_TILE = 1 << 24  # pixels
_WIDEST_TILE = 1 << 15
_UNKNOWN_MEMORY = 4 << 30


def tiling_for(scene: Scene, limits: Limits, segmenter: Segmenter) -> Tiling:
    """How a scene is measured: at once where that fits, in tiles otherwise.

    Args:
        scene: its size decides.
        limits: memory, and who works on tiles.
        segmenter: one that looks around its tiles gets large square ones, others get wide ones.

    Raises:
        UsageError: the memory is too small for any tile.
    """
    shape, can = (scene.height, scene.width), Abilities.of(segmenter)
    if limits.tile is not None:
        return Tiling(shape, *limits.tile, each=limits.each)
    allowed = limits.resident_bytes or free_bytes() // 2
    fits = shape[0] * shape[1] * WHOLE_BYTES <= allowed
    # Tiles that cost nothing at their borders are the faster way from some size on: memory is slower than a cache.
    fits = fits and not (can.parts and not can.seam and shape[0] * shape[1] > _AT_ONCE)
    # Nobody set a limit: what can only be done at once is tried.
    if fits or (limits.resident_bytes is None and not can.parts):
        return Tiling(shape, *shape, each=limits.each)
    left = allowed - resident_bytes() - can.holds
    room = int(left * _TILE_SHARE / limits.each.workers)
    around = can.seam
    each = _TILE_BYTES + 4 * _TOPIC_BYTES
    pixels = min(room // each, _LARGEST_TILE * (4 if around else 1))
    if pixels < _BLOCK * _BLOCK:
        least = allowed - left + _BLOCK * _BLOCK * each * limits.each.workers / _TILE_SHARE
        raise UsageError(
            f"{allowed / 2**20:.0f} MiB are too little for {limits.each.workers} tiles at a time: give --max-memory "
            f"{math.ceil(1.1 * least / 2**20)}MiB or more."
        )
    # Wide tiles: rows of a file lie together, and regions meet at fewer borders. What is looked at around a tile
    # is looked at twice: then square ones cost least.
    widest = math.isqrt(pixels) if around else min(_WIDEST_TILE, pixels // _BLOCK)
    width = min(shape[1], _in_blocks(widest))
    return Tiling(shape, _in_blocks(pixels / width), width, room=room, each=limits.each)


def check_runs(pieces: list[Piece], limits: Limits) -> None:
    """Refuse shapes that would not fit beside the tiles.

    Raises:
        LimitReached: so many runs need more memory than there may be.
    """
    allowed = limits.resident_bytes or free_bytes()
    needed = _RUN_BYTES * sum(len(piece.runs) for piece in pieces)
    if needed > (1 - _TILE_SHARE) * allowed:
        raise LimitReached(
            f"The shapes of this scene alone need {needed / 2**30:.1f} GiB: raise --max-memory, or crop the scene with "
            "gdal_translate -srcwin."
        )


WHOLE = "*image"
"""In place of a topic, which cannot be called so: every pixel that counts."""


@dataclass(frozen=True)
class TileQuestion:
    """What every tile is asked.

    Attributes:
        scene: the image.
        segmenter: where masks come from.
        topics: which masks.
        area: the pixels of an area of interest, whose ground that is not judged is told; None for all.
    """

    scene: Scene
    segmenter: Segmenter
    topics: tuple[str, ...]
    area: Runs | None = None


@dataclass(frozen=True)
class TileAnswer:
    """What one tile says.

    Attributes:
        valid: (h,) int64 pixels of each row that count.
        square_metres: their ground, where every pixel has its own; 0 where it follows from the rows.
        unjudged: how much the segmenter has no opinion on; see ``Tally``.
        runs: the pixels that count.
        pieces: runs of each topic, those of pixels that count.
        cautions: sentences of the segmenter.
        unsure: runs of each topic where the segmenter is not sure of it, of pixels that count.
    """

    valid: np.ndarray
    square_metres: float
    unjudged: float
    runs: Runs
    pieces: dict[str, Piece]
    cautions: tuple[str, ...]
    unsure: dict[str, Runs]


def look_at_tile(question: TileQuestion, box: Box) -> TileAnswer:
    """Look at one tile."""
    topics = tuple(topic for topic in question.topics if topic != WHOLE)
    seen = look_at(question.segmenter, question.scene, topics, box)
    valid, scale, unjudged = question.scene.valid(box), question.scene.scale, 0.0
    if seen.valid is not None:
        missing = valid & ~seen.valid
        if question.area is not None:
            missing &= paint(crop(question.area, box)[0])
        unjudged = amount(scale, missing, box[:2])
        valid = valid & seen.valid
    pieces = {topic: piece_of(np.asarray(mask, dtype=bool) & valid) for topic, mask in seen.masks.items()}
    if WHOLE in question.topics:
        pieces[WHOLE] = piece_of(valid)
    area = None if scale is None else scale.pixel_area
    ground = area_of_mask(area, valid, box[:2]) if isinstance(area, PixelAreas) else 0.0
    runs = slim(runs_of(valid))
    unsure = {topic: slim(runs_of(mask & valid)) for topic, mask in seen.unsure.items()}
    counts = np.bincount(runs.start // runs.stride, weights=runs.stop - runs.start, minlength=len(valid))
    return TileAnswer(counts.astype(np.int64), ground, unjudged, runs, pieces, seen.cautions, unsure)


def free_bytes(root: Path = Path("/")) -> int:
    """Memory that this process may still get, as far as the system says.

    A container's limit is for all that runs in it: what they hold is gone, but for files that are kept only while
    nobody needs the room.

    Args:
        root: of the file system that says so.
    """
    found = []
    group = root / "sys/fs/cgroup"
    limit, held = _number(group / "memory.max"), _number(group / "memory.current")
    if limit is not None:
        given_up = _number(group / "memory.stat", "inactive_file") or 0
        found.append(max(0, limit - max(0, (held or 0) - given_up)))
    available = _number(root / "proc/meminfo", "MemAvailable:")
    if available is not None:
        found.append(available * 1024)
    return min(found, default=_UNKNOWN_MEMORY)


def _number(file: Path, key: str | None = None) -> int | None:
    """The number that a file of the system holds, behind a key where it holds several; None where it does not."""
    try:
        lines = [line.split() for line in file.read_text(encoding="ascii").splitlines()]
    except OSError:
        return None
    values = [line[0] if key is None else line[1] for line in lines if line and key in (None, line[0])]
    return int(values[0]) if values and values[0].isdigit() else None


def resident_bytes() -> int:
    """Memory that this process has now, as far as the system says."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 256 << 20
    return pages * os.sysconf("SC_PAGE_SIZE")


def _in_blocks(pixels: float) -> int:
    return max(1, math.floor(pixels / _BLOCK)) * _BLOCK
