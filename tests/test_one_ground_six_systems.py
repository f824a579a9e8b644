"""The whole flow in six coordinate systems: the same ground gives the same areas and distances."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.transform import Affine

import planimeter
from planimeter.segment import StackSegmenter, VectorSegmenter

LONGITUDE, LATITUDE = (
    15.0,
    60.0,
)  # on the central meridian of UTM 33, where pixels of degrees are twice as tall as wide
SYSTEMS = ("EPSG:32633", "EPSG:4326", "EPSG:3857", "EPSG:3035", "EPSG:3395", "EPSG:3006")
GSD = 0.25
# Rectangles in metres east and north of the place: a building, and water 40 m east and 30 m north of its corner.
BUILDING, WATER = (-350, -250, 0, 0), (40, 30, 100, 80)


def polygons(path: Path, box: tuple[float, float, float, float]) -> Path:
    """One rectangle of geodesic metres round the place, as WGS 84."""
    local = pyproj.Transformer.from_crs(
        f"+proj=aeqd +lat_0={LATITUDE} +lon_0={LONGITUDE} +ellps=WGS84", "EPSG:4326", always_xy=True
    )
    x0, y0, x1, y1 = box
    ring = [local.transform(x, y) for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "properties": {}, "geometry": geometry}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


@pytest.fixture(scope="module", params=SYSTEMS)
def place(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, StackSegmenter]:
    """A scene of the place in one system, with the two rectangles as maps."""
    folder = tmp_path_factory.mktemp(request.param.replace(":", ""))
    system = pyproj.CRS(request.param)
    to_grid = pyproj.Transformer.from_crs("EPSG:4326", system, always_xy=True)
    x, y = to_grid.transform(LONGITUDE, LATITUDE)
    east, _ = to_grid.transform(LONGITUDE + 1e-4, LATITUDE)
    _, north = to_grid.transform(LONGITUDE, LATITUDE + 1e-4)
    geod = pyproj.Geod(ellps="WGS84")
    step_x = (east - x) / geod.inv(LONGITUDE, LATITUDE, LONGITUDE + 1e-4, LATITUDE)[2] * GSD
    step_y = (north - y) / geod.inv(LONGITUDE, LATITUDE, LONGITUDE, LATITUDE + 1e-4)[2] * GSD
    if not system.is_geographic:
        step_x = step_y = (step_x + step_y) / 2
    side = 3000
    transform = Affine(step_x, 0, x - side / 2 * step_x, 0, -step_y, y + side / 2 * step_y)
    path = folder / "scene.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        width=side,
        height=side,
        count=3,
        dtype="uint8",
        crs=request.param,
        transform=transform,
    ) as file:
        file.write(np.full((3, side, side), 90, np.uint8))
    maps = [
        VectorSegmenter("roof", polygons(folder / "building.geojson", BUILDING)),
        VectorSegmenter("water", polygons(folder / "water.geojson", WATER)),
    ]
    return path, StackSegmenter(maps)


def test_areas_agree_within_a_thousandth(place: tuple[Path, StackSegmenter]) -> None:
    path, maps = place
    answer = planimeter.ask(path, "What is the total area of buildings in square metres?", segmenter=maps)
    assert answer.answer == pytest.approx(350 * 250, rel=1e-3)


def test_distances_respect_both_axes(place: tuple[Path, StackSegmenter]) -> None:
    path, maps = place
    answer = planimeter.ask(path, "How far is the nearest building from water?", segmenter=maps)
    assert answer.unit == "m"
    assert answer.answer == pytest.approx(50, abs=2 * GSD)  # the 3-4-5 triangle between the corners
    for metres, expected in ((48, 0), (52, 1)):
        question = f"How many buildings are within {metres} m of water?"
        assert planimeter.ask(path, question, segmenter=maps).answer == expected


def test_degrees_know_that_their_pixels_differ_in_height_and_width(
    place: tuple[Path, StackSegmenter],
) -> None:
    path, _ = place
    scale = planimeter.open_scene(path).scale
    assert scale is not None
    # An equal-area grid stretches one axis by a quarter of a per cent here and shortens the other.
    assert (scale.dx, scale.dy) == (pytest.approx(GSD, rel=3e-3), pytest.approx(GSD, rel=3e-3))
