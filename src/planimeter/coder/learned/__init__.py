"""A small learned coder: a language model of its own for wordings that the grammar does not understand."""

from __future__ import annotations

from planimeter.coder.learned.card import ships
from planimeter.coder.learned.coder import NAME, LearnedCoder, WithLearned, shipped_coder

__all__ = ["NAME", "LearnedCoder", "WithLearned", "shipped_coder", "ships"]
