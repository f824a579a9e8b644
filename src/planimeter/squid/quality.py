"""Which questions are good enough to be asked (paper, section 3.4)."""

from __future__ import annotations

import math

import numpy as np

from planimeter.squid.question import Value
from planimeter.squid.types.base import QuestionType
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots

ON_THE_THRESHOLD = 1e-6  # relative; closer sizes are decided by rounding, not by the ground
CLEAR_MARGIN = 1.0  # points of the image by which one cover must exceed another to be called more
_ONE_HECTARE_MARGIN = 0.0225  # share; as areas are judged


def flaw(
    view: SceneView,
    kind: QuestionType,
    slots: Slots,
    value: Value,
    answer: Value,
    bounds: tuple[float, float] | None,
) -> str | None:
    """Why a question must not be asked, in a few words; None when it may.

    Args:
        view: the image's masks.
        kind: the question's type.
        slots: what it asks for.
        value: the answer before rounding.
        answer: the answer as it would be published.
        bounds: its acceptable range.
    """
    if isinstance(value, str) or isinstance(answer, str):
        return _undecided(view, kind, slots)
    if not math.isfinite(value) or value < 0 or (kind.kind.endswith("percentage") and value > 100):
        return "the answer is not physically possible"
    if bounds is None or not bounds[0] <= answer <= bounds[1]:
        return "the answer is outside its own range"
    if not bounds[0] <= value <= bounds[1]:
        return "too small: the exact answer is outside the range of the rounded one"
    return _undecided(view, kind, slots)


def _undecided(view: SceneView, kind: QuestionType, slots: Slots) -> str | None:
    """Why the answer hangs on something nobody can see."""
    limits = [limit for limit in (slots.minimum, slots.maximum) if limit]
    if limits and kind.needs_scale:
        sizes = view.hectares(slots.target)
        if any(np.isclose(sizes, limit, rtol=ON_THE_THRESHOLD, atol=0).any() for limit in limits):
            return "a region is exactly as large as the threshold"
    if kind.name == "binary_comparison":
        margin = abs(view.share(slots.target) - view.share(slots.reference or ""))
        if margin < CLEAR_MARGIN:
            return "the two covers are too close to call"
    if kind.name == "binary_threshold":
        sizes = view.hectares(slots.target)
        total = float(sizes[sizes >= (slots.minimum or 0.0)].sum())
        if abs(total - 1.0) < _ONE_HECTARE_MARGIN:
            return "the total is too close to one hectare"
    if kind.name == "fragmentation" and not len(view.larger(slots.target, slots.minimum or 0.0)):
        return "there is nothing that could be connected"
    return None
