"""Scale: the same square of ground measures the same in every CRS, and what cannot be known is not guessed."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from pyproj import Geod, Transformer
from rasterio.control import GroundControlPoint
from rasterio.crs import CRS
from rasterio.transform import Affine

from planimeter.errors import ScaleError, UsageError
from planimeter.raster import Scene, open_scene
from planimeter.raster.cylindrical import zone_area
from planimeter.raster.georeference import georeference
from planimeter.raster.pixel_areas import area_of_mask

from .make import write_raster

LONGITUDE, LATITUDE = -93.1, 44.95  # inside UTM 15 N and Minnesota South
SIDE = 400  # pixels

SIX = {
    "UTM": "EPSG:32615",
    "geographic": "EPSG:4326",
    "Web Mercator": "EPSG:3857",
    "state plane in US feet": "EPSG:26851",
    "equal area": "EPSG:5070",
    "world Mercator": "EPSG:3395",
}


def ground_square(crs: str) -> tuple[Affine, float]:
    """A north-up grid of about 0.5 m pixels round the place, and the geodesic area of all of it."""
    system = pyproj.CRS(crs)
    to_grid = pyproj.Transformer.from_crs("EPSG:4326", system, always_xy=True)
    to_degrees = pyproj.Transformer.from_crs(system, "EPSG:4326", always_xy=True)
    x, y = to_grid.transform(LONGITUDE, LATITUDE)
    step = 0.5 / 80_000 if system.is_geographic else 0.5 / system.axis_info[0].unit_conversion_factor
    transform = Affine(step, 0, x - SIDE / 2 * step, 0, -step, y + SIDE / 2 * step)
    rim = np.linspace(0, SIDE, 101)
    ring = [*((t, 0) for t in rim), *((SIDE, t) for t in rim), *((t, SIDE) for t in rim[::-1])]
    ring += [(0, t) for t in rim[::-1]]
    xs, ys = zip(*(transform * corner for corner in ring), strict=True)
    longitudes, latitudes = to_degrees.transform(xs, ys)
    area, _ = pyproj.Geod(ellps="WGS84").polygon_area_perimeter(longitudes, latitudes)
    return transform, abs(area)


@pytest.mark.parametrize("name", SIX)
def test_one_square_of_ground_has_one_area_in_six_systems(name: str, tmp_path: Path) -> None:
    transform, ground = ground_square(SIX[name])
    path = write_raster(tmp_path / "s.tif", np.zeros((SIDE, SIDE), np.uint8), SIX[name], transform)
    scale = open_scene(path).scale
    assert scale is not None
    rows = np.broadcast_to(scale.pixel_area, (SIDE,))
    assert rows.sum() * SIDE == pytest.approx(ground, rel=1e-3)
    assert scale.gsd == pytest.approx(math.sqrt(ground) / SIDE, rel=1e-3)
    assert scale.dx * scale.dy == pytest.approx(ground / SIDE**2, rel=1e-3)


def test_feet_are_converted(tmp_path: Path) -> None:
    path = write_raster(
        tmp_path / "s.tif", np.zeros((10, 10), np.uint8), "EPSG:2263", Affine(1, 0, 980000, 0, -1, 200000)
    )
    scale = open_scene(path).scale
    assert scale is not None
    assert scale.gsd == pytest.approx(1200 / 3937, rel=1e-9)
    assert scale.source == "transform"


def test_geographic_pixels_are_not_square_on_the_ground(tmp_path: Path) -> None:
    path = write_raster(
        tmp_path / "s.tif", np.zeros((10, 10), np.uint8), "EPSG:4326", Affine(1e-5, 0, 10, 0, -1e-5, 60)
    )
    scale = open_scene(path).scale
    assert scale is not None
    geod = pyproj.Geod(ellps="WGS84")
    assert scale.dx == pytest.approx(geod.inv(10, 60 - 5e-5, 10 + 1e-5, 60 - 5e-5)[2], rel=1e-4)
    assert scale.dy == pytest.approx(geod.inv(10, 60 - 5e-5, 10, 60 - 6e-5)[2], rel=1e-4)
    assert scale.source == "geodesic"


def test_the_whole_earth_adds_up() -> None:
    grid = georeference(CRS.from_epsg(4326), Affine(0.5, 0, -180, 0, -0.5, 90), 720, 360)
    assert grid.scale is not None
    assert np.sum(grid.scale.pixel_area) * 720 == pytest.approx(510_065_621_724_000, rel=1e-6)
    assert grid.warnings  # pixels differ between equator and poles
    assert np.all(np.diff(zone_area(np.radians(np.arange(-90, 91.0)), 6378137.0, 0.00669437999)) > 0)


def test_rotated_grids_are_measured_along_their_own_axes(tmp_path: Path) -> None:
    turned = Affine.translation(500000, 4_980_000) * Affine.rotation(30) * Affine.scale(0.5, -0.25)
    path = write_raster(tmp_path / "s.tif", np.zeros((50, 50), np.uint8), "EPSG:32615", turned)
    scale = open_scene(path).scale
    assert scale is not None
    assert (scale.dx, scale.dy) == (pytest.approx(0.5), pytest.approx(0.25))
    assert scale.pixel_area == pytest.approx(0.125)


def test_a_sheared_pixel_has_an_area_and_no_distances(tmp_path: Path) -> None:
    sheared = Affine(0.5, 0.3, 5e5, 0, -0.5, 4.98e6)
    scale = open_scene(
        write_raster(tmp_path / "s.tif", np.zeros((90, 90), np.uint8), "EPSG:32615", sheared)
    ).scale
    assert scale is not None
    # A parallelogram: the sides are (0.5, 0) and (0.3, -0.5).
    assert scale.pixel_area == pytest.approx(
        shapely.Polygon([(0, 0), (0.5, 0), (0.8, -0.5), (0.3, -0.5)]).area
    )
    with pytest.raises(ScaleError, match="sheared"):
        _ = scale.sides


@pytest.mark.parametrize(
    ("crs", "grid"),
    [
        ("EPSG:4326", Affine.translation(10, 60) * Affine.rotation(20) * Affine.scale(0.01, -0.01)),
        ("EPSG:3857", Affine.translation(1e6, 6e6) * Affine.rotation(-35) * Affine.scale(500, -500)),
        ("EPSG:4326", Affine(0.01, 0.004, 179, 0, -0.01, 10)),
        ("EPSG:3395", Affine(500, 0, 1e6, 250, -500, 6e6)),
    ],
)
def test_turned_and_sheared_grids_of_degrees_and_mercator_add_up(crs: str, grid: Affine) -> None:
    """The whole scene's area, by Geod on its outline with many vertices."""
    width, height = 200, 150
    scale = georeference(CRS.from_user_input(crs), grid, width, height).scale
    assert scale is not None
    steps = np.arange(0, 1, 1e-3)
    ring = np.concatenate([
        np.stack([steps * width, 0 * steps]), np.stack([0 * steps + width, steps * height]),
        np.stack([(1 - steps) * width, 0 * steps + height]), np.stack([0 * steps, (1 - steps) * height]),
    ], axis=1)  # fmt: skip
    to_degrees = Transformer.from_crs(crs, 4326, always_xy=True)
    longitude, latitude = to_degrees.transform(*(grid * (ring[0], ring[1])))
    true = abs(Geod(ellps="WGS84").polygon_area_perimeter(longitude, latitude)[0])
    assert area_of_mask(scale.pixel_area, np.ones((height, width), bool)) == pytest.approx(true, rel=1e-6)
    assert scale.sheared == (crs != "EPSG:3857")  # Mercator keeps angles


@pytest.mark.parametrize("west", [90_000, 158_000, 166_000, 800_000, 838_000])
def test_utm_is_true_to_a_five_hundredth_wherever_a_tile_reaches(west: float) -> None:
    """Tiles of a zone begin at 99,960 m at the equator, where the map says a third of a percent too much."""
    grid, side = Affine(100, 0, west, 0, -100, 1e5), 100
    scale = georeference(CRS.from_epsg(32633), grid, side, side).scale
    assert scale is not None
    edge, end = np.arange(side), np.full(side, side)
    x = np.concatenate([edge, end, end - edge, 0 * edge])
    y = np.concatenate([0 * edge, edge, end, end - edge])
    degrees = Transformer.from_crs(32633, 4326, always_xy=True).transform(*(grid * (x, y)))
    true = abs(Geod(ellps="WGS84").polygon_area_perimeter(*degrees)[0])
    assert area_of_mask(scale.pixel_area, np.ones((side, side), bool)) == pytest.approx(true, rel=2e-3)


@pytest.mark.parametrize(
    ("crs", "transform", "needle"),
    [
        (None, Affine(0.5, 0, 5e5, 0, -0.5, 4.98e6), "--gsd"),
    ],
)
def test_grids_without_one_scale_say_so(
    tmp_path: Path, crs: str | None, transform: Affine, needle: str
) -> None:
    scene = open_scene(write_raster(tmp_path / "s.tif", np.zeros((90, 90), np.uint8), crs, transform))
    assert scene.scale is None
    assert scene.scale_problem is not None
    assert needle in scene.scale_problem


def test_south_up_images_measure_alike(tmp_path: Path) -> None:
    path = write_raster(
        tmp_path / "s.tif", np.zeros((20, 30), np.uint8), "EPSG:32615", Affine(2, 0, 5e5, 0, 2, 4.98e6)
    )
    scale = open_scene(path).scale
    assert scale is not None
    assert (scale.gsd, scale.dx, scale.dy) == (2.0, 2.0, 2.0)


def test_ground_control_points_give_a_scale(tmp_path: Path) -> None:
    corners = [(0, 0), (0, 40), (30, 0), (30, 40)]
    points = [
        GroundControlPoint(row=r, col=c, x=5e5 + 0.5 * c, y=4.98e6 - 0.5 * r, id=str(k))
        for k, (r, c) in enumerate(corners)
    ]
    path = write_raster(
        tmp_path / "s.tif", np.zeros((30, 40), np.uint8), gcps=points, crs=CRS.from_epsg(32615)
    )
    scene = open_scene(path)
    assert scene.scale is not None
    assert scene.scale.gsd == pytest.approx(0.5)


def test_a_body_that_is_not_earth_uses_its_own_ellipsoid(tmp_path: Path) -> None:
    moon = 'GEOGCS["Moon",DATUM["Moon",SPHEROID["Moon",1737400,0]],PRIMEM["0",0],UNIT["degree",0.0174532925199433]]'
    path = write_raster(
        tmp_path / "s.tif",
        np.zeros((10, 10), np.uint8),
        CRS.from_wkt(moon),
        Affine(1e-3, 0, 0, 0, -1e-3, 0.005),
    )
    scene = open_scene(path)
    assert scene.scale is not None
    assert scene.scale.gsd == pytest.approx(math.radians(1e-3) * 1_737_400, rel=1e-6)
    assert any("not lie on Earth" in warning for warning in scene.warnings)


def plain(tmp_path: Path) -> Path:
    return write_raster(tmp_path / "plain.png", np.zeros((3, 8, 8), np.uint8))


def test_a_plain_picture_knows_no_scale_until_told(tmp_path: Path) -> None:
    assert open_scene(plain(tmp_path)).scale is None
    scale = open_scene(plain(tmp_path), gsd=0.3).scale
    assert scale is not None
    assert (scale.gsd, scale.dx, scale.pixel_area, scale.source) == (0.3, 0.3, pytest.approx(0.09), "user")


@pytest.mark.parametrize(("stated", "warned"), [(0.5, False), (0.509, False), (0.511, True), (0.25, True)])
def test_a_contradiction_of_more_than_two_percent_is_a_warning(
    tmp_path: Path, stated: float, warned: bool
) -> None:
    path = write_raster(
        tmp_path / "s.tif", np.zeros((9, 9), np.uint8), "EPSG:32615", Affine(0.5, 0, 5e5, 0, -0.5, 4.98e6)
    )
    scene = open_scene(path, gsd=stated)
    assert scene.scale is not None
    assert scene.scale.gsd == 0.5
    assert bool(scene.warnings) is warned


@pytest.mark.parametrize("gsd", [0, -1, math.nan, math.inf, 1e9])
def test_a_senseless_gsd_is_refused(tmp_path: Path, gsd: float) -> None:
    with pytest.raises(UsageError, match="gsd"):
        open_scene(plain(tmp_path), gsd=gsd)


def test_real_files_have_sensible_scales(data_dir: Path) -> None:
    expected = {
        "RGB.byte.tif": 300.04,
        "RGBA.uint16.tif": 1.38,
        "alpha.tif": 3.09,
        "cog_nodata.tif": 100.0,
        "cogeo.tif": 0.473,
        "naip_4band_utm.tif": 5.0,
    }
    for name, gsd in expected.items():
        scene: Scene = open_scene(data_dir / "geotiff" / name)
        assert scene.scale is not None, name
        assert scene.scale.gsd == pytest.approx(gsd, rel=0.01), name


def test_buildings_are_a_quarter_metre_on_the_ground(data_dir: Path) -> None:
    for path in sorted((data_dir / "buildings").glob("*.tif")):
        scale = open_scene(path).scale
        assert scale is not None
        assert scale.gsd == pytest.approx(0.25, rel=0.02), path.name
        assert scale.source == "geodesic"
