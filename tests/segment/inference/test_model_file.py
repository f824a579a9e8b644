"""Damaged model files and cards: one clear sentence each."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from planimeter.errors import ModelError
from planimeter.segment.inference import RuntimeModel, load_card
from planimeter.segment.unet import UNetSegmenter


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the shipped model's card, with its file beside it."""
    card = load_card()
    shutil.copy(card.path, tmp_path)
    shutil.copy(card.path.parent / card.file, tmp_path)
    return tmp_path / card.path.name


def sentence(error: pytest.ExceptionInfo[ModelError]) -> str:
    text = str(error.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


def test_a_truncated_file(copy: Path) -> None:
    file = copy.parent / load_card(copy).file
    file.write_bytes(file.read_bytes()[:-1000])
    with pytest.raises(ModelError) as error:
        RuntimeModel(load_card(copy))
    assert "cut short" in sentence(error)


def test_a_changed_file(copy: Path) -> None:
    file = copy.parent / load_card(copy).file
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    with pytest.raises(ModelError) as error:
        RuntimeModel(load_card(copy))
    assert "SHA-256" in sentence(error)


def test_a_missing_file(copy: Path) -> None:
    (copy.parent / load_card(copy).file).unlink()
    with pytest.raises(ModelError) as error:
        RuntimeModel(load_card(copy))
    assert "cannot be read" in sentence(error)


def test_a_file_that_fits_its_card_and_is_no_model(copy: Path) -> None:
    import hashlib

    record = json.loads(copy.read_text(encoding="utf-8"))
    content = b"no model at all"
    (copy.parent / record["file"]).write_bytes(content)
    record |= {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    copy.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelError) as error:
        RuntimeModel(load_card(copy))
    assert "cannot be opened" in sentence(error)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"name": "a"}', "\x00", "[" * 100_000])
def test_a_card_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "card.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError) as error:
        load_card(path)
    assert "no model card" in sentence(error)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("bytes",), float("inf")),
        (("file",), "a\0b"),
        (("objects",), []),
        (("contact",), ["roof"]),
        (("land", "topics"), "urban"),
        (("land", "topics"), ["urban"] * 6),
        (("land", "temperature"), 0.0),
        (("land", "temperature"), float("nan")),
        (("objects", "roof", "temperature"), -1.0),
        (("objects", "roof", "threshold"), float("nan")),
        (("objects", "roof", "narrowest"), float("inf")),
        (("stride",), 0),
        (("stride",), float("inf")),
        (("smooth",), 4),
        (("smooth",), 99),
        (("gsd", "range"), [1.2, 0.25]),
        (("gsd", "range"), [0.0, 0.25]),
        (("gsd", "centre"), 0.0),
        (("appearance",), []),
        (("appearance", "usual"), {"green": [5]}),
        (("area_error", "roof"), {"low": 0.5}),
        (("count_error", "roof", "high"), "twice"),
        (("confusion", "roof", "right"), ["a", "b", "c"]),
        (("confusion", "roof", "images"), "some"),
    ],
)
def test_a_card_with_numbers_that_make_no_sense(copy: Path, place: tuple[str, ...], value: object) -> None:
    record = json.loads(copy.read_text(encoding="utf-8"))
    table = record
    for key in place[:-1]:
        table = table[key]
    table[place[-1]] = value
    copy.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelError) as error:
        load_card(copy)
    assert "no model card" in sentence(error)


def test_a_card_that_names_fewer_classes_than_its_file_gives_is_refused(copy: Path) -> None:
    """The file's seventh plane is a roof; with five land classes it would be taken for the sixth thing."""
    record = json.loads(copy.read_text(encoding="utf-8"))
    record["land"]["topics"].pop()
    copy.write_text(json.dumps(record), encoding="utf-8")
    with pytest.raises(ModelError) as error:
        RuntimeModel(load_card(copy)).logits(np.zeros((1, 32, 32, 3), np.uint8))
    assert "9 channels" in sentence(error)


def test_a_missing_card(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as error:
        UNetSegmenter(tmp_path / "none.json")
    assert "cannot be read" in sentence(error)


def test_a_card_cannot_point_out_of_its_folder(copy: Path) -> None:
    record = json.loads(copy.read_text(encoding="utf-8"))
    record["file"] = "../../" + record["file"]
    copy.write_text(json.dumps(record), encoding="utf-8")
    assert load_card(copy).content  # only the name counts


def test_the_weights_that_ship_stay_small_and_say_their_licence() -> None:
    import planimeter

    package = Path(planimeter.__file__).parent
    weights = [path for ending in ("onnx", "npz", "pt") for path in package.rglob(f"*.{ending}")]
    assert load_card().path.with_name(load_card().file) in weights
    assert sum(path.stat().st_size for path in weights) <= 40 * 2**20
    record = load_card().record
    assert "not covered by the licence of Planimeter's code" in record["licence"]
    assert all(record["data"].values()), "every source says what it allows"
    notice = (Path(__file__).parents[3] / "NOTICE").read_text(encoding="utf-8")
    assert record["start"] in notice
    assert load_card().file in notice
