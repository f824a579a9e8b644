"""What the column of a table is called that holds the answers to one question."""

from __future__ import annotations

from typing import Any

from planimeter.meaning.records import IndexOf


def value_name(meaning: Any, kind: str) -> str:
    """What a column of answers is called.

    Args:
        meaning: what is asked, None where that is not known.
        kind: the answers' type.

    Example:
        >>> from planimeter.meaning.records import Share, Subject
        >>> value_name(Share(Subject(("water",))), "number"), value_name(None, "yes/no")
        ('share', 'answer')
    """
    if kind != "number":
        return "answer"
    if isinstance(meaning, IndexOf):
        return f"{meaning.statistic} {meaning.index}"
    known = {"SizeOf": "area", "Portion": "share", "PerItem": "amount", "ImageArea": "area"}
    name = type(meaning).__name__ if meaning is not None else "value"
    return known.get(name, name.lower())
