"""Question text → meaning."""

from __future__ import annotations

import dataclasses

# Importing the grammar's parts fills it.
from planimeter.coder.grammar import rules  # noqa: F401
from planimeter.coder.grammar.brought import named
from planimeter.coder.grammar.doubts import settle
from planimeter.coder.grammar.formalism import Parser, TooAmbiguous
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.grammar.open_nouns import OpenWords, opened, without_quotes
from planimeter.coder.grammar.prepare import Prepared, Remark, prepare
from planimeter.coder.grammar.refusals import complaint
from planimeter.coder.grammar.rulebook import GRAMMAR
from planimeter.coder.grammar.vocabulary import REMARKS
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import sentence, several
from planimeter.meaning.records import Away, Condition, Inside, Meaning, Touching
from planimeter.meaning.restrict import add_conditions, contains, mentions, restrict
from planimeter.meaning.validate import every
from planimeter.vocabulary.topics import Topic, nouns
from planimeter.vocabulary.units import Unit


@dataclasses.dataclass(frozen=True)
class Parsed:
    """A meaning and the unit its answer was asked for in."""

    meaning: Meaning
    unit: Unit | None


def parse(text: str, open_vocabulary: bool = False, brought: tuple[Topic, ...] = ()) -> Parsed:
    """What a question means.

    Args:
        text: the question.
        open_vocabulary: take a noun phrase that is no topic's name, or one in quotation marks, for a topic.
        brought: records of topics that sources bring, which are asked for by their own words.

    Raises:
        NotUnderstood: some word or the form of the question is not known; says what was followed.
    """
    text, phrases = without_quotes(text) if open_vocabulary else (text, {})
    prepared = prepare(text)
    prepared = dataclasses.replace(prepared, tokens=named(prepared.tokens, brought))
    if not prepared.tokens:
        raise NotUnderstood(
            "There is no question here; ask for a count, an area, a share, a distance or a yes or no."
        )
    try:
        meaning = _read(prepared, open_vocabulary)
    except TooAmbiguous:
        raise NotUnderstood(
            "The question can be read in too many ways; ask it in a shorter sentence."
        ) from None
    for remark in prepared.remarks:
        _remark_fits(remark, meaning)
    meaning = settle(meaning, prepared.tokens)
    return Parsed(opened(meaning, phrases) if open_vocabulary else meaning, prepared.unit)


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


def _read(prepared: Prepared, open_vocabulary: bool) -> Meaning:
    furthest = 0
    tokens = prepared.tokens
    meaning, furthest = _with_clauses(tokens, frozenset())
    if meaning is not None:
        return meaning
    named = frozenset(word for phrase in nouns() for word in phrase.split())
    known = GRAMMAR.words() | named
    unknown = [
        token for token in tokens if token.text.isalpha() and token.text not in known and not token.named
    ]
    if unknown:
        # A question that is whole but for its noun is about something that is no topic.
        strange = frozenset(token.text for token in unknown)
        open_words = OpenWords.of(tokens, strange, named)
        meaning, _ = _with_clauses(tokens, open_words if open_vocabulary else strange)
        if meaning is not None:
            return meaning
        if not open_vocabulary and _with_clauses(tokens, open_words)[0] is not None:
            raise NotUnderstood(
                f"{complaint(tokens, unknown, furthest).rstrip('.')}; for other nouns configure an open vocabulary "
                "with --segmenter reason:FILE."
            )
    raise NotUnderstood(complaint(tokens, unknown, furthest))


def _with_clauses(tokens: list[Token], unknown: frozenset[str]) -> tuple[Meaning | None, int]:
    """The meaning of tokens, first as they stand, then with the clauses that restrict them taken out."""
    meaning, furthest = _sentence(tokens, unknown)
    if meaning is not None:
        return meaning, furthest
    lifted, clauses = _lift(tokens, unknown)
    if clauses:
        meaning, _ = _sentence(lifted, unknown)
        if meaning is not None:
            for conditions, topics in clauses:
                meaning = restrict(meaning, conditions, topics)
    return meaning, furthest


def _sentence(tokens: list[Token], unknown: frozenset[str]) -> tuple[Meaning | None, int]:
    """The meaning of tokens, with or without a first clause that says what "they" are."""
    if not tokens:
        return None, 0
    parser = Parser(GRAMMAR, tokens, unknown=unknown)
    whole = parser.complete("top")
    if whole:
        _refuse_two_readings(whole)
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
                if mentions(meaning, antecedent.topics):
                    return meaning, len(tokens)
    return None, furthest


def _refuse_two_readings(meanings: list[Meaning]) -> None:
    """Refuse where a size may belong to what is asked about or to what it is near.

    Raises:
        NotUnderstood: says both readings.
    """
    first = meanings[0]
    for other in meanings[1:]:
        if _references(other) != _references(first):
            one, two = (sentence(meaning).rstrip(".").lower() for meaning in (first, other))
            raise NotUnderstood(
                f'The question can mean "{one}" or "{two}"; say it so that it means one of them.'
            )


def _references(meaning: Meaning) -> set[str]:
    """What a meaning measures distances to, however it was said."""
    return {several(place.reference) for place in every(meaning, (Away, Inside, Touching))}


def _condition_first(parser: Parser, tokens: list[Token]) -> Meaning | None:
    """ "Within 50 m of a road, how many houses are there?" """
    for conditions, end in parser.parse("conditions", 0):
        if end < len(tokens) and tokens[end].before == ",":
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
