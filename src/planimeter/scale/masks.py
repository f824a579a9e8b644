"""Masks of a scene of any size as a GeoTIFF."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import nullcontext

import numpy as np

from planimeter.program import Limits
from planimeter.program.tiling import TileQuestion, tiling_for
from planimeter.raster import Scene
from planimeter.raster.masks import write_mask_parts
from planimeter.raster.pixel_areas import area_of_mask
from planimeter.scale.tiles import DaskTiles
from planimeter.segment import Segmenter
from planimeter.segment.base import look_at
from planimeter.spatial.runs import Box


def write_masks_of(
    path: str | os.PathLike[str], scene: Scene, segmenter: Segmenter, topics: list[str], limits: Limits
) -> dict[str, float]:
    """Write the masks of a scene, one band per topic, at once or tile by tile as memory allows.

    Args:
        path: GeoTIFF to write.
        scene: the image.
        segmenter: where masks come from.
        topics: which.
        limits: memory, and who works on tiles.

    Returns:
        Per cent of the valid ground (of the valid pixels, without a scale) that each topic covers.

    Raises:
        NotMeasurable: a topic that the segmenter does not offer.
        UsageError: the file cannot be written there.
    """
    amounts: defaultdict[str, float] = defaultdict(float)
    scale = scene.scale
    areas = None if scale is None or scale.by_pixels else scale.pixel_area

    def amount(mask: np.ndarray, box: Box) -> float:
        return int(np.count_nonzero(mask)) if areas is None else area_of_mask(areas, mask, box[:2])

    def counted() -> Iterator[tuple[Box, Mapping[str, np.ndarray]]]:
        for box, valid, masks in _parts(scene, segmenter, topics, limits):
            amounts[""] += amount(valid, box)
            cut = {topic: mask & valid for topic, mask in masks.items()}
            for topic, mask in cut.items():
                amounts[topic] += amount(mask, box)
            yield box, cut

    write_mask_parts(path, topics, counted(), scene)
    return {topic: 100 * amounts[topic] / amounts[""] if amounts[""] else 0.0 for topic in topics}


def _parts(
    scene: Scene, segmenter: Segmenter, topics: list[str], limits: Limits
) -> Iterator[tuple[Box, np.ndarray, dict[str, np.ndarray]]]:
    """Boxes that cover the scene once, with valid pixels and masks."""
    tiling = tiling_for(scene, limits, segmenter)
    if tiling.is_whole:
        seen = segmenter.look(scene, topics)
        valid = scene.valid() if seen.valid is None else scene.valid() & seen.valid
        yield (0, 0, scene.width, scene.height), valid, seen.masks
        return
    boxes = tiling.boxes()
    question = TileQuestion(scene, segmenter, tuple(topics))
    each = tiling.each
    with each.connected() if isinstance(each, DaskTiles) else nullcontext(each) as there:
        # As many as are worked on at once, and as fit here: all masks together are larger than memory.
        fit = tiling.room * each.workers // (tiling.height * tiling.width * (len(topics) + 1))
        together = max(1, min(there.workers, fit))
        for first in range(0, len(boxes), together):
            group = boxes[first : first + together]
            for box, (valid, masks) in zip(group, there(_seen, question, group), strict=True):
                yield box, valid, masks


def _seen(question: TileQuestion, box: Box) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    seen = look_at(question.segmenter, question.scene, question.topics, box)
    valid = question.scene.valid(box)
    return valid if seen.valid is None else valid & seen.valid, seen.masks
