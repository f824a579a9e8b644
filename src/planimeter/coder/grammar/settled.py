"""What a reading of a prepared question finally means: after second thoughts, in the unit it was asked in."""

from __future__ import annotations

from planimeter.coder.grammar.doubts import settle
from planimeter.coder.grammar.doubts_image import of_both
from planimeter.coder.grammar.doubts_parts import judged, of_which_percent
from planimeter.coder.grammar.implied import from_things, implied_unit, one_by_one
from planimeter.coder.grammar.land import land_said, of_land
from planimeter.coder.grammar.own_kind import lonely, of_own_kind
from planimeter.coder.grammar.prepare import Prepared, Remark
from planimeter.coder.grammar.vocabulary import REMARKS
from planimeter.errors import NotUnderstood
from planimeter.meaning.record import every
from planimeter.meaning.records import Away, Meaning
from planimeter.meaning.restrict import contains
from planimeter.vocabulary.units import Unit


def settled(
    prepared: Prepared, meaning: Meaning, text: str, dry: bool = False
) -> tuple[Meaning, Unit | None]:
    """The meaning that is meant, and the unit its answer was asked for in.

    Args:
        prepared: the question, as the grammar read it.
        meaning: as parsed.
        text: the question.
        dry: whether the land it speaks of was called dry (see ``land.without_dry``).

    Raises:
        NotUnderstood: the question has two honest readings, or contradicts itself.
        NotMeasurable: it asks for what no mask can tell.
    """
    for remark in prepared.remarks:
        _remark_fits(remark, meaning)
    meaning = of_own_kind(meaning)
    lonely(meaning, prepared.tokens)
    meaning = from_things(settle(one_by_one(meaning, prepared.tokens), prepared.tokens))
    land = land_said(" ".join(token.said for token in prepared.tokens))
    in_image = "land in image" in " ".join(token.text for token in prepared.tokens)
    meaning = of_land(meaning, "dry land" if dry else land, in_image)
    meaning = of_both(meaning, text)
    judged(meaning, text)
    of_which_percent(meaning, text, prepared.unit)
    return meaning, prepared.unit or implied_unit(meaning, prepared.tokens)


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
