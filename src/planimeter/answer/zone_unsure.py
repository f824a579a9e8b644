"""How much of each zone's ground the model is not sure of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from planimeter.raster.pixel_areas import PixelArea, area_of_runs
from planimeter.segment.dates import of_an_earlier_date
from planimeter.spatial.runs import Runs, intersect, unite
from planimeter.spatial.zones import Zones

#: Heading of the column that says so, of the ground of the zone in its row.
NOT_SURE = "not sure"


@dataclass(frozen=True, eq=False)
class UnsureGround:
    """Ground of which the model is not sure, of N zones.

    Attributes:
        shares: (N,) float64, 0 to 1: of each zone's ground that counts, where the model is not sure of any topic asked
            for; NaN where nothing counts.
        whole: the same of all zones together.
        topics: topic → pixels in any zone where it is not sure of it, and their share of the ground of all zones.
    """

    shares: np.ndarray
    whole: float
    topics: dict[str, tuple[Runs, float]]

    def cell(self, zone: int | None) -> float | None:
        """Per cent of a zone's ground, or of all zones' (None); None where nothing counts."""
        share = self.whole if zone is None else float(self.shares[zone])
        return 100 * share if np.isfinite(share) else None


def unsure_in(
    zones: Zones,
    unsure: Mapping[str, Runs],
    asked: tuple[str, ...],
    area: PixelArea | None,
    ground: np.ndarray,
    whole: float,
) -> UnsureGround | None:
    """Sum up by zone where a model is not sure; None where it does not say so.

    Args:
        zones: on a scene's grid.
        unsure: topic → pixels that count and of which the model is not sure, where it says so.
        asked: the topics that are asked for. What a model thinks of an earlier date is not known.
        area: of a pixel, in m²; None where no scale is known.
        ground: (N,) ground of each zone that counts, in m² (pixels where no scale is known).
        whole: the same of all zones together.

    Example:
        >>> import shapely
        >>> from planimeter.spatial.runs import runs_of
        >>> from planimeter.spatial.zones import zones_of
        >>> zones = zones_of(("a", "b"), np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 4, 1)]), (1, 4))
        >>> strip = {"water": runs_of(np.array([[False, True, True, False]]))}
        >>> found = unsure_in(zones, strip, ("water",), None, np.array([2.0, 3.0]), 4.0)
        >>> found.shares.round(2).tolist(), found.whole
        ([0.5, 0.67], 0.5)
    """
    if not unsure or of_an_earlier_date(asked):
        return None
    together = zones.together(drawn=False)
    anything = unite(list(unsure.values()), zones.runs.shape)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.asarray(ground_in(zones, anything, area) / np.asarray(ground, np.float64))
        total = np.float64(whole)
        everywhere = float(ground_in(together, anything, area)[0] / total)
        topics = {
            topic: (_inside(together, runs), float(ground_in(together, runs, area)[0] / total))
            for topic, runs in unsure.items()
            if len(runs)
        }
    return UnsureGround(shares, everywhere, {topic: one for topic, one in topics.items() if one[1] > 0})


def ground_in(zones: Zones, runs: Runs, area: Any) -> np.ndarray:
    """(N,) float64 ground of some pixels in each zone, in m²; pixels where no scale is known.

    Args:
        zones: on the grid of the pixels.
        runs: the pixels.
        area: of a pixel, in m²; None where no scale is known.
    """
    pieces, of = intersect(zones.runs, runs)
    found = np.bincount(zones.owner[of], weights=_ground(pieces, area), minlength=len(zones))
    inside = _holds(runs, zones.cells)
    cells = zones.cells[inside]
    parts = zones.fraction[inside] * _ground(Runs(runs.shape, cells, cells + 1), area)
    return np.asarray(found + np.bincount(zones.cell_owner[inside], weights=parts, minlength=len(zones)))


def _ground(runs: Runs, area: Any) -> np.ndarray:
    y, x0, x1 = runs.rows()
    return (x1 - x0).astype(np.float64) if area is None else area_of_runs(area, y, x0, x1)


def _holds(runs: Runs, cells: np.ndarray) -> np.ndarray:
    """(C,) bool: which flat positions lie in runs."""
    before = np.searchsorted(runs.start, cells, side="right") - 1
    return np.asarray((before >= 0) & (cells < np.append(runs.stop, 0)[before]))


def _inside(together: Zones, runs: Runs) -> Runs:
    """Pixels that lie in zones, wholly or in part."""
    touched = [together.runs]
    if len(together.cells):
        cells = np.unique(together.cells)
        touched.append(Runs(runs.shape, cells, cells + 1))
    return intersect(unite(touched, runs.shape), runs)[0]
