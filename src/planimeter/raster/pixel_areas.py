"""Ground areas of pixels, also where every pixel has one of its own.

A grid of a projection that is not true to scale has pixels of the same side on the map and of different area on the
ground. The areal scale of a projection is a smooth function of the place, so a short Chebyshev series gives it for a
scene of any size, and its integral along a row gives the area of a run of pixels in one step.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.polynomial import chebyshev

if TYPE_CHECKING:
    from typing_extensions import TypeIs

#: Terms of a series that are tried, in each direction.
_TERMS = (4, 8, 16, 24, 32, 48)
#: Largest relative error of a series, at places between those that it was fitted to.
_PRECISION = 1e-6
_MANY = 1 << 16  # runs that are measured at a time

#: (M,) x and (M,) y in pixels → (M,) m² of ground per pixel of the map.
Density: TypeAlias = Callable[[np.ndarray, np.ndarray], np.ndarray]


class PixelAreas:
    """m² of every pixel of a grid, as a series.

    Args:
        shape: (height, width) of the grid.
        series: (I, J) float64 Chebyshev coefficients of the area of the pixel around (x, y): rows stand for y, columns
            for x, both laid onto -1..1 over the grid.

    Example:
        >>> areas = PixelAreas((2, 4), np.array([[5.0, 1.0], [0.0, 0.0]]))  # from 4 m² on the left to 6 on the right
        >>> areas.of_runs(np.array([0, 1]), np.array([0, 3]), np.array([4, 4])).tolist()
        [20.0, 5.75]
    """

    def __init__(self, shape: tuple[int, int], series: np.ndarray) -> None:
        self.shape = shape
        self._series = series

    def of_runs(self, y: np.ndarray, x0: np.ndarray, x1: np.ndarray) -> np.ndarray:
        """Ground area of runs of pixels; a run has exactly the area of its parts, and so has a sum of any of them.

        Args:
            y: (R,) rows.
            x0: (R,) first columns.
            x1: (R,) columns behind the last.

        Returns:
            (R,) float64 m².
        """
        found = np.empty(len(y), dtype=np.float64)
        for begin in range(0, len(y), _MANY):
            part = slice(begin, begin + _MANY)
            rows = self._along_rows[y[part]]
            found[part] = self._grains(rows, x1[part]) - self._grains(rows, x0[part])
        return found * self._grain

    def _grains(self, rows: np.ndarray, x: np.ndarray) -> np.ndarray:
        """The area of rows up to columns in whole grains: sums of these are exact in whatever order."""
        half = self.shape[1] / 2
        powers = chebyshev.chebvander(x / half - 1, rows.shape[1] - 1)
        return np.rint(np.einsum("rk,rk->r", powers, rows) * (half / self._grain))

    @cached_property
    def _grain(self) -> float:
        """m², a power of two: the whole grid has fewer than 2^52 of them."""
        whole = float((self._along_rows.sum(axis=1) * self.shape[1] / 2).sum())
        return float(2.0 ** (np.ceil(np.log2(whole)) - 52))

    def at(self, x: float, y: float) -> float:
        """m² of the pixel whose centre lies at (x, y), in pixels; the centre of the upper left one is (0.5, 0.5)."""
        height, width = self.shape
        return float(chebyshev.chebval2d(2 * y / height - 1, 2 * x / width - 1, self._series))

    def lattice(self, x: np.ndarray, y: np.ndarray) -> np.ndarray:
        """(len(y), len(x)) m² of a pixel around every place of a lattice, in pixels as `at` has them."""
        height, width = self.shape
        return np.asarray(chebyshev.chebgrid2d(2 * y / height - 1, 2 * x / width - 1, self._series))

    @cached_property
    def _along_rows(self) -> np.ndarray:
        """(H, J + 1) coefficients, for each row, of the integral along it."""
        height = self.shape[0]
        middle = (2 * np.arange(height) + 1) / height - 1
        series = chebyshev.chebvander(middle, len(self._series) - 1) @ self._series
        return np.asarray(chebyshev.chebint(series, axis=1, lbnd=-1))

    def __getstate__(self) -> dict[str, object]:
        """Travel as the series alone."""
        return {"shape": self.shape, "_series": self._series}


#: One number for all pixels, (H,) one per row, or what gives every pixel its own.
PixelArea: TypeAlias = "float | np.ndarray | PixelAreas"


def differs(area: PixelArea | None) -> TypeIs[np.ndarray | PixelAreas]:
    """Whether pixels have areas of their own.

    >>> differs(0.25), differs(np.array([0.25, 0.3]))
    (False, True)
    """
    return isinstance(area, PixelAreas) or np.ndim(area) > 0  # type: ignore[arg-type]


def area_of_runs(area: PixelArea, y: np.ndarray, x0: np.ndarray, x1: np.ndarray) -> np.ndarray:
    """Ground area of runs of pixels, (R,) float64 m², whichever way the area of a pixel is known.

    >>> area_of_runs(np.array([1.0, 2.0]), np.array([1]), np.array([3]), np.array([6])).tolist()
    [6.0]
    """
    if isinstance(area, PixelAreas):
        return area.of_runs(y, x0, x1)
    return np.asarray(
        (x1 - x0) * (area[y] if isinstance(area, np.ndarray) else float(area)), dtype=np.float64
    )


def area_of_mask(area: PixelArea, mask: np.ndarray, corner: tuple[int, int] = (0, 0)) -> float:
    """Ground area of a mask's pixels, m².

    Args:
        area: of the pixels of the grid.
        mask: (h, w) bool, a part of the grid.
        corner: (x, y) of the mask's first pixel on the grid.

    >>> area_of_mask(np.array([1.0, 2.0, 4.0]), np.ones((1, 5), bool), (0, 2))
    20.0
    """
    left, top = corner
    if isinstance(area, PixelAreas):
        y, edges = _edges(mask)
        return float(area.of_runs(y + top, edges[:, 0] + left, edges[:, 1] + left).sum())
    if isinstance(area, np.ndarray):
        return float((np.count_nonzero(mask, axis=1) * area[top : top + len(mask)]).sum())
    return float(np.count_nonzero(mask) * area)


def areas_in(area: PixelArea, box: tuple[int, int, int, int]) -> np.ndarray:
    """m² of every pixel of a part of a grid, (h, w) float64.

    Args:
        area: of the pixels of the grid.
        box: (x0, y0, x1, y1) pixels, half-open.

    >>> areas_in(np.array([1.0, 2.0]), (0, 1, 3, 2)).tolist()
    [[2.0, 2.0, 2.0]]
    """
    x0, y0, x1, y1 = box
    if isinstance(area, PixelAreas):
        return area.lattice(np.arange(x0, x1) + 0.5, np.arange(y0, y1) + 0.5)
    rows = area[y0:y1, None] if isinstance(area, np.ndarray) else np.float64(area)
    return np.broadcast_to(rows, (y1 - y0, x1 - x0))


def _edges(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row of each run of a mask, and (R, 2) where it begins and ends."""
    framed = np.zeros((mask.shape[0], mask.shape[1] + 2), dtype=bool)
    framed[:, 1:-1] = mask
    y, x = np.nonzero(framed[:, 1:] != framed[:, :-1])
    return y[::2], x.reshape(-1, 2)


def fit(density: Density, shape: tuple[int, int]) -> PixelAreas | None:
    """The areas of a grid's pixels from the ground under one pixel of the map, place by place.

    Args:
        density: smooth where it is defined.
        shape: (height, width) of the grid.

    Returns:
        None where the density is not defined everywhere on the grid, or not smooth.

    Example:
        >>> fit(lambda x, y: 2 + x * y, (10, 10)).of_runs(np.array([4]), np.array([0]), np.array([2])).round(6).tolist()
        [13.0]
    """
    height, width = shape
    middle = np.linspace(-0.97, 0.97, 11)
    u, v = (grid.ravel() for grid in np.meshgrid(middle, middle))
    wanted = density((u + 1) * width / 2, (v + 1) * height / 2)
    if not _sound(wanted):
        return None
    for terms in _TERMS:
        nodes = chebyshev.chebpts1(terms)
        x, y = np.meshgrid((nodes + 1) * width / 2, (nodes + 1) * height / 2)
        values = density(x.ravel(), y.ravel())
        if not _sound(values):
            return None
        series = _through(nodes, values.reshape(terms, terms))
        error = chebyshev.chebval2d(v, u, series) / wanted - 1
        if np.abs(error).max() <= _PRECISION:
            return PixelAreas(shape, _over_pixels(series, shape))
    return None


def _sound(values: np.ndarray) -> bool:
    return bool(np.isfinite(values).all() and (values > 0).all())


def _through(nodes: np.ndarray, values: np.ndarray) -> np.ndarray:
    """The series through values at Chebyshev nodes of the first kind, (y, x)."""
    terms = len(nodes)
    basis = chebyshev.chebvander(nodes, terms - 1).T * (2 / terms)
    basis[0] /= 2
    return np.asarray(basis @ values @ basis.T)


def _over_pixels(series: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    """From the density at a place to the mean over the height of the pixel around it; runs integrate the width."""
    offset = 1 / (np.sqrt(3) * shape[0])  # of Gauss' two points from the middle of a pixel, of -1..1
    terms = len(series)
    nodes = chebyshev.chebpts1(terms)
    basis = chebyshev.chebvander(nodes, terms - 1)
    shifted = sum(chebyshev.chebvander(nodes + step, terms - 1) for step in (-offset, offset)) / 2
    return np.asarray(np.linalg.solve(basis, shifted @ series))
