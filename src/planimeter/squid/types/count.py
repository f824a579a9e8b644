"""Tier 1: count regions, artefacts left out."""

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import one_topic
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots


def _count(view: SceneView, slots: Slots) -> int:
    return len(view.at_least(slots.target, slots.minimum or 0.0))


TYPE = QuestionType(
    name="count",
    tier=1,
    published=178,
    kind="count",
    templates=(
        "How many separate {target.regions} are there? When counting, ignore patches smaller than {minimum} "
        "hectares.",
        "How many separate {target.regions} of at least {minimum} hectares are there?",
    ),
    choices=one_topic,
    measure=_count,
)
