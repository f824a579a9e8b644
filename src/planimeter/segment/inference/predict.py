"""A scene and a model to logits on the scene's own grid, part by part."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from planimeter.progress import with_progress
from planimeter.raster import Scene
from planimeter.segment.inference.card import ModelCard
from planimeter.segment.inference.grid import model_grid
from planimeter.segment.inference.runtime import LogitModel
from planimeter.segment.inference.seamless import HALO, LogitBlock, predict_blocks


def predict(
    scene: Scene, model: LogitModel, batch: int = 1, box: tuple[int, int, int, int] | None = None
) -> Iterator[tuple[slice, slice, np.ndarray]]:
    """Rows, columns and (channels, h, w) float32 logits of parts that cover the scene, or a box, once.

    Args:
        scene: resized for the model where its scale is not one the model knows; the logits are brought back.
        model: anything that gives logits.
        batch: windows that go through the model at once; for memory and speed, it changes no result.
        box: (x0, y0, x1, y1) pixels of the scene; only this part is looked at, and found as in the whole scene.
    """
    grid = model_grid(scene, model.card)
    chosen = None if box is None else grid.windows_in(box)
    blocks = predict_blocks(grid.rows, grid.columns, grid.read, model.logits, batch, chosen)
    if box is None:
        windows = len(grid.rows.starts) * len(grid.columns.starts)
        blocks = with_progress(blocks, windows, "looking", "window")
    for block in blocks:
        if model.card.smooth:
            block = smoothed(block, model.card.smooth)
        block = without_narrow(block, model.card, grid.gsd)
        rows, columns, logits = grid.on_scene(block)
        if box is not None:
            rows, columns, logits = _inside(box, rows, columns, logits)
        yield rows, columns, logits


def _inside(
    box: tuple[int, int, int, int], rows: slice, columns: slice, logits: np.ndarray
) -> tuple[slice, slice, np.ndarray]:
    """What of a part lies in a box; rows and columns are then the box's."""
    x0, y0, x1, y1 = box
    top, bottom = max(rows.start, y0), min(rows.stop, y1)
    left, right = max(columns.start, x0), min(columns.stop, x1)
    core = logits[:, top - rows.start : bottom - rows.start, left - columns.start : right - columns.start]
    return slice(top - y0, bottom - y0), slice(left - x0, right - x0), core


def smoothed(block: LogitBlock, side: int) -> LogitBlock:
    """A block whose logits are averaged over boxes.

    A sub-pixel head leaves a faint pattern of 4 × 4 pixels, which shows as specks along borders. In a mask each speck
    is a region of its own, and would be counted.

    Args:
        block: shows enough pixels around its core for the box.
        side: of the box, pixels, odd.
    """
    planes = [cv2.blur(plane, (side, side)) for plane in block.logits]
    return replace(block, logits=np.stack(planes))


def without_narrow(block: LogitBlock, card: ModelCard, gsd: float) -> LogitBlock:
    """A block whose objects are ``opened`` by ``ObjectHead.narrowest``.

    Args:
        block: shows enough pixels around its core.
        card: says how narrow an object may be.
        gsd: metres per pixel of the block.
    """
    most = (HALO - card.smooth // 2 - 1) // 2  # a disc that depends on no pixel beyond the halo
    found = block.logits
    for channel, head in enumerate(card.objects, start=len(card.land)):
        if head.narrowest > gsd:
            found = found.copy() if found is block.logits else found
            found[channel] = opened(found[channel], head.narrowest, gsd, most)
    return replace(block, logits=found)


def opened(plane: np.ndarray, narrowest: float, gsd: float, most: int = HALO) -> np.ndarray:
    """A plane lowered wherever no disc of that diameter fits under it: specks go, what hangs by a neck comes apart.

    A grey opening with a flat disc (Serra 1982, Image Analysis and Mathematical Morphology, chapter XII): the mask at
    any threshold is the opening of the mask. A pixel depends on those within a diameter alone, so that the parts of a
    scene fit together. What a border cuts need only fit as far as it is seen.

    Args:
        plane: (h, w) float32.
        narrowest: metres; the disc's radius is half of it, in whole pixels, beside the pixel in its middle.
        gsd: metres per pixel.
        most: pixels that the disc's radius may have.

    Example:
        >>> opened(np.float32([[0, 9, 0, 0, 0], [0, 0, 0, 7, 7], [0, 0, 0, 7, 7]]), 2.0, 1.0).astype(int).tolist()
        [[0, 0, 0, 0, 0], [0, 0, 0, 0, 7], [0, 0, 0, 7, 7]]
    """
    radius = min(round(narrowest / 2 / gsd), most)
    if radius < 1:
        return plane
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    found: np.ndarray = cv2.morphologyEx(plane, cv2.MORPH_OPEN, disc)
    return found


def whole_logits(scene: Scene, model: LogitModel) -> np.ndarray:
    """(channels, H, W) float32 logits of a scene that fits into memory; see ``predict``."""
    found = np.empty((model.card.channels, *scene.shape), np.float32)
    for rows, columns, logits in predict(scene, model):
        found[:, rows, columns] = logits
    return found
