"""The one grammar, and the decorators that add to it."""

from __future__ import annotations

from planimeter.coder.grammar.classes import CLASSES
from planimeter.coder.grammar.formalism import Grammar

GRAMMAR = Grammar(CLASSES)
"""Filled by importing ``planimeter.coder.grammar.rules``."""

rule, primitive = GRAMMAR.rule, GRAMMAR.primitive
