"""Labels finer than the scene are measured on a grid as fine as theirs."""

from __future__ import annotations

import dataclasses
import math

from planimeter.raster import Scene
from planimeter.segment.base import Segmenter, with_composed
from planimeter.segment.labels import LabelSegmenter
from planimeter.segment.open import is_open
from planimeter.segment.stack import StackSegmenter
from planimeter.segment.vector import VectorSegmenter

#: Cells that a scene may have; a finer grid would cost minutes.
MOST_CELLS = 1 << 27
_FINER = 1.5  # labels are as fine as the scene up to here
_SLACK = 0.05  # of a pixel, by which a size may be rounded


def on_finest_grid(scene: Scene, source: Segmenter, program: str, alone: bool = True) -> Scene:
    """The scene, or the scene divided into cells no larger than the pixels of the finest labels it is asked of.

    Labels that are thinned to a coarser scene lose what is smaller than its pixels, and join what lies close. What a
    model shows is as fine as the scene, so a program that asks one is measured on the scene's own grid.

    Args:
        scene: the image.
        source: where masks come from.
        program: its text, which names the topics that are asked for.
        alone: whether the scene is measured by itself; one that is laid beside others keeps the grid that they share.

    Returns:
        With a warning that says so where labels are finer than the scene.

    Raises:
        LabelError: labels cannot be read.
    """
    stack = source if isinstance(source, StackSegmenter) else StackSegmenter([source])
    ratio = max(
        (each.finer_by(scene) for each in stack.maps if isinstance(each, LabelSegmenter)), default=1.0
    )
    if ratio < _FINER:
        return scene
    cells = math.ceil(ratio - _SLACK)
    if not alone:
        said = "scenes that overlap share a grid, so they were thinned to it and small things may be lost"
    elif _asks_a_model(stack, program):
        said = (
            "a model looks at the scene too, so they were thinned to its pixels and small things may be lost"
        )
    elif scene.width * scene.height * cells**2 > MOST_CELLS:
        said = (
            "a grid as fine as theirs would be too large here, so they were thinned and small things may be lost; "
            "crop the scene with gdal_translate -projwin"
        )
    else:
        said = "the answer was measured on a grid as fine as theirs"
        scene = scene.divided(cells)
    sentence = f"{ratio:.3g} pixels of the labels lie side by side in one of the scene: {said}."
    return dataclasses.replace(scene, warnings=(*scene.warnings, sentence))


def _asks_a_model(stack: StackSegmenter, program: str) -> bool:
    """Whether a program names a topic that something shows which looks at the picture."""
    maps = [each for each in stack.maps if isinstance(each, LabelSegmenter | VectorSegmenter)]
    models = [each for each in stack.maps if each not in maps]
    mapped = with_composed(tuple(topic for each in maps for topic in each.topics))
    shown = {topic for each in models for topic in with_composed(each.topics)}
    if stack.fallback is not None:
        if is_open(stack.fallback.topics):
            return True
        shown |= {topic for topic in with_composed(stack.fallback.topics) if topic not in mapped}
    return any(f"'{topic}'" in program or f'"{topic}"' in program for topic in shown)
