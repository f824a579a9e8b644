"""Question text → meaning."""

from __future__ import annotations

import dataclasses
from functools import cache

# Importing the grammar's parts fills it.
from planimeter.coder.grammar import rules  # noqa: F401
from planimeter.coder.grammar.brought import named
from planimeter.coder.grammar.clothing import plain_characters, undress
from planimeter.coder.grammar.doubts import settle
from planimeter.coder.grammar.doubts_parts import COMPARED, judged, of_which_percent
from planimeter.coder.grammar.formalism import Parser, TooAmbiguous
from planimeter.coder.grammar.formulas import in_words
from planimeter.coder.grammar.lexer import Token, refuse_long
from planimeter.coder.grammar.open_nouns import OpenWords, opened, without_quotes
from planimeter.coder.grammar.orders import in_order, otherwise, spared
from planimeter.coder.grammar.prepare import Prepared, Remark, prepare
from planimeter.coder.grammar.readings import keeping, likely, of_one_kind, of_the_image, refuse_two_readings
from planimeter.coder.grammar.refusals import ENGLISH_ONLY, complaint, every_reference, in_another_language
from planimeter.coder.grammar.rulebook import GRAMMAR
from planimeter.coder.grammar.slips import expanded, spelled
from planimeter.coder.grammar.stories import without_story
from planimeter.coder.grammar.vocabulary import REMARKS
from planimeter.errors import NotUnderstood
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    Away,
    Condition,
    Count,
    Meaning,
    PerItem,
    Share,
)
from planimeter.meaning.restrict import add_conditions, contains, mentions, named_anywhere, restrict
from planimeter.meaning.validate import every
from planimeter.vocabulary.index_words import INDICES
from planimeter.vocabulary.topics import Topic, nouns
from planimeter.vocabulary.units import UNITS, Unit


@dataclasses.dataclass(frozen=True)
class Parsed:
    """What a question means.

    Attributes:
        meaning: what is asked.
        unit: the unit its answer was asked for in, or None.
        notes: sentences that say what was taken for what, and what was left aside.
    """

    meaning: Meaning
    unit: Unit | None
    notes: tuple[str, ...] = ()


def parse(text: str, open_vocabulary: bool = False, brought: tuple[Topic, ...] = ()) -> Parsed:
    """What a question means.

    The question is read as it stands; only where it has no reading are abbreviations written out and clothing taken
    off, and then misspelt words put right.

    Args:
        text: the question.
        open_vocabulary: take a noun phrase that is no topic's name, or one in quotation marks, for a topic.
        brought: records of topics that sources bring, which are asked for by their own words.

    Raises:
        NotUnderstood: some word or the form of the question is not known; says what was followed.
    """
    refuse_long(text)
    text = plain_characters(text)
    text, phrases = without_quotes(text) if open_vocabulary else (text, {})
    try:
        prepared, meaning, notes = _read(text, open_vocabulary, brought)
    except TooAmbiguous:
        raise NotUnderstood(
            "The question can be read in too many ways; ask it in a shorter sentence."
        ) from None
    except NotUnderstood:
        if in_another_language(text, known_words()):
            raise NotUnderstood(ENGLISH_ONLY) from None
        raise
    for remark in prepared.remarks:
        _remark_fits(remark, meaning)
    meaning = settle(meaning, prepared.tokens)
    judged(meaning, text)
    of_which_percent(meaning, text, prepared.unit)
    return Parsed(opened(meaning, phrases) if open_vocabulary else meaning, prepared.unit, notes)


@cache
def known_words() -> frozenset[str]:
    """Every word of the grammar, of the topics' names and of the units."""
    topical = {word for phrase in nouns() for word in phrase.split()}
    return (
        GRAMMAR.words()
        | topical
        | {name.lower() for name in INDICES}
        | {word for spelling in UNITS for word in spelling}
    )


@cache
def _topical() -> frozenset[str]:
    return frozenset(word for phrase in nouns() for word in phrase.split())


def _remark_fits(remark: Remark, meaning: Meaning) -> None:
    """Refuse a remark about risk that no condition gives a measure, or one that says the opposite.

    Raises:
        NotUnderstood: says what is missing, or what contradicts what.
    """
    wanted = REMARKS[remark.said]
    if not contains(meaning, wanted):
        measure = "a distance in metres" if wanted == "Away" else "a size in hectares"
        raise NotUnderstood(f'"{remark.said.capitalize()}" is not a measure by itself; say {measure}.')
    if wanted == "Away" and all(
        (place.bounds.high is None) != remark.denied for place in every(meaning, Away)
    ):
        said = f"not {remark.said}" if remark.denied else remark.said
        raise NotUnderstood(
            f'"{said.capitalize()}" and the distance in the question say opposite things; leave one of them out.'
        )


def _read(
    text: str, open_vocabulary: bool, brought: tuple[Topic, ...]
) -> tuple[Prepared, Meaning, tuple[str, ...]]:
    """A question as it was prepared, its meaning, and what to say about how it was read."""
    failure: NotUnderstood | None = None
    text = in_words(text) if COMPARED.match(text) else text
    try:
        prepared = prepared_with(text, brought)
    except NotUnderstood as error:
        failure = error
    else:
        if not prepared.tokens:
            raise NotUnderstood(
                "There is no question here; ask for a count, an area, a share, a distance or a yes or no."
            )
        meaning, furthest = meaning_of(prepared, frozenset())
        if meaning is not None:
            return prepared, meaning, ()
    plain = undress(expanded(text))
    notes = tuple(f'Left aside: "{sentence}"' for sentence in plain.aside)
    if plain.text != text:
        undressed = prepared_with(plain.text, brought)
        if undressed.tokens:
            prepared, failure = undressed, None
            meaning, furthest = meaning_of(prepared, frozenset())
            if meaning is not None:
                return prepared, meaning, notes
    other = otherwise(expanded(text))
    if other.text.lower() != plain.text.lower():
        try:
            said_plainly = prepared_with(other.text, brought)
        except NotUnderstood:
            said_plainly = Prepared([], None, ())
        notes = tuple(f'Left aside: "{sentence}"' for sentence in other.aside)
        if said_plainly.tokens:
            meaning, _ = meaning_of(said_plainly, frozenset())
            if meaning is not None:
                return said_plainly, meaning, notes
            if failure is None:
                plain, prepared = other, said_plainly
    ordered = in_order(text, brought)
    if ordered is not None:
        return ordered
    for told, aside in without_story(expanded(text)):
        for words in (undress(told), otherwise(told)):
            try:
                within = prepared_with(words.text, brought)
            except NotUnderstood:
                continue
            meaning = meaning_of(within, frozenset())[0] if within.tokens else None
            if meaning is not None:
                return within, meaning, tuple(f'Left aside: "{one}"' for one in (*aside, *words.aside))
    if failure is not None:
        raise failure
    right = spelled(plain.text, prepared.tokens, known_words(), nouns=not open_vocabulary)
    if right.taken:
        put_right = prepared_with(right.text, brought)
        meaning, _ = meaning_of(put_right, frozenset())
        if meaning is None:
            put_right = prepared_with(otherwise(right.text).text, brought)
            meaning = meaning_of(put_right, frozenset())[0] if put_right.tokens else None
        if meaning is not None:
            taken = tuple(f'"{typed}" was taken for "{word}".' for typed, word in right.taken)
            return put_right, meaning, (*notes, *taken)
    bare = None if open_vocabulary or brought else spared(text)
    if bare is not None:
        return bare
    return prepared, _about_something_else(prepared.tokens, furthest, open_vocabulary), notes


def _about_something_else(tokens: list[Token], furthest: int, open_vocabulary: bool) -> Meaning:
    """The meaning of a question that is whole but for its noun, which is no topic's name.

    Raises:
        NotUnderstood: it is not whole either.
    """
    unknown = [t for t in tokens if t.text.isalpha() and t.text not in known_words() and not t.named]
    if unknown:
        strange = frozenset(token.text for token in unknown)
        open_words = OpenWords.of(tokens, strange, _topical())
        meaning, _ = with_clauses(tokens, open_words if open_vocabulary else strange)
        if meaning is not None and (open_vocabulary or not every(meaning, PerItem)):
            return meaning
        if not open_vocabulary and meaning is None and with_clauses(tokens, open_words)[0] is not None:
            raise NotUnderstood.of_words(
                f"{complaint(tokens, unknown, furthest).rstrip('.')}; for other nouns configure an open vocabulary "
                "with --segmenter reason:FILE."
            )
    said = complaint(tokens, unknown, furthest)
    raise NotUnderstood(said) if every_reference(tokens) else NotUnderstood.of_words(said)


def prepared_with(text: str, brought: tuple[Topic, ...]) -> Prepared:
    """A question ready for the grammar, with the nouns of brought topics marked.

    Raises:
        NotUnderstood: the text cannot be read, or asks for two units.
    """
    prepared = prepare(text)
    return dataclasses.replace(prepared, tokens=named(prepared.tokens, brought))


def meaning_of(prepared: Prepared, unknown: frozenset[str]) -> tuple[Meaning | None, int]:
    """What a prepared question means, and how many of its tokens could be followed.

    Args:
        prepared: the question.
        unknown: words that nobody knows and that may stand where a topic should.
    """
    meaning, furthest = with_clauses(prepared.tokens, unknown)
    percent = prepared.unit is not None and prepared.unit.dimension == "percent"
    if percent and isinstance(meaning, Count) and len(meaning.of.where) == 1 and meaning.of.pick is None:
        # "In percent, how many of the buildings are within 30 m of a road?"
        of = meaning.of
        return Share(replace(of, where=()), of.where, of_image=False, by_count=True), furthest
    of_area = prepared.unit is not None and prepared.unit.dimension in ("area", "pixel")
    if of_area and (meaning is None or isinstance(meaning, Count)):
        # "barren ha", "identify forest not within 30 m of roads, in hectares": the unit says that an area is asked.
        bare = Parser(GRAMMAR, prepared.tokens, unknown=unknown).complete("bare_area")
        meaning = bare[0] if bare else meaning
    return meaning, furthest


def with_clauses(tokens: list[Token], unknown: frozenset[str]) -> tuple[Meaning | None, int]:
    """The meaning of tokens, first as they stand, then with the clauses that restrict them taken out."""
    meaning, furthest = _sentence(tokens, unknown)
    if meaning is not None:
        return meaning, furthest
    lifted, clauses = _lift(tokens, unknown)
    if clauses:
        meaning, _ = _sentence(lifted, unknown)
        if meaning is not None:
            for conditions, topics in clauses:
                of_one_kind(meaning, conditions, topics)
                meaning = restrict(meaning, conditions, topics)
    return meaning, furthest


def _sentence(tokens: list[Token], unknown: frozenset[str]) -> tuple[Meaning | None, int]:
    """The meaning of tokens, with or without a first clause that says what "they" are."""
    if not tokens:
        return None, 0
    parser = Parser(GRAMMAR, tokens, unknown=unknown)
    whole = parser.complete("top")
    whole = likely(whole, tokens)
    if whole:
        refuse_two_readings(whole)
        return whole[0], len(tokens)
    meaning = _condition_first(parser, tokens)
    if meaning is not None:
        return meaning, len(tokens)
    furthest = parser.furthest
    for antecedent, end in sorted(parser.parse("prelude", 0), key=lambda item: -item[1]):
        if end >= len(tokens) or (
            tokens[end].before not in (",", ".", ";", ":", "?", "(", ")")
            and tokens[end].text not in ("and", "then")
        ):
            continue
        starts = [end, *parser.phrases(GRAMMAR.classes["then"], end)]
        for start in sorted(set(starts), reverse=True):
            rest = Parser(GRAMMAR, tokens[start:], antecedent, unknown)
            found = rest.complete("top")
            furthest = max(furthest, start + rest.furthest)
            for meaning in found:
                if of_the_image(meaning, antecedent, tokens):
                    continue
                if mentions(meaning, antecedent.topics) or named_anywhere(meaning, antecedent.topics):
                    held = keeping(meaning, antecedent)
                    if held is not None:
                        return held, len(tokens)
    return None, furthest


def _condition_first(parser: Parser, tokens: list[Token]) -> Meaning | None:
    """ "Within 50 m of a road, how many houses are there?" """
    for conditions, end in parser.parse("conditions", 0):
        if end < len(tokens) and (tokens[end].before in (",", ":") or tokens[end].text in ("how", "what")):
            found = Parser(GRAMMAR, tokens[end:], unknown=parser.unknown).complete("top")
            if found:
                meaning: Meaning = add_conditions(found[0], conditions, (), False)
                return meaning
    return None


def _lift(
    tokens: list[Token], unknown: frozenset[str]
) -> tuple[list[Token], list[tuple[tuple[Condition, ...], tuple[str, ...]]]]:
    clauses = []
    position = 0
    parser = Parser(GRAMMAR, tokens, unknown=unknown)
    while position < len(tokens):
        found = parser.parse("clause", position)
        if not found:
            position += 1
            continue
        value, end = max(found, key=lambda item: item[1])
        clauses.append(value)
        before = tokens[position].before
        rest = tokens[end:]
        if rest and not rest[0].before and before != "(":
            rest = [dataclasses.replace(rest[0], before=before or ","), *rest[1:]]
        tokens = tokens[:position] + rest
        parser = Parser(GRAMMAR, tokens, unknown=unknown)
    return tokens, clauses
