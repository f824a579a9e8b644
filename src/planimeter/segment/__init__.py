"""Scenes to masks: the topic vocabulary, legends, and the kinds of segmenter."""

from __future__ import annotations

from planimeter.segment.base import Segmenter
from planimeter.segment.find import find_segmenter
from planimeter.segment.labels import LabelSegmenter
from planimeter.segment.legend import Legend, load_legend, shipped_legends
from planimeter.segment.stack import StackSegmenter
from planimeter.segment.vector import VectorSegmenter
from planimeter.vocabulary.topics import TOPICS, canonical

__all__ = [
    "TOPICS",
    "LabelSegmenter",
    "Legend",
    "Segmenter",
    "StackSegmenter",
    "VectorSegmenter",
    "canonical",
    "find_segmenter",
    "load_legend",
    "shipped_legends",
]
