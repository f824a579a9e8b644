"""A small learned coder: a language model of its own for wordings that the grammar does not understand."""

from __future__ import annotations

from learned_coder.coder.card import ships
from learned_coder.coder.coder import NAME, LearnedCoder, WithLearned, shipped_coder

__all__ = ["NAME", "LearnedCoder", "WithLearned", "shipped_coder", "ships"]
