"""Ground that several shapes, or covers of several maps, lie on counts once in a batch, as it does in one scene."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine

import planimeter
from planimeter.meaning.combine import plan_for
from planimeter.meaning.records import Area, Count, ImageArea, Portion, Ratio, Subject
from planimeter.scale.batch import MapPatterns
from planimeter.segment import LabelSegmenter, StackSegmenter, VectorSegmenter
from planimeter.table import Table

from .asking import ask_all
from .conftest import CRS_UTM, NODATA, Here
from .test_zones import write_zones

SIDE = 20
PIXEL = 100.0  # m²
LEFT = {"a": 500_000.0, "b": 501_000.0}  # of two scenes apart
TOP = 5_000_000.0
ON_THE_ELLIPSOID = 2e-3  # polygons are measured on the ellipsoid, pixels as the grid says


def write_raster(path: Path, values: np.ndarray, left: float) -> None:
    """(SIDE, SIDE) uint8, three bands for a picture."""
    bands = values if values.ndim == 3 else values[None]
    with rasterio.open(
        path, "w", driver="GTiff", dtype="uint8", width=SIDE, height=SIDE, count=len(bands), nodata=NODATA,
        crs=CRS_UTM, transform=Affine(10, 0, left, 0, -10, TOP),
    ) as file:  # fmt: skip
        file.write(bands)


def write_scenes(folder: Path, maps: dict[str, np.ndarray], legend: dict[str, list[int]]) -> None:
    """Two grey pictures with the same maps, each map a file beside them."""
    folder.mkdir()
    (folder / "legend.json").write_text(json.dumps(legend))
    for name, left in LEFT.items():
        write_raster(folder / f"{name}.tif", np.full((3, SIDE, SIDE), 90, np.uint8), left)
        for what, values in maps.items():
            write_raster(folder / f"{name}_{what}.tif", values, left)


def covers(table: Any) -> dict[str, tuple[float, float]]:
    """Land cover → hectares, and per cent."""
    assert isinstance(table, Table)
    return {str(row["land cover"]): (row["area"], row["share"]) for row in table.records()}


@pytest.fixture(scope="module")
def stands(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenes of 400 pixels: water on 150 of them, and one stand of forest on 100 others, drawn three times."""
    folder = tmp_path_factory.mktemp("stands") / "in"
    water = np.ones((SIDE, SIDE), np.uint8)
    water.ravel()[-150:] = 4
    write_scenes(folder, {"labels": water}, {"water": [4]})
    for name, left in LEFT.items():
        stand = shapely.box(left, TOP - 100, left + 100, TOP)
        pyogrio.raw.write(
            folder / f"{name}.gpkg", shapely.to_wkb(np.array([stand] * 3)), [np.arange(3)], ["number"],
            geometry_type="Polygon", crs=CRS_UTM.to_wkt(),
        )  # fmt: skip
    return folder


STANDS = MapPatterns(("{stem}_labels.tif",), ("{folder}/legend.json",), ("forest={stem}.gpkg",))


def ask_alone(question: str, folder: Path, name: str = "a") -> planimeter.Answer:
    maps = StackSegmenter(
        [
            LabelSegmenter(folder / f"{name}_labels.tif", folder / "legend.json"),
            VectorSegmenter("forest", folder / f"{name}.gpkg"),
        ]
    )
    return planimeter.ask(folder / f"{name}.tif", question, segmenter=maps)


@pytest.mark.parametrize(
    ("question", "right"),
    [  # 100 pixels of forest, 150 of water
        ("Is there more forest than water?", "no"),
        ("Which is larger, forest or water?", "water"),
        ("Is forest the largest land cover?", "no"),
    ],
)
def test_ground_that_features_share_is_compared_once(
    question: str, right: str, stands: Path, tmp_path: Path, here: Here
) -> None:
    assert ask_alone(question, stands).answer == right
    answer = ask_all(question, stands, tmp_path, maps=STANDS, shapes=False)
    assert (answer.answer, answer.units) == (right, 2)


def test_a_composition_counts_ground_that_features_share_once(
    stands: Path, tmp_path: Path, here: Here
) -> None:
    answer = ask_all("What is the land cover composition?", stands, tmp_path, maps=STANDS, shapes=False)
    found = covers(answer.answer)
    pixels = {"forest": 100, "water": 150, "other ground": 150}
    for name, count in pixels.items():
        wanted = 2 * count * PIXEL / 1e4, 100 * count / SIDE**2
        assert found[name] == pytest.approx(wanted, rel=ON_THE_ELLIPSOID), name
    alone = covers(ask_alone("What is the land cover composition?", stands).answer)
    assert [name for name, _ in found.items()] == list(alone)
    assert [share for _, share in found.values()] == pytest.approx(
        [share for _, share in alone.values()], rel=1e-3
    )


def test_a_total_is_that_of_every_feature_in_a_batch_as_in_a_scene(
    stands: Path, tmp_path: Path, here: Here
) -> None:
    question = "What is the total area of forest in ha?"
    answer = ask_all(question, stands, tmp_path, maps=STANDS, shapes=False)
    alone = [float(ask_alone(question, stands, name).answer) for name in LEFT]
    assert answer.answer == pytest.approx(sum(alone))
    assert alone[0] == pytest.approx(3 * 100 * PIXEL / 1e4, rel=ON_THE_ELLIPSOID)


def test_a_part_of_the_image_counts_shared_ground_once_and_a_ratio_does_not() -> None:
    forest, water = Area(Subject(("forest",))), Area(Subject(("water",)))
    portion = plan_for(Portion(forest, ImageArea()), [("forest", "water")], True)
    assert [meaning.once for meaning in portion.meanings if isinstance(meaning, Area)] == [True]
    for plain in (Portion(forest, water), Ratio(forest, water)):
        meanings = plan_for(plain, [("forest", "water")], True).meanings
        assert [meaning.once for meaning in meanings if isinstance(meaning, Area)] == [False, False]
    counted = plan_for(Portion(Count(forest.of), Count(water.of)), [("forest", "water")], True)
    assert not any(isinstance(meaning, Area) for meaning in counted.meanings)


OVERLAPPING = MapPatterns(("{stem}_forest.tif", "{stem}_urban.tif"), ("{folder}/legend.json",))


@pytest.fixture(scope="module")
def overlapping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two scenes of 20 rows: one map has forest on rows 0 to 7, another urban ground on rows 4 to 11."""
    folder = tmp_path_factory.mktemp("overlapping") / "in"
    forest, urban = np.ones((2, SIDE, SIDE), np.uint8)
    forest[:8], urban[4:12] = 2, 3
    write_scenes(folder, {"forest": forest, "urban": urban}, {"forest": [2], "urban": [3]})
    return folder


@pytest.mark.parametrize("unit", ["ha", "m2"])
def test_other_ground_is_what_none_of_several_maps_covers(
    unit: str, overlapping: Path, tmp_path: Path, here: Here
) -> None:
    asked = f"What is the land cover composition in {unit}?"
    found = covers(ask_all(asked, overlapping, tmp_path, maps=OVERLAPPING, shapes=False).answer)
    for name, rows in {"forest": 8, "urban land": 8, "other ground": 8}.items():
        area = 2 * rows * SIDE * PIXEL / (1e4 if unit == "ha" else 1)
        assert found[name] == pytest.approx((area, 100 * rows / SIDE)), name


def test_other_ground_by_zone_is_what_none_of_several_maps_covers(
    overlapping: Path, tmp_path: Path, here: Here
) -> None:
    # The first zone has rows 2 to 13 of both scenes, the second rows 8 to 19 of the first scene alone.
    places = [shapely.box(0, 2, 120, 14), shapely.box(0, 8, 20, 20)]
    zones = write_zones(tmp_path / "zones.gpkg", places, Affine(10, 0, LEFT["a"], 0, -10, TOP))
    answer = ask_all(
        "What is the land cover composition?", overlapping, tmp_path / "out", maps=OVERLAPPING, shapes=False,
        zones=zones, zone_name="NAME",
    )  # fmt: skip
    found = {(row["zone"], row["land cover"]): (row["area"], row["share"]) for row in answer.answer.records()}
    for zone, rows, scenes in (("District 0", range(2, 14), 2), ("District 1", range(8, 20), 1)):
        bare = sum(row >= 12 for row in rows)
        wanted = scenes * bare * SIDE * PIXEL / 1e4, 100 * bare / len(rows)
        assert found[zone, "other ground"] == pytest.approx(wanted), zone
    seen = 2 * 12 + 6  # rows of the two scenes that lie in any zone
    wanted = (2 * 2 + 6) * SIDE * PIXEL / 1e4, 100 * (2 * 2 + 6) / seen
    assert found["all zones", "other ground"] == pytest.approx(wanted)
