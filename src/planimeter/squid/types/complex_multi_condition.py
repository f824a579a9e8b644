"""Tier 3: size filter, proximity and area together."""

from planimeter.squid.types.access import area_of_large_near
from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import LARGER_THAN, near_pairs

TYPE = QuestionType(
    name="complex_multi_condition",
    tier=3,
    published=490,
    kind="area",
    templates=(
        "Find {target.patches} larger than {minimum} hectares, then calculate how much of their area (in "
        "hectares) falls within {distance}m of {reference.noun}",
        "How many hectares of {target.patches} larger than {minimum} hectares lie within {distance}m of "
        "{reference.noun}?",
    ),
    choices=lambda view: near_pairs(view, LARGER_THAN),
    measure=area_of_large_near,
)
