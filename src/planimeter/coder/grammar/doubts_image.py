"""Second thoughts on parts of the image: of which ground a density is, and what is to lie in two of them at once."""

from __future__ import annotations

from planimeter.coder.grammar.lexer import Token
from planimeter.errors import NotUnderstood
from planimeter.meaning.directions import COMPASS, Frame
from planimeter.meaning.reading import FRAMES, of_size
from planimeter.meaning.record import replace
from planimeter.meaning.records import (
    All,
    Area,
    Condition,
    Density,
    IndexOf,
    Inside,
    Length,
    Meaning,
    Share,
    Subject,
)
from planimeter.meaning.validate import every


def over_its_part(meaning: Meaning) -> Meaning:
    """ "The density of buildings in the northern half" is per hectare of that half."""
    if not isinstance(meaning, Density) or meaning.over is not None:
        return meaning
    places = [value for value in meaning.of.where if not of_size(value)]
    if len(places) != 1 or not _in_part(places[0]):
        return meaning
    return replace(meaning, over=places[0].reference)  # type: ignore[union-attr]


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
