"""Every complete question of table 7 on real DeepGlobe and Dubai labels, through the whole flow, against brute force.

A question whose topic the labels do not show is refused by name. Crops keep the brute force affordable; the label
values and their shapes are people's own.
"""

from __future__ import annotations

import re
from pathlib import Path

import cv2
import numpy as np
import pytest

import planimeter
from planimeter.errors import NotMeasurable
from planimeter.segment import LabelSegmenter
from planimeter.vocabulary.topics import COMPOSED

from .questions import TABLE_7
from .reference import Truth
from .test_answers import spoken

VALUES = {
    "deepglobe": {"urban": 1, "agric": 2, "grass": 3, "forest": 4, "water": 5, "barren": 6},
    "dubai": {"roof": 1, "barren": 2, "road": 3, "vegetation": 4, "water": 5},
}
# Name, first row, first column: places where several classes meet.
CROPS = (
    ("deepglobe", "2774", 1000, 600),
    ("deepglobe", "10233", 400, 900),
    ("deepglobe", "172307", 1200, 1200),
    ("dubai", "tile2_001", 0, 0),
    ("dubai", "tile2_005", 60, 60),
    ("dubai", "tile5_003", 100, 100),
)
SIDE = 420


@pytest.mark.parametrize(("source", "name", "row", "column"), CROPS)
def test_table_7_on_real_labels(
    data_dir: Path, tmp_path: Path, source: str, name: str, row: int, column: int
) -> None:
    window = np.s_[row : row + SIDE, column : column + SIDE]
    image = cv2.imread(str(data_dir / source / f"{name}.jpg"))[window]
    labels = cv2.imread(str(data_dir / source / f"{name}_labels.png"), cv2.IMREAD_GRAYSCALE)[window]
    assert labels.size, "the crop lies outside the image"
    cv2.imwrite(str(tmp_path / "image.png"), image)
    cv2.imwrite(str(tmp_path / "labels.png"), labels)
    masks = {topic: labels == value for topic, value in VALUES[source].items()}
    for topic, parts in COMPOSED.items():
        present = [masks[part] for part in parts if part in masks]
        if topic not in masks and len(present) > 1:
            masks[topic] = np.logical_or.reduce(present)
    segmenter = LabelSegmenter(tmp_path / "labels.png", source)
    measured = refused = 0
    for group in TABLE_7:
        for question in group.questions:
            stated = re.search(r"GSD: ([0-9.]+)m", question)
            assert stated is not None
            truth = Truth(masks, labels != 0, float(stated[1]))  # 0 is unknown ground
            try:
                expected = spoken(group.expected(truth))
            except KeyError:  # a topic that these labels do not show
                with pytest.raises(NotMeasurable):
                    planimeter.ask(tmp_path / "image.png", question, segmenter=segmenter)
                refused += 1
                continue
            except (ZeroDivisionError, IndexError, ValueError):  # nothing there to average
                with pytest.raises(NotMeasurable):
                    planimeter.ask(tmp_path / "image.png", question, segmenter=segmenter)
                continue
            if group.type == "fragmentation" and not masks["forest"].any():
                # Nothing is neither connected nor fragmented.
                with pytest.raises(NotMeasurable, match="no forest"):
                    planimeter.ask(tmp_path / "image.png", question, segmenter=segmenter)
                continue
            answer = planimeter.ask(tmp_path / "image.png", question, segmenter=segmenter)
            assert answer.scale_source == "question"
            if isinstance(expected, str):
                assert answer.answer == expected, question
            else:
                assert answer.answer == pytest.approx(expected, rel=1e-9, abs=1e-12), question
            measured += 1
    assert measured >= 6
    assert refused >= 3
