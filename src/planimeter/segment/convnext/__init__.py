"""The default segmenter: a trained ConvNeXt-UNet on an inference runtime, seamless for scenes of any size."""

from __future__ import annotations

from planimeter.segment.convnext.card import ModelCard, ObjectHead, load_card
from planimeter.segment.convnext.runtime import LogitModel, RuntimeModel
from planimeter.segment.convnext.segmenter import ConvNeXtSegmenter

__all__ = ["ConvNeXtSegmenter", "LogitModel", "ModelCard", "ObjectHead", "RuntimeModel", "load_card"]
