"""Colours of evidence: what a picture and a legend show can be told apart."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import rasterio
from affine import Affine

import planimeter
from planimeter import LabelSegmenter
from planimeter.answer.overlay import draw_overlay
from planimeter.answer.palette import COUNTED, counted_colours, role_colours

COVERS = ["urban", "forest", "agric", "grass", "barren", "water", "solar"]
STRIPE = 40


def stripes(folder: Path) -> tuple[Path, LabelSegmenter]:
    """A grey picture on which each cover is a stripe, from the left to the right."""
    place = {"crs": "EPSG:32633", "transform": Affine(1, 0, 500_000, 0, -1, 5_000_000)}
    size = {"driver": "GTiff", "dtype": "uint8", "height": 60, "width": STRIPE * len(COVERS)}
    labels = np.repeat(np.arange(1, len(COVERS) + 1, dtype=np.uint8), STRIPE)[None].repeat(60, axis=0)
    with rasterio.open(folder / "grey.tif", "w", count=3, **size, **place) as file:
        file.write(np.full((3, *labels.shape), 90, np.uint8))
    with rasterio.open(folder / "labels.tif", "w", count=1, **size, **place) as file:
        file.write(labels, 1)
    legend = {cover: [value] for value, cover in enumerate(COVERS, start=1)}
    (folder / "legend.json").write_text(json.dumps(legend))
    return folder / "grey.tif", LabelSegmenter(folder / "labels.tif", folder / "legend.json")


def test_seven_covers_of_a_composition_are_seven_colours_in_the_picture(tmp_path: Path) -> None:
    image, maps = stripes(tmp_path)
    answer = planimeter.ask(image, "What is the land cover composition?", segmenter=maps)
    picture = np.asarray(draw_overlay(answer))
    scale = picture.shape[1] / (STRIPE * len(COVERS))
    middles = [(int((k + 0.5) * STRIPE * scale), int(20 * scale)) for k in range(len(COVERS))]
    assert len({tuple(picture[y, x, :3].tolist()) for x, y in middles}) == len(COVERS)


def test_no_two_counted_topics_have_one_colour() -> None:
    assert counted_colours(COVERS[:4]) == list(COUNTED)
    own = [f"thing_{k}" for k in range(3)]  # topics of a source's own, some of one colour
    for topics in (COVERS, [*COVERS, "snow", "shrubland"], [*COVERS, "vegetation", "roof"], [*COVERS, *own]):
        assert len(set(counted_colours(topics))) == len(topics), topics
        roles = role_colours([(topic, "counted") for topic in topics])
        assert [roles[topic]["counted"] for topic in topics] == counted_colours(topics)
