"""Walking over meanings: what they are about, and adding conditions to it."""

from __future__ import annotations

from typing import Any

from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import Record, every, fields, replace
from planimeter.meaning.records import (
    Away,
    ByPart,
    Condition,
    Holding,
    Inside,
    Subject,
    Touching,
    WhichPart,
)
from planimeter.vocabulary.topics import topic_of


def contains(value: Any, name: str) -> bool:
    """Whether a record of this class name stands anywhere in a meaning."""
    return any(type(record).__name__ == name for record in every(value, Record))


def subjects(value: Any) -> list[Subject]:
    """What a meaning is about: its subjects without those that conditions refer to."""
    if isinstance(value, Subject):
        return [value]
    if isinstance(value, Condition):
        return []
    if isinstance(value, WhichPart | ByPart):  # the parts of the image are no more than where it is asked
        return subjects(value.of)
    items = value if isinstance(value, tuple) else fields(value) if isinstance(value, Record) else ()
    return [subject for item in items for subject in subjects(item)]


def mentions(value: Any, topics: tuple[str, ...]) -> bool:
    """Whether a meaning is about regions of these topics (conditions' references do not count)."""
    return any(subject.topics == topics for subject in subjects(value))


def restrict(value: Any, conditions: tuple[Condition, ...], topics: tuple[str, ...]) -> Any:
    """Add conditions to what the question is about, or, where a noun was named, to the regions of that noun."""
    about = not topics or mentions(value, topics)
    if not about and not named_anywhere(value, topics):
        left = topic_of(topics[0]).many
        raise NotUnderstood(
            f'The question leaves out {left}, but does not ask about any; for what stands apart from them say "that do '
            f'not touch {left}".'
        )
    return add_conditions(value, conditions, topics, references=not about)


def named_anywhere(value: Any, topics: tuple[str, ...]) -> bool:
    """Whether any subject of a meaning, references included, has exactly these topics."""
    return any(subject.topics == topics for subject in every(value, Subject))


def add_conditions(
    value: Any, conditions: tuple[Condition, ...], topics: tuple[str, ...], references: bool
) -> Any:
    """A meaning with more conditions on its subjects of these topics (all of them for none), or on its references."""
    if isinstance(value, Subject):
        if not references and (not topics or value.topics == topics):
            return replace(value, where=(*value.where, *conditions))
        if references:
            return replace(value, where=add_conditions(value.where, conditions, topics, references))
        return value
    if isinstance(value, WhichPart | ByPart):
        return replace(value, of=add_conditions(value.of, conditions, topics, references))
    if isinstance(value, (Away, Inside, Touching, Holding)):
        if references and value.reference.topics == topics:
            return replace(
                value, reference=replace(value.reference, where=(*value.reference.where, *conditions))
            )
        return value
    if isinstance(value, Condition):
        return value
    if isinstance(value, tuple):
        return tuple(add_conditions(item, conditions, topics, references) for item in value)
    if isinstance(value, Record):
        changed = (add_conditions(item, conditions, topics, references) for item in fields(value))
        return type(value)(*changed)
    return value


def lying_in(cover: Subject) -> tuple[Condition, ...]:
    """The conditions that ground meets which is a cover, with what narrows that cover said of the ground itself.

    "The left half that is forest within 50 m of water" is ground of the forest that lies within 50 m of water, where
    "forest within 50 m of water", as something to lie in, would be whole patches.

    Args:
        cover: what the ground is; of separate regions ("lakes within 50 m of a road") the whole ones are meant.
    """
    whole = cover.kind == "thing" or cover.regions or cover.pick is not None
    places = () if whole else tuple(value for value in cover.where if not of_size(value))
    if not places:
        return (Inside(cover),)
    kept = tuple(value for value in cover.where if of_size(value))
    return (Inside(replace(cover, where=kept)), *places)
