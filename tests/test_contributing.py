"""The pages for contributors say what is so: their code runs, and the files they name are there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import rasterio

import planimeter

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted((ROOT / "docs" / "contributing").glob("*.md"))


def blocks(page: str, language: str) -> list[str]:
    text = (ROOT / "docs" / "contributing" / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def image(path: Path, picture: np.ndarray) -> Path:
    """Write a picture, (H, W, 3) uint8, of 1 m per pixel."""
    with rasterio.open(
        path, "w", driver="GTiff", height=picture.shape[0], width=picture.shape[1], count=3, dtype="uint8"
    ) as file:
        file.write(picture.transpose(2, 0, 1))
    return path


def test_files_that_pages_name_are_there() -> None:
    assert len(PAGES) == 9
    for page in [*PAGES, ROOT / "CONTRIBUTING.md", ROOT / "docs" / "design.md"]:
        for named in re.findall(r"`((?:src|tests|web)/[\w./]+)`", page.read_text(encoding="utf-8")):
            assert (ROOT / named).exists(), f"{page.name} names {named}"


def test_the_segmenter_of_the_page_answers(tmp_path: Path) -> None:
    names: dict[str, type] = {}
    exec(blocks("segmenter.md", "python")[0], names)
    picture = np.full((10, 20, 3), 100, np.uint8)
    picture[:, :5] = 250
    scene = image(tmp_path / "a.tif", picture)
    answer = planimeter.ask(scene, "What percentage is snow?", segmenter=names["Bright"]())
    assert answer.answer == 25.0
    assert "Clouds are bright, too." in answer.warnings


def test_the_topic_of_the_page_needs_a_legend_only(tmp_path: Path) -> None:
    legend = tmp_path / "legend.json"
    legend.write_text(json.dumps(json.loads(blocks("topic.md", "json")[0])))
    labels = np.zeros((12, 12), np.uint8)
    labels[1:3, 1:3] = labels[6:9, 6:9] = 7
    with rasterio.open(
        tmp_path / "labels.tif", "w", driver="GTiff", height=12, width=12, count=1, dtype="uint8"
    ) as file:
        file.write(labels, 1)
    scene = image(tmp_path / "a.tif", np.zeros((12, 12, 3), np.uint8))
    maps = planimeter.LabelSegmenter(tmp_path / "labels.tif", legend)
    for noun in ("car parks", "parking lots"):
        assert planimeter.ask(scene, f"How many {noun} are there?", segmenter=maps).answer == 2
