"""Walking over meanings: what they are about, and adding conditions to it."""

from __future__ import annotations

from typing import Any

from planimeter.errors import NotUnderstood
from planimeter.meaning.record import Record, fields, replace
from planimeter.meaning.records import (
    Away,
    Besides,
    ByPart,
    Condition,
    Either,
    Holding,
    Inside,
    Size,
    Sized,
    Subject,
    Touching,
    WhichPart,
)
from planimeter.vocabulary.topics import topic_of


def contains(value: Any, name: str) -> bool:
    """Whether a record of this class name stands anywhere in a meaning."""
    if type(value).__name__ == name:
        return True
    if isinstance(value, tuple):
        return any(contains(item, name) for item in value)
    if isinstance(value, Record):
        return any(contains(item, name) for item in fields(value))
    return False


def subjects(value: Any) -> list[Subject]:
    """What a meaning is about: its subjects without those that conditions refer to."""
    if isinstance(value, Subject):
        return [value]
    if isinstance(value, Size | Away | Inside | Touching | Holding | Sized | Besides | Either):
        return []
    if isinstance(value, WhichPart | ByPart):  # the parts of the image are no more than where it is asked
        return subjects(value.of)
    items = value if isinstance(value, tuple) else fields(value) if isinstance(value, Record) else ()
    return [subject for item in items for subject in subjects(item)]


def mentions(value: Any, topics: tuple[str, ...]) -> bool:
    """Whether a meaning is about regions of these topics (conditions' references do not count)."""
    if isinstance(value, Subject):
        return value.topics == topics
    if isinstance(value, (Size, Away, Inside, Touching, Holding, Sized, Besides, Either)):
        return False
    if isinstance(value, tuple):
        return any(mentions(item, topics) for item in value)
    if isinstance(value, Record):
        return any(mentions(item, topics) for item in fields(value))
    return False


def restrict(value: Any, conditions: tuple[Condition, ...], topics: tuple[str, ...]) -> Any:
    """Add conditions to what the question is about, or, where a noun was named, to the regions of that noun."""
    subjects = mentions(value, topics) if topics else True
    if topics and not subjects and not named_anywhere(value, topics):
        left = topic_of(topics[0]).many
        raise NotUnderstood(
            f'The question leaves out {left}, but does not ask about any; for what stands apart from them say "that do '
            f'not touch {left}".'
        )
    return add_conditions(value, conditions, topics, references=bool(topics) and not subjects)


def named_anywhere(value: Any, topics: tuple[str, ...]) -> bool:
    """Whether any subject of a meaning, references included, has exactly these topics."""
    if isinstance(value, Subject) and value.topics == topics:
        return True
    if isinstance(value, tuple):
        return any(named_anywhere(item, topics) for item in value)
    if isinstance(value, Record):
        return any(named_anywhere(item, topics) for item in fields(value))
    return False


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
    if isinstance(value, (Size, Sized, Besides, Either)):
        return value
    if isinstance(value, tuple):
        return tuple(add_conditions(item, conditions, topics, references) for item in value)
    if isinstance(value, Record):
        changed = (add_conditions(item, conditions, topics, references) for item in fields(value))
        return type(value)(*changed)
    return value
