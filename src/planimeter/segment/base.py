"""The segmenter protocol: one look, a scene and topics in, one exact mask per topic out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from planimeter.errors import ModelError, NotMeasurable
from planimeter.raster import Scene
from planimeter.segment.open import OpenTopics
from planimeter.spatial.features import Features
from planimeter.spatial.runs import Box
from planimeter.vocabulary.topics import COMPOSED, JOINED, Topic

if TYPE_CHECKING:
    from planimeter.segment.inference.adjusted import Confusion


@dataclass(frozen=True)
class Seen:
    """What a segmenter sees when it looks at a scene, or at a part of one, once.

    Attributes:
        masks: topic → (h, w) bool, True = topic, of the scene or of the box; at least the topics asked for.
        valid: (h, w) bool, pixels it has an opinion on, whatever was asked; None when that is all of them.
        cautions: what a reader of an answer from these masks should know, one sentence each; a ``Caution`` where a
            sentence is about some topics only.
        features: topic → the features of a vector layer, those of the whole scene whatever the box, where the topic's
            pixels are theirs and nothing else's.
        unsure: topic → (h, w) bool, where it is not sure whether the topic is there; only of topics whose certainty is
            known.
    """

    masks: dict[str, np.ndarray]
    valid: np.ndarray | None = None
    cautions: tuple[str, ...] = ()
    features: dict[str, Features] = field(default_factory=dict)
    unsure: dict[str, np.ndarray] = field(default_factory=dict)


class Caution(str):
    """A sentence about some of the topics that were asked for: it goes where their masks go.

    Args:
        sentence: what a reader should know.
        topics: what it is about.

    Example:
        >>> Caution("Water is a guess.", ["water"]), Caution("Water is a guess.", ["water"]).topics
        ('Water is a guess.', ('water',))
    """

    topics: tuple[str, ...]

    def __new__(cls, sentence: str, topics: Iterable[str] = ()) -> Caution:
        caution = super().__new__(cls, sentence)
        caution.topics = tuple(topics)
        return caution


def about(cautions: Iterable[str], topic: str) -> tuple[str, ...]:
    """The sentences that concern a topic: those about it, and those that name no topic.

    Example:
        >>> about([Caution("A guess.", ["roof"]), "A pixel is large."], "water")
        ('A pixel is large.',)
    """
    return tuple(
        each for each in cautions if not isinstance(each, Caution) or topic in (each.topics or [topic])
    )


def distinct(cautions: Iterable[str]) -> tuple[str, ...]:
    """Sentences without repetition; one that is said several times is about all that it was said of.

    Example:
        >>> once = distinct([Caution("A guess.", ["roof"]), "A pixel is large.", Caution("A guess.", ["road"])])
        >>> once, once[0].topics
        (('A guess.', 'A pixel is large.'), ('roof', 'road'))
    """
    found: dict[str, str] = {}
    for caution in cautions:
        known = found.get(caution, caution)
        if isinstance(known, Caution) and isinstance(caution, Caution):
            found[caution] = Caution(caution, dict.fromkeys((*known.topics, *caution.topics)))
        else:
            found[caution] = str(caution)
    return tuple(found.values())


@runtime_checkable
class Segmenter(Protocol):
    """Anything that turns a scene into masks.

    It remembers nothing of the scenes it looked at: what it says depends on what it is asked alone, so that threads
    and processes may share it. ``planimeter.segment.memory`` remembers, for all kinds alike. What it can do beyond
    looking at whole scenes it says by the attributes of ``Abilities``.

    Attributes:
        name: how answers name it.
        topics: the topics it offers; composed ones are added by ``StackSegmenter``.
    """

    name: str
    topics: tuple[str, ...]

    def look(self, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
        """Look once at a scene, or at one part of it.

        Args:
            scene: the image.
            topics: what to look for; without any it is only asked which pixels count, and no model need look for that.
            box: (x0, y0, x1, y1) pixels of the scene, half-open; None for all. Only where ``Abilities.parts`` says
                so, and all parts together are then what the whole scene gives, however it is cut.

        Raises:
            NotMeasurable: a topic it does not offer.
        """
        ...

    def fingerprint(self) -> str:
        """A short text that changes when its masks could change."""
        ...


@dataclass(frozen=True)
class Abilities:
    """What a segmenter can do beyond looking at whole scenes: each is an attribute of its own, this where it has none.

    Attributes:
        parts: whether it can look at one part of a scene: what scenes larger than memory need.
        seam: pixels around a part that it looks at as well.
        together: whether all its topics cost it no more than one, so that they are best looked for at once.
        pace: seconds that it may take for a million pixels, on a slow machine, beyond what any answer may take.
        holds: bytes that it needs while it looks, whatever the part: its network and what that computes.
        remembered: whether what it sees is to be remembered; not where it only puts together what others see.
    """

    parts: bool = False
    seam: int = 0
    together: bool = False
    pace: float = 0.0
    holds: int = 0
    remembered: bool = True

    @classmethod
    def of(cls, segmenter: Segmenter) -> Abilities:
        """What a segmenter says it can do.

        Example:
            >>> from planimeter.segment.vector import VectorSegmenter
            >>> Abilities.of(VectorSegmenter("roof", "a.gpkg"))
            Abilities(parts=True, seam=0, together=False, pace=0.0, holds=0, remembered=True)
        """
        said: dict[str, Any] = {
            each.name: getattr(segmenter, each.name, each.default) for each in fields(cls)
        }
        return cls(**said)


def brought_by(segmenter: Segmenter) -> tuple[Topic, ...]:
    """Records of the topics that a segmenter brings, its attribute ``brought``; none where it has none.

    Example:
        >>> from planimeter.segment.vector import VectorSegmenter
        >>> [topic.many for topic in brought_by(VectorSegmenter("bus stop", "stops.gpkg"))]
        ['bus stops']
    """
    return tuple(getattr(segmenter, "brought", ()))


def exclusive_in(segmenter: Segmenter) -> tuple[tuple[str, ...], ...]:
    """Groups of topics no two of which ever share a pixel: a segmenter's attribute ``exclusive``, or none.

    Example:
        >>> from planimeter.segment.vector import VectorSegmenter
        >>> exclusive_in(VectorSegmenter("roof", "a.gpkg"))
        ()
    """
    return tuple(getattr(segmenter, "exclusive", ()))


def layered_in(segmenter: Segmenter) -> tuple[str, ...]:
    """Topics whose shapes may lie on each other: a segmenter's attribute ``layered``, or none.

    Example:
        >>> from planimeter.segment.vector import VectorSegmenter
        >>> layered_in(VectorSegmenter("roof", "a.gpkg"))
        ('roof',)
    """
    return tuple(getattr(segmenter, "layered", ()))


def confusion_in(segmenter: Segmenter, topic: str) -> Confusion | None:
    """How a segmenter's masks of a topic err by pixel, where that was measured: what its method ``confusion`` says.

    Example:
        >>> from planimeter.segment.labels import LabelSegmenter
        >>> confusion_in(LabelSegmenter("a.tif", "worldcover"), "water")
    """
    find = getattr(segmenter, "confusion", None)
    return None if find is None else find(topic)


def look_at(segmenter: Segmenter, scene: Scene, topics: Sequence[str], box: Box | None = None) -> Seen:
    """What a segmenter sees, once it is sure that it can look at parts where it is asked for one.

    Raises:
        ModelError: it can only look at whole scenes.
        NotMeasurable: a topic it does not offer.
    """
    if box is not None and not Abilities.of(segmenter).parts:
        raise ModelError(
            f"{segmenter.name} looks at whole scenes only, and {scene.name} is larger than the memory it may use: "
            "raise --max-memory, or crop the scene with gdal_translate -srcwin."
        )
    return segmenter.look(scene, topics, box)


def features_in(segmenter: Segmenter, scene: Scene, topics: Sequence[str]) -> dict[str, Features]:
    """The features of a whole scene, of those topics that a segmenter knows as such, without any mask.

    They are what `Seen.features` holds; scenes that are larger than memory ask for them here, once. A segmenter that
    has features has a method ``features(scene, topics)``.

    Example:
        >>> from planimeter.segment.labels import LabelSegmenter
        >>> features_in(LabelSegmenter("a.tif", "worldcover"), None, ["water"])
        {}
    """
    find = getattr(segmenter, "features", None)
    return {} if find is None else dict(find(scene, topics))


def shape_of(scene: Scene, box: Box | None) -> tuple[int, int]:
    """(h, w) of a scene, or of a box in it.

    Example:
        >>> from types import SimpleNamespace
        >>> shape_of(SimpleNamespace(height=20, width=30), None), shape_of(None, (1, 2, 5, 9))
        ((20, 30), (7, 4))
    """
    return (scene.height, scene.width) if box is None else (box[3] - box[1], box[2] - box[0])


def with_composed(own: Iterable[str]) -> tuple[str, ...]:
    """A source's topics and those that can be composed from them.

    ``urban`` and ``vegetation`` are composed only where the source lacks them, and only when it has at least
    two of the parts; a part that is missing becomes a caution (see ``composition_cautions``).

    Example:
        >>> with_composed(["roof", "road", "water"])
        ('roof', 'road', 'water', 'urban')
        >>> with_composed(["roof", "water"])
        ('roof', 'water')
        >>> with_composed(["forest", "shrubland"])
        ('forest', 'shrubland', 'vegetation')
    """
    topics = tuple(dict.fromkeys(own))
    extra = tuple(topic for topic in COMPOSED if topic not in topics and len(parts_of(topic, topics)) >= 2)
    return OpenTopics(topics + extra) if isinstance(own, OpenTopics) else topics + extra


def parts_of(topic: str, own: Sequence[str]) -> tuple[str, ...]:
    """The topics of a source whose union is ``topic``: itself, or its parts where it is composed.

    Example:
        >>> parts_of("vegetation", ["forest", "agric", "water"])
        ('forest', 'agric')
        >>> parts_of("vegetation", ["forest", "shrubland", "water"])
        ('forest', 'shrubland')
    """
    if topic in own:
        return (topic,)
    return tuple(part for part in (*COMPOSED.get(topic, ()), *JOINED.get(topic, ())) if part in own)


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
            sentence = (
                f"{topic} was composed of {' and '.join(present)}, because these maps do not show "
                f"{' or '.join(missing)}."
            )
            cautions.append(Caution(sentence, [topic]))
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
