"""Questions a person could start with, made from what a scene can show."""

from __future__ import annotations

from collections.abc import Sequence

_WITHOUT_SCALE = (
    ({"roof"}, "How many buildings are there?"),
    ({"water"}, "What percentage of the image is water?"),
    ({"forest"}, "What percentage of the image is forest?"),
    ({"forest", "agric"}, "Which is larger, the forest or the farmland?"),
    ({"solar"}, "How many solar panels are there?"),
)
_WITH_SCALE = (
    ({"roof", "water"}, "How many buildings are within 50 m of water?"),
    ({"forest"}, "What is the total area of forest, in hectares?"),
    ({"roof", "road"}, "What is the average distance from buildings to the nearest road?"),
    ({"roof"}, "How many buildings are larger than 100 m²?"),
    ({"agric", "water"}, "How much cropland is within 200 m of water?"),
    ({"grass"}, "What is the area of the largest patch of grass, in m²?"),
    ({"urban"}, "What is the total urban area, in hectares?"),
)
_MOST = 6


def example_questions(topics: Sequence[str], has_scale: bool) -> list[str]:
    """Questions that these topics can answer.

    Args:
        topics: what can be measured.
        has_scale: whether lengths and areas can be.

    Example:
        >>> example_questions(["water"], has_scale=False)
        ['What percentage of the image is water?']
    """
    known = [*_WITH_SCALE, *_WITHOUT_SCALE] if has_scale else _WITHOUT_SCALE
    return [question for needs, question in known if needs <= set(topics)][:_MOST]
