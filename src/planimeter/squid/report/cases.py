"""Cases to look at: the picture, what the system saw, what people labelled, its program and answer."""

from __future__ import annotations

import base64
from dataclasses import dataclass

import cv2
import numpy as np

from planimeter.errors import PlanimeterError
from planimeter.raster import Scene
from planimeter.segment import StackSegmenter
from planimeter.squid.attribution import Blame
from planimeter.squid.logs import InspectLog, Row
from planimeter.squid.masks import ORACLE, Images, MaskSetting
from planimeter.squid.published import DataSet
from planimeter.squid.types import read_question

SIDE = 360  # pixels of a picture's longer side on the page
_TARGET, _REFERENCE = (0, 140, 255), (255, 120, 0)  # BGR: orange and blue
_QUALITY = 80


@dataclass(frozen=True)
class Case:
    """One question of a run, ready to be shown.

    Attributes:
        system: the run's name.
        row: question and outcome.
        blame: why it was wrong, where that is known.
        pictures: (caption, data URI of a JPEG).
        topics: the topics that are coloured, target first.
    """

    system: str
    row: Row
    blame: Blame | None
    pictures: tuple[tuple[str, str], ...]
    topics: tuple[str, ...]


def pick(log: InspectLog, most: int) -> list[Row]:
    """Rows worth showing: up to two thirds wrong or unscored ones, the rest right ones, types in turn.

    Args:
        log: a run.
        most: how many.
    """
    wrong = _in_turn([row for row in log.rows if not row.right])
    right = _in_turn([row for row in log.rows if row.right])
    kept_wrong = wrong[: max(most * 2 // 3, most - len(right))]
    chosen = kept_wrong + right[: most - len(kept_wrong)]
    return sorted(chosen, key=lambda row: (row.right, row.question.image, row.question.id))


def make_cases(log: InspectLog, data: DataSet | None, found: dict[str, Blame], most: int) -> list[Case]:
    """Cases of a run with their pictures.

    Args:
        log: a run.
        data: its data set; without it cases have no pictures.
        found: causes of wrong answers.
        most: how many.
    """
    seen = Images(data, log.setting) if data else None
    oracle = Images(data, MaskSetting(ORACLE)) if data else None
    cases = []
    for row in pick(log, most):
        question = row.question
        slots = read_question(question.type, question.question)
        topics = tuple(topic for topic in (slots.target, slots.reference) if topic) if slots else ()
        pictures: list[tuple[str, str]] = []
        if seen is not None and oracle is not None:
            pictures += _pictures(seen, row, topics, "what the system saw", with_plain=True)
            if str(log.setting) != ORACLE:
                pictures += _pictures(oracle, row, topics, "labels", with_plain=False)
        cases.append(Case(log.name, row, found.get(question.id), tuple(pictures), topics))
    return cases


def _in_turn(rows: list[Row]) -> list[Row]:
    """Rows with their types taking turns, so that a few rows show many types."""
    by_type: dict[str, list[Row]] = {}
    for row in rows:
        by_type.setdefault(row.question.type, []).append(row)
    ordered = []
    while by_type:
        for name in list(by_type):
            ordered.append(by_type[name].pop(0))
            if not by_type[name]:
                del by_type[name]
    return ordered


def _pictures(
    images: Images, row: Row, topics: tuple[str, ...], caption: str, with_plain: bool
) -> list[tuple[str, str]]:
    try:
        scene, segmenter = images.open(row.question.image, row.question.gsd)
        plain = _small(scene)
        pictures = [("image", _jpeg(plain))] if with_plain else []
        present = tuple(topic for topic in topics if topic in segmenter.topics)
        if present:
            pictures.append((caption, _jpeg(_painted(plain, scene, segmenter, present))))
        return pictures
    except PlanimeterError as error:
        return [(f"{caption}: {error}", "")]


def _small(scene: Scene) -> np.ndarray:
    """The scene at the page's size, in OpenCV's colour order."""
    factor = min(1.0, SIDE / max(scene.width, scene.height))
    shape = max(1, round(scene.height * factor)), max(1, round(scene.width * factor))
    picture = scene.read_rgb()[..., ::-1]
    return cv2.resize(np.ascontiguousarray(picture), shape[::-1], interpolation=cv2.INTER_AREA)


def _painted(
    plain: np.ndarray, scene: Scene, segmenter: StackSegmenter, topics: tuple[str, ...]
) -> np.ndarray:
    """The picture with its target in orange and its reference in blue."""
    masks = segmenter.look(scene, topics).masks
    painted = plain.astype(np.float32)
    for topic, colour in list(zip(topics, (_TARGET, _REFERENCE), strict=False))[::-1]:
        size = plain.shape[1], plain.shape[0]
        cover = (
            cv2.resize(masks[topic].astype(np.float32), size, interpolation=cv2.INTER_AREA)[..., None] * 0.6
        )
        painted = painted * (1 - cover) + np.array(colour, np.float32) * cover
    return painted.round().astype(np.uint8)


def _jpeg(picture: np.ndarray) -> str:
    done, content = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    assert done
    return "data:image/jpeg;base64," + base64.b64encode(content.tobytes()).decode()
