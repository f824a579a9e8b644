"""How long the outlines of shapes are."""

from __future__ import annotations

import numpy as np

from planimeter.spatial.checks import check_spacing
from planimeter.spatial.runs import shared_lengths
from planimeter.spatial.shapes import Shapes


def perimeters(shapes: Shapes, dx: float, dy: float) -> np.ndarray:
    """Return the length of each thing's outline, holes included, (N,) float64 metres.

    A region's runs along pixel edges: every run has two vertical edges; of its upper and lower edges those count that
    no pixel of the region shares. A polygon of a vector layer has its own outline, on the ellipsoid.

    Args:
        shapes: regions, or features of a vector layer.
        dx: metres between pixel centres along a row.
        dy: metres between pixel centres along a column.

    Raises:
        UsageError: a spacing is not positive.

    >>> from planimeter.spatial import label_regions
    >>> perimeters(label_regions(np.ones((2, 3), bool)), 0.5, 0.5).tolist()
    [5.0]
    """
    check_spacing(dx, dy)
    own = shapes.outline_lengths()
    if own is not None and not np.isnan(own).any():
        return own
    runs, owner, _ = shapes.apart()
    vertical = 2 * np.bincount(owner, minlength=len(shapes))
    inner = np.bincount(owner, weights=shared_lengths(runs), minlength=len(shapes))
    traced = vertical * dy + 2 * (shapes.pixels - inner) * dx
    return traced if own is None else np.where(np.isnan(own), traced, own)
