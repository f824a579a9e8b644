"""The regions that a prompter's eyes see: what the segmenter behind them takes for one thing, with box and points.

A language model of a few layers that has only a grid of image tokens does not find where a region begins and ends
(docs/experiments/prompter.md). So each region is told to it in the words in which an answer tells of it: its topic, its
number, the corners of its box and two points (regions as visual tokens: Groma, arXiv:2404.13013). It has to choose
among them and can say them again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from planimeter.reason.prompt import Box, Point
from planimeter.spatial import Regions, label_regions
from planimeter.vocabulary.topics import COMPOSED, topic_of

MOST = 20  # regions of a picture
_OF_TOPIC = 4  # of one topic, before smaller ones of others are told
_LEAST = 0.001  # of the picture, the smallest region
_BACKGROUND = (0.05, 0.95)  # share of the picture between which what is not a topic is told as well
GREEN = "vegetation"


@dataclass(frozen=True)
class Instance:
    """One instance as an ideal prompter would give it, in pixels of the image.

    Attributes:
        box: tight, half-open.
        points: two inside.
        name: of the seen region that it is, as "water r2"; "" where it is none.
    """

    box: Box
    points: tuple[Point, ...]
    name: str = ""


@dataclass(frozen=True)
class SeenRegion:
    """A region that the eyes see.

    Attributes:
        topic: what it is taken for.
        other: it is a part of what is *not* that topic.
        mask: (H, W) bool.
        instance: box, points and name.
    """

    topic: str
    other: bool
    mask: np.ndarray
    instance: Instance


def instance_of(mask: np.ndarray, name: str = "") -> Instance:
    """The box and two well-inside points of a mask: its deepest pixel, and the deepest one far from that.

    Args:
        mask: (H, W) bool with a True pixel.
        name: of the region.

    Example:
        >>> square = np.zeros((9, 9), bool)
        >>> square[2:7, 1:8] = True
        >>> instance_of(square).box
        (1, 2, 8, 7)
    """
    rows, columns = np.flatnonzero(mask.any(1)), np.flatnonzero(mask.any(0))
    box = x0, y0, x1, y1 = int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
    part = mask[y0:y1, x0:x1]
    ys, xs = np.nonzero(part)
    depth = cv2.distanceTransform(np.pad(part, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1][ys, xs]
    centre = xs.mean(), ys.mean()
    first = int(np.argmin(np.hypot(xs - centre[0], ys - centre[1])))
    away = np.hypot(xs - xs[first], ys - ys[first])
    # Far from the first point but not at the border, and always to the same side, so that it can be learnt.
    second = int(np.argmax(np.minimum(away / max(away.max(), 1), depth / depth.max()) + 1e-3 * (xs + ys)))
    points = tuple((int(xs[place]) + x0, int(ys[place]) + y0) for place in (first, second))
    return Instance(box, points, name)


def stepped(instance: Instance, scale: tuple[float, float], step: int) -> list[tuple[int, int]]:
    """The corners of an instance's box and its points, in another frame, as multiples of a step.

    Args:
        instance: in pixels.
        scale: what x and y are multiplied by to come into that frame.
        step: of the frame; a box that is thinner gets the width of one.

    Example:
        >>> stepped(Instance((30, 2, 31, 60), ((30.5, 20),)), (1, 1), 10)
        [(20, 0), (30, 60), (30, 20)]
    """
    x, y = scale[0] / step, scale[1] / step
    x0, y0, x1, y1 = (
        round(value * factor) * step for value, factor in zip(instance.box, (x, y, x, y), strict=True)
    )
    (x0, x1), (y0, y1) = (
        (low, high) if low < high else (max(low - step, 0), max(high, step))
        for low, high in ((x0, x1), (y0, y1))
    )
    return [(x0, y0), (x1, y1), *((round(a * x) * step, round(b * y) * step) for a, b in instance.points)]


def topic_label(topic: str, other: bool) -> str:
    """A topic in the word that answers and thoughts have for it; with "not" for all that is not of it.

    Example:
        >>> topic_label("water", False), topic_label("road", True)
        ('water', 'not roads')
    """
    return ("not " if other else "") + topic_of(topic).mass


def region_number(number: int) -> str:
    """How a picture's regions are numbered: "r1" is the first.

    Example:
        >>> region_number(0)
        'r1'
    """
    return f"r{number + 1}"


def seen_regions(logits: np.ndarray, land: Sequence[str], objects: Sequence[str]) -> list[SeenRegion]:
    """The regions of a picture, topic by topic, each topic's largest first.

    Of every topic come its largest ones, and after all of these what is not the topic.

    Args:
        logits: (classes, H, W) of the segmenter, land classes first.
        land: topics that exclude each other.
        objects: topics of their own.

    Example:
        >>> logits = np.zeros((2, 8, 8), np.float32)
        >>> logits[1, :, :3] = 5
        >>> seen = seen_regions(logits, ["grass", "water"], [])
        >>> [(one.topic, one.instance.box) for one in seen if not one.other]
        [('grass', (3, 0, 8, 8)), ('water', (0, 0, 3, 8)), ('vegetation', (3, 0, 8, 8))]
    """
    masks: dict[str, np.ndarray] = {}
    if land:
        best = logits[: len(land)].argmax(0)
        masks = {topic: best == number for number, topic in enumerate(land)}
        parts = [masks[topic] for topic in COMPOSED[GREEN] if topic in masks]
        if parts:
            masks[GREEN] = np.logical_or.reduce(parts)
    for number, topic in enumerate(objects, start=len(land)):
        masks[topic] = logits[number] > 0
    least = _LEAST * logits[0].size
    ranked: list[tuple[int, float, int, int, Regions, str, bool]] = []
    for order, (topic, mask) in enumerate(masks.items()):
        share = mask.mean()
        kinds = [(False, mask)]
        if _BACKGROUND[0] <= share <= _BACKGROUND[1]:
            kinds.append((True, ~mask))
        for other, part in kinds:
            if not part.any():
                continue
            regions = label_regions(part)
            by_area = np.argsort(-regions.area_pixels, kind="stable")
            most = 1 if other else MOST
            for rank, index in enumerate(by_area[:most]):
                area = float(regions.area_pixels[index])
                if area < least and rank:
                    break
                late = 0 if other or rank < _OF_TOPIC else 1
                ranked.append((late, -area, order + other * len(masks), int(index), regions, topic, other))
    kept = sorted(ranked, key=lambda one: one[:3])[:MOST]
    kept.sort(key=lambda one: (one[2], one[1]))
    seen = []
    for number, (_, _, _, index, regions, topic, other) in enumerate(kept):
        mask = regions.mask([index])
        name = f"{topic_label(topic, other)} {region_number(number)}"
        seen.append(SeenRegion(topic, other, mask, instance_of(mask, name)))
    return seen
