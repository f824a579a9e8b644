"""Tier 2: buildings near water."""

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.buildings import SMALLEST_BUILDING, count_near
from planimeter.squid.types.choices import fixed

TYPE = QuestionType(
    name="building_flood_risk",
    tier=2,
    published=4,
    kind="count",
    templates=(
        "How many {target.noun} (larger than {minimum} hectares) are located within {distance}m of "
        "{reference.noun} (flood risk assessment)?",
        "How many {target.noun} larger than {minimum} hectares are at risk of flooding, "
        "that is within {distance}m of {reference.noun}?",
    ),
    choices=lambda view: fixed(view, "roof", "water", SMALLEST_BUILDING, 100.0),
    measure=count_near,
)
