"""Several models as one segmenter: declared in a small file, fused by the largest logit (section 4.3.1 of QVLM)."""

from __future__ import annotations

from planimeter.segment.fusion.plan import FusionPlan, Source, load_plan, plan_from
from planimeter.segment.fusion.segmenter import FusionSegmenter

__all__ = ["FusionPlan", "FusionSegmenter", "Source", "load_plan", "plan_from"]
