"""Tier 1: which of two classes covers more."""

from planimeter.squid.types.base import QuestionType, yes_no
from planimeter.squid.types.choices import pairs
from planimeter.squid.wording import Slots

TYPE = QuestionType(
    name="binary_comparison",
    tier=1,
    published=172,
    kind="yes/no",
    templates=(
        "Is there more {target.amount} than {reference.amount} in this image?",
        "Does {target.amount} cover more of the image than {reference.amount}?",
    ),
    without_scale=("Is there more {target.amount} than {reference.amount} in this image?",),
    choices=lambda view: (Slots(target, reference) for target, reference in pairs(view)),
    measure=lambda view, slots: yes_no(view.share(slots.target) > view.share(slots.reference or "")),
    needs_scale=False,
)
