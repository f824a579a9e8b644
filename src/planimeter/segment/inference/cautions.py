"""What a reader of an answer should know about a model's masks, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from planimeter.raster import Scene
from planimeter.segment.base import Caution
from planimeter.segment.inference.card import ModelCard
from planimeter.segment.inference.grid import MOST_ENLARGED
from planimeter.segment.inference.likeness import appearance, unlike
from planimeter.vocabulary.topics import topic_of


def scene_cautions(scene: Scene, card: ModelCard) -> tuple[str, ...]:
    """Whether a scene is of the scale and the look that the model knows, one sentence for each that is not.

    Args:
        scene: what was segmented.
        card: says what the model knows.
    """
    return (*scale_cautions(scene, card), *look_cautions(scene, card))


def look_cautions(scene: Scene, card: ModelCard) -> tuple[str, ...]:
    """Whether a scene looks like the training images, one sentence if not.

    Args:
        scene: what was segmented.
        card: says how training images look.
    """
    ways = unlike(appearance(scene), card.appearance) if card.appearance else []
    if not ways:
        return ()
    return (
        f"The image is {' and '.join(ways)} than nearly all images that {card.name} was trained on, so its masks may "
        "be worse than its measured errors say.",
    )


def scale_cautions(scene: Scene, card: ModelCard) -> tuple[str, ...]:
    """Whether a scene's scale is one the model knows, one sentence if not.

    Args:
        scene: what was segmented.
        card: says which metres per pixel the model knows.
    """
    low, high = card.gsd_range
    if scene.scale is None:
        return (
            f"The image's scale is unknown, so {card.name} looked at it as if a pixel were {card.gsd_centre:g} m; "
            "give --gsd if it is not.",
        )
    gsd = scene.scale.gsd
    if gsd > MOST_ENLARGED * card.gsd_centre:
        return (
            f"A pixel of {gsd:.3g} m is far coarser than what {card.name} was trained on ({low:g} to {high:g} m): "
            "do not rely on these masks.",
        )
    if not card.knows(gsd):
        return (
            f"A pixel of {gsd:.3g} m is outside what {card.name} was trained on ({low:g} to {high:g} m), so it "
            f"looked at the image resized to {card.seen_at(gsd):g} m.",
        )
    return ()


def area_cautions(topics: Sequence[str], card: ModelCard) -> tuple[str, ...]:
    """How far a model's areas and counts were off on validation images, one sentence per topic asked.

    Args:
        topics: what an answer used.
        card: holds what was measured.
    """
    return tuple(Caution(_sentence(topic, card), [topic]) for topic in topics)


#: Where the interval's ends are this many times apart, or its upper end so far up, a figure would only look exact.
_USELESS = 10.0


def _sentence(topic: str, card: ModelCard) -> str:
    source = f"Masks of {topic_of(topic).mass} come from {card.name}, a model that errs"
    measured = card.area_error.get(topic)
    if measured is None:
        return f"{source}; by how much was not measured, because too few validation images show it."
    images = f"on {measured['images']:.0f} validation images"
    if _useless(measured):
        areas = "their areas were too far off to rely on"
    else:
        areas = f"the true area was {_times(measured, 'the found one in ', ' of cases')}"
    counted = card.count_error.get(topic)
    if counted is None:
        numbers = "how far their numbers are off was not measured"
    elif _useless(counted):
        numbers = f"numbers of {topic_of(topic).many} were too far off to rely on"
    else:
        numbers = f"the true number {_times(counted)}"
    return f"{source}: {images} {areas}, and {numbers}."


def _useless(measured: Mapping[str, float]) -> bool:
    return measured["high"] > _USELESS * max(measured["low"], 1 / _USELESS)


def _times(measured: Mapping[str, float], of: str = "in ", cases: str = "") -> str:
    """Between which multiples, and how often.

    >>> _times({"low": 0.5, "high": 2.0, "share": 0.9})
    '0.5 to 2 times in 90 %'
    """
    return f"{measured['low']:.2g} to {measured['high']:.2g} times {of}{100 * measured['share']:.0f} %{cases}"
