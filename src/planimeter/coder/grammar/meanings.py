"""A prepared question and its meaning: by the grammar alone, with first clauses and clauses that restrict."""

from __future__ import annotations

import dataclasses
from functools import cache
from typing import Any

# Importing the grammar's parts fills it.
from planimeter.coder.grammar import rules  # noqa: F401
from planimeter.coder.grammar.brought import named, nouns_at
from planimeter.coder.grammar.classes import CLASSES
from planimeter.coder.grammar.formalism import Parser
from planimeter.coder.grammar.formulas import whether
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.grammar.prepare import Prepared, prepare
from planimeter.coder.grammar.readings import keeping, likely, of_one_kind, of_the_image, refuse_two_readings
from planimeter.coder.grammar.refusals import list_and_question
from planimeter.coder.grammar.rulebook import GRAMMAR
from planimeter.coder.grammar.rules.ground import FRAME_WORDS
from planimeter.errors import NotUnderstood
from planimeter.meaning.record import Record, every, fields, replace
from planimeter.meaning.records import (
    Besides,
    Condition,
    Count,
    Leads,
    Listing,
    Meaning,
    Portion,
    Share,
    SizeOf,
    Subject,
    Where,
)
from planimeter.meaning.restrict import add_conditions, mentions, named_anywhere, restrict
from planimeter.vocabulary.index_words import INDICES
from planimeter.vocabulary.topics import Topic, nouns
from planimeter.vocabulary.units import UNITS


@cache
def known_words() -> frozenset[str]:
    """Every word of the grammar, of the topics' names, of parts of the image and of the units."""
    topical = {word for phrase in nouns() for word in phrase.split()}
    return (
        GRAMMAR.words()
        | topical
        | FRAME_WORDS
        | {name.lower() for name in INDICES}
        | {word for spelling in UNITS for word in spelling}
    )


def prepared_with(text: str, brought: tuple[Topic, ...]) -> Prepared:
    """A question ready for the grammar, with the nouns of brought topics marked.

    Raises:
        NotUnderstood: the text cannot be read, or asks for two units.
    """
    prepared = prepare(whether(text))
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
    if of_area and isinstance(meaning, Portion) and [t.text for t in prepared.tokens[:2]] == ["how", "much"]:
        # "How much of the forest is in its largest patch, in hectares?"
        return meaning.part, furthest
    if of_area and isinstance(meaning, Where) and _one_named(meaning) and _asks_for_it(prepared.tokens):
        # "What is the largest lake, in hectares?"
        return SizeOf(meaning.of, "max"), furthest
    one = isinstance(meaning, Listing) and meaning.of.pick is not None and meaning.of.pick.count == 1
    if of_area and (meaning is None or one or isinstance(meaning, Count)):
        # "barren ha", "identify forest not within 30 m of roads, in hectares": the unit says that an area is asked.
        bare = Parser(GRAMMAR, prepared.tokens, unknown=unknown).complete("bare_area")
        meaning = bare[0] if bare else meaning
    return meaning, furthest


def _one_named(place: Where) -> bool:
    """Whether a place is that of the one region that is picked by its size."""
    return place.to is None and place.of.pick is not None and not (place.of.pick.only or place.of.then)


def _asks_for_it(tokens: list[Token]) -> bool:
    """Whether a question asks which one it is, and not where it lies."""
    places = {word for phrase in CLASSES["coordinates"] for word in phrase.split()}
    return not any(token.text in places | {"where", "point", "lies", "located"} for token in tokens)


def with_clauses(tokens: list[Token], unknown: frozenset[str]) -> tuple[Meaning | None, int]:
    """The meaning of tokens, first as they stand, then with the clauses that restrict them taken out."""
    meaning, furthest = _sentence(tokens, unknown)
    if meaning is not None:
        return meaning, furthest
    lifted, clauses = _lift(tokens, unknown)
    # "Apart from the largest lake, how many …" leaves out the largest of all, not of those that are then asked for.
    clauses_first = bool(lifted) and lifted[-1] is tokens[-1]
    if clauses:
        meaning, _ = _sentence(lifted, unknown)
        if meaning is not None:
            for conditions, topics in clauses:
                of_one_kind(meaning, conditions, topics)
                asked, meaning = meaning, restrict(meaning, conditions, topics)
                _refuse_lost(asked, meaning)
                if clauses_first and all(isinstance(value, Besides) for value in conditions):
                    meaning = _first_of_all(meaning, conditions)
    return meaning, furthest


def _sentence(tokens: list[Token], unknown: frozenset[str]) -> tuple[Meaning | None, int]:
    """The meaning of tokens, with or without a first clause that says what "they" are.

    Raises:
        NotUnderstood: the clauses are two of a list, of which neither narrows the other.
    """
    if not tokens:
        return None, 0
    parser = Parser(GRAMMAR, tokens, unknown=unknown)
    _refuse_one_of_heads(tokens)
    whole = parser.complete("top")
    whole = likely(whole, tokens)
    if whole:
        refuse_two_readings(whole)
        return whole[0], len(tokens)
    meaning = _condition_first(parser, tokens)
    if meaning is not None:
        return meaning, len(tokens)
    furthest = parser.furthest
    listed = False
    for antecedent, end in sorted(parser.parse("prelude", 0), key=lambda item: -item[1]):
        if end >= len(tokens) or (
            tokens[end].before not in (",", ".", ";", ":", "?", "(", ")")
            and tokens[end].text not in ("and", "then")
        ):
            continue
        if names_a_measure(tokens[:end]) and tokens[end].before != ":":
            continue
        starts = [end, *parser.phrases(GRAMMAR.classes["then"], end)]
        for start in sorted(set(starts), reverse=True):
            rest = Parser(GRAMMAR, tokens[start:], antecedent, unknown)
            found = rest.complete("top")
            furthest = max(furthest, start + rest.furthest)
            for meaning in found:
                if of_the_image(meaning, antecedent, tokens):
                    continue
                if _listed(parser, antecedent, end, start, meaning) or _beside(tokens, end, start):
                    listed = True
                    continue
                if mentions(meaning, antecedent.topics) or named_anywhere(meaning, antecedent.topics):
                    held = keeping(meaning, antecedent)
                    if held is not None:
                        _refuse_list_in_front(tokens[:start], antecedent)
                        return held, len(tokens)
    if listed:
        raise NotUnderstood(
            "Are those two questions, or is one thing asked of what meets both conditions? Ask each by itself, or give "
            'all conditions to one noun: "houses larger than 100 m² and within 20 m of water".'
        )
    return None, furthest


_HEADS = frozenset(("area", "number", "count", "share", "percentage"))
_AREA = frozenset(("area", "size", "extent", "surface", "footprint", "coverage", "acreage"))
# What begins a clause that only says what is asked about, and what begins a request.
_TAKING = frozenset(word for phrase in CLASSES["find"] for word in phrase.split()) - frozenset(
    word for phrase in CLASSES["ask"] for word in phrase.split() if word != "for"
)
_REQUESTING = frozenset(
    ("find", "identify", "show", "get", "extract", "filter", "detect", "map", "segment", "mark", "only")
)
_ASKING = frozenset(("how", "what", "which", "where", "is", "are", "do", "does", "number", "count", "list"))


def _refuse_one_of_heads(tokens: list[Token]) -> None:
    """Refuse to read one of several quantities behind a noun: "lakes: area, number" has no single meaning.

    Who asks so gets a table of them (``several.several_asked``), or this where there is none.

    Raises:
        NotUnderstood: says what to ask.
    """
    heads = [token for token in tokens[1:] if token.text in _HEADS and token.before in (":", ",")]
    if len(heads) > 1 and heads[0].before == ":":
        raise NotUnderstood(
            f'"{heads[0].said.capitalize()}" and "{heads[1].said}" are two things that are asked; ask each by itself, '
            "with its noun."
        )


def _listed(parser: Parser, antecedent: Subject, end: int, start: int, meaning: Meaning) -> bool:
    """Whether a first clause and the rest are two of a list: "houses within 20 m of water and houses over 100 m²".

    Args:
        parser: of all tokens.
        antecedent: what the first clause names.
        end: behind the first clause.
        start: where the rest begins.
        meaning: of the rest.
    """
    tokens = parser.tokens
    joint = [token.text for token in tokens[end:start]]
    if not antecedent.where or "then" in joint or not (tokens[end].before in (",", ";") or "and" in joint):
        return False
    if _names(parser, start, antecedent):
        return True
    # "Of the houses" and "of those houses" are those that were named.
    again = any(
        _names(parser, place, antecedent)
        and parser.text(place - 1) not in ("those", "these")
        and not (parser.text(place - 1) == "of" and tokens[place].definite)
        for place in range(start, len(tokens))
    )
    return (
        "and" in joint
        and again
        and any(subject.where for subject in every(meaning, Subject) if subject.topics == antecedent.topics)
    )


def _beside(tokens: list[Token], end: int, start: int) -> bool:
    """Whether a first clause is asked for as well: "lakes and the forest within 50 m of them".

    Args:
        tokens: of all of it.
        end: behind the first clause.
        start: where the rest begins.
    """
    told = any(token.text in _TAKING or token.text in _REQUESTING for token in tokens[:end])
    asks = any(token.text in _ASKING for token in tokens[start:])
    return "and" in [token.text for token in tokens[end:start]] and not told and not asks


def names_a_measure(clause: list[Token]) -> bool:
    """Whether a first clause asks for an area instead of naming what is asked about ("the area of forest").

    "Take the area of forest" and "the forest area: …" name it.
    """
    if not clause or clause[0].text in _TAKING:
        return False
    measures = [place for place, token in enumerate(clause) if token.text in _AREA]
    return any(
        place + 1 == len(clause) or clause[place + 1].text in ("of", "within", "covered", "in")
        for place in measures
    )


def _names(parser: Parser, place: int, antecedent: Subject) -> bool:
    """Whether a noun of what a first clause names stands at a token, not counting what stands for it ("they")."""
    return any(noun.topic in antecedent.topics for noun, _ in nouns_at(parser.tokens, place))


def asks_for_list(tokens: list[Token]) -> bool:
    """Whether a first clause asks for a list or picture of what it names ("list the lakes", "give me the lakes")."""
    texts = [token.text for token in tokens]
    told = any(text in ("list", "show", "enumerate", "display") for text in texts[:4])
    return told or any(texts[place : place + 2] in _GIVES for place in range(3))


_GIVES = (["give", "me"], ["give", "us"], ["tell", "me"], ["tell", "us"], ["what", "are"], ["which", "are"])


def _refuse_list_in_front(clause: list[Token], named: Subject) -> None:
    """Refuse to answer only the question behind a list.

    Raises:
        NotUnderstood: says what to ask.
    """
    if asks_for_list(clause) and (named.pick is None or named.pick.count != 1):
        raise list_and_question(named.said or "them")


def _condition_first(parser: Parser, tokens: list[Token]) -> Meaning | None:
    """ "Within 50 m of a road, how many houses are there?" """
    for conditions, end in parser.parse("conditions", 0):
        if end < len(tokens) and (tokens[end].before in (",", ":") or tokens[end].text in ("how", "what")):
            found = Parser(GRAMMAR, tokens[end:], unknown=parser.unknown).complete("top")
            if found:
                meaning: Meaning = add_conditions(found[0], conditions, (), False)
                _refuse_lost(found[0], meaning)
                return meaning
    return None


def _first_of_all(meaning: Any, conditions: tuple[Condition, ...]) -> Any:
    """A meaning whose subjects meet some of their conditions, the last ones that they were given, before the others."""
    if isinstance(meaning, Subject):
        kept = meaning.where[: -len(conditions)]
        last = meaning.where[-len(conditions) :] == conditions
        return replace(meaning, where=(*conditions, *kept)) if last else meaning
    if isinstance(meaning, tuple):
        return tuple(_first_of_all(item, conditions) for item in meaning)
    if isinstance(meaning, Record):
        return type(meaning)(*(_first_of_all(item, conditions) for item in fields(meaning)))
    return meaning


def _refuse_lost(asked: Meaning, meaning: Meaning) -> None:
    """Refuse a condition that nothing took up: "in the left half, which land cover is largest" speaks of all covers.

    Raises:
        NotUnderstood: says what to ask.
    """
    if meaning == asked or isinstance(meaning, Leads):
        raise NotUnderstood(
            "What is asked is asked of the whole image, and the condition beside it narrows nothing of it; name what "
            "is meant by it, such as the land covers that are to be compared."
        )


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
