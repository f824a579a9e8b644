"""Masks that a person corrected: against rasterio's own rule of pixels whose centres lie inside."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import rasterio
from rasterio.features import geometry_mask
from rasterio.transform import Affine
from scipy import ndimage
from shapely.geometry import LineString, Polygon, box

import planimeter
from planimeter.cli import main
from planimeter.errors import LabelError, PlanimeterError
from planimeter.program import Limits
from planimeter.raster import Scene
from planimeter.segment import StackSegmenter
from planimeter.segment.base import Seen
from planimeter.segment.corrections import Corrections

ROOF, WATER, GRASS, FOREST, AGRIC = 1, 2, 3, 4, 5
LEGEND = {"roof": [ROOF], "water": [WATER], "grass": [GRASS], "forest": [FOREST], "agric": [AGRIC]}
GRID = Affine(0.5, 0, 500000, 0, -0.5, 5000000)
HEIGHT, WIDTH = 120, 160
EIGHT = np.ones((3, 3))


@pytest.fixture
def labels() -> np.ndarray:
    """(120, 160): grass with three houses, two of which run together, a lake and a wood."""
    values = np.full((HEIGHT, WIDTH), GRASS, np.uint8)
    values[10:22, 10:30] = ROOF
    values[50:62, 20:50] = ROOF  # two houses in truth
    values[80:110, 100:150] = WATER
    values[0:40, 100:160] = FOREST
    return values


class Place:
    """A scene with labels, on the ground or without a place on it."""

    def __init__(self, folder: Path, labels: np.ndarray, placed: bool) -> None:
        self.folder, self.labels, self.placed = folder, labels, placed
        profile = {"driver": "GTiff", "height": HEIGHT, "width": WIDTH, "count": 1, "dtype": "uint8"}
        if placed:
            profile |= {"crs": "EPSG:32633", "transform": GRID}
        for name, values in {"labels.tif": labels, "image.tif": np.full_like(labels, 90)}.items():
            with rasterio.open(folder / name, "w", **profile) as file:
                file.write(values, 1)
        (folder / "legend.json").write_text(json.dumps(LEGEND))

    def corrections(self, *edits: tuple[str, str, Polygon]) -> Path:
        """A file of corrections whose polygons are given in pixels."""
        path = self.folder / "fixed.geojson"
        shapes = [polygon for _, _, polygon in edits]
        table = {"topic": [topic for topic, _, _ in edits], "action": [action for _, action, _ in edits]}
        if self.placed:
            frame = gpd.GeoDataFrame(table, geometry=shapes)
            frame.geometry = frame.affine_transform([GRID.a, GRID.b, GRID.d, GRID.e, GRID.c, GRID.f])
            frame.set_crs("EPSG:32633").to_file(path.with_suffix(".gpkg"))
            return path.with_suffix(".gpkg")
        frame = gpd.GeoDataFrame(table, geometry=shapes)
        path.write_text(frame.to_json(drop_id=True))
        return path

    def ask(self, question: str, corrections: Path | Corrections, **options: object) -> planimeter.Answer:
        maps = planimeter.LabelSegmenter(self.folder / "labels.tif", self.folder / "legend.json")
        return planimeter.ask(
            self.folder / "image.tif", question, gsd=0.5, segmenter=maps, corrections=corrections, **options
        )


@pytest.fixture(params=["placed", "pixels"])
def place(request: pytest.FixtureRequest, tmp_path: Path, labels: np.ndarray) -> Place:
    return Place(tmp_path, labels, request.param == "placed")


def inside(polygon: Polygon) -> np.ndarray:
    """Pixels whose centres lie in a polygon of pixel coordinates, by rasterio."""
    return geometry_mask([polygon], (HEIGHT, WIDTH), Affine.identity(), invert=True)


NEW = Polygon([(60.3, 12.2), (80.7, 14.1), (76.2, 30.4), (58.9, 25.5)])
CUT = LineString([(36, 45), (33, 66)]).buffer(0.75, cap_style="flat")
WRONG = box(8, 8, 32, 24)


@pytest.mark.parametrize("limits", [None, Limits(tile=(48, 32))], ids=["whole", "tiled"])
def test_a_house_is_added_one_removed_and_one_cut(
    place: Place, labels: np.ndarray, limits: Limits | None
) -> None:
    fixed = place.corrections(("building", "add", NEW), ("roof", "remove", WRONG), ("roof", "remove", CUT))
    roof = ((labels == ROOF) | inside(NEW)) & ~inside(WRONG) & ~inside(CUT)
    assert ndimage.label(roof, EIGHT)[1] == 3
    answer = place.ask("How many buildings are there?", fixed, limits=limits)
    assert answer.answer == 3
    assert (
        f"A person corrected roof by hand ({fixed.name}): 1 place added and 2 places removed."
        in answer.warnings
    )
    area = place.ask("What is the total area of buildings in m2?", fixed, limits=limits)
    assert area.answer == pytest.approx(roof.sum() * 0.25)


def test_what_is_added_to_one_topic_of_a_map_is_taken_from_the_others(
    place: Place, labels: np.ndarray
) -> None:
    fixed = place.corrections(("roof", "add", NEW))
    grass = (labels == GRASS) & ~inside(NEW)
    answer = place.ask("What percentage of the image is grass?", fixed)
    assert answer.answer == pytest.approx(grass.mean() * 100)
    # Water has not been touched, and nothing is said of corrections there.
    water = place.ask("What percentage of the image is water?", fixed)
    assert water.answer == pytest.approx((labels == WATER).mean() * 100)
    assert not any("corrected" in warning for warning in water.warnings)


def test_one_that_changes_nothing_is_said(place: Place, labels: np.ndarray) -> None:
    speck = box(60.1, 15.1, 60.2, 15.2)  # between the centres of pixels
    answer = place.ask(
        "How many buildings are there?", place.corrections(("roof", "add", speck), ("roof", "add", NEW))
    )
    assert answer.answer == 3
    said = [warning for warning in answer.warnings if "covered no pixel's centre" in warning]
    assert said == ["1 correction of roof covered no pixel's centre and changed nothing: draw larger."]


def test_a_later_polygon_wins(place: Place, labels: np.ndarray) -> None:
    again = box(60, 15, 70, 25)
    fixed = place.corrections(("roof", "remove", again), ("roof", "add", NEW), ("roof", "remove", again))
    roof = ((labels == ROOF) | inside(NEW)) & ~inside(again)
    answer = place.ask("What is the total area of buildings in m2?", fixed)
    assert answer.answer == pytest.approx(roof.sum() * 0.25)


def test_topics_are_composed_of_what_was_corrected(place: Place, labels: np.ndarray) -> None:
    gone = box(100, 0, 130, 20)
    fixed = place.corrections(("forest", "remove", gone))
    green = np.isin(labels, [GRASS, FOREST, AGRIC]) & ~inside(gone)
    answer = place.ask("What percentage of the image is vegetation?", fixed)
    assert answer.answer == pytest.approx(green.mean() * 100)
    with pytest.raises(LabelError, match="corrects 'vegetation', which nothing here shows as its own"):
        place.ask("How much water is there?", place.corrections(("vegetation", "add", NEW)))


def test_what_cannot_be_used_is_refused(place: Place) -> None:
    for topic, action in (("roof", "paint"), ("", "add")):
        with pytest.raises(LabelError, match='attributes topic \\("roof"\\) and action'):
            place.ask("How many buildings are there?", place.corrections((topic, action, NEW)))
    with pytest.raises(LabelError, match="corrects 'airship'"):
        place.ask("How many buildings are there?", place.corrections(("airship", "add", NEW)))
    (place.folder / "bad.geojson").write_text("[]")
    with pytest.raises(PlanimeterError):
        place.ask("How many buildings are there?", place.folder / "bad.geojson")


def test_a_vector_layer_is_not_corrected_as_pixels(tmp_path: Path, labels: np.ndarray) -> None:
    place = Place(tmp_path, labels, placed=True)
    gpd.GeoDataFrame(geometry=[box(500010, 4999950, 500020, 4999960)], crs="EPSG:32633").to_file(
        tmp_path / "b.gpkg"
    )
    with pytest.raises(LabelError, match="edit the layer itself"):
        planimeter.ask(
            tmp_path / "image.tif",
            "How many buildings are there?",
            segmenter=planimeter.VectorSegmenter("roof", tmp_path / "b.gpkg"),
            corrections=place.corrections(("roof", "remove", WRONG)),
        )


def test_corrected_masks_are_written_and_serve_as_labels(tmp_path: Path, labels: np.ndarray) -> None:
    place = Place(tmp_path, labels, placed=True)
    fixed = place.corrections(("roof", "add", NEW), ("roof", "remove", CUT))
    maps = ["--labels", str(tmp_path / "labels.tif"), "--legend", str(tmp_path / "legend.json")]
    out = str(tmp_path / "roof.tif")
    image = str(tmp_path / "image.tif")
    main(["segment", image, "--topics", "roof", "--out", out, "--corrections", str(fixed), *maps])
    roof = ((labels == ROOF) | inside(NEW)) & ~inside(CUT)
    with rasterio.open(out) as file:
        assert np.array_equal(file.read(1) == 1, roof)
    (tmp_path / "again.json").write_text('{"roof": [1]}')
    again = planimeter.LabelSegmenter(out, tmp_path / "again.json")
    counted = planimeter.ask(image, "How many buildings are there?", segmenter=again)
    assert counted.answer == ndimage.label(roof, EIGHT)[1]


def test_layers_of_one_file_are_corrections_of_their_own(tmp_path: Path, labels: np.ndarray) -> None:
    place = Place(tmp_path, labels, placed=True)
    scene = planimeter.open_scene(tmp_path / "image.tif")
    maps = planimeter.LabelSegmenter(tmp_path / "labels.tif", tmp_path / "legend.json")
    frame = gpd.read_file(place.corrections(("roof", "add", NEW), ("roof", "remove", CUT)))
    for layer, rows in {"more": frame[:1], "less": frame[1:]}.items():
        rows.to_file(tmp_path / "both.gpkg", layer=layer)
    for layer, roof in {
        "more": (labels == ROOF) | inside(NEW),
        "less": (labels == ROOF) & ~inside(CUT),
    }.items():
        fixed = f"{tmp_path / 'both.gpkg'}|layer={layer}"
        answer = planimeter.ask(
            scene, "What is the total area of buildings in m2?", segmenter=maps, corrections=fixed
        )
        assert answer.answer == pytest.approx(roof.sum() * 0.25)
        (said,) = [each for each in answer.sources if each.role == "corrections"]
        assert (said.name, said.identity()[:7]) == ("both.gpkg", "sha256 ")


def test_what_was_drawn_in_pixels_fits_any_scene(place: Place, labels: np.ndarray) -> None:
    line = LineString([(36, 45), (33, 66)])
    features = [
        {"geometry": shape.__geo_interface__, "properties": {"topic": "roof", "action": action}}
        for action, shape in (("add", NEW), ("remove", line))
    ]
    roof = ((labels == ROOF) | inside(NEW)) & ~inside(CUT)
    answer = place.ask("What is the total area of buildings in m2?", Corrections.of(features))
    assert answer.answer == pytest.approx(roof.sum() * 0.25)
    assert "A person corrected roof by hand: 1 place added and 1 place removed." in answer.warnings
    assert [each.name for each in answer.sources if each.role == "corrections"] == ["by hand"]
    assert Corrections.of(features).fingerprint() != Corrections.of(features[:1]).fingerprint()
    away = {**features[0], "geometry": box(-9, -9, -1, -1).__geo_interface__}
    with pytest.raises(LabelError, match="Correction 2 of 2 has no area inside"):
        place.ask("How many buildings are there?", Corrections.of([features[0], away]))


def test_what_was_drawn_in_pixels_follows_finer_labels(tmp_path: Path, labels: np.ndarray) -> None:
    place = Place(tmp_path, labels, placed=True)
    fine = {"driver": "GTiff", "count": 1, "dtype": "uint8", "crs": "EPSG:32633"}
    shape = {"height": 2 * HEIGHT, "width": 2 * WIDTH, "transform": GRID @ Affine.scale(0.5)}
    with rasterio.open(tmp_path / "labels.tif", "w", **fine, **shape) as file:
        file.write(labels.repeat(2, 0).repeat(2, 1), 1)
    features = [{"geometry": WRONG.__geo_interface__, "properties": {"topic": "roof", "action": "remove"}}]
    answer = place.ask("What is the total area of buildings in m2?", Corrections.of(features))
    assert answer.answer == pytest.approx(((labels == ROOF) & ~inside(WRONG)).sum() * 0.25)


class Nothing:
    """A model that finds no building anywhere."""

    name = "nothing"
    topics = ("roof",)

    def look(self, scene: Scene, topics: Sequence[str], box: object = None) -> Seen:
        return Seen({topic: np.zeros(scene.shape, bool) for topic in topics})

    def fingerprint(self) -> str:
        return "nothing"


def test_an_earlier_date_is_not_corrected(tmp_path: Path, labels: np.ndarray) -> None:
    place = Place(tmp_path, labels, placed=True)
    answer = planimeter.ask(
        tmp_path / "image.tif",
        "How many buildings are new?",
        segmenter=StackSegmenter([], StackSegmenter([Nothing()])),
        before=tmp_path / "image.tif",
        corrections=place.corrections(("roof", "add", NEW)),
    )
    assert answer.answer == 1
