"""Regions: the 8-connected components of a mask, with their measures."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property

import cv2
import numpy as np

from planimeter.raster.pixel_areas import PixelArea, differs
from planimeter.spatial.checks import check_mask, check_pixel_area
from planimeter.spatial.rings import trace
from planimeter.spatial.runs import Runs, connect, paint, runs_of
from planimeter.spatial.shapes import Polygon, Ring, Shapes

# Below this many runs per pixel, joining the runs is faster than labelling every pixel
# (bench/spatial_bench.py).
_DENSE = 1 / 64


class Regions(Shapes):
    """Regions of one grid, numbered by their first pixel in raster order, with their measures.

    No two regions touch, not even at a corner. The pixels are kept as runs; the label picture, masks and
    outlines are made when asked for. ``area_pixels`` is (N,) int64; see `Shapes` for the other measures.
    """

    def __init__(
        self, runs: Runs, owner: np.ndarray, count: int, pixel_area: PixelArea | None = None
    ) -> None:
        super().__init__(runs, owner, count, pixel_area)
        self.area_pixels = self.pixels
        self.area_m2 = None
        if pixel_area is not None:
            self.area_m2 = self._ground if differs(pixel_area) else self.pixels * float(pixel_area)  # type: ignore[arg-type]

    @cached_property
    def labels(self) -> np.ndarray:
        """(H, W) int32, 0 for no region and k + 1 for region k; made on first use, then kept."""
        return paint(self.runs, self.owner + 1)

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
        with uncollected():
            return pixel_outlines(runs, owner, wanted)

    def _chosen(self, runs: np.ndarray, owner: np.ndarray, wanted: np.ndarray) -> Regions:
        return Regions(self.runs.take(runs), owner, len(wanted), self.pixel_area)

    def _parts(self, runs: Runs, of_run: np.ndarray, owner: np.ndarray, source: np.ndarray) -> Regions:
        return Regions(runs, owner, len(source), self.pixel_area)


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


def pixel_outlines(runs: Runs, owner: np.ndarray, wanted: np.ndarray) -> list[Polygon]:
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
def uncollected() -> Iterator[None]:
    """Hold back the garbage collector, which would go through the many new lists again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
