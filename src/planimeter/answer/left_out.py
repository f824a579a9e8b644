"""What an answer does not rest on: ground that the maps do not cover, classes that no topic names, nothing at all."""

from __future__ import annotations

from collections.abc import Set
from typing import TYPE_CHECKING

from planimeter.errors import LabelError, NotMeasurable
from planimeter.meaning.records import Composition, Which
from planimeter.raster.clouds import hidden_share
from planimeter.segment import LabelSegmenter, Segmenter, StackSegmenter
from planimeter.segment.labels import Amounts
from planimeter.table import Table, percent
from planimeter.vocabulary.topics import COMPOSED, topic_of

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer
    from planimeter.coder import Program
    from planimeter.raster import Scene

_WORTH_SAYING = 0.005  # of the ground
_MOST_CLASSES = 3  # that a sentence lists
_BACKGROUND = ({"class 0"}, {"#000000"})  # what a mask holds where it shows nothing


def say_what_was_left_out(answer: Answer, program: Program, source: Segmenter, *, alone: bool = True) -> None:
    """Add to an answer's warnings what it does not rest on, where that matters to what was asked.

    Args:
        answer: as measured.
        program: what it comes from.
        source: where the masks came from.
        alone: whether this scene is all that is asked. Of many scenes one may well show no class of the legend: then
            that is a warning and no refusal.

    Raises:
        NotMeasurable: no pixel counts.
        LabelError: the labels hold nothing that their legend names.
    """
    run = answer.run
    if not run.topics and not run.valid_pixels:
        return
    maps = source.maps if isinstance(source, StackSegmenter) else (source,)
    labels = [each for each in maps if isinstance(each, LabelSegmenter)] if run.topics else []
    _refuse_nothing(answer)
    try:
        _check_legend(answer, labels)
    except LabelError as nothing:
        if alone:
            raise
        answer.warnings.append(str(nothing))
        return
    answer.warnings += clouds_said(answer.scene)
    if run.judged < 1 - _WORTH_SAYING:
        what = "labels cover" if labels else "segmenter covers"
        what = "two dates together cover" if answer.before is not None else what
        answer.warnings.append(
            f"The {what} {percent(run.judged)} of the scene: every figure is of that part alone."
        )
    if _is_composition(program) and isinstance(answer.answer, Table):
        total = _most_together(answer.answer)
        if total > 100 + 100 * _WORTH_SAYING:
            answer.warnings.append(
                f"These land covers lie on one another in part, so that their percentages add up to {total:.0f}: "
                "their sources show more than one of them on the same ground."
            )
    for each in labels:
        said = _unnamed(answer, program, each, [map_.topics for map_ in maps])
        others = {topic for map_ in maps if map_ is not each for topic in map_.topics}
        answer.warnings += said or (_absent(answer, each, others) if alone else [])


def _is_composition(program: Program) -> bool:
    """Whether a program's answer divides all ground among the land covers."""
    return isinstance(program.meaning, Composition) and not program.meaning.options


def _most_together(table: Table) -> float:
    """What the shares of a composition add up to; by zones, those of the zone where they are most."""
    by_zone = table.columns[0].name == "zone"
    names = table.column("zone") if by_zone else [""] * len(table.rows)
    together: dict[object, float] = {}
    for name, share in zip(names, table.column("share"), strict=True):
        if isinstance(share, int | float):
            together[name] = together.get(name, 0.0) + share
    return max(together.values(), default=0.0)


def clouds_said(scene: Scene) -> list[str]:
    """How much of a scene its mask of clouds hides, one sentence; none where nothing is hidden.

    Args:
        scene: whose mask is read once more, part by part.
    """
    hidden = hidden_share(scene)
    if hidden == 0 or scene.clouds is None:
        return []
    return [
        f"Clouds or their shadows hide {percent(hidden)} of the scene, by {scene.clouds.said}: these pixels count for "
        "nothing, and percentages are of the ground that was seen."
    ]


def _refuse_nothing(answer: Answer) -> None:
    """Refuse an answer of no pixel."""
    run, scene = answer.run, answer.scene
    if run.valid_pixels == 0 and scene.clouds is not None and hidden_share(scene) == 1:
        raise NotMeasurable(
            f"Clouds hide all of {scene.name}, by {scene.clouds.said}: take another date, or give --clouds none to "
            "measure all the same."
        )
    if run.valid_pixels == 0 and run.judged < 1:
        raise NotMeasurable(
            f"The labels say nothing of any valid pixel of {scene.name}: all of them are nodata there; give labels "
            "of this place, or unset a wrong nodata value with gdal_edit -unsetnodata."
        )
    if run.valid_pixels == 0:
        raise NotMeasurable(
            f"{scene.name} has no valid pixel: all are nodata, masked or transparent; check it with gdalinfo, and "
            "unset a wrong nodata value with gdal_edit -unsetnodata."
        )


def _check_legend(answer: Answer, labels: list[LabelSegmenter]) -> None:
    """Refuse an answer of labels that another legend belongs to."""
    run, scene = answer.run, answer.scene
    if run.seen:
        return
    for each in labels:
        amounts = each.amounts(scene) if set(run.topics) & set(each.topics) else Amounts({}, {})
        if any(amounts.topics.values()) or not amounts.unnamed or set(amounts.unnamed) in _BACKGROUND:
            continue
        sentence = (
            f"On this scene {each.path.name} holds {_listed(list(amounts.unnamed))}, and nothing that the legend "
            f"{each.legend.name} names: give the legend that belongs to it, or add these to the legend."
        )
        if len(each.topics) > 1:
            raise LabelError(sentence)
        answer.warnings.append(sentence)  # one class of many may well be absent


def _absent(answer: Answer, labels: LabelSegmenter, others: Set[str]) -> list[str]:
    """A sentence about topics that a map alone could show and shows nowhere, where it holds unnamed classes.

    A value that was mistaken in a legend finds nothing, and nothing looks like an answer of 0.

    Args:
        others: what other maps show.
    """
    missing = [
        topic
        for topic in answer.run.topics
        if topic in labels.topics and topic not in others and topic not in answer.run.seen
    ]
    if not missing:
        return []
    amounts = labels.amounts(answer.scene)
    if not any(amounts.topics.values()) or any(amounts.topics[topic] for topic in missing):
        return []  # that nothing of the legend is here has been said
    unnamed = {
        name: amount / amounts.whole for name, amount in amounts.unnamed.items() if {name} not in _BACKGROUND
    }
    if sum(unnamed.values()) < _WORTH_SAYING:
        return []
    classes = _listed([f"{name} on {percent(share)}" for name, share in unnamed.items()])
    names = " or ".join(topic_of(topic).mass or topic for topic in missing)
    return [
        f"{labels.path.name} shows no {names} here, but {classes} of the ground, which the legend "
        f"{labels.legend.name} does not name: check its values if there should be some."
    ]


def _unnamed(
    answer: Answer, program: Program, labels: LabelSegmenter, offered: list[tuple[str, ...]]
) -> list[str]:
    """Sentences about classes of a map that its legend does not name."""
    ranks = _ranks(answer, program)
    composed = [
        topic
        for topic in answer.run.topics
        if topic in COMPOSED and not any(topic in each for each in offered)
    ]
    everything = _is_composition(program)
    if not ranks and not composed and not everything:
        return []
    amounts = labels.amounts(answer.scene)
    shares = {name: amount / amounts.whole for name, amount in amounts.unnamed.items() if amounts.whole}
    if sum(shares.values()) < _WORTH_SAYING:
        return []
    listing = _listed(
        [
            f"{percent(share)} {'of the map is ' if not k else ''}{name}"
            for k, (name, share) in enumerate(shares.items())
        ]
    )
    sentences = []
    winner = amounts.topics.get(str(answer.answer), 0.0) / amounts.whole
    rivals = {
        "most": max(shares.values()) >= winner,
        "least": min(shares.values()) <= winner,
        "all": True,
    }
    if ranks and rivals[ranks]:
        which = {
            "most": "the largest land cover",
            "least": "the smallest land cover",
            "all": "what was asked for",
        }
        sentences.append(
            f"{listing}, which the legend {labels.legend.name} does not name: {which[ranks]} may not be among those "
            "that it names."
        )
    if everything:
        sentences.append(
            f"{listing}, which the legend {labels.legend.name} does not name: all of it counts as other ground."
        )
    if composed:
        names = " or ".join(topic_of(topic).mass or topic for topic in composed)
        sentences.append(
            f"{listing}, which the legend {labels.legend.name} does not name: none of it counts as {names}."
        )
    return sentences


def _ranks(answer: Answer, program: Program) -> str:
    """ "most" or "least" for the largest or smallest of all land covers, "all" for the first in another way, or ""."""
    meaning = program.meaning
    if meaning is None:
        return "all" if answer.type == "category" and len(answer.run.topics) > 2 else ""
    if not isinstance(meaning, Which) or meaning.options:
        return ""
    return "all" if meaning.by == "count" else "most" if meaning.most else "least"


def _listed(words: list[str]) -> str:
    """Words as people list them, the first few.

    >>> _listed(["class 1", "class 2"]), _listed(["a", "b", "c", "d", "e"])
    ('class 1 and class 2', 'a, b, c and 2 more')
    """
    if len(words) > _MOST_CLASSES + 1:
        words = [*words[:_MOST_CLASSES], f"{len(words) - _MOST_CLASSES} more"]
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
