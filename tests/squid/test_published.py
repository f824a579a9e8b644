"""Both published forms, there and back, and everything that can be wrong with a row."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from planimeter.errors import InputError, ModelError
from planimeter.squid.published import DataSet, read_data_set, write_json, write_parquet
from planimeter.squid.question import Question, read_value, write_value

# Table 11 (A) of the paper, as it is printed.
PRINTED = {
    "id": "SQuID_1144",
    "image": "earthvqa_0.3m/2923.png",
    "question": "How many buildings (larger than 0.01 hectares) are within 200m of agricultural land? (GSD: 0.3m)",
    "answer": 6,
    "type": "building_proximity",
    "tier": 2,
    "gsd": 0.3,
    "acceptable_range": [4, 8],
}


def _write(folder: Path, rows: list[Any], images: tuple[str, ...] = ("earthvqa_0.3m/2923.png",)) -> Path:
    for image in images:
        (folder / image).parent.mkdir(parents=True, exist_ok=True)
        (folder / image).write_bytes(b"\x89PNG")
    (folder / "dataset.json").write_text(json.dumps(rows))
    return folder


def test_the_printed_entry(tmp_path: Path) -> None:
    data = read_data_set(_write(tmp_path, [PRINTED]))
    assert not data.problems
    (question,) = data.questions
    assert (question.answer, question.acceptable_range, question.gsd) == (6, (4.0, 8.0), 0.3)
    again = json.loads(write_json(data.questions, tmp_path / "again.json").read_text())
    assert again == [PRINTED]


@pytest.mark.parametrize(
    ("change", "kind", "scored"),
    [
        ({"question": ""}, "broken row", False),
        ({"answer": None}, "broken row", False),
        ({"answer": "some"}, "broken row", False),
        ({"acceptable_range": [8, 4]}, "broken row", False),
        ({"acceptable_range": "4-8"}, "broken row", False),
        ({"gsd": -1}, "broken row", False),
        ({"tier": "two"}, "broken row", False),
        ({"image": "earthvqa_0.3m/absent.png"}, "missing image", False),
        ({"image": None}, "missing image", False),
        ({"type": "tree_count"}, "unknown type", True),
        ({"answer": 9}, "answer outside its range", True),
    ],
)
def test_what_is_wrong_is_named_and_counted(
    tmp_path: Path, change: dict[str, Any], kind: str, scored: bool
) -> None:
    good = {**PRINTED, "id": "good"}
    data = read_data_set(_write(tmp_path, [{**PRINTED, **change}, good]))
    assert [(problem.kind, problem.id, problem.unscored) for problem in data.problems] == [
        (kind, "SQuID_1144", not scored)
    ]
    assert data.problems[0].sentence.endswith(".")
    assert [question.id for question in data.questions] == (["SQuID_1144"] if scored else []) + ["good"]


def test_ids_may_be_numbers_from_nought(tmp_path: Path) -> None:
    data = read_data_set(_write(tmp_path, [{**PRINTED, "id": number} for number in (0, 1)]))
    assert [question.id for question in data.questions] == ["0", "1"]
    assert data.problems == []


def test_a_second_row_of_the_same_name_is_not_counted_twice(tmp_path: Path) -> None:
    data = read_data_set(_write(tmp_path, [PRINTED, PRINTED, "no object"]))
    assert len(data.questions) == 1
    assert [problem.kind for problem in data.problems] == ["duplicate id", "broken row"]


@pytest.mark.parametrize("text", ["{", '{"id": 1}'])
def test_no_list_of_questions(tmp_path: Path, text: str) -> None:
    (tmp_path / "dataset.json").write_text(text)
    with pytest.raises(InputError, match=r"dataset\.json"):
        read_data_set(tmp_path)


def test_nothing_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no data set"):
        read_data_set(tmp_path / "absent")
    with pytest.raises(InputError, match="neither"):
        read_data_set(tmp_path)


def test_values_both_ways() -> None:
    for value, exact in ((33.13, False), (4, False), ("yes", True), ("no", True), ("connected", True)):
        assert read_value(write_value(value), exact) == value
    assert read_value(True, exact=True) == "yes"
    assert read_value("0", exact=False) == 0


def test_generated_json_and_parquet_say_the_same(made: Path, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    as_json = read_data_set(made)
    as_table = read_data_set(made / "data", images=tmp_path)
    assert as_json.questions == as_table.questions
    assert not as_table.problems
    assert as_table.truth == as_json.truth
    for question in as_json.questions:
        here, there = as_json.image_path(question.image), as_table.image_path(question.image)
        assert here.read_bytes() == there.read_bytes()


def _parquet(file: Path, pictures: list[tuple[str, bytes]]) -> Path:
    """A parquet file with a question about each picture, given as its path in the file and its content."""
    arrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    rows = [
        {
            "id": f"q{k}",
            "question": "How many?",
            "answer": str(k),
            "type": "count",
            "tier": 1,
            "acceptable_range_lower": 0.0,
            "acceptable_range_upper": 99.0,
        }
        | {"image": {"path": path, "bytes": content}}
        for k, (path, content) in enumerate(pictures)
    ]
    parquet.write_table(arrow.Table.from_pylist(rows), file)
    return file


def _contents(file: Path, folder: Path) -> list[bytes]:
    data = read_data_set(file, images=folder)
    assert not data.problems
    return [data.image_path(question.image).read_bytes() for question in data.questions]


def test_rows_that_share_a_path_have_their_own_pictures(tmp_path: Path) -> None:
    png = b"\x89PNG"
    pictures = [
        ("image.png", png + b"one"),
        ("image.png", png + b"two"),
        ("image.png", png + b"three, longer"),
    ]
    pictures += [("image.png", png + b"two"), ("image.png", png + b"one"), ("Image.png", png + b"four")]
    pictures += [("a/image.png", png + b"five"), ("../image.png", png + b"six")]
    file = _parquet(tmp_path / "a.parquet", pictures)
    for _ in range(2):
        assert _contents(file, tmp_path / "cache") == [content for _, content in pictures]
    data = read_data_set(file, images=tmp_path / "cache")
    first, second, third, *rest = [question.image for question in data.questions]
    assert first == rest[1] == "image.png"
    assert second == rest[0]
    assert len({image.casefold() for image in (first, second, third, *rest[2:])}) == 6


def test_a_parquet_file_that_was_rewritten_shows_its_new_pictures(tmp_path: Path) -> None:
    for content in (b"\x89PNGone", b"\x89PNGtwo", b"\x89PNGthree"):
        file = _parquet(tmp_path / "a.parquet", [("image.png", content)])
        assert _contents(file, tmp_path / "cache") == [content]
        assert [q.image for q in read_data_set(file, images=tmp_path / "cache").questions] == ["image.png"]


def test_parquet_has_the_published_columns(made: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    schema = parquet.read_schema(next((made / "data").glob("*.parquet")))
    types = {field.name: str(field.type) for field in schema}
    assert types == {
        "id": "string",
        "image": "struct<bytes: binary, path: string>",
        "question": "string",
        "answer": "string",
        "type": "string",
        "tier": "int32",
        "gsd": "float",
        "acceptable_range_lower": "double",
        "acceptable_range_upper": "double",
    }


def test_a_path_inside_a_parquet_file_does_not_leave_the_folder(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "source").mkdir()
    shutil.copy(_picture(tmp_path), tmp_path / "source" / "x.png")
    question = Question("q", "x.png", "How many separate buildings are there?", 1, "count", 1, None, (0, 2))
    file = write_parquet(DataSet("t", tmp_path / "source", [question]), tmp_path / "t.parquet")
    _rename_inside(file, "../../escaped.png")
    data = read_data_set(file, images=tmp_path / "deep" / "images")
    assert len(data.questions) == 1
    assert not (tmp_path / "escaped.png").exists()
    assert data.image_path(data.questions[0].image).is_relative_to(tmp_path / "deep" / "images")


def test_a_row_without_its_image_is_named(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    row = {key: value for key, value in PRINTED.items() if key != "acceptable_range"}
    row |= {"image": {"bytes": None, "path": None}, "answer": "6"}
    row |= {"acceptable_range_lower": 4.0, "acceptable_range_upper": 8.0}
    parquet.write_table(arrow.Table.from_pylist([row]), tmp_path / "t.parquet")
    data = read_data_set(tmp_path / "t.parquet", images=tmp_path / "images")
    assert [problem.kind for problem in data.problems] == ["missing image"]


def test_a_broken_parquet_file(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    (tmp_path / "t.parquet").write_bytes(b"PAR1 but no more")
    with pytest.raises(InputError, match="no readable parquet"):
        read_data_set(tmp_path / "t.parquet", images=tmp_path)


def test_the_hub_is_asked_only_on_request_and_fails_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("huggingface_hub")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="cannot be had from the hub"):
        read_data_set("hub:not a name")


def _picture(folder: Path) -> Path:
    import cv2
    import numpy as np

    cv2.imwrite(str(folder / "picture.png"), np.zeros((4, 4, 3), np.uint8))
    return folder / "picture.png"


def _rename_inside(file: Path, path: str) -> None:
    import pyarrow
    from pyarrow import parquet

    table = parquet.read_table(file)
    rows = table.to_pylist()
    for row in rows:
        row["image"]["path"] = path
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema=table.schema), file)
