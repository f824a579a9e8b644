"""DINOv3 + Mask2Former: a frozen vision transformer and a trained head (section 4.3.2 of the QVLM paper)."""

from __future__ import annotations

from planimeter.segment.dinov3.segmenter import DINOv3Model, DINOv3Segmenter
from planimeter.segment.dinov3.settings import SAT_MEAN, SAT_STD, HeadSettings

__all__ = ["SAT_MEAN", "SAT_STD", "DINOv3Model", "DINOv3Segmenter", "HeadSettings"]
