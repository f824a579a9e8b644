"""Which topics share the ground of a scene out between them."""

from __future__ import annotations

from planimeter.vocabulary.topics import COMPOSED, TOPICS, topic_of


def land_cover(topics: tuple[str, ...]) -> list[str]:
    """Topics that share the ground out: composed ones only where their parts are missing, no objects on top.

    >>> land_cover(("vegetation", "forest", "solar", "water", "shrubland"))
    ['forest', 'water', 'shrubland']
    """
    chosen = []
    for topic in (*TOPICS, *(topic for topic in topics if topic not in TOPICS)):
        if topic not in topics or topic_of(topic).upon is not None:
            continue
        if topic == "vegetation" and any(part in topics for part in COMPOSED[topic]):
            continue
        if topic in COMPOSED["urban"] and "urban" in topics:
            continue
        chosen.append(topic)
    return chosen
