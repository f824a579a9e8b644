"""What may be asked of an image: topics it shows, thresholds and distances that make sense on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots, in_order
from planimeter.vocabulary.topics import topic_of

DISTANCES = (50.0, 100.0, 200.0, 500.0)  # metres; the ones SQuID prints
LARGER_THAN = (0.5, 1.0, 2.0, 5.0)  # hectares, for conditions on size
SMALLEST_SHARE = 0.05  # per cent of the image below which a topic counts as not being there


def askable(view: SceneView, among: Sequence[str] | None = None) -> list[str]:
    """Topics of a view that questions have words for, those present first."""
    topics = [topic for topic in among or in_order(view.topics) if topic in view.topics]
    return sorted(topics, key=lambda topic: view.share(topic) < SMALLEST_SHARE)


def pairs(view: SceneView, targets: Sequence[str] | None = None) -> Iterator[tuple[str, str]]:
    """Two topics of which neither contains the other."""
    for target in askable(view, targets):
        for reference in askable(view):
            if target != reference and not _overlap(target, reference):
                yield target, reference


def distances(view: SceneView) -> tuple[float, ...]:
    """Distances that do not reach across the whole scene."""
    return tuple(distance for distance in DISTANCES if distance <= view.extent / 2)


def one_topic(
    view: SceneView, among: Sequence[str] | None = None, with_minimum: bool = True
) -> Iterator[Slots]:
    """One question per topic, with its threshold of table 6."""
    for topic in askable(view, among):
        yield Slots(topic, minimum=topic_of(topic).smallest if with_minimum else None)


def near_pairs(view: SceneView, minima: Sequence[float | None] = (None,)) -> Iterator[Slots]:
    """Every pair of topics at every distance, with each of the size conditions."""
    for target, reference in pairs(view):
        for distance in distances(view):
            for minimum in minima:
                yield Slots(target, reference, minimum=minimum, distance=distance)


def fixed(
    view: SceneView, target: str, reference: str, minimum: float, distance: float, instead: str | None = None
) -> Iterator[Slots]:
    """The one question of a type whose topics, size and distance are fixed; none where labels lack a topic.

    Args:
        instead: a reference that may stand in where the labels do not show ``reference``.
    """
    found = next((topic for topic in (reference, instead) if topic in view.topics), None)
    if target in view.topics and found is not None and distance <= view.extent:
        yield Slots(target, found, minimum=minimum, distance=distance)


def _overlap(first: str, second: str) -> bool:
    """Whether two topics share ground by their meaning, such as urban area and its buildings."""
    one, other = topic_of(first), topic_of(second)
    return (
        first in other.composed_of or second in one.composed_of or one.upon == second or other.upon == first
    )
