"""What a promptable segmenter is asked: a box, points, or both, for one instance."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Prompt:
    """One instance to be segmented, in the ORIGINAL image's pixel frame.

    x runs right, y runs down, and pixel (0, 0) covers [0, 1) x [0, 1): its centre is (0.5, 0.5).

    Attributes:
        box: (x0, y0, x1, y1) with x0 < x1 and y0 < y1, or None.
        positive: points (x, y) inside the instance.
        negative: points (x, y) outside it.

    Example:
        >>> Prompt((0.0, 0.0, 8.0, 4.0), positive=((2.5, 2.5),)).area
        32.0
    """

    box: Box | None
    positive: tuple[Point, ...] = ()
    negative: tuple[Point, ...] = ()

    @property
    def area(self) -> float:
        """The box's area in square pixels; 0 without one."""
        if self.box is None:
            return 0.0
        x0, y0, x1, y1 = self.box
        return (x1 - x0) * (y1 - y0)


def box_iou(first: Box, second: Box) -> float:
    """Intersection over union of two boxes.

    Example:
        >>> box_iou((0, 0, 2, 2), (1, 0, 3, 2))
        0.3333333333333333
    """
    width = min(first[2], second[2]) - max(first[0], second[0])
    height = min(first[3], second[3]) - max(first[1], second[1])
    if width <= 0 or height <= 0:
        return 0.0
    shared = width * height
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (first, second)]
    return shared / (areas[0] + areas[1] - shared)


def thin(prompts: list[Prompt], most: float = 0.5) -> list[Prompt]:
    """The prompts without repeated boxes: of two that overlap by more than ``most``, the larger stays.

    Prompts without a box stay. The order is kept. Source: Think2Seg-RS, as its code thins boxes.

    Args:
        prompts: of one image.
        most: intersection over union above which two boxes are one.

    Example:
        >>> [kept.box for kept in thin([Prompt((0, 0, 9, 9)), Prompt((0, 0, 10, 10)), Prompt((20, 0, 25, 5))])]
        [(0, 0, 10, 10), (20, 0, 25, 5)]
    """
    kept: list[int] = []
    for index in sorted(range(len(prompts)), key=lambda index: -prompts[index].area):
        box = prompts[index].box
        others = (prompts[other].box for other in kept)
        if box is None or all(other is None or box_iou(box, other) <= most for other in others):
            kept.append(index)
    return [prompts[index] for index in sorted(kept)]
