"""A scene with labels that a person corrects, on the ground and without a place on it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import rasterio
from rasterio.features import geometry_mask
from rasterio.transform import Affine
from scipy import ndimage
from shapely.geometry import LineString, Polygon, box, mapping

ROOF, WATER, GRASS = 1, 2, 3
LEGEND = {"roof": [ROOF], "water": [WATER], "grass": [GRASS]}
GRID = Affine(0.5, 0, 500000, 0, -0.5, 5000000)
HEIGHT, WIDTH = 120, 160
COUNT = "How many buildings are there?"
AREA = "What is the total area of buildings in m2?"

#: In pixels: a building that is missing, one that is none, and where two run together.
NEW = Polygon([(60.3, 12.2), (80.7, 14.1), (76.2, 30.4), (58.9, 25.5)])
WRONG = box(8, 8, 32, 24)
BETWEEN = LineString([(36, 45), (33, 66)])
CUT = BETWEEN.buffer(0.75, cap_style="flat")


def make_places(folder: Path) -> np.ndarray:
    """Write "placed" and "flat", each an image with labels and legend; the (H, W) labels of both."""
    labels = np.full((HEIGHT, WIDTH), GRASS, np.uint8)
    labels[10:22, 10:30] = ROOF
    labels[50:62, 20:50] = ROOF  # two buildings in truth
    labels[80:110, 100:150] = WATER
    for name, about in {"placed": {"crs": "EPSG:32633", "transform": GRID}, "flat": {}}.items():
        (folder / name).mkdir(parents=True)
        profile = {"driver": "GTiff", "height": HEIGHT, "width": WIDTH, "count": 1, "dtype": "uint8"} | about
        for file, values in {"labels.tif": labels, "image.tif": labels * 60}.items():
            with rasterio.open(folder / name / file, "w", **profile) as written:
                written.write(values, 1)
        (folder / name / "legend.json").write_text(json.dumps(LEGEND))
    return labels


def inside(polygon: Polygon) -> np.ndarray:
    """(H, W) bool: pixels whose centres lie in a polygon of pixel coordinates, by rasterio."""
    return geometry_mask([polygon], (HEIGHT, WIDTH), Affine.identity(), invert=True)


def count(mask: np.ndarray) -> int:
    """How many shapes a mask has, by scipy."""
    return int(ndimage.label(mask, np.ones((3, 3)))[1])


def drawn(*edits: tuple[str, str, object]) -> dict:
    """Corrections as a request says them: topic, action and geometry in pixels."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"topic": topic, "action": action},
                "geometry": json.loads(json.dumps(mapping(shape))),
            }
            for topic, action, shape in edits
        ],
    }
