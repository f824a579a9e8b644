"""An index of each field by itself: equal to numpy and scipy over labels, layers, two dates and tiles."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy import ndimage

import planimeter
from planimeter.errors import NotMeasurable, NotUnderstood
from planimeter.program import Limits, check_program, functions, run_program
from planimeter.raster import open_scene

from .test_index_values import made, maps, ndvi, write

EIGHT = np.ones((3, 3), int)


def fields() -> tuple[np.ndarray, np.ndarray]:
    """Stored values, and labels of some forty fields of one class with water between."""
    bands, _ = made()
    bands[:2, 20:28, 26:36] = 1000  # 0 / 0 all over a field
    labels = np.ones((60, 90), np.uint8)
    for y in range(0, 60, 10):
        for x in range(0, 90, 13):
            labels[y : y + 8, x : x + 5 + (x + y) % 6] = 3
    return bands, labels


def by_scipy(bands: np.ndarray, labels: np.ndarray) -> list[np.ndarray]:
    """The NDVI of the pixels of each field that have one."""
    found, count = ndimage.label(labels == 3, EIGHT)
    values = ndvi(bands)
    each = [values[found == k] for k in range(1, count + 1)]
    return [pixels[np.isfinite(pixels)] for pixels in each]


CASES = {
    "What is the mean NDVI of each field?": (np.mean, True),
    "List the highest NDVI of every field": (np.max, True),
    "What is the lowest NDVI of each field?": (np.min, True),
    "standard deviation of the NDVI of each field": (np.std, True),
    "Rank the fields by mean NDVI from lowest to highest": (np.mean, False),
}


@pytest.mark.parametrize("question", CASES)
@pytest.mark.parametrize("limits", [None, Limits(tile=(32, 48))])
def test_each_field_has_its_own(tmp_path: Path, question: str, limits: Limits | None) -> None:
    statistic, highest = CASES[question]
    bands, labels = fields()
    truth = by_scipy(bands, labels)
    assert len(truth) > 30
    assert any(len(pixels) == 0 for pixels in truth), "a field without a value"
    image = write(tmp_path / "s.tif", bands)
    answer = planimeter.ask(image, question, segmenter=maps(tmp_path, labels), limits=limits)
    assert answer.type == "list"
    name = answer.answer.columns[2].name
    assert "NDVI" in name
    found = answer.answer.column(name)
    expected = sorted((float(statistic(p)) for p in truth if len(p)), reverse=highest)
    assert found[: len(expected)] == pytest.approx(expected, rel=1e-12)
    assert set(found[len(expected) :]) == {None}
    assert len(found) == len(truth)
    assert "NDVI of each" in answer.reading


@pytest.mark.parametrize(
    ("question", "count", "highest"),
    [
        ("Which field has the lowest NDVI?", 1, False),
        ("Which of the fields has the highest mean NDVI?", 1, True),
        ("List the three fields with the lowest NDVI", 3, False),
        ("Which 4 fields have the highest NDVI?", 4, True),
    ],
)
def test_the_fields_at_an_end(tmp_path: Path, question: str, count: int, highest: bool) -> None:
    bands, labels = fields()
    means = sorted((p.mean() for p in by_scipy(bands, labels) if len(p)), reverse=highest)
    answer = planimeter.ask(
        write(tmp_path / "s.tif", bands), question, segmenter=maps(tmp_path, labels)
    ).answer
    assert answer.column("mean NDVI") == pytest.approx(means[:count], rel=1e-12)


def test_conditions_and_ties(tmp_path: Path) -> None:
    bands, labels = fields()
    bands[:, :20] = np.array([2000, 4000, 3000]).reshape(3, 1, 1)  # one value all over
    image, segmenter = write(tmp_path / "s.tif", bands), maps(tmp_path, labels)
    found, count = ndimage.label(labels == 3, EIGHT)
    pixels = [np.argwhere(found == k) for k in range(1, count + 1)]
    means = {k: ndvi(bands)[tuple(p.T)] for k, p in enumerate(pixels)}
    large = [k for k, p in enumerate(pixels) if len(p) > 60 and np.isfinite(means[k]).any()]
    best = max(float(np.nanmean(means[k])) for k in large)
    answer = planimeter.ask(
        image, "Which field larger than 0.6 ha has the highest NDVI?", segmenter=segmenter
    ).answer
    assert answer.column("mean NDVI")[0] == pytest.approx(best, rel=1e-12)
    equal = [k for k in large if np.nanmean(means[k]) == pytest.approx(best, rel=1e-12)]
    assert len(answer) == len(equal) > 1, "what is equal is listed together"


def test_features_that_overlap_are_measured_each_by_itself(tmp_path: Path) -> None:
    bands, _ = made()
    boxes = [(2, 30, 20, 50), (10, 35, 40, 45), (60, 12, 61, 13)]  # x0, y0, x1, y1 in pixels
    frame = gpd.GeoDataFrame(
        geometry=[
            shapely.box(5e5 + 10 * a, 5e6 - 10 * d, 5e5 + 10 * c, 5e6 - 10 * b) for a, b, c, d in boxes
        ],
        crs="EPSG:32633",
    )
    frame.to_file(tmp_path / "fields.gpkg")
    segmenter = planimeter.VectorSegmenter("agric", tmp_path / "fields.gpkg")
    answer = planimeter.ask(
        write(tmp_path / "s.tif", bands), "What is the mean NDVI of each field?", segmenter=segmenter
    ).answer
    expected = sorted((float(np.nanmean(ndvi(bands)[b:d, a:c])) for a, b, c, d in boxes), reverse=True)
    assert answer.column("mean NDVI") == pytest.approx(expected, rel=1e-12)


def test_in_degrees_pixels_weigh_by_their_ground(tmp_path: Path) -> None:
    from rasterio.transform import Affine

    bands, labels = fields()
    place = {"crs": "EPSG:4326", "transform": Affine(0.2, 0, 5, 0, -0.2, 70)}
    image = write(tmp_path / "s.tif", bands, **place)
    answer = planimeter.ask(
        image, "What is the mean NDVI of each field?", segmenter=maps(tmp_path, labels, **place)
    ).answer
    # A row's ground is in proportion to the difference of its edges' authalic sines.
    e = np.sqrt(0.0066943799901413165)
    s = np.sin(np.radians(70 - 0.2 * np.arange(61)))
    q = (1 - e**2) * (s / (1 - e**2 * s**2) - np.log((1 - e * s) / (1 + e * s)) / (2 * e))
    rows = np.broadcast_to((q[:-1] - q[1:])[:, None], (60, 90))
    found, count = ndimage.label(labels == 3, EIGHT)
    values, means = ndvi(bands), []
    for k in range(1, count + 1):
        here = (found == k) & np.isfinite(values)
        means += [float(np.average(values[here], weights=rows[here]))] if here.any() else []
    assert answer.column("mean NDVI")[: len(means)] == pytest.approx(sorted(means, reverse=True), rel=1e-9)


def test_the_example_runs_and_what_cannot_be_is_refused(tmp_path: Path) -> None:
    bands, labels = fields()
    image, segmenter = write(tmp_path / "s.tif", bands), maps(tmp_path, labels)
    example = functions()["measure_index_of_each"].example
    assert check_program(example) == []
    found = run_program(example, open_scene(image), segmenter).answer
    means = sorted(p.mean() for p in by_scipy(bands, labels) if len(p))
    assert found.column("mean NDVI") == pytest.approx(means, rel=1e-12)
    with pytest.raises(NotUnderstood, match="median NDVI of each"):
        planimeter.ask(image, "What is the median NDVI of each field?", segmenter=segmenter)
    with pytest.raises(NotMeasurable, match="swir16"):
        planimeter.ask(image, "Which field has the lowest MNDWI?", segmenter=segmenter)
    bands[:] = 0
    bare = write(tmp_path / "bare.tif", bands + 1000, nodata=None)
    with pytest.raises(NotMeasurable, match="with a value of NDVI"):
        planimeter.ask(bare, "Which field has the lowest NDVI?", segmenter=segmenter)
