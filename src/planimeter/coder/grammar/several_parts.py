"""One part of a question that asks several things: read by itself, or of what the parts before it are about."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from planimeter.coder.grammar.clothing import Undressed, undress
from planimeter.coder.grammar.formalism import Parser, TooAmbiguous
from planimeter.coder.grammar.meanings import asks_for_list, meaning_of, names_a_measure, prepared_with
from planimeter.coder.grammar.orders import in_order, otherwise
from planimeter.coder.grammar.prepare import Prepared
from planimeter.coder.grammar.readings import likely, refuse_two_readings
from planimeter.coder.grammar.rulebook import GRAMMAR
from planimeter.coder.grammar.settled import settled
from planimeter.coder.grammar.slips import expanded
from planimeter.errors import NotUnderstood, QuestionError
from planimeter.meaning import record
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    Area,
    Composition,
    Count,
    Density,
    Distance,
    ImageArea,
    IndexOf,
    Judgement,
    Length,
    Meaning,
    Neighbours,
    Orientation,
    Perimeter,
    Portion,
    Power,
    Presence,
    Quantity,
    Share,
    SizeOf,
    Statistics,
    Subject,
    WhichPart,
)
from planimeter.meaning.units_asked import apply_unit
from planimeter.vocabulary.topics import EVERYWHERE, Topic
from planimeter.vocabulary.units import Unit


@dataclass(frozen=True)
class OneAsked:
    """One thing that is asked.

    Attributes:
        meaning: a quantity or a judgement.
        unit: the unit that was named for it, or None.
        notes: what to say about how it was read.
        said: the text that asks it.
        joint: what stands in front of that.
        of: a number that it shares with all parts that are asked of the very same things; None where it stands alone.
    """

    meaning: Quantity | Judgement
    unit: Unit | None = None
    notes: tuple[str, ...] = ()
    said: str = ""
    joint: str = ""
    of: int | None = None

    def in_unit(self) -> Quantity | Judgement:
        """The meaning, answered in its unit."""
        asked: Any = apply_unit(self.meaning, self.unit)
        return asked  # type: ignore[no-any-return]


Parts = tuple[OneAsked, ...]


# --- by itself


def read_alone(text: str, brought: tuple[Topic, ...]) -> Parts | None:
    """The parts that a text by itself asks: one, or those of a table; None where it cannot be read.

    Args:
        text: one question.
        brought: records of topics that sources bring.
    """
    try:
        found = _as_it_stands(text, brought) or in_order(text, brought)
    except (QuestionError, TooAmbiguous):
        return None
    return None if found is None else _parts(*found, text)


def _as_it_stands(text: str, brought: tuple[Topic, ...]) -> tuple[Prepared, Meaning, tuple[str, ...]] | None:
    tried: set[str] = set()
    plain = expanded(text)
    changes: tuple[Callable[[str], Undressed], ...] = (
        Undressed,
        lambda _: undress(plain),
        lambda _: otherwise(plain),
    )
    for change in changes:
        bare = change(text)
        words, aside = bare.text, bare.aside
        if words in tried:
            continue
        tried.add(words)
        try:
            prepared = prepared_with(words, brought)
        except NotUnderstood:
            continue
        meaning = meaning_of(prepared, frozenset())[0] if prepared.tokens else None
        if meaning is not None:
            return prepared, meaning, tuple(f'Left aside: "{sentence}"' for sentence in aside)
    return None


def _parts(prepared: Prepared, meaning: Meaning, notes: tuple[str, ...], text: str) -> Parts | None:
    """What was read as parts of a table: a quantity, a judgement, or the cells of a table."""
    try:
        meaning, unit = settled(prepared, meaning, text)
        meanings = _cells(meaning)
        parts = tuple(OneAsked(one, fitting(one, unit), notes, text) for one in meanings or ())
        if unit is not None and not any(part.unit for part in parts):
            return None
        for part in parts:
            part.in_unit()
    except QuestionError:
        return None
    return parts or None


def fitting(meaning: Meaning, unit: Unit | None) -> Unit | None:
    """A unit, where what is asked can be answered in it."""
    if unit is None:
        return None
    try:
        apply_unit(meaning, unit)
    except NotUnderstood:
        return None
    return unit


def _cells(meaning: Meaning) -> tuple[Any, ...] | None:
    """The quantities of a meaning; None for lists, places and tables whose rows are not known before they are."""
    if isinstance(meaning, Statistics):
        return tuple(_statistic(meaning, name) for name in meaning.which)
    if isinstance(meaning, Composition):
        if not meaning.options or meaning.part:
            return None
        pairs = ((Area(of, unit=meaning.unit), Share(of)) for of in meaning.options)
        return tuple(one for pair in pairs for one in pair)
    if (
        isinstance(meaning, Area)
        and not meaning.part
        and meaning.of.pick is not None
        and meaning.of.pick.count == 1
    ):
        return (
            SizeOf(meaning.of, "max", meaning.unit),
        )  # "its area", as "the area of the largest lake" is read
    return (meaning,) if isinstance(meaning, Quantity | Judgement) else None


def _statistic(meaning: Statistics, name: str) -> Quantity:
    if name == "count":
        return Count(meaning.of)
    if meaning.to is not None:
        return Distance(meaning.of, meaning.to, name, meaning.unit)
    return SizeOf(meaning.of, name, meaning.unit)


# --- of what the parts before are about

_MANY = re.compile(r"\b(?:their|them|they|those|these)\b", re.IGNORECASE)
_ONE = re.compile(r"\b(?:its?|it)\b", re.IGNORECASE)
# A list, and no sum of them.
_EACH_OF_THEM = re.compile(
    r"\b(?:their|the)\s+(?:areas|sizes|perimeters|extents|lengths|footprints|positions|locations)\b", re.I
)
# "What their total area is", "how big the largest of them is"
_INDIRECT = re.compile(
    r"^(what|how\s+(?:large|big|far))\s+(?!is\b|are\b)(.+?)\s+(is|are)(\s+on\s+average|\s+in\s+[a-z0-9² ]+)?$",
    re.IGNORECASE,
)
_PRONOUNS = {"their": "them", "its": "it"}
_POSSESSIVE = re.compile(
    r"\b(their|its)\s+((?:[a-z]+\s+){0,2}(?:perimeter|length|density|power|area|size|number|extent|footprint|share|percentage))\b",
    re.IGNORECASE,
)
_IN_UNIT = r"(,?\s+(?:measured\s+|expressed\s+)?in\s+[a-z0-9² ]+)?\s*$"
# What leaves out a noun that only what was counted can be ("how large is the largest?", "the average size").
_LEFT_OUT = (
    (
        re.compile(rf"\b(?:the\s+)?((?:very\s+)?(?:largest|biggest|smallest|tiniest))(?:\s+one)?{_IN_UNIT}", re.I),
        r"the \1 of them\2",
    ),
    (
        re.compile(
            r"\b((?:average|mean|median|largest|biggest|smallest|maximum|minimum|max|min)\s+(?:size|area|footprint|extent))"
            rf"{_IN_UNIT}",
            re.I,
        ),
        r"\1 of them\2",
    ),
    (
        re.compile(r"^how\s+many(?:\s+(?:are\s+there|there\s+are|are\s+they|exist))?\s*$", re.I),
        "how many of them are there",
    ),
    (re.compile(r"^how\s+many\s+(?:are|lie|stand|have|exceed|touch)\s+(?!there\b)", re.I), None),
)  # fmt: skip


def first_named(text: str, brought: tuple[Topic, ...]) -> Subject | None:
    """What a first clause names that asks nothing itself ("Identify the largest lake"); None where it says more.

    Args:
        text: the clause.
        brought: records of topics that sources bring.
    """
    try:
        tokens = prepared_with(undress(expanded(text)).text, brought).tokens
        named = tokens and not (asks_for_list(tokens) or names_a_measure(tokens))
        found = Parser(GRAMMAR, tokens).complete("prelude") if named else []
    except (QuestionError, TooAmbiguous):
        return None
    return found[0] if found else None


def read_of_them(
    text: str, before: Parts, brought: tuple[Topic, ...], named: Subject | None = None
) -> Parts | None:
    """The parts so far with one that speaks of what they are about; None where that is unclear.

    Args:
        text: the part.
        before: what was asked in front of it.
        brought: records of topics that sources bring.
        named: what a clause in front of all of them named.
    """
    if _EACH_OF_THEM.search(text):
        return None
    text = words = _INDIRECT.sub(r"\1 \3 \2\4", text)
    bare_only = False
    if not (_MANY.search(text) or _ONE.search(text)):
        for pattern, said in _LEFT_OUT:
            if pattern.search(text):
                words = text if said is None else pattern.sub(said, text, count=1)
                bare_only = said is None
                break
        else:
            return None
    them = _about_of(before, named, words, bare_only)
    if them is None:
        return None
    turned = _POSSESSIVE.sub(lambda found: f"the {found[2]} of {_PRONOUNS[found[1].lower()]}", words)
    for tried in dict.fromkeys((words, undress(expanded(words)).text, turned)):
        try:
            prepared = prepared_with(tried, brought)
            found = _meaning_of_them(prepared, them)
        except (QuestionError, TooAmbiguous):
            continue
        if found is None:
            continue
        parts = _parts(prepared, found, (), words)
        if parts is None or not all(_keeps(part.meaning, them) for part in parts):
            continue
        _refuse_most_of_a_length(parts, before, them)
        group = next((part.of for part in before if part.of is not None), 0)
        earlier = tuple(
            replace(part, of=group) if _is_of_things(part.meaning, them) else part for part in before
        )
        return (*earlier, *(replace(part, of=group) for part in parts))
    return None


def _refuse_most_of_a_length(parts: Parts, before: Parts, them: Subject) -> None:
    """ "How long is the forest edge, and in which half is most of it?" is asked of the edge, not of the area.

    Raises:
        NotUnderstood: a part of the image is to have most of what was asked for by its length.
    """
    lengths = any(
        isinstance(part.meaning, Perimeter | Length) and _is_of_things(part.meaning, them) for part in before
    )
    if lengths and any(isinstance(part.meaning, WhichPart) for part in parts):
        raise NotUnderstood(
            "The question asks for a length, and for the part of the image with most of it, which is told by area or "
            'number; ask for one after the other, as in "which half has the largest area of …?".'
        )


def _meaning_of_them(prepared: Prepared, them: Subject) -> Meaning | None:
    found = Parser(GRAMMAR, prepared.tokens, them).complete("top") if prepared.tokens else []
    found = likely(found, prepared.tokens)
    if not found:
        return None
    refuse_two_readings(found)
    first: Meaning = found[0]
    return first


def _about_of(parts: Parts, named: Subject | None, text: str, bare_only: bool) -> Subject | None:
    """What "it" or "they" in a text are; None where that can be several things, or where it is not clear.

    Args:
        parts: what was asked before.
        named: what a clause in front of them named.
        text: the part that speaks of them.
        bare_only: see ``_agrees``.
    """
    told = [*([named] if named is not None else []), *(about(part.meaning) for part in parts)]
    known = [of for of in told if of is not None]
    found = [of for of in known if _agrees(text, of, bare_only)]
    if (
        len(known) < len(told)
        or not found
        or any(_bare_subject(of) != _bare_subject(found[0]) for of in found)
    ):
        return None
    return next((of for of in found if of.counted), found[0])


def _is_one(of: Subject) -> bool:
    return of.pick is not None and of.pick.count == 1


def _bare_subject(of: Subject) -> Subject:
    return Subject(of.topics, of.where, of.pick, then=of.then, frame=of.frame, before=of.before, fate=of.fate)


def about(meaning: Meaning) -> Subject | None:
    """What a quantity or judgement is them, with its conditions; None where that is several things, or not clear."""
    match meaning:
        case (
            Count(of)
            | SizeOf(of)
            | Perimeter(of)
            | Neighbours(of)
            | Orientation(of)
            | Power(of)
            | Distance(of)
        ):
            return of
        case Area(of, part) | Length(of, part) | IndexOf(_, _, of, part):
            return record.replace(of, where=(*of.where, *part))
        case Share(of, part, of_image, by_count, complement) if of_image and not (
            part or by_count or complement
        ):
            return of
        case Presence(of, least, absent) if least == 1 and not (absent or of.then):
            return of
        case Density(of, _, over) if over is None:
            return of
    return None


def _agrees(text: str, them: Subject, bare_only: bool) -> bool:
    """Whether "it" or "they" can be what is meant; ``bare_only``: only what has no condition."""
    if EVERYWHERE in them.topics or (bare_only and (them.where or them.pick or them.then)):
        return False
    one = _is_one(them)
    thing = them.kind == "thing" or them.regions
    if _ONE.search(text):
        return not _MANY.search(text) and (one or not (thing or len(them.topics) > 1))
    return not one and (them.plural or them.counted or len(them.topics) > 1 or them.pick is not None)


def _keeps(meaning: Meaning, them: Subject) -> bool:
    """Whether a meaning still speaks of what it should, with all its conditions."""
    return any(
        of.topics == them.topics and set(them.where) <= set(of.where) and of.frame == them.frame
        for of in every(meaning, Subject)
    )


def _is_of_things(meaning: Meaning, them: Subject) -> bool:
    of = about(meaning)
    return of is not None and _bare_subject(of) == _bare_subject(them)


# --- together


def in_one_unit(parts: Parts) -> Parts:
    """Parts of one dimension in the one unit that was named for any of them."""
    for dimension in ("area", "length"):
        named = {part.unit for part in parts if part.unit is not None and part.unit.dimension == dimension}
        if len(named) == 1:
            unit = next(iter(named))
            parts = tuple(
                part
                if part.unit is not None or _own_unit(part.meaning)
                else replace(part, unit=fitting(part.meaning, unit))
                for part in parts
            )
    return parts


def _own_unit(meaning: Meaning) -> bool:
    return getattr(meaning, "unit", None) is not None


def of_whole_things(parts: Parts) -> Parts:
    """Parts asked of the same things, all of whole things where one of them is: "their area" is of those counted.

    Alone, the area of buildings within 50 m of water is that of their parts there.

    Raises:
        NotUnderstood: one of them can only be measured where the condition holds.
    """
    groups = {
        part.of
        for part in parts
        if part.of is not None
        and isinstance(part.meaning, Count | SizeOf | Perimeter | Distance | Neighbours | Presence)
    }
    return tuple(_of_whole(part) if part.of in groups and part.of is not None else part for part in parts)


def _of_whole(part: OneAsked) -> OneAsked:
    of = about(part.meaning)
    if of is None or not of.counted or of.pick is not None or all(of_size(value) for value in of.where):
        return part
    if isinstance(part.meaning, Area):
        return replace(part, meaning=SizeOf(of, "sum", part.meaning.unit))
    if isinstance(part.meaning, Share):
        return replace(part, meaning=Portion(SizeOf(of, "sum"), ImageArea()))
    if isinstance(part.meaning, Length | Power | IndexOf):
        raise NotUnderstood(
            f"Are whole {of.said} meant, or only the part that lies there? Ask for one after the other."
        )
    return part
