"""A segmenter that answers from a vector layer: footprints, parcels, water polygons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster import Scene
from planimeter.raster.vector import polygons_on
from planimeter.segment.base import Part, require_topics
from planimeter.spatial import Ellipsoid, Features, features_of
from planimeter.spatial.runs import crop, paint, unite
from planimeter.vocabulary.topics import canonical


class VectorSegmenter:
    """The features of one GDAL vector layer (``--vector roof=footprints.gpkg``), and the pixels that they stand by.

    Features are counted and measured as themselves, see ``planimeter.spatial.features``; where masks are asked for, a
    pixel belongs to the topic when a feature stands by it.

    Args:
        topic: what the polygons show; a synonym is fine.
        path: any GDAL vector of polygons, lines or points; it is reprojected to the scene's CRS.

    Raises:
        UsageError: the topic is not known.

    Example:
        >>> VectorSegmenter("houses", "footprints.gpkg").topics
        ('roof',)
    """

    def __init__(self, topic: str, path: str | Path) -> None:
        known = canonical(topic)
        if known is None:
            raise UsageError(
                f"{topic[:40]!r} is no topic: write --vector TOPIC=FILE with a topic such as roof, road or water."
            )
        self.path = str(path)
        self._read: tuple[tuple[Any, ...], Features] | None = None
        self.topics: tuple[str, ...] = (known,)
        self.name = f"vector {Path(self.path).name} ({known})"

    def masks(self, scene: Scene, topics: Sequence[str]) -> dict[str, np.ndarray]:
        """One (H, W) bool mask per topic; see ``Segmenter.masks``."""
        require_topics(topics, self.topics, self.name)
        return {topic: self._features(scene).mask() for topic in topics}

    def part(self, scene: Scene, topics: Sequence[str], box: tuple[int, int, int, int]) -> Part:
        """The same in one part of the scene; see ``PartSegmenter.part``."""
        require_topics(topics, self.topics, self.name)
        return Part(
            {topic: paint(unite([crop(self._features(scene).runs, box)[0]], _shape(box))) for topic in topics}
        )

    def features(self, scene: Scene, topics: Sequence[str]) -> dict[str, Features]:
        """The layer's features in a scene; see ``planimeter.segment.base.features_in``."""
        return {topic: self._features(scene) for topic in topics if topic in self.topics}

    def _features(self, scene: Scene) -> Features:
        read = self._read  # another thread may replace it meanwhile
        key = (scene.path, scene.crs, scene.transform, scene.shape)
        if read is None or read[0] != key:
            kind, geometry, notes = _layer(self.path, scene)
            assert scene.transform is not None and scene.crs is not None
            ground = Ellipsoid(scene.transform, scene.crs, scene.shape)
            read = self._read = key, features_of(kind, geometry, scene.shape, ground, notes)
        return read[1]

    def __getstate__(self) -> dict[str, Any]:
        """Travel without the polygons that were read last."""
        return {**self.__dict__, "_read": None}

    def valid(self, scene: Scene) -> np.ndarray | None:
        """None: a vector layer speaks of every pixel."""
        return None

    def cautions(self, topics: Sequence[str]) -> tuple[str, ...]:
        """None to give."""
        return ()

    def fingerprint(self) -> str:
        """The file, its size and time."""
        path = Path(self.path)
        state = path.stat() if path.is_file() else None
        return f"vector:{self.path}:{state.st_size}:{state.st_mtime_ns}" if state else f"vector:{self.path}"


def _shape(box: tuple[int, int, int, int]) -> tuple[int, int]:
    return box[3] - box[1], box[2] - box[0]


def _layer(path: str, scene: Scene) -> tuple[str, np.ndarray, tuple[str, ...]]:
    import shapely

    polygons = shapely.make_valid(polygons_on(path, scene))
    inverse = ~scene.transform  # type: ignore[operator]
    a, b, c, d, e, f = inverse[:6]
    pixels = shapely.transform(
        polygons, lambda p: np.stack([a * p[:, 0] + b * p[:, 1] + c, d * p[:, 0] + e * p[:, 1] + f], axis=1)
    )
    frame = shapely.box(0, 0, scene.width, scene.height)
    left, top, right, bottom = shapely.bounds(pixels).T
    cut = (left < 0) | (top < 0) | (right > scene.width) | (bottom > scene.height)
    pixels[cut] = shapely.intersection(pixels[cut], frame)
    return "polygon", pixels[shapely.area(pixels) > 0], ()
