"""An answer in a notebook: what it shows, what it never lets through, and the walk-through that people run."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

import planimeter
from planimeter.answer import Answer
from planimeter.raster import open_scene
from planimeter.segment import LabelSegmenter
from planimeter.worlds import make_world

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "notebooks" / "walkthrough.ipynb"
HOSTILE = "</div><script>alert(1)</script><img src=x onerror=\"alert('2')\">&amp;"


@pytest.fixture(scope="module")
def answer(tmp_path_factory) -> Answer:
    world = make_world(seed=1, size=512).write(tmp_path_factory.mktemp("world"))
    maps = LabelSegmenter(world["labels"], world["legend"])
    return planimeter.ask(world["image"], "How many buildings are within 20 m of a road?", segmenter=maps)


class Reader(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.open: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag != "img":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


def test_it_shows_number_picture_shapes_and_program(answer):
    shown = answer._repr_mimebundle_()
    read = Reader(shown["text/html"])
    assert read.open == []
    assert answer.question in read.words
    assert str(answer) in read.words
    assert answer.program in read.words
    assert "0.5 m per pixel (transform)" in read.words
    assert read.tags.count("tr") == 1 + min(10, answer.answer)
    source = dict(read.attributes)["src"]
    picture = Image.open(io.BytesIO(base64.b64decode(source.removeprefix("data:image/png;base64,"))))
    assert picture.format == "PNG"
    assert picture.width == 512
    assert len(shown["text/html"]) < 600_000
    lines = shown["text/plain"].splitlines()
    assert lines[0] == str(answer)
    assert f"question: {answer.question}" in lines


def test_nothing_that_somebody_wrote_becomes_markup(answer):
    fields = ("question", "reading", "program", "segmenter", "coder")
    evidence = dataclasses.replace(
        answer.run.evidence, counted=[(HOSTILE, regions) for _, regions in answer.run.evidence.counted]
    )
    hostile = dataclasses.replace(
        answer,
        **dict.fromkeys(fields, HOSTILE),
        warnings=[HOSTILE],
        run=dataclasses.replace(answer.run, evidence=evidence),
    )
    html = hostile._repr_mimebundle_()["text/html"]
    read = Reader(html)
    assert set(read.tags) == set(Reader(answer._repr_mimebundle_()["text/html"]).tags)
    assert {name for name, _ in read.attributes} <= {"class", "style", "alt", "src", "open"}
    assert read.words.count(HOSTILE) == len(fields) + 2
    word = dataclasses.replace(answer, answer=HOSTILE, type="category")
    assert Reader(word._repr_mimebundle_()["text/html"]).words.count(HOSTILE) == 1


def test_cautions_and_a_missing_scale_are_said(tmp_path):
    world = make_world(seed=1, size=128)
    Image.fromarray(world.image).save(tmp_path / "plain.png")
    Image.fromarray(world.labels).save(tmp_path / "labels.png")
    (tmp_path / "legend.json").write_text(json.dumps(world.legend))
    maps = LabelSegmenter(tmp_path / "labels.png", tmp_path / "legend.json")
    scene = open_scene(tmp_path / "plain.png")
    shown = planimeter.ask(scene, "What percentage is road?", segmenter=maps)
    shown.warnings.append("This is a caution.")
    bundle = shown._repr_mimebundle_()
    assert "no lengths and areas" in bundle["text/html"]
    assert "caution:  This is a caution." in bundle["text/plain"]
    assert "This is a caution." in bundle["text/html"]
    assert "area, m²" not in bundle["text/html"]


def test_the_notebook_is_stripped():
    nbformat = pytest.importorskip("nbformat")
    book = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(book)
    for cell in book.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
    assert not re.search(r"/(home|root|work|Users)/", NOTEBOOK.read_text())


def test_the_walkthrough_runs():
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    pytest.importorskip("ipykernel")
    book = nbformat.read(NOTEBOOK, as_version=4)
    done = nbclient.NotebookClient(book, timeout=300, kernel_name="python3").execute()
    outputs = [output for cell in done.cells if cell.cell_type == "code" for output in cell.outputs]
    rich = [output for output in outputs if "text/html" in output.get("data", {})]
    assert len(rich) == 1
    assert "data:image/png;base64," in rich[0].data["text/html"]
    printed = "".join(output.text for output in outputs if output.output_type == "stream")
    assert "NotMeasurable" in printed
