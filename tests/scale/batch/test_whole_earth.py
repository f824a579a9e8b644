"""Scenes that reach around the Earth: ground counts once whatever the projection, the order and the count of turns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
from affine import Affine
from rasterio.crs import CRS

from .asking import ask_all
from .conftest import LEGEND, Here, Land

DEGREES = CRS.from_epsg(4326)
GEOD = pyproj.Geod(ellps="WGS84")
QUESTION = "What is the area of forest in km²?"


def forest(width: int, height: int, transform: Affine, crs: CRS = DEGREES) -> Land:
    return Land(np.full((height, width), LEGEND["forest"][0], np.uint8), transform, crs)


def between(west: float, south: float, east: float, north: float, step: float) -> Land:
    """Forest everywhere between meridians and parallels, in pixels of so many degrees."""
    grid = Affine(step, 0, west, 0, -step, north)
    return forest(round((east - west) / step), round((north - south) / step), grid)


def ground(west: float, south: float, east: float, north: float) -> float:
    """km² between meridians and parallels, which are followed in small steps."""
    lons = np.linspace(west, east, 4001)
    ring = np.append(lons, lons[::-1]), np.append(np.full(4001, south), np.full(4001, north))
    return float(GEOD.polygon_area_perimeter(*ring)[0]) / 1e6


#: Of the WGS 84 ellipsoid, in km²: 2πa² + πb²/e ln((1+e)/(1-e)).
A, B = GEOD.a, GEOD.b
E = np.sqrt(1 - (B / A) ** 2)
EARTH = (2 * np.pi * A**2 + np.pi * B**2 / E * np.log((1 + E) / (1 - E))) / 1e6


def write(folder: Path, *lands: Land) -> Path:
    for name, land in zip("abcd", lands, strict=False):
        land.write(folder / "in", name)
    return folder / "in"


def shown(west: float, north: float, shape: tuple[int, int], step: float, scene: Land) -> np.ndarray:
    """(H, W) bool: pixels of so many degrees whose centre lies on a scene of some projection."""
    x, y = np.meshgrid(west + (np.arange(shape[1]) + 0.5) * step, north - (np.arange(shape[0]) + 0.5) * step)
    way = pyproj.Transformer.from_crs(4326, scene.crs.to_epsg(), always_xy=True)
    east, up = (np.where(np.isfinite(place), place, -1e12) for place in way.transform(x, y))
    column, row = ~scene.transform * (east, up)
    height, width = scene.labels.shape
    return np.asarray((column >= 0) & (column < width) & (row >= 0) & (row < height))


@pytest.mark.parametrize("zone_first", [True, False])
@pytest.mark.parametrize(
    ("box", "zone", "north"),
    [((-180, 0, 0, 90), 32619, 5_000_000)],
    ids=["a quarter, whose outline a projection refuses"],
)
def test_the_earth_is_no_larger_with_a_scene_that_it_has_no_place_for(
    box: tuple[int, int, int, int], zone: int, north: int, zone_first: bool, tmp_path: Path, here: Here
) -> None:
    """Most of the Earth has no place in the projection of the scene, which lies in its midst."""
    small = forest(200, 200, Affine(1000, 0, 400_000, 0, -1000, north), CRS.from_epsg(zone))
    west, south, east, top = box
    large = between(west, south, east, top, 1.0)
    lands = (small, large) if zone_first else (large, small)
    answer = ask_all(QUESTION, write(tmp_path, *lands), tmp_path / "out", shapes=False)
    wanted = EARTH * (east - west) / 360 * (top - south) / 180
    if zone_first:  # 200 by 200 km, and what of the Earth has its centre elsewhere
        hidden = shown(west, top, large.labels.shape, 1.0, small)
        rows = [ground(0, top - row - 1, 1, top - row) for row in range(len(hidden))]
        wanted += 200 * 200 - (hidden.sum(axis=1) * rows).sum()
        assert hidden.any()
    assert answer.answer == pytest.approx(wanted, rel=1e-6)
    assert answer.answered == 2
