"""Tier 3: area of the large installations alone."""

from collections.abc import Iterator

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import askable
from planimeter.squid.view import SceneView, total_hectares
from planimeter.squid.wording import Slots

LARGE = {"solar": (5.0, 1.0), "roof": (0.1, 0.5)}  # hectares; 5 is what the paper calls utility-scale


def _choices(view: SceneView) -> Iterator[Slots]:
    for topic in askable(view, tuple(LARGE)):
        for minimum in LARGE[topic]:
            yield Slots(topic, minimum=minimum)


TYPE = QuestionType(
    name="complex_size_filter",
    tier=3,
    published=6,
    kind="solar area",
    templates=(
        "What is the total area (in hectares) of {target.patches} larger than {minimum} hectares "
        "(utility-scale)?",
        "What is the total area (in hectares) of {target.patches} larger than {minimum} hectares?",
    ),
    choices=_choices,
    measure=lambda view, slots: total_hectares(view.larger(slots.target, slots.minimum or 0.0)),
)
