"""What "another", "any other" and "isolated" stand for: others of the kind that is asked about."""

from __future__ import annotations

from typing import Any

from planimeter.coder.grammar.classes import CLASSES
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.grammar.negation import negation
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import of_size
from planimeter.meaning.record import Record, every, fields, replace
from planimeter.meaning.records import Inside, Matched, Meaning, NetChange, Spaced, Subject
from planimeter.vocabulary.topics import EVERYWHERE, topic_of

OPEN = Subject(())
"""Stands for a noun that was left out behind "other"."""

_LONELY = frozenset(CLASSES["lonely"])
_NEIGHBOURS = frozenset(("neighbour", "neighbours", "neighbor", "neighbors"))


def of_own_kind(meaning: Any, owner: Subject | None = None) -> Any:
    """A meaning whose "no other house" is said of houses.

    Args:
        meaning: as parsed.
        owner: what its conditions are said of.

    Raises:
        NotUnderstood: the other is of another kind, or it is open whether it has to meet the conditions as well.
    """
    if isinstance(meaning, tuple):
        return tuple(one for item in meaning for one in _conditions(item, owner))
    if not isinstance(meaning, Record):
        return meaning
    if isinstance(meaning, NetChange) and any(map(_is_open, every(meaning, Inside))):
        raise NotUnderstood(
            "Are the pieces those of each date, or pieces of what was lost? Ask for the net change of all of it, or "
            'how much "was lost in patches larger than 1 ha".'
        )
    if isinstance(meaning, Matched) and any(spaced.of == OPEN for spaced in every(meaning.of, Spaced)):
        raise _which_other(meaning.of)
    of = getattr(meaning, "of", None)
    inner = meaning if isinstance(meaning, Subject) else of if isinstance(of, Subject) else owner
    return type(meaning)(*(of_own_kind(item, inner) for item in fields(meaning)))


def _conditions(item: Any, owner: Subject | None) -> tuple[Any, ...]:
    """One part of a meaning; a condition on the pieces of a cover becomes those on the sizes of its regions."""
    if owner is not None and isinstance(item, Spaced):
        return (_own(item, owner),)
    if owner is not None and isinstance(item, Inside) and not item.entirely:
        pieces = item.reference
        if pieces.topics == OPEN.topics:
            _one_cover(owner)
        sized = bool(pieces.where) and all(of_size(value) for value in pieces.where)
        alone = pieces.pick is None and not pieces.then and not pieces.fate
        if pieces.topics in (OPEN.topics, owner.topics) and sized and alone and not owner.counted:
            if not item.outside:
                return pieces.where
            others = negation(pieces.where[0]) if len(pieces.where) == 1 else None
            return (item,) if others is None else (others,)
    return (of_own_kind(item, owner),)


def _one_cover(owner: Subject) -> None:
    """Refuse "in patches over 1 ha" where it is open what they are patches of.

    Raises:
        NotUnderstood: says what to say.
    """
    if owner.counted or len(owner.topics) > 1 or EVERYWHERE in owner.topics:
        raise NotUnderstood(
            f'Pieces of what is meant, of one cover or of the {owner.said or "image"}? Name it, as in "in forest '
            'patches larger than 1 ha".'
        )
    if any(not of_size(value) for value in owner.where if not _is_open(value)):
        raise NotUnderstood(
            f"Are the pieces those of all {owner.said}, or of the part that is spoken of? Ask without the condition "
            'of place, or for the area of "regions larger than 1 ha" with it.'
        )


def _is_open(value: Any) -> bool:
    return isinstance(value, Inside) and value.reference.topics == OPEN.topics


def _own(spaced: Spaced, owner: Subject) -> Spaced:
    if spaced.of is None:
        return spaced
    many = topic_of(owner.topics[0]).many
    if spaced.of == OPEN:
        if owner.fate or any(value != spaced for value in owner.where):
            raise _which_other(owner)
    elif spaced.of.topics != owner.topics:
        raise NotUnderstood(f'"Other {spaced.of.said}" is said of {many}, which are none; leave "other" out.')
    return replace(spaced, of=None)


def _which_other(owner: Subject) -> NotUnderstood:
    topic = topic_of(owner.topics[0])
    return NotUnderstood(
        f'"Other" leaves open whether any of the {topic.many} is meant or only one that the question is about; say '
        f'"any other {topic.one}" for any of them.'
    )


def lonely(meaning: Meaning, tokens: list[Token]) -> None:
    """Refuse "isolated" and the like where no distance says how far the nearest other is.

    Raises:
        NotUnderstood: says what to say.
    """
    said = next((token.said for token in tokens if _is_lonely(token)), None)
    if said is None:
        return
    alone = [value for value in every(meaning, Spaced) if value.bounds.high is None]
    if not alone or len(alone) < len(every(meaning, Spaced)):
        raise NotUnderstood(_how_far(said))


def refuse_open_spacing(tokens: list[Token]) -> None:
    """Refuse a question without a reading that speaks of neighbours or of what stands alone, with what to say.

    Raises:
        NotUnderstood: says what to say.
    """
    for token in tokens:
        if _is_lonely(token):
            raise NotUnderstood(_how_far(token.said))
    if not any(token.text in _NEIGHBOURS and not token.named for token in tokens):
        return
    said = next(token.said for token in tokens if token.text in _NEIGHBOURS)
    if any(token.unit is not None and token.unit.dimension == "length" for token in tokens):
        raise NotUnderstood(
            f'"{said}" is read as in "with no neighbour within 30 m", "with a neighbour within 30 m" and "the average '
            'distance to the nearest neighbour"; how many neighbours each has is not counted; ask in one of these ways.'
        )
    raise NotUnderstood(
        f'"{said}" needs a distance, as in "with no neighbour within 30 m", or is one, as in "the average distance '
        'from houses to their nearest neighbour"; ask in one of these ways.'
    )


def _is_lonely(token: Token) -> bool:
    return token.text in _LONELY and not token.named


def _how_far(said: str) -> str:
    return (
        f'"{said.capitalize()}" is not a measure by itself; say how far from any other, as in "with no other building '
        'within 50 m".'
    )
