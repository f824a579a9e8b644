"""Values of an index: equal to numpy over any ground, whatever the tile, the grid or the number of scenes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.transform import Affine

import planimeter
from planimeter import Answer
from planimeter.errors import NotMeasurable, ProgramError
from planimeter.program import Limits, check_program, functions
from planimeter.raster import open_scene
from planimeter.scale.batch import EarlierPatterns, MapPatterns, Options, batch
from planimeter.segment.index import statistics
from planimeter.segment.index.formulas import OWN
from planimeter.segment.index.statistics import IndexPixels, statistics_over
from planimeter.spatial.runs import runs_of

PLACE = Affine(10, 0, 5e5, 0, -10, 5e6)
LEGEND = {"water": [1], "forest": [2], "agric": [3]}


def write(path: Path, bands: np.ndarray, **options: Any) -> Path:
    """Red, near infrared and green, as reflectance × 10,000."""
    profile = {"crs": "EPSG:32633", "transform": PLACE, "nodata": 0, "dtype": bands.dtype, **options}
    count, height, width = bands.shape
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(path, "w", driver="GTiff", count=count, height=height, width=width, **profile) as file:
        file.write(bands)
        file.descriptions = ["red", "nir", "green"][:count]
        file.scales, file.offsets = (1e-4,) * count, (-0.1,) * count
    return path


def made(seed: int = 1, shape: tuple[int, int] = (60, 90)) -> tuple[np.ndarray, np.ndarray]:
    """Stored values, +1,000 as of baseline 04.00, and labels."""
    random = np.random.default_rng(seed)
    bands = random.integers(1100, 6000, (3, *shape)).astype(np.uint16)
    bands[:, 5:9, 10:30] = 0  # no data
    bands[:2, 20, 40:50] = 1000  # 0 / 0
    return bands, random.integers(0, 4, shape).astype(np.uint8)


def ndvi(bands: np.ndarray) -> np.ndarray:
    """NaN where there is none."""
    red, nir = bands[0].astype(float) - 1000, bands[1].astype(float) - 1000
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where((bands[:2] > 0).all(axis=0), (nir - red) / (nir + red), np.nan)


def maps(folder: Path, labels: np.ndarray, **options: Any) -> planimeter.LabelSegmenter:
    profile = {"crs": "EPSG:32633", "transform": PLACE, "dtype": "uint8", **options}
    height, width = labels.shape
    file = folder / "labels.tif"
    with rasterio.open(file, "w", driver="GTiff", count=1, height=height, width=width, **profile) as out:
        out.write(labels, 1)
    (folder / "legend.json").write_text(json.dumps(LEGEND))
    return planimeter.LabelSegmenter(file, folder / "legend.json")


def asked(folder: Path, question: str, bands: np.ndarray, labels: np.ndarray, **options: Any) -> Answer:
    return planimeter.ask(write(folder / "s.tif", bands), question, segmenter=maps(folder, labels), **options)


CASES = {
    "What is the mean NDVI of the fields?": lambda v, lab: np.nanmean(v[lab == 3]),
    "What is the median NDVI of the water?": lambda v, lab: np.nanmedian(v[lab == 1]),
    "What is the maximum NDVI?": lambda v, lab: np.nanmax(v),
    "What is the lowest NDVI in the forest?": lambda v, lab: np.nanmin(v[lab == 2]),
    "What is the standard deviation of the NDVI of the forest?": lambda v, lab: np.nanstd(v[lab == 2]),
    "NDVI of the image": lambda v, lab: np.nanmean(v),
    "What is the average normalized difference vegetation index of forest and fields?": (
        lambda v, lab: np.nanmean(v[lab >= 2])
    ),
    "What is the difference in NDVI between forest and fields?": (
        lambda v, lab: abs(np.nanmean(v[lab == 2]) - np.nanmean(v[lab == 3]))
    ),
    "What is the mean NDVI of the upper half of the image?": lambda v, lab: np.nanmean(v[: len(v) // 2]),
    "What percentage of the forest has NDVI below 0.3?": (
        lambda v, lab: 100 * np.nansum(v[lab == 2] < 0.3) / np.isfinite(v[lab == 2]).sum()
    ),
    "What percentage has NDVI above 0.4?": lambda v, lab: 100 * np.nansum(v > 0.4) / np.isfinite(v).sum(),
    "What is the area with NDVI above 0.5?": lambda v, lab: np.nansum(v > 0.5) / 100,
    "How many hectares of forest have an NDVI above 0.5?": lambda v, lab: np.nansum(v[lab == 2] > 0.5) / 100,
}


@pytest.mark.parametrize("question", CASES)
def test_equal_to_numpy_whole_and_in_tiles(tmp_path: Path, question: str) -> None:
    bands, labels = made()
    labels[labels == 0] = 3  # labels cover everything, so that they leave nothing out
    expected = CASES[question](ndvi(bands), labels)
    found = [
        asked(tmp_path, question, bands, labels, limits=limits).answer
        for limits in (Limits(), Limits(tile=(17, 23)), Limits(tile=(32, 64)))
    ]
    assert found[0] == pytest.approx(expected, rel=1e-12)
    assert found[1:] == [found[0]] * 2, "one number whatever the tile"


def test_the_example_of_the_program_function(tmp_path: Path) -> None:
    bands, labels = made()
    scene, source = write(tmp_path / "s.tif", bands), maps(tmp_path, labels)
    example = functions()["measure_index"].example
    assert check_program(example) == []
    assert planimeter.run(example, scene, segmenter=source).answer == pytest.approx(
        np.nanmean(ndvi(bands)[labels == 2])
    )
    for text, said in (
        ("answer = measure_index(IMAGE_PATH, 'NDQI')['mean']", "There is no index 'NDQI'"),
        ("answer = measure_index(IMAGE_PATH, 7)['mean']", "index must be the name of a spectral index"),
        ("answer = measure_index('other.tif', 'NDVI')['mean']", "image_input must be IMAGE_PATH"),
    ):
        with pytest.raises(ProgramError, match=said):
            planimeter.run(text, scene, segmenter=source)


def test_a_value_has_no_unit_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    bands, labels = made()
    answer = asked(tmp_path, "What is the mean NDVI of the image?", bands, labels)
    assert (answer.type, answer.unit) == ("number", None)
    assert answer.reading == "The average NDVI of the image."
    assert any(
        "has no NDVI, because a band has no data there or the index is 0 / 0" in w for w in answer.warnings
    )


def test_judged_as_numbers(tmp_path: Path) -> None:
    bands, labels = made()
    bands[1][labels == 2] = 5900
    truth = ndvi(bands)
    forest, fields = np.nanmean(truth[labels == 2]), np.nanmean(truth[labels == 3])
    assert forest > fields
    for question, expected in (
        ("Is the mean NDVI of the forest higher than that of the fields?", "yes"),
        (f"Is the mean NDVI of the forest above {forest + 0.001:.4f}?", "no"),
        (f"Is the average NDVI of the forest at least {forest - 0.001:.4f}?", "yes"),
    ):
        assert asked(tmp_path, question, bands, labels).answer == expected, question


def test_ground_without_any_value_is_refused(tmp_path: Path) -> None:
    bands, labels = made()
    labels[labels == 1] = 0
    with pytest.raises(NotMeasurable, match="No ground of water has a value of NDVI"):
        asked(tmp_path, "What is the mean NDVI of the water?", bands, labels)


def test_degrees_are_weighted_by_their_ground(tmp_path: Path) -> None:
    bands, labels = made(3, (40, 12))
    bands[:] = np.maximum(bands, 1100)
    bands[1] = np.linspace(1200, 5000, 40).astype(np.uint16)[:, None]
    place = {"crs": "EPSG:4326", "transform": Affine(0.5, 0, 10, 0, -0.5, 70)}
    along = np.linspace(10, 10.5, 200)  # a parallel is no geodesic
    geod = pyproj.Geod(ellps="WGS84")
    rows = np.array(
        [
            abs(geod.polygon_area_perimeter([*along, *along[::-1]], [n] * 200 + [n - 0.5] * 200)[0])
            for n in 70 - 0.5 * np.arange(40)
        ]
    )
    weights = np.broadcast_to(rows[:, None], labels.shape)
    truth, water = ndvi(bands), labels == 1
    scene = write(tmp_path / "s.tif", bands, **place)
    source = maps(tmp_path, labels, **place)
    mean = planimeter.ask(scene, "What is the mean NDVI of the water?", segmenter=source).answer
    assert mean == pytest.approx(np.average(truth[water], weights=weights[water]), rel=1e-7)
    assert abs(mean - truth[water].mean()) > 1e-3, "the test would not see plain means"
    median = planimeter.ask(scene, "What is the median NDVI of the water?", segmenter=source).answer
    order = np.argsort(truth[water])
    reached = np.cumsum(weights[water][order])
    assert median == truth[water][order][np.searchsorted(reached, reached[-1] / 2)]


@pytest.mark.parametrize("count", [1, 2, 7, 1000, 1001])
@pytest.mark.parametrize("kind", ["spread", "few", "one"])
def test_a_median_is_exact_however_often_values_are_divided(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int, kind: str
) -> None:
    monkeypatch.setattr(statistics, "_FEW", 3)
    monkeypatch.setattr(statistics, "_BINS", 5)
    random = np.random.default_rng(count)
    bands = np.full((2, 1, count), 3000, np.uint16)
    if kind != "one":
        bands[1, 0] = random.integers(1001, 60000 if kind == "spread" else 1004, count)
    scene = open_scene(write(tmp_path / "s.tif", bands))
    truth = ndvi(bands)
    pictures = [(IndexPixels(scene, OWN["NDVI"]), runs_of(np.ones((1, count), bool)))]
    assert statistics_over(pictures, 100.0, median=True).median == np.median(truth)


def test_clouds_count_for_nothing(tmp_path: Path) -> None:
    bands, labels = made()
    hidden = np.zeros(labels.shape, np.uint8)
    hidden[:, 45:] = 1
    write(tmp_path / "clouds.tif", hidden[None], nodata=None)
    found = asked(tmp_path, "What is the mean NDVI?", bands, labels, clouds=tmp_path / "clouds.tif")
    assert found.answer == pytest.approx(np.nanmean(ndvi(bands)[:, :45]), rel=1e-12)
    assert any(warning.startswith("Clouds or their shadows hide") for warning in found.warnings)


def test_inside_an_area_and_by_zone(tmp_path: Path) -> None:
    bands, labels = made()
    truth = ndvi(bands)
    inside = asked(tmp_path, "What is the mean NDVI?", bands, labels, area="pixels:10,20,50,55")
    assert inside.answer == pytest.approx(np.nanmean(truth[20:55, 10:50]), rel=1e-12)
    squares = {"west": (0, 0, 45, 60), "east": (45, 0, 90, 60)}
    features = [
        {
            "type": "Feature",
            "properties": {"name": name},
            "geometry": {
                "type": "Polygon",
                "coordinates": [
                    [
                        [5e5 + 10 * x, 5e6 - 10 * y]
                        for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))
                    ]
                ],
            },
        }
        for name, (x0, y0, x1, y1) in squares.items()
    ]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32633"}}
    zones = tmp_path / "zones.geojson"
    zones.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}))
    for question in ("What is the mean NDVI of the forest?", "NDVI of the forest by zone"):
        table = asked(tmp_path, question, bands, labels, zones=zones, zone_name="name").answer
        rows = {row["zone"]: row["mean NDVI"] for row in table.records()}
        for name, (x0, _, x1, _) in squares.items():
            part = np.s_[:, x0:x1]
            assert rows[name] == pytest.approx(np.nanmean(truth[part][labels[part] == 2]), rel=1e-12)
        assert rows["all zones"] == pytest.approx(np.nanmean(truth[labels == 2]), rel=1e-12)


def test_two_dates(tmp_path: Path) -> None:
    (was, then), (now, labels) = made(1), made(2)
    before_maps = maps(tmp_path, then)
    (tmp_path / "later").mkdir()
    answer = asked(
        tmp_path / "later", "By how much did the mean NDVI of the forest change?", now, labels,
        before=write(tmp_path / "before.tif", was), before_segmenter=before_maps,
    )  # fmt: skip
    later, earlier = ndvi(now), ndvi(was)
    both = (now[0] > 0) & (was[0] > 0)
    expected = np.nanmean(later[(labels == 2) & both]) - np.nanmean(earlier[(then == 2) & both])
    assert answer.answer == pytest.approx(expected, rel=1e-9)
    assert answer.unit is None


def test_an_earlier_date_on_another_grid_is_looked_up_pixel_by_pixel(tmp_path: Path) -> None:
    (was, then), (now, labels) = made(1, (30, 45)), made(2)
    now[:], was[:] = np.maximum(now, 1100), np.maximum(was, 1100)
    coarse = {"transform": Affine(20, 0, 5e5, 0, -20, 5e6)}
    source = maps(tmp_path, then, **coarse)
    (tmp_path / "later").mkdir()
    answer = asked(
        tmp_path / "later", "By how much did the NDVI change?", now, labels,
        before=write(tmp_path / "before.tif", was, **coarse), before_segmenter=source,
    )  # fmt: skip
    as_fine = np.repeat(np.repeat(ndvi(was), 2, axis=0), 2, axis=1)
    assert answer.answer == pytest.approx(ndvi(now).mean() - as_fine.mean(), rel=1e-9)


def test_an_index_that_needs_reflectance_is_refused_without_and_others_say_so(tmp_path: Path) -> None:
    bands, _ = made()
    path = write(tmp_path / "raw.tif", bands)
    with rasterio.open(path, "r+") as file:
        file.scales, file.offsets = (1.0,) * 3, (0.0,) * 3
    with pytest.raises(NotMeasurable, match="SAVI needs reflectance"):
        planimeter.ask(path, "What is the mean SAVI?", segmenter="index")
    answer = planimeter.ask(path, "What is the mean NDVI?", segmenter="index")
    assert any("NDVI is of the file's own numbers" in warning for warning in answer.warnings)
    with pytest.raises(NotMeasurable, match="NBR needs swir22"):
        planimeter.ask(path, "What is the mean NBR?", segmenter="index")


def test_reflectance_below_zero_is_said(tmp_path: Path) -> None:
    bands, labels = made()
    bands[1, :20] = 900
    answer = asked(tmp_path, "What is the mean NDVI?", bands, labels)
    assert answer.answer == pytest.approx(np.nanmean(ndvi(bands)), rel=1e-12)
    assert any("NDVI below -1 or above 1" in warning for warning in answer.warnings)


def two_scenes(folder: Path, right: float) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Two scenes side by side, or overlapping by 30 columns; their values and labels as one."""
    (one, first), (two, second) = made(1), made(2)
    for name, bands, labels, east in (("a", one, first, 0.0), ("b", two, second, right)):
        (folder / name).mkdir(parents=True)
        place = {"transform": PLACE * Affine.translation(east, 0)}
        write(folder / name / "image.tif", bands, **place)
        maps(folder / name, labels, **place)
    columns = min(int(right), 90)
    values = np.concatenate([ndvi(one), ndvi(two)[:, 90 - columns :]], axis=1)
    # Where the first scene has no data, the second's pixels count.
    shown = np.concatenate([one[0], two[0, :, 90 - columns :]], axis=1) > 0
    labels = np.concatenate([first, second[:, 90 - columns :]], axis=1)
    under = np.pad(ndvi(two), ((0, 0), (columns, 0)), constant_values=np.nan)
    beneath = np.pad(second, ((0, 0), (columns, 0)))
    return (
        [str(folder / name / "image.tif") for name in "ab"],
        np.where(shown, values, under),
        np.where(shown, labels, beneath),
    )


@pytest.mark.parametrize("right", [60.0, 90.0])
def test_several_scenes_are_weighed_by_their_ground(tmp_path: Path, right: float) -> None:
    scenes, values, labels = two_scenes(tmp_path, right)
    sources = MapPatterns(("{folder}/labels.tif",), ("{folder}/legend.json",))
    for question, expected in (
        ("What is the mean NDVI of the forest?", np.nanmean(values[labels == 2])),
        ("What is the highest NDVI of the water?", np.nanmax(values[labels == 1])),
        ("What is the median NDVI of the forest?", np.nanmedian(values[labels == 2])),
    ):
        found = batch(question, scenes, tmp_path / question, Options(sources, workers=1))
        assert found.answer == pytest.approx(expected, rel=1e-12), "joined to one unit"


@pytest.mark.parametrize("coarse", [1, 2])
@pytest.mark.parametrize("right", [60.0, 90.0])
def test_the_earlier_date_of_scenes_that_are_joined(tmp_path: Path, right: float, coarse: int) -> None:
    """Each pixel has both dates of one scene: the first whose two dates show it; earlier ones may be coarser."""
    scenes, _, _ = two_scenes(tmp_path, right)
    columns, width = int(right), int(right) + 90
    now, was = np.full((60, width), np.nan), np.full((60, width), np.nan)
    kinds, then, free = np.zeros((60, width), int), np.zeros((60, width), int), np.ones((60, width), bool)
    for name, seed, east in (("a", 1, 0), ("b", 2, columns)):
        later, labels = made(seed)
        earlier, old = made(seed + 10, (60 // coarse, 90 // coarse))
        place = {"transform": PLACE * Affine.translation(east, 0) * Affine.scale(coarse)}
        (tmp_path / name / "then").mkdir()
        write(tmp_path / name / "then" / "image.tif", earlier, **place)
        maps(tmp_path / name / "then", old, **place)
        fine = earlier.repeat(coarse, 1).repeat(coarse, 2)
        part = np.s_[:, east : east + 90]
        own = free[part] & (later[0] > 0) & (fine[0] > 0)
        for whole, values in (
            (now, ndvi(later)), (was, ndvi(fine)), (kinds, labels), (then, old.repeat(coarse, 0).repeat(coarse, 1)),
        ):  # fmt: skip
            whole[part][own] = values[own]
        free[part] &= ~own
    dates = EarlierPatterns("{folder}/then/image.tif", ("{folder}/labels.tif",), ("{folder}/legend.json",))
    options = Options(
        MapPatterns(("{folder}/labels.tif",), ("{folder}/legend.json",)), before=dates, workers=1
    )
    for question, expected in (
        ("By how much did the mean NDVI of the forest change?",
         np.nanmean(now[kinds == 2]) - np.nanmean(was[then == 2])),
        ("By how much did the mean NDVI change?", np.nanmean(now) - np.nanmean(was)),
    ):  # fmt: skip
        found = batch(question, scenes, tmp_path / question, options)
        assert found.answer == pytest.approx(expected, rel=1e-9), question


def test_scenes_apart_combine_to_the_mean_of_all_their_ground(tmp_path: Path) -> None:
    scenes, _, _ = two_scenes(tmp_path, 500.0)
    (one, first), (two, second) = made(1), made(2)
    pooled = np.concatenate([ndvi(one)[first == 3], ndvi(two)[second == 3]])
    sources = MapPatterns(("{folder}/labels.tif",), ("{folder}/legend.json",))
    found = batch(
        "What is the mean NDVI of the fields?", scenes, tmp_path / "out", Options(sources, workers=1)
    )
    assert found.answer == pytest.approx(np.nanmean(pooled), rel=1e-12)
    assert found.how == "Means were weighed by the ground area that has NDVI."
    refused = batch(
        "What is the median NDVI of the fields?", scenes, tmp_path / "m", Options(sources, workers=1)
    )
    assert refused.answer is None
    assert "median of an index" in refused.how
