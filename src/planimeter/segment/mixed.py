"""Layers of several things: what a feature says that it is, held against the topic that the layer was given for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from planimeter.errors import LabelError, shown_name
from planimeter.raster.vector_source import VectorSource
from planimeter.vocabulary.topics import canonical, topic_of

#: Attributes that say what a feature is, as data sets call them.
_SAYING = frozenset(
    (
        "kind", "class", "type", "subtype", "topic", "category", "label", "fclass", "landuse", "land_use", "landcover",
        "land_cover", "cover", "class_name", "classname",
    )
)  # fmt: skip
_MOST = 3  # values that a sentence lists


def said_to_be_others(source: VectorSource, topic: str, features: Sequence[int]) -> tuple[str, ...]:
    """A sentence where some features of a layer call themselves the topic, and others something else.

    All of a layer is what ``--vector TOPIC=FILE`` calls it; a layer of buildings and lakes in one would be counted as
    so many buildings.

    Args:
        source: the layer.
        topic: what it was given for.
        features: numbers, in the file, of those that are used.
    """
    from planimeter.raster.vectorfile import attribute_names, read_attribute

    try:
        for field in attribute_names(source):
            if field.lower() in _SAYING:
                told = read_attribute(source, field)
                sentence = _sentence(source, topic, field, [told.get(number) for number in features])
                if sentence:
                    return (sentence,)
    except LabelError:
        pass  # attributes that cannot be read say nothing; the geometries were read
    return ()


def _sentence(source: VectorSource, topic: str, field: str, told: Collection[object]) -> str:
    values = Counter(value for value in told if isinstance(value, str))
    own = [value for value in values if canonical(value) == topic]
    others = [
        (value, count) for value, count in values.most_common() if canonical(value) not in (None, topic)
    ]
    if not own or not others:
        return ""
    number = sum(count for _, count in others)
    names = ", ".join(shown_name(value) for value, _ in others[:_MOST])
    more = "" if len(others) <= _MOST else " and others"
    is_said = "1 feature is" if number == 1 else f"{number:,} features are"
    alone = f'"{source.file.name}|where={field} = {shown_name(own[0])}"'
    return (
        f"By the attribute {field}, {is_said} {names}{more}, and counted as {topic_of(topic).many} like the other "
        f"{len(told) - number:,}: for some of them alone write {alone}."
    )
