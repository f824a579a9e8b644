"""What somebody who is new does wrong: one sentence that says what to do, and no number that looks right."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import rasterio
from click.testing import CliRunner
from rasterio.transform import from_origin

import planimeter
from planimeter.cli.ask import command
from planimeter.errors import PlanimeterError, UsageError

WATER, FOREST, GRASS = 5, 2, 3


def _write(path: Path, values: np.ndarray, nodata: float | None = None) -> Path:
    bands = values if values.ndim == 3 else values[None]
    count, height, width = bands.shape
    profile = {"driver": "GTiff", "height": height, "width": width, "count": count, "nodata": nodata}
    place = {"crs": "EPSG:32633", "transform": from_origin(400_000, 5_200_000, 1, 1)}
    with rasterio.open(path, "w", dtype=bands.dtype, **profile, **place) as file:
        file.write(bands)
    return path


@pytest.fixture
def image(tmp_path: Path) -> Path:
    return _write(tmp_path / "image.tif", np.full((3, 20, 50), 90, np.uint8))


@pytest.fixture
def classes() -> np.ndarray:
    """A fifth water, the rest grass, some forest: 20 x 50 m."""
    found = np.full((20, 50), GRASS, np.uint8)
    found[:, :10] = WATER
    found[5:10, 30:40] = FOREST
    return found


def _asked(image: Path, labels: Path, legend: object) -> planimeter.Answer:
    meaning = labels.with_suffix(".json")
    meaning.write_text(json.dumps(legend))
    return planimeter.ask(
        image, "What percentage is water?", segmenter=planimeter.LabelSegmenter(labels, meaning)
    )


def test_a_value_mistaken_in_a_legend_is_told(image: Path, classes: np.ndarray, tmp_path: Path) -> None:
    labels = _write(tmp_path / "labels.tif", classes)
    answer = _asked(image, labels, {"water": [9], "forest": [FOREST]})
    assert answer.answer == 0
    (said,) = answer.warnings
    grass, water = (100 * float((classes == value).mean()) for value in (GRASS, WATER))
    assert f"class 3 on {grass:g} % and class 5 on {water:g} % of the ground" in said
    assert "shows no water" in said
    # What is there is not suspected, nor is a legend that names all there is.
    assert _asked(image, labels, {"water": [WATER], "forest": [9]}).warnings == []
    everything = {"water": [9], "forest": [FOREST], "grass": [GRASS], "agric": [WATER]}
    assert _asked(image, labels, everything).warnings == []


@pytest.mark.parametrize(
    ("kind", "value"), [("int16", -9999), ("int16", -1), ("uint8", 255), ("uint16", 65535)]
)
def test_missing_data_that_nobody_marked_is_told(
    image: Path, classes: np.ndarray, tmp_path: Path, kind: str, value: int
) -> None:
    holed = classes.astype(kind)
    holed[:5] = value  # a quarter
    legend = {"water": [WATER], "grass": [GRASS], "forest": [FOREST]}
    answer = _asked(image, _write(tmp_path / "labels.tif", holed), legend)
    assert answer.answer == pytest.approx(15)  # 150 of 1,000 pixels
    assert [f"gdal_edit -a_nodata {value} on it" in said for said in answer.warnings] == [True]
    marked = _asked(image, _write(tmp_path / "marked.tif", holed, nodata=value), legend)
    assert marked.answer == pytest.approx(20)  # 150 of 750
    assert not any("gdal_edit" in said for said in marked.warnings)
    named = _asked(image, tmp_path / "labels.tif", {**legend, "barren": [value]})
    assert named.warnings == []


@pytest.mark.parametrize(
    ("legend", "said"),
    [
        ({"5": "water", "2": "forest"}, 'turn it round, like {"water": [5]}'),
        ({"#0000FF": "water"}, 'turn it round, like {"water": ["#0000FF"]}'),
        ({"water": ["5"]}, "use whole numbers"),
    ],
)
def test_a_legend_the_wrong_way_round(
    image: Path, classes: np.ndarray, tmp_path: Path, legend: object, said: str
) -> None:
    with pytest.raises(PlanimeterError, match="legend") as refused:
        _asked(image, _write(tmp_path / "labels.tif", classes), legend)
    assert said in str(refused.value)


@pytest.mark.parametrize("bands", [2, 3, 4])
def test_masks_in_bands_are_no_classes(image: Path, classes: np.ndarray, tmp_path: Path, bands: int) -> None:
    masks = np.stack([classes == value for value in (WATER, FOREST, GRASS, 9)][:bands]).astype(np.uint8)
    with pytest.raises(PlanimeterError, match="gdal_translate -b 1"):
        _asked(image, _write(tmp_path / "masks.tif", masks), {"water": [1]})
    # One mask as a file of its own is what can be given back.
    alone = _asked(image, _write(tmp_path / "water.tif", masks[0]), {"water": [1]})
    assert alone.answer == pytest.approx(20)


def test_python_says_what_it_takes(image: Path, classes: np.ndarray, tmp_path: Path) -> None:
    labels = _write(tmp_path / "labels.tif", classes)
    maps = planimeter.LabelSegmenter(labels, {"water": [WATER], "forest": [FOREST]})
    question = "What percentage is water?"
    assert planimeter.ask(image, question, segmenter=maps).answer == pytest.approx(20)
    with pytest.raises(UsageError, match="write pixels to a file first"):
        planimeter.ask(np.zeros((3, 20, 50), np.uint8), question, segmenter=maps)  # type: ignore[arg-type]
    program = tmp_path / "program.py"
    program.write_text("answer = 7")
    with pytest.raises(UsageError, match="give the program's text"):
        planimeter.run(str(program), image, segmenter=maps)
    assert planimeter.run(program.read_text(), image, segmenter=maps).answer == 7


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["QUESTION", "IMAGE"], "The image comes first"),
        (["IMAGE", "How", "many", "houses"], "quotation marks"),
        (["IMAGE", "QUESTION", "--gsd", "0,5"], "such as 0.3 for 30 cm"),
        (["IMAGE", "QUESTION", "--gsd", "30cm"], "such as 0.3 for 30 cm"),
        (["IMAGE", "QUESTION", "--labels", "labels.tif"], "What do the values of 'labels.tif' mean?"),
    ],
)
def test_slips_on_the_command_line(image: Path, arguments: list[str], said: str) -> None:
    words = {"IMAGE": str(image), "QUESTION": "How many houses are there?"}
    done = CliRunner().invoke(command, [words.get(each, each) for each in arguments])
    assert done.exit_code != 0
    assert said in f"{done.output} {done.exception}"
