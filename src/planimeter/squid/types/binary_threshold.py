"""Tier 1: is there more than so many hectares?"""

from planimeter.squid.types.base import QuestionType, yes_no
from planimeter.squid.types.choices import one_topic
from planimeter.squid.view import SceneView, total_hectares
from planimeter.squid.wording import Slots


def _more(view: SceneView, slots: Slots) -> str:
    return yes_no(total_hectares(view.at_least(slots.target, slots.minimum or 0.0)) > 1.0)


TYPE = QuestionType(
    name="binary_threshold",
    tier=1,
    published=11,
    kind="yes/no",
    templates=(
        "Is there more than 1 hectare of {target.noun} (excluding {target.items} smaller than {minimum} "
        "hectares)?",
        "Do {target.regions} cover more than 1 hectare, not counting {target.items} smaller than {minimum} "
        "hectares?",
    ),
    choices=lambda view: one_topic(view, ("solar", "roof")),
    measure=_more,
)
