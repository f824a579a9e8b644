"""Reasoning segmentation (Think2Seg-RS): a phrase becomes prompts, prompts become a mask.

    phrase + picture ──► prompter ──► answer text ──► parse ──► prompts ──► promptable segmenter ──► mask

The prompter is a vision-language model; the promptable segmenter is SAM 2.1 or the small one that ships. Source:
"Bridging Semantics and Geometry", arXiv:2512.19302.
"""

from __future__ import annotations

from planimeter.reason.prompt import Prompt
from planimeter.reason.promptable import Encoded, PromptableSegmenter, find_promptable

__all__ = ["Encoded", "Prompt", "PromptableSegmenter", "find_promptable"]
