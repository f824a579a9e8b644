"""The ask server: scenes and questions in, measured answers with their evidence out, and a page for people."""

from __future__ import annotations

from planimeter.serve.ask.bounds import AskLimits

__all__ = ["AskLimits"]
