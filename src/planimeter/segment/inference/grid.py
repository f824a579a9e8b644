"""Between a scene's pixels and the model's: resize on the way in, and back exactly onto the scene's grid."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from planimeter.raster import Scene
from planimeter.segment.inference.card import ModelCard
from planimeter.segment.inference.seamless import Chosen, LogitBlock, Windows, lay_windows

#: A scene is never enlarged more than this: a model of 0.5 m finds nothing in pixels of 10 m, it only takes long.
MOST_ENLARGED = 4.0
#: Pixels that are this much longer than wide are resized to squares.
SQUARE_ENOUGH = 1.25
#: Below this scale factor a picture is blurred before sampling, as in training; the blur's sigma times the factor.
BLUR_BELOW, BLUR = 0.75, 0.45
_AROUND = 8  # pixels read around a window, so that blur and interpolation see their neighbours


@dataclass(frozen=True)
class ModelGrid:
    """The pixels a model sees of a scene.

    Attributes:
        scene: the scene.
        factor_y: model pixels per scene pixel along columns.
        factor_x: likewise along rows.
        rows: the model's windows along columns of pixels.
        columns: likewise along rows.
        gsd: metres per pixel of the model's, as far as anybody knows.
    """

    scene: Scene
    factor_y: float
    factor_x: float
    rows: Windows
    columns: Windows
    gsd: float

    @property
    def same(self) -> bool:
        """True where the model sees the scene's own pixels."""
        return self.factor_y == 1 and self.factor_x == 1

    def read(self, y: int, x: int, height: int, width: int) -> np.ndarray:
        """(height, width, 3) uint8: the picture in the model's pixels, mirrored beyond its border."""
        down, right = min(y + height, self.rows.length), min(x + width, self.columns.length)
        picture = (
            self.scene.read_rgb((x, y, right, down))
            if self.same
            else self._resized(y, x, down - y, right - x)
        )
        border = (0, height - picture.shape[0], 0, width - picture.shape[1])
        return cv2.copyMakeBorder(picture, *border, cv2.BORDER_REFLECT) if any(border) else picture

    def _resized(self, y: int, x: int, height: int, width: int) -> np.ndarray:
        y0, y1, step_y = _source(y, height, self.factor_y, self.scene.height)
        x0, x1, step_x = _source(x, width, self.factor_x, self.scene.width)
        shape = (y1 - y0) // step_y, (x1 - x0) // step_x
        picture = self.scene.read_rgb((x0, y0, x1, y1), shape)
        left_y, left_x = self.factor_y * step_y, self.factor_x * step_x
        if min(left_y, left_x) < BLUR_BELOW:
            picture = cv2.GaussianBlur(picture, (0, 0), sigmaX=BLUR / left_x, sigmaY=BLUR / left_y)
        # Pixel centres: (i + ½) / factor − ½, in pixels of what was read.
        shift_y = (y + 0.5) / left_y - 0.5 - y0 / step_y
        shift_x = (x + 0.5) / left_x - 0.5 - x0 / step_x
        return _sample(picture, (height, width), (1 / left_y, 1 / left_x), (shift_y, shift_x))

    def windows_in(self, box: tuple[int, int, int, int]) -> Chosen:
        """The windows whose cores lie in a part of the scene, (x0, y0, x1, y1), at least in part."""
        return (
            _meeting(box[1], box[3], self._spans(self.rows, self.factor_y, self.scene.height)),
            _meeting(box[0], box[2], self._spans(self.columns, self.factor_x, self.scene.width)),
        )

    def _spans(self, windows: Windows, factor: float, available: int) -> list[slice]:
        """The scene's pixels that each window's core gives, see ``on_scene``."""
        cores = [windows.core(index) for index in range(len(windows.starts))]
        if self.same:
            return [slice(*core) for core in cores]
        return [_scene_span(core, factor, windows.length, available) for core in cores]

    def on_scene(self, block: LogitBlock) -> tuple[slice, slice, np.ndarray]:
        """Where a block's core lies on the scene, and its logits there: rows, columns, (channels, h, w) float32."""
        if self.same:
            (first, last), (left, right) = block.rows, block.columns
            core = block.logits[:, first - block.y : last - block.y, left - block.x : right - block.x]
            return slice(first, last), slice(left, right), core
        rows = _scene_span(block.rows, self.factor_y, self.rows.length, self.scene.height)
        columns = _scene_span(block.columns, self.factor_x, self.columns.length, self.scene.width)
        shape = rows.stop - rows.start, columns.stop - columns.start
        shift_y = (rows.start + 0.5) * self.factor_y - 0.5 - block.y
        shift_x = (columns.start + 0.5) * self.factor_x - 0.5 - block.x
        logits = np.empty((len(block.logits), *shape), np.float32)
        for channel, plane in zip(logits, block.logits, strict=True):
            channel[...] = _sample(plane, shape, (self.factor_y, self.factor_x), (shift_y, shift_x))
        return rows, columns, logits


def model_grid(scene: Scene, card: ModelCard) -> ModelGrid:
    """The grid on which a model sees a scene: its own pixels where the model knows that scale.

    Args:
        scene: without a scale it is taken as one of the model's central scale.
        card: says which metres per pixel the model knows; other scenes are resized, see ``ModelCard.seen_at``.
    """
    factor_y, factor_x = _factors(scene, card)
    rows = lay_windows(max(1, round(scene.height * factor_y)), card.stride)
    columns = lay_windows(max(1, round(scene.width * factor_x)), card.stride)
    gsd = card.gsd_centre if scene.scale is None else scene.scale.gsd / math.sqrt(factor_y * factor_x)
    return ModelGrid(scene, factor_y, factor_x, rows, columns, gsd)


def _factors(scene: Scene, card: ModelCard) -> tuple[float, float]:
    scale = scene.scale
    if scale is None:
        return 1.0, 1.0
    square = max(scale.dx, scale.dy) <= SQUARE_ENOUGH * min(scale.dx, scale.dy)
    if square and card.knows(scale.gsd):
        return 1.0, 1.0
    seen_at = card.seen_at(scale.gsd) if square else card.gsd_centre
    return tuple(min(size / seen_at, MOST_ENLARGED) for size in (scale.dy, scale.dx))  # type: ignore[return-value]


def _source(start: int, length: int, factor: float, available: int) -> tuple[int, int, int]:
    """Scene pixels behind ``length`` model pixels: first, last, and how many are averaged into one when read.

    Reading starts at multiples of the averaged number, so that all windows average the same pixels.
    """
    step = min(max(1, math.floor(1 / factor)), available)
    first = max(0, math.floor(start / factor / step) - _AROUND)
    last = min(available // step, math.ceil((start + length) / factor / step) + _AROUND)
    first = min(first, last - 1)
    return first * step, last * step, step


def _meeting(first: int, last: int, spans: list[slice]) -> tuple[int, int]:
    """Which spans, in ascending order, share a pixel with first:last: (first, last), half-open."""
    meeting = [index for index, span in enumerate(spans) if span.start < last and span.stop > first]
    return meeting[0], meeting[-1] + 1


def _scene_span(core: tuple[int, int], factor: float, length: int, available: int) -> slice:
    """Scene pixels whose centres fall into a core; the spans of neighbouring cores touch."""
    first = 0 if core[0] == 0 else math.ceil((core[0] + 0.5) / factor - 0.5)
    last = available if core[1] >= length else math.ceil((core[1] + 0.5) / factor - 0.5)
    return slice(min(first, available), min(last, available))


def _sample(
    plane: np.ndarray, shape: tuple[int, int], step: tuple[float, float], shift: tuple[float, float]
) -> np.ndarray:
    """Bilinear samples: pixel (i, j) of the result is taken at ``shift + (i, j) * step`` of ``plane``."""
    if 0 in shape:
        return np.empty((*shape, *plane.shape[2:]), plane.dtype)
    matrix = np.array([[step[1], 0, shift[1]], [0, step[0], shift[0]]])
    size = shape[1], shape[0]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(
        np.ascontiguousarray(plane), matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE
    )
