"""The command line as a stranger meets it: fresh processes, exit codes, one sentence on stderr."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import rasterio

from planimeter import cli
from planimeter.worlds import make_world

HOW_MUCH_WATER = "What percentage of the image is water?"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small synthetic scene that has water, forest and buildings."""
    folder = tmp_path_factory.mktemp("world")
    make_world(seed=7, size=512).write(folder)
    return folder


NEEDS_SERVE = pytest.mark.skipif(find_spec("fastapi") is None, reason="the extra `serve` is not installed")


def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command in a fresh process."""
    command = [sys.executable, "-m", "planimeter", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def maps(world: Path) -> list[str | Path]:
    return ["--labels", world / "labels.tif", "--legend", world / "legend.json"]


def labels_of(world: Path) -> np.ndarray:
    with rasterio.open(world / "labels.tif") as file:
        return file.read(1)


def test_json_has_every_promised_field_and_the_exact_number(world: Path) -> None:
    done = call("ask", world / "image.tif", HOW_MUCH_WATER, *maps(world), "--json")
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    promised = "answer type unit question program stdout gsd scale_source segmenter coder warnings timings"
    assert set(promised.split()) <= set(answer)
    legend = json.loads((world / "legend.json").read_text())
    expected = np.isin(labels_of(world), legend["water"]).mean() * 100
    assert answer["answer"] == pytest.approx(expected, rel=1e-12)
    assert (answer["unit"], answer["type"], answer["gsd"]) == ("%", "number", 0.5)
    assert answer["scale_source"] == "transform"
    assert answer["coder"] == "builtin"


def test_text_says_number_unit_reading_and_scale(world: Path) -> None:
    done = call("ask", world / "image.tif", "What is the area of forest in acres?", *maps(world))
    assert done.returncode == 0, done.stderr
    first, *rest = done.stdout.splitlines()
    assert first.endswith(" acres")
    assert any("0.5 m per pixel (transform)" in line for line in rest)


def test_out_writes_the_whole_evidence(world: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "evidence"
    question = "How many buildings are within 50 m of water?"
    done = call("ask", world / "image.tif", question, *maps(world), "--out", out)
    assert done.returncode == 0, done.stderr
    names = {path.name for path in out.iterdir()}
    assert names == {
        "overlay.png",
        "shapes.geojson",
        "shapes.gpkg",
        "program.py",
        "trace.json",
        "answer.json",
        "report.html",
    }
    answer = json.loads((out / "answer.json").read_text())
    shapes = json.loads((out / "shapes.geojson").read_text())
    counted = [f for f in shapes["features"] if f["properties"]["role"] == "counted"]
    assert len(counted) == answer["answer"]
    longitude, latitude = counted[0]["geometry"]["coordinates"][0][0][:2]
    assert -180 <= longitude <= 180
    assert -90 <= latitude <= 90
    rerun = call("run", out / "program.py", world / "image.tif", *maps(world), "--json")
    assert json.loads(rerun.stdout)["answer"] == answer["answer"]


def test_a_table_is_printed_in_columns_and_written_as_csv(world: Path, tmp_path: Path) -> None:
    question = "What is the land cover composition?"
    done = call("ask", world / "image.tif", question, *maps(world), "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    head, *rows = done.stdout.splitlines()
    assert head.split("  ")[0] == "land cover"
    assert head.endswith("share [%]")
    with (tmp_path / "out" / "answer.csv").open(encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [row["land cover"] for row in written] == [row[:18].strip() for row in rows[: len(written)]]
    shares = [float(row["share [%]"]) for row in written]
    assert shares == sorted(shares, reverse=True)
    legend = json.loads((world / "legend.json").read_text())
    water = np.isin(labels_of(world), legend["water"]).mean() * 100
    assert dict(zip([row["land cover"] for row in written], shares, strict=True))["water"] == pytest.approx(
        water
    )


def test_json_of_a_list_has_its_columns_and_a_zip_has_everything(world: Path, tmp_path: Path) -> None:
    packed = tmp_path / "evidence.zip"
    question = "List the two largest forest patches."
    done = call("ask", world / "image.tif", question, *maps(world), "--json", "--out", packed)
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    assert answer["type"] == "list"
    names = [column["name"] for column in answer["columns"]]
    assert names[:2] == ["id", "area"]
    assert [list(row) for row in answer["answer"]] == [names] * 2
    with zipfile.ZipFile(packed) as file:
        assert {"evidence/answer.csv", "evidence/report.html", "evidence/shapes.gpkg"} <= set(file.namelist())
        assert json.loads(file.read("evidence/answer.json"))["answer"] == answer["answer"]


def test_segment_writes_one_described_band_per_topic(world: Path, tmp_path: Path) -> None:
    out = tmp_path / "masks.tif"
    done = call("segment", world / "image.tif", "--topics", "houses,water", "--out", out, *maps(world))
    assert done.returncode == 0, done.stderr
    legend = json.loads((world / "legend.json").read_text())
    with rasterio.open(out) as file, rasterio.open(world / "image.tif") as image:
        assert file.descriptions == ("roof", "water")
        assert file.dtypes == ("uint8", "uint8")
        assert (file.crs, file.transform) == (image.crs, image.transform)
        for band, topic in enumerate(file.descriptions, start=1):
            assert np.array_equal(file.read(band), np.isin(labels_of(world), legend[topic]).astype(np.uint8))


@pytest.mark.parametrize(
    ("arguments", "code", "needle"),
    [
        (["ask"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
        (["ask", "{image}", HOW_MUCH_WATER, "--legend", "nlcd"], 2, "--labels"),
        (["ask", "{image}", HOW_MUCH_WATER, "--vector", "roof"], 2, "TOPIC=FILE"),
        (["ask", "absent.tif", HOW_MUCH_WATER, "{maps}"], 3, "does not exist"),
        (["ask", "{folder}", HOW_MUCH_WATER, "{maps}"], 3, "folder"),
        (["ask", "{legend}", HOW_MUCH_WATER, "{maps}"], 3, "not an image"),
        (["ask", "{image}", HOW_MUCH_WATER, "--labels", "{labels}", "--legend", "absent.json"], 3, "legend"),
        (["ask", "{image}", "What is the meaning of life?", "{maps}"], 4, ""),
        (["ask", "{image}", "How many boats are there?", "{maps}"], 4, "boats"),
        (["ask", "{image}", "", "{maps}"], 4, ""),
        (["run", "absent.py", "{image}", "{maps}"], 2, "absent.py"),
        (["segment", "{image}", "--topics", "unicorn", "--out", "x.tif", "{maps}"], 4, "unicorn"),
        (["train", "evaluate", "c.yaml", "c.pt", "--card", "c.json"], 2, "CHECKPOINT and --card"),
        (["train", "promptable", "c.yaml", "--out", "o", "--card", "c.json", "--export", "w"], 2, "--card"),
    ],
)
def test_errors_are_one_sentence_and_an_exit_code(
    world: Path, tmp_path: Path, arguments: list[str], code: int, needle: str
) -> None:
    filled: list[str | Path] = []
    for argument in arguments:
        if argument == "{maps}":
            filled += maps(world)
        else:
            places = {
                "image": world / "image.tif",
                "labels": world / "labels.tif",
                "legend": world / "legend.json",
                "folder": world,
            }
            filled.append(argument.format(**places))
    done = call(*filled)
    assert done.returncode == code, done.stderr
    assert needle in done.stderr
    assert "Traceback" not in done.stderr
    if code != 2:
        assert len(done.stderr.strip().splitlines()) == 1
        assert done.stderr.startswith("planimeter: ")


def test_a_plain_picture_needs_gsd_for_areas_but_not_for_percentages(world: Path, tmp_path: Path) -> None:
    picture = tmp_path / "image.png"
    with rasterio.open(world / "image.tif") as file:
        pixels = file.read()
    with rasterio.open(
        picture, "w", driver="PNG", dtype="uint8", count=3, height=pixels.shape[1], width=pixels.shape[2]
    ) as file:
        file.write(pixels)
    percentage = call("ask", picture, HOW_MUCH_WATER, *maps(world), "--json")
    assert percentage.returncode == 0, percentage.stderr
    assert json.loads(percentage.stdout)["scale_source"] is None
    area = call("ask", picture, "What is the total area of water?", *maps(world))
    assert area.returncode == 3
    assert "--gsd" in area.stderr
    stated = call("ask", picture, "What is the total area of water?", *maps(world), "--gsd", "0.5", "--json")
    assert stated.returncode == 0, stated.stderr
    assert json.loads(stated.stdout)["scale_source"] == "user"


def test_a_gsd_that_contradicts_the_file_is_a_warning(world: Path) -> None:
    done = call("ask", world / "image.tif", HOW_MUCH_WATER, *maps(world), "--gsd", "0.6", "--json")
    warnings = json.loads(done.stdout)["warnings"]
    assert any("0.6" in warning and "0.5" in warning for warning in warnings)


def test_a_program_that_begins_with_a_byte_order_mark_runs(world: Path, tmp_path: Path) -> None:
    program = tmp_path / "marked.py"
    program.write_bytes(b"\xef\xbb\xbfanswer = 1\n")
    done = call("run", program, world / "image.tif", *maps(world), "--json")
    assert json.loads(done.stdout)["answer"] == 1


def test_a_failing_program_ends_with_five_and_its_line(world: Path, tmp_path: Path) -> None:
    program = tmp_path / "broken.py"
    program.write_text("x = 1\nanswer = x / 0\n")
    done = call("run", program, world / "image.tif", *maps(world))
    assert done.returncode == 5
    assert "line 2" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["segment", "{image}", "--topics", "roof", "--out", "{folder}/./image.tif", "{maps}"],
        ["segment", "{image}", "--topics", "roof", "--out", "{labels}", "{maps}"],
        ["segment", "{image}", "--topics", "roof", "--out", "{zones}", "--vector", "roof={zones}|layer=a"],
        ["composite", "{image}", "{labels}", "--out", "{image}"],
        ["reason", "segment", "{image}", "the pond", "--prompter", "vlm:absent", "--out", "{image}"],
        ["ask", "{image}", HOW_MUCH_WATER, "--zones", "{zones}", "--out", "{folder}", "{maps}"],
        ["run", "{program}", "{image}", "--before", "{labels}", "--out", "{before}", "{maps}"],
    ],
)
def test_out_is_never_one_of_the_inputs(world: Path, tmp_path: Path, arguments: list[str]) -> None:
    places = {"folder": tmp_path, "program": tmp_path / "a.py", "zones": tmp_path / "zones.gpkg"}
    for name in ("image.tif", "labels.tif", "legend.json"):
        places[name.partition(".")[0]] = tmp_path / name
        (tmp_path / name).write_bytes((world / name).read_bytes())
    places["before"] = tmp_path / "before.zip"
    places["before"].hardlink_to(places["labels"])
    places["program"].write_text("answer = 1\n")
    places["zones"].write_bytes(b"a layer")
    held = {path: path.read_bytes() for path in tmp_path.iterdir()}
    filled = [
        part
        for argument in arguments
        for part in (maps(tmp_path) if argument == "{maps}" else [argument.format(**places)])
    ]
    done = call(*filled)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "is one of the inputs: name another" in done.stderr
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == held


def test_a_program_of_earlier_evidence_may_run_again_into_its_folder(world: Path, tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("answer = 1\n")
    done = call("run", program, world / "image.tif", *maps(world), "--out", tmp_path)
    assert done.returncode == 0, done.stderr
    assert program.read_text() == "answer = 1\n"


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["run", "answer = 1 # {long}", "{image}"], 2),
        (["ask", "{image}", HOW_MUCH_WATER, "--labels", "{labels}", "--legend", "{long}"], 3),
        (["ask", "{image}", HOW_MUCH_WATER, "--vector", "water={long}.zip"], 3),
        (["ask", "{image}", HOW_MUCH_WATER, "{maps}", "--corrections", "{long}"], 3),
        (["ask", "{image}", HOW_MUCH_WATER, "{maps}", "--zones", "{long}.gdb"], 3),
        (["ask", "{image}", HOW_MUCH_WATER, "{maps}", "--area", "{long}"], 3),
        (["ask", "{image}", HOW_MUCH_WATER, "--segmenter", "reason:{long}"], 3),
        (["ask", "{image}", HOW_MUCH_WATER, "--segmenter", "index:{long}"], 3),
        (["ask", "{image}", HOW_MUCH_WATER, "--segmenter", "dynamicworld:{long}"], 3),
        (["segment", "{image}", "--topics", "roof", "--out", "{long}.tif", "{maps}"], 2),
        (["reason", "evaluate", "folder:{long}", "--prompter", "vlm:x", "--out", "{folder}"], 3),
        (["reason", "evaluate", "earthreason:{long}", "--prompter", "vlm:x", "--out", "{folder}"], 3),
        (
            ["reason", "segment", "{image}", "a pond", "--prompter", "vlm:{long}", "--out", "{folder}/a.tif"],
            3,
        ),
        (["squid", "run", "{long}"], 3),
        (["squid", "report", "{long}"], 3),
        (["squid", "agreement", "{long}"], 3),
        (["squid", "generate", "naip:{long}", "--out", "{folder}"], 3),
        (["annotate", "init", "{folder}/p", "--questions", "{long}", "--annotators", "A"], 3),
        (["annotate", "init", "{long}", "--questions", "{legend}", "--annotators", "A"], 3),
        (["annotate", "export", "{long}", "--out", "{folder}"], 3),
        (["batch", HOW_MUCH_WATER, "{long}", "--out", "{folder}"], 3),
        (["batch", HOW_MUCH_WATER, "{image}", "--vector", "water={long}", "--out", "{folder}"], 3),
        (["train", "rewriter", "--start-from", "{long}", "--out", "{folder}"], 3),
        pytest.param(["serve", "--folder", "{long}", "--port", "1"], 2, marks=NEEDS_SERVE),
    ],
)
def test_a_name_longer_than_any_file_s_is_a_sentence(
    world: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], code: int
) -> None:
    places = {
        "long": "n" * 300,
        "folder": tmp_path,
        "image": world / "image.tif",
        "labels": world / "labels.tif",
        "legend": world / "legend.json",
    }
    filled = [
        part
        for argument in arguments
        for part in (maps(world) if argument == "{maps}" else [argument.format(**places)])
    ]
    with pytest.raises(SystemExit) as ended:
        cli.main([str(part) for part in filled])
    said = capsys.readouterr().err
    assert ended.value.code == code, said
    assert said.strip().splitlines()[-1].startswith("planimeter: ")


def test_what_only_the_system_refuses_is_a_sentence_as_well(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(**_: object) -> None:
        raise OSError(28, "No space left on device", "a\nb.tif")

    monkeypatch.setattr(cli.group, "main", refuse)
    with pytest.raises(SystemExit) as ended:
        cli.main([])
    assert ended.value.code == 3
    said = capsys.readouterr().err
    assert said.startswith(
        "planimeter: 'a\\nb.tif' cannot be read or written (No space left on device): check"
    )
    assert len(said.splitlines()) == 1


def test_half_a_character_that_a_program_prints_spoils_neither_text_nor_evidence(
    world: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program.py"
    program.write_text('print("caf\\udce9")\nanswer = 1\n')
    for more in ([], ["--json"], ["--out", tmp_path / "evidence"]):
        done = call("run", program, world / "image.tif", *maps(world), *more)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "evidence" / "report.html").is_file()


@pytest.mark.parametrize(
    ("question", "code"), [(f"{HOW_MUCH_WATER} \udce9", (0, 4)), ("How many caf\udce9s are there?", (4,))]
)
def test_a_question_with_a_byte_that_is_no_text(world: Path, question: str, code: tuple[int, ...]) -> None:
    for more in ([], ["--json"]):
        done = call("ask", world / "image.tif", question, *maps(world), *more)
        assert done.returncode in code, done.stderr
        assert "Traceback" not in done.stderr
