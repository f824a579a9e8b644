"""Questions of plain topics, measured for all zones in one pass over the scene."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from planimeter.answer.zone_counts import counts
from planimeter.answer.zone_covers import Cover, areas, composition
from planimeter.answer.zone_values import ByZone
from planimeter.meaning.covers import land_cover
from planimeter.meaning.reading import several
from planimeter.meaning.records import (
    Area,
    Changed,
    Composition,
    Count,
    Density,
    ImageArea,
    Share,
    Subject,
)
from planimeter.program import Limits
from planimeter.raster import Scene
from planimeter.segment import StackSegmenter
from planimeter.segment.base import features_in
from planimeter.segment.dates import EARLIER, Earlier, TwoDates
from planimeter.spatial.zones import Zones
from planimeter.vocabulary.topics import EVERYWHERE
from planimeter.vocabulary.units import HECTARE, Unit

OnePass = Callable[[Zones, Scene, StackSegmenter, Limits], ByZone]


def one_pass(
    meaning: Any, unit: Unit | None, source: StackSegmenter, scene: Scene, before: Earlier | None = None
) -> OnePass | None:
    """How a question of plain topics is measured in one pass; None where a program has to run for each zone.

    Args:
        meaning: what is asked, where that is known.
        unit: of the answer.
        source: where masks come from.
        scene: the image.
        before: the earlier date, of what is asked of two.
    """
    if isinstance(meaning, ImageArea):
        return partial(areas, Cover("", ()), unit or HECTARE, None)
    if isinstance(meaning, Composition):
        return _of_composition(meaning, source, scene)
    if isinstance(meaning, Changed):
        return None if before is None else _of_change(meaning, unit, source, scene, before)
    of = getattr(meaning, "of", None)
    if not isinstance(of, Subject) or not plain(of) or getattr(meaning, "part", None):
        return None
    if features_in(source, scene, of.topics):
        return None  # features are measured as what they are, not by pixels
    if isinstance(meaning, Area):
        return partial(areas, Cover("", of.topics), unit or HECTARE, None)
    if isinstance(meaning, Share) and meaning.of_image and not meaning.by_count:
        return partial(areas, Cover("", of.topics), None, meaning)
    if isinstance(meaning, Count) or (isinstance(meaning, Density) and meaning.over is None):
        return partial(counts, of.topics, getattr(meaning, "per", None))
    return None


def _of_composition(meaning: Composition, source: StackSegmenter, scene: Scene) -> OnePass | None:
    if meaning.part or (meaning.unit is not None and scene.scale is None):
        return None  # the program says what is missing
    options = meaning.options or tuple(Subject((topic,)) for topic in land_cover(source.topics))
    topics = tuple(topic for option in options for topic in option.topics)
    if not all(map(plain, options)) or features_in(source, scene, topics):
        return None
    covers = tuple(Cover(several(option, cover=True), option.topics) for option in options)
    return partial(composition, covers, meaning)


def _of_change(
    meaning: Changed, unit: Unit | None, source: StackSegmenter, scene: Scene, before: Earlier
) -> OnePass | None:
    of, other = meaning.of, meaning.other
    if meaning.percent or not plain(of) or (other is not None and not plain(other)):
        return None
    then, now = tuple(EARLIER + topic for topic in of.topics), of.topics
    if other is not None:
        along = other.topics if meaning.what == "lost" else tuple(EARLIER + topic for topic in other.topics)
        cover = Cover("", then if meaning.what == "lost" else now, along=along)
    else:
        cover = {
            "lost": Cover("", then, without=now),
            "gained": Cover("", now, without=then),
            "kept": Cover("", now, along=then),
        }[meaning.what]
    if features_in(TwoDates(source, before), scene, cover.asked):
        return None
    return partial(areas, cover, unit or HECTARE, None, before=before, role=meaning.what)


def plain(of: Subject) -> bool:
    """Whether a subject is a cover or things without any condition, of the date that is asked."""
    bare = Subject(of.topics, kind=of.kind, plural=of.plural, said=of.said, definite=of.definite)
    same = (bare.where, bare.pick, bare.then, bare.frame, bare.before)
    return EVERYWHERE not in of.topics and same == (of.where, of.pick, of.then, of.frame, of.before)
