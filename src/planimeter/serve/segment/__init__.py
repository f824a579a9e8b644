"""The segmentation server (figure 4 of the QVLM paper): an image and topics in, one exact mask per topic out."""

from __future__ import annotations

from planimeter.serve.segment.limits import SegmentLimits

__all__ = ["SegmentLimits"]
