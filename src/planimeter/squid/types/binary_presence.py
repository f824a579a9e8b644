"""Tier 1: is there any of sufficient size?"""

from planimeter.squid.types.base import QuestionType, yes_no
from planimeter.squid.types.choices import one_topic

TYPE = QuestionType(
    name="binary_presence",
    tier=1,
    published=10,
    kind="yes/no",
    templates=(
        "Are there any {target.noun} larger than {minimum} hectares in this image?",
        "Does the image show any {target.noun} larger than {minimum} hectares?",
    ),
    choices=lambda view: one_topic(view, ("solar", "roof", "water")),
    measure=lambda view, slots: yes_no(len(view.larger(slots.target, slots.minimum or 0.0)) > 0),
)
