"""Tier 2: what solar panels could yield."""

from collections.abc import Iterator

import numpy as np

from planimeter.squid.types.base import QuestionType
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots

WATTS_PER_SQUARE_METRE = 200


def _choices(view: SceneView) -> Iterator[Slots]:
    if "solar" in view.topics:
        yield Slots("solar")


def _megawatts(view: SceneView, slots: Slots) -> float:
    area = view.regions(slots.target).area_m2
    return 0.0 if area is None else float(np.sum(area)) * WATTS_PER_SQUARE_METRE / 1e6


TYPE = QuestionType(
    name="power_calculation",
    tier=2,
    published=14,
    kind="power",
    templates=(
        "Calculate the solar potential MW output assuming 200W/m² efficiency.",
        "How many MW could the {target.noun} produce at 200 W/m²?",
    ),
    implied="solar",
    choices=_choices,
    measure=_megawatts,
)
