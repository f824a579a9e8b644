"""Which scenes lie on the same ground: those on one grid are joined, for others earlier scenes keep what they cover."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from affine import Affine
from rasterio.crs import CRS

from planimeter.raster import Scene

if TYPE_CHECKING:
    import pyproj

#: Grids are one when their pixels are nowhere farther apart than this, in pixels.
_SAME_PIXEL = 0.05
_ROUNDING = 1e-9  # of a full turn


@dataclass(frozen=True)
class Footprint:
    """Where a scene lies, as its header says.

    Attributes:
        width: pixels in a row.
        height: rows.
        crs: its coordinate reference system.
        transform: pixel to CRS coordinates.
    """

    width: int
    height: int
    crs: CRS
    transform: Affine

    @classmethod
    def of(cls, scene: Scene) -> Footprint | None:
        """The footprint of a scene; None without a georeference."""
        if scene.crs is None or scene.transform is None:
            return None
        return cls(scene.width, scene.height, scene.crs, scene.transform)

    def corners(self) -> np.ndarray:
        """(4, 2) CRS coordinates of the corners, in order."""
        x = np.array([0, self.width, self.width, 0.0])
        y = np.array([0, 0, self.height, self.height])
        return np.stack(self.transform * (x, y), axis=1)

    def degrees(self) -> tuple[float, float, float, float]:
        """West, south, east, north, generous; east may lie beyond 180, and west below -180."""
        from pyproj.exceptions import ProjError

        corners = self.corners()
        (x0, y0), (x1, y1) = corners.min(axis=0), corners.max(axis=0)
        try:
            west, south, east, north = _way(_written(self.crs), "OGC:CRS84").transform_bounds(x0, y0, x1, y1)
        except ProjError:
            return -180.0, -90.0, 180.0, 90.0
        if not all(map(math.isfinite, (west, south, east, north))):
            return -180.0, -90.0, 180.0, 90.0
        return west, south, east if west <= east else east + 360.0, north

    def turn(self) -> float:
        """A full turn in CRS units where these are longitudes, 0 for any other."""
        return _turn(_written(self.crs))

    def places_on(self, grid: Footprint) -> list[Footprint]:
        """The scene by longitudes as another counts them, which may be whole turns away; none where it has no place.

        Args:
            grid: of the other; of longitudes from half a turn west to half a turn east where it has others than these.
        """
        turn = self.turn()
        if not turn:
            return [self]
        own, there = self.corners()[:, 0], np.array([-turn / 2, turn / 2])
        if grid.turn() == turn:
            there = grid.corners()[:, 0]
        first = math.ceil((there.min() - own.max()) / turn)
        last = math.floor((there.max() - own.min()) / turn)
        return [
            replace(self, transform=Affine.translation(k * turn, 0) * self.transform)
            for k in range(first, last + 1)
        ]


@dataclass
class GroundUnit:
    """Scenes that are measured as one, and what earlier units already cover of their ground.

    Attributes:
        scenes: places in the list of scenes, in order; several are joined on one grid.
        covered_by: places of scenes of earlier units that overlap it on another grid.
    """

    scenes: list[int]
    covered_by: list[int] = field(default_factory=list)


def lay_out(footprints: Sequence[Footprint | None], most_pixels: int) -> tuple[list[GroundUnit], list[str]]:
    """Group scenes to units in which no ground is counted twice.

    Scenes whose grids agree (same CRS and pixel size, shifted by whole pixels) and that overlap or touch are one
    unit, as far as all agree with the first of them and their longitudes make up no more than a full turn. Scenes that
    overlap on different grids, or whose union would have more than ``most_pixels``, stay apart, and the later one is
    told what the earlier ones cover.

    Args:
        footprints: one per scene; None for a scene without a georeference, which overlaps nothing.
        most_pixels: of the smallest grid that holds a unit.

    Returns:
        the units, ordered by their first scene, and a note where some would be too large; ``layout_notes`` has more.
    """
    grid_of = _Grids(footprints)
    pairs = _neighbours(footprints)
    groups = _groups(len(footprints), pairs, grid_of)
    notes = []
    large = [group for group in groups if len(group) > 1 and grid_of.pixels(group) > most_pixels]
    if large:
        notes.append(
            f"{sum(map(len, large))} scenes would join to more than {most_pixels:,} pixels and were measured one by "
            "one: ground is still counted once, but a region that crosses their seams counts in each of them."
        )
        groups = sorted(
            [group for group in groups if group not in large] + [[n] for group in large for n in group]
        )
    units = [GroundUnit(group) for group in groups]
    unit_of = {scene: number for number, unit in enumerate(units) for scene in unit.scenes}
    for one, other in pairs:
        first, second = sorted((one, other), key=lambda scene: unit_of[scene])
        if unit_of[first] != unit_of[second] and grid_of.overlap(first, second):
            units[unit_of[second]].covered_by.append(first)
    for unit in units:
        unit.covered_by = sorted(set(unit.covered_by))
    return units, notes


def layout_notes(footprints: Sequence[Footprint | None], units: Sequence[GroundUnit]) -> list[str]:
    """How many scenes are joined, covered by others, or nowhere, in sentences."""
    notes = []
    several = [unit for unit in units if len(unit.scenes) > 1]
    if several:
        notes.append(
            f"{sum(len(unit.scenes) for unit in several)} scenes overlap or touch on one grid and were joined to "
            f"{len(several)} unit{'s' * (len(several) > 1)} before counting."
        )
    cut = sum(bool(unit.covered_by) for unit in units)
    if cut:
        notes.append(
            f"{cut} scenes (or joined ones) overlap earlier ones on another grid: what those show is left out of them."
        )
    nowhere = sum(footprint is None for footprint in footprints)
    if nowhere and len(footprints) > 1:
        notes.append(
            f"{nowhere} scenes have no georeference: whether they overlap is not known, each counts whole."
        )
    return notes


def _groups(count: int, pairs: Sequence[tuple[int, int]], grid_of: _Grids) -> list[list[int]]:
    """Scenes that hang together on the grid of the first of them, each in one group, in order."""
    beside: dict[int, list[int]] = defaultdict(list)
    for one, other in pairs:
        if grid_of.same(one, other) and grid_of.meet(one, other):
            beside[one].append(other)
            beside[other].append(one)
    groups = []
    taken: set[int] = set()
    for leader in range(count):
        if leader in taken:
            continue
        group, span = [leader], grid_of.span(leader)
        taken.add(leader)
        for scene in group:  # which grows on the way
            for other in sorted(beside[scene]):
                wider = grid_of.span(other, span)
                if other in taken or not grid_of.same(leader, other) or wider is None:
                    continue
                group.append(other)
                taken.add(other)
                span = wider
        groups.append(sorted(group))
    return groups


class _Grids:
    """How the pixels of two scenes lie to each other."""

    def __init__(self, footprints: Sequence[Footprint | None]) -> None:
        self.footprints = footprints

    def _get(self, scene: int) -> Footprint:
        footprint = self.footprints[scene]
        assert footprint is not None
        return footprint

    def same(self, one: int, other: int) -> bool:
        return offset_on(self._get(one), self._get(other)) is not None

    def span(
        self, scene: int, others: tuple[float, float] | None = (math.inf, -math.inf)
    ) -> tuple[float, float] | None:
        """From where to where a scene and others of its grid reach in x; None beyond a full turn of longitudes."""
        footprint = self.footprints[scene]
        if footprint is None or others is None:
            return None
        x = footprint.corners()[:, 0]
        low, high = min(others[0], float(x.min())), max(others[1], float(x.max()))
        turn = footprint.turn()
        return None if turn and high - low > turn * (1 + _ROUNDING) else (low, high)

    def meet(self, one: int, other: int) -> bool:
        """Whether scenes of one grid overlap or touch, also at a corner."""
        first, second = self._get(one), self._get(other)
        offset = offset_on(first, second)
        assert offset is not None
        x, y = offset
        return -second.width <= x <= first.width and -second.height <= y <= first.height

    def overlap(self, one: int, other: int) -> bool:
        """Whether scenes share ground, by whatever turns their longitudes are counted."""
        first, second = self._get(one), self._get(other)
        if second.turn():
            return any(_overlap(first, place) for place in second.places_on(first))
        return any(_overlap(place, second) for place in first.places_on(second))

    def pixels(self, group: Sequence[int]) -> int:
        """Pixels of the smallest grid that holds a group of one grid."""
        x0, y0, x1, y1 = extent([self._get(scene) for scene in group])
        return (x1 - x0) * (y1 - y0)


def extent(footprints: Sequence[Footprint]) -> tuple[int, int, int, int]:
    """(x0, y0, x1, y1) around scenes of one group, in pixels of the first, half-open."""
    boxes = []
    for footprint in footprints:
        x, y = nearest_offset(footprints[0], footprint)
        boxes.append((x, y, x + footprint.width, y + footprint.height))
    sides = np.array(boxes)
    x0, y0 = sides[:, :2].min(axis=0).tolist()
    x1, y1 = sides[:, 2:].max(axis=0).tolist()
    return x0, y0, x1, y1


def nearest_offset(grid: Footprint, other: Footprint) -> tuple[int, int]:
    """Pixel (x, y) of ``grid`` that lies nearest to where ``other`` begins, for scenes of one group.

    All of them agree with its first one, and two others may therefore lie twice as far apart as scenes of one grid.
    """
    between = ~grid.transform * other.transform
    return round(between.c), round(between.f)


def offset_on(grid: Footprint, other: Footprint) -> tuple[int, int] | None:
    """Pixel (x, y) of ``grid`` at which ``other`` begins; None where their pixels do not lie on each other.

    >>> grid = Footprint(10, 10, CRS.from_epsg(32633), Affine(0.5, 0, 100, 0, -0.5, 100))
    >>> offset_on(grid, Footprint(10, 10, CRS.from_epsg(32633), Affine(0.5, 0, 104, 0, -0.5, 98)))
    (8, 4)
    """
    if grid.crs != other.crs:
        return None
    between = ~grid.transform * other.transform
    x, y = nearest_offset(grid, other)
    if max(abs(between.c - x), abs(between.f - y)) > _SAME_PIXEL:
        return None
    drift_x = abs(between.a - 1) * other.width + abs(between.b) * other.height
    drift_y = abs(between.d) * other.width + abs(between.e - 1) * other.height
    return (x, y) if max(drift_x, drift_y) <= _SAME_PIXEL else None


def _written(crs: CRS) -> str:
    return str(crs.to_wkt(version="WKT2_2019"))


@lru_cache(maxsize=64)
def _way(one: str, other: str) -> pyproj.Transformer:
    """The way between two coordinate reference systems, x and y or longitude and latitude in this order.

    Raises:
        ProjError: there is none.
    """
    import pyproj

    return pyproj.Transformer.from_crs(one, other, always_xy=True)


@lru_cache(maxsize=64)
def _turn(crs: str) -> float:
    import pyproj

    from planimeter.raster.placing import full_turn

    try:
        return full_turn(pyproj.CRS.from_wkt(crs))
    except pyproj.exceptions.ProjError:
        return 0.0


def _overlap(first: Footprint, second: Footprint) -> bool:
    """Whether scenes share ground as they lie: the outline of either, on the pixels of the other, takes up some."""
    offset = offset_on(first, second)
    if offset is not None:  # in whole pixels: scenes that only touch share none
        x, y = offset
        return -second.width < x < first.width and -second.height < y < first.height
    return _reaches(first, second) or _reaches(second, first)


def _reaches(grid: Footprint, other: Footprint) -> bool:
    """Whether the outline of a scene takes up pixels of a grid; True where its place there cannot be told."""
    import shapely
    from pyproj.exceptions import ProjError

    steps = np.linspace(0, 1, 9)[:-1]
    corners = other.corners()
    following = np.roll(corners, -1, axis=0)
    points = np.concatenate([a + (b - a) * steps[:, None] for a, b in zip(corners, following, strict=True)])
    if grid.crs != other.crs:
        try:
            way = _way(_written(other.crs), _written(grid.crs))
        except ProjError:  # nobody knows how the two lie to each other: each counts whole
            return False
        points = np.stack(way.transform(points[:, 0], points[:, 1]), axis=1)
    if not np.isfinite(points).all():
        return True
    outline = np.stack(~grid.transform * points.T, axis=1)
    shared = shapely.Polygon(outline).buffer(0).intersection(shapely.box(0, 0, grid.width, grid.height))
    return bool(shared.area > _SAME_PIXEL)


def _neighbours(footprints: Sequence[Footprint | None]) -> list[tuple[int, int]]:
    """Pairs of scenes that may overlap or touch, by their boxes in degrees, whole turns aside."""
    import shapely

    placed = [number for number, footprint in enumerate(footprints) if footprint is not None]
    if len(placed) < 2:
        return []
    boxes = np.array([footprint.degrees() for footprint in footprints if footprint is not None])
    rim = 1e-6  # a tenth of a metre: neighbours that touch must not be missed for rounding
    boxes += np.array([-rim, -rim, rim, rim])
    boxes[:, [0, 2]] -= 360 * np.floor((boxes[:, :1] + 180) / 360)  # all begin within one turn
    tree = shapely.STRtree(shapely.box(*boxes.T))
    pairs: set[tuple[int, int]] = set()
    for turn in (0, 360):
        turned = boxes + np.array([turn, 0, turn, 0])
        one, other = tree.query(shapely.box(*turned.T), predicate="intersects")
        near = zip(np.minimum(one, other).tolist(), np.maximum(one, other).tolist(), strict=True)
        pairs.update((a, b) for a, b in near if a < b)
    return [(placed[a], placed[b]) for a, b in sorted(pairs)]
