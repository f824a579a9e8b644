"""Tier 2: does one class come near another?"""

import numpy as np

from planimeter.squid.types.base import QuestionType, yes_no
from planimeter.squid.types.choices import near_pairs
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots


def _near(view: SceneView, slots: Slots) -> str:
    near = view.near(slots.reference or "", slots.distance or 0.0)
    return yes_no(bool(np.any(view.mask(slots.target) & near)))


TYPE = QuestionType(
    name="binary_proximity",
    tier=2,
    published=122,
    kind="yes/no",
    templates=(
        "Is there any {target.amount} within {distance}m of {reference.noun}?",
        "Does any {target.amount} lie within {distance}m of {reference.noun}?",
    ),
    choices=near_pairs,
    measure=_near,
)
