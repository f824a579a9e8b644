"""Which topics share the ground of a scene out between them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planimeter.errors import NotMeasurable
from planimeter.meaning.record import Record, fields, replace
from planimeter.meaning.records import Composition, Holding, Leads, Subject, Together, Which
from planimeter.segment.open import is_open
from planimeter.vocabulary.topics import COMPOSED, TOPICS, topic_of

OTHER_GROUND = "other ground"
"""What tables call the ground that no land cover covers."""


def land_cover(topics: tuple[str, ...], labels: tuple[str, ...] = ()) -> list[str]:
    """Topics that share the ground out: composed ones only where their parts are missing, no objects on top.

    Args:
        topics: those at hand.
        labels: those that one map tells apart, pixel by pixel: beside "urban" as a label, roofs are no part of it.

    >>> land_cover(("vegetation", "forest", "solar", "water", "shrubland"))
    ['forest', 'water', 'shrubland']
    >>> land_cover(("urban", "roof", "solar", "water"), ("urban", "roof", "solar", "water"))
    ['urban', 'water', 'solar', 'roof']
    """
    chosen = []
    for topic in (*TOPICS, *(topic for topic in topics if topic not in TOPICS)):
        if topic not in topics or (topic_of(topic).upon is not None and topic not in labels):
            continue
        if topic == "vegetation" and any(part in topics for part in COMPOSED[topic]):
            continue
        if topic in COMPOSED["urban"] and "urban" in topics and not {topic, "urban"} <= set(labels):
            continue
        chosen.append(topic)
    return chosen


def among_labels(meaning: Any, topics: tuple[str, ...], exclusive: tuple[tuple[str, ...], ...]) -> Any:
    """A question after the land covers, spelled out where one map alone tells them apart."""
    if isinstance(meaning, Together):
        return Together(tuple(among_labels(part, topics, exclusive) for part in meaning.parts))
    if len(exclusive) != 1 or not isinstance(meaning, Which | Leads | Composition) or meaning.options:
        return meaning
    covers = land_cover(topics, exclusive[0])
    if covers == land_cover(topics):
        return meaning
    return replace(meaning, options=tuple(Subject((topic,)) for topic in covers))


def around_labels(value: Any, exclusive: tuple[tuple[str, ...], ...], of: Subject | None = None) -> Any:
    """A meaning in which regions hold what they surround, where labels of one map exclude each other.

    A building on a field is a hole in the field there: no pixel is both.

    Args:
        value: a meaning, or a part of one.
        exclusive: groups of topics no two of which ever share a pixel.
        of: the regions that the part is a condition on.
    """
    if isinstance(value, tuple):
        return tuple(around_labels(item, exclusive, of) for item in value)
    if isinstance(value, Holding):
        reference = around_labels(value.reference, exclusive)
        topics = {*(of.topics if of is not None else ()), *reference.topics}
        return replace(value, reference=reference, around=any(topics <= set(group) for group in exclusive))
    if isinstance(value, Record):
        inner = getattr(value, "of", None)
        of = value if isinstance(value, Subject) else inner if isinstance(inner, Subject) else of
        return type(value)(*(around_labels(item, exclusive, of) for item in fields(value)))
    return value


def land_covers(offered: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The land covers of scenes whose maps know different ones, all of them.

    Args:
        offered: the topics of each scene.

    Raises:
        NotMeasurable: some maps name as a whole what others name by its kinds.

    >>> land_covers([("water", "forest"), ("grass", "water")])
    ('forest', 'grass', 'water')
    """
    every_topic = dict.fromkeys(topic for topics in offered for topic in topics)
    if any(is_open(topics) for topics in offered):
        every_topic |= dict.fromkeys(TOPICS)
    covers = tuple(land_cover(tuple(every_topic)))
    for topics in offered:
        for topic in land_cover(topics):
            if topic not in covers:
                raise NotMeasurable(
                    f"The maps of these scenes divide the land differently, because only some show {topic} as one "
                    "land cover; ask for the areas, or ask the scenes apart."
                )
    return covers
