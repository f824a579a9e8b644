"""Scenes that reach around the Earth: ground counts once whatever the projection, the order and the count of turns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
from affine import Affine
from rasterio.crs import CRS

from .asking import ask_all
from .conftest import CRS_UTM, LEGEND, Here, Land

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
    [((-180, 0, 0, 90), 32619, 5_000_000), ((-180, -90, 180, 90), 32633, 5_100_000)],
    ids=["a quarter, whose outline a projection refuses", "all of it"],
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


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ((179, 181), (-181, -179), 2),  # the same ground
        ((179, 181), (-180, -178), 3),
        ((-180, -178), (179, 181), 3),
        ((-1, 1), (360, 362), 3),  # 0 to 360 beside -180 to 180
        ((178, 180), (-180, -178), 4),  # they touch
        ((10, 12), (371, 373), 3),
        ((-180, 180), (170, 190), 360),
    ],
)
def test_longitudes_a_full_turn_apart_are_the_same_ground(
    one: tuple[int, int], other: tuple[int, int], wanted: int, tmp_path: Path, here: Here
) -> None:
    lands = [between(west, 9, east, 11, 0.1) for west, east in (one, other)]
    answer = ask_all(QUESTION, write(tmp_path, *lands), tmp_path / "out", shapes=False)
    assert answer.answer == pytest.approx(ground(0, 9, wanted, 11), rel=1e-6)
    assert answer.valid_pixels == wanted * 10 * 20


def test_pixels_of_other_sizes_a_full_turn_apart_are_the_same_ground(tmp_path: Path, here: Here) -> None:
    lands = between(179, 9, 181, 11, 0.1), between(-181, 8, -179, 12, 0.25)
    answer = ask_all(QUESTION, write(tmp_path, *lands), tmp_path / "out", shapes=False)
    assert answer.answer == pytest.approx(ground(0, 8, 2, 12), rel=1e-6)


def test_a_zone_at_the_antimeridian_covers_degrees_beyond_it(tmp_path: Path, here: Here) -> None:
    """Zone 60 ends at 180 degrees; its scene is seen by longitudes of either count."""
    zone = forest(60, 60, Affine(1000, 0, 700_000, 0, -1000, 1_100_000), CRS.from_epsg(32660))
    for west in (178, -182):
        grid = between(west, 9, west + 4, 11, 0.05)
        hidden = shown(west, 11, grid.labels.shape, 0.05, zone)
        assert 0 < hidden.sum() < hidden.size
        folder = tmp_path / str(west)
        answer = ask_all(QUESTION, write(folder, zone, grid), folder / "out", shapes=False)
        assert answer.valid_pixels == 60 * 60 + (~hidden).sum()


def test_scenes_of_one_zone_on_other_sides_of_the_earth_are_no_neighbours(tmp_path: Path, here: Here) -> None:
    """A scene that crosses the antimeridian has nothing to do with the rest of its parallel."""
    zone = forest(60, 60, Affine(3000, 0, 700_000, 0, -3000, 5_100_000), CRS.from_epsg(32660))
    lands = zone, forest(60, 60, Affine(1000, 0, 500_000, 0, -1000, 5_050_000), CRS_UTM)
    answer = ask_all(QUESTION, write(tmp_path, *lands), tmp_path / "out", shapes=False)
    assert answer.valid_pixels == 2 * 60 * 60
    assert not any("another grid" in note for note in answer.notes)
