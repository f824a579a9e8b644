"""The one grammar, and the decorators that add to it."""

from __future__ import annotations

from planimeter.coder.builtin.classes import CLASSES
from planimeter.coder.builtin.grammar import Grammar

GRAMMAR = Grammar(CLASSES)
"""Filled by importing ``planimeter.coder.builtin.rules``."""

rule, primitive = GRAMMAR.rule, GRAMMAR.primitive
