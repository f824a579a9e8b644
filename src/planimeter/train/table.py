"""Configurations as YAML holds them: tables whose every key and value is checked."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from planimeter.errors import UsageError

PRECISIONS = ("no", "bf16")
_WORDS = {float: "a number", int: "a whole number", str: "text, in quotes", bool: "true or false"}


def load_table(path: str | Path) -> dict[str, Any]:
    """The table of keys and values that a YAML file holds.

    Raises:
        UsageError: it cannot be read, is no YAML, or holds something else.
    """
    import yaml

    place = Path(path)
    try:
        given = yaml.safe_load(place.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{place.name} cannot be read ({error.strerror}): give a YAML file.") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise UsageError(f"{place.name} is no YAML: {str(error).splitlines()[0]}; correct it.") from error
    if not isinstance(given, dict):
        raise UsageError(f"{place.name} must be a table of keys and values.")
    return given


def build_table(kind: Any, given: Any, place: str, **built: Any) -> Any:
    """A dataclass from a table of the file, every key and the type of every value checked.

    Args:
        kind: the dataclass.
        given: the table.
        place: where it stands in the file, for errors; empty for the file itself.
        built: fields that are no keys of the table.

    Raises:
        UsageError: a key nobody knows, one that is missing, or a value of another type.
    """
    table = table_in(given, place or "the file")
    known = {one.name for one in fields(kind)} - set(built)
    strange = sorted(str(key) for key in table if key not in known)
    if strange:
        raise UsageError(
            f"`{place or 'the file'}` has {', '.join(strange)}; it may have {', '.join(sorted(known))}."
        )
    types_of = typing.get_type_hints(kind)
    values = {key: _frozen(value) for key, value in table.items()}
    for key, value in values.items():
        if not _fits(value, types_of[key]):
            name = f"{place}.{key}" if place else key
            raise UsageError(f"`{name}` is {_shown(value)}: give {_said(types_of[key])}{_hint(value)}.")
    try:
        return kind(**values, **built)
    except TypeError as error:
        raise UsageError(f"`{place or 'the file'}` is not complete: {error}.") from error


def table_in(given: Any, place: str) -> Mapping[str, Any]:
    """A value of the file that must be a table.

    Raises:
        UsageError: it is none.
    """
    if not isinstance(given, Mapping):
        raise UsageError(f"`{place}` must be a table of keys and values.")
    return given


def require_positive(config: Any, place: str, *names: str) -> None:
    """Refuse numbers that are 0 or less; None is none.

    Args:
        config: a dataclass.
        place: where it stands in the file, with a dot behind it; empty for the file itself.
        names: of its fields.

    Raises:
        UsageError: one is.
    """
    for name in names:
        value = getattr(config, name)
        if value is not None and not value > 0:
            raise UsageError(f"`{place}{name}` is {value}: give a number above 0.")


def require_precision(config: Any, place: str) -> None:
    """Refuse a ``precision`` that no training computes in.

    Args:
        config: a dataclass.
        place: as for ``require_positive``.

    Raises:
        UsageError: it is none of ``PRECISIONS``.
    """
    if config.precision not in PRECISIONS:
        raise UsageError(f'`{place}precision` is {config.precision!r}: give "no" or "bf16".')


def _frozen(value: Any) -> Any:
    """Lists as tuples, also inside tables."""
    if isinstance(value, dict):
        return {key: _frozen(one) for key, one in value.items()}
    return tuple(_frozen(one) for one in value) if isinstance(value, list) else value


def _fits(value: Any, kind: Any) -> bool:
    """Whether a value is of a type, as annotations of configurations write it."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return any(_fits(value, each) for each in inside)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if inside[1:] == (...,):
            return all(_fits(each, inside[0]) for each in value)
        return len(value) == len(inside) and all(map(_fits, value, inside))
    if origin is dict:
        return isinstance(value, dict) and all(
            _fits(key, inside[0]) and _fits(each, inside[1]) for key, each in value.items()
        )
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, kind)


def _said(kind: Any) -> str:
    """A type in words."""
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin in (types.UnionType, typing.Union):
        return " or ".join(_said(each) for each in inside if each is not types.NoneType)
    if origin is tuple:
        many = "" if inside[1:] == (...,) else f" of {len(inside)}"
        return f"a list{many}, each {_said(inside[0])}"
    if origin is dict:
        return f"a table of {_said(inside[0])} to {_said(inside[1])}"
    return _WORDS.get(kind, "a table")


def _shown(value: Any) -> str:
    text = repr(list(value) if isinstance(value, tuple) else value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _hint(value: Any) -> str:
    """How a number is written that YAML takes for text, such as 1e-3."""
    try:
        number = Decimal(value) if isinstance(value, str) else Decimal("nan")
    except InvalidOperation:
        return ""
    return f" (such as {number:f}; YAML takes this for text)" if number.is_finite() else ""
