"""Tiles of an image at halved resolutions: where each lies, whichever way a page counts its levels."""

from __future__ import annotations

import math

Box = tuple[int, int, int, int]


def halvings(width: int, height: int, side: int) -> int:
    """How often an image is halved until it fits into one tile.

    Args:
        width: pixels.
        height: pixels.
        side: pixels of a tile.

    Example:
        >>> halvings(256, 100, 256), halvings(257, 100, 256), halvings(1024, 1024, 256)
        (0, 1, 2)
    """
    return max(0, math.ceil(math.log2(max(width, height) / side)))


def tile_at(
    width: int, height: int, side: int, halved: int, column: int, row: int
) -> tuple[Box, tuple[int, int]] | None:
    """The pixels under a tile as (x0, y0, x1, y1), half-open, and (h, w) of what it shows of them; None where none is.

    Tiles at the right and lower edge are smaller than the others.

    Args:
        width: pixels of the image.
        height: pixels of the image.
        side: pixels of a tile.
        halved: how often the resolution is halved; 0 for full resolution.
        column: from the left.
        row: from the top.

    Example:
        >>> tile_at(600, 400, 256, 1, 1, 0), tile_at(600, 400, 256, 1, 2, 0)
        (((512, 0, 600, 400), (200, 44)), None)
    """
    if not 0 <= halved <= halvings(width, height, side) or column < 0 or row < 0:
        return None
    x0, y0 = (column * side) << halved, (row * side) << halved
    if x0 >= width or y0 >= height:
        return None
    x1, y1 = min(x0 + (side << halved), width), min(y0 + (side << halved), height)
    return (x0, y0, x1, y1), (math.ceil((y1 - y0) / 2**halved), math.ceil((x1 - x0) / 2**halved))
