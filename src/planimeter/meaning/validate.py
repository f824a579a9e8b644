"""Can what was understood be measured with the topics at hand?"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.meaning.covers import land_cover
from planimeter.meaning.fates import OF_THINGS
from planimeter.meaning.reading import of_size, split
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    All,
    Area,
    Away,
    Border,
    ByPart,
    Changed,
    ChangedMost,
    Composition,
    Core,
    Count,
    Density,
    Difference,
    Distance,
    Fragmentation,
    Histogram,
    ImageArea,
    IndexOf,
    IndexOfEach,
    Inside,
    Leads,
    Length,
    Listing,
    Matched,
    Meaning,
    Neighbours,
    NetChange,
    Orientation,
    Perimeter,
    PerItem,
    Portion,
    Power,
    Presence,
    Ratio,
    Share,
    Size,
    Sized,
    SizeOf,
    Spaced,
    Statistics,
    Subject,
    Sum,
    Threshold,
    Together,
    Touching,
    Where,
    Which,
    WhichPart,
)
from planimeter.meaning.validate_conditions import (
    capital,
    check_condition,
    check_distances,
    check_sizes,
    flat,
    is_stuff,
    many,
    no_single,
)
from planimeter.segment.open import is_open
from planimeter.vocabulary.topics import EVERYWHERE, topic_of, topic_words


def validate(meaning: Meaning, topics: tuple[str, ...], exclusive: tuple[tuple[str, ...], ...] = ()) -> None:
    """Refuse what cannot be measured.

    Args:
        meaning: what is asked.
        topics: that can be measured.
        exclusive: groups of topics no two of which ever share a pixel.

    Raises:
        NotMeasurable: a topic is missing, members of a cover are to be counted, or distances have no meaning.
        NotUnderstood: sizes or comparisons contradict themselves.
    """
    if isinstance(meaning, Together):
        for asked in meaning.parts:
            validate(asked, topics, exclusive)
        return
    if not topics and not (is_open(topics) and every(meaning, Subject)):
        raise NotMeasurable(
            "Nothing can be measured here, because no topic is at hand; add labels or a model."
        )
    for regions in every(meaning, Subject):
        _topics_at_hand(regions, topics)
        for condition in flat((*regions.where, *regions.then)):
            check_condition(regions, condition)
        check_sizes(regions.where)
        check_distances(regions.where)
    for cut in every(meaning, _CUT):
        for condition in flat(cut.part):
            check_condition(cut.of, condition)
        check_sizes(cut.part)
        check_distances(split(cut.of, cut.part)[1] if isinstance(cut, Area) else cut.part)
    for group in exclusive:
        _overlaps(meaning, group)
    for rule in _RULES:
        for value in every(meaning, rule.kinds):
            if rule.breaks(value):
                raise rule.error(rule.says if isinstance(rule.says, str) else rule.says(value))
    for leading in every(meaning, Leads):
        covers = [option.topics[0] for option in leading.options] or land_cover(topics)
        if leading.of.topics[0] not in covers:
            raise NotMeasurable(
                f"{capital(many(leading.of))} are none of the land covers that share this image out "
                f"({', '.join(covers)}); ask for their area."
            )


_CUT = (All, Area, IndexOf, Length, Share)
"""What has conditions of its own, ``part``, on the regions that it is of."""


def _overlaps(meaning: Meaning, group: tuple[str, ...]) -> None:
    """Refuse what is true of every map with one label for a pixel: that no building lies in water, and all outside."""
    told = [
        (subject, value) for subject in every(meaning, Subject) for value in (*subject.where, *subject.then)
    ]
    told += [(cut.of, value) for cut in every(meaning, _CUT) for value in cut.part]
    things = [asked.of for asked in every(meaning, (Count, Presence, Density, All))]
    things += [share.of for share in every(meaning, Share) if share.by_count]
    for subject, condition in told:
        for value in flat((condition,)):
            if not isinstance(value, Inside) or (value.outside and subject not in things):
                continue
            if {*subject.topics, *value.reference.topics} <= set(group):
                here, there = many(subject), topic_of(value.reference.topics[0]).mass
                raise NotMeasurable(
                    f"Every pixel of this map bears one label, so that no {here} are ever in {there}; ask for those "
                    "that touch it, or that lie within a distance of it."
                )


_OF_THINGS = (
    Count,
    SizeOf,
    Presence,
    Density,
    Perimeter,
    Length,
    Distance,
    All,
    Fragmentation,
    Power,
    Leads,
    Which,
    Matched,
    Changed,
    Composition,
    Listing,
    IndexOfEach,
    Statistics,
    Histogram,
    Where,
    ChangedMost,
    Neighbours,
    Orientation,
    Border,
)
"""What is asked of regions, and has no meaning for the ground as such."""


def _own(asked: Any) -> list[Subject]:
    """The subjects that a meaning is about, without those of conditions."""
    if isinstance(asked, Which | Composition):
        return list(asked.options)
    if isinstance(asked, Listing | Statistics | Where):
        return [asked.of, *([asked.to] if asked.to is not None else [])]
    return [asked.of, asked.to] if isinstance(asked, Distance | Border) else [asked.of]


def _topics_at_hand(regions: Subject, topics: tuple[str, ...]) -> None:
    for topic in regions.topics:
        if topic in topics or topic == EVERYWHERE:
            continue
        name = topic[1:] if topic.startswith("?") else regions.said or topic_of(topic).mass
        known = ", ".join(map(topic_words, topics)) or "none"
        raise NotMeasurable(
            f'"{name}" cannot be measured here; the topics at hand are {known}; for any other noun configure an open '
            "vocabulary with --segmenter reason:FILE."
        )


class _Rule(NamedTuple):
    """What is refused of any value of some kinds inside a meaning."""

    kinds: Any
    breaks: Callable[[Any], bool]
    error: type[NotMeasurable | NotUnderstood]
    says: str | Callable[[Any], str]


_AREAS = (Area, SizeOf, ImageArea)


def _no_single_of(asked: Any) -> str:
    return no_single(asked.of)


def _share_topics(one: Subject, other: Subject | None) -> bool:
    return other is not None and bool(set(one.topics) & set(other.topics))


def _no_distance(asked: Any) -> str:
    return (
        f"Among {many(asked.of)} themselves only the distance of each to its nearest neighbour is measured; ask for "
        "that (for example the average one), or name another topic to measure to."
    )


#: In the order in which they are looked at: the first that is broken is said.
_RULES = (
    _Rule(
        _OF_THINGS,
        lambda asked: any(EVERYWHERE in subject.topics for subject in _own(asked)),
        NotUnderstood,
        "The image is one piece of ground; ask for an area or a share of it.",
    ),
    _Rule(
        Subject,
        lambda subject: EVERYWHERE in subject.topics and len(subject.topics) > 1,
        NotUnderstood,
        "The question joins a part of the image with a land cover; ask for one of them.",
    ),
    _Rule(
        Sized,
        lambda sized: not isinstance(sized.to, _AREAS),
        NotUnderstood,
        "The question compares sizes with what is no area; compare them with areas.",
    ),
    _Rule(
        Share,
        lambda share: bool(share.part) and not share.of_image and set(share.part) <= set(share.of.where),
        NotUnderstood,
        lambda share: (
            f"All {many(share.of)} that are chosen by a condition meet it; ask which share of all of them does."
        ),
    ),
    _Rule(
        Portion,
        lambda portion: (
            not any(
                isinstance(portion.part, kinds) and isinstance(portion.whole, kinds)
                for kinds in (_AREAS, Count)
            )
        ),
        NotUnderstood,
        "A share is one area of another, or one number of another; name two alike.",
    ),
    _Rule(
        (ByPart, WhichPart),
        lambda parts: isinstance(parts.of, Density) and parts.of.over is not None,
        NotUnderstood,
        "A density of parts of the image is per ground of each part; ask for it without the other ground.",
    ),
    _Rule(PerItem, lambda item: is_stuff(item.by), NotMeasurable, lambda item: no_single(item.by)),
    _Rule(
        PerItem,
        lambda item: bool(every(item.of, IndexOf)),
        NotUnderstood,
        'An index for each of them is a list; ask for "the mean NDVI of each field" and the like.',
    ),
    _Rule(
        NetChange,
        lambda net: net.percent and isinstance(net.of, IndexOf),
        NotUnderstood,
        lambda net: (
            f"A percentage of {net.of.index} means nothing, because it may be 0 or less; ask for the change "
            "itself."
        ),
    ),
    _Rule(
        Changed,
        lambda changed: any(
            cover is not None and (cover.where or cover.pick is not None or cover.then)
            for cover in (changed.of, changed.other)
        ),
        NotUnderstood,
        "What is lost and gained is asked of a whole land cover, for it is open at which date a condition holds; ask "
        "without the condition.",
    ),
    _Rule(
        Matched,
        lambda matched: matched.of.pick is not None or len(matched.of.topics) > 1,
        NotUnderstood,
        "What is new and gone is asked of all things of one kind; ask without the largest or smallest, of one kind "
        "after the other.",
    ),
    _Rule(
        Subject,
        lambda subject: subject.fate in OF_THINGS and len(subject.topics) > 1,
        NotUnderstood,
        "What is new and gone is asked of one kind; ask of one after the other.",
    ),
    _Rule(
        Subject,
        lambda subject: subject.fate in OF_THINGS and is_stuff(subject),
        NotMeasurable,
        no_single,
    ),
    _Rule(
        Subject,
        lambda subject: bool(subject.fate) and EVERYWHERE in subject.topics,
        NotUnderstood,
        "The image itself is at both dates; name what was lost, or what is new.",
    ),
    _Rule(
        ChangedMost,
        lambda most: most.of.pick is not None or most.of.where or len(most.of.topics) > 1,
        NotUnderstood,
        "What changed most is asked of all things of one kind; ask without the conditions, of one kind after the "
        "other.",
    ),
    _Rule(
        (ChangedMost, Count, Density, Matched),
        lambda counted: is_stuff(counted.of),
        NotMeasurable,
        _no_single_of,
    ),
    _Rule(
        Presence,
        lambda there: there.least > 1 and is_stuff(there.of),
        NotMeasurable,
        _no_single_of,
    ),
    _Rule(
        Presence,
        lambda there: there.least <= 1 and there.of.joined == "and",
        NotUnderstood,
        lambda there: f'Is it "{there.of.said}" both at once, or either? Ask for one, or with "or".',
    ),
    _Rule(
        Length,
        lambda length: len(length.of.topics) > 1,
        NotMeasurable,
        "Lengths are those of the lines of one topic; ask of one after the other.",
    ),
    _Rule(Distance, lambda pair: _share_topics(pair.of, pair.to), NotMeasurable, _no_distance),
    _Rule(
        Border,
        lambda border: _share_topics(border.of, border.to),
        NotMeasurable,
        lambda border: (
            f'"{border.of.said}" and "{border.to.said}" are one cover here, without a border between them; ask for '
            "the border of two others, or for a perimeter."
        ),
    ),
    _Rule(
        Border,
        lambda border: any(
            not of_size(value) for side in (border.of, border.to) for value in (*side.where, *side.then)
        ),
        NotUnderstood,
        "A border is that of whole covers or of regions of a size; ask without the condition of place.",
    ),
    _Rule(
        Composition,
        lambda cover: any(isinstance(each, Away) and each.bounds.empty() for each in flat(cover.part)),
        NotUnderstood,
        "No distance lies between the limits in the question; check them.",
    ),
    _Rule((Neighbours, Orientation), lambda near: is_stuff(near.of), NotMeasurable, _no_single_of),
    _Rule(
        Composition,
        lambda cover: any(isinstance(each, Core | Spaced | Size | Touching) for each in flat(cover.part)),
        NotUnderstood,
        'How far around is open; say it, such as "What surrounds the largest lake within 50 m?".',
    ),
    _Rule(
        (Ratio, Difference, Sum),
        lambda pair: type(pair.first) is not type(pair.second),
        NotUnderstood,
        "The question compares two different kinds of quantities; compare areas or counts.",
    ),
    _Rule(
        Threshold,
        lambda threshold: threshold.bounds.empty(),
        NotUnderstood,
        "No number lies between the limits in the question; check them.",
    ),
    _Rule(
        Power,
        lambda power: power.of.topics != ("solar",),
        NotMeasurable,
        "Power can be estimated for solar panels only; ask for solar panels.",
    ),
    _Rule(
        (Listing, Statistics, Histogram, Where, IndexOfEach),
        lambda listed: is_stuff(listed.of),
        NotMeasurable,
        _no_single_of,
    ),
    _Rule(
        (Listing, Statistics, Where),
        lambda listed: _share_topics(listed.of, listed.to),
        NotMeasurable,
        _no_distance,
    ),
    _Rule(
        IndexOfEach,
        lambda each: each.statistic == "median",
        NotUnderstood,
        lambda each: (
            f"The median {each.index} of each of them is not at hand; ask for the mean, the lowest or the "
            "highest."
        ),
    ),
    _Rule(
        (Which, Composition),
        lambda which: len({option.topics for option in which.options}) < len(which.options),
        NotUnderstood,
        "The question offers the same topic twice; name different ones.",
    ),
)
