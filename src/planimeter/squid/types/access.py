"""What the tier 3 types have in common: regions of some size, and their area near something."""

from planimeter.squid.view import SceneView, total_hectares
from planimeter.squid.wording import Slots


def area_of_large_near(view: SceneView, slots: Slots) -> float:
    """Hectares, within the distance, of regions larger than the minimum."""
    large = view.larger(slots.target, slots.minimum or 0.0)
    return total_hectares(view.clipped(large, slots.reference or "", slots.distance or 0.0))
