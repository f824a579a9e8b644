"""Tier 1: coverage of one class."""

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import one_topic

TYPE = QuestionType(
    name="percentage",
    tier=1,
    published=157,
    kind="percentage",
    templates=(
        "What percentage of the image is covered by {target.noun}?",
        "What share of the image, in percent, is {target.amount}?",
    ),
    without_scale=(
        "What percentage of the image is covered by {target.noun}?",
        "What share of the image, in percent, is {target.amount}?",
    ),
    choices=lambda view: one_topic(view, with_minimum=False),
    measure=lambda view, slots: view.share(slots.target),
    needs_scale=False,
)
