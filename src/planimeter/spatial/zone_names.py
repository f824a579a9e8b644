"""What zones are called: by an attribute that is named, by the only one that suits, or by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planimeter.errors import LabelError
from planimeter.raster.vector_source import VectorSource
from planimeter.raster.vectorfile import read_attribute, read_texts


def names_of(source: VectorSource, field: str | None, numbers: Sequence[int]) -> tuple[list[str], str]:
    """The names of features, and a sentence on where they come from where nobody said so.

    Args:
        source: the layer.
        field: the attribute that names them. None: the only attribute of text that says something else of each feature
            of the layer, so that names do not hang on which of them a scene shows; where there is none, or are
            several, their numbers in the file.
        numbers: of the features that are asked for.

    Raises:
        LabelError: the file cannot be read, or has no such attribute.
    """
    if field is not None:
        told = read_attribute(source, field)
        return [zone_name(told.get(number), number) for number in numbers], ""
    suited = _telling_apart(source)
    if len(suited) != 1:
        return [zone_name(None, number) for number in numbers], ""
    ((name, told),) = suited.items()
    return [zone_name(told.get(number), number) for number in numbers], (
        f"Zones are called by {name}, the only text that differs from one to the next; --zone-name takes another."
    )


def _telling_apart(source: VectorSource) -> dict[str, dict[int, Any]]:
    """The attributes of text that have another value for each feature of a layer, and none that is empty."""
    try:
        texts = read_texts(source)
    except LabelError:  # several layers, whose attributes are not read together
        return {}
    suited = {}
    for name, told in texts.items():
        names = {zone_name(value, number) for number, value in told.items()}
        if len(names) == len(told) > 0 and all(str(value or "").strip() for value in told.values()):
            suited[name] = told
    return suited


def zone_name(value: Any, number: int) -> str:
    r"""An attribute as a name; numbers that are whole without a fraction.

    Args:
        value: of the attribute, of whatever type.
        number: of the feature, for one that has none.

    >>> zone_name(7.0, 3), zone_name("  Old\ntown ", 3), zone_name(None, 3)
    ('7', 'Old town', 'zone 3')
    """
    if isinstance(value, float):
        value = None if value != value else int(value) if value.is_integer() else value
    text = " ".join("".join(c if c.isprintable() else " " for c in str(value)).split())[:200]
    return text if value is not None and text else f"zone {number}"
