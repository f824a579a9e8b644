"""A segmenter that answers from a vector layer: footprints, parcels, water polygons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster import Scene, rasterize
from planimeter.raster.vector import burn, polygons_on
from planimeter.segment.base import Part, require_topics
from planimeter.vocabulary.topics import Topic, brought_topic, canonical, is_topic_name, topic_name


class VectorSegmenter:
    """Masks from the polygons of one GDAL vector layer (``--vector roof=footprints.gpkg``).

    A pixel belongs to the topic when its centre lies inside a polygon.

    Args:
        topic: what the polygons show: a topic, a synonym, or any noun of your own ("bus stop").
        path: any GDAL vector; it is reprojected to the scene's CRS.

    Raises:
        UsageError: the topic is no plain noun.

    Example:
        >>> VectorSegmenter("houses", "footprints.gpkg").topics
        ('roof',)
        >>> VectorSegmenter("bus stops", "stops.gpkg").topics
        ('bus_stops',)
    """

    def __init__(self, topic: str, path: str | Path) -> None:
        known = topic_name(topic)
        if not is_topic_name(known):
            raise UsageError(
                f"{topic[:40]!r} is no name of a topic: write --vector TOPIC=FILE with a word such as roof or parking."
            )
        self.path = str(path)
        self._read: tuple[tuple[Path, Any], np.ndarray] | None = None
        self.topics: tuple[str, ...] = (known,)
        # Features are things, one by one, whatever they are called.
        self.brought: tuple[Topic, ...] = (
            () if canonical(known) is not None else (brought_topic(known, counted=True),)
        )
        self.name = f"vector {Path(self.path).name} ({known})"

    def masks(self, scene: Scene, topics: Sequence[str]) -> dict[str, np.ndarray]:
        """One (H, W) bool mask per topic; see ``Segmenter.masks``."""
        require_topics(topics, self.topics, self.name)
        return {topic: rasterize(self.path, scene) for topic in topics}

    def part(self, scene: Scene, topics: Sequence[str], box: tuple[int, int, int, int]) -> Part:
        """The same in one part of the scene; see ``PartSegmenter.part``."""
        require_topics(topics, self.topics, self.name)
        read = self._read  # another thread may replace it meanwhile
        if read is None or read[0] != (scene.path, scene.crs):
            read = self._read = (scene.path, scene.crs), polygons_on(self.path, scene)
        return Part({topic: burn(read[1], scene, box) for topic in topics})

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
