"""Existing maps on a scene's grid: label rasters and vector layers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
import rasterio.features
import shapely
from rasterio.transform import Affine
from rasterio.warp import Resampling, calculate_default_transform, reproject

from planimeter.errors import LabelError
from planimeter.raster import open_scene, read_labels
from planimeter.raster.vector import read_features

from .make import write_raster

GRID = Affine(0.5, 0, 5e5, 0, -0.5, 4.98e6)
UTM = {"crs": "EPSG:32615", "transform": GRID}
VALUES = np.kron(
    np.random.default_rng(1).integers(1, 7, (12, 15), dtype=np.uint8), np.ones((10, 10), np.uint8)
)


@pytest.fixture
def scene_path(tmp_path: Path) -> Path:
    """A scene of 120 x 150 pixels."""
    return write_raster(tmp_path / "scene.tif", np.zeros((3, 120, 150), np.uint8), **UTM)


def test_labels_of_the_same_grid_come_as_they_are(tmp_path: Path, scene_path: Path) -> None:
    labels = read_labels(write_raster(tmp_path / "l.tif", VALUES, **UTM), open_scene(scene_path))
    assert np.array_equal(labels.values, VALUES)
    assert labels.valid.all()


def test_plain_label_pictures_fit_by_size(tmp_path: Path, scene_path: Path) -> None:
    labels = read_labels(write_raster(tmp_path / "l.png", VALUES), open_scene(scene_path))
    assert np.array_equal(labels.values, VALUES)
    with pytest.raises(LabelError, match="size"):
        read_labels(write_raster(tmp_path / "s.png", VALUES[:50]), open_scene(scene_path))


def test_a_shifted_map_is_laid_over_by_place_not_by_pixel(tmp_path: Path, scene_path: Path) -> None:
    shifted = GRID * Affine.translation(20, 10)
    path = write_raster(tmp_path / "l.tif", VALUES, crs="EPSG:32615", transform=shifted)
    labels = read_labels(path, open_scene(scene_path))
    assert np.array_equal(labels.values[10:, 20:], VALUES[:-10, :-20])
    assert labels.valid[10:, 20:].all()
    assert not labels.valid[:10].any()
    assert not labels.valid[:, :20].any()


def test_a_coarser_map_in_another_crs_is_brought_over_by_nearest_neighbour(
    tmp_path: Path, scene_path: Path
) -> None:
    transform, width, height = calculate_default_transform(
        "EPSG:32615", "EPSG:4326", 150, 120, *rasterio.transform.array_bounds(120, 150, GRID)
    )
    warped = np.zeros((height, width), np.uint8)
    reproject(
        VALUES,
        warped,
        src_crs="EPSG:32615",
        src_transform=GRID,
        dst_crs="EPSG:4326",
        dst_transform=transform,
        resampling=Resampling.nearest,
    )
    path = write_raster(tmp_path / "l.tif", warped, crs="EPSG:4326", transform=transform, nodata=0)
    labels = read_labels(path, open_scene(scene_path))
    inner = (slice(5, -5), slice(5, -5))
    assert (labels.values[inner] == VALUES[inner]).mean() > 0.9
    assert labels.valid[inner].all()


def test_a_map_of_another_place_is_refused(tmp_path: Path, scene_path: Path) -> None:
    far = write_raster(
        tmp_path / "l.tif", VALUES, crs="EPSG:32615", transform=Affine(0.5, 0, 6e5, 0, -0.5, 5e6)
    )
    with pytest.raises(LabelError, match="overlap"):
        read_labels(far, open_scene(scene_path))


def test_nodata_of_the_label_file_is_not_valid(tmp_path: Path, scene_path: Path) -> None:
    labels = read_labels(write_raster(tmp_path / "l.tif", VALUES, **UTM, nodata=3), open_scene(scene_path))
    assert np.array_equal(labels.valid, VALUES != 3)


@pytest.mark.parametrize("kind", ["jpeg", "fractions", "two bands"])
def test_what_holds_no_labels_is_refused(tmp_path: Path, scene_path: Path, kind: str) -> None:
    path = {
        "jpeg": lambda: write_raster(tmp_path / "l.jpg", VALUES),
        "fractions": lambda: write_raster(tmp_path / "l.tif", VALUES.astype(np.float32) / 7, **UTM),
        "two bands": lambda: write_raster(tmp_path / "l.tif", np.stack([VALUES, VALUES]), **UTM),
    }[kind]()
    with pytest.raises(LabelError):
        read_labels(path, open_scene(scene_path))


def geojson(path: Path, rings: list[list[tuple[float, float]]], crs: str = "EPSG:4326") -> Path:
    """Polygons given in the scene's UTM metres, written as WGS 84."""
    from pyproj import Transformer

    change = Transformer.from_crs("EPSG:32615", crs, always_xy=True)
    features = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [[change.transform(*point) for point in ring]]},
        }
        for ring in rings
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def box(x0: float, y0: float, x1: float, y1: float) -> list[tuple[float, float]]:
    """A rectangle in pixels of the scene, as a closed ring in metres."""
    return [GRID * corner for corner in ((x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0))]


def test_polygons_come_in_pixels_of_the_scene(tmp_path: Path, scene_path: Path) -> None:
    path = geojson(tmp_path / "p.geojson", [box(10, 20, 30, 40), box(100.4, 5.4, 110.6, 9.6)])
    found = shapely.bounds(read_features(path, open_scene(scene_path)).pixels)
    assert found == pytest.approx(np.array([(10, 20, 30, 40), (100.4, 5.4, 110.6, 9.6)]), abs=1e-4)


def test_polygons_beside_the_scene_are_none(tmp_path: Path, scene_path: Path) -> None:
    path = geojson(tmp_path / "p.geojson", [box(160, 0, 170, 10)])
    found = read_features(path, open_scene(scene_path))
    assert (len(found.pixels), found.outside) == (0, 1)


def test_a_layer_that_lies_elsewhere_is_refused(tmp_path: Path, scene_path: Path) -> None:
    path = geojson(tmp_path / "p.geojson", [box(10_000, 1000, 10_100, 1100)])
    with pytest.raises(LabelError, match="elsewhere"):
        read_features(path, open_scene(scene_path))


def test_real_footprints_agree_with_the_published_label_raster(data_dir: Path) -> None:
    for polygons in sorted((data_dir / "buildings").glob("*.geojson")):
        scene = open_scene(polygons.with_suffix(".tif"))
        burnt = rasterio.features.rasterize(read_features(polygons, scene).pixels, scene.shape) == 1
        labels = read_labels(polygons.with_name(polygons.stem + "_labels.tif"), scene).values == 1
        union = (burnt | labels).sum()
        assert (burnt & labels).sum() / union > 0.97, polygons.name


def test_vector_layers_that_cannot_be_used(tmp_path: Path, scene_path: Path) -> None:
    scene = open_scene(scene_path)
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"no database")
    for path, needle in ((broken, "cannot|not a vector"), (tmp_path / "no.gpkg", "exist")):
        with pytest.raises(LabelError, match=needle):
            read_features(path, scene)
    picture = open_scene(write_raster(tmp_path / "plain.png", np.zeros((3, 9, 9), np.uint8)))
    with pytest.raises(LabelError, match="georeference"):
        read_features(geojson(tmp_path / "p.geojson", [box(0, 0, 5, 5)]), picture)
