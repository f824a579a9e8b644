"""Tier 1: the largest or smallest region, as a percentage of the image."""

from collections.abc import Iterator

from planimeter.squid.types.base import QuestionType
from planimeter.squid.types.choices import askable
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots
from planimeter.vocabulary.topics import topic_of


def _choices(view: SceneView) -> Iterator[Slots]:
    for topic in askable(view):
        if view.gsd is None:
            # Without a scale no threshold can be stated, and the smallest region would be an artefact.
            yield Slots(topic, end="largest")
            continue
        yield Slots(topic, minimum=topic_of(topic).smallest, end="largest")
        yield Slots(topic, minimum=topic_of(topic).smallest, end="smallest")


def _size(view: SceneView, slots: Slots) -> float:
    minimum = slots.minimum
    regions = view.regions(slots.target) if minimum is None else view.larger(slots.target, minimum)
    if not len(regions):
        return 0.0
    amounts = view.amounts(regions)
    return view.percentage(amounts.max() if slots.end == "largest" else amounts.min())


TYPE = QuestionType(
    name="size",
    tier=1,
    published=166,
    kind="percentage",
    templates=(
        "What percentage of the image is covered by the {end} {target.region} "
        "(among regions larger than {minimum} hectares)?",
        "How much of the image, in percent, does the {end} {target.region} larger than {minimum} hectares "
        "cover?",
    ),
    without_scale=("What percentage of the image is covered by the {end} {target.region}?",),
    choices=_choices,
    measure=_size,
    needs_scale=False,
)
