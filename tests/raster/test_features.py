"""Vector layers on a scene: nothing dropped, inverted or bent on the way, and what is left out is said."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyproj
import pytest
import shapely
from rasterio.transform import Affine, from_origin
from shapely.geometry import LineString, MultiPoint, Polygon, box

from planimeter.errors import LabelError
from planimeter.raster import Scene, open_scene
from planimeter.raster.vector import read_features

from .make import write_raster

GEOD = pyproj.Geod(ellps="WGS84")


def make_scene(folder: Path, crs: str, transform: Affine, width: int, height: int) -> Scene:
    values = np.zeros((height, width), np.uint8)
    return open_scene(write_raster(folder / "scene.tif", values, crs=crs, transform=transform))


def layer(path: Path, shapes: list[shapely.Geometry], crs: str = "EPSG:4326") -> Path:
    """Write geometries as GeoJSON, or as GeoPackage by the file's ending."""
    import pyogrio

    driver = {".geojson": "GeoJSON", ".gpkg": "GPKG"}[path.suffix]
    options = {} if driver == "GPKG" else {"RFC7946": "NO"}
    kinds = {shape.geom_type for shape in shapes}
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array(shapes, object)),
        [],
        np.array([], object),
        geometry_type=kinds.pop() if len(kinds) == 1 else "Unknown",
        crs=crs,
        driver=driver,
        **options,
    )
    return path


def geodesic_area(found: object) -> float:
    return sum(abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in found)  # type: ignore[attr-defined]


def dense(ring: list[tuple[float, float]], count: int = 4000) -> np.ndarray:
    """A ring whose straight edges have many vertices."""
    points = np.array([*ring, ring[0]], float)
    steps = np.linspace(0, 1, count, endpoint=False)[:, None]
    return np.concatenate([a + (b - a) * steps for a, b in pairwise(points)])


def test_long_edges_bend_as_the_projection_bends_them(tmp_path: Path) -> None:
    """A box of four corners in degrees on Albers, 3.5 % short when only its corners are moved."""
    scene = make_scene(tmp_path, "EPSG:5070", from_origin(-2.4e6, 3.3e6, 4000, 4000), 1250, 800)
    corners = [(-120.0, 30.0), (-75.0, 30.0), (-75.0, 45.0), (-120.0, 45.0)]
    found = read_features(layer(tmp_path / "a.geojson", [Polygon(corners)]), scene)
    to_albers = pyproj.Transformer.from_crs(4326, 5070, always_xy=True)
    true = Polygon(np.stack(to_albers.transform(*dense(corners).T), axis=1)).area
    assert found.pixels[0].area * 4000**2 == pytest.approx(true, rel=1e-5)
    # pyproj.Geod on the parallels themselves: WGS 84 and NAD 83 share the ellipsoid to a millionth.
    band = abs(GEOD.polygon_area_perimeter(*dense(corners).T)[0])
    assert geodesic_area(found.degrees()) == pytest.approx(band, rel=1e-4)


WORLD = [(-180.0, -90.0), (180.0, -90.0), (180.0, 90.0), (-180.0, 90.0)]


@pytest.mark.parametrize(
    ("crs", "transform", "width", "height"),
    [
        ("EPSG:32633", from_origin(4e5, 5.2e6, 100, 100), 300, 200),
        ("EPSG:3035", from_origin(2.5e6, 5.5e6, 10_000, 10_000), 450, 400),
        ("EPSG:3413", from_origin(-2e6, 2e6, 10_000, 10_000), 400, 400),
        ("EPSG:3031", from_origin(-2e6, 2e6, 10_000, 10_000), 400, 400),
        ("EPSG:3857", from_origin(-20_037_508, 20_037_508, 50_000, 50_000), 800, 800),
        ("EPSG:4326", from_origin(170, 10, 0.1, 0.1), 200, 200),
        ("EPSG:8857", from_origin(-1e6, 5e6, 10_000, 10_000), 300, 300),
    ],
)
@pytest.mark.parametrize("outline", ["corners", "dense", "with a hole far away", "in Mercator"])
def test_a_polygon_of_the_world_covers_every_scene(
    tmp_path: Path, crs: str, transform: Affine, width: int, height: int, outline: str
) -> None:
    scene = make_scene(tmp_path, crs, transform, width, height)
    if outline == "in Mercator":
        if crs in ("EPSG:3413", "EPSG:3031"):
            pytest.skip("Mercator does not reach the poles")
        side = 20_037_508.342789244
        path = layer(tmp_path / "w.gpkg", [box(-side, -side, side, side)], "EPSG:3857")
    else:
        shell = WORLD if outline == "corners" else dense(WORLD, 90)
        holes = [list(box(-100, 10, -90, 20).exterior.coords)] if outline == "with a hole far away" else []
        path = layer(tmp_path / "w.geojson", [Polygon(shell, holes)])
    found = read_features(path, scene)
    missing = 0.0
    if holes_inside := (outline == "with a hole far away" and crs == "EPSG:3857"):
        change = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)
        west, south, east, north = change.transform_bounds(-100, 10, -90, 20)
        missing = (east - west) * (north - south) / 50_000**2
    assert len(found.pixels) == 1
    assert found.pixels[0].area == pytest.approx(width * height - missing, rel=1e-6 if holes_inside else 1e-9)


def test_land_and_sea_over_a_scene_share_it_as_they_do_in_degrees(tmp_path: Path) -> None:
    """Sea of the world's size with a land in it, over a UTM scene that the coast runs through."""
    scene = make_scene(tmp_path, "EPSG:32633", from_origin(4e5, 5.2e6, 100, 100), 600, 400)
    land = [(14.0, 30.0), (14.2, 46.0), (14.1, 46.8), (14.3, 60.0), (30.0, 60.0), (100.0, 30.0)]
    sea = Polygon(WORLD, [land])
    wet = read_features(layer(tmp_path / "sea.geojson", [sea]), scene).pixels[0]
    dry = read_features(layer(tmp_path / "land.geojson", [Polygon(land)]), scene).pixels[0]
    assert wet.area + dry.area == pytest.approx(600 * 400, rel=1e-6)
    # The coast by brute force: each pixel's centre in degrees, asked of the polygon itself.
    x, y = np.meshgrid(4e5 + (np.arange(600) + 0.5) * 100, 5.2e6 - (np.arange(400) + 0.5) * 100)
    centres = shapely.points(*pyproj.Transformer.from_crs(32633, 4326, always_xy=True).transform(x, y))
    inside = shapely.contains(Polygon(land), centres)
    assert dry.area == pytest.approx(inside.sum(), rel=2e-3)
    assert np.array_equal(
        shapely.contains_xy(dry, *np.meshgrid(np.arange(600) + 0.5, np.arange(400) + 0.5)), inside
    )


@pytest.mark.parametrize("written", [(-170.0, -169.0), (190.0, 191.0), (-530.0, -529.0)])
@pytest.mark.parametrize("west", [189.0, -171.0])
def test_longitudes_count_modulo_360(tmp_path: Path, written: tuple[float, float], west: float) -> None:
    scene = make_scene(tmp_path, "EPSG:4326", from_origin(west, 2, 0.01, 0.01), 300, 300)
    found = read_features(layer(tmp_path / "a.geojson", [box(written[0], 0.5, written[1], 1)]), scene)
    assert found.pixels[0].bounds == pytest.approx((100, 100, 200, 150), abs=1e-6)
    assert found.pixels[0].area == pytest.approx(5000)


LAKE = [(179.9, -0.2), (-179.9, -0.2), (-179.9, 0.2), (179.9, 0.2)]


@pytest.mark.parametrize(
    ("crs", "transform", "size"),
    [
        ("EPSG:4326", from_origin(179, 1, 0.01, 0.01), 200),
        ("EPSG:4326", from_origin(-181, 1, 0.01, 0.01), 200),
        ("EPSG:32660", from_origin(7.5e5, 1e5, 500, 500), 400),
        ("EPSG:32701", from_origin(1e5, 10_100_000, 500, 500), 400),
        ("EPSG:3832", from_origin(3.2e6, 1e5, 500, 500), 400),
    ],
)
@pytest.mark.parametrize("how", ["not cut", "cut", "cut in one ring", "counted on"])
def test_a_lake_across_the_180th_meridian_is_as_large_as_it_is(
    tmp_path: Path, crs: str, transform: Affine, size: int, how: str
) -> None:
    scene = make_scene(tmp_path, crs, transform, size, size)
    shape = {
        "not cut": Polygon(LAKE),
        "cut": shapely.union_all([box(179.9, -0.2, 180, 0.2), box(-180, -0.2, -179.9, 0.2)]),
        "cut in one ring": Polygon(
            [
                (179.9, -0.2),
                (180, -0.2),
                (-180, -0.2),
                (-179.9, -0.2),
                (-179.9, 0.2),
                (-180, 0.2),
                (180, 0.2),
                (179.9, 0.2),
            ]
        ),
        "counted on": box(179.9, -0.2, 180.1, 0.2),
    }[how]
    found = read_features(layer(tmp_path / "lake.geojson", [shape]), scene)
    assert len(found.pixels) == 1
    assert found.whole.all()
    true = abs(GEOD.geometry_area_perimeter(shapely.segmentize(box(179.9, -0.2, 180.1, 0.2), 0.001))[0])
    assert geodesic_area(found.degrees()) == pytest.approx(true, rel=1e-5)
    assert bool(found.notes) == (how in ("not cut", "cut in one ring"))
    assert all("180" in note for note in found.notes)


def test_a_scene_elsewhere_has_nothing_of_the_lake(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, "EPSG:4326", from_origin(-1, 1, 0.01, 0.01), 200, 200)
    assert len(read_features(layer(tmp_path / "lake.geojson", [Polygon(LAKE)]), scene).pixels) == 0


@pytest.mark.parametrize(("crs", "sign"), [("EPSG:3413", 1), ("EPSG:3031", -1), ("EPSG:4326", 1)])
@pytest.mark.parametrize("how", ["one ring round the pole", "down to the pole", "in a polar projection"])
def test_a_cap_round_a_pole_is_as_large_as_it_is(tmp_path: Path, crs: str, sign: int, how: str) -> None:
    """Everything beyond a parallel, whose area Geod gives on the ring itself."""
    grid = from_origin(-180, 90, 0.5, 0.5) if crs == "EPSG:4326" else from_origin(-3e6, 3e6, 10_000, 10_000)
    scene = make_scene(tmp_path, crs, grid, *((720, 100) if crs == "EPSG:4326" else (600, 600)))
    longitudes = np.arange(-180, 180, 0.5)
    ring = [(x, sign * 70.0) for x in longitudes]
    if how == "down to the pole":
        ring = [*ring, (180, sign * 70.0), (180, sign * 90.0), (-180, sign * 90.0)]
    path, system = tmp_path / "cap.geojson", "EPSG:4326"
    if how == "in a polar projection":
        system = "EPSG:3995" if sign > 0 else "EPSG:3976"
        change = pyproj.Transformer.from_crs(4326, system, always_xy=True)
        ring = list(zip(*change.transform(*np.array(ring).T), strict=True))
    found = read_features(layer(path, [Polygon(ring)], system), scene)
    assert len(found.pixels) == 1
    circle = np.arange(-180, 180, 0.01)
    true = abs(GEOD.polygon_area_perimeter(circle, np.full(len(circle), sign * 70.0))[0])
    assert geodesic_area(found.degrees()) == pytest.approx(true, rel=2e-5)


def test_lines_and_points_come_cut_at_the_border(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, "EPSG:32633", from_origin(5e5, 5e6, 0.5, 0.5), 200, 200)
    road = LineString([(499_900, 4_999_950), (500_050, 4_999_950), (500_050, 5_000_100)])
    beside = LineString([(500_000, 5_000_010), (500_100, 5_000_010)])
    lines = read_features(layer(tmp_path / "r.gpkg", [road, beside], "EPSG:32633"), scene)
    assert (lines.kind, list(lines.index), list(lines.whole), lines.outside) == ("line", [1], [False], 1)
    assert lines.pixels[0].length * 0.5 == pytest.approx(50 + 50)
    ends = np.array([(5e5, 5e6 - 50), (5e5 + 50, 5e6 - 50), (5e5 + 50, 5e6)])
    longitude, latitude = pyproj.Transformer.from_crs(32633, 4326, always_xy=True).transform(*ends.T)
    measured = GEOD.geometry_length(lines.degrees()[0])
    assert measured == pytest.approx(GEOD.line_length(longitude, latitude), rel=1e-6)

    trees = [shapely.Point(500_000 + x, 5_000_000 - 10) for x in (-1, 0, 50, 99.9, 100, 150)]
    points = read_features(layer(tmp_path / "t.gpkg", trees, "EPSG:32633"), scene)
    # One on the border between two scenes lies in the one to its east and south.
    assert (points.kind, list(points.index), points.outside) == ("point", [2, 3, 4], 3)
    pairs = MultiPoint([(500_010, 4_999_990), (400_000, 4_999_990)])
    pair = read_features(layer(tmp_path / "m.gpkg", [pairs], "EPSG:32633"), scene)
    assert (len(pair.pixels), list(pair.whole)) == (1, [False])
    assert shapely.get_num_geometries(pair.pixels[0]) == 1


def test_neighbours_and_crumbs_stay_features_of_their_own(tmp_path: Path) -> None:
    """Terraced houses that share walls, and one far smaller than a pixel."""
    scene = make_scene(tmp_path, "EPSG:32633", from_origin(5e5, 5e6, 10, 10), 100, 100)
    row = [box(500_100 + 8 * i, 4_999_500, 500_108 + 8 * i, 4_999_510) for i in range(5)]
    crumb = box(500_300, 4_999_500, 500_300.01, 4_999_500.01)
    touching_the_border = box(499_990, 4_999_500, 500_000, 4_999_510)
    found = read_features(layer(tmp_path / "h.gpkg", [*row, crumb, touching_the_border], "EPSG:32633"), scene)
    assert list(found.index) == [1, 2, 3, 4, 5, 6]
    assert shapely.area(found.pixels) * 100 == pytest.approx([80] * 5 + [1e-4], rel=1e-6)


def test_what_is_left_out_or_mended_is_said(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, "EPSG:32633", from_origin(5e5, 5e6, 1, 1), 100, 100)
    bow = Polygon([(500_010, 4_999_990), (500_030, 4_999_970), (500_030, 4_999_990), (500_010, 4_999_970)])
    shapes = [bow, box(500_050, 4_999_950, 500_060, 4_999_960), shapely.Point(500_001, 4_999_999), Polygon()]
    found = read_features(layer(tmp_path / "m.geojson", shapes, "EPSG:32633"), scene)
    assert (found.kind, list(found.index)) == ("polygon", [0, 1])
    assert shapely.area(found.pixels) == pytest.approx([200, 100])
    assert [
        any(word in note for note in found.notes)
        for word in ("1 point", "without a geometry", "crossed itself")
    ] == [
        True,
        True,
        True,
    ]


def test_a_layer_with_exchanged_or_impossible_coordinates_is_refused(tmp_path: Path) -> None:
    scene = make_scene(tmp_path, "EPSG:32633", from_origin(5e5, 5e6, 10, 10), 100, 100)
    exchanged = layer(tmp_path / "x.geojson", [box(45.145, 15.001, 45.15, 15.005)])
    with pytest.raises(LabelError, match="exchanged"):
        read_features(exchanged, scene)
    metres = tmp_path / "m.geojson"
    polygon = {
        "type": "Polygon",
        "coordinates": [list(box(500_100, 4_999_500, 500_200, 4_999_600).exterior.coords)],
    }
    metres.write_text(
        json.dumps(
            {
                "type": "FeatureCollection",
                "features": [{"type": "Feature", "properties": {}, "geometry": polygon}],
            }
        )
    )
    with pytest.raises(LabelError, match=r"cannot be|elsewhere"):
        read_features(metres, scene)


def test_footprints_are_counted_one_by_one_in_any_projection(data_dir: Path, tmp_path: Path) -> None:
    """Real footprints at four sizes of pixel and in four projections: as many, and as large, as pyproj says."""
    for path in sorted((data_dir / "buildings").glob("*.geojson"))[:3]:
        shapes = [shapely.geometry.shape(f["geometry"]) for f in json.loads(path.read_text())["features"]]
        west, south, east, north = shapely.total_bounds(shapes)
        true = sum(abs(GEOD.geometry_area_perimeter(shape)[0]) for shape in shapes)
        zone = pyproj.database.query_utm_crs_info(
            datum_name="WGS 84", area_of_interest=pyproj.aoi.AreaOfInterest(west, south, east, north)
        )[0].code
        for crs in (f"EPSG:{zone}", "EPSG:4326", "EPSG:3857", "EPSG:3413"):
            change = pyproj.Transformer.from_crs(4326, crs, always_xy=True)
            x0, y0, x1, y1 = change.transform_bounds(west, south, east, north)
            for metres in (0.25, 1, 5, 10):
                step = metres / 111_320 if crs == "EPSG:4326" else metres
                grid = from_origin(x0 - 2 * step, y1 + 2 * step, step, step)
                width, height = (int(np.ceil((b - a) / step)) + 5 for a, b in ((x0, x1), (y0, y1)))
                found = read_features(path, make_scene(tmp_path, crs, grid, width, height))
                assert len(found.pixels) == len(shapes)
                assert geodesic_area(found.degrees()) == pytest.approx(true, rel=1e-5)
