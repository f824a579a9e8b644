"""Parts of the image that a program names by shares of its sides."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from planimeter.program.arguments import Refused, number
from planimeter.spatial.runs import Runs


def shares_of(left: Any, top: Any, right: Any, bottom: Any) -> tuple[float, float, float, float]:
    """What a program sends as a part of the image, checked.

    Raises:
        Refused: it is no part.

    Example:
        >>> shares_of(0, 0, 0.5, 1)
        (0.0, 0.0, 0.5, 1.0)
    """
    x0, y0 = number(left, "left"), number(top, "top")
    x1, y1 = number(right, "right"), number(bottom, "bottom")
    if max(x0, y0, x1, y1) > 1 or ((x0, y0) != (x1, y1) and (x0 >= x1 or y0 >= y1)):
        raise Refused("a part of the image lies between 0 and 1, left before right and top before bottom")
    return x0, y0, x1, y1


def pixels_in(shares: tuple[float, float, float, float], shape: tuple[int, int]) -> Runs:
    """The pixels whose centres lie in a part of the image.

    Args:
        shares: where it begins and ends, as shares of the image's width and height.
        shape: (height, width) of the image.

    Example:
        >>> pixels_in((0, 0, 0.5, 1), (1, 4)).stop.tolist()
        [2]
    """
    height, width = shape
    x0, x1 = (math.ceil(share * width - 0.5) for share in shares[::2])
    y0, y1 = (math.ceil(share * height - 0.5) for share in shares[1::2])
    rows = np.arange(y0, y1 if x1 > x0 else y0, dtype=np.int64) * (width + 1)
    return Runs(shape, rows + x0, rows + x1)


def pixels_at(across: float, down: float, shape: tuple[int, int]) -> Runs:
    """The pixels nearest to a place of the image: up to four where it is a corner.

    Args:
        across: share of the image's width.
        down: share of its height.
        shape: (height, width) of the image.

    Example:
        >>> pixels_at(0.5, 0.5, (2, 2)).start.tolist()
        [0, 3]
    """
    sides: list[tuple[int, int]] = []
    for share, count in ((across, shape[1]), (down, shape[0])):
        at = share * count
        first = math.floor(at) - (1 if at == math.floor(at) else 0)
        sides.append((max(0, first), min(count, math.floor(at) + 1)))
    (x0, x1), (y0, y1) = sides
    rows = np.arange(y0, y1, dtype=np.int64) * (shape[1] + 1)
    return Runs(shape, rows + x0, rows + x1)
