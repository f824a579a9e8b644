"""One bad scene, a full disk or a broken file: a row or a sentence, never a traceback, and nothing half written."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from planimeter.errors import LimitReached, PlanimeterError, UsageError
from planimeter.scale.batch import measure, tables
from planimeter.scale.batch.ledger import Ledger
from planimeter.scale.batch.mask_cache import KeptMasks, keep_masks
from planimeter.scale.batch.rows import row_of
from planimeter.scale.batch.tables import write_shapes, write_table, write_timings
from planimeter.scale.cluster import Done, translated
from planimeter.segment.base import Seen
from planimeter.spatial import label_regions
from planimeter.spatial.export import Layer
from planimeter.spatial.parquet import write_geoparquet

from .asking import ask_all
from .conftest import Here, make_land, tile_boxes, write_tiles

QUESTION = "How many ponds are there?"
FULL = OSError(28, "No space left on device")


def rows_of(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "scenes.jsonl").read_text().splitlines()]


def hidden(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob(".*")]


@pytest.mark.parametrize(
    ("fault", "said", "code"),
    [
        (TypeError("nobody foresaw this"), "TypeError: nobody foresaw this", 5),
        (MemoryError(), "more memory", 5),
        (FULL, "No space left", 2),
    ],
)
def test_a_fault_in_one_scene_is_its_row(
    fault: Exception, said: str, code: int, tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        make_land(n, 60, 60).write(tmp_path / "in", f"s{n}", georeferenced=False)
    real = measure.answer_from

    def sometimes(program: Any, question: str, scene: Any, *more: Any, **named: Any) -> Any:
        if scene.name == "s1.tif":
            raise fault
        return real(program, question, scene, *more, **named)

    monkeypatch.setattr(measure, "answer_from", sometimes)
    answer = ask_all(QUESTION, tmp_path / "in", tmp_path / "out", gsd=0.5)
    rows = rows_of(tmp_path / "out")
    assert [row["exit_code"] for row in rows] == [0, code, 0]
    assert said in rows[1]["error"]
    assert answer.answer == rows[0]["answer"] + rows[2]["answer"]
    assert any(said in note for note in answer.notes)
    with pytest.raises(PlanimeterError, match=said):
        ask_all(QUESTION, tmp_path / "in", tmp_path / "stop", gsd=0.5, on_error="stop")
    monkeypatch.setattr(measure, "answer_from", real)  # what failed is tried again
    assert ask_all(QUESTION, tmp_path / "in", tmp_path / "out", gsd=0.5).answered == 3


def test_a_scene_whose_header_nobody_understands_is_its_row(
    tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    from planimeter.scale.batch import opening

    for n in range(2):
        make_land(n, 60, 60).write(tmp_path / "in", f"s{n}", georeferenced=False)
    real = opening.open_scene

    def sometimes(path: Path, **more: Any) -> Any:
        if path.name == "s1.tif":
            raise RuntimeError("odd header")
        return real(path, **more)

    monkeypatch.setattr(opening, "open_scene", sometimes)
    assert ask_all(QUESTION, tmp_path / "in", tmp_path / "out", gsd=0.5).answered == 1
    assert "RuntimeError: odd header" in rows_of(tmp_path / "out")[1]["error"]


def test_what_a_worker_raises_or_dies_of_is_a_row() -> None:
    assert row_of(Done(0, result={"answer": 1})) == {"answer": 1}
    assert row_of(Done(0, error=KeyError("x")))["exit_code"] == 5
    assert "KeyError" in row_of(Done(0, error=KeyError("x")))["error"]
    killed = type("KilledWorker", (Exception,), {})()
    assert isinstance(translated(killed), LimitReached)
    assert row_of(Done(0, error=killed))["error_kind"] == "LimitReached"


def test_masks_that_find_no_room_leave_nothing(
    tmp_path: Path, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(file: Any, **_: Any) -> None:
        file.write(b"half")
        raise FULL

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(UsageError, match="No space left"):
        keep_masks(tmp_path / "masks" / "a.npz", Seen({"water": np.eye(3, dtype=bool)}))
    assert list((tmp_path / "masks").iterdir()) == []
    write_tiles(make_land(4), tmp_path / "in", tile_boxes(240, 240, 140, 40))
    make_land(5, 90, 90).write(tmp_path / "in", "zz", georeferenced=False)
    answer = ask_all(QUESTION, tmp_path / "in", tmp_path / "out", gsd=0.5)
    assert [row["exit_code"] for row in rows_of(tmp_path / "out")] == [2, 2, 2, 2, 0]
    assert answer.answer == rows_of(tmp_path / "out")[4]["answer"]


def test_masks_that_are_broken_are_named(tmp_path: Path) -> None:
    file = tmp_path / "a.npz"
    for content in (b"", b"no archive", b"PK\x03\x04 broken"):
        file.write_bytes(content)
        with pytest.raises(UsageError, match="remove that file"):
            KeptMasks(file)
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("other.npy", b"x")
    with pytest.raises(UsageError, match="remove that file"):
        KeptMasks(file)


def test_a_ledger_that_finds_no_room_says_so(tmp_path: Path) -> None:
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        ledger.write("a", {"answer": 1})
        (pages,) = ledger._file.execute("PRAGMA page_count").fetchone()
        ledger._file.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(UsageError, match="full"):
            ledger.write("b", {"answer": "x" * 100_000})
        assert ledger.read(["a", "b"]) == {"a": {"answer": 1}}
        ledger._file.execute("INSERT OR REPLACE INTO done VALUES ('a', 'no json')")
        with pytest.raises(UsageError, match="remove that file"):
            ledger.read(["a"])
        ledger._file.close()
        with pytest.raises(UsageError, match="remove that file"):
            ledger.write("c", {})


def shapes(folder: Path) -> list[Path]:
    layer = Layer("roof", label_regions(np.eye(3, dtype=bool)))
    return [write_geoparquet(folder / "shapes" / f"{n}.parquet", [layer], None, None) for n in range(2)]


def test_shapes_that_find_no_room_leave_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pyarrow import parquet

    parts = shapes(tmp_path)

    def full(*_: Any, **__: Any) -> None:
        raise FULL

    monkeypatch.setattr(parquet.ParquetWriter, "write_table", full)
    with pytest.raises(UsageError, match="No space left"):
        write_shapes(tmp_path / "shapes.parquet", parts, {})
    assert hidden(tmp_path) == []
    assert not (tmp_path / "shapes.parquet").exists()


def test_shapes_that_are_broken_are_named(tmp_path: Path) -> None:
    parts = shapes(tmp_path)
    parts[1].write_bytes(b"PAR1 no more")
    with pytest.raises(UsageError, match="remove that folder"):
        write_shapes(tmp_path / "shapes.parquet", parts, {})
    assert hidden(tmp_path) == []


def test_names_are_no_formulas_in_a_spreadsheet(tmp_path: Path) -> None:
    names = ["=1+1.tif", "+a.tif", "-b.tif", "@c.tif", "\td.tif", "plain.tif"]
    rows = [{"scene": name, "answer": -2.5, "cautions": []} for name in names]
    files = write_table(tmp_path, "scenes", rows)
    write_timings(tmp_path / "timings.csv", [(name, {}) for name in names])

    def first(file: Path, column: str) -> Sequence[str]:
        with file.open(newline="") as text:
            return [row[column] for row in csv.DictReader(text)]

    shown = [f"'{name}" for name in names[:-1]] + names[-1:]
    assert first(files["scenes csv"], "scene") == shown
    assert first(files["scenes csv"], "answer") == ["-2.5"] * 6
    assert first(tmp_path / "timings.csv", "scene") == shown
    assert [json.loads(line)["scene"] for line in files["scenes jsonl"].read_text().splitlines()] == names
    table = tables.load_pyarrow()[1].read_table(files["scenes parquet"])
    assert table["scene"].to_pylist() == names
