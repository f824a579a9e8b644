"""Geometries in degrees that run across ±180° or around a pole, as geometries of the plane."""

from __future__ import annotations

import numpy as np
import shapely
from shapely.affinity import translate
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from planimeter.raster.geometries import made_valid


def unrolled(shape: BaseGeometry, turn: float = 360.0) -> BaseGeometry:
    """A line or polygon whose longitudes run on across ±180° where they jumped there.

    An edge longer than half a turn is taken as the short way round. A ring that goes once around is closed over the
    nearer pole.

    Args:
        shape: (multi) line or polygon in longitudes and latitudes.
        turn: what a full turn is, in the units of the longitudes.

    Returns:
        The same shape where no edge is that long; else one of the same kind. Its middle lies within ±180°.

    Example:
        >>> unrolled(Polygon([(179, 0), (-179, 0), (-179, 1), (179, 1)])).bounds
        (179.0, 0.0, 181.0, 1.0)
    """
    if isinstance(shape, MultiPolygon | MultiLineString):
        parts = list(shape.geoms)
        better = [unrolled(part, turn) for part in parts]
        same = all(a is b for a, b in zip(parts, better, strict=True))
        return shape if same else shapely.union_all(better)
    if isinstance(shape, Polygon):
        rings = [np.asarray(ring.coords) for ring in (shape.exterior, *shape.interiors)]
        if not any(_leaps(ring, turn, closed=True) for ring in rings):
            return shape
        whole, *holes = (_disc(ring, turn) for ring in rings)
        for hole in holes:
            for shift in (-turn, 0.0, turn):
                whole = shapely.difference(whole, translate(hole, shift))
        return _centred(whole, turn)
    if isinstance(shape, LineString):
        points = np.asarray(shape.coords)
        if not _leaps(points, turn, closed=False):
            return shape
        return _centred(LineString(_run_on(points, turn)), turn)
    return shape


def _leaps(points: np.ndarray, turn: float, closed: bool) -> bool:
    """Whether an edge is longer than half a turn and does not mean what it says.

    An edge of exactly a full turn, as the outline of a map of the world has, means what it says as long as the ring is
    valid so: a ring that was broken at ±180° with both points written runs over itself there.
    """
    longest = np.abs(np.diff(points[:, 0])).max(initial=0.0)
    if longest <= turn / 2:
        return False
    lengths = np.abs(np.diff(points[:, 0]))
    exact = lengths >= turn * (1 - 1e-9)
    if not closed or ((lengths > turn / 2) & ~exact).any():
        return True
    return not Polygon(points).is_valid


def _run_on(points: np.ndarray, turn: float) -> np.ndarray:
    return np.stack([np.unwrap(points[:, 0], period=turn), points[:, 1]], axis=1)


def _disc(ring: np.ndarray, turn: float) -> BaseGeometry:
    """What a ring encloses, once its longitudes run on."""
    points = _run_on(ring, turn)
    around = points[-1, 0] - points[0, 0]
    if abs(around) > turn / 2:
        pole = turn / 4 if points[:, 1].mean() > 0 else -turn / 4
        points = np.concatenate([points, [[points[-1, 0], pole], [points[0, 0], pole]]])
    disc = Polygon(points)
    return disc if disc.is_valid else made_valid(disc)


def _centred(shape: BaseGeometry, turn: float) -> BaseGeometry:
    west, _, east, _ = shape.bounds
    by = -np.rint((west + east) / 2 / turn) * turn
    return translate(shape, by) if by else shape
