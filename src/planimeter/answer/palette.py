"""The colours of evidence, in pictures and on pages alike; a topic's own colour stands in its record."""

from __future__ import annotations

from collections.abc import Iterable

COUNTED = ("#FF2D95", "#FF8C00", "#A05AFF", "#00C878")
REFERENCE = ("#00BEFF", "#50FFDC", "#78A0FF")
#: Told apart by those who see no red or green as well.
CHANGES = {
    "lost": "#E3172B",
    "gone": "#E3172B",
    "shrunk": "#FF8C00",
    "gained": "#00A0FF",
    "new": "#00A0FF",
    "grown": "#50FFDC",
    "kept": "#F2F2E6",
}
#: The role of ground of which nobody should be sure.
UNSURE = "not sure"
BAND = "#FFE13C"
NOT_SURE = "#C9BFD9"
#: Zones by value, ColorBrewer's YlGnBu: told apart without red and green, and in print.
LOW_TO_HIGH = ("#FFFFCC", "#A1DAB4", "#41B6C4", "#2C7FB8", "#253494")


def rgb(colour: str) -> tuple[int, int, int]:
    """The red, green and blue of "#RRGGBB", each 0 to 255.

    >>> rgb("#FFE13C")
    (255, 225, 60)
    """
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue


def role_colours(drawn: Iterable[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """The colour of each role of each topic.

    Args:
        drawn: topic and role ("counted", "reference", ``UNSURE``, or one of a change) of what is drawn, in order.

    Returns:
        "#RRGGBB" by role, by topic.

    >>> role_colours([("roof", "counted"), ("water", "reference")])["water"]
    {'reference': '#00BEFF'}
    """
    colours: dict[str, dict[str, str]] = {}
    taken = {"counted": 0, "reference": 0}
    for topic, role in dict.fromkeys(drawn):
        if role in CHANGES or role == UNSURE:
            colour = CHANGES.get(role, NOT_SURE)
        else:
            wheel = COUNTED if role == "counted" else REFERENCE
            colour = wheel[taken[role] % len(wheel)]
            taken[role] += 1
        colours.setdefault(topic, {})[role] = colour
    return colours
