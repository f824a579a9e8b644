"""The report of an answer: whole in one file, safe to open, and true to its sources."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from affine import Affine
from PIL import Image

import planimeter
from planimeter.answer import sources
from planimeter.answer.sources import InputFile
from planimeter.errors import UsageError
from planimeter.worlds import make_world

HOSTILE = "</h1><script>alert(1)</script><img src=x onerror=alert(2)>"


class Reader(HTMLParser):
    """Collects tags with their attributes, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words += data + "\n"


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> dict[str, Path]:
    return make_world(seed=4, size=256).write(tmp_path_factory.mktemp("world"))


def ask(world: dict[str, Path], question: str) -> planimeter.Answer:
    maps = planimeter.LabelSegmenter(world["labels"], world["legend"])
    return planimeter.ask(world["image"], question, segmenter=maps)


def test_finer_labels_are_told_in_cells(world: dict[str, Path], tmp_path: Path) -> None:
    with rasterio.open(world["image"]) as fine:
        coarse = fine.read()[:, ::4, ::4]
        profile = {**fine.profile, "height": 64, "width": 64, "transform": fine.transform * Affine.scale(4)}
    with rasterio.open(tmp_path / "coarse.tif", "w", **profile) as file:
        file.write(coarse)
    maps = planimeter.LabelSegmenter(world["labels"], world["legend"])
    answer = planimeter.ask(tmp_path / "coarse.tif", "What percentage is forest?", segmenter=maps)
    told = answer.save(tmp_path / "out")["report"].read_text(encoding="utf-8")
    assert "coarse.tif, 64 × 64 pixels" in told
    assert "0.5 m per cell, from the image&#x27;s georeference; 4 × 4 cells to a pixel of the image" in told
    assert f"{256 * 256:,} cells that count" in told


def test_of_a_member_of_a_zip_the_zip_is_hashed(world: dict[str, Path], tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "town.zip", "w") as packed:
        packed.write(world["objects"], "objects.geojson")
    roofs = planimeter.VectorSegmenter("roof", tmp_path / "town.zip" / "objects.geojson")
    (found,) = [each for each in sources.sources_of(world["image"], roofs) if each.role == "vector layer"]
    digest = hashlib.sha256((tmp_path / "town.zip").read_bytes()).hexdigest()
    assert (found.name, found.identity()) == ("objects.geojson", f"sha256 {digest}")


def test_of_a_shapefile_all_parts_are_hashed_in_the_order_that_is_said(
    world: dict[str, Path], tmp_path: Path
) -> None:
    square = shapely.to_wkb(np.array([shapely.box(0, 0, 9, 9)]))
    given = {"geometry_type": "Polygon", "crs": "EPSG:32633", "encoding": "UTF-8"}
    path = tmp_path / "roofs.shp"
    pyogrio.raw.write(path, square, [np.array([2.0])], np.array(["height"], object), **given)
    (tmp_path / "roofs.txt").write_text("beside it")

    def told() -> str:
        roofs = planimeter.VectorSegmenter("roof", path)
        (found,) = [each for each in sources.sources_of(world["image"], roofs) if each.role == "vector layer"]
        return found.identity()

    endings = (".shp", ".dbf", ".shx", ".prj", ".cpg")
    parts = b"".join(path.with_suffix(ending).read_bytes() for ending in endings)
    first = told()
    said = "sha256 of .shp, .dbf, .shx, .prj, .cpg one after the other:"
    assert first == f"{said} {hashlib.sha256(parts).hexdigest()}"
    pyogrio.raw.write(tmp_path / "new.shp", square, [np.array([3.0])], np.array(["height"], object), **given)
    (tmp_path / "new.dbf").replace(tmp_path / "roofs.dbf")
    assert told() != first  # another height: the .shp alone is what it was
    assert InputFile("zones", "roofs.shp", path).identity() == told()


def test_a_geodatabase_is_hashed_by_all_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "town.gdb"
    folder.mkdir()
    for name, content in (("a1.gdbtable", b"one"), ("a2.gdbtable", b"two"), ("host.sr.lock", b"")):
        (folder / name).write_bytes(content)
    digest = hashlib.sha256(b"onetwo").hexdigest()
    assert InputFile("zones", "town.gdb", folder).identity().endswith(f" {digest}")


def test_a_report_is_one_file_that_loads_nothing(world, tmp_path: Path) -> None:
    answer = ask(world, "What is the land cover composition?")
    html = answer.save(tmp_path)["report"].read_text()
    read = Reader(html)
    assert not {tag for tag, _ in read.tags} & {"script", "link", "iframe", "object", "form"}
    for _, attributes in read.tags:
        assert not [name for name in attributes if name.startswith("on")]
        for name in ("src", "href"):
            assert (attributes.get(name) or "data:").startswith("data:")
    assert "@import" not in html
    assert "url(" not in html
    (picture,) = [attributes["src"] for tag, attributes in read.tags if tag == "img"]
    embedded = io.BytesIO(base64.b64decode(picture.partition(",")[2]))
    with Image.open(embedded) as image, Image.open(tmp_path / "overlay.png") as overlay:
        assert image.size == overlay.size


def test_a_report_says_what_the_answer_says(world, tmp_path: Path) -> None:
    answer = ask(world, "What is the land cover composition?")
    words = Reader(answer.save(tmp_path)["report"].read_text()).words
    for text in (answer.question, answer.reading, *(row[0] for row in answer.answer.rows), "0.5 m per pixel"):
        assert text in words
    for line in answer.program.splitlines():
        assert line in words
    for name in ("image", "labels"):
        assert f"sha256 {hashlib.sha256(world[name].read_bytes()).hexdigest()}" in words
        assert world[name].name in words
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC", words)
    assert planimeter.__version__ in words
    assert "water 5" in words  # the legend, as it was used
    assert str(world["image"].parent) not in words  # names of files, not of folders


def test_nothing_that_others_wrote_becomes_markup(world, tmp_path: Path) -> None:
    answer = ask(world, "How many lakes are there?")
    answer.question, answer.reading = HOSTILE, HOSTILE
    answer.warnings, answer.stdout = [HOSTILE], HOSTILE
    answer.program, answer.segmenter, answer.coder = HOSTILE, HOSTILE, HOSTILE
    read = Reader(answer.save(tmp_path)["report"].read_text())
    assert "script" not in {tag for tag, _ in read.tags}
    assert sum(tag == "img" for tag, _ in read.tags) == 1
    assert read.words.count("alert(1)") == 8


def test_one_zip_holds_the_same_files(world, tmp_path: Path) -> None:
    answer = ask(world, "List all lakes.")
    written = answer.save(tmp_path / "folder")
    packed = answer.save(tmp_path / "lakes.zip")
    assert packed == {"zip": tmp_path / "lakes.zip"}
    with zipfile.ZipFile(packed["zip"]) as file:
        names = {name.removeprefix("lakes/") for name in file.namelist()}
        assert names == {path.name for path in written.values()}
        assert file.read("lakes/answer.csv") == written["table"].read_bytes()
        assert file.read("lakes/answer.json") == written["answer"].read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["lakes.zip"]


def test_evidence_says_when_it_was_measured_not_when_it_was_written(world, tmp_path: Path) -> None:
    answer = ask(world, "How many lakes are there?")
    answer.date = datetime(2020, 2, 29, 12, 30, 5, tzinfo=UTC)
    written = answer.save(tmp_path)
    assert json.loads(written["answer"].read_text())["date"] == "2020-02-29T12:30:05+00:00"
    assert written["report"].read_text().count("2020-02-29 12:30:05 UTC") == 2


def test_a_zip_that_cannot_be_written_says_so(world, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError):
        ask(world, "How many lakes are there?").save(tmp_path / "file" / "a.zip")


def test_what_cannot_be_hashed_is_said(tmp_path: Path, monkeypatch) -> None:
    assert "could not be read" in InputFile("image", "gone.tif", tmp_path / "gone.tif").identity()
    (tmp_path / "large.tif").write_bytes(b"12345")
    monkeypatch.setattr(sources, "MOST_HASHED", 4)
    assert InputFile("image", "large.tif", tmp_path / "large.tif").identity().startswith("5 bytes of 20")


def test_every_source_is_named(world, tmp_path: Path) -> None:
    from planimeter.segment import LabelSegmenter, StackSegmenter, VectorSegmenter

    empty = tmp_path / "a.geojson"
    empty.write_text('{"type": "FeatureCollection", "features": []}')
    stack = StackSegmenter([LabelSegmenter(world["labels"], world["legend"]), VectorSegmenter("road", empty)])
    found = sources.sources_of(world["image"], stack)
    assert [(each.role, each.name) for each in found] == [
        ("image", world["image"].name),
        ("labels", world["labels"].name),
        ("vector layer", "a.geojson"),
    ]
    assert found[2].identity() == f"sha256 {hashlib.sha256(empty.read_bytes()).hexdigest()}"
