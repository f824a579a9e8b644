"""What "land" is: the image as a whole, or the part of it that is not water.

"The land within 50 m of water" is what lies beside the water, so the water is no part of it; "dry land" never has any.
Elsewhere ("how much land is within 100 m of a road") land is read as the image, and the answer says so.
"""

from __future__ import annotations

import re
from typing import Any

from planimeter.errors import NotUnderstood
from planimeter.meaning.record import every, replace
from planimeter.meaning.records import (
    Area,
    Away,
    ImageArea,
    Inside,
    Meaning,
    Portion,
    Quantity,
    Share,
    Subject,
    Together,
    Touching,
)
from planimeter.vocabulary.topics import EVERYWHERE, Topic

_WATER = Subject(("water",), said="water")
_DRY = re.compile(r"\b[Dd]ry[- ](?=land\b(?![ -](?:cover|use|type|class|categor)))")
_LEADS = (
    r"how much|how much of|more|less|most|of|all|the|this|that|my|our|total|overall|whole|entire|dry|what|which|any|"
    r"some|(?:m2|km2|ha|hectares?|acres?|met(?:re|er)s) of"
)
_LAND = re.compile(
    rf"(?:^\W*|\b(?:{_LEADS})[ -])(land|ground|dry land)(?: area| surface)?\b"
    r"(?![ -](?:cover|use|type|class|categor|sampl|resolution|distance))"
)


def land_said(text: str) -> str:
    """The word by which a question names the land as such ("land", "dry land", "ground"); "" where it does not.

    Args:
        text: the question, as typed.

    Example:
        >>> land_said("How much land is within 50 m of water?"), land_said("How much bare land is there?")
        ('land', '')
    """
    low = re.sub(r"\s+", " ", text.lower().replace("m²", "m2"))
    found = _LAND.search(low)
    return "" if found is None else "dry land" if _DRY.search(low) else found[1]


def without_dry(text: str, brought: tuple[Topic, ...] = ()) -> tuple[str, bool]:
    """A question without the "dry" of "dry land", and whether there was one; a source may bring a topic of that name.

    >>> without_dry("How much dry land is within 50 m of water?")
    ('How much land is within 50 m of water?', True)
    """
    if any("dry land" in word.lower() for topic in brought for word in _words(topic)):
        return text, False
    plain = _DRY.sub("", text)
    return plain, plain != text


def _words(topic: Topic) -> tuple[str, ...]:
    return tuple(f"{topic.name},{topic.masses},{topic.things}".split(","))


def of_land(meaning: Meaning, said: str, in_image: bool = False) -> Meaning:
    """A meaning that leaves the water out of the land, where the land lies near water or is called dry.

    Args:
        meaning: as the grammar read it, with the land as the image.
        said: the word by which the question names the land (see ``land_said``), "" where it does not.
        in_image: whether it says "land in the image".

    Raises:
        NotUnderstood: it asks for a share of the land, which may have its water or not; or of dry land what is read of
            the whole image only.
    """
    ground = [regions for regions in every(meaning, Subject) if regions.topics == (EVERYWHERE,)]
    if said and any(isinstance(value, Touching) for regions in ground for value in regions.where):
        raise NotUnderstood(
            f'How deep a strip of "{said}" touches something is not said; give its width, as in "How much {said} is '
            'within 10 m of water?".'
        )
    if (
        said == "land"
        and isinstance(meaning, Share)
        and meaning.of_image
        and not (in_image or near_water(meaning))
    ):
        raise NotUnderstood.of_words(
            'A share of "the land" can be read with its water or without; ask for a share of "the image" or of "the '
            'dry land".'
        )
    if said != "dry land" and not (said and near_water(meaning)):
        return meaning
    found = _measured(meaning)
    if found is None:
        raise NotUnderstood(
            f'Of "{said}" I can read areas and shares only; ask such as "How much {said} is within 50 m of water?" or '
            '"What percentage of the land area (excluding water) is forest?".'
        )
    return found


def near_water(meaning: Meaning) -> bool:
    """Whether ground of the image is measured that may be the water that it is near to."""
    return any(
        "water" in away.reference.topics and away.bounds.low is None
        for regions in every(meaning, Subject)
        if regions.topics == (EVERYWHERE,)
        for away in every(regions.where, Away)
    )


def _dry(regions: Subject) -> Subject:
    if _without_water(regions):
        return regions
    return replace(regions, where=(*regions.where, Inside(_WATER, outside=True)))


def _without_water(regions: Subject) -> bool:
    return any(
        isinstance(value, Inside) and value.outside and "water" in value.reference.topics
        for value in regions.where
    )


def _measured(meaning: Any) -> Quantity | None:
    if isinstance(meaning, Portion):
        part, whole = _measured(meaning.part), _measured(meaning.whole)
        return None if part is None or whole is None else Portion(part, whole)
    land = _dry(Subject((EVERYWHERE,), said="image"))
    if isinstance(meaning, ImageArea):
        return Area(land, unit=meaning.unit)
    if isinstance(meaning, Area) and meaning.of.topics == (EVERYWHERE,) and not meaning.part:
        return replace(meaning, of=_dry(meaning.of))
    if isinstance(meaning, Area) and "water" not in meaning.of.topics:
        return meaning  # "how much dry land is forest": the forest
    if (
        isinstance(meaning, Share)
        and meaning.of_image
        and not (meaning.part or meaning.by_count or meaning.complement)
    ):
        plain = meaning.of.pick is None and not meaning.of.then and "water" not in meaning.of.topics
        return Portion(Area(_dry(meaning.of)), Area(land)) if plain else None
    return None


def land_noted(text: str, meaning: Meaning, topics: tuple[str, ...]) -> tuple[str, ...]:
    """The sentence that says that "land" was read as the whole image, where water may lie in it.

    Args:
        text: the question, as typed.
        meaning: as it is measured.
        topics: canonical topics at hand.
    """
    said = land_said(text)
    if not said or said == "dry land" or "water" not in topics or not _of_image(meaning):
        return ()
    return (
        f'"{said.capitalize()}" was read as the whole image, water included; "dry land" leaves the water out.',
    )


def _of_image(meaning: Any) -> bool:
    if isinstance(meaning, Together):
        return any(map(_of_image, meaning.parts))
    if isinstance(meaning, Share):
        return meaning.of_image
    if isinstance(meaning, ImageArea):
        return True
    if not isinstance(meaning, Area) or meaning.of.topics != (EVERYWHERE,):
        return False
    beyond = any(
        "water" in away.reference.topics and away.bounds.low is not None for away in every(meaning, Away)
    )
    return not (_without_water(meaning.of) or beyond)
