"""Wordings of measurable questions, in families that are held out whole.

A family is one way of talking (telegraphic, formal, a form to fill in …), with its own set phrases for "within 50 m
of", "larger than" and the like. Nothing of a held-out family is seen in training, not only not its sentences.
"""

from learned_coder.training.wordings.language import Family, expand
from learned_coder.training.wordings.lists import FAMILIES, TEST, TRAIN, VALIDATION

__all__ = ["FAMILIES", "TEST", "TRAIN", "VALIDATION", "Family", "expand"]
