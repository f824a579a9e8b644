"""From a layer's coordinates to a scene's pixels, without surprises.

Three things go wrong when whole geometries are sent through a projection: a vertex far from the scene has no place in
the scene's projection, or a wrong one; a long straight edge becomes a curve of which only the ends are moved; and
longitudes jump at ±180°. So geometries are first cut to the scene's surroundings in their own coordinates, then given
enough vertices, and only then moved.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyproj
from affine import Affine

from planimeter.raster.georeference import horizontal
from planimeter.raster.scene import Scene
from planimeter.raster.vector_layer import Bounds

#: No edge strays farther than this from its true place, in pixels.
TOLERANCE = 0.01
_SAMPLES = 41
#: The scene is looked at with a rim of this part of its size, so that its surroundings are known as well.
_RIM = 0.1


@dataclass(frozen=True)
class LayerWindow:
    """A part of a layer's coordinates that holds (part of) the scene.

    Attributes:
        box: x0, y0, x1, y1 in the layer's coordinates, longitudes counted as the scene counts them.
        turn: what is added to the layer's own x to come there: a multiple of 360 degrees.
    """

    box: Bounds
    turn: float = 0.0

    @property
    def own(self) -> Bounds:
        """The window in coordinates as the layer writes them."""
        x0, y0, x1, y1 = self.box
        return x0 - self.turn, y0, x1 - self.turn, y1


class Placing:
    """The way from a layer's coordinates to the pixels of one scene.

    Args:
        crs: the layer's coordinate reference system.
        scene: a scene with a georeference.

    Raises:
        pyproj.exceptions.ProjError: there is no way from one to the other.
    """

    def __init__(self, crs: pyproj.CRS, scene: Scene) -> None:
        assert scene.crs is not None
        assert scene.transform is not None
        target = pyproj.CRS.from_wkt(scene.crs.to_wkt(version="WKT2_2019"))
        self.scene = scene
        self.source = crs
        self.turn = full_turn(crs)
        self.same = crs.equals(target, ignore_axis_order=True)
        if not self.same:
            self._forth = pyproj.Transformer.from_crs(crs, target, always_xy=True)
            self._back = pyproj.Transformer.from_crs(target, crs, always_xy=True)
        self._scene_turn = full_turn(target)
        self._transform: Affine = scene.transform
        self._inverse = ~self._transform
        self._middle = (self._transform * (scene.width / 2, scene.height / 2))[0]

    @cached_property
    def windows(self) -> tuple[LayerWindow, ...]:
        """The parts of the layer's coordinates in which the scene lies, with a rim around it; none if it has none."""
        turn = self.turn
        if not turn:
            return tuple(map(LayerWindow, self._boxes()))
        # Layers write longitudes from -180 to 180 or from 0 to 360, and some run on beyond.
        return tuple(
            LayerWindow(box, k * turn)
            for box in self._boxes()
            for k in range(-3, 4)
            if box[0] - k * turn <= 1.5 * turn and box[2] - k * turn >= -1.5 * turn
        )

    @cached_property
    def jumps(self) -> bool:
        """Whether neighbours in the layer's coordinates may lie far from each other in the scene's projection.

        It is so where a projection is cut open along a meridian that the layer's own coordinates know nothing of.
        """
        limit = 0.4 * max(self.scene.width, self.scene.height)
        for window in self.windows:
            grid = self._samples(window.box)
            for axis in (0, 1):
                with np.errstate(invalid="ignore"):
                    gaps = np.hypot(*np.moveaxis(np.diff(grid, axis=axis), 2, 0))
                if (gaps[np.isfinite(gaps)] > limit).any():
                    return True
        return False

    def pixels(self, points: np.ndarray) -> np.ndarray:
        """Move points.

        Args:
            points: (N, 2) coordinates of the layer, longitudes counted as the scene counts them.

        Returns:
            (N, 2) pixel coordinates, not finite where a point has no place in the scene's projection.
        """
        a, b, c, d, e, f = self._inverse[:6]
        if self.same and b == d == 0:
            moved = np.empty_like(points)
            for k, (times, add) in enumerate(((a, c), (e, f))):
                np.multiply(points[:, k], times, out=moved[:, k])
                moved[:, k] += add
            return moved
        x, y = points[:, 0], points[:, 1]
        if not self.same:
            moved_x, moved_y = self._forth.transform(x, y)
            if self._scene_turn:
                # PROJ gives longitudes from -180 to 180, and the scene may count on.
                near = x * (self._scene_turn / self.turn) if self.turn else self._middle
                moved_x = moved_x + _whole_turns(near - moved_x, self._scene_turn)
            x, y = moved_x, moved_y
        with np.errstate(invalid="ignore"):
            return np.stack([a * x + b * y + c, d * x + e * y + f], axis=1)

    def longest_edge(self, window: LayerWindow) -> float:
        """How long a straight edge may be, in the layer's units, before it strays by ``TOLERANCE``."""
        if self.same:
            return math.inf
        x0, y0, x1, y1 = window.box
        grid = self._samples(window.box)
        size = np.array([self.scene.width, self.scene.height])
        with np.errstate(invalid="ignore"):
            near = np.asarray(((grid > -0.5 * size) & (grid < 1.5 * size)).all(axis=2))
        return longest_chord(grid, near, (x1 - x0) / (_SAMPLES - 1), (y1 - y0) / (_SAMPLES - 1))

    def _samples(self, box: Bounds) -> np.ndarray:
        """(n, n, 2) pixel coordinates of a grid over a box."""
        return self._grid(np.linspace(box[0], box[2], _SAMPLES), np.linspace(box[1], box[3], _SAMPLES))

    def _grid(self, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
        x, y = np.meshgrid(xs, ys)
        return self.pixels(np.stack([x.ravel(), y.ravel()], axis=1)).reshape(*x.shape, 2)

    def _boxes(self) -> list[Bounds]:
        """The scene's bounds in the layer's coordinates: one box, or two where they are torn apart."""
        steps = np.linspace(-_RIM, 1 + _RIM, _SAMPLES)
        columns, rows = np.meshgrid(steps * self.scene.width, steps * self.scene.height)
        a, b, c, d, e, f = self._transform[:6]
        x, y = a * columns + b * rows + c, d * columns + e * rows + f
        if not self.same:
            east = x
            x, y = self._back.transform(x, y)
            if self.turn and self._scene_turn:
                x = x + _whole_turns(east * (self.turn / self._scene_turn) - x, self.turn)
        placed = np.isfinite(x) & np.isfinite(y)
        if not placed.any():
            return []
        # Between two samples the outline may bulge by less than the step from one to the next.
        x, y = np.where(placed, x, np.nan), np.where(placed, y, np.nan)
        rim = _step(y)
        south, north = float(np.nanmin(y)) - rim, float(np.nanmax(y)) + rim
        if not self.turn:
            return [(west, south, east, north) for west, east in _torn(x)]
        quarter = self.turn / 4
        south, north = max(south, -quarter), min(north, quarter)
        if self._scene_turn:
            return [(float(np.nanmin(x)) - _step(x), south, float(np.nanmax(x)) + _step(x), north)]
        holds = {side: self._holds(side * quarter) for side in (-1, 1)}
        south, north = (-quarter if holds[-1] else south), (quarter if holds[1] else north)
        west, east = _arc(x[placed], self.turn)
        if any(holds.values()) or east - west > 0.9 * self.turn:
            west, east = -self.turn / 2, self.turn / 2
        return self._cut_open((west, south, east, north))

    def _holds(self, pole: float) -> bool:
        """Whether a pole lies in the scene or its rim."""
        column, row = self.pixels(np.array([[0.0, pole]]))[0]
        return bool(
            -_RIM <= column / self.scene.width <= 1 + _RIM and -_RIM <= row / self.scene.height <= 1 + _RIM
        )

    def _cut_open(self, box: Bounds) -> list[Bounds]:
        """A box in degrees in two where the scene's projection is cut open along a meridian inside it."""
        x0, y0, x1, y1 = box
        parallels = np.linspace(y0, y1, 9)[1:-1]
        limit = 0.4 * max(self.scene.width, self.scene.height)

        def torn(meridians: np.ndarray) -> np.ndarray:
            grid = self._grid(meridians, parallels)
            with np.errstate(invalid="ignore"):
                gaps = np.hypot(*np.moveaxis(np.diff(grid, axis=1), 2, 0))
            return np.where(np.isfinite(gaps), gaps, 0).max(axis=0) > limit

        meridians = np.linspace(x0, x1, 20 * _SAMPLES)
        found = np.flatnonzero(torn(meridians))
        if len(found) != 1:
            return [box]
        low, high = meridians[found[0]], meridians[found[0] + 1]
        while high - low > 1e-11 * self.turn:
            middle = (low + high) / 2
            low, high = (low, middle) if torn(np.array([low, middle]))[0] else (middle, high)
        return [(x0, y0, float(low), y1), (float(high), y0, x1, y1)]


def longest_chord(grid: np.ndarray, near: np.ndarray, dx: float, dy: float, globe: bool = False) -> float:
    """How long a straight line may be before its image strays from a straight line by ``TOLERANCE``.

    Args:
        grid: (n, m, k) images of a regular grid, in pixels; the last axis holds their coordinates.
        near: (n, m) bool, where it matters.
        dx: distance of neighbours in a row, in the unit of the result.
        dy: distance of neighbours in a column.
        globe: whether the images lie on a globe about the origin, on which lines are great circles.

    Returns:
        A length; infinite where straight lines stay straight.
    """
    allowed = math.inf
    slant = math.hypot(dx, dy)
    for down, right, length in ((0, 1, dx), (1, 0, dy), (1, 1, slant), (1, -1, slant)):
        first, middle, last = (_inner(grid, k * down, k * right) for k in (-1, 0, 1))
        with np.errstate(invalid="ignore"):
            half = (first + last) / 2
            if globe:
                half *= np.linalg.norm(middle, axis=2, keepdims=True) / np.linalg.norm(
                    half, axis=2, keepdims=True
                )
            bent = np.linalg.norm(middle - half, axis=2)
        worst = float(bent[_inner(near, 0, 0) & np.isfinite(bent)].max(initial=0.0))
        if worst > 1e-7:  # less is rounding
            # A chord over two steps strays by `worst`; how far it strays grows with the square of its length.
            allowed = min(allowed, 2 * length * math.sqrt(TOLERANCE / worst))
    return 0.7 * allowed


def full_turn(crs: pyproj.CRS) -> float:
    """Units of a full turn where a CRS has longitudes (360 for degrees), 0 for any other.

    Example:
        >>> full_turn(pyproj.CRS.from_epsg(4326)), full_turn(pyproj.CRS.from_epsg(32633))
        (360.0, 0.0)
    """
    system = horizontal(crs)
    if not system.is_geographic:
        return 0.0
    return round(2 * math.pi / float(system.axis_info[0].unit_conversion_factor), 6)


def _inner(grid: np.ndarray, down: int, right: int) -> np.ndarray:
    height, width = grid.shape[:2]
    return grid[1 + down : height - 1 + down, 1 + right : width - 1 + right]


def _whole_turns(distance: np.ndarray, turn: float) -> np.ndarray:
    turns = np.rint(distance / turn)
    return np.where(np.isfinite(turns), turns, 0.0) * turn


def _step(values: np.ndarray) -> float:
    """The longest step between neighbours of a grid of samples, those across a jump left out."""
    steps = np.concatenate([np.abs(np.diff(values, axis=axis)).ravel() for axis in (0, 1)])
    steps = steps[np.isfinite(steps)]
    return float(steps[steps < 0.4 * np.nanmax(np.ptp(values[np.isfinite(values)]))].max(initial=0.0))


def _torn(x: np.ndarray) -> list[tuple[float, float]]:
    """The range of samples, or two where they lie on the two edges of a projection."""
    values = np.unique(x[np.isfinite(x)])
    gaps = np.diff(values)
    rim = _step(x)
    if len(gaps) and gaps.max() > 0.5 * (values[-1] - values[0]):
        at = int(gaps.argmax())
        return [
            (float(values[0]) - rim, float(values[at]) + rim),
            (float(values[at + 1]) - rim, float(values[-1]) + rim),
        ]
    return [(float(values[0]) - rim, float(values[-1]) + rim)]


def _arc(longitudes: np.ndarray, turn: float) -> tuple[float, float]:
    """The shortest arc that holds some longitudes, with a rim as wide as the widest step inside it."""
    values = np.unique(np.mod(longitudes, turn))
    gaps = np.diff(np.append(values, values[0] + turn))
    at = int(gaps.argmax())
    start = float(values[(at + 1) % len(values)])
    rim = float(np.delete(gaps, at).max(initial=0.0))
    start = start - turn if start > turn / 2 else start
    return start - rim, start + turn - float(gaps[at]) + rim
