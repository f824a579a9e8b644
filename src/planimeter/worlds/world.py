"""Synthetic worlds: believable overhead scenes whose every pixel and object is known."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import rasterio
import rasterio.warp
from affine import Affine
from rasterio.crs import CRS

from planimeter.errors import SceneError, UsageError, shown_name
from planimeter.raster.files import GDAL_OPTIONS
from planimeter.raster.scale import check_gsd
from planimeter.worlds.land import lay_out, strips
from planimeter.worlds.objects import WorldObject, place_objects
from planimeter.worlds.paint import crown_tile, paint
from planimeter.worlds.style import LABELS, MATERIAL_LABEL, draw_style

_SMALLEST, _LARGEST = 16, 32768
LABEL_COLORS = {
    1: (222, 188, 92),
    2: (38, 96, 48),
    3: (142, 190, 96),
    4: (198, 168, 134),
    5: (58, 122, 190),
    6: (120, 120, 124),
    7: (206, 74, 60),
    8: (70, 52, 150),
}


@dataclass(frozen=True)
class World:
    """A synthetic scene with its exact truth.

    Attributes:
        image: (H, W, 3) uint8, red, green, blue.
        labels: (H, W) uint8, values as in ``legend``; every pixel bears one.
        legend: label values of each topic.
        objects: the buildings ("roof") and solar arrays ("solar"), each one 8-connected region of its label.
        gsd: metres per pixel.
        crs: a UTM zone.
        transform: pixel (x, y) to CRS coordinates.
        seed: the seed it was made from.
    """

    image: np.ndarray
    labels: np.ndarray
    legend: dict[str, list[int]]
    objects: tuple[WorldObject, ...]
    gsd: float
    crs: CRS
    transform: Affine
    seed: int

    def write(self, folder: str | os.PathLike[str]) -> dict[str, Path]:
        """Write the world as files.

        Args:
            folder: where to; made if missing.

        Returns:
            Paths by what they hold: "image" (image.tif), "labels" (labels.tif), "legend" (legend.json) and
            "objects" (objects.geojson, WGS 84).

        Raises:
            SceneError: if the files cannot be written.
        """
        target = Path(folder)
        paths = {
            "image": target / "image.tif",
            "labels": target / "labels.tif",
            "legend": target / "legend.json",
            "objects": target / "objects.geojson",
        }
        try:
            target.mkdir(parents=True, exist_ok=True)
            self._write_raster(paths["image"], np.moveaxis(self.image, 2, 0), photometric="RGB")
            self._write_raster(paths["labels"], self.labels[None], compress="deflate", zlevel=1)
            paths["legend"].write_text(json.dumps(self.legend, indent=1) + "\n", encoding="utf-8")
            paths["objects"].write_text(json.dumps(self._geojson()) + "\n", encoding="utf-8")
        except (OSError, rasterio.errors.RasterioError) as problem:
            raise SceneError(
                f"The world cannot be written to {shown_name(folder)}; choose a folder with room that may be written."
            ) from problem
        return paths

    def _write_raster(self, path: Path, bands: np.ndarray, **options: object) -> None:
        count, height, width = bands.shape
        profile = {"driver": "GTiff", "dtype": "uint8", "count": count, "height": height, "width": width}
        tiles = {"tiled": True, "blockxsize": 256, "blockysize": 256, "bigtiff": "IF_SAFER"}
        with (
            rasterio.Env(**GDAL_OPTIONS),
            rasterio.open(
                path, "w", **profile, crs=self.crs, transform=self.transform, **tiles, **options
            ) as dataset,
        ):
            dataset.write(bands)
            if count == 1:
                dataset.write_colormap(1, LABEL_COLORS)

    def _geojson(self) -> dict[str, object]:
        rings = [np.array([*thing.polygon, thing.polygon[0]]) for thing in self.objects]
        points = np.concatenate(rings) if rings else np.zeros((0, 2))
        east, north = self.transform * (points[:, 0], points[:, 1])
        if rings:
            moved = rasterio.warp.transform(self.crs, CRS.from_epsg(4326), east, north)
            points = np.round(np.stack([np.asarray(axis) for axis in moved], axis=1), 8)
        features, start = [], 0
        for number, (thing, ring) in enumerate(zip(self.objects, rings, strict=True)):
            coordinates = points[start : start + len(ring)].tolist()
            start += len(ring)
            features.append(
                {
                    "type": "Feature",
                    "id": number,
                    "geometry": {"type": "Polygon", "coordinates": [coordinates]},
                    "properties": {
                        "kind": thing.kind,
                        "bbox": thing.bbox,
                        "area_pixels": thing.area_pixels,
                        "area_m2": round(thing.area_pixels * self.gsd**2, 4),
                        "centroid": [round(value, 4) for value in thing.centroid],
                    },
                }
            )
        return {"type": "FeatureCollection", "features": features}


def make_world(
    seed: int, size: int | tuple[int, int] = 1024, gsd: float = 0.5, *, density: float = 1.0
) -> World:
    """Make a believable overhead scene with exact labels and objects.

    The same arguments give the same bytes on the same machine and library versions.

    Args:
        seed: 0 or more.
        size: pixels a side, or (height, width); 16 to 32,768.
        gsd: metres per pixel.
        density: factor on the number of buildings and solar arrays; 0 for none. A town has no more than fill its lots.

    Raises:
        UsageError: if an argument is out of range.

    >>> world = make_world(7, size=64)
    >>> world.image.shape, world.labels.shape, sorted(world.legend)[:3]
    ((64, 64, 3), (64, 64), ['agric', 'barren', 'forest'])
    """
    height, width = (size, size) if isinstance(size, int) else size
    if not all(_SMALLEST <= side <= _LARGEST for side in (height, width)):
        raise UsageError(f"A world has {_SMALLEST} to {_LARGEST} pixels a side; choose another size.")
    if seed < 0 or not 0 <= density <= 10:
        raise UsageError("A world's seed is 0 or more and its density 0 to 10; choose others.")
    check_gsd(gsd)
    rng = np.random.default_rng([seed, height, width, round(gsd * 1e6)])
    style = draw_style(rng, gsd, density)
    crowns = crown_tile(rng, gsd)
    land = lay_out(rng, (height, width), gsd, style, crowns)
    placed = place_objects(rng, land, style)
    labels = np.empty((height, width), np.uint8)
    for rows in strips(height):
        labels[rows] = cv2.LUT(land.material[rows], MATERIAL_LABEL)
    image = paint(rng, land.material, placed, crowns, gsd, style)
    crs, transform = _somewhere(rng, gsd)
    return World(
        image=image,
        labels=labels,
        legend={topic: [value] for topic, value in LABELS.items()},
        objects=tuple(thing.record() for thing in placed),
        gsd=float(gsd),
        crs=crs,
        transform=transform,
        seed=seed,
    )


def _somewhere(rng: np.random.Generator, gsd: float) -> tuple[CRS, Affine]:
    """A place on Earth: a UTM zone and the upper left corner, on whole metres."""
    zone = int(rng.integers(1, 61))
    south = bool(rng.random() < 0.4)
    east, north = int(rng.integers(350_000, 600_000)), int(rng.integers(1_000_000, 6_500_000))
    crs = CRS.from_epsg((32700 if south else 32600) + zone)
    return crs, Affine(gsd, 0, east, 0, -gsd, (10_000_000 - north) if south else north)
