"""A place: where something lies, in words and in coordinates; what "where" is answered with."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from planimeter.table import area_shown, shown, six_digits

_COMPASS = ("north", "north-east", "east", "south-east", "south", "south-west", "west", "north-west")
_PICTURE = (
    "above",
    "upper right of",
    "right of",
    "lower right of",
    "below",
    "lower left of",
    "left of",
    "upper left of",
)


@dataclass(frozen=True)
class Place:
    """A point, or a point on a shape, and how people say where it is.

    Attributes:
        words: such as "north-east of the centre, 320 m from it".
        x: pixels from the left edge; the centre of the upper left pixel is at 0.5.
        y: pixels from the upper edge.
        longitude: degrees on WGS 84; None where the scene does not say where it lies.
        latitude: the same.
        what: what lies there ("water body"); empty for a mere point.
        area_hectares: its ground area; None for a point, or without a scale.
        area_pixels: its pixels; None for a point.
        distance_meters: how far it is from what it was looked for by; None where that was not asked.

    Example:
        >>> print(Place("right of the centre, 40 pixels from it", 90.0, 50.0))
        right of the centre, 40 pixels from it (x 90, y 50)
    """

    words: str
    x: float
    y: float
    longitude: float | None = None
    latitude: float | None = None
    what: str = ""
    area_hectares: float | None = None
    area_pixels: float | None = None
    distance_meters: float | None = None

    def __str__(self) -> str:
        """The words with the coordinates behind them."""
        points = f"x {six_digits(self.x)}, y {six_digits(self.y)}"
        if self.longitude is not None and self.latitude is not None:
            points = (
                f"{self.latitude:.6f}, {self.longitude:.6f}; {points}"  # as maps are asked: latitude first
            )
        what = f"{self.what}, " if self.what else ""
        size = "" if self.area_hectares is None else f", {area_shown(self.area_hectares)}"
        apart = "" if self.distance_meters is None else f", {shown(self.distance_meters)} m away"
        return f"{what}{self.words}{size}{apart} ({points})"

    def record(self) -> dict[str, Any]:
        """All fields, as ``--json`` prints them."""
        return asdict(self)


def from_centre(east: float, north: float, unit: str, compass: bool, tiny: float = 0.0) -> str:
    """Where a point lies as seen from the centre, in words.

    Args:
        east: how far to the east of the centre, or to the right of it.
        north: how far to the north of it, or above it.
        unit: of both: "m" or "pixels".
        compass: whether the directions are those of the compass; otherwise those of the picture.
        tiny: a distance that is none.

    Example:
        >>> from_centre(30, 30, "m", True), from_centre(0, -12, "pixels", False), from_centre(0, 0, "m", True)
        ('north-east of the centre, 42 m from it', 'below the centre, 12 pixels from it', 'at the centre')
    """
    apart = math.hypot(east, north)
    if apart <= tiny:
        return "at the centre"
    eighth = round(math.atan2(east, north) / (math.pi / 4)) % 8
    direction = f"{_COMPASS[eighth]} of" if compass else _PICTURE[eighth]
    said = (
        f"{_kilometres(apart / 1000)} km" if unit == "m" and apart >= 10_000 else f"{_rounded(apart)} {unit}"
    )
    return f"{direction} the centre, {said} from it"


def _rounded(value: float) -> str:
    """Two significant digits at least, whole where it is ten or more."""
    return f"{value:,.0f}" if value >= 9.95 else f"{value:.2g}"


def _kilometres(value: float) -> str:
    """Three significant digits at least."""
    return f"{value:,.1f}".removesuffix(".0") if value < 99.95 else f"{value:,.0f}"
