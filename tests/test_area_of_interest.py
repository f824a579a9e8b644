"""Inside an area of interest what is measured ends at its border, and distances do not: against numpy and shapely."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyproj
import pytest
import rasterio
import shapely
from affine import Affine
from scipy import ndimage

import planimeter
from planimeter import LabelSegmenter, VectorSegmenter, open_scene
from planimeter.errors import LabelError, NotMeasurable, ProgramError, UsageError
from planimeter.meaning.emit import emit
from planimeter.meaning.reading import FRAMES
from planimeter.meaning.records import Share, Subject, WhichPart
from planimeter.program import Limits
from planimeter.segment import StackSegmenter
from planimeter.spatial.area import AreaOfInterest, read_area
from planimeter.vocabulary.topics import EVERYWHERE

HEIGHT, WIDTH = 70, 90
DX, DY = 2.0, 3.0  # metres
LEGEND = {"water": [1], "roof": [2], "forest": [3]}
UTM = Affine(DX, 0, 500_000, 0, -DY, 5_000_000)
DEGREES = Affine(0.5, 0, -20, 0, -0.4, 80)
BLOB = shapely.Polygon([(12.3, 8.1), (60.2, 3.4), (71.7, 40.9), (44.4, 30.2), (33.3, 61.8), (9.9, 47.7)])
LIMITS = {"whole": None, "tiled": Limits(tile=(16, 32))}
EIGHT = np.ones((3, 3), int)


def labels() -> np.ndarray:
    """(H, W) uint8: lakes, forests and small roofs, no roof in the lower right, and a corner of nodata."""
    rng = np.random.default_rng(4)
    grid = np.zeros((HEIGHT, WIDTH), np.uint8)
    for value, count, side in ((3, 14, 16), (1, 9, 9), (2, 60, 4)):
        for _ in range(count):
            height, width = rng.integers(2, side, 2)
            y, x = rng.integers(0, HEIGHT - height), rng.integers(0, WIDTH - width)
            grid[y : y + height, x : x + width] = value
    grid[:8, 50:] = 255
    return grid


def inside(geometry: Any = BLOB) -> np.ndarray:
    """(H, W) bool: pixels whose centres lie in a polygon."""
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    return shapely.contains_xy(geometry, x, y)


class Place:
    """A scene with labels, on disk."""

    def __init__(self, folder: Path, crs: str | None, transform: Affine) -> None:
        self.folder, self.labels = folder, labels()
        self.crs, self.transform = crs, transform
        place: dict[str, Any] = {"crs": crs, "transform": transform} if crs else {}
        common = {"driver": "GTiff", "dtype": "uint8", "height": HEIGHT, "width": WIDTH, "nodata": 255}
        self.image, path = folder / "scene.tif", folder / "labels.tif"
        picture = np.where(self.labels == 255, 255, 90).astype(np.uint8)
        for file, bands, more in (
            (self.image, np.stack([picture] * 3), {"photometric": "RGB"}),
            (path, self.labels[None], {}),
        ):
            with rasterio.open(file, "w", count=len(bands), **common, **place, **more) as opened:
                opened.write(bands)
        (folder / "legend.json").write_text(json.dumps(LEGEND))
        self.maps = LabelSegmenter(path, folder / "legend.json")
        self.valid = self.labels != 255

    def mask(self, value: int) -> np.ndarray:
        return self.labels == value

    def on_map(self, geometry: Any) -> Any:
        """A geometry from pixels to coordinates of the CRS."""
        a, b, c, d, e, f = self.transform[:6]
        return shapely.affinity.affine_transform(geometry, [a, b, d, e, c, f])

    def layer(self, name: str, geometries: list[Any], crs: str | None = None) -> Path:
        path = self.folder / name
        moved = np.array([self.on_map(geometry) for geometry in geometries])
        if crs is not None:
            change = pyproj.Transformer.from_crs(self.crs, crs, always_xy=True)
            moved = shapely.transform(moved, lambda points: np.stack(change.transform(*points.T), axis=1))
        kind = moved[0].geom_type
        pyogrio.raw.write(
            path, shapely.to_wkb(moved), [], np.array([], object), geometry_type=kind, crs=crs or self.crs
        )
        return path

    def ask(self, question: str, area: Any = None, limits: Limits | None = None, **more: Any) -> Any:
        given = {"segmenter": self.maps, **more}
        return planimeter.ask(self.image, question, area=area, limits=limits, **given)


@pytest.fixture(scope="module")
def utm(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("utm"), "EPSG:32633", UTM)


@pytest.fixture(scope="module")
def degrees(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("degrees"), "EPSG:4326", DEGREES)


def distance_to(mask: np.ndarray) -> np.ndarray:
    return ndimage.distance_transform_edt(~mask, sampling=(DY, DX))


def pieces(mask: np.ndarray, where: np.ndarray) -> list[np.ndarray]:
    """Masks of the 8-connected regions of the whole scene, cut to a place; a region in two pieces is one."""
    numbers, count = ndimage.label(mask, EIGHT)
    cut = [(numbers == k) & where for k in range(1, count + 1)]
    return [piece for piece in cut if piece.any()]


def water_near(place: Place, where: np.ndarray) -> float:
    near = distance_to(place.mask(1)) <= 20
    return float(sum((piece & near).any() for piece in pieces(place.mask(2), where)))


def large_lakes(place: Place, where: np.ndarray) -> np.ndarray:
    numbers, count = ndimage.label(place.mask(1), EIGHT)
    large = [numbers == k for k in range(1, count + 1) if (numbers == k).sum() * DX * DY > 200]
    return np.logical_or.reduce(large)


PIXEL = DX * DY
TRUTH: dict[str, Callable[[Place, np.ndarray], float]] = {
    "What is the area of forest in square metres?": lambda p, w: float((p.mask(3) & w).sum() * PIXEL),
    "What percentage of the image is covered by water?": lambda p, w: float(
        100 * (p.mask(1) & w).sum() / (p.valid & w).sum()
    ),
    "How many buildings are there?": lambda p, w: len(pieces(p.mask(2), w)),
    "How many lakes are larger than 100 m2?": lambda p, w: sum(
        piece.sum() * PIXEL > 100 for piece in pieces(p.mask(1), w)
    ),
    "How many buildings are within 20 m of water?": water_near,
    "How many buildings are within 15 m of lakes larger than 200 m2?": lambda p, w: sum(
        bool((piece & (distance_to(large_lakes(p, w)) <= 15)).any()) for piece in pieces(p.mask(2), w)
    ),
    "What is the area of forest within 12 m of water, in m2?": lambda p, w: float(
        (p.mask(3) & w & (distance_to(p.mask(1)) <= 12)).sum() * PIXEL
    ),
    "What is the area more than 25 m from water, in m2?": lambda p, w: float(
        (p.valid & w & (distance_to(p.mask(1)) > 25)).sum() * PIXEL
    ),
    "What is the average distance from buildings to water?": lambda p, w: float(
        np.mean([distance_to(p.mask(1))[piece].min() for piece in pieces(p.mask(2), w)])
    ),
    "What is the area of the image in m2?": lambda p, w: float((p.valid & w).sum() * PIXEL),
    "How many buildings per hectare are there?": lambda p, w: (
        len(pieces(p.mask(2), w)) / ((p.valid & w).sum() * PIXEL / 1e4)
    ),
    "What is the size of the largest lake in m2?": lambda p, w: float(
        max(piece.sum() for piece in pieces(p.mask(1), w)) * PIXEL
    ),
}


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("question", TRUTH)
def test_what_is_measured_ends_at_the_border_and_what_is_measured_to_does_not(
    utm: Place, question: str, limits: str
) -> None:
    where = inside()
    answer = utm.ask(question, f"pixels:{BLOB.wkt}".removeprefix("pixels:"), LIMITS[limits])
    assert answer.answer == pytest.approx(TRUTH[question](utm, where), rel=1e-9)
    everywhere = utm.ask(question, None, LIMITS[limits])
    assert everywhere.answer == pytest.approx(TRUTH[question](utm, np.ones((HEIGHT, WIDTH), bool)), rel=1e-9)
    assert "Measured inside the area of interest, the polygon." in answer.reading


def test_what_lies_outside_decides_distances(utm: Place) -> None:
    """A place without water, whose buildings are still so and so far from it."""
    lakes = distance_to(utm.mask(1))
    numbers, _count = ndimage.label(utm.mask(2), EIGHT)
    boxes = ndimage.find_objects(numbers)
    alone = next(
        (box, k + 1)
        for k, box in enumerate(boxes)
        if not utm.mask(1)[box].any() and (utm.labels[box] == 2).all()
    )
    (rows, columns), number = alone
    area = f"pixels:{columns.start},{rows.start},{columns.stop},{rows.stop}"
    wanted = lakes[numbers == number].min()
    answer = utm.ask("What is the average distance from buildings to water?", area)
    assert answer.answer == pytest.approx(wanted)
    program = """
found = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)["shapes"]
roofs = [s for s in found if s["class_type"] == "roof"]
water = [s for s in found if s["class_type"] == "water"]
calculate_shape_distances(roofs, water, gsd)
answer = min(s["distance_meters"] for s in roofs)
"""
    other = planimeter.run(program, utm.image, segmenter=utm.maps, area=area)
    assert other.answer == pytest.approx(wanted)
    assert any("The area of interest has no water" in said for said in other.warnings)


def bare_place(folder: Path) -> tuple[Place, str]:
    """Two roofs inside an area (pixels 30 to 56, 20 to 50), a pond of 2 pixels beyond it, no forest anywhere."""
    place = Place(folder, "EPSG:32633", UTM)
    grid = np.zeros((HEIGHT, WIDTH), np.uint8)
    grid[30:34, 40:44] = grid[36:40, 50:54] = 2
    grid[38, 57:59] = 1
    with rasterio.open(folder / "labels.tif", "r+") as file:
        file.write(grid, 1)
    place.labels = grid
    place.maps = LabelSegmenter(folder / "labels.tif", folder / "legend.json")
    return place, "pixels:30,20,56,50"


@pytest.mark.parametrize("limits", LIMITS)
@pytest.mark.parametrize("swapped", [False, True])
def test_what_is_nowhere_is_no_other_topic_in_an_area(tmp_path: Path, limits: str, swapped: bool) -> None:
    place, area = bare_place(tmp_path)
    # The nearest pixels of the roofs lie 4 columns from the pond, and 14 columns and 5 rows.
    pond = distance_to(place.mask(1))
    numbers, count = ndimage.label(place.mask(2), EIGHT)
    near = [pond[numbers == k + 1].min() for k in range(count)]
    assert sorted(near) == [8.0, pytest.approx(np.hypot(28, 15))]

    def answer(first: str, word: str, second: str) -> Any:
        first, second = (second, first) if swapped else (first, second)
        return place.ask(f"How many buildings are {first} {word} {second}?", area, LIMITS[limits]).answer

    assert answer("within 20 m of forest", "or", "within 10 m of water") == 1
    assert answer("within 20 m of forest", "and", "within 60 m of water") == 0
    assert answer("more than 20 m from forest", "and", "within 60 m of water") == 2


@pytest.mark.parametrize("limits", LIMITS)
def test_ponds_too_small_outside_an_area_are_not_measured_to(tmp_path: Path, limits: str) -> None:
    place, area = bare_place(tmp_path)  # the pond has 12 m²
    for least, near in ((10, 2), (20, 0)):
        question = f"How many buildings are within 60 m of a lake larger than {least} m²?"
        assert place.ask(question, area, LIMITS[limits]).answer == near
    grass = place.ask("How many hectares of forest are within 60 m of a lake larger than 20 m²?", area)
    assert grass.answer == 0


def test_an_empty_list_that_may_stand_for_several_topics_is_refused(tmp_path: Path) -> None:
    place, area = bare_place(tmp_path)
    program = """
found = segment_image_from_path(IMAGE_PATH, ["roof", "water", "forest"], gsd=gsd)["shapes"]
roofs = [s for s in found if s["class_type"] == "roof"]
trees = [s for s in found if s["class_type"] == "forest"]
answer = len(find_shapes_within_distance(roofs, trees, 60.0, gsd))
"""
    with pytest.raises(ProgramError, match="the area of interest has none of water, forest"):
        planimeter.run(program, place.image, segmenter=place.maps, area=area)


FOREIGN = """
found = segment_image_from_path(IMAGE_PATH, ["roof", "water"], gsd=gsd)
roofs = [s for s in found["shapes"] if s["class_type"] == "roof"]
water = [s for s in found["shapes"] if s["class_type"] == "water"{chosen}]
answer = len(find_shapes_within_distance(roofs, water, 20.0, gsd))
"""


@pytest.mark.parametrize("limits", LIMITS)
def test_a_program_that_knows_of_no_area_measures_to_whole_topics(utm: Place, limits: str) -> None:
    answer = planimeter.run(
        FOREIGN.format(chosen=""), utm.image, segmenter=utm.maps, area=BLOB, limits=LIMITS[limits]
    )
    assert answer.answer == water_near(utm, inside())
    chosen = planimeter.run(
        FOREIGN.format(chosen=' and s["area_pixels"] > 20'),
        utm.image,
        segmenter=utm.maps,
        area=BLOB,
        limits=LIMITS[limits],
    )
    assert any("chose by their part inside" in said for said in chosen.warnings)


def test_shapes_that_the_border_cuts_are_said(utm: Place) -> None:
    where = inside()
    numbers, _ = ndimage.label(utm.mask(2), EIGHT)
    here = set(np.unique(numbers[where])) - {0}
    cut = here & (set(np.unique(numbers[~where])) - {0})
    answer = utm.ask("How many buildings are there?", BLOB)
    assert answer.answer == len(here)
    assert f"{len(cut)} of {len(here)} buildings is cut by the border" in " ".join(answer.warnings)
    whole = utm.ask("How many buildings are there?", f"pixels:0,0,{WIDTH},{HEIGHT}")
    assert not any("cut by the border" in said for said in whole.warnings)


@pytest.mark.parametrize("limits", LIMITS)
def test_degrees_are_weighed_by_their_ground(degrees: Place, limits: str) -> None:
    geod = pyproj.Geod(ellps="WGS84")
    west, north = DEGREES.c, DEGREES.f
    rows = np.array(
        [
            abs(
                geod.polygon_area_perimeter(
                    *np.array([(west + u, north - 0.4 * (y + v)) for u, v in _pixel_ring()], dtype=float).T
                )[0]
            )
            for y in range(HEIGHT)
        ]
    )
    ground = np.broadcast_to(rows[:, None], (HEIGHT, WIDTH))
    where = inside() & degrees.valid
    wanted = 100 * ground[where & degrees.mask(3)].sum() / ground[where].sum()
    shape = degrees.on_map(BLOB)
    answer = degrees.ask("What percentage of the image is forest?", f"lonlat:{shape.wkt}", LIMITS[limits])
    assert answer.answer == pytest.approx(wanted, rel=1e-4)
    assert abs(answer.answer - 100 * (where & degrees.mask(3)).sum() / where.sum()) > 0.05


def _pixel_ring() -> list[tuple[float, float]]:
    step = np.linspace(0, 1, 20, endpoint=False)
    sides = [(t, 0.0) for t in step], [(1.0, t) for t in step]
    back = [(1 - t, 1.0) for t in step], [(0.0, 1 - t) for t in step]
    return [(0.5 * u, v) for side in (*sides, *back) for u, v in side]


HOUSES = [
    shapely.box(20, 20, 24, 23),  # inside
    shapely.box(58.2, 10.3, 66, 14.8),  # across the border
    shapely.box(11, 8.6, 11.4, 8.9),  # outside, near
    shapely.box(30.2, 30.2, 30.4, 30.4),  # inside, smaller than a pixel
    shapely.box(80, 60, 84, 64),  # outside
    shapely.box(24, 20, 27, 23),  # touches the first
]


@pytest.mark.parametrize("limits", LIMITS)
def test_features_are_cut_along_the_polygon_itself(utm: Place, limits: str) -> None:
    maps = VectorSegmenter("roof", utm.layer("houses.gpkg", HOUSES))
    left = [shapely.intersection(house, BLOB) for house in HOUSES]
    count = sum(part.area > 0 for part in left)
    assert utm.ask("How many buildings are there?", BLOB, LIMITS[limits], segmenter=maps).answer == count == 4
    answer = utm.ask("What is the area of buildings in m2?", BLOB, LIMITS[limits], segmenter=maps)
    # Of UTM's areas at its central meridian, the ground has 1/0.9996² times as much.
    assert answer.answer == pytest.approx(sum(part.area for part in left) * PIXEL / 0.9996**2, rel=1e-5)
    assert "1 of 4 buildings is cut" in " ".join(answer.warnings)
    roads = [shapely.LineString([(0, 20), (90, 25)]), shapely.LineString([(80, 60), (85, 65)])]
    lines = VectorSegmenter("road", utm.layer("roads.gpkg", roads))
    part = shapely.affinity.scale(shapely.intersection(roads[0], BLOB), DX, DY, origin=(0, 0))
    length = utm.ask("What is the length of roads in metres?", BLOB, LIMITS[limits], segmenter=lines).answer
    assert length == pytest.approx(part.length / 0.9996, rel=1e-5)
    stops = [shapely.Point(20, 20), shapely.Point(80, 60), shapely.Point(40, 20)]
    points = VectorSegmenter("bus stop", utm.layer("stops.gpkg", stops))
    assert utm.ask("How many bus stops are there?", BLOB, LIMITS[limits], segmenter=points).answer == 2


def test_features_outside_are_measured_to(utm: Place) -> None:
    house, lake = shapely.box(20, 20, 24, 23), shapely.box(80, 20, 84, 23)
    maps = StackSegmenter(
        [
            VectorSegmenter("roof", utm.layer("one.gpkg", [house])),
            VectorSegmenter("water", utm.layer("lake.gpkg", [lake])),
        ]
    )
    answer = utm.ask("What is the average distance from buildings to water?", BLOB, segmenter=maps)
    assert answer.answer == pytest.approx((80.5 - 23.5) * DX)


def test_an_area_is_given_in_many_ways(utm: Place) -> None:
    wanted = inside()
    file = utm.layer("area.gpkg", [BLOB])
    far = utm.layer("area.geojson", [BLOB], "EPSG:4326")
    change = pyproj.Transformer.from_crs("EPSG:32633", "EPSG:4326", always_xy=True)
    lonlat = shapely.transform(
        shapely.segmentize(utm.on_map(BLOB), 1.0), lambda points: np.stack(change.transform(*points.T), 1)
    )
    scene = open_scene(utm.image)
    ways = [BLOB, BLOB.wkt, f"pixels:{BLOB.wkt}", file, str(file), far, lonlat, lonlat.wkt]
    ways += [f"SRID=32633;{utm.on_map(BLOB).wkt}"]
    for way in ways:
        found = read_area(way, scene)
        assert (_mask(found) == wanted).all(), way
    corners = utm.on_map(shapely.box(10, 20, 30, 40)).bounds
    in_crs = read_area(f"SRID=32633;{','.join(map(str, corners))}", scene)
    assert (_mask(in_crs) == inside(shapely.box(10, 20, 30, 40))).all()
    west, south, east, north = lonlat.bounds
    with pytest.raises(LabelError, match="its latitudes stand first: write west, south, east, north"):
        read_area(f"{south},{west},{north},{east}", scene)
    box = read_area((10, 20, 30.5, 40), scene)
    assert (_mask(box) == inside(shapely.box(10, 20, 30.5, 40))).all()
    assert box.notes == ("The box 10.0,20.0,30.5,40.0 was taken for pixels.",)
    degrees = read_area(",".join(map(str, lonlat.bounds)), scene)
    assert degrees.notes[0].endswith("was taken for longitudes and latitudes.")


def _mask(area: AreaOfInterest) -> np.ndarray:
    mask = np.zeros((HEIGHT, WIDTH), bool)
    for y, x0, x1 in zip(*area.runs.rows(), strict=True):
        mask[y, x0:x1] = True
    return mask


def test_several_polygons_are_their_union(utm: Place) -> None:
    parts = [shapely.box(5, 5, 30, 30), shapely.box(20, 10, 50, 20), shapely.box(60, 40, 70, 60)]
    area = read_area(utm.layer("three.gpkg", parts), open_scene(utm.image))
    assert (_mask(area) == inside(shapely.union_all(parts))).all()


def test_an_area_partly_outside_says_so(utm: Place) -> None:
    scene = open_scene(utm.image)
    for way in ("pixels:60,40,120,100", utm.layer("over.gpkg", [shapely.box(60, 40, 120, 100)])):
        area = read_area(way, scene)
        assert (_mask(area) == inside(shapely.box(60, 40, 120, 100))).all()
        assert any("outside the scene, and nothing is known of it" in note for note in area.notes)
    share = 1 - 30 * 30 / 3600
    assert f"{100 * share:.1f} %" in read_area("pixels:60,40,120,100", scene).notes[0]


def test_an_area_that_crosses_itself_is_mended(utm: Place) -> None:
    bow = "pixels:POLYGON((10 10, 30 30, 30 10, 10 30, 10 10))"
    area = read_area(bow, open_scene(utm.image))
    assert area.notes == ("The polygon crossed itself; mended.",)
    assert area.geometry.area == pytest.approx(200)


@pytest.mark.parametrize(
    ("area", "error", "said"),
    [
        ("pixels:200,200,300,300", LabelError, "as pixels, lies in 'scene.tif', which has 90 x 70 pixels"),
        ("lonlat:0,0,1,1", LabelError, "as longitudes and latitudes, lies in 'scene.tif'"),
        ("5,5,5,9", UsageError, "has no inside"),
        ("POLYGON EMPTY", UsageError, "is empty"),
        ("POLYGON((0 0, 1 1", UsageError, "no WKT that can be read"),
        ("pixels:3.1,3.1,3.2,3.2", LabelError, "smaller than a pixel"),
        ("nowhere.gpkg", LabelError, "nowhere.gpkg"),
        ("SRID=32633;0,0,100", UsageError, "no box of four numbers; write it x0,y0,x1,y1"),
        ("0,0,100", UsageError, "no box of four numbers; write it x0,y0,x1,y1"),
        ("0 0 100 100", UsageError, "no box of four numbers; write it x0,y0,x1,y1"),
        ("pixels:0,0,100,", UsageError, "no box of four numbers; write it x0,y0,x1,y1"),
        (
            "500000,4999970,500010,4999980",
            LabelError,
            "coordinates of the scene's CRS: write them as \"SRID=32633;",
        ),
    ],
)
def test_what_is_no_area_here_is_refused(utm: Place, area: str, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said.replace("(", r"\(")):
        utm.ask("How many buildings are there?", area)


def test_numbers_that_may_be_both_are_refused(tmp_path: Path) -> None:
    place = Place(tmp_path, "EPSG:4326", Affine(0.5, 0, 10, 0, -0.5, 40))
    with pytest.raises(UsageError, match="write pixels:… for pixels or lonlat:… for longitudes"):
        place.ask("How many buildings are there?", "15,20,30,35")
    assert place.ask("How many buildings are there?", "pixels:15,20,30,35").answer == len(
        pieces(place.mask(2), inside(shapely.box(15, 20, 30, 35)))
    )
    box = shapely.box((15 - 10) * 2, (40 - 35) * 2, (30 - 10) * 2, (40 - 20) * 2)
    assert place.ask("How many buildings are there?", "lonlat:15,20,30,35").answer == len(
        pieces(place.mask(2), inside(box))
    )


def test_lines_and_other_places_are_no_areas(utm: Place, tmp_path: Path) -> None:
    with pytest.raises(LabelError, match="holds lines, which have no inside"):
        utm.ask("How many buildings?", utm.layer("line.gpkg", [shapely.LineString([(0, 0), (9, 9)])]))
    with pytest.raises(LabelError, match=r"lies elsewhere: it reaches over x .*, y 4,972,\d+ to 4,973,000,"):
        utm.ask("How many buildings?", utm.layer("far.gpkg", [shapely.box(9000, 9000, 9009, 9009)]))
    plain = Place(tmp_path, None, UTM)
    with pytest.raises(LabelError, match="no georeference"):
        plain.ask("How many buildings are there?", "lonlat:1,2,3,4")
    assert plain.ask("How many buildings are there?", "10,20,30,40").answer == len(
        pieces(plain.mask(2), inside(shapely.box(10, 20, 30, 40)))
    )


def test_an_area_without_data_is_refused(utm: Place) -> None:
    with pytest.raises(NotMeasurable):
        utm.ask("What percentage of the image is water?", "pixels:60,0,80,6")


def test_finer_labels_keep_the_area_in_pixels_of_the_scene(utm: Place, tmp_path: Path) -> None:
    fine = utm.labels.repeat(3, axis=0).repeat(3, axis=1)
    path = tmp_path / "fine.tif"
    with rasterio.open(
        path, "w", driver="GTiff", dtype="uint8", count=1, height=HEIGHT * 3, width=WIDTH * 3, crs=utm.crs,
        transform=UTM * Affine.scale(1 / 3), nodata=255,
    ) as file:  # fmt: skip
        file.write(fine[None])
    maps = LabelSegmenter(path, utm.folder / "legend.json")
    box = "pixels:10,20,40,50"
    asked = "What is the area of forest in m2?"
    assert utm.ask(asked, box, segmenter=maps).answer == pytest.approx(utm.ask(asked, box).answer)


@pytest.mark.parametrize(
    "question",
    [
        "Which half has more forest?",
        "Which quadrant has the fewest houses?",
        "Is there more forest in the upper half than in the lower half?",
        "What is the ratio of forest in the upper half to forest in the lower half?",
        "How many lakes are there, and which half has more forest?",
    ],
)
@pytest.mark.parametrize("where", ["area", "zones"])
def test_amounts_of_parts_of_the_image_are_not_compared_inside_of_an_area(
    utm: Place, question: str, where: str
) -> None:
    upper = utm.layer("upper.gpkg", [shapely.box(0, 0, WIDTH, HEIGHT // 3)])
    with pytest.raises(
        NotMeasurable, match="Parts of the image are compared, and an area or a zone covers more"
    ):
        utm.ask(question, **{where: upper})


def test_shares_of_parts_of_the_image_are_compared_inside_of_an_area(utm: Place) -> None:
    box = (0, 20, WIDTH, HEIGHT)
    ground = inside(shapely.box(*box)) & utm.valid
    forest = utm.mask(3)
    rows = np.arange(HEIGHT)[:, None]
    shares = [forest[part & ground].mean() for part in (rows < HEIGHT / 2, rows >= HEIGHT / 2)]
    halves = tuple(
        Subject((EVERYWHERE,), said=name, frame=FRAMES[name]) for name in ("upper half", "lower half")
    )
    program = emit(
        WhichPart(Share(Subject(("forest",))), halves), utm.maps.topics, "you", area=True, metric=True
    )
    found = planimeter.run(program.text, utm.image, segmenter=utm.maps, area=box)
    assert found.answer == ("upper half" if shares[0] > shares[1] else "lower half")
    assert shares[0] != shares[1]


def test_a_part_of_the_image_inside_of_an_area_is_that_of_the_image(utm: Place) -> None:
    upper = np.arange(HEIGHT)[:, None] < HEIGHT / 2
    where = inside(shapely.box(0, 20, WIDTH, HEIGHT)) & upper
    answer = utm.ask("What is the area of forest in the upper half in m2?", (0, 20, WIDTH, HEIGHT))
    assert answer.answer == pytest.approx((utm.mask(3) & where).sum() * DX * DY)
    assert "the upper half of the image" in answer.reading
