"""What the three types about buildings near something have in common."""

from planimeter.squid.question import Value
from planimeter.squid.view import View
from planimeter.squid.wording import Slots

SMALLEST_BUILDING = 0.01  # hectares; table 6


def count_near(view: View, slots: Slots) -> Value:
    """Buildings larger than the minimum of which any pixel lies within the distance."""
    buildings = view.larger(slots.target, slots.minimum or 0.0)
    return len(view.clipped(buildings, slots.reference or "", slots.distance or 0.0))
