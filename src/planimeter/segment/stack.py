"""Several sources as one segmenter: maps, a model for what they lack, and the topics composed from others.

This is the one place where ``urban`` and ``vegetation`` are composed, so that parts may come from different maps.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from planimeter.raster import Scene
from planimeter.segment.base import (
    Abilities,
    Caution,
    Seen,
    Segmenter,
    brought_by,
    composition_cautions,
    confusion_in,
    distinct,
    exclusive_in,
    features_in,
    layered_in,
    parts_of,
    require_topics,
    shape_of,
    with_composed,
)
from planimeter.segment.corrections import Corrections
from planimeter.segment.memory import look
from planimeter.segment.open import is_open
from planimeter.spatial.features import Features, together
from planimeter.spatial.runs import Box
from planimeter.vocabulary.topics import Topic

if TYPE_CHECKING:
    from planimeter.segment.inference.adjusted import Confusion


class StackSegmenter:
    """The union of maps, and a model behind them for the topics that no map shows.

    Args:
        maps: sources whose word counts; a topic shown by several is their union.
        fallback: answers for topics that no map shows.
        corrections: what a person changed in the masks of both.

    Attributes:
        uncorrected: the fallback as it was given, for other dates and stacks.

    Example:
        >>> from planimeter.segment.vector import VectorSegmenter
        >>> both = StackSegmenter([VectorSegmenter("roof", "a.gpkg"), VectorSegmenter("road", "b.gpkg")])
        >>> both.topics
        ('roof', 'road', 'urban')
    """

    remembered = False  # what its sources saw is; putting it together costs little

    def __init__(
        self,
        maps: Sequence[Segmenter],
        fallback: Segmenter | None = None,
        corrections: Corrections | None = None,
    ) -> None:
        self.maps = tuple(maps)
        self.corrections = corrections
        self.uncorrected = fallback
        # Topics that a fallback composes are composed of what was corrected.
        behind = fallback
        if corrections is not None and isinstance(fallback, StackSegmenter):
            behind = fallback.with_corrections(corrections)
        self.fallback = behind
        named = [source.name for source in (*maps, *([fallback] if fallback else []))]
        self.name = " + ".join([*named, *([corrections.name] if corrections else [])])
        self._mapped = tuple(dict.fromkeys(topic for source in maps for topic in source.topics))
        offered = self._mapped + (fallback.topics if fallback else ())
        self.topics = with_composed(offered)
        self._fallback_judges = fallback is not None and (
            is_open(fallback.topics) or any(map(self._by_fallback, fallback.topics))
        )

    @property
    def brought(self) -> tuple[Topic, ...]:
        """Records of the topics its sources bring, the maps' word before the fallback's; see ``brought_by``."""
        found: dict[str, Topic] = {}
        for record in (record for source in self._sources for record in brought_by(source)):
            found.setdefault(record.name, record)
        return tuple(found.values())

    @property
    def exclusive(self) -> tuple[tuple[str, ...], ...]:
        """Topics of one map that share no pixel, without those that another map shows as well; see ``exclusive_in``."""
        found = []
        for source in self.maps:
            elsewhere = {topic for other in self.maps if other is not source for topic in other.topics}
            found += [tuple(t for t in group if t not in elsewhere) for group in exclusive_in(source)]
        return tuple(group for group in found if len(group) > 1)

    @property
    def layered(self) -> tuple[str, ...]:
        """Topics that vector layers alone show, whose features may lie on each other."""
        showing = {topic: [s for s in self._sources if topic in s.topics] for topic in self.topics}
        return tuple(t for t, shown in showing.items() if shown and all(t in layered_in(s) for s in shown))

    @property
    def parts(self) -> bool:
        """Whether all its sources can look at one part of a scene."""
        return all(Abilities.of(source).parts for source in self._sources)

    @property
    def seam(self) -> int:
        """Pixels around a part that its sources look at; see ``Abilities``."""
        return max((Abilities.of(source).seam for source in self._sources), default=0)

    @property
    def holds(self) -> int:
        """Bytes that its sources need while they look; see ``Abilities``."""
        return sum(Abilities.of(source).holds for source in self._sources)

    @property
    def pace(self) -> float:
        """Seconds that its sources may take for a million pixels; see ``Abilities``."""
        return sum(Abilities.of(source).pace for source in self._sources)

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """What the sources see together; see ``Segmenter.look``.

        Pixels count on which every source has an opinion, whatever was asked for. A program may ask several sources and
        compare what they say, so all its numbers are of the same pixels. A fallback that has no topic of its own is
        never asked.
        """
        require_topics(topics, self.topics, self.name)
        behind = [topic for topic in topics if self._by_fallback(topic)]
        parts = {topic: parts_of(topic, self._mapped) for topic in topics if topic not in behind}
        wanted = dict.fromkeys(part for each in parts.values() for part in each)
        looks = [
            look(each, scene, [part for part in wanted if part in each.topics], box) for each in self.maps
        ]
        shown = {
            topic: [(seen, part) for part in each for seen in looks if part in seen.masks]
            for topic, each in parts.items()
        }
        said = [sentence for seen in looks for sentence in seen.cautions]
        said += composition_cautions([topic for topic in parts if topic not in self._mapped], self._mapped)
        if self.fallback is not None and (behind or self._asks_fallback_what_counts(box)):
            seen = look(self.fallback, scene, behind, box)
            looks.append(seen)
            shown |= {topic: [(seen, topic)] for topic in behind}
            said += seen.cautions
        if self.corrections is not None:
            self.corrections.check(scene, self._own, self.layered)
            said += self.corrections.cautions([part for each in shown.values() for _, part in each], scene)
        for topic in topics:
            said += _as_pixels(topic, [seen.features.get(part) for seen, part in shown[topic]], parts)
        covered = [seen.valid for seen in looks if seen.valid is not None]
        masks = {topic: self._mask(shown[topic], scene, box) for topic in topics}
        return Seen(
            masks,
            np.logical_and.reduce(covered) if covered else None,
            distinct(said),
            {
                topic: found
                for topic in topics
                if (
                    found := _one_layer(
                        [seen.features.get(part) for seen, part in shown[topic]], topic, parts
                    )
                )
            },
            {
                topic: unsure
                for topic in topics
                if (unsure := _unsure(shown[topic], masks[topic], self.corrections is not None)) is not None
            },
        )

    def features(self, scene: Scene, topics: Sequence[str]) -> dict[str, Features]:
        """The features of topics that vector layers alone show; see ``planimeter.segment.base.features_in``.

        Several layers of one kind are one: each of their features is counted. Where a label raster shows the topic too,
        where its layers are of different kinds, and where it is composed of others, only pixels can be put together.
        """
        found: dict[str, Features] = {}
        for topic in topics:
            sources = (
                [self.fallback] if self._by_fallback(topic) else [s for s in self.maps if topic in s.topics]
            )
            layers = [
                features_in(source, scene, [topic]).get(topic) for source in sources if source is not None
            ]
            layer = _one_layer(layers, topic, {})
            if layer is not None:
                found[topic] = layer
        return found

    def confusion(self, topic: str) -> Confusion | None:
        """How masks of a topic err, where one source alone shows it, uncorrected; see ``confusion_in``."""
        if self.corrections is not None:
            return None
        parts = parts_of(topic, self._mapped)
        showing = [source for source in self.maps if any(part in source.topics for part in parts)]
        if self.fallback is not None and self._by_fallback(topic):
            showing = [self.fallback]
        return confusion_in(showing[0], topic) if len(showing) == 1 else None

    def correctable(self, topics: Sequence[str]) -> tuple[str, ...]:
        """Of topics and their parts, those that ``corrections`` may change: shown as pixels, not composed."""
        own, layered = self._own, self.layered
        parts = dict.fromkeys(part for topic in topics for part in parts_of(topic, own))
        return tuple(part for part in parts if part not in layered)

    def with_corrections(self, corrections: Corrections) -> StackSegmenter:
        """The same, as a person corrected it.

        Args:
            corrections: take the place of those it has.
        """
        return StackSegmenter(self.maps, self.uncorrected, corrections)

    def with_map(self, added: Segmenter) -> StackSegmenter:
        """The same with one more map.

        Args:
            added: its word counts as that of the others does.
        """
        return StackSegmenter([*self.maps, added], self.uncorrected, self.corrections)

    def fingerprint(self) -> str:
        """The fingerprints of all sources."""
        corrected = () if self.corrections is None else (self.corrections,)
        return "|".join(source.fingerprint() for source in (*self._sources, *corrected))

    @property
    def _sources(self) -> tuple[Segmenter, ...]:
        return self.maps if self.fallback is None else (*self.maps, self.fallback)

    @property
    def _own(self) -> tuple[str, ...]:
        """Topics that a source shows as its own, not composed."""
        return tuple(dict.fromkeys(topic for source in self._sources for topic in _own_of(source)))

    def _mask(self, shown: Sequence[tuple[Seen, str]], scene: Scene, box: Box | None) -> np.ndarray:
        """The union of what sources show of a topic, or of the parts it is composed of, as it was corrected."""
        if self.corrections is None:
            return _union(shown, shape_of(scene, box))
        parts = dict.fromkeys(part for _, part in shown)
        masks = [
            self.corrections.corrected(
                part,
                _union([each for each in shown if each[1] == part], shape_of(scene, box)),
                scene,
                box,
                self.exclusive,
            )
            for part in parts
        ]
        return np.logical_or.reduce(masks) if masks else np.zeros(shape_of(scene, box), dtype=bool)

    def _asks_fallback_what_counts(self, box: Box | None) -> bool:
        """Whether the fallback says which pixels count, although no topic is asked of it."""
        if self.fallback is None or not self._fallback_judges:
            return False
        return box is None or Abilities.of(self.fallback).parts

    def _by_fallback(self, topic: str) -> bool:
        return (
            self.fallback is not None
            and topic in self.fallback.topics
            and topic not in with_composed(self._mapped)
        )


def _own_of(source: Segmenter) -> tuple[str, ...]:
    return source._own if isinstance(source, StackSegmenter) else tuple(source.topics)


def _union(shown: Sequence[tuple[Seen, str]], shape: tuple[int, int]) -> np.ndarray:
    """(h, w) bool: pixels of any of the masks."""
    if len(shown) == 1:
        return shown[0][0].masks[shown[0][1]]
    masks = [seen.masks[part] for seen, part in shown]
    return np.logical_or.reduce(masks) if masks else np.zeros(shape, dtype=bool)


def _unsure(shown: Sequence[tuple[Seen, str]], mask: np.ndarray, corrected: bool) -> np.ndarray | None:
    """(h, w) bool: where some source is not sure of its part and none shows another for sure; None where all are sure.

    What a person corrected is sure.
    """
    if not any(part in seen.unsure for seen, part in shown):
        return None
    doubts, sure = np.zeros(mask.shape, bool), np.zeros(mask.shape, bool)
    for seen, part in shown:
        doubt = seen.unsure.get(part)
        doubts |= False if doubt is None else doubt
        sure |= seen.masks[part] if doubt is None else seen.masks[part] & ~doubt
    changed = mask != _union(shown, mask.shape) if corrected else False  # type: ignore[arg-type]
    return doubts & ~sure & ~np.asarray(changed)


def _as_pixels(
    topic: str, layers: Sequence[Features | None], parts: Mapping[str, Sequence[str]]
) -> list[Caution]:
    """What is to be said where features lose themselves among the pixels of others."""
    known = [layer for layer in layers if layer is not None]
    if not known or _one_layer(layers, topic, parts) is not None:
        return []
    said = []
    if tuple(parts.get(topic, (topic,))) == (topic,):
        said.append(
            f"{topic} is shown by a vector layer and by something else, so its shapes are connected pixels of both, "
            "not features."
        )
    thin = dict.fromkeys(f"{layer.kind}s" for layer in known if layer.kind != "polygon")
    if thin:
        said.append(
            f"{topic} has {' and '.join(thin)} among its sources, which have no area: of these the pixels that they "
            "lie in were counted."
        )
    return [Caution(sentence, [topic]) for sentence in said]


def _one_layer(
    layers: Sequence[Features | None], topic: str, parts: Mapping[str, Sequence[str]]
) -> Features | None:
    """The features of all sources of a topic as one layer; None where not all of them have some, of one kind."""
    known = [layer for layer in layers if layer is not None]
    composed = tuple(parts.get(topic, (topic,))) != (topic,)
    if composed or not known or len(known) < len(layers) or len({layer.kind for layer in known}) > 1:
        return None
    return together(known)
