"""A scene and a model to logits on the scene's own grid, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from planimeter.progress import with_progress
from planimeter.raster import Scene
from planimeter.segment.convnext.grid import model_grid
from planimeter.segment.convnext.runtime import LogitModel
from planimeter.segment.convnext.seamless import Block, predict_blocks


def predict(scene: Scene, model: LogitModel, batch: int = 1) -> Iterator[tuple[slice, slice, np.ndarray]]:
    """Rows, columns and (channels, h, w) float32 logits of parts that cover the scene once.

    Args:
        scene: resized for the model where its scale is not one the model knows; the logits are brought back.
        model: anything that gives logits.
        batch: windows that go through the model at once; for memory and speed, it changes no result.
    """
    grid = model_grid(scene, model.card)
    blocks = predict_blocks(grid.rows, grid.columns, grid.read, model.logits, batch)
    windows = len(grid.rows.starts) * len(grid.columns.starts)
    for block in with_progress(blocks, windows, "looking", "window"):
        if model.card.smooth:
            block = smoothed(block, model.card.smooth)
        yield grid.on_scene(block)


def smoothed(block: Block, side: int) -> Block:
    """A block whose logits are averaged over boxes.

    A sub-pixel head leaves a faint pattern of 4 × 4 pixels, which shows as specks along borders. In a mask each speck
    is a region of its own, and would be counted.

    Args:
        block: shows enough pixels around its core for the box.
        side: of the box, pixels, odd.
    """
    planes = [cv2.blur(plane, (side, side)) for plane in block.logits]
    return replace(block, logits=np.stack(planes))


def whole_logits(scene: Scene, model: LogitModel) -> np.ndarray:
    """(channels, H, W) float32 logits of a scene that fits into memory; see ``predict``."""
    found = np.empty((model.card.channels, *scene.shape), np.float32)
    for rows, columns, logits in predict(scene, model):
        found[:, rows, columns] = logits
    return found
