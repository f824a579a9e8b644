"""Meanings of two dates: which they are, the same meaning at the earlier date, and what refuses them."""

from __future__ import annotations

from typing import Any

from planimeter.errors import NotMeasurable
from planimeter.meaning.covers import land_cover
from planimeter.meaning.record import Record, every, fields, replace
from planimeter.meaning.records import (
    Changed,
    ChangedMost,
    Matched,
    NetChange,
    Subject,
    Threshold,
    Together,
    Transitions,
    Turnover,
)
from planimeter.vocabulary.topics import topic_of

OF_TWO_DATES = (Changed, NetChange, Matched, Turnover, Transitions, ChangedMost)

#: A thing has grown, or shrunk, where its area differs by more than this part of what it was.
GROWN = 0.1


def is_of_two_dates(meaning: Any) -> bool:
    """Whether a meaning compares two dates.

    >>> is_of_two_dates(Changed(Subject(("forest",)), "lost")), is_of_two_dates(Subject(("forest",)))
    (True, False)
    """
    return any(
        isinstance(value, OF_TWO_DATES) or value.before or bool(value.fate)
        for value in every(meaning, (*OF_TWO_DATES, Subject))
    )


def asks_for_any_change(meaning: Threshold) -> bool:
    """Whether a judgement is on any change at all ("Did the forest shrink?"), which needs no unit of area.

    >>> from planimeter.meaning.records import Bounds
    >>> from planimeter.vocabulary.units import HECTARE, Measure
    >>> lost, none, much = Changed(Subject(("forest",)), "lost"), Measure(0, HECTARE), Measure(2, HECTARE)
    >>> [asks_for_any_change(Threshold(lost, bounds)) for bounds in (Bounds(none), Bounds(none, much))]
    [True, False]
    """
    low, high, closed = meaning.bounds.low, meaning.bounds.high, meaning.bounds.low_closed
    more_than_nothing = low is not None and low.base == 0 and high is None and not closed
    return more_than_nothing and not meaning.equal and is_of_two_dates(meaning.of)


def earlier(value: Any) -> Any:
    """The same meaning, with everything as it was at the earlier date.

    >>> earlier(Subject(("forest",))).before
    True
    """
    if isinstance(value, tuple):
        return tuple(earlier(item) for item in value)
    if not isinstance(value, Record):
        return value
    moved = type(value)(*(earlier(item) for item in fields(value)))
    return replace(moved, before=True) if isinstance(moved, Subject) else moved


def topics_of_both(meaning: Any, topics: tuple[str, ...], before: tuple[str, ...] | None) -> tuple[str, ...]:
    """The topics that a meaning of two dates can be measured with: those that both dates show.

    Args:
        meaning: as understood.
        topics: of the later date.
        before: of the earlier; None where there is none.

    Raises:
        NotMeasurable: there is no earlier date, or it does not show what is asked of.
    """
    if before is None:
        raise NotMeasurable(
            "What changed is seen from two images of one place: give the earlier one with --before IMAGE, and where "
            "labels are given its own with --before-labels FILE."
        )
    for topic in _asked(meaning):
        if topic in topics and topic not in before:
            raise NotMeasurable(
                f"The earlier date does not show {topic_of(topic).mass or topic}: it has {', '.join(before)}; add a "
                "source with --before-labels or --before-vector."
            )
    both = tuple(topic for topic in topics if topic in before)
    if not both:
        raise NotMeasurable("The two dates show no topic in common: give maps of the same topics for both.")
    return both


def told_apart(meaning: Any, topics: tuple[str, ...], exclusive: tuple[tuple[str, ...], ...]) -> Any:
    """A question after every land cover, with those spelled out that both dates tell apart.

    >>> [cover.topics[0] for cover in told_apart(Transitions(), ("water", "roof"), (("water", "roof"),)).covers]
    ['water', 'roof']
    """
    if isinstance(meaning, Together):
        return Together(tuple(told_apart(part, topics, exclusive) for part in meaning.parts))
    if not isinstance(meaning, Transitions | Turnover) or meaning.covers:
        return meaning
    labels = exclusive[0] if len(exclusive) == 1 else ()
    asked: list[str] = []
    if isinstance(meaning, Transitions):
        asked = [topic for side in (meaning.of, meaning.to) if side is not None for topic in side.topics]
    own = [topic for topic in labels if topic in topics]
    if not own or not set(asked) <= set(own):  # what no one map tells apart by itself
        own = land_cover(topics, labels) or list(topics)
    covers = dict.fromkeys((*asked, *own))
    return replace(meaning, covers=tuple(Subject((topic,)) for topic in covers))


def _asked(value: Any) -> list[str]:
    """Every topic that a meaning names."""
    named = (topic for subject in every(value, Subject) for topic in subject.topics)
    return [topic for topic in named if not topic.startswith("*")]
