"""Training batches: views, prompts on them, and what the network should answer."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from planimeter.reason.embedded.window import (
    SIDE,
    PromptWindow,
    context_grid,
    prompt_maps,
    seen_through,
    windows_of,
)
from planimeter.train.promptable.config import PromptableConfig
from planimeter.train.promptable.prompts import draw_kind, prompt_of, prompt_of_nothing
from planimeter.train.promptable.views import Region, View, Views

_ENCODED = (192, 256, 320)  # pixels a side at which training pictures are encoded


@dataclass(frozen=True)
class Batch:
    """A step's batch; windows lie image by image.

    Attributes:
        pictures: (B, h, w, 3) uint8 to encode.
        seen: (B · P, SIDE, SIDE, 3) uint8 windows.
        maps: (B · P, 4, SIDE, SIDE) float32 prompts.
        grid: (B · P, GRID, GRID, 2) float32 places in the pictures.
        target: (B · P, SIDE, SIDE) float32, 1 = region.
        whole: (B · P,) float32 area of the whole region, in pixels of the window.
    """

    pictures: np.ndarray
    seen: np.ndarray
    maps: np.ndarray
    grid: np.ndarray
    target: np.ndarray
    whole: np.ndarray


def draw_batch(views: Views, config: PromptableConfig, step: int, nothing: float) -> Batch:
    """The batch of a step, a pure function of the configuration's seed and the step.

    Args:
        views: draws views.
        config: sizes and shares.
        step: number of the step.
        nothing: share of prompts that fit nothing.
    """
    rng = np.random.default_rng([config.seed, step])
    shapes = bool(rng.random() < config.shapes)
    side = 64 if shapes else int(_ENCODED[rng.integers(len(_ENCODED))])
    pictures, rows = [], []
    for _ in range(config.images):
        view = views.draw(rng, shapes)
        pictures.append(to_encode(view.image, (side, side)))
        for _ in range(config.per_image):
            rows.append(_sample(view, config, nothing, rng))
    seen, maps, grid, target, whole = (np.stack(column) for column in zip(*rows, strict=True))
    return Batch(np.stack(pictures), seen, maps, grid, target, whole.astype(np.float32))


def to_encode(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """An image at the (height, width) at which it is encoded."""
    if image.shape[:2] == size:
        return image
    shrinks = size[0] * size[1] < image.shape[0] * image.shape[1]
    return cv2.resize(image, size[::-1], interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def _sample(
    view: View, config: PromptableConfig, nothing: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    kind = draw_kind(config.prompts, rng)
    prompt, region = None, None
    if view.closed and rng.random() < nothing:
        prompt = prompt_of_nothing(view, kind, rng)
    if prompt is None:
        weights = np.sqrt([one.area for one in view.regions])
        region = view.regions[int(rng.choice(len(view.regions), p=weights / weights.sum()))]
        prompt = prompt_of(view, region, kind, rng)
    shape = view.image.shape[0], view.image.shape[1]
    windows = windows_of(prompt, shape)
    window = windows[int(rng.integers(len(windows)))]
    if rng.random() < 0.5:
        window = _moved(window, rng)
    seen, inside = seen_through(window, view.image)
    target, whole = _target(view, region, window)
    return seen, prompt_maps(prompt, window, inside), context_grid(window, shape), target, whole


def _target(view: View, region: Region | None, window: PromptWindow) -> tuple[np.ndarray, np.ndarray]:
    if region is None:
        return np.zeros((SIDE, SIDE), np.float32), np.zeros((), np.float32)
    mask, _ = seen_through(window, view.mask(region).view(np.uint8) * np.uint8(255))
    return mask.astype(np.float32) / 255, np.asarray(region.area * (SIDE / window.side) ** 2, np.float32)


def _moved(window: PromptWindow, rng: np.random.Generator) -> PromptWindow:
    """A window slightly elsewhere, so that the network does not learn that boxes are always in the middle."""
    side = window.side * float(np.exp(rng.uniform(-0.1, 0.2)))
    middle = window.side / 2
    x, y = (at + middle - side / 2 + rng.uniform(-0.08, 0.08) * side for at in (window.x, window.y))
    return PromptWindow(float(x), float(y), side)
