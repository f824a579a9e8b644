"""Masks by spectral indices: a formula of bands, a threshold, no network."""

from __future__ import annotations

from planimeter.segment.index.segmenter import IndexSegmenter

__all__ = ["IndexSegmenter"]
