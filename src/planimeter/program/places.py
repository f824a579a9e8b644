"""Where shapes and points of a scene lie: coordinates, and the direction from the centre."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from planimeter.errors import SceneError
from planimeter.place import Place, from_centre
from planimeter.spatial.file_frame import FileFrame
from planimeter.table import Cell, Column
from planimeter.vocabulary.topics import topic_of

if TYPE_CHECKING:
    from planimeter.program.measure import Ground
    from planimeter.program.registry import ShapeRegistry
    from planimeter.raster.scene import Scene

_DECIMALS = 7  # of degrees: about a centimetre


class Whereabouts:
    """Tells where what a program found lies on its scene.

    Args:
        scene: the image.
        ground: its scale, as the program used it.
        registry: the shapes that the program was given.
    """

    def __init__(self, scene: Scene, ground: Ground, registry: ShapeRegistry) -> None:
        self._scene, self._ground, self._registry = scene, ground, registry

    def measures(self, ids: list[int]) -> dict[str, list[Any]]:
        """Of each shape: "topic", "centroid" (x, y in cells of the grid), "area_hectares" and "area_pixels".

        What a shape does not have is None.
        """
        found: dict[str, list[Any]] = {
            "topic": [],
            "centroid": [],
            "area_hectares": [],
            "area_pixels": [],
        }
        areas: dict[int, list[Any]] = {}
        for shape_id in ids:
            block = self._registry.block_of(shape_id)
            k = shape_id - block.first
            if block.first not in areas:
                metric = self._ground.scale is not None
                areas[block.first] = (
                    self._ground.area_m2(block.regions).tolist() if metric else [None] * len(block)
                )
            found["topic"].append(block.class_types[k])
            found["centroid"].append(block.regions.centroid[k].tolist())
            found["area_pixels"].append(_known(block.regions.area_pixels[k].item()))
            square_metres = _known(areas[block.first][k])
            found["area_hectares"].append(None if square_metres is None else square_metres / 10_000)
        return found

    def columns(self, centroids: list[list[float]]) -> list[tuple[Column, list[Cell]]]:
        """Columns that say where points lie: pixels, and degrees where the scene has a CRS that leads to them."""
        cells = self._scene.cells
        columns: list[tuple[Column, list[Cell]]] = [
            (Column("x", "px"), [round(x / cells, 2) for x, _ in centroids]),
            (Column("y", "px"), [round(y / cells, 2) for _, y in centroids]),
        ]
        degrees = self._degrees(np.array(centroids, dtype=np.float64).reshape(-1, 2))
        if degrees is not None:
            for name, values in zip(("longitude", "latitude"), degrees.T.tolist(), strict=True):
                columns.append((Column(name, "°"), [round(value, _DECIMALS) for value in values]))
        return columns

    def point_on(self, shape_id: int) -> tuple[float, float]:
        """The point of a shape that is nearest to its centroid: a pixel's centre, in cells of the grid."""
        block = self._registry.block_of(shape_id)
        k = shape_id - block.first
        x, y = block.regions.centroid[k].tolist()
        row, start, stop = block.regions.united([k]).rows()
        if not len(row):
            return x, y
        across = np.clip(math.floor(x), start, stop - 1) + 0.5
        nearest = int(np.argmin((across - x) ** 2 + (row + 0.5 - y) ** 2))
        return float(across[nearest]), float(row[nearest] + 0.5)

    def covers(self, x: float, y: float) -> bool:
        """Whether a point, in cells of the grid, lies on the image."""
        return 0 <= x <= self._scene.width and 0 <= y <= self._scene.height

    def place(self, x: float, y: float, **known: Any) -> Place:
        """A point, in cells of the grid, with its position in words.

        Args:
            x: from the left edge.
            y: from the upper edge.
            known: further fields of ``Place``.
        """
        scene, scale = self._scene, self._ground.scale
        middle = scene.width / 2, scene.height / 2
        degrees = self._degrees(np.array([[x, y], middle]))
        longitude = latitude = None
        if degrees is not None:
            from pyproj import Geod

            (longitude, latitude), (longitude0, latitude0) = degrees.tolist()
            azimuth, _, apart = Geod(ellps="WGS84").inv(longitude0, latitude0, longitude, latitude)
            turned = math.radians(azimuth)
            step = 0.5 * (scale.gsd if scale else 0.0)
            words = from_centre(apart * math.sin(turned), apart * math.cos(turned), "m", True, step)
            longitude, latitude = round(longitude, _DECIMALS), round(latitude, _DECIMALS)
        else:
            dx, dy = (scale.dx, scale.dy) if scale else (1 / scene.cells, 1 / scene.cells)
            unit = "m" if scale else "pixels"
            east, north = (x - middle[0]) * dx, (middle[1] - y) * dy
            words = from_centre(east, north, unit, False, 0.5 * min(dx, dy))
        cells = scene.cells
        return Place(words, x / cells, y / cells, longitude, latitude, **known)

    def _degrees(self, points: np.ndarray) -> np.ndarray | None:
        """(N, 2) longitude and latitude of points in cells of the grid; None where the scene does not say."""
        placing = FileFrame(self._scene.transform, self._scene.crs, geographic=True)
        if not placing.known or not len(points):
            return None if not placing.known else points
        try:
            found = placing.coordinates(points)
        except SceneError:
            return None
        found[:, 0] = (found[:, 0] + 180) % 360 - 180
        return found


def one_of(topic: str) -> str:
    """One region of a topic, in words ("water region").

    >>> one_of("water")
    'water region'
    """
    return topic_of(topic).one


def _known(value: Any) -> Any:
    """A measure; None for not-a-number."""
    return None if isinstance(value, float) and math.isnan(value) else value
