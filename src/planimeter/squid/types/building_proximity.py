"""Tier 2: buildings near a land cover."""

from collections.abc import Iterator

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.buildings import SMALLEST_BUILDING, count_near
from planimeter.squid.types.choices import distances, pairs
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots


def _choices(view: SceneView) -> Iterator[Slots]:
    for target, reference in pairs(view, ("roof",)):
        for distance in distances(view):
            yield Slots(target, reference, minimum=SMALLEST_BUILDING, distance=distance)


TYPE = QuestionType(
    name="building_proximity",
    tier=2,
    published=35,
    kind="count",
    templates=(
        "How many {target.noun} (larger than {minimum} hectares) are within {distance}m of {reference.noun}?",
        "How many {target.noun} larger than {minimum} hectares stand within {distance}m of {reference.noun}?",
    ),
    choices=_choices,
    measure=count_near,
)
