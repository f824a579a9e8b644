"""Labels in another grid: each pixel of the scene bears the label under its very centre, as PROJ says it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.transform import Affine, from_origin

from planimeter.errors import LabelError
from planimeter.raster import open_scene, read_labels

from .make import write_raster


def under_centres(
    scene: tuple[str, Affine, int, int], labels: tuple[str, Affine, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """Values and whether there are any, pixel by pixel through pyproj."""
    (crs, transform, width, height), (label_crs, label_transform, values) = scene, labels
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    change = pyproj.Transformer.from_crs(crs, label_crs, always_xy=True)
    x, y = change.transform(*(transform * (columns, rows)))
    column, row = ~label_transform * (x, y)
    if pyproj.CRS(label_crs).is_geographic:
        column = np.mod(column, 360 / label_transform.a)
    with np.errstate(invalid="ignore"):
        inside = (column >= 0) & (column < values.shape[1]) & (row >= 0) & (row < values.shape[0])
    result = np.zeros((height, width), values.dtype)
    result[inside] = values[np.floor(row[inside]).astype(int), np.floor(column[inside]).astype(int)]
    return result, inside


def classes(height: int, width: int) -> np.ndarray:
    """No two neighbours alike more often than by chance, so that a shift by one pixel shows."""
    return np.random.default_rng(7).integers(1, 250, (height, width), dtype=np.uint8)


#: scene (CRS, transform, width, height) and labels (CRS, transform, width, height)
PAIRS = {
    "UTM under degrees": (
        ("EPSG:32633", from_origin(600_000, 5_200_000, 10, 10), 700, 500),
        ("EPSG:4326", from_origin(16.2, 47.0, 1 / 12_000, 1 / 12_000), 1600, 900),
    ),
    "round the north pole": (
        ("EPSG:3413", from_origin(-3e6, 3e6, 10_000, 10_000), 600, 600),
        ("EPSG:4326", from_origin(-180, 90, 0.25, 0.25), 1440, 720),
    ),
    "longitudes from 0 to 360": (
        ("EPSG:4326", from_origin(190, 1, 0.01, 0.01), 200, 200),
        ("EPSG:4326", from_origin(-180, 2, 0.013, 0.013), 1500, 300),
    ),
    "across 180 in UTM 60": (
        ("EPSG:32660", from_origin(650_000, 1_000_000, 1000, 1000), 300, 300),
        ("EPSG:4326", from_origin(-180, 45, 0.1, 0.1), 3600, 900),
    ),
    "a turned grid": (
        ("EPSG:32633", Affine.translation(6e5, 5.2e6) * Affine.rotation(30) * Affine.scale(5, -5), 300, 200),
        ("EPSG:3857", from_origin(1_813_000, 5_935_000, 6, 6), 900, 900),
    ),
    "a datum far away": (
        ("EPSG:27700", from_origin(530_000, 180_000, 5, 5), 300, 300),
        ("EPSG:32630", from_origin(699_000, 5_713_000, 5, 5), 700, 700),
    ),
    "the whole world": (
        ("EPSG:8857", from_origin(-17.3e6, 8.4e6, 100_000, 100_000), 346, 168),
        ("EPSG:4326", from_origin(-180, 90, 0.5, 0.5), 720, 360),
    ),
}


@pytest.mark.parametrize("name", PAIRS)
def test_each_pixel_bears_the_label_under_its_centre_however_it_is_cut(name: str, tmp_path: Path) -> None:
    (crs, transform, width, height), (label_crs, label_transform, w, h) = PAIRS[name]
    scene = open_scene(
        write_raster(tmp_path / "s.tif", np.zeros((height, width), np.uint8), crs=crs, transform=transform)
    )
    values = classes(h, w)
    path = write_raster(tmp_path / "l.tif", values, crs=label_crs, transform=label_transform)
    expected, inside = under_centres((crs, transform, width, height), (label_crs, label_transform, values))
    assert inside.any()
    whole = read_labels(path, scene)
    assert np.array_equal(whole.valid, inside)
    assert np.array_equal(np.where(whole.valid, whole.values, 0), expected)
    for box in ((0, 0, 7, 5), (13, 29, 141, 94), (width - 50, height - 31, width, height)):
        x0, y0, x1, y1 = box
        part = read_labels(path, scene, box)
        assert np.array_equal(part.valid, inside[y0:y1, x0:x1])
        assert np.array_equal(np.where(part.valid, part.values, 0), expected[y0:y1, x0:x1])


SAME = Affine(0.5, 0, 5e5, 0, -0.5, 4.98e6)


@pytest.mark.parametrize(
    ("scene_crs", "label_crs", "shift", "outcome"),
    [
        ("EPSG:32615", None, 0.0, "laid on"),
        ("EPSG:32615", None, 0.4, "laid on"),
        ("EPSG:32615", None, 3.0, "refused"),
        (None, "EPSG:32615", 3.0, "refused"),
        (None, None, 3.0, "placed"),
        (None, None, 300.0, "refused"),
    ],
)
def test_equal_size_alone_is_no_reason_to_lay_labels_on_a_scene(
    tmp_path: Path, scene_crs: str | None, label_crs: str | None, shift: float, outcome: str
) -> None:
    values = classes(40, 60)
    image = write_raster(tmp_path / "s.tif", np.zeros((40, 60), np.uint8), crs=scene_crs, transform=SAME)
    moved = SAME * Affine.translation(shift, 0)
    labels = write_raster(tmp_path / "l.tif", values, crs=label_crs, transform=moved)
    scene = open_scene(image)
    if outcome == "refused":
        with pytest.raises(LabelError, match=r"a_srs|overlap"):
            read_labels(labels, scene)
    elif outcome == "placed":
        read = read_labels(labels, scene)
        assert np.array_equal(read.values[:, 3:], values[:, :-3])
        assert not read.valid[:, :3].any()
    else:
        assert np.array_equal(read_labels(labels, scene).values, values)


def test_labels_of_colours_come_by_place_as_well(tmp_path: Path) -> None:
    colours = np.stack(
        [classes(60, 80), classes(60, 80).T[:60, :60].repeat(2, axis=1)[:, :80], classes(60, 80)]
    )
    degrees = from_origin(14.99, 45.01, 0.0005, 0.0005)
    scene = write_raster(
        tmp_path / "s.tif",
        np.zeros((30, 30), np.uint8),
        crs="EPSG:32633",
        transform=from_origin(5e5, 4.983e6, 50, 50),
    )
    path = tmp_path / "l.tif"
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        dtype="uint8",
        count=3,
        height=60,
        width=80,
        crs="EPSG:4326",
        transform=degrees,
    ) as file:
        file.write(colours)
    read = read_labels(path, open_scene(scene))
    for band in range(3):
        expected, inside = under_centres(
            ("EPSG:32633", from_origin(5e5, 4.983e6, 50, 50), 30, 30), ("EPSG:4326", degrees, colours[band])
        )
        assert inside.any()
        assert np.array_equal(np.where(read.valid, read.values[..., band], 0), expected)
