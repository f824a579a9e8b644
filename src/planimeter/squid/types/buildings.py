"""What the three types about buildings near something have in common."""

from planimeter.squid.question import Value
from planimeter.squid.view import SceneView
from planimeter.squid.wording import Slots
from planimeter.vocabulary.topics import topic_of

SMALLEST_BUILDING = topic_of("roof").smallest  # hectares


def count_near(view: SceneView, slots: Slots) -> Value:
    """Buildings larger than the minimum of which any pixel lies within the distance."""
    buildings = view.larger(slots.target, slots.minimum or 0.0)
    return len(view.clipped(buildings, slots.reference or "", slots.distance or 0.0))
