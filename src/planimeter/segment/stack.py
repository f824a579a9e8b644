"""Several sources as one segmenter: maps, a model for what they lack, and the topics composed from others.

This is the one place where ``urban`` and ``vegetation`` are composed, so that parts may come from different maps.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from planimeter.raster import Scene
from planimeter.segment.base import (
    Part,
    Segmenter,
    composition_cautions,
    features_in,
    part_of,
    parts_of,
    require_topics,
    seam_of,
    sees_parts,
    with_composed,
)
from planimeter.segment.open import is_open
from planimeter.spatial import Features
from planimeter.spatial.features import together


class StackSegmenter:
    """The union of maps, and a model behind them for the topics that no map shows.

    Args:
        maps: sources whose word counts; a topic shown by several is their union.
        fallback: answers for topics that no map shows.

    Example:
        >>> from planimeter.segment.vector import VectorSegmenter
        >>> both = StackSegmenter([VectorSegmenter("roof", "a.gpkg"), VectorSegmenter("road", "b.gpkg")])
        >>> both.topics
        ('roof', 'road', 'urban')
    """

    def __init__(self, maps: Sequence[Segmenter], fallback: Segmenter | None = None) -> None:
        self.maps = tuple(maps)
        self.fallback = fallback
        self.name = " + ".join(source.name for source in (*maps, *([fallback] if fallback else [])))
        self._mapped = tuple(dict.fromkeys(topic for source in maps for topic in source.topics))
        offered = self._mapped + (fallback.topics if fallback else ())
        self.topics = with_composed(offered)
        self._judges = self.maps
        if fallback and (is_open(fallback.topics) or any(map(self._by_fallback, fallback.topics))):
            self._judges += (fallback,)

    @property
    def sees_parts(self) -> bool:
        """Whether all its sources can look at one part of a scene."""
        return all(sees_parts(source) for source in (*self.maps, *filter(None, [self.fallback])))

    @property
    def seam(self) -> int:
        """Pixels around a part that its sources look at; see ``seam_of``."""
        return max((seam_of(source) for source in (*self.maps, *filter(None, [self.fallback]))), default=0)

    def masks(self, scene: Scene, topics: Sequence[str]) -> dict[str, np.ndarray]:
        """One (H, W) bool mask per topic; see ``Segmenter.masks``."""
        require_topics(topics, self.topics, self.name)
        masks: dict[str, np.ndarray] = {}
        from_model = [topic for topic in topics if self._by_fallback(topic)]
        if from_model and self.fallback is not None:
            masks.update(self.fallback.masks(scene, from_model))
        for topic in topics:
            if topic in masks:
                continue
            found = np.zeros((scene.height, scene.width), dtype=bool)
            for part in parts_of(topic, self._mapped):
                for source in self.maps:
                    if part in source.topics:
                        found |= source.masks(scene, [part])[part]
            masks[topic] = found
        return masks

    def part(self, scene: Scene, topics: Sequence[str], box: tuple[int, int, int, int]) -> Part:
        """The same in one part of the scene; see ``PartSegmenter.part``."""
        require_topics(topics, self.topics, self.name)
        masks: dict[str, np.ndarray] = {}
        valid: np.ndarray | None = None
        cautions: tuple[str, ...] = ()
        from_model = [topic for topic in topics if self._by_fallback(topic)]
        if from_model and self.fallback is not None:
            seen = part_of(self.fallback, scene, from_model, box)
            masks.update(seen.masks)
            valid, cautions = seen.valid, seen.cautions
        elif self.fallback and self.fallback in self._judges and sees_parts(self.fallback):
            valid = part_of(self.fallback, scene, (), box).valid
        mapped = {topic: parts_of(topic, self._mapped) for topic in topics if topic not in masks}
        wanted = dict.fromkeys(part for parts in mapped.values() for part in parts)
        for topic in mapped:
            masks[topic] = np.zeros((box[3] - box[1], box[2] - box[0]), dtype=bool)
        for source in self.maps:
            seen = part_of(source, scene, [part for part in wanted if part in source.topics], box)
            for topic, parts in mapped.items():
                for part in parts:
                    if part in seen.masks:
                        masks[topic] |= seen.masks[part]
            if seen.valid is not None:
                valid = seen.valid if valid is None else valid & seen.valid
            cautions += seen.cautions
        return Part(masks, valid, tuple(dict.fromkeys(cautions)))

    def features(self, scene: Scene, topics: Sequence[str]) -> dict[str, Features]:
        """The features of topics that vector layers alone show; see ``planimeter.segment.base.features_in``.

        Several layers of one kind are one: each of their features is counted. Where a topic is shown by a label raster
        too, by layers of different kinds, or is composed of others, only pixels can be put together.
        """
        found: dict[str, Features] = {}
        for topic in topics:
            sources = [source for source in self.maps if topic in source.topics]
            layers = [layer for source in sources for layer in features_in(source, scene, [topic]).values()]
            if layers and len(layers) == len(sources) and len({layer.kind for layer in layers}) == 1:
                found[topic] = together(layers)
        return found

    def valid(self, scene: Scene) -> np.ndarray | None:
        """Pixels on which every source has an opinion; None when that is all of them.

        A program may ask several sources and compare what they say, so all its numbers are of the same pixels. A
        fallback that has no topic of its own is never asked.
        """
        valid: np.ndarray | None = None
        for source in self._judges:
            covered = source.valid(scene)
            if covered is not None:
                valid = covered if valid is None else valid & covered
        return valid

    def cautions(self, topics: Sequence[str]) -> tuple[str, ...]:
        """The cautions of whichever source answers each topic."""
        found: list[str] = []
        mapped = [topic for topic in topics if not self._by_fallback(topic)]
        for source in self.maps:
            found += source.cautions([topic for topic in mapped if topic in source.topics])
        found += composition_cautions([topic for topic in mapped if topic not in self._mapped], self._mapped)
        if self.fallback is not None:
            found += self.fallback.cautions([topic for topic in topics if self._by_fallback(topic)])
        return tuple(dict.fromkeys(found))

    def fingerprint(self) -> str:
        """The fingerprints of all sources."""
        sources = (*self.maps, *([self.fallback] if self.fallback else []))
        return "|".join(source.fingerprint() for source in sources)

    def _by_fallback(self, topic: str) -> bool:
        return (
            self.fallback is not None
            and topic in self.fallback.topics
            and topic not in with_composed(self._mapped)
        )
