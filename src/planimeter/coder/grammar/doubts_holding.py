"""Second thoughts on what holds others: whether a size, a place or a fate is of the holder, or of what it holds."""

from __future__ import annotations

from itertools import pairwise

from planimeter.coder.grammar.brought import nouns_at
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.word_lists import listed
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import condition as describe
from planimeter.meaning.reading import frame_name
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    All,
    Away,
    Holding,
    Inside,
    Matched,
    Meaning,
    Share,
    Sized,
    Spaced,
    Subject,
    Touching,
)
from planimeter.vocabulary.topics import topic_of

_HOLDS = listed(
    "with without contain contains containing hold holds holding enclose encloses enclosing host hosts hosting have "
    "has having"
)
_RELATIVE = listed("that which there what")
_PRESENT = listed("is are")
_BEEN = listed("was were has have had is are got")
_OF_ONE = listed("was is has")
# What begins a condition that may stand behind a comma.
_BEGINS = listed(
    "larger smaller bigger greater less more over under above below at within inside in on near touching outside "
    "between exceeding up no not and"
)


def of_holder_or_held(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Fields with a house, larger than 1 ha" are large themselves; "without a house in the left half" is open.

    Raises:
        NotUnderstood: a condition was taken for one of what is held, and may be one of what holds it.
    """
    told = [(holder, holder.where) for holder in every(meaning, Subject)]
    told += [(asked.of, asked.part) for asked in every(meaning, (All, Share))]
    for holder, conditions in told:
        for value in conditions:
            if isinstance(value, Holding):
                _held(holder, value, conditions[-1] is value, tokens)


def _held(holder: Subject, value: Holding, last: bool, tokens: list[Token]) -> None:
    """Refuse a condition of what is held that may be one of the holder.

    Args:
        holder: regions that hold.
        value: what they hold.
        last: whether no condition of theirs stands behind it, which would have taken the last words of the question.
        tokens: the question.
    """
    holders, held = topic_of(holder.topics[0]).many, topic_of(value.reference.topics[0]).many
    for inner in value.reference.where:
        if value.none and isinstance(inner, Inside) and inner.reference.frame is not None:
            place = frame_name(inner.reference.frame).removesuffix(" of the image")
            raise NotUnderstood(
                f"Are the {holders} in {place}, or only the {held} that they do not hold? If the {holders} are, begin "
                f'with it: "In {place}, …".'
            )
    if value.reference.where and _set_apart(value, last, tokens):
        said = describe(value.reference.where[-1])
        raise NotUnderstood(
            f'Is "{said}" said of the {holders}, or of the {held} that they hold? Say it directly behind the one that '
            f'it is meant for, without a comma or "are" in front, or, where it is a place, begin with it.'
        )


def _set_apart(value: Holding, last: bool, tokens: list[Token]) -> bool:
    """Whether a condition of what is held stands behind "are" or a comma, as one of the holder would."""
    start = next((place for place, token in enumerate(tokens) if token.text in _HOLDS), None)
    if start is None:
        return False
    sized = any(isinstance(inner, Sized) for inner in value.reference.where)
    ends = _ends(tokens, value.reference.topics)
    for place in range(start + 1, len(tokens)):
        token, before = tokens[place], tokens[place - 1].text
        if token.before == "," and token.text in _BEGINS and (last or place in ends):
            return True
        if sized and token.text in _PRESENT and before not in _RELATIVE:
            return True
    return False


def _ends(tokens: list[Token], topics: tuple[str, ...]) -> set[int]:
    """The places behind the nouns of topics."""
    return {
        place + length
        for place in range(len(tokens))
        for noun, length in nouns_at(tokens, place)
        if noun.topic in topics
    }


def fate_of_which(meaning: Meaning, tokens: list[Token]) -> None:
    """ "How many fields contain a house that was lost?" asks for houses that were lost.

    Raises:
        NotUnderstood: says what to ask.
    """
    for matched in every(meaning, Matched):
        for value in matched.of.where:
            if not isinstance(value, Holding | Away | Inside | Touching):
                continue
            for place in _ends(tokens, value.reference.topics):
                words = [token.text for token in tokens[place : place + 2]]
                if len(words) < 2 or words[0] not in ("that", "which") or words[1] not in _BEEN:
                    continue
                if isinstance(value, Holding) or (matched.of.plural and words[1] in _OF_ONE):
                    of, beside = (topic_of(about.topics[0]).many for about in (matched.of, value.reference))
                    raise NotUnderstood(
                        f"Which of them changed, the {of} or the {beside}? Which {of} go with {beside} that changed is "
                        f"not told; ask how many {of} with them changed, or how many {beside} did."
                    )


def others_in_part(meaning: Meaning, tokens: list[Token]) -> None:
    """ "What percentage of the lakes have another lake within 100 m in the left half" is of all, or of those there.

    Raises:
        NotUnderstood: says what to ask for each.
    """
    for share in every(meaning, Share):
        for one, two in pairwise(share.part):
            placed = isinstance(two, Inside) and two.reference.frame is not None
            if isinstance(one, Spaced) and placed and "and" not in [token.text for token in tokens]:
                many = topic_of(share.of.topics[0]).many
                place = frame_name(two.reference.frame).removesuffix(" of the image")
                raise NotUnderstood(
                    f"Is that a percentage of all {many}, or of those in {place}? For those, begin with it: "
                    f'"In {place}, what percentage …"; for all, say "and are in {place}".'
                )
