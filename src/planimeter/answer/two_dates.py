"""What an answer about two dates says of them: how the earlier lies on the later, and what looks like change."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from planimeter.raster.laid import lay
from planimeter.raster.shift import Shift, measured_shift
from planimeter.segment.dates import EARLIER, OF_THE_EARLIER, check_legends, image_is_a_map, seen_by_a_model

if TYPE_CHECKING:
    from planimeter.answer.answer import Answer
    from planimeter.segment.dates import Earlier

_LATER_ALONE = "Nothing of this answer is about change: the later image alone was measured."
_SEASON = (
    "Masks of both dates are what a model makes of the pictures: another season, light, sun or angle of view looks "
    "like change to it."
)
_ONE_IS_SEEN = (
    "The masks of one date come from a map and those of the other from a model: where these two see the ground "
    "differently, it looks like change."
)


def say_of_two_dates(answer: Answer, earlier: Earlier, later: Earlier, measured: bool) -> None:
    """Add to an answer what is to be known of its two dates.

    Args:
        answer: as measured; gains ``before`` and warnings.
        earlier: the earlier date.
        later: the later date, in the same form.
        measured: whether the program asked for it.

    Raises:
        SceneError: the two images do not overlap.
        LabelError: labels of the earlier date of which their legend names nothing.
    """
    if not measured:
        answer.warnings.append(_LATER_ALONE)
        return
    topics = answer.run.topics
    own = [topic for topic in topics if not topic.startswith(EARLIER)]
    before = [topic.removeprefix(EARLIER) for topic in topics if topic.startswith(EARLIER)]
    check_legends(earlier, before)
    laid = lay(earlier.scene, answer.scene)
    said = [
        f"Of the earlier image: {sentence}"
        for sentence in earlier.scene.warnings
        if sentence not in answer.scene.warnings
    ]
    said += [laid.sentence] if laid.sentence else []
    shift: Shift | None = None
    if not image_is_a_map(earlier) and not image_is_a_map(later):
        shift = measured_shift(laid)
        caution = shift.caution(answer.run.scale)
        said += [caution] if caution else []
    seen = seen_by_a_model(earlier.source, before), seen_by_a_model(later.source, own)
    said += [_SEASON] if all(seen) else [_ONE_IS_SEEN] if any(seen) else []
    known = [sentence for sentence in answer.warnings if not sentence.startswith(OF_THE_EARLIER)]
    answer.warnings[:] = known + [
        sentence
        for sentence in answer.warnings
        if sentence.startswith(OF_THE_EARLIER) and sentence.removeprefix(OF_THE_EARLIER) not in known
    ]
    answer.warnings[:0] = [sentence for sentence in said if sentence not in answer.warnings]
    answer.before = _record(earlier, laid.how, shift)


def _record(earlier: Earlier, how: str, shift: Shift | None) -> dict[str, Any]:
    return {
        "image": earlier.scene.name,
        "segmenter": earlier.source.name,
        "grid": how,
        "shift_pixels": None
        if shift is None or not shift.known
        else [round(shift.dx, 2), round(shift.dy, 2)],
    }
