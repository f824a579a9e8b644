"""Geometries cut to a scene: to its surroundings before they are moved, at its border after."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyproj
import shapely

from planimeter.errors import LabelError
from planimeter.raster.geometries import Gathered, Geometries, chosen_of, made_valid
from planimeter.raster.georeference import horizontal
from planimeter.raster.placing import Placing, full_turn
from planimeter.raster.scene import Scene
from planimeter.raster.unrolled import unrolled
from planimeter.raster.vector_layer import Bounds
from planimeter.table import six_digits

#: What a cut leaves of a feature counts from this size on, in pixels (of length or area); less is rounding.
_LEAST = 1e-6


@dataclass(frozen=True)
class Placed:
    """Geometries in a scene.

    Attributes:
        drawn: M geometries in pixel coordinates, cut at the scene's border.
        at: (M,) int64, which of the geometries that were given each is; ascending.
        whole: (M,) bool, False where something was cut off.
        notes: sentences about what was mended or has no place.
    """

    drawn: Geometries
    at: np.ndarray
    whole: np.ndarray
    notes: tuple[str, ...]

    @property
    def pixels(self) -> np.ndarray:
        """``drawn`` as (M,) shapely geometries."""
        return self.drawn.geometry


def place(
    shapes: Sequence[Geometries] | Geometries | np.ndarray, kind: int, placing: Placing, name: str
) -> Placed:
    """Bring geometries of one kind onto a scene: cut to its surroundings, given vertices, moved, cut at its border.

    Args:
        shapes: N geometries in the layer's coordinates, all at once or some at a time.
        kind: 0 points, 1 lines, 2 polygons.
        placing: the way to the scene.
        name: how errors and notes show the layer.

    Raises:
        LabelError: coordinates that cannot be degrees in a layer of degrees.
    """
    parts = shapes if isinstance(shapes, Sequence) else (Geometries.of(shapes),)
    if placing.turn:
        for part in parts:
            _check_degrees(part.bounds, placing.turn, name)
    plain, moved, left = _plain(parts, placing) if kind == 2 else _nothing(parts)
    if not left.any():
        return Placed(moved, plain, np.ones(len(plain), bool), ())
    rest = np.flatnonzero(left)
    found = _place(chosen_of(parts, left).geometry, kind, placing, name)
    at = np.concatenate([plain, rest[found.at]])
    order = np.argsort(at)
    return Placed(
        Geometries.joined([moved, found.drawn]).take(order),
        at[order],
        np.concatenate([np.ones(len(plain), bool), found.whole])[order],
        found.notes,
    )


def _nothing(parts: Sequence[Geometries]) -> tuple[np.ndarray, Geometries, np.ndarray]:
    """None of the geometries is plain."""
    return np.zeros(0, np.int64), Geometries.of(np.zeros(0, object)), np.ones(sum(map(len, parts)), bool)


def _plain(parts: Sequence[Geometries], placing: Placing) -> tuple[np.ndarray, Geometries, np.ndarray]:
    """The polygons that only have to be moved: of one ring, valid, with short edges, and wholly in the scene.

    Returns:
        Which they are, ascending; what they are in pixels; and (N,) bool, what is left to be looked at one by one:
        neither they, nor what lies nowhere near the scene.
    """
    if placing.jumps or not placing.windows or not any(part.rings.any() for part in parts):
        return _nothing(parts)
    first, chosen, left = 0, [], []
    longest = [placing.longest_edge(window) for window in placing.windows]
    found = Gathered(sum(len(part.points) for part in parts))
    for piece in (piece for part in parts for piece in part.pieces()):
        at, moved, rest = _plain_piece(piece, placing, longest)
        found.add(moved)
        chosen.append(at + first)
        left.append(rest)
        first += len(piece)
    return np.concatenate(chosen), found.all(), np.concatenate(left)


def _plain_piece(
    drawn: Geometries, placing: Placing, longest: list[float]
) -> tuple[np.ndarray, Geometries, np.ndarray]:
    """The same of some of them; ``longest``: how long an edge may be in each window."""
    ring, bounds = drawn.rings, drawn.bounds
    west, south, east, north = bounds.T
    extent = np.hypot(east - west, north - south)
    near, window_of = np.zeros(len(drawn), np.int64), np.full(len(drawn), -1)
    for number, window in enumerate(placing.windows):
        box = window.own
        near += touch(bounds, box)
        inside = (west >= box[0]) & (east <= box[2]) & (south >= box[1]) & (north <= box[3])
        window_of[inside & (extent <= longest[number])] = number
    wide = east - west > placing.turn / 2 if placing.turn else np.zeros(len(drawn), bool)
    chosen = np.flatnonzero(ring & (near == 1) & (window_of >= 0) & ~wide)
    left = ~ring | wide | (near > 0)
    some = drawn.take(chosen) if len(chosen) < len(drawn) else drawn
    turns = np.array([window.turn for window in placing.windows])
    points = some.points
    if turns.any():
        points = points.copy()
        points[:, 0] += np.repeat(turns[window_of[chosen]], some.lengths)
    moved = Geometries(placing.pixels(points), some.starts)
    x0, y0, x1, y1 = moved.bounds.T
    with np.errstate(invalid="ignore"):
        good = (x0 >= 0) & (y0 >= 0) & (x1 <= placing.scene.width) & (y1 <= placing.scene.height)
    good &= some.valid_rings()
    if not placing.same or not good.all():
        good &= moved.valid_rings()
    if not good.all():
        chosen, moved = chosen[good], moved.take(good)
    left[chosen] = False
    return chosen, moved, left


def _place(shapes: np.ndarray, kind: int, placing: Placing, name: str) -> Placed:
    """The same of (N,) shapely geometries, whatever they are."""
    crossing = np.zeros(len(shapes), bool)
    if placing.turn:
        crossing = _unroll(shapes, placing.turn)
    near = _near(shapes, placing)
    mended = near & (kind == 2)
    mended[mended] = ~shapely.is_valid(shapes[mended])
    shapes[mended] = made_valid(shapes[mended])
    flat = int(shapely.is_empty(shapes[mended]).sum())
    if placing.jumps and not placing.turn:
        placing, shapes = _through_degrees(shapes, near, placing)
        near = _near(shapes, placing)
    pixels, at, share, lost = _moved(shapes, np.flatnonzero(near), kind, placing)
    pixels, at, share = _cut_at_border(pixels, at, share, kind, placing.scene)
    pixels, at, whole = _one_each(pixels, at, share, kind)
    notes = []
    if (count := int(crossing[at].sum())) > 0:
        notes.append(
            f"{features(count)} of {name} {'has edges' if count == 1 else 'have edges'} longer than 180 degrees, "
            "which were taken as crossing the 180th meridian."
        )
    if (count := int(mended[at].sum())) > 0:
        notes.append(
            f"{features(count)} of {name} crossed {'itself' if count == 1 else 'themselves'}; mended."
        )
    if flat:
        notes.append(
            f"{features(flat)} of {name} {was(flat)} left out, because the outline encloses nothing."
        )
    if lost:
        notes.append(
            f"{features(lost)} of {name} {was(lost)} left out: part of the outline has no place in the "
            "scene's projection."
        )
    return Placed(Geometries.of(pixels), at, whole, tuple(notes))


def _check_degrees(bounds: np.ndarray, turn: float, name: str) -> None:
    """Refuse coordinates that cannot be degrees.

    Raises:
        LabelError: they are not.
    """
    with np.errstate(invalid="ignore"):
        odd = np.abs(bounds[:, [1, 3]]).max(initial=0.0, where=np.isfinite(bounds[:, [1, 3]])) > turn / 4 * (
            1 + 1e-6
        )
        far = np.abs(bounds[:, [0, 2]]).max(initial=0.0, where=np.isfinite(bounds[:, [0, 2]])) > 2 * turn
    if odd or far:
        raise LabelError(
            f"{name} says that its coordinates are degrees, which they cannot be (they reach from "
            f"{six_digits(np.nanmin(bounds[:, :2]))} to {six_digits(np.nanmax(bounds[:, 2:]))}); give it its true CRS, "
            "behind its path as |crs=EPSG:… where the file says none, or in the file with ogr2ogr -a_srs."
        )


def _unroll(shapes: np.ndarray, turn: float) -> np.ndarray:
    """Make geometries across ±180° run on, in place; which of them did."""
    bounds = shapely.bounds(shapes).reshape(-1, 4)
    changed = np.zeros(len(shapes), bool)
    for at in np.flatnonzero(bounds[:, 2] - bounds[:, 0] > turn / 2):
        better = unrolled(shapes[at], turn)
        changed[at] = better is not shapes[at]
        shapes[at] = better
    return changed


def _near(shapes: np.ndarray, placing: Placing) -> np.ndarray:
    near = np.zeros(len(shapes), bool)
    for window in placing.windows:
        near |= touch(shapely.bounds(shapes).reshape(-1, 4), window.own)
    return near


def touch(bounds: np.ndarray, box: Bounds) -> np.ndarray:
    west, south, east, north = bounds.T
    return (west <= box[2]) & (east >= box[0]) & (south <= box[3]) & (north >= box[1])


def _moved(
    shapes: np.ndarray, near: np.ndarray, kind: int, placing: Placing
) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Pieces of geometries in the scene's surroundings, moved; which they are of, what part of it, how many lost."""
    pieces, numbers, shares = [np.zeros(0, object)], [np.zeros(0, np.int64)], [np.zeros(0)]
    lost = 0
    bounds = shapely.bounds(shapes[near]).reshape(-1, 4)
    for window in placing.windows:
        box = window.own
        here = near[touch(bounds, box)]
        part = shapes[here]
        west, south, east, north = shapely.bounds(part).reshape(-1, 4).T
        inside = (west >= box[0]) & (east <= box[2]) & (south >= box[1]) & (north <= box[3])
        size = _size(part[~inside], kind)
        part[~inside] = shapely.intersection(part[~inside], shapely.box(*box))
        share = np.ones(len(part))
        share[~inside] = _size(part[~inside], kind) / np.where(size > 0, size, 1)
        longest = placing.longest_edge(window)
        if math.isfinite(longest):
            long = np.hypot(east - west, north - south) > longest
            part[long] = shapely.segmentize(part[long], longest)

        def to_pixels(points: np.ndarray, by: float = window.turn) -> np.ndarray:
            return placing.pixels(points + np.array([by, 0.0]))

        part = shapely.transform(part, to_pixels)
        filled = ~shapely.is_empty(part)
        placed = filled & np.isfinite(shapely.bounds(part)).all(axis=1)
        lost += int((filled & ~placed).sum())
        pieces.append(part[placed])
        numbers.append(here[placed])
        shares.append(share[placed])
    return np.concatenate(pieces), np.concatenate(numbers), np.concatenate(shares), lost


def _through_degrees(shapes: np.ndarray, near: np.ndarray, placing: Placing) -> tuple[Placing, np.ndarray]:
    """Geometries in degrees of their own datum, where a projection is cut open across the scene."""
    degrees = horizontal(placing.source).geodetic_crs
    assert degrees is not None  # what is projected is projected from degrees
    change = pyproj.Transformer.from_crs(placing.source, degrees, always_xy=True)
    turn = full_turn(degrees)

    def moved(points: np.ndarray) -> np.ndarray:
        return np.stack(change.transform(points[:, 0], points[:, 1]), axis=1)

    found = np.full(len(shapes), shapely.Point(), object)
    for at in np.flatnonzero(near):
        pieces = []
        for window in placing.windows:
            piece = shapely.intersection(shapes[at], shapely.box(*window.own))
            # No sample tells how a line bends at the cut itself, so the vertices are many.
            size = math.hypot(window.box[2] - window.box[0], window.box[3] - window.box[1])
            longest = min(placing.longest_edge(window), size / 512)
            piece = shapely.transform(shapely.segmentize(piece, longest), moved)
            if not piece.is_empty and np.isfinite(piece.bounds).all():
                pieces.append(unrolled(piece, turn))
        found[at] = shapely.union_all(pieces)
    return Placing(degrees, placing.scene), found


def _size(shapes: np.ndarray, kind: int) -> np.ndarray:
    return (shapely.get_num_coordinates, shapely.length, shapely.area)[kind](shapes).astype(float)


def _cut_at_border(
    pixels: np.ndarray, at: np.ndarray, share: np.ndarray, kind: int, scene: Scene
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    west, north, east, south = shapely.bounds(pixels).reshape(-1, 4).T
    if kind == 0:
        # A point on the border between two scenes lies in one of them.
        inside = (west >= 0) & (east < scene.width) & (north >= 0) & (south < scene.height)
    else:
        inside = (west >= 0) & (east <= scene.width) & (north >= 0) & (south <= scene.height)
    cut = ~inside & (west < scene.width) & (east > 0) & (north < scene.height) & (south > 0)
    if kind == 0:
        cut &= shapely.get_num_geometries(pixels) > 1
        border = shapely.box(0, 0, np.nextafter(scene.width, 0), np.nextafter(scene.height, 0))
    else:
        border = shapely.box(0, 0, scene.width, scene.height)
    pixels = pixels.copy()
    valid = shapely.is_valid(pixels[cut]) if kind == 2 else np.ones(int(cut.sum()), bool)
    crossing = pixels[cut]
    if not valid.all():
        crossing[~valid] = made_valid(crossing[~valid])
    pixels[cut] = shapely.intersection(crossing, border)
    kept = (inside | cut) & ~shapely.is_empty(pixels)
    kept &= inside | (_size(pixels, kind) > _LEAST)
    return pixels[kept], at[kept], np.where(inside, share, 0)[kept]


def _one_each(
    pixels: np.ndarray, at: np.ndarray, share: np.ndarray, kind: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One geometry for each feature, of its own kind alone, in the order of the layer; and whether it is all there."""
    order = np.argsort(at, kind="stable")
    pixels, at, share = pixels[order], at[order], share[order]
    if len(at) == 0 or (np.diff(at) > 0).all():
        numbers, first, counts = at, np.arange(len(at)), np.ones(len(at), np.int64)
    else:
        numbers, first, counts = np.unique(at, return_index=True, return_counts=True)
    result = pixels[first]
    for place in np.flatnonzero(counts > 1):
        parts = pixels[first[place] : first[place] + counts[place]]
        result[place] = shapely.union_all(parts, grid_size=None if kind == 0 else _LEAST)
    mixed = np.flatnonzero(shapely.get_type_id(result) == 7)
    result[mixed] = [of_kind(shape, kind) for shape in result[mixed]]
    if kind == 2:
        bad = ~shapely.is_valid(result)
        result[bad] = made_valid(result[bad])
    whole = np.add.reduceat(share, first) > 1 - 1e-9 if len(first) else np.zeros(0, bool)
    return result, numbers, whole


def of_kind(shape: shapely.Geometry, kind: int) -> shapely.Geometry:
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[shapely.get_dimensions(parts) == kind])


def features(count: int) -> str:
    return f"{count:,} feature{'' if count == 1 else 's'}"


def was(count: int) -> str:
    return "was" if count == 1 else "were"
