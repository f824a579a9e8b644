"""Pixel frames as types: which picture a coordinate belongs to is never a guess.

The original image has pixels; a model may be shown a resized picture and speak in its pixels (Qwen2.5-VL), or in
thousandths of the picture's sides (Qwen2-VL, Qwen3-VL). All frames measure the same picture, so that a coordinate
goes from one to another by scaling each axis.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from planimeter.reason.prompt import Box, Point

THOUSANDTHS = 1000


@dataclass(frozen=True)
class OriginalFrame:
    """The image's own pixels.

    Attributes:
        width: pixels.
        height: pixels.
    """

    width: int
    height: int


@dataclass(frozen=True)
class ResizedFrame:
    """Pixels of the picture that a model is shown, whole but at another size.

    Attributes:
        width: pixels.
        height: pixels.
    """

    width: int
    height: int


@dataclass(frozen=True)
class NormalisedFrame:
    """Thousandths of the picture's sides, 0 to 1000."""

    width: int = THOUSANDTHS
    height: int = THOUSANDTHS


Frame = OriginalFrame | ResizedFrame | NormalisedFrame
FrameRule = Callable[[OriginalFrame], Frame]  # the frame a model speaks for an image of a size


def convert_point(point: Point, source: Frame, target: Frame) -> Point:
    """A point of one frame in another, each axis scaled by itself.

    Example:
        >>> convert_point((500, 250), NormalisedFrame(), OriginalFrame(640, 480))
        (320.0, 120.0)
    """
    x, y = point
    return x * target.width / source.width, y * target.height / source.height


def convert_box(box: Box, source: Frame, target: Frame) -> Box:
    """A box of one frame in another, each axis scaled by itself.

    Example:
        >>> convert_box((0, 0, 420, 840), ResizedFrame(840, 840), OriginalFrame(1000, 500))
        (0.0, 0.0, 500.0, 500.0)
    """
    (x0, y0), (x1, y1) = (
        convert_point(box[:2], source, target),
        convert_point(box[2:], source, target),
    )
    return x0, y0, x1, y1


def ordered_box(box: Box) -> Box:
    """The box with its corners in order, whichever two opposite corners were given.

    Example:
        >>> ordered_box((9, 2, 4, 8))
        (4, 2, 9, 8)
    """
    x0, y0, x1, y1 = box
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def clipped_box(box: Box, frame: Frame) -> Box | None:
    """The part of an ordered box inside a frame; None where there is none.

    Example:
        >>> clipped_box((-5, 3, 20, 8), OriginalFrame(10, 10))
        (0.0, 3.0, 10.0, 8.0)
        >>> clipped_box((12, 3, 20, 8), OriginalFrame(10, 10)) is None
        True
    """
    x0, x1 = (min(max(float(x), 0.0), float(frame.width)) for x in (box[0], box[2]))
    y0, y1 = (min(max(float(y), 0.0), float(frame.height)) for y in (box[1], box[3]))
    return (x0, y0, x1, y1) if x0 < x1 and y0 < y1 else None


def clipped_point(point: Point, frame: Frame) -> Point | None:
    """A point of a frame, those on its far edges moved into the last pixel; None for one outside.

    Example:
        >>> clipped_point((10, 4), OriginalFrame(10, 10))
        (9.5, 4.0)
        >>> clipped_point((11, 4), OriginalFrame(10, 10)) is None
        True
    """
    x, y = float(point[0]), float(point[1])
    if not (0 <= x <= frame.width and 0 <= y <= frame.height):
        return None
    return (x if x < frame.width else frame.width - 0.5), (y if y < frame.height else frame.height - 0.5)


def original_frame(original: OriginalFrame) -> Frame:
    """The rule of a model that is shown the image as it is and speaks in its pixels."""
    return original


def normalised_frame(original: OriginalFrame) -> Frame:
    """The rule of a model that speaks in thousandths (Qwen2-VL, Qwen3-VL)."""
    return NormalisedFrame()


def square_frame(side: int) -> FrameRule:
    """The rule of a model that is shown every image resized to a square (Think2Seg-RS: 840 pixels a side).

    Example:
        >>> square_frame(840)(OriginalFrame(1024, 768))
        ResizedFrame(width=840, height=840)
    """
    return lambda original: ResizedFrame(side, side)
