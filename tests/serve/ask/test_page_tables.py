"""Tables, lists and places on the page: rows, the shapes they lead to, what points at a place, and the files."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from tests.serve.ask.browsing import ask, open_scene, shown

LISTED = "List the three largest buildings."
FOLDER = "town-image_list-the-three-largest-buildings"
COVERS = "What is the land cover composition?"
WHERE = "Where is the largest building?"


def test_a_list_is_a_table_whose_rows_lead_to_their_shapes(page, served, tmp_path: Path):
    open_scene(page, served)
    ask(page, LISTED)
    right = served.get(f"/answers/{served.ask(served.scene('town/image.tif'), LISTED)}").json()
    rows = page.locator("#answer-table tbody tr")
    assert rows.count() == len(right["answer"]) == 3
    heads = page.locator("#answer-table th").all_inner_texts()
    assert heads == [
        column["name"] if column["unit"] is None else f"{column['name']} [{column['unit']}]"
        for column in right["columns"]
    ]
    told = [
        float(text.replace(",", ""))
        for text in page.locator("#answer-table tr td:nth-child(2)").all_inner_texts()
    ]
    assert told == [pytest.approx(row["area"], rel=1e-3) for row in right["answer"]]
    page.locator("#answer-table tbody button").nth(1).click()
    assert page.inner_text("#tip").startswith("building 2: ")
    with page.expect_download() as download:
        page.click("#downloads a[download='answer.csv']")
    written = list(csv.DictReader(io.StringIO(Path(download.value.path()).read_text(encoding="utf-8"))))
    assert [float(row["area [m²]"]) for row in written] == [row["area"] for row in right["answer"]]
    with page.expect_download() as download:
        page.click("#everything")
    with zipfile.ZipFile(download.value.path()) as file:
        assert json.loads(file.read(f"{FOLDER}/answer.json"))["answer"] == right["answer"]
        assert b"<script" not in file.read(f"{FOLDER}/report.html")


def test_a_composition_has_a_row_for_each_cover(page, served):
    open_scene(page, served)
    ask(page, COVERS)
    names = page.locator("#answer-table tbody tr td:first-child").all_inner_texts()
    shares = [float(text) for text in page.locator("#answer-table tbody tr td:last-child").all_inner_texts()]
    assert "water" in names
    assert sum(shares) > 99.9
    assert sum(shares) < 100.1
    page.reload()
    page.wait_for_selector("#answer-table")
    assert page.locator("#answer-table tbody tr td:first-child").all_inner_texts() == names
    ask(page, "How many buildings are there?")
    assert not page.is_visible("#answer-table")


def test_a_place_is_told_in_words_and_pointed_at(page, served):
    open_scene(page, served)
    before = shown(page)
    ask(page, WHERE)
    right = served.get(f"/answers/{served.ask(served.scene('town/image.tif'), WHERE)}").json()["answer"]
    assert right["words"] in page.inner_text("#figure")
    assert f"{right['latitude']:.6f}" in page.inner_text("#number")
    pointed = shown(page)
    assert pointed != before
    ask(page, "How many buildings are there?")
    assert page.evaluate("document.querySelector('#number').classList.contains('words')") is False
