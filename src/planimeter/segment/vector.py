"""A segmenter that answers from a vector layer: footprints, parcels, water polygons."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from planimeter.errors import UsageError
from planimeter.raster import Scene
from planimeter.raster.vector_source import parse_source
from planimeter.segment.base import Seen, require_topics, shape_of
from planimeter.segment.memory import MEMORY
from planimeter.spatial import Ellipsoid, Features, features_of
from planimeter.spatial.runs import Box, crop, paint, unite
from planimeter.vocabulary.topics import (
    TOPICS,
    Topic,
    brought_topic,
    inflected,
    is_topic_name,
    nouns,
    topic_name,
)


class VectorSegmenter:
    """The features of one GDAL vector layer (``--vector roof=footprints.gpkg``), and the pixels that they stand by.

    Features are counted and measured as themselves, see ``planimeter.spatial.features``; where masks are asked for, a
    pixel belongs to the topic when a feature stands by it.

    Args:
        topic: what the features show: a topic, a synonym, or any noun of your own ("bus stop").
        path: any vector of polygons, lines or points, as ``planimeter.raster.vector.read_features`` takes it.

    Raises:
        LabelError: what follows the path is not understood; or the topic is a word for members of a cover, as "tree" is
            of forest, and the layer, whose points would be single trees, cannot be read.
        UsageError: the topic is no plain noun.

    Example:
        >>> VectorSegmenter("houses", "footprints.gpkg").topics
        ('roof',)
        >>> VectorSegmenter("bus stops", "stops.gpkg").topics
        ('bus_stops',)
    """

    parts = True

    def __init__(self, topic: str, path: str | Path) -> None:
        self.source = parse_source(path)
        known = topic_name(topic)
        if _is_member(topic) and self._holds_points():
            # A point is one tree, not a forest: what is called by its members is counted by them.
            known = inflected(_words(topic))[0].replace(" ", "_")
        if not is_topic_name(known):
            raise UsageError(
                f"{topic[:40]!r} is no name of a topic: write --vector TOPIC=FILE with a word such as roof or parking."
            )
        self.topics: tuple[str, ...] = (known,)
        self.layered: tuple[str, ...] = self.topics  # each feature has the whole of its area
        # Features are things, one by one, whatever they are called.
        self.brought: tuple[Topic, ...] = () if known in TOPICS else (brought_topic(known, counted=True),)
        self.name = f"vector {self.source.named} ({known})"

    def _holds_points(self) -> bool:
        from planimeter.raster.vectorfile import open_vector

        return open_vector(self.source).dimension == 0

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """The features, and the pixels they stand by; every pixel counts. See ``Segmenter.look``.

        Raises:
            LabelError: the layer cannot be read, or cannot be laid over the scene.
            NotMeasurable: another topic.
        """
        require_topics(topics, self.topics, self.name)
        if not topics:
            return Seen({})
        found = self._features(scene)
        runs = found.united() if box is None else unite([crop(found.runs, box)[0]], shape_of(scene, box))
        mask = paint(runs)
        return Seen(dict.fromkeys(topics, mask), None, found.notes, dict.fromkeys(topics, found))

    def features(self, scene: Scene, topics: Sequence[str]) -> dict[str, Features]:
        """The layer's features in a scene; see ``planimeter.segment.base.features_in``."""
        return {topic: self._features(scene) for topic in topics if topic in self.topics}

    def _features(self, scene: Scene) -> Features:
        """Read once for all looks at a scene."""
        name = f"features of {self.fingerprint()}"
        return MEMORY.recall(scene, name, lambda: self._read(scene), lambda found: found.nbytes)

    def _read(self, scene: Scene) -> Features:
        # The libraries of vector layers are heavy: they load with the first layer that is looked at.
        from planimeter.raster.vector import read_features
        from planimeter.segment.mixed import said_to_be_others

        layer = read_features(self.source, scene)
        assert scene.transform is not None
        assert scene.crs is not None
        ground = Ellipsoid(scene.transform, scene.crs, scene.shape)
        notes = (*layer.notes, *said_to_be_others(self.source, self.topics[0], layer.index.tolist()))
        return features_of(layer.kind, layer.drawn, scene.shape, ground, notes)

    def fingerprint(self) -> str:
        """The file, its size and time, and what of it is read."""
        return f"vector:{self.source.fingerprint()}"


def _is_member(phrase: str) -> bool:
    """Whether a word names the single things that a cover consists of, as "tree" does of forest."""
    noun = nouns().get(_words(phrase))
    return noun is not None and noun.kind == "stuff"


def _words(phrase: str) -> str:
    return " ".join(phrase.lower().replace("-", " ").replace("_", " ").split())
