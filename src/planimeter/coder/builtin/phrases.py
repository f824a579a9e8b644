"""Grammar of the parts: numbers with units, noun phrases, and the conditions on them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from planimeter.coder.builtin.grammar import Grammar, Parser, Values
from planimeter.coder.builtin.meaning import Away, Bounds, Condition, Inside, Pick, Regions, Size, Touching
from planimeter.coder.builtin.units import PERCENT, Measure, Unit
from planimeter.coder.builtin.vocabulary import CLASSES
from planimeter.segment.topics import nouns

GRAMMAR = Grammar(CLASSES)
COUNT = Unit("", "count", 1.0, "")
"""The unit of plain numbers, so that bounds on counts are bounds like all others."""

rule, primitive = GRAMMAR.rule, GRAMMAR.primitive

# --- numbers and units --------------------------------------------------------------------------------------------


def _unit_rule(name: str, *dimensions: str) -> None:
    @primitive(name)
    def unit(parser: Parser, position: int) -> Values:
        if parser.text(position) or position >= len(parser.tokens):
            return []
        unit = parser.tokens[position].unit
        return [(unit, position + 1)] if unit is not None and unit.dimension in dimensions else []


def _measure_rule(name: str, *dimensions: str) -> None:
    @primitive(name)
    def measure(parser: Parser, position: int) -> Values:
        tokens = parser.tokens
        parser.text(position)
        if position >= len(tokens) or tokens[position].number is None:
            return []
        value = float(tokens[position].number or 0.0)
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        if after is not None and after.unit is not None and not after.before:
            parser.text(position + 1)
            if after.unit.dimension in dimensions:
                return [(Measure(value, after.unit), position + 2)]
            return []
        if "percent" in dimensions and tokens[position].fraction:
            return [(Measure(value * 100, PERCENT), position + 1)]
        if "count" in dimensions and not tokens[position].fraction:
            return [(Measure(value, COUNT), position + 1)]
        return []


for _name, _dimensions in {
    "areaunit": ("area", "pixel"),
    "lengthunit": ("length",),
    "powerunit": ("power",),
    "percentunit": ("percent",),
}.items():
    _unit_rule(_name, *_dimensions)
for _name, _dimensions in {
    "number": ("count",),
    "area": ("area", "pixel"),
    "length": ("length",),
    "percent": ("percent",),
    "flux": ("flux",),
    "measure": ("area", "pixel", "length", "percent", "count", "power"),
}.items():
    _measure_rule(_name, *_dimensions)


@rule("bounds", "<over> {measure}")
def _over(measure: Measure) -> Bounds:
    return Bounds(low=measure)


@rule("bounds", "<atleast> {measure}", "{measure} <ormore>")
def _at_least(measure: Measure) -> Bounds:
    return Bounds(low=measure, low_closed=True)


@rule("bounds", "<under> {measure}")
def _under(measure: Measure) -> Bounds:
    return Bounds(high=measure)


@rule("bounds", "<atmost> {measure}", "{measure} <orless>")
def _at_most(measure: Measure) -> Bounds:
    return Bounds(high=measure, high_closed=True)


def _like(plain: Measure, other: Measure) -> Measure | None:
    """Give a plain number the other end's unit ("between 0.1 and 10 ha")."""
    if plain.unit == COUNT:
        return Measure(plain.value, other.unit)
    return plain if plain.unit.dimension == other.unit.dimension else None


def _both(low: Measure, high: Measure, low_closed: bool, high_closed: bool) -> Bounds | None:
    first = _like(low, high)
    if first is None:
        return None
    return Bounds(first, high, low_closed, high_closed)


@rule(
    "bounds",
    "between {measure:low} (and|to) {measure:high}",
    "from {measure:low} (to|up to) {measure:high}",
    "of between {measure:low} and {measure:high}",
    "in range of {measure:low} to {measure:high}",
    "in range from {measure:low} to {measure:high}",
    "ranging from {measure:low} to {measure:high}",
    "{measure:low} to {measure:high}",
)
def _between(low: Measure, high: Measure) -> Bounds | None:
    return _both(low, high, True, True)


@rule("bounds", "<over> {measure:low} (and|but) <under> {measure:high}")
def _open_both(low: Measure, high: Measure) -> Bounds | None:
    return _both(low, high, False, False)


@rule("bounds", "<atleast> {measure:low} (and|but) <atmost> {measure:high}")
def _closed_both(low: Measure, high: Measure) -> Bounds | None:
    return _both(low, high, True, True)


@rule("bounds", "<over> {measure:low} (and|but) <atmost> {measure:high}")
def _open_closed(low: Measure, high: Measure) -> Bounds | None:
    return _both(low, high, False, True)


@rule("bounds", "<atleast> {measure:low} (and|but) <under> {measure:high}")
def _closed_open(low: Measure, high: Measure) -> Bounds | None:
    return _both(low, high, True, False)


# --- noun phrases -------------------------------------------------------------------------------------------------

_NOUNS: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(nouns(), key=lambda phrase: -len(phrase.split())):
    _NOUNS.setdefault(_phrase.split()[0], []).append(tuple(_phrase.split()))
    GRAMMAR.words.update(_phrase.split())


@primitive("noun")
def _noun(parser: Parser, position: int) -> Values:
    values: Values = []
    for words in _NOUNS.get(parser.text(position), ()):
        end = position + len(words)
        if any(parser.text(position + k) != word for k, word in enumerate(words)):
            continue
        noun = nouns()[" ".join(words)]
        said = " ".join(token.said for token in parser.tokens[position:end])
        value = Regions(
            (noun.topic,),
            kind=noun.kind,
            plural=noun.plural,
            said=said.lower(),
            definite=parser.tokens[position].definite,
        )
        values.append((value, end))
    return values


@primitive("unknown")
def _unknown(parser: Parser, position: int) -> Values:
    """One to three words nobody knows, as a noun: parsed only to say that it is no topic."""
    values: Values = []
    end = position
    while end < len(parser.tokens) and end - position < 3:
        token = parser.tokens[end]
        if not token.text.isalpha() or token.text in GRAMMAR.words or (end > position and token.before):
            break
        end += 1
        said = " ".join(t.said for t in parser.tokens[position:end])
        plural = said.endswith("s")
        values.append((Regions(("?" + said,), kind="thing", plural=plural, said=said), end))
    return values[::-1]


@rule("simple", "{noun}", "[<total>] {noun} <ground>", "<ground> of {noun}", "<ground> <coveredpassive> {noun}",
      "land that is <coveredpassive> {noun}", "{unknown:noun}")  # fmt: skip
def _cover(noun: Regions) -> Regions:
    return noun


@rule(
    "simple",
    "{noun} [<ground>] <shapes>",
    "<shapes> of {noun}",
    "<shapes> <coveredpassive> {noun}",
    "<shapes> of {noun} <ground>",
    "areas <coveredpassive> {noun}",
)
def _shapes(noun: Regions) -> Regions:
    return replace(noun, plural=True, regions=True)


@rule("simple", "{noun} [<ground>] <shape>", "<shape> of {noun}", "area of {noun}")
def _shape(noun: Regions) -> Regions:
    return replace(noun, plural=False, regions=True)


@primitive("pronoun")
def _pronoun(parser: Parser, position: int) -> Values:
    if parser.antecedent is None:
        return []
    index = parser.grammar.classes["pronoun"]
    ends = list(parser.phrases(index, position))
    values: Values = [(parser.antecedent, end) for end in ends]
    for end in [position, *parser.phrases(parser.grammar.classes["generic"], position)]:
        for name in ("shapes", "shape"):
            values += [(parser.antecedent, last) for last in parser.phrases(parser.grammar.classes[name], end)]
        for value, last in parser.parse("simple", end):
            if end > position and value.topics == parser.antecedent.topics:
                values.append((parser.antecedent, last))
    return values


def _apart(value: Regions) -> Regions:
    return replace(value, regions=True)


@rule("bare", "{simple}", "[<apart>] {simple}")
def _bare(simple: Regions) -> Regions:
    return simple


@rule("bare", "<apart> {simple}", "<apart> <apart> {simple}", "<apart> and <apart> {simple}")
def _bare_apart(simple: Regions) -> Regions:
    return _apart(simple)


@rule("bare", "{pronoun}")
def _antecedent(pronoun: Regions) -> Regions:
    return pronoun


RANKS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "first": 1}


@rule("picked", "<largest> [<apart>] {bare}")
def _largest(bare: Regions) -> Regions | None:
    return _pick(bare, Pick(True))


@rule("picked", "<smallest> [<apart>] {bare}")
def _smallest(bare: Regions) -> Regions | None:
    return _pick(bare, Pick(False))


def _pick(bare: Regions, pick: Pick) -> Regions | None:
    return None if bare.pick is not None else replace(bare, pick=pick)


for _word, _rank in RANKS.items():

    def _ranked(bare: Regions, _rank: int = _rank) -> Regions | None:
        return _pick(bare, Pick(True, _rank))

    def _ranked_small(bare: Regions, _rank: int = _rank) -> Regions | None:
        return _pick(bare, Pick(False, _rank))

    rule("picked", f"{_word} <largest> {{bare}}")(_ranked)
    rule("picked", f"{_word} <smallest> {{bare}}")(_ranked_small)


def _several(number: Measure, bare: Regions, largest: bool) -> Regions | None:
    if number.value < 1 or not number.value.is_integer():
        return None
    return _pick(bare, Pick(largest, 1, int(number.value)))


@rule("picked", "[top] {number} <largest> {bare}", "top {number} {bare}", "<largest> {number} {bare}")
def _top(number: Measure, bare: Regions) -> Regions | None:
    return _several(number, bare, True)


@rule("picked", "{number} <smallest> {bare}", "<smallest> {number} {bare}")
def _bottom(number: Measure, bare: Regions) -> Regions | None:
    return _several(number, bare, False)


@rule("base", "{picked}")
def _picked_base(picked: Regions) -> Regions:
    return picked


@rule("base", "{bare}")
def _plain_base(bare: Regions) -> Regions:
    return bare


@primitive("union")
def _union(parser: Parser, position: int) -> Values:
    """Several bare nouns as one cover: "forest and grass", "water, forest or roads"."""
    return _list(parser, position, ("and", "or", "plus", "as well as", "and also", "or else"))


def _list(parser: Parser, position: int, joins: tuple[str, ...]) -> Values:
    values: Values = []
    index: dict[str, list[tuple[str, ...]]] = {}
    for join in joins:
        index.setdefault(join.split()[0], []).append(tuple(join.split()))

    def extend(items: list[Regions], at: int, joined: bool) -> None:
        if joined and len(items) > 1:
            values.append((_merge(items), at))
        if len(items) >= 6:
            return
        ends = list(parser.phrases(index, at))
        if ends or joined:
            joined_next = True
        else:
            joined_next = False
            if at >= len(parser.tokens) or parser.tokens[at].before != ",":
                return
            ends = [at]
        for end in ends:
            for value, last in parser.parse("bare", end):
                extend([*items, value], last, joined_next)

    for value, end in parser.parse("bare", position):
        extend([value], end, False)
    return values


def _merge(items: list[Regions]) -> Regions:
    topics: list[str] = []
    for item in items:
        topics += [topic for topic in item.topics if topic not in topics]
    return Regions(
        tuple(topics),
        kind=items[0].kind if all(item.kind == items[0].kind for item in items) else "mass",
        plural=all(item.plural for item in items),
        said=" and ".join(item.said for item in items),
        definite=items[0].definite,
        regions=items[-1].regions or all(item.regions for item in items),
    )


# --- conditions ---------------------------------------------------------------------------------------------------


@primitive("lead")
def _lead(parser: Parser, position: int) -> Values:
    """Up to five copulas and relatives, which carry no measure ("that are located", "which lie")."""
    values: Values = [((), position)]
    index = parser.grammar.classes["lead"]
    for _ in range(5):
        ends = list(parser.phrases(index, position))
        if not ends:
            break
        position = ends[0]
        values.append(((), position))
    return values[::-1]


def _of(bounds: Bounds, *dimensions: str) -> bool:
    return bounds.dimension in dimensions


@rule("size", "{bounds} [<sizetail>]", "<sizelead> {bounds} [<sizetail>]", "<sizelead> [<lead>] <sizelead> {bounds}")
def _size(bounds: Bounds) -> Size | None:
    return Size(bounds) if _of(bounds, "area", "pixel") else None


@rule("condition", "{lead} {size}")
def _sized(lead: Any, size: Size) -> Condition:
    return size


@rule("condition", "{lead} not {size}")
def _not_sized(lead: Any, size: Size) -> Condition | None:
    bounds = size.bounds.complement()
    return None if bounds is None else Size(bounds)


@primitive("reference")
def _reference(parser: Parser, position: int) -> Values:
    """A noun phrase that others are near: sizes right behind it belong to it, distances never do."""
    values: Values = []
    starts = [position]
    for name in ("any", "nearest", "all"):
        starts += parser.phrases(parser.grammar.classes[name], position)
    for start in starts:
        if any(parser.text(start) == word for word in ("all", "every", "each")):
            continue
        for value, end in [*parser.parse("base", start), *_list(parser, start, ("or",))]:
            sized = [(value, end)]
            for first, after in parser.parse("attached", end):
                sized.insert(0, (replace(value, where=(*value.where, *first)), after))
            if end < len(parser.tokens) and parser.tokens[end].before in (",", ";", ".", "?", ":"):
                sized = [(value, end)]
            values += sized
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
def _near(length: Measure, reference: Regions) -> Condition:
    return Away(_within(length), reference)


@rule("away", "<within> {length} <radius> {reference}")
def _near_radius(length: Measure, reference: Regions) -> Condition:
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
def _away(reference: Regions, bounds: Bounds | None = None, length: Measure | None = None) -> Condition | None:
    bounds = bounds if length is None else Bounds(low=length)
    if bounds is None or not _of(bounds, "length"):
        return None
    return Away(bounds, reference)


@rule("away", "(closer|nearer) to {reference} than {length}")
def _closer(reference: Regions, length: Measure) -> Condition:
    return Away(Bounds(high=length), reference)


@rule("away", "(farther|further|more distant) from {reference} than {length}")
def _farther(reference: Regions, length: Measure) -> Condition:
    return Away(Bounds(low=length), reference)


@rule("away", "within {bounds} [<radius>] <from> {reference}")
def _within_bounds(bounds: Bounds, reference: Regions) -> Condition | None:
    return Away(bounds, reference) if _of(bounds, "length") else None


@rule(
    "away",
    "<outside> {length} [<radius>] <from> {reference}",
    "not <within> {length} [<radius>] <from> {reference}",
    "<outside> {length} <radius> {reference}",
)
def _beyond(length: Measure, reference: Regions) -> Condition:
    return Away(Bounds(low=length), reference)


@rule(
    "away",
    "(with|have|has|having) {reference} within {length}",
    "(with|have|has|having) {reference} within {length} (of|around) (them|it)",
    "(with|have|has|having) {reference} within {length} <radius>",
    "(with|have|has|having) {reference} <at> {length} or less",
)
def _has_near(reference: Regions, length: Measure) -> Condition:
    return Away(_within(length), reference)


@rule(
    "away",
    "(with no|without|without any|have no|has no|having no|with not any|not have|not have any) {reference} within {length}",
    "(with no|without|without any|have no|has no|having no) {reference} within {length} (of|around) (them|it)",
    "(with no|without|without any|have no|has no|having no) {reference} within {length} <radius>",
)
def _has_none_near(reference: Regions, length: Measure) -> Condition:
    return Away(Bounds(low=length), reference)


@rule("inside", "<inside> {reference}")
def _inside(reference: Regions) -> Condition:
    return Inside(reference)


@rule("inside", "<outof> {reference}")
def _outside(reference: Regions) -> Condition:
    return Inside(reference, outside=True)


@rule("touching", "<touching> {reference}")
def _touching(reference: Regions) -> Condition:
    return Touching(reference)


@rule("touching", "not <touching> {reference}")
def _apart_from(reference: Regions) -> Condition:
    return Touching(reference, apart=True)


@rule("condition", "{lead} {away:value}", "{lead} {inside:value}", "{lead} {touching:value}")
def _placed(lead: Any, value: Condition) -> Condition:
    return value


@rule("condition", "{lead} not {away:value}", "{lead} not {touching:value}")
def _not_placed(lead: Any, value: Condition) -> Condition | None:
    return negation(value)


def negation(condition: Condition) -> Condition | None:
    """The condition that holds exactly where this one does not, or None where one condition cannot say it."""
    if isinstance(condition, Size):
        bounds = condition.bounds.complement()
        return None if bounds is None else Size(bounds)
    if isinstance(condition, Away):
        bounds = condition.bounds.complement()
        return None if bounds is None else Away(bounds, condition.reference)
    if isinstance(condition, Inside):
        return Inside(condition.reference, not condition.outside)
    return Touching(condition.reference, not condition.apart)


@primitive("conditions")
def _conditions(parser: Parser, position: int) -> Values:
    """One or more conditions, all of which hold; returns a tuple.

    Behind a reference ("within 50 m of water") the next condition needs "and", "but" or a comma, because without one
    it would as well belong to the water.
    """
    values: Values = []
    joins = parser.grammar.classes["join"]

    def extend(found: tuple[Condition, ...], at: int) -> None:
        if len(found) < 5:
            loose = isinstance(found[-1], Size)
            before = parser.tokens[at].before if at < len(parser.tokens) else ""
            relative = parser.text(at) in ("that", "which", "who")
            starts = [(end, True) for end in parser.phrases(joins, at)]
            if (loose or before in (",", ";", "(", ")")) and not (relative and not loose):
                starts.append((at, False))
            for start, _ in starts:
                for value, end in parser.parse("condition", start):
                    extend((*found, value), end)
        values.append((found, at))

    for value, end in parser.parse("condition", position):
        extend((value,), end)
    values.sort(key=lambda item: -item[1])
    return values


@rule("np", "{base} {conditions}", "<any> {base} {conditions}")
def _np_conditions(base: Regions, conditions: tuple[Condition, ...]) -> Regions | None:
    return replace(base, where=(*base.where, *conditions))


@rule("np", "{union} {conditions}")
def _union_conditions(union: Regions, conditions: tuple[Condition, ...]) -> Regions:
    return replace(union, where=conditions)


@rule("np", "{base}", "<any> {base}")
def _np_base(base: Regions) -> Regions:
    return base


@rule("np", "{size} {base}", "{size} {base} {conditions}")
def _np_sized(size: Size, base: Regions, conditions: tuple[Condition, ...] = ()) -> Regions:
    return replace(base, where=(*base.where, size, *conditions))


@rule("np", "{union}", "{union} <together>", "both {union}", "<together> {union}")
def _np_union(union: Regions) -> Regions:
    return union

