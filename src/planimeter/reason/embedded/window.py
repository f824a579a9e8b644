"""Where a prompt makes the embedded promptable segmenter look, and what it sees there.

A prompt is answered in a square *window* of the original image, resampled to ``SIDE`` × ``SIDE``: a box decides its
window, points alone are tried in windows of several sizes. So a small roof in a large image is cut as finely as a
field that fills it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from planimeter.reason.prompt import Prompt

SIDE = 96  # pixels a side of a window as the network sees it
GRID = 12  # positions a side at which a window asks for features of the whole image
STRIDE = 32  # both sides of the picture that is encoded are multiples of it
AROUND = 1.5  # side of a window against the larger side of its box
SMALLEST = 16.0  # pixels of the original image a side of a window
_SPREAD = 2.5  # side of the first window of points against the distance between them
_FIRST = 24.0  # pixels a side of the first window of points, at least
_GROWTH = 2.5  # of the next windows of points
_MOST_WINDOWS = 5
_SIGMA = 2.0  # of a point, pixels of the window as the network sees it


@dataclass(frozen=True)
class PromptWindow:
    """A square of the original image, in its pixels; it may reach beyond the border."""

    x: float
    y: float
    side: float

    def to_network(self, point: Sequence[float]) -> tuple[float, float]:
        """A point of the original image in the pixels of the window as the network sees it."""
        scale = SIDE / self.side
        return (point[0] - self.x) * scale, (point[1] - self.y) * scale


def windows_of(prompt: Prompt, shape: tuple[int, int]) -> list[PromptWindow]:
    """The windows in which a prompt is to be answered, one for a box, several for points alone.

    Args:
        prompt: box and points in pixels of the original image.
        shape: (height, width) of the original image.

    Example:
        >>> windows_of(Prompt((10, 10, 30, 20)), (64, 64))
        [PromptWindow(x=5.0, y=0.0, side=30.0)]
        >>> [round(window.side) for window in windows_of(Prompt(None, ((32, 32),)), (64, 64))]
        [24, 60, 64]
    """
    if prompt.box is not None:
        x0, y0, x1, y1 = prompt.box
        side = max(AROUND * max(x1 - x0, y1 - y0), SMALLEST)
        return [PromptWindow((x0 + x1 - side) / 2, (y0 + y1 - side) / 2, side)]
    points = np.asarray(prompt.positive, float).reshape(-1, 2)
    if not len(points):
        return []
    low, high = points.min(0), points.max(0)
    centre, spread = (low + high) / 2, float((high - low).max())
    longest = float(max(shape))
    sides = [min(max(_SPREAD * spread, _FIRST), longest)]
    while sides[-1] < longest and len(sides) < _MOST_WINDOWS:
        sides.append(min(sides[-1] * _GROWTH, longest))
    return [PromptWindow(centre[0] - side / 2, centre[1] - side / 2, side) for side in sides]


def encoded_size(shape: tuple[int, int], longest: int) -> tuple[int, int]:
    """(height, width) of the picture that is encoded: at most ``longest``, never enlarged beyond the next stride.

    Example:
        >>> encoded_size((1000, 2000), 512), encoded_size((64, 64), 512)
        ((256, 512), (64, 64))
    """
    scale = min(1.0, longest / max(shape))
    height, width = (max(1, math.ceil(round(length * scale, 6) / STRIDE)) * STRIDE for length in shape)
    return height, width


def seen_through(window: PromptWindow, image: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The image in a window.

    Args:
        window: where.
        image: (H, W) or (H, W, C) of a type OpenCV resamples.

    Returns:
        (SIDE, SIDE[, C]) image, zero beyond the border; (SIDE, SIDE) bool, True where the image is.
    """
    scale = SIDE / window.side
    centres = (np.arange(SIDE) + 0.5) / scale
    inside_x = (centres + window.x >= 0) & (centres + window.x <= image.shape[1])
    inside_y = (centres + window.y >= 0) & (centres + window.y <= image.shape[0])
    inside = inside_y[:, None] & inside_x[None, :]
    part, x0, y0, per_x, per_y = _averaged(image, window)
    # OpenCV counts from pixel centres, windows from pixel corners.
    matrix = np.array(
        [
            [scale / per_x, 0, (x0 + 0.5 / per_x - window.x) * scale - 0.5],
            [0, scale / per_y, (y0 + 0.5 / per_y - window.y) * scale - 0.5],
        ]
    )
    seen = cv2.warpAffine(part, matrix, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    seen[~inside] = 0
    return seen, inside


def _averaged(image: np.ndarray, window: PromptWindow) -> tuple[np.ndarray, int, int, float, float]:
    """The part of an image around a window, averaged to about the window's resolution where that is lower.

    Sampling alone would overlook most pixels of a large window.

    Returns:
        the part; x and y of its corner in the image; its pixels per pixel of the image, along x and y.
    """
    height, width = image.shape[:2]
    x0, y0 = (
        min(max(math.floor(at) - 1, 0), length - 1) for at, length in ((window.x, width), (window.y, height))
    )
    x1 = min(max(math.ceil(window.x + window.side) + 1, x0 + 1), width)
    y1 = min(max(math.ceil(window.y + window.side) + 1, y0 + 1), height)
    part, scale = image[y0:y1, x0:x1], SIDE / window.side
    if scale >= 1:
        return part, x0, y0, 1.0, 1.0
    size = max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale))
    part = cv2.resize(part, size, interpolation=cv2.INTER_AREA)
    return part, x0, y0, size[0] / (x1 - x0), size[1] / (y1 - y0)


def prompt_maps(prompt: Prompt, window: PromptWindow, inside: np.ndarray) -> np.ndarray:
    """What the network is told about a prompt.

    Args:
        prompt: box and points in pixels of the original image.
        window: where it is answered; points beyond it are shown at its border.
        inside: (SIDE, SIDE) bool, True where the image is.

    Returns:
        (4, SIDE, SIDE) float32 planes: image is here, box, points inside, points outside.
    """
    maps = np.zeros((4, SIDE, SIDE), np.float32)
    maps[0] = inside
    if prompt.box is not None:
        x0, y0 = window.to_network(prompt.box[:2])
        x1, y1 = window.to_network(prompt.box[2:])
        maps[1] = _covered(y0, y1)[:, None] * _covered(x0, x1)[None, :]
    for plane, points in ((2, prompt.positive), (3, prompt.negative)):
        for point in points:
            x, y = (min(max(value, 0.0), SIDE - 0.01) for value in window.to_network(point))
            np.maximum(maps[plane], _bump(y)[:, None] * _bump(x)[None, :], out=maps[plane])
    return maps


def _covered(low: float, high: float) -> np.ndarray:
    """Share of each pixel of an axis between two places."""
    at = np.arange(SIDE, dtype=np.float32)
    covered: np.ndarray = np.clip(np.minimum(at + 1, high) - np.maximum(at, low), 0, 1)
    return covered


def _bump(place: float) -> np.ndarray:
    at = np.arange(SIDE, dtype=np.float32) + 0.5 - place
    bump: np.ndarray = np.exp(-(at**2) / (2 * _SIGMA**2))
    return bump


def context_grid(window: PromptWindow, shape: tuple[int, int]) -> np.ndarray:
    """Where a window asks for features of the whole image.

    Args:
        window: in pixels of the original image.
        shape: (height, width) of the original image.

    Returns:
        (GRID, GRID, 2) float32 x, y from -1 to 1 over the image, as ``grid_sample`` takes them.
    """
    at = (np.arange(GRID, dtype=np.float32) + 0.5) / GRID * window.side
    x = 2 * (at + window.x) / shape[1] - 1
    y = 2 * (at + window.y) / shape[0] - 1
    return np.stack(np.broadcast_arrays(x[None, :], y[:, None]), -1).astype(np.float32)


def pasted(logits: np.ndarray, window: PromptWindow, shape: tuple[int, int]) -> np.ndarray:
    """The pixels of the original image that a window's logits call the region.

    Args:
        logits: (SIDE, SIDE) float32; above 0 is the region.
        window: where it was.
        shape: (height, width) of the original image.

    Returns:
        (height, width) bool.
    """
    mask = np.zeros(shape, bool)
    x0, y0 = max(math.floor(window.x), 0), max(math.floor(window.y), 0)
    x1 = min(math.ceil(window.x + window.side), shape[1])
    y1 = min(math.ceil(window.y + window.side), shape[0])
    if x1 <= x0 or y1 <= y0:
        return mask
    scale = SIDE / window.side
    shift = ((x0 - window.x) * scale + scale / 2 - 0.5, (y0 - window.y) * scale + scale / 2 - 0.5)
    matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
    mask[y0:y1, x0:x1] = (
        cv2.warpAffine(
            logits,
            matrix,
            (x1 - x0, y1 - y0),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        > 0
    )
    return mask
