"""Several dates of one place: a row for each, equal to numpy, gaps by clouds said, undated scenes refused."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from planimeter.errors import NotMeasurable, UsageError
from planimeter.raster import open_scene
from planimeter.raster.acquired import acquired
from planimeter.scale.batch import BatchAnswer, MapPatterns, Options, batch
from planimeter.scale.batch.masks_beside import cloud_masks, masks_note
from planimeter.table import Table

SIDE = 40
PLACE = Affine(10, 0, 5e5, 0, -10, 5e6)
DAYS = ("2021-04-01", "2021-06-10", "2021-08-20")


def bands_of(seed: int) -> np.ndarray:
    """Red, green, near infrared."""
    return np.random.default_rng(seed).integers(500, 6000, (3, SIDE, SIDE)).astype(np.uint16)


def write(path: Path, planes: np.ndarray, east: float = 0, **options: object) -> Path:
    profile = {"crs": "EPSG:32633", "transform": PLACE * Affine.translation(east, 0), "dtype": planes.dtype}
    count, height, width = planes.shape
    path.parent.mkdir(parents=True, exist_ok=True)
    with rasterio.open(
        path, "w", driver="GTiff", count=count, height=height, width=width, **(profile | options)
    ) as file:
        file.write(planes)
        if count == 3:
            file.descriptions = ["red", "green", "nir"]
            file.scales = (1e-4,) * 3
    return path


def series(folder: Path) -> list[str]:
    """Three dates; on the second a second scene beside the first, on the third clouds over a half."""
    given = []
    for number, day in enumerate(DAYS):
        for part in range(1 + (number == 1)):
            path = write(folder / f"field_{day}_{part}.tif", bands_of(10 * number + part), part * SIDE)
            clouds = np.zeros((1, SIDE, SIDE), np.uint8)
            clouds[:, :, SIDE // 2 :] = number == 2
            write(path.with_name(f"{path.stem}_clouds.tif"), clouds, part * SIDE)
            given.append(str(path))
    return given


def ndvi(bands: np.ndarray) -> np.ndarray:
    red, _, nir = bands.astype(float)
    return (nir - red) / (nir + red)


def ask(
    question: str, given: list[str], folder: Path, by: str = "", clouds: str | None = "{stem}_clouds.tif"
) -> BatchAnswer:
    return batch(
        question, given, folder, Options(MapPatterns(segmenter="index"), clouds=clouds, by=by, workers=1)
    )


def test_a_row_for_each_date_equals_numpy(tmp_path: Path) -> None:
    found = ask("What is the mean NDVI?", series(tmp_path / "in"), tmp_path / "out", by="date")
    assert isinstance(found.answer, Table)
    rows = found.answer.records()
    assert [row["date"] for row in rows] == list(DAYS)
    seen = [
        ndvi(bands_of(0)),
        np.concatenate([ndvi(bands_of(10)), ndvi(bands_of(11))], axis=1),
        ndvi(bands_of(20))[:, : SIDE // 2],
    ]
    assert [row["mean NDVI"] for row in rows] == pytest.approx([values.mean() for values in seen], rel=1e-12)
    assert [row["seen"] for row in rows] == pytest.approx([values.size / 100 for values in seen], rel=1e-3)
    assert [row["hidden"] for row in rows] == [0, 0, 50]
    assert found.valid_hectares is None, "the ground of several dates is no sum"
    with (tmp_path / "out" / "dates.csv").open() as file:
        kept = list(csv.DictReader(file))
    assert [float(row["mean NDVI"]) for row in kept] == pytest.approx(
        [row["mean NDVI"] for row in rows], rel=1e-14
    )
    chart = (tmp_path / "out" / "dates.svg").read_text()
    assert all(day in chart for day in DAYS)
    assert chart.count("<circle") == 3


@pytest.mark.parametrize("question", ["water area by date", "What is the area of water for each date?"])
def test_words_ask_for_it_as_well(tmp_path: Path, question: str) -> None:
    found = ask(question, series(tmp_path / "in"), tmp_path / "out")
    assert isinstance(found.answer, Table)
    expected = []
    for planes, columns in ((bands_of(0), SIDE), (np.concatenate([bands_of(10), bands_of(11)], 2), 2 * SIDE),
                            (bands_of(20), SIDE // 2)):  # fmt: skip
        _, green, nir = planes[:, :, :columns].astype(float)
        expected.append(((green > nir) & (nir < 1100)).sum() / 100)
    assert found.answer.column("area") == pytest.approx(expected, rel=1e-3)
    assert found.question == question
    assert any("compare dates by shares" in note for note in found.notes)


def test_a_date_that_clouds_hide_is_a_gap(tmp_path: Path) -> None:
    given = series(tmp_path / "in")
    write(Path(given[1]).with_name(f"{Path(given[1]).stem}_clouds.tif"), np.ones((1, SIDE, SIDE), np.uint8))
    write(
        Path(given[2]).with_name(f"{Path(given[2]).stem}_clouds.tif"),
        np.ones((1, SIDE, SIDE), np.uint8),
        SIDE,
    )
    for question, name in (("What percentage is water?", "share"), ("What is the mean NDVI?", "mean NDVI")):
        found = ask(question, given, tmp_path / name, by="date")
        assert isinstance(found.answer, Table)
        assert [cell is None for cell in found.answer.column(name)] == [False, True, False]
        assert any(note.startswith("2021-06-10 has no value") for note in found.notes), found.notes
        assert (tmp_path / name / "dates.svg").read_text().count("<polyline") == 2, "the line breaks"


@pytest.mark.parametrize(
    "question", ["How many hectares are water?", "What percentage is water?", "Is there any water?"]
)
def test_a_scene_that_clouds_hide_is_no_zero(tmp_path: Path, question: str) -> None:
    """As `planimeter ask` refuses it; beside another scene, that one is the answer."""
    seen, _, _, hidden = series(tmp_path / "in")
    write(
        Path(hidden).with_name(f"{Path(hidden).stem}_clouds.tif"),
        np.ones((1, SIDE, SIDE), np.uint8),
        3 * SIDE,
    )
    write(Path(hidden), bands_of(20), 3 * SIDE)
    with pytest.raises(NotMeasurable, match="Clouds hide all of"):
        ask(question, [hidden], tmp_path / "alone")
    found = ask(question, [seen, hidden], tmp_path / "both")
    assert found.answer == ask(question, [seen], tmp_path / "seen").answer
    with (tmp_path / "both" / "scenes.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [(row["answer"] == "", row["exit_code"]) for row in rows] == [(False, "0"), (True, "4")]
    assert any("Clouds hide all of" in note for note in found.notes)


def test_joined_scenes_that_clouds_hide_are_no_zero(tmp_path: Path) -> None:
    given = series(tmp_path / "in")[1:3]
    for number, path in enumerate(given):
        clouds = Path(path).with_name(f"{Path(path).stem}_clouds.tif")
        write(clouds, np.ones((1, SIDE, SIDE), np.uint8), number * SIDE)
    with pytest.raises(NotMeasurable, match="Clouds hide all of"):
        ask("How many hectares are water?", given, tmp_path / "out")


def test_notes_are_of_all_dates_together(tmp_path: Path) -> None:
    given = series(tmp_path / "in")
    given += [str(write(tmp_path / "in" / f"field_{DAYS[0]}_1b.tif", bands_of(3), SIDE))]
    write(tmp_path / "in" / f"field_{DAYS[0]}_1b_clouds.tif", np.zeros((1, SIDE, SIDE), np.uint8), SIDE)
    notes = ask("What is the mean NDVI?", given, tmp_path / "out", by="date").notes
    assert "4 scenes overlap or touch on one grid and were joined to 2 units before counting." in notes


def test_an_undated_scene_is_refused_and_the_others_answered(tmp_path: Path) -> None:
    given = [*series(tmp_path / "in"), str(write(tmp_path / "in" / "field.tif", bands_of(5)))]
    write(tmp_path / "in" / "field_clouds.tif", np.zeros((1, SIDE, SIDE), np.uint8))
    found = ask("What is the mean NDVI?", given, tmp_path / "out", by="date")
    assert isinstance(found.answer, Table)
    assert len(found.answer) == 3
    assert any("Nothing says on which day" in note for note in found.notes)


def test_one_image_is_no_series(tmp_path: Path) -> None:
    import planimeter

    path = write(tmp_path / "field_2021-04-01.tif", bands_of(1))
    with pytest.raises(UsageError, match="planimeter batch"):
        planimeter.ask(path, "NDVI by date", segmenter="index")
    with pytest.raises(UsageError, match="--zones FILE"):
        planimeter.ask(path, "NDVI by zone", segmenter="index")


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("S2A_MSIL2A_20220105T100321_N0400_R122_T33TWM_20220107T120000.tif", "2022-01-05"),
        ("T33TWM_20220105T100321_B04.tif", "2022-01-05"),
        ("LC08_L2SP_190028_20210604_20210610_02_T1_SR_B4.tif", "2021-06-04"),
        ("HLS.L30.T33TWM.2021213T095005.v2.0.B04.tif", "2021-08-01"),
        ("m_3812142_sw_10_060_20200628.tif", "2020-06-28"),
        ("field_2021-06-04.tif", "2021-06-04"),
        ("20210604_101112_planet.tif", "2021-06-04"),
        ("field_2021-13-04.tif", None),
        ("2021-06-04_to_2021-07-04.tif", None),
        ("tile_12345678.tif", None),
    ],
)
def test_the_day_is_that_of_the_name(tmp_path: Path, name: str, day: str | None) -> None:
    found = acquired(open_scene(write(tmp_path / name, bands_of(1))))
    assert (None if found is None else found.day.isoformat()) == day


def test_the_day_may_stand_in_tags(tmp_path: Path) -> None:
    path = write(tmp_path / "field.tif", bands_of(1))
    with rasterio.open(path, "r+") as file:
        file.update_tags(TIFFTAG_DATETIME="2020:01:02 03:04:05")
    found = acquired(open_scene(path))
    assert found is not None
    assert (found.day.isoformat(), "made" in found.source) == ("2020-01-02", True)
    with rasterio.open(path, "r+") as file:
        file.update_tags(ACQUISITION_DATE="2019-12-31T23:59:59Z")
    found = acquired(open_scene(path))
    assert found is not None
    assert (found.day.isoformat(), "made" in found.source) == ("2019-12-31", False)


@pytest.mark.parametrize("by", ["date", ""])
def test_masks_of_clouds_that_nobody_names_are_no_scenes(tmp_path: Path, by: str) -> None:
    given = series(tmp_path / "in")
    found = ask("What is the mean NDVI?", [str(tmp_path / "in")], tmp_path / "out", by=by, clouds=None)
    each = [ndvi(bands_of(10 * number + part)) for number, part in ((0, 0), (1, 0), (1, 1), (2, 0))]
    if by:
        assert isinstance(found.answer, Table)
        means = [each[0].mean(), np.mean(each[1:3]), each[3].mean()]
        assert found.answer.column("mean NDVI") == pytest.approx(means, abs=1e-6)
    else:
        # Dates of one place overlap: the first that shows a pixel counts.
        assert found.answer == pytest.approx(np.mean([each[0], each[2]]), abs=1e-6)
    assert found.scenes == found.answered == len(given)
    (said,) = (note for note in found.notes if "masks of clouds" in note)
    assert said.startswith("4 of the files found are masks of clouds by their names and no scenes: field_")
    assert '--clouds "{stem}_clouds.tif"' in said


def test_a_mask_of_clouds_without_its_scene_is_a_scene(tmp_path: Path) -> None:
    names = ["flood_clouds.tif", "T32UQD_20210604T101559_SCL_20m.jp2", "p_3B_udm2.tif"]
    assert cloud_masks(names) == set()
    images = ["T32UQD_20210604T101559_TCI_10m.jp2", "p_3B_AnalyticMS_SR.tif"]
    assert cloud_masks(names + images) == set(names[1:])
    assert cloud_masks(["sea.tif", "seaside_clouds.tif", "sea_cloudfree.tif"]) == set()
    assert "make masks of it where 0 is clear" in masks_note(["p_3B_udm2.tif"], hiding=False)
    assert "--clouds" not in masks_note(["p_3B_udm2.tif"], hiding=True)
