"""Scenes of a batch that are larger than their worker's memory: the same tables, tile by tile."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from affine import Affine
from rasterio.crs import CRS
from scipy import ndimage

from planimeter.cli import main
from planimeter.errors import LimitReached, NotMeasurable, UsageError
from planimeter.program.measure import Ground
from planimeter.program.tiling import WHOLE_BYTES, resident_bytes
from planimeter.raster import open_scene
from planimeter.scale.batch import budget as budgets
from planimeter.scale.batch.budget import Budget
from planimeter.scale.batch.layout import Footprint, lay_out
from planimeter.segment import LabelSegmenter
from planimeter.worlds.mosaic import write_mosaic

from .asking import ask_all
from .conftest import HALF_METRE, NODATA, Here, Land, make_land, tile_boxes, write_tiles

FILES = ("scenes.csv", "scenes.jsonl", "scenes.parquet", "units.csv", "answer.json")
EIGHT = np.ones((3, 3), bool)
TILE = (64, 100)
COUNT = "How many buildings are there?"
FOREST = "What percentage of the image is forest?"
NEAR = "What is the area of grass within 20 m of a road, in m²?"
QUESTIONS = (
    COUNT,
    FOREST,
    NEAR,
    "What is the average size of buildings in m²?",
    "What is the average distance from houses to the nearest water?",
    "How many lakes are larger than 30 m²?",
    "Is there more forest than agriculture?",
    "What is the length of the perimeter of the largest lake?",
)


def holed(seed: int, roofs: int = 40) -> Land:
    """Land with two holes of nodata, one of them at the rim."""
    land = make_land(seed, 200, 230, roofs=roofs)
    land.labels[40:90, 50:120] = NODATA
    land.labels[150:, 200:] = NODATA
    return land


@pytest.fixture(scope="module")
def lands(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Land], Path]:
    """Two lands apart from each other, the second one without buildings, as files in a folder."""
    first, second = holed(1), replace(holed(2, roofs=0), transform=HALF_METRE * Affine.translation(9_000, 0))
    folder = tmp_path_factory.mktemp("lands")
    for name, land in (("a", first), ("b", second)):
        land.write(folder, name)
    return [first, second], folder


def no_whole_masks(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on, whoever wants a mask of a whole scene fails."""

    def refuse(*_: Any) -> None:
        raise AssertionError("a whole mask was asked for")

    seen = LabelSegmenter.look

    def look(self: LabelSegmenter, scene: Any, topics: Any, box: Any = None) -> Any:
        if box is None:
            refuse()
        return seen(self, scene, topics, box)

    monkeypatch.setattr(LabelSegmenter, "look", look)
    monkeypatch.setattr(Ground, "valid", property(refuse))


def same_files(one: Path, other: Path, *more: str) -> None:
    for name in (*FILES, *more):
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


@pytest.mark.parametrize("question", QUESTIONS)
def test_tiles_give_the_same_tables_and_shapes(
    question: str, lands: tuple[list[Land], Path], tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = lands[1]
    ask_all(question, folder, tmp_path / "whole")
    no_whole_masks(monkeypatch)
    ask_all(question, folder, tmp_path / "tiled", tile=TILE)
    same_files(tmp_path / "whole", tmp_path / "tiled")
    shapes = [
        sorted((tmp_path / name).glob("shapes.parquet")) + sorted((tmp_path / name / "shapes").glob("*"))
        for name in ("whole", "tiled")
    ]
    assert [path.name for path in shapes[0]] == [path.name for path in shapes[1]]
    assert [path.read_bytes() for path in shapes[0]] == [path.read_bytes() for path in shapes[1]]


def test_tiles_give_what_brute_force_gives(
    lands: tuple[list[Land], Path], tmp_path: Path, here: Here
) -> None:
    ((first, second), folder), found = lands, {}
    for number, question in enumerate((COUNT, FOREST, NEAR)):
        found[question] = ask_all(question, folder, tmp_path / str(number), tile=TILE)
    assert found[COUNT].answer == ndimage.label(first.is_topic("roof"), EIGHT)[1]
    valid = sum(int((land.labels != NODATA).sum()) for land in (first, second))
    assert found[COUNT].valid_pixels == valid
    assert found[COUNT].valid_hectares == pytest.approx(valid * 0.25 / 10_000, rel=1e-12)
    forest = sum(int(land.is_topic("forest").sum()) for land in (first, second))
    assert found[FOREST].answer == pytest.approx(forest / valid * 100, rel=1e-12)
    near = 0
    for land in (first, second):
        distance = ndimage.distance_transform_edt(~land.is_topic("road"), sampling=0.5)
        near += int(((distance <= 20) & land.is_topic("grass")).sum())
    assert found[NEAR].answer == pytest.approx(near * 0.25, rel=1e-12)


def test_where_a_pixel_differs_from_row_to_row_hectares_are_the_same(tmp_path: Path, here: Here) -> None:
    degrees = Affine(1e-4, 0, 24.0, 0, -1e-4, 60.0)
    Land(holed(3).labels, degrees, CRS.from_epsg(4326)).write(tmp_path / "in", "a")
    for name, tile in (("whole", None), ("tiled", TILE)):
        ask_all("What is the area of forest in hectares?", tmp_path / "in", tmp_path / name, tile=tile)
    same_files(tmp_path / "whole", tmp_path / "tiled", "shapes.parquet")


def test_a_program_that_never_looks_leaves_the_same_row(
    tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planimeter.scale.batch import measure

    def nothing(*_: Any, **__: Any) -> None:
        raise NotMeasurable("Ask something else.")

    monkeypatch.setattr(measure, "answer_from", nothing)
    holed(4).write(tmp_path / "in", "a")
    for name, tile in (("whole", None), ("tiled", TILE)):
        with pytest.raises(NotMeasurable, match="Ask something else"):
            ask_all(COUNT, tmp_path / "in", tmp_path / name, tile=tile)
    same_files(tmp_path / "whole", tmp_path / "tiled")
    row = json.loads((tmp_path / "tiled" / "scenes.jsonl").read_text())
    assert row["valid_pixels"] == (holed(4).labels != NODATA).sum()


def test_nothing_is_measured_again_for_more_memory(
    lands: tuple[list[Land], Path], tmp_path: Path, here: Here
) -> None:
    ask_all(COUNT, lands[1], tmp_path)
    ask_all(COUNT, lands[1], tmp_path, tile=TILE)
    ask_all(COUNT, lands[1], tmp_path, max_memory="3GiB")
    assert len(here.ran) == 2


def test_tiles_that_only_touch_keep_no_masks_where_they_are_too_large_to_join(
    tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    land = holed(5)
    boxes = tile_boxes(230, 200, 115, 0)
    write_tiles(land, tmp_path / "in", boxes)
    no_whole_masks(monkeypatch)
    options = {"most_joined": 20_000, "tile": (50, 70)}
    answer = ask_all(COUNT, tmp_path / "in", tmp_path / "out", **options)
    parts = [ndimage.label(land.part(box).is_topic("roof"), EIGHT)[1] for box in boxes]
    assert answer.answer == sum(parts) > ndimage.label(land.is_topic("roof"), EIGHT)[1]
    assert answer.units == len(boxes)
    assert answer.valid_pixels == (land.labels != NODATA).sum()
    assert not (tmp_path / "out" / "masks").exists()
    assert any("would join to more than 20,000 pixels" in note for note in answer.notes)


def test_scenes_that_touch_share_no_ground_though_their_grids_differ_a_little() -> None:
    crs = CRS.from_epsg(32633)
    first = Footprint(32_768, 32_768, crs, HALF_METRE)
    beside = Footprint(32_768, 32_768, crs, HALF_METRE * Affine.translation(32_767.98, 0.02))
    over = Footprint(32_768, 32_768, crs, HALF_METRE * Affine.translation(32_767, 0))
    assert [unit.covered_by for unit in lay_out([first, beside], 1 << 28)[0]] == [[], []]
    assert [unit.covered_by for unit in lay_out([first, over], 1 << 28)[0]] == [[], [0]]


def test_overlapping_scenes_too_large_to_keep_are_rows_that_say_so(tmp_path: Path, here: Here) -> None:
    write_tiles(holed(6), tmp_path / "in", tile_boxes(230, 200, 150, 70))
    alone = replace(make_land(7, 50, 50), transform=HALF_METRE * Affine.translation(9_000, 0))
    alone.write(tmp_path / "in", "zz_alone")
    answer = ask_all(COUNT, tmp_path / "in", tmp_path / "out", max_memory="100K")
    assert answer.answer == ndimage.label(alone.is_topic("roof"), EIGHT)[1]
    rows = [json.loads(line) for line in (tmp_path / "out" / "scenes.jsonl").read_text().splitlines()]
    assert [row["exit_code"] for row in rows] == [5, 5, 5, 5, 0]
    for row in rows[:-1]:
        assert "masks have to be kept" in row["error"]
        assert "--overlap keep" in row["error"]
    assert ask_all(COUNT, tmp_path / "in", tmp_path / "out").answered == 5  # they are tried again


def test_a_budget_decides_by_pixels_threads_and_what_a_segmenter_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Whole:
        name, topics = "some model", ("water",)

    image = make_land(1, 60, 60).write(tmp_path, "a")
    maps = LabelSegmenter(tmp_path / "a_labels.tif", tmp_path / "legend.json")
    scene = open_scene(image)
    huge = replace(scene, width=1 << 17, height=1 << 17)
    asked, default = Budget(2 << 30, asked=True), Budget(2 << 30)
    for budget in (asked, default, Budget()):
        assert budget.limits_of(scene, maps) is None
        limits = budget.limits_of(huge, maps)
        assert limits is not None
        assert limits.resident_bytes is not None
    assert default.limits_of(huge, Whole()) is None  # type: ignore[arg-type]  # nobody set a limit: it is tried
    assert asked.limits_of(huge, Whole()) is not None  # type: ignore[arg-type]  # says so when it is looked at
    # Where everything is taken, what nobody limited still gets some room.
    least = Budget(1).limits_of(huge, maps)
    assert least is not None
    assert least.resident_bytes is not None
    assert least.resident_bytes > resident_bytes() + (100 << 20)
    limit = (2 << 30) // WHOLE_BYTES
    for pixels, whole in ((limit, True), (limit + 1, False)):
        assert (asked.limits_of(replace(scene, width=pixels, height=1), maps) is None) is whole
    asked.check_kept(scene, 7)
    with pytest.raises(LimitReached, match="--overlap keep"):
        asked.check_kept(replace(scene, width=limit, height=1), 7)
    monkeypatch.setattr(budgets, "_threads", lambda: 4)
    shared = asked.limits_of(huge, maps)
    assert shared is not None
    assert shared.resident_bytes is not None
    assert shared.resident_bytes - resident_bytes() < (2 << 30) / 4


def test_a_size_that_is_none_is_refused_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError, match="--max-memory 4GiB"):
        ask_all(COUNT, tmp_path, tmp_path / "out", max_memory="lots")
    with pytest.raises(SystemExit) as ended:
        main(["batch", COUNT, str(tmp_path), "--max-memory", "0", "--out", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert "--max-memory 4GiB" in capsys.readouterr().err


ASKING = """
import sys
from planimeter.scale.batch import MapPatterns, Options, batch

folder, out, memory, tile = sys.argv[1:]
maps = MapPatterns(("{folder}/labels.tif",), ("{folder}/legend.json",))
options = Options(maps, workers=1, max_memory=memory or None, tile=(int(tile), int(tile)) if tile else None)
batch("How many buildings are within 50 m of water?", [folder + "/image.tif"], out, options)
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads /proc")
def test_memory_stays_under_the_budget(tmp_path: Path) -> None:
    write_mosaic(tmp_path / "in", seed=2, size=8192, distinct=1)
    peaks = {}
    for name, memory, tile in (("whole", "", "8192"), ("tiled", "500MiB", "")):
        command = [sys.executable, "-c", ASKING, str(tmp_path / "in"), str(tmp_path / name), memory, tile]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        peaks[name] = int(done.stdout) * 1024
    assert peaks["tiled"] < 500 << 20 < peaks["whole"], peaks
    same_files(tmp_path / "whole", tmp_path / "tiled", "shapes.parquet")
