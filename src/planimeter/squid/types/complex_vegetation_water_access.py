"""Tier 3: vegetation with access to water."""

from planimeter.squid.types.access import area_of_large_near
from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import fixed

TYPE = QuestionType(
    name="complex_vegetation_water_access",
    tier=3,
    published=32,
    kind="area",
    templates=(
        "Find {target.patches} larger than {minimum} hectares, then calculate how much of their area (in "
        "hectares) falls within {distance}m of {reference.noun}",
        "How many hectares of {target.patches} larger than {minimum} hectares lie within {distance}m of "
        "{reference.noun}?",
    ),
    choices=lambda view: fixed(view, "vegetation", "water", 2.0, 200.0),
    measure=area_of_large_near,
)
