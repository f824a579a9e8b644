"""Tier 2: hectares of one class near another."""

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import near_pairs
from planimeter.squid.view import SceneView, total_hectares
from planimeter.squid.wording import Slots


def _area(view: SceneView, slots: Slots) -> float:
    return total_hectares(
        view.clipped(view.regions(slots.target), slots.reference or "", slots.distance or 0.0)
    )


TYPE = QuestionType(
    name="proximity_area",
    tier=2,
    published=107,
    kind="area",
    templates=(
        "What is the total {target.area} (in hectares) within {distance}m of {reference.noun}?",
        "How many hectares of {target.noun} lie within {distance}m of {reference.noun}?",
    ),
    choices=near_pairs,
    measure=_area,
)
