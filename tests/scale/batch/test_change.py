"""What changed over many places: scenes apart, joined and by zone, against the pixels of both dates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import ndimage

from planimeter.cli import group
from planimeter.errors import NotMeasurable, UsageError
from planimeter.scale.batch import EarlierPatterns
from planimeter.table import Table

from .asking import ask_all
from .conftest import LEGEND, NODATA, Box, Here, Land, make_land, tile_boxes, write_tiles
from .test_zones import cells, centres, write_zones

SIDE = 240
PIXEL = 0.25
EIGHT = np.ones((3, 3), int)
APART: list[Box] = [(0, 0, 110, 240), (130, 0, 240, 110), (130, 130, 240, 240)]


@pytest.fixture(scope="module")
def dates() -> tuple[Land, Land]:
    was, now = make_land(31, SIDE, SIDE, roofs=60), make_land(31, SIDE, SIDE, roofs=60)
    now.labels[60:150, 60:180] = LEGEND["agric"][0]
    now.labels[100:120, 100:120] = LEGEND["roof"][0]
    now.labels[20:34, 150:170] = LEGEND["roof"][0]
    was.labels[200:230, 150:200] = LEGEND["forest"][0]
    was.labels[:12, 200:] = NODATA
    now.labels[200:, 220:] = NODATA
    return was, now


def write(dates: tuple[Land, Land], folder: Path, boxes: list[Box]) -> dict[str, Any]:
    for name, land in zip(("2018", "2024"), dates, strict=True):
        write_tiles(land, folder / name, boxes)
    return {"before": EarlierPatterns(str(folder / "2018"), ("{stem}_labels.tif",)), "shapes": False}


def seen(boxes: list[Box]) -> np.ndarray:
    found = np.zeros((SIDE, SIDE), bool)
    for x0, y0, x1, y1 in boxes:
        found[y0:y1, x0:x1] = True
    return found


def new_ones(was: np.ndarray, now: np.ndarray) -> int:
    """Regions of the later mask that share less than half of the smaller one with each of the earlier."""
    first, count = ndimage.label(now, EIGHT)
    second, others = ndimage.label(was, EIGHT)
    size = np.bincount(second.ravel(), minlength=others + 1)
    new = 0
    for k in range(1, count + 1):
        shared = np.bincount(second[first == k], minlength=others + 1)
        smaller = np.minimum(size, (first == k).sum())
        new += not (shared[1:] >= 0.5 * smaller[1:]).any()
    return new


def truth(was: np.ndarray, now: np.ndarray, boxes: list[Box]) -> dict[str, Any]:
    valid = seen(boxes) & (was != NODATA) & (now != NODATA)
    forest, still = (was == LEGEND["forest"][0]) & valid, (now == LEGEND["forest"][0]) & valid
    roofs = [(labels == LEGEND["roof"][0]) & valid for labels in (was, now)]
    apart = [(slice(y0, y1), slice(x0, x1)) for x0, y0, x1, y1 in boxes]
    return {
        "How much forest was lost in m2?": (forest & ~still).sum() * PIXEL,
        "What percentage of the forest was lost?": 100 * (forest & ~still).sum() / forest.sum(),
        "What is the net change in forest area in m2?": (still.sum() - int(forest.sum())) * PIXEL,
        "By what percentage did the forest shrink?": 100 * (1 - still.sum() / forest.sum()),
        "Did the forest shrink?": "yes" if still.sum() < forest.sum() else "no",
        "Did the forest shrink by more than 10 %?": "yes" if 1 - still.sum() / forest.sum() > 0.1 else "no",
        "What percentage of the image changed?": 100 * ((was != now) & valid).sum() / valid.sum(),
        "How many buildings are new?": sum(new_ones(roofs[0][part], roofs[1][part]) for part in apart),
    }


@pytest.mark.parametrize("tile", [None, (64, 64)])
def test_changes_of_places_combine(
    dates: tuple[Land, Land], tmp_path: Path, here: Here, tile: tuple[int, int] | None
) -> None:
    options = write(dates, tmp_path, APART)
    for k, (question, wanted) in enumerate(truth(dates[0].labels, dates[1].labels, APART).items()):
        answer = ask_all(question, tmp_path / "2024", tmp_path / f"out{k}", tile=tile, **options)
        assert answer.units == 3
        assert answer.answer == (wanted if isinstance(wanted, str) else pytest.approx(wanted)), question


def test_places_that_overlap_are_joined_at_both_dates(
    dates: tuple[Land, Land], tmp_path: Path, here: Here
) -> None:
    boxes = tile_boxes(SIDE, SIDE, 140, 40)
    options = write(dates, tmp_path, boxes)
    whole = [(0, 0, SIDE, SIDE)]
    for k, (question, wanted) in enumerate(truth(dates[0].labels, dates[1].labels, whole).items()):
        answer = ask_all(question, tmp_path / "2024", tmp_path / f"out{k}", **options)
        assert answer.units == 1
        assert answer.answer == (wanted if isinstance(wanted, str) else pytest.approx(wanted)), question


@pytest.mark.parametrize("boxes", [APART, tile_boxes(SIDE, SIDE, 140, 40)], ids=["apart", "joined"])
def test_what_became_what_is_one_table(
    dates: tuple[Land, Land], tmp_path: Path, here: Here, boxes: list[Box]
) -> None:
    options = write(dates, tmp_path, boxes)
    was, now = dates[0].labels, dates[1].labels
    valid = seen(boxes) & (was != NODATA) & (now != NODATA)
    answer = ask_all("What changed?", tmp_path / "2024", tmp_path / "out", **options)
    assert isinstance(answer.answer, Table)
    shown = {"grass": "grassland", "agric": "agricultural land", "road": "roads", "roof": "buildings"}
    value = {shown.get(topic, topic): values[0] for topic, values in LEGEND.items()}
    found = {}
    for row in answer.answer.records():
        found[row["from"], row["to"]] = row["area"]
        before = ((was == value[row["from"]]) & valid).sum() * PIXEL / 1e4
        assert row["share of from"] == pytest.approx(100 * row["area"] / before)
    wanted = {
        (a, b): ((was == value[a]) & (now == value[b]) & valid).sum() * PIXEL / 1e4
        for a in value
        for b in value
    }
    assert found == pytest.approx({pair: area for pair, area in wanted.items() if area})
    one = ask_all("What did the forest become?", tmp_path / "2024", tmp_path / "one", **options)
    became = {row["to"]: row["area"] for row in one.answer.records()}
    assert became == pytest.approx({b: area for (a, b), area in found.items() if a == "forest"})


def test_change_by_zone_over_many_places(dates: tuple[Land, Land], tmp_path: Path, here: Here) -> None:
    options = write(dates, tmp_path, APART)
    polygons = cells(5, 3)
    zones = {"zones": write_zones(tmp_path / "zones.gpkg", polygons), "zone_name": "NAME"}
    was, now = dates[0].labels, dates[1].labels
    valid = seen(APART) & (was != NODATA) & (now != NODATA)
    forest, still = ((labels == LEGEND["forest"][0]) & valid for labels in (was, now))
    lost = ask_all("How much forest was lost in m2?", tmp_path / "2024", tmp_path / "a", **zones, **options)
    share = ask_all(
        "What percentage of the forest was lost?", tmp_path / "2024", tmp_path / "b", **zones, **options
    )
    for k, where in enumerate([*map(centres, polygons), np.ones((SIDE, SIDE), bool)]):
        amount = (forest & ~still & where).sum()
        assert lost.answer.records()[k]["area"] == pytest.approx(amount * PIXEL)
        assert lost.answer.records()[k]["zone area"] == pytest.approx((valid & where).sum() * PIXEL / 1e4)
        before = (forest & where).sum()
        wanted = 100 * amount / before if before else None
        assert share.answer.records()[k]["share"] == (pytest.approx(wanted) if before else None)


@pytest.mark.parametrize("question", ["What is the area of forest in m2?", "How much forest was lost in m2?"])
def test_joined_scenes_lose_ground_to_the_earlier_date_only_where_it_is_asked_of(
    question: str, tmp_path: Path, here: Here
) -> None:
    """Forest everywhere but in one column that was cleared; of the upper half nothing earlier is known."""
    now = np.full((40, 80), LEGEND["forest"][0], np.uint8)
    was = now.copy()
    was[:20] = NODATA
    now[:, 60] = LEGEND["agric"][0]
    options = write((Land(was), Land(now)), tmp_path, [(0, 0, 40, 40), (40, 0, 80, 40)])
    answer = ask_all(question, tmp_path / "2024", tmp_path / "out", **options)
    assert answer.units == 1
    wanted = (was == LEGEND["forest"][0]) & (now == LEGEND["agric"][0])
    if "lost" not in question:
        wanted = now == LEGEND["forest"][0]
    assert answer.answer == pytest.approx(wanted.sum() * PIXEL)


def test_a_change_of_means_is_not_combined(dates: tuple[Land, Land], tmp_path: Path, here: Here) -> None:
    options = write(dates, tmp_path, APART)
    answer = ask_all(
        "By how much did the average building size grow?", tmp_path / "2024", tmp_path / "out", **options
    )
    assert answer.answer is None
    assert "The change of a mean or a share cannot be found" in answer.how


def test_without_an_earlier_image_change_is_refused(
    dates: tuple[Land, Land], tmp_path: Path, here: Here
) -> None:
    options = write(dates, tmp_path, APART)
    with pytest.raises(NotMeasurable, match="give the earlier one with --before IMAGE"):
        ask_all("How much forest was lost?", tmp_path / "2024", tmp_path / "out")
    (tmp_path / "2018" / "tile01.tif").unlink()
    answer = ask_all("How much forest was lost?", tmp_path / "2024", tmp_path / "out", **options)
    assert answer.answered == 2
    assert any("tile01.tif" in note for note in answer.notes)


def test_the_command_line_with_both_dates_in_one_folder(dates: tuple[Land, Land], tmp_path: Path) -> None:
    for name, land in zip(("was", "now"), dates, strict=True):
        for k, box in enumerate(APART):
            land.part(box).write(tmp_path / "in", f"place{k}_{name}" if name == "was" else f"place{k}")
    given = ["batch", "How much forest was lost in m2?", str(tmp_path / "in"), "--out", str(tmp_path / "out")]
    given += ["--labels", "{stem}_labels.tif", "--legend", "{folder}/legend.json", "--workers", "1", "--json"]
    given += ["--before", "{stem}_was.tif", "--before-labels", "{stem}_labels.tif"]
    done = CliRunner().invoke(group, given, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    content = json.loads(done.output)
    wanted = truth(dates[0].labels, dates[1].labels, APART)["How much forest was lost in m2?"]
    assert content["answer"] == pytest.approx(wanted)
    assert content["scenes"] == 3
    assert any("earlier images of others, or their labels" in note for note in content["notes"])
    wrong = CliRunner().invoke(group, [*given[:-4], "--before-labels", "{stem}_labels.tif"])
    assert isinstance(wrong.exception, UsageError)
