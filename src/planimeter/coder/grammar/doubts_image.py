"""Second thoughts on parts of the image: of which ground a density is, and what is to lie in two of them at once."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from planimeter.coder.grammar.lexer import Token
from planimeter.coder.grammar.rules.ground import FRAME_WORDS
from planimeter.errors import NotUnderstood
from planimeter.meaning.directions import COMPASS, Frame
from planimeter.meaning.reading import FRAMES, of_size
from planimeter.meaning.reading import condition as describe
from planimeter.meaning.record import Record, every, fields, replace
from planimeter.meaning.records import (
    All,
    Area,
    Away,
    ByPart,
    Comparison,
    Composition,
    Condition,
    Count,
    Density,
    Difference,
    Holding,
    IndexOf,
    Inside,
    Length,
    Meaning,
    Ratio,
    Share,
    Size,
    Sized,
    SizeOf,
    Spaced,
    Subject,
    Which,
    WhichPart,
)
from planimeter.meaning.restrict import add_conditions
from planimeter.vocabulary.topics import EVERYWHERE, nouns, topic_of


def over_its_part(meaning: Meaning) -> Meaning:
    """ "The density of buildings in the northern half" is per hectare of that half."""
    if not isinstance(meaning, Density) or meaning.over is not None:
        return meaning
    places = [value for value in meaning.of.where if not of_size(value)]
    if len(places) != 1 or not _in_part(places[0]):
        return meaning
    return replace(meaning, over=places[0].reference)  # type: ignore[union-attr]


_EVERYWHERE = re.compile(
    r"(?<!half )(?<!halves )(?<!quarter )(?<!quadrant )(?<!third )(?<!north )(?<!south )(?<!east )(?<!west )"
    r"(?<!left )(?<!right )(?<!top )(?<!bottom )(?<!corner )(?<!centre )(?<!center )(?<!middle )(?<!part )"
    r"\b(?:in|of|on|over|across|within) (?:the |this )?(?:whole |entire |total |full )*"
    r"(?:image|picture|scene|photo|map)\b"
    r"|\boverall\b|\beverywhere\b|\bas a whole\b"
)


def of_both(meaning: Meaning, text: str) -> Meaning:
    """ "Is there more forest than water in the northern half?" is asked of that half, the forest as well.

    So is "more forest than water within 50 m of a road"; "more forest within 50 m of a road than water" is not.

    Args:
        meaning: as parsed.
        text: the question.

    Raises:
        NotUnderstood: the place may be that of the last alone ("than the water in the northern half", "than the area of
            water within 50 m of a road").
    """
    compared = [subject for subject in _compared(meaning) if subject is not None]
    common = tuple(value for value in compared[0].where if compared[1:]) if compared else ()
    common = tuple(value for value in common if all(value in subject.where for subject in compared))
    if not common or isinstance(meaning, Composition):
        return _of_both(meaning, text)
    bare = _without(meaning, common, compared)
    if not all(subject.where == () for subject in _compared(bare) if subject is not None) or bare == meaning:
        bare = _of_both(bare, text)
    settled: Meaning = add_conditions(bare, common, (), False)
    return settled


def _without(meaning: Any, common: tuple[Condition, ...], of: list[Subject]) -> Any:
    """A comparison without the conditions that all that is compared has."""
    if isinstance(meaning, Subject):
        where = tuple(value for value in meaning.where if value not in common)
        return replace(meaning, where=where) if meaning in of else meaning
    if isinstance(meaning, tuple):
        return tuple(_without(item, common, of) for item in meaning)
    if isinstance(meaning, Record):
        return type(meaning)(*(_without(item, common, of) for item in fields(meaning)))
    return meaning


def _of_both(meaning: Meaning, text: str) -> Meaning:
    """The same of what has no condition in common."""
    *others, last = _compared(meaning) or [None]
    if last is None or any(other is None or other.topics == last.topics for other in others):
        return meaning
    of_others = [other for other in others if other is not None]
    _of_the_last(of_others, last, meaning, text)
    placed = [_place(subject) for subject in (*of_others, last)]
    place = placed[-1] or placed[0]
    if place is None or placed.count(None) == 0 or placed[1:-1].count(None) < len(placed) - 2:
        return meaning
    ahead = placed[-1] is None
    if isinstance(place, Away):
        if ahead:
            return meaning
        if (
            last.definite
            or last.pick is not None
            or isinstance(meaning, Composition)
            or _OF_EACH.search(text)
        ):
            said = describe(place)
            raise NotUnderstood(
                f'"{said.capitalize()}" may be meant for both that are compared, or for the last alone: say it of each '
                f'("{topic_of(of_others[0].topics[0]).mass} {said}" and "{topic_of(last.topics[0]).mass} {said}"), or '
                "first of the one that it is meant for."
            )
    elif ahead and of_others[0].definite:
        return meaning  # "is the forest in the north larger than the lake"
    elif ahead or last.definite or last.pick is not None or _EVERYWHERE.search(text.lower()):
        name = _name(place.reference)
        raise NotUnderstood(
            f"Is the {name} where both are compared, or where one of them is? If it is meant for both, begin with it: "
            f'"In the {name}, …".'
        )
    if isinstance(meaning, Composition):
        options = (*of_others, replace(last, where=last.where[:-1]))
        return replace(meaning, options=options, part=(*meaning.part, place))
    if isinstance(meaning, Which):
        options = tuple(replace(other, where=(*other.where, place)) for other in of_others)
        return replace(meaning, options=(*options, last))
    whole: Any = meaning
    first = replace(whole.first.of, where=(*whole.first.of.where, place))
    return replace(whole, first=replace(whole.first, of=first))


def _of_the_last(others: list[Subject], last: Subject, meaning: Meaning, text: str) -> None:
    """Refuse a size, or what is held or beside, behind all that is compared: "more lakes or fields larger than 1 ha".

    Raises:
        NotUnderstood: says how to say it of each.
    """
    compared = Which | Composition | Comparison | Ratio | Difference
    if not isinstance(meaning, compared) or any(other.where or other.pick for other in others):
        return
    if isinstance(meaning, Ratio | Difference) and (_OF_EACH.search(text) or last.definite or last.pick):
        return  # "the number of houses minus the number of lakes larger than 1 ha"
    value = last.where[-1] if last.where else None
    if not isinstance(value, Size | Sized | Holding | Spaced) or not _ends_in_condition(text, last):
        return
    said = describe(value)
    one, two = (topic_of(subject.topics[0]).many for subject in (others[0], last))
    raise NotUnderstood(
        f'"{said.capitalize()}" may be meant for both that are compared, or for the last alone: say it of each '
        f'("{one} {said}" and "{two} {said}"), or first of the one that it is meant for.'
    )


def _ends_in_condition(text: str, of: Subject) -> bool:
    """Whether a question ends in more than the noun of what it is about last."""
    words = re.findall(r"[a-z]+", text.lower())
    named = {phrase.split()[-1] for phrase, noun in nouns().items() if noun.topic in of.topics}
    return bool(words) and words[-1] not in named


def _compared(meaning: Meaning) -> list[Subject | None]:
    """What is held against each other; None for what is more than a phrase."""
    if isinstance(meaning, Which | Composition):
        return list(meaning.options) if len(meaning.options) > 1 else []
    if isinstance(meaning, Comparison | Ratio | Difference):
        return [_subject(meaning.first), _subject(meaning.second)]
    return []


#: "the ratio of the area of forest to the area of water", "the number of houses … the number of lakes"
_OF_EACH = re.compile(r"\b(area|number|size|count)s? of\b.*\b(?:\1s?|that|those) of\b", re.IGNORECASE)


def _place(of: Subject) -> Inside | Away | None:
    """The part of the image, or the surroundings, that something lies in, said behind all else of it."""
    last = of.where[-1] if of.where else None
    if isinstance(last, Away):
        return None if last.entirely else last
    return last if isinstance(last, Inside) and _in_part(last) else None


def _subject(of: object) -> Subject | None:
    """What a quantity is of, where it is no more than that."""
    regions = of.of if isinstance(of, Area | Count | SizeOf | Length) else None
    return regions if isinstance(regions, Subject) and not getattr(of, "part", ()) else None


def so_many_on_so_much(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Fields with less than 3 houses on each hectare" are told by the density of houses on them.

    Raises:
        NotUnderstood: says what to ask.
    """
    for density in every(meaning, Density):
        if every(density.of.where, Holding):
            many = topic_of(density.of.topics[0]).many
            raise NotUnderstood(
                f"Are there so many {many} per {density.per.symbol}, or do they hold so many? Ask how many {many} hold "
                "them, without an area."
            )


def per_hectare_of_what(meaning: Meaning, tokens: list[Token]) -> None:
    """ "Houses per hectare of farmland in each half": a part's density is per hectare of the part.

    Raises:
        NotUnderstood: it was asked per hectare of something else.
    """
    for whole in every(meaning, (ByPart, WhichPart)):
        of = whole.of
        if isinstance(of, Density) and of.over is not None:
            raise NotUnderstood(
                f"Of a part of the image, {topic_of(of.of.topics[0]).many} per {of.per.symbol} are those per "
                f"{of.per.symbol} of its ground, and not of {of.over.said}; ask for their number and for the area of "
                f"{of.over.said} in each part, one after the other."
            )


_SUMMED = frozenset(("total", "combined", "together", "altogether", "sum", "summed", "joint"))
_MEASURED = frozenset(
    ("number", "count", "area", "cover", "coverage", "surface", "extent", "acreage", "share", "percentage")
)


def one_of_each_part(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The number of houses and the area of forest in each quadrant" is no one number of each quadrant.

    Only "forest and water together" and "the total area of forest and water" are.

    Raises:
        NotUnderstood: several things are asked of several parts of the image, and no sum of them.
    """
    of = _of_parts(meaning)
    if of is None or of.joined != "and" or len(of.topics) < 2 or _says_sum(tokens):
        return
    names = [topic_of(topic).mass for topic in of.topics]
    raise NotUnderstood(
        f"Is each of {' and '.join(names)} meant, or their sum? Ask for one after the other, or for the total area "
        f"(the total number) of {' and '.join(names)}."
    )


def _of_parts(meaning: Meaning) -> Subject | None:
    """What parts of the image are told of, or held against each other by."""
    if isinstance(meaning, ByPart | WhichPart):
        return meaning.of.of
    if not isinstance(meaning, Comparison):
        return None
    one, other = _subject(meaning.first), _subject(meaning.second)
    if one is None or other is None or one.topics != other.topics or not one.where or not other.where:
        return None
    return one if _in_part(one.where[-1]) and _in_part(other.where[-1]) else None


def _says_sum(tokens: list[Token]) -> bool:
    """Whether a sum of several things is said, and no second measure beside it."""
    texts = [token.text for token in tokens]
    joint = next(
        (place for place, word in enumerate(texts) if word == "and" or tokens[place].before), len(texts)
    )
    said = _SUMMED & set(texts[:joint]) or {"together", "altogether", "combined"} & set(texts)
    return bool(said) and sum(word in _MEASURED for word in texts) < 2


def share_of_what(meaning: Meaning, tokens: list[Token]) -> None:
    """ "The percentage of forest in the northern half" is of that half, or of the forest.

    Raises:
        NotUnderstood: says what to ask for each.
    """
    if not isinstance(meaning, Share) or meaning.by_count or EVERYWHERE in meaning.of.topics:
        return
    where = meaning.of.where if meaning.of_image else meaning.part
    if len(where) != 1 or not _in_part(where[0]):
        return
    texts = [token.text for token in tokens]
    if meaning.of_image:
        ends = [place for place, text in enumerate(texts) if text == "image" and texts[place - 1] == "of"]
        said = any(place < 2 or not _names_part(tokens[place - 2]) for place in ends)
    else:
        said = meaning.of.definite or any(
            text in _LIES and after in ("in", "inside", "within", "on") for text, after in pairwise(texts)
        )
    if not said:
        cover, name = topic_of(meaning.of.topics[0]).mass, _name(where[0].reference)  # type: ignore[union-attr]
        raise NotUnderstood(
            f'Is that of the {name}, or of all {cover}? Ask "what percentage of the {name} is {cover}", or "what '
            f'percentage of the {cover} is in the {name}".'
        )


_LIES = frozenset(
    (
        "is",
        "are",
        "lie",
        "lies",
        "fall",
        "falls",
        "stand",
        "stands",
        "located",
        "situated",
        "found",
        "grow",
        "grows",
    )
)


def _names_part(token: Token) -> bool:
    """Whether a word ends the name of a part of the image."""
    return token.fraction or token.text in FRAME_WORDS


def in_two_parts(meaning: Meaning, tokens: list[Token]) -> None:
    """Nothing lies in the north and in the south as well.

    Raises:
        NotUnderstood: says what to ask.
    """
    parts = parts_at_once(meaning)
    if parts:
        one, other = (_name(part) for part in parts[:2])
        raise NotUnderstood(
            f'Nothing lies in the {one} and in the {other} as well; say "or" where either will do, or ask for each by '
            "itself."
        )


def parts_at_once(meaning: Meaning) -> list[Subject]:
    """Parts of the image without common ground in all of which something is to lie; none where that is not said."""
    told = [subject.where for subject in every(meaning, Subject)]
    told += [(*asked.of.where, *asked.part) for asked in every(meaning, (Area, All, IndexOf, Length, Share))]
    for conditions in told:
        parts = [value.reference for value in conditions if _in_part(value)]  # type: ignore[union-attr]
        if len(parts) > 1 and _apart(parts):
            return parts
    return []


def _in_part(value: Condition) -> bool:
    """Whether a condition is that something lies in a part of the image."""
    return isinstance(value, Inside) and not value.outside and value.reference.frame is not None


def _apart(parts: list[Subject]) -> bool:
    """Whether no two of several parts share any ground, as far as their names tell."""
    frames = [_frame(part.frame) for part in parts if part.frame is not None]
    kinds = {isinstance(part.frame, str) for part in parts}
    pairs = [(one, other) for k, one in enumerate(frames) for other in frames[k + 1 :]]
    return len(kinds) == 1 and all(
        one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
        for one, other in pairs
    )


def _frame(frame: Frame | str) -> Frame:
    return COMPASS[frame] if isinstance(frame, str) else frame


def _name(part: Subject) -> str:
    """A part of the image by its name."""
    if isinstance(part.frame, str):
        return part.frame
    return next(name for name, frame in FRAMES.items() if frame == part.frame)
