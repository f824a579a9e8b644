"""Regions: the 8-connected components of a mask, with their measures."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

import cv2
import numpy as np

from planimeter.errors import UsageError
from planimeter.raster.pixel_areas import PixelArea, area_of_runs, differs
from planimeter.spatial.checks import check_mask, check_pixel_area
from planimeter.spatial.rings import trace
from planimeter.spatial.runs import Runs, connect, intersect, paint, runs_of, subtract

Ring = list[list[int]]
Polygon = tuple[Ring, list[Ring]]

# Runs that are measured at a time.
_MANY = 1 << 20

# Below this many runs per pixel, joining the runs is faster than labelling every pixel
# (bench/spatial_bench.py).
_DENSE = 1 / 64


class Regions:
    """Regions of one grid, numbered by their first pixel in raster order, with their measures.

    No two regions touch, not even at a corner. The pixels are kept as runs; the label picture, masks and
    outlines are made when asked for.

    Attributes:
        shape: (height, width) of the grid.
        runs: the pixels of all regions.
        owner: (R,) int32 the region (from 0) that each run belongs to.
        pixel_area: ground area of a pixel in m², as `Scale.pixel_area`; None where no scale is known.
        area_pixels: (N,) int64.
        area_m2: (N,) float64 ground areas, or None without ``pixel_area``.
        bbox: (N, 4) int32 x0, y0, x1, y1 in pixels, half-open.
        centroid: (N, 2) float64 x, y in pixels; the centre of the upper left pixel is (0.5, 0.5).
    """

    def __init__(
        self, runs: Runs, owner: np.ndarray, count: int, pixel_area: PixelArea | None = None
    ) -> None:
        self.shape = runs.shape
        self.runs = runs
        self.owner = owner
        self.pixel_area = pixel_area
        self._count = count
        self._measure()

    def _measure(self) -> None:
        """Areas, boxes and centroids, from a part of the runs at a time: what is needed on the way stays small."""
        count = self._count
        # Sums of whole numbers below 2**53 are exact in float64.
        area, x_sum, y_sum = np.zeros(count), np.zeros(count), np.zeros(count)
        ground = np.zeros(count)
        box = np.zeros((count, 4), dtype=np.int32)
        box[:, :2] = self.shape[1], self.shape[0]
        for begin in range(0, len(self.runs), _MANY):
            part = slice(begin, begin + _MANY)
            owner = self.owner[part]
            y, x0, x1 = self.runs.take(part).rows()
            length = x1 - x0
            for total, weights in (
                (area, length),
                (x_sum, (x0 + x1) * length),
                (y_sum, (2 * y + 1) * length),
            ):
                total += np.bincount(owner, weights=weights, minlength=count)
            if self.pixel_area is not None and differs(self.pixel_area):
                weights = area_of_runs(self.pixel_area, y, x0, x1)
                ground += np.bincount(owner, weights=weights, minlength=count)
            np.minimum.at(box[:, 0], owner, x0.astype(np.int32))
            np.maximum.at(box[:, 2], owner, x1.astype(np.int32))
            # Runs come in raster order and the last write to a repeated index stays.
            top = np.full(count, self.shape[0], dtype=np.int32)
            top[owner[::-1]] = y[::-1]
            np.minimum(box[:, 1], top, out=box[:, 1])
            box[owner, 3] = y + 1
        self.area_pixels = area.astype(np.int64)
        self.area_m2 = None
        if self.pixel_area is not None:
            own = differs(self.pixel_area)
            self.area_m2 = ground if own else self.area_pixels * float(self.pixel_area)  # type: ignore[arg-type]
        self.centroid = np.stack([x_sum / (2 * area), y_sum / (2 * area)], axis=1)
        self.bbox = box

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        height, width = self.shape
        return f"Regions({len(self)} of {int(self.area_pixels.sum())} pixels on {width} x {height})"

    @cached_property
    def labels(self) -> np.ndarray:
        """(H, W) int32, 0 for no region and k + 1 for region k; made on first use, then kept."""
        return paint(self.runs, self.owner + 1)

    def mask(self, indices: Sequence[int] | np.ndarray | None = None) -> np.ndarray:
        """Return the (H, W) bool mask of the regions, or of those that ``indices`` names."""
        if indices is None:
            return paint(self.runs)
        chosen = np.zeros(self._count, dtype=bool)
        chosen[self._check_indices(indices)] = True
        return paint(self.runs.take(chosen[self.owner]))

    def subset(self, indices: Sequence[int] | np.ndarray) -> Regions:
        """Return the regions that ``indices`` names, in that order.

        Raises:
            UsageError: an index is out of range or named twice.
        """
        wanted = self._check_indices(indices)
        number = np.full(self._count, -1, dtype=np.int32)
        number[wanted] = np.arange(len(wanted), dtype=np.int32)
        if (number >= 0).sum() != len(wanted):
            raise UsageError("a region is named twice: pass each index once")
        owner = number[self.owner]
        chosen = owner >= 0
        return Regions(self.runs.take(chosen), owner[chosen], len(wanted), self.pixel_area)

    def polygon(self, k: int) -> Polygon:
        """Return region k's outline along pixel edges: (exterior, holes), see `polygons`."""
        return self.polygons([k])[0]

    def polygons(self, indices: Sequence[int] | np.ndarray | None = None) -> list[Polygon]:
        """Return regions' outlines along pixel edges: one (exterior, holes) each, in the order asked for.

        A ring is a list of ``[x, y]`` pixel corners, not closed; exteriors run clockwise on the screen,
        holes the other way. Where pixels touch only at a corner the ring passes through that corner twice
        (geometry valid for OGC: `planimeter.spatial.export.geometries`). A region in several parts, left by
        a clip, gives its largest part.

        >>> label_regions(np.array([[True, False], [False, True]])).polygon(0)
        ([[0, 0], [1, 0], [1, 1], [2, 1], [2, 2], [1, 2], [1, 1], [0, 1]], [])
        """
        wanted = self._check_indices(np.arange(self._count) if indices is None else indices)
        runs, owner = self._runs_of_each(wanted)
        with _uncollected():
            return _polygons(runs, owner, wanted)

    @cached_property
    def _by_region(self) -> tuple[np.ndarray, np.ndarray]:
        """Run indices grouped by region, and where each group starts."""
        order = np.argsort(self.owner, kind="stable")
        counts = np.bincount(self.owner, minlength=self._count)
        return order, np.append(0, np.cumsum(counts))

    def _runs_of_each(self, wanted: np.ndarray) -> tuple[Runs, np.ndarray]:
        """Return the runs of the wanted regions in raster order, and the region of each."""
        if len(wanted) * 4 < self._count:
            order, offset = self._by_region
            chosen = np.sort(
                np.concatenate([order[offset[k] : offset[k + 1]] for k in wanted] or [order[:0]])
            )
        else:
            flags = np.zeros(self._count, dtype=bool)
            flags[wanted] = True
            chosen = np.flatnonzero(flags[self.owner])
        return self.runs.take(chosen), self.owner[chosen]

    def _check_indices(self, indices: Sequence[int] | np.ndarray) -> np.ndarray:
        wanted = np.asarray(indices)
        if wanted.size == 0:
            return np.zeros(0, dtype=np.int64)
        if wanted.ndim != 1 or not np.issubdtype(wanted.dtype, np.integer):
            raise UsageError("region indices are whole numbers in a list: pass for example [0, 2]")
        if wanted.min() < 0 or wanted.max() >= self._count:
            raise UsageError(
                f"there are {self._count} regions, indices run from 0 to {self._count - 1}: pass one of those"
            )
        return wanted.astype(np.int64)

    def cut(self, other: Runs, inside: bool) -> tuple[Regions, np.ndarray]:
        """Return what of each region lies inside (or outside) ``other``, and which region each came from."""
        runs, of_run = intersect(self.runs, other) if inside else subtract(self.runs, other)
        return self._renumber(runs, self.owner[of_run])

    def _renumber(self, runs: Runs, owner: np.ndarray) -> tuple[Regions, np.ndarray]:
        source = np.flatnonzero(np.bincount(owner, minlength=self._count))
        number = np.zeros(self._count, dtype=np.int32)
        number[source] = np.arange(len(source), dtype=np.int32)
        return Regions(runs, number[owner], len(source), self.pixel_area), source


def label_regions(mask: np.ndarray, pixel_area: PixelArea | None = None, min_area_pixels: int = 0) -> Regions:
    """Return the 8-connected regions of a mask, numbered by their first pixel in raster order.

    Args:
        mask: (H, W) bool, True = topic; not changed and not kept.
        pixel_area: ground area of a pixel in m² (`Scale.pixel_area`).
        min_area_pixels: smaller regions are left out; a region of exactly this many pixels stays.

    Raises:
        UsageError: the mask is not two-dimensional and boolean, or an area is not positive.

    >>> label_regions(np.array([[1, 0, 0], [0, 1, 0], [0, 0, 0]], bool), pixel_area=0.25).area_m2.tolist()
    [0.5]
    """
    check_mask(mask)
    check_pixel_area(pixel_area, mask.shape[0])
    return regions_of(runs_of(mask), pixel_area, min_area_pixels, mask)


def regions_of(
    runs: Runs,
    pixel_area: PixelArea | None = None,
    min_area_pixels: int = 0,
    mask: np.ndarray | None = None,
) -> Regions:
    """Return the 8-connected regions of runs; ``mask``, the same pixels, joins many short runs faster."""
    owner, count = components(runs, mask)
    if min_area_pixels > 1 and count:
        large = np.bincount(owner, weights=runs.stop - runs.start) >= min_area_pixels
        number = (np.cumsum(large) - 1).astype(np.int32)
        kept = large[owner]
        runs, owner, count = runs.take(kept), number[owner[kept]], int(large.sum())
    return Regions(runs, owner, count, pixel_area)


def components(runs: Runs, mask: np.ndarray | None = None) -> tuple[np.ndarray, int]:
    """Return the 8-connected component of every run, (R,) int32, and how many there are; see `regions_of`."""
    if mask is not None and len(runs) > _DENSE * mask.size:
        owner = _connect_pixels(runs, mask)
    else:
        owner = connect(runs, diagonal=True)
    return owner, int(owner.max()) + 1 if len(owner) else 0


def _connect_pixels(runs: Runs, mask: np.ndarray) -> np.ndarray:
    """Return `connect(runs)` by way of a label picture, whose own numbering is not relied on."""
    picture = cv2.connectedComponents(
        np.ascontiguousarray(mask).view(np.uint8), connectivity=8, ltype=cv2.CV_32S
    )
    count, labels = picture
    y = runs.start // runs.stride
    found = labels.ravel()[runs.start - y]
    first = np.zeros(count, dtype=np.int64)
    first[found[::-1]] = np.arange(len(runs) - 1, -1, -1)
    number = np.empty(count, dtype=np.int32)
    number[np.argsort(first[1:], kind="stable") + 1] = np.arange(count - 1, dtype=np.int32)
    return number[found]


def _polygons(runs: Runs, owner: np.ndarray, wanted: np.ndarray) -> list[Polygon]:
    """Return the outline of each wanted region, given their runs."""
    part = connect(runs, diagonal=True)
    rings = trace(runs, diagonal=True)
    points, offset = rings.vertices.tolist(), rings.offset.tolist()
    # The first ring of a part goes along its first run, so it is the exterior; holes come after it.
    ring_part, ring_owner = part[rings.run], owner[rings.run]
    size = np.bincount(part, weights=runs.stop - runs.start)
    exterior: dict[int, int] = {}
    holes: dict[int, list[Ring]] = {}
    largest: dict[int, int] = {}
    for ring, (its_part, region, area) in enumerate(
        zip(ring_part.tolist(), ring_owner.tolist(), rings.area.tolist(), strict=True)
    ):
        if area < 0:
            holes.setdefault(its_part, []).append(points[offset[ring] : offset[ring + 1]])
            continue
        exterior[its_part] = ring
        if region not in largest or size[its_part] > size[largest[region]]:
            largest[region] = its_part
    outlines = []
    for region in wanted.tolist():
        its_part = largest[region]
        ring = exterior[its_part]
        outlines.append((points[offset[ring] : offset[ring + 1]], holes.get(its_part, [])))
    return outlines


@contextmanager
def _uncollected() -> Iterator[None]:
    """Hold back the garbage collector, which would go through the many new lists again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
