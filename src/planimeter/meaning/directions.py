"""Parts of the image by the points of the compass, laid onto the image as north lies in it."""

from __future__ import annotations

from typing import Any

from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.meaning.reading import FRAMES
from planimeter.meaning.record import Record, fields, replace
from planimeter.meaning.records import Away, Subject

#: (left, top, right, bottom) with north up.
Frame = tuple[float, float, float, float]

#: Which side of the image a point of the compass is, where north is up.
SIDE_OF = {"north": "upper", "south": "lower", "west": "left", "east": "right"}
COMPASS: dict[str, Frame] = {
    **{
        f"{point}ern {part}": FRAMES[f"{side} {part}"]
        for part in ("half", "third")
        for point, side in SIDE_OF.items()
    },
    **{
        f"{point}-{across}ern quarter": FRAMES[f"{SIDE_OF[point]} {SIDE_OF[across]} quarter"]
        for point in ("north", "south")
        for across in ("west", "east")
    },
}

#: The middle of the image: a point, so that only distances to it have a meaning.
CENTRE: Frame = FRAMES["centre"]


def laid(frame: Frame, north: str) -> Frame:
    """A part with north up as it lies where north is elsewhere.

    Args:
        frame: left, top, right, bottom with north up, as shares of the sides.
        north: "up", "down", "left" or "right", with "mirrored" behind it where east lies to the left of north.

    >>> laid((0.0, 0.0, 1.0, 0.5), "down"), laid((0.0, 0.0, 1.0, 0.5), "right")
    ((0.0, 0.5, 1.0, 1.0), (0.5, 0.0, 1.0, 1.0))
    >>> laid((0.5, 0.0, 1.0, 1.0), "down"), laid((0.5, 0.0, 1.0, 1.0), "down mirrored")
    ((0.0, 0.0, 0.5, 1.0), (0.5, 0.0, 1.0, 1.0))
    """
    side, _, mirrored = north.partition(" ")
    left, top, right, bottom = frame
    if mirrored:
        left, right = 1 - right, 1 - left
    return {
        "up": (left, top, right, bottom),
        "down": (1 - right, 1 - bottom, 1 - left, 1 - top),
        "right": (1 - bottom, left, 1 - top, right),
        "left": (top, 1 - right, bottom, 1 - left),
    }[side]


def placed(value: Any, north: str | None) -> Any:
    """A meaning whose parts of the image are all shares of its sides.

    Args:
        value: a meaning, or a part of one.
        north: where north lies; None where nobody knows.

    Raises:
        NotMeasurable: a point of the compass is named, and where north lies is not known.
        NotUnderstood: the centre is taken for a place with an inside.
    """
    if isinstance(value, Subject) and value.frame == CENTRE:
        raise NotUnderstood(
            'The centre of the image is a point; say how far from it, such as "within 100 m of the centre".'
        )
    if isinstance(value, Subject) and isinstance(value.frame, str):
        if north is None:
            raise NotMeasurable(
                "Where north lies in this image is not known, or it lies askew; say upper, lower, left or right "
                "instead."
            )
        value = replace(value, frame=laid(COMPASS[value.frame], north))
    if isinstance(value, Away) and value.reference.frame == CENTRE:
        return value
    if isinstance(value, tuple):
        return tuple(placed(item, north) for item in value)
    if isinstance(value, Record):
        return type(value)(*(placed(item, north) for item in fields(value)))
    return value
