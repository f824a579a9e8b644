"""Features: the polygons, lines or points of a vector layer inside a scene, each measured as itself.

A feature is one thing however its neighbours touch it: it is counted once, its area is that of its polygon inside the
scene on the ellipsoid, its length that of its line. For distances and for set operations with pixels it stands by the
pixels that `planimeter.spatial.covered` says: those whose centres it covers, at least one. The areas of its parts are
in proportion to those pixels; the lengths of a line's parts are what runs through theirs. Features of one layer may
overlap: each has the whole of its area, and `Features.overlap` says how much is counted more than once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster.geometries import Geometries
from planimeter.spatial.cells import boxes_and
from planimeter.spatial.covered import Covered, line_pixels, point_pixels, polygon_pixels
from planimeter.spatial.ellipsoid import Ellipsoid
from planimeter.spatial.feature_measures import Measures
from planimeter.spatial.regions import pixel_outlines, uncollected
from planimeter.spatial.runs import Runs, unite
from planimeter.spatial.shapes import Polygon, Ring, Shapes

if TYPE_CHECKING:
    import shapely

KINDS = ("polygon", "line", "point")


@dataclass(frozen=True)
class Unseen:
    """Pixels that nobody has asked for yet.

    Attributes:
        shape: (height, width) of the grid.
        find: finds them; None where all features are whole polygons, so that they follow from what is drawn.
    """

    shape: tuple[int, int]
    find: Callable[[], Covered] | None = None


class Features(Shapes):
    """N features of one kind on a scene's grid; see `Shapes` for their measures.

    ``area_pixels`` is (N,) float64, the area of each polygon in pixels, so that shares of the image are those of areas.

    Attributes:
        kind: "polygon", "line" or "point".
        drawn: N geometries in pixel coordinates; parts, which are known by their pixels alone, are unknown.
        measures: areas and lengths.
        ground: how large things are on the ground; None where nobody knows.
        notes: sentences about what was left out or mended when the layer was read.
        centres: (N,) bool, False for polygons that cover no pixel's centre; None where that means nothing.

    Pixels and measures of whole polygons are looked for when they are first asked for: a count needs none of them, and
    a cut only the pixels of the polygons whose boxes may lie across its border.
    """

    def __init__(
        self,
        kind: str,
        covered: Covered | Unseen,
        measures: Measures | Callable[[], Measures],
        geometry: np.ndarray | Geometries,
        ground: Ellipsoid | None = None,
        notes: tuple[str, ...] = (),
    ) -> None:
        #: How pixels are found that nobody has asked for yet; None where they were known from the start.
        self._unseen = None if isinstance(covered, Covered) else covered
        if isinstance(covered, Covered):
            super().__init__(covered.runs, covered.owner, len(geometry))
            self.centres = covered.centres
        else:
            self.shape, self.pixel_area, self._count = covered.shape, None, len(geometry)
        self.kind = kind
        self.drawn = Geometries.of(geometry)
        self.notes = notes
        self._measures = measures
        self.ground = ground

    @property
    def nbytes(self) -> int:
        """Bytes that they take, about: their geometries, what shapely keeps of each, and the runs."""
        return self.drawn.nbytes + (20 * len(self.runs) if self._scanned else 80 * len(self))

    @property
    def geometry(self) -> np.ndarray:
        """(N,) shapely geometries in pixel coordinates; None for parts."""
        return self.drawn.geometry

    # What `Shapes` sets at once is set here when it is asked for first, which mypy does not take for an override.

    @cached_property
    def measures(self) -> Measures:
        """Areas and lengths."""
        return self._measures if isinstance(self._measures, Measures) else self._measures()

    @property
    def area_pixels(self) -> np.ndarray:  # type: ignore[override]
        return self.measures.area_pixels

    @property
    def area_m2(self) -> np.ndarray | None:  # type: ignore[override]
        return self.measures.area_m2

    @property
    def length_m(self) -> np.ndarray | None:  # type: ignore[override]
        return self.measures.length_m

    @cached_property
    def _covered(self) -> Covered:
        find = self._unseen.find if self._unseen else None
        return polygon_pixels(self.drawn, self.shape) if find is None else find()

    @property
    def _scanned(self) -> bool:
        """Whether the pixels are known."""
        return self._unseen is None or "_covered" in self.__dict__

    @property
    def _only_drawn(self) -> bool:
        """Whether all are whole polygons whose pixels nobody has asked for."""
        return not self._scanned and self._unseen is not None and self._unseen.find is None

    @cached_property
    def runs(self) -> Runs:  # type: ignore[override]
        return self._covered.runs

    @cached_property
    def owner(self) -> np.ndarray:  # type: ignore[override]
        return self._covered.owner

    @cached_property
    def centres(self) -> np.ndarray | None:
        return self._covered.centres

    @cached_property
    def _pixels(self) -> np.ndarray:  # type: ignore[override]
        return self._measure()[0]

    @cached_property
    def bbox(self) -> np.ndarray:  # type: ignore[override]
        self._pixels = self._measure()[0]
        return self.bbox

    @cached_property
    def centroid(self) -> np.ndarray:  # type: ignore[override]
        self._pixels = self._measure()[0]
        return self.centroid

    def subset(self, indices: Sequence[int] | np.ndarray) -> Self:
        """Return the features that ``indices`` names, in that order; see `Shapes.subset`."""
        if not self._only_drawn:
            return super().subset(indices)
        wanted = self._check_indices(indices)
        if len(wanted) and np.bincount(wanted).max() > 1:
            raise UsageError("a region is named twice: pass each index once")
        return self._made(
            Unseen(self.shape), lambda: self.measures.take(wanted, None), self.drawn.take(wanted)
        )

    def cut(self, other: Runs, inside: bool) -> tuple[Self, np.ndarray]:
        """Return what of each feature lies inside (or outside) ``other``, and which feature each came from."""
        if not self._only_drawn or not inside:
            return super().cut(other, inside)
        near, whole = boxes_and(other, self.drawn.bounds)
        crossing = near[~whole]
        parts, of_crossing = super(Features, self.subset(crossing)).cut(other, inside)
        source = np.concatenate([near[whole], crossing[of_crossing]])
        order = np.argsort(source)
        return self._whole_and(self.subset(near[whole]), parts, order), source[order]

    def _whole_and(self, whole: Self, parts: Self, order: np.ndarray) -> Self:
        """Whole features whose pixels nobody has asked for and parts of others, as one layer, in an order."""

        def covered() -> Covered:
            number = np.empty(len(order), dtype=np.int32)
            number[order] = np.arange(len(order), dtype=np.int32)
            start, stop = (
                np.concatenate([getattr(some.runs, side) for some in (whole, parts)])
                for side in ("start", "stop")
            )
            owner = number[np.concatenate([whole.owner, parts.owner + np.int32(len(whole))])]
            by_start = np.lexsort((owner, start))
            return Covered(
                Runs(self.shape, start[by_start], stop[by_start]),
                owner[by_start],
                centres=np.concatenate([_centres(some) for some in (whole, parts)])[order],
            )

        def measures() -> Measures:
            return Measures.joined([whole.measures, parts.measures], order[:0]).take(order, None)

        drawn = Geometries.joined([whole.drawn, parts.drawn]).take(order)
        return self._made(Unseen(self.shape, covered), measures, drawn)

    @cached_property
    def tree(self) -> shapely.STRtree:
        """An index of the geometries, for those who ask for many parts of the scene."""
        import shapely

        return shapely.STRtree(self.geometry)

    @cached_property
    def overlap(self) -> float:
        """The share of the features' pixels that lies on other features as well, 0 to 1.

        Pixels that a small feature stands by without covering their centres say nothing of this and are left out.
        """
        covered = self.centres
        runs = self.runs if covered is None else self.runs.take(covered[self.owner])
        pixels = int((runs.stop - runs.start).sum())
        if pixels == 0:
            return 0.0
        once = unite([runs], self.shape)
        return 1 - int((once.stop - once.start).sum()) / pixels

    def united(self, indices: Sequence[int] | np.ndarray | None = None) -> Runs:
        """Return the pixels of the features, or of those that ``indices`` names, as disjoint runs."""
        return unite([super().united(indices)], self.shape)

    def polygons(self, indices: Sequence[int] | np.ndarray | None = None) -> list[Polygon]:
        """Return outlines in pixel coordinates: those of the polygons themselves, of parts along pixel edges.

        A ring is a list of ``[x, y]``, not closed; exteriors run clockwise on the screen, holes the other way. Of
        several polygons the largest is given; a line or a point gives its pixels' outline.

        >>> import shapely
        >>> house = features_of("polygon", np.array([shapely.box(0.5, 1, 2, 2)]), (4, 4), None)
        >>> house.polygon(0)
        ([[2.0, 1.0], [2.0, 2.0], [0.5, 2.0], [0.5, 1.0]], [])
        """
        wanted = self._check_indices(np.arange(self._count) if indices is None else indices)
        drawn = [k for k in wanted.tolist() if self.kind == "polygon" and self.geometry[k] is not None]
        found = {k: _rings(self.geometry[k]) for k in drawn}
        traced = np.array([k for k in dict.fromkeys(wanted.tolist()) if k not in found], dtype=np.int64)
        if len(traced):
            runs, owner, moved = self.apart()
            chosen = np.isin(owner, traced)
            with uncollected():
                outlines = pixel_outlines(runs.take(chosen), owner[chosen], traced)
            for k, (exterior, holes) in zip(traced.tolist(), outlines, strict=True):
                found[k] = _raised(exterior, moved[k]), [_raised(hole, moved[k]) for hole in holes]
        return [found[k] for k in wanted.tolist()]

    def apart(self) -> tuple[Runs, np.ndarray, np.ndarray]:
        """Return the runs with one feature below the other, so that none touches another; see `Shapes.apart`."""
        height = self.bbox[:, 3] - self.bbox[:, 1] + 1  # an empty row stays between two
        top = np.append(0, np.cumsum(height.astype(np.int64)))
        moved = top[:-1] - self.bbox[:, 1]
        shift = moved[self.owner] * self.runs.stride
        start, stop = self.runs.start + shift, self.runs.stop + shift
        order = np.argsort(start, kind="stable")
        shape = (int(top[-1]), self.shape[1])
        return Runs(shape, start[order], stop[order]), self.owner[order], moved

    def outline_lengths(self) -> np.ndarray | None:
        """(N,) float64 metres round each polygon, on the ellipsoid; not-a-number for parts. None without a CRS."""
        import shapely

        if self.ground is None or self.kind != "polygon":
            return None
        whole = np.array([shape is not None for shape in self.geometry], dtype=bool)
        start, stop, owner = _segments(shapely.boundary(self.geometry[whole]))
        found = np.full(self._count, np.nan)
        metres = self.ground.lengths(start, stop)
        found[whole] = np.bincount(owner, weights=metres, minlength=int(whole.sum()))
        return found

    def _chosen(self, runs: np.ndarray, owner: np.ndarray, wanted: np.ndarray) -> Self:
        centres = None if self.centres is None else self.centres[wanted]
        covered = Covered(self.runs.take(runs), owner, centres=centres)
        return self._made(covered, lambda: self.measures.take(wanted, runs), self.drawn.take(wanted))

    def _parts(self, runs: Runs, of_run: np.ndarray, owner: np.ndarray, source: np.ndarray) -> Self:
        pixels = np.bincount(owner, weights=runs.stop - runs.start, minlength=len(source))
        left = pixels / self.pixels[source]
        drawn = self.drawn.take(source).without(left < 1)
        share = (runs.stop - runs.start) / (self.runs.stop - self.runs.start)[of_run]
        covered = Covered(runs, owner, centres=None if self.centres is None else self.centres[source])
        return self._made(covered, lambda: self.measures.cut(source, left, of_run, share, owner), drawn)

    def _made(self, covered: Covered | Unseen, measures: Callable[[], Measures], drawn: Geometries) -> Self:
        return type(self)(self.kind, covered, measures, drawn, self.ground, self.notes)


def features_of(
    kind: str,
    geometry: np.ndarray | Geometries,
    shape: tuple[int, int],
    ground: Ellipsoid | None,
    notes: tuple[str, ...] = (),
) -> Features:
    """Return the features of a layer inside a scene.

    Args:
        kind: "polygon", "line" or "point"; multi-geometries of the kind are one feature each.
        geometry: N geometries of that kind in pixel coordinates, valid, inside the grid, not empty.
        shape: (height, width) of the grid.
        ground: how large things are on the ground; None where nobody knows.
        notes: sentences about what was left out or mended.

    Raises:
        UsageError: there is no such kind.

    >>> import shapely
    >>> row = features_of("polygon", np.array([shapely.box(x, 0, x + 2, 1) for x in (0, 2)]), (4, 4), None)
    >>> len(row), row.area_pixels.tolist(), row.bbox.tolist()
    (2, [2.0, 2.0], [[0, 0, 2, 1], [2, 0, 4, 1]])
    """
    if kind not in KINDS:
        raise UsageError(
            f"features are polygons, lines or points, not {kind!r}: give one of {', '.join(KINDS)}"
        )
    drawn = Geometries.of(geometry)
    nothing = np.full(len(drawn), np.nan)
    area_m2 = None if ground is None else nothing
    if kind == "point":
        found = point_pixels(drawn.geometry, shape)
        return Features(kind, found, Measures(nothing, area_m2), drawn, ground, notes)
    if kind == "line":
        start, stop, owner = _segments(drawn.geometry)
        metres = np.full(len(start), np.nan) if ground is None else ground.lengths(start, stop)
        found = line_pixels(start, stop, metres, owner, shape)
        length = np.bincount(owner, weights=metres, minlength=len(drawn))
        assert found.share is not None
        measures = Measures(nothing, area_m2, length, per_run={"length_m": found.share})
        return Features(kind, found, measures, drawn, ground, notes)

    def areas() -> Measures:
        return Measures(drawn.areas(), None if ground is None else ground.areas(drawn))

    return Features(kind, Unseen(shape), areas, drawn, ground, notes)


def together(layers: Sequence[Features]) -> Features:
    """Return the features of several layers of one kind as one layer.

    Raises:
        UsageError: there are no layers, or they are of different kinds or grids.

    >>> import shapely
    >>> one = features_of("point", np.array([shapely.Point(0.5, 0.5)]), (4, 4), None)
    >>> len(together([one, one]))
    2
    """
    first = layers[0] if layers else None
    if first is None or any((layer.kind, layer.shape) != (first.kind, first.shape) for layer in layers):
        raise UsageError("layers that are put together are of one kind and lie on one grid")
    if len(layers) == 1:
        return first
    start, stop = (
        np.concatenate([getattr(layer.runs, side) for layer in layers]) for side in ("start", "stop")
    )
    offset = np.cumsum([0, *(len(layer) for layer in layers[:-1])])
    owner = np.concatenate([layer.owner + np.int32(add) for layer, add in zip(layers, offset, strict=True)])
    order = np.argsort(start, kind="stable")
    measures = Measures.joined([layer.measures for layer in layers], order)
    known = [layer.centres for layer in layers if layer.centres is not None]
    centres = np.concatenate(known) if len(known) == len(layers) else None
    return Features(
        first.kind,
        Covered(Runs(first.shape, start[order], stop[order]), owner[order], centres=centres),
        measures,
        Geometries.joined([layer.drawn for layer in layers]),
        first.ground,
        tuple(dict.fromkeys(note for layer in layers for note in layer.notes)),
    )


def _centres(polygons: Features) -> np.ndarray:
    assert polygons.centres is not None  # polygons have them
    return polygons.centres


def _segments(lines: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the segments of lines and multi-lines: (S, 2) starts, (S, 2) ends, and (S,) the line of each."""
    import shapely

    parts, of = shapely.get_parts(lines, return_index=True)
    points, part = shapely.get_coordinates(parts, return_index=True)
    first = np.flatnonzero(part[1:] == part[:-1])
    return points[first], points[first + 1], of[part[first]]


def _rings(polygon: shapely.Geometry) -> Polygon:
    """The largest polygon's rings as lists, exteriors clockwise on the screen (y down), not closed."""
    import shapely

    largest = max(shapely.get_parts(polygon), key=lambda part: part.area)
    # Counterclockwise as numbers with y upwards is clockwise with y downwards.
    turned = shapely.geometry.polygon.orient(largest, 1.0)
    exterior, *holes = (_listed(ring) for ring in (turned.exterior, *turned.interiors))
    return exterior, holes


def _listed(ring: Any) -> Ring:
    import shapely

    return shapely.get_coordinates(ring)[:-1].tolist()


def _raised(ring: Ring, rows: int) -> Ring:
    return [[x, y - int(rows)] for x, y in ring]
