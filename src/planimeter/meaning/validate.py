"""Can what was understood be measured with the topics at hand?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.meaning.covers import land_cover
from planimeter.meaning.fates import OF_THINGS
from planimeter.meaning.record import Record, fields
from planimeter.meaning.records import (
    All,
    Area,
    Away,
    Bounds,
    Changed,
    ChangedMost,
    Composition,
    Condition,
    Core,
    Count,
    Density,
    Difference,
    Distance,
    Either,
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
    Touching,
    Where,
    Which,
)
from planimeter.segment.open import is_open
from planimeter.vocabulary.topics import EVERYWHERE, topic_of


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
    if not topics and not (is_open(topics) and every(meaning, Subject)):
        raise NotMeasurable(
            "Nothing can be measured here, because no topic is at hand; add labels or a model."
        )
    for regions in every(meaning, Subject):
        _topics_at_hand(regions, topics)
        for condition in _flat((*regions.where, *regions.then)):
            _condition(regions, condition)
        _sizes_agree(regions.where)
    for part in every(meaning, (Area, IndexOf, Share)):
        for condition in _flat(part.part):
            _condition(part.of, condition)
    for group in exclusive:
        _overlaps(meaning, group)
    for asked in every(meaning, _OF_THINGS):
        if any(EVERYWHERE in subject.topics for subject in _own(asked)):
            raise NotUnderstood("The image is one piece of ground; ask for an area or a share of it.")
    for subject in every(meaning, Subject):
        if EVERYWHERE in subject.topics and len(subject.topics) > 1:
            raise NotUnderstood(
                "The question joins a part of the image with a land cover; ask for one of them."
            )
    for sized in every(meaning, Sized):
        if not isinstance(sized.to, (Area, SizeOf, ImageArea)):
            raise NotUnderstood("The question compares sizes with what is no area; compare them with areas.")
    for portion in every(meaning, Portion):
        areas = [isinstance(of, (Area, SizeOf, ImageArea)) for of in (portion.part, portion.whole)]
        if not all(areas) and not (isinstance(portion.part, Count) and isinstance(portion.whole, Count)):
            raise NotUnderstood("A share is one area of another, or one number of another; name two alike.")
    for item in every(meaning, PerItem):
        _countable(item.by)
        if every(item.of, IndexOf):
            raise NotUnderstood(
                'An index for each of them is a list; ask for "the mean NDVI of each field" and the like.'
            )
    for net in every(meaning, NetChange):
        if net.percent and isinstance(net.of, IndexOf):
            raise NotUnderstood(
                f"A percentage of {net.of.index} means nothing, because it may be 0 or less; ask for the change itself."
            )
    for leading in every(meaning, Leads):
        covers = [option.topics[0] for option in leading.options] or land_cover(topics)
        if leading.of.topics[0] not in covers:
            raise NotMeasurable(
                f"{_capital(_many(leading.of))} are none of the land covers that share this image out "
                f"({', '.join(covers)}); ask for their area."
            )
    for changed in every(meaning, Changed):
        for cover in (changed.of, changed.other):
            if cover is not None and (cover.where or cover.pick is not None or cover.then):
                raise NotUnderstood(
                    "What is lost and gained is asked of a whole land cover, for it is open at which date a condition "
                    "holds; ask without the condition."
                )
    for matched in every(meaning, Matched):
        if matched.of.pick is not None or len(matched.of.topics) > 1:
            raise NotUnderstood(
                "What is new and gone is asked of all things of one kind; ask without the largest or smallest, of one "
                "kind after the other."
            )
    for subject in every(meaning, Subject):
        _fate(subject)
    for most in every(meaning, ChangedMost):
        if most.of.pick is not None or most.of.where or len(most.of.topics) > 1:
            raise NotUnderstood(
                "What changed most is asked of all things of one kind; ask without the conditions, of one kind after "
                "the other."
            )
        _countable(most.of)
    for counted in every(meaning, (Count, Density, Presence, Matched)):
        if not isinstance(counted, Presence) or counted.least > 1:
            _countable(counted.of)
        elif counted.of.joined == "and":
            raise NotUnderstood(
                f'Is it "{counted.of.said}" both at once, or either? Ask for one, or with "or".'
            )
    for length in every(meaning, Length):
        if len(length.of.topics) > 1:
            raise NotMeasurable("Lengths are those of the lines of one topic; ask of one after the other.")
    for pair in every(meaning, Distance):
        if set(pair.of.topics) & set(pair.to.topics):
            raise NotMeasurable(
                f"Distances among {_many(pair.of)} themselves cannot be measured; name another topic to measure to."
            )
    for near in every(meaning, Neighbours):
        _countable(near.of)
    for lying in every(meaning, Orientation):
        _countable(lying.of)
    for cover in every(meaning, Composition):
        for condition in _flat(cover.part):
            if isinstance(condition, Core | Spaced | Size | Touching):
                raise NotUnderstood(
                    'How far around is open; say it, such as "What surrounds the largest lake within 50 m?".'
                )
    for pair in every(meaning, (Ratio, Difference, Sum)):
        if type(pair.first) is not type(pair.second):
            raise NotUnderstood(
                "The question compares two different kinds of quantities; compare areas or counts."
            )
    for threshold in every(meaning, Threshold):
        if threshold.bounds.empty():
            raise NotUnderstood("No number lies between the limits in the question; check them.")
    for power in every(meaning, Power):
        if power.of.topics != ("solar",):
            raise NotMeasurable("Power can be estimated for solar panels only; ask for solar panels.")
    for listed in every(meaning, (Listing, Statistics, Histogram, Where)):
        _countable(listed.of)
        to = None if isinstance(listed, Histogram) else listed.to
        if to is not None and set(listed.of.topics) & set(to.topics):
            raise NotMeasurable(
                f"Distances among {_many(listed.of)} themselves cannot be measured; name another topic to measure to."
            )
    for each in every(meaning, IndexOfEach):
        _countable(each.of)
        if each.statistic == "median":
            raise NotUnderstood(
                f"The median {each.index} of each of them is not at hand; ask for the mean, the lowest or the highest."
            )
    for which in every(meaning, (Which, Composition)):
        if len({option.topics for option in which.options}) < len(which.options):
            raise NotUnderstood("The question offers the same topic twice; name different ones.")


def every(value: Any, kinds: Any) -> list[Any]:
    """All values of some types inside a meaning."""
    found = [value] if isinstance(value, kinds) else []
    if isinstance(value, tuple):
        for item in value:
            found += every(item, kinds)
    elif isinstance(value, Record):
        for item in fields(value):
            found += every(item, kinds)
    return found


def _overlaps(meaning: Meaning, group: tuple[str, ...]) -> None:
    """Refuse what is true of every map with one label for a pixel: that no building lies in water, and all outside."""
    told = [
        (subject, value) for subject in every(meaning, Subject) for value in (*subject.where, *subject.then)
    ]
    told += [
        (part.of, value)
        for part in every(meaning, (Area, Share, All, Length, IndexOf))
        for value in part.part
    ]
    things = [asked.of for asked in every(meaning, (Count, Presence, Density, All))]
    things += [share.of for share in every(meaning, Share) if share.by_count]
    for subject, condition in told:
        for value in _flat((condition,)):
            if not isinstance(value, Inside) or (value.outside and subject not in things):
                continue
            if {*subject.topics, *value.reference.topics} <= set(group):
                here, there = _many(subject), topic_of(value.reference.topics[0]).mass
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
)
"""What is asked of regions, and has no meaning for the ground as such."""


def _own(asked: Any) -> list[Subject]:
    """The subjects that a meaning is about, without those of conditions."""
    if isinstance(asked, Which | Composition):
        return list(asked.options)
    if isinstance(asked, Listing | Statistics | Where):
        return [asked.of, *([asked.to] if asked.to is not None else [])]
    return [asked.of, asked.to] if isinstance(asked, Distance) else [asked.of]


def _flat(conditions: tuple[Condition, ...]) -> Iterator[Condition]:
    """Conditions, and those inside of an "either … or"."""
    for value in conditions:
        if isinstance(value, Either):
            for option in value.options:
                yield from _flat(option)
        else:
            yield value


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _many(regions: Subject) -> str:
    return " and ".join(topic_of(topic).many for topic in regions.topics)


def _topics_at_hand(regions: Subject, topics: tuple[str, ...]) -> None:
    for topic in regions.topics:
        if topic in topics or topic == EVERYWHERE:
            continue
        name = topic[1:] if topic.startswith("?") else regions.said or topic_of(topic).mass
        known = ", ".join(topics) or "none"
        raise NotMeasurable(
            f'"{name}" cannot be measured here; the topics at hand are {known}; for any other noun configure an open '
            "vocabulary with --segmenter reason:FILE."
        )


def _fate(subject: Subject) -> None:
    """Refuse what cannot become of something."""
    if not subject.fate:
        return
    if subject.fate in OF_THINGS:
        if len(subject.topics) > 1:
            raise NotUnderstood("What is new and gone is asked of one kind; ask of one after the other.")
        _countable(subject)
    if EVERYWHERE in subject.topics:
        raise NotUnderstood("The image itself is at both dates; name what was lost, or what is new.")


def _countable(regions: Subject) -> None:
    if regions.kind == "stuff" and not regions.regions:
        several = topic_of(regions.topics[0], counted=False).many
        raise NotMeasurable(
            f"Single {regions.said} cannot be told apart in a mask; ask for their area, or for {several}."
        )


def _sizes_agree(conditions: tuple[Condition, ...]) -> None:
    """Refuse sizes that no region can have, said in two conditions ("larger than 2 ha but smaller than 1 ha")."""
    bounds = [value.bounds for value in conditions if isinstance(value, Size)]
    for one in bounds:
        for other in bounds:
            both = Bounds(one.low, other.high, one.low_closed, other.high_closed)
            if one.low and other.high and one.dimension == other.dimension and both.empty():
                raise NotUnderstood("No size lies between the limits in the question; check them.")


def _condition(regions: Subject, condition: Any) -> None:
    if isinstance(condition, (Size, Away, Core, Spaced)) and condition.bounds.empty():
        raise NotUnderstood("No size or distance lies between the limits in the question; check them.")
    if not isinstance(condition, (Away, Inside, Touching)):
        return
    if set(regions.topics) & set(condition.reference.topics):
        if isinstance(condition, Away):
            raise NotMeasurable(
                f"Distances among {_many(regions)} themselves cannot be measured; name another topic to measure to."
            )
        verb = "touches" if isinstance(condition, Touching) else "lies in"
        raise NotMeasurable(
            f"What {verb} {_many(regions)} cannot be {_many(regions)} themselves; name another topic."
        )
