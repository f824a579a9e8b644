"""Dynamic World, Google's land cover model for Sentinel-2, from the folder of its published SavedModel."""

from __future__ import annotations

from planimeter.segment.dynamicworld.segmenter import DynamicWorldSegmenter

__all__ = ["DynamicWorldSegmenter"]
