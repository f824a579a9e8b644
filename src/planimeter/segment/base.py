"""The segmenter protocol: a scene and topics in, one exact mask per topic out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np

from planimeter.errors import ModelError, NotMeasurable
from planimeter.raster import Scene
from planimeter.segment.open import OpenTopics
from planimeter.spatial import Features
from planimeter.vocabulary.topics import COMPOSED


@runtime_checkable
class Segmenter(Protocol):
    """Anything that turns a scene into masks.

    Attributes:
        name: how answers name it.
        topics: the topics it offers; composed ones are added by ``StackSegmenter``.
    """

    name: str
    topics: tuple[str, ...]

    def masks(self, scene: Scene, topics: Sequence[str]) -> dict[str, np.ndarray]:
        """One (H, W) bool mask per asked topic, True = topic, on the scene's grid.

        Raises:
            NotMeasurable: a topic it does not offer.
        """
        ...

    def valid(self, scene: Scene) -> np.ndarray | None:
        """(H, W) bool: pixels it has an opinion on; None when that is all of them."""
        ...

    def cautions(self, topics: Sequence[str]) -> tuple[str, ...]:
        """What a reader of an answer from these topics should know, one sentence each."""
        ...

    def fingerprint(self) -> str:
        """A short text that changes when its masks could change."""
        ...


@dataclass(frozen=True)
class Part:
    """What a segmenter sees in one part of a scene.

    Attributes:
        masks: topic → (h, w) bool.
        valid: (h, w) bool, pixels it has an opinion on; None when that is all of them.
        cautions: sentences a reader should know, besides those of ``Segmenter.cautions``.
    """

    masks: dict[str, np.ndarray]
    valid: np.ndarray | None = None
    cautions: tuple[str, ...] = ()


@runtime_checkable
class PartSegmenter(Protocol):
    """A segmenter that can look at one part of a scene: what scenes larger than memory need.

    All parts together are what ``masks`` and ``valid`` give for the whole scene, however it is cut.
    """

    def part(self, scene: Scene, topics: Sequence[str], box: tuple[int, int, int, int]) -> Part:
        """What is seen in (x0, y0, x1, y1), pixels of the scene, half-open.

        Without topics it is only asked which pixels count; no model need look for that.

        Raises:
            NotMeasurable: a topic it does not offer.
        """
        ...


def sees_parts(segmenter: Segmenter) -> bool:
    """Whether a segmenter can look at one part of a scene; one made of others says so by ``sees_parts``.

    Example:
        >>> from planimeter.segment.vector import VectorSegmenter
        >>> sees_parts(VectorSegmenter("roof", "a.gpkg"))
        True
    """
    return bool(getattr(segmenter, "sees_parts", isinstance(segmenter, PartSegmenter)))


def seam_of(segmenter: Segmenter) -> int:
    """Pixels around a part that a segmenter looks at as well, its attribute ``seam``; 0 where it has none.

    Example:
        >>> from planimeter.segment.vector import VectorSegmenter
        >>> seam_of(VectorSegmenter("roof", "a.gpkg"))
        0
    """
    return int(getattr(segmenter, "seam", 0))


def part_of(
    segmenter: Segmenter, scene: Scene, topics: Sequence[str], box: tuple[int, int, int, int]
) -> Part:
    """What a segmenter sees in one part of a scene.

    Raises:
        ModelError: it can only look at whole scenes.
        NotMeasurable: a topic it does not offer.
    """
    if not isinstance(segmenter, PartSegmenter):
        raise ModelError(
            f"{segmenter.name} looks at whole scenes only, and {scene.name} is larger than the memory it may use: "
            "raise --max-memory, or crop the scene with gdal_translate -srcwin."
        )
    return segmenter.part(scene, topics, box)


def features_in(segmenter: Segmenter, scene: Scene, topics: Sequence[str]) -> dict[str, Features]:
    """The features of those topics that a segmenter knows as such, from vector layers; others have masks only.

    Example:
        >>> from planimeter.segment.labels import LabelSegmenter
        >>> features_in(LabelSegmenter("a.tif", {"water": [1]}), None, ["water"])
        {}
    """
    find = getattr(segmenter, "features", None)
    return find(scene, topics) if find is not None else {}


def with_composed(own: Iterable[str]) -> tuple[str, ...]:
    """A source's topics and those that can be composed from them.

    ``urban`` and ``vegetation`` are composed only where the source lacks them, and only when it has at least
    two of the parts; a part that is missing becomes a caution (see ``composition_cautions``).

    Example:
        >>> with_composed(["roof", "road", "water"])
        ('roof', 'road', 'water', 'urban')
        >>> with_composed(["roof", "water"])
        ('roof', 'water')
    """
    topics = tuple(dict.fromkeys(own))
    extra = tuple(
        topic
        for topic, parts in COMPOSED.items()
        if topic not in topics and sum(part in topics for part in parts) >= 2
    )
    return OpenTopics(topics + extra) if isinstance(own, OpenTopics) else topics + extra


def parts_of(topic: str, own: Sequence[str]) -> tuple[str, ...]:
    """The topics of a source whose union is ``topic``: itself, or its parts where it is composed.

    Example:
        >>> parts_of("vegetation", ["forest", "agric", "water"])
        ('forest', 'agric')
    """
    if topic in own:
        return (topic,)
    return tuple(part for part in COMPOSED.get(topic, ()) if part in own)


def composition_cautions(topics: Sequence[str], own: Sequence[str]) -> tuple[str, ...]:
    """One sentence for each composed topic that lacks a part.

    Example:
        >>> composition_cautions(["vegetation"], ["forest", "agric"])
        ('vegetation was composed of forest and agric, because these maps do not show grass.',)
    """
    cautions = []
    for topic in topics:
        present = parts_of(topic, own)
        missing = [part for part in COMPOSED.get(topic, ()) if part not in own]
        if topic not in own and missing:
            cautions.append(
                f"{topic} was composed of {' and '.join(present)}, because these maps do not show "
                f"{' or '.join(missing)}."
            )
    return tuple(cautions)


def require_topics(topics: Iterable[str], offered: Sequence[str], name: str) -> None:
    """Refuse topics that a segmenter does not offer.

    Raises:
        NotMeasurable: names the missing topics and what there is.
    """
    missing = [topic for topic in topics if topic not in offered]
    if missing:
        raise NotMeasurable(
            f"{name} has no {' or '.join(repr(str(topic)[:40]) for topic in missing)}: it knows "
            f"{', '.join(offered)}; add a source that shows it with --labels or --vector."
        )
