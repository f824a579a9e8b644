"""An area beside the measured one: corrected by how the model that showed the topic erred where the truth is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planimeter.answer.zone_pass import plain
from planimeter.meaning.records import Area, Share
from planimeter.segment.inference.adjusted import Confusion, adjusted_share
from planimeter.table import shown
from planimeter.vocabulary.topics import topic_of
from planimeter.vocabulary.units import unit_called

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer
    from planimeter.coder import Program
    from planimeter.segment import StackSegmenter


def adjust_area(answer: Answer, program: Program, source: StackSegmenter) -> None:
    """Put the error-adjusted area beside a measured one, or say among the warnings why there is none.

    Args:
        answer: gets ``adjusted``; what was measured stays as it is.
        program: what the answer comes from.
        source: where the masks came from.
    """
    topic, why = _topic(answer, program)
    measured = None if why else source.confusion(topic)
    if not why and measured is None:
        why = (
            f"how far masks of {topic_of(topic).mass} are off by pixel is known of a model alone that was measured on "
            "validation images, not of maps, corrected masks or topics put together"
        )
    mapped, unit = (0.0, "") if why else _mapped(answer, program)
    if measured is None or not unit:
        answer.warnings.append(f"The area was not adjusted: {why or 'nothing here has a pixel that counts'}.")
        return
    found = adjusted_share([mapped, 1 - mapped], [measured.right, measured.missed])
    flip = isinstance(program.meaning, Share) and program.meaning.complement
    ends = (1 - found.high, 1 - found.low) if flip else (found.low, found.high)
    whole = _whole(answer, unit)
    answer.adjusted = {
        "value": whole * (1 - found.share if flip else found.share),
        "low": whole * ends[0],
        "high": whole * ends[1],
        "unit": unit,
        "confidence": 0.95,
        "topic": topic,
        "images": measured.images,
        "pixels": measured.pixels,
        "places": list(measured.places),
        "held": measured.held,
        "error_before": measured.error_before,
        "error_after": measured.error_after,
    }
    answer.warnings.append(_sentence(answer.adjusted, measured))


def _topic(answer: Answer, program: Program) -> tuple[str, str]:
    """The one topic whose whole area was asked for, or why that is not so."""
    meaning = program.meaning
    if not isinstance(meaning, Area | Share) or not isinstance(answer.answer, int | float):
        return (
            "",
            "only the area or the share of one cover can be, asked of the whole scene or area of interest",
        )
    by_count = isinstance(meaning, Share) and (meaning.by_count or not meaning.of_image)
    if meaning.part or by_count or not plain(meaning.of):
        return "", "the question sets conditions, and how masks err under them was not measured"
    if len(meaning.of.topics) != 1:
        return "", "how masks of several covers together err was not measured"
    return meaning.of.topics[0], ""


def _mapped(answer: Answer, program: Program) -> tuple[float, str]:
    """The share of the ground that is shown as the topic, and the answer's unit; no unit where there is no ground."""
    unit = answer.unit or ""
    whole = _whole(answer, unit)
    if not whole or not isinstance(answer.answer, int | float):
        return 0.0, ""
    share = answer.answer / whole
    return (1 - share if isinstance(program.meaning, Share) and program.meaning.complement else share), unit


def _whole(answer: Answer, unit: str) -> float:
    """All the ground that counts, in the unit of an answer: percent, pixels, or one of area."""
    if unit == "%":
        return 100.0
    known = unit_called(unit)
    if known is None or known.dimension != "area":
        return float(answer.run.valid_pixels)
    return (answer.run.valid_hectares or 0.0) / known.factor


def _sentence(adjusted: dict[str, Any], measured: Confusion) -> str:
    value, low, high = (shown(adjusted[name]) for name in ("value", "low", "high"))
    unit = adjusted["unit"]
    before, after = (f"{100 * error:.1f} %" for error in (measured.error_before, measured.error_after))
    closer = (
        f"came closer to the truth (off by {before} of the image before, {after} after)"
        if measured.error_after < measured.error_before
        else f"came no closer to the truth (off by {before} of the image before, {after} after), so rather take what "
        "was measured"
    )
    return (
        f"Adjusted by its errors (Olofsson et al. 2014): {value} {unit}, with 95 % between {low} and {high} {unit}. "
        f"They are those of {measured.images} validation images ({measured.pixels / 1e6:.3g} million pixels; "
        f"{', '.join(measured.places)}), not of this scene: adjusted by the others alone, {100 * measured.held:.0f} % "
        f"of these images lay in such an interval, and on average they {closer}."
    )
