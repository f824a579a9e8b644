"""Frozen values with named fields, quick to define.

Like ``dataclasses.dataclass(frozen=True)``, which compiles source text for every class: thirty of them would cost a
third of the time in which a question has to become a program.
"""

from __future__ import annotations

from typing import Any, TypeVar, dataclass_transform

R = TypeVar("R", bound="Record")


@dataclass_transform(frozen_default=True)
class Record:
    """Base of immutable values that are equal when their class and all their fields are.

    >>> class Point(Record):
    ...     x: float
    ...     y: float = 0.0
    >>> Point(1.0) == Point(x=1.0, y=0.0), replace(Point(1.0), y=2.0)
    (True, Point(x=1.0, y=2.0))
    """

    __match_args__: tuple[str, ...] = ()

    def __init_subclass__(cls) -> None:
        type.__setattr__(cls, "__match_args__", tuple(vars(cls).get("__annotations__", ())))

    def __init__(self, *values: Any, **named: Any) -> None:
        names = self.__match_args__
        if len(values) > len(names):
            raise TypeError(f"{type(self).__name__} takes {len(names)} fields")
        own = self.__dict__
        own.update(zip(names, values, strict=False))
        for name, value in named.items():
            if name not in names or name in own:
                raise TypeError(f"{type(self).__name__} has no free field {name}")
            own[name] = value
        for name in names[len(values) :]:
            if name not in own:
                own[name] = getattr(type(self), name)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is frozen")

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *fields(self)))

    def __repr__(self) -> str:
        inside = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__match_args__)
        return f"{type(self).__name__}({inside})"


def fields(value: Record) -> tuple[Any, ...]:
    """The values of all fields, in order."""
    return tuple(getattr(value, name) for name in value.__match_args__)


def replace(value: R, **changes: Any) -> R:
    """The same value with some fields changed."""
    kept = {name: getattr(value, name) for name in value.__match_args__ if name not in changes}
    return type(value)(**kept, **changes)


def every(value: Any, kinds: Any) -> list[Any]:
    """All values of some types inside a value, itself included, outer ones first.

    >>> class Inner(Record):
    ...     x: float
    >>> class Outer(Record):
    ...     parts: tuple[Inner, ...]
    >>> every(Outer((Inner(1.0), Inner(2.0))), Inner)
    [Inner(x=1.0), Inner(x=2.0)]
    """
    found = [value] if isinstance(value, kinds) else []
    inside = value if isinstance(value, tuple) else fields(value) if isinstance(value, Record) else ()
    for item in inside:
        found += every(item, kinds)
    return found
