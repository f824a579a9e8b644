"""The promptable segmenter that ships with Planimeter: OpenVINO, no torch, no download."""

from __future__ import annotations

from planimeter.reason.embedded.card import PromptableCard, load_promptable_card
from planimeter.reason.embedded.segmenter import EmbeddedPromptable

__all__ = ["EmbeddedPromptable", "PromptableCard", "load_promptable_card"]
