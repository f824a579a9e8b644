"""Conditions on noun phrases: sizes, distances, overlap, touching."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.coder.grammar.rules.nouns import list_of_nouns, merged
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Away,
    Besides,
    Bounds,
    Condition,
    Core,
    Either,
    Holding,
    Inside,
    Size,
    Sized,
    Spaced,
    Subject,
    Touching,
)
from planimeter.vocabulary.topics import EVERYWHERE
from planimeter.vocabulary.units import Measure

_MAY = frozenset(("can", "could", "may", "might", "should", "must", "will", "would"))
_MADE = frozenset(("built", "placed", "located", "positioned", "situated", "erected"))


@primitive("lead")
def _lead(parser: Parser, position: int) -> Values:
    """Up to five copulas and relatives, which carry no measure ("that are located", "which lie")."""
    values: Values = [((), position)]
    index = parser.grammar.classes["lead"]
    for _ in range(5):
        ends = list(parser.phrases(index, position))
        may_be = parser.text(position) == "be" and position > 0 and parser.text(position - 1) in _MAY
        if not ends or (may_be and parser.text(position + 1) in _MADE):
            break  # "can be built in the forest" says of none that it is there
        position = ends[0]
        values.append(((), position))
    return values[::-1]


def _of(bounds: Bounds, *dimensions: str) -> bool:
    return bounds.dimension in dimensions


@rule(
    "size",
    "{bounds} [<sizetail>]",
    "<sizelead> {bounds} [<sizetail>]",
    "<sizelead> [<lead>] <sizelead> {bounds}",
)
def _size(bounds: Bounds) -> Size | None:
    return Size(bounds) if _of(bounds, "area", "pixel") else None


@rule("condition", "{lead} {size}")
def _sized(lead: Any, size: Size) -> Condition:
    return size


@rule("condition", "{lead} not {size}")
def _not_sized(lead: Any, size: Size) -> Condition | None:
    bounds = size.bounds.complement()
    return None if bounds is None else Size(bounds)


def _starts(parser: Parser, position: int, name: str) -> bool:
    """Whether a phrase of a class begins here."""
    return any(True for _ in parser.phrases(parser.grammar.classes[name], position))


def _agrees(verb: str, noun: Subject) -> bool:
    """Whether a verb has the noun's number ("lakes that are", "a lake that covers")."""
    if verb in ("is", "was", "has", "does") or (verb.endswith("s") and verb != "was"):
        return not noun.plural
    return noun.plural or verb not in (
        "are",
        "were",
        "have",
        "do",
        "cover",
        "measure",
        "exceed",
        "occupy",
        "span",
    )


@primitive("reference")
def _reference(parser: Parser, position: int) -> Values:
    """A noun phrase that others are near: sizes right behind it belong to it, distances never do."""
    values: Values = []
    starts = [position]
    # "within 50 m of every lake" is not "of any lake": nothing here says that all of them are near.
    for name in ("any", "nearest"):
        starts += parser.phrases(parser.grammar.classes[name], position)
    either = parser.text(position) == "either"
    for start in [position + 1] if either else starts:
        listed = list_of_nouns(parser, start, ("or", "or of", "or any"))
        for value, end in listed if either else [*parser.parse("base", start), *listed]:
            values.append((value, end))
            if EVERYWHERE in value.topics:
                continue  # "houses in the lower half larger than 100 m²": no part of the image has a size to ask for
            before = parser.tokens[end].before if end < len(parser.tokens) else ""
            if before in (",", ";", ".", "?", ":") or _starts(parser, end, "finite"):
                continue  # "houses within 50 m of lakes are larger than 100 m²" says it of the houses
            if _starts(parser, end, "relative") and not _agrees(parser.text(end + 1), value):
                continue  # "houses within 50 m of water that are larger than 100 m²": so does this
            for first, after in parser.parse("attached", end):
                values.append((replace(value, where=(*value.where, *first)), after))
    values.sort(key=lambda item: -item[1])
    return values


@rule("attached", "{lead} {size}")
def _attached(lead: Any, size: Size) -> tuple[Condition, ...]:
    return (size,)


@rule("attached", "{lead} {size} (and|but) {lead:again} {size:other}")
def _attached_two(lead: Any, size: Size, again: Any, other: Size) -> tuple[Condition, ...]:
    return (size, other)


def _within(length: Measure) -> Bounds:
    return Bounds(high=length, high_closed=True)


@rule(
    "away",
    "<within> {length} [<radius>] <from> {reference}",
    "<within> {length} {reference}",
)
def _near(length: Measure, reference: Subject) -> Condition:
    return Away(_within(length), reference)


@rule("away", "<within> {length} <radius> {reference}")
def _near_radius(length: Measure, reference: Subject) -> Condition:
    return Away(_within(length), reference)


@rule(
    "away",
    "[<at>] {bounds} [<radius>] [away] <from> {reference}",
    "[<at>] {bounds} [distance|in distance] <from> {reference}",
    "<distanceto> {reference} is {bounds}",
    "<distanceto> {reference} {bounds}",
    "<distanceto> {reference} of {bounds}",
    "(farther|further) away from {reference} than {length}",
)
def _away(
    reference: Subject, bounds: Bounds | None = None, length: Measure | None = None
) -> Condition | None:
    bounds = bounds if length is None else Bounds(low=length)
    if bounds is None or not _of(bounds, "length"):
        return None
    return Away(bounds, reference)


@rule("away", "(closer|nearer) to {reference} than {length}")
def _closer(reference: Subject, length: Measure) -> Condition:
    return Away(Bounds(high=length), reference)


@rule("away", "(farther|further|more distant) from {reference} than {length}")
def _farther(reference: Subject, length: Measure) -> Condition:
    return Away(Bounds(low=length), reference)


@rule("away", "within {bounds} [<radius>] <from> {reference}")
def _within_bounds(bounds: Bounds, reference: Subject) -> Condition | None:
    return Away(bounds, reference) if _of(bounds, "length") else None


@rule(
    "away",
    "<outside> {length} [<radius>] <from> {reference}",
    "not <within> {length} [<radius>] <from> {reference}",
    "<outside> {length} <radius> {reference}",
)
def _beyond(length: Measure, reference: Subject) -> Condition:
    return Away(Bounds(low=length), reference)


@rule(
    "away",
    "(with|have|has|having) {reference} within {length}",
    "(with|have|has|having) {reference} within {length} (of|around) (them|it)",
    "(with|have|has|having) {reference} within {length} <radius>",
    "(with|have|has|having) {reference} <at> {length} or less",
)
def _has_near(reference: Subject, length: Measure) -> Condition:
    return Away(_within(length), reference)


@rule(
    "away",
    "<withno> {reference} within {length}",
    "<withno> {reference} within {length} (of|around) (them|it)",
    "<withno> {reference} within {length} <radius>",
)
def _has_none_near(reference: Subject, length: Measure) -> Condition:
    return Away(Bounds(low=length), reference)


@rule("inside", "<inside> {reference}")
def _inside(reference: Subject) -> Condition:
    return Inside(reference)


@rule("inside", "<inside> {framename:first} or [<inside>] {framename:second}")
def _inside_one_of_two(first: Subject, second: Subject) -> Condition:
    """ "In the upper left quarter or the lower right quarter": in the one or in the other."""
    return Either(((Inside(first),), (Inside(second),)))


@rule("inside", "<outof> {reference}")
def _outside(reference: Subject) -> Condition:
    return Inside(reference, outside=True)


@rule("touching", "<touching> {reference}")
def _touching(reference: Subject) -> Condition:
    return Touching(reference)


@rule("touching", "not <touching> {reference}")
def _apart_from(reference: Subject) -> Condition:
    return Touching(reference, apart=True)


@rule("condition", "{lead} {away:value}", "{lead} {inside:value}", "{lead} {touching:value}")
def _placed(lead: Any, value: Condition) -> Condition:
    return value


@rule(
    "condition",
    "{lead} not {away:value}",
    "{lead} not {touching:value}",
    "{lead} not {lead:again} {away:value}",
    "{lead} not {lead:again} {touching:value}",
)
def _not_placed(lead: Any, value: Condition, again: Any = None) -> Condition | None:
    return negation(value)


def negation(condition: Condition) -> Condition | None:
    """The condition that holds exactly where this one does not, or None where one condition cannot say it."""
    if isinstance(condition, Size):
        bounds = condition.bounds.complement()
        return None if bounds is None else Size(bounds)
    if isinstance(condition, Core | Spaced):
        bounds = condition.bounds.complement()
        return None if bounds is None else replace(condition, bounds=bounds)
    if isinstance(condition, Away | Inside) and condition.entirely:
        return None  # "not entirely within" is no condition that every pixel meets
    if isinstance(condition, Away):
        bounds = condition.bounds.complement()
        return None if bounds is None else Away(bounds, condition.reference)
    if isinstance(condition, Inside):
        return Inside(condition.reference, not condition.outside)
    if isinstance(condition, Sized):
        return replace(condition, sign={">": "<=", ">=": "<", "<": ">=", "<=": ">"}[condition.sign])
    if isinstance(condition, Either | Besides):
        return None
    if isinstance(condition, Holding):
        bounds = condition.bounds.complement()
        return None if bounds is None else replace(condition, bounds=bounds)
    return Touching(condition.reference, not condition.apart)


def _sized_reference(condition: Condition) -> bool:
    """Whether a condition of place ends with a size of its own ("within 50 m of lakes larger than 1 ha")."""
    return isinstance(condition, Away | Inside | Touching) and bool(condition.reference.where)


def _chain(parser: Parser, position: int, finite: bool) -> Values:
    """One or more conditions, all of which hold, as a tuple; ``finite``: whether verbs may say them.

    Behind a reference ("within 50 m of water") the next condition needs "and", "but", a comma or a verb, because
    without one it would as well belong to the water.
    """
    values: Values = []
    joins = parser.grammar.classes["join"]

    def extend(found: tuple[Condition, ...], at: int) -> None:
        values.append((found, at))
        if len(found) == 5 or at >= len(parser.tokens):
            return
        loose = of_size(found[-1])
        relative = _starts(parser, at, "relative")
        verb = _starts(parser, at, "finite")
        starts = list(parser.phrases(joins, at))
        if loose or (verb and finite) or (parser.tokens[at].before in (",", ";", "(", ")") and not relative):
            starts.append(at)
        for start in starts:
            if not finite and _starts(parser, start, "finite"):
                continue
            for value, end in parser.parse("condition", start):
                if (
                    isinstance(value, Size)
                    and _sized_reference(found[-1])
                    and not _starts(parser, start, "finite")
                ):
                    continue  # "of lakes larger than 1 ha and smaller than 2 ha": both sizes are the lakes'
                extend((*found, value), end)

    for value, end in parser.parse("condition", position):
        extend((value,), end)
    for pair, end in parser.parse("conditionpair", position):
        extend(pair, end)
    values.sort(key=lambda item: -item[1])
    return values


@primitive("conditions")
def _conditions(parser: Parser, position: int) -> Values:
    """Conditions in any form."""
    return _chain(parser, position, finite=True)


@primitive("modifiers")
def _modifiers(parser: Parser, position: int) -> Values:
    """Conditions that belong to the noun in front ("houses within 50 m of water", "houses that lie near …")."""
    if _starts(parser, position, "finite"):
        return []
    return _chain(parser, position, finite=_starts(parser, position, "relative"))


@primitive("predicate")
def _predicate(parser: Parser, position: int) -> Values:
    """Conditions said of the whole noun phrase in front by a verb ("… are within 50 m of water")."""
    return _chain(parser, position, finite=True) if _starts(parser, position, "finite") else []


@rule(
    "conditionpair",
    "{lead} <within> {length} [<radius>] <from> both {bare:first} and {bare:second}",
    "{lead} both <within> {length} [<radius>] <from> {bare:first} and {bare:second}",
)
def _near_both(lead: Any, length: Measure, first: Subject, second: Subject) -> tuple[Condition, ...]:
    return (Away(_within(length), first), Away(_within(length), second))


@rule(
    "conditionpair",
    "{lead} {reach:bounds} <from> {bare:first} and <from> {bare:second} [alike|both]",
    "{lead} {reach:bounds} <from> {bare:first} as well as <from> {bare:second}",
)
def _so_far_from_both(lead: Any, bounds: Bounds, first: Subject, second: Subject) -> tuple[Condition, ...]:
    """One distance for two: "within 50 m of a road and of a river"."""
    return (Away(bounds, first), Away(bounds, second))


@rule(
    "conditionpair",
    "{lead} (with|have|has|having) {reference:first} {near} (but|and|yet) no {reference:second} {near:other}",
    "{lead} (with|have|has|having) no {reference:second} {near:other} (but|yet) {reference:first} {near}",
)
def _has_one_and_not_another(
    lead: Any, first: Subject, second: Subject, near: Measure, other: Measure
) -> tuple[Condition, ...]:
    """ "Houses with forest within 20 m but no road within 50 m"."""
    return (Away(_within(near), first), Away(Bounds(low=other), second))


@rule(
    "conditionpair",
    "{lead} (with|have|has|having) {reference:first} {near} and {reference:second} {near:other}",
)
def _has_two(
    lead: Any, first: Subject, second: Subject, near: Measure, other: Measure
) -> tuple[Condition, ...]:
    return (Away(_within(near), first), Away(_within(other), second))


@rule(
    "conditionpair",
    "{lead} (with|have|has|having) both [any|some] {bare:first} and [any|some] {bare:second} {near}",
)
def _has_both(lead: Any, first: Subject, second: Subject, near: Measure) -> tuple[Condition, ...]:
    """ "Houses that have both a road and some grass within 20 m"."""
    return (Away(_within(near), first), Away(_within(near), second))


@rule("away", "{reach:bounds} <from> {picked:first} or [<from>] {picked:second}")
def _near_one_of_two(bounds: Bounds, first: Subject, second: Subject) -> Condition | None:
    """ "Within 50 m of the largest lake or the largest field"; "more than 50 m from" them may be from one, or both."""
    near = bounds.low is None
    return Either(((Away(bounds, first),), (Away(bounds, second),))) if near else None


@rule("near", "within {length} [of (it|them)]", "at most {length} away", "no more than {length} away")
def _near_by(length: Measure) -> Measure:
    return length


@rule("away", "{reach:bounds} from {bare:first} or from {bare:second}")
def _near_either(bounds: Bounds, first: Subject, second: Subject) -> Condition | None:
    """Near one of two; "more than 50 m from a road or from water" may be far from both, or from one of them."""
    both = merged([first, second], "or")
    return Away(bounds, both) if bounds.low is None and both is not None else None


@rule("reach", "<within> {length} [<radius>]", "[<at>] {bounds} [<radius>] [away]")
def _reach(length: Measure | None = None, bounds: Bounds | None = None) -> Bounds | None:
    bounds = _within(length) if length is not None else bounds
    return bounds if bounds is not None and _of(bounds, "length") else None


@rule("np", "{base} {modifiers:conditions}", "<any> {base} {modifiers:conditions}")
def _np_conditions(base: Subject, conditions: tuple[Condition, ...]) -> Subject | None:
    return replace(base, where=(*base.where, *conditions))


@rule("np", "{union} {modifiers:conditions}", "either {union} {modifiers:conditions}")
def _union_conditions(union: Subject, conditions: tuple[Condition, ...]) -> Subject:
    return replace(union, where=conditions)


@rule("np", "{base}", "<any> {base}")
def _np_base(base: Subject) -> Subject:
    return base


@rule("np", "{size} {base}", "{size} {base} {modifiers:conditions}")
def _np_sized(size: Size, base: Subject, conditions: tuple[Condition, ...] = ()) -> Subject:
    return replace(base, where=(*base.where, size, *conditions))


@rule("np", "{union}", "{union} <together>", "both {union}", "either {union}", "<together> {union}")
def _np_union(union: Subject) -> Subject:
    return union
