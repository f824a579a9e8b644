"""Second thoughts on how far a condition reaches: over one of several, over what is left out, over either of two."""

from __future__ import annotations

from itertools import pairwise

from planimeter.coder.grammar.brought import nouns_at
from planimeter.coder.grammar.classes import CLASSES
from planimeter.coder.grammar.lexer import Token
from planimeter.coder.word_lists import listed
from planimeter.errors import NotUnderstood
from planimeter.meaning.reading import condition as describe
from planimeter.meaning.record import every
from planimeter.meaning.records import (
    All,
    Area,
    Away,
    Comparison,
    Core,
    Either,
    Holding,
    Inside,
    Meaning,
    Presence,
    Share,
    Size,
    Subject,
    Touching,
)
from planimeter.vocabulary.topics import EVERYWHERE, topic_of

_LEAVING = tuple(
    sorted((phrase.split() for phrase in CLASSES["besides"] + CLASSES["exclude"]), key=len, reverse=True)
)
_EXTREMES = frozenset(CLASSES["largest"] + CLASSES["smallest"])
_WHERE = listed(
    "within inside in near touching outside farther further closer nearer beyond on that which bordering"
)
_LARGER = listed("larger bigger greater smaller over above under below more less at exceeding")
_THOSE = listed("those ones")
_BEGINS = _WHERE - {"that", "which"} | _LARGER | {"not"}
_PRESENT = listed("is are lie lies")
_PLACED = Away | Inside | Touching | Holding | Core


def _left_out(tokens: list[Token]) -> list[int]:
    """The places behind words that leave something out ("except", "other than")."""
    texts = [token.text for token in tokens]
    return [
        place + len(words)
        for place in range(len(tokens))
        for words in _LEAVING
        if texts[place : place + len(words)] == words
    ]


def behind_what_is_left_out(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Houses excluding those larger than 100 m² that are within 50 m of water": what is near is left out.

    Raises:
        NotUnderstood: a place stands right behind the size of what is left out, or behind the largest that is, and was
            read of all.
    """
    placed = any(
        isinstance(value, _PLACED)
        for of in every(meaning, Subject)
        for value in of.where
        if EVERYWHERE not in of.topics
    ) or any(isinstance(value, _PLACED) for cut in every(meaning, Area | Share) for value in cut.part)
    if not placed:
        return
    for start in _left_out(tokens):
        place = _end_of_size(tokens, start)
        if place is None or place >= len(tokens) or tokens[place].before or tokens[place].text not in _WHERE:
            continue
        said = " ".join(token.said for token in tokens[place : place + 1])
        raise NotUnderstood(
            f'Is what stands behind "{tokens[place - 1].said}" ("{said} …") meant of what is left out, or of all? Put '
            "what is left out at the end, behind a comma, or ask for those that are left by themselves."
        )


def _end_of_size(tokens: list[Token], start: int) -> int | None:
    """Where the size, or the largest, of what is left out ends; None where neither is said at its beginning."""
    for place in range(start, min(start + 4, len(tokens))):
        if place > start and tokens[place].before:
            return None
        if tokens[place].text in _EXTREMES:
            return place + 1 + _noun_length(tokens, place + 1)
        if tokens[place].number is not None and place == start:
            continue
        if tokens[place].text in _LARGER:
            units = ((end, tokens[end].unit) for end in range(place, min(place + 6, len(tokens))))
            unit = next((end for end, u in units if u is not None and u.dimension in ("area", "pixel")), None)
            return None if unit is None else unit + 1
    return None


def _noun_length(tokens: list[Token], place: int) -> int:
    if place >= len(tokens):
        return 0
    if tokens[place].text in ("one", "patch", "ones"):
        return 1
    return max((length for _, length in nouns_at(tokens, place)), default=0)


def behind_brackets(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Houses near lakes (within 50 m) larger than 1 ha": the lakes or the houses are that large.

    Raises:
        NotUnderstood: a size stands right behind a distance in brackets.
    """
    if not any(isinstance(value, Size) for of in every(meaning, Subject) for value in of.where):
        return
    opened = False
    for token in tokens:
        opened = opened or "(" in token.before
        if opened and token.before == ")" and token.text in _LARGER:
            near = next((v.reference for v in every(meaning, Away)), None)
            beside = "what they are near" if near is None else topic_of(near.topics[0]).many
            raise NotUnderstood(
                f'Is "{token.said} …" behind the brackets said of what is asked for, or of {beside}? Say it directly '
                "behind the one that is meant."
            )


def than_either(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Is there more forest than grass or water?": than each of them, or than both together.

    Raises:
        NotUnderstood: says what to ask for each.
    """
    for compared in every(meaning, Comparison):
        for side in (compared.first, compared.second):
            of = getattr(side, "of", None)
            if isinstance(of, Subject) and of.joined == "or" and len(of.topics) > 1:
                one, two = (topic_of(topic).mass for topic in of.topics[:2])
                raise NotUnderstood(
                    f'Is "{one} or {two}" each of them, or both together? Compare with one after the other, or with '
                    f'"{one} and {two}".'
                )


def than_any(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Is the largest lake bigger than any field?" is no question of all fields together.

    Raises:
        NotUnderstood: says what to ask.
    """
    if not isinstance(meaning, Comparison) or not isinstance(meaning.second, Area):
        return
    of = meaning.second.of
    if of.pick is not None or not (of.kind == "thing" or of.regions):
        return
    for one, two in pairwise(tokens):
        if one.text == "than" and two.text in ("any", "every", "each", "all", "some"):
            many = topic_of(of.topics[0]).many
            raise NotUnderstood(
                f'Is "{two.text}" each of the {many}, or all of them together? Compare with "the largest" of them, or '
                f'with "the total area of {many}".'
            )


def those_as_well(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Houses within 20 m of water and those larger than 100 m²": two kinds of them, or what is both.

    Raises:
        NotUnderstood: says what to ask for each.
    """
    for joint, those in pairwise(tokens):
        if joint.text not in ("and", "plus") or those.text not in _THOSE:
            continue
        told = [of for of in every(meaning, Subject) if len(of.where) > 1]
        if told and not every(meaning, Comparison):
            many = topic_of(told[0].topics[0]).many
            raise NotUnderstood(
                f'"{joint.text} {those.text} …" leaves open whether the {many} meet both conditions, or one of them; '
                f'leave "{those.text}" out where both are meant, or say "or".'
            )


def of_one_or_of_both(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Fields larger than 2 ha or smaller than 1 ha within 50 m of water": are the large ones to be near as well?

    Raises:
        NotUnderstood: a condition stands right behind the last of two that are joined by "or".
    """
    joints = [place for place, token in enumerate(tokens) if token.text == "or"]
    if not joints:
        return
    ends = [place + 1 for place in range(joints[-1], len(tokens)) if tokens[place].unit is not None]
    if not ends or ends[0] >= len(tokens) or tokens[ends[0]].before or tokens[ends[0]].text not in _WHERE:
        return
    for of in every(meaning, Subject):
        either = next((place for place, value in enumerate(of.where) if isinstance(value, Either)), None)
        if either is None or either + 1 >= len(of.where):
            continue
        sizes = all(
            isinstance(value, Size)
            for option in of.where[either].options
            for value in option  # type: ignore[union-attr]
        )
        if sizes:
            said = describe(of.where[either + 1])
            raise NotUnderstood(
                f'Is "{said}" said of both that "or" joins, or of the last? Say it first, directly behind '
                f'"{of.said}", or say it of each.'
            )


def and_or(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Larger than 100 m² and within 50 m of water or within 20 m of a road": which two belong together?

    Raises:
        NotUnderstood: "and" and "or" join three conditions, and neither "either" nor a comma says how.
    """
    if not any(isinstance(value, Either) for of in every(meaning, Subject) for value in of.where) and not any(
        isinstance(value, Either) for cut in every(meaning, Area | Share | All) for value in cut.part
    ):
        return
    texts = [token.text for token in tokens]
    joints = [
        place
        for place in range(1, len(tokens) - 1)
        if texts[place] in ("and", "or") and tokens[place + 1].text in _BEGINS
    ]
    for one, two in pairwise(joints):
        if texts[one] == texts[two] or "either" in texts[one + 1 : two + 2]:
            continue
        apart = tokens[two].before or (texts[one] == "or" and "either" in texts[:one] and tokens[two].before)
        both = "both" in texts[:one] and texts[one] == "and"
        verb = any(text in _PRESENT for text in texts[one + 1 : two])
        if both or not (apart or verb):
            raise NotUnderstood(
                'Which conditions belong together where "and" and "or" join them? Put "either" in front of those that '
                '"or" joins, or ask for one after the other.'
            )


def of_what_is_beside(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Houses within 50 m of a lake that is larger than 1 ha and within 20 m of a road": the lake is, or the houses.

    Raises:
        NotUnderstood: "and" joins a condition to one that "that is" says of what they are near.
    """
    texts = [token.text for token in tokens]
    for of in every(meaning, Subject):
        for value in of.where[:-1]:
            if not isinstance(value, Away | Inside | Touching) or not value.reference.where:
                continue
            for place in range(len(tokens) - 3):
                for noun, length in nouns_at(tokens, place):
                    behind = place + length
                    if noun.topic not in value.reference.topics or texts[behind : behind + 1] not in (
                        ["that"],
                        ["which"],
                    ):
                        continue
                    joint = next((n for n in range(behind, len(tokens) - 1) if texts[n] == "and"), None)
                    if joint is None or tokens[joint].before or texts[joint + 1] not in _BEGINS:
                        continue
                    if not any(
                        text in _PRESENT or text in ("has", "have") for text in texts[behind + 2 : joint]
                    ):
                        many = topic_of(of.topics[0]).many
                        raise NotUnderstood(
                            f'Is what stands behind "and" said of the {many}, or of the {tokens[place].said} as well? '
                            f"Say what is meant of the {many} first."
                        )


def in_which_of_two(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Is the largest lake in the left half or in the right half?" asks in which, and not whether in either.

    Raises:
        NotUnderstood: says what to ask.
    """
    if not isinstance(meaning, Presence) or meaning.of.pick is None:
        return
    for value in meaning.of.then:
        places = isinstance(value, Either) and all(
            isinstance(option, Inside) for group in value.options for option in group
        )
        if places and "either" not in [token.text for token in tokens]:
            one = topic_of(meaning.of.topics[0]).one
            extreme = "largest" if meaning.of.pick.largest else "smallest"
            raise NotUnderstood(
                f'Is it asked in which of them, or whether in any? Ask "Where is the {extreme} {one}?", or about one '
                'of them alone; with "either … or" it is whether in any.'
            )


DOUBTS = (
    in_which_of_two,
    of_what_is_beside,
    and_or,
    behind_what_is_left_out,
    behind_brackets,
    than_either,
    than_any,
    those_as_well,
    of_one_or_of_both,
)
