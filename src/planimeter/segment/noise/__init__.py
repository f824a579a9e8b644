"""Masks degraded on purpose by a stated, reproducible amount, to see what an answer owes to its masks."""

from __future__ import annotations

from planimeter.segment.noise.segmenter import NoisySegmenter
from planimeter.segment.noise.spec import NoiseSpec, noisy_from

__all__ = ["NoiseSpec", "NoisySegmenter", "noisy_from"]
