"""A place at two dates with districts, whose right answers are plain sums over its labels."""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import shapely

from planimeter.worlds import make_world

SIDE = 256
#: left, upper, right, lower edge in pixels; two share a border, one of them reaches the scene's.
DISTRICTS = {"Harbour": (0, 0, 100, 256), "Old town": (100, 0, 256, 120), "Hill": (130, 140, 240, 250)}
#: Buildings, likewise; the last two are new since the earlier date.
BUILDINGS = ((20, 20, 34, 30), (60, 24, 70, 40), (200, 30, 216, 42), (180, 180, 196, 192), (60, 200, 76, 210))
FOREST = "How much forest was lost?"
SHARE = "What percentage of the image is covered by forest?"


@dataclass
class Dates:
    """The place.

    Attributes:
        folder: holds "2018" and "2024", each with image, labels and legend.
        districts: a GeoJSON of them, in longitude and latitude.
        labels: (H, W) of the later date.
        earlier: (H, W) of the earlier.
        legend: topic → values.
        transform: of both grids.
        crs: of both grids.
    """

    folder: Path
    districts: Path
    labels: np.ndarray
    earlier: np.ndarray
    legend: dict[str, list[int]]
    transform: object
    crs: object

    def share(self, box: tuple[int, int, int, int], topic: str = "forest") -> float:
        """Percent of a box that a topic covers at the later date."""
        x0, y0, x1, y1 = box
        return float(np.isin(self.labels[y0:y1, x0:x1], self.legend[topic]).mean() * 100)

    @property
    def lost(self) -> float:
        """Hectares of forest that were lost; a pixel is 0.25 m²."""
        forest = self.legend["forest"]
        gone = np.isin(self.earlier, forest) & ~np.isin(self.labels, forest)
        return float(gone.sum()) * 0.25 / 10_000


def make_dates(folder: Path, times: int = 1) -> Dates:
    """Write the place.

    Args:
        folder: where to.
        times: how many times as long its sides and those of the districts are.
    """
    later = make_world(seed=4, size=SIDE * times)
    forest, grass, roof = (later.legend[topic][0] for topic in ("forest", "grass", "roof"))
    for x0, y0, x1, y1 in BUILDINGS:
        later.labels[y0:y1, x0:x1] = roof
        later.image[y0:y1, x0:x1] = 200, 190, 180
    labels = later.labels.copy()
    labels[60 * times : 120 * times, 40 * times : 160 * times] = forest  # a wood that was cut since
    south = np.arange(len(labels))[:, None] > 150 * times
    labels[(labels == roof) & south] = grass  # buildings in the south that are new
    dataclasses.replace(later, labels=labels).write(folder / "2018")
    paths = later.write(folder / "2024")
    import rasterio

    with rasterio.open(paths["image"]) as image:
        transform, crs = image.transform, image.crs
    boxes = [
        shapely.transform(shapely.box(*box), lambda points: _placed(points * times, transform))
        for box in DISTRICTS.values()
    ]
    table = geopandas.GeoDataFrame({"code": [7, 8, 9], "name": list(DISTRICTS)}, geometry=boxes, crs=crs)
    districts = folder.parent / f"{folder.name}-districts.gpkg"
    table.to_file(districts, driver="GPKG")
    return Dates(folder, districts, later.labels, labels, later.legend, transform, crs)


def _placed(points: np.ndarray, transform) -> np.ndarray:
    return np.array([transform * (x, y) for x, y in points])


def geojson(*features: tuple[dict, object]) -> bytes:
    """A GeoJSON in longitude and latitude."""
    made = [
        {"type": "Feature", "properties": about, "geometry": json.loads(shapely.to_geojson(shape))}
        for about, shape in features
    ]
    return json.dumps({"type": "FeatureCollection", "features": made}).encode()


def add_layer(served, scene: str, name: str, content: bytes):
    """The reply to an upload of polygons."""
    return served.post("/layers", data={"scene": scene}, files={"file": (name, content)})
