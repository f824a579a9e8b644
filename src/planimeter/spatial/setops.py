"""Shapes cut by areas, and joined: what of them lies inside or outside, and the regions of several together.

An area is a mask, (H, W) bool, `Shapes` or `Runs` alike; all work is on runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from planimeter.errors import UsageError
from planimeter.raster.pixel_areas import PixelArea, area_of_runs
from planimeter.spatial.checks import check_mask
from planimeter.spatial.covered import Covered
from planimeter.spatial.feature_measures import Measures
from planimeter.spatial.features import Features
from planimeter.spatial.regions import Regions, components, regions_of
from planimeter.spatial.runs import Runs, expand, runs_of, unite
from planimeter.spatial.shapes import Shapes

Area = np.ndarray | Shapes | Runs
Some = TypeVar("Some", bound=Shapes)


def _runs(area: Area, shape: tuple[int, int] | None = None) -> Runs:
    if isinstance(area, Shapes | Runs):
        if shape is not None and area.shape != shape:
            raise UsageError(
                f"the areas have different sizes, {area.shape} and {shape}: bring them onto one scene's grid"
            )
        return area.united() if isinstance(area, Shapes) else area
    return runs_of(check_mask(area, shape))


def clip(regions: Some, area: Area) -> tuple[Some, np.ndarray]:
    """Return what of each region lies in ``area``: one, possibly in parts, per region that keeps a pixel.

    Args:
        regions: N regions.
        area: (H, W) bool mask, or regions or runs on the same grid.

    Returns:
        The M clipped regions in the order of their sources, and (M,) int64 the source of each.

    Raises:
        UsageError: the grids differ.

    >>> from planimeter.spatial import label_regions
    >>> roofs = label_regions(np.array([[1, 1, 0, 1]], bool))
    >>> clipped, source = clip(roofs, np.array([[0, 0, 0, 1]], bool))
    >>> clipped.area_pixels.tolist(), source.tolist()
    ([1], [1])
    """
    return regions.cut(_runs(area, regions.shape), inside=True)


def subtract(regions: Some, area: Area) -> tuple[Some, np.ndarray]:
    """Return what of each region lies outside ``area``, like `clip` with the area turned inside out."""
    return regions.cut(_runs(area, regions.shape), inside=False)


def merge(areas: Sequence[Area], pixel_area: PixelArea | None = None) -> Shapes:
    """Return the 8-connected regions of the union of ``areas``.

    ``pixel_area`` is taken from the first regions among them when it is not given. Features of a vector layer keep
    their areas: see `_merged`.

    Raises:
        UsageError: there is nothing to merge, or the grids differ.

    >>> merge([np.array([[True, False, False]]), np.array([[False, True, False]])]).area_pixels.tolist()
    [2]
    """
    if pixel_area is None:
        pixel_area = next((area.pixel_area for area in areas if isinstance(area, Regions)), None)
    if any(isinstance(area, Features) for area in areas):
        shape = _runs(areas[0]).shape
        return _merged(
            [area if isinstance(area, Shapes) else regions_of(_runs(area, shape)) for area in areas],
            pixel_area,
        )
    return regions_of(_union_runs(areas), pixel_area)


def _merged(areas: Sequence[Shapes], pixel_area: PixelArea | None) -> Features:
    """Return the 8-connected regions of what several shapes cover, features of a vector layer among them.

    A pixel of a feature has its share of the feature's area, one of a region its own. A pixel of several counts once,
    with the largest of these; of features that do not overlap, however small, nothing is lost.

    Args:
        areas: on one grid.
        pixel_area: ground area of a pixel in m² (`Scale.pixel_area`); None where no scale is known.

    >>> import shapely
    >>> from planimeter.spatial.features import features_of
    >>> house = features_of("polygon", np.array([shapely.box(0.4, 0.4, 0.6, 0.9)]), (1, 3), None)
    >>> _merged([house], None).area_pixels.round(2).tolist()
    [0.1]
    """
    shape = areas[0].shape
    start, stop = (np.concatenate([getattr(area.runs, side) for area in areas]) for side in ("start", "stop"))
    runs = unite([area.runs for area in areas], shape)
    owner, count = components(runs)
    edges = np.unique(np.concatenate([start, stop]))
    of, cell = expand(np.searchsorted(edges, start), np.searchsorted(edges, stop))
    apart = len(areas) == 1 and isinstance(areas[0], Features) and areas[0].overlap == 0
    columns: dict[str, np.ndarray] = {}
    for name in ("area_pixels", "area_m2") if pixel_area is not None else ("area_pixels",):
        density = np.concatenate([_per_pixel(area, name, pixel_area) for area in areas])
        highest = np.zeros(max(len(edges) - 1, 0))
        with np.errstate(invalid="ignore"):  # what has no area makes the whole unknown
            (np.add if apart else np.maximum).at(highest, cell, density[of])
        amount = highest * np.diff(edges)
        place = np.searchsorted(runs.start, edges[:-1], side="right") - 1
        inside = edges[:-1] < runs.stop[place] if len(runs) else np.zeros(0, dtype=bool)
        columns[name] = np.bincount(place[inside], weights=amount[inside], minlength=len(runs))
    totals = {name: np.bincount(owner, weights=amount, minlength=count) for name, amount in columns.items()}
    measures = Measures(totals["area_pixels"], totals.get("area_m2"), per_run=columns)
    return Features("polygon", Covered(runs, owner), measures, np.full(count, None, dtype=object))


def _per_pixel(area: Shapes, name: str, pixel_area: PixelArea | None) -> np.ndarray:
    """(R,) the amount of a measure in a pixel of each run."""
    if isinstance(area, Features):
        length = area.runs.stop - area.runs.start
        if name in area.measures.per_run:
            return area.measures.per_run[name] / length
        values = getattr(area.measures, name)
        values = np.full(len(area), np.nan) if values is None else values
        return (values / area.pixels)[area.owner]
    if name == "area_pixels":
        return np.ones(len(area.runs))
    assert pixel_area is not None  # areas on the ground are asked for only where there is a scale
    return area_of_runs(pixel_area, *area.runs.rows()) / (area.runs.stop - area.runs.start)


def _union_runs(areas: Sequence[Area]) -> Runs:
    if not areas:
        raise UsageError("there is nothing to unite: pass at least one mask or set of regions")
    first = _runs(areas[0])
    return unite([first, *(_runs(area, first.shape) for area in areas[1:])], first.shape)
