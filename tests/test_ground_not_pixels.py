"""Where pixels differ in size, shares, comparisons and rankings are of the ground: against pyproj.Geod."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.transform import Affine
from scipy import ndimage

import planimeter
from planimeter.program import Limits
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter

HEIGHT, WIDTH = 48, 60
WATER, FOREST, BARREN, NODATA = 1, 2, 3, 255
LEGEND = {"water": [WATER], "forest": [FOREST], "barren": [BARREN]}
# name → CRS and transform; pixels of 20 to 200 km, so that areas differ by much
GRIDS = {
    "degrees": ("EPSG:4326", Affine(1.5, 0, -40, 0, -1.6, 80)),
    "Web Mercator": ("EPSG:3857", Affine(9e4, 0, -2e6, 0, -2e5, 1.5e7)),
    "polar stereographic": ("EPSG:3413", Affine(6.5e4, 0, -1.9e6, 0, -6.5e4, 1.6e6)),
    "turned polar stereographic": (
        "EPSG:3031",
        Affine.translation(3e5, 3e6) * Affine.rotation(-40) * Affine(6e4, 0, 0, 0, -6e4, 0),
    ),
    "conic, conformal": ("EPSG:3034", Affine(5e4, 0, 3e6, 0, -5e4, 4e6)),
    "UTM far outside its zone": ("EPSG:32633", Affine(2e4, 0, 1.4e6, 0, -5e4, 6e6)),
}
LIMITS = {"whole": None, "tiled": Limits(tile=(16, 16))}


def labels() -> np.ndarray:
    """(H, W) uint8 blocks of topics with a corner of nodata, and water of very different sizes at both ends."""
    rng = np.random.default_rng(5)
    grid = rng.choice([FOREST, BARREN], (HEIGHT // 4, WIDTH // 4)).repeat(4, axis=0).repeat(4, axis=1)
    lakes = rng.random(grid.shape) < 0.2
    lakes[2:8, 3:16] = lakes[-6:-2, 20:36] = True
    grid[lakes] = WATER
    grid[:9, -9:] = NODATA
    return grid.astype(np.uint8)


def pixel_areas(crs: str, transform: Affine) -> np.ndarray:
    """(H, W) m² of every pixel: the geodesic polygon of its outline, 20 points a side."""
    to_degrees = pyproj.Transformer.from_crs(crs, pyproj.CRS(crs).geodetic_crs, always_xy=True)
    geod = pyproj.CRS(crs).get_geod()
    step = np.linspace(0, 1, 20, endpoint=False)
    ring = np.array(
        [
            *((t, 0) for t in step),
            *((1, t) for t in step),
            *((1 - t, 1) for t in step),
            *((0, 1 - t) for t in step),
        ]
    )
    areas = np.empty((HEIGHT, WIDTH))
    for y in range(HEIGHT):
        for x in range(WIDTH):
            lonlat = to_degrees.transform(*(transform * (ring[:, 0] + x, ring[:, 1] + y)))
            areas[y, x] = abs(geod.polygon_area_perimeter(*lonlat)[0])
    return areas


class Place:
    """A scene with its labels, and the truth about both."""

    def __init__(self, folder: Path, crs: str, transform: Affine) -> None:
        self.labels, self.areas = labels(), pixel_areas(crs, transform)
        common = {"driver": "GTiff", "dtype": "uint8", "height": HEIGHT, "width": WIDTH, "crs": crs}
        common |= {"transform": transform, "nodata": NODATA}
        self.image, path = folder / "scene.tif", folder / "labels.tif"
        with rasterio.open(self.image, "w", count=3, photometric="RGB", **common) as file:
            file.write(np.full((3, HEIGHT, WIDTH), 90, np.uint8))
        with rasterio.open(path, "w", count=1, **common) as file:
            file.write(self.labels, 1)
        legend = folder / "legend.json"
        legend.write_text(json.dumps(LEGEND))
        self.maps = LabelSegmenter(path, legend)

    def hectares(self, value: int) -> float:
        return float(self.areas[self.labels == value].sum()) / 1e4

    @property
    def lakes(self) -> np.ndarray:
        """Hectares of each lake, ascending."""
        regions, count = ndimage.label(self.labels == WATER, np.ones((3, 3)))
        return np.sort(ndimage.sum(self.areas, regions, np.arange(1, count + 1))) / 1e4

    def ask(self, question: str, limits: Limits | None = None) -> planimeter.Answer:
        return planimeter.ask(self.image, question, segmenter=self.maps, limits=limits)


@pytest.fixture(scope="module", params=GRIDS)
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("place"), *GRIDS[request.param])


QUESTIONS: dict[str, Callable[[Place], float | str]] = {
    "What percentage of the image is water?": lambda p: (
        100 * p.hectares(WATER) / (p.areas[p.labels != NODATA].sum() / 1e4)
    ),
    "What percentage of the image is not forest?": lambda p: (
        100 * (1 - p.hectares(FOREST) / (p.areas[p.labels != NODATA].sum() / 1e4))
    ),
    "How many times larger is the water than the forest?": lambda p: p.hectares(WATER) / p.hectares(FOREST),
    "Is there more water than forest?": lambda p: "yes" if p.hectares(WATER) > p.hectares(FOREST) else "no",
    "Which is larger, the water or the forest?": lambda p: (
        "water" if p.hectares(WATER) > p.hectares(FOREST) else "forest"
    ),
    "Which land cover is the smallest?": lambda p: min(
        LEGEND, key=lambda topic: p.hectares(LEGEND[topic][0])
    ),
    "What is the area of the largest lake in hectares?": lambda p: p.lakes[-1],
    "What is the area of the second largest lake in hectares?": lambda p: p.lakes[-2],
    "What is the area of the smallest lake in hectares?": lambda p: p.lakes[0],
    "What is the average size of the lakes in hectares?": lambda p: p.lakes.mean(),
    "What is the median size of the lakes in hectares?": lambda p: float(np.median(p.lakes)),
    "What is the total area of water in hectares?": lambda p: p.hectares(WATER),
    "How many lakes are there per hectare?": lambda p: (
        len(p.lakes) / (p.areas[p.labels != NODATA].sum() / 1e4)
    ),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_ground_is_that_of_geodesic_polygons(place: Place, question: str) -> None:
    truth = QUESTIONS[question](place)
    answer = place.ask(question)
    assert answer.answer == (truth if isinstance(truth, str) else pytest.approx(truth, rel=2e-4))
    assert "area_pixels" not in answer.program


def test_in_tiles_the_answer_is_the_same(place: Place) -> None:
    for question in list(QUESTIONS)[:4]:
        assert place.ask(question).answer == place.ask(question, LIMITS["tiled"]).answer


def test_a_program_that_counts_pixels_is_told(place: Place) -> None:
    shapes = 'r = segment_image_from_path(IMAGE_PATH, ["water"], gsd=gsd)\n'
    counting = planimeter.run(
        shapes + 'answer = 100 * sum(s["area_pixels"] for s in r["shapes"]) / r["total_pixels"]',
        place.image,
        segmenter=place.maps,
    )
    valid = place.labels != NODATA
    assert counting.answer == pytest.approx(100 * (place.labels == WATER).sum() / valid.sum())
    assert any("use area_hectares and total_hectares" in warning for warning in counting.warnings)
    weighing = planimeter.run(
        shapes + 'answer = 100 * sum(s["area_hectares"] for s in r["shapes"]) / r["total_hectares"]',
        place.image,
        segmenter=place.maps,
    )
    assert weighing.answer == pytest.approx(
        QUESTIONS["What percentage of the image is water?"](place), rel=2e-4
    )
    assert not any("area_hectares" in warning for warning in weighing.warnings)


def test_a_metric_grid_is_measured_by_its_pixels_as_ever(tmp_path: Path) -> None:
    place = Place(tmp_path, "EPSG:32633", Affine(0.5, 0, 5e5, 0, -0.5, 5e6))
    answer = place.ask("What percentage of the image is water?")
    valid = place.labels != NODATA
    assert answer.answer == 100 * int((place.labels == WATER).sum()) / int(valid.sum())
    assert 'whole_px = result["total_pixels"]' in answer.program
    assert answer.warnings == ["The labels cover 97 % of the scene: every figure is of that part alone."]


@pytest.mark.parametrize("crs", ["EPSG:3035", "EPSG:6933", "EPSG:8857", "EPSG:5070"])
def test_equal_areas_on_the_map_are_equal_areas_on_the_ground(crs: str, tmp_path: Path) -> None:
    centre = {
        "EPSG:3035": (4.3e6, 3.2e6),
        "EPSG:6933": (1e6, 4e6),
        "EPSG:8857": (5e6, 5e6),
        "EPSG:5070": (1e6, 2e6),
    }
    x, y = centre[crs]
    transform = Affine(2e4, 0, x - 6e5, 0, -2e4, y + 5e5)
    assert pixel_areas(crs, transform) == pytest.approx(4e8, rel=1e-6)
    place = Place(tmp_path, crs, transform)
    assert place.ask("What is the total area of water in hectares?").answer == pytest.approx(
        place.hectares(WATER), rel=1e-6
    )


def test_what_lies_beyond_a_projection_has_no_area(tmp_path: Path) -> None:
    path = tmp_path / "disk.tif"
    geos = "+proj=geos +h=35785831 +lon_0=0 +ellps=WGS84"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="uint8",
        height=90,
        width=90,
        count=3,
        crs=geos,
        transform=Affine(1.3e5, 0, -5.85e6, 0, -1.3e5, 5.85e6),
    ) as file:
        file.write(np.full((3, 90, 90), 90, np.uint8))
    scene = open_scene(path)
    assert scene.scale is None
    assert "percentages are of pixels, which differ in size; crop it, or warp it" in (
        scene.scale_problem or ""
    )
