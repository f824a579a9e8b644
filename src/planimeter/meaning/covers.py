"""Which topics share the ground of a scene out between them."""

from __future__ import annotations

from typing import Any

from planimeter.meaning.record import replace
from planimeter.meaning.records import Composition, Leads, Subject, Which
from planimeter.vocabulary.topics import COMPOSED, TOPICS, topic_of


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
    if len(exclusive) != 1 or not isinstance(meaning, Which | Leads | Composition) or meaning.options:
        return meaning
    covers = land_cover(topics, exclusive[0])
    if covers == land_cover(topics):
        return meaning
    return replace(meaning, options=tuple(Subject((topic,)) for topic in covers))
