"""Tier 2: buildings near forest, or near vegetation where labels do not tell forest apart."""

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.buildings import SMALLEST_BUILDING, count_near
from planimeter.squid.types.choices import fixed

TYPE = QuestionType(
    name="building_fire_risk",
    tier=2,
    published=9,
    kind="count",
    templates=(
        "How many {target.noun} (larger than {minimum} hectares) are located within {distance}m of "
        "{reference.noun} (fire risk assessment)?",
        "How many {target.noun} larger than {minimum} hectares are at risk of fire, "
        "that is within {distance}m of {reference.noun}?",
    ),
    choices=lambda view: fixed(view, "roof", "forest", SMALLEST_BUILDING, 50.0, instead="vegetation"),
    measure=count_near,
)
