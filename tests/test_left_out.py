"""What an answer does not rest on is said where it matters, and what rests on nothing is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.transform import Affine

import planimeter
from planimeter.cli import main
from planimeter.errors import LabelError, NotMeasurable
from planimeter.program import Limits
from planimeter.segment import LabelSegmenter, StackSegmenter

SIDE = 40
METRES = ("EPSG:32633", Affine(10, 0, 5e5, 0, -10, 5e6))
DEGREES = ("EPSG:4326", Affine(2, 0, 0, 0, -2, 80))  # from 80° N to the equator
FOREST, WATER = 10, 80
LEGEND = {"forest": [FOREST], "water": [WATER]}
SHARE = "What percentage of the image is forest?"
LARGEST, SMALLEST = "Which land cover is the largest?", "Which land cover is the smallest?"
TILED = Limits(tile=(16, 16))


def write(
    path: Path, values: np.ndarray, grid: tuple[str, Affine] = METRES, nodata: int | None = 255
) -> Path:
    """A picture (3, H, W) or labels (H, W) as GeoTIFF."""
    values = values if values.ndim == 3 else values[None]
    kind = {"count": len(values), "height": values.shape[1], "width": values.shape[2], "dtype": "uint8"}
    if len(values) == 3:
        kind["photometric"] = "RGB"
    with rasterio.open(
        path, "w", driver="GTiff", crs=grid[0], transform=grid[1], nodata=nodata, **kind
    ) as file:
        file.write(values.astype(np.uint8))
    return path


class Case:
    """A scene of 40 x 40 pixels, and labels for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(
        self,
        labels: np.ndarray,
        question: str = SHARE,
        legend: dict[str, list[int]] | None = None,
        picture: int = 90,
        grid: tuple[str, Affine] = METRES,
        nodata: int | None = 255,
        limits: Limits | None = None,
    ) -> planimeter.Answer:
        image = write(self.folder / "scene.tif", np.full((3, SIDE, SIDE), picture), grid)
        named = self.folder / "legend.json"
        named.write_text(json.dumps(LEGEND if legend is None else legend))
        maps = StackSegmenter(
            [LabelSegmenter(write(self.folder / "labels.tif", labels, grid, nodata), named)]
        )
        return planimeter.ask(image, question, segmenter=maps, limits=limits)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return Case(tmp_path)


def stripes(**rows: int) -> np.ndarray:
    """(40, 40) labels: so many rows of each class, from the top: c10=20 is twenty rows of class 10."""
    return np.concatenate([np.full((count, SIDE), int(name[1:])) for name, count in rows.items()])


@pytest.mark.parametrize("limits", [None, TILED], ids=["whole", "tiled"])
def test_labels_that_cover_half_say_so(case: Case, limits: Limits | None) -> None:
    answer = case.ask(stripes(c10=10, c80=10), limits=limits)  # the north half of the scene alone
    assert answer.answer == 50
    assert answer.warnings == ["The labels cover 50 % of the scene: every figure is of that part alone."]


@pytest.mark.parametrize("limits", [None, TILED], ids=["whole", "tiled"])
def test_what_labels_cover_is_ground(case: Case, limits: Limits | None) -> None:
    answer = case.ask(stripes(c10=15, c80=5), grid=DEGREES, limits=limits)
    geod = pyproj.Geod(ellps="WGS84")

    def zone(
        south: float, north: float
    ) -> float:  # of one degree of longitude, with corners along the parallels
        east = np.linspace(0, 1, 50)
        ring = [*((x, south) for x in east), *((x, north) for x in east[::-1])]
        return abs(geod.polygon_area_perimeter(*zip(*ring, strict=True))[0])

    covered = zone(40, 80) / zone(0, 80)
    assert covered < 0.36  # and not one half
    assert f"The labels cover {100 * covered:.0f} % of the scene" in answer.warnings[-1]
    assert answer.answer == pytest.approx(100 * zone(50, 80) / zone(40, 80), rel=1e-5)


def test_labels_that_cover_everything_say_nothing(case: Case) -> None:
    assert case.ask(stripes(c10=20, c80=20)).warnings == []


@pytest.mark.parametrize("limits", [None, TILED], ids=["whole", "tiled"])
def test_a_scene_without_a_valid_pixel_is_refused(case: Case, limits: Limits | None) -> None:
    with pytest.raises(NotMeasurable, match=r"scene\.tif has no valid pixel.*gdal_edit -unsetnodata"):
        case.ask(stripes(c10=20, c80=20), picture=255, limits=limits)


@pytest.mark.parametrize("limits", [None, TILED], ids=["whole", "tiled"])
def test_labels_without_a_valid_pixel_are_refused(case: Case, limits: Limits | None) -> None:
    with pytest.raises(NotMeasurable, match="labels say nothing of any valid pixel"):
        case.ask(stripes(c255=40), limits=limits)


def test_a_legend_of_another_map_is_refused(case: Case) -> None:
    with pytest.raises(
        LabelError, match=r"labels\.tif holds class 1 and class 2, and nothing that the legend"
    ):
        case.ask(stripes(c1=30, c2=10))
    with pytest.raises(LabelError, match="give the legend that belongs to it"):
        case.ask(stripes(c1=30, c2=10), "How many lakes are there?")


def test_a_mask_that_shows_nothing_is_zero(case: Case) -> None:
    answer = case.ask(stripes(c0=40))
    assert (answer.answer, answer.warnings) == (0, [])


def test_one_class_of_many_may_be_absent_and_that_is_said(case: Case) -> None:
    answer = case.ask(stripes(c1=30, c2=10), legend={"forest": [FOREST]})
    assert answer.answer == 0
    assert "holds class 1 and class 2, and nothing that the legend legend.json names" in answer.warnings[0]


def test_a_topic_that_is_absent_among_others_is_zero(case: Case) -> None:
    answer = case.ask(stripes(c80=40))
    assert (answer.answer, answer.warnings) == (0, [])


@pytest.mark.parametrize(
    ("labels", "question", "said"),
    [
        (
            stripes(c20=24, c10=8, c80=4, c70=4),
            LARGEST,
            "60 % of the map is class 20 and 10 % class 70, which the legend",
        ),
        (stripes(c20=4, c10=30, c80=6), LARGEST, None),  # the forest is larger than whatever has no name
        (stripes(c20=4, c10=30, c80=6), SMALLEST, "10 % of the map is class 20"),
        (stripes(c20=24, c10=12, c80=4), SMALLEST, None),
        (stripes(c20=24, c10=12, c80=4), SHARE, None),
        (stripes(c20=24, c10=12, c80=4), "Which is larger, the water or the forest?", None),
    ],
)
def test_classes_without_a_name_are_said_where_they_matter(
    case: Case, labels: np.ndarray, question: str, said: str | None
) -> None:
    warnings = case.ask(labels, question).warnings
    found = [warning for warning in warnings if "of the map is" in warning]
    assert len(found) == (said is not None)
    assert said is None or said in found[0]


def test_classes_without_a_name_count_as_no_vegetation(case: Case) -> None:
    answer = case.ask(
        stripes(c20=24, c10=12, c30=4),
        "What percentage of the image is vegetation?",
        legend={"forest": [FOREST], "grass": [30], "agric": [40]},
    )
    assert answer.answer == 40
    assert any(
        "60 % of the map is class 20" in each and "counts as vegetation" in each for each in answer.warnings
    )


def test_colours_without_a_name_are_said_as_colours(tmp_path: Path) -> None:
    image = write(tmp_path / "scene.tif", np.full((3, SIDE, SIDE), 90))
    colours = np.zeros((3, SIDE, SIDE))
    colours[0, :30] = 255  # red, and blue below
    colours[2, 30:] = 255
    legend = tmp_path / "legend.json"
    legend.write_text('{"water": ["#0000FF"], "forest": ["#00FF00"]}')
    maps = LabelSegmenter(write(tmp_path / "labels.tif", colours, nodata=None), legend)
    answer = planimeter.ask(image, LARGEST, segmenter=maps)
    assert answer.answer == "water"
    assert "75 % of the map is #FF0000, which the legend" in answer.warnings[0]


@pytest.mark.parametrize("limits", [None, TILED], ids=["whole", "tiled"])
def test_a_class_that_the_file_calls_nodata_is_said(case: Case, limits: Limits | None) -> None:
    answer = case.ask(stripes(c10=10, c80=30), nodata=WATER, limits=limits)
    assert answer.answer == 100
    assert any("declares 80 to be nodata, which the legend calls water" in each for each in answer.warnings)
    assert any("The labels cover 25 % of the scene" in each for each in answer.warnings)


def test_the_command_says_it_in_text_and_in_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    image = write(tmp_path / "scene.tif", np.full((3, SIDE, SIDE), 90))
    labels = write(tmp_path / "labels.tif", stripes(c10=20))
    legend = tmp_path / "legend.json"
    legend.write_text(json.dumps(LEGEND))
    command = ["ask", str(image), SHARE, "--labels", str(labels), "--legend", str(legend)]
    main(command)
    sentence = "The labels cover 50 % of the scene: every figure is of that part alone."
    assert sentence in capsys.readouterr().out
    main([*command, "--json"])
    assert json.loads(capsys.readouterr().out)["warnings"] == [sentence]
