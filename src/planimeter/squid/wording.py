"""How questions name topics, numbers and scales, and how a printed question is read back into its parts.

A template such as "How many separate {target.regions} are there?" is written once and used both ways: filled
in to ask, and matched against published questions to recover what they ask for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from string import Formatter
from typing import Any, Literal

from planimeter.vocabulary.topics import TOPIC_RECORDS, TOPICS, BenchmarkForms, topic_of

End = Literal["largest", "smallest"]


_ASKED_FIRST = ("urban", "vegetation", "barren", "agric", "forest", "grass", "water")


def in_order(topics: Iterable[str]) -> list[str]:
    """Topics in the order in which they are asked about: as they were when the benchmark was first made, new ones last.

    >>> in_order(["parking", "roof", "water", "barren"])
    ['barren', 'water', 'roof', 'parking']
    """
    first = dict.fromkeys((*_ASKED_FIRST, *TOPICS))
    wanted = list(topics)
    return [topic for topic in first if topic in wanted] + [topic for topic in wanted if topic not in first]


@dataclass(frozen=True)
class Slots:
    """What one question asks for, in topics, hectares and metres.

    Attributes:
        target: the topic that is measured.
        reference: the topic it is compared with or near to.
        minimum: hectares; smaller regions are left out, or regions must be larger, as the type says.
        maximum: hectares; regions must not be larger.
        distance: metres.
        end: which region of several.
    """

    target: str
    reference: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    distance: float | None = None
    end: End | None = None


def fill(template: str, slots: Slots, gsd: float | None) -> str:
    """A question from its template, the scale stated at its end where there is one.

    Example:
        >>> fill("Is there any {target.amount} within {distance}m of {reference.noun}?",
        ...      Slots("barren", "urban", distance=100), 0.5)
        'Is there any barren land within 100m of urban area? (GSD: 0.5m)'
    """
    values: dict[str, Any] = {
        "target": topic_of(slots.target).benchmark_forms,
        "reference": topic_of(slots.reference).benchmark_forms if slots.reference else None,
        "end": slots.end,
    }
    for name in ("minimum", "maximum", "distance"):
        number = getattr(slots, name)
        values[name] = None if number is None else f"{number:g}"
    return template.format(**values) + scale_note(gsd)


def scale_note(gsd: float | None) -> str:
    """The scale as SQuID states it, or nothing.

    Example:
        >>> scale_note(0.3), scale_note(None)
        (' (GSD: 0.3m)', '')
    """
    return "" if gsd is None else f" (GSD: {gsd:g}m)"


def match(template: str, question: str) -> dict[str, Any] | None:
    """The parts of a question, if this template made it; the scale at its end is not looked at.

    Returns:
        arguments of ``Slots``; None when the wording is another.

    Example:
        >>> match("How many {target.regions} within {distance}m?", "How many buildings within 50m?")
        {'target': 'roof', 'distance': 50.0}
    """
    text = re.sub(r"\s*\(GSD:[^)]*\)\s*$", "", question.strip())
    found = _pattern(template).fullmatch(text)
    if found is None:
        return None
    values: dict[str, Any] = {}
    for group, written in found.groupdict().items():
        name, _, form = group.partition("__")
        if form:
            topic = _topic_of(form, written)
            if topic is not None and values.setdefault(name, topic) != topic:
                return None
        elif name == "end":
            values[name] = written.lower()
        else:
            values[name] = float(written)
    return values


@cache
def _pattern(template: str) -> re.Pattern[str]:
    parts: list[str] = []
    seen: set[str] = set()
    for literal, field, _, _ in Formatter().parse(template):
        parts.append(re.escape(literal))
        if field is None:
            continue
        name, _, form = field.partition(".")
        group = f"{name}__{form}" if form else name
        if group in seen:
            parts.append(f"(?P={group})")
            continue
        seen.add(group)
        if form:
            choices = sorted(
                {getattr(topic.benchmark_forms, form) for topic in TOPIC_RECORDS}, key=len, reverse=True
            )
            parts.append(f"(?P<{group}>{'|'.join(map(re.escape, choices))})")
        elif name == "end":
            parts.append("(?P<end>largest|smallest)")
        else:
            parts.append(rf"(?P<{group}>\d+(?:\.\d+)?)")
    return re.compile("".join(parts), re.IGNORECASE)


@cache
def _topic_of(form: str, written: str) -> str | None:
    """The topic of a written form; None where several share it ("patches")."""
    assert form in {field.name for field in fields(BenchmarkForms)}
    topics = [
        topic.name
        for topic in TOPIC_RECORDS
        if getattr(topic.benchmark_forms, form).lower() == written.lower()
    ]
    return topics[0] if len(topics) == 1 else None
