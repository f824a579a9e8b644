"""Project files: what they may say, what is refused, and projects made from benchmarks."""

from __future__ import annotations

import json

import pytest

from planimeter.annotate.kinds import asked_by
from planimeter.annotate.making import make_project
from planimeter.annotate.project import read_project
from planimeter.cli import main
from planimeter.errors import InputError, PlanimeterError, UsageError
from planimeter.squid.types import TYPES

COUNT = {"image": "world", "question": "How many?", "type": "count"}


def test_a_project_is_read(make):
    project = read_project(make())
    assert project.title == "A survey"
    assert project.annotators == ("Ada", "Ben")
    by_id = {question.id: question for question in project.questions}
    assert by_id["share"].asked.tool == "grid"
    assert by_id["houses"].asked.unit == "count"
    assert by_id["near"].distance_m == 50
    assert by_id["near"].tier == 2
    assert by_id["any"].asked.categories == ("yes", "no")
    assert by_id["use"].asked.categories == ("farming", "housing")
    assert project.images["half"].scene.scale.gsd == 1
    assert project.images["plain"].scene.scale is None


def test_every_type_of_squid_has_a_tool():
    for name, kind in TYPES.items():
        asked = asked_by(name)
        assert asked.kind == kind.kind
        assert (asked.tool == "choice") == (kind.kind in ("yes/no", "category"))
        assert len(asked.categories) == (2 if asked.tool == "choice" else 0)


def test_yaml_says_the_same(make):
    yaml = pytest.importorskip("yaml")
    folder = make()
    said = json.loads((folder / "project.json").read_text())
    was = read_project(folder)
    (folder / "project.json").unlink()
    (folder / "project.yaml").write_text(yaml.safe_dump(said))
    assert read_project(folder) == was


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"annotators": []}, "annotators"),
        ({"annotators": ["=cmd()"]}, "=cmd()"),
        ({"annotators": ["Ada", "Ada"]}, "twice"),
        ({"images": {"world": "missing.tif"}, "questions": [COUNT]}, "missing.tif"),
        ({"images": {"world": {"file": "x.tif", "gsd": -1}}}, "gsd"),
        ({"questions": []}, "no question"),
        ({"questions": [{"image": "world", "question": "What?", "type": "smell"}]}, "smell"),
        ({"questions": [{"image": "moon", "question": "What?", "type": "count"}]}, "moon"),
        ({"questions": [{"image": "world", "question": " ", "type": "count"}]}, "text is empty"),
        ({"questions": [{"image": "world", "question": "What?", "type": "category"}]}, "categories"),
        ({"questions": [{"image": "world", "question": "What?", "type": "count", "unit": "ha"}]}, "unit"),
        (
            {
                "questions": [
                    {"image": "world", "question": "What?", "type": "count", "categories": ["a", "b"]}
                ]
            },
            "asks for a number",
        ),
    ],
)
def test_projects_that_cannot_be_served(make, changes, says):
    with pytest.raises(PlanimeterError, match=says):
        read_project(make(**changes))


def test_a_project_from_a_benchmark_holds_no_answers(tmp_path, capsys):
    pytest.importorskip("pyarrow")
    main(["squid", "generate", "worlds:2", "--questions", "6", "--out", str(tmp_path / "bench")])
    main(
        [
            "annotate",
            "init",
            str(tmp_path / "survey"),
            "--questions",
            str(tmp_path / "bench"),
            "--annotators",
            "A,B",
        ]
    )
    assert "6 questions" in capsys.readouterr().out
    project = read_project(tmp_path / "survey")
    assert len(project.questions) == 6
    written = (tmp_path / "survey" / "project.json").read_text()
    assert "acceptable_range" not in written
    assert '"answer"' not in written
    bench = json.loads((tmp_path / "bench" / "dataset.json").read_text())
    for row, question in zip(bench, project.questions, strict=True):
        scene = project.images[question.image].scene
        assert (question.id, question.text) == (row["id"], row["question"])
        assert scene.scale.gsd == pytest.approx(row["gsd"])
    parquet = make_project(
        tmp_path / "second", tmp_path / "bench" / "data", ["A"], images=tmp_path / "unpacked"
    )
    assert [question.id for question in parquet.questions] == [row["id"] for row in bench]


def test_a_table_in_another_encoding_is_named(tmp_path, pictures):
    table = tmp_path / "list.csv"
    table.write_bytes("image,question,type\nplain.png,How many T\u00fcrme?,count\n".encode("cp1252"))
    with pytest.raises(InputError, match=r"list\.csv cannot be read as CSV .*save it as UTF-8"):
        make_project(tmp_path / "survey", table, ["Ada"], images=pictures)


def test_a_table_that_states_two_scales_for_an_image_is_refused(tmp_path, pictures):
    table = tmp_path / "list.csv"
    rows = [
        "image,question,type,gsd",
        "plain.png,How much water?,total_area,0.5",
        "plain.png,How many?,count,",
    ]
    table.write_text("\n".join([*rows, "plain.png,How much forest?,total_area,1.0"]))
    with pytest.raises(InputError, match=r"two scales for the image 'plain\.png', 0\.5 and 1 m per pixel"):
        make_project(tmp_path / "survey", table, ["Ada"], images=pictures)
    assert not (tmp_path / "survey").exists()
    # One scale in two spellings is one; what --gsd states is for images of which no question says it.
    table.write_text(
        "\n".join([*rows, "plain.png,How much forest?,total_area,0.50", "world.tif,How many?,count,"])
    )
    project = make_project(tmp_path / "survey", table, ["Ada"], images=pictures, gsd=2.0)
    assert {key: picture.gsd for key, picture in project.images.items()} == {
        "plain.png": 0.5,
        "world.tif": 2.0,
    }


def test_a_project_from_a_table(tmp_path, pictures):
    table = tmp_path / "list.csv"
    table.write_text(
        "image,question,type,categories,gsd\n"
        "plain.png,How many?,count,,0.3\n"
        "plain.png,Which?,category,a|b|c,\n"
    )
    project = make_project(tmp_path / "survey", table, ["Ada"], images=pictures, title="Ours")
    assert [question.id for question in project.questions] == ["q1", "q2"]
    assert project.questions[1].asked.categories == ("a", "b", "c")
    assert project.images["plain.png"].scene.scale.gsd == 0.3
    with pytest.raises(UsageError, match="already"):
        make_project(tmp_path / "survey", table, ["Ada"], images=pictures)
    with pytest.raises(InputError, match="--images"):
        make_project(tmp_path / "other", table, ["Ada"])
    table.write_text("image,question,type\nplain.png,How many?,sum\n")
    with pytest.raises(InputError, match="known type"):
        make_project(tmp_path / "other", table, ["Ada"], images=pictures)
    assert not (tmp_path / "other").exists()
