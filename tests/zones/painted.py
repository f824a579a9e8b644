"""Painted scenes of two dates with labels, and zones over them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import rasterio
import shapely
from affine import Affine

from planimeter.program import Limits

HEIGHT, WIDTH = 60, 80
DX, DY = 2.0, 3.0  # metres
PIXEL = DX * DY
LEGEND = {"water": [1], "roof": [2], "forest": [3]}
UTM = ("EPSG:32633", Affine(DX, 0, 500_000, 0, -DY, 5_000_000))
LIMITS = {"whole": None, "tiled": Limits(tile=(16, 32))}
EIGHT = np.ones((3, 3), int)
FRAME = shapely.box(0, 0, WIDTH, HEIGHT)


def painted(seed: int, nothing: int) -> np.ndarray:
    """(H, W) uint8 labels of `LEGEND`, 0 for other ground; 255 above on the right from a column on: no data."""
    rng = np.random.default_rng(seed)
    grid = np.zeros((HEIGHT, WIDTH), np.uint8)
    for value, count, side in ((3, 14, 16), (1, 9, 9), (2, 50, 4)):
        for _ in range(count):
            height, width = rng.integers(2, side, 2)
            y, x = rng.integers(0, HEIGHT - height), rng.integers(0, WIDTH - width)
            grid[y : y + height, x : x + width] = value
    grid[:8, nothing:] = 255
    return grid


def write_scene(
    folder: Path, name: str, labels: np.ndarray, crs: str | None, transform: Affine
) -> tuple[Path, Path, Path]:
    """A grey picture and its labels on disk, without a place where there is no CRS; and the legend."""
    place: dict[str, Any] = {"crs": crs, "transform": transform} if crs else {}
    common = {"driver": "GTiff", "dtype": "uint8", "height": HEIGHT, "width": WIDTH, "nodata": 255}
    image, maps, legend = folder / f"{name}.tif", folder / f"{name}_labels.tif", folder / "legend.json"
    picture = np.where(labels == 255, 255, 90).astype(np.uint8)
    for file, bands in ((image, np.stack([picture] * 3)), (maps, labels[None])):
        more = {"photometric": "RGB"} if len(bands) == 3 else {}
        with rasterio.open(file, "w", count=len(bands), **common, **place, **more) as opened:
            opened.write(bands)
    legend.write_text(json.dumps(LEGEND))
    return image, maps, legend


def on_map(geometry: Any, transform: Affine) -> Any:
    a, b, c, d, e, f = transform[:6]
    return shapely.affinity.affine_transform(geometry, [a, b, d, e, c, f])


def write_zones(
    path: Path, polygons: list[Any], crs: str | None, transform: Affine, names: list[str] | None = None
) -> Path:
    """A layer of polygons in pixels, with their names under NAME."""
    names = names or [f"District {k}" for k in range(len(polygons))]
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([on_map(polygon, transform) for polygon in polygons])),
        [np.array(names, object)],
        np.array(["NAME"], object),
        geometry_type=polygons[0].geom_type,
        crs=crs,
    )
    return path


def cells(count: int, seed: int = 1) -> list[Any]:
    """Polygons that share the scene out, leaving nothing."""
    points = np.random.default_rng(seed).random((count, 2)) * [WIDTH, HEIGHT]
    parts = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(points), extend_to=FRAME))
    return list(shapely.intersection(parts, FRAME))


def centres(polygon: Any) -> np.ndarray:
    """(H, W) bool: pixels whose centres lie in a polygon."""
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return shapely.contains_xy(polygon, x, y)


def fractions(polygon: Any) -> np.ndarray:
    """(H, W) float64: the area of each pixel's part inside."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    return shapely.area(shapely.intersection(shapely.box(x, y, x + 1, y + 1), polygon))
