"""Noun phrases: what is counted, and what others are near."""

from __future__ import annotations

from planimeter.coder.grammar.formalism import Parser, Values
from planimeter.coder.grammar.open_nouns import LONGEST, OpenWords
from planimeter.coder.grammar.rulebook import primitive, rule
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Pick,
    Subject,
)
from planimeter.vocabulary.numbers import RANKS
from planimeter.vocabulary.topics import MARK, Noun, nouns
from planimeter.vocabulary.units import Measure

_NOUNS: dict[str, list[tuple[str, ...]]] = {}
for _phrase in sorted(nouns(), key=lambda phrase: -len(phrase.split())):
    _NOUNS.setdefault(_phrase.split()[0], []).append(tuple(_phrase.split()))


@primitive("noun")
def _noun(parser: Parser, position: int) -> Values:
    values: Values = []
    brought = parser.tokens[position].nouns if position < len(parser.tokens) else ()
    longest = max((length for _, length in brought), default=0)
    for noun, length in brought:
        values.append((_named(parser, position, noun, length), position + length))
    for words in _NOUNS.get(parser.text(position), ()):
        end = position + len(words)
        if len(words) <= longest:
            continue  # a source's own word means what that source says
        if any(parser.text(position + k) != word for k, word in enumerate(words)):
            continue
        noun = nouns()[" ".join(words)]
        values.append((_named(parser, position, noun, len(words)), end))
    return values


def _named(parser: Parser, position: int, noun: Noun, length: int) -> Subject:
    said = " ".join(token.said for token in parser.tokens[position : position + length])
    return Subject(
        (noun.topic,),
        kind=noun.kind,
        plural=noun.plural,
        said=said.lower(),
        definite=parser.tokens[position].definite,
    )


@primitive("unknown")
def _unknown(parser: Parser, position: int) -> Values:
    """Words nobody knows, as a noun; parsed to say that it is no topic, or to make it one of an open vocabulary."""
    values: Values = []
    beside = parser.unknown.beside if isinstance(parser.unknown, OpenWords) else frozenset()
    longest = LONGEST if isinstance(parser.unknown, OpenWords) else 3
    end = position
    strange = False
    while end < len(parser.tokens) and end - position < longest:
        token = parser.tokens[end]
        if token.text not in parser.unknown and token.text not in beside:
            break
        if end > position and token.before:
            break
        strange = strange or token.text in parser.unknown
        end += 1
        if strange:
            said = " ".join(t.said for t in parser.tokens[position:end])
            values.append((Subject((MARK + said,), kind="thing", plural=said.endswith("s"), said=said), end))
    return values[::-1]


@rule("simple", "<ground> of {noun}")
def _ground_of(noun: Subject) -> Subject:
    """The area of buildings is a cover, however many there are."""
    return replace(noun, plural=False, kind="mass") if noun.kind == "thing" and noun.plural else noun


@rule(
    "simple",
    "{noun}",
    "[<total>] {noun} <ground>",
    "<ground> <coveredpassive> {noun}",
    "land that is <coveredpassive> {noun}",
    "{unknown:noun}",
)
def _cover(noun: Subject) -> Subject:
    return noun


@rule(
    "simple",
    "{noun} [<ground>] <shapes>",
    "<shapes> of {noun}",
    "<shapes> <coveredpassive> {noun}",
    "<shapes> of {noun} <ground>",
    "areas <coveredpassive> {noun}",
)
def _shapes(noun: Subject) -> Subject:
    return replace(noun, plural=True, regions=True)


@rule("simple", "{noun} [<ground>] <shape>", "<shape> of {noun}", "area of {noun}")
def _shape(noun: Subject) -> Subject:
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
            values += [
                (parser.antecedent, last) for last in parser.phrases(parser.grammar.classes[name], end)
            ]
        for value, last in parser.parse("simple", end):
            if end > position and value.topics == parser.antecedent.topics:
                values.append((parser.antecedent, last))
    return values


def _apart(value: Subject) -> Subject:
    return replace(value, regions=True)


@rule("bare", "{simple}", "[<apart>] {simple}")
def _bare(simple: Subject) -> Subject:
    return simple


@rule("bare", "<apart> {simple}", "<apart> <apart> {simple}", "<apart> and <apart> {simple}")
def _bare_apart(simple: Subject) -> Subject:
    return _apart(simple)


@rule("bare", "{pronoun}")
def _antecedent(pronoun: Subject) -> Subject:
    return pronoun


@rule("picked", "[<solid>] <largest> [<apart>] [<solid>] {bare}")
def _largest(bare: Subject) -> Subject | None:
    return _pick(bare, Pick(True))


@rule("picked", "[<solid>] <smallest> [<apart>] [<solid>] {bare}")
def _smallest(bare: Subject) -> Subject | None:
    return _pick(bare, Pick(False))


def _pick(bare: Subject, pick: Pick) -> Subject | None:
    return None if bare.pick is not None else replace(bare, pick=pick)


for _word, _rank in RANKS.items():

    def _ranked(bare: Subject, _rank: int = _rank) -> Subject | None:
        return _pick(bare, Pick(True, _rank))

    def _ranked_small(bare: Subject, _rank: int = _rank) -> Subject | None:
        return _pick(bare, Pick(False, _rank))

    rule("picked", f"{_word} <largest> {{bare}}")(_ranked)
    rule("picked", f"{_word} <smallest> {{bare}}")(_ranked_small)


def _several(number: Measure, bare: Subject, largest: bool) -> Subject | None:
    if number.value < 1 or not number.value.is_integer():
        return None
    return _pick(bare, Pick(largest, 1, int(number.value)))


@rule("picked", "[top] {number} <largest> {bare}", "top {number} {bare}", "<largest> {number} {bare}")
def _top(number: Measure, bare: Subject) -> Subject | None:
    return _several(number, bare, True)


@rule("picked", "{number} <smallest> {bare}", "<smallest> {number} {bare}")
def _bottom(number: Measure, bare: Subject) -> Subject | None:
    return _several(number, bare, False)


@rule("base", "{picked}")
def _picked_base(picked: Subject) -> Subject:
    return picked


@rule("base", "{bare}")
def _plain_base(bare: Subject) -> Subject:
    return bare


@primitive("union")
def _union(parser: Parser, position: int) -> Values:
    """Several bare nouns as one cover: "forest and grass", "water, forest or roads"."""
    return list_of_nouns(parser, position, ("and", "or", "plus", "as well as", "and also", "or else"))


def list_of_nouns(parser: Parser, position: int, joins: tuple[str, ...]) -> Values:
    """Every list of nouns that begins here, with one of the words before the last."""
    values: Values = []
    index: dict[str, list[tuple[str, ...]]] = {}
    for join in joins:
        index.setdefault(join.split()[0], []).append(tuple(join.split()))

    def extend(items: list[Subject], at: int, joined: bool, word: str) -> None:
        if joined and len(items) > 1 and (whole := merged(items, word)) is not None:
            values.append((whole, at))
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
            link = ("or" if parser.text(at) == "or" else "and") if end > at else word
            for value, last in parser.parse("bare", end):
                extend([*items, value], last, joined_next, link)

    for value, end in parser.parse("bare", position):
        extend([value], end, False, "and")
    return values


def merged(items: list[Subject], joined: str) -> Subject | None:
    """Several nouns as one, with the word between them; None where one is more than a noun, which would be lost."""
    if any(item.frame is not None or item.where or item.pick or item.then for item in items):
        return None
    topics: list[str] = []
    for item in items:
        topics += [topic for topic in item.topics if topic not in topics]
    return Subject(
        tuple(topics),
        kind=items[0].kind if all(item.kind == items[0].kind for item in items) else "mass",
        plural=all(item.plural for item in items),
        said=f" {joined} ".join(item.said for item in items),
        joined=joined if len(topics) > 1 else "",
        definite=items[0].definite,
        regions=items[-1].regions or all(item.regions for item in items),
    )
