"""A layer that holds several things, given for one of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

import planimeter
from planimeter.errors import LabelError


@pytest.fixture
def image(tmp_path: Path) -> Path:
    path = tmp_path / "image.tif"
    place = {"crs": "EPSG:32633", "transform": from_origin(400_000, 5_200_000, 1, 1)}
    with rasterio.open(
        path, "w", driver="GTiff", height=40, width=60, count=3, dtype="uint8", **place
    ) as file:
        file.write(np.full((3, 40, 60), 90, np.uint8))
    return path


def _layer(path: Path, field: str, values: list[str | None]) -> Path:
    """One square of 4 m a side for each value, and one more outside of the image that says "lake"."""
    boxes = [shapely.box(400_001 + 8 * k, 5_199_980, 400_005 + 8 * k, 5_199_984) for k in range(len(values))]
    boxes.append(shapely.box(401_000, 5_199_980, 401_004, 5_199_984))
    pyogrio.raw.write(
        path,
        geometry=shapely.to_wkb(np.array(boxes)),
        field_data=[np.array([*values, "lake"], dtype=object)],
        fields=[field],
        geometry_type="Polygon",
        crs="EPSG:32633",
    )
    return path


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "shp"])
def test_others_in_the_layer_are_told(image: Path, tmp_path: Path, ending: str) -> None:
    layer = _layer(
        tmp_path / f"things.{ending}", "kind", ["building", "house", "solar panel", "building", "mast"]
    )
    answer = planimeter.ask(
        image, "How many buildings are there?", segmenter=planimeter.VectorSegmenter("roof", layer)
    )
    assert answer.answer == 5
    told = [said for said in answer.warnings if "By the attribute kind" in said]
    assert len(told) == 1
    # The mast is nothing that is known, and the lake lies elsewhere.
    assert "1 feature is 'solar panel', and counted as buildings like the other 4" in told[0]
    assert f"\"things.{ending}|where=kind = 'building'\"" in told[0]
    chosen = planimeter.VectorSegmenter("roof", f"{layer}|where=kind in ('building', 'house')")
    fewer = planimeter.ask(image, "How many buildings are there?", segmenter=chosen)
    assert fewer.answer == 3
    assert not any("By the attribute" in said for said in fewer.warnings)


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("kind", ["building", "house", None]),
        ("kind", ["A", "solar panel", "B"]),  # nobody says "building", so the words mean something else
        ("name", ["Building 1", "lake", "house"]),
    ],
)
def test_layers_of_one_thing_say_nothing(
    image: Path, tmp_path: Path, field: str, values: list[str | None]
) -> None:
    layer = _layer(tmp_path / "things.gpkg", field, values)
    answer = planimeter.ask(
        image, "How many buildings are there?", segmenter=planimeter.VectorSegmenter("roof", layer)
    )
    assert answer.answer == 3
    assert not any("By the attribute" in said for said in answer.warnings)


def test_land_use_of_many_kinds_is_no_forest(image: Path, tmp_path: Path) -> None:
    layer = _layer(tmp_path / "landuse.shp", "fclass", ["forest", "farmland", "farmland", "grass", "water"])
    answer = planimeter.ask(
        image, "What is the area of forest?", segmenter=planimeter.VectorSegmenter("forest", layer)
    )
    assert any("4 features are 'farmland', 'grass', 'water'" in said for said in answer.warnings)


def test_points_of_trees_without_a_place_are_no_mask(image: Path, tmp_path: Path) -> None:
    trees = tmp_path / "trees.csv"
    trees.write_text("x,y\n244,62\n250,70\n")
    with pytest.raises(LabelError, match="has no CRS"):
        planimeter.ask(
            image, "How many trees are there?", segmenter=planimeter.VectorSegmenter("tree", trees)
        )
