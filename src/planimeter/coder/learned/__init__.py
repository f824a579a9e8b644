"""A small learned coder: a language model of its own for wordings that the grammar does not understand."""

from __future__ import annotations




