"""``planimeter batch`` as it is typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from planimeter.cli import main
from planimeter.scale.batch.maps import filled

from .conftest import Here, make_land, tile_boxes, write_tiles


def test_batch_prints_the_combined_answer_and_its_files(
    tmp_path: Path, here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    write_tiles(make_land(3), tmp_path / "in", tile_boxes(240, 240, 140, 40))
    legend = str(tmp_path / "in" / "legend.json")
    question = "How many buildings are there?"
    arguments = ["batch", question, str(tmp_path / "in"), "--labels", "{stem}_labels.tif", "--legend", legend]
    main([*arguments, "--out", str(tmp_path / "out")])
    printed = capsys.readouterr().out
    assert "4 of 4 answered" in printed
    assert "joined to 1 unit" in printed
    assert "shapes.parquet" in printed
    main([*arguments, "--out", str(tmp_path / "out"), "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert printed.startswith(f"{answer['answer']}\n")
    assert answer["files"]["scenes csv"] == "scenes.csv"
    assert json.loads((tmp_path / "out" / "answer.json").read_text())["answer"] == answer["answer"]


def test_no_answer_at_all_ends_with_the_code_of_the_first_error(
    tmp_path: Path, here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in "ab":
        (tmp_path / f"{name}.tif").write_bytes(b"no image")
    with pytest.raises(SystemExit) as ended:
        main(["batch", "How many ponds are there?", str(tmp_path), "--out", str(tmp_path / "out")])
    assert ended.value.code == 3
    assert "None of the 2 scenes" in capsys.readouterr().err


@pytest.mark.parametrize("question", ["Who lives here?", "Who lives in the caf\udce9?"])
def test_a_question_nobody_understands_is_refused(
    question: str, tmp_path: Path, here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = make_land(1, 60, 60).write(tmp_path / "in", "a")
    maps = ["--labels", "{stem}_labels.tif", "--legend", str(scene.with_name("legend.json"))]
    with pytest.raises(SystemExit) as ended:
        main(["batch", question, str(scene), *maps, "--out", str(tmp_path / "out"), "--json"])
    assert ended.value.code == 4
    told = capsys.readouterr()
    assert told.err.startswith("planimeter: ")
    assert json.loads(told.out)["exit_code"] == 4


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            ["--labels", "{foo}_labels.tif"],
            "{foo} in '{foo}_labels.tif' stands for nothing; what stands for a scene's names is {stem}",
        ),
        (["--labels", "{stem}_labels.tif", "--zone-name", "NAME"], "give --zones FILE"),
        (["--labels", "{stem}_labels.tif", "--border", "exact"], "give --zones FILE"),
    ],
)
def test_what_would_be_passed_over_is_refused(
    tmp_path: Path, here: Here, capsys: pytest.CaptureFixture[str], given: list[str], said: str
) -> None:
    scene = make_land(1, 60, 60).write(tmp_path / "in", "a")
    legend = ["--legend", str(scene.with_name("legend.json"))]
    with pytest.raises(SystemExit) as ended:
        main(["batch", "What area is water?", str(scene), *given, *legend, "--out", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_a_file_may_be_called_by_a_word_in_braces(tmp_path: Path) -> None:
    (tmp_path / "{foo}.tif").touch()
    assert filled(str(tmp_path / "{foo}.tif"), tmp_path / "a.tif") == str(tmp_path / "{foo}.tif")
