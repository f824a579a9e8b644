"""Which of several readings is meant, and which reading is none."""

from __future__ import annotations

import itertools

from planimeter.coder.grammar.doubts_image import parts_at_once
from planimeter.coder.grammar.lexer import Token
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import sentence, several
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    Area,
    Away,
    Besides,
    Composition,
    Condition,
    Difference,
    Holding,
    Inside,
    Meaning,
    Share,
    Subject,
    Touching,
    Which,
    WhichPart,
)
from planimeter.meaning.restrict import add_conditions, subjects
from planimeter.vocabulary.topics import COMPOSED, EVERYWHERE

_QUANTITIES = frozenset(("area", "number", "total", "size", "surface", "extent", "average", "mean", "median"))


def likely(meanings: list[Meaning], tokens: list[Token]) -> list[Meaning]:
    """The readings without those that make no sense beside others: what lies in itself, "minus" read as "outside"."""
    # "Are most houses in the north or in the south?" does not ask about both together.
    meanings = [meaning for meaning in meanings if isinstance(meaning, WhichPart)] or meanings
    for odd in (_in_its_own, _of_ground_alone, _holding, parts_at_once):
        meanings = [meaning for meaning in meanings if not odd(meaning)] or meanings
    if any(one.text == "minus" and two.text in _QUANTITIES for one, two in itertools.pairwise(tokens)):
        # "The area of grass minus the area of roads" is a difference, not the grass that lies outside of roads.
        return [meaning for meaning in meanings if isinstance(meaning, Difference)] or meanings
    return meanings


def of_one_kind(meaning: Meaning, conditions: tuple[Condition, ...], topics: tuple[str, ...]) -> None:
    """Refuse "excluding the largest" where a question is about several kinds of things.

    Raises:
        NotUnderstood: says what to name.
    """
    if topics or not every(conditions, Besides):
        return
    about = {subject.topics for subject in subjects(meaning)}
    if len(about) > 1:
        raise NotUnderstood(
            'The largest of which? Name what is left out, such as "excluding the largest lake".'
        )


def of_the_image(meaning: Meaning, antecedent: Subject, tokens: list[Token]) -> bool:
    """Whether "of all roof area, what share …" was read as a share of the image, which nobody named."""
    named = any(token.text == "image" for token in tokens)
    return not named and any(
        share.of_image and share.of.topics == antecedent.topics for share in every(meaning, Share)
    )


def keeping(meaning: Meaning, antecedent: Subject) -> Meaning | None:
    """A meaning that keeps to what its first clause named, also where the noun was said again instead of "they".

    "For buildings within 50 m of water, what is the mean building area?" is about those buildings. None where what the
    first clause picked ("the largest lake") is not what the rest is about.
    """
    for subject in every(meaning, Subject):
        if (
            subject.topics == antecedent.topics
            and set(antecedent.where) <= set(subject.where)
            and subject.pick == (antecedent.pick or subject.pick)
            and set(antecedent.then) <= set(subject.then)
        ):
            return meaning
    if antecedent.pick is not None or antecedent.then or antecedent.frame is not None:
        return None
    held: Meaning = add_conditions(meaning, antecedent.where, antecedent.topics, False)
    return held


def refuse_two_readings(meanings: list[Meaning]) -> None:
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


def _in_its_own(meaning: Meaning) -> bool:
    """Whether something is to lie in what it is, or is made of: a part of it is meant ("of the water, the lake")."""
    told = [(subject, value) for subject in every(meaning, Subject) for value in subject.where]
    told += [(cut.of, value) for cut in every(meaning, Area | Share) for value in cut.part]
    for subject, value in told:
        own = {kind for topic in subject.topics for kind in (topic, *COMPOSED.get(topic, ()))}
        named = isinstance(value, Inside) and not value.outside and value.reference.topics
        if named and set(named) <= own:
            return True
    return False


def _of_ground_alone(meaning: Meaning) -> bool:
    """Whether parts of the image are offered as if they were land covers: "more forest in the north or the south"."""
    return isinstance(meaning, Which | Composition) and any(
        EVERYWHERE in option.topics for option in meaning.options
    )


def _holding(meaning: Meaning) -> bool:
    """Whether "with" was read as holding: what else it says ("with a lake within 50 m", "with panels") comes first."""
    return bool(every(meaning, Holding))


def _references(meaning: Meaning) -> set[str]:
    """What a meaning measures distances to, however it was said."""
    return {several(place.reference) for place in every(meaning, (Away, Inside, Touching))}
