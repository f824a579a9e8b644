"""Which pixel of a label raster lies under the centre of each pixel of a scene, exactly."""

from __future__ import annotations

import numpy as np
import pyproj
import pyproj.exceptions
from affine import Affine

from planimeter.raster.placing import full_turn
from planimeter.raster.scene import Scene

#: Pixels between the points that go through the projection. They lie at the same places of the scene whichever part
#: of it is asked for, and whatever they leave in doubt goes through the projection as well.
_STEP = 16
#: How much of a pixel rounding may be.
_ROUNDING = 1e-6


class Nearest:
    """From the pixels of a scene to those of another grid.

    Args:
        scene: a scene with a transform.
        crs: coordinate reference system of the other grid; None where both grids are in the same unknown one.
        transform: its pixels (x, y) to coordinates.
        width: its pixels in a row.
        height: its rows.

    Raises:
        pyproj.exceptions.ProjError: there is no way from one to the other.
    """

    def __init__(
        self, scene: Scene, crs: pyproj.CRS | None, transform: Affine, width: int, height: int
    ) -> None:
        assert scene.transform is not None
        self.scene, self.width, self.height = scene, width, height
        self._to_place, self._to_pixel = scene.transform, ~transform
        self._change: pyproj.Transformer | None = None
        turn = 0.0
        if crs is not None and scene.crs is not None:
            own = pyproj.CRS.from_wkt(scene.crs.to_wkt(version="WKT2_2019"))
            if not own.equals(crs, ignore_axis_order=True):
                self._change = pyproj.Transformer.from_crs(own, crs, always_xy=True)
            turn = full_turn(crs)
        # Longitudes that differ by 360 degrees are one; columns are counted on from the first.
        straight = transform.b == 0 and transform.d == 0
        self._period = turn / abs(transform.a) if turn and straight else 0.0

    def pixels(self, x0: int, y0: int, x1: int, y1: int) -> tuple[np.ndarray, np.ndarray]:
        """The columns and rows under a box of the scene.

        Returns:
            Two (y1 - y0, x1 - x0) int64 arrays, -1 in both where the other grid has no pixel.
        """
        if self._change is None:
            columns, rows = np.meshgrid(np.arange(x0, x1) + 0.5, np.arange(y0, y1) + 0.5)
            columns, rows = self._moved(columns, rows)
        else:
            columns, rows = self._interpolated(x0, y0, x1, y1)
        return self._whole(columns, rows)

    def misses(self) -> bool:
        """Whether the two grids cannot overlap."""
        count = 65
        xs, ys = np.linspace(0, self.scene.width, count), np.linspace(0, self.scene.height, count)
        columns, rows = self._moved(*np.meshgrid(xs, ys))
        columns = self._counted(columns)
        known = np.isfinite(columns) & np.isfinite(rows)
        if not known.any():
            return True
        # What lies between two samples is known to the distance of neighbours.
        slack_x, slack_y = _widest(columns), _widest(rows)
        columns, rows = columns[known], rows[known]
        if self._period:
            columns = np.where(columns > self.width + slack_x, columns - self._period, columns)
        near = (columns >= -slack_x) & (columns <= self.width + slack_x)
        return not (near & (rows >= -slack_y) & (rows <= self.height + slack_y)).any()

    def _moved(self, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixel coordinates of the scene as those of the other grid, longitudes as PROJ counts them."""
        a, b, c, d, e, f = self._to_place[:6]
        east, north = a * x + b * y + c, d * x + e * y + f
        if self._change is not None:
            east, north = self._change.transform(east, north)
        a, b, c, d, e, f = self._to_pixel[:6]
        with np.errstate(invalid="ignore"):
            return a * east + b * north + c, d * east + e * north + f

    def _interpolated(self, x0: int, y0: int, x1: int, y1: int) -> tuple[np.ndarray, np.ndarray]:
        left, top = x0 // _STEP, y0 // _STEP
        right, low = -(-x1 // _STEP), -(-y1 // _STEP)
        knots = np.meshgrid(np.arange(left, right + 1) * _STEP, np.arange(top, low + 1) * _STEP)
        corners = self._moved(knots[0] + 0.5, knots[1] + 0.5)
        half = _STEP / 2
        doubt = np.zeros((low - top, right - left))
        inner = knots[0][:-1, :-1] + 0.5, knots[1][:-1, :-1] + 0.5
        # Bilinear interpolation is worst in the middle of a block or of one of its sides.
        for dx, dy in ((half, half), (half, 0), (0, half), (half, _STEP), (_STEP, half)):
            true = self._moved(inner[0] + dx, inner[1] + dy)
            for values, exact in zip(corners, true, strict=True):
                with np.errstate(invalid="ignore"):
                    miss = np.abs(_bilinear(values, dx / _STEP, dy / _STEP) - exact)
                np.maximum(doubt, np.where(np.isfinite(miss), miss, np.inf), out=doubt)
        doubt = 4 * doubt + _ROUNDING
        parts = np.arange(_STEP) / _STEP
        columns, rows = (
            _bilinear(
                values[:, None, :, None], parts[None, None, None, :], parts[None, :, None, None], axes=(0, 2)
            )
            .reshape((low - top) * _STEP, (right - left) * _STEP)[
                y0 - top * _STEP : y1 - top * _STEP, x0 - left * _STEP : x1 - left * _STEP
            ]
            .copy()
            for values in corners
        )
        doubt = np.repeat(np.repeat(doubt, _STEP, axis=0), _STEP, axis=1)[
            y0 - top * _STEP : y1 - top * _STEP, x0 - left * _STEP : x1 - left * _STEP
        ]
        with np.errstate(invalid="ignore"):
            sure = (np.abs(columns - np.rint(columns)) > doubt) & (np.abs(rows - np.rint(rows)) > doubt)
        y, x = np.nonzero(~sure)
        columns[y, x], rows[y, x] = self._moved(x + x0 + 0.5, y + y0 + 0.5)
        return columns, rows

    def _counted(self, columns: np.ndarray) -> np.ndarray:
        """Columns from the first of the other grid on, where they are longitudes."""
        with np.errstate(invalid="ignore"):
            return np.mod(columns, self._period) if self._period else columns

    def _whole(self, columns: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        columns = self._counted(columns)
        with np.errstate(invalid="ignore"):
            inside = (columns >= 0) & (columns < self.width) & (rows >= 0) & (rows < self.height)
        columns = np.where(inside, np.floor(np.where(inside, columns, 0)), -1).astype(np.int64)
        return columns, np.where(inside, np.floor(np.where(inside, rows, 0)), -1).astype(np.int64)


def _bilinear(
    values: np.ndarray, u: float | np.ndarray, v: float | np.ndarray, axes: tuple[int, int] = (0, 1)
) -> np.ndarray:
    """Values at the corners of blocks, interpolated at part u of the way right and v of the way down."""
    size = [values.shape[axis] for axis in axes]

    def corner(down: int, right: int) -> np.ndarray:
        picked = np.take(values, np.arange(down, size[0] - 1 + down), axis=axes[0])
        return np.take(picked, np.arange(right, size[1] - 1 + right), axis=axes[1])

    with np.errstate(invalid="ignore"):
        above = corner(0, 0) * (1 - u) + corner(0, 1) * u
        below = corner(1, 0) * (1 - u) + corner(1, 1) * u
        return np.asarray(above * (1 - v) + below * v)


def _widest(values: np.ndarray) -> float:
    """The widest step between neighbouring samples; steps across a jump are no steps."""
    steps = np.concatenate([np.abs(np.diff(values, axis=axis)).ravel() for axis in (0, 1)])
    steps = steps[np.isfinite(steps)]
    return float(np.median(steps)) * 2 if len(steps) else 0.0
