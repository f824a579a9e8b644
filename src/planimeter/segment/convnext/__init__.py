"""The default segmenter: a trained U-Net (EfficientNet as shipped, or ConvNeXt) on an inference runtime, seamless for scenes of any size."""

from __future__ import annotations

from planimeter.segment.convnext.segmenter import ConvNeXtSegmenter

__all__ = ["ConvNeXtSegmenter"]
