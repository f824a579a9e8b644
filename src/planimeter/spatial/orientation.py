"""Which way shapes lie: the direction of their longer axis."""

from __future__ import annotations

import numpy as np

from planimeter.spatial.shapes import Shapes


def orientations(shapes: Shapes, dx: float, dy: float) -> tuple[np.ndarray, np.ndarray]:
    """The direction of the longer principal axis of each shape, by the second moments of its pixels.

    Args:
        shapes: N of them.
        dx: metres from one pixel to the next in a row.
        dy: metres from one row to the next.

    Returns:
        (N,) float64 degrees clockwise from the upper edge of the image, from 0 to below 180; and (N,) float64 how many
        times longer it is than wide, 1 for a disc or a square, infinite for a line.

    >>> from planimeter.spatial import label_regions
    >>> angle, longer = orientations(label_regions(np.array([[1, 1, 1], [0, 0, 0], [0, 0, 0]], bool)), 1.0, 1.0)
    >>> angle.round(6).tolist(), round(float(longer[0]), 3)
    ([90.0], 3.0)
    """
    y, x0, x1 = shapes.runs.rows()
    count = len(shapes)
    length = (x1 - x0).astype(np.float64)
    middle = (x0 + x1) / 2.0
    pixels = np.bincount(shapes.owner, weights=length, minlength=count)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean_x = np.bincount(shapes.owner, weights=length * middle, minlength=count) / pixels
        mean_y = np.bincount(shapes.owner, weights=length * (y + 0.5), minlength=count) / pixels
        across, down = middle - mean_x[shapes.owner], y + 0.5 - mean_y[shapes.owner]
        # A run is a box: its own spread is a twelfth of its length squared, a row's a twelfth.
        xx = (
            np.bincount(shapes.owner, weights=length * (across**2 + length**2 / 12), minlength=count) / pixels
        )
        yy = np.bincount(shapes.owner, weights=length * (down**2 + 1 / 12), minlength=count) / pixels
        xy = np.bincount(shapes.owner, weights=length * across * down, minlength=count) / pixels
        xx, yy, xy = xx * dx**2, yy * dy**2, xy * dx * dy
        spread = np.hypot(xx - yy, 2 * xy)
        longer = np.sqrt((xx + yy + spread) / np.maximum(xx + yy - spread, 1e-300))
    from_right = 0.5 * np.degrees(np.arctan2(2 * xy, xx - yy))  # downwards from the direction of rows
    return (from_right + 90.0) % 180.0, longer
