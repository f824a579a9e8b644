"""Geometries out of well-known binary (WKB), the form in which vector files hold them: many at a time.

Polygons of one ring become coordinates without an object for each; everything else is read by GEOS.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.raster.geometries import Geometries

if TYPE_CHECKING:
    import pyarrow

_BEFORE = (
    13  # bytes of a polygon of one ring before its first point: byte order, kind, one ring, so many points
)
_POINT = 16  # bytes of a point
_FEWEST = 4  # points of a ring, the first of which comes again
# Bytes 0 to 7 of such a polygon, and 5 to 8 before the number of its points, as little-endian numbers.
_HEAD = np.uint64(int.from_bytes(bytes([1, 3, 0, 0, 0, 1, 0, 0]), "little"))
_ONE_RING = np.uint64(1)


def from_wkb(blobs: pyarrow.ChunkedArray | pyarrow.Array | np.ndarray) -> Geometries:
    """Geometries of a column of Arrow's, or of (N,) bytes; what is missing (None) or cannot be read is unknown.

    Example:
        >>> import shapely
        >>> from_wkb(np.array([shapely.box(0, 0, 2, 3).wkb, None])).known.tolist()
        [True, False]
    """
    if isinstance(blobs, np.ndarray):
        there = blobs != np.array(None)
        edge = np.cumsum([0, *map(len, np.where(there, blobs, b""))])
        data = np.frombuffer(b"".join(blobs[there]), dtype=np.uint8)
        return _read(data, edge, there, lambda at: blobs[at])
    if hasattr(blobs, "chunks"):
        return Geometries.joined([_of_array(chunk) for chunk in blobs.chunks])
    return _of_array(blobs)


def _of_array(array: Any) -> Geometries:
    """Those of one Arrow array of binary values."""
    import pyarrow

    if not pyarrow.types.is_large_binary(array.type):
        array = array.cast(pyarrow.large_binary())
    _, edges, content = array.buffers()
    edge = np.frombuffer(edges, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    data = np.frombuffer(content or b"", dtype=np.uint8)
    there = np.asarray(array.is_valid()) if array.null_count else np.ones(len(array), dtype=bool)

    def blobs(at: np.ndarray) -> np.ndarray:
        return np.asarray(array.take(pyarrow.array(at)).to_numpy(zero_copy_only=False), dtype=object)

    return _read(data, edge, there, blobs)


def _read(
    data: np.ndarray, edge: np.ndarray, there: np.ndarray, blobs: Callable[[np.ndarray], np.ndarray]
) -> Geometries:
    """Geometries in a buffer of WKB.

    Args:
        data: (B,) uint8.
        edge: (N + 1,) where each begins.
        there: (N,) bool, False for what is missing.
        blobs: the bytes of some of them.
    """
    size = np.diff(edge)
    ring = there & (size >= _BEFORE + _POINT * _FEWEST) & ((size - _BEFORE) % _POINT == 0)
    at, count = edge[:-1][ring], (size[ring] - _BEFORE) // _POINT
    word = _numbers_at(data, "<u8")
    told = (count.astype(np.uint64) << np.uint64(32)) | _ONE_RING
    ring[ring] = (word[at] == _HEAD) & (word[at + 5] == told)
    lengths = np.where(ring, (size - _BEFORE) // _POINT, 0)
    starts = np.append(0, np.cumsum(lengths))
    found = Geometries(_points(data, edge, ring, lengths, starts), starts)
    unsound = _unsound(found)
    if unsound.any():
        found = found.without(unsound)
    return found if ring.all() and not unsound.any() else _with_others(found, ring & ~unsound, blobs)


def _numbers_at(data: np.ndarray, kind: str) -> np.ndarray:
    """(B - 7,) the number of eight bytes that begins at each byte of a buffer."""
    return np.ndarray(max(len(data) - 7, 0), kind, data, strides=(1,))


def _points(
    data: np.ndarray, edge: np.ndarray, ring: np.ndarray, lengths: np.ndarray, starts: np.ndarray
) -> np.ndarray:
    """(V, 2) the points of rings in a buffer of WKB."""
    if ring.all() and len(ring) and (lengths == lengths[0]).all():
        body = data[edge[0] : edge[-1]].reshape(len(ring), -1)[:, _BEFORE:]
        return np.ascontiguousarray(body).view("<f8").reshape(-1, 2)
    # Byte by byte, where each coordinate begins.
    place = np.repeat(edge[:-1] + _BEFORE - _POINT * starts[:-1], 2 * lengths)
    place += np.arange(0, _POINT * int(starts[-1]), _POINT // 2)
    return _numbers_at(data, "<f8")[place].reshape(-1, 2)


def _unsound(rings: Geometries) -> np.ndarray:
    """(N,) bool: which are not closed, or have a point without a place: they are GEOS's affair."""
    unsound = np.zeros(len(rings), dtype=bool)
    there = rings.rings
    first, last = rings.starts[:-1][there], rings.starts[1:][there] - 1
    points = rings.points
    open_ = points[first, 0] != points[last, 0]
    open_ |= points[first, 1] != points[last, 1]
    unsound[there] = open_
    # A look at all at once; what is too large for it is looked at one by one, too.
    with np.errstate(invalid="ignore", over="ignore"):
        total = float(points.sum())
    if not math.isfinite(total):
        finite = np.isfinite(points).all(axis=1)
        unsound[there] |= ~np.logical_and.reduceat(finite, first) if len(first) else False
    return unsound


def _with_others(
    found: Geometries, ring: np.ndarray, blobs: Callable[[np.ndarray], np.ndarray]
) -> Geometries:
    """Rings, and all that are none as shapely reads them."""
    import shapely

    rest = np.flatnonzero(~ring)
    shapes = shapely.from_wkb(blobs(rest), on_invalid="ignore")
    tall = shapely.has_z(shapes)
    shapes[tall] = shapely.force_2d(shapes[tall])
    others = np.full(len(ring), None)
    others[rest] = shapes
    return Geometries(found.points, found.starts, others)
