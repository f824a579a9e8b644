"""Tier 3: average size, artefacts left out."""

import numpy as np

from planimeter.errors import NotMeasurable
from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import one_topic
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots


def _average(view: SceneView, slots: Slots) -> float:
    area = view.hectares(slots.target)
    kept = area[area >= (slots.minimum or 0.0)]
    if not kept.size:
        raise NotMeasurable("There is no region to average: ask about a topic that the image shows.")
    return float(np.mean(kept))


TYPE = QuestionType(
    name="complex_average",
    tier=3,
    published=15,
    kind="solar area",
    templates=(
        "What is the average size of {target.patches} in hectares "
        "(excluding {target.items} smaller than {minimum} hectares)?",
        "How large is the average {target.region} in hectares, "
        "not counting {target.items} smaller than {minimum} hectares?",
    ),
    choices=lambda view: one_topic(view, ("solar", "roof")),
    measure=_average,
)
