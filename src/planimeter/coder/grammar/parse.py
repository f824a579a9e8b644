"""Question text → meaning."""

from __future__ import annotations

import dataclasses
from functools import cache

from planimeter.coder.grammar.clothing import plain_characters, undress
from planimeter.coder.grammar.cores import cores
from planimeter.coder.grammar.doubts_parts import COMPARED
from planimeter.coder.grammar.formalism import TooAmbiguous
from planimeter.coder.grammar.forms import of_counts
from planimeter.coder.grammar.formulas import in_words
from planimeter.coder.grammar.land import without_dry
from planimeter.coder.grammar.lexer import Token, refuse_long
from planimeter.coder.grammar.meanings import known_words, meaning_of, prepared_with, with_clauses
from planimeter.coder.grammar.open_nouns import OpenWords, opened, without_quotes
from planimeter.coder.grammar.orders import in_order, otherwise, spared
from planimeter.coder.grammar.own_kind import refuse_open_spacing
from planimeter.coder.grammar.prepare import Prepared
from planimeter.coder.grammar.refusals import (
    ENGLISH_ONLY,
    complaint,
    every_reference,
    in_another_language,
    refuse_bare_noun,
    refuse_dates,
    refuse_heads,
    refuse_measures,
    refuse_order,
)
from planimeter.coder.grammar.remarks import required, without_remark
from planimeter.coder.grammar.settled import settled
from planimeter.coder.grammar.several import asks_twice, refuse_unanswered, several_asked
from planimeter.coder.grammar.several_shortened import shortened
from planimeter.coder.grammar.slips import expanded, spelled
from planimeter.coder.grammar.stories import without_story
from planimeter.errors import NotUnderstood
from planimeter.meaning.record import every
from planimeter.meaning.records import Meaning, PerItem
from planimeter.vocabulary.topics import Topic, nouns
from planimeter.vocabulary.units import Unit


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
    text = of_counts(plain_characters(text))
    refuse_heads(text)
    text, dry = without_dry(text, brought)
    text, phrases = without_quotes(text) if open_vocabulary else (text, {})

    def told(meaning: Meaning) -> Meaning:
        return opened(meaning, phrases) if open_vocabulary else meaning

    twice = asks_twice(text)
    together = several_asked(text, brought, dry) if twice else None
    if together is None:
        try:
            meaning, unit, notes = _one(text, dry, open_vocabulary, brought)
            refuse_unanswered(text)
            return Parsed(told(meaning), unit, notes)
        except NotUnderstood:
            together = None if twice else several_asked(text, brought, dry)
            together = together or (None if dry else shortened(text, brought))
            if together is None:
                raise
    meaning, notes = together
    return Parsed(told(meaning), None, notes)


def _one(
    text: str, dry: bool, open_vocabulary: bool, brought: tuple[Topic, ...]
) -> tuple[Meaning, Unit | None, tuple[str, ...]]:
    """What a text means that asks one thing, the unit of its answer, and what to say about how it was read.

    Raises:
        NotUnderstood: as ``parse``.
    """
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
    return *settled(prepared, meaning, text, dry), notes


@cache
def _topical() -> frozenset[str]:
    return frozenset(word for phrase in nouns() for word in phrase.split())


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
    text, remark = without_remark(required(text))
    plain = undress(expanded(text))
    notes = tuple(f'Left aside: "{sentence}"' for sentence in (*plain.aside, *remark))
    if plain.text != text:
        undressed = prepared_with(plain.text, brought)
        if undressed.tokens:
            prepared, failure = undressed, None
            meaning, furthest = meaning_of(prepared, frozenset())
            if meaning is not None:
                return prepared, meaning, notes
    typed = prepared.tokens if failure is None else []
    other = otherwise(expanded(text))
    if other.text.lower() != plain.text.lower():
        try:
            said_plainly = prepared_with(other.text, brought)
        except NotUnderstood:
            said_plainly = Prepared([], None, ())
        notes = tuple(f'Left aside: "{sentence}"' for sentence in (*other.aside, *remark))
        if said_plainly.tokens:
            meaning, _ = meaning_of(said_plainly, frozenset())
            if meaning is not None:
                return said_plainly, meaning, notes
            if failure is None:
                plain, prepared = other, said_plainly
    told_aside = tuple(f'Left aside: "{sentence}"' for sentence in remark)
    ordered = in_order(text, brought)
    if ordered is not None:
        return *ordered[:2], (*ordered[2], *told_aside)
    for told, aside in without_story(expanded(text)):
        if (found := _plainly_read(told, brought)) is not None:
            return *found[:2], tuple(f'Left aside: "{one}"' for one in (*aside, *found[2], *remark))
    for core, aside in cores(expanded(text)):
        if (found := _plainly_read(core, brought)) is not None:
            return *found[:2], tuple(f'Left aside: "{one}"' for one in (*aside, *found[2], *remark))
        ordered = in_order(core, brought)
        if ordered is not None:
            return *ordered[:2], (*ordered[2], *(f'Left aside: "{one}"' for one in (*aside, *remark)))
    if failure is not None:
        raise failure
    refuse_measures(prepared.tokens, known_words())
    refuse_open_spacing(prepared.tokens)
    refuse_order(prepared.tokens)
    refuse_bare_noun(prepared.tokens)
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
        return *bare[:2], (*bare[2], *told_aside)
    refuse_dates(prepared.tokens)
    return prepared, _about_something_else(prepared.tokens, typed, furthest, open_vocabulary), notes


def _plainly_read(text: str, brought: tuple[Topic, ...]) -> tuple[Prepared, Meaning, tuple[str, ...]] | None:
    """A text that is a question without its clothing or in plain words, its meaning, and what was left aside."""
    for words in (undress(text), otherwise(text)):
        try:
            prepared = prepared_with(words.text, brought)
        except NotUnderstood:
            continue
        meaning = meaning_of(prepared, frozenset())[0] if prepared.tokens else None
        if meaning is not None:
            return prepared, meaning, words.aside
    return None


def _about_something_else(
    tokens: list[Token], typed: list[Token], furthest: int, open_vocabulary: bool
) -> Meaning:
    """The meaning of a question that is whole but for its noun, which is no topic's name.

    Args:
        tokens: the question in plain words.
        typed: in those that were typed, which a refusal quotes.
        furthest: how many of them the grammar could follow.
        open_vocabulary: take the noun for a topic.

    Raises:
        NotUnderstood: it is not whole either.
    """
    unknown = _unknown(tokens)
    said = complaint(typed, _unknown(typed), furthest)
    if unknown:
        strange = frozenset(token.text for token in unknown)
        open_words = OpenWords.of(tokens, strange, _topical())
        meaning, _ = with_clauses(tokens, open_words if open_vocabulary else strange)
        if meaning is not None and (open_vocabulary or not every(meaning, PerItem)):
            return meaning
        if not open_vocabulary and meaning is None and with_clauses(tokens, open_words)[0] is not None:
            raise NotUnderstood.of_words(
                f"{said.rstrip('.')}; for other nouns configure an open vocabulary "
                "with --segmenter reason:FILE."
            )
    raise NotUnderstood(said) if every_reference(tokens) else NotUnderstood.of_words(said)


def _unknown(tokens: list[Token]) -> list[Token]:
    return [t for t in tokens if t.text.isalpha() and t.text not in known_words() and not t.named]
