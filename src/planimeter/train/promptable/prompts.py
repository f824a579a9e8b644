"""Prompts as people and prompters give them: boxes a little off, points inside, and prompts that fit nothing."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from planimeter.reason.prompt import Box, Point, Prompt, box_iou
from planimeter.train.promptable.views import Region, View

KINDS = ("both", "box", "points")
_ROUGH = 0.35  # of a box's side: how far its sides may be off, in the roughest of prompts
_USUAL = 0.1
_NEAR = 0.15  # IoU from which a box could mean a region
_TRIES = 20


def prompt_of(view: View, region: Region, kind: str, rng: np.random.Generator) -> Prompt:
    """A prompt that means a region.

    Args:
        view: holds the region.
        region: what is meant.
        kind: "both" (box and two points), "box" or "points" (one to three).
        rng: decides how far off it is.
    """
    negative: tuple[Point, ...] = ()
    x0, y0, x1, y1 = region.box
    mask = view.planes[region.plane][y0:y1, x0:x1] == region.value
    if rng.random() < 0.15 and not mask.all():
        negative = points_in(~mask, (x0, y0), int(rng.integers(1, 3)), rng)
    if kind == "box":
        return Prompt(jittered(region.box, view.image.shape[:2], rng), (), negative)
    if kind == "points":
        return Prompt(None, points_in(mask, (x0, y0), int(rng.integers(1, 4)), rng), negative)
    positive = list(points_in(mask, (x0, y0), 2, rng))
    if rng.random() < 0.15:  # one of two points beside the region must not spoil a good box
        positive[int(rng.integers(2))] = (float(rng.uniform(x0, x1)), float(rng.uniform(y0, y1)))
    return Prompt(jittered(region.box, view.image.shape[:2], rng), tuple(positive), negative)


def exact_prompt(view: View, region: Region, kind: str, rng: np.random.Generator) -> Prompt:
    """A prompt with the region's own box, as scores of "true boxes" use it."""
    x0, y0, x1, y1 = region.box
    mask = view.planes[region.plane][y0:y1, x0:x1] == region.value
    box: Box | None = None if kind == "points" else (float(x0), float(y0), float(x1), float(y1))
    return Prompt(box, () if kind == "box" else points_in(mask, (x0, y0), 2, rng))


def prompt_of_nothing(view: View, kind: str, rng: np.random.Generator) -> Prompt | None:
    """A prompt that fits no region of a closed view, or None when none was found."""
    height, width = view.image.shape[:2]
    everything = np.zeros((height, width), bool)
    for plane in view.planes:
        everything |= plane > 0
    for _ in range(_TRIES):
        if kind == "both" and rng.random() < 0.5 and view.regions:
            # A box around something and points in something else contradict each other.
            region = view.regions[int(rng.integers(len(view.regions)))]
            left, top, right, bottom = region.box
            beside = ~view.mask(region)
            beside[top:bottom, left:right] = False
            if beside.any():
                return Prompt(jittered(region.box, (height, width), rng), points_in(beside, (0, 0), 2, rng))
            continue
        if kind == "points":
            if everything.all():
                return None
            return Prompt(None, points_in(~everything, (0, 0), 2, rng))
        w, h = (float(np.exp(rng.uniform(np.log(6), np.log(side * 0.5)))) for side in (width, height))
        x0, y0 = float(rng.uniform(0, width - w)), float(rng.uniform(0, height - h))
        box: Box = (x0, y0, x0 + w, y0 + h)
        if any(_could_mean(box, region) for region in view.regions):
            continue
        points: tuple[Point, ...] = ()
        if kind == "both":
            points = tuple((float(rng.uniform(x0, x0 + w)), float(rng.uniform(y0, y0 + h))) for _ in range(2))
        return Prompt(box, points)
    return None


def _could_mean(box: Box, region: Region) -> bool:
    """Whether a box overlaps a region's so much that it might be meant, or lies within it."""
    x0, y0, x1, y1 = region.box
    if box_iou(box, (x0, y0, x1, y1)) > _NEAR:
        return True
    centre = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return x0 <= centre[0] < x1 and y0 <= centre[1] < y1


def jittered(box: tuple[int, int, int, int], shape: tuple[int, ...], rng: np.random.Generator) -> Box:
    """A box whose sides are off: mostly by up to a tenth of its size, sometimes by up to a third."""
    off = rng.uniform(0, _ROUGH) if rng.random() < 0.3 else rng.uniform(0, _USUAL)
    return shifted(box, off, shape, rng)


def shifted(
    box: tuple[int, int, int, int], off: float, shape: tuple[int, ...], rng: np.random.Generator
) -> Box:
    """A box with each side moved by up to ``off`` of the box's size, clipped to the image and never empty."""
    x0, y0, x1, y1 = box
    width, height = x1 - x0, y1 - y0
    moves = rng.uniform(-off, off, 4) * (width, height, width, height)
    left, top = max(x0 + moves[0], 0.0), max(y0 + moves[1], 0.0)
    right = min(max(x1 + moves[2], left + 2), float(shape[1]))
    bottom = min(max(y1 + moves[3], top + 2), float(shape[0]))
    return float(min(left, right - 1)), float(min(top, bottom - 1)), float(right), float(bottom)


def points_in(
    mask: np.ndarray, origin: tuple[int, int], number: int, rng: np.random.Generator
) -> tuple[Point, ...]:
    """Points in a mask, mostly away from its border.

    Args:
        mask: (h, w) bool with a True pixel.
        origin: x, y of its first pixel.
        number: of points.
        rng: decides.
    """
    if rng.random() < 0.7:
        depth = cv2.distanceTransform(np.pad(mask, 1).astype(np.uint8), cv2.DIST_L2, 3)[1:-1, 1:-1]
        mask = depth >= 0.5 * depth.max()
    places = np.flatnonzero(mask)
    rows, columns = np.unravel_index(places[rng.integers(len(places), size=number)], mask.shape)
    return tuple(
        (float(x + origin[0] + 0.5), float(y + origin[1] + 0.5)) for x, y in zip(columns, rows, strict=True)
    )


def draw_kind(shares: Mapping[str, float], rng: np.random.Generator) -> str:
    """One of ``KINDS``, by its share."""
    weights = np.array([shares.get(kind, 0.0) for kind in KINDS])
    return KINDS[int(rng.choice(len(KINDS), p=weights / weights.sum()))]
