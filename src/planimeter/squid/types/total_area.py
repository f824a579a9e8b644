"""Tier 1: area of all installations together."""

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import one_topic
from planimeter.squid.view import total_hectares

TYPE = QuestionType(
    name="total_area",
    tier=1,
    published=6,
    kind="solar area",
    templates=(
        "What is the total {target.area} in hectares (excluding {target.items} smaller than {minimum} "
        "hectares)?",
        "How many hectares do {target.regions} cover in total, leaving out those smaller than {minimum} "
        "hectares?",
    ),
    choices=lambda view: one_topic(view, ("solar", "roof")),
    measure=lambda view, slots: total_hectares(view.at_least(slots.target, slots.minimum or 0.0)),
)
