"""The network segmenter: a U-Net on an ImageNet encoder or ConvNeXt, on an inference runtime, seamless at any size."""

from __future__ import annotations

from planimeter.segment.convnext.segmenter import ConvNeXtSegmenter

__all__ = ["ConvNeXtSegmenter"]
