"""A segmenter that answers from a vector layer: footprints, parcels, water polygons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster import Scene
from planimeter.segment.base import Seen, require_topics
from planimeter.segment.memory import MEMORY
from planimeter.spatial.runs import Box
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

    parts = True

    def __init__(self, topic: str, path: str | Path) -> None:
        known = topic_name(topic)
        if not is_topic_name(known):
            raise UsageError(
                f"{topic[:40]!r} is no name of a topic: write --vector TOPIC=FILE with a word such as roof or parking."
            )
        self.path = str(path)
        self.topics: tuple[str, ...] = (known,)
        # Features are things, one by one, whatever they are called.
        self.brought: tuple[Topic, ...] = (
            () if canonical(known) is not None else (brought_topic(known, counted=True),)
        )
        self.name = f"vector {Path(self.path).name} ({known})"

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """The pixels of the polygons, and every pixel counts; see ``Segmenter.look``.

        Raises:
            LabelError: the layer cannot be read, or cannot be laid over the scene.
            NotMeasurable: another topic.
        """
        # The libraries of vector layers are heavy: they load with the first layer that is looked at.
        from planimeter.raster.vector import burn, polygons_on

        require_topics(topics, self.topics, self.name)
        if not topics:
            return Seen({})
        # Read once for all parts of a scene: few formats find the polygons of a place without reading all.
        name = f"polygons of {self.fingerprint()}"
        polygons = MEMORY.recall(scene, name, lambda: polygons_on(self.path, scene), _size)
        return Seen({topic: burn(polygons, scene, box) for topic in topics})

    def fingerprint(self) -> str:
        """The file, its size and time."""
        path = Path(self.path.partition("|layer=")[0])
        state = path.stat() if path.is_file() else None
        return f"vector:{self.path}:{state.st_size}:{state.st_mtime_ns}" if state else f"vector:{self.path}"


def _size(polygons: np.ndarray) -> int:
    """Bytes that polygons take: two numbers a vertex, and what shapely keeps of each."""
    import shapely

    return 16 * int(shapely.get_num_coordinates(polygons).sum()) + 200 * len(polygons)
