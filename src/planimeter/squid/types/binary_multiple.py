"""Tier 1: is there more than one of sufficient size?"""

from planimeter.squid.types.base import QuestionType, yes_no
from planimeter.squid.types.choices import one_topic

TYPE = QuestionType(
    name="binary_multiple",
    tier=1,
    published=10,
    kind="yes/no",
    templates=(
        "Are there multiple separate {target.patches} larger than {minimum} hectares?",
        "Is there more than one {target.region} larger than {minimum} hectares?",
    ),
    choices=lambda view: one_topic(view, ("solar", "roof", "water")),
    measure=lambda view, slots: yes_no(len(view.larger(slots.target, slots.minimum or 0.0)) > 1),
)
