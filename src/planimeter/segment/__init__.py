"""Scenes to masks: what a segmenter is, the kinds there are, and the legends that say what labels mean.

``base`` has the protocol, ``find`` leads from a name to a segmenter, ``choose`` and ``stack`` make one of what there is
for a scene, ``memory`` stands in front of all. A kind is a file (``labels``, ``vector``, ``unet``, ``remote``) or a
folder (``index``, ``dynamicworld``, ``dinov3``, ``fusion``, ``noise``); networks share ``inference``.
"""

from __future__ import annotations

from planimeter.segment.base import Segmenter
from planimeter.segment.find import find_segmenter
from planimeter.segment.labels import LabelSegmenter
from planimeter.segment.legend import Legend, load_legend, shipped_legends
from planimeter.segment.stack import StackSegmenter
from planimeter.segment.vector import VectorSegmenter

__all__ = [
    "LabelSegmenter",
    "Legend",
    "Segmenter",
    "StackSegmenter",
    "VectorSegmenter",
    "find_segmenter",
    "load_legend",
    "shipped_legends",
]
