"""Tier 3: built-up ground at risk of fire."""

from planimeter.squid.types.access import area_of_large_near
from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import fixed

TYPE = QuestionType(
    name="complex_urban_fire_risk",
    tier=3,
    published=32,
    kind="area",
    templates=(
        "Find {target.patches} larger than {minimum} hectare, then calculate how much of their area (in "
        "hectares) falls within {distance}m of {reference.noun} (fire risk assessment)",
        "How many hectares of {target.patches} larger than {minimum} hectare lie within {distance}m of "
        "{reference.noun} (fire risk assessment)?",
    ),
    choices=lambda view: fixed(view, "urban", "vegetation", 1.0, 50.0),
    measure=area_of_large_near,
)
