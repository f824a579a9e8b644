"""Tier 2: connected, or more than five pieces."""

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import one_topic
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots

COVERS = ("urban", "vegetation", "barren", "agric", "forest", "grass", "water")


def _word(view: SceneView, slots: Slots) -> str:
    return "fragmented" if len(view.larger(slots.target, slots.minimum or 0.0)) > 5 else "connected"


TYPE = QuestionType(
    name="fragmentation",
    tier=2,
    published=98,
    kind="category",
    templates=(
        "Is the {target.amount} connected or fragmented "
        "(more than 5 separate patches larger than {minimum} hectares)?",
        "Would you call the {target.amount} connected or fragmented, "
        "fragmented meaning more than 5 separate patches larger than {minimum} hectares?",
    ),
    choices=lambda view: one_topic(view, COVERS),
    measure=_word,
)
