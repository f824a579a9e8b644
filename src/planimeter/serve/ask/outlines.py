"""Outlines in a scene's pixels, as a page draws them: areas of interest, and zones."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from planimeter.raster import Scene
from planimeter.raster.pixel_areas import area_of_runs
from planimeter.spatial.area import AreaOfInterest

_FINE = 0.05  # pixels by which an outline may stray on the page
_MANY = 200_000  # vertices that a page draws at ease


def outline_features(
    polygons: Sequence[Any] | np.ndarray, properties: Sequence[dict[str, Any]], cells: int = 1
) -> dict[str, Any]:
    """Polygons as a GeoJSON collection in pixels, in no more detail than is seen.

    Args:
        polygons: N shapely geometries in cells of a grid.
        properties: of each.
        cells: how many cells of that grid lie side by side in a pixel.

    Example:
        >>> import shapely
        >>> found = outline_features([shapely.box(0, 0, 4, 2)], [{"zone": "a"}], cells=2)
        >>> found["features"][0]["geometry"]["coordinates"][0][0], found["features"][0]["properties"]
        ([2.0, 0.0], {'zone': 'a'})
    """
    import shapely

    shapes = np.array(polygons, dtype=object)
    if cells > 1:
        shapes = shapely.transform(shapes, lambda points: points / cells)
    stray = _FINE
    thin = shapely.simplify(shapes, stray)
    while int(shapely.get_num_coordinates(thin).sum()) > _MANY and stray < 16:
        stray *= 2
        thin = shapely.simplify(shapes, stray)
    thin = shapely.transform(thin, lambda points: np.round(points, 3))
    features = [
        {"type": "Feature", "properties": about, "geometry": json.loads(text)}
        for about, text in zip(properties, shapely.to_geojson(thin).tolist(), strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def write_outlines(path: Path, collection: dict[str, Any]) -> None:
    """Write a collection of outlines as a file."""
    path.write_text(json.dumps(collection, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def hectares_of(area: AreaOfInterest, scene: Scene) -> float | None:
    """Ground of an area of interest in hectares; None where no scale is known."""
    if scene.scale is None:
        return None
    y, x0, x1 = area.runs.rows()
    return float(np.sum(area_of_runs(scene.scale.pixel_area, y, x0, x1))) / 10_000
