"""Conditions that cannot be met, or that mean nothing of the regions they are on."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations

from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.meaning.records import (
    Away,
    Bounds,
    Condition,
    Core,
    Either,
    Holding,
    Inside,
    Size,
    Spaced,
    Subject,
    Touching,
)
from planimeter.vocabulary.topics import EVERYWHERE, topic_of


def flat(conditions: tuple[Condition, ...]) -> Iterator[Condition]:
    """Conditions, and those inside of an "either … or"."""
    for value in conditions:
        if isinstance(value, Either):
            for option in value.options:
                yield from flat(option)
        else:
            yield value


def capital(text: str) -> str:
    """A sentence's beginning."""
    return text[0].upper() + text[1:]


def many(regions: Subject) -> str:
    """Regions as refusals call them."""
    return " and ".join(topic_of(topic).many for topic in regions.topics)


def is_stuff(regions: Subject) -> bool:
    """Whether single ones of them cannot be told apart."""
    return regions.kind == "stuff" and not regions.regions


def no_single(regions: Subject) -> str:
    """The sentence that refuses to count them."""
    if regions.topics == ("road",):
        return (
            f"Single {regions.said} cannot be told apart: in a mask they run together, and in a layer of lines one is "
            "often several features; ask for their total length or area, or for the number of road segments: features "
            "of a layer, or separate regions of a mask."
        )
    several = topic_of(regions.topics[0], counted=False).many
    return f"Single {regions.said} cannot be told apart in a mask; ask for their area, or for {several}."


def check_sizes(conditions: tuple[Condition, ...]) -> None:
    """Refuse sizes that no region can have, said in two conditions ("larger than 2 ha but smaller than 1 ha").

    Raises:
        NotUnderstood: there are such.
    """
    bounds = [value.bounds for value in conditions if isinstance(value, Size)]
    for one in bounds:
        for other in bounds:
            if one.low is None or other.high is None or one.dimension != other.dimension:
                continue
            # "50 to 100 m² and 100 to 200 m²" are two classes, of which 100 m² is all that they share.
            classes = one is not other and one.high is not None and other.low is not None
            meet = classes and one.low.base == other.high.base
            if meet or Bounds(one.low, other.high, one.low_closed, other.high_closed).empty():
                raise NotUnderstood(
                    "No size lies between the limits in the question; check them, or ask for one class of sizes after "
                    "the other."
                )


def check_distances(conditions: tuple[Condition, ...]) -> None:
    """Refuse distances to one thing that nothing has ("within 20 m of water and more than 50 m from water").

    Raises:
        NotUnderstood: there are such.
    """
    places = [value for value in conditions if isinstance(value, Away) and not value.entirely]
    for one, other in permutations(places, 2):
        if one.reference.topics != other.reference.topics or one.reference.where != other.reference.where:
            continue
        if one.reference.pick != other.reference.pick or one.bounds.low is None or other.bounds.high is None:
            continue
        if Bounds(one.bounds.low, other.bounds.high, one.bounds.low_closed, other.bounds.high_closed).empty():
            raise NotUnderstood("No distance lies between the limits in the question; check them.")


def check_condition(regions: Subject, condition: Condition) -> None:
    """Refuse a condition that nothing, or nothing of these regions, can meet.

    Raises:
        NotMeasurable: the regions are held against themselves, or cannot be told apart.
        NotUnderstood: its limits leave nothing, or what it asks is open.
    """
    if isinstance(condition, (Size, Away, Core, Spaced)) and condition.bounds.empty():
        raise NotUnderstood("No size or distance lies between the limits in the question; check them.")
    if isinstance(condition, Spaced):
        _told_apart(regions)
    if isinstance(condition, Holding):
        _holds(regions, condition)
    if not isinstance(condition, (Away, Inside, Touching, Holding)):
        return
    if set(regions.topics) & set(condition.reference.topics):
        if isinstance(condition, Away):
            raise NotMeasurable(
                f"Each of the {many(regions)} lies at no distance from itself; for the others of them say "
                f'"another {topic_of(regions.topics[0]).one}", or name another topic.'
            )
        if isinstance(condition, Holding):
            raise NotMeasurable(
                f"{capital(many(regions))} do not hold {many(regions)} themselves; name another topic."
            )
        verb = "touches" if isinstance(condition, Touching) else "lies in"
        raise NotMeasurable(
            f"What {verb} {many(regions)} cannot be {many(regions)} themselves; name another topic."
        )


def _told_apart(regions: Subject) -> None:
    """Refuse neighbours of what is no single thing, or of several kinds."""
    if len(regions.topics) > 1 or EVERYWHERE in regions.topics:
        raise NotUnderstood("Neighbours are those of one kind of thing; ask of one kind after the other.")
    if regions.kind != "thing" and not regions.regions and not topic_of(regions.topics[0]).counted:
        raise NotMeasurable(no_single(regions))


def _holds(regions: Subject, condition: Holding) -> None:
    """Refuse regions that hold nothing: objects, covers as a whole; and numbers that there cannot be."""
    reference = condition.reference
    if condition.bounds.empty():
        raise NotUnderstood("No number lies between the limits in the question; check them.")
    if EVERYWHERE in (*regions.topics, *reference.topics) or not (regions.kind == "thing" or regions.regions):
        raise NotUnderstood(
            'What holds them? Ask of single regions, such as "how many fields contain a building".'
        )
    if is_stuff(reference) and not (condition.some or condition.none):
        raise NotMeasurable(no_single(reference))
    if reference.pick is not None:
        raise NotUnderstood(
            "Which region holds the largest or smallest of them is one place; ask where that lies instead."
        )
