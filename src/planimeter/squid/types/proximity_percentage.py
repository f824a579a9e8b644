"""Tier 2: share of the image that is one class near another."""

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import near_pairs
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots


def _share(view: SceneView, slots: Slots) -> float:
    near = view.near(slots.reference or "", slots.distance or 0.0)
    return view.percentage(view.amount(view.mask(slots.target) & near))


TYPE = QuestionType(
    name="proximity_percentage",
    tier=2,
    published=123,
    kind="proximity percentage",
    templates=(
        "What percentage of the image is {target.amount} within {distance}m of {reference.noun}?",
        "How much of the image, in percent, is {target.amount} that lies within {distance}m of "
        "{reference.noun}?",
    ),
    choices=near_pairs,
    measure=_share,
)
