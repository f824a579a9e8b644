"""The segmenter that degrades another one's masks."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from planimeter.errors import NotMeasurable
from planimeter.raster import Scene
from planimeter.segment.base import (
    Abilities,
    Seen,
    Segmenter,
    about,
    brought_by,
    exclusive_in,
    require_topics,
)
from planimeter.segment.memory import look
from planimeter.segment.noise.layers import NoisyLayer, layers_of
from planimeter.segment.noise.pixels import confuse, jitter, punch
from planimeter.segment.noise.regions import drop, merge, split
from planimeter.segment.noise.spec import NoiseSpec
from planimeter.spatial.runs import Box
from planimeter.vocabulary.topics import COMPOSED


class NoisySegmenter:
    """Another segmenter's masks with boundary jitter, holes, drops, splits, merges and class confusion.

    All topics of a scene are degraded together, whatever was asked for, so a mask depends only on the
    source's masks of the scene, the amounts and the seed: not on the order of calls, nor on the topics asked
    with it. Topics that never share ground keep to that; a topic that is the union of others (``urban`` of
    roofs and roads) stays their union. Random choices are shared between amounts: a region drawn to be lost
    at level 0.1 is drawn at 0.2 too.

    Args:
        segmenter: the source of the clean masks.
        level: a ``NoiseSpec``, or one figure x from 0 to 0.9: every topic then has an IoU of 1 - x with its
            clean mask, up to the rounding of whole pixels (a composed topic: usually a little more).
            0 changes nothing.
        seed: another seed makes other errors of the same amount.

    Raises:
        UsageError: the level is out of range.

    Example:
        >>> from planimeter.segment import VectorSegmenter
        >>> NoisySegmenter(VectorSegmenter("water", "lakes.gpkg"), 0.1).name
        'noise(0.1) of vector lakes.gpkg (water)'
    """

    together = True

    def __init__(self, segmenter: Segmenter, level: float | NoiseSpec, seed: int = 0) -> None:
        self.source = segmenter
        self.spec = level if isinstance(level, NoiseSpec) else NoiseSpec.of_level(level)
        self.seed = seed
        written = self.spec.label + (f",seed={seed}" if seed else "")
        self.name = f"noise({written}) of {segmenter.name}"
        self.topics: tuple[str, ...] = tuple(segmenter.topics)
        self.brought = brought_by(segmenter)
        self.exclusive = exclusive_in(segmenter)

    @classmethod
    def from_name(cls, rest: str) -> NoisySegmenter:
        """What ``--segmenter noise:REST`` means: how much (see ``NoiseSpec.parse``), a colon, and a segmenter's name.

        Raises:
            UsageError: the amount is not understood.
            InputError: there is no segmenter of that name.
        """
        from planimeter.segment.find import find_segmenter

        amount, _, name = rest.partition(":")
        spec, seed = NoiseSpec.parse(amount)
        return cls(find_segmenter(name or None), spec, seed)

    @property
    def parts(self) -> bool:
        """Only where nothing is degraded: errors are drawn for a whole scene."""
        return self.spec.is_identity and Abilities.of(self.source).parts

    @property
    def seam(self) -> int:
        """The source's."""
        return Abilities.of(self.source).seam

    @property
    def remembered(self) -> bool:
        """Only where something is degraded; the source's masks are remembered as they are."""
        return not self.spec.is_identity

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """The source's masks, wrong on purpose, and its opinion on which pixels count; see ``Segmenter.look``.

        Raises:
            NotMeasurable: a topic that the source does not offer.
        """
        require_topics(topics, self.topics, self.name)
        if self.spec.is_identity or not topics:
            return look(self.source, scene, topics, box)
        try:
            seen = look(self.source, scene, self.topics)
        except NotMeasurable:  # this scene lacks what one of them needs
            seen = look(self.source, scene, self._seen_in(scene, topics))
        noisy = degraded(seen.masks, self.spec, self.seed)
        theirs = [each for each in seen.cautions if any(about([each], topic) for topic in topics)]
        ours = f"The masks were degraded on purpose (noise {self.spec.label}): this answer is no measurement."
        return Seen({topic: noisy[topic] for topic in topics}, seen.valid, (*theirs, ours))

    def _seen_in(self, scene: Scene, topics: Sequence[str]) -> tuple[str, ...]:
        """All topics that the source can see in a scene; what is asked is among them, for it to refuse."""
        parts = Abilities.of(self.source).parts

        def can(topic: str) -> bool:
            try:
                look(self.source, scene, [topic], (0, 0, 1, 1) if parts else None)
            except NotMeasurable:
                return False
            return True

        return tuple(topic for topic in self.topics if topic in topics or can(topic))

    def fingerprint(self) -> str:
        """Amounts and seed, and the source's fingerprint."""
        return f"noise:{self.spec}:{self.seed}|{self.source.fingerprint()}"


def degraded(masks: dict[str, np.ndarray], spec: NoiseSpec, seed: int = 0) -> dict[str, np.ndarray]:
    """Masks of one scene with noise.

    Args:
        masks: topic → (H, W) bool; all topics of the scene, for what one loses another may gain.
        spec: how much.
        seed: which errors of that amount.

    Returns:
        topic → (H, W) bool, new arrays.

    Example:
        >>> clean = {"water": np.pad(np.ones((20, 20), dtype=bool), 10)}
        >>> noisy = degraded(clean, NoiseSpec.of_level(0.25))["water"]
        >>> (noisy & clean["water"]).sum() / (noisy | clean["water"]).sum()
        np.float64(0.75)
    """
    unions = {topic: parts for topic in masks if (parts := _union_parts(topic, masks))}
    own = {topic: mask for topic, mask in masks.items() if topic not in unions}
    noisy: dict[str, np.ndarray] = {}
    for layer in layers_of(own):
        if layer.clean.size:
            # The clean labels are the scene's identity: the same picture at another path gets the same noise.
            _degrade(layer, spec, seed, hashlib.blake2b(layer.clean.tobytes(), digest_size=16).hexdigest())
        noisy.update(layer.masks())
    for topic, parts in unions.items():
        noisy[topic] = np.logical_or.reduce([noisy[part] for part in parts])
    return {topic: noisy[topic] for topic in masks}


def _degrade(layer: NoisyLayer, spec: NoiseSpec, seed: int, scene_key: str) -> None:
    key = (seed, scene_key)
    labels = [(index + 1, topic) for index, topic in enumerate(layer.topics)]
    if spec.drops:
        for label, topic in labels:
            drop(layer, label, spec.drops, topic, *key)
    if spec.confusion:
        confuse(layer, spec.confusion, *key)
    if spec.jitter:
        jitter(layer, spec.jitter, *key)
    if spec.splits:
        for label, topic in labels:
            split(layer, label, spec.splits, topic, *key)
    if spec.merges:
        room = np.floor(spec.merges / 4 * layer.counts(layer.clean))
        room[0] = np.inf  # ground of no topic
        for label, topic in labels:
            merge(layer, label, spec.merges, room, topic, *key)
    for label, topic in labels:
        punch(layer, label, _hole_pixels(layer, label, spec), topic, *key)


def _hole_pixels(layer: NoisyLayer, label: int, spec: NoiseSpec) -> int:
    """How many correct pixels holes must take: a stated share, or what is left to the stated IoU."""
    clean, now = layer.clean == label, layer.labels == label
    if spec.iou is None:
        return round(spec.holes * np.count_nonzero(clean))
    shared = np.count_nonzero(clean & now)
    union = np.count_nonzero(clean | now)  # does not change when a correct pixel is lost
    return round(shared - spec.iou * union)


def _union_parts(topic: str, masks: dict[str, np.ndarray]) -> tuple[str, ...]:
    """The parts a topic of this scene is exactly the union of, or nothing."""
    parts = tuple(part for part in COMPOSED.get(topic, ()) if part in masks and part != topic)
    if len(parts) < 2:
        return ()
    return (
        parts if np.array_equal(np.logical_or.reduce([masks[part] for part in parts]), masks[topic]) else ()
    )
