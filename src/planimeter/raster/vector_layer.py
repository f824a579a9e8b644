"""One layer of a vector file: what its header tells, and its geometries as they are stored."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from planimeter.raster.geometries import Geometries

#: (x0, y0, x1, y1) in a layer's own coordinates.
Bounds: TypeAlias = tuple[float, float, float, float]


@dataclass(frozen=True)
class Stored:
    """Geometries as a file holds them.

    Attributes:
        parts: N geometries in the layer's own coordinates, in the order of the file, as many at a time as were read;
            some may be empty.
        index: (N,) int64, the number of each feature in the file.
        total: features in the layer, read or not.
        unread: features whose geometry is missing or cannot be read.
    """

    parts: tuple[Geometries, ...]
    index: np.ndarray
    total: int
    unread: int

    @property
    def shapes(self) -> np.ndarray:
        """(N,) shapely geometries."""
        return Geometries.joined(self.parts).geometry

    @classmethod
    def joined(cls, layers: Sequence[Stored]) -> Stored:
        """Several layers one after the other, as one whose features are numbered on."""
        starts = np.cumsum([0, *(layer.total for layer in layers)])
        return cls(
            tuple(drawn for layer in layers for drawn in layer.parts),
            np.concatenate([layer.index + start for layer, start in zip(layers, starts, strict=False)]),
            int(starts[-1]),
            sum(layer.unread for layer in layers),
        )


@dataclass(frozen=True)
class VectorFile:
    """One layer of one file, known by its header.

    Attributes:
        name: how errors and notes show it.
        crs: its coordinate reference system, as pyproj reads it.
        dimension: of its geometries: 0 points, 1 lines, 2 polygons; None where the file does not say.
        bounds: of all its geometries where that is known without reading them.
        read: geometries that may touch any of some bounds, or all of them.
    """

    name: str
    crs: str
    dimension: int | None
    bounds: Bounds | None
    read: Callable[[list[Bounds] | None], Stored]


def dimension_of(kind: str) -> int | None:
    """The dimension of a named geometry type, None for a mixture.

    Example:
        >>> dimension_of("MultiPolygon Z"), dimension_of("Unknown")
        (2, None)
    """
    for word, dimension in (
        ("Point", 0), ("Line", 1), ("Curve", 1), ("Circular", 1), ("Poly", 2), ("Surface", 2),
    ):  # fmt: skip
        if word in kind.replace("CurvePolygon", "Polygon"):
            return dimension
    return None
