"""Ground of which the model that showed a topic is not sure: said with an answer, and a layer of its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from planimeter.answer.palette import UNSURE as ROLE
from planimeter.segment.inference.decide import UNSURE
from planimeter.spatial.export import Layer
from planimeter.spatial.regions import regions_of
from planimeter.table import percent
from planimeter.vocabulary.topics import topic_of

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer

_WORTH_SAYING = 0.005  # of the ground


def say_what_is_unsure(answer: Answer) -> None:
    """Add a sentence to an answer's warnings: on how much of the ground the model is not sure of each topic.

    Args:
        answer: as measured.
    """
    shares = {topic: share for topic, (_, share) in answer.run.evidence.unsure.items()}
    answer.warnings += unsure_sentences(shares)


def unsure_sentences(shares: Mapping[str, float]) -> list[str]:
    """The same sentence from shares; none where all are very small.

    Args:
        shares: topic → share of the ground on which the model is not sure of it, 0 to 1.

    Example:
        >>> unsure_sentences({"forest": 0.14, "road": 0.001})
        ['The model is not sure (its calibrated probability lies between 25 and 75 %) of forest on 14 % of the ground.']
    """
    shares = {topic: share for topic, share in shares.items() if share >= _WORTH_SAYING}
    if not shares:
        return []
    low, high = (f"{100 * limit:.0f}" for limit in UNSURE)
    listed = ", ".join(f"{topic_of(topic).mass} on {percent(share)}" for topic, share in shares.items())
    return [
        f"The model is not sure (its calibrated probability lies between {low} and {high} %) of {listed} of the ground."
    ]


def unsure_layers(answer: Answer) -> list[Layer]:
    """The regions of which the model is not sure, a layer for each topic, called "TOPIC not sure".

    Args:
        answer: as measured.
    """
    scale = answer.run.scale
    area = None if scale is None else scale.pixel_area
    return [
        Layer(f"{topic} {ROLE}", regions_of(runs, area), {"role": ROLE})
        for topic, (runs, _) in answer.run.evidence.unsure.items()
    ]
