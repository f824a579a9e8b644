"""Zones: many polygons over one scene, and what masks and regions amount to in each.

A pixel belongs to the zones that its centre lies in, or in parts to those that cover parts of it. Masks are summed tile
by tile, with one running sum for all zones, so that the size of the scene does not decide the memory.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from planimeter.errors import Elsewhere, LabelError, UsageError, shown_name
from planimeter.raster.pixel_areas import PixelArea, PixelAreas, area_of_runs
from planimeter.spatial.area import AreaOfInterest
from planimeter.spatial.covered import polygon_pixels
from planimeter.spatial.fractions import polygon_fractions
from planimeter.spatial.runs import Box, Runs, crop, intersect, runs_of, unite
from planimeter.spatial.shapes import Shapes

if TYPE_CHECKING:
    from planimeter.raster.scene import Scene

BORDERS = ("centre", "exact")
#: What is said of zones that are named, or whose border is told, and not given.
WITHOUT_ZONES = (
    "--zone-name and --border say something of zones, and there are none: give --zones FILE as well."
)
#: Pixels that are summed at a time.
_MANY = 1 << 22


@dataclass(frozen=True, eq=False)
class Zones:
    """N zones on one grid.

    Attributes:
        names: N of them, each once.
        geometry: (N,) valid shapely Polygons or MultiPolygons in pixel coordinates, inside the grid.
        runs: the pixels whose centres a zone covers, or where ``exact`` those that it covers wholly.
        owner: (R,) int32 the zone of each run.
        cells: (C,) int64 flat positions of the pixels that zones cover in part; none where not ``exact``.
        cell_owner: (C,) int32 the zone of each.
        fraction: (C,) float64 how much of each is covered.
        exact: whether parts of pixels count.
        notes: sentences about how the zones were read.
    """

    names: tuple[str, ...]
    geometry: np.ndarray
    runs: Runs
    owner: np.ndarray
    cells: np.ndarray
    cell_owner: np.ndarray
    fraction: np.ndarray
    exact: bool = False
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)

    def area(self, k: int) -> AreaOfInterest | None:
        """One zone as an area of interest; None where it covers no pixel's centre."""
        chosen = self._of_each[1][self._of_each[0][k] : self._of_each[0][k + 1]]
        return (
            AreaOfInterest(self.names[k], self.geometry[k], self.runs.take(chosen)) if len(chosen) else None
        )

    @property
    def _of_each(self) -> tuple[np.ndarray, np.ndarray]:
        """Where the runs of each zone begin in their order by zones, and that order."""
        if "_grouped" not in self.__dict__:
            counts = np.bincount(self.owner, minlength=len(self))
            order = np.argsort(self.owner, kind="stable")
            self.__dict__["_grouped"] = np.append(0, np.cumsum(counts)), order
        found: tuple[np.ndarray, np.ndarray] = self.__dict__["_grouped"]
        return found

    def together(self, drawn: bool = True) -> Zones:
        """All zones as one: each pixel once.

        Args:
            drawn: whether its geometry is needed where pixels tell all else; it is empty otherwise.
        """
        import shapely

        geometry = np.array([shapely.union_all(self.geometry) if drawn or self.exact else shapely.Polygon()])
        if self.exact:
            return zones_of(("all",), geometry, self.runs.shape, exact=True)
        runs = unite([self.runs], self.runs.shape)
        nothing = np.zeros(0, np.int64)
        return Zones(
            ("all",), geometry, runs, np.zeros(len(runs), np.int32), nothing, nothing.astype(np.int32), np.zeros(0)
        )  # fmt: skip


def zones_of(
    names: tuple[str, ...],
    geometry: np.ndarray,
    shape: tuple[int, int],
    exact: bool = False,
    notes: tuple[str, ...] = (),
) -> Zones:
    """Lay zones on a grid.

    Args:
        names: N of them.
        geometry: (N,) valid shapely Polygons or MultiPolygons in pixel coordinates, inside the grid, not empty.
        shape: (height, width) of the grid.
        exact: whether parts of pixels count, or pixels whose centre is covered.
        notes: sentences about how they were read.

    >>> import shapely
    >>> zones = zones_of(("a", "b"), np.array([shapely.box(0, 0, 1.4, 1), shapely.box(1.4, 0, 3, 1)]), (1, 3))
    >>> zones.runs.start.tolist(), zones.runs.stop.tolist()
    ([0, 1], [1, 3])
    """
    if exact:
        cover = polygon_fractions(geometry, shape)
        return Zones(
            names, geometry, cover.runs, cover.owner, cover.cells, cover.cell_owner, cover.fraction, True, notes
        )  # fmt: skip
    found = polygon_pixels(geometry, shape)
    assert found.centres is not None
    kept = found.centres[found.owner]  # a zone that covers no centre has no pixel
    nothing = np.zeros(0, np.int64)
    return Zones(
        names,
        geometry,
        found.runs.take(kept),
        found.owner[kept],
        nothing,
        nothing.astype(np.int32),
        np.zeros(0),
        False,
        notes,
    )


def read_zones(
    source: str | os.PathLike[str], name_field: str | None, scene: Scene, border: str = "centre"
) -> Zones:
    """Read zones from a vector file and lay them on a scene.

    Args:
        source: as for ``planimeter.raster.vector.read_features``; polygons.
        name_field: the attribute that names them; features of one name are one zone. None: by the only attribute of
            text that differs for each, which is said, or else by their numbers in the file ("zone 3": the feature id
            that GIS shows; whether it begins at 0 or 1 hangs on the kind of file).
        scene: the image.
        border: "centre": a pixel belongs to the zone that its centre lies in; "exact": to each zone by the share that
            it covers.

    Raises:
        LabelError: the file cannot be read, holds no polygons or no such attribute, or none lies in the scene.
        UsageError: there is no such border.
    """
    import shapely

    from planimeter.raster.vector import read_features
    from planimeter.raster.vector_source import parse_source
    from planimeter.spatial.zone_names import names_of

    if border not in BORDERS:
        raise UsageError(f"--border is {' or '.join(BORDERS)}, not {border!r}: give one of them.")
    wanted = parse_source(source)
    layer = read_features(wanted, scene)
    if layer.kind != "polygon":
        raise LabelError(f"{layer.name} holds {layer.kind}s, which have no inside; give a layer of polygons.")
    if len(layer.pixels) == 0:
        raise Elsewhere(f"No zone of {layer.name} lies in {shown_name(scene.name)}; give zones of its place.")
    notes = list(layer.notes)
    numbers = layer.index.tolist()
    names, said = names_of(wanted, name_field, numbers)
    notes += [said] if said else []
    if layer.outside:
        notes.append(
            f"{layer.outside:,} zone{' lies' if layer.outside == 1 else 's lie'} outside the scene and "
            f"{'is' if layer.outside == 1 else 'are'} left out."
        )
    partly = int((~layer.whole).sum())
    if partly:
        notes.append(
            f"{partly:,} of {len(names):,} zones {'reaches' if partly == 1 else 'reach'} beyond the scene; only what "
            "lies inside was measured."
        )
    kinds = tuple(dict.fromkeys(names))
    geometry = layer.pixels
    if len(kinds) < len(names):
        notes.append(
            f"{len(names):,} features have {len(kinds):,} names between them; those of one name are one zone."
        )
        places: dict[str, list[int]] = {}
        for place, name in enumerate(names):
            places.setdefault(name, []).append(place)
        geometry = np.array([shapely.union_all(layer.pixels[places[name]]) for name in kinds])
    zones = zones_of(kinds, geometry, scene.shape, border == "exact", tuple(notes))
    empty = len(kinds) - len(np.unique(zones.owner))
    if empty and not zones.exact:
        said = (
            f"{empty:,} zone{' covers' if empty == 1 else 's cover'} no pixel's centre and "
            f"{'has' if empty == 1 else 'have'} no values; --border exact counts parts of pixels."
        )
        zones = zones_of(kinds, geometry, scene.shape, False, (*notes, said))
    return zones


class ZoneSums:
    """How much of a mask lies in each zone, added up tile by tile; the result does not depend on the tiles.

    Args:
        zones: on the scene's grid.
        pixel_area: ground area of a pixel in m², as ``Scale.pixel_area``; None where no scale is known.

    Example:
        >>> import shapely
        >>> zones = zones_of(("a", "b"), np.array([shapely.box(0, 0, 1.5, 1), shapely.box(1.5, 0, 3, 1)]), (1, 3), True)
        >>> sums = ZoneSums(zones, 4.0)
        >>> sums.add(np.array([[True, True, False]]), (0, 0, 3, 1))
        >>> sums.pixels.tolist(), sums.square_metres.tolist()
        ([1.5, 0.5], [6.0, 2.0])
    """

    def __init__(self, zones: Zones, pixel_area: PixelArea | None) -> None:
        self.zones = zones
        self._area = pixel_area
        self._in_run = np.zeros(len(zones.runs), dtype=np.int64)
        self._in_cell = np.zeros(len(zones.cells), dtype=bool)
        self._ground = np.zeros(len(zones.runs)) if isinstance(pixel_area, PixelAreas) else None

    def add(self, mask: np.ndarray, box: Box) -> None:
        """Add a tile.

        Args:
            mask: (h, w) bool.
            box: (x0, y0, x1, y1) pixels of the tile, half-open.
        """
        add_to([self], mask, box)

    def _add(self, mask: np.ndarray, before: np.ndarray | None, box: Box) -> None:
        """Add rows of a tile; ``before``: True pixels before each flat position, None where all are True."""
        x0, y0, _, y1 = box
        part, of_run = crop(self.zones.runs, box)
        if len(part):
            inside = part.stop - part.start if before is None else before[part.stop] - before[part.start]
            self._in_run[of_run] += inside
            if self._ground is not None:
                assert isinstance(self._area, PixelAreas)
                pieces, of = (part, slice(None)) if before is None else intersect(part, runs_of(mask))
                y, left, right = pieces.rows()
                ground = self._area.of_runs(y + y0, left + x0, right + x0)
                self._ground += np.bincount(of_run[of], weights=ground, minlength=len(self._ground))
        stride = self.zones.runs.stride
        first, last = np.searchsorted(self.zones.cells, (y0 * stride, y1 * stride))
        y, x = np.divmod(self.zones.cells[first:last], stride)
        here = np.flatnonzero((x >= x0) & (x < box[2]))
        self._in_cell[first + here] = mask[y[here] - y0, x[here] - x0]

    @property
    def pixels(self) -> np.ndarray:
        """(N,) float64 pixels of the mask in each zone."""
        return self._by_zone(self._in_run.astype(np.float64), np.ones(len(self.zones.cells)))

    @property
    def square_metres(self) -> np.ndarray:
        """(N,) float64 ground of the mask in each zone.

        Raises:
            UsageError: no scale is known.
        """
        if self._area is None:
            raise UsageError("the scene has no scale: give the metres per pixel")
        if isinstance(self._area, np.ndarray):
            y = self.zones.runs.rows()[0]
            ground = self._in_run * self._area[y]
            return self._by_zone(ground, self._area[self.zones.cells // self.zones.runs.stride])
        if self._ground is not None:
            y, x = np.divmod(self.zones.cells, self.zones.runs.stride)
            return self._by_zone(self._ground, area_of_runs(self._area, y, x, x + 1))
        return self.pixels * float(self._area)  # type: ignore[arg-type]

    def _by_zone(self, in_run: np.ndarray, per_cell: np.ndarray) -> np.ndarray:
        count, zones = len(self.zones), self.zones
        found = np.bincount(zones.owner, weights=in_run, minlength=count)
        amount = per_cell * zones.fraction * self._in_cell
        return found + np.bincount(zones.cell_owner, weights=amount, minlength=count)


def add_to(sums: Sequence[ZoneSums], mask: np.ndarray, box: Box) -> None:
    """Add a tile to several sums, which go through its pixels once.

    Args:
        sums: over zones of one grid.
        mask: (h, w) bool.
        box: (x0, y0, x1, y1) pixels of the tile, half-open.
    """
    x0, y0, x1, y1 = box
    rows = max(1, _MANY // (x1 - x0 + 1))
    for top in range(y0, y1, rows):
        bottom = min(top + rows, y1)
        part = mask[top - y0 : bottom - y0]
        before: np.ndarray | None = None
        if not part.all():
            padded = np.zeros((bottom - top, x1 - x0 + 1), dtype=np.int8)
            padded[:, :-1] = part
            before = np.zeros(padded.size + 1, dtype=np.int32)
            np.cumsum(padded.ravel(), dtype=np.int32, out=before[1:])
        for each in sums:
            each._add(part, before, (x0, top, x1, bottom))


@dataclass(frozen=True)
class ZoneCounts:
    """How many shapes lie in each zone.

    Attributes:
        count: (N,) int64 shapes of which any pixel lies in the zone.
        cut: (N,) int64 those of them that the zone's border cuts.
        together: shapes of which any pixel lies in any zone.
        several: those of them that lie in more than one zone.
    """

    count: np.ndarray
    cut: np.ndarray
    together: int
    several: int


def count_in(zones: Zones, shapes: Shapes) -> ZoneCounts:
    """Count shapes by zone.

    Args:
        zones: by the centres of pixels.
        shapes: regions of a mask on the same grid; no two share a pixel.

    >>> import shapely
    >>> from planimeter.spatial import label_regions
    >>> zones = zones_of(("a", "b"), np.array([shapely.box(0, 0, 2, 1), shapely.box(2, 0, 4, 1)]), (1, 4))
    >>> found = count_in(zones, label_regions(np.array([[1, 0, 0, 1]], bool)))
    >>> found.count.tolist(), found.together
    ([1, 1], 2)
    """
    pieces, of_run = intersect(zones.runs, shapes.runs)
    of_shape = np.searchsorted(shapes.runs.start, pieces.start, side="right") - 1
    region = shapes.owner[of_shape].astype(np.int64)
    pair = zones.owner[of_run].astype(np.int64) * max(len(shapes), 1) + region
    pairs, inverse = np.unique(pair, return_inverse=True)
    pixels = np.bincount(inverse, weights=pieces.stop - pieces.start, minlength=len(pairs))
    zone, shape = np.divmod(pairs, max(len(shapes), 1))
    cut = pixels < shapes.pixels[shape]
    often = np.bincount(shape, minlength=len(shapes))
    return ZoneCounts(
        np.bincount(zone, minlength=len(zones)),
        np.bincount(zone[cut], minlength=len(zones)),
        int((often > 0).sum()),
        int((often > 1).sum()),
    )
