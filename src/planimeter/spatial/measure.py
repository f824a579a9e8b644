"""Lengths, forms and units of regions."""

from __future__ import annotations

import math

import numpy as np

from planimeter.errors import UsageError
from planimeter.spatial.checks import check_spacing
from planimeter.spatial.regions import Regions
from planimeter.spatial.runs import shared_lengths

SQUARE_METRES_PER_HECTARE = 10_000.0


def hectares(area_m2: np.ndarray | float) -> np.ndarray | float:
    """Return an area in hectares.

    >>> hectares(25_000.0)
    2.5
    """
    return area_m2 / SQUARE_METRES_PER_HECTARE


def perimeters(regions: Regions, dx: float, dy: float) -> np.ndarray:
    """Return the length of each region's outline along pixel edges, holes included, (N,) float64 metres.

    Every run has two vertical edges; of its upper and lower edges those count that no pixel of the region
    shares.

    Raises:
        UsageError: a spacing is not positive.

    >>> from planimeter.spatial import label_regions
    >>> perimeters(label_regions(np.ones((2, 3), bool)), 0.5, 0.5).tolist()
    [5.0]
    """
    check_spacing(dx, dy)
    vertical = 2 * np.bincount(regions.owner, minlength=len(regions))
    inner = np.bincount(regions.owner, weights=shared_lengths(regions.runs), minlength=len(regions))
    return vertical * dy + 2 * (regions.area_pixels - inner) * dx


def equivalent_diameters(regions: Regions) -> np.ndarray:
    """Return the diameter of the circle that has each region's ground area, (N,) float64 metres.

    Raises:
        UsageError: the regions have no ground areas.
    """
    if regions.area_m2 is None:
        raise UsageError("the regions have no ground area: label them with the scale's pixel_area")
    return 2 * np.sqrt(regions.area_m2 / math.pi)
