"""The colours of evidence, in pictures and on pages alike; a topic's own colour stands in its record."""

from __future__ import annotations

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
BAND = "#FFE13C"


def rgb(colour: str) -> tuple[int, int, int]:
    """The red, green and blue of "#RRGGBB", each 0 to 255.

    >>> rgb("#FFE13C")
    (255, 225, 60)
    """
    red, green, blue = bytes.fromhex(colour.removeprefix("#"))
    return red, green, blue
