"""Masks as COCO run-length encoding: exact, small, and readable by pycocotools.

Runs are counted down the columns, the first run is of zeros (its length may be 0). From the fourth run on the
difference to the run before the last is stored. Numbers are written in groups of five bits, lowest first, each as a
printable character: 48 + group, plus 32 where more groups follow; the last group's highest bit is the sign.

Source: ``rleToString`` and ``rleFrString`` of the COCO API (cocoapi/common/maskApi.c).
"""

from __future__ import annotations

from typing import Any

import numpy as np

_FIRST, _MORE, _SIGN, _BITS = 48, 0x20, 0x10, 5
_MOST_GROUPS = 12  # 60 bits: more than any mask has pixels, and no overflow of 64


def encode(mask: np.ndarray) -> dict[str, Any]:
    """A mask as COCO RLE.

    Args:
        mask: (H, W) bool, True = topic.

    Returns:
        ``{"size": [H, W], "counts": text}``, ready for JSON.

    Example:
        >>> encode(np.array([[False, True], [True, True]]))
        {'size': [2, 2], 'counts': '13'}
    """
    height, width = mask.shape
    return {"size": [height, width], "counts": _written(_runs(mask)).tobytes().decode("ascii")}


def decode(rle: Any, shape: tuple[int, int]) -> np.ndarray:
    """The mask that an RLE describes.

    Args:
        rle: ``{"size": [H, W], "counts": text}``; it may come from anywhere.
        shape: (H, W) that it must have.

    Returns:
        (H, W) bool.

    Raises:
        ValueError: it is no RLE of such a mask.

    Example:
        >>> decode({"size": [2, 2], "counts": "13"}, (2, 2)).tolist()
        [[False, True], [True, True]]
    """
    size = rle.get("size") if isinstance(rle, dict) else None
    counts = rle.get("counts") if isinstance(rle, dict) else None
    if not isinstance(size, list) or not isinstance(counts, str | bytes):
        raise ValueError("it has no size and counts")
    if size != list(shape):
        raise ValueError(f"its size is {str(size)[:40]} instead of {list(shape)}")
    runs = _read(counts.encode("utf-8", "surrogatepass") if isinstance(counts, str) else counts)
    height, width = shape
    if runs.size and (runs.min() < 0 or runs.max() > height * width):
        raise ValueError("a run is longer than the mask")
    if runs.size > height * width + 1 or runs.sum() != height * width:
        raise ValueError("its runs do not add up to its size")
    values = np.arange(runs.size) % 2 == 1
    return np.ascontiguousarray(np.repeat(values, runs).reshape(width, height).T)


def _runs(mask: np.ndarray) -> np.ndarray:
    """Lengths of alternating runs down the columns, zeros first: (n,) int64."""
    pixels = np.ascontiguousarray(mask.T, dtype=bool).ravel()
    if not pixels.size:
        return np.zeros(0, np.int64)
    changes = np.flatnonzero(pixels[1:] != pixels[:-1]) + 1
    edges = np.concatenate([[0] if not pixels[0] else [0, 0], changes, [pixels.size]])
    return np.diff(edges)


def _written(runs: np.ndarray) -> np.ndarray:
    """The characters of the numbers: (n,) uint8."""
    rest = runs.copy()
    rest[3:] -= runs[1:-2]
    columns, kept = [], []
    alive = np.ones(rest.size, dtype=bool)
    while alive.any():
        group = rest & 0x1F
        rest >>= _BITS
        more = np.where(group & _SIGN, rest != -1, rest != 0)
        columns.append((group | np.where(more, _MORE, 0)) + _FIRST)
        kept.append(alive)
        alive = alive & more
    if not columns:
        return np.zeros(0, np.uint8)
    return np.stack(columns, 1)[np.stack(kept, 1)].astype(np.uint8)


def _read(text: bytes) -> np.ndarray:
    """The runs that characters stand for: (n,) int64.

    Raises:
        ValueError: a character that cannot be, or a number that does not end.
    """
    codes = np.frombuffer(text, dtype=np.uint8).astype(np.int64) - _FIRST
    if not codes.size:
        return np.zeros(0, np.int64)
    if codes.min() < 0 or codes.max() > 0x3F:
        raise ValueError("its counts hold characters that do not belong there")
    last = codes & _MORE == 0
    if not last[-1]:
        raise ValueError("its counts break off")
    ends = np.flatnonzero(last)
    starts = np.concatenate([[0], ends[:-1] + 1])
    groups = ends - starts + 1
    if groups.max() > _MOST_GROUPS:
        raise ValueError("its counts hold a number that is too large")
    place = np.arange(codes.size) - np.repeat(starts, groups)
    runs = np.add.reduceat((codes & 0x1F) << (_BITS * place), starts)
    runs -= np.where(codes[ends] & _SIGN, np.int64(1) << (_BITS * groups), 0)
    # Undo the differences: every second run is a sum of those before it, the very first stands for itself.
    with np.errstate(over="ignore"):
        runs[1::2] = np.cumsum(runs[1::2])
        runs[2::2] = np.cumsum(runs[2::2])
    return runs
