"""A batch that is killed goes on where it was, and its tables are those of one that never was."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely

from planimeter.errors import SceneError, UsageError
from planimeter.scale.batch import EarlierPatterns, MapPatterns, run
from planimeter.scale.batch.ledger import Ledger
from planimeter.scale.batch.measured_by import BESIDE, digest_of

from .asking import ask_all
from .conftest import LEGEND, NODATA, Here, Land, make_land, tile_boxes, write_tiles

FILES = ("scenes.csv", "scenes.jsonl", "scenes.parquet", "units.csv", "answer.json", "shapes.parquet")
QUESTION = "How many buildings are within 20 m of a road?"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_twenty_times_the_tables_are_the_same(tmp_path: Path) -> None:
    scenes = tmp_path / "in"
    for number in range(20):
        make_land(number, 128, 128, roofs=12).part((0, 0, 128, 128)).write(
            scenes / f"{number:02}", "scene", False
        )
    write_tiles(make_land(99, 128, 220), scenes / "joined", tile_boxes(220, 128, 128, 36))
    (scenes / "00" / "broken.tif").write_bytes(b"no image")
    folders = sorted(str(folder) for folder in scenes.iterdir())
    maps = ["--labels", "{stem}_labels.tif", "--legend", "{folder}/legend.json", "--gsd", "0.5"]
    command = ["batch", QUESTION, *folders, *maps, "--out", "OUT", "--workers", "1"]
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("killing.py")), "20", "1", str(tmp_path), *command],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["codes"] == ["0"], done.stderr
    assert len(report["measured"]) == 20
    assert len(set(report["measured"])) > 3  # the kills fell at different moments
    for number in range(report["folders"]):
        for name in FILES:
            calm = (tmp_path / "calm" / name).read_bytes()
            assert (tmp_path / f"out{number}" / name).read_bytes() == calm, (number, name)
    rows = [json.loads(line) for line in (tmp_path / "calm" / "scenes.jsonl").read_text().splitlines()]
    assert len(rows) == 23
    assert [row["exit_code"] for row in rows].count(3) == 1


def test_nothing_is_measured_twice(tmp_path: Path, here: Here) -> None:
    write_tiles(make_land(1), tmp_path / "in", tile_boxes(240, 240, 130, 20))
    first = ask_all(QUESTION, tmp_path / "in", tmp_path / "out")
    assert len(here.ran) == 5  # four scenes and what they join to
    again = ask_all(QUESTION, tmp_path / "in", tmp_path / "out")
    assert len(here.ran) == 5
    assert again.answer == first.answer


def test_what_changed_is_measured_again(tmp_path: Path, here: Here) -> None:
    lands = [make_land(seed, 100, 100) for seed in (1, 2, 3)]
    for number, land in enumerate(lands):
        land.write(tmp_path / "in", f"scene{number}", georeferenced=False)
    before = ask_all("How many buildings are there?", tmp_path / "in", tmp_path / "out")
    lands[0].write(tmp_path / "in", "scene1", georeferenced=False)
    after = ask_all("How many buildings are there?", tmp_path / "in", tmp_path / "out")
    assert len(here.ran) == 4
    assert after.answer != before.answer
    fresh = ask_all("How many buildings are there?", tmp_path / "in", tmp_path / "fresh")
    assert after.answer == fresh.answer
    ask_all("How many ponds are there?", tmp_path / "in", tmp_path / "out")
    assert len(here.ran) == 4 + 3 + 3


def test_rows_of_other_code_are_measured_anew_and_the_log_says_why(
    tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    write_tiles(make_land(1), tmp_path / "in", tile_boxes(240, 240, 130, 20))
    calm = ask_all(QUESTION, tmp_path / "in", tmp_path / "out")
    assert len(here.ran) == 5
    assert not caplog.messages
    monkeypatch.setattr(run, "measured_by", lambda: "other code")
    again = ask_all(QUESTION, tmp_path / "in", tmp_path / "out")
    assert again.answer == calm.answer
    assert len(here.ran) == 10
    assert caplog.messages == [
        "4 scenes are measured anew: the code that measures has changed.",
        "1 unit is measured anew: the code that measures has changed.",
    ]
    ask_all(QUESTION, tmp_path / "in", tmp_path / "out")
    assert len(here.ran) == 10
    assert len(caplog.messages) == 2


def test_the_log_says_that_files_or_maps_have_changed(
    tmp_path: Path, here: Here, caplog: pytest.LogCaptureFixture
) -> None:
    lands = [make_land(seed, 100, 100) for seed in (1, 2)]
    for number, land in enumerate(lands):
        land.write(tmp_path / "in", f"scene{number}", georeferenced=False)
    asked = "How many buildings are there?"
    ask_all(asked, tmp_path / "in", tmp_path / "out")
    lands[0].write(tmp_path / "in", "scene1", georeferenced=False)
    os.utime(tmp_path / "in" / "scene1.tif", (1, 1))
    ask_all(asked, tmp_path / "in", tmp_path / "out")
    assert caplog.messages == ["1 scene is measured anew: files have changed."]
    ask_all(
        "How many ponds are there?", tmp_path / "in", tmp_path / "out"
    )  # another question, not the same anew
    assert len(caplog.messages) == 1
    ask_all(asked, tmp_path / "in", tmp_path / "out", gsd=0.25)
    assert caplog.messages[1:] == ["2 scenes are measured anew: options have changed."]


def test_the_digest_of_the_code_is_of_what_measures(tmp_path: Path) -> None:
    for name in ("spatial/regions.py", "vocabulary/units.json", "table.py", "cli/ask.py", "client.py"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("one")
    digests = [digest_of(tmp_path)]
    for name in ("cli/ask.py", "client.py", "spatial/regions.py", "vocabulary/units.json", "table.py"):
        (tmp_path / name).write_text("two")
        digests.append(digest_of(tmp_path))
    assert digests[0] == digests[1] == digests[2]
    assert len(set(digests[2:])) == 4
    # What measures a scene is imported by the task's module: no room that is left out of the digest is among it.
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, planimeter.scale.batch.measure; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    rooms = {name.split(".")[1] for name in loaded if name.startswith("planimeter.")}
    assert "spatial" in rooms
    assert not rooms & {name.removesuffix(".py") for name in BESIDE} - {
        "coder"
    }  # programs, in the key by their text


def test_other_attributes_of_a_shapefile_are_another_layer(tmp_path: Path, here: Here) -> None:
    """Whoever edits heights writes the .dbf alone; the .shp stays what it was."""
    make_land(1, 100, 100).write(tmp_path / "in", "a")
    with rasterio.open(tmp_path / "in" / "a.tif") as file:
        left, top = file.transform.c, file.transform.f
        crs = file.crs.to_wkt()
    square = shapely.box(left + 5, top - 20, left + 10, top - 15)
    other = shapely.box(left + 25, top - 20, left + 30, top - 15)

    def layer(path: Path, heights: list[float]) -> None:
        pyogrio.raw.write(
            path, shapely.to_wkb(np.array([square, other])), [np.array(heights)], np.array(["height"], object),
            geometry_type="Polygon", crs=crs,
        )  # fmt: skip

    layer(tmp_path / "roofs.shp", [2.0, 5.0])
    maps = MapPatterns(vectors=(f"roof={tmp_path / 'roofs.shp'}|where=height > 3",))
    asked = "How many buildings are there?"
    assert ask_all(asked, tmp_path / "in", tmp_path / "out", maps=maps).answer == 1
    layer(tmp_path / "new.shp", [7.0, 5.0])
    (tmp_path / "new.dbf").replace(tmp_path / "roofs.dbf")
    assert ask_all(asked, tmp_path / "in", tmp_path / "out", maps=maps).answer == 2


def write_vrt(path: Path, image: Path, source: str, bands: int) -> None:
    """A VRT of one raster beside it, on the grid of an image."""
    with rasterio.open(image) as file:
        width, height, crs, place = file.width, file.height, file.crs.to_wkt(), file.transform.to_gdal()
    named = "".join(
        f'<VRTRasterBand dataType="Byte" band="{band}"><NoDataValue>255</NoDataValue><SimpleSource>'
        f'<SourceFilename relativeToVRT="1">{source}</SourceFilename><SourceBand>{band}</SourceBand>'
        "</SimpleSource></VRTRasterBand>"
        for band in range(1, bands + 1)
    )
    path.write_text(
        f'<VRTDataset rasterXSize="{width}" rasterYSize="{height}"><SRS>{crs}</SRS>'
        f"<GeoTransform>{', '.join(map(repr, place))}</GeoTransform>{named}</VRTDataset>"
    )


@pytest.mark.parametrize("names", [["v.vrt"], ["w.vrt", "v.vrt"]], ids=["a VRT", "a VRT of a VRT"])
def test_other_pixels_in_a_file_that_a_vrt_of_labels_names_are_other_labels(
    names: list[str], tmp_path: Path, here: Here
) -> None:
    labels = np.ones((40, 40), np.uint8)
    labels[:, :10] = LEGEND["forest"][0]
    image = Land(labels).write(tmp_path / "in", "a")
    inner = "a_labels.tif"
    for name in names:
        write_vrt(image.with_name(name), image, inner, 1)
        inner = name
    maps = MapPatterns((f"{{folder}}/{names[-1]}",), ("{folder}/legend.json",))
    asked = "What is the area of forest in m2?"
    scenes = tmp_path / "in" / "a.tif"
    first = ask_all(asked, scenes, tmp_path / "out", maps=maps)
    assert first.answer == pytest.approx((labels == LEGEND["forest"][0]).sum() * 0.25)
    labels[:] = LEGEND["forest"][0]
    Land(labels).write(tmp_path / "new", "a").with_name("a_labels.tif").replace(
        image.with_name("a_labels.tif")
    )
    again = ask_all(asked, scenes, tmp_path / "out", maps=maps)
    assert again.answer == pytest.approx((labels == LEGEND["forest"][0]).sum() * 0.25)


def test_other_pixels_in_a_file_that_an_earlier_vrt_names_are_another_image(
    tmp_path: Path, here: Here
) -> None:
    """The earlier image says where there is data, and it may be a VRT as well."""
    labels = np.full((40, 40), LEGEND["forest"][0], np.uint8)
    now = labels.copy()
    now[:, 30:] = LEGEND["agric"][0]
    Land(now).write(tmp_path / "in", "a")
    earlier = Land(labels).write(tmp_path / "was", "b")
    write_vrt(tmp_path / "was" / "a.vrt", earlier, "b.tif", 3)
    dates = EarlierPatterns(str(tmp_path / "was" / "{stem}.vrt"), (str(tmp_path / "was" / "b_labels.tif"),))
    asked = "How much forest was lost in m2?"
    scenes = tmp_path / "in" / "a.tif"
    assert ask_all(asked, scenes, tmp_path / "out", before=dates).answer == pytest.approx(10 * 40 * 0.25)
    known = labels.copy()
    known[:20] = NODATA
    Land(known).write(tmp_path / "new", "b").replace(earlier)
    assert ask_all(asked, scenes, tmp_path / "out", before=dates).answer == pytest.approx(10 * 20 * 0.25)


def test_deleted_shapes_are_made_again(tmp_path: Path, here: Here) -> None:
    write_tiles(make_land(1), tmp_path / "in", [(0, 0, 100, 100), (140, 140, 240, 240)])
    ask_all(QUESTION, tmp_path / "in", tmp_path / "out")
    whole = (tmp_path / "out" / "shapes.parquet").read_bytes()
    next((tmp_path / "out" / "shapes").iterdir()).unlink()
    ask_all(QUESTION, tmp_path / "in", tmp_path / "out")
    assert len(here.ran) == 3
    assert (tmp_path / "out" / "shapes.parquet").read_bytes() == whole


def test_a_broken_scene_is_a_row_and_is_tried_again(tmp_path: Path, here: Here) -> None:
    scene = make_land(1, 100, 100).write(tmp_path / "in", "a")
    labels = make_land(2, 100, 100).write(tmp_path / "in", "b").with_name("b_labels.tif")
    good = labels.read_bytes()
    labels.write_bytes(good[:200])
    answer = ask_all("How many buildings are there?", tmp_path / "in", tmp_path / "out")
    assert (answer.answered, answer.scenes) == (1, 2)
    rows = [json.loads(line) for line in (tmp_path / "out" / "scenes.jsonl").read_text().splitlines()]
    assert rows[1]["exit_code"] == 3
    assert rows[1]["error"].endswith(".")
    with pytest.raises(Exception, match="b_labels") as stopped:
        ask_all("How many buildings are there?", tmp_path / "in", tmp_path / "stop", on_error="stop")
    assert stopped.value.exit_code == 3
    labels.write_bytes(good)
    assert ask_all("How many buildings are there?", tmp_path / "in", tmp_path / "out").answered == 2
    scene.write_bytes(b"no image")
    labels.write_bytes(b"")
    with pytest.raises(SceneError, match="None of the 2 scenes"):
        ask_all("How many buildings are there?", tmp_path / "in", tmp_path / "out")


def test_two_batches_do_not_share_a_folder(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.write("a", {})
        with pytest.raises(UsageError, match="Another batch"):
            Ledger(tmp_path / "ledger.sqlite")
