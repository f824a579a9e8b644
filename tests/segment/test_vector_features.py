"""Questions of vector layers: every feature counts, its ground and its length are its own; truth from pyproj.Geod."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine

from planimeter.ask import ask, run
from planimeter.errors import NotMeasurable
from planimeter.program import Limits
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter, StackSegmenter, VectorSegmenter

GRID = Affine(0.5, 0, 5e5, 0, -0.5, 5e6)
GEOD = pyproj.Geod(ellps="WGS84")
TOTALS = """
shapes = segment_image_from_path(IMAGE_PATH, ["roof"], gsd=gsd)["shapes"]
print(len(shapes), sum(s["area_hectares"] for s in shapes))
answer = len(shapes)
"""
NEAR = """
shapes = segment_image_from_path(IMAGE_PATH, ["roof", "road"], gsd=gsd)["shapes"]
roofs = [s for s in shapes if s["class_type"] == "roof"]
roads = [s for s in shapes if s["class_type"] == "road"]
near = find_shapes_within_distance(roofs, roads, 60, gsd)
calculate_shape_distances(roofs, roads, gsd)
print(len(near), sum(s["area_hectares"] for s in near), sorted(s["distance_meters"] for s in roofs))
print(sum(s["area_hectares"] for s in intersect_shapes(roofs, roads)))
print(sum(s["length_meters"] for s in calculate_shape_lengths(find_shapes_within_distance(roads, roofs, 20, gsd), gsd)))
answer = len(near)
"""


def scene(
    path: Path,
    height: int = 200,
    width: int = 240,
    crs: Any = 32633,
    transform: Affine = GRID,
    nodata: Any = None,
) -> Path:
    data = np.full((1, height, width), 100, np.uint8)
    if nodata is not None:
        data[0][nodata] = 0
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=height,
        width=width,
        count=1,
        dtype="uint8",
        crs=f"EPSG:{crs}" if isinstance(crs, int) else crs,
        transform=transform,
        nodata=None if nodata is None else 0,
    ) as file:
        file.write(data)
    return path


def layer(path: Path, shapes: list[shapely.Geometry], crs: int | None = None) -> Path:
    """Geometries in pixels of the grid as GeoJSON, in degrees or in another CRS."""
    change = pyproj.Transformer.from_crs(32633, crs or 4326, always_xy=True)

    def moved(points: np.ndarray) -> np.ndarray:
        return np.stack(change.transform(*(GRID * points.T)), axis=1)

    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": shapely.geometry.mapping(shapely.transform(shape, moved)),
        }
        for shape in shapes
    ]
    document: dict[str, Any] = {"type": "FeatureCollection", "features": features}
    if crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{crs}"}}
    path.write_text(json.dumps(document))
    return path


def square_metres(pixels: float) -> float:
    """Ground of an area near the middle of UTM's zone, where lengths are drawn 0.04 % too short."""
    return pixels * 0.25 / 0.9996**2


ROW = [shapely.box(20 + 20 * k, 40, 40 + 20 * k, 56) for k in range(5)]
TWO = [
    shapely.MultiPolygon([shapely.box(20, 100, 24, 104), shapely.box(60, 100, 64, 104)]),
    shapely.box(90.1, 100.1, 90.3, 100.3),
]
ROAD = shapely.LineString([(0, 30), (240, 30)])


def test_terraced_houses_multipolygons_and_specks_are_counted_one_by_one(tmp_path: Path) -> None:
    maps = VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", ROW + TWO))
    image = scene(tmp_path / "scene.tif")
    assert ask(image, "How many buildings are there?", segmenter=maps).answer == 7
    total = square_metres(sum(shape.area for shape in ROW + TWO))
    answer = ask(image, "What is the total area of the buildings in m2?", segmenter=maps)
    assert answer.answer == pytest.approx(total, rel=1e-4)
    assert answer.warnings == []
    share = ask(image, "What percentage of the image is covered by buildings?", segmenter=maps)
    assert share.answer == pytest.approx(100 * total / (200 * 240 * 0.25), rel=1e-3)
    biggest = ask(image, "What is the area of the largest building in m2?", segmenter=maps)
    assert biggest.answer == pytest.approx(square_metres(320), rel=1e-4)


def test_overlapping_features_count_each_and_it_is_said(tmp_path: Path) -> None:
    houses = [shapely.box(20, 20, 40, 40), shapely.box(30, 20, 50, 40), shapely.box(22, 22, 24, 24)]
    maps = VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", houses))
    image = scene(tmp_path / "scene.tif")
    count = ask(image, "How many buildings are there?", segmenter=maps)
    assert (count.answer, count.warnings) == (3, [])
    answer = ask(image, "What is the total area of the buildings in m2?", segmenter=maps)
    assert answer.answer == pytest.approx(square_metres(804), rel=1e-4)
    assert any(
        "25 % of the roof features' area lies on other features" in warning for warning in answer.warnings
    )


def test_a_share_of_the_image_counts_ground_that_features_share_once(tmp_path: Path) -> None:
    zones = [shapely.box(0, 0, 240, 200), shapely.box(0, 0, 240, 200), shapely.box(0, 0, 240, 100)]
    parks = [shapely.box(20, 20, 60, 60), shapely.box(40, 40, 80, 80), shapely.box(200, 150, 220, 170)]
    image = scene(tmp_path / "scene.tif")
    for name, shapes in (("zones", zones), ("parks", parks)):
        maps = VectorSegmenter("park", layer(tmp_path / f"{name}.geojson", shapes))
        truth = 100 * shapely.union_all(shapes).area / (200 * 240)
        for limits in (None, Limits(tile=(64, 50))):
            share = ask(image, "What percentage of the image is park?", segmenter=maps, limits=limits)
            assert share.answer == pytest.approx(truth, rel=1e-6)
            assert any("counted once where they were merged" in warning for warning in share.warnings)
            rest = ask(image, "What percentage of the image is not park?", segmenter=maps, limits=limits)
            assert rest.answer == pytest.approx(100 - truth, abs=1e-6)


def test_a_share_of_the_image_loses_no_speck_that_shares_its_pixel(tmp_path: Path) -> None:
    specks = [shapely.box(90.1, 100.1, 90.3, 100.3), shapely.box(90.6, 100.6, 90.9, 100.9)]
    maps = VectorSegmenter("hut", layer(tmp_path / "huts.geojson", [*specks, *ROW]))
    image = scene(tmp_path / "scene.tif")
    share = ask(image, "What percentage of the image is hut?", segmenter=maps).answer
    assert share == pytest.approx(100 * sum(shape.area for shape in [*specks, *ROW]) / (200 * 240), rel=1e-6)


def test_features_at_the_border_and_where_there_is_no_data(tmp_path: Path) -> None:
    houses = [
        shapely.box(-10, 20, 10, 40),
        shapely.box(60, 20, 100, 40),
        shapely.box(150, 20, 170, 40),
        shapely.box(-50, -50, -20, -20),
    ]
    maps = VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", houses))
    image = scene(tmp_path / "scene.tif", nodata=np.s_[:, 80:])
    for limits in (None, Limits(tile=(64, 50))):
        found = run(TOTALS, image, segmenter=maps, limits=limits)
        count, hectares = found.stdout.split()
        assert count == "2"
        assert float(hectares) * 1e4 == pytest.approx(square_metres(200 + 400), rel=1e-4)
        assert any("roof features 1 lie where there is no data" in warning for warning in found.warnings)


def test_lines_have_lengths_and_no_area(tmp_path: Path) -> None:
    maps = StackSegmenter(
        [
            VectorSegmenter("road", layer(tmp_path / "roads.geojson", [ROAD])),
            VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", ROW)),
        ]
    )
    image = scene(tmp_path / "scene.tif")
    lines = run(NEAR, image, segmenter=maps).stdout.splitlines()
    assert lines[0].startswith("5 ")
    length = (
        "roads = segment_image_from_path(IMAGE_PATH, ['road'])['shapes']\n"
        "answer = sum(s['length_meters'] for s in calculate_shape_lengths(roads))"
    )
    assert run(length, image, segmenter=maps).answer == pytest.approx(120 / 0.9996, rel=1e-5)
    # Within 20 m, 40 pixels, of a house 10 rows below: beside the houses' 100 columns the 20 to the border and 38 more.
    assert float(lines[2]) == pytest.approx(158 * 0.5 / 0.9996, rel=1e-5)
    assert ask(image, "How many buildings are within 10 m of a road?", segmenter=maps).answer == 5
    for question in ("How many metres of road are there?", "What is the total length of the roads?"):
        answer = ask(image, question, segmenter=maps)
        assert (answer.answer, answer.unit) == (pytest.approx(120 / 0.9996, rel=1e-5), "m")
    near = ask(image, "How many km of road are within 20 m of a building?", segmenter=maps)
    assert (near.answer, near.unit) == (pytest.approx(0.079 / 0.9996, rel=1e-5), "km")
    with pytest.raises(NotMeasurable, match="--vector roof=FILE"):
        ask(image, "How long are the buildings?", segmenter=maps)
    for question in ("What is the total area of roads in m2?", "What percentage of the image is road?"):
        with pytest.raises(
            NotMeasurable, match="lines, which have a length but no area: ask how long they are"
        ):
            ask(image, question, segmenter=maps)
    assert ask(image, "How long are the roads?", segmenter=maps).answer == pytest.approx(
        120 / 0.9996, rel=1e-5
    )


def test_points_are_counted_and_near(tmp_path: Path) -> None:
    trees = [
        shapely.Point(10.2, 10.7),
        shapely.Point(10.3, 10.6),
        shapely.Point(100, 150),
        shapely.Point(300, 10),
    ]
    maps = VectorSegmenter("bus stop", layer(tmp_path / "stops.geojson", trees))
    image = scene(tmp_path / "scene.tif")
    assert ask(image, "How many bus stops are there?", segmenter=maps).answer == 3
    both = StackSegmenter([maps, VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", ROW))])
    nearest = ask(image, "How far is the nearest bus stop from a building?", segmenter=both).answer
    # From the centre of pixel (10, 10) to that of (20, 40): between pixel centres.
    assert nearest == pytest.approx(0.5 * (10**2 + 30**2) ** 0.5)


def test_one_topic_of_two_layers_and_of_labels(tmp_path: Path) -> None:
    image = scene(tmp_path / "scene.tif")
    one = VectorSegmenter("roof", layer(tmp_path / "a.geojson", ROW[:2]))
    two = VectorSegmenter("roof", layer(tmp_path / "b.geojson", ROW[2:]))
    assert ask(image, "How many buildings are there?", segmenter=StackSegmenter([one, two])).answer == 5
    labels = np.zeros((200, 240), np.uint8)
    labels[150:160, 150:160] = 1
    with rasterio.open(
        tmp_path / "l.tif",
        "w",
        driver="GTiff",
        height=200,
        width=240,
        count=1,
        dtype="uint8",
        crs="EPSG:32633",
        transform=GRID,
    ) as file:
        file.write(labels[None])
    (tmp_path / "legend.json").write_text('{"roof": [1]}')
    mixed = StackSegmenter([one, LabelSegmenter(tmp_path / "l.tif", tmp_path / "legend.json")])
    answer = ask(image, "How many buildings are there?", segmenter=mixed)
    assert answer.answer == 2  # the two terraced houses are one block of pixels here
    assert any("connected pixels of both, not features" in warning for warning in answer.warnings)


def test_tiles_and_memory_change_nothing(tmp_path: Path) -> None:
    maps = StackSegmenter(
        [
            VectorSegmenter(
                "road",
                layer(
                    tmp_path / "roads.geojson", [ROAD, shapely.LineString([(50, 0), (70, 199), (51, 120)])]
                ),
            ),
            VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", ROW + TWO)),
        ]
    )
    image = scene(tmp_path / "scene.tif", nodata=np.s_[100:103, 22:24])
    whole = run(NEAR, image, segmenter=maps)
    for tile in ((64, 50), (37, 240), (200, 33)):
        assert run(NEAR, image, segmenter=maps, limits=Limits(tile=tile)).stdout == whole.stdout


def geod_area(shape: shapely.Geometry) -> float:
    return abs(GEOD.geometry_area_perimeter(shape)[0])


GRIDS = {
    "UTM": lambda lon, lat: (
        32600 + int((lon + 180) // 6) + 1 if lat >= 0 else 32700 + int((lon + 180) // 6) + 1
    ),
    "degrees": lambda lon, lat: 4326,
    "Mercator": lambda lon, lat: 3857,
    # The nearest pole in the middle of the map: far from it, the grid is anything but true to scale.
    "polar": lambda lon, lat: pyproj.CRS(
        f"+proj=stere +lat_0={90 if lat >= 0 else -90} +lon_0={lon:.0f} +datum=WGS84"
    ).to_wkt(),
}


@pytest.mark.parametrize("size", [0.25, 1.0, 5.0, 10.0])
@pytest.mark.parametrize("name", GRIDS)
def test_real_footprints_are_counted_and_measured_as_polygons(
    data_dir: Path, tmp_path: Path, name: str, size: float
) -> None:
    files = sorted((data_dir / "buildings").glob("*.geojson"))
    assert files
    for file in files:
        shapes = [shapely.geometry.shape(f["geometry"]) for f in json.loads(file.read_text())["features"]]
        west, south, east, north = shapely.total_bounds(shapes)
        code = GRIDS[name]((west + east) / 2, (south + north) / 2)
        change = pyproj.Transformer.from_crs(4326, code, always_xy=True)
        x, y = change.transform(*shapely.get_coordinates(shapes).T)
        step = size / 111_000 if name == "degrees" else size
        margin = 3 * step
        width, height = (int((side.max() - side.min() + 2 * margin) / step) + 1 for side in (x, y))
        transform = Affine(step, 0, x.min() - margin, 0, -step, y.max() + margin)
        image = open_scene(scene(tmp_path / f"{file.stem}.tif", height, width, code, transform))
        found = VectorSegmenter("roof", file).look(image, ["roof"]).features["roof"]
        assert len(found) == len(shapes), file.name
        assert found.area_m2 is not None
        truth = np.array([geod_area(shapely.make_valid(shape)) for shape in shapes])
        assert found.area_m2 == pytest.approx(truth, rel=1e-3), file.name
        assert found.area_m2.sum() == pytest.approx(truth.sum(), rel=1e-3), file.name


PROGRAM = """
shapes = segment_image_from_path(IMAGE_PATH, ["roof", "road"], gsd=gsd)["shapes"]
roofs = [s for s in shapes if s["class_type"] == "roof"]
roads = calculate_shape_lengths([s for s in shapes if s["class_type"] == "road"], gsd)
near = find_shapes_within_distance(roofs, roads, 7.3, gsd)
print(len(roofs), sum(s["area_hectares"] for s in roofs), sum(s["length_meters"] for s in roads))
print(len(near), sum(s["area_hectares"] for s in near))
answer = len(roofs)
"""


@pytest.mark.parametrize("trial", range(8))
def test_brute_force_agrees_on_the_whole_way(tmp_path: Path, trial: int) -> None:
    """Random features in random CRSs over grids of four CRSs, in random tiles, against shapely and Geod one by one."""
    rng = np.random.default_rng(trial)
    code = [32633, 4326, 3857, 3035][trial % 4]
    to_grid = pyproj.Transformer.from_crs(32633, code, always_xy=True)
    to_degrees = pyproj.Transformer.from_crs(code, 4326, always_xy=True)
    x, y = to_grid.transform(500_050.0, 4_999_950.0)
    step = 0.5 / 111_000 if code == 4326 else 0.5
    transform = Affine(step, 0, x - 60 * step, 0, -step, y + 50 * step)
    image = open_scene(scene(tmp_path / "scene.tif", 100, 120, code, transform))
    roofs = [
        shapely.Point(*centre).buffer(rng.uniform(0.1, 12), quad_segs=2)
        for centre in rng.uniform(0, 200, (30, 2))
    ]
    roads = [shapely.LineString(rng.uniform(-20, 220, (4, 2))) for _ in range(3)]
    # Long edges are straight in the layer's own CRS; these are short enough to be straight in any.
    roads = [shapely.segmentize(road, 5) for road in roads]
    codes = rng.choice([32633, 4326, 3857], 2).tolist()
    maps = StackSegmenter(
        [
            VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", roofs, codes[0])),
            VectorSegmenter("road", layer(tmp_path / "roads.geojson", roads, codes[1])),
        ]
    )

    def pixels(shape: shapely.Geometry) -> shapely.Geometry:
        def moved(points: np.ndarray) -> np.ndarray:
            return np.stack(~transform * np.array(to_grid.transform(*(GRID * points.T))), axis=1)

        return shapely.intersection(shapely.transform(shape, moved), shapely.box(0, 0, 120, 100))

    def on_earth(points: np.ndarray) -> np.ndarray:
        return np.stack(to_degrees.transform(*(transform * points.T)), axis=1)

    inside = [shape for shape in map(pixels, roofs) if not shape.is_empty]
    area = sum(geod_area(shapely.transform(shape, on_earth)) for shape in inside)
    length = sum(GEOD.geometry_length(shapely.transform(pixels(road), on_earth)) for road in roads)

    whole = run(PROGRAM, image, segmenter=maps)
    for _ in range(2):
        tile = (int(rng.integers(30, 90)), int(rng.integers(30, 90)))
        assert run(PROGRAM, image, segmenter=maps, limits=Limits(tile=tile)).stdout == whole.stdout
    first, second = (line.split() for line in whole.stdout.splitlines())
    assert int(first[0]) == len(inside)
    assert float(first[1]) * 1e4 == pytest.approx(area, rel=1e-3)
    assert float(first[2]) == pytest.approx(length, rel=1e-3)

    seen, scale = maps.look(image, ["roof", "road"]), image.scale
    assert scale is not None
    road = np.argwhere(seen.masks["road"])
    houses = seen.features["roof"]
    assert houses.area_m2 is not None
    near, near_area = 0, 0.0
    for k in range(len(houses)):
        own = np.argwhere(houses.mask([k]))
        squares = (((own[:, None] - road[None]) * [scale.dy, scale.dx]) ** 2).sum(axis=2).min(axis=1)
        within = int((squares <= 7.3**2).sum())
        near += within > 0
        near_area += houses.area_m2[k] * within / len(own)
    assert int(second[0]) == near
    assert float(second[1]) * 1e4 == pytest.approx(near_area)


def test_points_called_by_the_members_of_a_cover_are_counted_and_are_no_cover(tmp_path: Path) -> None:
    points = [shapely.Point(10 + 20 * k, 30) for k in range(7)]
    image = scene(tmp_path / "scene.tif")
    trees = VectorSegmenter("trees", layer(tmp_path / "trees.geojson", points))
    assert trees.topics == ("tree",)
    both = StackSegmenter([trees, VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", ROW))])
    assert ask(image, "How many trees are there?", segmenter=both).answer == 7
    near = sum(shapely.distance(point, shapely.union_all(ROW)) <= 30 for point in points)
    assert ask(image, "How many trees are within 15 m of buildings?", segmenter=both).answer == near
    # Polygons of trees are what stands on the ground, as a map of forest shows it.
    assert VectorSegmenter("trees", layer(tmp_path / "crowns.geojson", ROW)).topics == ("forest",)


def test_what_is_larger_counts_ground_that_features_share_once(tmp_path: Path) -> None:
    thrice = [shapely.box(20, 20, 60, 60)] * 3
    pond = [shapely.box(100, 20, 160, 60)]
    image = scene(tmp_path / "scene.tif")
    maps = StackSegmenter(
        [
            VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", thrice)),
            VectorSegmenter("water", layer(tmp_path / "water.geojson", pond)),
        ]
    )
    assert ask(image, "Which is larger, buildings or water?", segmenter=maps).answer == "water"
    more = ask(image, "Is there more building area than water?", segmenter=maps)
    assert more.answer == "no"
    assert sum("lies on other features" in warning for warning in more.warnings) == 1


def test_the_perimeter_of_a_feature_is_that_of_its_own_outline(tmp_path: Path) -> None:
    turned = shapely.affinity.rotate(shapely.box(50, 50, 90, 70), 30)
    image = scene(tmp_path / "scene.tif")
    maps = VectorSegmenter("roof", layer(tmp_path / "roofs.geojson", [turned]))
    answer = ask(image, "What is the perimeter of the largest building?", segmenter=maps)
    assert answer.answer == pytest.approx(
        120 * 0.5 / 0.9996, rel=1e-4
    )  # along pixel edges it would be 40 % more
