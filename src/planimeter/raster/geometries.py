"""Geometries as columns: polygons of one ring by their coordinates alone, whatever else as shapely objects.

Most footprints are polygons of one ring. An object for each of a million costs more than measuring it, so that they
stay what their file holds, coordinates one after the other, until somebody asks for `Geometries.geometry`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np

_AT_ONCE = 1 << 14  # geometries that are measured together
_STRAIGHT = (
    1e-6  # of two sides' product: a corner that turns by less is left to GEOS, whose arithmetic is exact
)


def made_valid(geometry: Any) -> Any:
    """Polygons that are valid, by the one rule for all: what a ring goes round is inside, however often it does.

    By shapely's default, what a ring goes round twice would be outside, so that the two ways differ in area.

    Args:
        geometry: one, or an array of them.

    Example:
        >>> import shapely
        >>> ring = shapely.Polygon([(0, 0), (2, 0), (2, 2), (1, 2), (1, 1), (3, 1), (3, 3), (0, 3)])
        >>> made_valid(ring).area
        8.0
    """
    import shapely

    return shapely.make_valid(geometry, method="structure", keep_collapsed=False)


class Geometries:
    """N geometries of any kind, in order.

    Args:
        points: (V, 2) coordinates of all rings; each ring ends with its first point.
        starts: (N + 1,) int64 where the ring of each geometry begins; of one that is no ring nothing lies between.
        others: (N,) object, the shapely geometry of what is no ring (None: unknown); None where all are rings.

    Example:
        >>> import shapely
        >>> some = Geometries.of(np.array([shapely.box(0, 0, 2, 3)]))
        >>> some.bounds.tolist(), some.areas().tolist()
        ([[0.0, 0.0, 2.0, 3.0]], [6.0])
    """

    def __init__(self, points: np.ndarray, starts: np.ndarray, others: np.ndarray | None = None) -> None:
        self.points = points
        self.starts = starts
        self.others = others

    @classmethod
    def of(cls, geometry: np.ndarray | Geometries) -> Geometries:
        """The same of (N,) shapely geometries, which stay what they are; None is unknown."""
        if isinstance(geometry, Geometries):
            return geometry
        return cls(np.zeros((0, 2)), np.zeros(len(geometry) + 1, dtype=np.int64), geometry)

    @classmethod
    def joined(cls, parts: Sequence[Geometries]) -> Geometries:
        """Several, one after the other."""
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return cls.of(np.zeros(0, dtype=object))
        ends = np.cumsum([0, *(len(part.points) for part in parts)])
        starts = [part.starts[:-1] + end for part, end in zip(parts, ends, strict=False)]
        others = None
        if any(part.others is not None for part in parts):
            others = np.concatenate(
                [np.full(len(part), None) if part.others is None else part.others for part in parts]
            )
        found = cls(
            np.concatenate([part.points for part in parts]), np.concatenate([*starts, ends[-1:]]), others
        )
        if all("bounds" in part.__dict__ for part in parts):
            found.bounds = np.concatenate([part.bounds for part in parts])
        return found

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def lengths(self) -> np.ndarray:
        """(N,) int64 points of each ring; 0 for what is none."""
        return np.diff(self.starts)

    @cached_property
    def _side(self) -> int:
        """How many points every one of them has; 0 where they have not all as many."""
        same = len(self) > 0 and self.lengths[0] > 0 and bool((self.lengths == self.lengths[0]).all())
        return int(self.lengths[0]) if same else 0

    @property
    def rings(self) -> np.ndarray:
        """(N,) bool: which are rings."""
        return self.lengths > 0

    @property
    def known(self) -> np.ndarray:
        """(N,) bool: which are known at all."""
        if self.others is None:
            return self.rings
        return self.rings | (self.others != np.array(None))

    @property
    def nbytes(self) -> int:
        """Bytes that they take, about, once their shapely objects are made."""
        import shapely

        vertices = len(self.points)
        if self.others is not None:
            vertices += int(shapely.get_num_coordinates(self.others).sum())
        return 32 * vertices + 270 * len(self)

    def pieces(self) -> Iterator[Geometries]:
        """They in order, some at a time: what a processor's cache holds is measured several times as fast."""
        for begin in range(0, max(len(self), 1), _AT_ONCE):
            starts = self.starts[begin : begin + _AT_ONCE + 1]
            others = None if self.others is None else self.others[begin : begin + _AT_ONCE]
            yield Geometries(self.points[starts[0] : starts[-1]], starts - starts[0], others)

    def take(self, chosen: np.ndarray) -> Geometries:
        """Those that (M,) positions name, or an (N,) bool mask keeps, in that order."""
        at = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        others = None if self.others is None else self.others[at]
        if self._side:
            points = self.points.reshape(len(self), self._side, 2)[at].reshape(-1, 2)
            return Geometries(points, np.arange(len(at) + 1) * self._side, others)
        lengths = self.lengths[at]
        starts = np.append(0, np.cumsum(lengths))
        index = np.repeat(self.starts[:-1][at] - starts[:-1], lengths) + np.arange(starts[-1])
        return Geometries(self.points[index], starts, others)

    def without(self, gone: np.ndarray) -> Geometries:
        """As many, those of an (N,) bool mask unknown."""
        if not gone.any():
            return self
        lengths = np.where(gone, 0, self.lengths)
        others = np.full(len(self), None) if self.others is None else self.others.copy()
        others[gone] = None
        return Geometries(
            self.points[np.repeat(~gone, self.lengths)], np.append(0, np.cumsum(lengths)), others
        )

    @cached_property
    def geometry(self) -> np.ndarray:
        """(N,) shapely geometries; None for what is unknown."""
        import shapely

        found = np.full(len(self), None) if self.others is None else self.others.copy()
        rings = self.rings
        if rings.any():
            ends = np.append(0, np.cumsum(self.lengths[rings]))
            each = np.arange(len(ends))
            found[rings] = shapely.from_ragged_array(shapely.GeometryType.POLYGON, self.points, (ends, each))
        return found

    @cached_property
    def bounds(self) -> np.ndarray:
        """(N, 4) x0, y0, x1, y1; not-a-number for what is empty."""
        import shapely

        found = np.full((len(self), 4), np.nan)
        if self._side and len(self) > _AT_ONCE:
            return np.concatenate([piece.bounds for piece in self.pieces()])
        if self._side:
            for axis in (0, 1):
                corner = self.points[:, axis].reshape(len(self), self._side)
                low, high = corner[:, 0].copy(), corner[:, 0].copy()
                for k in range(1, self._side - 1):
                    np.minimum(low, corner[:, k], out=low)
                    np.maximum(high, corner[:, k], out=high)
                found[:, axis], found[:, axis + 2] = low, high
            return found
        rings = self.rings
        if rings.any():
            first = self.starts[:-1][rings]
            found[rings, :2] = np.minimum.reduceat(self.points, first, axis=0)
            found[rings, 2:] = np.maximum.reduceat(self.points, first, axis=0)
        if self.others is not None:
            found[~rings] = shapely.bounds(self.others[~rings]).reshape(-1, 4)
        return found

    def total_bounds(self) -> np.ndarray:
        """(4,) x0, y0, x1, y1 of all together; not-a-number where there is nothing."""
        bounds = self.bounds[~np.isnan(self.bounds[:, 0])]
        if not len(bounds):
            return np.full(4, np.nan)
        return np.concatenate([bounds[:, :2].min(axis=0), bounds[:, 2:].max(axis=0)])

    def areas(self) -> np.ndarray:
        """(N,) areas of polygons, as `shapely.area` has them to the last bit; not-a-number for what is unknown."""
        import shapely

        rings = self.rings
        found = np.zeros(len(self))
        if rings.any():
            # The sum that GEOS adds up, in its order, from the first point of each ring.
            x, y = self.points.T
            width = x - np.repeat(x[self.starts[:-1][rings]], self.lengths[rings])
            term = np.zeros(len(x))
            term[1:-1] = width[1:-1] * (y[2:] - y[:-2])
            term[self.starts[:-1][rings]] = 0
            term[self.starts[1:][rings] - 1] = 0
            owner = np.repeat(np.arange(len(self)), self.lengths)
            found = np.abs(np.bincount(owner, weights=term, minlength=len(self)) / 2)
        if self.others is not None:
            found[~rings] = shapely.area(self.others[~rings])
        return found

    def valid_rings(self) -> np.ndarray:
        """(N,) bool: which are rings that do not cross or touch themselves, as `shapely.is_valid` says."""
        import shapely

        valid = self._convex()
        left = np.flatnonzero(self.rings & ~valid)
        if len(left):
            valid[left] = shapely.is_valid(self.take(left).geometry)
        return valid

    def _convex(self) -> np.ndarray:
        """(N,) bool: rings of four corners that turn one way throughout."""
        found = np.zeros(len(self), dtype=bool)
        at = np.flatnonzero(self.lengths == 5)
        if not len(at):
            return found
        corner = self.points if self._side else self.take(at).points
        step = np.diff(corner.reshape(-1, 5, 2), axis=1)
        x, y = np.ascontiguousarray(step[..., 0].T), np.ascontiguousarray(step[..., 1].T)
        size = np.abs(x) + np.abs(y)
        left, right = np.ones(len(at), dtype=bool), np.ones(len(at), dtype=bool)
        for k in range(4):
            after = (k + 1) % 4
            across = x[k] * y[after] - y[k] * x[after]
            slack = _STRAIGHT * size[k] * size[after]
            left &= across > slack
            right &= across < -slack
        found[at] = left | right
        return found

    def dimensions(self) -> np.ndarray:
        """(N,) int: 0 points, 1 lines, 2 polygons; -1 for what is empty."""
        import shapely

        found = np.full(len(self), 2)
        if self.others is not None:
            rest = self.others[~self.rings]
            found[~self.rings] = np.where(shapely.is_empty(rest), -1, shapely.get_dimensions(rest))
        return found

    def ragged(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """All rings, of polygons with holes and of several parts as well.

        Returns:
            (V, 2) points, (R + 1,) where each ring begins, and (V,) int64 the geometry of each point, ascending only
            among the polygons of one ring, and among the others.
        """
        import shapely

        points, starts = self.points, np.append(0, np.cumsum(self.lengths[self.rings]))
        owner = np.repeat(np.arange(len(self)), self.lengths)
        if self.others is None or self.rings.all():
            return points, starts, owner
        at = np.flatnonzero(~self.rings)
        _, more, offsets = shapely.to_ragged_array(self.others[at])
        ends = offsets[0]
        for level in offsets[1:]:
            ends = ends[level]
        return (
            np.concatenate([points, more]),
            np.concatenate([starts, offsets[0][1:] + starts[-1]]),
            np.concatenate([owner, np.repeat(at, np.diff(ends))]),
        )


class Gathered:
    """Rings that come some at a time, with their boxes, written down one after the other as they come.

    Args:
        most: of points; how many come is not known before.
    """

    def __init__(self, most: int) -> None:
        self._points = np.empty((most, 2))
        self._used = 0
        self._lengths: list[np.ndarray] = []
        self._bounds: list[np.ndarray] = []

    def add(self, some: Geometries) -> None:
        """The next ones, all of them rings."""
        end = self._used + len(some.points)
        self._points[self._used : end] = some.points
        self._used = end
        self._lengths.append(some.lengths)
        self._bounds.append(some.bounds)

    def all(self) -> Geometries:
        """All that came, in their order."""
        starts = np.append(0, np.cumsum(np.concatenate([np.zeros(0, np.int64), *self._lengths])))
        found = Geometries(self._points[: self._used], starts)
        found.bounds = np.concatenate([np.zeros((0, 4)), *self._bounds])
        return found


def chosen_of(parts: Sequence[Geometries], chosen: np.ndarray) -> Geometries:
    """Of geometries that come in parts those that an (N,) bool mask keeps, in their order."""
    edges = np.cumsum([0, *map(len, parts)])
    flags = (chosen[a:b] for a, b in pairwise(edges))
    return Geometries.joined([part.take(some) for part, some in zip(parts, flags, strict=True) if some.any()])
