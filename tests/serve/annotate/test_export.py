"""What is exported is what ``planimeter squid`` reads."""

from __future__ import annotations

import csv
import json

import cv2
import numpy as np
import pyogrio
import pytest

from planimeter.annotate.export import export
from planimeter.annotate.measure import measured
from planimeter.annotate.project import read_project
from planimeter.annotate.store import AnnotationStore
from planimeter.cli import main
from planimeter.errors import InputError
from planimeter.squid.agreement import read_annotations, reliability, rules_from
from planimeter.squid.published import read_data_set


@pytest.fixture
def answered(make):
    """A project that three people have answered."""
    project = read_project(make(annotators=["Ada", "Ben", "Cem"]))
    store = AnnotationStore(project.store_path)
    store.sync(project)
    questions = {question.id: question for question in project.questions}
    works = {
        "Ada": {"share": 20, "houses": 4, "near": 10, "any": "yes", "far": 10, "power": 0.5},
        "Ben": {"share": 24, "houses": 5, "near": 14, "any": "no", "far": 12, "power": 0.7},
        "Cem": {"share": 30, "houses": 6, "near": 16, "any": "yes", "far": 20, "power": 0.9},
    }
    for person, given in works.items():
        for name, value in given.items():
            tool = questions[name].asked.tool
            work = {
                "grid": {"grid": 10, "cells": [[0, value]]},
                "points": {"points": [[1, 2]] * value if tool == "points" else []},
                "ruler": {"line": [[0, 0], [value, 0]]},
                "choice": {"choice": value},
                "number": {"number": value},
            }[tool]
            scene = project.images[questions[name].image].scene
            store.submit(person, name, measured(questions[name], work, scene), work, "=1+1", 5.0)
    store.submit("Ada", "share", 21.0, {"grid": 10, "cells": [[0, 21]]})
    store.submit("Cem", "area", None, {})
    store.submit("Nobody", "share", 99.0, {})
    return project, store


def test_the_table_is_read_back_exactly(answered, tmp_path):
    files = export(*answered, tmp_path / "out")
    read = {question.id: question for question in read_annotations(files["table"])}
    assert {name: question.kind for name, question in read.items()} == {
        "share": "percentage",
        "houses": "count",
        "near": "proximity percentage",
        "any": "yes/no",
        "power": "power",
    }
    assert read["share"].answers == {"Ada": 21.0, "Ben": 24.0, "Cem": 30.0}
    assert read["houses"].answers == {"Ada": 4, "Ben": 5, "Cem": 6}
    assert read["any"].answers == {"Ada": "yes", "Ben": "no", "Cem": "yes"}
    assert read["near"].about["gsd"] == "0.5"


def test_the_questions_carry_consensus_and_ranges(answered, tmp_path):
    files = export(*answered, tmp_path / "out")
    data = read_data_set(files["questions"])
    assert data.problems == []
    by_id = {question.id: question for question in data.questions}
    rules = rules_from(read_annotations(files["table"]))
    assert rules.percentage == 3
    assert by_id["share"].answer == 24
    assert by_id["share"].acceptable_range == (21, 30)  # 24 ± 3, and Cem said 30
    assert by_id["houses"].answer == 5
    assert by_id["any"].answer == "yes"
    assert by_id["any"].acceptable_range is None
    assert data.image_path(by_id["share"].image).is_file()


def test_all_revisions_and_notes_are_in_answers(answered, tmp_path):
    files = export(*answered, tmp_path / "out")
    with files["answers"].open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    shares = [row for row in rows if row["question_id"] == "share" and row["annotator"] == "Ada"]
    assert [(row["answer"], row["current"]) for row in shares] == [("20.0", "0"), ("21.0", "1")]
    assert shares[0]["note"] == "'=1+1"  # no spreadsheet computes it
    assert json.loads(shares[1]["marks"]) == {"grid": 10, "cells": [[0, 21]]}
    distances = [float(row["answer"]) for row in rows if row["question_id"] == "far"]
    assert distances == [5.0, 6.0, 10.0]
    assert [row["skipped"] for row in rows if row["question_id"] == "area"] == ["1"]


def test_parquet_holds_the_same_table(answered, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    files = export(*answered, tmp_path / "out")
    with files["table"].open(newline="") as stream:
        assert parquet.read_table(files["parquet"]).to_pylist() == list(csv.DictReader(stream))


def test_squid_takes_the_export_as_a_source(answered, tmp_path, capsys):
    pytest.importorskip("krippendorff")
    project, _ = answered
    out = tmp_path / "out"
    main(["annotate", "export", str(project.folder), "--out", str(out)])
    said = capsys.readouterr().out
    assert "far" in said.splitlines()[-1]
    main(["squid", "agreement", str(out / "annotations.csv")])
    assert "| Count | 1 |" in capsys.readouterr().out
    bench = tmp_path / "bench"
    ranges = str(out / "annotations.csv")
    main(
        [
            "squid",
            "generate",
            f"naip:{out}",
            "worlds:1",
            "--questions",
            "3",
            "--ranges",
            ranges,
            "--out",
            str(bench),
        ]
    )
    questions = {question.question: question for question in read_data_set(bench).questions}
    assert questions["How many buildings are there? (GSD: 0.5m)"].answer == 5
    assert len(questions) == 8


def test_ranges_go_into_an_existing_benchmark(answered, tmp_path):
    pytest.importorskip("pyarrow")
    bench = tmp_path / "bench"
    types = ["--types", "percentage,count"]
    main(["squid", "generate", "worlds:1", "--questions", "3", *types, "--out", str(bench)])
    files = export(*answered, tmp_path / "out", benchmark=bench)
    before = {question.id: question for question in read_data_set(bench).questions}
    rules = rules_from(read_annotations(files["table"]))
    after = json.loads(files["benchmark"].read_text())
    assert [row["id"] for row in after] == list(before)
    for row in after:
        kind = {"percentage": "percentage", "count": "count"}[row["type"]]
        assert row["acceptable_range"] == pytest.approx(
            rules.acceptable_range(kind, before[row["id"]].answer)
        )
        assert row["answer"] == before[row["id"]].answer


def test_agreement_is_that_of_squid(answered, tmp_path):
    pytest.importorskip("krippendorff")
    from planimeter.annotate.agreement import agreement, answered_questions

    project, store = answered
    files = export(project, store, tmp_path / "out")
    live = {row["group"]: row for row in agreement(answered_questions(project, store))["rows"]}
    for row in reliability(read_annotations(files["table"])):
        for name in ("questions", "alpha", "icc", "deviation"):
            assert live[row.group][name] == pytest.approx(getattr(row, name), nan_ok=True), (row.group, name)
    assert live["Distance"]["deviation"] == np.median([0, 1, 4])


def test_every_image_and_its_marks_have_a_file_of_their_own(make, tmp_path):
    files = ["a.png", "2_a.png", "b/a.png", "b/A.png", "c/2_A.jpg", "c/2_2_a.png"]
    for grey, file in enumerate(files):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        cv2.imwrite(str(tmp_path / file), np.full((50, 50, 3), 40 * grey, np.uint8))
    questions = [
        {"id": f"q{k}", "image": file, "question": "How many?", "type": "count"}
        for k, file in enumerate(files)
    ]
    project = read_project(make(images={file: str(tmp_path / file) for file in files}, questions=questions))
    store = AnnotationStore(project.store_path)
    store.sync(project)
    for k in range(len(files)):
        store.submit("Ada", f"q{k}", k + 1, {"points": [[5, 5]] * (k + 1)})
    out = tmp_path / "out"
    written = export(project, store, out)
    data = read_data_set(written["questions"])
    for k, question in enumerate(data.questions):
        seen = cv2.imread(str(data.image_path(question.image)))
        assert (question.answer, round(float(seen.mean()))) == (k + 1, 40 * k)
        assert len(pyogrio.read_dataframe(written[f"marks on {files[k]}"], layer="points")) == k + 1
    # Nor do they lie in each other where a disk does not tell small letters from capitals.
    for folder in (out / "images", out / "marks"):
        assert len({file.stem.casefold() for file in folder.iterdir()}) == len(files)
    coco = json.loads((out / "marks.coco.json").read_text())
    assert len({image["file_name"] for image in coco["images"]}) == len(files)


def test_nothing_answered_is_said(make, tmp_path):
    project = read_project(make())
    store = AnnotationStore(project.store_path)
    with pytest.raises(InputError, match="Nobody has answered"):
        export(project, store, tmp_path / "out")


@pytest.mark.parametrize("kind", ["total_area", "proximity_area", "power_calculation"])
def test_ranges_hold_the_people_and_their_median(make, tmp_path, kind):
    """Where percentages agree within 0.12 points, an area may still be 14 % apart."""
    questions = [
        {"id": "near", "image": "world", "question": "What share is near?", "type": "proximity_percentage"},
        {"id": "roofs", "image": "world", "question": "How much is it?", "type": kind},
    ]
    project = read_project(make(questions=questions))
    store = AnnotationStore(project.store_path)
    store.sync(project)
    for person, share, amount in (("Ada", 12.0, 0.111), ("Ben", 12.24, 0.147)):
        store.submit(person, "near", share, {})
        store.submit(person, "roofs", amount, {})
    files = export(project, store, tmp_path / "out")
    roofs = {question.id: question for question in read_data_set(files["questions"]).questions}["roofs"]
    low, high = roofs.acceptable_range
    assert roofs.answer == pytest.approx(np.median([0.111, 0.147]))
    assert low <= 0.111
    assert high >= 0.147
    assert (low, high) == pytest.approx((0.111, 0.147), abs=0.005)  # and no wider than the people are apart
    rules = rules_from(read_annotations(files["table"]))
    assert rules.proximity == pytest.approx(0.12)
    name = {"total_area": "solar_area", "proximity_area": "area", "power_calculation": "power"}[kind]
    assert getattr(rules, name) == pytest.approx(0.018 / 0.129)
