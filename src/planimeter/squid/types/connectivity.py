"""Tier 2: count regions of a range of sizes."""

from collections.abc import Iterator

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import askable
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots
from planimeter.vocabulary.topics import topic_of

LARGEST = {"roof": 0.1, "solar": 1.0}  # hectares; land cover has 10, as printed


def _choices(view: SceneView) -> Iterator[Slots]:
    for topic in askable(view):
        yield Slots(topic, minimum=topic_of(topic).smallest, maximum=LARGEST.get(topic, 10.0))


def _count(view: SceneView, slots: Slots) -> int:
    return len(view.at_least(slots.target, slots.minimum or 0.0, slots.maximum or 0.0))


TYPE = QuestionType(
    name="connectivity",
    tier=2,
    published=104,
    kind="count",
    templates=(
        "How many separate {target.patches} between {minimum} and {maximum} hectares are there?",
        "How many separate {target.patches} are between {minimum} and {maximum} hectares in size?",
    ),
    choices=_choices,
    measure=_count,
)
